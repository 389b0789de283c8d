"""The fall-through graph of a client or a tier, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.situations import Beginning
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import NOT_IN_FORCE, Outcome, Routing, Shape
from billing_dsl.book.contract import Contract
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import NOWHERE, Exclusions
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client

NO_CONTRACT = "no contract"
"""The node where work goes that no contract takes."""

BROKEN = "not in force"
"""The node of links to contracts that are not in force that day."""


@dataclass(frozen=True, slots=True)
class Node:
    """A contract, or one of the two places where work is lost.

    `takes` are the work types of which some work ends there, from the default contract. `of` tells
    contracts of several agreements apart: the agreement, and the client where it is another's.
    """

    id: str
    title: str
    type: str
    starts: bool
    takes: tuple[str, ...]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What one contract excludes, and where that falls."""

    source: str
    target: str
    excludes: Exclusions


@dataclass(frozen=True, slots=True)
class Drawing:
    """Contracts and the exclusions between them, in the order of the path."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def of_client(view: ClientCoverage, day: date) -> Drawing | None:
    """A client's graph on a day: its contracts, its parent's, and those to which they fall.

    None where there is no such contract.
    """
    for covered in view.covered:
        if day in covered.segment.life:
            segment = covered.segment
            shown = _reached(segment.shape, view.family.starts(view.client, segment))
            start = covered.position if covered.start is not None else -1
            if shown:
                return _of_segment(view, segment, shown, start, covered.routing)
    return None


def of_agreement(view: ClientCoverage, agreement: Agreement, beginning: Beginning) -> Drawing:
    """The graph of an agreement from a beginning on: its contracts, and those to which they fall.

    A node takes the work types that lead there by themselves; what a role or sub-issue sends on is
    told by the edges. A node's id is its title: a contract's name, with its agreement where that is
    another. So the drawings of two clients who have the same are the same.
    """
    segment = beginning.segment
    own = {
        position
        for position, contract in enumerate(segment.contracts)
        if contract.agreement.name == agreement.name
    }
    shown = _reached(segment.shape, sorted(own))
    drawn = _of_segment(view, segment, shown, beginning.position, beginning.routing)
    leads = _leading(view.cells, segment, beginning.routing)
    titles = {
        contract.id: contract.name if position in own else contract.id
        for position, contract in enumerate(segment.contracts)
    }
    return Drawing(
        "",
        tuple(
            replace(
                node,
                id=titles.get(node.id, node.id),
                title=titles.get(node.id, node.title),
                takes=leads.get(node.id, ()),
                of="",  # its title tells already
            )
            for node in _along_the_path(drawn)
        ),
        tuple(
            replace(
                edge,
                source=titles[edge.source],
                target=titles.get(edge.target, edge.target),
            )
            for edge in drawn.edges
        ),
    )


def _along_the_path(drawing: Drawing) -> tuple[Node, ...]:
    """The nodes as somebody meets them who follows the work from its start; then all others."""
    known = {node.id: node for node in drawing.nodes}
    onward = {edge.source: edge.target for edge in drawing.edges}
    met: dict[str, Node] = {}
    here = next((node.id for node in drawing.nodes if node.starts), "")
    while here in known and here not in met:
        met[here] = known[here]
        here = onward.get(here, "")
    return tuple({**met, **known}.values())


def _leading(cells: Cells, segment: Segment, routing: Routing) -> Mapping[str, tuple[str, ...]]:
    """For each node the work types that lead there, unless a role or sub-issue sends them on."""
    found: dict[str, list[str]] = {}
    lost = {Outcome.UNCOVERED: NO_CONTRACT, Outcome.BROKEN: BROKEN}
    for name, mask in cells.by_work_type.items():
        end = next((end for end in routing if end.cells & mask), None)
        if end is not None and end.outcome is not Outcome.CYCLIC:
            there = lost.get(end.outcome) or segment.contracts[end.contract].id
            found.setdefault(there, []).append(name)
    return {node: tuple(names) for node, names in found.items()}


def _reached(shape: Shape, starts: Iterable[int]) -> frozenset[int]:
    """Some contracts, by their positions, with all to which they fall."""
    found: set[int] = set()
    for start in starts:
        here = start
        while here >= 0 and here not in found:
            found.add(here)
            here = shape.links[here]
    return frozenset(found)


def _of_segment(
    view: ClientCoverage,
    segment: Segment,
    shown: frozenset[int],
    start: int,
    routing: Routing,
) -> Drawing:
    cells = view.cells
    several = len({segment.contracts[one].agreement.name for one in shown}) > 1
    takes: dict[int, tuple[str, ...]] = {}
    lost: dict[str, int] = {}
    for end in routing:
        if end.outcome is Outcome.COVERED:
            takes[end.contract] = cells.work_types_in(end.cells)
        elif end.outcome is Outcome.UNCOVERED:
            lost[NO_CONTRACT] = lost.get(NO_CONTRACT, 0) | end.cells
        elif end.outcome is Outcome.BROKEN:
            lost[BROKEN] = lost.get(BROKEN, 0) | end.cells
    nodes = [
        Node(
            contract.id,
            contract.name,
            contract.type.value,
            position == start,
            takes.get(position, ()),
            _owner(view.client, contract) if several else "",
        )
        for position, contract in enumerate(segment.contracts)
        if position in shown
    ]
    edges: list[Edge] = []
    ends: dict[str, None] = {}
    for position, (contract, phase) in enumerate(
        zip(segment.contracts, segment.phases, strict=True)
    ):
        if position not in shown or not phase.excludes:
            continue
        link = segment.shape.links[position]
        if link >= 0:
            target = segment.contracts[link].id
        else:
            target = BROKEN if link == NOT_IN_FORCE else NO_CONTRACT
            ends[target] = None
        edges.append(Edge(contract.id, target, phase.excludes))
    nodes.extend(
        Node(name, name, "", False, cells.work_types_in(lost.get(name, 0))) for name in ends
    )
    return Drawing(f"{view.client.title}, {segment.life}", tuple(nodes), tuple(edges))


def _owner(client: Client, contract: Contract) -> str:
    """Whose a contract is: its agreement, and its client where that is not the one drawn."""
    agreement = contract.agreement
    other = "" if contract.client == client.name else f", client {contract.client}"
    return f"agreement {agreement.name}{other}"


def of_tier(tier: EffectiveTier, ends: Mapping[str, str] | None = None) -> Drawing:
    """A tier's graph, its block counted as bought; `ends` replaces where its work types end."""
    decided = tier.scope if ends is None else ends
    nodes = [
        Node(
            name,
            name,
            terms.type.value,
            name == tier.first,
            tuple(work_type for work_type, end in decided.items() if end == name),
        )
        for name, terms in tier.contracts.items()
    ]
    edges: list[Edge] = []
    for name, excludes in tier.exclusions.items():
        if excludes:
            link = tier.links[name]
            edges.append(Edge(name, NO_CONTRACT if link == NOWHERE else link, excludes))
    if any(edge.target == NO_CONTRACT for edge in edges):
        nowhere = tuple(work_type for work_type, end in decided.items() if end == NOWHERE)
        nodes.append(Node(NO_CONTRACT, NO_CONTRACT, "", False, nowhere))
    return Drawing(f"{tier.tier.title} ({tier.key})", tuple(nodes), tuple(edges))
