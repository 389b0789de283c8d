"""Drawings as Mermaid, DOT and JSON; every name is inert in each of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from billing_dsl.analysis.drawing import Drawing, Edge, Node
from billing_dsl.report._visible import visible
from billing_dsl.targets._mermaid import LONGEST, MOST, drawn

_LONGEST = 4 * LONGEST


def mermaid(drawing: Drawing) -> str:
    """A Mermaid flowchart, as forges and editors draw it in Markdown."""
    found = drawn(
        drawing,
        lambda node: map(_cut, _node_lines(node)),
        lambda edge: map(_cut, _edge_lines(edge)),
    )
    return f"{found}\n"


def dot(drawing: Drawing) -> str:
    """A Graphviz digraph."""
    lines = [
        "digraph fallthrough {",
        f"  label={_dot_text([drawing.title])};",
        "  node [shape=box];",
    ]
    ids = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes, 1)}
    for node in drawing.nodes:
        look = ", penwidth=3" if node.starts else "" if node.type else ", style=dashed"
        lines.append(f"  {ids[node.id]} [label={_dot_text(_node_lines(node))}{look}];")
    for edge in drawing.edges:
        label = _dot_text(_edge_lines(edge))
        lines.append(f"  {ids[edge.source]} -> {ids[edge.target]} [label={label}];")
    return "\n".join([*lines, "}"]) + "\n"


def as_json(drawing: Drawing) -> str:
    """A drawing as JSON: version, title, nodes, edges."""
    content = {
        "version": 1,
        "title": drawing.title,
        "nodes": [
            {
                "id": node.id,
                "title": node.title,
                "of": node.of or None,
                "type": node.type or None,
                "default": node.starts,
                "takes": list(node.takes),
            }
            for node in drawing.nodes
        ],
        "edges": [
            {
                "source": edge.source,
                "target": edge.target,
                "excludes": {
                    "work_types": list(edge.excludes.work_types),
                    "roles": list(edge.excludes.roles),
                    "sub_issues": list(edge.excludes.sub_issues),
                },
            }
            for edge in drawing.edges
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _node_lines(node: Node) -> list[str]:
    lines = [node.title, node.of] if node.of else [node.title]
    if node.type:
        lines.append(node.type.replace("_", " ") + (", default" if node.starts else ""))
    if node.takes:
        lines.append(f"takes {_names(node.takes)}")
    return lines


def _edge_lines(edge: Edge) -> list[str]:
    return [
        f"{word}{_names(names)}"
        for word, names in (
            ("", edge.excludes.work_types),
            ("roles: ", edge.excludes.roles),
            ("sub-issues: ", edge.excludes.sub_issues),
        )
        if names
    ]


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST
    return ", ".join(names[:MOST]) + (f" and {more} more" if more > 0 else "")


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _dot_text(lines: Sequence[str]) -> str:
    escaped = (_cut(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
