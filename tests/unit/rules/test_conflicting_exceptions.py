from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: block")
BLOCK = "blocks: [{contract: block, hours: 9, rate: 80, start: 2027-01-01, end: 2027-12-31}]"
ONSITE = "work_type: onsite-support"


def told(*rows: str) -> list[str]:
    acme = agreement("acme", "silver@1", BLOCK, "exceptions:\n" + "".join(rows))
    return [one.message for one in found("BD416", SILVER, acme, SEAT, ENGINEER)]


def test_two_ends_on_one_day() -> None:
    rows = exception(ONSITE, "hourly", until="2027-06-30") + exception(
        ONSITE, "recurring", start="2027-06-30"
    )
    acme = agreement("acme", "silver@1", BLOCK, "exceptions:\n" + rows)
    (one,) = found("BD416", SILVER, acme, SEAT, ENGINEER)
    assert one.message == "two exceptions for work type `onsite-support` hold on 2027-06-30"
    assert (one.route, one.subject) == ("exceptions.1.work_type", "agreement/acme-2027")
    assert one.label == "goes to `recurring`"
    assert [note.message for note in one.related] == ["goes to `hourly`"]


def test_without_days_an_exception_holds_all_along() -> None:
    rows = (exception(ONSITE, "hourly", until=""), exception(ONSITE, "recurring", until=""))
    assert told(*rows) == ["two exceptions for work type `onsite-support` hold on 2027-01-01"]


def test_each_further_one_is_told_once() -> None:
    assert len(told(*(exception(ONSITE, end) for end in ("hourly", "recurring", "none")))) == 2


def test_one_after_the_other() -> None:
    rows = (
        exception(ONSITE, "hourly", until="2027-06-30"),
        exception(ONSITE, "recurring", start="2027-07-01"),
    )
    assert told(*rows) == []
    assert told(*reversed(rows)) == []


def test_two_things() -> None:
    assert told(exception(ONSITE, "hourly"), exception("role: engineer", "hourly")) == []


def test_a_bespoke_agreement_has_no_exceptions_to_speak_of() -> None:
    bespoke = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts: [{name: hourly, type: time_and_materials}]
exceptions:
"""
    rows = exception(ONSITE, "hourly") + exception(ONSITE, "none")
    assert found("BD416", bespoke + rows, ENGINEER) == []
