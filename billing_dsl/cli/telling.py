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

from billing_dsl.cli.abreast import abreast, hands
from billing_dsl.cli.checking import Standing
from billing_dsl.cli.output import Ground, Laid, Listed, Writing
from billing_dsl.pipeline import Coded, Common, Telling
from billing_dsl.targets import Artifact, Assembled, Compilation, Passage, Passages, Views
from billing_dsl.targets._in_short import InShort

BLOCK = 1 << 20
"""Bytes of passages that are read and written at a time."""

SPOOLED = 4 << 20
"""Bytes of passages that wait until they are written to their spools together."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a compilation is made of and by, beside what clients share."""

    as_of: date
    catalogue_hash: str
    commit: str
    tool_version: str

    def of(self, common: Common) -> Compilation:
        """The compilation of what clients share. Without settings there is none."""
        if common.declared is None:
            raise ValueError("without settings nothing is compiled")
        return Compilation(
            common.declared, self.as_of, self.catalogue_hash, self.commit, self.tool_version
        )


# --- family by family ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spooled:
    """The passages of one place: a spool, and the length of each client's, in order."""

    spool: str
    clients: list[str]
    lengths: list[int]


@dataclass(frozen=True, slots=True)
class Share:
    """What was said of some families: their own files, passages by places, clients in short."""

    files: list[Listed]
    spooled: Mapping[str, Spooled]
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
        share = Share([], spools.spooled, [], [])
        for views in families:
            for said in telling.of_family(views):
                if isinstance(said, Passage):
                    spools.add(said)
                elif isinstance(said, Artifact):
                    share.files.append(self.ground.lay(said))
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
    _size: int = 0

    def add(self, passage: Passage) -> None:
        """One more passage, after those before at its place."""
        client, place, content = passage
        spooled = self.spooled.get(place)
        if spooled is None:
            name = f"{self.folder}/{len(self.spooled)}"
            spooled = self.spooled[place] = Spooled(name, [], [])
            self._waiting[place] = []
        spooled.clients.append(client)
        spooled.lengths.append(len(content))
        if content:
            self._waiting[place].append(content)
            self._size += len(content)
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
    """Where the passage of each client is, by the client's number: spool, beginning, length."""

    spools: array[int]
    begins: array[int]
    lengths: array[int]


class Gathered:
    """Everybody, told of by several: clients in short, and passages where they were laid down."""

    def __init__(self, shares: Iterable[Share]) -> None:
        """Puts the shares together, in order of clients' names."""
        shares = list(shares)
        found = (short for share in shares for short in share.in_short)
        self.in_short = tuple(sorted(found, key=lambda short: short.client))
        self._numbers = {short.client: n for n, short in enumerate(self.in_short)}
        self._spools: list[str] = []
        self._places: dict[str, _Place] = {}
        for share in shares:
            for place, spooled in share.spooled.items():
                self._add(place, spooled)

    def _add(self, place: str, spooled: Spooled) -> None:
        known = self._places.get(place)
        if known is None:
            nothing = [0] * len(self._numbers)
            known = _Place(array("L", nothing), array("Q", nothing), array("Q", nothing))
            self._places[place] = known
        spool, begin = len(self._spools), 0
        self._spools.append(spooled.spool)
        for client, length in zip(spooled.clients, spooled.lengths, strict=True):
            number = self._numbers[client]
            known.spools[number] = spool
            known.begins[number] = begin
            known.lengths[number] = length
            begin += length

    def passages(self, place: str) -> Iterator[Passages]:
        """What was said of clients at a place, in order of names, as much as fits a block."""
        known = self._places.get(place)
        if known is None:
            return
        spools, begins, lengths = known.spools, known.begins, known.lengths
        first, count = 0, len(lengths)
        while first < count:
            spool, begin = spools[first], begins[first]
            end, last = begin + lengths[first], first + 1
            while last < count and spools[last] == spool and begins[last] == end:
                if end - begin > BLOCK:
                    break
                end += lengths[last]
                last += 1
            yield Passages(place, self._read(spool, begin, end), lengths[first:last])
            first = last

    def size(self, path: str) -> int:
        """How much was said of all clients in one file."""
        places = (found for place, found in self._places.items() if place.startswith(path))
        return sum(sum(found.lengths) for found in places)

    def _read(self, spool: int, begin: int, end: int) -> bytes:
        with open(self._spools[spool], "rb", buffering=0) as file:
            file.seek(begin)
            return file.read(end - begin)


def lay(ground: Ground, standing: Standing, made: Made) -> Laid:
    """All files of a checked catalogue."""
    common, hands = standing.shared()
    shares = hands.make(common, common.inventory.families, OfFamilies(ground, made))
    gathered = Gathered(shares)
    said = list(Telling(made.of(common)).of_all(gathered))
    files = [file for share in shares for file in share.files]
    unsaid = [found for share in shares for found in share.unsaid]
    unsaid += [found for found in said if not isinstance(found, Assembled)]
    if not unsaid:
        wholes = [found for found in said if isinstance(found, Assembled)]
        tasks = [partial(_assemble, ground, some) for some in _divided(wholes, gathered)]
        files += [file for some in abreast(tasks) for file in some]
    return Laid(tuple(files), tuple(unsaid))


def _divided(files: Sequence[Assembled], gathered: Gathered) -> list[list[Assembled]]:
    """Files for as many hands as there are, each to whom has least to do, the largest first."""
    sizes = {file.path: gathered.size(file.path) for file in files}
    shares: list[list[Assembled]] = [[] for _ in range(hands())]
    for file in sorted(files, key=lambda file: (-sizes[file.path], file.path)):
        min(shares, key=lambda share: sum(sizes[one.path] for one in share)).append(file)
    return [share for share in shares if share]


def _assemble(ground: Ground, files: Iterable[Assembled]) -> list[Listed]:
    return [_assembled(ground, file) for file in files]


def _assembled(ground: Ground, file: Assembled) -> Listed:
    """Writes one file, part by part, unless it is there already just so."""
    total = hashlib.sha256()
    size = 0
    path = f"{ground.new}/{file.path}"
    with Writing(path) as writing:
        for content in _blocks(file.parts):
            total.update(content)
            writing.add(content)
            size += len(content)
    found = Listed(file.path, total.hexdigest(), size, file.kind)
    if ground.present.get(file.path) == found.sha256:
        os.unlink(path)
    return found


def _blocks(parts: Iterable[bytes | Passages]) -> Iterator[bytes]:
    """Parts, as many as fill a block together."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        content = part.content if isinstance(part, Passages) else part
        waiting.append(content)
        size += len(content)
        if size > BLOCK:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    yield b"".join(waiting)
