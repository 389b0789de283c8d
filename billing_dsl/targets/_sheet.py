"""A list of steps while it is written: for people as Markdown, and as the rows of a table.

Whoever writes a part of it counts its steps from one; they are numbered from beginning to end when
the parts are put together. So a part is the same wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from billing_dsl.kinds.client import Client
from billing_dsl.targets import Passages
from billing_dsl.targets._changes import Change
from billing_dsl.targets._csv import Cell, table
from billing_dsl.targets._labels import Entry, fields, label, said
from billing_dsl.targets._sorts import sort_of
from billing_dsl.targets._values import Body, Value, lines, written


@dataclass(slots=True)
class Sheet:
    """A part of the list: its lines, its steps as rows, and those there are requests for.

    `names` give what Autotask calls objects, by their ids. It is about a `client`, or about what
    clients share; `house` is the currency of amounts that belong to no client. Words for it hold
    exact names, see `exact`.
    """

    names: Mapping[str, str]
    house: str
    client: Client | None = None
    lines: list[str] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    sent: list[tuple[int, Change]] = field(default_factory=list)

    def heading(self, words: str, level: int = 2) -> None:
        """A heading of the list."""
        self.lines += ["", f"{'#' * level} {_shown(words)}", ""]

    def paragraph(self, words: str) -> None:
        """What is to be said of the steps below."""
        self.lines += ["", _shown(words), ""]

    def row(self, *cells: str) -> None:
        """A row of a table in the list."""
        self.lines.append(f"| {' | '.join(map(_shown, cells))} |")

    def item(self, words: str) -> None:
        """A line that is no step."""
        self.lines.append(f"- {_shown(words)}")

    def step(
        self,
        words: str,
        details: Iterable[str] = (),
        deed: str = "look",
        about: str = "",
        client: str = "",
        day: date | None = None,
        context: str = "",
    ) -> int:
        """A step with its box. The table tells besides what it is about, and the context that the
        list gives in a heading.
        """
        number = len(self.rows) + 1
        self.rows.append((number, day, client, _bare(f"{context}{words}"), deed, about))
        self.lines.append(f"- [ ] **{number}.** {_shown(_first(words))}")
        self.lines += [f"  - {_shown(detail)}" for detail in details]
        return number

    def text(self) -> bytes:
        """The list, with no two empty lines in a row."""
        return lines([line for before, line in pairwise(["-", *self.lines]) if line or before])

    def table(self) -> bytes:
        """The rows of its steps."""
        return table(self.rows)

    def requests(self) -> bytes:
        """The requests that can take the place of steps, by the steps' numbers."""
        return lines([f"- **{number}.** {_shown(_request(one))}" for number, one in self.sent])

    @property
    def title(self) -> str:
        """What Autotask calls the client."""
        return self.client.organization if self.client is not None else ""

    def name(self, object_id: str) -> str:
        """What people call an object."""
        return self.names.get(object_id, object_id)

    def said(self, entity: str, name: str, value: Value | None, client: str) -> str:
        """A value as a person enters it."""
        if value is None:
            return "none"
        return exact(said(entity, name, value, self._currency(client), self.names))

    def on(self, client: str, parent: str) -> str:
        """Whose thing it is, and what it hangs on."""
        whose = f"{self.title}: " if client else ""
        return f"{whose}{sort_of(parent).one} {exact(self.name(parent))}: " if parent else whose

    def entered(self, entity: str, body: Body, parent: str, client: str, name: str) -> list[Entry]:
        """What a person enters, without what the step says already."""
        currency = self._currency(client)
        found: list[Entry] = []
        for called, value in fields(body, parent):
            told = said(entity, called, value, currency, self.names)
            if told != name or called == "exclusionContractID":
                found.append(Entry(label(called), told))
        return found

    def _currency(self, client: str) -> str:
        return self.client.currency if client and self.client is not None else self.house


def _request(change: Change) -> str:
    body = f" {written(change.body)}" if change.body is not None else ""
    return exact(f"{change.method} {change.path}{body}")


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


def moved(requests: bytes, by: int) -> bytes:
    """Requests by the numbers of their steps, where so many steps come before."""
    return _SENT.sub(lambda found: b"- **%d.**" % (int(found[1]) + by), requests)


_STEP = re.compile(rb"^- \[ \] \*\*\d+\.\*\*", re.MULTILINE)
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


# --- words ---------------------------------------------------------------------------------------

_MARK = "\x1f"


def exact(text: str) -> str:
    """A name in the midst of words, to be entered or found exactly so."""
    return f"{_MARK}{text.replace(_MARK, ' ')}{_MARK}"


def _shown(words: str) -> str:
    """Words as Markdown: exact names as code, all else as plain text."""
    parts = words.split(_MARK)
    return "".join(code(part) if n % 2 else escaped(part) for n, part in enumerate(parts))


def _bare(words: str) -> str:
    """Words for a table, on one line."""
    words = _first(words).replace(_MARK, "")
    return _LINES.sub(" ", words) if "\n" in words else words


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


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
