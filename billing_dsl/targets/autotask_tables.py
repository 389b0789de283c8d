"""Every object of the book in tables: for review, and for importers of other makers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.agreed import each_once, setup_fees
from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.analysis.views import Declared
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType, Exclusions
from billing_dsl.kinds.agreement import UnitStep
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.calendar import Stretch, pieces, runs
from billing_dsl.model.money import Price, starts
from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Passages,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._contracts import (
    PERIODS,
    TYPES,
    Account,
    linked,
    note,
    noted,
    rated_roles,
    units_on,
)
from billing_dsl.targets._csv import Cell, table
from billing_dsl.targets._in_short import SetInUse
from billing_dsl.targets._lanes import BookObject, ClientLanes, Lane, SharedLanes, lanes
from billing_dsl.targets._shared import methods
from billing_dsl.targets._values import iso

FOLDER = "autotask"

T = TypeVar("T")

Rows: TypeAlias = Iterable[Sequence[Cell]]
Place: TypeAlias = tuple[Account, Contract]


@dataclass(frozen=True, slots=True)
class Book:
    """A client's part of the book. `contracts` are all there are, ended ones too."""

    lanes: ClientLanes
    contracts: tuple[Place, ...]
    alike: dict[tuple[int, int], list[Excluded]]
    """What is excluded in phases of tiers that are the same for many clients."""


@dataclass(frozen=True, slots=True)
class Common:
    """What clients share."""

    declared: Declared
    lanes: SharedLanes
    carriers: Mapping[str, int]
    """How many contracts carry each set."""


@target
def autotask_tables(compilation: Compilation) -> Teller:
    """Every object of the book in `autotask/*.csv`, over all its life, ended agreements too.

    Contracts and everything on them are told by the catalogue's names, as AGREEMENT/CONTRACT; the
    names in Autotask stand beside them. Amounts have a currency. What changes over time has a row
    for each stretch of days on which nothing in the row changes: with its first and last day,
    included, or `from` a day until the next row of the same thing. An empty amount is one that the
    catalogue does not state. `objects.csv` tells the lane of each object and why a person has to
    make it.
    """
    return _Tables(compilation)


