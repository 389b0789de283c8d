"""The line of a source that a finding is about, drawn so that the underline stands beneath it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from billing_dsl.diagnostics import Span
from billing_dsl.report._visible import characters

_BREAK = re.compile(r"\r\n|\r|\n")
_TAB = "    "
_NARROWEST = 20  # columns that an excerpt has however narrow the terminal is


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line as shown, and how many columns stand before the underline and in it."""

    text: str
    before: int
    length: int


def split(source: bytes) -> list[str]:
    """The lines of a file, broken where YAML breaks them; what is not UTF-8 is replaced."""
    return _BREAK.split(source.decode("utf-8-sig", errors="replace"))


def excerpt(line: str, span: Span, width: int, *, unicode: bool = True) -> Excerpt:
    """The part of a span's first line that fits into `width` columns, around the span."""
    room = max(width, _NARROWEST)
    start = max(0, min(span.column - 1, len(line)))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    # More than `room` code points never fit, so a line of a megabyte costs no more than this.
    first = max(0, start - room)
    part = line[first : start + room + 1]
    shown = [
        _TAB if char == "\t" else cell
        for char, cell in zip(part, characters(part, unicode=unicode), strict=True)
    ]
    widths = [columns(cell) for cell in shown]
    start, end = start - first, min(max(end, start + 1) - first, len(part))

    left, right = 0, len(part)
    cut = "…" if unicode else "..."
    if len(part) < len(line) or _cost(widths) > room:
        left, right = _window(widths, start, end, room - 2 * len(cut))
    ahead = cut if first + left > 0 else ""
    behind = cut if first + right < len(line) else ""
    before = len(ahead) + sum(widths[left:start])
    length = sum(widths[start : min(end, right)])
    if start < end and not length:  # a lone combining mark: point at what carries it
        before = max(0, before - 1)
    return Excerpt(ahead + "".join(shown[left:right]) + behind, before, max(1, length))


def columns(shown: str) -> int:
    """How many columns of a terminal a shown character takes: 0, 1, 2, or as long as its escape."""
    if shown.isascii():
        return len(shown)
    if unicodedata.category(shown) in ("Mn", "Me") or "\u1160" <= shown <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(shown) in "WF" else 1


def _cost(widths: list[int]) -> int:
    """The room that characters take. A mark without width takes some too, or a line had no end."""
    return sum(max(1, width) for width in widths)


def _window(widths: list[int], start: int, end: int, room: int) -> tuple[int, int]:
    """The stretch to show of a line too long: the span, then as much before it as after."""
    left = right = start
    while right < end and (cost := max(1, widths[right])) <= room:
        right, room = right + 1, room - cost
    spare = room // 2
    while left > 0 and (cost := max(1, widths[left - 1])) <= spare:
        left, room, spare = left - 1, room - cost, spare - cost
    while right < len(widths) and (cost := max(1, widths[right])) <= room:
        right, room = right + 1, room - cost
    while left > 0 and (cost := max(1, widths[left - 1])) <= room:
        left, room = left - 1, room - cost
    return left, right
