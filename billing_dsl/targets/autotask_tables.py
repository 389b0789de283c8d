"""Every object of the book in tables: for review, and for importers of other makers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType, Exclusions
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.money import Price
from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._contracts import (
    PERIODS,
    TYPES,
    Account,
    linked,
    rated_roles,
    set_id,
)
from billing_dsl.targets._csv import Cell, table
from billing_dsl.targets._lanes import Lane, Lanes, lanes
from billing_dsl.targets._shared import SetContent, method, sets_in_use
from billing_dsl.targets._values import iso

FOLDER = "autotask"

Rows: TypeAlias = Iterable[Sequence[Cell]]
Place: TypeAlias = tuple[Account, Contract, Phase]


@dataclass(frozen=True, slots=True)
class Book:
    """What tables are made of. `phases` are those of all contracts, ended ones too."""

    compilation: Compilation
    lanes: Lanes
    phases: tuple[Place, ...]
    terms: tuple[Place, ...]
    """One phase for each time that a contract's terms change: what they hold is told once."""
    sets: Mapping[str, SetContent]
    """Every exclusion set there ever was or will be."""


Make: TypeAlias = Callable[[Book], Rows]


@target
def autotask_tables(compilation: Compilation) -> Iterator[Artifact]:
    """Every object of the book in `autotask/*.csv`, over all its life, ended agreements too.

    Contracts and everything on them are told by the catalogue's names, as AGREEMENT/CONTRACT; the
    names in Autotask stand beside them. Amounts have a currency, stretches of days their first and
    last day, included. `objects.csv` tells the lane of each object and why a person has to make it.
    """
    book = _book(compilation)
    for name, (columns, make) in TABLES.items():
        content = table(columns.split(), make(book))
        yield Artifact(f"{FOLDER}/{name}.csv", content, "table")


def _book(compilation: Compilation) -> Book:
    found = lanes(compilation)
    phases: list[Place] = []
    terms: list[Place] = []
    for account in found.accounts:
        for contract in account.contracts:
            before = None
            for phase in contract.phases:
                phases.append((account, contract, phase))
                if phase.terms is not before:
                    terms.append((account, contract, phase))
                    before = phase.terms
    contracts = [contract for account in found.accounts for contract in account.contracts]
    sets = sets_in_use(compilation.declared, contracts, date.min)
    return Book(compilation, found, tuple(phases), tuple(terms), sets)


def _objects(book: Book) -> Rows:
    lanes = {lane: lane.value for lane in Lane}
    for each in book.lanes.objects:
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
    for view in book.compilation.clients:
        client = view.client
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


def _roles(book: Book) -> Rows:
    for role in book.compilation.declared.shared.roles:
        for start, currency, amount in _steps(role.rate):
            yield (
                role.name,
                role.autotask_name,
                start,
                currency,
                amount,
                role.block_factor,
                role.start,
            )


def _work_types(book: Book) -> Rows:
    shared = book.compilation.declared.shared
    for found in shared.work_types:
        yield (
            found.name,
            found.title,
            found.billing_class.value,
            found.billable,
            method(found.rate, book.compilation.as_of, shared.settings.currency),
            found.minimum_hours,
            found.maximum_hours,
            found.after_hours,
            found.start,
            found.tax_category,
            found.ledger,
            found.external_number,
            found.description,
        )


def _sub_issues(book: Book) -> Rows:
    for found in book.compilation.declared.shared.sub_issues:
        yield found.name, found.issue, found.title


def _services(book: Book) -> Rows:
    for found in book.compilation.declared.shared.services.values():
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
        if found.price is None:
            yield (*same, None, None, None, None)
            continue
        for start, currency, amount in _steps(found.price):
            cost = None
            if isinstance(found, Service) and found.cost is not None:
                on_day = found.cost.on(start or book.compilation.as_of) or {}
                cost = on_day.get(currency)
            yield (*same, start, currency, amount, cost)


def _exclusion_sets(book: Book) -> Rows:
    carried: dict[str, set[str]] = {}
    tiers: dict[str, Sequence[Cell]] = {}
    for _, contract, phase in book.phases:
        use = phase.set_use
        if use is not None:
            name = set_id(phase, use)
            carried.setdefault(name, set()).add(contract.id)
            tiers[name] = (use.tier, use.contract, use.own)
    for name, content in book.sets.items():
        origin = tiers.get(name, ("", "", False))
        yield name.partition(":")[2], content.name, *origin, len(carried.get(name, ()))


def _exclusion_set_rows(book: Book) -> Rows:
    for name, content in book.sets.items():
        for dimension, thing in _each(content.excludes):
            yield (
                name.partition(":")[2],
                content.name,
                dimension,
                thing,
                book.lanes.names[f"{dimension}:{thing}"],
            )


def _contracts(book: Book) -> Rows:
    ended = {contract.id for contract in book.lanes.ended}
    for account, contract, phase in book.phases:
        terms = phase.terms
        yield (
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
            iso(phase.life.start),
            iso(phase.life.end),
            phase.tier.key if phase.tier is not None else "",
            phase.set_use.name if phase.set_use is not None else "",
            linked(account.view.family.book, phase.falls_to, phase.life.start),
            "start and stop" if terms.start_stop else "any",
            "ended" if contract.id in ended else "",
        )


