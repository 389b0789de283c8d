from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, found, work_type

SOLD = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts:
  - name: work
    type: recurring_service
    services: [seat]
services: {seat: {units: 3, price: 9.5}}
"""


@pytest.mark.parametrize("amount", ["40.12345", "0.00001", "{EUR: 40, CHF: 1.23456}"])
def test_a_fifth_decimal_that_says_something(amount: str) -> None:
    (one,) = found("BD422", SEAT.replace("40.00", amount))
    assert (one.subject, one.route) == ("service/seat", "price")
    assert one.message.startswith("the price of service `seat` is ")
    assert one.message.endswith(", which has more than 4 decimals")


@pytest.mark.parametrize("amount", ["40.1234", "40.12340000", "0", "1000000", "{EUR: 40.1}"])
def test_four_and_zeros_after_them(amount: str) -> None:
    assert found("BD422", SEAT.replace("40.00", amount)) == []


@pytest.mark.parametrize(
    ("document", "route"),
    [
        (ENGINEER.replace("85.00", "[{from: 2027-01-01, rate: 85.00001}]"), "rate.0.rate"),
        (work_type("travel", rate="{method: flat, amount: 1.00001}"), "rate.amount"),
        (SEAT + "cost: 0.12345\n", "cost"),
    ],
)
def test_wherever_amounts_are_shared(document: str, route: str) -> None:
    (one,) = found("BD422", document)
    assert (one.route, one.reached) == (route, ())


@pytest.mark.parametrize(
    ("before", "after", "route"),
    [
        ("9.5", "9.54321", "services.seat.price"),
        ("[seat]", "[seat]\n    setup_fee: 1.23456", "contracts.work.setup_fee"),
        ("[seat]", "[seat]\n    overage_rate: 1.23456", "contracts.work.overage_rate"),
        (
            "[seat]",
            "[seat]\n    rates: [{role: engineer, rate: 1.23456}]",
            "contracts.work.rates.engineer.rate",
        ),
        (
            "services: {",
            "rates: [{contract: work, role: engineer, rate: 1.23456}]\nservices: {",
            "rates.0.rate",
        ),
    ],
)
def test_wherever_an_agreement_writes_amounts(before: str, after: str, route: str) -> None:
    (one,) = found("BD422", SOLD.replace(before, after), SEAT, ENGINEER)
    assert (one.subject, one.route) == ("agreement/acme-2027", route)
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]


@pytest.mark.parametrize(
    ("document", "route", "what"),
    [
        (ENGINEER + "block_factor: 1.33333\n", "block_factor", "the block factor of role"),
        (work_type("travel", minimum_hours="0.33333"), "minimum_hours", "the fewest hours of"),
        (work_type("travel", maximum_hours="7.33333"), "maximum_hours", "the most hours of"),
    ],
)
def test_wherever_factors_and_hours_are_shared(document: str, route: str, what: str) -> None:
    (one,) = found("BD422", document)
    assert one.route == route
    assert one.message.startswith(what)
    assert found("BD422", document.replace("33333", "3333")) == []


def test_factors_and_hours_of_an_agreement() -> None:
    bought = "{contract: work, hours: 10.33333, rate: 80, start: 2027-01-01, end: 2027-12-31}"
    signed = SOLD.replace("recurring_service\n    services: [seat]", "block_hours").replace(
        "services: {seat: {units: 3, price: 9.5}}", f"blocks: [{bought}]"
    )
    factors = "block_hours\n    block_factors: {engineer: 1.33333}"
    both = found("BD422", signed.replace("block_hours", factors), ENGINEER)
    assert [one.route for one in both] == [
        "contracts.work.block_factors.engineer",
        "blocks.0.hours",
    ]
    assert all(reach.agreement == "acme-2027" for one in both for reach in one.reached)
