"""Prices and where they are written: for rules about money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from billing_dsl.book.book import Shared
from billing_dsl.diagnostics import Place
from billing_dsl.kinds._contract import ContractTerms
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, WorkType
from billing_dsl.model.money import Price, Step

Priced: TypeAlias = Role | WorkType | Service | ServiceBundle | Tier | Agreement
"""A document that holds prices."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A price where it is written, and what a person calls it."""

    price: Price
    place: Place
    subject: str
    what: str
    billed: bool = True
    """Whether a client may be billed by it; costs and the price of a tier are for reading."""

    def amount_of(self, step: Step) -> Place:
        """Where the amount of one of its steps is written."""
        return self._at(step, step.word)

    def day_of(self, step: Step) -> Place:
        """Where the first day of one of its steps is written."""
        return self._at(step, "from")

    def _at(self, step: Step, word: str) -> Place:
        if step.position is None:
            return self.place
        return replace(self.place, route=(*self.place.route, step.position, word))


def quotes(declaration: Priced) -> Iterator[Quote]:
    """Every price that a document writes, in order of its fields."""
    subject = declaration.subject
    match declaration:
        case Role(name=name, rate=rate, cost=cost):
            yield Quote(rate, declaration.at("rate"), subject, f"the rate of role `{name}`")
            if cost is not None:
                what = f"the cost of role `{name}`"
                yield Quote(cost, declaration.at("cost"), subject, what, False)
        case WorkType(name=name, rate=method):
            what = f"work type `{name}`"
            match method:
                case Plus(amount):
                    place = declaration.at("rate", "amount")
                    yield Quote(amount, place, subject, f"the amount added by {what}")
                case Flat(amount):
                    place = declaration.at("rate", "amount")
                    yield Quote(amount, place, subject, f"the amount for each entry of {what}")
                case Fixed(amount):
                    place = declaration.at("rate", "rate")
                    yield Quote(amount, place, subject, f"the rate of {what}")
        case Service(name=name, price=price, cost=cost):
            yield from _sold(declaration, f"service `{name}`", price, cost)
        case ServiceBundle(name=name, price=price, cost=cost):
            yield from _sold(declaration, f"service bundle `{name}`", price, cost)
        case Tier():
            if declaration.price is not None:
                what = f"the price of tier `{declaration.key}`"
                yield Quote(declaration.price, declaration.at("price"), subject, what, False)
            yield from _of_contracts(declaration)
            yield from _of_rates(declaration)
        case _:
            yield from _of_contracts(declaration)
            for name, steps in declaration.services.items():
                for step in steps:
                    if step.price is not None:
                        row = () if step.position is None else (step.position,)
                        place = declaration.at("services", name, *row, "price")
                        what = f"the agreed price of `{name}`"
                        yield Quote(step.price, place, subject, what)
            for position, block in enumerate(declaration.blocks):
                what = f"the rate of a block of contract `{block.contract}`"
                yield Quote(block.rate, declaration.at("blocks", position, "rate"), subject, what)
            yield from _of_rates(declaration)


def _sold(
    declaration: Service | ServiceBundle, what: str, price: Price | None, cost: Price | None
) -> Iterator[Quote]:
    if price is not None:
        subject = declaration.subject
        yield Quote(price, declaration.at("price"), subject, f"the price of {what}")
    if cost is not None:
        yield Quote(cost, declaration.at("cost"), declaration.subject, f"the cost of {what}", False)


def _of_rates(declaration: Tier | Agreement) -> Iterator[Quote]:
    for position, row in enumerate(declaration.rates or ()):
        what = f"the rate of role `{row.role}` on contract `{row.contract}`"
        place = declaration.at("rates", position, "rate")
        yield Quote(row.rate, place, declaration.subject, what)


def _of_contracts(declaration: Tier | Agreement) -> Iterator[Quote]:
    subject = declaration.subject
    for terms in declaration.contracts:
        here = ("contracts", terms.name)
        whose = f"of contract `{terms.name}`"
        if terms.overage_rate is not None:
            place = declaration.at(*here, "overage_rate")
            yield Quote(terms.overage_rate, place, subject, f"the overage rate {whose}")
        if terms.setup_fee is not None:
            place = declaration.at(*here, "setup_fee")
            yield Quote(terms.setup_fee, place, subject, f"the setup fee {whose}")
        for role, rate in terms.rates.items():
            place = declaration.at(*here, "rates", role, "rate")
            what = f"the rate of role `{role}` on contract `{terms.name}`"
            yield Quote(rate, place, subject, what)
        for row, milestone in enumerate(terms.milestones):
            place = declaration.at(*here, "milestones", row, "amount")
            yield Quote(milestone.amount, place, subject, f"the amount of a milestone {whose}")
        for row, retainer in enumerate(terms.retainers):
            place = declaration.at(*here, "retainers", row, "amount")
            yield Quote(retainer.amount, place, subject, f"the amount of a retainer {whose}")
        for row, tickets in enumerate(terms.tickets):
            place = declaration.at(*here, "tickets", row, "rate")
            yield Quote(tickets.rate, place, subject, f"the rate of tickets {whose}")


def shared_quotes(shared: Shared) -> Iterator[Quote]:
    """Every price of the documents that clients share, in order of kinds and names."""
    catalogue = shared.catalogue
    priced: tuple[Priced, ...] = (
        *catalogue.all(Role),
        *catalogue.all(WorkType),
        *catalogue.all(Service),
        *catalogue.all(ServiceBundle),
        *catalogue.all(Tier),
    )
    for declaration in priced:
        yield from quotes(declaration)


def prices_of_agreement(agreement: Agreement) -> Iterator[Price]:
    """Every price that an agreement writes itself: quickly, without saying where."""
    for block in agreement.blocks:
        yield block.rate
    for row in agreement.rates:
        yield row.rate
    for steps in agreement.services.values():
        for step in steps:
            if step.price is not None:
                yield step.price
    for terms in agreement.contracts:
        yield from prices_of_terms(terms)


def prices_of_terms(terms: ContractTerms) -> Iterator[Price]:
    """Every price of a contract as written, without saying where."""
    if terms.overage_rate is not None:
        yield terms.overage_rate
    if terms.setup_fee is not None:
        yield terms.setup_fee
    yield from terms.rates.values()
    for milestone in terms.milestones:
        yield milestone.amount
    for retainer in terms.retainers:
        yield retainer.amount
    for tickets in terms.tickets:
        yield tickets.rate


def since(price: Price, currency: str, used_from: date | None = None) -> date:
    """The day from which a price has an amount in a currency for good; the last day if never.

    Nobody asks for one before the day from which it is used.
    """
    if any(currency not in step.amounts for step in price.steps):
        return date.max
    start = price.steps[0].start
    if start is None or (used_from is not None and start <= used_from):
        return date.min
    return start


def above_zero(price: Price) -> bool:
    """Whether every amount of a price is more than nothing."""
    return all(amount > 0 for step in price.steps for amount in step.amounts.values())
