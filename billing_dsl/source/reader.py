"""YAML to plain values, strictly and fast: the only module that knows PyYAML.

A file is read as quickly as it allows. Most are plain enough to be read line by line (`lines`);
what is not is read from libyaml's events. Both make values and know no places, and give up at the
first thing that is not plain and clean. Only then the careful reading follows, which keeps places
(`outlines`) and finds every fault (`faults`). All three say the same; tests hold them to it.

Limits are kept while reading, before anything large is built: `LARGEST` bytes a file, `DEEPEST`
levels, `MOST_NODES` keys and values and `MOST_DOCUMENTS` documents a file.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import Any, Protocol

from billing_dsl.diagnostics import Fault
from billing_dsl.source import faults, lines
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.outline import Node, Outline, Shape
from billing_dsl.source.pages import PAGES
from billing_dsl.source.plain import DoubtError, Keys, Meanings
from billing_dsl.source.split import documents, first_line
from billing_dsl.source.syntax import (
    Complaint,
    Trouble,
    directive,
    too_deep,
    too_many,
    trouble,
)
from billing_dsl.source.text import (
    BLANK,
    BOM,
    LARGEST,
    Text,
    Undecodable,
    decoded,
    hidden_in,
    screened,
)

DEEPEST = 32
"""The levels of lists and mappings inside each other that a document may have."""

MOST_NODES = 50_000
"""The keys and values that a file may have, mappings and lists included."""

MOST_DOCUMENTS = 5_000
"""The documents that a file may have."""

CODES = tuple(page.code for page in PAGES)
"""The codes of what the reader finds; `pages` explains each."""

# The start of a tag, an anchor or a key after `?`: libyaml says nothing about the tag `!`, and
# reads other keys between brackets than PyYAML.
_SIGN = re.compile(r"(?:\A|[\n?:,\[{-]) *[!&?]")
# A comment right behind the sign of a long text: libyaml reads it, PyYAML does not.
_COMMENT_AT_SIGN = re.compile(r"[|>][-+0-9]*#")


class _Parser(Protocol):
    """What libyaml's parser and PyYAML's own have in common."""

    def get_event(self) -> Any:
        """The next event; nothing at the end."""


@cache
def _parser(pure: bool) -> Callable[[str], _Parser]:
    """PyYAML's own parser, or libyaml's where it is there and wanted."""
    import yaml

    return yaml.SafeLoader if pure or not yaml.__with_libyaml__ else yaml.CSafeLoader


def read(
    path: str, text: bytes, *, pure: bool = False
) -> tuple[tuple[Document, ...], tuple[Broken, ...], tuple[Fault, ...]]:
    """The documents of a file, the remains of those that cannot be read, and every fault.

    Never raises on what a person wrote. `pure` does without libyaml; the result is the same.
    """
    values = _quick(text, pure)
    if values is not None:
        return tuple([Document(path, index, value) for index, value in enumerate(values)]), (), ()
    if len(text) > LARGEST:
        return faults.too_large(path, text)
    written = decoded(text)
    if isinstance(written, Undecodable):
        return faults.undecodable(path, text, written)
    whole = screened(path, written)
    return faults.judged(whole, tuple(outlines(whole, pure=pure)))


def outlines(text: Text, *, pure: bool = False) -> Iterator[Outline]:
    """Each document of a text with the places of its values, as far as it can be read."""
    nodes = 0
    for index, (start, end) in enumerate(documents(text.safe)):
        if index > MOST_DOCUMENTS or nodes > MOST_NODES:
            yield Outline(index, start, end, None, unread=True)
        elif index == MOST_DOCUMENTS:
            yield Outline(index, start, end, None, too_many(start, MOST_DOCUMENTS, "documents"))
        else:
            growth, stopped = _outlined(text, start, end, nodes, pure=pure)
            nodes = growth.nodes
            yield Outline(index, start, end, growth.root, stopped)


# --- the quick reading: values without places


def _quick(text: bytes, pure: bool) -> list[dict[str, Any]] | None:
    """The values of a file's documents, if all of it is plain and clean; else nothing."""
    if len(text) > LARGEST:
        return None
    from yaml import YAMLError

    try:
        written = text.removeprefix(BOM).decode()
        if not _is_clean(written):
            return None
        if not written.endswith("\n"):  # it would be lacking in a text of several lines
            written += "\n"
        if not pure and len(written) < MOST_NODES:  # there are no more values than letters
            with contextlib.suppress(DoubtError):
                plain = written.replace("\r\n", "\n") if "\r" in written else written
                return lines.values(plain, _lines(), MOST_DOCUMENTS)
        return _builder()(_parser(pure)(written))
    except (DoubtError, YAMLError, ValueError, OverflowError):
        return None


