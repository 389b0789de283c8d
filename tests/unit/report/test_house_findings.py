"""What a house rule finds has no page of ours, so no format leads to one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from billing_dsl.diagnostics import Diagnostic, Severity, Span
from billing_dsl.report import CheckReport, Style, Summary, formats

HOUSE = Diagnostic(
    "LAR001", "special-price", Severity.WARNING, Span("a.yaml", 1, 1, 1, 2), "a special price"
)
OURS = replace(HOUSE, code="BD405", name="zero-rate")


def rendered(form: str, found: Diagnostic) -> str:
    report = CheckReport(
        (found,),
        Summary(0, 1, 0, 1, 1, 1, 1),
        {"a.yaml": b"price: 1\n"},
        {found.code: (found.name, "A price.")},
        "catalogue",
        "1.0",
    )
    (chosen,) = [one for one in formats() if one.name == form]
    return chosen.render(report, Style())


@pytest.mark.parametrize("form", ["text", "json", "sarif", "rdjson"])
def test_only_our_own_codes_lead_to_a_page(form: str) -> None:
    ours = f"explain {OURS.code}" if form == "text" else f"docs/rules/{OURS.code}-{OURS.name}.md"
    assert ours in rendered(form, OURS)
    house = rendered(form, HOUSE)
    assert "explain" not in house
    assert "docs/rules" not in house
    assert HOUSE.code in house


def test_sarif_still_says_what_the_rule_is_about() -> None:
    (rule,) = json.loads(rendered("sarif", HOUSE))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"] == {"text": "A price."}
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert "helpUri" not in rule
