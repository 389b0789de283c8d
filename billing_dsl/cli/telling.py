"""Outputs laid down: families are told of side by side, and then the files that all share.

What is said of a client in a file that all share goes into a spool, a file for each place, and only
its length is remembered. So no process ever holds more than it is telling of at a moment.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import accumulate, repeat
from typing import TypeAlias

from billing_dsl.cli.abreast import abreast, hands
from billing_dsl.cli.checking import Standing
from billing_dsl.cli.output import Ground, Laid, Listed, Writing
from billing_dsl.cli.retelling import Before, before
from billing_dsl.pipeline import Coded, Common, Telling
from billing_dsl.store.told import Stood, Told, ToldFamily, keep_told
from billing_dsl.targets import Artifact, Assembled, Compilation, Passage, Passages, Views
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._sending import Sending

BLOCK = 1 << 20
"""Bytes of passages that are read and written at a time."""

SPOOLED = 4 << 20
"""Bytes of passages that wait until they are written to their spools together."""


def lay(
    ground: Ground, found: Standing, compilation: Compilation, families: Sequence[Views] | None
) -> Laid:
    """All files of a checked catalogue. `families` are at hand where all had to be seen before."""
    common = found.common
    task = OfFamilies(ground, Made.by(compilation))
    if families is not None:
        step = -(-len(families) // hands()) or 1
        parts = [families[first : first + step] for first in range(0, len(families), step)]
        told, shares = None, abreast([partial(task, common, part) for part in parts])
    else:
        told = before(found, task.made.key, ground)
        shares = found.hands.make(common, told.untold, task)
        if told.whole(ground):
            return Laid(tuple(ground.present.values()))
        shares.append(_told(told, ground))
    gathered = Gathered(shares)
    said = list(Telling(compilation).of_all(gathered))
    unsaid = [one for share in shares for one in share.unsaid]
    unsaid += [one for one in said if not isinstance(one, Assembled)]
    files = [file for share in shares for own in share.files.values() for file in own]
    if not unsaid:
        wholes = [one for one in said if isinstance(one, Assembled)]
        tasks = [partial(_assemble, ground, some) for some in _divided(wholes, gathered)]
        assembled = [one for some in abreast(tasks) for one in some]
        files += [one.listed for one in assembled]
        if told is not None:
            _keep(told, shares, gathered, assembled)
    return Laid(tuple(files), tuple(_once(unsaid)))


def _told(before: Before, ground: Ground) -> Share:
    """What was told before and still holds, as if it had just been told."""
    share = Share({}, {}, [], [])
    kept: set[str] = set()
    for clients, family in before.told_of():
        kept.update(clients)
        share.files[clients[0]] = [ground.present[path] for path, _ in family.files]
        share.in_short.extend(family.in_short)
    for stood in before.told.passages:
        path = stood.place.partition("#")[0]
        spooled = share.spooled.setdefault(stood.place, Spooled(f"{ground.out}/{path}"))
        for client, begin, length in zip(stood.clients, stood.begins, stood.lengths, strict=True):
            if client in kept:
                spooled.add(client, stood.order, begin, length)
    return share


def _once(unsaid: Iterable[Coded]) -> Iterator[Coded]:
    """What is wrong with something that all share is told of the first client that shows it."""
    told: dict[tuple[str, str], Coded] = {}
    for code, finding in sorted(unsaid, key=_whose):
        if not finding.subject.startswith("template/"):
            yield code, finding
        elif (code, finding.subject) not in told:
            told[code, finding.subject] = (code, finding)
    yield from told.values()


def _whose(unsaid: Coded) -> str:
    return unsaid[1].reached[0].client if unsaid[1].reached else ""


# --- family by family ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """What a compilation is made of and by, beside what clients share: it can travel."""

    as_of: date
    catalogue_hash: str
    commit: str
    tool_version: str
    sending: Sending | None

    @classmethod
    def by(cls, compilation: Compilation) -> Made:
        """What a compilation is made by."""
        return cls(
            compilation.as_of,
            compilation.catalogue_hash,
            compilation.commit,
            compilation.tool_version,
            compilation.sending,
        )

    @property
    def key(self) -> str:
        """Stands for whatever of it targets tell of a family: the hash is not told."""
        return repr((self.as_of, self.commit, self.tool_version, self.sending))

    def of(self, common: Common) -> Compilation:
        """The compilation of what clients share. Without settings there is none."""
        if common.declared is None:
            raise ValueError("without settings nothing is compiled")
        return Compilation(
            common.declared,
            self.as_of,
            self.catalogue_hash,
            self.commit,
            self.tool_version,
            self.sending,
        )


@dataclass(frozen=True, slots=True)
class Spooled:
    """The passages of one place: a spool, and of each its client, order, beginning and length."""

    spool: str
    clients: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

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


@dataclass(frozen=True, slots=True)
class OfFamilies:
    """The task to tell of families, for whoever holds their documents."""

    ground: Ground
    made: Made

    def __call__(self, common: Common, families: Iterable[Views]) -> Share:
        """Lays down the files of these families."""
        telling = Telling(self.made.of(common))
        spools = _Spools(tempfile.mkdtemp(dir=self.ground.aside))
        share = Share({}, spools.spooled, [], [])
        for views, said in telling.of_families(families):
            if isinstance(said, Passage):
                spools.add(said)
            elif isinstance(said, Artifact):
                files = share.files.setdefault(views[0].client.name, [])
                files.append(self.ground.lay(said))
            elif isinstance(said, InShort):
                share.in_short.append(said)
            else:
                share.unsaid.append(said)
        spools.flush()
        return share


@dataclass(slots=True)
class _Spools:
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


# --- all together --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where the passages of a place were laid down: client by number, spool, beginning, length."""

    clients: array[int] = field(default_factory=lambda: array("L"))
    spools: array[int] = field(default_factory=lambda: array("L"))
    begins: array[int] = field(default_factory=lambda: array("Q"))
    lengths: array[int] = field(default_factory=lambda: array("Q"))
    by_order: dict[str, list[int]] = field(default_factory=dict)
    """The passages of each order, by their positions here."""


