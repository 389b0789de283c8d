from __future__ import annotations

import json
from dataclasses import replace

import pytest

from billing_dsl.diagnostics import Diagnostic, Span
from billing_dsl.report import Style, page_url
from billing_dsl.report.rdjson import in_bytes, render
from tests.unit.report.samples import NO_SETTINGS, UNCOVERED, UNPAID, UNUSED, report


def diagnostics(*given: Diagnostic, sources: dict[str, bytes] | None = None) -> list[object]:
    """What reviewdog is given."""
    out = json.loads(render(report(*given, sources=sources), Style()))
    assert out["source"]["name"] == "billing-dsl"
    found: list[object] = out["diagnostics"]
    return found


def test_a_diagnostic_has_the_fields_of_the_format() -> None:
    assert diagnostics(UNPAID) == [
        {
            "message": "role `engineer` is billed at 0.00 EUR an hour",
            "location": {
                "path": "catalogue/roles.yaml",
                "range": {"start": {"line": 5, "column": 7}, "end": {"line": 5, "column": 8}},
            },
            "severity": "WARNING",
            "code": {"value": "BD402", "url": page_url("BD402", "zero-rate")},
        }
    ]


def test_columns_count_bytes() -> None:
    [found] = diagnostics(UNUSED)  # `title: 技術者 (Ingenieur)`
    assert isinstance(found, dict)
    assert found["severity"] == "INFO"
    assert found["location"]["range"] == {
        "start": {"line": 4, "column": 8},
        "end": {"line": 4, "column": 29},
    }


def test_the_formats_own_example() -> None:
    assert [in_bytes("a𐐀b", column) for column in (1, 2, 3)] == [1, 2, 6]


@pytest.mark.parametrize("sources", [{}, {"roles.yaml": b"a\n"}], ids=["unread", "shorter"])
def test_without_the_source_whole_lines_are_named(sources: dict[str, bytes]) -> None:
    several = replace(UNPAID, span=Span("roles.yaml", 2, 3, 5, 1))
    [found] = diagnostics(several, sources=sources)
    assert isinstance(found, dict)
    assert found["location"]["range"] == {"start": {"line": 2}, "end": {"line": 5}}


def test_a_finding_about_the_whole_catalogue_has_no_range() -> None:
    [found] = diagnostics(NO_SETTINGS)
    assert isinstance(found, dict)
    assert found["location"] == {"path": "catalogue"}


def test_related_places_are_lines_of_the_message() -> None:
    [found] = diagnostics(UNCOVERED)
    assert isinstance(found, dict)
    assert set(found) == {"message", "location", "severity", "code"}
    assert (
        "\ncatalogue/agreements/globex.yaml:5:11: the path ends at this contract\n"
        in (found["message"])
    )
