"""Files that all clients share, put together of passages: part by part, and several at a time."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TypeAlias

from billing_dsl.cli.abreast import abreast, hands
from billing_dsl.cli.output import Ground, Listed, Writing
from billing_dsl.cli.passages import BLOCK, Gathered
from billing_dsl.targets import Assembled, Passages

StandingIn: TypeAlias = "dict[tuple[str, str], tuple[array[int], array[int]]]"
"""Where the passages of each place and order begin in a file, and how long they are there."""


@dataclass(frozen=True, slots=True)
class File:
    """A file put together, and where the passages stand in it."""

    listed: Listed
    stood: StandingIn


def assemble(ground: Ground, files: Sequence[Assembled], gathered: Gathered) -> list[File]:
    """Writes the files, unless they are there already just so."""
    tasks = [partial(_assemble, ground, some) for some in _divided(files, gathered)]
    return [file for some in abreast(tasks) for file in some]


def _divided(files: Sequence[Assembled], gathered: Gathered) -> list[list[Assembled]]:
    """Files for as many hands as there are, each to whom has least to do, the largest first."""
    sizes = {file.path: gathered.size_of(file.path) for file in files}
    shares: list[list[Assembled]] = [[] for _ in range(hands())]
    for file in sorted(files, key=lambda file: (-sizes[file.path], file.path)):
        min(shares, key=lambda share: sum(sizes[one.path] for one in share)).append(file)
    return [share for share in shares if share]


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
