"""A side's routing run over entries by an engine: which tables are filled when, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from billing_dsl.replay.blocks import Bought, Drawn, Segment, draw_rows, drawn
from billing_dsl.replay.measures import LONGEST, parts_of_amount
from billing_dsl.replay.side import Called, EndRow, Routing, Side
from billing_dsl.replay.statement import (
    DEBITS,
    PAIRS,
    SHARED,
    WIDEST,
    Dialect,
    landing,
    statements,
    tables,
)

Row: TypeAlias = Sequence[Any]


class Engine(Protocol):
    """Whatever runs SQL over a table `entries`."""

    @property
    def dialect(self) -> Dialect:
        """How it divides whole numbers."""

    def do(self, statement: str) -> None:
        """Runs a statement."""

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows to a table."""

    def rows(self, query: str) -> Iterator[Row]:
        """What a query finds."""


@dataclass(frozen=True, slots=True)
class Billed:
    """What was made of the entries: the routing, and the blocks with what is left of them.

    Its `items` stand in the engine, under the side's name.
    """

    routing: Routing
    segments: tuple[Segment, ...]
    blocks: tuple[Bought, ...]
    drawn: Drawn
    debits: Mapping[int, int]
    """What the work of each segment debits, by its number."""


@dataclass(frozen=True, slots=True)
class _Routed:
    """A side whose routing is with the engine: the routing, and what may be drawn on."""

    routing: Routing
    segments: tuple[Segment, ...]
    blocks: tuple[Bought, ...]


def bill(
    engine: Engine,
    sides: Mapping[str, Side],
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
) -> dict[str, Billed]:
    """Works out what every entry is billed on each side: afterwards the engine has a view `items`.

    Sides go by what stands before the names of their tables; of one alone that may be nothing.
    `clients` and `kinds` are what the numbers of `entries` stand for. All sides land at once.
    """
    routed = {name: _routed(engine, side, clients, kinds, name) for name, side in sides.items()}
    for statement in landing(engine.dialect, tuple(sides)).values():
        engine.do(statement)
    return {name: _drawn(engine, routing, name) for name, routing in routed.items()}


def _routed(
    engine: Engine,
    side: Side,
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
    name: str,
) -> _Routed:
    """A side's tables of its routing, filled."""
    for table, statement in tables(engine.dialect, name).items():
        if table not in (SHARED, "ends", "draws"):
            engine.do(statement)
    routing = side.routing(clients, kinds)
    segments, blocks = routing.blocks()
    engine.fill(f"{name}stretches", routing.stretches)
    engine.fill(f"{name}bound", routing.bound)
    engine.fill(f"{name}segments", routing.segment_rows(segments))
    pairs = [(situation, kind) for situation, kind in engine.rows(PAIRS.format(side=name))]
    ends = list(routing.ends(pairs))
    wide = _wide(ends, blocks)
    if wide and not engine.dialect.wide:
        raise OverflowError(f"{engine.dialect.name} has no whole numbers for amounts as large")
    routing.let_go()
    amounts = tables(engine.dialect, name, wide)
    engine.do(amounts["ends"])
    engine.do(amounts["draws"])
    engine.fill(f"{name}ends", ((number, *row) for number, row in enumerate(ends)))
    return _Routed(routing, segments, blocks)


def _drawn(engine: Engine, routed: _Routed, name: str) -> Billed:
    """What the blocks of a side pay, once entries have landed."""
    made = statements(engine.dialect, name)
    for table in ("rates", "counted", "tickets"):
        engine.do(made[table])
    debits = {segment: int(debit) for segment, debit in engine.rows(DEBITS.format(side=name))}
    found = drawn(routed.segments, routed.blocks, debits)
    engine.fill(f"{name}draws", draw_rows(found, routed.segments, routed.routing.currencies))
    engine.fill(f"{name}depths", found.depths.items())
    for table in ("plain", "apart", "items"):
        engine.do(made[table])
    return Billed(routed.routing, routed.segments, routed.blocks, found, debits)


def _wide(ends: Iterable[EndRow], blocks: Iterable[Bought]) -> bool:
    """Whether an amount for the longest entry is, in its parts, longer than 63 bits."""
    prices = [step.amounts for one in blocks for step in one.block.rate.steps]
    highest = max((parts_of_amount(a) for by in prices for a in by.values()), default=0)
    return any(
        2 * factor * LONGEST * max(highest, *(abs(amount or 0) for amount in amounts)) >= WIDEST
        for factor, amounts in ((row[8], (row[7], row[9], row[10])) for row in ends)
    )
