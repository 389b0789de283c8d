"""Replays of documents and entries as values, on whichever engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.pipeline import cover, of, read_file, share, take_stock
from billing_dsl.replay.measures import FACTOR, HOUR, parts_of_hours
from billing_dsl.replay.routed import RoutedFamily, customer
from billing_dsl.replay.router import Router
from billing_dsl.replay.run import Billed, Engine, Row, bill
from billing_dsl.replay.side import Called, Side
from billing_dsl.replay.statement import DIALECTS, Dialect, tables
from tests.oracle.replaying import Entry, Item
from tests.oracle.simulator import Document
from tests.oracle.writing import to_yaml


class Sqlite:
    """The second engine: SQLite, which every Python has."""

    dialect: Dialect = DIALECTS["sqlite"]

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")

    def close(self) -> None:
        self._connection.close()

    def do(self, statement: str) -> None:
        self._connection.execute(statement)

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        columns = self._connection.execute(f"PRAGMA table_info({table})").fetchall()
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", map(tuple, rows))

    def rows(self, query: str) -> Iterator[Row]:
        yield from self._connection.execute(query).fetchall()


def side_of(documents: Sequence[Document]) -> Side:
    """A catalogue as one side of a replay."""
    readings = [read_file(path, text) for path, text in to_yaml(documents).items()]
    faults = [fault for reading in readings for fault in reading.faults]
    assert not faults, faults
    known = {(one.path, one.index): one for reading in readings for one in reading.documents}
    inventory, _ = take_stock((head for reading in readings for head in reading.heads), ())
    common, _ = share(inventory, of(known, inventory.shared), date(2026, 1, 1), ())
    assert common.declared is not None
    families = [
        cover(common, common.declared, of(known, family))[0] for family in inventory.families
    ]
    views = {view.client.name: view for family in families for view in family}
    routings = [Router(common.declared).family(family) for family in families]

    def routed(names: Collection[str]) -> Iterator[RoutedFamily]:
        return (one for one in routings if any(client.name in names for client in one.clients))

    def covered(names: Iterable[str]) -> Iterator[ClientCoverage]:
        return (views[name] for name in names if name in views)

    clients = {name: customer(view.client) for name, view in views.items()}
    return Side(common.declared, clients, routed, covered)


def numbered(entries: Sequence[Entry]) -> tuple[dict[int, str], dict[int, Called]]:
    """The clients and kinds of work of entries, by numbers."""
    clients = sorted({entry.client for entry in entries})
    kinds = sorted({(entry.work_type, entry.role, entry.sub_issue) for entry in entries})
    return dict(enumerate(clients, 5)), {n: Called(*kind) for n, kind in enumerate(kinds, 3)}


def replay(engine: Engine, side: Side, entries: Sequence[Entry]) -> Billed:
    """Fills `entries` and bills them."""
    return replay_all(engine, {"": side}, entries)[""]


def replay_all(
    engine: Engine, sides: Mapping[str, Side], entries: Sequence[Entry]
) -> dict[str, Billed]:
    """Fills `entries` and bills them on every side."""
    clients, kinds = numbered(entries)
    client_of = {text: number for number, text in clients.items()}
    kind_of = {kind: number for number, kind in kinds.items()}
    engine.do(tables(engine.dialect)["entries"])
    engine.fill(
        "entries",
        [
            (
                number,
                client_of[entry.client],
                kind_of[Called(entry.work_type, entry.role, entry.sub_issue)],
                entry.day.toordinal(),
                entry.start,
                parts_of_hours(entry.hours),
                entry.ticket,
            )
            for number, entry in enumerate(entries)
        ],
    )
    return bill(engine, sides, clients, kinds)


def items(engine: Engine, side: Side, billed: Billed, name: str = "") -> list[Item]:
    """The items as the oracle writes them, in order of entries, billings and blocks."""
    contracts = billed.routing.contracts
    place: dict[int, int] = {}
    for view in side.covered({one.contract.agreement.client for one in billed.blocks}):
        for contract in view.contracts:
            written = contract.agreement.blocks
            own = (one for one in billed.blocks if one.contract.id == contract.id)
            for one, block in zip(own, contract.blocks, strict=False):  # it may have none of them
                place[one.number] = next(n for n, b in enumerate(written, 1) if b is block)
    query = (
        "SELECT entry, billing, contract, block, hours, debit, cents, worth "
        f"FROM {name}items ORDER BY entry, billing, block"
    )
    return sorted(
        (
            Item(
                entry,
                billing,
                "" if contract is None else contracts[contract - 1].id,
                place.get(block, 0),
                Fraction(hours, HOUR),
                Fraction(debit, HOUR * FACTOR),
                cents,
                worth,
            )
            for entry, billing, contract, block, hours, debit, cents, worth in engine.rows(query)
        ),
        key=in_order,
    )


def in_order(item: Item) -> tuple[int, str, int]:
    """The order in which items are compared."""
    return item.entry, item.billing, item.block
