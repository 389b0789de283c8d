"""The routing of families as rows that are kept, and made of them again.

A replay asks only of families whose clients occur in the entries where their work goes, but of all
clients what they are called. So these stand by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Block
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price, Step
from billing_dsl.replay.routed import (
    BoughtTickets,
    Customer,
    PaidIn,
    RoutedAgreement,
    RoutedClient,
    RoutedContract,
    RoutedFamily,
)
from billing_dsl.store.kept import HEX, keep, load_with_rows, row, rows_made, tool

AT_ONCE = 500
"""Rows that are made into values at a time."""


@dataclass(frozen=True, slots=True)
class RoutedRow:
    """A family's clients, and its routing as a row."""

    customers: tuple[Customer, ...]
    row: bytes


def load_routed(name: str) -> Mapping[str, RoutedRow]:
    """The routing of families that was kept of a catalogue, by their keys; none of another tool."""
    head, rows = load_with_rows(f"{name}.routed") if name else (None, [])
    if not isinstance(head, dict) or head.get("tool") != tool():
        return {}
    keys = rows[0].decode("ascii")
    called = json.loads(rows[1])
    return {
        keys[n * HEX : (n + 1) * HEX]: RoutedRow(tuple([Customer(*one) for one in own]), kept)
        for n, (own, kept) in enumerate(zip(called, rows[2:], strict=True))
    }


def keep_routed(name: str, families: Mapping[str, RoutedRow]) -> None:
    """Keeps the routing of families by their keys, in place of what was kept before."""
    keys = "".join(families).encode("ascii")
    called = row([[astuple(one) for one in family.customers] for family in families.values()])
    rows = (keys, called, *(family.row for family in families.values()))
    keep(f"{name}.routed", {"tool": tool()}, rows)


def families_made(rows: Iterable[bytes]) -> Iterator[RoutedFamily]:
    """The routing that rows stand for."""
    maker, waiting = _Maker(), iter(rows)
    while several := list(islice(waiting, AT_ONCE)):
        yield from map(maker.family, rows_made(several))


def row_of(family: RoutedFamily) -> bytes:
    """The routing of a family as a row."""
    agreements = list(dict.fromkeys(one.agreement for one in family.contracts))
    place = {one.name: number for number, one in enumerate(agreements)}
    return row(
        [
            [[one.name, one.client, *_days(one.life), one.default] for one in agreements],
            [[place[one.agreement.name], *_plain_contract(one)] for one in family.contracts],
            [[one.name, one.days, one.bound, one.own] for one in family.clients],
        ]
    )


def _plain_contract(one: RoutedContract) -> Iterator[Any]:
    yield from (one.name, one.type.value, *_days(one.life))
    if one.blocks or one.retainers or one.tickets:
        yield [[str(b.hours), *_days(b.life), _steps(b.rate)] for b in one.blocks]
        yield [
            [paid.start.toordinal(), paid.end.toordinal(), _steps(paid.price)]
            for paid in one.retainers
        ]
        yield [[t.start.toordinal(), t.end.toordinal(), t.tickets] for t in one.tickets]


class _Maker:
    """Makes families of plain values. Most have their days, names and prices in common with others:
    such are made once.
    """

    def __init__(self) -> None:
        self._lives: dict[tuple[int, int], Stretch] = {}
        self._prices: dict[str, Price] = {}
        self._names: dict[str, str] = {}

    def family(self, kept: Sequence[Any]) -> RoutedFamily:
        """One family."""
        agreements = [
            RoutedAgreement(name, client, self._life(first, last), default)
            for name, client, first, last, default in kept[0]
        ]
        contracts = [self._contract(agreements[place], *told) for place, *told in kept[1]]
        return RoutedFamily(contracts, [RoutedClient(*told) for told in kept[2]])

    def _contract(
        self,
        agreement: RoutedAgreement,
        name: str,
        type_: str,
        first: int,
        last: int,
        blocks: Sequence[Any] = (),
        retainers: Sequence[Any] = (),
        tickets: Sequence[Any] = (),
    ) -> RoutedContract:
        day = date.fromordinal
        return RoutedContract(
            self._names.setdefault(name, name),
            agreement,
            _TYPES[type_],
            self._life(first, last),
            tuple(
                [
                    Block(name, Decimal(hours), self._price(steps), self._life(start, end))
                    for hours, start, end, steps in blocks
                ]
            ),
            tuple(
                [
                    PaidIn(self._price(steps), day(start), day(end))
                    for start, end, steps in retainers
                ]
            ),
            tuple([BoughtTickets(number, day(start), day(end)) for start, end, number in tickets]),
        )

    def _life(self, first: int, last: int) -> Stretch:
        known = self._lives.get((first, last))
        if known is None:
            days = date.fromordinal(first), date.fromordinal(last)
            known = self._lives[first, last] = Stretch(*days)
        return known

    def _price(self, steps: Sequence[Sequence[Any]]) -> Price:
        key = repr(steps)
        known = self._prices.get(key)
        if known is None:
            known = self._prices[key] = _price(steps)
        return known


_TYPES = {type_.value: type_ for type_ in ContractType}


def _days(life: Stretch) -> tuple[int, int]:
    return life.start.toordinal(), life.end.toordinal()


def _steps(price: Price) -> list[list[Any]]:
    """A price as plain steps; the first day is 0 for one that has always been."""
    return [
        [
            step.start.toordinal() if step.start is not None else 0,
            {currency: str(amount) for currency, amount in step.amounts.items()},
        ]
        for step in price.steps
    ]


def _price(steps: Iterable[Sequence[Any]]) -> Price:
    return Price(
        tuple(
            [
                Step(
                    date.fromordinal(start) if start else None,
                    {currency: Decimal(amount) for currency, amount in amounts.items()},
                )
                for start, amounts in steps
            ]
        )
    )
