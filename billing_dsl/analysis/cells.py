"""Cells: one bit for each work type, role and sub-issue, so that a whole table is one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from billing_dsl.kinds._contract import Exclusions
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.work_type import WorkType

Mask: TypeAlias = int
"""A set of cells."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One kind of work. `sub_issue` is empty for a ticket that has none."""

    work_type: str
    role: str
    sub_issue: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """Cells in the shape of a box: some work types, by some roles, under some sub-issues.

    The empty sub-issue stands for tickets that have none.
    """

    work_types: tuple[str, ...]
    roles: tuple[str, ...]
    sub_issues: tuple[str, ...]

    @property
    def witness(self) -> Cell:
        """One of the cells: the first by name, without a sub-issue if possible."""
        return Cell(self.work_types[0], self.roles[0], self.sub_issues[0])


@dataclass(frozen=True, slots=True)
class Cells:
    """The bits of all cells. Work types, roles and sub-issues are in order of their names.

    The bit of work type w, role r and sub-issue s is (w × roles + r) × (sub-issues + 1) + s,
    where s is 0 for none.
    """

    work_types: tuple[WorkType, ...]
    roles: tuple[Role, ...]
    sub_issues: tuple[SubIssue, ...]
    by_work_type: Mapping[str, Mask] = field(init=False)
    by_role: Mapping[str, Mask] = field(init=False)
    by_sub_issue: Mapping[str, Mask] = field(init=False)
    all: Mask = field(init=False)
    beginnings: tuple[date, ...] = field(init=False)
    """The days on which a work type or role comes into use, in order."""
    signatures: dict[tuple[Mask, ...], tuple[int, ...]] = field(init=False, default_factory=dict)
    """The class of each work type under a routing, remembered: see `views.signature`."""
    landings: dict[tuple[Mask, ...], tuple[int | None, ...]] = field(
        init=False, default_factory=dict
    )
    """The end at which each work type lands under a routing, remembered: see `views.landing`."""
    _masks: dict[Exclusions, Mask] = field(init=False, default_factory=dict)
    _seen: dict[int, tuple[Exclusions, Mask]] = field(init=False, default_factory=dict)
    _days: dict[tuple[bool, ...], Mask] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        width = len(self.sub_issues) + 1
        row = len(self.roles) * width
        count = len(self.work_types) * row
        slab = (1 << row) - 1
        each_role = sum(1 << (w * row) for w in range(len(self.work_types)))
        strip = (1 << width) - 1
        set_ = object.__setattr__
        set_(
            self,
            "by_work_type",
            {found.name: slab << (w * row) for w, found in enumerate(self.work_types)},
        )
        set_(
            self,
            "by_role",
            {found.name: each_role * (strip << (r * width)) for r, found in enumerate(self.roles)},
        )
        each_cell = ((1 << count) - 1) // strip  # a bit at the beginning of each strip
        set_(
            self,
            "by_sub_issue",
            {
                "": each_cell,
                **{found.name: each_cell << (s + 1) for s, found in enumerate(self.sub_issues)},
            },
        )
        set_(self, "all", (1 << count) - 1)
        starts = {
            *(found.start for found in self.work_types),
            *(found.start for found in self.roles),
        }
        set_(self, "beginnings", tuple(sorted(start for start in starts if start is not None)))

    def bit(self, cell: Cell) -> Mask:
        """The set that holds one cell alone. Raises KeyError where a name is unknown."""
        return (
            self.by_work_type[cell.work_type]
            & self.by_role[cell.role]
            & self.by_sub_issue[cell.sub_issue]
        )

    def excluded(self, exclusions: Exclusions) -> Mask:
        """The cells that a contract with these exclusions does not take."""
        seen = self._seen.get(id(exclusions))
        if seen is not None:
            return seen[1]
        mask = self._masks.get(exclusions)
        if mask is None:
            mask = 0
            for name in exclusions.work_types:
                mask |= self.by_work_type[name]
            for name in exclusions.roles:
                mask |= self.by_role[name]
            for name in exclusions.sub_issues:
                mask |= self.by_sub_issue[name]
            self._masks[exclusions] = mask
        # Keeping the object keeps its id from being given to another.
        self._seen[id(exclusions)] = (exclusions, mask)
        return mask

    def on(self, day: date) -> Mask:
        """The cells there are on a day: of work types and roles that are in use."""
        if not self.beginnings:
            return self.all
        started = tuple(day >= beginning for beginning in self.beginnings)
        if started not in self._days:
            mask = self.all
            for work_type in self.work_types:
                if work_type.start is not None and work_type.start > day:
                    mask &= ~self.by_work_type[work_type.name]
            for role in self.roles:
                if role.start is not None and role.start > day:
                    mask &= ~self.by_role[role.name]
            self._days[started] = mask
        return self._days[started]

    def __len__(self) -> int:
        return len(self.work_types) * len(self.roles) * (len(self.sub_issues) + 1)

    def strips(self, mask: Mask) -> Iterator[tuple[str, str, Mask]]:
        """The work types and roles of a set, each pair with its sub-issues as bits, none first.

        A set may be a very long number: it is cut into work types once, and these into roles, so
        that no step works through all of it again.
        """
        width = len(self.sub_issues) + 1
        row = len(self.roles) * width
        slab, strip = (1 << row) - 1, (1 << width) - 1
        for w, work_type in enumerate(self.work_types):
            of_type = (mask >> (w * row)) & slab
            if not of_type:
                continue
            for r, role in enumerate(self.roles):
                held = (of_type >> (r * width)) & strip
                if held:
                    yield work_type.name, role.name, held

    def each(self, mask: Mask) -> Iterator[Cell]:
        """The cells of a set, in order of their names, one by one."""
        for work_type, role, held in self.strips(mask):
            for sub_issue in self.sub_issues_of(held):
                yield Cell(work_type, role, sub_issue)

    def sub_issues_of(self, strip: Mask) -> tuple[str, ...]:
        """The sub-issues whose bits are set; the empty name is none."""
        return tuple(name for s, name in enumerate(self.by_sub_issue) if strip >> s & 1)

    def work_types_in(self, mask: Mask) -> tuple[str, ...]:
        """The work types of which a set holds at least one cell."""
        return tuple(name for name, cells in self.by_work_type.items() if mask & cells)

    def roles_in(self, mask: Mask) -> tuple[str, ...]:
        """The roles of which a set holds at least one cell."""
        return tuple(name for name, cells in self.by_role.items() if mask & cells)

    def boxes(self, mask: Mask) -> tuple[Box, ...]:
        """A set as few boxes: exact, disjoint, in order of names."""
        by_type: dict[str, dict[Mask, list[str]]] = {}
        for work_type, role, held in self.strips(mask):
            by_type.setdefault(work_type, {}).setdefault(held, []).append(role)
        boxes: dict[tuple[tuple[str, ...], Mask], list[str]] = {}
        for work_type, by_strip in by_type.items():
            for held, roles in by_strip.items():
                boxes.setdefault((tuple(roles), held), []).append(work_type)
        return tuple(
            Box(tuple(work_types), roles, self.sub_issues_of(held))
            for (roles, held), work_types in boxes.items()
        )


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names in backticks, the first few and a count of the others."""
    shown = [f"`{name}`" for name in names[:most]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1] if shown else "")))
