"""The margin of one client: what it brings over some months, less what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from billing_dsl.analysis.agreed import each_once, tiers
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.margins.months import within
from billing_dsl.margins.recurring import Charge, charges
from billing_dsl.margins.work import Work
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import posted


class Missing(StrEnum):
    """What nobody has said, so that a margin cannot be told."""

    SERVICE_COST = "service_cost"
    """What a unit of a service costs."""
    ROLE_COST = "role_cost"
    """What an hour of a role costs."""
    SERVICE_PRICE = "service_price"
    AMOUNT_DUE = "amount_due"
    """A milestone or a setup fee."""
    AMOUNT_OF_WORK = "amount_of_work"
    """What entries are billed."""
    WORK_KNOWN = "work_known"
    """What hours come to that the catalogue does not know, or not on those days."""
    SAME_CURRENCY = "same_currency"
    """A client is billed in another currency after than before, and nothing is ever converted."""


COSTS = (Missing.SERVICE_COST, Missing.ROLE_COST)
"""What things cost the MSP."""

ALIKE = (*COSTS, Missing.WORK_KNOWN)
"""What may be unknown before and after alike: as much of the same is the same, whatever it is."""


@dataclass(frozen=True, slots=True, order=True)
class NotSaid:
    """Something that nobody has said, in a currency: the cost of service `silver-seat` in CHF."""

    what: Missing
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class Margin:
    """What a client brings and costs. All amounts are in its currency, and rounded items add up.

    `drawn` is work that draws on what was paid before, as it is posted; so blocks, retainers and
    tickets count when they are used, not when they are bought. `due_once` are milestones and setup
    fees due in those months. `not_said` is what is missing, and how much of it there is.
    """

    currency: str
    services: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    drawn: Decimal = Decimal(0)
    due_once: Decimal = Decimal(0)
    cost_of_services: Decimal = Decimal(0)
    cost_of_work: Decimal = Decimal(0)
    not_said: Mapping[NotSaid, Fraction] = field(default_factory=dict)

    @property
    def revenue(self) -> Decimal:
        """What it brings, as far as that is said."""
        return self.services + self.invoiced + self.drawn + self.due_once

    @property
    def costs(self) -> Decimal:
        """What it costs, as far as that is said."""
        return self.cost_of_services + self.cost_of_work

    @property
    def left(self) -> Decimal | None:
        """What is left of it; None where something is not said."""
        return None if self.not_said else self.revenue - self.costs


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A client's margin, and the charges that are a part of it."""

    client: str
    margin: Margin
    charges: tuple[Charge, ...]
    tiers: tuple[str, ...]
    """The tiers on which it stands in those months, by name."""


def reckoned(view: ClientCoverage, months: Sequence[Stretch], work: Work | None) -> Reckoned:
    """The margin of a client over some months; `work` is None where it has no entries."""
    currency = view.client.currency
    work = work or Work(currency)
    held = tuple(
        charge
        for agreement in view.agreements
        for charge in charges(view.shared, agreement, currency, months)
    )
    dues = list(_dues(view, months))
    gaps: dict[NotSaid, Fraction] = {}
    for missing, quantity in _gaps(currency, held, dues, work):
        gaps[missing] = gaps.get(missing, Fraction(0)) + quantity
    margin = Margin(
        currency,
        _sum(charge.amount for charge in held),
        work.invoiced,
        work.drawn,
        _sum(amount for _, amount in dues),
        _sum(charge.costs for charge in held),
        _sum(hours.costs for hours in work.hours),
        dict(sorted(gaps.items())),
    )
    return Reckoned(view.client.name, margin, held, tuple(sorted(_tiers(view, months))))


def _sum(amounts: Iterator[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _dues(view: ClientCoverage, months: Sequence[Stretch]) -> Iterator[tuple[str, Decimal | None]]:
    """Milestones and setup fees that are due in some months, by the names of their contracts.

    A setup fee is due once, on the first day of its contract.
    """
    currency, whole = view.client.currency, Stretch(months[0].start, months[-1].end)
    for contract in view.contracts:
        first = contract.life.start
        due = [(one.due, one.amount) for one in each_once(contract, lambda one: one.milestones)]
        fee = contract.phases[0].terms.setup_fee
        if fee is not None and fee.on(first) is not None:
            due.append((first, fee))
        for day, price in due:
            if day in whole:
                amount = price.amount(day, currency)
                yield contract.id, None if amount is None else posted(amount)


def _tiers(view: ClientCoverage, months: Sequence[Stretch]) -> set[str]:
    whole = Stretch(months[0].start, months[-1].end)
    return {
        tier
        for agreement in view.agreements
        for life, tier, _ in tiers(view.shared, agreement)
        if within(life, whole)
    }


def _gaps(
    currency: str, held: Sequence[Charge], dues: Sequence[tuple[str, Decimal | None]], work: Work
) -> Iterator[tuple[NotSaid, Fraction]]:
    for charge in held:
        if charge.price is None:
            yield NotSaid(Missing.SERVICE_PRICE, charge.service, currency), charge.quantity
        if charge.cost is None:
            yield NotSaid(Missing.SERVICE_COST, charge.service, currency), charge.quantity
    for contract, amount in dues:
        if amount is None:
            yield NotSaid(Missing.AMOUNT_DUE, contract, currency), Fraction(1)
    for hours in work.hours:
        if hours.cost is None:
            yield NotSaid(Missing.ROLE_COST, hours.role, currency), hours.hours
    if work.unknown:
        yield NotSaid(Missing.WORK_KNOWN, "", currency), work.unknown
    if work.unpriced:
        yield NotSaid(Missing.AMOUNT_OF_WORK, "", currency), Fraction(work.unpriced)
