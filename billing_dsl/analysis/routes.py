"""Routes: where all work of a client ends, as few rows as say it, day by day."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.pricing import Billing, Unit, billing, rate, unit
from billing_dsl.analysis.situations import Cutter, EndKey, Situation, default_beginnings
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.book import Shared
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch, day_after

T = TypeVar("T", bound=Hashable)

EVERY = "*"
"""In place of a role or sub-issue: every one, none included, that no row beside it names."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where work ends and what becomes of it. `contract` is empty unless the work is covered.

    `agreement` counts the agreements of the client's time line.
    """

    outcome: Outcome
    agreement: int
    contract: str
    contract_type: ContractType | None
    billing: Billing
    rate: Decimal | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Row:
    """One role, or every other, under one sub-issue, or every other: where its work ends."""

    role: str
    sub_issue: str
    landing: Landing


Rows: TypeAlias = tuple[Row, ...]
"""All work of one work type: each role and sub-issue is in exactly one of the rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a work type that holds from one of the time line's stretches to another."""

    work_type: str
    first: int
    last: int
    row: Row


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """The routes that clients alike share: everything but names and days.

    In order of work types, days, roles and sub-issues.
    """

    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a client's routes, on the days of `life`. See `Landing`, `Row`."""

    client: str
    agreement: str
    work_type: str
    role: str
    sub_issue: str
    life: Stretch
    outcome: Outcome
    contract: str
    contract_type: ContractType | None
    billing: Billing
    rate: Decimal | None
    currency: str
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class ClientRoutes:
    """A client's routes from its default contracts; days without one have none.

    The pattern counts the agreements and the stretches.
    """

    client: str
    agreements: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    pattern: Pattern

    def life(self, line: Line) -> Stretch:
        """The days on which a line of the pattern holds."""
        return Stretch(self.stretches[line.first].start, self.stretches[line.last].end)

    def __iter__(self) -> Iterator[Route]:
        """The rows, written out."""
        for line in self.pattern.lines:
            landing = line.row.landing
            yield Route(
                self.client,
                self.agreements[landing.agreement],
                line.work_type,
                line.row.role,
                line.row.sub_issue,
                self.life(line),
                landing.outcome,
                landing.contract,
                landing.contract_type,
                landing.billing,
                landing.rate,
                self.pattern.currency,
                landing.unit,
            )


