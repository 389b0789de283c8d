"""What each client is billed by, price by price: for rules about money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement, UnitStep
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import Fixed, Flat, Plus
from billing_dsl.model.calendar import Stretch, day_before, gaps, pieces
from billing_dsl.model.money import Price, stored
from billing_dsl.rules._prices import (
    Quote,
    above_zero,
    prices_of_agreement,
    prices_of_terms,
    quotes,
    since,
)


@dataclass(slots=True)
class PriceList:
    """What is known of the shared prices, worked out once for all clients."""

    places: Mapping[int, Quote]
    """Where each shared price is written, by the identity of its value."""
    billable: Mask
    at_role_rate: Mask
    """The cells whose rate is the role's, multiplied or as it is."""
    added_to: Sequence[tuple[Mask, Price]]
    """The cells of each billable work type that adds to the role's rate, and what it adds."""
    by_themselves: Sequence[tuple[Mask, Price]]
    """The cells of each billable work type with a rate or amount of its own, and that price."""
    all_above_zero: bool
    known_since: dict[tuple[str, tuple[str, str]], date] = field(default_factory=dict)


def price_list(client: ClientCoverage) -> PriceList:
    """The shared prices, gathered when the first client asks for them."""
    return client.family.walker.once("prices", lambda: _gathered(client))


def _gathered(client: ClientCoverage) -> PriceList:
    shared, cells = client.shared, client.cells
    tiers = {tier.tier.key: tier.tier for tier in shared.tiers.values()}
    declared = (*shared.roles, *shared.work_types, *shared.services.values(), *tiers.values())
    found = [quote for declaration in declared for quote in quotes(declaration)]
    billable = at_role_rate = 0
    added_to: list[tuple[Mask, Price]] = []
    by_themselves: list[tuple[Mask, Price]] = []
    for work_type in shared.work_types:
        if not work_type.billable:
            continue
        mask = cells.by_work_type[work_type.name]
        billable |= mask
        match work_type.rate:
            case Plus(price):
                added_to.append((mask, price))
            case Fixed(price) | Flat(price):
                by_themselves.append((mask, price))
            case _:
                at_role_rate |= mask
    return PriceList(
        {id(quote.price): quote for quote in found},
        billable,
        at_role_rate,
        added_to,
        by_themselves,
        all(above_zero(quote.price) for quote in found if quote.billed),
    )


def all_in(client: ClientCoverage, currency: str) -> bool:
    """Whether every price that may be billed to a client surely has an amount in a currency.

    A quick look; where it says no, the charges themselves tell.
    """
    known = price_list(client).known_since
    for agreement in client.family.book.agreements:
        parts = [("rates", "")]
        parts += [("tier", choice.written) for choice in agreement.tiers]
        parts += [("service", service) for service in agreement.services]
        start = agreement.life.start
        for part in parts:
            day = known.get((currency, part))
            if day is None:
                day = known[currency, part] = _since(client.shared, *part, currency)
            if day > start:
                return False
        for price in prices_of_agreement(agreement):
            if since(price, currency) != date.min:
                return False
    return True


def _since(shared: Shared, what: str, name: str, currency: str) -> date:
    """The day from which a part of the shared prices has amounts in a currency for good."""
    match what:
        case "rates":
            days = _rates_since(shared, currency)
        case "service":
            days = (since(price, currency) for price in _parts(shared, name, set()))
        case _:
            days = _tier_since(shared, name, currency)
    return max(days, default=date.min)


def _rates_since(shared: Shared, currency: str) -> Iterator[date]:
    for role in shared.roles:
        yield since(role.rate, currency, role.start)
    for work_type in shared.work_types:
        match work_type.rate:
            case Plus(price) | Fixed(price) | Flat(price) if work_type.billable:
                yield since(price, currency, work_type.start)
            case _:
                pass


def _tier_since(shared: Shared, written: str, currency: str) -> Iterator[date]:
    versions = [shared.tiers[written]] if "@" in written else shared.tier_versions(written)
    for tier in versions:
        for terms in tier.contracts.values():
            for price in prices_of_terms(terms):
                yield since(price, currency)
        for row in tier.rates:
            yield since(row.rate, currency)


def quote_of(client: ClientCoverage, price: Price) -> Quote:
    """Where a price is written by which a client is billed."""
    known = price_list(client).places.get(id(price))
    if known is not None:
        return known
    agreements = client.family.book.agreements
    return next(q for agreement in agreements for q in quotes(agreement) if q.price is price)


