"""How long agreements run: BD419 and BD421."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, found


def hourly(name: str, start: str, end: str, *fields: str, client: str = "acme") -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        f"kind: agreement\nname: {name}\nclient: {client}\nstart: {start}\n{end}\n{lines}"
        "contracts: [{name: hourly, type: time_and_materials}]\n"
    )


def year(*fields: str) -> str:
    return hourly("acme-2026", "2026-07-01", "term: 12 months", *fields)


def due(as_of: str, *documents: str) -> list[str]:
    found_ = found("BD419", *documents, ENGINEER, as_of=date.fromisoformat(as_of))
    return [f"{one.route}: {one.message}" for one in found_]


TOLD = ["term: the agreement ends on 2027-06-30, and notice is due by 2027-04-01"]


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2027-03-31", []),
        ("2027-04-01", TOLD),
        ("2027-06-30", TOLD),
        ("2027-07-01", []),
    ],
)
def test_from_the_day_of_notice_to_the_last_day(as_of: str, told: list[str]) -> None:
    assert due(as_of, year()) == told


def test_the_agreements_own_notice_and_automatic_renewal() -> None:
    own = year("renewal: {automatic: true, extend_by: 12 months, notice: 1 month}")
    assert due("2027-05-29", own) == []
    (one,) = found("BD419", own, ENGINEER, as_of=date(2027, 5, 30))
    assert one.message == "the agreement ends on 2027-06-30, and notice is due by 2027-05-30"
    assert one.help == (
        "write a new last day, or an agreement that begins on 2027-07-01; "
        "automatic renewal prolongs nothing by itself"
    )
    assert due("2027-04-01", year("renewal: {automatic: false}")) == TOLD


def test_the_settings_notice() -> None:
    settings = (
        "kind: settings\nname: msp\ntitle: The MSP\ncurrency: EUR\ntimezone: Europe/Rome\n"
        "renewal_notice: 10 days\n"
    )
    assert due("2027-06-19", year(), settings) == []
    assert len(due("2027-06-20", year(), settings)) == 1


def test_another_agreement_follows() -> None:
    following = hourly("acme-2027", "2027-07-01", "end: 2028-06-30")
    assert due("2027-06-01", year(), following) == []
    for other in (
        following.replace("client: acme", "client: globex"),
        following + "default: false\n",
        following.replace("2028-06-30", "2027-07-01").replace("start: 2027", "start: 2026"),
    ):
        assert due("2027-06-01", year(), other) != []


def test_a_project_ends_when_it_is_done() -> None:
    assert due("2027-06-01", year("default: false")) == []
    assert len(due("2027-06-01", year("default: false", "renewal: {automatic: true}"))) == 1


@pytest.mark.parametrize(
    ("end", "longest", "told"),
    [
        ("end: 2047-01-01", "20 years", True),
        ("end: 2046-12-31", "20 years", False),
        ("term: longest", "20 years", False),
        ("term: 37 months", "36 months", True),
        ("term: 36 months", "36 months", False),
        ("term: 31 days", "30 days", True),
        ("term: 30 days", "30 days", False),
    ],
)
def test_longer_than_the_longest_term(end: str, longest: str, told: bool) -> None:
    settings = (
        "kind: settings\nname: msp\ntitle: The MSP\ncurrency: EUR\ntimezone: Europe/Rome\n"
        f"longest_term: {longest}\n"
    )
    found_ = found("BD421", settings, hourly("acme-2027", "2027-01-01", end), ENGINEER)
    assert bool(found_) is told
    for one in found_:
        assert one.message.endswith(f"longer than the longest term of {longest}")
        assert (one.route, one.assumption) == (end.partition(":")[0], "longest-term")
