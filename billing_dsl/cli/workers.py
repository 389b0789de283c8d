"""Several processes that read files and prove families side by side, where there are many.

Each keeps the documents of its own share of the files, so that only names, findings and clients
in short travel between them. A family whose documents lie in several shares is proved here.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from billing_dsl.analysis.views import ClientFacts
from billing_dsl.cli.spawning import copies, sendable, without_main
from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import Coded, Common, FamilyResult, Inventory, prove, read_file, share
from billing_dsl.rules import Rule, rules
from billing_dsl.source.document import Broken, Document
from billing_dsl.store.hands import Alone, HeadsOfFamily, Stock, stock
from billing_dsl.store.kept import Rows, made

MANY = 400
"""Files above which further processes give more than they cost."""

Place: TypeAlias = tuple[str, int]
"""A document by its file and its number in it."""

PlainHead: TypeAlias = tuple[str, str, str, str, int, str, tuple[str, ...]]
PlainStock: TypeAlias = tuple[list[PlainHead], tuple[Broken, ...], tuple[Fault, ...]]
PlainResult: TypeAlias = tuple[tuple[Coded, ...], list[Any], tuple[str, ...]]


def workers() -> int:
    """How many processors there are to use."""
    available = getattr(os, "sched_getaffinity", None)
    return min(len(available(0)) if available else os.cpu_count() or 1, 8)


@dataclass(slots=True)
class Several:
    """Several processes; below `MANY` files, this one alone.

    `house` are the sources of the catalogue's own rules, empty where they are not asked.
    """

    texts: Mapping[str, bytes]
    house: Mapping[str, bytes]
    _alone: Alone = field(init=False)
    _others: list[_Other] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Begins alone."""
        self._alone = Alone(self.texts)

    def read(self, texts: Mapping[str, bytes]) -> Mapping[str, Stock]:
        """What each file holds, by path."""
        count = workers()
        if len(texts) < MANY or count < 2:
            return self._alone.read(texts)
        paths = sorted(texts)
        step = -(-len(paths) // count)
        # A copy has everything at once; elsewhere a process begins anew and is sent its share.
        beginning: Any = multiprocessing.get_context("fork" if copies() else "spawn")
        for first in range(0, len(paths), step):
            here, there = beginning.Pipe()
            mine = paths[first : first + step]
            share = [(path, texts[path]) for path in mine]
            process = beginning.Process(target=work, args=(there, share), daemon=True)
            with without_main():
                process.start()
            there.close()
            self._others.append(_Other(here, frozenset(mine)))
        found: dict[str, Stock] = {}
        for other in self._others:
            stocks, shared = other.received()
            for path, (heads, broken, faults) in stocks.items():
                found[path] = Stock(tuple(Head(*head) for head in heads), broken, faults)
            for path, documents in shared.items():
                self._alone.documents_of[path] = tuple(Document(path, *one) for one in documents)
        return found

    def documents(self, heads: Iterable[Head]) -> Iterator[Document]:
        """The documents behind heads, in their order."""
        return self._alone.documents(heads)

    def prove(
        self, common: Common, families: Sequence[HeadsOfFamily], rules: tuple[Rule, ...]
    ) -> Iterator[FamilyResult]:
        """What proving each family gives, in the order of families."""
        if not self._others or common.declared is None:
            yield from self._alone.prove(common, families, rules)
            return
        owners = [self._owner(family) for family in families]
        task = _task(common, list(self.documents(_shared(common.inventory))), self.house)
        for other in self._others:
            theirs = [
                [(head.path, head.document) for head in family]
                for family, owner in zip(families, owners, strict=True)
                if owner is other
            ]
            other.connection.send((*task, theirs))
        # Those that lie in several shares are proved here meanwhile.
        ours = [f for f, owner in zip(families, owners, strict=True) if owner is None]
        proved = iter(list(self._alone.prove(common, ours, rules)))
        for owner in owners:
            yield next(proved) if owner is None else next(owner.results())

    def _owner(self, family: HeadsOfFamily) -> _Other | None:
        paths = {head.path for head in family}
        return next((other for other in self._others if paths <= other.paths), None)


@dataclass(slots=True, eq=False)
class _Other:
    """Another process, and the files that it holds."""

    connection: Connection
    paths: frozenset[str]
    _results: Iterator[FamilyResult] | None = None

    def received(self) -> Any:
        """The next thing that it sends; what has stopped it is raised here."""
        sent = self.connection.recv()
        if isinstance(sent, Exception):
            raise sent
        return sent

    def results(self) -> Iterator[FamilyResult]:
        """What it has proved, in the order in which it was asked."""
        if self._results is None:
            self._results = self._received()
        return self._results

    def _received(self) -> Iterator[FamilyResult]:
        results, shared_rows = self.received()
        rows = Rows(shared_rows)
        for found, facts, left_out in results:
            made_facts = tuple(made(ClientFacts, one, rows) for one in facts)
            yield FamilyResult(found, made_facts, left_out)


Task: TypeAlias = tuple[Inventory, list[tuple[str, int, dict[str, Any]]], date, Mapping[str, bytes]]


def _task(common: Common, shared: Iterable[Document], house: Mapping[str, bytes]) -> Task:
    """What another process must know of the catalogue to prove its families."""
    inventory = common.inventory
    known = replace(inventory, heads=(), families=(), strays=())
    as_of = common.declared.as_of if common.declared is not None else date.min
    return known, [(d.path, d.index, d.value) for d in shared], as_of, house


def _shared(inventory: Inventory) -> Iterator[Head]:
    return (head for head in inventory.heads if not head.client)


def work(connection: Connection, texts: Sequence[tuple[str, bytes]]) -> None:
    """The life of another process: read a share of the files, then prove families of them."""
    gc.disable()  # it lives for one run, and what it makes holds no rings
    try:
        documents = _read_share(connection, texts)
        inventory, shared, as_of, house, families = connection.recv()
        asked = rules()
        if house:
            from billing_dsl.rules._house import load

            asked = (*asked, *load(house))
        common, _ = share(inventory, [Document(*one) for one in shared], as_of, ())
        rows = Rows([])
        results: list[PlainResult] = []
        for family in families:
            result, _ = prove(common, [documents[place] for place in family], asked)
            facts = [rows.pack(one) for one in result.facts]
            results.append((result.found, facts, result.left_out))
        connection.send((results, rows.rows))
    except (EOFError, KeyboardInterrupt):
        return  # nobody waits for an answer any more
    except Exception as error:
        connection.send(sendable(error))


def _read_share(
    connection: Connection, texts: Sequence[tuple[str, bytes]]
) -> dict[Place, Document]:
    documents: dict[Place, Document] = {}
    stocks: dict[str, PlainStock] = {}
    shared: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for path, text in texts:
        reading = read_file(path, text)
        documents.update(((d.path, d.index), d) for d in reading.documents)
        found = stock(reading)
        heads = [(h.kind, h.name, h.key, h.path, h.document, h.client, h.ties) for h in found.heads]
        stocks[path] = (heads, found.broken, found.faults)
        if any(not head.client for head in found.heads):
            shared[path] = [(d.index, d.value) for d in reading.documents]
    connection.send((stocks, shared))
    return documents