@dataclass(frozen=True, slots=True)
class Charge:
    """A price by which a client is billed from a day on.

    `amount` is the price in the client's currency, None where it has none. `rate` is what an hour,
    an entry, a ticket or a unit costs by it, None where something else decides that too. `cells`
    are the kinds of work that are billed by it, none for what is bought in advance.
    """

    price: Price
    day: date
    amount: Decimal | None
    rate: Decimal | None
    agreement: Agreement
    contract: Contract | None = None
    cells: Mask = 0


def charges(client: ClientCoverage) -> Iterator[Charge]:
    """Every price by which a client is billed, in order of time; some of them several times."""
    yield from _purchases(client)
    yield from _units(client)
    for covered in client.covered:
        segment = covered.segment
        starts: dict[int, Agreement] = {}
        if covered.start is not None:
            starts[covered.position] = covered.start.agreement
        for position, contract in enumerate(segment.contracts):
            agreement = contract.agreement
            if agreement.default or contract.client != client.client.name:
                continue
            firsts = client.shared.expander.first_contracts(agreement)
            if any(first == contract.id and segment.life.start in life for life, first in firsts):
                starts.setdefault(position, agreement)
        for position, agreement in starts.items():
            for end in client.family.routing(segment, position):
                yield from _work(client, segment, end, agreement)


def _decided(prices: Sequence[Price], life: Stretch) -> Iterator[tuple[Price, Stretch]]:
    """Which of several prices counts on which days: the first of them that has begun.

    Where none has, it is the last of them, without an amount.
    """
    for piece in pieces(life, (day for price in prices for day in price.changes())):
        begun = (price for price in prices if price.on(piece.start) is not None)
        yield next(begun, prices[-1]), piece


def _work(
    client: ClientCoverage, segment: Segment, end: End, agreement: Agreement
) -> Iterator[Charge]:
    known, currency = price_list(client), client.client.currency
    cells = end.cells & known.billable
    if not cells:
        return
    contract: Contract | None = None
    phase: Phase | None = None
    if end.outcome is Outcome.COVERED:
        contract, phase = segment.contracts[end.contract], segment.phases[end.contract]
        match contract.type:
            case ContractType.RECURRING_SERVICE | ContractType.FIXED_PRICE:
                return
            case ContractType.PER_TICKET:
                return  # the purchases themselves are charges
            case ContractType.BLOCK_HOURS:
                yield from _overage(client, segment, contract, phase, cells, agreement)
                return
    for of_type, price in known.by_themselves:
        mask = cells & of_type
        if mask:
            for _, piece in _decided([price], segment.life):
                amount = price.amount(piece.start, currency)
                yield Charge(price, piece.start, amount, amount, agreement, contract, mask)
    for role in client.shared.roles:
        of_role = cells & client.cells.by_role[role.name]
        at_rate = based = of_role & known.at_role_rate
        added = [(of_role & of_type, more) for of_type, more in known.added_to if of_role & of_type]
        for mask, _ in added:
            based |= mask
        if not based:
            continue
        chain = _rates(contract, phase, role)
        for price, piece in _decided(chain, segment.life):
            amount = price.amount(piece.start, currency)
            mask, rate = (at_rate, amount) if at_rate and amount is not None else (based, None)
            yield Charge(price, piece.start, amount, rate, agreement, contract, mask)
        for mask, more in added:
            for piece in pieces(segment.life, _changes([*chain, more])):
                base = next(price for price, _ in _decided(chain, piece))
                one, two = (price.amount(piece.start, currency) for price in (base, more))
                rate = None if one is None or two is None else stored(one + two)
                yield Charge(more, piece.start, two, rate, agreement, contract, mask)


def _changes(prices: Iterable[Price]) -> Iterator[date]:
    return (day for price in prices for day in price.changes())


def _rates(contract: Contract | None, phase: Phase | None, role: Role) -> list[Price]:
    """The rates of a role on a contract, the strongest first."""
    if contract is None or phase is None:
        return [role.rate]
    return [*(price for price, _ in contract_rates(contract, phase, role.name)), role.rate]


