"""Which way each object of the book goes: every one of them in exactly one lane.

The API takes what it can write; an import file takes what `settings.lanes` gives it; a person does
the rest. Requests tell one day: the as-of date, or the first day of what begins later. What changes
afterwards are dated steps for a person, and what they make is in a person's lane.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.targets import TOGETHER, Compilation, Everybody, Views
from billing_dsl.targets._changes import (
    Change,
    carried_over,
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
from billing_dsl.targets._in_short import InShort, SetInUse
from billing_dsl.targets._labels import Entry
from billing_dsl.targets._objects import BookObject, Draft, Lane, placed
from billing_dsl.targets._sending import Sending
from billing_dsl.targets._shared import (
    companies,
    declared_names,
    exclusion_set,
    exclusion_sets,
    known_sets,
    lists,
    roles,
    services,
    sets_of,
    work_types,
)
from billing_dsl.targets._stages import USUAL, Stages, by_hand_first, stages
from billing_dsl.targets._values import Ref, plain

K = TypeVar("K")
T = TypeVar("T")

__all__ = ["BookObject", "ClientLanes", "Lane", "Lanes", "SharedLanes", "lanes"]


@dataclass(frozen=True, slots=True)
class ClientLanes:
    """One client's part of the book, ready to be written out.

    Clients take turns in order of names: `companies` and `objects` are made at this one's turn, in
    their order. Another client's may be among them, where it has to stand first. `own` are all
    that are this client's, whenever they are made. `ended` are contracts left out because their
    last day has passed. `names` give what Autotask calls whatever is spoken of, by its id.
    """

    account: Account
    companies: tuple[BookObject, ...]
    objects: tuple[BookObject, ...]
    own: tuple[BookObject, ...]
    changes: tuple[Change, ...]
    ended: tuple[Contract, ...]
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """The client's name."""
        return self.account.view.client.name


@dataclass(frozen=True, slots=True)
class SharedLanes:
    """What clients share, ready to be written out.

    `lists` are made before the companies of clients, `sets` between them and all other objects.
    `known_sets` are the exclusion sets that there ever were or will be.
    """

    lists: tuple[BookObject, ...]
    sets: tuple[BookObject, ...]
    changes: tuple[Change, ...]
    names: Mapping[str, str]
    known_sets: Mapping[str, SetInUse]

    def of(self, lane: Lane) -> tuple[BookObject, ...]:
        """The objects of one lane, in order."""
        return tuple(found for found in (*self.lists, *self.sets) if found.lane is lane)


_LAST: list[Lanes] = []
"""Several targets read the same lanes, one after the other: they are worked out once."""


def lanes(compilation: Compilation) -> Lanes:
    """The lanes of a compilation."""
    if not (_LAST and _LAST[0].compilation is compilation):
        _LAST[:] = [Lanes(compilation)]
    return _LAST[0]


