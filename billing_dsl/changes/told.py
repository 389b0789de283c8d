"""All there is to tell of a change: what differs, what was done to documents, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.differences import Differences
from billing_dsl.changes.documents import DocumentChange
from billing_dsl.changes.effects import Effect, worst


@dataclass(frozen=True, slots=True)
class Origin:
    """One of the two catalogues: what somebody called it, its hash and its commit.

    `errors` are those that a check finds in it.
    """

    name: str
    sha256: str
    commit: str
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Renamed:
    """What has another name after, and is the same. Of contracts, `agreements` tells whose."""

    kind: str
    before: str
    after: str
    agreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A client whose cover is not known on a side, because something it rests on is broken."""

    client: str
    sides: tuple[str, ...]
    """`before`, `after`, or both."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change between two catalogues, as seen on a day. `clients` are those of either side."""

    before: Origin
    after: Origin
    as_of: date
    documents: tuple[DocumentChange, ...]
    differences: Differences
    renamed: tuple[Renamed, ...]
    not_compared: tuple[NotCompared, ...]
    clients: int

    @property
    def effect(self) -> Effect:
        """The worst of all that differs; of what is not known, nobody can say that it is better."""
        if self.not_compared:
            return Effect.LOSES
        return worst(one.effect for one in self.differences.all)

    @property
    def has_effect(self) -> bool:
        """Whether any client is billed otherwise, or the next one would be."""
        return self.effect is not Effect.NONE


@dataclass(slots=True)
class Renames:
    """Gathers the contracts that have other names after, from one client after the other."""

    _agreements: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def noted(self, changes: Iterable[ClientChanges]) -> Iterator[ClientChanges]:
        """What changes for clients, while note is taken of their contracts' names."""
        for one in changes:
            for agreement, old, new in one.renamed:
                self._agreements.setdefault((old, new), []).append(agreement)
            yield one

    def found(self, documents: Iterable[DocumentChange]) -> tuple[Renamed, ...]:
        """All that was renamed: documents in order of kinds and names, then contracts."""
        return (
            *(Renamed(one.kind, one.before, one.after) for one in documents if one.renamed),
            *(
                Renamed("contract", old, new, tuple(sorted(agreements)))
                for (old, new), agreements in sorted(self._agreements.items())
            ),
        )
