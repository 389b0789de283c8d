"""Which way each object of the book goes: every one of them in exactly one lane.

The API takes what it can write; an import file takes what `settings.lanes` gives it; a person does
the rest. Requests tell one day: the as-of date, or the first day of what begins later. What changes
afterwards are dated steps for a person, and what they make is in a person's lane.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.targets import Compilation
from billing_dsl.targets._changes import (
    Change,
    changes,
    default_changes,
    shared_changes,
)
from billing_dsl.targets._contracts import (
    Account,
    account,
    first_day,
    itself,
    linked,
    state,
    units_on,
)
from billing_dsl.targets._labels import Entry
from billing_dsl.targets._objects import BookObject, Draft, Lane, placed
from billing_dsl.targets._sending import Sending
from billing_dsl.targets._shared import (
    companies,
    exclusion_sets,
    lists,
    names,
    roles,
    services,
    sets_in_use,
    work_types,
)
from billing_dsl.targets._values import Ref, plain

__all__ = ["BookObject", "Lane", "Lanes", "lanes", "left", "objects"]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole book, ready to be written out.

    `objects` stand in the order in which they are made. `names` gives what Autotask calls each,
    by its id. `ended` are contracts left out because their last day has passed.
    """

    objects: tuple[BookObject, ...]
    changes: tuple[Change, ...]
    ended: tuple[Contract, ...]
    names: Mapping[str, str]
    accounts: tuple[Account, ...]
    by_client: Mapping[str, Sequence[BookObject]]
    """The objects of each client; those of the empty name are shared."""
    changes_of: Mapping[str, Sequence[Change]]

    def of(self, lane: Lane) -> tuple[BookObject, ...]:
        """The objects of one lane, in order."""
        return tuple(found for found in self.objects if found.lane is lane)


_LAST: list[tuple[Compilation, Lanes]] = []
"""Several targets read the same lanes of the same compilation: they are worked out once."""


def lanes(compilation: Compilation) -> Lanes:
    """The lanes of a compilation."""
    for known, found in _LAST:
        if known is compilation:
            return found
    _LAST[:] = [(compilation, _worked_out(compilation))]
    return _LAST[0][1]


_LEFT: list[tuple[Compilation, Lanes]] = []
"""Likewise what is left of them."""


def left(compilation: Compilation) -> Lanes:
    """The lanes without what a tenant has already, as far as a snapshot of it shows."""
    if compilation.sending is None:
        return lanes(compilation)
    for known, found in _LEFT:
        if known is compilation:
            return found
    _LEFT[:] = [(compilation, _without_settled(lanes(compilation), compilation.sending))]
    return _LEFT[0][1]


def _without_settled(every: Lanes, sending: Sending) -> Lanes:
    settled = sending.settled
    changes = [
        change._replace(
            path=sending.routed(change.path),
            body=None if change.body is None else sending.resolved(change.body),
        )
        for change in every.changes
        if not (change.makes and change.object in settled)
    ]
    return _sorted_out(every, [each for each in every.objects if each.id not in settled], changes)


def _sorted_out(every: Lanes, objects: Sequence[BookObject], changes: Sequence[Change]) -> Lanes:
    """Lanes with these objects and changes, each found by its client too."""
    by_client: dict[str, list[BookObject]] = {}
    for each in objects:
        by_client.setdefault(each.client, []).append(each)
    changes_of: dict[str, list[Change]] = {}
    for change in changes:
        changes_of.setdefault(change.client, []).append(change)
    return replace(
        every,
        objects=tuple(objects),
        changes=tuple(changes),
        by_client=by_client,
        changes_of=changes_of,
    )


def objects(compilation: Compilation) -> tuple[BookObject, ...]:
    """Every object of the book, each in its lane."""
    return lanes(compilation).objects


@dataclass(frozen=True, slots=True)
class _Standing:
    """A contract that has not ended: on which day requests tell it, and what it then falls to."""

    account: Account
    contract: Contract
    day: date
    link: str


def _standing(account: Account, contract: Contract, as_of: date) -> _Standing:
    day = max(as_of, contract.life.start)
    phase = contract.phase(day) or contract.phases[-1]
    link = linked(account.view.family.book, phase.falls_to, day)
    return _Standing(account, contract, day, link)


