from __future__ import annotations

from dataclasses import replace

import pytest

from billing_dsl.diagnostics import Severity, Span
from billing_dsl.report import Style
from billing_dsl.report.github import in_message, in_property, render
from tests.unit.report.samples import NO_SETTINGS, UNCOVERED, UNPAID, UNUSED, many, report


def test_an_annotation_is_a_line() -> None:
    assert render(report(UNPAID), Style()) == (
        "::warning file=catalogue/roles.yaml,line=5,endLine=5,col=7,endColumn=8,"
        "title=BD402 zero-rate::role `engineer` is billed at 0.00 EUR an hour\n"
    )


def test_what_more_there_is_to_say_follows_on_lines_of_its_own() -> None:
    out = render(report(UNCOVERED), Style())
    assert out.count("\n") == 1
    assert out.partition("::error ")[2].partition("::")[2].rstrip("\n").split("%0A") == [
        "work type `onsite` is excluded and falls to no contract",
        "reached from `managed`",
        "catalogue/agreements/globex.yaml:5:11: the path ends at this contract",
        "help: name a contract in `falls_to`, or remove the exclusion",
        "reached: globex, acme and 2 more clients",
        "assumption: blank-exclusion-contract",
    ]


def test_columns_are_given_only_within_one_line() -> None:
    found = replace(UNPAID, span=Span("roles.yaml", 3, 7, 5, 2))
    assert render(report(found), Style()).startswith(
        "::warning file=catalogue/roles.yaml,line=3,endLine=5,title="
    )


def test_a_finding_about_the_whole_catalogue_has_no_line() -> None:
    assert render(report(NO_SETTINGS), Style()).startswith(
        "::error file=catalogue,title=BD104 no-settings::"
    )


def test_the_worst_come_first() -> None:
    out = render(report(UNUSED, UNPAID, UNCOVERED), Style())
    assert [line.split(" ")[0] for line in out.splitlines()] == ["::error", "::warning", "::notice"]


def test_ten_of_each_and_how_many_more() -> None:
    severities = [Severity.NOTE] * 12 + [Severity.ERROR] * 1030 + [Severity.WARNING] * 10
    out = render(many(severities), Style()).splitlines()
    assert [line.split(" ")[0] for line in out[:-1]] == (
        ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 10
    )
    assert out[-1] == "and 1,022 more: 1,020 errors, 2 notes"


def test_no_findings_no_annotations() -> None:
    assert render(report(), Style()) == ""


@pytest.mark.parametrize(
    ("text", "message", "value"),
    [
        ("100%", "100%25", "100%25"),
        ("a\r\nb", "a%0D%0Ab", "a%0D%0Ab"),
        ("%0A", "%250A", "%250A"),
        ("a: b, c", "a: b, c", "a%3A b%2C c"),
        ("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax"),
    ],
)
def test_escapes(text: str, message: str, value: str) -> None:
    assert in_message(text) == message
    assert in_property(text) == value


def test_a_file_name_cannot_end_its_property() -> None:
    found = replace(UNPAID, span=Span("a,line=9::b%.yaml", 1, 1, 1, 2))
    assert render(report(found, directory="C:/book"), Style()).startswith(
        "::warning file=C%3A/book/a%2Cline=9%3A%3Ab%25.yaml,line=1,"
    )