@dataclass(frozen=True, slots=True)
class Router:
    """Works out routes; remembers what clients share, so that most cost next to nothing."""

    shared: Shared
    cells: Cells
    _cutter: Cutter = field(init=False)
    _tables: dict[Hashable, tuple[Rows | None, ...]] = field(init=False, default_factory=dict)
    _rows: dict[Hashable, Rows] = field(init=False, default_factory=dict)
    _patterns: dict[Hashable, Pattern] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cutter", Cutter(self.shared))

    def of(self, view: ClientCoverage) -> ClientRoutes:
        """The routes of a client."""
        currency = view.client.currency
        line = self._cutter.time_line(currency, default_beginnings(view))
        stretches = tuple(situation.life for situation in line.situations)
        key = (
            currency,
            tuple(situation.key for situation in line.situations),
            tuple(day_after(one.end) == other.start for one, other in pairwise(stretches)),
        )
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = self._pattern(currency, line.situations)
        return ClientRoutes(view.client.name, line.agreements, stretches, pattern)

    def _pattern(self, currency: str, situations: Sequence[Situation]) -> Pattern:
        tables = [self._table(situation, currency) for situation in situations]
        lines: list[Line] = []
        for w, work_type in enumerate(self.shared.work_types):
            first = 0
            for last, situation in enumerate(situations):
                rows = tables[last][w]
                following = situations[last + 1] if last + 1 < len(situations) else None
                if (
                    following is not None
                    and day_after(situation.life.end) == following.life.start
                    and tables[last + 1][w] == rows
                ):
                    continue
                lines.extend(Line(work_type.name, first, last, row) for row in rows or ())
                first = last + 1
        return Pattern(currency, tuple(lines))

    def _table(self, situation: Situation, currency: str) -> tuple[Rows | None, ...]:
        """The rows of each work type; None for one that is not in use yet."""
        key = (situation.key, currency)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = tuple(self._work_types(situation, currency))
        return found

    def _work_types(self, situation: Situation, currency: str) -> Iterator[Rows | None]:
        """What one work type needs is remembered by itself: most share it with another table."""
        size = len(self.cells.roles) * (len(self.cells.sub_issues) + 1)
        slab = (1 << size) - 1
        routing = situation.beginning.routing
        for w, work_type in enumerate(self.shared.work_types):
            parts = tuple(
                (part, key, end)
                for end, key in zip(routing, situation.ends, strict=True)
                if (part := (end.cells >> (w * size)) & slab)
            )
            if not parts:
                yield None
                continue
            memo = (w, situation.prices, currency, tuple(part[:2] for part in parts))
            rows = self._rows.get(memo)
            if rows is None:
                rows = self._rows[memo] = self._worked_out(situation, work_type, parts, currency)
            yield rows

    def _worked_out(
        self,
        situation: Situation,
        work_type: WorkType,
        parts: Sequence[tuple[Mask, EndKey, End]],
        currency: str,
    ) -> Rows:
        """The landings are numbered, for there may be very many sub-issues to compare them in."""
        width = len(self.cells.sub_issues) + 1
        whole = (1 << width) - 1
        numbers: dict[Landing, int] = {}
        spread: dict[tuple[Mask, ...], tuple[int, ...]] = {}
        by_role: dict[str, tuple[int, ...]] = {}
        for r, role in enumerate(self.cells.roles):
            strips = tuple((part >> (r * width)) & whole for part, _, _ in parts)
            if not any(strips):
                continue
            if strips not in spread:
                spread[strips] = _spread(strips, width)
            found = [
                numbers.setdefault(
                    self._landing(situation, key, end, work_type, role, currency), len(numbers)
                )
                if strip
                else -1
                for strip, (_, key, end) in zip(strips, parts, strict=True)
            ]
            by_role[role.name] = tuple(found[part] for part in spread[strips])
        landings = tuple(numbers)
        names = tuple(sub_issue.name for sub_issue in self.cells.sub_issues)
        return tuple(
            Row(role, sub_issue, landings[number])
            for role, sub_issue, number in fewest(by_role, names)
        )

    def _landing(
        self,
        situation: Situation,
        key: EndKey,
        end: End,
        work_type: WorkType,
        role: Role,
        currency: str,
    ) -> Landing:
        beginning, day = situation.beginning, situation.life.start
        contract = phase = None
        if end.outcome is Outcome.COVERED:
            contract = beginning.segment.contracts[end.contract]
            phase = beginning.segment.phases[end.contract]
        billed = billing(end.outcome, contract, work_type, day)
        by_factor = self.shared.settings.multiplier_on_overage
        return Landing(
            end.outcome,
            key.agreement,
            key.contract,
            contract.type if contract is not None else None,
            billed,
            rate(billed, contract, phase, work_type, role, day, currency, by_factor).amount,
            unit(billed, work_type),
        )


def _spread(strips: Sequence[Mask], width: int) -> tuple[int, ...]:
    """For each bit, which of some strips has it; one of them does."""
    found = [0] * width
    for number, strip in enumerate(strips[1:], 1):
        left = strip
        while left:
            bit = left & -left
            found[bit.bit_length() - 1] = number
            left ^= bit
    return tuple(found)


def fewest(
    by_role: Mapping[str, tuple[T, ...]], sub_issues: Sequence[str]
) -> Iterator[tuple[str, str, T]]:
    """The rows that say where the work of roles ends: first without a sub-issue, then under each.

    The largest group of two or more roles that are alike becomes `*`; of several as large, the
    one with the first name. A sub-issue is named where it makes a difference to some role. Rows
    are all of those roles by all of those sub-issues, in order of names.
    """
    groups: dict[tuple[T, ...], list[str]] = {}
    for role, landings in by_role.items():
        groups.setdefault(landings, []).append(role)
    largest = max(groups.values(), key=len)
    others = frozenset(largest) if len(largest) > 1 else frozenset()
    shown = {EVERY: by_role[largest[0]]} if others else {}
    shown.update((role, found) for role, found in by_role.items() if role not in others)
    columns = {EVERY: 0} | {
        name: position
        for position, name in enumerate(sub_issues, 1)
        if any(found[position] != found[0] for found in shown.values())
    }
    for role, found in shown.items():
        for name, position in columns.items():
            yield role, name, found[position]
