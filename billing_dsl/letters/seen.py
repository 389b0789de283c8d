"""What a client sees of a change: as it is written in scope documents, and not how it comes about.

That work ends on a contract of another name, or is drawn from a block rather than billed as overage
on days for which hours are bought or not, is no change of what was agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.pricing import Unit
from billing_dsl.changes.cover import Fate, Line, joined
from billing_dsl.changes.pairs import Side, Work
from billing_dsl.model.calendar import Stretch, day_after, day_before, gaps, pieces
from billing_dsl.targets._scope import Kind
from billing_dsl.targets._scope_body import BILLED_AS, KIND_OF

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Treated:
    """How work is treated. `pool` is what it is drawn from, where that is bought in advance: the
    agreement, by its number in the line, and the contract. `entry` is billed by the entry.
    """

    kind: Kind
    entry: bool = False
    pool: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What work costs where it is billed; `overage` where hours of a block are used up."""

    amount: Decimal | None
    unit: Unit | None
    currency: str
    overage: bool


POOLS = (Kind.BLOCK, Kind.RETAINER, Kind.TICKET)
"""What is drawn from something that was bought in advance."""


def kind_of(fate: Fate) -> Kind:
    """What becomes of work, in the words of scope documents."""
    if not fate.billable:
        return Kind.FREE
    return KIND_OF[fate.type] if fate.type is not None else Kind.OUTSIDE


def treated(fate: Fate) -> Treated:
    """How work is treated."""
    kind = kind_of(fate)
    pool = (fate.agreement, fate.contract) if kind in POOLS else None
    return Treated(kind, kind is Kind.HOURLY and fate.unit is Unit.ENTRY, pool)


def priced(fate: Fate) -> Priced | None:
    """What work costs; None where no rate is told of it."""
    kind = kind_of(fate)
    if kind not in BILLED_AS:
        return None
    if kind is Kind.BLOCK:
        return Priced(fate.overage, Unit.HOUR, fate.currency, True)
    return Priced(fate.rate, fate.unit, fate.currency, False)


def lengths(fate: Fate) -> tuple[Decimal | None, Decimal | None] | None:
    """How long an entry is at least and at most, where it is billed by the hour."""
    kind = kind_of(fate)
    if kind is not Kind.BLOCK and (kind not in BILLED_AS or fate.unit is not Unit.HOUR):
        return None
    return fate.least, fate.most


def debit(fate: Fate) -> Decimal | None:
    """How many hours of a block an hour takes; None of work that is drawn from none."""
    return fate.debit if kind_of(fate) is Kind.BLOCK else None


def after_hours(fate: Fate) -> str | None:
    """What the part of an entry outside business hours is; None of what is never billed."""
    return None if kind_of(fate) is Kind.FREE else fate.after_hours


Seen: TypeAlias = tuple[Stretch, tuple[K | None, K | None], Mask]
"""Work that looks otherwise on some days than until then: how it did, and how it does."""


def seen(
    line: Line, work: Work, look: Callable[[Fate], K | None], new_roles: bool = False
) -> list[Seen[K]]:
    """What changes in a way of looking at it, on the days on which there is an agreement after.

    On days on which there was none before, what counts is what held until then: an agreement that
    is prolonged as it stands changes nothing. Without `new_roles` work of a role that is new, or
    gone, is passed over: nobody had agreed anything about it.
    """
    cells = work.cells
    roles = {Side.BEFORE: 0, Side.AFTER: 0}
    for side in roles:
        for role, mask in cells.by_role.items():
            if work.knows_role(side, role):
                roles[side] |= mask
    days = {change.life.start for change in line.changes}
    days |= {day_after(change.life.end) for change in line.changes}
    gained = [stretch for life in line.lives[1] for stretch in gaps(life, line.lives[0])]
    days |= {stretch.start for stretch in gained} | {day_after(one.end) for one in gained}
    if not line.changes:
        return []
    whole = Stretch(
        min(change.life.start for change in line.changes),
        max(change.life.end for change in line.changes),
    )
    cut: list[tuple[Stretch, Mapping[tuple[K | None, K | None], Mask]]] = []
    for life in pieces(whole, days):
        table: dict[tuple[K | None, K | None], Mask] = {}
        if not any(life.start in stretch for stretch in line.lives[1]):
            continue
        since = next((stretch.start for stretch in gained if life.start in stretch), None)
        until_then = _until(line, since) if since is not None else {}
        for change in line.changes:
            if life.start not in change.life:
                continue
            left = change.cells
            then = look(change.after) if change.after is not None else None
            for fate, mask in until_then.items():
                _add(table, (look(fate), then), left & mask)
                left &= ~mask
            before = look(change.before) if change.before is not None else None
            if change.before is None and not new_roles:
                left &= roles[Side.BEFORE]
            if change.after is None:
                left &= roles[Side.AFTER]
            _add(table, (before, then), left)
        cut.append((life, table))
    return joined(cut, cells)


@dataclass(slots=True)
class Beside:
    """Holds what is told of the work that gets to its contracts by itself, so that of work which
    tickets assign only what is otherwise in another way is told.

    As in a comparison (`changes.differences`), that is what is told of no other work of the client,
    and of work of which nothing as bad is told.
    """

    _told: list[tuple[str, tuple[object, object], int, Stretch, Mask]] = field(default_factory=list)

    def left(
        self, line: Line, look: str, found: Iterable[Seen[K]], weight: Callable[[K, K], int]
    ) -> Iterator[Seen[K]]:
        """What is to be told of a line in a way of looking at it; `weight` is more the worse."""
        told = list(self._told)
        for life, (before, after), mask in found:
            pair = _named(line, before), _named(line, after)
            # What begins or ends is neither dearer nor cheaper.
            weighs = 0 if before is None or after is None else weight(before, after)
            if not line.contract:
                self._told.append((look, pair, weighs, life, mask))
                yield life, (before, after), mask
                continue
            same = [one for one in told if one[0] == look and _meet(one[3], life)]
            if any(known == pair for _, known, _, _, _ in same):
                continue
            left = mask
            for _, _, other, _, cells in same:
                if other >= weighs:
                    left &= ~cells
            if left:
                yield life, (before, after), left


def _named(line: Line, look: object) -> object:
    """A look that means the same on every line: agreements by name, not as the line counts them."""
    if isinstance(look, Treated) and look.pool is not None:
        number, contract = look.pool
        return replace(look, pool=None), line.agreements[number], contract
    return look


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.start <= other.end and other.start <= one.end


def _add(
    table: dict[tuple[K | None, K | None], Mask], pair: tuple[K | None, K | None], mask: Mask
) -> None:
    if mask and pair[0] != pair[1]:
        table[pair] = table.get(pair, 0) | mask


def _until(line: Line, since: date) -> Mapping[Fate, Mask]:
    """What held on the day before some days, after the change; nothing where nothing did."""
    before = day_before(since)
    return line.on(Side.AFTER, before) if before != since else {}


def lost(line: Line, since: date) -> list[Stretch]:
    """The days from one on on which there was an agreement, and is none any more."""
    found = [stretch for life in line.lives[0] for stretch in gaps(life, line.lives[1])]
    return [Stretch(max(one.start, since), one.end) for one in found if one.end >= since]