@cache
def _keys() -> Keys:
    return Keys()


@cache
def _lines() -> lines.Lines:
    return lines.Lines(_keys(), _in_brackets)


def _in_brackets(text: str) -> Any:
    """The value of a text in brackets, as it stands behind a key; a doubt where it is no value."""
    from yaml import YAMLError

    try:
        return _builder()(_parser(False)(f"x: {text}\n"))[0]["x"]
    except (YAMLError, ValueError, OverflowError) as error:
        raise DoubtError from error


def _is_clean(text: str) -> bool:
    """Whether a text has nothing unseen, and nothing that the two parsers read differently."""
    plain = text.replace("\r\n", "\n") if "\r" in text else text
    if not plain.replace("\n", "").isprintable():
        return False
    if not text.isascii() and any(char in text for char in BLANK):
        return False
    if ("!" in text or "&" in text or "?" in text) and _SIGN.search(text):
        return False
    if "\n%" in text or "\n..." in text or text.startswith(("%", "...")):
        return False
    signs = text.count("#")
    if signs > text.count(" #") + text.count("\n#"):
        return not _COMMENT_AT_SIGN.search(text)
    return True


@cache
def _builder() -> Callable[[_Parser], list[dict[str, Any]]]:
    """The loop that makes values of events. Each line of it runs for each value of a catalogue."""
    from yaml.events import (
        DocumentEndEvent,
        DocumentStartEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
        StreamEndEvent,
        StreamStartEvent,
    )

    known, known_keys = Meanings(), _keys()
    borders = frozenset((DocumentStartEvent, DocumentEndEvent, StreamStartEvent))

    def build(parser: _Parser) -> list[dict[str, Any]]:
        next_event = parser.get_event
        values: list[Any] = []
        # What is open: a mapping `here`, or a list to `add` to; the documents are such a list.
        here: dict[str, Any] = {}
        add: Callable[[Any], None] | None = values.append
        outside: list[tuple[dict[str, Any], Callable[[Any], None] | None]] = []
        key: Any = None
        value: Any
        for _ in repeat(None, MOST_NODES):
            event = next_event()
            kind = event.__class__
            if kind is ScalarEvent:
                value = event.value
                if event.style:
                    if event.style == '"' and not _is_seen(value):
                        raise DoubtError
                    if add is not None:
                        add(value)
                    elif key is not None:
                        here[key] = value
                        key = None
                    else:
                        if not (value.isascii() and value.isprintable() and value):
                            raise DoubtError
                        key = value
                        if key in here:
                            raise DoubtError
                elif add is not None:
                    add(known[value])
                elif key is not None:
                    here[key] = known[value]
                    key = None
                else:
                    key = known_keys[value]
                    if key in here:
                        raise DoubtError
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value = {} if kind is MappingStartEvent else []
                if add is not None:
                    add(value)
                elif key is not None:
                    here[key] = value
                    key = None
                else:
                    raise DoubtError
                outside.append((here, add))
                if len(outside) > DEEPEST:
                    raise DoubtError
                if kind is MappingStartEvent:
                    here, add = value, None
                else:
                    add = value.append
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                here, add = outside.pop()
            elif kind is StreamEndEvent:
                if any(value.__class__ is not dict for value in values):
                    raise DoubtError
                if not 0 < len(values) <= MOST_DOCUMENTS:
                    raise DoubtError
                return values
            elif kind not in borders:
                raise DoubtError
        raise DoubtError

    return build


def _is_seen(value: str) -> bool:
    """Whether all of a value shows: what stands in double quotes may hold anything, escaped."""
    if value.isascii():
        return value.isprintable() or value.replace("\n", "").isprintable()
    return not hidden_in(value)


# --- the careful reading: places are kept


