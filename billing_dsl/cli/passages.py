"""What is said of clients in files that all share: passages, laid down until the files are made.

A passage goes into a spool, a file for each place, and only where it stands there is remembered.
So the text of a shared file is never in memory as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from billing_dsl.cli.output import Listed
from billing_dsl.pipeline import Coded
from billing_dsl.targets import Passage, Passages
from billing_dsl.targets._in_short import InShort

BLOCK = 1 << 20
"""Bytes of passages that are read and written at a time."""

SPOOLED = 4 << 20
"""Bytes of passages that wait until they are written to their spools together."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """The passages of one place: a spool, and of each its client, order, beginning and length."""

    spool: str
    clients: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    begins: array[int] = field(default_factory=lambda: array("Q"))
    lengths: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, client: str, order: str, begin: int, length: int) -> None:
        """One more passage."""
        self.clients.append(client)
        self.orders.append(order)
        self.begins.append(begin)
        self.lengths.append(length)


@dataclass(frozen=True, slots=True)
class Share:
    """What was said of some families: files by families, passages by places, clients in short.

    A family is called by its first client.
    """

    files: dict[str, list[Listed]]
    spooled: dict[str, Spooled]
    in_short: list[InShort]
    unsaid: list[Coded]


@dataclass(slots=True)
class Spools:
    """Passages on their way to their spools."""

    folder: str
    spooled: dict[str, Spooled] = field(default_factory=dict)
    _waiting: dict[str, list[bytes]] = field(default_factory=dict)
    _ends: dict[str, int] = field(default_factory=dict)
    _size: int = 0

    def add(self, passage: Passage) -> None:
        """One more passage, after those before at its place."""
        client, place, content, order = passage
        spooled = self.spooled.get(place)
        if spooled is None:
            spooled = self.spooled[place] = Spooled(f"{self.folder}/{len(self.spooled)}")
            self._waiting[place], self._ends[place] = [], 0
        length, begin = len(content), self._ends[place]
        spooled.add(client, order, begin, length)
        if content:
            self._waiting[place].append(content)
            self._ends[place] = begin + length
            self._size += length
            if self._size > SPOOLED:
                self.flush()

    def flush(self) -> None:
        """Nothing waits any more."""
        for place, waiting in self._waiting.items():
            with open(self.spooled[place].spool, "ab") as spool:
                spool.writelines(waiting)
            waiting.clear()
        self._size = 0


# --- gathered -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where the passages of a place were laid down: client by number, spool, beginning, length."""

    clients: array[int] = field(default_factory=lambda: array("L"))
    spools: array[int] = field(default_factory=lambda: array("L"))
    begins: array[int] = field(default_factory=lambda: array("Q"))
    lengths: array[int] = field(default_factory=lambda: array("Q"))
    by_order: dict[str, array[int]] = field(default_factory=dict)
    """The passages of each order, by their positions here."""


class Gathered:
    """Everybody, told of by several: clients in short, and passages where they were laid down."""

    def __init__(self, shares: Iterable[Share]) -> None:
        """Puts the shares together, in order of clients' names: what was said is here from now on,
        and no more in the shares.
        """
        shares = list(shares)
        found = (short for share in shares for short in share.in_short)
        self.in_short = tuple(sorted(found, key=lambda short: short.client))
        self._spools: list[str] = []
        self._places: dict[str, _Place] = {}
        numbers = {short.client: number for number, short in enumerate(self.in_short)}
        for share in shares:
            for place, spooled in share.spooled.items():
                self._add(self._places.setdefault(place, _Place()), spooled, numbers)
            share.spooled.clear()
        for known in self._places.values():
            for order, several in known.by_order.items():
                known.by_order[order] = array("L", sorted(several, key=known.clients.__getitem__))

    def _add(self, known: _Place, spooled: Spooled, numbers: Mapping[str, int]) -> None:
        spool = len(self._spools)
        self._spools.append(spooled.spool)
        for position, order in enumerate(spooled.orders, len(known.clients)):
            known.by_order.setdefault(order, array("L")).append(position)
        known.clients.extend(map(numbers.__getitem__, spooled.clients))
        known.spools.extend(repeat(spool, len(spooled.clients)))
        known.begins.extend(spooled.begins)
        known.lengths.extend(spooled.lengths)

    def orders(self, place: str) -> Sequence[str]:
        """What comes before names in the order of a place."""
        known = self._places.get(place)
        return sorted(known.by_order) if known is not None else ()

    def passages(self, place: str, order: str = "") -> Iterator[Passages]:
        """What was said of clients at a place, in order of names, as much as fits a block."""
        known = self._places.get(place)
        several = known.by_order.get(order, ()) if known is not None else ()
        if known is None:
            return
        run: list[int] = []
        spool = begin = end = 0
        for one in several:
            goes_on = known.spools[one] == spool and known.begins[one] == end
            if run and not (goes_on and end - begin < BLOCK):
                yield Passages(place, self._read(spool, begin, end), run, order)
                run = []
            if not run:
                spool, begin = known.spools[one], known.begins[one]
                end = begin
            run.append(known.lengths[one])
            end += known.lengths[one]
        if run:
            yield Passages(place, self._read(spool, begin, end), run, order)

    def told(self) -> Iterator[tuple[str, str]]:
        """Each place at which something was said of clients, with each of its orders."""
        for place in sorted(self._places):
            for order in self.orders(place):
                yield place, order

    def clients(self, place: str, order: str) -> list[str]:
        """Of whom something was said at a place, in order of names."""
        known = self._places[place]
        return [self.in_short[known.clients[one]].client for one in known.by_order[order]]

    def lengths(self, place: str, order: str) -> list[int]:
        """How much was said of each of them, in bytes."""
        known = self._places[place]
        return [known.lengths[one] for one in known.by_order[order]]

    def size(self, place: str) -> int:
        """How many bytes were said of clients at a place."""
        known = self._places.get(place)
        return sum(known.lengths) if known is not None else 0

    def size_of(self, path: str) -> int:
        """How many bytes were said of clients in a file."""
        return sum(self.size(place) for place in self._places if place.partition("#")[0] == path)

    def _read(self, spool: int, begin: int, end: int) -> bytes:
        if begin == end:
            return b""
        with open(self._spools[spool], "rb", buffering=0) as file:
            file.seek(begin)
            return file.read(end - begin)
