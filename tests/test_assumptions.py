"""Every assumption that a finding names is told on the page of assumptions."""

from __future__ import annotations

import re
from pathlib import Path

from billing_dsl.analysis.assumptions import ASSUMPTIONS, assumptions_page
from billing_dsl.verdict import pages
from tests.golden import Golden

ROOT = Path(__file__).parents[1]


def test_the_page_holds_every_assumption(golden: Golden) -> None:
    golden(ROOT / "docs" / "assumptions.md", assumptions_page())


def test_every_assumption_that_a_rule_names_is_told() -> None:
    rules = (ROOT / "billing_dsl").rglob("*.py")
    named = {
        name
        for path in rules
        for name in re.findall(r'assumption="([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(ASSUMPTIONS)


def test_every_code_that_an_assumption_shows_as_is_there() -> None:
    codes = {code for one in ASSUMPTIONS.values() for code in re.findall(r"BD\d{3}", one.shows_as)}
    assert codes
    assert codes <= set(pages())
