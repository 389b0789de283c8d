from __future__ import annotations

from datetime import date

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier

SCOPE = "remote-support: recurring, onsite-support: block, out-of-hours-support: hourly"
SILVER = tier("silver@1", SCOPE)
GOLD = tier(
    "gold@1",
    SCOPE.replace("block", "recurring"),
    "contracts:",
    "  - {name: recurring, type: recurring_service, services: [seat]}",
    "  - {name: hourly, type: time_and_materials}",
)
BLOCK = "blocks: [{contract: block, hours: 9, rate: 80, start: 2027-01-01, end: 2027-12-31}]"
MOVE = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"


def told(*rows: str, tier: str = "silver@1", as_of: date = date(2027, 1, 15)) -> list[str]:
    acme = agreement("acme", tier, BLOCK, "exceptions:\n" + "".join(rows))
    documents = (SILVER, GOLD, acme, SEAT, ENGINEER)
    return [one.message for one in found("BD415", *documents, as_of=as_of)]


def test_an_exception_that_says_what_the_tier_says() -> None:
    row = exception("work_type: onsite-support", "block")
    acme = agreement("acme", "silver@1", BLOCK, "exceptions:\n" + row)
    (one,) = found("BD415", SILVER, acme, SEAT, ENGINEER)
    assert one.message == (
        "the exception for work type `onsite-support` changes nothing: it goes where `silver@1` "
        "lets it go anyway"
    )
    assert (one.route, one.subject) == ("exceptions.0.goes_to", "agreement/acme-2027")
    assert [note.message for note in one.related] == ["the tier says so here"]
    assert one.reached[0].agreement == "acme-2027"


def test_a_role_of_which_the_tier_says_nothing() -> None:
    row = exception("role: engineer", "recurring")
    acme = agreement("acme", "silver@1", BLOCK, "exceptions:\n" + row)
    (one,) = found("BD415", SILVER, acme, SEAT, ENGINEER)
    assert one.message.startswith("the exception for role `engineer` changes nothing: ")
    assert one.related == ()


def test_exceptions_that_give_more_and_less() -> None:
    assert told(exception("work_type: out-of-hours-support", "block")) == []
    assert told(exception("work_type: remote-support", "hourly")) == []
    assert told(exception("work_type: remote-support", "none")) == []
    assert told(exception("role: engineer", "hourly")) == []


def test_a_block_that_was_never_bought() -> None:
    row = exception("work_type: out-of-hours-support", "block")
    acme = agreement("acme", "silver@1", "exceptions:\n" + row)
    (one,) = found("BD415", SILVER, acme, SEAT, ENGINEER)
    assert one.message.endswith(
        " has no effect: without `blocks` the agreement has no contract `block`"
    )


def test_days_outside_the_agreement() -> None:
    (message,) = told(
        exception(
            "work_type: out-of-hours-support", "block", start="2028-01-01", until="2028-06-30"
        )
    )
    assert message == (
        "the exception for work type `out-of-hours-support` holds on no day of the agreement, "
        "2027-01-01 to 2027-12-31"
    )


def test_a_contract_that_a_later_tier_lacks() -> None:
    (message,) = told(exception("work_type: out-of-hours-support", "block"), tier=MOVE)
    assert message == (
        "the exception for work type `out-of-hours-support` has no effect from 2027-07-01: "
        "`gold@1` has no contract `block`"
    )
    ends = exception("work_type: out-of-hours-support", "block", until="2027-06-30")
    assert told(ends, tier=MOVE) == []


def test_a_contract_that_a_past_tier_lacked() -> None:
    back = "[{from: 2027-01-01, tier: gold@1}, {from: 2027-07-01, tier: silver@1}]"
    row = exception("work_type: out-of-hours-support", "block")
    (message,) = told(row, tier=back)
    assert " has no effect from 2027-01-01: `gold@1` " in message
    late = exception("work_type: out-of-hours-support", "block", start="2027-02-01")
    (message,) = told(late, tier=back)
    assert " has no effect from 2027-02-01: `gold@1` " in message
    (message,) = told(late, tier=back, as_of=date(2027, 3, 1))
    assert " has no effect from 2027-02-01: `gold@1` " in message
    other = exception("work_type: remote-support", "hourly", start="2027-02-01", until="2027-02-10")
    (message,) = told(row, other, tier=back, as_of=date(2027, 2, 5))
    assert " has no effect from 2027-01-01: `gold@1` " in message
    assert told(row, tier=back, as_of=date(2027, 7, 1)) == []


def test_a_later_tier_that_says_it_anyway() -> None:
    row = exception("work_type: onsite-support", "recurring")
    assert told(row, tier=MOVE) == []
    (message,) = told(row, tier=MOVE, as_of=date(2027, 7, 1))
    assert message.endswith(" it goes where `gold@1` lets it go anyway")


def test_what_is_past_is_left_aside() -> None:
    row = exception("work_type: onsite-support", "block", until="2027-01-14")
    assert told(row) == []
    open_end = exception("work_type: onsite-support", "block", until="")
    assert len(told(open_end)) == 1
    assert told(open_end, as_of=date(2028, 1, 1)) == []


def test_two_of_one_thing_are_another_matter() -> None:
    rows = (
        exception("work_type: onsite-support", "block"),
        exception("work_type: onsite-support", "hourly"),
    )
    assert told(*rows) == []


def test_other_exceptions_do_not_hide_it() -> None:
    rows = (
        exception("work_type: onsite-support", "block"),
        exception("work_type: remote-support", "hourly"),
    )
    assert len(told(*rows)) == 1


def test_a_bespoke_agreement() -> None:
    bespoke = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts: [{name: hourly, type: time_and_materials}]
exceptions:
"""
    row = exception("work_type: onsite-support", "hourly")
    (one,) = found("BD415", bespoke + row, ENGINEER)
    assert one.message == (
        "the exception for work type `onsite-support` has no effect: a bespoke agreement has no "
        "tier"
    )
    assert one.route == "exceptions.0.work_type"
