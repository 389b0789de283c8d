"""What each block of hours pays of the work that wants to draw on it, stretch by stretch.

The life of a block contract is cut where a block begins or ends or its price changes. Between two
cuts the same blocks may be drawn on, in one order, so that the debits of the entries there, summed
up in the order in which Autotask posts them, fill one block after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from billing_dsl.kinds.agreement import Block
from billing_dsl.model.calendar import Stretch, day_after, pieces
from billing_dsl.replay.measures import FACTOR, parts_of_amount, parts_of_hours
from billing_dsl.replay.routed import RoutedContract


@dataclass(frozen=True, slots=True)
class Bought:
    """A block of a contract: its number, and what it holds in parts of an hour and a factor."""

    number: int
    contract: RoutedContract
    block: Block

    @property
    def size(self) -> int:
        """What may be drawn of it."""
        return parts_of_hours(self.block.hours) * FACTOR


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which the same blocks of a contract may be drawn on, in the order given.

    `tied` tells that two of them start on one day and cost differently: Autotask may draw on
    either first (docs/assumptions.md, same-start blocks).
    """

    number: int
    contract: RoutedContract
    life: Stretch
    usable: tuple[Bought, ...]
    tied: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """The work of a segment that a block pays: from where to where, as debits are summed up."""

    segment: int
    block: Bought
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What blocks pay, how much of each segment they could pay, and what is left of each."""

    draws: tuple[Draw, ...]
    depths: Mapping[int, int]
    left: Mapping[int, int]


def segments(contracts: Iterable[RoutedContract]) -> tuple[tuple[Segment, ...], tuple[Bought, ...]]:
    """The segments of block contracts, in order of contracts and time, and their blocks."""
    found: list[Segment] = []
    blocks: list[Bought] = []
    for contract in contracts:
        own = [
            Bought(len(blocks) + number, contract, block)
            for number, block in enumerate(contract.blocks, 1)
        ]
        blocks.extend(own)
        # Of those that start together none is known to come first: here the one that ends first
        # does, then the smaller one, which is their order in the contract.
        own.sort(key=lambda one: (one.block.life.start, one.block.life.end, one.number))
        for life in pieces(contract.life, _cuts(own)):
            usable = tuple(one for one in own if life.start in one.block.life)
            tied = any(
                one.block.life.start == other.block.life.start
                and one.block.rate.on(life.start) != other.block.rate.on(life.start)
                for one, other in pairwise(usable)
            )
            found.append(Segment(len(found) + 1, contract, life, usable, tied))
    return tuple(found), tuple(blocks)


def _cuts(blocks: Iterable[Bought]) -> Iterator[date]:
    for one in blocks:
        yield one.block.life.start
        yield day_after(one.block.life.end)
        yield from one.block.rate.changes()


def drawn(
    segments: Sequence[Segment], blocks: Iterable[Bought], debits: Mapping[int, int]
) -> Drawn:
    """What each block pays of what the work of each segment debits; the rest is carried on."""
    left = {one.number: one.size for one in blocks}
    draws: list[Draw] = []
    depths: dict[int, int] = {}
    for segment in segments:
        wanted = debits.get(segment.number, 0)
        low = 0
        for one in segment.usable:
            high = low + left[one.number]
            if high > low:
                draws.append(Draw(segment.number, one, low, high))
            left[one.number] -= max(0, min(wanted, high) - low)
            low = high
        depths[segment.number] = low
    return Drawn(tuple(draws), depths, left)


def draw_rows(
    drawn: Drawn, segments: Sequence[Segment], currencies: Sequence[str]
) -> Iterator[tuple[int, str, int, int, int, int | None]]:
    """The rows of `draws`: in each currency in which clients are billed, the block's own rate."""
    days = {segment.number: segment.life.start for segment in segments}
    for draw in drawn.draws:
        amounts = draw.block.block.rate.on(days[draw.segment]) or {}
        for currency in currencies:
            amount = amounts.get(currency)
            rate = None if amount is None else parts_of_amount(amount)
            yield draw.segment, currency, draw.block.number, draw.low, draw.high, rate
