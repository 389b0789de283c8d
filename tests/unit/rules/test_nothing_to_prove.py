from __future__ import annotations

import pytest

from billing_dsl.diagnostics import Diagnostic
from billing_dsl.rules._examples import WHOLE
from tests.unit.rules.checking import ENGINEER, diagnostics, work_type

SETTINGS = """
kind: settings
name: msp
title: The MSP
currency: EUR
timezone: Europe/Rome
"""

ACME = """
kind: client
name: acme
legal_name: Acme S.r.l.
---
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts: [{name: hourly, type: time_and_materials}]
"""

WORK_TYPE = work_type("travel")


def whole(*documents: str) -> tuple[Diagnostic, ...]:
    """What is found in a catalogue of these documents and no others."""
    first, *others = documents
    return diagnostics(WHOLE + first.strip("\n"), *others)


@pytest.mark.parametrize(
    ("documents", "missing", "cure"),
    [
        ([], "no role and no work type", "kind `role` and one of kind `work_type`;"),
        ([ENGINEER], "no work type", "kind `work_type`;"),
        ([WORK_TYPE], "no role", "kind `role`;"),
        ([WORK_TYPE, ACME], "no role", "kind `role`;"),
    ],
)
def test_what_is_missing_is_one_warning(documents: list[str], missing: str, cure: str) -> None:
    (one,) = whole(SETTINGS, *documents)
    assert (one.code, one.severity, one.subject) == ("BD208", "warning", "settings/msp")
    assert one.message == f"the catalogue has {missing}: there is no work to prove"
    assert (one.route, one.span.line) == ("name", 5)
    assert f"add a document of {cure}" in one.help
    assert "billing-dsl init" in one.help


def test_a_role_and_a_work_type_are_enough() -> None:
    assert whole(SETTINGS, ENGINEER, WORK_TYPE) == ()


def test_one_of_two_that_is_broken_is_not_missing() -> None:
    """Its own fault is told; the other is missing all the same."""
    found = whole(SETTINGS, ENGINEER.replace("85.00", "lots"))
    assert [(one.code, one.message) for one in found if one.code != "BD104"] == [
        ("BD208", "the catalogue has no work type: there is no work to prove")
    ]
    assert {one.code for one in whole(SETTINGS, ENGINEER.replace("85.00", "lots"), WORK_TYPE)} == {
        "BD104"
    }


def test_a_document_without_a_name_may_be_what_is_missing() -> None:
    assert {one.code for one in whole(SETTINGS, WORK_TYPE, "title: Nobody knows")} == {"BD102"}


def test_another_broken_document_hides_nothing() -> None:
    found = whole(SETTINGS, WORK_TYPE, "kind: client\nname: acme")
    assert {one.code for one in found} == {"BD102", "BD208"}


@pytest.mark.parametrize(
    "naming",
    [
        ACME + "rates: [{contract: hourly, role: engineer, rate: 80.00}]",
        "kind: exclusion_set\nname: classic\ntitle: Classic\nroles: [engineer]",
        ACME
        + "---\nkind: scenario\nname: visit\ngiven: {client: acme, role: engineer, on: 2027-03-01}"
        "\nwhen: {work_type: travel}\nthen: {contract: hourly}",
    ],
)
def test_what_is_named_and_declared_nowhere_is_told_where_it_is_named(naming: str) -> None:
    (one,) = whole(SETTINGS, WORK_TYPE, naming)
    assert (one.code, one.message) == ("BD201", "there is no role `engineer`")


def test_another_unknown_name_hides_nothing() -> None:
    found = whole(SETTINGS, WORK_TYPE, ACME + "services: {seat: 4}")
    assert sorted((one.code, one.message) for one in found) == [
        ("BD201", "there is no service or service bundle `seat`"),
        ("BD208", "the catalogue has no role: there is no work to prove"),
    ]


def test_without_settings_it_is_the_settings_that_are_missing() -> None:
    assert [one.code for one in whole(WORK_TYPE)] == ["BD204"]
