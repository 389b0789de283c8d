"""What changes after the day that requests describe: each change on its day, as a step."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from billing_dsl.analysis.agreed import Sold, sold
from billing_dsl.analysis.views import Declared
from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.calendar import Stretch, day_after
from billing_dsl.model.money import Price
from billing_dsl.targets._autotask import ENTITIES, misfits, path
from billing_dsl.targets._contracts import (
    PARTS,
    Account,
    Part,
    State,
    agreed_prices,
    blocks,
    itself,
    rates,
    retainers,
    services,
    tickets,
)
from billing_dsl.targets._labels import Entry
from billing_dsl.targets._objects import NOTHING, BookObject, Draft, Lane, placed
from billing_dsl.targets._shared import method, price_of
from billing_dsl.targets._values import Body, Ref, Value, price


class Deed(StrEnum):
    """What a change does to an object."""

    ADD = "add"
    TURN = "turn"
    TAKE_AWAY = "take away"


class Turn(NamedTuple):
    """A field, or what a person calls so, that comes to hold another value; None is nothing."""

    field: str
    before: Value | None
    after: Value | None


class Change(NamedTuple):
    """One change on one day.

    `method`, `path` and `body` are the request that makes it, empty where only a person can: the
    `reasons` say why, as far as it is not that no request takes such a value. `makes` tells that it
    brings an object that was not there before.
    """

    day: date
    client: str
    object: str
    name: str
    entity: str
    deed: Deed
    turns: tuple[Turn, ...] = ()
    entered: Body = NOTHING
    """What a person enters to add it."""
    left: tuple[Entry, ...] = ()
    """What the request cannot carry."""
    reasons: tuple[str, ...] = ()
    method: str = ""
    path: str = ""
    body: Body | None = None
    makes: bool = False
    parent: str = ""
    """What the object hangs on, by its id."""

    @property
    def reroutes(self) -> bool:
        """Whether work goes elsewhere from its day on: but not entries that are saved already."""
        fields = ("exclusionContractID", "contractExclusionSetID")
        return self.object.startswith("exclusion:") or any(t.field in fields for t in self.turns)


KEPT = ("ContractServices", "ContractServiceBundles")
"""What stays on a contract when its units go to none."""

SPENT = ("ContractBlocks", "ContractCharges", "ContractRetainers", "ContractTicketPurchases")
"""What ends by its own dates."""


def changes(
    account: Account, contract: Contract, first: State, day: date
) -> Iterator[tuple[Change, BookObject | None]]:
    """Everything that changes about a contract after a day, with what is made by it.

    `first` is the contract on that day.
    """
    later: dict[date, set[Part]] = {}
    for cut, part in cuts(account, contract):
        if day < cut <= contract.life.end:
            later.setdefault(cut, set()).add(part)
    if not later:
        return
    concerned = set().union(*later.values())
    before = {part: {draft.id: draft for draft in first.get(part, ())} for part in concerned}
    known = {object_id for drafts in before.values() for object_id in drafts}
    for cut in sorted(later):
        phase = contract.phase(cut) or contract.phases[-1]
        gone: list[Draft] = []
        for part in PARTS:
            if part not in later[cut]:
                continue
            old = before[part]
            new = {draft.id: draft for draft in part(account, contract, phase, cut)}
            for object_id, draft in new.items():
                if object_id in old:
                    for change in _changed(old[object_id], draft, cut):
                        yield change, None
                else:
                    made = placed(draft, cut) if object_id not in known else None
                    known.add(object_id)
                    yield _made(draft, cut, made is not None), made
            lost = [draft for object_id, draft in old.items() if object_id not in new]
            new.update((draft.id, draft) for draft in lost if draft.entity in KEPT)
            gone += [draft for draft in lost if draft.entity not in (*KEPT, *SPENT)]
            before[part] = new
        for draft in gone:
            yield _gone(draft, cut), None


def cuts(account: Account, contract: Contract) -> list[tuple[date, Part]]:
    """The days on which something about a contract may change, and what that is."""
    found = [(phase.life.start, part) for phase in contract.phases[1:] for part in PARTS]
    prices: list[tuple[Price, Part]] = []
    book = account.view.family.book
    for phase in contract.phases:
        terms = phase.terms
        if terms.overage_rate is not None:
            prices.append((terms.overage_rate, itself))
        prices += [(price, rates) for price in agreed_prices(contract, phase)]
        for retainer in terms.retainers:
            found.append((retainer.start, retainers))
            prices.append((retainer.amount, retainers))
        for bought in terms.tickets:
            found.append((bought.start, tickets))
            prices.append((bought.rate, tickets))
        if phase.falls_to and phase.falls_to not in book.contracts:
            found += [(life.start, itself) for to in book.detours.values() for life, _ in to]
    for block in contract.blocks:
        found.append((block.life.start, blocks))
        prices.append((block.rate, blocks))
    agreement = contract.agreement
    for service, steps in agreement.services.items():
        if account.carriers[agreement.name, service] == contract.id:
            for step in steps:
                if step.start is not None:
                    found.append((step.start, services))
                if step.price is not None:
                    prices.append((step.price, services))
    return found + [(cut, part) for price, part in prices for cut in price.changes()]


def carried_over(account: Account, contract: Contract, day: date) -> Iterator[Change]:
    """New list prices, after a day, of services that a contract has.

    Autotask keeps on it the price at which a service was added, until somebody carries the new one
    over (kb.datto.com 360028649811).
    """
    view, agreement = account.view, contract.agreement
    by_service: dict[str, list[tuple[Stretch, Sold]]] = {}
    for life, held in sold(view.shared, agreement, account.currency):
        if account.carriers[agreement.name, held.service.name] == contract.id:
            by_service.setdefault(held.service.name, []).append((life, held))
    for name, rows in by_service.items():
        for place, ((_, old), (life, new)) in enumerate(pairwise(rows), 1):
            before, after = old.price.amount, new.price.amount
            own = agreement.subject in (*old.price.sources, *new.price.sources)
            added = any(held.units for _, held in rows[:place])
            needed = any(held.units for _, held in rows[place:])
            if own or before == after or after is None or not (added and needed):
                continue
            if day < life.start <= contract.life.end:
                yield Change(
                    life.start,
                    contract.client,
                    f"list_price:{contract.id}/{name}",
                    new.service.title,
                    "ContractServiceAdjustments",
                    Deed.TURN,
                    (Turn("adjustedUnitPrice", before, after),),
                    parent=f"contract:{contract.id}",
                )


def _made(draft: Draft, day: date, makes: bool) -> Change:
    """Something new: by request if it could be made by one today."""
    if draft.entity.endswith("Adjustments"):
        draft = draft._replace(body={**draft.body, "effectiveDate": day})
    found = placed(draft)
    change = Change(
        day,
        draft.client,
        draft.id,
        draft.name,
        draft.entity,
        Deed.ADD,
        entered=draft.body,
        reasons=found.reasons,
        makes=makes,
        parent=draft.parent,
    )
    if found.lane is not Lane.API:
        return change
    return change._replace(
        left=found.values,
        method="POST",
        path=path(draft.entity, draft.parent),
        body=found.body,
    )


def _gone(draft: Draft, day: date) -> Change:
    entity = ENTITIES.get(draft.entity)
    if draft.entity.endswith("Adjustments"):
        return _adjusted(draft, day, _units(draft), Decimal(0))
    change = Change(
        day, draft.client, draft.id, draft.name, draft.entity, Deed.TAKE_AWAY, parent=draft.parent
    )
    if draft.refused or entity is None or not entity.deletes:
        return change
    route = f"{path(draft.entity, draft.parent)}/{{{draft.id}}}"
    return change._replace(method="DELETE", path=route)


def _changed(old: Draft, new: Draft, day: date) -> Iterator[Change]:
    """What is different about an object: one request for what an update takes, and the rest."""
    if old.body == new.body:
        return
    names = [name for name in {**old.body, **new.body} if old.body.get(name) != new.body.get(name)]
    if new.entity.endswith("Adjustments"):
        yield from _adjustment(old, new, day, names)
        return
    entity = ENTITIES[new.entity]
    given = {name: new.body[name] for name in names if name in new.body}
    unfit = {found.field: found.reason for found in misfits(new.entity, given)}
    sent: dict[str, Value] = {}
    for name in names:
        turn = Turn(name, old.body.get(name), new.body.get(name))
        if new.refused or not entity.updates or entity.fields[name].fixed or name not in given:
            yield _turned(new, day, turn, (new.refused,) if new.refused else ())
        elif name in unfit:
            yield _turned(new, day, turn, (unfit[name],))
        else:
            sent[name] = given[name]
    if sent:
        turns = tuple(Turn(name, old.body.get(name), value) for name, value in sent.items())
        yield Change(
            day,
            new.client,
            new.id,
            new.name,
            new.entity,
            Deed.TURN,
            turns,
            method="PATCH",
            path=path(new.entity, new.parent),
            body={"id": Ref(new.id), **sent},
            parent=new.parent,
        )


def _turned(new: Draft, day: date, turn: Turn, reasons: tuple[str, ...] = ()) -> Change:
    """A turn that only a person can take."""
    return Change(
        day,
        new.client,
        new.id,
        new.name,
        new.entity,
        Deed.TURN,
        (turn,),
        reasons=reasons,
        parent=new.parent,
    )


def _adjustment(old: Draft, new: Draft, day: date, names: Sequence[str]) -> Iterator[Change]:
    """Units are told as a difference, from a day on. An own price has no field to update."""
    if "unitChange" in names:
        yield _adjusted(new, day, _units(old), _units(new))
    if "adjustedUnitPrice" in names:
        before, after = (draft.body.get("adjustedUnitPrice") for draft in (old, new))
        yield _turned(new, day, Turn("adjustedUnitPrice", before, after))


def _units(draft: Draft) -> Decimal:
    units = draft.body["unitChange"]
    return units if isinstance(units, Decimal) else Decimal(0)


def _adjusted(draft: Draft, day: date, before: Decimal, after: Decimal) -> Change:
    """Other units of a service, by their difference."""
    body = {**draft.body, "effectiveDate": day, "unitChange": after - before}
    body.pop("adjustedUnitPrice", None)
    change = _turned(draft, day, Turn("unitChange", before, after))
    found = placed(draft._replace(body=body))
    if found.lane is not Lane.API:
        return change._replace(reasons=found.reasons)
    return change._replace(method="POST", path=path(draft.entity, draft.parent), body=found.body)


def shared_changes(declared: Declared) -> Iterator[Change]:
    """New prices of roles, services and work types, each from its day on."""
    shared, day = declared.shared, declared.as_of
    currency = shared.settings.currency
    for role in shared.roles:
        first = max(day, role.start or day)
        yield from _new_prices(
            "role", role.name, role.autotask_name, "Roles", "hourlyRate", role.rate, first, currency
        )
    for service in shared.services.values():
        entity = "ServiceBundles" if isinstance(service, ServiceBundle) else "Services"
        if service.price is not None:
            yield from _new_prices(
                "service",
                service.name,
                service.title,
                entity,
                "unitPrice",
                service.price,
                day,
                currency,
            )
        if isinstance(service, Service) and service.cost is not None:
            yield from _new_prices(
                "service",
                service.name,
                service.title,
                entity,
                "unitCost",
                service.cost,
                day,
                currency,
            )
    for work_type in shared.work_types:
        first = max(day, work_type.start or day)
        own = price_of(work_type.rate)
        if own is None:
            continue
        object_id = f"work_type:{work_type.name}"
        before = method(work_type.rate, first, currency)
        for cut in (cut for cut in own.changes() if cut > first):
            after = method(work_type.rate, cut, currency)
            if after != before:
                turn = Turn("rate", before, after)
                yield Change(
                    cut, "", object_id, work_type.title, "BillingCodes", Deed.TURN, (turn,)
                )
            before = after
        yield from _price_list("work_type", work_type.name, work_type.title, own, first, currency)


def _new_prices(
    word: str,
    name: str,
    title: str,
    entity: str,
    field: str,
    prices: Price,
    day: date,
    currency: str,
) -> Iterator[Change]:
    """The house's currency by request, every other by hand in its price list."""
    object_id = f"{word}:{name}"
    for cut, before, after in _steps(prices, day):
        old, new = before.get(currency), after.get(currency)
        if old == new:
            continue
        change = Change(cut, "", object_id, title, entity, Deed.TURN, (Turn(field, old, new),))
        if new is not None:
            body: Body = {"id": Ref(object_id), field: new}
            change = change._replace(method="PATCH", path=path(entity, ""), body=body)
        yield change
    if field != "unitCost":
        yield from _price_list(word, name, title, prices, day, currency)


