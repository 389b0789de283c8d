"""From a value's route to its place in the text, by reading that one file again.

Findings carry routes; lines and columns are looked up only for those that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from billing_dsl.diagnostics import Place, Span
from billing_dsl.source.outline import Node, Outline, Shape
from billing_dsl.source.reader import outlines
from billing_dsl.source.text import LARGEST, LINE_BREAK, Text, Undecodable, decoded, screened

_HEADINGS = ("name", "kind")

_NAMES = ("name", "role")
"""The keys by which an item of a list is called in a route."""


def locate(text: bytes, place: Place) -> Span:
    """The span of a value or key of a file.

    A route that leads beyond what is written ends at its last step that is; an empty route, or a
    mapping in which something is missing, is shown by its name. Never raises on what a person
    wrote.
    """
    return locate_all(text, (place,))[0]


def locate_all(text: bytes, places: Sequence[Place], *, pure: bool = False) -> tuple[Span, ...]:
    """The spans of many values of one file, in the order of `places`; the file is read once."""
    found = decoded(text) if len(text) <= LARGEST else None
    if found is None or isinstance(found, Undecodable) or not places:
        return tuple(Span(place.path, 1, 1, 1, 1) for place in places)
    whole = screened(places[0].path, found)
    wanted = max(0, *(place.document + 1 for place in places))
    documents = list(islice(outlines(whole, pure=pure), wanted))
    return tuple(_located(whole, documents, place) for place in places)


def lines(text: bytes) -> list[str]:
    """The lines of a file as spans count them; what is not UTF-8 is replaced."""
    return LINE_BREAK.split(text.decode("utf-8-sig", errors="replace"))


def _located(text: Text, documents: Sequence[Outline], place: Place) -> Span:
    if not 0 <= place.document < len(documents):
        return Span(place.path, 1, 1, 1, 1)
    outline = documents[place.document]
    start = end = outline.start
    if outline.root is not None and not outline.root.is_empty:
        start, end = _stretch(outline.root, place)
    if start == end and text.safe[start - 1 : start] == "-":  # a list item without anything in it
        start -= 1
    span = text.span(start, end)
    return Span(place.path, span.line, span.column, span.end_line, span.end_column)


def _stretch(root: Node, place: Place) -> tuple[int, int]:
    """Where the value stands that a route leads to, or the last one on the way."""
    node, key = root, None
    for step in place.route:
        found = _step(node, step)
        if found is None:
            return _holder(node, key)
        key, node = found
    if key is None:
        return (node.start, node.end) if place.route else _heading(node)
    if place.key or node.is_empty:
        return key.start, key.end
    return node.start, node.end


def _step(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    """The key, if any, and the value one step further; nothing if it is not written."""
    if isinstance(step, str) and node.shape is Shape.LIST:
        return next(((None, item) for item in node.values if _called(item, step)), None)
    if isinstance(step, str):
        for key, value in node.pairs():
            if key.text == step and key.shape is Shape.TEXT:
                return key, key if value is None else value
    elif node.shape is Shape.LIST and 0 <= step < len(node.values):
        return None, node.values[step]
    return None


def _called(item: Node, name: str) -> bool:
    """Whether a list item is this text, or a mapping that is named so."""
    if item.shape is Shape.TEXT:
        return item.text == name
    return any(
        key.text in _NAMES and value is not None and value.text == name
        for key, value in item.pairs()
    )


def _holder(node: Node, key: Node | None) -> tuple[int, int]:
    """What stands for a value in which the next step is missing."""
    if node.shape is Shape.TEXT or node.shape is Shape.ALIAS:
        return (key.start, key.end) if key is not None and node.is_empty else (node.start, node.end)
    return _heading(node) if key is None else (key.start, key.end)


def _heading(node: Node) -> tuple[int, int]:
    """What stands for a whole document or list item: its name, its kind, or its first key."""
    written = {key.text: value for key, value in node.pairs() if value is not None}
    for word in _HEADINGS:
        value = written.get(word)
        if value is not None and value.shape is Shape.TEXT and not value.is_empty:
            return value.start, value.end
    first = node.keys[0] if node.keys else node
    return first.start, first.end
