"""The characters of a file: UTF-8 only, nothing unseen, and places in lines and columns."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from billing_dsl.diagnostics import Span

LARGEST = 1 << 20
"""The bytes that a file may have."""

BOM = b"\xef\xbb\xbf"
LINE_BREAK = re.compile(r"\r\n|\r|\n")
SUBSTITUTE = "\ufffd"
"""Stands, one for one, where the parser must not see what is written."""

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Characters that count as letters or marks, and that nobody sees."""

_WIDE = (  # the longer marks first: UTF-32's begins with UTF-16's
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_WIDE_WITHOUT_MARK = (
    (re.compile(rb"[^\0]\0\0\0"), "UTF-32-LE"),
    (re.compile(rb"\0\0\0[^\0]"), "UTF-32-BE"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "UTF-16-LE"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "UTF-16-BE"),
)
# Arabic to Sinhala, Tibetan and Myanmar, Khmer and Mongolian, Arabic presentation forms: scripts
# in which a joiner between two letters changes how a word is written.
_JOINING = re.compile("[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_JOINERS = "\u200c\u200d"
_NAMES = {"\t": "tab", "\r": "carriage return", "\0": "NUL", "\x1b": "escape", "\x7f": "delete"}
_FORMAT_OF_THE_FILE = "\u2028\u2029\ufeff"
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Where a file stops being UTF-8: the text before that byte, what was found, and the cure."""

    before: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file. `safe` is what the parser gets, `written` what is there: equal in length.

    `refused` are the places of characters that may stand nowhere, `spaces` of those that may
    stand in quoted text alone.
    """

    path: str
    written: str
    safe: str
    starts: tuple[int, ...]
    refused: tuple[int, ...] = ()
    spaces: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The stretch between two positions; what lies beyond the text counts as its end."""
        line, column = self._spot(start)
        end_line, end_column = self._spot(max(start, end))
        return Span(self.path, line, column, end_line, end_column)

    def line_end(self, position: int) -> int:
        """Where the line of a position ends, blanks at its end left out."""
        line = bisect_right(self.starts, position)
        end = self.starts[line] if line < len(self.starts) else len(self.safe)
        return position + len(self.safe[position:end].rstrip())

    def line_start(self, position: int, before: int = 0) -> int:
        """Where the line of a position begins, or one a few lines before it."""
        return self.starts[max(0, bisect_right(self.starts, position) - 1 - before)]

    def begins_line(self, position: int) -> bool:
        """Whether only spaces, or the dashes of list items, precede a position in its line."""
        return not self.safe[self.line_start(position) : position].strip(" -")

    def _spot(self, position: int) -> tuple[int, int]:
        position = min(position, len(self.safe))
        line = bisect_right(self.starts, position)
        return line, position - self.starts[line - 1] + 1


def decoded(text: bytes) -> str | Undecodable:
    """A file's characters, a byte order mark at its start left out."""
    for mark, name in _WIDE:
        if text.startswith(mark):
            return _wide("", name)
    for pattern, name in _WIDE_WITHOUT_MARK:
        if pattern.match(text):
            return _wide("", name[: len("UTF-16")])
    body = text.removeprefix(BOM)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        return Undecodable(before, *_foreign(body[error.start : error.start + 2]))


def legible(text: bytes) -> str:
    """A file's characters as well as they can be had, whatever its encoding."""
    for mark, name in _WIDE:
        if text.startswith(mark):
            return text.decode(name, errors="replace")
    for pattern, name in _WIDE_WITHOUT_MARK:
        if pattern.match(text):
            return text.decode(name, errors="replace")
    return text.decode("utf-8-sig", errors="replace")


def screened(path: str, written: str) -> Text:
    """A text with everything put aside that the parser must not see."""
    lone = written.replace("\r\n", "\n").count("\r")
    odd = {char for char in set(written) if char not in "\r\n" and is_hidden(char)}
    if lone:
        odd.add("\r")
    starts = (0, *(found.end() for found in LINE_BREAK.finditer(written)))
    if not odd:
        return Text(path, written, written, starts)
    refused: list[int] = []
    spaces: list[int] = []
    for found in re.finditer("[" + "".join(map(re.escape, sorted(odd))) + "]", written):
        position, char = found.start(), found[0]
        if char == "\r" and written.startswith("\n", position + 1):
            continue
        if char in _JOINERS and _joins(written, position):
            continue
        (spaces if is_space(char) else refused).append(position)
    safe = list(written)
    for position in refused:
        safe[position] = {"\t": " ", "\r": "\n"}.get(written[position], SUBSTITUTE)
    return Text(path, written, "".join(safe), starts, tuple(refused), tuple(spaces))


def hidden_in(value: str) -> str:
    """The first character of a value that nobody sees; empty if there is none.

    Line breaks are seen, and so is every kind of space.
    """
    for position, char in enumerate(value):
        if (
            is_hidden(char)
            and char != "\n"
            and not is_space(char)
            and not (char in _JOINERS and _joins(value, position))
        ):
            return char
    return ""


def is_hidden(char: str) -> bool:
    """Whether a character shows nothing of its own: controls, direction marks, odd spaces."""
    return char in BLANK or not char.isprintable()


def is_space(char: str) -> bool:
    """Whether a character is a space other than the common one: a no-break space, say."""
    return unicodedata.category(char) == "Zs"


def is_of_the_file(char: str) -> bool:
    """Whether a character is a matter of how the file is stored, not of what is written."""
    return char in _FORMAT_OF_THE_FILE or unicodedata.category(char) == "Cc"


def named(char: str) -> str:
    """A character that cannot be shown, in words: `U+202E (right-to-left override)`."""
    name = _NAMES.get(char) or unicodedata.name(char, "").lower()
    return f"U+{ord(char):04X}" + (f" ({name})" if name else "")


def shown(value: str, most: int = 60) -> str:
    """A value as a message quotes it: on one line, and not longer than a line."""
    line = " ".join(value.split())
    return f"`{line}`" if len(line) <= most else f"`{line[: most - 1]}…`"


def _joins(text: str, position: int) -> bool:
    """Whether a joiner stands between two letters that want one."""
    around = text[max(0, position - 1) : position] + text[position + 1 : position + 2]
    return len(around) == 2 and all(
        _JOINING.match(char) and unicodedata.category(char)[0] in "LM" for char in around
    )


def _wide(before: str, name: str) -> Undecodable:
    return Undecodable(
        before, f"expected UTF-8, found {name}", "save the file again with the encoding UTF-8"
    )


def _foreign(found: bytes) -> tuple[str, str]:
    """What the first byte that is not UTF-8 seems to be."""
    if found[0] == 0xED and len(found) > 1:
        message = "expected UTF-8, found half of a UTF-16 pair"
        return message, "write the character itself, and save the file as UTF-8"
    message = f"expected UTF-8, found the byte 0x{found[0]:02X}"
    letter = found[:1].decode("cp1252", errors="ignore")
    if letter:
        message += f", which is `{letter}` in Windows-1252"
    return message, "save the file again with the encoding UTF-8"