@dataclass(slots=True)
class _Growth:
    """The outline of one document, which grows with each event of the parser."""

    text: str
    """The whole file's; the document is the part of it that begins at `start`."""
    start: int
    nodes: int
    """The keys and values of the file so far."""
    wary: bool = False
    """Stop where libyaml reads on and PyYAML does not."""
    root: Node | None = None
    last: Node | None = None
    reached: int = 0
    """Where the last value ends."""
    open: list[tuple[Node, list[Node] | None, list[Node]]] = field(default_factory=list)
    """The mappings and lists around the next value, each with its keys and values so far."""

    def follow(self, parser: _Parser) -> Trouble | None:
        """Takes every event; says why reading has to stop before the end."""
        offset, around = self.start, self.open
        while (event := parser.get_event()) is not None:
            kind = event.__class__.__name__
            start = offset + event.start_mark.index
            keys: list[Node] | None = None
            values: list[Node] = []
            if kind == "ScalarEvent":
                node = self._scalar(event, start)
            elif kind == "MappingStartEvent":
                keys = []
                node = Node(Shape.MAPPING, start, start, keys=keys, values=values)
            elif kind == "SequenceStartEvent":
                node = Node(Shape.LIST, start, start, values=values)
            elif kind == "AliasEvent":
                node = Node(Shape.ALIAS, start, offset + event.end_mark.index, event.anchor)
            else:
                if kind in ("MappingEndEvent", "SequenceEndEvent"):
                    node, _, _ = around.pop()
                    # A block ends with its last value, not where the next line begins.
                    if node.flow:
                        self.reached = offset + event.end_mark.index
                    node.end = self.reached
                continue
            self.nodes += 1
            if self.nodes > MOST_NODES:
                return too_many(start, MOST_NODES, "keys and values")
            self._put(node)
            if node.shape is Shape.MAPPING or node.shape is Shape.LIST:
                node.flow, node.tag, node.anchor = event.flow_style, event.tag, event.anchor
                around.append((node, keys, values))
                if len(around) > DEEPEST:
                    return too_deep(start, DEEPEST)
            else:
                self.reached = node.end
        return None

    def stop(self) -> None:
        """Ends everything that is open where reading stopped."""
        for node, _, _ in self.open:
            node.end = max(node.start + bool(node.flow), self.reached)

    def bracket(self) -> int | None:
        """Where the innermost bracket stands that is open."""
        starts = [node.start for node, _, _ in self.open if self.text[node.start] in "[{"]
        return starts[-1] if starts else None

    def _put(self, node: Node) -> None:
        """Puts a value where it belongs."""
        self.last = node
        if not self.open:
            self.root = node
            return
        _, keys, values = self.open[-1]
        (values if keys is None or len(keys) > len(values) else keys).append(node)

    def _scalar(self, event: Any, start: int) -> Node:
        text, style, end = event.value, event.style or "", self.start + event.end_mark.index
        if self.open and self.open[-1][0].flow and not style:
            if self.wary and "?" in text:
                raise DoubtError
            if not text and event.anchor is None and event.tag is None:
                # The parsers put what is not written here or there.
                start = end = max(self.reached, self.open[-1][0].start + 1)
        elif style in ("|", ">"):  # the parser counts the blank lines after it
            end = start + len(self.text[start:end].rstrip())
        return Node(Shape.TEXT, start, end, text, style, tag=event.tag, anchor=event.anchor)


def _outlined(
    text: Text, start: int, end: int, nodes: int, *, pure: bool
) -> tuple[_Growth, Trouble | None]:
    """The outline of one document, and why its reading stopped before its end."""
    from yaml import YAMLError

    growth = _Growth(text.safe, start, nodes, reached=start)
    first = first_line(text.safe, start, end)
    if first < end and text.safe[first] == "%":
        return growth, directive(first, text)
    source = text.safe[start:end] + ("" if text.safe.endswith("\n", start, end) else "\n")
    if not (pure or _SIGN.search(source) or _COMMENT_AT_SIGN.search(source)):
        growth.wary = True
        try:
            stopped = growth.follow(_parser(False)(source))
        except (DoubtError, YAMLError):
            # PyYAML decides, and says what is wrong in words that we know.
            growth = _Growth(text.safe, start, nodes, reached=start)
        else:
            growth.stop()
            return growth, stopped
    stopped = _followed(growth, _parser(True)(source), text)
    growth.stop()
    return growth, stopped


def _followed(growth: _Growth, parser: Any, text: Text) -> Trouble | None:
    """Follows PyYAML's own parser; what it refuses is said in our words."""
    from yaml import MarkedYAMLError

    try:
        return growth.follow(parser)
    except MarkedYAMLError as error:
        context, problem = error.context or "", error.problem or ""
        at = growth.start + (error.problem_mark or error.context_mark or parser).index
        since = None if error.context_mark is None else growth.start + error.context_mark.index
    except (ValueError, OverflowError):  # an escape beyond the last code point
        context, problem = "while scanning a quoted scalar", ""
        at, since = growth.start + parser.index, growth.start
    last = growth.last.start if growth.last is not None and growth.last.is_quoted else None
    return trouble(Complaint(context, problem, at, since, growth.bracket(), last), text)
