"""Everything that is wrong with the text of a file, found in one reading."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeAlias

from billing_dsl.diagnostics import Fault, Finding, Label, Span
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.outline import Node, Outline, Shape
from billing_dsl.source.scalars import Unclear, commas_left_out, meaning, unclear_key
from billing_dsl.source.split import documents
from billing_dsl.source.syntax import SYNTAX, TAG, TOO_LARGE, WRITTEN_TAG, Trouble, tag_words
from billing_dsl.source.text import (
    LARGEST,
    SUBSTITUTE,
    Text,
    Undecodable,
    hidden_in,
    is_of_the_file,
    is_space,
    legible,
    named,
    screened,
    shown,
)

DUPLICATE_KEY = "BD002"
UNCLEAR_VALUE = "BD003"
ALIAS = "BD004"
KEY_NOT_TEXT = "BD006"
ENCODING = "BD007"
EMPTY = "BD009"
HIDDEN = "BD010"

MOST_FAULTS = 100
"""The faults of one file that are told; what a machine wrote wrong is wrong everywhere."""

_MORE_PLACES = 4
_HEADING = re.compile(
    r"""^(kind|name|version|client):[ ]*(["']?)([\w@.-]+)\2[ ]*(?:[ ]#.*)?\r?$""", re.MULTILINE
)
_COMMON = ("format", "kind", "name")
_NUMBER = re.compile(r"(?:(?:€|[A-Z]{3}) ?)?-?[0-9]+(?:\.[0-9]+)*")
GOES_ON = re.compile(r"[0-9]+(?:\.[0-9]+)?(?: ?(?:€|[A-Z]{3}))?")
"""A key that may be the end of a number like `3,000.00` or `55,00 EUR`, from its comma on."""

# What precedes, in its line, a place where YAML needs a common space.
_NEEDS_SPACE = re.compile(r"""\s*|[\s-]*-[^\S ]*|[^"'#]*:[^\S ]*""")

Read: TypeAlias = tuple[tuple[Document, ...], tuple[Broken, ...], tuple[Fault, ...]]


def judged(text: Text, outlines: tuple[Outline, ...]) -> Read:
    """The documents that are in order, the remains of the others, and what is wrong with them."""
    documents: list[Document] = []
    broken: list[Broken] = []
    faults: list[Fault] = []
    for outline in outlines:
        reading = _Reading(text, outline)
        value = reading.whole()
        if reading.faults or outline.unread:
            broken.append(_remains(text, outline))
        else:
            documents.append(Document(text.path, outline.index, value))
        faults += reading.faults
    return tuple(documents), tuple(broken), _told(faults)


def undecodable(path: str, text: bytes, found: Undecodable) -> Read:
    """What is left of a file that is not UTF-8: the names of its documents, as far as they show."""
    before = screened(path, found.before)
    place = before.span(len(found.before), len(found.before))
    span = Span(path, place.line, place.column, place.end_line, place.end_column + 1)
    return (), _salvaged(path, legible(text)), (_fault(ENCODING, span, found.message, found.help),)


def too_large(path: str, text: bytes) -> Read:
    """What is left of a file beyond all measure; what its end holds, nobody looks at."""
    message = f"the file has more than {LARGEST:,} bytes, which no file may have"
    fault = _fault(
        TOO_LARGE, Span(path, 1, 1, 1, 1), message, "spread its documents over several files"
    )
    known = _salvaged(path, legible(text[:LARGEST]))
    rest = Broken(path, len(known) - 1)  # the last that shows is cut, and may be several
    return (), (*known, rest), (fault,)


@dataclass(slots=True)
class _Reading:
    """One document, its faults gathered while its values are made."""

    text: Text
    outline: Outline
    faults: list[Fault] = field(default_factory=list)
    misled: list[int] = field(default_factory=list)
    """Where values stand that make the rest of their line be misread."""

    def whole(self) -> Any:
        """The value of the document."""
        outline = self.outline
        if outline.unread:
            return None
        value = None
        odd = self._odd_places()
        if outline.root is not None:
            value = self._value(outline.root)
        if outline.trouble is not None:
            if not self._explained(outline.trouble, odd):
                self.faults.append(self._stopped(outline.trouble))
        elif not odd and (outline.root is None or outline.root.shape is not Shape.MAPPING):
            self._nothing(outline.root)
        self.faults += self._characters(odd)
        return value

    def _report(
        self, code: str, node: Node, message: str, cure: str = "", label: str = "", *more: Label
    ) -> None:
        self.faults.append(_fault(code, self._span(node), message, cure, label, more))

    def _span(self, node: Node) -> Span:
        return self.text.span(node.start, node.end)

    def _value(self, node: Node) -> Any:
        """A value; what is wrong with it is noted, and something stands in its place."""
        if node.shape is Shape.ALIAS:
            self._alias(node)
            return None
        self._properties(node)
        if node.shape is Shape.MAPPING:
            return self._mapping(node)
        if node.shape is Shape.LIST:
            return [self._value(item) for item in node.values]
        return self._scalar(node)

    def _scalar(self, node: Node) -> Any:
        if node.style:
            self._hidden(node)
            return node.text
        value = meaning(node.text)
        if isinstance(value, Unclear):
            self._report(UNCLEAR_VALUE, node, value.message, value.help)
            if value.misleads:
                self.misled.append(node.start)
            return node.text
        return value

    def _mapping(self, node: Node) -> dict[str, Any]:
        first: dict[str, Node] = {}
        again: list[tuple[Node, Node]] = []
        value: dict[str, Any] = {}
        parted = self._parted(node) if node.flow else ()
        for key, written in node.pairs():
            if id(key) in parted:
                continue
            held = None if written is None or id(written) in parted else self._value(written)
            if not self._key(key):
                continue
            alike = unicodedata.normalize("NFC", key.text)
            if alike in first:
                again.append((key, first[alike]))
            else:
                first[alike] = key
                value[key.text] = held
        self._repeated(again, whole=node is self.outline.root)
        return value

    def _parted(self, mapping: Node) -> frozenset[int]:
        """The values and keys between brackets that are one number, parted by its own commas."""
        numbers: list[list[Node]] = []
        number: list[Node] = []
        for key, written in mapping.pairs():
            if number and (written is None or written.is_empty) and self._goes_on(number[-1], key):
                number.append(key)
                continue
            begins = written is not None and written.is_plain and _NUMBER.fullmatch(written.text)
            number = [written] if written is not None and begins else []
            numbers.append(number)
        parted = [number for number in numbers if len(number) > 1]
        for number in parted:
            self._comma(number)
        return frozenset(id(node) for number in parted for node in number)

    def _goes_on(self, before: Node, key: Node) -> bool:
        """Whether a key is the rest of a number: bare digits behind a comma on the same line."""
        if not key.is_plain or not GOES_ON.fullmatch(key.text):
            return False
        return self.text.safe[before.end : key.start].strip(" ") == ","

    def _comma(self, number: list[Node]) -> None:
        """A number with commas in it, between brackets, where each comma begins another key."""
        start, end = number[0].start, number[-1].end
        digits = ",".join(re.sub("[^-0-9.]", "", part.text) for part in number)
        likely = " or ".join(shown(written) for written in commas_left_out(digits))
        self.faults.append(
            _fault(
                UNCLEAR_VALUE,
                self.text.span(start, end),
                f"expected a number like `40` or `8.50`, found {shown(self.text.safe[start:end])}",
                f"write {likely}" if likely else "write the number without commas",
                "between brackets a comma begins the next field",
            )
        )

    def _key(self, node: Node) -> bool:
        """Whether a key is text, and text that everybody reads alike."""
        if node.shape is Shape.ALIAS:
            self._alias(node)
            return False
        self._properties(node)
        if node.shape is not Shape.TEXT:
            self._value_of_key(node)
            message = f"expected text as a key, found a {node.shape.value}"
            self._report(
                KEY_NOT_TEXT, node, message, "write a name before the `:`, and quote odd ones"
            )
            return False
        if node.is_plain:
            return self._plain_key(node)
        self._hidden(node)
        if not node.text or "\n" in node.text:
            found = "several lines" if node.text else "nothing"
            message = f"expected a line of text as a key, found {found}"
            self._report(KEY_NOT_TEXT, node, message, "write a name before the `:`")
            return False
        return True

    def _value_of_key(self, node: Node) -> None:
        """Looks into a key that is a list or mapping: what is wrong inside is wrong as well."""
        for inner in node.values:
            self._value(inner)

    def _plain_key(self, node: Node) -> bool:
        if node.text == "<<":
            message = "a merge key `<<` stands where a key of the language is expected"
            self._report(ALIAS, node, message, _WRITE_OUT, "a merge key")
            return False
        unclear = unclear_key(node.text)
        if unclear is not None:
            code = SYNTAX if unclear.misleads else KEY_NOT_TEXT
            self._report(code, node, unclear.message, unclear.help)
            if unclear.misleads:
                self.misled.append(node.start)
            return False
        return True

    def _repeated(self, again: list[tuple[Node, Node]], *, whole: bool) -> None:
        """Keys written twice. Where `kind` and `name` are, a line `---` is missing: one fault."""
        words = [key.text for key, _ in again]
        if whole and sum(word in _COMMON for word in words) > 1:
            key, first = again[0]
            names = ", ".join(f"`{word}`" for word in dict.fromkeys(words) if word in _COMMON)
            self._report(
                DUPLICATE_KEY,
                key,
                f"keys {names} are written twice in one document",
                "put a line `---` before each document but the first",
                "a second document seems to begin here",
                Label(self._span(first), "first written here"),
            )
            return
        for key, first in again:
            message = f"key {shown(key.text)} is written twice"
            if key.text != first.text:
                message += ", with code points that differ and look alike"
            label = Label(self._span(first), "first written here")
            self._report(
                DUPLICATE_KEY, key, message, "keep one of the two", "written again here", label
            )

    def _alias(self, node: Node) -> None:
        message = f"alias {shown('*' + node.text)} stands where the value itself is expected"
        self._report(ALIAS, node, message, _WRITE_OUT, "an alias")

    def _properties(self, node: Node) -> None:
        """The anchor and the tag of a value."""
        if node.anchor:
            sign = f"&{node.anchor}"
            start = max(node.start, self.text.safe.find(sign, node.start))
            span = self.text.span(start, start + len(sign))
            message = f"anchor {shown(sign)} stands where the value itself is expected"
            self.faults.append(_fault(ALIAS, span, message, _WRITE_OUT, "an anchor"))
        if node.tag:
            found = WRITTEN_TAG.search(self.text.safe, node.start)
            first, last = found.span() if found else (node.start, node.end)
            message, label, cure = tag_words(self.text.safe[first:last])
            self.faults.append(_fault(TAG, self.text.span(first, last), message, cure, label))

    def _hidden(self, node: Node) -> None:
        """What an escape in double quotes brings in although nobody sees it."""
        char = hidden_in(node.text) if node.style == '"' else ""
        if char:
            message = f"a text holds {named(char)}, which nobody sees"
            self._report(HIDDEN, node, message, "take it out", "written as an escape")

    def _nothing(self, root: Node | None) -> None:
        """A document without keys and values."""
        text, outline = self.text, self.outline
        if root is not None and not root.is_empty:
            found = "a list" if root.shape is Shape.LIST else "text"
            if root.shape is Shape.ALIAS:
                return
            end = min(root.end, text.line_end(root.start))
            message = f"expected a document with keys such as `kind` and `name`, found {found}"
            cure = "begin with `format: 1`, `kind:` and `name:`"
            if root.shape is Shape.TEXT and ":" in root.text:
                cure = "put a space after each `:`"
            self.faults.append(_fault(EMPTY, text.span(root.start, end), message, cure))
            return
        start = outline.start
        if text.safe.startswith("---", start):
            span = text.span(start, start + 3)
            message, cure = "nothing follows this line `---`", "take the line out"
        elif text.safe.strip():
            span = text.span(start, start)
            message, cure = "the file holds comments alone", "declare something, or remove the file"
        else:
            span = text.span(start, start)
            message, cure = "the file is empty", "declare something, or remove the file"
        self.faults.append(_fault(EMPTY, span, message, cure))

    def _stopped(self, trouble: Trouble) -> Fault:
        more: tuple[Label, ...] = ()
        if trouble.since is not None:
            place = self.text.span(trouble.since, trouble.since + 1)
            more = (Label(place, trouble.since_message),)
        span = self.text.span(trouble.start, trouble.end)
        return _fault(trouble.code, span, trouble.message, trouble.help, trouble.label, more)

    def _explained(self, trouble: Trouble, odd: list[int]) -> bool:
        """Whether something that is told already is what stopped the reading: one fault."""
        if trouble.code != SYNTAX:
            return False
        line, before = (self.text.line_start(trouble.start, before=lines) for lines in (0, 1))
        return any(before <= place <= trouble.end for place in odd) or any(
            line <= place <= trouble.start for place in self.misled
        )

    def _characters(self, odd: list[int]) -> Iterator[Fault]:
        """Characters that may not stand where they do: each once, with its further places."""
        alike = {place: (self.text.written[place], self._is_needed(place)) for place in odd}
        found = sorted(odd, key=lambda place: (alike[place], place))
        for (char, needed), places in groupby(found, alike.__getitem__):
            yield self._character(char, needed, list(places))

    def _odd_places(self) -> list[int]:
        """Where characters stand that may not stand there."""
        return [*_within(self.text.refused, self.outline), *self._bare_spaces()]

    def _bare_spaces(self) -> Iterator[int]:
        """Odd spaces outside of quotes, as far as it is known what is quoted."""
        spaces, trouble = _within(self.text.spaces, self.outline), self.outline.trouble
        root = self.outline.root if spaces else None
        quoted = sorted(_quoted(root)) if root is not None else []
        for place in spaces:
            if trouble is not None and place >= trouble.start:
                if place < trouble.end and self._is_needed(place):
                    yield place
                continue
            before = bisect_right(quoted, (place, len(self.text.safe))) - 1
            if before < 0 or place >= quoted[before][1]:
                yield place

    def _is_needed(self, place: int) -> bool:
        """Whether an odd space stands where a common one is needed: after a `:`, or indenting."""
        written = self.text.written
        if not is_space(written[place]):
            return False
        start = self.text.line_start(place)
        # Looked at for each of perhaps a million: no line that people write is as long as that.
        return (
            place - start <= _LONGEST_LINE
            and _NEEDS_SPACE.fullmatch(written, start, place) is not None
        )

    def _character(self, char: str, needed: bool, places: list[int]) -> Fault:
        wide = char != "\r"  # it ends its line: nothing of it can be underlined
        first = places[: _MORE_PLACES + 1]
        spans = [self.text.span(place, place + wide) for place in first]
        more = tuple(Label(span, "and here") for span in spans[1:])
        message, cure = _words(char, needed)
        if len(places) > 1:
            message += f"; there are {len(places):,} of them"
        code = ENCODING if is_of_the_file(char) else HIDDEN
        return _fault(code, spans[0], message, cure, "the first of them" if more else "", more)


_LONGEST_LINE = 1_000
"""Characters of a line within which an odd space is asked whether it is needed."""

_WRITE_OUT = "write the value out; if the sign belongs to a text, put the text in quotes"


def _words(char: str, needed: bool) -> tuple[str, str]:
    """What to say about a character that may not stand where it does, and the cure."""
    name = named(char)
    if char == "\t":
        return "a tab stands where only spaces are read", "replace it by spaces"
    if char == "\r":
        return "a carriage return without a line feed", "save the file with common line ends"
    if unicodedata.category(char) == "Zs":
        where = "where a common space is needed" if needed else "outside of quotes"
        return f"{name} stands {where}", "write a common space, or quote the text"
    if is_of_the_file(char):
        return f"the file holds {name}", "take it out, and save the file as plain text"
    return f"a text holds {name}, which nobody sees", "take it out"


def _within(places: tuple[int, ...], outline: Outline) -> tuple[int, ...]:
    """The places that lie in a document."""
    return places[bisect_left(places, outline.start) : bisect_left(places, outline.end)]


def _quoted(node: Node) -> Iterator[tuple[int, int]]:
    """Where quoted text stands in a value."""
    if node.is_quoted:
        yield node.start, node.end
    for inner in (*node.keys, *node.values):
        yield from _quoted(inner)


def _remains(text: Text, outline: Outline) -> Broken:
    """Kind and name of a document with faults, where its text leaves no doubt about them."""
    found: dict[str, set[str]] = {"kind": set(), "name": set(), "version": set(), "client": set()}
    root = outline.root
    if root is not None:
        for key, value in root.pairs():
            if key.text in found and value is not None and value.shape is Shape.TEXT:
                found[key.text].add(value.text)
    if root is None or outline.trouble is not None:
        for heading in _HEADING.finditer(text.safe, outline.start, outline.end):
            found[heading[1]].add(heading[3])
    kind, name = _only(found["kind"]), _only(found["name"])
    if kind == "tier" and name:  # the one kind that exists in several versions at once
        version = _only(found["version"] or {"1"})
        name = f"{name}@{version}" if version else ""
    client = _only(found["client"]) if kind == "agreement" else ""
    return Broken(text.path, outline.index, kind, name, client)


def _salvaged(path: str, written: str) -> tuple[Broken, ...]:
    """What shows of the documents of a file that cannot be read at all."""
    text = screened(path, written)
    return tuple(
        _remains(text, Outline(index, start, end, None))
        for index, (start, end) in enumerate(documents(text.safe))
    )


def _only(found: set[str]) -> str:
    """The one name that was found; where there are two, or it is damaged, any may be meant."""
    name = next(iter(found)) if len(found) == 1 else ""
    return "" if SUBSTITUTE in name else name


def _told(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults in the order of their places, and no more of them than a person reads."""
    ordered = sorted(faults, key=_order)
    told, rest = ordered[:MOST_FAULTS], ordered[MOST_FAULTS:]
    if rest:
        span = rest[0].finding.place
        message = f"{len(rest):,} more faults of this file are not shown"
        told.append(Fault(rest[0].code, Finding(span, message, help="cure those above first")))
    return tuple(told)


def _order(fault: Fault) -> tuple[int, int, str, str]:
    span = fault.finding.place
    assert isinstance(span, Span)  # the reader knows its places
    return span.line, span.column, fault.code, fault.finding.message


def _fault(
    code: str,
    span: Span,
    message: str,
    cure: str = "",
    label: str = "",
    more: Iterable[Label] = (),
) -> Fault:
    return Fault(code, Finding(span, message, label, cure, tuple(more)))
