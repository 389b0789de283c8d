"""One file a target: what a catalogue is compiled into, found by this folder.

To add a target, write a module here with one function under `@target`. It takes the `Compilation`
and gives a `Teller`, which is asked family by family and then once for all. It gives `Artifact`s,
whose paths are relative to the output folder; for files that all clients share, `Passage`s, and in
the end the files that are made of them; and `Fault`s for what it cannot express: nothing is dropped
in silence. The function's docstring is the target's page.

Modules whose names start with `_` are shared by targets and are none themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Fault
from billing_dsl.registry import discover
from billing_dsl.targets._forms import USUAL, Form

if TYPE_CHECKING:
    from billing_dsl.targets._in_short import InShort
    from billing_dsl.targets._logo import Logo
    from billing_dsl.targets._sending import Sending

Views: TypeAlias = Sequence[ClientCoverage]
"""The clients of one family, in order of names: whatever one says of another is among them."""

TOGETHER = 40
"""Families that are told of together: a processor is at its quickest with one target after the
other, and what is told of all of them has to fit in memory.
"""


class Passage(NamedTuple):
    """What a file that all clients share says of one of them, at one place of the file.

    The place is the file's path, with more after a `#` where clients are told of in several. Where
    a place is in another order than that of names, `order` comes before the name: a day, say.
    """

    client: str
    place: str
    content: bytes
    order: str = ""


class Passages(NamedTuple):
    """Passages that follow one another in a file, as one, and how long each of them is."""

    place: str
    content: bytes
    lengths: Sequence[int]
    order: str = ""

    def each(self) -> Iterator[Passages]:
        """One passage after the other."""
        start = 0
        for length in self.lengths:
            content = self.content[start : start + length]
            yield Passages(self.place, content, (length,), self.order)
            start += length


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output: its path relative to the output folder with `/`, and its bytes."""

    path: str
    content: bytes
    kind: str
    """What the manifest calls it: `requests`, `table`, `checklist`, `document`, `runbook`,
    `routes`.
    """


@dataclass(frozen=True, slots=True)
class Assembled:
    """A file that all clients share, part by part: it is never in memory as a whole."""

    path: str
    parts: Iterable[bytes | Passages]
    kind: str


@dataclass(frozen=True, slots=True)
class Compilation:
    """A checked catalogue, ready to be written out: what clients share, and what it is made by."""

    declared: Declared
    as_of: date
    catalogue_hash: str
    """Over the paths and bytes of all files of the catalogue."""
    tool_version: str
    sending: Sending | None = None
    """What is sent to the tenant of a snapshot; None where nobody has looked at a tenant."""
    forms: frozenset[Form] = USUAL
    """The forms that documents are made in."""
    logo: Logo | None = None
    """The picture at the head of documents for clients."""


class Everybody(Protocol):
    """All clients, when each of them has been told of."""

    @property
    def in_short(self) -> Sequence[InShort]:
        """Each client in short, in order of names."""

    def orders(self, place: str) -> Sequence[str]:
        """What comes before names in the order of a place."""

    def passages(self, place: str, order: str = "") -> Iterator[Passages]:
        """What was said of clients at a place, in order of names, some of them at a time."""

    def size(self, place: str) -> int:
        """How many bytes were said of clients at a place."""


class Teller:
    """What a target says of one compilation: first of each family, then of all."""

    def of_family(self, views: Views) -> Iterable[Artifact | Passage | Fault]:
        """The files of the family's clients, and passages in the files that all clients share."""
        return ()

    def of_all(self, everybody: Everybody) -> Iterable[Assembled | Fault]:
        """The files that all clients share."""
        return ()


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a catalogue is compiled into."""

    name: str
    page: str
    begin: Callable[[Compilation], Teller]


def target(begin: Callable[[Compilation], Teller]) -> Target:
    """Makes a target of a function: its name, with hyphens, is the target's."""
    return Target(begin.__name__.replace("_", "-"), begin.__doc__ or "", begin)


@cache
def targets() -> tuple[Target, ...]:
    """Every target, by name."""
    return discover(sys.modules[__name__], Target, lambda target: target.name)
