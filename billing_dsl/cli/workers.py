"""Several processes that read files and prove families side by side, where there are many.

Each keeps the documents of its own share of the files, so that only names, findings and clients
in short travel between them. A family whose documents lie in several shares is proved here.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from billing_dsl.analysis.views import ClientFacts
from billing_dsl.book.dependants import Want
from billing_dsl.cli.spawning import copies, sendable, without_main
from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import (
    Coded,
    Common,
    FamilyResult,
    Inventory,
    cover,
    prove,
    read_file,
    share,
)
from billing_dsl.rules import Rule, rules
from billing_dsl.source.document import Broken, Document
from billing_dsl.store.hands import Alone, Hands, HeadsOfFamily, Stock, stock
from billing_dsl.store.kept import Rows, made
from billing_dsl.templates import NONE, Templates

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from billing_dsl.targets import Views

T = TypeVar("T")

MANY = 400
"""Files above which further processes give more than they cost."""

Place: TypeAlias = tuple[str, int]
"""A document by its file and its number in it."""

PlainHead: TypeAlias = tuple[str, str, str, str, int, str, tuple[str, ...]]
PlainStock: TypeAlias = tuple[list[PlainHead], tuple[Broken, ...], tuple[Fault, ...]]
PlainResult: TypeAlias = tuple[tuple[Coded, ...], list[Any], tuple[str, ...], tuple[Want, ...]]


def workers() -> int:
    """How many processors there are to use."""
    available = getattr(os, "sched_getaffinity", None)
    return min(len(available(0)) if available else os.cpu_count() or 1, 8)


@dataclass(slots=True)
class Several:
    """Several processes; below `MANY` files, this one alone.

    `house` are the sources of the catalogue's own rules, empty where they are not asked. With
    `stay` the others keep what they have proved, until they have been asked what to make of it.
    """

    texts: Mapping[str, bytes]
    house: Mapping[str, bytes]
    stay: bool = False
    _alone: Alone = field(init=False)
    _others: list[_Other] = field(init=False, default_factory=list)
    _begun: bool = field(init=False, default=False)
    """Whether the others have been told what clients share, and which families to prove."""

    def __post_init__(self) -> None:
        """Begins alone."""
        self._alone = Alone(self.texts)

    def read(self, texts: Mapping[str, bytes]) -> Mapping[str, Stock]:
        """What each file holds, by path."""
        count = workers()
        if len(texts) < MANY or count < 2:
            return self._alone.read(texts)
        import multiprocessing

        paths = sorted(texts)
        step = -(-len(paths) // count)
        # A copy has everything at once; elsewhere a process begins anew and is sent its share.
        beginning: Any = multiprocessing.get_context("fork" if copies() else "spawn")
        for first in range(0, len(paths), step):
            here, there = beginning.Pipe()
            mine = paths[first : first + step]
            share = [(path, texts[path]) for path in mine]
            process = beginning.Process(target=work, args=(there, share, self.stay), daemon=True)
            with without_main():
                process.start()
            there.close()
            self._others.append(_Other(here, frozenset(mine), process))
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

    def holds(self, families: Iterable[HeadsOfFamily]) -> bool:
        """Whether this process has the documents of all of these families, and no other has any."""
        held = self._alone.documents_of
        return not self._others and all(head.path in held for one in families for head in one)

    def prove(
        self, common: Common, families: Sequence[HeadsOfFamily], rules: tuple[Rule, ...]
    ) -> Iterator[FamilyResult]:
        """What proving each family gives, in the order of families."""
        if not self._others or common.declared is None:
            yield from self._alone.prove(common, families, rules)
            return
        owners = [self._owner(family) for family in families]
        self._begun = True
        task = _task(common, list(self.documents(common.inventory.shared)), self.house)
        for other in self._others:
            other.connection.send((*task, _places(families, owners, other)))
        # Those that lie in several shares are proved here meanwhile.
        ours = [f for f, owner in zip(families, owners, strict=True) if owner is None]
        proved = iter(list(self._alone.prove(common, ours, rules)))
        for owner in owners:
            yield next(proved) if owner is None else next(owner.results())

    def make(
        self,
        common: Common,
        families: Sequence[HeadsOfFamily],
        task: Callable[[Common, Iterable[Views]], Iterable[T]],
    ) -> list[T]:
        """What a task makes of the coverage of families, piece by piece, by whoever holds their
        documents. A piece is sent as soon as it is made, so that nobody keeps all of them twice.

        Where nobody does yet and there are many, others read them first.
        """
        if not self._others:
            paths = {head.path for family in families for head in family}
            self.read({path: self.texts[path] for path in paths})
        if self._others and not self._begun:
            list(self.prove(common, (), ()))
        owners = [self._owner(family) for family in families]
        try:
            for other in self._others:
                other.results()  # whatever it has proved, it is through with it
                other.connection.send((task, _places(families, owners, other)))
            ours = [f for f, owner in zip(families, owners, strict=True) if owner is None]
            made = list(task(common, covered(common, self, ours))) if ours else []
            return made + _pieces(self._others)
        finally:
            self.end()

    def end(self) -> None:
        """The others are gone: nothing is made of what they have proved."""
        for other in self._others:
            other.end()
        self._others.clear()
        self._begun = False

    def _owner(self, family: HeadsOfFamily) -> _Other | None:
        paths = {head.path for head in family}
        return next((other for other in self._others if paths <= other.paths), None)


def _places(
    families: Sequence[HeadsOfFamily], owners: Sequence[_Other | None], whose: _Other
) -> list[list[Place]]:
    """The documents of each family that somebody owns."""
    return [
        [(head.path, head.document) for head in family]
        for family, owner in zip(families, owners, strict=True)
        if owner is whose
    ]


def _pieces(others: Sequence[_Other]) -> list[Any]:
    """All that others send, whoever is first: in order of the others, until each is through."""
    from multiprocessing.connection import wait

    sent: list[list[Any]] = [[] for _ in others]
    busy: dict[Any, int] = {other.connection: number for number, other in enumerate(others)}
    while busy:
        for connection in wait(list(busy)):
            piece = others[busy[connection]].received()
            if piece is None:
                del busy[connection]
            else:
                sent[busy[connection]].append(piece)
    return [piece for pieces in sent for piece in pieces]


def covered(common: Common, hands: Hands, families: Iterable[HeadsOfFamily]) -> Iterator[Views]:
    """The coverage of each family's clients, one after the other."""
    if common.declared is not None:
        for family in families:
            yield cover(common, common.declared, hands.documents(family))[0]