class Gathered:
    """Everybody, told of by several: clients in short, and passages where they were laid down."""

    def __init__(self, shares: Iterable[Share]) -> None:
        """Puts the shares together, in order of clients' names."""
        shares = list(shares)
        found = (short for share in shares for short in share.in_short)
        self.in_short = tuple(sorted(found, key=lambda short: short.client))
        self._spools: list[str] = []
        self._places: dict[str, _Place] = {}
        numbers = {short.client: number for number, short in enumerate(self.in_short)}
        for share in shares:
            for place, spooled in share.spooled.items():
                self._add(self._places.setdefault(place, _Place()), spooled, numbers)
        for known in self._places.values():
            for several in known.by_order.values():
                several.sort(key=known.clients.__getitem__)

    def _add(self, known: _Place, spooled: Spooled, numbers: Mapping[str, int]) -> None:
        spool = len(self._spools)
        self._spools.append(spooled.spool)
        for position, order in enumerate(spooled.orders, len(known.clients)):
            known.by_order.setdefault(order, []).append(position)
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


def _divided(files: Sequence[Assembled], gathered: Gathered) -> list[list[Assembled]]:
    """Files for as many hands as there are, each to whom has least to do, the largest first."""
    sizes = {file.path: gathered.size_of(file.path) for file in files}
    shares: list[list[Assembled]] = [[] for _ in range(hands())]
    for file in sorted(files, key=lambda file: (-sizes[file.path], file.path)):
        min(shares, key=lambda share: sum(sizes[one.path] for one in share)).append(file)
    return [share for share in shares if share]


StandingIn: TypeAlias = "dict[tuple[str, str], tuple[array[int], array[int]]]"
"""Where the passages of each place and order begin in a file, and how long they are there."""


@dataclass(frozen=True, slots=True)
class File:
    """A file put together, and where the passages stand in it."""

    listed: Listed
    stood: StandingIn


def _assemble(ground: Ground, files: Iterable[Assembled]) -> list[File]:
    return [_assembled(ground, file) for file in files]


def _assembled(ground: Ground, file: Assembled) -> File:
    """Writes one file, part by part, unless it is there already just so."""
    total = hashlib.sha256()
    size = 0
    path = f"{ground.new}/{file.path}"
    stood: StandingIn = {}
    with Writing(path) as writing:
        for content in _blocks(file.parts, stood):
            total.update(content)
            writing.add(content)
            size += len(content)
    found = Listed(file.path, total.hexdigest(), size, file.kind)
    if ground.holds(found):
        os.unlink(path)
    return File(found, stood)


def _blocks(parts: Iterable[bytes | Passages], stood: StandingIn) -> Iterator[bytes]:
    """Parts, as many as fill a block together; notes where passages stand."""
    waiting: list[bytes] = []
    size = total = 0
    for part in parts:
        content = part.content if isinstance(part, Passages) else part
        if isinstance(part, Passages):
            place = part.place, part.order
            begins, lengths = stood.setdefault(place, (array("Q"), array("Q")))
            begins.extend(accumulate(part.lengths[:-1], initial=total))
            lengths.extend(part.lengths)
        total += len(content)
        waiting.append(content)
        size += len(content)
        if size > BLOCK:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    yield b"".join(waiting)


# --- kept for the next compile -------------------------------------------------------------------


def _keep(
    before: Before, shares: Iterable[Share], gathered: Gathered, assembled: Sequence[File]
) -> None:
    """Keeps what has been told, unless passages do not stand in the files as they were told."""
    if not before.name:
        return
    stood = {}
    for file in assembled:
        stood.update(file.stood)
    passages: list[Stood] = []
    for place, order in gathered.told():
        clients = gathered.clients(place, order)
        if (place, order) in stood:
            begins, lengths = stood[place, order]
        elif any(gathered.lengths(place, order)):
            return
        else:  # nothing was said there, of nobody
            begins = lengths = array("Q", bytes(8 * len(clients)))
        if len(begins) != len(clients):
            return
        passages.append(Stood(place, order, clients, begins, lengths))
    files = {family: own for share in shares for family, own in share.files.items()}
    in_short = {short.client: short for short in gathered.in_short}
    families = [
        ToldFamily(
            one.key,
            tuple([in_short[client] for client in one.clients]),
            tuple([(file.path, file.sha256) for file in files.get(one.clients[0], ())]),
        )
        for one in before.families
    ]
    shared = {file.listed.path: file.listed.sha256 for file in assembled}
    keep_told(before.name, before.key, Told(families, shared, passages))
