from __future__ import annotations

import re
from dataclasses import replace

import pytest

from billing_dsl.diagnostics import Diagnostic, Note, Reach, Severity, Span
from billing_dsl.report import Style, Summary
from billing_dsl.report.text import render
from tests.unit.report.samples import (
    NO_SETTINGS,
    UNCOVERED,
    UNPAID,
    UNUSED,
    full,
    many,
    report,
)

PLAIN = Style()
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def block(diagnostic: Diagnostic, style: Style = PLAIN, **sources: str) -> list[str]:
    """The lines about one diagnostic; sources by file name without its suffix."""
    files = {f"{name}.yaml": text.encode() for name, text in sources.items()}
    out = render(report(diagnostic, sources=files), style)
    return out.split("\n\n")[0].split("\n")


def at(line: int, column: int, end_line: int, end_column: int, **more: str) -> Diagnostic:
    found = Diagnostic(
        "BD104", "no-settings", Severity.ERROR, Span("a.yaml", line, column, end_line, end_column),
        "the message",
    )  # fmt: skip
    return replace(found, label=more.get("label", ""))


def test_the_line_at_fault_is_underlined_with_what_it_is() -> None:
    assert block(at(2, 3, 2, 6, label="this"), a="x: 1\n- ten: 2\n") == [
        "error[BD104]: the message",
        "  --> catalogue/a.yaml:2:3",
        "    |",
        "  2 | - ten: 2",
        "    |   ^^^ this",
        "    = see: billing-dsl explain BD104",
    ]


def test_a_long_line_number_widens_the_frame() -> None:
    assert block(at(1000, 1, 1000, 2), a="\n" * 999 + "x") == [
        "error[BD104]: the message",
        "   --> catalogue/a.yaml:1000:1",
        "     |",
        "1000 | x",
        "     | ^",
        "     = see: billing-dsl explain BD104",
    ]


def test_a_span_of_several_lines_is_shown_by_its_first() -> None:
    assert block(at(1, 4, 3, 2), a="a: b c \n d\ne\n")[2:5] == [
        "    |",
        "  1 | a: b c",
        "    |    ^^^",
    ]


@pytest.mark.parametrize("line", [0, 4])
def test_a_line_that_is_not_there_is_not_drawn(line: int) -> None:
    assert block(at(line, 1, line, 2, label="this"), a="x: 1\n\n") == [
        "error[BD104]: the message",
        f"  --> catalogue/a.yaml:{line}:1",
        "    = here: this",
        "    = see: billing-dsl explain BD104",
    ]


def test_a_label_that_only_points_is_left_out_where_there_is_no_line_to_point_at() -> None:
    assert block(at(4, 1, 4, 2, label="here"), a="x: 1\n") == [
        "error[BD104]: the message",
        "  --> catalogue/a.yaml:4:1",
        "    = see: billing-dsl explain BD104",
    ]


def test_the_end_of_a_file_is_an_empty_line() -> None:
    assert block(at(2, 1, 2, 1), a="x: 1\n")[2:5] == ["    |", "  2 |", "    | ^"]


def test_a_finding_about_the_whole_catalogue_has_no_line() -> None:
    assert block(NO_SETTINGS) == [
        "error[BD104]: the catalogue has no settings",
        "  --> catalogue",
        "    = here: looked in every file",
        "    = help: add a document of kind `settings`",
        "    = see: billing-dsl explain BD104",
    ]


def test_four_related_places_are_drawn_and_further_ones_are_a_line_each() -> None:
    related = tuple(Note(Span("a.yaml", line, 1, line, 2), f"hop {line}") for line in range(1, 7))
    lines = block(replace(at(1, 1, 1, 2), related=related), a="q\nr\ns\nt\nu\nv\n")
    assert [line for line in lines if line.startswith("note: ")] == [
        f"note: hop {line}" for line in range(1, 5)
    ]
    assert lines[-7:-1] == [
        "  --> catalogue/a.yaml:4:1",
        "    |",
        "  4 | t",
        "    | -",
        "  ::: catalogue/a.yaml:5:1 hop 5",
        "  ::: catalogue/a.yaml:6:1 hop 6",
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("acme", "acme"),
        ("acme acme globex", "acme, globex"),
        ("a b c", "a, b, c"),
        ("a b c d", "a, b and 2 more clients"),
        (" ".join(f"c{number}" for number in range(1200)), "c0, c1 and 1,198 more clients"),
    ],
    ids=["one", "twice", "three", "four", "many"],
)
def test_who_is_reached(names: str, said: str) -> None:
    found = replace(at(1, 1, 1, 2), reached=tuple(Reach(name) for name in names.split()))
    assert f"    = reached: {said}" in block(found)


