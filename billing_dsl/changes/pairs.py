"""Who is who: what is the same thing on both sides, though it may be called otherwise.

Things of one name are the same. Of those that have no other of their name, two are the same where
nothing else on either side is alike: then only the name was changed, which no client ever sees.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, TypeVar

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.views import Declared
from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.calendar import Stretch


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """How the catalogue calls it."""


class Titled(Named, Protocol):
    """What has a title too."""

    @property
    def title(self) -> str:
        """What people call it."""


class Signed(Named, Protocol):
    """An agreement, as far as it tells which one it is."""

    @property
    def client(self) -> str:
        """Whose it is."""

    @property
    def life(self) -> Stretch:
        """Its days."""

    @property
    def default(self) -> bool:
        """Whether its first contract is its client's default one."""


class Typed(Named, Protocol):
    """A contract, as far as it tells which one of its agreement it is."""

    @property
    def type(self) -> ContractType:
        """Its type in Autotask."""


N = TypeVar("N", bound=Named)
T = TypeVar("T", bound=Titled)


class Side(IntEnum):
    """One of the two catalogues."""

    BEFORE = 0
    AFTER = 1


def same(
    before: Iterable[N], after: Iterable[N], alike: Callable[[N], Hashable]
) -> Mapping[str, str]:
    """The names before, each with the name after of the same thing."""
    earlier, later = ({one.name: one for one in side} for side in (before, after))
    found = {name: name for name in earlier if name in later}
    gone = _alone((one for name, one in earlier.items() if name not in found), alike)
    new = _alone((one for name, one in later.items() if name not in found), alike)
    return {**found, **{gone[key].name: new[key].name for key in gone if key in new}}


def _alone(things: Iterable[N], alike: Callable[[N], Hashable]) -> Mapping[Hashable, N]:
    """The things that are like no other of them, by what they are like."""
    groups: dict[Hashable, list[N]] = {}
    for one in things:
        groups.setdefault(alike(one), []).append(one)
    return {key: group[0] for key, group in groups.items() if len(group) == 1}


# --- kinds of work -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """The kinds of work of both sides, as one: each under its name after, or its only one.

    Work under a sub-issue that one side does not know is there what it is without one.
    """

    before: Declared
    after: Declared
    cells: Cells = field(init=False)
    services: Mapping[str, str] = field(init=False)
    """The names of services after by those before."""
    _names: tuple[Mapping[str, str], ...] = field(init=False)
    """What each side's work types are called in both."""
    _roles: tuple[frozenset[str], ...] = field(init=False)
    _plans: tuple[_Plan | None, ...] = field(init=False)
    _masks: tuple[dict[Mask, Mask], ...] = field(init=False)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        one, other = self.before.shared, self.after.shared
        types, types_then = _united(one.work_types, other.work_types)
        roles, roles_then = _united(one.roles, other.roles)
        causes, causes_then = _united(one.sub_issues, other.sub_issues)
        set_(self, "cells", Cells(types, roles, causes))
        services = same(one.services.values(), other.services.values(), _title)
        set_(self, "services", services)
        set_(self, "_names", (types_then, {found.name: found.name for found in other.work_types}))
        roles_now = {found.name: found.name for found in other.roles}
        set_(self, "_roles", (frozenset(roles_then.values()), frozenset(roles_now)))
        causes_now = {found.name: found.name for found in other.sub_issues}
        plans = (
            _plan(self.before.cells, self.cells, types_then, roles_then, causes_then),
            _plan(self.after.cells, self.cells, self._names[1], roles_now, causes_now),
        )
        set_(self, "_plans", plans)
        set_(self, "_masks", ({}, {}))

    def called(self, side: Side, work_type: str) -> str:
        """What a work type of one side is called in both; empty for no work type."""
        return self._names[side].get(work_type, "")

    def knows_role(self, side: Side, role: str) -> bool:
        """Whether a role is declared on a side."""
        return role in self._roles[side]

    def of(self, side: Side, mask: Mask) -> Mask:
        """A set of one side's cells as cells of both."""
        plan = self._plans[side]
        if plan is None:
            return mask
        known = self._masks[side]
        if mask not in known:
            known[mask] = plan.moved(mask)
        return known[mask]


def _title(one: Titled) -> str:
    return one.title


def _united(before: tuple[T, ...], after: tuple[T, ...]) -> tuple[tuple[T, ...], Mapping[str, str]]:
    """The things of both sides by name, and what those before are called among them."""
    pairs = same(before, after, _title)
    ended = [one for one in before if one.name not in pairs]
    names = {one.name: pairs.get(one.name, one.name) for one in before}
    return tuple(sorted((*ended, *after), key=lambda one: one.name)), names


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the cells of one side stand among those of both: strips of one role's work each."""

    width: int
    strips: tuple[tuple[int, int], ...]
    """Where a strip begins on the side, and where it goes."""
    bits: tuple[int, ...]
    """For each sub-issue of both, none first, its bit in the side's own strip."""

    def moved(self, mask: Mask) -> Mask:
        found = 0
        for begin, target in self.strips:
            strip = (mask >> begin) & ((1 << self.width) - 1)
            if strip:
                for position, bit in enumerate(self.bits):
                    found |= ((strip >> bit) & 1) << (target + position)
        return found


def _plan(
    own: Cells,
    both: Cells,
    types: Mapping[str, str],
    roles: Mapping[str, str],
    causes: Mapping[str, str],
) -> _Plan | None:
    """How cells move from one side to both; None where they stay."""
    names = [[one.name for one in dimension] for dimension in (own.work_types, own.roles)]
    names.append([one.name for one in own.sub_issues])
    wanted = [[one.name for one in dimension] for dimension in (both.work_types, both.roles)]
    wanted.append([one.name for one in both.sub_issues])
    if names == wanted:
        return None
    called = {new: old for old, new in causes.items()}
    width, whole = len(names[2]) + 1, len(wanted[2]) + 1
    strips = tuple(
        (
            (names[0].index(work_type) * len(names[1]) + names[1].index(role)) * width,
            (wanted[0].index(types[work_type]) * len(wanted[1]) + wanted[1].index(roles[role]))
            * whole,
        )
        for work_type in names[0]
        for role in names[1]
    )
    bits = (0, *(names[2].index(called[new]) + 1 if new in called else 0 for new in wanted[2]))
    return _Plan(width, strips, bits)


# --- agreements and contracts --------------------------------------------------------------------


def same_agreements(
    before: Iterable[Signed], after: Iterable[Signed], clients: Mapping[str, str]
) -> Mapping[str, str]:
    """The agreements before, each with the same one after; `clients` have other names after."""
    return same(
        before,
        after,
        lambda one: (clients.get(one.client, one.client), one.life.start, one.default),
    )


def same_contracts(before: Iterable[Typed], after: Iterable[Typed]) -> Mapping[str, str]:
    """The contracts of one agreement before, each with the same one after.

    Where none is left of a name and type, those of one type are the same in the order of the path,
    if there are as many on both sides: then they have other names only.
    """
    earlier, later = list(before), list(after)
    types = {one.name: one.type for one in later}
    found = {one.name: one.name for one in earlier if types.get(one.name) is one.type}
    gone = [one for one in earlier if one.name not in found]
    new = [one for one in later if one.name not in found]
    for type_ in dict.fromkeys(one.type for one in gone):
        theirs = [one.name for one in gone if one.type is type_]
        ours = [one.name for one in new if one.type is type_]
        if len(theirs) == len(ours):
            found.update(zip(theirs, ours, strict=True))
    return found
