"""What documents of each kind mean once they fit their schemas, and what only code can judge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing_dsl.diagnostics import Fault, Place
from billing_dsl.kinds import kinds
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.settings import Settings
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, RoleRate, Times, WorkType
from billing_dsl.model.declaration import Declaration, House
from billing_dsl.pipeline import read_file
from billing_dsl.source.document import Document
from billing_dsl.source.reader import read

HOUSE = House("EUR")


def document(text: str) -> Document:
    """The one document of a text; `format` is added."""
    (found,), broken, faults = read("a.yaml", f"format: 1\n{text.strip()}\n".encode())
    assert (broken, faults) == ((), ())
    return found


def built(text: str) -> Declaration:
    """The declaration that a text means."""
    one = document(text)
    declaration: Declaration = kinds()[one.value["kind"]].build(one, HOUSE)
    return declaration


def faults(text: str) -> list[tuple[str, str]]:
    """What is wrong with a text: code and message of each fault."""
    reading = read_file("a.yaml", f"format: 1\n{text.strip()}\n".encode())
    found: tuple[Fault, ...] = reading.faults
    return [(fault.code, fault.finding.message) for fault in found]


# --- work types ----------------------------------------------------------------------------------

WORK_TYPE = """
kind: work_type
name: onsite
title: Onsite
billing_class: edge
description: Work at the premises.
"""


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("{method: role}", RoleRate),
        ("{method: plus, amount: -5}", Plus),
        ("{method: times, factor: 1.5}", Times),
        ("{method: fixed, rate: {CHF: 90, EUR: 80}}", Fixed),
        ("{method: flat, amount: [{from: 2027-01-01, rate: 60}]}", Flat),
    ],
)
def test_each_rate_method_is_understood(method: str, kind: type) -> None:
    found = built(f"{WORK_TYPE}rate: {method}\n")
    assert isinstance(found, WorkType)
    assert isinstance(found.rate, kind)


def test_a_factor_is_exact() -> None:
    found = built(f"{WORK_TYPE}rate: {{method: times, factor: 1.1}}\n")
    assert isinstance(found, WorkType)
    assert found.rate == Times(Decimal("1.1"))


def test_what_a_work_type_leaves_out_is_ordinary() -> None:
    found = built(WORK_TYPE)
    assert isinstance(found, WorkType)
    assert (found.billable, found.rate, found.minimum_hours) == (True, RoleRate(), None)
    assert (found.after_hours, found.start, found.titles) == ("", None, {})


def test_a_rate_method_that_no_schema_lets_pass_is_a_fault_of_the_tool() -> None:
    one = document(f"{WORK_TYPE}rate: {{method: guess}}\n")
    with pytest.raises(TypeError, match="no rate method 'guess'"):
        kinds()["work_type"].build(one, HOUSE)


# --- languages -----------------------------------------------------------------------------------

SETTINGS = "kind: settings\nname: msp\ntitle: MSP\ncurrency: EUR\ntimezone: UTC\n"


@pytest.mark.parametrize(
    ("fields", "promised", "written_in"),
    [
        ("", (), "en"),
        ("languages: [it, en]\n", ("it", "en"), "it"),
        ("languages: [it, en]\nwritten_in: en\n", ("it", "en"), "en"),
        ("written_in: de\n", (), "de"),
    ],
)
def test_the_language_of_a_catalogue_is_the_first_that_it_promises_unless_it_says_otherwise(
    fields: str, promised: tuple[str, ...], written_in: str
) -> None:
    found = built(SETTINGS + fields)
    assert isinstance(found, Settings)
    assert (found.languages, found.written_in) == (promised, written_in)


def test_texts_in_other_languages_stand_beside_their_own() -> None:
    found = built(f"{WORK_TYPE}titles: {{it: In sede}}\ndescriptions: {{it: Lavori in sede.}}\n")
    assert isinstance(found, WorkType)
    assert found.titles == {"it": "In sede"}
    assert found.descriptions == {"it": "Lavori in sede."}
    found = built("kind: sub_issue\nname: jam\ntitle: Jam\nissue: Paper\nissues: {it: Carta}\n")
    assert isinstance(found, SubIssue)
    assert (found.titles, found.issues) == ({}, {"it": "Carta"})


# --- clients -------------------------------------------------------------------------------------


def test_a_client_has_the_currency_of_the_house_and_its_own_name_unless_it_says_more() -> None:
    found = built("kind: client\nname: acme\nlegal_name: Acme S.r.l.\naddress: Via Po 1\n")
    assert isinstance(found, Client)
    assert (found.currency, found.organization) == ("EUR", "Acme S.r.l.")
    assert found.address == {"street": "Via Po 1"}
    found = built(
        "kind: client\nname: acme\nlegal_name: Acme S.r.l.\ncurrency: CHF\n"
        "autotask: {organization: Acme, number: C-1}\naddress: {city: Torino}\n"
    )
    assert isinstance(found, Client)
    assert (found.currency, found.organization, found.number) == ("CHF", "Acme", "C-1")
    assert found.address == {"city": "Torino"}


# --- agreements ----------------------------------------------------------------------------------

AGREEMENT = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
"""
HOURLY = "contracts: [{name: hourly, type: time_and_materials}]\n"


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("end: 2027-12-31", date(2027, 12, 31)),
        ("term: 36 months", date(2029, 12, 31)),
        ("term: longest", date(2046, 12, 31)),
    ],
)
def test_an_agreement_ends_on_its_last_day(end: str, last: date) -> None:
    found = built(f"{AGREEMENT}{end}\n{HOURLY}")
    assert isinstance(found, Agreement)
    assert found.life.end == last


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (f"end: 2027-12-31\n{HOURLY}", []),
        (f"end: 2027-01-01\n{HOURLY}", []),
        (f"end: 2026-12-31\n{HOURLY}", ["BD401"]),
        ("end: 2027-12-31\ntier: [{from: 2028-01-01, tier: silver@1}]\n", ["BD401"]),
        ("end: 2027-12-31\ntier: [{tier: gold}, {from: 2027-12-31, tier: silver}]\n", []),
        ("term: 12 months\ntier: [{from: 2030-01-01, tier: silver@1}]\n", []),
        (
            (
                "end: 2027-12-31\ntier: silver\nblocks:\n"
                "  - {contract: block, hours: 1, rate: 1, start: 2027-02-01, end: 2027-01-31}\n"
            ),
            ["BD401"],
        ),
        (
            (
                "end: 2027-12-31\ntier: silver\nexceptions:\n"
                "  - {role: a, goes_to: b, reason: c, owner: d,\n"
                "     from: 2027-02-01, until: 2027-01-31}\n"
            ),
            ["BD401"],
        ),
        (
            (
                "end: 2027-12-31\ntier: silver\nexceptions:\n"
                "  - {role: a, goes_to: b, reason: c, owner: d,\n"
                "     from: 2027-02-01, until: 2027-02-01}\n"
            ),
            [],
        ),
        (
            (
                "end: 2027-12-31\ncontracts:\n"
                "  - {name: a, type: time_and_materials}\n  - {name: a, type: block_hours}\n"
            ),
            ["BD202"],
        ),
        (
            "end: 2027-12-31\ncontracts:\n  - {name: a, type: time_and_materials, falls_to: b}\n",
            ["BD201"],
        ),
        (
            (
                "end: 2027-12-31\ncontracts:\n"
                "  - {name: a, type: time_and_materials, falls_to: none}\n"
                "  - {name: b, type: time_and_materials, falls_to: a}\n"
                "  - {name: c, type: time_and_materials, falls_to: other/a}\n"
            ),
            [],
        ),
        (
            (
                "end: 2027-12-31\ncontracts:\n"
                "  - {name: a, type: retainer, retainers: "
                "[{amount: 1, start: 2027-02-01, end: 2027-01-01}]}\n"
                "  - {name: b, type: per_ticket, tickets: "
                "[{tickets: 1, rate: 1, start: 2027-02-01, end: 2027-01-01}]}\n"
            ),
            ["BD401", "BD401"],
        ),
        (
            (
                "end: 2027-12-31\ntier: silver\nrates:\n"
                "  - {contract: a, role: r, rate: 1}\n  - {contract: a, role: s, rate: 1}\n"
                "  - {contract: b, role: r, rate: 1}\n"
            ),
            [],
        ),
        (
            (
                "end: 2027-12-31\ntier: silver\nrates:\n"
                "  - {contract: a, role: r, rate: 1}\n  - {contract: a, role: r, rate: 1}\n"
                "  - {contract: a, role: r, rate: 2}\n"
            ),
            ["BD432", "BD432"],
        ),
        (
            (
                "end: 2027-12-31\ncontracts:\n"
                "  - {name: a, type: retainer, rates: [{role: r, rate: 1}, {role: r, rate: 2}]}\n"
                "  - {name: b, type: retainer, rates: [{role: r, rate: 1}, {role: s, rate: 2}]}\n"
            ),
            ["BD432"],
        ),
    ],
)
def test_what_only_code_can_judge_of_an_agreement_is_told(fields: str, told: list[str]) -> None:
    assert [code for code, _ in faults(AGREEMENT + fields)] == told


