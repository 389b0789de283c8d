"""Which way each object of the book goes: every one of them in exactly one lane.

The API takes what it can write; an import file takes what `settings.lanes` gives it; a person does
the rest. Requests tell one day: the as-of date, or the first day of what begins later. What changes
afterwards are dated steps for a person, and what they make is in a person's lane.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.book.contract import Contract
from billing_dsl.targets import Compilation, Everybody, Views
from billing_dsl.targets._asked import in_short
from billing_dsl.targets._changes import (
    Change,
    changes,
    default_changes,
    shared_changes,
    with_names,
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
from billing_dsl.targets._objects import BookObject, Draft, Lane, placed
from billing_dsl.targets._shared import (
    companies,
    declared_names,
    exclusion_sets,
    known_sets,
    lists,
    names_in_lists,
    roles,
    services,
    work_types,
)
from billing_dsl.targets._values import plain

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
    short: InShort


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

    Whoever was asked for last is remembered.
    """

    compilation: Compilation
    _names: Mapping[str, str] = field(init=False)
    _family: tuple[Views, tuple[ClientLanes, ...]] = field(init=False, default=((), ()))
    _shared: tuple[Everybody | None, SharedLanes | None] = field(init=False, default=(None, None))

    def __post_init__(self) -> None:
        """Knows the names of what is declared."""
        self._names = declared_names(self.compilation.declared)

    def of_family(self, views: Views) -> tuple[ClientLanes, ...]:
        """The lanes of each client of a family, in order of names."""
        if self._family[0] is not views:
            self._family = (views, _of_family(self.compilation, self._names, views))
        return self._family[1]

    def of_all(self, everybody: Everybody) -> SharedLanes:
        """The lanes of what clients share, as all of them together ask for it."""
        whose, found = self._shared
        if found is None or whose is not everybody:
            found = _of_all(self.compilation, self._names, everybody.in_short)
            self._shared = (everybody, found)
        return found


def _of_all(
    compilation: Compilation, names: Mapping[str, str], clients: Sequence[InShort]
) -> SharedLanes:
    declared = compilation.declared
    first = (
        *lists(declared, [client.asked for client in clients]),
        *work_types(declared),
        *roles(declared),
        *services(declared),
    )
    carried = [found for client in clients for found in client.sets]
    standing = known_sets(declared, (found.set for found in carried if found.standing))
    sets = tuple(exclusion_sets(standing, names))
    called = {**names, **{each.id: each.name for each in (*first, *sets)}}
    told = [with_names(change, called) for change in shared_changes(declared)]
    told.sort(key=lambda change: change.day)
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
        called |= names_in_lists(turn.account)
    for turn in turns:
        client, contracts = turn.account.view.client.name, turn.account.contracts
        told = [with_names(change, called) for change in turn.changes]
        told.sort(key=lambda change: change.day)
        objects = tuple(turn.objects)
        yield ClientLanes(
            turn.account,
            turn.companies,
            objects,
            tuple([each for each in every if each.client == client]),
            tuple(told),
            tuple([contract for contract in contracts if contract.id not in alive]),
            called,
            in_short(turn.account, (*turn.companies, *objects), told, every, compilation.as_of),
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
                values=(("agreement", agreement.name), ("units", plain(step.units))),
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
        values=(("exclusion contract", f"contract:{link}"),),
        reasons=(reason,),
    )
    return (placed(draft._replace(body=body)), by_hand)
