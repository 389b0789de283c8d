"""The coverage of a family: its time line cut where anything changes, each piece proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.cells import Cell, Cells, Mask
from billing_dsl.analysis.walk import (
    NO_CONTRACT,
    NOT_IN_FORCE,
    Outcome,
    Routing,
    Shape,
    Walker,
)
from billing_dsl.book.book import FamilyBook, Nowhere, Shared, Start
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.kinds.client import Client
from billing_dsl.model.calendar import Stretch, day_after, pieces


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which nothing changes that routing depends on.

    `contracts` are those in force, in the order of the book; `phases` belong to them by position,
    as do the positions in `shape`.
    """

    life: Stretch
    contracts: tuple[Contract, ...]
    phases: tuple[Phase, ...]
    shape: Shape

    def position(self, contract: str) -> int:
        """Where a contract stands among those in force. Raises ValueError if it is not."""
        return [found.id for found in self.contracts].index(contract)


@dataclass(frozen=True, slots=True)
class Covered:
    """A client's default contract during a segment, and where all work ends from there.

    Without a default contract (`start` is None) there is no agreement these days.
    """

    segment: Segment
    start: Start | None
    position: int
    routing: Routing


@dataclass(frozen=True, slots=True)
class Hop:
    """One contract on the path of a kind of work, and why it does not stay there.

    `excluded` lists dimension and name of each thing excluded; empty where the path ends.
    """

    contract: Contract
    phase: Phase
    excluded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExclusionPath:
    """The contracts that one kind of work visits on one day, and the end."""

    hops: tuple[Hop, ...]
    outcome: Outcome

    @property
    def contract(self) -> Contract | None:
        """The contract that takes the work, or None where none does."""
        return self.hops[-1].contract if self.outcome is Outcome.COVERED else None


@dataclass(frozen=True, slots=True)
class FamilyCoverage:
    """Where all work of a family's clients ends, on every day."""

    shared: Shared
    cells: Cells
    walker: Walker
    book: FamilyBook
    segments: tuple[Segment, ...]
    by_client: Mapping[str, tuple[Covered, ...]]

    def of_client(self, client: Client) -> tuple[Covered, ...]:
        """A client's segments in order of time; only days on which some contract is in force."""
        return self.by_client[client.name]

    def routing(self, segment: Segment, start: int) -> Routing:
        """Where all work ends that starts at a contract, by its position in the segment."""
        return self.walker.routing(segment.shape, start)

    def starts(self, client: Client, segment: Segment) -> Iterator[int]:
        """The contracts from which a client's tickets may start: its own, and its parent's."""
        owners = {client.name, client.parent}
        return (
            position
            for position, contract in enumerate(segment.contracts)
            if contract.client in owners
        )

    def path(self, cell: Cell, day: date, start: Contract) -> ExclusionPath:
        """The path of one kind of work on one day, contract by contract.

        Follows the book alone, without masks: it says why, where the masks only say what.
        """
        hops: list[Hop] = []
        visited: set[str] = set()
        here: Contract | Nowhere = start if day in start.life else Nowhere.NOT_IN_FORCE
        while isinstance(here, Contract):
            if here.id in visited:
                return ExclusionPath(tuple(hops), Outcome.CYCLIC)
            visited.add(here.id)
            phase = here.phase(day)
            if phase is None:
                raise TypeError(f"{here.id} has no phase on {day}, though it is in force")
            excluded = tuple(
                (dimension, name)
                for dimension, name, names in (
                    ("work_type", cell.work_type, phase.excludes.work_types),
                    ("role", cell.role, phase.excludes.roles),
                    ("sub_issue", cell.sub_issue, phase.excludes.sub_issues),
                )
                if name in names
            )
            hops.append(Hop(here, phase, excluded))
            if not excluded:
                return ExclusionPath(tuple(hops), Outcome.COVERED)
            here = self.book.target(phase.falls_to, day)
        lost = Outcome.BROKEN if here is Nowhere.NOT_IN_FORCE else Outcome.UNCOVERED
        return ExclusionPath(tuple(hops), lost)


def family_coverage(
    shared: Shared, cells: Cells, walker: Walker, book: FamilyBook
) -> FamilyCoverage:
    """The coverage of one family."""
    segments = tuple(_segments(cells, book))
    return FamilyCoverage(
        shared,
        cells,
        walker,
        book,
        segments,
        {
            client.name: tuple(_covered(walker, book, client, segment) for segment in segments)
            for client in book.clients
        },
    )


def _covered(walker: Walker, book: FamilyBook, client: Client, segment: Segment) -> Covered:
    start = book.default(client.name, segment.life.start)
    if start is None:
        return Covered(segment, None, NO_CONTRACT, ())
    position = segment.position(start.contract)
    return Covered(segment, start, position, walker.routing(segment.shape, position))


def _segments(cells: Cells, book: FamilyBook) -> Iterator[Segment]:
    contracts = tuple(book.contracts.values())
    if not contracts:
        return
    first = min(contract.life.start for contract in contracts)
    last = max(contract.life.end for contract in contracts)
    cuts = set(cells.beginnings)
    for contract in contracts:
        for phase in contract.phases:
            cuts.add(phase.life.start)
            cuts.add(day_after(phase.life.end))
    for starts in book.starts.values():
        for start in starts:
            cuts.add(start.life.start)
            cuts.add(day_after(start.life.end))
    for detours in book.detours.values():
        for life, _ in detours:
            cuts.add(life.start)
    for life in pieces(Stretch(first, last), cuts):
        segment = _segment(cells, book, contracts, life)
        if segment is not None:
            yield segment


def _segment(
    cells: Cells, book: FamilyBook, contracts: tuple[Contract, ...], life: Stretch
) -> Segment | None:
    day = life.start
    in_force: list[Contract] = []
    phases: list[Phase] = []
    positions: dict[str, int] = {}
    for contract in contracts:
        phase = contract.phase(day)
        if phase is not None:
            positions[contract.id] = len(in_force)
            in_force.append(contract)
            phases.append(phase)
    if not in_force:
        return None
    links: list[Mask] = []
    for phase in phases:
        link = phase.falls_to
        if not link:
            links.append(NO_CONTRACT)
        elif link in positions:
            links.append(positions[link])
        else:
            target = book.target(link, day)
            if isinstance(target, Contract):
                links.append(positions[target.id])
            else:
                links.append(NO_CONTRACT if target is Nowhere.NO_CONTRACT else NOT_IN_FORCE)
    excluded = tuple(cells.excluded(phase.excludes) for phase in phases)
    shape = Shape(cells.on(day), excluded, tuple(links))
    return Segment(life, tuple(in_force), tuple(phases), shape)