@dataclass(slots=True)
class Lanes:
    """Works out the lanes of one compilation: those of a family, and of what all clients share.

    The families that are told of together are remembered, and so is everybody. What is `left` is
    without what a tenant has already, as far as a snapshot of it shows.
    """

    compilation: Compilation
    _names: Mapping[str, str] = field(init=False)
    _lists: tuple[BookObject, ...] = field(init=False)
    _by_hand: bool = field(init=False)
    _sets: dict[str, BookObject] = field(init=False, default_factory=dict)
    _families: dict[int, _Told[Views, tuple[ClientLanes, ...]]] = field(
        init=False, default_factory=dict
    )
    _shared: _Told[Everybody, SharedLanes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Knows what is declared."""
        declared = self.compilation.declared
        self._names = declared_names(declared)
        self._lists = (*work_types(declared), *roles(declared), *services(declared))
        self._by_hand = by_hand_first(_unsettled(self._lists, self.compilation.sending))

    def of_family(self, views: Views) -> tuple[ClientLanes, ...]:
        """The lanes of each client of a family, in order of names."""
        return self._of_family(views).every

    def left_of_family(self, views: Views) -> tuple[ClientLanes, ...]:
        """What is left of them."""
        return self._of_family(views).left

    def stages_of_family(self, views: Views) -> Stages:
        """When what is left of a family is made."""
        return self._of_family(views).stages

    def of_all(self, everybody: Everybody) -> SharedLanes:
        """The lanes of what clients share, as all of them together ask for it."""
        return self._of_all(everybody).every

    def left_of_all(self, everybody: Everybody) -> SharedLanes:
        """What is left of them."""
        return self._of_all(everybody).left

    def stages_of_all(self, everybody: Everybody) -> Stages:
        """When what is left of what clients share is made."""
        return self._of_all(everybody).stages

    def _of_family(self, views: Views) -> _Told[Views, tuple[ClientLanes, ...]]:
        told = self._families.get(id(views))
        if told is None or told.of is not views:
            if len(self._families) == TOGETHER:
                self._families.clear()
            sending = self.compilation.sending
            every = _of_family(self.compilation, self._names, views)
            left = every
            if sending is not None:
                left = tuple(_left_of_client(found, sending) for found in every)
            told = self._families[id(views)] = _Told(views, every, left, self._stages(left))
        return told

    def _stages(self, left: Sequence[ClientLanes]) -> Stages:
        """The stages of a family's objects, which may need what clients share."""
        sets: dict[str, BookObject] = {}
        for client in left:
            for found in sets_of(client.account):
                if found.id not in self._sets:
                    self._sets[found.id] = exclusion_set(found)
                sets[found.id] = self._sets[found.id]
        objects = [each for client in left for each in client.companies]
        objects += _unsettled(sets.values(), self.compilation.sending)
        objects += [each for client in left for each in client.objects]
        if not (self._by_hand or by_hand_first(objects)):
            return USUAL
        return stages((*_unsettled(self._lists, self.compilation.sending), *objects))

    def _of_all(self, everybody: Everybody) -> _Told[Everybody, SharedLanes]:
        if self._shared is None or self._shared.of is not everybody:
            clients, sending = everybody.in_short, self.compilation.sending
            every = _of_all(self.compilation, self._names, self._lists, clients)
            left = every if sending is None else _left_of_all(every, sending)
            needed = {one for client in clients for one in client.asked.needed}
            staged = stages((*left.lists, *left.sets), needed)
            self._shared = _Told(everybody, every, left, staged)
        return self._shared


@dataclass(frozen=True, slots=True)
class _Told(Generic[K, T]):
    """Every lane of somebody, what is left of them, and when that is made."""

    of: K
    every: T
    left: T
    stages: Stages


def _left_of_client(found: ClientLanes, sending: Sending) -> ClientLanes:
    return replace(
        found,
        companies=_unsettled(found.companies, sending),
        objects=_unsettled(found.objects, sending),
        own=_unsettled(found.own, sending),
        changes=_changes_left(found.changes, sending),
    )


def _left_of_all(found: SharedLanes, sending: Sending) -> SharedLanes:
    return replace(
        found,
        lists=_unsettled(found.lists, sending),
        sets=_unsettled(found.sets, sending),
        changes=_changes_left(found.changes, sending),
    )


def _unsettled(objects: Iterable[BookObject], sending: Sending | None) -> tuple[BookObject, ...]:
    if sending is None:
        return tuple(objects)
    return tuple([each for each in objects if each.id not in sending.settled])


def _changes_left(changes: Iterable[Change], sending: Sending) -> tuple[Change, ...]:
    return tuple(
        change._replace(
            path=sending.routed(change.path),
            body=None if change.body is None else sending.resolved(change.body),
        )
        for change in changes
        if not (change.makes and change.object in sending.settled)
    )


def _of_all(
    compilation: Compilation,
    names: Mapping[str, str],
    declared_lists: Iterable[BookObject],
    clients: Sequence[InShort],
) -> SharedLanes:
    declared = compilation.declared
    first = (*lists(declared, [client.asked for client in clients]), *declared_lists)
    carried = [found for client in clients for found in client.sets]
    standing = known_sets(declared, (found.set for found in carried if found.standing))
    sets = tuple(exclusion_sets(standing, names))
    called = {**names, **{each.id: each.name for each in (*first, *sets)}}
    told = sorted(shared_changes(declared), key=lambda change: change.day)
    every = known_sets(declared, (found.set for found in carried))
    return SharedLanes(first, sets, tuple(told), called, every)


# --- family by family ----------------------------------------------------------------------------


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


@dataclass(slots=True)
class _Turn:
    """What is made at a client's turn, and what changes about the client later."""

    account: Account
    companies: tuple[BookObject, ...]
    objects: list[BookObject] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def _of_family(
    compilation: Compilation, names: Mapping[str, str], views: Views
) -> tuple[ClientLanes, ...]:
    declared, as_of = compilation.declared, compilation.as_of
    accounts = [account(view, names) for view in views]
    alive = {
        contract.id: _standing(client, contract, as_of)
        for client in accounts
        for contract in client.contracts
        if contract.life.end >= as_of
    }
    clients = {view.client.name: view.client for view in views}
    parents = {name: client.parent for name, client in clients.items()}
    links = {object_id: found.link for object_id, found in alive.items()}
    founded: dict[str, None] = {}
    made: dict[str, None] = {}
    turns: list[_Turn] = []
    for client in accounts:
        ordered, ringed = bottom_up([client.view.client.name], parents, founded)
        turn = _Turn(client, tuple(companies(declared, clients, ordered, ringed)))
        own = [alive[contract.id] for contract in client.contracts if contract.id in alive]
        first, closing = bottom_up([found.contract.id for found in own], links, made)
        states = [(found, state(client, found.contract, found.day)) for found in own]
        drafts = {found.contract.id: parts[itself] for found, parts in states}
        for object_id in first:  # the parent's contract may have to stand first
            of = alive[object_id]
            [draft] = drafts.get(object_id) or state(of.account, of.contract, of.day)[itself]
            turn.objects.extend(_contract(draft, of.link, alive, object_id in closing))
        for _, parts in states:
            for part, hanging in parts.items():
                if part is not itself:
                    turn.objects.extend(map(placed, hanging))
        for found, parts in states:
            for change, later in changes(client, found.contract, parts, found.day):
                turn.changes.append(change)
                if later is not None:
                    turn.objects.append(later)
            turn.changes.extend(carried_over(client, found.contract, found.day))
        turn.objects.extend(_unsold(client, as_of))
        turn.changes.extend(default_changes(client, alive, first_day(client.view)))
        turns.append(turn)
    return tuple(_taken(compilation, names, turns, alive))


def _taken(
    compilation: Compilation,
    names: Mapping[str, str],
    turns: Sequence[_Turn],
    alive: Container[str],
) -> Iterator[ClientLanes]:
    """The turns of a family when all have been taken: now whatever is spoken of has a name."""
    every = [each for turn in turns for each in turn.companies]
    every += [each for turn in turns for each in turn.objects]
    called = {**names, **{each.id: each.name for each in every}}
    for turn in turns:
        if region := turn.account.view.client.tax_region:
            called[f"tax_region:{region}"] = region
        called |= {found.id: found.name for found in sets_of(turn.account)}
        for contract in turn.account.contracts:
            if contract.id not in alive:
                called[f"contract:{contract.id}"] = contract_title(
                    contract.agreement, contract.name
                )
    for turn in turns:
        client, contracts = turn.account.view.client.name, turn.account.contracts
        yield ClientLanes(
            turn.account,
            turn.companies,
            tuple(turn.objects),
            tuple([each for each in every if each.client == client]),
            tuple(sorted(turn.changes, key=lambda change: change.day)),
            tuple([contract for contract in contracts if contract.id not in alive]),
            called,
        )


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
