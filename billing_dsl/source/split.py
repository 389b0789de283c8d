"""Where the documents of a file begin and end: known before anything of them is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A document begins at such a line wherever it stands: neither quotes nor brackets nor a block of
# text can hold one. So what is broken in one document does not reach the next.
_BEGINNING = re.compile(r"^---(?=[ \r\n]|\Z)", re.MULTILINE)


def documents(text: str) -> Iterator[tuple[int, int]]:
    """Where each document begins and ends; comments before the first `---` belong to it."""
    starts = [found.start() for found in _BEGINNING.finditer(text)]
    if not starts or _first(text, 0, starts[0], "#%") < starts[0]:
        starts.insert(0, 0)
    starts[0] = 0
    return zip(starts, [*starts[1:], len(text)], strict=True)


def first_line(text: str, start: int, end: int) -> int:
    """Where the first line of a document begins that says something; its end if there is none."""
    begins = _BEGINNING.match(text, start)
    return _first(text, start if begins is None else begins.end(), end, "#")


def _first(text: str, start: int, end: int, idle: str) -> int:
    """Where the first line begins that is not blank and does not begin with one of some signs."""
    while start < end:
        stop = text.find("\n", start, end) + 1 or end
        line = text[start:stop]
        sign = line.lstrip()[:1]
        # An instruction to YAML begins a line; further in, `%` is something else.
        if sign and not (sign in idle and (sign == "#" or line[0] == sign)):
            return start
        start = stop
    return end
