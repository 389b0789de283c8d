"""What a letter says, without its form."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.languages import Language
from billing_dsl.targets._scope import Fact, Special, Stamp


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row: what holds, in words. `tone` is the kind of treatment that it names."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Something that changes: what it is, what held until then, and what holds from then on.

    `note` tells by whom or about what, where not all work is meant; `effect` what it comes to.
    """

    what: str
    note: str
    before: Cell
    after: Cell
    effect: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sort. `about` heads the column of what changes."""

    title: str
    about: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What changes on one day, or for some days; or in the terms of an agreement."""

    heading: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """All that changes for a client."""

    client_name: str
    language: Language
    about: str
    provider_name: str
    client: tuple[str, ...]
    provider: tuple[str, ...]
    facts: tuple[Fact, ...]
    opening: str
    short: tuple[str, ...]
    parts: tuple[Part, ...]
    summaries: tuple[tuple[str, str], ...]
    """Service levels that are new to the client, each with what it says of itself."""
    reasons: tuple[Special, ...]
    """What was agreed specially and was not until now, with the reason that is written there."""
    unchanged: str
    """That all else stays as it was; empty to whoever had nothing before, or has nothing after."""
    questions: str
    stamp: Stamp
