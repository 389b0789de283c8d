from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from billing_dsl.diagnostics import Note, Severity, Span
from billing_dsl.report import CheckReport, Style, page_url, sarif
from tests.unit.report.samples import (
    NAUGHTY,
    NO_SETTINGS,
    UNCOVERED,
    UNPAID,
    UNUSED,
    full,
    many,
    naughty,
    report,
)


def run(given: CheckReport) -> dict[str, Any]:
    """The only run of a log, after the checks that hold for every log."""
    log = json.loads(sarif.render(given, Style()))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    [found] = log["runs"]
    assert set(found) == {"tool", "invocations", "columnKind", "results"}
    assert found["columnKind"] == "unicodeCodePoints"
    rules = found["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert len(result["locations"]) == 1
        assert list(result["partialFingerprints"]) == ["primaryLocationLineHash"]
        for place in places(result):
            uri = place["artifactLocation"]["uri"]
            assert uri.isascii()
            assert not set(uri) & set(' "<>\\^`{|}')
            region = place.get("region", {"startLine": 1, "startColumn": 1})
            assert min(region.values()) >= 1
    return dict(found)


def places(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every physical location of a result."""
    yield from (place["physicalLocation"] for place in result["locations"])
    yield from (place["physicalLocation"] for place in result.get("relatedLocations", []))
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            yield from (step["location"]["physicalLocation"] for step in thread["locations"])


def test_the_tool_says_what_it_is() -> None:
    driver = run(report())["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("billing-dsl", "1.2.3")
    assert driver["rules"] == []


def test_rules_stand_by_code_with_their_page_and_worst_level() -> None:
    doubt = replace(UNCOVERED, severity=Severity.WARNING)
    rules = run(report(UNPAID, doubt, UNCOVERED, UNUSED))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["BD210", "BD301", "BD402"]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["note", "error", "warning"]
    assert rules[1]["name"] == "uncovered-work"
    assert rules[1]["shortDescription"]["text"] == "Excluded work that falls to no contract."
    assert rules[1]["helpUri"] == page_url("BD301", "uncovered-work")


def test_a_rule_without_a_page_is_described_by_its_name() -> None:
    house = replace(UNPAID, code="HR001", name="no-free-work")
    [rule] = run(report(house))["tool"]["driver"]["rules"]
    assert (rule["name"], rule["shortDescription"]["text"]) == ("no-free-work", "no free work")


def test_a_result_has_its_place_in_code_points() -> None:
    [result] = run(report(UNUSED))["results"]
    assert result["level"] == "note"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "catalogue/roles.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 4, "startColumn": 8, "endLine": 4, "endColumn": 23},
            }
        }
    ]
    assert "codeFlows" not in result
    assert "relatedLocations" not in result


def test_a_finding_about_the_whole_catalogue_has_no_region() -> None:
    [result] = run(report(NO_SETTINGS))["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "catalogue", "uriBaseId": "%SRCROOT%"}
    }


def test_related_places_are_the_path_step_by_step() -> None:
    [result] = run(report(UNCOVERED))["results"]
    assert result["message"]["text"].split("\n")[:3] == [
        UNCOVERED.message,
        UNCOVERED.label,
        f"help: {UNCOVERED.help}",
    ]
    [related] = result["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "the path ends at this contract")
    [flow] = result["codeFlows"]
    [thread] = flow["threadFlows"]
    assert [step["location"]["message"]["text"] for step in thread["locations"]] == [
        "reached from `managed`",
        "the path ends at this contract",
    ]


def test_without_a_label_the_path_begins_with_the_message() -> None:
    [result] = run(report(replace(UNCOVERED, label="")))["results"]
    [first, _] = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert first["location"]["message"]["text"] == UNCOVERED.message


def test_an_alert_survives_an_edit_above_it() -> None:
    moved = replace(UNPAID, span=Span("roles.yaml", 9, 1, 9, 2))
    before, after = (
        run(report(found))["results"][0]["partialFingerprints"] for found in (UNPAID, moved)
    )
    assert before == after


def test_the_least_severe_beyond_the_cap_are_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    given = many([Severity.NOTE, Severity.WARNING, Severity.NOTE, Severity.ERROR, Severity.NOTE])
    found = run(given)
    assert [result["level"] for result in found["results"]] == ["note", "warning", "error"]
    assert notifications(found) == ["2 more findings left out, the least severe of all"]


def test_places_beyond_the_cap_are_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_PLACES", 3)
    note = Note(Span("roles.yaml", 1, 1, 1, 2), "hop")
    found = run(report(replace(UNPAID, related=(note,) * 3), replace(UNUSED, related=(note,) * 2)))
    assert [len(result["relatedLocations"]) for result in found["results"]] == [2, 2]
    assert notifications(found) == ["related places left out beyond 3, in 1 finding"]


def test_a_partial_proof_is_said() -> None:
    assert notifications(run(full(partial=True))) == [
        "partial: what depends on a broken document was left out"
    ]
    assert notifications(run(full())) == []


def notifications(found: dict[str, Any]) -> list[str]:
    """What a run says about itself."""
    [invocation] = found["invocations"]
    assert invocation["executionSuccessful"] is True
    return [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_no_text_becomes_a_link_or_another_uri(text: str) -> None:
    for result in run(naughty(text))["results"]:
        assert "](" not in result["message"]["text"].replace("\\](", "")
        for place in places(result):
            assert place["artifactLocation"]["uri"].startswith("catalogue/")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a b/c:d#e?.yaml", {"uri": "a%20b/c%3Ad%23e%3F.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../é.yaml", {"uri": "../%C3%A9.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/srv/a b.yaml", {"uri": "file:///srv/a%20b.yaml"}),
        ("C:/book/a b.yaml", {"uri": "file:///C:/book/a%20b.yaml"}),
    ],
)
def test_a_path_is_a_uri(path: str, address: dict[str, str]) -> None:
    assert sarif.address(path) == address
