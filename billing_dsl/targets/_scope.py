"""What a scope document says, without its form: statements, each with the work it speaks of.

Nothing here is typed twice: a statement is worked out from the coverage, and names the kinds of
work (`cells`) of which it is true on every day of its period. Texts come from `languages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from billing_dsl.analysis.cells import Box
from billing_dsl.languages import NOT_HERE, Language
from billing_dsl.model.calendar import Stretch


class Kind(StrEnum):
    """What becomes of work, as a client sees it, in the order of the document."""

    INCLUDED = "included"
    FIXED = "fixed"
    BLOCK = "block"
    RETAINER = "retainer"
    TICKET = "ticket"
    HOURLY = "hourly"
    OUTSIDE = "outside"
    FREE = "free"


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part of the scope: a contract as a client sees it, or none.

    `agreement` counts the agreements of the time line; 0 is the document's own.
    """

    rank: int
    agreement: int = 0
    contract: str = ""

    @property
    def kind(self) -> Kind:
        """What becomes of work in this part."""
        return KINDS[self.rank]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: a label and what there is to say, on one line or several."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of work in a part of the scope."""

    title: str
    description: str
    notes: tuple[str, ...]
    cells: tuple[Box, ...] = field(compare=False)
    """Two items are the same where they read alike: what makes a difference is told apart."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """The rates of some kinds of work: one for each column."""

    titles: tuple[str, ...]
    amounts: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateCard:
    """A table of rates, with the days on which they hold, where they change."""

    title: str
    first: date | None
    last: date | None
    days: str
    """When the rates hold, in words; empty where they never change."""
    columns: tuple[str, ...]
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the scope."""

    part: Part
    heading: str
    lead: str
    items: tuple[Item, ...]
    cards: tuple[RateCard, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise because of who does the work, or of the cause of the ticket."""

    part: Part
    subject: str
    work: str
    state: str
    cards: tuple[RateCard, ...]
    notes: tuple[str, ...]
    cells: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind of work is treated, in two words; no kind where it is not in use yet.

    `differs` tells that some people or causes make a difference.
    """

    kind: Kind | None
    words: str
    differs: bool


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The scope on days on which it does not change: shared by all clients who have the same."""

    sections: tuple[Section, ...]
    lead: str
    """What stands above the differences."""
    differences: tuple[Difference, ...]
    remarks: tuple[str, ...]
    marks: Mapping[str, Mark]
    digest: str

    @property
    def dashes(self) -> bool:
        """Whether some table of rates says of somebody that work does not come there."""
        cards = [card for section in self.sections for card in section.cards]
        cards += [card for difference in self.differences for card in difference.cards]
        return any(NOT_HERE in row.amounts for card in cards for row in card.rows)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of an agreement on which its scope does not change; rates may."""

    life: Stretch
    heading: str
    tier: str
    sold: str
    """The service level without its version."""
    level: str
    summary: str
    body: Body


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """A kind of work in the table at the head: a mark for each period."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """The table at the head: shared by all clients who have the same.

    `differs` tells that some people or causes make a difference to what it says.
    """

    columns: tuple[str, ...]
    rows: tuple[GlanceRow, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table. `numbers` tells for each column whether it holds numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Special:
    """What was agreed otherwise than the tier says."""

    what: str
    life: Stretch
    days: str
    """The same in words."""
    reason: str
    cells: tuple[Box, ...]
    """The work in question, on the first of these days."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a document comes from, in words. `digest` is over all that it says and nothing else."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class ScopeDocument:
    """The scope of one agreement."""

    client_name: str
    agreement_name: str
    begins: date
    """The first day on which it holds."""
    language: Language
    about: str
    provider_name: str
    client: tuple[str, ...]
    provider: tuple[str, ...]
    facts: tuple[Fact, ...]
    glance: Glance
    periods: tuple[Period, ...]
    tables: tuple[Table, ...]
    specials: tuple[Special, ...]
    reading: tuple[str, ...]
    stamp: Stamp
