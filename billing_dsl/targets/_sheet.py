"""A list of steps while it is written: what it says, without its form.

Whoever writes a part of it does not count its steps: they are numbered from beginning to end when
the parts are put together. So a part is the same wherever it stands, and may be taken from an
earlier list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from billing_dsl.kinds.client import Client
from billing_dsl.targets._changes import Change
from billing_dsl.targets._labels import Entry, fields, label, said
from billing_dsl.targets._sorts import sort_of
from billing_dsl.targets._values import Body, Value


class Heading(NamedTuple):
    """A heading of the list."""

    words: str
    level: int


class Paragraph(NamedTuple):
    """What is to be said of the steps below."""

    words: str


class Table(NamedTuple):
    """Rows of words, the first of which are heads."""

    rows: tuple[tuple[str, ...], ...]


class Item(NamedTuple):
    """A line that is no step."""

    words: str


class Step(NamedTuple):
    """Something to do and to tick: what, and in detail; where, and what shows that it was done.

    `deed`, `about`, `client` and `day` are for the table, which gives besides the `context` that
    the list has in a heading. `request` can be sent in place of the step.
    """

    words: str
    details: tuple[str, ...]
    deed: str
    about: str
    client: str
    day: date | None
    context: str
    request: Change | None


Block: TypeAlias = Heading | Paragraph | Table | Item | Step
"""A part of the list. Its words hold exact names, see `exact`."""


@dataclass(slots=True)
class Sheet:
    """A part of the list, block by block.

    `names` give what Autotask calls objects, by their ids. It is about a `client`, or about what
    clients share; `house` is the currency of amounts that belong to no client.
    """

    names: Mapping[str, str]
    house: str
    client: Client | None = None
    blocks: list[Block] = field(default_factory=list)

    def heading(self, words: str, level: int = 2) -> None:
        """A heading of the list."""
        self.blocks.append(Heading(words, level))

    def paragraph(self, words: str) -> None:
        """What is to be said of the steps below."""
        self.blocks.append(Paragraph(words))

    def table(self, rows: Iterable[tuple[str, ...]]) -> None:
        """A table in the list; its first row are the heads."""
        self.blocks.append(Table(tuple(rows)))

    def item(self, words: str) -> None:
        """A line that is no step."""
        self.blocks.append(Item(words))

    def step(
        self,
        words: str,
        details: Iterable[str] = (),
        deed: str = "look",
        about: str = "",
        client: str = "",
        day: date | None = None,
        context: str = "",
        request: Change | None = None,
    ) -> None:
        """A step with its box."""
        self.blocks.append(Step(words, tuple(details), deed, about, client, day, context, request))

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


# --- words ---------------------------------------------------------------------------------------

MARK = "\x1f"
"""Stands on both sides of an exact name."""


def exact(text: str) -> str:
    """A name in the midst of words, to be entered or found exactly so."""
    return f"{MARK}{text.replace(MARK, ' ')}{MARK}"


def first(words: str) -> str:
    """Words that begin a line."""
    return words[:1].upper() + words[1:]
