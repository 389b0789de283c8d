"""What an agreement sells by the unit, month by month: each an item, charged and costing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing_dsl.analysis.agreed import sold, tiers
from billing_dsl.book.book import Shared
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.service import Period, Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.margins.months import part_of_period, within
from billing_dsl.model.calendar import Stretch, day_after, pieces
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
    turns = [life.start for life, _ in on] + [day_after(life.end) for life, _ in on]
    for life, found in sold(shared, agreement, currency):
        if not found.units:
            continue
        costs = _costs(shared, found.service)
        cuts = [*turns, *(day for price in costs or () for day in price.changes())]
        for month in months:
            inside = within(life, month)
            for days in pieces(inside, cuts) if inside is not None else ():
                yield Charge(
                    days,
                    next((tier for held, tier in on if days.start in held), ""),
                    found.service.name,
                    found.service.period,
                    currency,
                    Fraction(found.units) * part_of_period(days, month, found.service.period),
                    found.price.amount,
                    _cost(costs, days.start, currency),
                )


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
