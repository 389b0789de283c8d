from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier


def hourly(name: str, start: str, end: str, *fields: str, client: str = "acme") -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        f"kind: agreement\nname: {name}\nclient: {client}\nstart: {start}\n{end}\n{lines}"
        "contracts: [{name: hourly, type: time_and_materials}]\n"
    )


FIRST = hourly("first", "2026-01-01", "term: 12 months")


def test_days_between_two_agreements() -> None:
    second = hourly("second", "2027-02-01", "end: 2027-12-31")
    (one,) = found("BD402", second, FIRST, ENGINEER)
    assert one.message == "no contract is the default contract from 2027-01-01 to 2027-01-31"
    assert (one.route, one.subject) == ("start", "agreement/second")
    (before,) = one.related
    assert before.message == "`first` ends on 2026-12-31"
    assert before.span.column == 7  # its term: `12 months`


def test_the_nearest_agreements_are_named_whatever_their_order() -> None:
    third = hourly("a-third", "2028-02-01", "end: 2028-12-31")
    second = hourly("second", "2027-01-01", "end: 2027-12-31")
    (one,) = found("BD402", third, FIRST, second, ENGINEER)
    assert (one.subject, one.related[0].message) == (
        "agreement/a-third",
        "`second` ends on 2027-12-31",
    )


@pytest.mark.parametrize(
    "other",
    [
        hourly("second", "2027-01-01", "end: 2027-12-31"),
        hourly("second", "2028-01-01", "end: 2028-12-31", "default: false"),
        hourly("second", "2028-01-01", "end: 2028-12-31", client="globex"),
        hourly("second", "2026-06-01", "end: 2026-08-31"),
    ],
    ids=["the next day", "a project", "another client's", "inside the other"],
)
def test_no_day_is_without_a_default_contract(other: str) -> None:
    assert found("BD402", FIRST, other, ENGINEER) == []


def test_a_client_with_projects_alone() -> None:
    projects = [
        hourly(name, start, "term: 3 months", "default: false")
        for name, start in (("one", "2026-01-01"), ("two", "2027-01-01"))
    ]
    assert found("BD402", *projects, ENGINEER) == []


def test_a_tier_all_of_whose_contracts_are_blocks_not_bought() -> None:
    blocks = tier(
        "visits@1",
        "remote-support: block",
        "contracts: [{name: block, type: block_hours}]",
    )
    (one,) = found("BD402", blocks, agreement("acme", "visits@1"), SEAT, ENGINEER)
    assert one.message == "no contract is the default contract from 2027-01-01 to 2027-12-31"
    assert (one.route, one.label) == (
        "tier",
        "all contracts of the tier are blocks that the agreement does not buy",
    )
