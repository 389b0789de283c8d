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