def _overage(
    client: ClientCoverage,
    segment: Segment,
    contract: Contract,
    phase: Phase,
    cells: Mask,
    agreement: Agreement,
) -> Iterator[Charge]:
    """The charges of work on a block contract on days without a usable block."""
    currency = client.client.currency
    for gap in gaps(segment.life, (block.life for block in contract.blocks)):
        for role in client.shared.roles:
            mask = cells & client.cells.by_role[role.name]
            if not mask:
                continue
            chain = _rates(contract, phase, role)
            if phase.terms.overage_rate is not None:
                chain.insert(0, phase.terms.overage_rate)
            for price, piece in _decided(chain, gap):
                amount = price.amount(piece.start, currency)
                yield Charge(price, piece.start, amount, amount, agreement, contract, mask)


def _purchases(client: ClientCoverage) -> Iterator[Charge]:
    """What is paid whatever the work: blocks, tickets, retainers, milestones, setup fees."""
    currency = client.client.currency

    def bought(price: Price, life: Stretch, contract: Contract, is_rate: bool) -> Iterator[Charge]:
        for _, piece in _decided([price], life):
            amount = price.amount(piece.start, currency)
            rate = amount if is_rate else None
            yield Charge(price, piece.start, amount, rate, contract.agreement, contract)

    for contract in client.contracts:
        for block in contract.blocks:
            yield from bought(block.rate, block.life, contract, True)
        written = {id(phase.terms): phase.terms for phase in contract.phases}
        first = contract.phases[0].terms
        if first.setup_fee is not None:
            day = contract.life.start
            yield from bought(first.setup_fee, Stretch(day, day), contract, False)
        for terms in written.values():
            for milestone in terms.milestones:
                life = Stretch(milestone.due, milestone.due)
                yield from bought(milestone.amount, life, contract, False)
            for retainer in terms.retainers:
                life = Stretch(retainer.start, retainer.start)
                yield from bought(retainer.amount, life, contract, False)
            for tickets in terms.tickets:
                life = Stretch(tickets.start, tickets.end)
                yield from bought(tickets.rate, life, contract, True)


def _units(client: ClientCoverage) -> Iterator[Charge]:
    """What is paid for services by the unit."""
    currency = client.client.currency
    for agreement in client.agreements:
        for name, steps in agreement.services.items():
            for step, life in units_sold(agreement, steps):
                for chain, whole in _unit_prices(client.shared, name, step.price):
                    for price, piece in _decided(chain, life):
                        amount = price.amount(piece.start, currency)
                        rate = amount if whole else None
                        yield Charge(price, piece.start, amount, rate, agreement)


def units_sold(
    agreement: Agreement, steps: Sequence[UnitStep]
) -> Iterator[tuple[UnitStep, Stretch]]:
    """The days of an agreement on which it has units of a service, step by step."""
    starts = [step.start or agreement.life.start for step in steps]
    ends = [*(day_before(start) for start in starts[1:]), agreement.life.end]
    for step, start, end in zip(steps, starts, ends, strict=True):
        life = Stretch(max(start, agreement.life.start), min(end, agreement.life.end))
        if step.units and life.start <= life.end:
            yield step, life


def _unit_prices(
    shared: Shared, name: str, agreed: Price | None
) -> Iterator[tuple[list[Price], bool]]:
    """The prices that make up a unit's, each with what stands in for it until it begins.

    Also tells whether it is the whole price: a bundle may cost what its services cost.
    """
    sold = shared.services[name]
    own = [price for price in (agreed, sold.price) if price is not None]
    if sold.price is not None or (agreed is not None and agreed.steps[0].start is None):
        yield own, True
        return
    for part in _parts(shared, name, set()):
        yield [*own, part], False


def _parts(shared: Shared, name: str, seen: set[str]) -> Iterator[Price]:
    """The prices whose sum is the price of a service or bundle."""
    sold = shared.services[name]
    if sold.price is not None:
        yield sold.price
    elif name not in seen:
        seen.add(name)
        for part in sold.services:
            yield from _parts(shared, part, seen)


def witness(client: ClientCoverage, charge: Charge) -> str:
    """What is billed by a charge, in words: one kind of work, or the purchase."""
    on = f" on contract `{charge.contract.name}`" if charge.contract else ""
    if not charge.cells:
        return f"agreement `{charge.agreement.name}`{on} from {charge.day}"
    cell = client.cells.boxes(charge.cells)[0].witness
    under = f" under `{cell.sub_issue}`" if cell.sub_issue else ""
    return f"`{cell.work_type}` by `{cell.role}`{under}{on} from {charge.day}"
