"""A file in which one value of one document is another: the text that somebody would have typed.

What is typed stays as near to the value as its surroundings allow, so that places of findings are
those of the file. Each attempt is read again and counts only if it says exactly what is meant; the
last writes the whole document in brackets, which always does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from billing_dsl.diagnostics import Finding, Route
from billing_dsl.model.written import flow
from billing_dsl.source.outline import Node, Shape
from billing_dsl.source.reader import outlines, read
from billing_dsl.source.text import Text, legible, screened


def rewritten(
    text: bytes, index: int, route: Route, wanted: dict[str, Any], written: str | None
) -> bytes | Finding:
    """A file whose document `index` says what is `wanted`, all others staying as they are; or why
    no file can: a key that nobody sees, a value that is too deep or too long.

    `route` leads to the one value that differs, `written` is how it is written; None where it is
    gone. Expects a file without faults.
    """
    values = [document.value for document in read("", text)[0]]
    values[index] = wanted
    whole = screened("", legible(text))
    root = next(islice(outlines(whole), index, None)).root
    if root is None:
        raise ValueError("there is no such document")
    fault: Finding | None = None
    for attempt in _attempts(whole, root, route, wanted, written):
        found = attempt.encode("utf-8", "surrogatepass")
        documents, _, faults = read("", found)
        if not faults and [document.value for document in documents] == values:
            return found
        fault = faults[0].finding if faults else None
    if fault is None:
        raise AssertionError("a document in brackets does not say what it holds")
    return fault


def _attempts(
    text: Text, root: Node, route: Route, wanted: dict[str, Any], written: str | None
) -> Iterator[str]:
    """What may say what is wanted, the least first."""
    way = [root]
    for step in route:
        inner = _inner(way[-1], step)
        if inner is None:
            break
        way.append(inner)
    depth = len(way) - 1
    if written is None:
        yield from _without(text, way[-2], route[-1])
    elif depth == len(route):
        yield from _replaced(text, way[-1], written)
    else:
        value = written if depth + 1 == len(route) else flow(_at(wanted, route[: depth + 1]))
        yield from _added(text, way[-1], route[depth], value)
    for length in range(min(depth, len(route) - (written is None)), -1, -1):
        yield from _replaced(text, way[length], flow(_at(wanted, route[:length])))


def _inner(node: Node, step: str | int) -> Node | None:
    if isinstance(step, int):
        return node.values[step] if step < len(node.values) else None
    return next((value for key, value in node.pairs() if key.text == step), None)


def _at(value: Any, route: Route) -> Any:
    for step in route:
        value = value[step]
    return value


def _replaced(text: Text, node: Node, value: str) -> Iterator[str]:
    """Another value in the place of one; lines below stay where they are."""
    before, after = text.written[: node.start], text.written[node.end :]
    kept = "\n" * text.written.count("\n", node.start, node.end)
    yield f"{before}{value}{kept}{after}"
    if node.start == node.end:  # nothing was written
        yield f"{before} {value}{after}"


def _added(text: Text, node: Node, step: str | int, value: str) -> Iterator[str]:
    """A key or an item that was not there, behind those that are."""
    said = f"{flow(step)}: {value}" if isinstance(step, str) else value
    if node.flow:
        inside = text.written[: node.end - 1].rstrip()
        comma = ", " if node.values else ""
        yield f"{inside}{comma}{said}{text.written[node.end - 1 :]}"
    elif node.shape in (Shape.MAPPING, Shape.LIST):
        margin = " " * (node.start - text.line_start(node.start))
        dash = "" if isinstance(step, str) else "- "
        end = text.line_end(node.end)
        yield f"{text.written[:end]}\n{margin}{dash}{said}{text.written[end:]}"


def _without(text: Text, holder: Node, step: str | int) -> Iterator[str]:
    """Without the lines of a key or an item."""
    if isinstance(step, int):
        start = holder.values[step].start
        end = holder.values[step].end
    else:
        key, value = next(pair for pair in holder.pairs() if pair[0].text == step)
        start, end = key.start, (value or key).end
    first, last = text.line_start(start), text.line_end(end)
    yield text.written[:first] + text.written[last:].removeprefix("\r").removeprefix("\n")
