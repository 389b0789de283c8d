"""What a client's month comes to, before and after, by what is known without any time entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_dsl.changes.months import NOTHING, Month, month, together
from tests.oracle.simulator import Document
from tests.unit.changes.test_cover import compared

TODAY = date(2027, 1, 15)


def catalogue(**agreement: Any) -> list[Document]:
    """One client whose agreement sells seats, by the month and by the year."""
    return [
        {
            "kind": "settings",
            "name": "firm",
            "title": "Firm",
            "currency": "EUR",
            "timezone": "Europe/Rome",
        },
        {"kind": "role", "name": "engineer", "title": "Engineer", "rate": 85},
        {
            "kind": "work_type",
            "name": "remote",
            "title": "Remote",
            "billing_class": "core",
            "description": "Help.",
        },
        *(
            {
                "kind": "service",
                "name": name,
                "title": name,
                "period": period,
                "price": price,
            }
            for name, period, price in (("seat", "monthly", 48), ("audit", "yearly", 1200))
        ),
        {"kind": "client", "name": "acme", "legal_name": "Acme"},
        {
            "kind": "agreement",
            "name": "acme-2027",
            "client": "acme",
            "start": "2027-01-01",
            "end": "2027-12-31",
            "contracts": [
                {
                    "name": "managed",
                    "type": "recurring_service",
                    "services": ["seat", "audit"],
                    "setup_fee": 100,
                }
            ],
            "services": {"seat": 10, "audit": 1},
            **agreement,
        },
    ]


def found(**agreement: Any) -> Month:
    before, after = catalogue(), catalogue(**agreement)
    for documents in (before, after):
        for document in documents:
            document["format"] = 1
    return month(compared(before, after)["acme"], TODAY)


@pytest.mark.parametrize(
    ("services", "fees"),
    [
        ({"seat": 12, "audit": 1}, (480, 576)),
        ({"seat": 10, "audit": 2}, (100, 200)),  # a year's price, by the month
        ({"seat": 12, "audit": 2}, (580, 776)),
        ({"seat": [{"units": 10}, {"from": "2027-07-01", "units": 9}], "audit": 1}, (480, 432)),
        ({"seat": {"units": 10, "price": 50}, "audit": 1}, (480, 500)),
    ],
)
def test_fees_are_those_of_the_first_day_on_which_they_differ(
    services: Any, fees: tuple[int, int]
) -> None:
    known = found(services=services)
    assert known.fees == tuple(map(Decimal, fees))
    assert known.change == Decimal(fees[1] - fees[0])
    assert known.weight == abs(Decimal(fees[1] - fees[0]))
    assert not known.worked


def test_a_price_that_nobody_has_said_is_not_known() -> None:
    known = found(services={"seat": {"units": 10, "price": {"CHF": 50}}, "audit": 1})
    assert known.fees is None
    assert known.change is None


def test_what_differs_on_days_gone_by_costs_nothing_from_today_on() -> None:
    past = {"seat": [{"units": 12}, {"from": "2027-01-10", "units": 10}], "audit": 1}
    assert found(services=past).change == 0


def test_what_is_bought_once_counts_once() -> None:
    dearer = catalogue()[-1]["contracts"]
    dearer[0]["setup_fee"] = 130
    known = found(contracts=dearer, start="2027-02-01")
    assert known.once is not None
    known = replace(known, fees=NOTHING, once=(Decimal(100), Decimal(130)), worked=False)
    assert (known.change, known.weight) == (Decimal(0), Decimal(30))


def test_what_is_told_of_months_adds_up() -> None:
    # An audit of 1,100.01 a year is 91.6675 a month.
    one = found(services={"audit": {"units": 1, "price": Decimal("1100.01")}})
    assert one.fees is not None
    assert one.fees[1] == Decimal("91.67")
    half = one.with_work(Decimal("1365.25"), Decimal("1289.625"))
    assert half.work == (Decimal("1365.25"), Decimal("1289.63"))
    [(_, sums)] = together([half, half])
    assert sums.work == (Decimal("2730.50"), Decimal("2579.26"))


def test_of_work_nobody_knows_without_entries() -> None:
    known = Month("acme", "EUR", NOTHING, NOTHING, True)
    assert known.change is known.weight is None
    assert known.known == 0
    told = known.with_work(Decimal(10), Decimal(7))
    assert (told.change, told.weight) == (Decimal(-3), Decimal(3))


def test_another_currency_cannot_be_compared() -> None:
    before, after = catalogue(), catalogue()
    after[-2]["currency"] = "CHF"
    after[1]["rate"] = {"EUR": 85, "CHF": 90}
    for price in after[3:5]:
        price["price"] = {"EUR": price["price"], "CHF": price["price"]}
    for document in (*before, *after):
        document["format"] = 1
    known = month(compared(before, after)["acme"], TODAY)
    assert (known.fees, known.once, known.worked, known.change) == (None, None, True, None)


def test_sums_are_made_by_currency_of_what_is_known() -> None:
    def one(currency: str, fees: Any) -> Month:
        return Month("x", currency, fees, NOTHING, False)

    ten = (Decimal(0), Decimal(10))
    sums = dict(together([one("EUR", ten), one("CHF", ten), one("EUR", None), one("EUR", ten)]))
    assert list(sums) == ["CHF", "EUR"]
    assert sums["EUR"].fees == (Decimal(0), Decimal(20))
    assert sums["EUR"].known == 20
