"""What a change is worth in money: what a client's month comes to, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.deals import Purchase, ServiceChange, Units
from billing_dsl.model import money

Sides: TypeAlias = tuple[Decimal, Decimal]
"""Amounts before and after."""

NOTHING: Sides = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Month:
    """What a month comes to for a client whom something reaches, in its currency.

    `fees` are those of the services that are bought otherwise, on the first day from today on which
    they are. `once` is what is bought once otherwise, whole. `work` is what its work is invoiced in
    a month of past time entries. Each is None where nobody knows: a price is missing, currencies
    differ, or there are no entries. `worked` tells that its work is treated otherwise. `fees` and
    `work` are in whole cents.
    """

    client: str
    currency: str
    fees: Sides | None
    once: Sides | None
    worked: bool
    work: Sides | None = None

    @property
    def change(self) -> Decimal | None:
        """By how much a month grows, work and fees together; None where nobody knows."""
        if self.fees is None or (self.work is None and self.worked):
            return None
        work = self.work or NOTHING
        return self.fees[1] - self.fees[0] + work[1] - work[0]

    @property
    def known(self) -> Decimal:
        """What is known of that change: fees, and work where there are entries."""
        parts = (one or NOTHING for one in (self.fees, self.work))
        return sum((after - before for before, after in parts), Decimal(0))

    @property
    def weight(self) -> Decimal | None:
        """By how much it moves at most, up or down, with what is bought once counted whole."""
        change = self.change
        if change is None or self.once is None:
            return None
        return abs(change) + abs(self.once[1] - self.once[0])

    def with_work(self, before: Decimal, after: Decimal) -> Month:
        """The same, with what its work is invoiced."""
        return replace(self, work=_posted((before, after)))


def month(changes: ClientChanges, as_of: date) -> Month:
    """What is known of a client's month without any time entry."""
    ahead = changes.since(as_of)
    currencies = {view.client.currency for view in (ahead.before, ahead.after) if view is not None}
    worked = any(line.changes for line in ahead.lines)
    client = ahead.client
    if len(currencies) > 1:
        return Month(client.name, client.currency, None, None, True)
    services = [one for deal in ahead.deals for one in deal.services]
    first = min((one.life.start for one in services), default=as_of)
    fees = _posted(_added(_fee(one) for one in services if first in one.life))
    bought = [one for deal in ahead.deals for one in deal.purchases]
    once = _added((_total(one.before), _total(one.after)) for one in bought)
    return Month(client.name, client.currency, fees, once, worked)


def _fee(change: ServiceChange) -> tuple[Decimal | None, Decimal | None]:
    return _monthly(change.before), _monthly(change.after)


def _monthly(units: Units | None) -> Decimal | None:
    if units is None:
        return Decimal(0)
    return units.total / units.period.months if units.total is not None else None


def _total(purchase: Purchase | None) -> Decimal | None:
    return purchase.total if purchase is not None else Decimal(0)


def _added(rows: Iterable[tuple[Decimal | None, Decimal | None]]) -> Sides | None:
    """The sums of both sides; None where a summand is unknown."""
    before = after = Decimal(0)
    for one, other in rows:
        if one is None or other is None:
            return None
        before, after = before + one, after + other
    return before, after


def _posted(sides: Sides | None) -> Sides | None:
    """Both sides in whole cents, so that what is shown adds up."""
    return None if sides is None else (money.posted(sides[0]), money.posted(sides[1]))


def together(months: Iterable[Month]) -> Iterator[tuple[str, Month]]:
    """The sums of what is known, by currency in order of their codes; unknown ones count nothing.

    Their `client` is empty.
    """
    sums: dict[str, Month] = {}
    for one in months:
        known = sums.get(one.currency, Month("", one.currency, NOTHING, NOTHING, False))
        sums[one.currency] = replace(
            known,
            fees=_plus(known.fees, one.fees),
            once=_plus(known.once, one.once),
            worked=known.worked or one.worked,
            work=_plus(known.work, one.work),
        )
    yield from sorted(sums.items())


def _plus(one: Sides | None, other: Sides | None) -> Sides | None:
    if one is None or other is None:
        return one if other is None else other
    return one[0] + other[0], one[1] + other[1]
