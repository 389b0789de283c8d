"""The forms of a list of steps: Markdown, and rows of a table; numbered when put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from billing_dsl.targets import Passages
from billing_dsl.targets._changes import Change
from billing_dsl.targets._csv import table
from billing_dsl.targets._sheet import (
    MARK,
    Block,
    Heading,
    Item,
    Paragraph,
    Step,
    Table,
    exact,
    first,
)
from billing_dsl.targets._values import lines, written

# --- Markdown ------------------------------------------------------------------------------------


def in_markdown(blocks: Sequence[Block]) -> bytes:
    """A part of the list, its steps counted from one, with no two empty lines in a row."""
    found: list[str] = []
    number = 0
    for block in blocks:
        match block:
            case Step(words, details):
                number += 1
                found.append(f"- [ ] **{number}.** {_md(first(words))}")
                found += [f"  - {_md(detail)}" for detail in details]
            case Heading(words, level):
                found += ["", f"{'#' * level} {_md(words)}", ""]
            case Paragraph(words):
                found += ["", _md(words), ""]
            case Item(words):
                found.append(f"- {_md(words)}")
            case Table(rows):
                head, *others = [f"| {' | '.join(map(_md, row))} |" for row in rows]
                found += [head, f"|{'---|' * len(rows[0])}", *others]
    before = "-"
    kept = []
    for line in found:
        if line or before:
            kept.append(line)
        before = line
    return lines(kept)


def requests_in_markdown(blocks: Iterable[Block]) -> bytes:
    """The requests that can take the place of steps, by the steps' numbers."""
    return lines([f"- **{number}.** {_md(request)}" for number, request in _requests(blocks)])


def _requests(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    steps = (block for block in blocks if isinstance(block, Step))
    for number, step in enumerate(steps, 1):
        if step.request is not None:
            yield number, _request(step.request)


def _request(change: Change) -> str:
    body = f" {written(change.body)}" if change.body is not None else ""
    return exact(f"{change.method} {change.path}{body}")


def _md(words: str) -> str:
    """Words as Markdown: exact names as code, all else as plain text."""
    parts = words.split(MARK)
    return "".join(code(part) if n % 2 else escaped(part) for n, part in enumerate(parts))


_SPECIAL = re.compile(r"([\\`*_\[\]<#|!~]|&(?=#?[0-9A-Za-z]+;))")
_LINES = re.compile(r"\s+")
_UNUSUAL = re.compile(rf"{_SPECIAL.pattern}|\s\s|[^\S ]")


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    if _UNUSUAL.search(text) is None:
        return text
    return _SPECIAL.sub(r"\\\1", _LINES.sub(" ", text))


def code(text: str) -> str:
    """Text to be copied exactly, on one line, whatever backticks it holds."""
    text = _LINES.sub(" ", text) if "\n" in text else text
    if "`" not in text:
        return f"`{text}`"
    longest = max(len(run) for run in re.findall("`+", text))
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


# --- the table -----------------------------------------------------------------------------------


def in_rows(blocks: Iterable[Block]) -> bytes:
    """The steps of a part as rows of a table, counted from one."""
    steps = (block for block in blocks if isinstance(block, Step))
    rows = [
        (number, one.day, one.client, _bare(f"{one.context}{one.words}"), one.deed, one.about)
        for number, one in enumerate(steps, 1)
    ]
    return table(rows)


def _bare(words: str) -> str:
    """Words for a table, on one line."""
    words = first(words).replace(MARK, "")
    return _LINES.sub(" ", words) if "\n" in words else words


# --- parts put together --------------------------------------------------------------------------


@dataclass(slots=True)
class Numbered:
    """Parts of a list, as they are numbered from beginning to end."""

    last: int = 0

    def steps(self, part: bytes) -> bytes:
        """A part of the list, its steps numbered on from the last."""
        return _STEP.sub(lambda _: b"- [ ] **%d.**" % self._next(), part)

    def rows(self, part: bytes) -> bytes:
        """Likewise a part of the table, which has a row for each step."""
        return _ROW.sub(lambda _: b"%d," % self._next(), part)

    def _next(self) -> int:
        self.last += 1
        return self.last


def moved(requests: bytes, steps: bytes, last: int) -> bytes:
    """Requests by the numbers of the steps whose place they can take, once these are numbered on
    from the last. Both have the same numbers so far: their part's own, or those of an earlier list.
    """
    first = _STEP.search(steps)
    if first is None:
        return requests
    by = last + 1 - int(first[1])
    return _SENT.sub(lambda found: b"- **%d.**" % (int(found[1]) + by), requests)


_STEP = re.compile(rb"^- \[ \] \*\*(\d+)\.\*\*", re.MULTILINE)
_ROW = re.compile(rb"^\d+,", re.MULTILINE)
_SENT = re.compile(rb"^- \*\*(\d+)\.\*\*", re.MULTILINE)
"""How a step, its row and its request begin, and nothing else: each of them is on one line, with
whatever a catalogue says further on.
"""


def joined(parts: Iterable[bytes | Passages]) -> Iterator[bytes | Passages]:
    """Parts of the list with no two empty lines in a row, and none at either end.

    What clients have told stays as it is: it may begin with an empty line, and ends with none.
    """
    begun = owed = False
    for part in parts:
        content = part if isinstance(part, bytes) else part.content
        if not content:
            yield part
            continue
        if owed and not content.startswith(b"\n"):
            yield b"\n"
        owed = content.endswith(b"\n\n")
        if isinstance(part, bytes):
            content = content if begun else content.lstrip(b"\n")
            yield content[:-1] if owed else content
        else:
            yield part
        begun = True
