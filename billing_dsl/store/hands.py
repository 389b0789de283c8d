"""Who reads files and proves families: this process alone, or several side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import Common, FamilyResult, FileReading, prove, read_file
from billing_dsl.rules import Rule
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.reader import read

HeadsOfFamily: TypeAlias = tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """What one file holds, without what its documents say."""

    heads: tuple[Head, ...]
    broken: tuple[Broken, ...]
    faults: tuple[Fault, ...]


def stock(reading: FileReading) -> Stock:
    """What one file holds."""
    return Stock(reading.heads, reading.broken, reading.faults)


class Hands(Protocol):
    """Reads and validates files, keeps their documents, and proves families."""

    def read(self, texts: Mapping[str, bytes]) -> Mapping[str, Stock]:
        """What each file holds, by path."""

    def documents(self, heads: Iterable[Head]) -> Iterator[Document]:
        """The documents behind heads, in their order."""

    def prove(
        self, common: Common, families: Sequence[HeadsOfFamily], rules: tuple[Rule, ...]
    ) -> Iterator[FamilyResult]:
        """What proving each family gives, in the order of families."""


@dataclass(frozen=True, slots=True)
class Alone:
    """This process does everything itself. `texts` are all files of the catalogue."""

    texts: Mapping[str, bytes]
    documents_of: dict[str, tuple[Document, ...]] = field(default_factory=dict)
    """The documents of the files that have been read so far."""

    def read(self, texts: Mapping[str, bytes]) -> Mapping[str, Stock]:
        """What each file holds, by path; its documents are kept."""
        found: dict[str, Stock] = {}
        for path, text in texts.items():
            reading = read_file(path, text)
            self.documents_of[path] = reading.documents
            found[path] = stock(reading)
        return found

    def documents(self, heads: Iterable[Head]) -> Iterator[Document]:
        """The documents behind heads: kept, or read again from files that are known to fit."""
        for head in heads:
            documents = self.documents_of.get(head.path)
            if documents is None:
                documents, _, _ = read(head.path, self.texts[head.path])
                self.documents_of[head.path] = documents
            yield next(found for found in documents if found.index == head.document)

    def prove(
        self, common: Common, families: Sequence[HeadsOfFamily], rules: tuple[Rule, ...]
    ) -> Iterator[FamilyResult]:
        """What proving each family gives, one after the other."""
        for family in families:
            yield prove(common, self.documents(family), rules)[0]
