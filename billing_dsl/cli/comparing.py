"""Two catalogues compared, family by family: nothing is held of families that have been told of.

A family whose key is the same on both sides is not proved: nothing that it rests on has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl.changes.clients import ClientChanges, Comparison
from billing_dsl.changes.pairs import same
from billing_dsl.cli import checking
from billing_dsl.cli.revisions import Side, sides
from billing_dsl.kinds.client import Client
from billing_dsl.pipeline import build, cover
from billing_dsl.store.again import family_keys
from billing_dsl.store.hands import HeadsOfFamily
from billing_dsl.store.kept import digest_of_text

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
        declared = self.common.declared
        if declared is None:
            return ()
        return tuple(
            view
            for family in families
            for view in cover(self.common, declared, self.standing.hands.documents(family))[0]
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """Two catalogues without errors, ready to be compared."""

    before: Checked
    after: Checked
    comparison: Comparison

    @property
    def clients(self) -> int:
        """How many clients there are on either side."""
        names = [self._names(one) for one in (self.before, self.after)]
        pairs = self._pairs()
        return len({*(pairs.get(name, name) for name in names[0]), *names[1]})

    def changes(self) -> Iterator[ClientChanges]:
        """What changes for each client that anything has changed for, by families."""
        pairs = self._pairs()
        known = [self._families(self.before, pairs), self._families(self.after, {})]
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
    def _names(checked: Checked) -> set[str]:
        heads = checked.common.inventory.heads
        return {head.name for head in heads if head.kind == "client"}

    def _pairs(self) -> Mapping[str, str]:
        """The clients whose document has another name after: by what they are in Autotask."""
        names = self._names(self.before), self._names(self.after)
        if names[0] == names[1]:
            return {}
        alone = (names[0] - names[1], names[1] - names[0])
        return same(
            _clients(self.before, alone[0]),
            _clients(self.after, alone[1]),
            lambda one: (one.organization, one.number),
        )

    @staticmethod
    def _families(checked: Checked, pairs: Mapping[str, str]) -> list[tuple[str, ...]]:
        """The clients of each family, by the names that they have after."""
        return [
            tuple(pairs.get(head.name, head.name) for head in family if head.kind == "client")
            for family in checked.common.inventory.families
        ]


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
    digests = {path: digest_of_text(text) for path, text in standing.folder.texts.items()}
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
    before, after = checked
    declared = before.common.declared, after.common.declared
    if declared[0] is None or declared[1] is None:
        raise TypeError("a catalogue without errors has settings")
    return Compared(before, after, Comparison(declared[0], declared[1]))


def _shown(checked: Checked) -> str:
    return checked.standing.folder.directory