def test_two_rates_are_shown_at_the_second_row_beside_the_first() -> None:
    rows = "[{contract: a, role: r, rate: 80}, {contract: a, role: r, rate: 95}]"
    text = f"{AGREEMENT}end: 2027-12-31\ntier: silver\nrates: {rows}\n"
    (fault,) = read_file("a.yaml", f"format: 1\n{text.strip()}\n".encode()).faults
    assert fault.finding.message == "role `r` has two rates on contract `a`"
    assert fault.finding.place == Place("a.yaml", 0, ("rates", 1, "rate"))
    assert [label.place for label in fault.finding.related] == [
        Place("a.yaml", 0, ("rates", 0, "rate"))
    ]


# --- tiers ---------------------------------------------------------------------------------------

TIER = """
kind: tier
name: silver
version: 1
effective: 2027-01-01
title: Silver
scope: {}
"""


@pytest.mark.parametrize(
    ("contracts", "told"),
    [
        ("[{name: a, type: block_hours, falls_to: b}, {name: b, type: time_and_materials}]", []),
        ("[{name: a, type: block_hours, falls_to: none}]", []),
        ("[{name: a, type: block_hours, falls_to: c}]", ["this tier has no contract `c`"]),
    ],
)
def test_a_tiers_contracts_fall_to_each_other(contracts: str, told: list[str]) -> None:
    assert [message for _, message in faults(f"{TIER}contracts: {contracts}\n")] == told


def test_a_tier_that_extends_another_may_leave_its_contracts_out() -> None:
    assert faults(TIER.replace("scope: {}", "extends: bronze@1")) == []


# --- all of them ---------------------------------------------------------------------------------


def test_every_kind_is_found_by_its_file() -> None:
    assert list(kinds()) == sorted(kinds())
    for name, kind in kinds().items():
        assert name == kind.declares.KIND
