"""What a document declares, and how declarations name each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from billing_dsl.diagnostics import Fault, Place
from billing_dsl.model.calendar import Term, Unit
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Source:
    """The document that declares something: where findings about it point."""

    path: str
    document: int

    def at(self, *route: str | int, key: bool = False) -> Place:
        """The place of a value of that document."""
        return Place(self.path, self.document, route, key)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What every document says of itself, whatever its kind."""

    KIND: ClassVar[str]

    name: str
    title: str
    version: int
    notes: str
    source: Source

    @property
    def subject(self) -> str:
        """What a waiver and a finding call it: `agreement/acme-2027`."""
        return f"{self.KIND}/{self.name}"

    @property
    def key(self) -> str:
        """The name by which it is unique in its kind."""
        return self.name

    def at(self, *route: str | int, key: bool = False) -> Place:
        """The place of a value of its document."""
        return Place(self.source.path, self.source.document, route, key)


TWENTY_YEARS = Term(20, Unit.YEAR)


UserDefined: TypeAlias = Mapping[str, str | int | bool | Decimal]
"""Values of the tenant's user-defined fields, by their labels."""


@dataclass(frozen=True, slots=True)
class House:
    """What the settings lend to every other document: its currency and its longest term."""

    currency: str
    longest: Term = TWENTY_YEARS


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to another document, by kind and name, at a route of the one that makes it.

    One that `carries` takes faults along: who mentions something broken cannot be proved either.
    """

    kind: str
    name: str
    route: tuple[str | int, ...]
    key: bool = False
    carries: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """What must be known of a document to place it among the others, without building it.

    `client` is whose document it is, empty where all clients share it. `ties` are the names of
    further clients and agreements that cannot be looked at without it.
    """

    kind: str
    name: str
    key: str
    path: str
    document: int
    client: str = ""
    ties: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Where its name is written."""
        return Place(self.path, self.document, ("name",))


def head(document: Document) -> Head:
    """The head of a document that fits its schema."""
    value = document.value
    kind, name = value["kind"], value["name"]
    key = f"{name}@{value['version']}" if kind == "tier" else name
    client = ""
    ties: tuple[str, ...] = ()
    if kind == "client":
        client = name
        ties = (value["parent"],) if "parent" in value else ()
    elif kind == "agreement":
        client = value["client"]
        links = (row.get("falls_to", "") for row in value.get("contracts", ()))
        ties = tuple(sorted({link.partition("/")[0] for link in links if "/" in link}))
    elif kind == "scenario":
        client = value["given"]["client"]
    return Head(kind, name, key, document.path, document.index, client, ties)


D = TypeVar("D", bound=Declaration)

Build: TypeAlias = Callable[[Document, House], D]
Check: TypeAlias = Callable[[Document], Iterator[Fault]]


def _no_mentions(_declaration: Declaration) -> Iterator[Mention]:
    return iter(())


def _no_faults(_document: Document) -> Iterator[Fault]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Kind(Generic[D]):
    """One kind of document: its declaration's class, its builder and its references.

    `build` expects a document that fits the kind's schema and in which `check` found nothing.
    `mentions` gives every reference to another document; those within a document are its own
    `check`'s affair. What is not `shared` belongs to one client and is read client by client.
    """

    declares: type[D]
    build: Build[D]
    mentions: Callable[[D], Iterator[Mention]] = _no_mentions
    check: Check = _no_faults
    shared: bool = True

    @property
    def name(self) -> str:
        """The word that a document writes after `kind:`."""
        return self.declares.KIND


def base(document: Document) -> tuple[str, str, int, str, Source]:
    """The fields of `Declaration` in order, from a document that fits its schema."""
    value: dict[str, Any] = document.value
    return (
        value["name"],
        value.get("title", value["name"]),
        int(value.get("version", 1)),  # 2.0 is a whole number too
        value.get("notes", ""),
        Source(document.path, document.index),
    )
