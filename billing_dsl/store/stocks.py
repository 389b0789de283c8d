"""What files hold and which families there are, as rows that are kept, and made of them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import Inventory
from billing_dsl.source.document import Broken
from billing_dsl.store.hands import HeadsOfFamily, Stock
from billing_dsl.store.kept import made, plain, row, rows_made


def row_of(stock: Stock) -> bytes:
    """What a file holds, as a row. It begins with a brace where there is more than documents."""
    heads = [_plain_head(head) for head in stock.heads]
    if not stock.broken and not stock.faults:
        return row(heads)
    return row({"heads": heads, "broken": plain(stock.broken), "faults": plain(stock.faults)})


def tells_more(kept: bytes) -> bool:
    """Whether a row has more than what is always there."""
    return kept.startswith(b"{")


def _plain_head(head: Head) -> list[Any]:
    return [head.kind, head.name, head.key, head.document, head.client, *head.ties]


def _head(path: str, kept: Sequence[Any]) -> Head:
    kind, name, key, document, client, *ties = kept
    return Head(kind, name, key, path, document, client, tuple(ties))


@dataclass(frozen=True, slots=True)
class _More:
    broken: tuple[Broken, ...]
    faults: tuple[Fault, ...]


def _stock(path: str, kept: Any) -> Stock:
    if isinstance(kept, list):
        return Stock(tuple([_head(path, one) for one in kept]), (), ())
    more = made(_More, [kept["broken"], kept["faults"]])
    return Stock(tuple([_head(path, one) for one in kept["heads"]]), more.broken, more.faults)


@dataclass(slots=True)
class Stocks(Sequence[Stock]):
    """What each file holds, in order of paths; made of its row when somebody asks for it."""

    paths: Sequence[str]
    rows: Sequence[bytes]
    fresh: Mapping[int, Stock] = field(default_factory=dict)
    """What has just been read, by numbers of files."""
    _made: dict[int, Stock] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.paths)

    @overload
    def __getitem__(self, number: int) -> Stock: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Stock]: ...
    def __getitem__(self, number: int | slice) -> Stock | Sequence[Stock]:
        """What one file holds."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        found = self.fresh.get(number) or self._made.get(number)
        if found is None:
            found = _stock(self.paths[number], json.loads(self.rows[number]))
            self._made[number] = found
        return found

    def __iter__(self) -> Iterator[Stock]:
        """What every file holds; rows are read all at once."""
        missing = [n for n in range(len(self)) if n not in self.fresh and n not in self._made]
        every = rows_made(self.rows[number] for number in missing)
        for number, kept in zip(missing, every, strict=True):
            self._made[number] = _stock(self.paths[number], kept)
        return (self[number] for number in range(len(self)))

    def telling(self) -> Iterator[Stock]:
        """The files that hold more than documents that fit."""
        for number, kept in enumerate(self.rows):
            fresh = self.fresh.get(number)
            if tells_more(kept) if fresh is None else fresh.broken or fresh.faults:
                yield self[number]


# --- families ------------------------------------------------------------------------------------


def inventory_row(inventory: Inventory) -> bytes:
    """All of an inventory but its families' members, as a row."""
    return row(
        [
            [[head.path, _plain_head(head)] for head in (*inventory.shared, *inventory.strays)],
            {kind: list(names) for kind, names in inventory.names.items()},
            {kind: sorted(names) for kind, names in inventory.lost.items()},
            inventory.silent,
            sorted(inventory.bereft),
            inventory.family_of,
            inventory.remains,
        ]
    )


def member_rows(inventory: Inventory, stocks: Stocks) -> list[bytes]:
    """The documents of each family as a row: their files and places there, by numbers."""
    place = {
        (head.path, head.document): (number, among)
        for number, stock in enumerate(stocks)
        for among, head in enumerate(stock.heads)
    }
    return [row([place[head.path, head.document] for head in f]) for f in inventory.families]


def made_inventory(kept: bytes, members: Sequence[bytes], stocks: Stocks) -> Inventory:
    """The inventory that was kept as rows, of the files of which it was taken."""
    alone, names, lost, silent, bereft, family_of, remains = json.loads(kept)
    heads = [_head(path, one) for path, one in alone]
    return Inventory(
        _Heads(stocks),
        tuple(head for head in heads if not head.client),
        {kind: set(found) for kind, found in names.items()},
        {kind: frozenset(found) for kind, found in lost.items()},
        silent,
        frozenset(bereft),
        _Families(stocks, members),
        family_of,
        tuple(head for head in heads if head.client),
        {subject: (path, document) for subject, (path, document) in remains.items()},
    )


@dataclass
class _Heads(Sequence[Head]):
    """The heads of all files, in order."""

    stocks: Stocks

    @cached_property
    def _all(self) -> tuple[Head, ...]:
        return tuple([head for stock in self.stocks for head in stock.heads])

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, number: int) -> Head: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Head]: ...
    def __getitem__(self, number: int | slice) -> Head | Sequence[Head]:
        return self._all[number]

    def __iter__(self) -> Iterator[Head]:
        return iter(self._all)


@dataclass(slots=True)
class _Families(Sequence[HeadsOfFamily]):
    """The documents of each family; made when somebody asks for them."""

    stocks: Stocks
    members: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.members)

    @overload
    def __getitem__(self, number: int) -> HeadsOfFamily: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[HeadsOfFamily]: ...
    def __getitem__(self, number: int | slice) -> HeadsOfFamily | Sequence[HeadsOfFamily]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self._family(json.loads(self.members[number]))

    def __iter__(self) -> Iterator[HeadsOfFamily]:
        list(self.stocks)  # all of them at once
        return map(self._family, rows_made(self.members))

    def _family(self, kept: Iterable[Sequence[int]]) -> HeadsOfFamily:
        return tuple([self.stocks[file].heads[among] for file, among in kept])