def _default_contracts(book: Book) -> Rows:
    for account in book.lanes.accounts:
        client = account.view.client.name
        for start in account.view.family.book.starts[client]:
            yield client, start.contract, iso(start.life.start), iso(start.life.end)


def _contract_exclusions(book: Book) -> Rows:
    alike: dict[tuple[int, int], list[tuple[str, str, str]]] = {}
    for account, contract, phase in book.phases:
        key = id(phase.excludes), id(phase.set_use)  # the same for all clients of a tier
        excluded = alike.get(key)
        if excluded is None:
            excluded = alike[key] = _excluded(phase)
        start, end = iso(phase.life.start), iso(phase.life.end)
        link = linked(account.view.family.book, phase.falls_to, phase.life.start)
        for dimension, thing, by in excluded:
            yield contract.id, start, end, dimension, thing, by, link


def _excluded(phase: Phase) -> list[tuple[str, str, str]]:
    """What is excluded in a phase, with the name of the set that does it."""
    use = phase.set_use
    inside = set(_each(use.excludes)) if use is not None else set()
    source = use.name if use is not None else ""
    return [(*each, source if each in inside else "") for each in _each(phase.excludes)]


def _contract_services(book: Book) -> Rows:
    for account in book.lanes.accounts:
        agreements = {agreement.name: agreement for agreement in account.view.agreements}
        for (agreement_name, service), contract in account.carriers.items():
            agreement = agreements[agreement_name]
            for step in agreement.services[service]:
                start = step.start or agreement.life.start
                own = step.price.on(start) if step.price is not None else None
                amount = None if own is None else own.get(account.currency)
                yield (
                    agreement_name,
                    contract,
                    service,
                    iso(start),
                    step.units,
                    amount,
                    account.currency if amount is not None else "",
                )


def _blocks(book: Book) -> Rows:
    for account in book.lanes.accounts:
        for contract in account.contracts:
            for block in contract.blocks:
                rate = (block.rate.on(block.life.start) or {}).get(account.currency)
                start, end = iso(block.life.start), iso(block.life.end)
                yield contract.id, start, end, block.hours, rate, account.currency


def _retainers(book: Book) -> Rows:
    for account, contract, phase in book.terms:
        for row in phase.terms.retainers:
            amount = (row.amount.on(row.start) or {}).get(account.currency)
            yield contract.id, row.start, row.end, amount, account.currency


def _ticket_purchases(book: Book) -> Rows:
    for account, contract, phase in book.terms:
        for row in phase.terms.tickets:
            rate = (row.rate.on(row.start) or {}).get(account.currency)
            yield contract.id, row.start, row.end, row.tickets, rate, account.currency


def _milestones(book: Book) -> Rows:
    for account, contract, phase in book.terms:
        for row in phase.terms.milestones:
            amount = (row.amount.on(row.due) or {}).get(account.currency)
            yield contract.id, row.due, row.title, amount, account.currency


def _rates(book: Book) -> Rows:
    """Every rate in the order in which they are asked: the first that has begun holds."""
    for account, contract, phase in book.terms:
        for role in sorted(rated_roles(contract, phase)):
            for rank, (rate, source) in enumerate(contract_rates(contract, phase, role), 1):
                for start, currency, amount in _steps(rate):
                    if currency == account.currency:
                        yield contract.id, role, rank, start, amount, currency, source


def _block_factors(book: Book) -> Rows:
    for _, contract, phase in book.terms:
        for role, factor in phase.terms.block_factors.items():
            yield contract.id, role, factor


def _fees(book: Book) -> Rows:
    for account, contract, phase in book.terms:
        terms = phase.terms
        if terms.overage_rate is None and terms.setup_fee is None:
            continue
        for what, price in (("overage rate", terms.overage_rate), ("setup fee", terms.setup_fee)):
            for start, currency, amount in _steps(price) if price is not None else ():
                if currency == account.currency:
                    yield contract.id, what, start, amount, currency


def _steps(price: Price) -> Iterator[tuple[date | None, str, Decimal]]:
    """A price by its steps and currencies."""
    for step in price.steps:
        for currency, amount in sorted(step.amounts.items()):
            yield step.start, currency, amount


def _each(excludes: Exclusions) -> Iterator[tuple[str, str]]:
    for name in excludes.work_types:
        yield "work_type", name
    for name in excludes.roles:
        yield "role", name
    for name in excludes.sub_issues:
        yield "sub_issue", name


TABLES: Mapping[str, tuple[str, Make]] = {
    "objects": ("id entity name client lane from reasons", _objects),
    "companies": (
        (
            "client name number legal_name parent currency language phone street street2 city state"
            " postal_code country tax_region tax_id owner"
        ),
        _companies,
    ),
    "roles": ("role name from currency hourly_rate block_factor in_use_from", _roles),
    "work_types": (
        (
            "work_type name billing_class billable rate minimum_hours maximum_hours after_hours"
            " from tax_category ledger external_number description"
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
        "agreement contract service from units unit_price currency",
        _contract_services,
    ),
    "blocks": ("contract start end hours hourly_rate currency", _blocks),
    "retainers": ("contract start end amount currency", _retainers),
    "ticket_purchases": ("contract start end tickets rate currency", _ticket_purchases),
    "milestones": ("contract due title amount currency", _milestones),
    "rates": ("contract role rank from hourly_rate currency source", _rates),
    "block_factors": ("contract role factor", _block_factors),
    "fees": ("contract what from amount currency", _fees),
}
"""Each table's name, columns and rows."""
