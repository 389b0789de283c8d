"""What differs between two catalogues, each difference once, with every client whom it reaches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar, assert_never

from billing_dsl.analysis.cells import Cell, Cells, Mask
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.walk import Outcome
from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.cover import Changed, Fate, Line
from billing_dsl.changes.deals import DealChange, Purchase, PurchaseChange, Terms, Units, What
from billing_dsl.changes.documents import NOT_KNOWN, Reach
from billing_dsl.changes.effects import (
    Effect,
    of_purchase,
    of_terms,
    of_units,
    of_work,
    told_by_purchases,
    worst,
)
from billing_dsl.changes.offers import OfferChanges
from billing_dsl.changes.pairs import Side
from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.calendar import Stretch, day_after, gaps, pieces

T = TypeVar("T")
K = TypeVar("K")


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
    `reach` are the changed documents that may be why. `start` is the contract at which assigned
    work starts, by its id; empty for the default ones. `contract` is its name where work gets there
    only because a ticket says so.

    Of what the next clients are offered, `client` is the key of the tier version that they sign.
    """

    client: str
    agreement: str
    agreements: tuple[str, ...]
    who: Who
    parts: tuple[Part[T], ...]
    reach: Reach
    start: str = ""
    contract: str = ""

    @property
    def direct(self) -> bool:
        """Whether documents of the client itself were changed, beside others it rests on."""
        return bool(self.reach.own)

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
    on which no agreement was in force there, nor the contract to which the work is assigned: then
    `signed` is false for that side.

    Where it ends elsewhere it is the same work for all whom it reaches; of work that only has other
    amounts `cells` are all there are, and each client's own stand in its parts.
    """

    cells: Mask
    before: Ending | None
    after: Ending | None
    signed: tuple[bool, bool]
    effect: Effect
    reached: tuple[Reached[Fate], ...]
    offers: tuple[Reached[Fate], ...] = ()

    @property
    def contract(self) -> str:
        """The contract to which it is assigned by tickets; empty where it gets there by itself."""
        return (*self.reached, *self.offers)[0].contract

    @property
    def alike(self) -> bool:
        """Whether all of it is otherwise for everybody whom it reaches."""
        every = (*self.reached, *self.offers)
        return all(_united(found.parts) == self.cells for found in every)

    def witness(self, cells: Cells, day: date) -> Witness | None:
        """One case of it: the first client by name, the first day from some day on, or else its
        first, and the first cell there. None where only the next clients are offered it.
        """
        if not self.reached:
            return None
        first = self.reached[0]
        part = next((part for part in first.parts if part.life.end >= day), first.parts[0])
        on = day if day in part.life else part.life.start
        return Witness(first, cells.boxes(part.cells)[0].witness, on, part)


@dataclass(frozen=True, slots=True)
class Witness:
    """One kind of work of one client on one day, as it was and as it is."""

    reached: Reached[Fate]
    cell: Cell
    day: date
    part: Part[Fate]


@dataclass(frozen=True, slots=True)
class OfService:
    """Units of a service, or their price; each client tells its own."""

    service: str
    effect: Effect
    reached: tuple[Reached[Units], ...]
    offers: tuple[Reached[Units], ...] = ()


@dataclass(frozen=True, slots=True)
class OfPurchase:
    """What is bought or due once; each client tells its own."""

    what: What
    contract: str
    effect: Effect
    reached: tuple[Reached[Purchase], ...]
    offers: tuple[Reached[Purchase], ...] = ()


@dataclass(frozen=True, slots=True)
class OfTerms:
    """An agreement that begins, ends, or has other terms; each client tells its own."""

    before: bool
    after: bool
    effect: Effect
    reached: tuple[Reached[Terms], ...]
    offers: tuple[Reached[Terms], ...] = ()


Difference: TypeAlias = OfWork | OfService | OfPurchase | OfTerms


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
    """Gathers differences from one client after the other; nothing else is held of them.

    `reach` tells how changed documents reach a client.
    """

    reach: Callable[[ClientChanges], Reach]
    _cells: Cells | None = None
    _work: _Gathered[_WorkKey, Fate] = field(default_factory=dict)
    _services: _Gathered[_ServiceKey, Units] = field(default_factory=dict)
    _purchases: _Gathered[_PurchaseKey, Purchase] = field(default_factory=dict)
    _terms: _Gathered[_TermsKey, Terms] = field(default_factory=dict)

    def take(self, changes: ClientChanges) -> None:
        """Takes note of what changes for a client."""
        who = Who.EXISTING
        if changes.before is None or changes.after is None:
            who = Who.NEW if changes.before is None else Who.LEAVING
        self._take(changes, _Client(changes.client.name, who, self.reach(changes)))

    def take_offer(self, tier: str, changes: ClientChanges) -> None:
        """Takes note of what changes for the next client who signs a tier version."""
        reach = Reach((), self.reach(changes).others)
        self._take(changes, _Client(tier, Who.NEW, reach, offered=True))

    def _take(self, changes: ClientChanges, client: _Client) -> None:
        self._cells = changes.cells
        told: dict[_Ends, Mask] = {}
        for line in changes.lines:
            by_ends = _of_line(line, changes.agreements)
            self._line(client, changes, line, by_ends)
            for ends, parts in by_ends.items():
                told[ends] = told.get(ends, 0) | _united(parts)
        quiet = not told and not changes.deals
        for line in changes.assigned:
            if quiet or all(line.lives):
                by_ends = _beside(_of_line(line, changes.agreements), told)
                self._line(client, changes, line, by_ends)
                told.update(dict.fromkeys(by_ends, 0))
        for deal in changes.deals:
            self._deal(client, deal)

    def _line(
        self,
        client: _Client,
        changes: ClientChanges,
        line: Line,
        by_ends: Mapping[_Ends, list[Part[Fate]]],
    ) -> None:
        """Takes note of the work that starts at one place."""
        for ends, parts in by_ends.items():
            cells = _united(parts)
            reach = client.reach.of_work(changes.cells, cells)
            start = _start(changes, line, parts[0].life.start)
            found = client.reached(
                line.agreement, parts, reach, line.agreements, start, line.contract
            )
            # What only has other amounts is one difference, whichever work it is for whom.
            key = 0 if ends[0] == ends[1] else cells, ends, line.contract
            client.among(self._work, key).append(found)

    def _deal(self, client: _Client, deal: DealChange) -> None:
        name, reach = deal.agreement, client.reach
        if deal.before != deal.after:
            terms = _terms(deal.before, deal.after)
            key = deal.before is not None, deal.after is not None, of_terms(*terms.sides)
            through = reach.of_agreement(name, "settings")
            client.among(self._terms, key).append(client.reached(name, [terms], through))
        if deal.before is None or deal.after is None:
            return  # all that is bought belongs to an agreement that begins, or is gone
        services: dict[_ServiceKey, list[Part[Units]]] = {}
        for one in deal.services:
            units = Part(one.life, one.before, one.after)
            services.setdefault((one.service, of_units(*units.sides)), []).append(units)
        for service, held in services.items():
            carried = any(
                one.before and one.after and one.before.invoiced is not one.after.invoiced
                for one in held
            )
            kinds = ("settings", "service", "service_bundle", *(("tier",) if carried else ()))
            through = reach.of_agreement(name, *kinds)
            client.among(self._services, service).append(client.reached(name, held, through))
        purchases: dict[_PurchaseKey, list[Part[Purchase]]] = {}
        for other in deal.purchases:
            bought = _purchase(other)
            known = bought.after or bought.before
            assert known is not None, "a change of nothing is none"
            effect = of_purchase(*bought.sides)
            purchases.setdefault((known.what, known.contract, effect), []).append(bought)
        for purchase, paid in purchases.items():
            block = purchase[0] is What.BLOCK  # tiers sell none
            through = reach.of_agreement(name, "settings", *(() if block else ("tier",)))
            client.among(self._purchases, purchase).append(client.reached(name, paid, through))

    def found(self) -> Differences:
        """All that was gathered."""
        work = [
            OfWork(
                _united(part for found in (*reached, *offers) for part in found.parts),
                before,
                after,
                signed,
                effect,
                _by_name(reached),
                _by_name(offers),
            )
            for (_, (before, after, signed, effect), _), (reached, offers) in self._work.items()
        ]
        services = [
            OfService(name, effect, _by_name(reached), _by_name(offers))
            for (name, effect), (reached, offers) in self._services.items()
        ]
        purchases = [
            OfPurchase(what, contract, effect, _by_name(reached), _by_name(offers))
            for (what, contract, effect), (reached, offers) in self._purchases.items()
        ]
        terms = [
            OfTerms(before, after, effect, _by_name(reached), _by_name(offers))
            for (before, after, effect), (reached, offers) in self._terms.items()
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


@dataclass(frozen=True, slots=True)
class _Client:
    """A client of whom note is taken, or the next one who signs a tier: then its key."""

    name: str
    who: Who
    reach: Reach
    offered: bool = False

    def among(self, found: _Gathered[K, T], key: K) -> list[Reached[T]]:
        """Where it is told what reaches it."""
        return found.setdefault(key, ([], []))[self.offered]

    def reached(
        self,
        agreement: str,
        parts: list[Part[T]],
        reach: Reach,
        agreements: tuple[str, ...] = (),
        start: str = "",
        contract: str = "",
    ) -> Reached[T]:
        """What reaches it."""
        ordered = tuple(sorted(parts, key=lambda part: (part.life, part.cells & -part.cells)))
        return Reached(self.name, agreement, agreements, self.who, ordered, reach, start, contract)


def _start(changes: ClientChanges, line: Line, day: date) -> str:
    """The contract at which work starts that is assigned to an agreement, as `why` takes it."""
    views = changes.before, changes.after
    for side in (Side.AFTER, Side.BEFORE):
        view, own = views[side], changes.signed(side, line.agreement, day)
        if view is None or own is None:
            continue
        if line.contract:
            return f"{own.name}/{line.contract}"
        firsts = view.shared.expander.first_contracts(own)
        return next((contract for life, contract in firsts if day in life), "")
    return ""


def not_known(_: ClientChanges) -> Reach:
    """How a client is reached where nobody has said which documents were changed."""
    return NOT_KNOWN


def differences(
    changes: Iterable[ClientChanges],
    reach: Callable[[ClientChanges], Reach] = not_known,
    offers: Iterable[OfferChanges] = (),
) -> Differences:
    """What differs, of what changes for each client, and for the next ones of tiers; `reach` tells
    how each of them is reached.
    """
    gathering = Gathering(reach)
    for one in changes:
        gathering.take(one)
    for offer in offers:
        gathering.take_offer(offer.tier, offer.changes)
    return gathering.found()


_Ends: TypeAlias = tuple[Ending | None, Ending | None, tuple[bool, bool], Effect]
_WorkKey: TypeAlias = tuple[Mask, _Ends, str]
_ServiceKey: TypeAlias = tuple[str, Effect]
_PurchaseKey: TypeAlias = tuple[What, str, Effect]
_TermsKey: TypeAlias = tuple[bool, bool, Effect]
_Gathered: TypeAlias = dict[K, tuple[list[Reached[T]], list[Reached[T]]]]
"""What reaches clients, and what the next ones are offered, by what it is."""


def _of_line(line: Line, agreements: Collection[str]) -> dict[_Ends, list[Part[Fate]]]:
    """What is otherwise of the work that starts at one place, by where it ends before and after.

    `agreements` are the client's own: what was bought of others' is not told of it.
    """
    found: dict[_Ends, list[Part[Fate]]] = {}
    for change in line.changes:
        fate = change.before
        own = fate is None or fate.agreement < 0 or line.agreements[fate.agreement] in agreements
        if own and told_by_purchases(change.before, change.after):
            continue
        for life, signed in _signed(line, change):
            effect = of_work(change.before, change.after, signed, own)
            ends = _ending(change.before), _ending(change.after), signed, effect
            part = Part(life, change.before, change.after, change.cells)
            found.setdefault(ends, []).append(part)
    return found


def _beside(
    by_ends: Mapping[_Ends, list[Part[Fate]]], told: Mapping[_Ends, Mask]
) -> dict[_Ends, list[Part[Fate]]]:
    """What is otherwise of work that somebody assigns by hand, beside what is told of the work that
    gets there by itself: ends that are not told yet, of work of which nothing as bad is told.
    """
    found: dict[_Ends, list[Part[Fate]]] = {}
    for ends, parts in by_ends.items():
        if ends in told:
            continue
        rank = _EFFECTS.index(ends[3])
        known = 0
        for other, cells in told.items():
            if _EFFECTS.index(other[3]) <= rank:
                known |= cells
        left = [replace(one, cells=one.cells & ~known) for one in parts if one.cells & ~known]
        if left:
            found[ends] = left
    return found


def _united(parts: Iterable[Part[Fate]]) -> Mask:
    """All cells of some parts."""
    mask = 0
    for part in parts:
        mask |= part.cells
    return mask


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
    """An agreement whose terms are others: on the days that only one side has where these alone
    are others, else on all days of either side.
    """
    lives = [terms.life for terms in (before, after) if terms is not None]
    if before is not None and after is not None and replace(before, life=after.life) == after:
        whole = _whole(lives)
        apart = (*gaps(whole, [before.life]), *gaps(whole, [after.life]))
        return Part(_whole(apart), before, after)
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
            ends = _written(before_), _written(after_), signed
            return *first, 1, cells & -cells, cells, *ends, one.contract
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
