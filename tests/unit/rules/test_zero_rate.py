from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, found, work_type

REMOTE = work_type("remote-support")


def bespoke(contract: str, *fields: str) -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        f"contracts:\n  - {{name: work, {contract}}}\n{lines}"
    )


HOURLY = bespoke("type: time_and_materials")
FREE = ENGINEER.replace("85.00", "0")


def told(*documents: str) -> list[tuple[str, str]]:
    return [(f"{d.subject} {d.route}", d.message) for d in found("BD405", *documents)]


def test_a_role_for_nothing() -> None:
    (one,) = found("BD405", HOURLY, FREE, REMOTE)
    assert one.message == "the rate of role `engineer` is 0.00 EUR"
    assert (one.subject, one.route) == ("role/engineer", "rate")
    assert one.label == (
        "all that is billed for `remote-support` by `engineer` on contract `work` from 2027-01-01"
    )


def test_nothing_is_billed_by_it() -> None:
    assert told(bespoke("type: recurring_service"), FREE, REMOTE) == []
    assert told(HOURLY, FREE, work_type("remote-support", billable="false")) == []


def test_a_work_type_that_leaves_nothing() -> None:
    minus = work_type("remote-support", rate="{method: plus, amount: -85}")
    assert told(HOURLY, ENGINEER, minus) == [
        (
            "work_type/remote-support rate.amount",
            (
                "the amount added by work type `remote-support` is -85.00 EUR "
                "and leaves nothing to bill"
            ),
        )
    ]
    less = work_type("remote-support", rate="{method: plus, amount: -80}")
    assert told(HOURLY, ENGINEER, less) == []


def test_an_amount_that_makes_up_for_a_role_for_nothing() -> None:
    more = work_type("remote-support", rate="{method: plus, amount: 60}")
    assert told(HOURLY, FREE, more) == []


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("{method: fixed, rate: 0}", "the rate of work type `remote-support` is 0.00 EUR"),
        (
            "{method: flat, amount: 0}",
            "the amount for each entry of work type `remote-support` is 0.00 EUR",
        ),
    ],
)
def test_a_work_type_for_nothing(method: str, message: str) -> None:
    assert [
        text for _, text in told(HOURLY, ENGINEER, work_type("remote-support", rate=method))
    ] == [message]


def test_purchases_and_services_for_nothing() -> None:
    block = "blocks: [{contract: work, hours: 9, rate: 0, start: 2027-01-01, end: 2027-12-31}]"
    tickets = "tickets: [{tickets: 9, rate: 0, start: 2027-01-01, end: 2027-12-31}]"
    assert told(bespoke("type: block_hours", block), ENGINEER, REMOTE) == [
        ("agreement/acme-2027 blocks.0.rate", "the rate of a block of contract `work` is 0.00 EUR")
    ]
    assert [
        text for _, text in told(bespoke(f"type: per_ticket, {tickets}"), ENGINEER, REMOTE)
    ] == ["the rate of tickets of contract `work` is 0.00 EUR"]
    sold = bespoke("type: recurring_service, services: [seat]", "services: {seat: 9}")
    assert told(sold, SEAT.replace("40.00", "0"), ENGINEER, REMOTE) == [
        ("service/seat price", "the price of service `seat` is 0.00 EUR")
    ]
    gift = bespoke(
        "type: recurring_service, services: [seat]", "services: {seat: {units: 9, price: 0}}"
    )
    assert [text for _, text in told(gift, SEAT, ENGINEER, REMOTE)] == [
        "the agreed price of `seat` is 0.00 EUR"
    ]


def test_each_amount_of_a_dated_rate_is_told_once() -> None:
    dated = ENGINEER.replace(
        "85.00",
        "[{rate: 0}, {from: 2027-03-01, rate: 85}, {from: 2027-06-01, rate: 0}]",
    )
    assert len(told(HOURLY, dated, REMOTE)) == 1


def test_a_cost_of_nothing_is_no_price() -> None:
    sold = bespoke("type: recurring_service, services: [seat]", "services: {seat: 9}")
    assert told(sold, SEAT + "cost: 0\n", ENGINEER, REMOTE) == []


def test_the_step_that_is_for_nothing_is_shown() -> None:
    free_later = ENGINEER.replace("85.00", "[{rate: 80}, {from: 2027-07-01, rate: 0}]")
    (one,) = found("BD405", HOURLY, free_later, REMOTE)
    assert one.route == "rate.1.rate"