def _worked_out(compilation: Compilation) -> Lanes:
    declared, as_of = compilation.declared, compilation.as_of
    known = names(declared)
    clients = [view.client for view in compilation.clients]
    accounts = tuple(account(view, known) for view in compilation.clients)
    contracts = [contract for client in accounts for contract in client.contracts]
    alive = {
        contract.id: _standing(client, contract, as_of)
        for client in accounts
        for contract in client.contracts
        if contract.life.end >= as_of
    }
    standing = [found.contract for found in alive.values()]
    parents = {client.name: client.parent for client in clients}
    ordered, ringed = bottom_up(parents, parents, {})
    objects: list[BookObject] = [
        *lists(declared, clients, standing),
        *work_types(declared),
        *roles(declared),
        *services(declared),
        *companies(declared, clients, ordered, ringed),
        *exclusion_sets(sets_in_use(declared, standing, as_of), known),
    ]
    told = list(shared_changes(declared))
    links = {object_id: found.link for object_id, found in alive.items()}
    made: dict[str, None] = {}
    for client in accounts:
        own = [alive[contract.id] for contract in client.contracts if contract.id in alive]
        first, closing = bottom_up([found.contract.id for found in own], links, made)
        states = [(found, state(client, found.contract, found.day)) for found in own]
        drafts = {found.contract.id: parts[itself] for found, parts in states}
        for object_id in first:  # the parent's contract may have to stand first
            of = alive[object_id]
            [draft] = drafts.get(object_id) or state(of.account, of.contract, of.day)[itself]
            objects.extend(_contract(draft, of.link, alive, object_id in closing))
        for _, parts in states:
            for part, hanging in parts.items():
                if part is not itself:
                    objects.extend(map(placed, hanging))
        for found, parts in states:
            for change, later in changes(client, found.contract, parts, found.day):
                told.append(change)
                if later is not None:
                    objects.append(later)
        objects.extend(_unsold(client, as_of))
        told.extend(default_changes(client, alive, first_day(client.view)))
    ended = tuple(contract for contract in contracts if contract.id not in alive)
    called = {**known, **{each.id: each.name for each in objects}}
    called |= {f"contract:{c.id}": contract_title(c.agreement, c.name) for c in ended}
    told.sort(key=lambda change: (change.day, change.client))
    return _sorted_out(Lanes((), (), ended, called, accounts, {}, {}), objects, told)


def bottom_up(
    ids: Iterable[str], links: Mapping[str, str], done: dict[str, None]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """These ids and what they link to, each after the one it links to; `done` stand already.

    Where links go round in a ring, one of them cannot be made on the way: it is that of the
    second value's ids.
    """
    found: list[str] = []
    closing: set[str] = set()
    for start in ids:
        chain: dict[str, None] = {}
        here = start
        while here in links and here not in done and here not in chain:
            chain[here] = None
            here = links[here]
        if here in chain:
            closing.add(next(reversed(chain)))
        for object_id in reversed(chain):
            done[object_id] = None
            found.append(object_id)
    return tuple(found), frozenset(closing)


def _unsold(client: Account, as_of: date) -> Iterator[BookObject]:
    """Services of an agreement that has no contract to sell them on: nothing is dropped."""
    for agreement in client.view.agreements:
        for service, steps in agreement.services.items():
            if client.carriers[agreement.name, service] or agreement.life.end < as_of:
                continue
            step = units_on(steps, max(as_of, agreement.life.start)) or steps[0]
            yield BookObject(
                f"units:{agreement.name}/{service}",
                "",
                Lane.MANUAL,
                client.view.shared.services[service].title,
                agreement.client,
                values=(Entry("agreement", agreement.title), Entry("units", plain(step.units))),
                reasons=("the agreement has no contract to sell it on",),
            )


def _contract(
    draft: Draft, link: str, alive: Container[str], closing: bool
) -> tuple[BookObject, ...]:
    """A contract, and apart from it a link that its request cannot make."""
    if not link or (link in alive and not closing):
        return (placed(draft),)
    body = {name: value for name, value in draft.body.items() if name != "exclusionContractID"}
    reason = "the links go round in a ring, and the API sets a link only when it makes a contract"
    if link not in alive:
        reason = "the exclusion contract has ended, and is left out"
    by_hand = BookObject(
        f"exclusion_contract:{draft.id.partition(':')[2]}",
        "Contracts",
        Lane.MANUAL,
        draft.name,
        draft.client,
        draft.id,
        {"exclusionContractID": Ref(f"contract:{link}")},
        reasons=(reason,),
    )
    return (placed(draft._replace(body=body)), by_hand)
