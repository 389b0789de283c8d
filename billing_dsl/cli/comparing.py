"""Two catalogues compared, family by family: nothing is held of families that have been told of.

A family whose key is the same on both sides is not proved: nothing that it rests on has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Self

import click

from billing_dsl.changes.clients import ClientChanges, Comparison
from billing_dsl.changes.pairs import same
from billing_dsl.cli import checking
from billing_dsl.cli.revisions import Side, sides
from billing_dsl.cli.workers import covered
from billing_dsl.kinds.client import Client
from billing_dsl.pipeline import build
from billing_dsl.store.again import family_keys
from billing_dsl.store.hands import HeadsOfFamily
from billing_dsl.store.kept import digest

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Standing
    from billing_dsl.pipeline import Common
    from billing_dsl.targets import Views


@dataclass(frozen=True, slots=True)
class Checked:
    """One of the two catalogues, checked."""

    side: Side
    standing: Standing

    @property
    def common(self) -> Common:
        """What its clients share."""
        return self.standing.common

    def views(self, families: Sequence[HeadsOfFamily]) -> Views:
        """The coverage of the clients of some families."""
        return tuple(chain.from_iterable(covered(self.common, self.standing.hands, families)))

    @property
    def clients(self) -> set[str]:
        """The names of all clients."""
        heads = self.common.inventory.heads
        return {head.name for head in heads if head.kind == "client"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two catalogues without errors, ready to be compared.

    `pairs` are the clients whose document has another name after: the names of both sides.
    """

    before: Checked
    after: Checked
    comparison: Comparison
    pairs: Mapping[str, str]

    @classmethod
    def of(cls, before: Checked, after: Checked) -> Self:
        """Two catalogues that have been checked. Raises TypeError where one has no settings."""
        declared = before.common.declared, after.common.declared
        if declared[0] is None or declared[1] is None:
            raise TypeError("a catalogue without errors has settings")
        return cls(before, after, Comparison(declared[0], declared[1]), _pairs(before, after))

    @property
    def clients(self) -> int:
        """How many clients there are on either side."""
        before = {self.pairs.get(name, name) for name in self.before.clients}
        return len(before | self.after.clients)

    def changes(self) -> Iterator[ClientChanges]:
        """What changes for each client that anything has changed for, by families."""
        known = [self._families(self.before, self.pairs), self._families(self.after, {})]
        keys = [_keys(self.before), _keys(self.after)]
        for first, second in _together(*known):
            if len(first) == len(second) == 1 and keys[0][first[0]] == keys[1][second[0]]:
                continue
            families = (
                [self.before.common.inventory.families[place] for place in first],
                [self.after.common.inventory.families[place] for place in second],
            )
            views = self.before.views(families[0]), self.after.views(families[1])
            yield from filter(None, self.comparison.of_families(*views))

    @staticmethod
    def _families(checked: Checked, pairs: Mapping[str, str]) -> list[tuple[str, ...]]:
        """The clients of each family, by the names that they have after."""
        return [
            tuple(pairs.get(head.name, head.name) for head in family if head.kind == "client")
            for family in checked.common.inventory.families
        ]


def _pairs(before: Checked, after: Checked) -> Mapping[str, str]:
    """The clients whose document has another name after: by what they are in Autotask."""
    names = before.clients, after.clients
    if names[0] == names[1]:
        return {}
    return same(
        _clients(before, names[0] - names[1]),
        _clients(after, names[1] - names[0]),
        lambda one: (one.organization, one.number),
    )


def _clients(checked: Checked, names: set[str]) -> list[Client]:
    """What some clients declare."""
    heads = [
        head
        for head in checked.common.inventory.heads
        if head.kind == "client" and head.name in names
    ]
    found = (build(one, checked.common.house) for one in checked.standing.hands.documents(heads))
    return [one for one in found if isinstance(one, Client)]


def _keys(checked: Checked) -> list[str]:
    """What stands for all that each family rests on."""
    standing = checked.standing
    digests = standing.digests
    if not standing.name:  # nothing is kept, so nobody has needed them yet
        digests = {path: digest(text) for path, text in standing.folder.texts.items()}
    return family_keys(standing.common.inventory, digests, standing.as_of)


def _together(
    before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]
) -> Iterator[tuple[list[int], list[int]]]:
    """The families of both sides that have clients in common, in order of their first names."""
    groups: list[_Group] = []
    of: dict[str, _Group] = {}
    for side, families in enumerate((before, after)):
        for place, names in enumerate(families):
            met = {id(of[name]): of[name] for name in names if name in of}
            first, *others = met.values() if met else (_Group(),)
            if not met:
                groups.append(first)
            for other in others:
                first.take(other)
            first.names.update(names)
            first.places[side].append(place)
            of.update(dict.fromkeys(first.names, first))
    whole = [group for group in groups if group.names]
    for group in sorted(whole, key=lambda group: min(group.names)):
        yield sorted(group.places[0]), sorted(group.places[1])


@dataclass(slots=True)
class _Group:
    """Families of both sides that have clients in common, by their places."""

    names: set[str] = field(default_factory=set)
    places: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))

    def take(self, other: _Group) -> None:
        """Takes over what another one holds."""
        self.names.update(other.names)
        for own, others in zip(self.places, other.places, strict=True):
            own.extend(others)
        other.names.clear()


def compared(
    base: str,
    head: str | None,
    directory: str | None,
    as_of: date,
    doing: str,
    wanted_colour: str,
    quiet: bool = False,
) -> Compared | None:
    """Two catalogues to be compared; None where one has errors, which are printed then."""
    named = sides(base, head, directory)
    checked = [
        Checked(side, checking.standing_of(side.folder, side.kept_as, as_of, quiet=quiet))
        for side in named
    ]
    whole = [one for one in checked if not one.standing.outcome.errors]
    if len(whole) < len(checked):
        for one, which in zip(checked, ("before", "after"), strict=True):
            if one.standing.outcome.errors:
                click.echo(
                    f"the catalogue {which} the change ({_shown(one)}) has errors:", err=True
                )
                checking.refuse_errors(one.standing.outcome, doing, wanted_colour)
        return None
    return Compared.of(*checked)


def _shown(checked: Checked) -> str:
    return checked.standing.folder.directory
