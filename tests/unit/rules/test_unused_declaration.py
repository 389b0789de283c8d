from __future__ import annotations

from datetime import date

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

OLD = tier("silver@1", "remote-support: recurring", effective="2026-01-01")
NEW = tier("silver@2", "remote-support: recurring")
OTHER = tier("bronze@1", "remote-support: hourly")
ACME = agreement("acme", "silver@2")


def messages(*documents: str, as_of: date = date(2027, 1, 15)) -> list[str]:
    return [one.message for one in found("BD203", *documents, SEAT, ENGINEER, as_of=as_of)]


def test_an_older_version_that_no_agreement_is_on() -> None:
    (one,) = found("BD203", OLD, NEW, ACME, SEAT, ENGINEER)
    assert one.message == "no agreement is on tier `silver@1`, and no tier extends it"
    assert one.help == "remove it: new agreements are on `silver@2`"
    assert (one.span.line, one.subject) == (4, "tier/silver@1")


def test_the_newest_version_is_an_offer() -> None:
    assert messages(NEW, OTHER, ACME) == []


def test_a_version_of_the_future_waits() -> None:
    future = tier("silver@3", "remote-support: recurring", effective="2028-01-01")
    assert messages(NEW, future, ACME) == []
    assert messages(NEW, future, ACME, as_of=date(2028, 2, 1)) == []


def test_a_version_that_another_extends() -> None:
    assert messages(OLD, tier("silver@2", "", "extends: silver@1"), ACME) == []


def test_a_catalogue_without_agreements() -> None:
    assert messages(OLD, NEW) == []


def test_what_uses_it_may_lie_in_a_broken_document() -> None:
    broken = "kind: agreement\nname: globex-2027\nclient: globex\nstart: 2027-01-01\n"
    assert messages(OLD, NEW, ACME, broken) == []


def test_services_that_are_neither_sold_nor_offered_nor_bundled() -> None:
    spare = SEAT.replace("name: seat", "name: spare")
    part = SEAT.replace("name: seat", "name: part")
    bundle = "kind: service_bundle\nname: desk\ntitle: Desk\nperiod: monthly\nservices: [part]\n"
    offered = SEAT.replace("name: seat", "name: offered")
    offer = tier(
        "gold@1",
        "remote-support: managed",
        "contracts: [{name: managed, type: recurring_service, services: [offered]}]",
    )
    assert messages(NEW, ACME, spare, part, bundle, offered, offer) == [
        "service `spare` is in no tier and no agreement",
        "service bundle `desk` is in no tier and no agreement",
    ]


BESPOKE = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts:
  - {name: managed, type: fixed_price, excludes: {set: visits}, falls_to: hourly}
  - {name: hourly, type: time_and_materials}
"""
VISITS = "kind: exclusion_set\nname: visits\ntitle: Visits\nwork_types: [onsite-support]\n"
NIGHTS = "kind: exclusion_set\nname: nights\ntitle: Nights\nwork_types: [out-of-hours-support]\n"


def test_an_exclusion_set_that_no_contract_carries() -> None:
    (one,) = found("BD203", BESPOKE, VISITS, NIGHTS, ENGINEER)
    assert one.message == "no contract carries exclusion set `nights`"
    assert one.subject == "exclusion_set/nights"


def test_sets_that_nobody_carries_yet() -> None:
    assert found("BD203", VISITS, NIGHTS, NEW, ACME, SEAT, ENGINEER) == []
