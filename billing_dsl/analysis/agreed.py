"""What an agreement comes to: units, prices, rates, terms; on which days, and who writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from billing_dsl.analysis.pricing import Rate, contract_rate, contract_rates, written_by
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract
from billing_dsl.kinds._contract import ContractTerms
from billing_dsl.kinds.agreement import Agreement, UnitStep
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.calendar import Stretch, pieces, runs
from billing_dsl.model.money import Price

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of a service or bundle, and what one of them costs for one of its periods.

    `listed` is what the list says, whether the agreement has a price of its own or not.
    """

    service: Service | ServiceBundle
    units: Decimal
    price: Rate
    listed: Rate


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract's terms, and the subject whose document writes them."""

    written: ContractTerms
    source: str


@dataclass(frozen=True, slots=True)
class Factor:
    """The hours that a block is debited for an hour of a role, and the subject that says so."""

    hours: Decimal
    source: str


def tiers(shared: Shared, agreement: Agreement) -> Iterator[tuple[Stretch, str, str]]:
    """The tier version of each stretch of days, and the tier whose versions it follows."""
    if agreement.bespoke:
        return
    pieces = shared.expander.pieces(agreement)
    for life, key in runs((piece.life, piece.tier.key) for piece in pieces):
        begun = [choice for choice in agreement.tiers if choice.start <= life.start]
        choice = (begun or agreement.tiers)[-1 if begun else 0]
        yield life, key, choice.tier if choice.version is None else ""


def sold(shared: Shared, agreement: Agreement, currency: str) -> tuple[tuple[Stretch, Sold], ...]:
    """What an agreement sells by the unit, by service and in order of time."""
    return tuple(
        found
        for name, steps in agreement.services.items()
        for found in runs(_sold(shared, agreement, shared.services[name], steps, currency))
    )


def _sold(
    shared: Shared,
    agreement: Agreement,
    service: Service | ServiceBundle,
    steps: Sequence[UnitStep],
    currency: str,
) -> Iterator[tuple[Stretch, Sold]]:
    listed = _list_prices(shared, service)
    prices = [price for price, _ in listed]
    prices += [step.price for step in steps if step.price is not None]
    cuts = [step.start for step in steps if step.start is not None]
    cuts += [day for price in prices for day in price.changes()]
    for life in pieces(agreement.life, cuts):
        begun = [step for step in steps if step.start is None or step.start <= life.start]
        if not begun:
            continue
        by_list = _sum(listed, life.start, currency)
        own = begun[-1].price
        price = by_list
        if own is not None:
            price = _sum([(own, agreement.subject)], life.start, currency)
        yield life, Sold(service, begun[-1].units, price, by_list)


def list_price(shared: Shared, service: Service | ServiceBundle, day: date, currency: str) -> Rate:
    """What a unit costs by the list; of a bundle without a price, what its services cost."""
    return _sum(_list_prices(shared, service), day, currency)


def _list_prices(shared: Shared, service: Service | ServiceBundle) -> tuple[tuple[Price, str], ...]:
    """The prices that add up to a list price, with their subjects."""
    if service.price is not None:
        return ((service.price, service.subject),)
    parts = (shared.services[name] for name in service.services)
    return tuple((part.price, part.subject) for part in parts if part.price is not None)


def _sum(prices: Sequence[tuple[Price, str]], day: date, currency: str) -> Rate:
    amounts = [price.amount(day, currency) for price, _ in prices]
    known = [amount for amount in amounts if amount is not None]
    missing = len(known) < len(amounts)
    sources = tuple(source for _, source in prices)
    return Rate(None if missing else sum(known, Decimal(0)), missing, sources)


def terms(contract: Contract) -> tuple[tuple[Stretch, Terms], ...]:
    """A contract's terms in order of time, for as long as its tier has it."""
    return tuple(
        runs(
            (phase.life, Terms(phase.terms, written_by(contract, phase)))
            for phase in contract.phases
            if not phase.retired
        )
    )


def each_once(contract: Contract, of: Callable[[ContractTerms], Sequence[T]]) -> list[T]:
    """What the terms of a contract hold, each once, though they may be those of several phases."""
    told = list(of(contract.phases[0].terms))
    for before, phase in pairwise(contract.phases):
        if phase.terms is not before.terms:
            left = list(told)
            for row in of(phase.terms):
                if row in left:
                    left.remove(row)
                else:
                    told.append(row)
    return told


def setup_fees(contract: Contract, currency: str) -> Iterator[tuple[Stretch, Decimal | None]]:
    """The fee that stands on a contract: that of its first day."""
    for phase in contract.phases:
        fee = phase.terms.setup_fee
        amounts = fee.on(contract.life.start) if fee is not None else None
        if amounts is not None:
            yield phase.life, amounts.get(currency)


def rates(contract: Contract, role: Role, currency: str) -> tuple[tuple[Stretch, Rate], ...]:
    """What an hour of a role costs on a contract, before what the work type makes of it."""
    return tuple(runs(_in_use(role, _rates(contract, role, currency))))


def _rates(contract: Contract, role: Role, currency: str) -> Iterator[tuple[Stretch, Rate]]:
    for phase in contract.phases:
        if phase.retired:
            continue
        agreed = [price for price, _ in contract_rates(contract, phase, role.name)]
        cuts = [day for price in (*agreed, role.rate) for day in price.changes()]
        for life in pieces(phase.life, cuts):
            yield life, contract_rate(contract, phase, role, life.start, currency)


def factors(contract: Contract, role: Role) -> tuple[tuple[Stretch, Factor], ...]:
    """How many hours a block contract is debited for an hour of a role."""
    return tuple(runs(_in_use(role, _factors(contract, role))))


def _factors(contract: Contract, role: Role) -> Iterator[tuple[Stretch, Factor]]:
    for life, found in terms(contract):
        if role.name in found.written.block_factors:
            yield life, Factor(found.written.block_factors[role.name], found.source)
        else:
            yield life, Factor(role.block_factor, role.subject)


def _in_use(role: Role, held: Iterable[tuple[Stretch, T]]) -> Iterator[tuple[Stretch, T]]:
    """What holds on the days on which a role is in use."""
    begins = role.start or date.min
    for life, value in held:
        if life.end >= begins:
            yield Stretch(max(life.start, begins), life.end), value
