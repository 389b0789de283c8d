"""Files of entries that were taken in before, kept as tables of numbers by the hash of their bytes.

Turning a large file into numbers takes longer than anything that is done with them, and the same
month is replayed again and again while a tier is changed. What becomes of a file depends on its
bytes, on how it is read, on this tool and on its engine: under a hash of all these it is kept, two
files for each. One is a database of the engine's, the other says what its numbers stand for, and
the hash of the database, so that a damaged one counts as none.

They lie with everything else that is kept (`store.kept`). Small files are read anew, and of large
ones those that were used last are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from billing_dsl.entries.engine import version
from billing_dsl.replay.columns import Reading
from billing_dsl.replay.side import Called
from billing_dsl.replay.told import Refused
from billing_dsl.replay.values import Refusal
from billing_dsl.store.kept import HEX, digest, folder, keep, load, row, tool

SMALLEST = 4 << 20
"""Bytes of the smallest file that is kept: a smaller one is read in the blink of an eye."""

MOST = 24
"""How many files are kept: the exports of two years, month by month."""

A_DAY = 24 * 60 * 60
"""Seconds after which nobody works on an unfinished file any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says: how many rows it has, what the numbers of its clients and kinds of work
    stand for, and the rows that are refused.
    """

    rows: int
    clients: tuple[str, ...]
    kinds: dict[int, Called]
    refused: tuple[Refused, ...]


def content_of(path: Path) -> str:
    """The hash of a file's bytes; empty where it is not to be kept."""
    if folder() is None:
        return ""
    try:
        return "" if path.stat().st_size < SMALLEST else _hashed(path)
    except OSError:
        return ""


def key_of(content: str, reading: Reading) -> str:
    """The hash of all that the numbers of a file depend on, whose bytes have a hash, or none."""
    if not content:
        return ""
    read = [dict(reading.positions), dict(reading.assumed)]
    how = row([content, *read, reading.date_format, reading.decimal_mark, version(), tool()])
    return digest(how)


def known(key: str) -> tuple[Path, Said] | None:
    """The database of a file that was kept whole, and what it says; None without it."""
    place = folder()
    if not key or place is None:
        return None
    path, head = place / _database(key), load(_head(key))
    if not isinstance(head, dict):
        return None
    try:
        if _hashed(path) != head["digest"]:
            return None
        os.utime(path)  # it was used: others are forgotten before it
    except OSError:
        return None
    kinds = {number: Called(*called) for number, *called in head["kinds"]}
    refused = tuple(Refused(Refusal(why), text, rows) for why, text, rows in head["refused"])
    return path, Said(head["rows"], tuple(head["clients"]), kinds, refused)


@contextlib.contextmanager
def unfinished(key: str) -> Iterator[Path | None]:
    """Where a database is written before it is kept, in a folder that goes in the end; None where
    it cannot be kept.
    """
    place = folder()
    made = None
    if key and place is not None:
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            made = tempfile.mkdtemp(prefix=".unfinished-", dir=place)
    try:
        yield None if made is None else Path(made) / "entries.duckdb"
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def keep_as(key: str, database: Path, said: Said) -> Path | None:
    """Keeps a database that is complete; gives where it is from now on, or None if that failed."""
    place = folder()
    if place is None:
        return None
    path = place / _database(key)
    try:
        database.chmod(0o600)
        hashed = _hashed(database)
        database.replace(path)
    except OSError:
        return None
    keep(
        _head(key),
        {
            "digest": hashed,
            "rows": said.rows,
            "clients": said.clients,
            "kinds": [
                [number, called.work_type, called.role, called.sub_issue]
                for number, called in said.kinds.items()
            ],
            "refused": [[one.reason.value, one.text, one.rows] for one in said.refused],
        },
    )
    with contextlib.suppress(OSError):  # others may have them open, or remove them just now
        _forget_oldest(place)
        _clear_away(place, path)
    return path


def _forget_oldest(place: Path) -> None:
    """Forgets the files that were used longest ago, where there are too many."""
    kept = sorted(place.glob(_database("*")), key=lambda path: -path.stat().st_mtime_ns)
    for path in kept[MOST:]:
        path.unlink(missing_ok=True)
        (place / _head(path.stem.removeprefix("entries-"))).unlink(missing_ok=True)


def _clear_away(place: Path, newest: Path) -> None:
    """Removes what a run has left unfinished that was killed, a day before or more."""
    day_before = newest.stat().st_mtime - A_DAY
    for path in place.glob(".unfinished-*"):
        if path.is_dir() and path.stat().st_mtime < day_before:
            shutil.rmtree(path, ignore_errors=True)


def _database(key: str) -> str:
    return f"entries-{key}.duckdb"


def _head(key: str) -> str:
    return f"entries-{key}.head"


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:HEX]
