from __future__ import annotations

from billing_dsl.diagnostics import Reach
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

SHORT_CUT = """contracts:
  - {name: recurring, type: recurring_service, services: [seat], falls_to: hourly}
  - {name: block, type: block_hours}
  - {name: hourly, type: time_and_materials}"""


def test_an_end_that_the_path_passes_by() -> None:
    silver = tier("silver@1", "remote-support: recurring, onsite-support: block", SHORT_CUT)
    (one,) = found("BD306", silver, SEAT)
    assert one.message == "work that is to end on `block` never comes there"
    assert one.label == "`recurring` falls to `hourly`"
    assert (one.route, one.subject) == ("contracts.recurring.falls_to", "tier/silver@1")
    assert [note.message for note in one.related] == ["work type `onsite-support`"]


def test_one_finding_for_each_contract_that_is_passed_by() -> None:
    silver = tier(
        "silver@1",
        "remote-support: recurring, onsite-support: block",
        SHORT_CUT,
        "roles: {engineer: block}",
    )
    (one,) = found("BD306", silver, SEAT, ENGINEER)
    assert [note.message for note in one.related] == [
        "work type `onsite-support`",
        "role `engineer`",
    ]


def test_a_path_of_one_contract() -> None:
    stops = """contracts:
  - {name: a, type: time_and_materials, falls_to: none}
  - {name: b, type: time_and_materials}"""
    (one,) = found("BD306", tier("silver@1", "remote-support: b", stops))
    assert one.label == "`a` falls to `none`"
    assert one.route == "contracts.a.falls_to"


def test_a_ring_before_the_end() -> None:
    turns = """contracts:
  - {name: a, type: time_and_materials, falls_to: a}
  - {name: b, type: time_and_materials}"""
    (one,) = found("BD306", tier("silver@1", "remote-support: b", turns))
    assert one.label == "`a` falls to `a`"


def test_an_inherited_end_on_another_path() -> None:
    base = tier("silver@1", "remote-support: recurring, onsite-support: block")
    heir = tier("gold@1", "", "extends: silver@1", SHORT_CUT)
    (one,) = found("BD306", base, heir, SEAT)
    assert one.subject == "tier/gold@1"
    assert one.related[0].message == "the path is that of `gold@1`"


def test_none_and_the_path_itself_are_reached() -> None:
    silver = tier("silver@1", "remote-support: block, onsite-support: none")
    assert found("BD306", silver, SEAT, agreement("acme", "silver@1"), ENGINEER) == []


def test_whom_it_reaches() -> None:
    silver = tier("silver@1", "remote-support: recurring, onsite-support: block", SHORT_CUT)
    bronze = tier("bronze@1", "remote-support: recurring, onsite-support: hourly")
    clients = (agreement("acme", "silver@1"), agreement("globex", "bronze@1"), BESPOKE)
    (one,) = found("BD306", silver, bronze, *clients, SEAT, ENGINEER)
    assert one.reached == (Reach("acme", "acme-2027"),)


BESPOKE = """
kind: agreement
name: acme-2028
client: acme
start: 2028-01-01
end: 2028-12-31
contracts: [{name: hourly, type: time_and_materials}]
"""
