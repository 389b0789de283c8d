"""What becomes of a client's work, compared: every kind of work, on every day, before and after."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.pricing import Billing, Unit, billing, block_factor, rate, unit
from billing_dsl.analysis.situations import Beginning, Cutter, Situation, TimeLine
from billing_dsl.analysis.views import Declared
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.changes.pairs import Side, Work
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch, day_after, pieces, runs

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of work: where it ends, how it is billed there, and at which rate.

    `agreement` counts the agreements of the line; it is -1, and `contract` empty, unless the work
    is covered. `overage` is what an hour costs once the hours of a block are used up, `debit` how
    many of them an hour takes. Without an amount there is no currency.
    """

    outcome: Outcome
    agreement: int
    contract: str
    type: ContractType | None
    billable: bool
    billing: Billing
    rate: Decimal | None
    unit: Unit | None
    currency: str
    overage: Decimal | None = None
    debit: Decimal | None = None
    least: Decimal | None = None
    """The shortest time of an entry that is billed."""
    most: Decimal | None = None
    after_hours: str = ""
    """The work type of the part outside business hours; empty where that part is not split off."""


Pair: TypeAlias = tuple[Fate | None, Fate | None]
"""What becomes of work before and after; None where there is no such work, or no agreement."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Work that is treated otherwise after than before, on these days."""

    life: Stretch
    before: Fate | None
    after: Fate | None
    cells: Mask


@dataclass(frozen=True, slots=True)
class Line:
    """The work that starts at one place, and what changes for it: for all days, in their order.

    `agreement` is empty for the client's default contracts; else it is the agreement, in force
    beside them, to which work may be assigned, or that holds the `contract` to which it may be.
    `agreements` are those that its fates count.
    """

    agreement: str
    agreements: tuple[str, ...]
    changes: tuple[Changed, ...]
    lives: tuple[tuple[Stretch, ...], tuple[Stretch, ...]]
    """The days on which anything starts there, before and after."""
    on: Callable[[Side, date], Mapping[Fate, Mask]] = field(compare=False, repr=False)
    """All work there is on a day on one side, by its fate."""
    contract: str = ""
    """The contract at which it starts, where that is not the first of its agreement."""


@dataclass(frozen=True, slots=True)
class Names:
    """What agreements and contracts of a side are called on both sides.

    Agreements by their names; of contracts, those that are called otherwise, by agreement of the
    side and name.
    """

    agreements: Mapping[str, str]
    contracts: Mapping[tuple[str, str], str]


Table: TypeAlias = tuple[tuple[Fate, Mask], ...]
"""Each fate of some days, with the work that has it, in cells of both sides."""


