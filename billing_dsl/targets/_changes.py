"""What changes after the day that requests describe: each change on its day, as a step."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_dsl.analysis.views import Declared
from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model import money
from billing_dsl.model.calendar import day_after
from billing_dsl.model.money import Price
from billing_dsl.targets._autotask import ENTITIES, path
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
from billing_dsl.targets._objects import BookObject, Draft, placed, words
from billing_dsl.targets._shared import method, price_of
from billing_dsl.targets._values import Body, Ref, Value, shown


class Change(NamedTuple):
    """One change on one day.

    `method`, `path` and `body` are the request that makes it, empty where only a person can;
    `makes` tells that it brings an object that was not there before.
    """

    day: date
    client: str
    object: str
    what: str
    method: str = ""
    path: str = ""
    body: Body | None = None
    makes: bool = False
    parent: str = ""
    """What the object hangs on, by its id."""


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


def _made(draft: Draft, day: date, makes: bool) -> Change:
    if draft.refused or not draft.entity:
        reason = f" ({draft.refused})"
        what = f"add {draft.name}{reason}"
        return Change(day, draft.client, draft.id, what, makes=makes, parent=draft.parent)
    body = draft.body
    if draft.entity.endswith("Adjustments"):
        body = {**body, "effectiveDate": day}
    return Change(
        day,
        draft.client,
        draft.id,
        f"add {draft.name}",
        "POST",
        path(draft.entity, draft.parent),
        body,
        makes,
        draft.parent,
    )


def _gone(draft: Draft, day: date) -> Change:
    entity = ENTITIES.get(draft.entity)
    if draft.entity.endswith("Adjustments"):
        return _adjusted(draft, day, -_units(draft), f"from `{shown(_units(draft))}` to `0`")
    what = f"take away {draft.name}"
    if entity is None or not entity.deletes:
        return Change(day, draft.client, draft.id, what, parent=draft.parent)
    route = f"{path(draft.entity, draft.parent)}/{{{draft.id}}}"
    return Change(day, draft.client, draft.id, what, "DELETE", route, parent=draft.parent)


def _changed(old: Draft, new: Draft, day: date) -> Iterator[Change]:
    """What is different about an object: one request for what an update takes, and the rest."""
    if old.body == new.body:
        return
    names = [name for name in {**old.body, **new.body} if old.body.get(name) != new.body.get(name)]
    if new.entity.endswith("Adjustments"):
        yield from _adjustment(old, new, day, names)
        return
    entity = ENTITIES[new.entity]
    sent: dict[str, Value] = {}
    for name in names:
        field = entity.fields[name]
        if entity.updates and not field.fixed and name in new.body:
            sent[name] = new.body[name]
        else:
            what = f"{new.name}: {words(name)} {_turn(old, new, name)}"
            yield Change(day, new.client, new.id, what, parent=new.parent)
    if sent:
        told = ", ".join(f"{words(name)} {_turn(old, new, name)}" for name in sent)
        yield Change(
            day,
            new.client,
            new.id,
            f"{new.name}: {told}",
            "PATCH",
            path(new.entity, new.parent),
            {"id": Ref(new.id), **sent},
            parent=new.parent,
        )


def _adjustment(old: Draft, new: Draft, day: date, names: Sequence[str]) -> Iterator[Change]:
    """Units are told as a difference, from a day on. An own price has no field to update."""
    if "unitChange" in names:
        yield _adjusted(new, day, _units(new) - _units(old), _turn(old, new, "unitChange"))
    if "adjustedUnitPrice" in names:
        what = f"{new.name}: unit price {_turn(old, new, 'adjustedUnitPrice')}"
        yield Change(day, new.client, new.id, what, parent=new.parent)


def _units(draft: Draft) -> Decimal:
    units = draft.body["unitChange"]
    return units if isinstance(units, Decimal) else Decimal(0)


def _adjusted(draft: Draft, day: date, difference: Decimal, told: str) -> Change:
    body = {**draft.body, "effectiveDate": day, "unitChange": int(difference)}
    body.pop("adjustedUnitPrice", None)
    return Change(
        day,
        draft.client,
        draft.id,
        f"{draft.name}: units {told}",
        "POST",
        path(draft.entity, draft.parent),
        body,
        parent=draft.parent,
    )


def _turn(old: Draft, new: Draft, name: str) -> str:
    """From what to what: in names of objects where there are any."""
    before, after = old.body.get(name), new.body.get(name)
    return f"from {_named(before)} to {_named(after)}"


def _named(value: Value | None) -> str:
    if value is None:
        return "none"
    return f"`{shown(value)}`" if not isinstance(value, Ref) else f"`{value.id}`"


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
        before = method(work_type.rate, first, currency)
        own = price_of(work_type.rate)
        later = own.changes() if own is not None else ()
        for cut in (cut for cut in later if cut > first):
            after = method(work_type.rate, cut, currency)
            if after != before:
                object_id = f"work_type:{work_type.name}"
                what = f"{work_type.title}: rate from `{before}` to `{after}`"
                yield Change(cut, "", object_id, what)
            before = after


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
    before = prices.on(day)
    if before is None:
        before = prices.steps[0].amounts
    for cut in sorted(cut for cut in prices.changes() if cut > day):
        after = prices.on(cut) or {}
        for other in sorted({*before, *after}, key=lambda found: (found != currency, found)):
            old, new = before.get(other), after.get(other)
            if old == new:
                continue
            turn = f"from `{_priced(old)}` to `{_priced(new)}`"
            if other == currency and new is not None:
                body: Body = {"id": Ref(f"{word}:{name}"), field: new}
                yield Change(
                    cut,
                    "",
                    f"{word}:{name}",
                    f"{title}: {words(field)} {turn}",
                    "PATCH",
                    path(entity, ""),
                    body,
                )
            elif field != "unitCost":
                what = f"{title}: {words(field)} in {other} {turn}"
                found = f"price:{word}/{name}/{other}" if other != currency else f"{word}:{name}"
                yield Change(cut, "", found, what)
        before = after


def _priced(amount: Decimal | None) -> str:
    return "none" if amount is None else money.text(amount)


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
            name = contract_title(contract.agreement, contract.name)
            word = "is" if flag else "is no longer"
            yield Change(
                cut,
                client,
                f"contract:{object_id}",
                f"{name} {word} the default contract",
                "PATCH",
                "/V1.0/Contracts",
                {"id": Ref(f"contract:{object_id}"), "isDefaultContract": flag},
            )
        current = now


def with_names(change: Change, names: Mapping[str, str]) -> Change:
    """A change whose words name objects as Autotask does."""
    what = change.what
    for part in what.split("`")[1::2]:
        if part in names:
            what = what.replace(f"`{part}`", f"`{names[part]}`")
    return change if what is change.what else change._replace(what=what)
