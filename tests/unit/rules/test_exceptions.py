"""Exceptions and their days: BD407, BD408 and BD428."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: hourly")


def acme(*rows: str) -> tuple[str, ...]:
    exceptions = "exceptions:\n" + "".join(rows) if rows else ""
    return (SILVER, agreement("acme", "silver@1", exceptions, end="2028-12-31"), SEAT, ENGINEER)


def until(day: str) -> tuple[str, ...]:
    return acme(exception("work_type: remote-support", "hourly", until=day))


def test_the_day_after_the_last() -> None:
    documents = until("2027-06-30")
    assert found("BD407", *documents, as_of=date(2027, 6, 30)) == []
    (one,) = found("BD407", *documents, as_of=date(2027, 7, 1))
    assert one.message == "the exception for work type `remote-support` ended on 2027-06-30"
    assert (one.route, one.subject) == ("exceptions.0.until", "agreement/acme-2027")
    assert one.help == "ask desk whether it goes on, or remove it"


def test_an_agreement_that_has_ended_is_left_alone() -> None:
    assert found("BD407", *until("2027-06-30"), as_of=date(2029, 1, 1)) == []
    assert found("BD428", *until(""), as_of=date(2029, 1, 1)) == []


@pytest.mark.parametrize(
    ("as_of", "within"),
    [
        (date(2027, 3, 31), None),
        (date(2027, 4, 1), 90),
        (date(2027, 5, 30), 90),
        (date(2027, 5, 31), 30),
        (date(2027, 6, 22), 30),
        (date(2027, 6, 23), 7),
        (date(2027, 6, 30), 7),
        (date(2027, 7, 1), None),
    ],
)
def test_ninety_thirty_and_seven_days_ahead(as_of: date, within: int | None) -> None:
    found_ = found("BD408", *until("2027-06-30"), as_of=as_of)
    assert [one.message for one in found_] == [
        f"the exception for work type `remote-support` ends on 2027-06-30, within {days} days"
        for days in (within,)
        if days is not None
    ]


@pytest.mark.parametrize("day", ["2028-12-31", "2029-12-31", ""])
def test_ending_with_the_agreement_is_no_news(day: str) -> None:
    assert found("BD408", *until(day), as_of=date(2028, 12, 1)) == []
    assert found("BD407", *until(day), as_of=date(2028, 12, 1)) == []


def test_without_a_last_day() -> None:
    (one,) = found("BD428", *acme(exception("role: engineer", "hourly", until="")))
    assert one.message == "the exception for role `engineer` has no last day"
    assert one.route == "exceptions.0.role"
    assert one.help.endswith("at the latest 2028-12-31, the agreement's own")
    assert found("BD428", *until("2027-06-30")) == []


@pytest.mark.parametrize("code", ["BD407", "BD408", "BD428"])
def test_a_subsidiarys_exceptions_are_its_own(code: str) -> None:
    rows = exception("work_type: remote-support", "hourly", until="")
    rows += exception("work_type: onsite-support", "recurring", until="2027-01-14")
    rows += exception("role: engineer", "hourly", until="2027-01-20")
    globex = "kind: client\nname: globex\nlegal_name: Globex\nparent: acme\n"
    theirs = agreement("globex", "silver@1", "exceptions:\n" + rows)
    found_ = found(code, *acme(), globex, theirs)
    assert [reach.client for one in found_ for reach in one.reached] == ["globex"]