@dataclass(frozen=True, slots=True)
class Fates:
    """Finds the fates of one side's work; remembers what clients share."""

    work: Work
    side: Side
    cutter: Cutter = field(init=False)
    _tables: dict[Hashable, Table] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cutter", Cutter(self.declared.shared))

    @property
    def declared(self) -> Declared:
        """What clients of the side share."""
        return (self.work.before, self.work.after)[self.side]

    def table(self, situation: Situation, currency: str) -> Table:
        """The fates of a situation; agreements are counted as its time line counts them."""
        key = (situation.key, currency)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = tuple(self._worked_out(situation, currency))
        return found

    def _worked_out(self, situation: Situation, currency: str) -> Iterator[tuple[Fate, Mask]]:
        cells = self.declared.cells
        found: dict[Fate, Mask] = {}
        for end, key in zip(situation.beginning.routing, situation.ends, strict=True):
            covered = end.outcome is Outcome.COVERED
            for work_type in self.declared.shared.work_types:
                of_type = end.cells & cells.by_work_type[work_type.name]
                if not of_type:
                    continue
                for role in cells.roles:
                    mask = of_type & cells.by_role[role.name]
                    if mask:
                        fate = self._fate(situation, end, work_type, role, currency)
                        fate = replace(
                            fate,
                            agreement=key.agreement if covered else -1,
                            contract=key.contract if covered else "",
                        )
                        found[fate] = found.get(fate, 0) | mask
        for fate, mask in found.items():
            yield fate, self.work.of(self.side, mask)

    def _fate(
        self, situation: Situation, end: End, work_type: WorkType, role: Role, currency: str
    ) -> Fate:
        segment, day = situation.beginning.segment, situation.life.start
        contract = phase = None
        if end.outcome is Outcome.COVERED:
            contract, phase = segment.contracts[end.contract], segment.phases[end.contract]
        by_factor = self.declared.shared.settings.multiplier_on_overage

        def priced(billed: Billing) -> Decimal | None:
            found = rate(billed, contract, phase, work_type, role, day, currency, by_factor)
            return found.amount

        billed = billing(end.outcome, contract, work_type, day)
        debit = overage = None
        if phase is not None and billed in (Billing.BLOCK, Billing.OVERAGE):
            debit = block_factor(phase, role)
            overage = priced(Billing.OVERAGE)
        amount = priced(billed)
        counted = unit(billed, work_type) is Unit.HOUR
        # Autotask splits off hours outside business hours only where start and stop times stand.
        split = phase is None or phase.terms.start_stop
        return Fate(
            end.outcome,
            -1,
            "",
            contract.type if contract is not None else None,
            work_type.billable,
            billed,
            amount,
            unit(billed, work_type),
            currency if (amount, overage) != (None, None) else "",
            overage,
            debit,
            work_type.minimum_hours if counted else None,
            work_type.maximum_hours if counted else None,
            self.work.called(self.side, work_type.after_hours) if split else "",
        )


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a line: its fates day by day, whose names are still those of the side."""

    line: TimeLine
    currency: str
    names: Names


NOTHING = Half(TimeLine((), ()), "", Names({}, {}))
"""The side of a line on which nothing starts."""


@dataclass(frozen=True, slots=True)
class CoverComparison:
    """Compares the cover of clients; remembers what is alike, so that most cost little."""

    work: Work
    before: Fates = field(init=False)
    after: Fates = field(init=False)
    _known: dict[Hashable, Mapping[Pair, Mask]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", Fates(self.work, Side.BEFORE))
        object.__setattr__(self, "after", Fates(self.work, Side.AFTER))

    def half(
        self, side: Side, beginnings: Iterable[Beginning], currency: str, names: Names
    ) -> Half:
        """What starts somewhere on one side."""
        fates = (self.before, self.after)[side]
        return Half(fates.cutter.time_line(currency, beginnings), currency, names)

    def line(self, agreement: str, before: Half, after: Half, contract: str = "") -> Line:
        """What changes between the two sides of a line."""
        counted: dict[str, int] = {}
        numbers = [_numbers(half, counted) for half in (before, after)]
        renamed = [_renamed(half, counted) for half in (before, after)]
        halves = (
            _Counted(self.before, before, numbers[0], renamed[0]),
            _Counted(self.after, after, numbers[1], renamed[1]),
        )
        cut: list[tuple[Stretch, Mapping[Pair, Mask]]] = []
        for life, one, other in _together(before.line.situations, after.line.situations):
            key = halves[0].key(one), halves[1].key(other)
            found = self._known.get(key)
            if found is None:
                tables = halves[0].table(one), halves[1].table(other)
                found = self._known[key] = dict(_differences(*tables))
            cut.append((life, found))
        changes = tuple(
            Changed(life, pair[0], pair[1], mask)
            for life, pair, mask in joined(cut, self.work.cells)
        )
        return Line(
            agreement,
            tuple(counted),
            changes,
            (halves[0].lives, halves[1].lives),
            lambda side, day: halves[side].on(day),
            contract,
        )


@dataclass(frozen=True, slots=True)
class _Counted:
    """One side of a line, whose names are those of both."""

    fates: Fates
    half: Half
    numbers: _Numbers
    renamed: _Renamed

    def key(self, situation: Situation | None) -> Hashable:
        """Stands for the table of a situation."""
        if situation is None:
            return None
        return situation.key, self.half.currency, self.numbers, self.renamed

    def table(self, situation: Situation | None) -> Mapping[Fate, Mask]:
        """The fates of a situation, in the names of both sides."""
        if situation is None:
            return {}
        names = {(agreement, old): new for agreement, old, new in self.renamed}
        found: dict[Fate, Mask] = {}
        for fate, mask in self.fates.table(situation, self.half.currency):
            named = fate
            if fate.agreement >= 0:
                number = self.numbers[fate.agreement]
                contract = names.get((number, fate.contract), fate.contract)
                named = replace(fate, agreement=number, contract=contract)
            found[named] = found.get(named, 0) | mask
        return found

    def on(self, day: date) -> Mapping[Fate, Mask]:
        """The fates of a day."""
        situations = self.half.line.situations
        return self.table(next((found for found in situations if day in found.life), None))

    @property
    def lives(self) -> tuple[Stretch, ...]:
        """The days on which anything starts."""
        return tuple(
            life for life, _ in runs((one.life, None) for one in self.half.line.situations)
        )


_Numbers: TypeAlias = tuple[int, ...]
_Renamed: TypeAlias = tuple[tuple[int, str, str], ...]


def _numbers(half: Half, counted: dict[str, int]) -> _Numbers:
    """What number each agreement of the side has among those of both."""
    return tuple(
        counted.setdefault(half.names.agreements[name], len(counted))
        for name in half.line.agreements
    )


def _renamed(half: Half, counted: Mapping[str, int]) -> _Renamed:
    """The contracts that are called otherwise on both sides, by the number of their agreement."""
    if not half.names.contracts:
        return ()
    return tuple(
        (counted[half.names.agreements[agreement]], contract, name)
        for (agreement, contract), name in sorted(half.names.contracts.items())
        if agreement in half.line.agreements
    )


def _together(
    before: Sequence[Situation], after: Sequence[Situation]
) -> Iterator[tuple[Stretch, Situation | None, Situation | None]]:
    """The days of both sides, cut wherever either changes, with what holds on each."""
    every = [situation.life for situation in (*before, *after)]
    if not every:
        return
    whole = Stretch(min(life.start for life in every), max(life.end for life in every))
    cuts = {day for life in every for day in (life.start, day_after(life.end))}
    one, other = 0, 0
    for life in pieces(whole, cuts):
        while one < len(before) and before[one].life.end < life.start:
            one += 1
        while other < len(after) and after[other].life.end < life.start:
            other += 1
        holds = before[one] if one < len(before) and life.start in before[one].life else None
        then = after[other] if other < len(after) and life.start in after[other].life else None
        yield life, holds, then


def _differences(
    before: Mapping[Fate, Mask], after: Mapping[Fate, Mask]
) -> Iterator[tuple[Pair, Mask]]:
    """All work whose fate is another: disjoint, and each pair once."""
    everywhere = 0
    for fate in before:
        everywhere |= before[fate]
    there = 0
    for then, mask in after.items():
        there |= mask
        if mask & ~everywhere:
            yield (None, then), mask & ~everywhere
    for fate, mask in before.items():
        if mask & ~there:
            yield (fate, None), mask & ~there
        for then, others in after.items():
            if fate != then and mask & others:
                yield (fate, then), mask & others


def joined(
    cut: Iterable[tuple[Stretch, Mapping[K, Mask]]], cells: Cells
) -> list[tuple[Stretch, K, Mask]]:
    """What holds of work in pieces of time, in few: a work type's goes on while it is the same.

    In order of days and cells; what holds at one time is of different work.
    """
    found: dict[tuple[Stretch, K], Mask] = {}
    open_: dict[tuple[K, str], tuple[Stretch, Mask]] = {}
    for life, table in cut:
        now: dict[tuple[K, str], tuple[Stretch, Mask]] = {}
        for key, mask in table.items():
            for work_type in cells.work_types_in(mask):
                part = mask & cells.by_work_type[work_type]
                begun = open_.get((key, work_type))
                if begun and begun[1] == part and day_after(begun[0].end) == life.start:
                    del open_[key, work_type]
                    now[key, work_type] = Stretch(begun[0].start, life.end), part
                else:
                    now[key, work_type] = life, part
        _close(open_, found)
        open_ = now
    _close(open_, found)
    rows = [(life, key, mask) for (life, key), mask in found.items()]
    return sorted(rows, key=lambda row: (row[0], row[2] & -row[2]))


def _close(
    open_: Mapping[tuple[K, str], tuple[Stretch, Mask]], found: dict[tuple[Stretch, K], Mask]
) -> None:
    for (key, _), (life, mask) in open_.items():
        found[life, key] = found.get((life, key), 0) | mask
