"""Mermaid: graphs that forges and editors draw in Markdown; whatever a name holds is inert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from billing_dsl.analysis.drawing import Drawing, Edge, Node
from billing_dsl.targets._picture import Names, what_it_is
from billing_dsl.targets._templates import line

LONGEST = 60
"""Characters of a name in a graph; longer ones are cut, with a sign that they are."""

MOST = 6
"""Names listed in one label; the others are counted."""

_FOUND_ANYWHERE = re.compile(r"\$(?=\$)|:(?=fa-)|#92;(?=n)")
_OF_A_STYLE = re.compile(r":(?! )")
_ENTITIES = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", ";": "#59;"}
_ENTITIES |= {"`": "#96;", "|": "#124;", "\\": "#92;", "%": "#37;"}


def quoted(text: str) -> str:
    """Text in quotes of a Mermaid label: entities for whatever its grammar or HTML would take.

    Formulas (`$$x$$`), icons (`fa:fa-x`) and line ends (`\\n`) it even finds among entities: a mark
    that nobody sees keeps their signs apart. And after what looks like a style (`style x:#`) it
    cuts entities short.
    """
    shown = "".join(_ENTITIES.get(letter, letter) for letter in text)
    shown = _FOUND_ANYWHERE.sub(lambda sign: f"{sign[0]}#8288;", shown)
    return _OF_A_STYLE.sub("#58;", shown)


def flowchart(drawing: Drawing, names: Names) -> str:
    """The exclusion path of an agreement, in the words of its picture."""

    def of_node(node: Node) -> Iterator[str]:
        yield _label(node.title)
        yield _label(what_it_is(node) + (", work starts here" if node.starts else ""))
        taken = names.taken(node)
        if taken:
            yield _label(f"takes {_some(taken)}")

    return drawn(drawing, of_node, lambda edge: [_label(_some(names.excluded(edge.excludes)))])


def drawn(
    drawing: Drawing,
    of_node: Callable[[Node], Iterable[str]],
    of_edge: Callable[[Edge], Iterable[str]],
) -> str:
    """A drawing as a flowchart, with what is said at each node and edge, line by line."""
    ids = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes, 1)}
    lines = ["flowchart TD"]
    for node in drawing.nodes:
        text = "<br/>".join(map(quoted, of_node(node)))
        opened, closed = ('["', '"]') if node.type else ('(["', '"])')
        lines.append(f"  {ids[node.id]}{opened}{text}{closed}")
    for edge in drawing.edges:
        text = "<br/>".join(map(quoted, of_edge(edge)))
        lines.append(f'  {ids[edge.source]} -->|"{text}"| {ids[edge.target]}')
    starts = [ids[node.id] for node in drawing.nodes if node.starts]
    lost = [ids[node.id] for node in drawing.nodes if not node.type]
    if starts:
        lines += ["  classDef start stroke-width:3px", f"  class {','.join(starts)} start"]
    if lost:
        lines += ["  classDef lost stroke-dasharray:4", f"  class {','.join(lost)} lost"]
    return "\n".join(lines)


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST
    shown = ", ".join(map(_cut, names[:MOST]))
    return shown + (f" and {more} more" if more > 0 else "")


def _label(text: str) -> str:
    return line(text) if len(text) <= 4 * LONGEST else f"{line(text)[: 4 * LONGEST - 1]}…"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