@dataclass(slots=True, eq=False)
class _Other:
    """Another process, and the files that it holds."""

    connection: Connection
    paths: frozenset[str]
    process: BaseProcess
    _results: Iterator[FamilyResult] | None = None

    def received(self) -> Any:
        """The next thing that it sends; what has stopped it is raised here."""
        sent = self.connection.recv()
        if isinstance(sent, Exception):
            raise sent
        return sent

    def end(self) -> None:
        """It is gone, whatever it was doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def results(self) -> Iterator[FamilyResult]:
        """What it has proved, in the order in which it was asked."""
        if self._results is None:
            self._results = self._made(*self.received())
        return self._results

    def _made(
        self, results: Iterable[PlainResult], shared_rows: list[Any]
    ) -> Iterator[FamilyResult]:
        rows = Rows(shared_rows)
        for found, facts, left_out, wants in results:
            made_facts = tuple(made(ClientFacts, one, rows) for one in facts)
            yield FamilyResult(found, made_facts, left_out, wants)


Task: TypeAlias = tuple[
    Inventory, list[tuple[str, int, dict[str, Any]]], date, Templates, Mapping[str, bytes]
]


def _task(common: Common, shared: Iterable[Document], house: Mapping[str, bytes]) -> Task:
    """What another process must know of the catalogue to prove its families."""
    inventory = common.inventory
    known = replace(inventory, heads=(), families=(), family_of={}, strays=())
    declared = common.declared
    as_of, own = (declared.as_of, declared.templates) if declared is not None else (date.min, NONE)
    return known, [(d.path, d.index, d.value) for d in shared], as_of, own, house


def work(connection: Connection, texts: Sequence[tuple[str, bytes]], stay: bool = False) -> None:
    """The life of another process: read a share of the files, then prove families of them.

    One that stays makes something of families in the end, of most of which it has the coverage.
    """
    gc.disable()  # it lives for one run, and what it makes holds no rings
    try:
        documents = _read_share(connection, texts)
        inventory, shared, as_of, templates, house, families = connection.recv()
        asked = rules()
        if house:
            from billing_dsl.rules._house import load

            asked = (*asked, *load(house))
        common, _ = share(inventory, [Document(*one) for one in shared], as_of, (), templates)
        proved = _prove_share(connection, common, families, documents, asked, stay)
        if stay:
            task, families = connection.recv()
            for piece in task(common, _taken(common, families, documents, proved)):
                connection.send(piece)
            connection.send(None)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return  # nobody waits for an answer any more
    except Exception as error:
        connection.send(sendable(error))


def _prove_share(
    connection: Connection,
    common: Common,
    families: Iterable[Sequence[Place]],
    documents: dict[Place, Document],
    rules: tuple[Rule, ...],
    stay: bool,
) -> dict[tuple[Place, ...], Views]:
    """Proves families and sends what that gives; with `stay`, the coverage of their clients.

    The documents of a family whose coverage there is are let go: what is made is made of that.
    """
    rows = Rows([])
    results: list[PlainResult] = []
    proved: dict[tuple[Place, ...], Views] = {}
    for family in families:
        result, views = prove(common, [documents[place] for place in family], rules)
        facts = [rows.pack(one) for one in result.facts]
        results.append((result.found, facts, result.left_out, result.wants))
        if stay:
            proved[tuple(family)] = views
            for place in family:
                del documents[place]
    connection.send((results, rows.rows))
    return proved


def _taken(
    common: Common,
    families: Iterable[Sequence[Place]],
    documents: Mapping[Place, Document],
    proved: dict[tuple[Place, ...], Views],
) -> Iterator[Views]:
    """The coverage of each family's clients; what was proved is let go when it is taken."""
    for family in families:
        views = proved.pop(tuple(family), None)
        if views is None and common.declared is not None:
            views, _, _ = cover(common, common.declared, [documents[place] for place in family])
        yield views or ()


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
