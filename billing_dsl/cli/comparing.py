"""Two catalogues compared, family by family: nothing is held of families that have been told of.

A family whose key is the same on both sides is not proved: nothing that it rests on has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Self

import click

from billing_dsl.changes.clients import ClientChanges, Comparison
from billing_dsl.changes.differences import differences
from billing_dsl.changes.documents import DocumentChange, How, Reaching, Written, changed
from billing_dsl.changes.offers import OfferChanges, offer_changes
from billing_dsl.changes.pairs import same
from billing_dsl.changes.told import NotCompared, Origin, Renames, Told
from billing_dsl.cli import checking
from billing_dsl.cli.edge import CATALOGUE
from billing_dsl.cli.revisions import Side, sides
from billing_dsl.cli.workers import covered
from billing_dsl.kinds.client import Client
from billing_dsl.model.declaration import Head
from billing_dsl.model.resolve import did_you_mean
from billing_dsl.pipeline import build
from billing_dsl.report._visible import visible
from billing_dsl.source import split
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
        return tuple(chain.from_iterable(covered(self.common, self.standing.hands, families)))

    @property
    def clients(self) -> set[str]:
        """The names of all clients."""
        heads = self.common.inventory.heads
        return {head.name for head in heads if head.kind == "client"}

    @property
    def digests(self) -> Mapping[str, str]:
        """The hashes of its files."""
        return {path: digest_of_text(text) for path, text in self.standing.folder.texts.items()}

    @property
    def origin(self) -> Origin:
        """What it is, for whoever reads of it."""
        errors = self.standing.outcome.errors
        return Origin(self.side.name, self.side.folder.hash, self.side.commit, errors)

    @property
    def partial(self) -> bool:
        """Whether kinds of work are lost, so that nobody's cover is known wholly."""
        inventory = self.common.inventory
        kinds = ("work_type", "role", "sub_issue", "settings")
        return inventory.silent or any(inventory.lost.get(kind) for kind in kinds)

    def may_have_lost(self, client: str) -> bool:
        """Whether a client's document may be among those that could not be understood."""
        return client in self.common.inventory.lost.get("client", ())

    def may_be_lost(self, head: Head) -> bool:
        """Whether a document may be among those that could not be understood."""
        inventory = self.common.inventory
        lost = inventory.lost.get(head.kind, frozenset())
        return inventory.silent or head.name in lost or head.key in lost

    def written(self, heads: Sequence[Head]) -> Iterator[Written]:
        """Documents as they stand in their files, in order of the files."""
        ordered = sorted(heads, key=lambda head: (head.path, head.document))
        path, text, parts = "", "", [""]
        for head, document in zip(ordered, self.standing.hands.documents(ordered), strict=True):
            if head.path != path:
                text = self.standing.folder.texts[head.path].decode("utf-8-sig", "replace")
                path, parts = head.path, [text[start:end] for start, end in split.documents(text)]
            # Of a file that is not text throughout, nobody can say where its documents are.
            part = parts[head.document] if head.document < len(parts) else text
            yield Written(head, document.value, part)


