"""What differs between two catalogues, each difference once, with every client whom it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar, assert_never

from billing_dsl.analysis.cells import Cell, Cells, Mask
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.walk import Outcome
from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.cover import Changed, Fate, Line
from billing_dsl.changes.deals import DealChange, Purchase, PurchaseChange, Terms, Units, What
from billing_dsl.changes.effects import (
    Effect,
    of_purchase,
    of_terms,
    of_units,
    of_work,
    told_by_purchases,
    worst,
)
from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.calendar import Stretch, day_after, pieces

T = TypeVar("T")


class Who(StrEnum):
    """Whether a client is one before and after."""

    EXISTING = "existing"
    NEW = "new"
    LEAVING = "leaving"


class When(StrEnum):
    """The first day of a difference, as seen on a day."""

    PAST = "past"
    """Only days before it are another."""
    NOW = "now"
    """It holds on that day already, and may be told of days before it too."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """What is otherwise for one client on some days. `cells` are none where it is no work."""

    life: Stretch
    before: T | None
    after: T | None
    cells: Mask = 0

    @property
    def sides(self) -> tuple[T | None, T | None]:
        """What holds before and after."""
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class Reached(Generic[T]):
    """A client whom a difference reaches, with all that is otherwise for it, in order of days.

    `agreement` is the one whose terms are others, or to which work is assigned that does not start
    at the client's default contracts; `agreements` are those that the fates of work count.
    `direct` tells that documents of the client itself were changed; `through` names the changed
    documents by which it is reached.
    """

    client: str
    agreement: str
    agreements: tuple[str, ...]
    who: Who
    parts: tuple[Part[T], ...]
    direct: bool
    through: tuple[str, ...]

    @property
    def life(self) -> Stretch:
        """From the first day that is otherwise to the last one."""
        return Stretch(self.parts[0].life.start, max(part.life.end for part in self.parts))

    def when(self, day: date) -> When:
        """Since when, as seen on a day."""
        if self.life.end < day:
            return When.PAST
        return When.LATER if self.life.start > day else When.NOW


@dataclass(frozen=True, slots=True)
class Ending:
    """Where work ends and how it is billed there; `contract` is empty unless it is covered."""

    outcome: Outcome
    contract: str
    type: ContractType | None
    billing: Billing


@dataclass(frozen=True, slots=True)
class OfWork:
    """Work that is treated otherwise. None stands for work that one side does not know, or for days
    on which no agreement was in force there: then `signed` is false for that side.
    """

    cells: Mask
    before: Ending | None
    after: Ending | None
    signed: tuple[bool, bool]
    effect: Effect
    reached: tuple[Reached[Fate], ...]

    def witness(self, cells: Cells) -> tuple[Reached[Fate], Cell, Part[Fate]]:
        """One case of it: the first client by name, its first day and the first cell there."""
        first = self.reached[0]
        part = first.parts[0]
        return first, cells.boxes(part.cells)[0].witness, part


@dataclass(frozen=True, slots=True)
class OfService:
    """Units of a service, or their price; each client tells its own."""

    service: str
    effect: Effect
    reached: tuple[Reached[Units], ...]


@dataclass(frozen=True, slots=True)
class OfPurchase:
    """What is bought or due once; each client tells its own."""

    what: What
    contract: str
    effect: Effect
    reached: tuple[Reached[Purchase], ...]


@dataclass(frozen=True, slots=True)
class OfTerms:
    """An agreement that begins, ends, or has other terms; each client tells its own."""

    before: bool
    after: bool
    effect: Effect
    reached: tuple[Reached[Terms], ...]


Difference: TypeAlias = OfWork | OfService | OfPurchase | OfTerms


@dataclass(frozen=True, slots=True)
class Reach:
    """How changed documents reach a client: its own ones, and the others that it rests on."""

    own: tuple[str, ...]
    others: tuple[str, ...]


NOT_KNOWN = Reach((), ())


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs, the worst for clients first, then what reaches most of them.

    `effects` tells for each client that something reaches the worst of it.
    """

    work: tuple[OfWork, ...]
    services: tuple[OfService, ...]
    purchases: tuple[OfPurchase, ...]
    terms: tuple[OfTerms, ...]
    effects: Mapping[str, Effect]
    cells: Cells | None

    def __bool__(self) -> bool:
        return bool(self.work or self.services or self.purchases or self.terms)

    @property
    def all(self) -> tuple[Difference, ...]:
        """Every difference, the worst first."""
        return tuple(sorted((*self.terms, *self.work, *self.services, *self.purchases), key=_rank))


