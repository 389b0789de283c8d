"""The walk along the exclusion path: for all cells at once, once for each distinct shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from billing_dsl.analysis.cells import Mask

NO_CONTRACT = -1
"""A link that leads nowhere: the exclusion contract is blank."""

NOT_IN_FORCE = -2
"""A link to a contract that is not in force on these days."""


class Outcome(StrEnum):
    """The end of an exclusion path."""

    COVERED = "covered"
    UNCOVERED = "uncovered"
    BROKEN = "broken"
    CYCLIC = "cyclic"


@dataclass(frozen=True, slots=True)
class Shape:
    """Contracts in force, stripped of everything but what routing depends on.

    For each contract, by its position: the cells it excludes, and the position of the contract it
    falls to, or NO_CONTRACT, or NOT_IN_FORCE. `cells` are those there are on these days. Two
    clients with one shape have one routing.
    """

    cells: Mask
    excluded: tuple[Mask, ...]
    links: tuple[int, ...]

    @property
    def may_ring(self) -> bool:
        """Whether some link leads back: without one there can be no ring."""
        return any(0 <= link <= position for position, link in enumerate(self.links))


@dataclass(frozen=True, slots=True)
class End:
    """Cells that end in the same way: the outcome, and the last contract of their path."""

    outcome: Outcome
    contract: int
    cells: Mask


Routing: TypeAlias = tuple[End, ...]
"""Where each cell ends, from one start: disjoint, together all cells, in order of the path."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks shapes, each once."""

    _walked: dict[tuple[Shape, int], Routing] = field(default_factory=dict)

    def routing(self, shape: Shape, start: int) -> Routing:
        """Where every cell of a shape ends that starts at a contract."""
        key = (shape, start)
        found = self._walked.get(key)
        if found is None:
            found = self._walked[key] = walk(shape, start)
        return found

    @property
    def shapes(self) -> int:
        """How many distinct shapes have been walked."""
        return len({shape for shape, _ in self._walked})


def walk(shape: Shape, start: int) -> Routing:
    """Follow every cell from a contract to its end.

    At each contract what it does not exclude stays; the rest goes to its one exclusion contract.
    What comes back to a contract already visited was excluded all the way round: it is cyclic.
    """
    ends: list[End] = []
    travelling = shape.cells
    visited: set[int] = set()
    here = start
    while travelling:
        if here in visited:
            ends.append(End(Outcome.CYCLIC, here, travelling))
            break
        visited.add(here)
        stays = travelling & ~shape.excluded[here]
        if stays:
            ends.append(End(Outcome.COVERED, here, stays))
            travelling &= ~stays
            if not travelling:
                break
        link = shape.links[here]
        if link == NO_CONTRACT:
            ends.append(End(Outcome.UNCOVERED, here, travelling))
            break
        if link == NOT_IN_FORCE:
            ends.append(End(Outcome.BROKEN, here, travelling))
            break
        here = link
    return tuple(ends)
