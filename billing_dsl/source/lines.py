"""The layout that most files have, read line by line: several times as fast as by events.

A line holds a key and its value, or an item of a list; a value is a word, a text in quotes, a list
or mapping in brackets that ends on its line, or a text of several lines after `|`. Whatever else
YAML allows is a doubt, and the file is read by its events instead: this module never says that
something is wrong, and what it does say is what the events say. Tests hold it to that over
catalogues with anything changed in them.

A line is understood once, however many files have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from billing_dsl.source.plain import LONGEST_KNOWN, MOST_KNOWN, DoubtError, Keys
from billing_dsl.source.scalars import Unclear, meaning

DEEPEST = 12
"""The levels that lines may have, and the brackets of a line, so that both stay within limits."""

_ITEM = re.compile(r"( *)(- +)?")
_KEY = re.compile(r"( *)(- +)?([A-Za-z][A-Za-z0-9_./@-]{0,99})")
_QUOTED = re.compile(r"(?:\"([^\"\\]*)\"|'([^']*)')(?: +(?:#.*)?)?")
_SIGN_OF_TEXT = re.compile(r"\|(-?)(?: +(?:#.*)?)?")
_DIGITS = frozenset("0123456789")
# What cannot begin a word without quotes, or means something else there.
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")

# What stands behind a key, or in an item of a list. Plain numbers: they are asked for each line.
_VALUE: Final = 0
_BRACKETS: Final = 1
_TEXT: Final = 2
_NOTHING: Final = 3

_Line: TypeAlias = tuple[int, Any, int, int, str | None]
"""What stands there, its value, the columns of the dash (or -1) and of what follows; the key."""

_START: Final[_Line] = (_NOTHING, None, -1, -1, None)
"""The line that begins a document."""


class Lines(dict[str, _Line | None]):
    """What lines say, remembered; nothing for one that is blank or a comment.

    `brackets` gives the value of a text in brackets that is all of a value.
    """

    def __init__(self, keys: Keys, brackets: Callable[[str], Any]) -> None:
        """Begins with no line known."""
        self._keys = keys
        self._brackets = brackets
        self._begins: dict[str, tuple[int, int, str]] = {}

    def __missing__(self, line: str) -> _Line | None:
        begin, colon, rest = line.partition(": ")
        known = self._begins.get(begin) if colon else None
        said = self._said(line) if known is None else (*self._value(rest), *known)
        if len(line) <= LONGEST_KNOWN:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[line] = said
        return said

    def _said(self, line: str) -> _Line | None:
        if line == "---":
            return _START
        begin, colon, rest = line.partition(": ")
        if not colon and line.endswith(":"):
            begin = line[:-1]
        found = _KEY.fullmatch(begin) if begin != line else None
        if found is not None:
            dash = -1 if found[2] is None else found.end(1)
            known = self._begins[begin] = (dash, found.start(3), self._keys[found[3]])
            if len(self._begins) > MOST_KNOWN:
                self._begins.clear()
            return (*self._value(rest), *known)
        item = _ITEM.match(line)
        assert item is not None  # it matches nothing at all too
        dash, column = -1 if item[2] is None else item.end(1), item.end()
        idle = line[column : column + 1] in ("", "#")
        if idle and dash < 0:
            return None
        if idle or dash < 0:
            raise DoubtError
        what, value = self._value(line[column:])
        if what not in (_VALUE, _BRACKETS):
            raise DoubtError
        return what, value, dash, column, None

    def _value(self, text: str) -> tuple[int, Any]:
        text = text.strip(" ")
        first = text[:1]
        if first not in _INDICATORS or (first == "-" and text[1:2] in _DIGITS):
            if not first:
                return _NOTHING, None
            if " #" in text:
                text = text.partition(" #")[0].rstrip(" ")
            if ": " in text or "?" in text or text[-1] == ":":
                raise DoubtError
            value = meaning(text)
            if isinstance(value, Unclear):
                raise DoubtError
            return _VALUE, value
        if first in "\"'":
            quoted = _QUOTED.fullmatch(text)
            if quoted is None:
                raise DoubtError
            return _VALUE, quoted[1] if quoted[2] is None else quoted[2]
        if first in "[{":
            if text.count("[") + text.count("{") > DEEPEST:
                raise DoubtError
            return _BRACKETS, self._brackets(text)
        if first == "#":
            return _NOTHING, None
        sign = _SIGN_OF_TEXT.fullmatch(text)
        if sign is None:
            raise DoubtError
        return _TEXT, sign[1]


def values(text: str, known: Lines, most: int) -> list[dict[str, Any]]:
    """The values of a file's documents, at most so many.

    The text is clean, and every line of it ends with a line feed. Raises DoubtError.
    """
    found: list[dict[str, Any]] = []
    root: dict[str, Any] | None = None
    # What is open: a mapping `here` or a list of `items`, at a column, inside others.
    here: dict[str, Any] | None = None
    items: list[Any] | None = None
    column = 0
    outside: list[tuple[int, dict[str, Any] | None, list[Any] | None]] = []
    empty: str | None = None  # the key of `here` whose value may begin on the next line
    written: list[str] | None = None  # a text of several lines, behind the key `of`
    margin, of, sign = "", "", ""
    for line in text.split("\n"):
        if written is not None:
            if not line:
                written.append(line)
                continue
            if not margin:
                margin = _margin(line, column)
            if line.startswith(margin):
                if line.isspace():
                    raise DoubtError
                written.append(line[len(margin) :])
                continue
            if len(line) - len(line.lstrip(" ")) > column or line.isspace() or here is None:
                raise DoubtError
            here[of] = _text(written, sign)
            written = None
        said = known[line]
        if said is None:
            continue
        what, value, dash, at, key = said
        if dash >= 0 or at != column or here is None:
            if said is _START:
                if root is not None:
                    found.append(root)
                    if len(found) >= most:
                        raise DoubtError
                elif found or outside:
                    raise DoubtError
                root = here = items = empty = None
                column, outside = 0, [(0, None, None)]
                continue
            edge = at if dash < 0 else dash
            if root is None:
                if edge or dash >= 0:
                    raise DoubtError
                root = here = {}
                column, outside = 0, [(0, None, None)]
            elif empty is not None and (edge > column or (dash >= 0 and edge == column)):
                assert here is not None  # or there were no key in it
                outside.append((column, here, items))
                column = edge
                if dash >= 0:
                    items = here[empty] = []
                    here = None
                else:
                    items, here[empty] = None, {}
                    here = here[empty]
            elif dash >= 0:
                while column > edge:
                    column, here, items = outside.pop()
                if items is None or column != edge:
                    raise DoubtError
            else:
                while column > edge or (items is not None and column == edge):
                    column, here, items = outside.pop()
                if here is None or column != edge:
                    raise DoubtError
            if len(outside) > DEEPEST:
                raise DoubtError
            if dash >= 0:
                assert items is not None  # a dash leads to a list in each case
                if key is None:
                    empty = None
                    items.append(value if what is _VALUE else _fresh(value))
                    continue
                outside.append((column, here, items))
                here = {}
                items.append(here)
                items, column = None, at
        assert here is not None
        assert key is not None  # a line without a dash has a key
        if key in here:
            raise DoubtError
        empty = None
        if what is _VALUE:
            here[key] = value
        elif what is _NOTHING:
            here[key] = None
            empty = key
        elif what is _BRACKETS:
            here[key] = _fresh(value)
        else:
            here[key] = ""
            written, margin, of, sign = [], "", key, value
    if root is None:
        raise DoubtError
    if written is not None and here is not None:
        here[of] = _text(written, sign)
    return [*found, root]


def _margin(line: str, column: int) -> str:
    """The spaces that the first line of a text of several lines sets for all of them."""
    spaces = len(line) - len(line.lstrip(" "))
    if spaces <= column or spaces == len(line):
        raise DoubtError
    return line[:spaces]


def _text(written: list[str], sign: str) -> str:
    """A text of several lines: blank lines at its end are not part of it."""
    while written and not written[-1]:
        written.pop()
    if not written:
        raise DoubtError
    return "\n".join(written) + ("" if sign == "-" else "\n")


def _fresh(value: Any) -> Any:
    """A value in brackets of its own, for a line that is remembered may come again."""
    if isinstance(value, dict):
        return {key: _fresh(held) for key, held in value.items()}
    return [_fresh(held) for held in value] if isinstance(value, list) else value
