"""Promises about out-of-hours work that entries without times do not keep."""

from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, diagnostics, found, work_type

ARCHITECT = "kind: role\nname: architect\ntitle: Architect\nrate: 120.00\n"
DAY = work_type("day", "Support by day", after_hours="night")
NIGHT = work_type("night", "Support at night")
DEARER = work_type("night", "Support at night", rate="{method: times, factor: 1.5}")
FREE = work_type("night", "Support at night", billable="false")


def agreement(*contracts: str) -> str:
    lines = "".join(f"  - {{{one}}}\n" for one in contracts)
    return (
        "kind: agreement\nname: a\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        f"contracts:\n{lines}"
    )


HOURLY = "name: hourly, type: time_and_materials"
ANY = f"{HOURLY}, time_entry: any"


def test_what_follows_one_way_by_day_and_at_night_is_no_promise() -> None:
    """The architect's work goes on at any hour, the engineer's stays at any hour."""
    contracts = (
        (
            "name: desk, type: time_and_materials, time_entry: any, "
            "excludes: {roles: [architect]}, falls_to: hourly"
        ),
        HOURLY,
    )
    assert diagnostics(agreement(*contracts), ENGINEER, ARCHITECT, DAY, NIGHT) == ()


def test_what_one_role_is_promised_is_a_promise() -> None:
    contracts = (
        (
            "name: desk, type: time_and_materials, time_entry: any, "
            "excludes: {work_types: [night]}, falls_to: rest"
        ),
        "name: rest, type: time_and_materials, excludes: {roles: [architect]}, falls_to: hourly",
        HOURLY,
    )
    (one,) = found("BD311", agreement(*contracts), ENGINEER, ARCHITECT, DAY, NIGHT)
    assert one.label == "`day` after hours stays here"


@pytest.mark.parametrize("night", [DEARER, FREE], ids=["dearer", "free"])
def test_another_price_on_the_same_contract_is_a_promise_too(night: str) -> None:
    (one,) = found("BD311", agreement(ANY), ENGINEER, DAY, night)
    assert one.message == (
        "`hourly` takes entries without start and stop times, of which `night` is never split off"
    )
    assert one.label == "`day` after hours is billed as by day"


@pytest.mark.parametrize(
    "contract",
    [
        (
            "name: desk, type: fixed_price, time_entry: any, "
            "milestones: [{title: Done, date: 2027-06-01, amount: 900.00}]"
        ),
        (
            "name: desk, type: per_ticket, time_entry: any, "
            "tickets: [{tickets: 9, rate: 50.00, start: 2027-01-01, end: 2027-12-31}]"
        ),
    ],
    ids=["absorbed", "by the ticket"],
)
def test_a_contract_that_bills_no_hours_makes_no_promise(contract: str) -> None:
    assert found("BD311", agreement(contract), ENGINEER, DAY, DEARER) == []


def test_work_that_is_never_billed_makes_no_promise() -> None:
    free = work_type("day", "Support by day", after_hours="night", billable="false")
    night = f"{FREE}rate: {{method: times, factor: 1.5}}\n"
    assert found("BD311", agreement(ANY), ENGINEER, free, night) == []


def test_an_unknown_work_type_after_hours_is_told_once() -> None:
    day = work_type("day", "Support by day", after_hours="nihgt")
    told = diagnostics(agreement(ANY), ENGINEER, day, DEARER)
    assert [one.code for one in told] == ["BD201"]


def test_a_work_type_that_comes_later_is_no_promise_yet() -> None:
    later = work_type("night", "Support at night", **{"from": "2028-01-01"})
    contracts = (
        (
            "name: desk, type: time_and_materials, time_entry: any, "
            "excludes: {work_types: [night]}, falls_to: hourly"
        ),
        HOURLY,
    )
    assert found("BD311", agreement(*contracts), ENGINEER, DAY, later) == []


def test_days_without_a_default_contract_make_no_promise() -> None:
    project = agreement(ANY).replace("start:", "default: false\nstart:")
    assert found("BD311", project, ENGINEER, DAY, DEARER) == []