def test_findings_stand_in_the_order_given() -> None:
    out = render(report(UNUSED, UNCOVERED, UNPAID), PLAIN)
    assert re.findall(r"^\w+\[(BD\d+)\]", out, re.MULTILINE) == ["BD210", "BD301", "BD402"]


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        ([], "no findings in 41 documents"),
        ([Severity.ERROR] * 2 + [Severity.WARNING], "2 errors, 1 warning in 41 documents"),
        ([Severity.NOTE], "1 note in 41 documents"),
        ([Severity.WARNING] * 1100, "1,100 warnings in 41 documents"),
    ],
    ids=["none", "mixed", "note", "many"],
)
def test_the_closing_line_counts(severities: list[Severity], said: str) -> None:
    proved = "not proved while there are errors" if Severity.ERROR in severities else "proved"
    assert render(many(severities), PLAIN).split("\n")[-3:] == [
        said,
        f"{proved}: 12,960 cells of 12 clients and 31 contracts",
        "",
    ]


def test_where_to_begin_is_said_where_it_is_not_seen_at_once() -> None:
    few = render(report(UNUSED, UNUSED, UNUSED, UNCOVERED, UNPAID), PLAIN)
    assert "first error" not in few
    much = render(report(UNUSED, UNUSED, UNUSED, UNUSED, UNCOVERED, UNPAID), PLAIN)
    said = next(line for line in much.splitlines() if "first error" in line)
    place = f"catalogue/{UNCOVERED.span.path}:{UNCOVERED.span.line}:{UNCOVERED.span.column}"
    counted, _, first = said.partition("; ")
    assert counted.endswith(" in 41 documents")
    assert first == f"first error: {place}"
    assert "first error" not in render(many([Severity.WARNING] * 9), PLAIN)


def test_what_was_left_out_is_said() -> None:
    assert render(full(partial=True), PLAIN).endswith(
        "\npartial: 12,960 cells of 12 clients and 31 contracts; "
        "what depends on a broken document was left out\n"
    )


def test_one_is_not_spelt_as_many() -> None:
    one = replace(report(), summary=Summary(0, 0, 0, 1, 1, 1, 1))
    assert render(one, PLAIN) == (
        "no findings in 1 document\nproved: 1 cell of 1 client and 1 contract\n"
    )


@pytest.mark.parametrize(
    ("severities", "colour"),
    [
        ([], "32"),
        ([Severity.NOTE], "32"),
        ([Severity.WARNING, Severity.NOTE], "1;33"),
        ([Severity.WARNING, Severity.ERROR], "1;31"),
    ],
    ids=["clean", "notes", "warnings", "errors"],
)
def test_the_closing_line_is_as_calm_as_the_findings(
    severities: list[Severity], colour: str
) -> None:
    closing = render(many(severities), Style(colour=True)).split("\n")[-3]
    assert closing.startswith(f"\x1b[{colour}m")


def test_colours_change_nothing_else() -> None:
    coloured = render(full(), Style(colour=True))
    assert "\x1b[1;31merror[BD301]\x1b[0m" in coloured
    assert ANSI.sub("", coloured) == render(full(), PLAIN)
    assert not ANSI.search(render(full(), PLAIN))


def test_an_ascii_terminal_gets_ascii_with_the_underline_in_place() -> None:
    found = at(1, 7, 1, 9, label="déjà")
    assert block(found, Style(unicode=False), a="name: né") [2:5] == [
        "    |",
        "  1 | name: n\\xe9",
        "    |       ^^^^^ d\\xe9j\\xe0",
    ]  # fmt: skip