@dataclass(slots=True)
class Gathering:
    """Gathers differences from one client after the other; nothing else is held of them."""

    reach: Mapping[str, Reach]
    _cells: Cells | None = None
    _work: dict[_WorkKey, list[Reached[Fate]]] = field(default_factory=dict)
    _services: dict[_ServiceKey, list[Reached[Units]]] = field(default_factory=dict)
    _purchases: dict[_PurchaseKey, list[Reached[Purchase]]] = field(default_factory=dict)
    _terms: dict[_TermsKey, list[Reached[Terms]]] = field(default_factory=dict)

    def take(self, changes: ClientChanges) -> None:
        """Takes note of what changes for a client."""
        self._cells = changes.cells
        for line in changes.lines:
            for key, parts in _of_line(line).items():
                reached = self._reached(changes, line.agreement, line.agreements, parts)
                self._work.setdefault(key, []).append(reached)
        for deal in changes.deals:
            self._deal(changes, deal)

    def _deal(self, changes: ClientChanges, deal: DealChange) -> None:
        name = deal.agreement
        if deal.before != deal.after:
            terms = _terms(deal.before, deal.after)
            key = deal.before is not None, deal.after is not None, of_terms(*terms.sides)
            self._terms.setdefault(key, []).append(self._reached(changes, name, (), [terms]))
        if deal.before is None or deal.after is None:
            return  # all that is bought belongs to an agreement that begins, or is gone
        services: dict[_ServiceKey, list[Part[Units]]] = {}
        for one in deal.services:
            units = Part(one.life, one.before, one.after)
            services.setdefault((one.service, of_units(*units.sides)), []).append(units)
        for service, held in services.items():
            self._services.setdefault(service, []).append(self._reached(changes, name, (), held))
        purchases: dict[_PurchaseKey, list[Part[Purchase]]] = {}
        for other in deal.purchases:
            bought = _purchase(other)
            known = bought.after or bought.before
            assert known is not None, "a change of nothing is none"
            effect = of_purchase(*bought.sides)
            purchases.setdefault((known.what, known.contract, effect), []).append(bought)
        for purchase, paid in purchases.items():
            self._purchases.setdefault(purchase, []).append(self._reached(changes, name, (), paid))

    def _reached(
        self,
        changes: ClientChanges,
        agreement: str,
        agreements: tuple[str, ...],
        parts: list[Part[T]],
    ) -> Reached[T]:
        client = changes.client.name
        reach = self.reach.get(client, NOT_KNOWN)
        who = Who.EXISTING
        if changes.before is None or changes.after is None:
            who = Who.NEW if changes.before is None else Who.LEAVING
        in_order = tuple(sorted(parts, key=lambda part: (part.life, part.cells & -part.cells)))
        return Reached(
            client, agreement, agreements, who, in_order, bool(reach.own), reach.own + reach.others
        )

    def found(self) -> Differences:
        """All that was gathered."""
        work = [
            OfWork(cells, before, after, signed, effect, _by_name(reached))
            for (cells, (before, after, signed, effect)), reached in self._work.items()
        ]
        services = [
            OfService(name, effect, _by_name(reached))
            for (name, effect), reached in self._services.items()
        ]
        purchases = [
            OfPurchase(what, contract, effect, _by_name(reached))
            for (what, contract, effect), reached in self._purchases.items()
        ]
        terms = [
            OfTerms(before, after, effect, _by_name(reached))
            for (before, after, effect), reached in self._terms.items()
        ]
        every: list[Difference] = [*work, *services, *purchases, *terms]
        effects: dict[str, list[Effect]] = {}
        for one in every:
            for who in one.reached:
                effects.setdefault(who.client, []).append(one.effect)
        return Differences(
            tuple(sorted(work, key=_rank)),
            tuple(sorted(services, key=_rank)),
            tuple(sorted(purchases, key=_rank)),
            tuple(sorted(terms, key=_rank)),
            {client: worst(effects[client]) for client in sorted(effects)},
            self._cells,
        )


