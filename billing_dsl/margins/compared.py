"""The margins of two catalogues over the same entries, and the prices that would even them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_dsl.kinds.service import Period
from billing_dsl.margins.break_even import Asked
from billing_dsl.margins.margin import ALIKE, Margin, Missing, NotSaid, Reckoned
from billing_dsl.margins.recurring import Charge
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import stored


@dataclass(frozen=True, slots=True)
class Moved:
    """A client's margin on both sides; None where it is no client there."""

    client: str
    before: Margin | None
    after: Margin | None

    @property
    def currency(self) -> str:
        """The currency it is billed in; after, if it is a client there."""
        margin = self.after or self.before
        return margin.currency if margin is not None else ""

    @property
    def change(self) -> Decimal | None:
        """By how much the margin grows; None where that cannot be told.

        What is not said on either side alike, as the cost of the same hours, makes no difference.
        """
        if self.in_doubt:
            return None
        before, after = self._sides
        return (after.revenue - after.costs) - (before.revenue - before.costs)

    @property
    def in_doubt(self) -> tuple[NotSaid, ...]:
        """What is missing, so that the change cannot be told."""
        before, after = self._sides
        if before.currency != after.currency:
            return (NotSaid(Missing.SAME_CURRENCY, self.client, self.currency),)
        named = sorted({*before.not_said, *after.not_said})
        return tuple(
            one
            for one in named
            if one.what not in ALIKE or before.not_said.get(one) != after.not_said.get(one)
        )

    @property
    def _sides(self) -> tuple[Margin, Margin]:
        nothing = Margin(self.currency)
        return self.before or nothing, self.after or nothing

    def __bool__(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Price:
    """A price that would do, or what keeps it from being told."""

    amount: Decimal | None
    not_said: tuple[NotSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceOfClient:
    """What a unit brings with one client, and what it would have to."""

    client: str
    quantity: Fraction
    now: Decimal | None
    """What one unit and period bring on average; None where nobody has said a price."""
    keeps: Price
    zero: Price


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The prices of a service at which the clients on a tier leave what they left before, and at
    which they leave nothing; all of them paying the same. `clients` are in order of names.
    """

    tier: str
    service: str
    period: Period
    currency: str
    whole: PriceOfClient
    clients: tuple[PriceOfClient, ...]


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins before and after, over whole months, by names of clients.

    `break_even` is in order of tiers, and the service that brings most comes first. `without` are
    the tiers that are reached and sell nothing by the unit.
    """

    months: tuple[Stretch, ...]
    clients: tuple[Moved, ...]
    break_even: tuple[BreakEven, ...]
    without: tuple[str, ...]

    @property
    def reached(self) -> tuple[Moved, ...]:
        """The clients whose margin is another."""
        return tuple(one for one in self.clients if one)

    def assumptions(self) -> Iterator[str]:
        """What the figures rest on, in sentences; docs/what-if.md says why."""
        yield "the months of the first and the last entry are counted whole, and all between them"
        yield (
            "days of a month on which a service is sold at one price are one item, which gets as "
            "large a part of a month as it has days, and of a longer period an equal part a month"
        )
        yield (
            "work counts as the entries are posted: blocks, retainers and tickets when they are "
            "drawn on, not when they are bought; milestones and setup fees when they are due"
        )
        yield (
            "work costs what the `cost` of its role says, for the hours worked; no other costs of "
            "the house are in a margin"
        )
        if self.break_even:
            yield (
                "a price that breaks even is paid by every client on the tier for all its units, "
                "rounded up to the cent, while all else stays as it is supposed"
            )


def margins(
    months: Sequence[Stretch],
    before: Iterable[Reckoned],
    after: Iterable[Reckoned],
    sold_on: Mapping[str, Sequence[str]],
    named: Iterable[str] = (),
) -> Margins:
    """The margins of all clients of two catalogues.

    `sold_on` are the services that the contracts of each tier sell, after; `named` are tiers that
    are told of even where they reach nobody's margin.
    """
    one = {found.client: found for found in before}
    other = {found.client: found for found in after}
    clients = tuple(
        Moved(
            name,
            one[name].margin if name in one else None,
            other[name].margin if name in other else None,
        )
        for name in sorted({*one, *other})
    )
    moved = {found.client: found for found in clients}
    reached = {tier for name in other if moved[name] for tier in other[name].tiers}
    reached.update(tier for tier in named if any(tier in found.tiers for found in other.values()))
    found = [
        even
        for tier in sorted(reached)
        for even in _of_tier(tier, sold_on.get(tier, ()), other, moved)
    ]
    priced = {even.tier for even in found}
    return Margins(
        tuple(months),
        clients,
        tuple(found),
        tuple(tier for tier in sorted(reached) if tier not in priced),
    )


def _of_tier(
    tier: str, services: Sequence[str], after: Mapping[str, Reckoned], moved: Mapping[str, Moved]
) -> Iterator[BreakEven]:
    """What is told of a tier: for each currency and service, the one that brings most first."""
    held: dict[tuple[str, str], dict[str, list[Charge]]] = {}
    for name, found in sorted(after.items()):
        for charge in found.charges:
            if charge.tier == tier and charge.service in services:
                by_client = held.setdefault((charge.currency, charge.service), {})
                by_client.setdefault(name, []).append(charge)
    for (currency, service), by_client in sorted(held.items(), key=lambda one: _brings(*one)):
        on_it = [moved[name] for name, found in after.items() if tier in found.tiers]
        every = [charge for charges in by_client.values() for charge in charges]
        yield BreakEven(
            tier,
            service,
            every[0].period,
            currency,
            _price("", every, [one for one in on_it if one.currency == currency]),
            tuple(_price(name, held, [moved[name]]) for name, held in by_client.items()),
        )


def _brings(key: tuple[str, str], held: Mapping[str, Sequence[Charge]]) -> tuple[object, ...]:
    currency, service = key
    return currency, -_amount([one for charges in held.values() for one in charges]), service


def _amount(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.amount or Decimal(0) for charge in charges), Decimal(0))


def _price(client: str, charges: Sequence[Charge], moved: Sequence[Moved]) -> PriceOfClient:
    quantities = tuple(charge.quantity for charge in charges)
    brings, whole = _amount(charges), sum(quantities, Fraction(0))
    priced = all(charge.price is not None for charge in charges)
    doubt = sorted({missing for one in moved for missing in one.in_doubt})
    keeps = Price(None, tuple(doubt))
    if not doubt:
        lost = -sum((one.change for one in moved if one.change is not None), Decimal(0))
        keeps = Price(Asked(quantities, brings, lost).price)
    afters = [one.after for one in moved if one.after is not None]
    gaps = sorted({missing for margin in afters for missing in margin.not_said})
    zero = Price(None, tuple(gaps))
    if not gaps:
        left = sum((margin.revenue - margin.costs for margin in afters), Decimal(0))
        zero = Price(Asked(quantities, brings, -left).price)
    return PriceOfClient(client, whole, _average(brings, whole) if priced else None, keeps, zero)


def _average(amount: Decimal, quantity: Fraction) -> Decimal:
    """What one of some units brings, at four decimals."""
    each = Fraction(amount) / quantity
    return stored(Decimal(each.numerator) / Decimal(each.denominator))