class _Tables(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._declared = compilation.declared
        self._lanes = lanes(compilation)
        self._alike: dict[tuple[int, int], list[Excluded]] = {}

    def of_family(self, views: Views) -> Iterator[Passage]:
        for client in self._lanes.of_family(views):
            name, account = client.name, client.account
            book = Book(client, tuple([(account, each) for each in account.contracts]), self._alike)
            yield Passage(name, f"{_path('objects')}#companies", table(_objects(client.companies)))
            yield Passage(name, f"{_path('objects')}#others", table(_objects(client.objects)))
            for of, (_, rows) in OF_CLIENTS.items():
                yield Passage(name, _path(of), table(rows(book)))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        carriers: dict[str, int] = {}
        for client in everybody.in_short:
            for found in client.sets:
                carriers[found.set.id] = carriers.get(found.set.id, 0) + found.contracts
        shared = self._lanes.of_all(everybody)
        yield _table(
            "objects",
            OBJECTS,
            (table(_objects(shared.lists)),),
            everybody.passages(f"{_path('objects')}#companies"),
            (table(_objects(shared.sets)),),
            everybody.passages(f"{_path('objects')}#others"),
        )
        common = Common(self._declared, shared, carriers)
        for of, (columns, make) in SHARED.items():
            yield _table(of, columns, (table(make(common)),))
        for of, (columns, _) in OF_CLIENTS.items():
            yield _table(of, columns, everybody.passages(_path(of)))


def _path(of: str) -> str:
    return f"{FOLDER}/{of}.csv"


def _table(of: str, columns: str, *rows: Iterable[bytes | Passages]) -> Assembled:
    return Assembled(_path(of), chain((table([columns.split()]),), *rows), "table")


def _objects(objects: Iterable[BookObject]) -> Rows:
    lanes = {lane: lane.value for lane in Lane}
    for each in objects:
        yield (
            each.id,
            each.entity,
            each.name,
            each.client,
            lanes[each.lane],
            each.day,
            "; ".join(each.reasons),
        )


def _companies(book: Book) -> Rows:
    client = book.lanes.account.view.client
    address = client.address
    yield (
        client.name,
        client.organization,
        client.number,
        client.legal_name,
        client.parent,
        client.currency,
        client.language,
        client.phone,
        address.get("street", ""),
        address.get("street2", ""),
        address.get("city", ""),
        address.get("state", ""),
        address.get("postal_code", ""),
        client.country,
        client.tax_region,
        client.tax_id,
        client.owner,
    )


def _roles(common: Common) -> Rows:
    for role in common.declared.shared.roles:
        for start, currency, (amount,) in _steps(role.rate):
            yield (
                role.name,
                role.autotask_name,
                start,
                currency,
                amount,
                role.block_factor,
                role.start,
            )


def _work_types(common: Common) -> Rows:
    shared = common.declared.shared
    for found in shared.work_types:
        for start, rate in methods(found.rate, shared.settings.currency):
            yield (
                found.name,
                found.title,
                found.billing_class.value,
                found.billable,
                start,
                rate,
                found.minimum_hours,
                found.maximum_hours,
                found.after_hours,
                found.start,
                found.tax_category,
                found.ledger,
                found.external_number,
                found.description,
            )


def _sub_issues(common: Common) -> Rows:
    for found in common.declared.shared.sub_issues:
        yield found.name, found.issue, found.title


def _services(common: Common) -> Rows:
    for found in common.declared.shared.services.values():
        bundle = found if isinstance(found, ServiceBundle) else None
        same = (
            found.name,
            found.title,
            "bundle" if bundle else "service",
            PERIODS[found.period],
            found.billing_code,
            found.invoice_description,
            " ".join(bundle.services) if bundle else "",
        )
        cost = found.cost if isinstance(found, Service) else None
        if found.price is None and cost is None:
            yield (*same, None, None, None, None)
        for start, currency, (amount, spent) in _steps(found.price, cost):
            yield (*same, start, currency, amount, spent)


def _exclusion_sets(common: Common) -> Rows:
    for name, found in common.lanes.known_sets.items():
        yield (
            name.partition(":")[2],
            found.name,
            found.tier,
            found.contract,
            found.own,
            common.carriers.get(name, 0),
        )


def _exclusion_set_rows(common: Common) -> Rows:
    for name, found in common.lanes.known_sets.items():
        for dimension, thing in _each(found):
            yield (
                name.partition(":")[2],
                found.name,
                dimension,
                thing,
                common.lanes.names[f"{dimension}:{thing}"],
            )


def _contracts(book: Book) -> Rows:
    ended = {contract.id for contract in book.lanes.ended}
    for account, contract in book.contracts:
        state = "ended" if contract.id in ended else ""
        phases = (
            (life, _told(contract, phase, link)) for life, phase, link in _held(account, contract)
        )
        for life, (before, after) in runs(phases):
            yield (*before, iso(life.start), iso(life.end), *after, state)


def _told(contract: Contract, phase: Phase, link: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a contract is in a phase, in the columns before its days and in those after them."""
    terms = phase.terms
    return (
        (
            contract.id,
            contract_title(contract.agreement, contract.name),
            contract.client,
            contract.agreement.name,
            TYPES[terms.type],
            terms.number or contract.agreement.number,
            terms.category,
            PERIODS[terms.period] if terms.type is ContractType.RECURRING_SERVICE else "",
            iso(contract.life.start),
            iso(contract.life.end),
        ),
        (
            phase.tier.key if phase.tier is not None else "",
            phase.set_use.name if phase.set_use is not None else "",
            link,
            "start and stop" if terms.start_stop else "any",
        ),
    )


def _held(account: Account, contract: Contract) -> Iterator[tuple[Stretch, Phase, str]]:
    """A contract's phases and what it falls to, cut where its link comes to lead elsewhere."""
    book = account.view.family.book
    for phase in contract.phases:
        if not phase.falls_to or phase.falls_to in book.contracts:
            yield phase.life, phase, phase.falls_to
            continue
        cuts = [life.start for detours in book.detours.values() for life, _ in detours]
        for life in pieces(phase.life, cuts):
            yield life, phase, linked(book, phase.falls_to, life.start)


def _default_contracts(book: Book) -> Rows:
    account = book.lanes.account
    client = account.view.client.name
    starts = account.view.family.book.starts[client]
    for life, contract in runs((start.life, start.contract) for start in starts):
        yield client, contract, iso(life.start), iso(life.end)


def _contract_exclusions(book: Book) -> Rows:
    for account, contract in book.contracts:
        held = list(_held(account, contract))
        if len(held) == 1:
            [(life, phase, link)] = held
            start, end = iso(life.start), iso(life.end)
            for row in _excluded(phase, book.alike):
                yield (contract.id, start, end, *row, link)
            continue
        told: dict[tuple[str, str, str, str], list[tuple[Stretch, bool]]] = {}
        for life, phase, link in held:
            for row in _excluded(phase, book.alike):
                told.setdefault((*row, link), []).append((life, True))
        lives = [(life, said) for said, found in told.items() for life, _ in runs(found)]
        for life, said in sorted(lives, key=_begin):
            yield (contract.id, iso(life.start), iso(life.end), *said)


def _begin(row: tuple[Stretch, object]) -> date:
    return row[0].start


Excluded: TypeAlias = tuple[str, str, str]
"""Dimension and name of what is excluded, and the name of the set that does it."""


def _excluded(phase: Phase, alike: dict[tuple[int, int], list[Excluded]]) -> list[Excluded]:
    """What is excluded in a phase. On a tier, which keeps both alive, it is worked out once."""
    use = phase.set_use
    key = id(phase.excludes), id(use)
    if phase.tier is not None and key in alike:
        return alike[key]
    inside = set(_each(use.excludes)) if use is not None else set()
    source = use.name if use is not None else ""
    found = [(*each, source if each in inside else "") for each in _each(phase.excludes)]
    if phase.tier is not None:
        alike[key] = found
    return found


def _contract_services(book: Book) -> Rows:
    account = book.lanes.account
    agreements = {agreement.name: agreement for agreement in account.view.agreements}
    for (agreement_name, service), contract in account.carriers.items():
        agreement = agreements[agreement_name]
        steps = agreement.services[service]
        cuts = [step.start for step in steps if step.start is not None]
        cuts += [day for s in steps if s.price is not None for day in s.price.changes()]
        sold = (
            (life, step)
            for life in pieces(agreement.life, cuts)
            if (step := units_on(steps, life.start)) is not None
        )
        told = ((life, (step.units, _own(step, life, account.currency))) for life, step in sold)
        for life, (units, amount) in runs(told):
            yield (
                agreement_name,
                contract,
                service,
                iso(life.start),
                iso(life.end),
                units,
                amount,
                account.currency if amount is not None else "",
            )


def _own(step: UnitStep, life: Stretch, currency: str) -> Decimal | None:
    """The price of a unit that was agreed in place of the list's."""
    amounts = step.price.on(life.start) if step.price is not None else None
    return None if amounts is None else amounts.get(currency)


def _blocks(book: Book) -> Rows:
    for account, contract in book.contracts:
        for block in contract.blocks:
            rate = block.rate.amount(block.life.start, account.currency)
            start, end = iso(block.life.start), iso(block.life.end)
            yield contract.id, start, end, block.hours, rate, account.currency


def _retainers(book: Book) -> Rows:
    for account, contract in book.contracts:
        for row in each_once(contract, lambda terms: terms.retainers):
            amount = row.amount.amount(row.start, account.currency)
            yield contract.id, row.start, row.end, amount, account.currency


def _ticket_purchases(book: Book) -> Rows:
    for account, contract in book.contracts:
        for row in each_once(contract, lambda terms: terms.tickets):
            rate = row.rate.amount(row.start, account.currency)
            yield contract.id, row.start, row.end, row.tickets, rate, account.currency


def _milestones(book: Book) -> Rows:
    for account, contract in book.contracts:
        for row in each_once(contract, lambda terms: terms.milestones):
            amount = row.amount.amount(row.due, account.currency)
            yield contract.id, row.due, row.title, amount, account.currency


def _notes(book: Book) -> Rows:
    for account, contract in book.contracts:
        for row, suffix in noted(contract):
            yield contract.id, *note(row, suffix, account.names)


def _rates(book: Book) -> Rows:
    """The rates in force that were agreed for roles: where there is none, the role's own holds."""
    for account, contract in book.contracts:
        roles = {role for phase in contract.phases for role in rated_roles(contract, phase)}
        for role in sorted(roles):
            agreed = _agreed(contract, role, account.currency)
            for life, (amount, source) in runs(agreed):
                yield (
                    contract.id,
                    role,
                    iso(life.start),
                    iso(life.end),
                    amount,
                    account.currency,
                    source,
                )


def _agreed(
    contract: Contract, role: str, currency: str
) -> Iterator[tuple[Stretch, tuple[Decimal | None, str]]]:
    """The strongest rate that has begun, and who wrote it, on the days on which there is one."""
    for phase in contract.phases:
        rates = tuple(contract_rates(contract, phase, role))
        for life in pieces(phase.life, [day for rate, _ in rates for day in rate.changes()]):
            for rate, source in rates:
                amounts = rate.on(life.start)
                if amounts is not None:
                    yield life, (amounts.get(currency), source)
                    break


def _block_factors(book: Book) -> Rows:
    for _, contract in book.contracts:
        roles = {role: None for phase in contract.phases for role in phase.terms.block_factors}
        for role in roles:
            factors = (
                (phase.life, phase.terms.block_factors[role])
                for phase in contract.phases
                if role in phase.terms.block_factors
            )
            for life, factor in runs(factors):
                yield contract.id, role, iso(life.start), iso(life.end), factor


def _fees(book: Book) -> Rows:
    for account, contract in book.contracts:
        for what, fee in (("overage rate", _overage), ("setup fee", setup_fees)):
            for life, amount in runs(fee(contract, account.currency)):
                yield contract.id, what, iso(life.start), iso(life.end), amount, account.currency


def _overage(contract: Contract, currency: str) -> Iterator[tuple[Stretch, Decimal | None]]:
    for phase in contract.phases:
        rate = phase.terms.overage_rate
        if rate is None:
            continue
        for life in pieces(phase.life, rate.changes()):
            amounts = rate.on(life.start)
            if amounts is not None:
                yield life, amounts.get(currency)


def _steps(
    *prices: Price | None,
) -> Iterator[tuple[date | None, str, tuple[Decimal | None, ...]]]:
    """Prices side by side, by currency: again from each day on which one of them changes."""
    before: dict[str, tuple[Decimal | None, ...]] = {}
    for start in starts(*prices):
        on_day = [_on(price, start or date.min) for price in prices]
        named = {currency for amounts in on_day for currency in amounts}
        for currency in sorted({*before, *named}):
            amounts = tuple(each.get(currency) for each in on_day)
            if before.get(currency) != amounts:
                yield start, currency, amounts
            before[currency] = amounts


def _on(price: Price | None, day: date) -> Mapping[str, Decimal]:
    return (price.on(day) if price is not None else None) or {}


def _each(excludes: Exclusions | SetInUse) -> Iterator[tuple[str, str]]:
    for name in excludes.work_types:
        yield "work_type", name
    for name in excludes.roles:
        yield "role", name
    for name in excludes.sub_issues:
        yield "sub_issue", name


OBJECTS = "id entity name client lane from reasons"

SHARED: Mapping[str, tuple[str, Callable[[Common], Rows]]] = {
    "roles": ("role name from currency hourly_rate block_factor in_use_from", _roles),
    "work_types": (
        (
            "work_type name billing_class billable from rate minimum_hours maximum_hours"
            " after_hours in_use_from tax_category ledger external_number description"
        ),
        _work_types,
    ),
    "sub_issues": ("sub_issue issue name", _sub_issues),
    "services": (
        (
            "service name kind period billing_code invoice_description services from currency"
            " unit_price unit_cost"
        ),
        _services,
    ),
    "exclusion_sets": ("exclusion_set name tier contract own contracts", _exclusion_sets),
    "exclusion_set_rows": ("exclusion_set name dimension excluded title", _exclusion_set_rows),
}
"""Each table of what clients share: its name, columns and rows."""

OF_CLIENTS: Mapping[str, tuple[str, Callable[[Book], Rows]]] = {
    "companies": (
        (
            "client name number legal_name parent currency language phone street street2 city state"
            " postal_code country tax_region tax_id owner"
        ),
        _companies,
    ),
    "contracts": (
        (
            "contract name client agreement type number category period start end valid_from"
            " valid_to tier exclusion_set falls_to time_entry state"
        ),
        _contracts,
    ),
    "default_contracts": ("client contract valid_from valid_to", _default_contracts),
    "contract_exclusions": (
        "contract valid_from valid_to dimension excluded exclusion_set falls_to",
        _contract_exclusions,
    ),
    "contract_services": (
        "agreement contract service valid_from valid_to units unit_price currency",
        _contract_services,
    ),
    "blocks": ("contract start end hours hourly_rate currency", _blocks),
    "retainers": ("contract start end amount currency", _retainers),
    "ticket_purchases": ("contract start end tickets rate currency", _ticket_purchases),
    "milestones": ("contract due title amount currency", _milestones),
    "notes": ("contract title description", _notes),
    "rates": ("contract role valid_from valid_to hourly_rate currency source", _rates),
    "block_factors": ("contract role valid_from valid_to factor", _block_factors),
    "fees": ("contract what valid_from valid_to amount currency", _fees),
}
"""Each table of clients, to which each of them adds its rows."""
