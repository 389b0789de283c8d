"""Months are counted whole; bundles cost what their services cost; far days are no burden."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from billing_dsl.kinds.service import Period
from billing_dsl.margins.margin import Missing, NotSaid, reckoned
from billing_dsl.margins.months import part_of_period, touched, whole_months, within
from billing_dsl.model.calendar import Stretch
from tests.unit.replay.running import side_of

FEBRUARY = Stretch(date(2028, 2, 1), date(2028, 2, 29))


def test_months_are_whole() -> None:
    assert whole_months(date(2028, 2, 29), date(2028, 2, 3)) == (FEBRUARY,)
    found = whole_months(date(2027, 12, 31), date(2028, 2, 1))
    assert [month.start.isoformat() for month in found] == [
        "2027-12-01",
        "2028-01-01",
        "2028-02-01",
    ]
    assert found[-1] == FEBRUARY
    assert whole_months(date(9999, 12, 5), date.max)[-1].end == date.max


def test_those_that_have_days_of_a_life_are_found() -> None:
    months = whole_months(date(2027, 1, 1), date(2028, 12, 31))
    for life in (
        Stretch(date(2028, 2, 29), date(2028, 3, 1)),
        Stretch(date(2026, 2, 1), date(2027, 1, 1)),
        Stretch(date(2029, 1, 1), date(2029, 1, 2)),
        Stretch(date(2020, 1, 1), date(2030, 1, 2)),
    ):
        assert list(touched(months, life)) == [one for one in months if within(life, one)]


@pytest.mark.parametrize(
    ("period", "part"),
    [
        (Period.MONTHLY, Fraction(1, 2)),
        (Period.QUARTERLY, Fraction(1, 6)),
        (Period.SEMI_ANNUAL, Fraction(1, 12)),
        (Period.YEARLY, Fraction(1, 24)),
    ],
)
def test_a_month_is_an_equal_part_of_its_period(period: Period, part: Fraction) -> None:
    april = Stretch(date(2027, 4, 1), date(2027, 4, 30))
    assert part_of_period(Stretch(date(2027, 4, 1), date(2027, 4, 15)), april, period) == part


def catalogue(**desk: Any) -> list[dict[str, Any]]:
    """A client that buys a bundle of a seat and a disk, and has milestones."""
    return [
        {
            "kind": "settings",
            "name": "house",
            "title": "H",
            "currency": "EUR",
            "timezone": "Europe/Rome",
        },
        {"kind": "role", "name": "engineer", "title": "Engineer", "rate": 85},
        {
            "kind": "work_type",
            "name": "visit",
            "title": "Visit",
            "billing_class": "core",
            "description": "A visit.",
        },
        {
            "kind": "service",
            "name": "seat",
            "title": "Seat",
            "period": "monthly",
            "price": 40,
            "cost": 20,
        },
        {
            "kind": "service",
            "name": "disk",
            "title": "Disk",
            "period": "monthly",
            "price": 5,
            **desk,
        },
        {
            "kind": "service_bundle",
            "name": "desk",
            "title": "Desk",
            "period": "monthly",
            "services": ["seat", "disk"],
        },
        {"kind": "client", "name": "acme", "legal_name": "Acme"},
        {
            "kind": "agreement",
            "name": "acme-2027",
            "client": "acme",
            "start": "2027-02-10",
            "end": "2027-12-31",
            "services": {"desk": 2},
            "contracts": [
                {"name": "all", "type": "recurring_service", "services": ["desk"], "setup_fee": 99},
                {
                    "name": "project",
                    "type": "fixed_price",
                    "milestones": [
                        {"title": "One", "date": "2027-03-31", "amount": 500},
                        {"title": "Two", "date": "2027-04-01", "amount": {"CHF": 500}},
                    ],
                },
            ],
        },
    ]


def margin_of(documents: list[dict[str, Any]], first: date, last: date) -> Any:
    """The margin of the one client, without entries."""
    side = side_of([{"format": 1, **document} for document in documents])
    (view,) = side.covered(["acme"])
    return reckoned(view, whole_months(first, last), None).margin


def test_a_bundle_costs_what_its_services_cost() -> None:
    found = margin_of(catalogue(cost=Decimal("1.50")), date(2027, 2, 1), date(2027, 3, 31))
    # 19 of 28 days of February, and March: 2 desks at 45.00 and 21.50
    assert found.services == Decimal("61.07") + 90
    assert found.cost_of_services == Decimal("29.18") + 43
    assert found.due_once == 99 + 500
    assert found.left == found.services + 599 - found.cost_of_services


def test_a_part_without_a_cost_leaves_the_bundle_without_one() -> None:
    found = margin_of(catalogue(), date(2027, 4, 2), date(2027, 4, 2))
    assert found.not_said == {
        NotSaid(Missing.SERVICE_COST, "desk", "EUR"): Fraction(2),
        NotSaid(Missing.AMOUNT_DUE, "acme-2027/project", "EUR"): Fraction(1),
    }
    assert found.left is None


def test_a_day_far_away_costs_no_time() -> None:
    found = margin_of(catalogue(cost=1), date.min, date.max)
    assert found.due_once == 599
    assert found.services == Decimal("61.07") + 10 * 90