@dataclass(slots=True)
class Compared:
    """Two catalogues ready to be compared.

    `pairs` are the clients whose document has another name after: the names of both sides.
    `unknown` gathers, while they are, the clients whose cover is not known on a side, with the
    sides: where both catalogues are without errors, there is none.
    """

    before: Checked
    after: Checked
    comparison: Comparison
    pairs: Mapping[str, str]
    directory: str = ""
    """The folder after, where `why` can be asked; empty where it is the one that is meant anyhow.
    """
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Checked, after: Checked, directory: str = "") -> Self:
        """Two catalogues that have been checked. Raises TypeError where one has no settings."""
        declared = before.common.declared, after.common.declared
        if declared[0] is None or declared[1] is None:
            raise TypeError("a catalogue that is compared has settings")
        comparison = Comparison(declared[0], declared[1])
        return cls(before, after, comparison, _pairs(before, after), directory)

    @property
    def clients(self) -> int:
        """How many clients there are on either side."""
        before = {self.pairs.get(name, name) for name in self.before.clients}
        return len(before | self.after.clients)

    def changes(self, every: bool = False) -> Iterator[ClientChanges]:
        """What changes for each client that anything has changed for, by families.

        With `every` also the clients of whom it had to be worked out that nothing does.
        """
        known = [self._families(self.before, self.pairs), self._families(self.after, {})]
        own = [keys(self.before), keys(self.after)]
        for first, second in _together(*known):
            if len(first) == len(second) == 1 and own[0][first[0]] == own[1][second[0]]:
                continue
            families = (
                [self.before.common.inventory.families[place] for place in first],
                [self.after.common.inventory.families[place] for place in second],
            )
            views = self.before.views(families[0]), self.after.views(families[1])
            unknown = self._unknown(families, views)
            self.unknown.update(unknown)
            for found in self.comparison.of_families(*views):
                if found.client.name not in unknown and (every or found):
                    yield found

    def _unknown(
        self,
        families: tuple[Sequence[HeadsOfFamily], Sequence[HeadsOfFamily]],
        views: tuple[Views, Views],
    ) -> dict[str, tuple[str, ...]]:
        """The clients whose cover is not known on a side, by their names after."""
        found: dict[str, list[str]] = {}
        names = [
            {head.name for family in side for head in family if head.kind == "client"}
            for side in families
        ]
        every = {*(self.pairs.get(name, name) for name in names[0]), *names[1]}
        back = {new: old for old, new in self.pairs.items()}
        for which, checked, seen, own in zip(
            ("before", "after"), (self.before, self.after), views, names, strict=True
        ):
            known = {view.client.name for view in seen if view.complete}
            for name in every:
                called = back.get(name, name) if checked is self.before else name
                lost = called in own or checked.may_have_lost(called)
                if checked.partial or (lost and called not in known):
                    found.setdefault(name, []).append(which)
        return {name: tuple(found[name]) for name in sorted(found)}

    def documents(self) -> tuple[DocumentChange, ...]:
        """What was done to the documents; those that stand as they were are not read again."""
        heads = [
            {(head.kind, head.key): head for head in one.common.inventory.heads}
            for one in (self.before, self.after)
        ]
        digests = self.before.digests, self.after.digests
        moved: list[DocumentChange] = []
        for key in heads[0].keys() & heads[1].keys():
            one, other = heads[0][key], heads[1][key]
            if one.document == other.document and digests[0][one.path] == digests[1][other.path]:
                if one.path != other.path:
                    moved.append(DocumentChange(*key, key[1], How.REWRITTEN, other.client))
                del heads[0][key], heads[1][key]
        sides = (self.before, self.after)
        read = [
            [head for head in own.values() if not other.may_be_lost(head)]
            for own, other in zip(heads, reversed(sides), strict=True)
        ]
        found = changed(self.before.written(read[0]), self.after.written(read[1]))
        return tuple(sorted((*moved, *found), key=lambda one: (one.kind, one.subject, one.before)))

    def told(
        self,
        clients: Collection[str] = (),
        noted: Callable[[ClientChanges], None] = lambda _: None,
    ) -> Told:
        """All there is to tell of the change; or of some clients alone, by their names on either
        side. `noted` is called with what changes for each. Raises click.UsageError where nobody has
        such a name.
        """
        documents = self.documents()
        reaching = Reaching(documents)
        wanted = self._wanted(clients)
        changes = self.changes(every=True)
        offers = self._offers(documents)
        if clients:
            changes = (one for one in changes if one.client.name in wanted)
            offers = iter(())
            documents = tuple(one for one in documents if one.client in {"", *wanted})
        renames = Renames()
        found = differences(_noting(renames.noted(changes), noted), reaching.of, offers)
        unknown = [
            NotCompared(name, sides)
            for name, sides in sorted(self.unknown.items())
            if not clients or name in wanted
        ]
        return Told(
            self.before.origin,
            self.after.origin,
            self.after.standing.as_of,
            documents,
            found,
            renames.found(documents),
            tuple(unknown),
            len(wanted) if clients else self.clients,
            renames.one_after_another,
        )

    def _wanted(self, clients: Collection[str]) -> set[str]:
        """The clients that somebody names, by their names after. Raises click.UsageError."""
        known = self.before.clients | self.after.clients
        for name in clients:
            if name not in known:
                cure = did_you_mean(name, known)
                hint = f" {cure[0].upper()}{cure[1:]}" if cure else ""
                raise click.UsageError(
                    f"there is no client `{visible(name)}` on either side.{hint}"
                )
        return {self.pairs.get(name, name) for name in clients}

    def _offers(self, documents: Sequence[DocumentChange]) -> Iterator[OfferChanges]:
        """What changes for the next clients, where anything was changed that all clients share."""
        if self.before.partial or self.after.partial:
            return iter(())
        if not any(one.bears and not one.client for one in documents):
            return iter(())
        tiers = [one for one in documents if one.kind == "tier" and one.bears]
        return offer_changes(
            self.comparison,
            {one.after for one in tiers},
            [(one.before, one.after) for one in tiers if one.renamed],
        )

    @staticmethod
    def _families(checked: Checked, pairs: Mapping[str, str]) -> list[tuple[str, ...]]:
        """The clients of each family, by the names that they have after."""
        return [
            tuple(pairs.get(head.name, head.name) for head in family if head.kind == "client")
            for family in checked.common.inventory.families
        ]