def _price_list(
    word: str, name: str, title: str, prices: Price, day: date, currency: str
) -> Iterator[Change]:
    """New prices in other currencies than the house's."""
    for cut, before, after in _steps(prices, day):
        for other in sorted({*before, *after} - {currency}):
            old, new = before.get(other), after.get(other)
            if old != new:
                turn = Turn("price", _priced(old, other), _priced(new, other))
                object_id = f"price:{word}/{name}/{other}"
                called = f"{title} in {other}"
                yield Change(cut, "", object_id, called, "", Deed.TURN, (turn,))


def _steps(
    prices: Price, day: date
) -> Iterator[tuple[date, Mapping[str, Decimal], Mapping[str, Decimal]]]:
    """The days after one on which prices become others, with those before and those after."""
    before = prices.on(day)
    if before is None:
        before = prices.steps[0].amounts
    for cut in sorted(cut for cut in prices.changes() if cut > day):
        after = prices.on(cut) or {}
        yield cut, before, after
        before = after


def _priced(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else price(amount, currency)


def default_changes(account: Account, alive: Container[str], day: date) -> Iterator[Change]:
    """When another contract becomes the client's default: one flag up, one down."""
    view = account.view
    book, client = view.family.book, view.client.name
    starts = book.starts[client]
    if len(starts) == 1:
        return  # its contract is the default as long as there is one
    days: set[date] = set()
    for start in starts:
        days |= {start.life.start, day_after(start.life.end)}
    current = account.default
    for cut in sorted(cut for cut in days if cut > day):
        begun = book.default(client, cut)
        now = begun.contract if begun is not None else ""
        if not now or now == current:
            continue
        for object_id, flag in ((current, False), (now, True)):
            contract = book.contracts.get(object_id)
            if contract is None or object_id not in alive or cut > contract.life.end:
                continue
            yield Change(
                cut,
                client,
                f"contract:{object_id}",
                contract_title(contract.agreement, contract.name),
                "Contracts",
                Deed.TURN,
                (Turn("isDefaultContract", not flag, flag),),
                method="PATCH",
                path="/V1.0/Contracts",
                body={"id": Ref(f"contract:{object_id}"), "isDefaultContract": flag},
            )
        current = now
