"""The fall-through graph: its rings, and how it is drawn. The only door to networkx."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from billing_dsl.analysis.drawing import Drawing
from billing_dsl.analysis.walk import Ring, Shape, Walker

if TYPE_CHECKING:
    import networkx as nx

    FallthroughGraph: TypeAlias = nx.DiGraph[int]


def fallthrough(shape: Shape) -> FallthroughGraph:
    """The graph of a shape: a node for each contract by its position, an edge where it falls."""
    import networkx as nx

    graph: FallthroughGraph = nx.DiGraph()
    graph.add_nodes_from(range(len(shape.links)))
    graph.add_edges_from((position, link) for position, link in enumerate(shape.links) if link >= 0)
    return graph


def rings_of(walker: Walker, shape: Shape) -> tuple[Ring, ...]:
    """Each ring of a shape once, looked for once: see `rings`."""
    found = walker.rings.get(shape)
    if found is None:
        found = walker.rings[shape] = rings(shape)
    return found


def rings(shape: Shape) -> tuple[Ring, ...]:
    """Each ring of a shape once, in order of its first contract.

    A contract falls to one contract at most, so a strongly connected component is one ring.
    """
    if not shape.has_ring:
        return ()
    import networkx as nx

    graph = fallthrough(shape)
    found: list[Ring] = []
    for component in nx.strongly_connected_components(graph):
        first = min(component)
        if len(component) == 1 and shape.links[first] != first:
            continue
        contracts = tuple(_around(shape.links, first))
        cells = shape.cells
        for contract in contracts:
            cells &= shape.excluded[contract]
        found.append(Ring(contracts, cells))
    return tuple(sorted(found, key=lambda ring: ring.contracts))


def _around(links: tuple[int, ...], first: int) -> Iterable[int]:
    here = first
    while True:
        yield here
        here = links[here]
        if here == first:
            return


def as_graphml(drawing: Drawing) -> str:
    """A drawing as GraphML, for Gephi, yEd and other graph tools."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(title=drawing.title)
    for node in drawing.nodes:
        graph.add_node(
            node.id,
            label=f"{node.title}, {node.of}" if node.of else node.title,
            type=node.type,
            default="true" if node.starts else "false",
            takes=", ".join(node.takes),
        )
    for edge in drawing.edges:
        excluded = edge.excludes
        graph.add_edge(
            edge.source,
            edge.target,
            work_types=", ".join(excluded.work_types),
            roles=", ".join(excluded.roles),
            sub_issues=", ".join(excluded.sub_issues),
        )
    return "\n".join(nx.generate_graphml(graph)) + "\n"
