from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

ONE = tier("silver@1", "remote-support: recurring", effective="2026-06-01")
TWO = tier("silver@2", "remote-support: recurring", effective="2027-01-01")


def messages(*documents: str) -> list[str]:
    return [one.message for one in found("BD413", *documents, SEAT, ENGINEER)]


def test_a_pinned_version() -> None:
    (one,) = found("BD413", TWO, agreement("acme", "silver@2", start="2026-12-31"), SEAT, ENGINEER)
    assert one.message == (
        "the agreement is on `silver@2` from 2026-12-31, but `silver@2` may be used from "
        "2027-01-01 on"
    )
    assert (one.route, one.subject) == ("tier", "agreement/acme-2026")
    assert [note.message for note in one.related] == ["`silver@2` begins here"]
    assert one.reached[0].agreement == "acme-2026"


def test_from_its_first_day_on() -> None:
    assert messages(TWO, agreement("acme", "silver@2")) == []


def test_an_unpinned_tier_before_its_first_version() -> None:
    assert messages(ONE, TWO, agreement("acme", "silver", start="2026-05-01")) == [
        (
            "the agreement is on `silver` from 2026-05-01, but its first version `silver@1` may "
            "be used from 2026-06-01 on"
        )
    ]


def test_an_unpinned_tier_follows_its_versions() -> None:
    assert messages(ONE, TWO, agreement("acme", "silver", start="2026-06-01")) == []


def test_a_dated_list() -> None:
    dated = "[{from: 2026-06-01, tier: silver@1}, {from: 2026-12-01, tier: silver@2}]"
    (one,) = found("BD413", ONE, TWO, agreement("acme", dated, start="2026-06-01"), SEAT, ENGINEER)
    assert one.message.startswith("the agreement is on `silver@2` from 2026-12-01, but ")
    assert one.route == "tier.1.tier"


def test_the_first_of_a_dated_list_holds_from_the_agreements_start() -> None:
    dated = "[{from: 2027-01-01, tier: silver@2}, {from: 2027-07-01, tier: silver@1}]"
    (one,) = found("BD413", ONE, TWO, agreement("acme", dated, start="2026-10-01"), SEAT, ENGINEER)
    assert one.message.startswith("the agreement is on `silver@2` from 2026-10-01, but ")
    assert one.route == "tier.0.tier"


def test_choices_that_hold_on_no_day() -> None:
    before = "[{from: 2026-05-01, tier: silver@2}, {from: 2026-06-01, tier: silver@1}]"
    assert messages(ONE, TWO, agreement("acme", before, start="2026-07-01")) == []
    three = tier("silver@3", "remote-support: recurring", effective="2029-01-01")
    after = "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nterm: 12 months\n"
    after += "services: {seat: 3}\ntier: [{tier: silver@2}, {from: 2028-01-01, tier: silver@3}]\n"
    assert messages(ONE, TWO, three, after) == []


def test_a_bespoke_agreement_has_no_tier() -> None:
    bespoke = "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\n"
    bespoke += "end: 2027-12-31\ncontracts: [{name: hourly, type: time_and_materials}]\n"
    assert messages(bespoke) == []