def _noting(
    changes: Iterable[ClientChanges], noted: Callable[[ClientChanges], None]
) -> Iterator[ClientChanges]:
    for one in changes:
        noted(one)
        yield one


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


def keys(checked: Checked) -> list[str]:
    """What stands for all that each family rests on."""
    return family_keys(checked.common.inventory, checked.digests, checked.standing.as_of)


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
    despite_errors: bool = False,
    stay: bool = False,
) -> Compared | None:
    """Two catalogues to be compared; None where one has errors, which are printed.

    With `despite_errors` they are compared nevertheless, unless nothing can be known of one. With
    `stay` something is made of their families afterwards: see `checking.standing`.
    """
    checked = both(base, head, directory, as_of, quiet, stay)
    for one, which in zip(checked, ("before", "after"), strict=True):
        if one.standing.outcome.errors:
            click.echo(f"the catalogue {which} the change ({_shown(one)}) has errors:", err=True)
            checking.tell_errors(one.standing.outcome, wanted_colour)
    broken = any(one.standing.outcome.errors for one in checked)
    found = None if broken and not despite_errors else of_both(checked, directory)
    if found is None:
        click.echo(f"nothing is {doing} while there are errors", err=True)
    return found


def both(
    base: str,
    head: str | None,
    directory: str | None,
    as_of: date,
    quiet: bool = False,
    stay: bool = False,
) -> tuple[Checked, Checked]:
    """The catalogues before and after, checked. Raises click.UsageError."""
    before, after = (
        Checked(
            side, checking.standing_of(side.folder, side.kept_as, as_of, quiet=quiet, stay=stay)
        )
        for side in _held_once(*sides(base, head, directory))
    )
    return before, after


def _held_once(before: Side, after: Side) -> tuple[Side, Side]:
    """Both sides; a file whose text is the same on both, as of most it is, is in memory once."""
    earlier = before.folder.texts
    texts = {
        path: known if (known := earlier.get(path)) == text else text
        for path, text in after.folder.texts.items()
    }
    return before, replace(after, folder=replace(after.folder, texts=texts))


def of_both(checked: tuple[Checked, Checked], directory: str | None) -> Compared | None:
    """Two catalogues to be compared; None where nothing can be known of one."""
    before, after = checked
    declared = before.common.declared, after.common.declared
    if declared[0] is None or declared[1] is None:
        return None
    asked = after.side.name if after.side.is_folder else directory or ""
    asked = "" if asked == CATALOGUE else asked
    return Compared.of(before, after, asked)


def _shown(checked: Checked) -> str:
    return checked.standing.folder.directory
