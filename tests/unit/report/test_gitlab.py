from __future__ import annotations

import json
from dataclasses import replace

from billing_dsl.diagnostics import Severity, Span
from billing_dsl.report import Style
from billing_dsl.report.gitlab import render
from tests.unit.report.samples import UNCOVERED, UNPAID, UNUSED, many, report


def test_an_issue_has_the_fields_that_gitlab_reads() -> None:
    [issue] = json.loads(render(report(UNCOVERED), Style()))
    assert issue == {
        "description": "BD301: work type `onsite` is excluded and falls to no contract"
        " (help: name a contract in `falls_to`, or remove the exclusion)",
        "check_name": "BD301 uncovered-work",
        "fingerprint": issue["fingerprint"],
        "severity": "major",
        "location": {"path": "catalogue/agreements/globex.yaml", "lines": {"begin": 6, "end": 6}},
    }


def test_each_severity_has_its_counterpart() -> None:
    issues = json.loads(render(report(UNCOVERED, UNPAID, UNUSED), Style()))
    assert [issue["severity"] for issue in issues] == ["major", "minor", "info"]
    assert issues[1]["description"] == "BD402: role `engineer` is billed at 0.00 EUR an hour"


def test_no_two_fingerprints_are_equal() -> None:
    alike = json.loads(render(many([Severity.ERROR] * 50), Style()))
    counted = json.loads(
        render(report(*(replace(UNPAID, occurrence=number) for number in range(50))), Style())
    )
    for issues in (alike, counted):
        assert len({issue["fingerprint"] for issue in issues}) == 50


def test_a_fingerprint_survives_an_edit_above_it() -> None:
    moved = replace(UNPAID, span=Span("roles.yaml", 50, 2, 51, 9), label="else", help="else")
    before, after = (
        json.loads(render(report(found), Style()))[0]["fingerprint"] for found in (UNPAID, moved)
    )
    assert before == after


def test_a_fingerprint_tells_findings_apart() -> None:
    others = (
        UNPAID,
        replace(UNPAID, code="BD403"),
        replace(UNPAID, route="rates.0"),
        replace(UNPAID, message="something else"),
        replace(UNPAID, occurrence=1),
        replace(UNPAID, span=replace(UNPAID.span, path="others.yaml")),
    )
    prints = {json.loads(render(report(found), Style()))[0]["fingerprint"] for found in others}
    assert len(prints) == len(others)
