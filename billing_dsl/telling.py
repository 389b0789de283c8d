"""Checked catalogue → outputs: what all targets say of it, and what its tenant has already.

The way on from `pipeline`, in a file of its own: a check makes no outputs, and imports none of what
makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from billing_dsl.diagnostics import Fault
from billing_dsl.pipeline import Coded
from billing_dsl.targets import (
    TOGETHER,
    Artifact,
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Target,
    Views,
    targets,
)
from billing_dsl.targets._in_short import InShort

if TYPE_CHECKING:
    from billing_dsl.tenant.snapshot import Snapshot


def met(
    compilation: Compilation, families: Sequence[Views], snapshot: Snapshot, file: str
) -> tuple[Compilation, tuple[Coded, ...]]:
    """A compilation that knows what its tenant has, and what no request can settle there."""
    from billing_dsl.targets._book import Book
    from billing_dsl.tenant.reconcile import reconciled

    found, faults, _ = reconciled(Book(compilation, families), snapshot, file)
    return found, tuple((fault.code, fault.finding) for fault in faults)


class Telling:
    """What all targets say of a checked catalogue: of some families at a time, then of all."""

    def __init__(self, compilation: Compilation, chosen: Iterable[Target] | None = None) -> None:
        """Begins with all targets, or with those chosen."""
        from billing_dsl.targets._lanes import lanes

        self._lanes = lanes(compilation)
        self._tellers = [
            target.begin(compilation) for target in (targets() if chosen is None else chosen)
        ]

    def of_families(
        self, families: Iterable[Views]
    ) -> Iterator[tuple[Views, Artifact | Passage | InShort | Coded]]:
        """Of which family: a file of its clients, what is said of one in a file that all share, one
        in short, or what cannot be expressed.

        Each target tells of some families before the next one does, so that at a place clients come
        in the order of families.
        """
        from billing_dsl.targets._asked import in_short

        waiting = iter(families)
        while several := tuple(islice(waiting, TOGETHER)):
            for teller in self._tellers:
                for views in several:
                    for said in teller.of_family(views):
                        told = (said.code, said.finding) if isinstance(said, Fault) else said
                        yield views, told
            for views in several:
                for short in in_short(self._lanes, views):
                    yield views, short

    def of_all(self, everybody: Everybody) -> Iterator[Assembled | Coded]:
        """The files that all clients share, when every family has been told of."""
        for teller in self._tellers:
            for said in teller.of_all(everybody):
                yield (said.code, said.finding) if isinstance(said, Fault) else said
