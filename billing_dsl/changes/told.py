"""All there is to tell of a change: what differs, what was done to documents, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.differences import Differences
from billing_dsl.changes.documents import DocumentChange
from billing_dsl.changes.effects import Effect, worst
from billing_dsl.changes.pairs import Side


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
class OneAfterAnother:
    """Agreements of a client of which one side has several, one right after the other, and the
    other side has one for all their days. `before` and `after` are their names in order of days.
    """

    client: str
    before: tuple[str, ...]
    after: tuple[str, ...]


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
    one_after_another: tuple[OneAfterAnother, ...] = ()

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
    """Gathers, from one client after the other, the contracts that have other names after, and the
    agreements of which one side has several.
    """

    _agreements: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _chains: list[OneAfterAnother] = field(default_factory=list)

    def noted(self, changes: Iterable[ClientChanges]) -> Iterator[ClientChanges]:
        """What changes for clients, while note is taken of their contracts' names."""
        for one in changes:
            for agreement, old, new in one.renamed:
                self._agreements.setdefault((old, new), []).append(agreement)
            for chain in one.chains:
                names = chain.names(Side.BEFORE), chain.names(Side.AFTER)
                self._chains.append(OneAfterAnother(one.client.name, *names))
            yield one

    @property
    def one_after_another(self) -> tuple[OneAfterAnother, ...]:
        """The agreements that one side has in several, by client and name."""
        return tuple(sorted(self._chains, key=lambda one: (one.client, one.before, one.after)))

    def found(self, documents: Iterable[DocumentChange]) -> tuple[Renamed, ...]:
        """All that was renamed: documents in order of kinds and names, then contracts."""
        return (
            *(Renamed(one.kind, one.before, one.after) for one in documents if one.renamed),
            *(
                Renamed("contract", old, new, tuple(sorted(agreements)))
                for (old, new), agreements in sorted(self._agreements.items())
            ),
        )
