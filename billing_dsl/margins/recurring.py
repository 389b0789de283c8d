"""What an agreement sells by the unit, month by month: each an item, charged and costing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing_dsl.analysis.agreed import Sold, sold, tiers
from billing_dsl.book.book import Shared
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.service import Period, Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.margins.months import part_of_period, touched, within
from billing_dsl.model.calendar import Stretch, day_after, pieces, runs
from billing_dsl.model.money import Price

CENTS = 100


@dataclass(frozen=True, slots=True)
class Charge:
    """Units of one service on some days of one month, at one price.

    `quantity` is in units and periods: 45 units for half a month are 22.5 of a monthly service.
    `tier` is the one on which the agreement stands on those days, empty for a bespoke one. `price`
    and `cost` are those of one unit for one period; None where nobody has said them.
    """

    days: Stretch
    tier: str
    service: str
    period: Period
    currency: str
    quantity: Fraction
    price: Decimal | None
    cost: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        """What is charged, as one posted item."""
        return None if self.price is None else posted(self.price, self.quantity)

    @property
    def costs(self) -> Decimal | None:
        """What it costs, rounded likewise."""
        return None if self.cost is None else posted(self.cost, self.quantity)


def posted(price: Decimal, quantity: Fraction) -> Decimal:
    """A price times a quantity as one posted item: four decimals first, then two, half up each."""
    return Decimal(cents_of(Fraction(price), quantity)).scaleb(-2)


def cents_of(price: Fraction, quantity: Fraction) -> int:
    """The same in hundredths."""
    stored = _half_up(price * quantity * CENTS * CENTS)
    return _half_up(Fraction(stored, CENTS))


def _half_up(number: Fraction) -> int:
    whole = (2 * abs(number.numerator) + number.denominator) // (2 * number.denominator)
    return -whole if number < 0 else whole


def charges(
    shared: Shared, agreement: Agreement, currency: str, months: Sequence[Stretch]
) -> Iterator[Charge]:
    """What an agreement sells by the unit in some months, by service and in order of time."""
    on = [(life, tier) for life, tier, _ in tiers(shared, agreement)]
    turns = [day for life, _ in on for day in (life.start, day_after(life.end))]
    held: dict[str, list[tuple[Stretch, Sold]]] = {}
    for life, found in sold(shared, agreement, currency):
        held.setdefault(found.service.name, []).append((life, found))
    for name, steps in held.items():
        service = shared.services[name]
        costs = _costs(shared, service)
        cuts = [*turns, *(day for price in costs or () for day in price.changes())]
        for month in touched(months, agreement.life):
            terms = (
                (days, _Terms(_tier_on(days.start, on), found.units, found.price.amount, cost))
                for life, found in steps
                if (inside := within(life, month)) is not None
                for days in pieces(inside, cuts)
                for cost in [_cost(costs, days.start, currency)]
            )
            for days, one in runs(terms):
                if one.units:
                    part = part_of_period(days, month, service.period)
                    quantity = Fraction(one.units) * part
                    sale = (days, one.tier, name, service.period, currency)
                    yield Charge(*sale, quantity, one.price, one.cost)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds on some days: units, and what one of them brings and costs."""

    tier: str
    units: Decimal
    price: Decimal | None
    cost: Decimal | None


def _tier_on(day: date, on: Sequence[tuple[Stretch, str]]) -> str:
    return next((tier for life, tier in on if day in life), "")


def _costs(shared: Shared, service: Service | ServiceBundle) -> tuple[Price, ...] | None:
    """The costs that add up to what a unit costs; None where one of them is not said.

    A bundle without a cost of its own costs what its services cost.
    """
    if service.cost is not None:
        return (service.cost,)
    if isinstance(service, Service):
        return None
    parts = [shared.services[name].cost for name in service.services]
    known = tuple(cost for cost in parts if cost is not None)
    return known if len(known) == len(parts) else None


def _cost(costs: Sequence[Price] | None, day: date, currency: str) -> Decimal | None:
    if costs is None:
        return None
    amounts = [price.amount(day, currency) for price in costs]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
