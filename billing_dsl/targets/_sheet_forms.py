"""The forms of a list of steps: Markdown, HTML, and rows of a table; numbered when put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from billing_dsl.targets import Passages
from billing_dsl.targets._changes import Change
from billing_dsl.targets._csv import table
from billing_dsl.targets._forms import Form
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
                head, *others = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
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


def _cell(words: str) -> str:
    """Words in a table, where a bar parts cells even in the midst of code."""
    parts = words.split(MARK)
    return "".join(
        code(part).replace("|", "\\|") if n % 2 else escaped(part) for n, part in enumerate(parts)
    )


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


# --- HTML ----------------------------------------------------------------------------------------


def in_html(blocks: Sequence[Block]) -> bytes:
    """The same as a part of a page: steps that follow one another are a list."""
    found: list[str] = []
    listed = ""
    number = 0
    for block in blocks:
        wanted = "ol" if isinstance(block, Step) else "ul" if isinstance(block, Item) else ""
        if wanted != listed:
            found += [f"</{listed}>"] if listed else []
            found += [_OPENED[wanted]] if wanted else []
            listed = wanted
        match block:
            case Step(words, details):
                number += 1
                found.append(
                    f'<li class="step" value="{number}">{_BOX}{_html(first(words))}</label>'
                )
                if details:
                    told = "".join([f"<li>{_html(detail)}</li>" for detail in details])
                    found.append(f"<ul>{told}</ul>")
                found.append("</li>")
            case Heading(words, level):
                found.append(f"<h{level}>{_html(words)}</h{level}>")
            case Paragraph(words):
                found.append(f"<p>{_html(words)}</p>")
            case Item(words):
                found.append(f"<li>{_html(words)}</li>")
            case Table(rows):
                head, *others = rows
                heads = "".join([f'<th scope="col">{_html(cell)}</th>' for cell in head])
                found.append(f"<table><thead><tr>{heads}</tr></thead><tbody>")
                for row in others:
                    cells = "".join([f"<td>{_html(cell)}</td>" for cell in row])
                    found.append(f"<tr>{cells}</tr>")
                found.append("</tbody></table>")
    found += [f"</{listed}>"] if listed else []
    return lines(found)


def requests_in_html(blocks: Iterable[Block]) -> bytes:
    """The requests that can take the place of steps, by the steps' numbers."""
    found = [
        f'<li class="sent" value="{number}">{_html(request)}</li>'
        for number, request in _requests(blocks)
    ]
    return lines(["<ol>", *found, "</ol>"]) if found else b""


_OPENED = {"ol": '<ol class="steps">', "ul": "<ul>"}
_BOX = '<label><input type="checkbox"> '


@lru_cache(maxsize=4096)
def _html(words: str) -> str:
    """Words as HTML: exact names as code, all else as plain text."""
    parts = words.split(MARK)
    return "".join(
        _code_html(part) if n % 2 else _escaped_html(part) for n, part in enumerate(parts)
    )


def _code_html(text: str) -> str:
    """Text to be copied exactly; a day stays on one line."""
    opened = '<code class="day">' if _DAY.fullmatch(text) else "<code>"
    return f"{opened}{_escaped_html(text)}</code>"


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _escaped_html(text: str) -> str:
    """Text that a page shows as it is, on one line."""
    if _UNUSUAL.search(text) is not None:
        text = _LINES.sub(" ", text)
    return escape(text if text.isprintable() else _UNSEEN.sub("", text))


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


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


@dataclass(frozen=True, slots=True)
class Print:
    """How parts of a list are printed in one form, and how their steps are told by it.

    `blocks` prints a part, its steps counted from one; `requests` those that can take the place of
    steps, by the steps' numbers. `step` and `request` find the number of each where it begins,
    and nothing else: each begins a line, with whatever a catalogue says further on. `as_step` and
    `as_request` are the same with another number.
    """

    blocks: Callable[[Sequence[Block]], bytes]
    requests: Callable[[Iterable[Block]], bytes]
    step: re.Pattern[bytes]
    as_step: bytes
    request: re.Pattern[bytes]
    as_request: bytes

    def moved(self, requests: bytes, steps: bytes, last: int) -> bytes:
        """Requests by the numbers of the steps whose place they can take, once these are numbered
        on from the last. Both have the same numbers so far: their part's own, or those of an
        earlier list.
        """
        begin = self.step.search(steps)
        if begin is None:
            return requests
        by = last + 1 - int(begin[1])
        return self.request.sub(lambda found: self.as_request % (int(found[1]) + by), requests)


PRINTS: Mapping[Form, Print] = {
    Form.MARKDOWN: Print(
        in_markdown,
        requests_in_markdown,
        re.compile(rb"^- \[ \] \*\*(\d+)\.\*\*", re.MULTILINE),
        b"- [ ] **%d.**",
        re.compile(rb"^- \*\*(\d+)\.\*\*", re.MULTILINE),
        b"- **%d.**",
    ),
    Form.HTML: Print(
        in_html,
        requests_in_html,
        re.compile(rb'^<li class="step" value="(\d+)">', re.MULTILINE),
        b'<li class="step" value="%d">',
        re.compile(rb'^<li class="sent" value="(\d+)">', re.MULTILINE),
        b'<li class="sent" value="%d">',
    ),
}

_ROW = re.compile(rb"^\d+,", re.MULTILINE)


@dataclass(slots=True)
class Numbered:
    """Parts of a list, as they are numbered from beginning to end."""

    last: int = 0

    def steps(self, part: bytes, form: Print) -> bytes:
        """A part of the list in a form, its steps numbered on from the last."""
        return form.step.sub(lambda _: form.as_step % self._next(), part)

    def rows(self, part: bytes) -> bytes:
        """Likewise a part of the table, which has a row for each step."""
        return _ROW.sub(lambda _: b"%d," % self._next(), part)

    def _next(self) -> int:
        self.last += 1
        return self.last


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
