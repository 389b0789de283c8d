"""The walk along the exclusion path: for all cells at once, once for each distinct shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar, cast

from billing_dsl.analysis.cells import Mask

T = TypeVar("T")

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
    _hash: int = field(init=False, repr=False, compare=False)
    """Shapes are looked up far more often than made, and their masks are long numbers."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.cells, self.excluded, self.links)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def has_ring(self) -> bool:
        """Whether some contract falls back to itself: each ring has a link that leads backwards."""
        for position, link in enumerate(self.links):
            if not 0 <= link <= position:
                continue
            here = link
            for _ in self.links:
                if here == position:
                    return True
                here = self.links[here] if here >= 0 else here
        return False


@dataclass(frozen=True, slots=True)
class End:
    """Cells that end in the same way: the outcome, and the last contract of their path."""

    outcome: Outcome
    contract: int
    cells: Mask


Routing: TypeAlias = tuple[End, ...]
"""Where each cell ends, from one start: disjoint, together all cells, in order of the path."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Contracts that fall to each other in a circle, from the lowest position, in path order.

    `cells` are those that all of them exclude: what starts at any of them goes round for ever.
    """

    contracts: tuple[int, ...]
    cells: Mask


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks shapes, each once."""

    rings: dict[Shape, tuple[Ring, ...]] = field(default_factory=dict)
    """The rings of shapes, remembered: see `graph.rings_of`."""
    signatures: dict[tuple[Shape, tuple[int, ...]], tuple[tuple[int, ...], ...]] = field(
        default_factory=dict
    )
    """For some starts of a shape the class of each work type: see `views.signature`."""
    _walked: dict[tuple[Shape, int], Routing] = field(default_factory=dict)
    remembered: dict[str, object] = field(default_factory=dict)
    """What a rule has worked out once for all clients, by a name of its own."""
    _arriving: dict[tuple[Shape, int], tuple[Mask, ...]] = field(default_factory=dict)
    _losing: dict[Outcome, dict[Shape, tuple[int, ...]]] = field(
        default_factory=lambda: {outcome: {} for outcome in Outcome}
    )
    _resting: dict[tuple[Shape, tuple[int, ...]], frozenset[int]] = field(default_factory=dict)

    def routing(self, shape: Shape, start: int) -> Routing:
        """Where every cell of a shape ends that starts at a contract."""
        key = (shape, start)
        found = self._walked.get(key)
        if found is None:
            found = self._walked[key] = walk(shape, start)
        return found

    def once(self, name: str, work_out: Callable[[], T]) -> T:
        """What a rule needs for all clients alike, worked out once; `name` is the rule's own."""
        if name not in self.remembered:
            self.remembered[name] = work_out()
        return cast("T", self.remembered[name])

    def arriving(self, shape: Shape, start: int) -> tuple[Mask, ...]:
        """For each contract, by its position, the cells that come to it from a start."""
        key = (shape, start)
        found = self._arriving.get(key)
        if found is None:
            found = self._arriving[key] = arriving(shape, start)
        return found

    def losing(self, shape: Shape, outcome: Outcome) -> tuple[int, ...]:
        """The contracts from which some work ends so, by their positions."""
        known = self._losing[outcome]
        found = known.get(shape)
        if found is None:
            found = known[shape] = tuple(
                start
                for start in range(len(shape.links))
                if any(end.outcome is outcome for end in self.routing(shape, start))
            )
        return found

    def resting(self, shape: Shape, starts: tuple[int, ...]) -> frozenset[int]:
        """The contracts on which no work ends that starts at any of these, or goes round."""
        key = (shape, starts)
        found = self._resting.get(key)
        if found is None:
            busy: set[int] = set()
            for start in starts:
                for end in self.routing(shape, start):
                    busy.add(end.contract)
                    here = shape.links[end.contract]
                    while end.outcome is Outcome.CYCLIC and here != end.contract:
                        busy.add(here)
                        here = shape.links[here]
            found = self._resting[key] = frozenset(range(len(shape.links))) - busy
        return found


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


def arriving(shape: Shape, start: int) -> tuple[Mask, ...]:
    """For each contract, by its position, the cells that come to it from a start."""
    found = [0] * len(shape.links)
    travelling = shape.cells
    here = start
    while travelling and here >= 0 and not found[here]:
        found[here] = travelling
        travelling &= shape.excluded[here]
        here = shape.links[here]
    return tuple(found)