def differences(changes: Iterable[ClientChanges], reach: Mapping[str, Reach]) -> Differences:
    """What differs, of what changes for each client; `reach` tells how each of them is reached."""
    gathering = Gathering(reach)
    for one in changes:
        gathering.take(one)
    return gathering.found()


_Ends: TypeAlias = tuple[Ending | None, Ending | None, tuple[bool, bool], Effect]
_WorkKey: TypeAlias = tuple[Mask, _Ends]
_ServiceKey: TypeAlias = tuple[str, Effect]
_PurchaseKey: TypeAlias = tuple[What, str, Effect]
_TermsKey: TypeAlias = tuple[bool, bool, Effect]


def _of_line(line: Line) -> dict[_WorkKey, list[Part[Fate]]]:
    """What is otherwise of the work that starts at one place: alike changes of one time as one."""
    at_once: dict[tuple[Stretch, _Ends], list[Part[Fate]]] = {}
    for change in line.changes:
        if told_by_purchases(change.before, change.after):
            continue
        for life, signed in _signed(line, change):
            effect = of_work(change.before, change.after, signed)
            ends = _ending(change.before), _ending(change.after), signed, effect
            part = Part(life, change.before, change.after, change.cells)
            at_once.setdefault((life, ends), []).append(part)
    found: dict[_WorkKey, list[Part[Fate]]] = {}
    for (_, ends), parts in at_once.items():
        mask = 0
        for part in parts:
            mask |= part.cells
        found.setdefault((mask, ends), []).extend(parts)
    return found


def _signed(line: Line, change: Changed) -> Iterator[tuple[Stretch, tuple[bool, bool]]]:
    """The days of a change, cut where on either side an agreement begins or ends."""
    cuts = [
        day for lives in line.lives for life in lives for day in (life.start, day_after(life.end))
    ]
    for life in pieces(change.life, cuts):
        in_force = [any(life.start in own for own in lives) for lives in line.lives]
        yield life, (in_force[0], in_force[1])


def _ending(fate: Fate | None) -> Ending | None:
    if fate is None:
        return None
    return Ending(fate.outcome, fate.contract, fate.type, fate.billing)


def _terms(before: Terms | None, after: Terms | None) -> Part[Terms]:
    """An agreement whose terms are others, on all days of either side."""
    lives = [terms.life for terms in (before, after) if terms is not None]
    return Part(_whole(lives), before, after)


def _purchase(change: PurchaseChange) -> Part[Purchase]:
    lives = [one.life for one in (change.before, change.after) if one is not None]
    return Part(_whole(lives), change.before, change.after)


def _whole(lives: Sequence[Stretch]) -> Stretch:
    return Stretch(min(life.start for life in lives), max(life.end for life in lives))


def _by_name(reached: list[Reached[T]]) -> tuple[Reached[T], ...]:
    return tuple(sorted(reached, key=lambda one: (one.client, one.agreement)))


_EFFECTS = list(Effect)


def _rank(one: Difference) -> tuple[object, ...]:
    """Where a difference stands: the worst first, then what reaches most clients."""
    first = _EFFECTS.index(one.effect), -len({who.client for who in one.reached})
    match one:
        case OfTerms(before=before, after=after):
            return *first, 0, before, after
        case OfWork(cells=cells, before=before_, after=after_, signed=signed):
            return *first, 1, cells & -cells, cells, _written(before_), _written(after_), signed
        case OfService(service=service):
            return *first, 2, service
        case OfPurchase(what=what, contract=contract):
            return *first, 3, list(What).index(what), contract
        case unexpected:
            assert_never(unexpected)


def _written(ending: Ending | None) -> tuple[str, ...]:
    if ending is None:
        return ()
    return ending.outcome, ending.contract, ending.type or "", ending.billing
