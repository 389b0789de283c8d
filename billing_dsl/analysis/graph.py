"""The fall-through graph: its rings, and how it is drawn. The only door to networkx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from billing_dsl.analysis.walk import Shape

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


@dataclass(frozen=True, slots=True)
class Ring:
    """Contracts that fall to each other in a circle, from the lowest position, in path order."""

    contracts: tuple[int, ...]


def rings(shape: Shape) -> tuple[Ring, ...]:
    """Each ring of a shape once, in order of its first contract.

    A contract falls to one contract at most, so a strongly connected component is one ring.
    """
    if not shape.may_ring:
        return ()
    import networkx as nx

    graph = fallthrough(shape)
    found: list[Ring] = []
    for component in nx.strongly_connected_components(graph):
        first = min(component)
        if len(component) == 1 and shape.links[first] != first:
            continue
        found.append(Ring(tuple(_around(shape.links, first))))
    return tuple(sorted(found, key=lambda ring: ring.contracts))


def _around(links: tuple[int, ...], first: int) -> Iterable[int]:
    here = first
    while True:
        yield here
        here = links[here]
        if here == first:
            return
