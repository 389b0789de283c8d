"""What an agreement comes to beside its cover, compared: what is bought, for what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing_dsl.analysis.agreed import each_once, setup_fees, sold
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement, Renewal
from billing_dsl.kinds.service import Period
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch, day_after, pieces, runs


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a service, and what one of them costs for one of its periods.

    `price` is None where there is no amount in the client's currency. `invoiced` is how often the
    contract that carries them is. `parts` are the services of a bundle.
    """

    units: Decimal
    price: Decimal | None
    period: Period
    currency: str
    invoiced: Period = Period.MONTHLY
    parts: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """What all of them cost for a period."""
        return money.posted(self.units * self.price) if self.price is not None else None


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A service of which something else is bought after than before, on these days."""

    service: str
    life: Stretch
    before: Units | None
    after: Units | None


class What(StrEnum):
    """What is bought or paid once, in the order in which documents tell of it."""

    BLOCK = "block"
    RETAINER = "retainer"
    TICKETS = "tickets"
    MILESTONE = "milestone"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something bought or due once: for which days, how much of it, and what it costs.

    `price` is that of one hour or ticket; `quantity` is None where an amount is paid as it stands.
    A payment has a title and is due on its first day.
    """

    what: What
    contract: str
    life: Stretch
    title: str
    quantity: Decimal | None
    price: Decimal | None
    currency: str

    @property
    def total(self) -> Decimal | None:
        """What has to be paid for it."""
        if self.price is None or self.quantity is None:
            return self.price
        return money.posted(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class PurchaseChange:
    """What is bought otherwise after than before: another one, a new one, or none any more."""

    before: Purchase | None
    after: Purchase | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of an agreement: its days, what was agreed for its end, the client's currency, and
    how time is rounded before it is billed, in minutes.
    """

    life: Stretch
    renewal: Renewal | None
    currency: str
    rounding: Decimal


@dataclass(frozen=True, slots=True)
class DealChange:
    """What changes in an agreement beside its cover. One side is None where there is none of it.

    Of an agreement that is new, or gone, all that is bought is there too.
    """

    agreement: str
    before: Terms | None
    after: Terms | None
    services: tuple[ServiceChange, ...]
    purchases: tuple[PurchaseChange, ...]
    sold: Mapping[str, tuple[tuple[Stretch, Units], ...]] = field(compare=False, repr=False)
    """All that is bought by the unit after, whether it changes or not."""

    def __bool__(self) -> bool:
        return self.before != self.after or bool(self.services or self.purchases)


@dataclass(frozen=True, slots=True)
class Deal:
    """One side of an agreement. Services and contracts have the names that they have on both."""

    terms: Terms
    services: Mapping[str, tuple[tuple[Stretch, Units], ...]]
    purchases: tuple[Purchase, ...]


def deal(
    view: ClientCoverage,
    agreement: Agreement,
    services: Mapping[str, str],
    contracts: Mapping[str, str],
) -> Deal:
    """What an agreement comes to. `services` and `contracts` are called otherwise on both sides."""
    currency, settings = view.client.currency, view.shared.settings
    own = [one for one in view.contracts if one.agreement.name == agreement.name]
    held: dict[str, list[tuple[Stretch, Units]]] = {}
    for life, found in sold(view.shared, agreement, currency):
        if found.units:
            service = found.service
            invoiced = _invoiced(service.name, own)
            inner = service.services if isinstance(service, ServiceBundle) else ()
            parts = tuple(sorted(services.get(name, name) for name in inner))
            paid = found.price.amount, service.period, currency
            units = Units(found.units, *paid, invoiced, parts)
            held.setdefault(services.get(service.name, service.name), []).append((life, units))
    bought = _purchases(own, agreement, currency, contracts)
    return Deal(
        Terms(agreement.life, agreement.renewal, currency, settings.hours_rounding),
        {name: tuple(runs(rows)) for name, rows in sorted(held.items())},
        tuple(sorted(bought, key=_order)),
    )


def _invoiced(service: str, contracts: Sequence[Contract]) -> Period:
    """How often the contract is invoiced that carries a service: the first that sells it, or else
    the first recurring one.
    """
    sell = (one for one in contracts if any(service in p.terms.services for p in one.phases))
    recurring = (one for one in contracts if one.type is ContractType.RECURRING_SERVICE)
    found = next(sell, None) or next(recurring, None)
    # Autotask fixes it with the first day of a contract.
    return found.phases[0].terms.period if found is not None else Period.MONTHLY


def compared(agreement: str, before: Deal | None, after: Deal | None) -> DealChange:
    """What changes between the two sides of an agreement."""
    one, other = before.services if before else {}, after.services if after else {}
    return DealChange(
        agreement,
        before.terms if before else None,
        after.terms if after else None,
        tuple(
            change
            for name in sorted({*one, *other})
            for change in _services(name, one.get(name, ()), other.get(name, ()))
        ),
        tuple(_changed(before.purchases if before else (), after.purchases if after else ())),
        other,
    )


# --- services ------------------------------------------------------------------------------------


def _services(
    name: str,
    before: Sequence[tuple[Stretch, Units]],
    after: Sequence[tuple[Stretch, Units]],
) -> Iterator[ServiceChange]:
    every = [life for life, _ in (*before, *after)]
    whole = Stretch(min(life.start for life in every), max(life.end for life in every))
    cuts = {day for life in every for day in (life.start, day_after(life.end))}
    held = (
        (life, (units_on(life.start, before), units_on(life.start, after)))
        for life in pieces(whole, cuts)
    )
    for life, (one, other) in runs(held):
        if one != other:
            yield ServiceChange(name, life, one, other)


def units_on(day: date, held: Iterable[tuple[Stretch, Units]]) -> Units | None:
    """What is bought on a day, of what is bought on some."""
    return next((units for life, units in held if day in life), None)


# --- what is bought once -------------------------------------------------------------------------


def _purchases(
    contracts: Sequence[Contract], agreement: Agreement, currency: str, names: Mapping[str, str]
) -> Iterator[Purchase]:
    for block in agreement.blocks:
        name = names.get(block.contract, block.contract)
        price = block.rate.amount(block.life.start, currency)
        yield Purchase(What.BLOCK, name, block.life, "", block.hours, price, currency)
    life = agreement.life
    for contract in contracts:
        name = names.get(contract.name, contract.name)
        for bought in each_once(contract, lambda terms: terms.retainers):
            days = Stretch(bought.start, bought.end)
            if _meet(days, life):
                price = bought.amount.amount(days.start, currency)
                yield Purchase(What.RETAINER, name, days, "", None, price, currency)
        for pack in each_once(contract, lambda terms: terms.tickets):
            days = Stretch(pack.start, pack.end)
            if _meet(days, life):
                price = pack.rate.amount(days.start, currency)
                count = Decimal(pack.tickets)
                yield Purchase(What.TICKETS, name, days, "", count, price, currency)
        for payment in each_once(contract, lambda terms: terms.milestones):
            days = Stretch(payment.due, payment.due)
            price = payment.amount.amount(payment.due, currency)
            yield Purchase(What.MILESTONE, name, days, payment.title, None, price, currency)
        for days, amount in runs(setup_fees(contract, currency)):
            due = Stretch(days.start, days.start)
            yield Purchase(What.SETUP, name, due, "", None, amount, currency)


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.start <= other.end and one.end >= other.start


def _order(one: Purchase) -> tuple[object, ...]:
    return (
        list(What).index(one.what),
        *(one.life.start, one.contract, one.title, one.life.end),
        *(one.quantity or 0, one.price or 0, one.currency),
    )


def _changed(before: Sequence[Purchase], after: Sequence[Purchase]) -> Iterator[PurchaseChange]:
    """What is on one side only; two of one kind that begin together are one that was changed."""
    new = list(after)
    gone: list[Purchase] = []
    for one in before:
        if one in new:
            new.remove(one)
        else:
            gone.append(one)
    changes: list[PurchaseChange] = []
    for one in gone:
        found = next((other for other in new if _begins(other) == _begins(one)), None)
        if found is not None:
            new.remove(found)
        changes.append(PurchaseChange(one, found))
    changes += [PurchaseChange(None, other) for other in new]
    return iter(sorted(changes, key=lambda change: _order(_either(change))))


def _begins(one: Purchase) -> tuple[object, ...]:
    return one.what, one.contract, one.title, one.life.start


def _either(change: PurchaseChange) -> Purchase:
    found = change.after or change.before
    if found is None:
        raise ValueError("a change of nothing is none")
    return found
