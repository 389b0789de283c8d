"""Results of earlier runs, kept by the hash of what they were made from; disposable at any time.

Two files for each catalogue: the last run's whole result, which answers at once when nothing has
changed, and what each file and each family of clients gave, from which a run after a change takes
whatever the change does not touch. Keys are hashes of contents, never dates of files, so a kept
result is the result. A file that is damaged, of another version or of another tool is no file.
Of what is large most stands in rows, which become values only where somebody asks for them.

Written whole or not at all, under a name of its own first: runs may go on side by side.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import hashlib
import json
import os
import sys
import tempfile
import types
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from billing_dsl import __version__
from billing_dsl.diagnostics import Place

T = TypeVar("T")

LAYOUT = 3
"""Raised whenever what is kept changes its meaning."""

VARIABLE = "BILLING_DSL_CACHE"
"""The environment variable that names the folder for kept results, or says `off`."""


HEX = 32
"""Characters of a hash: half of a SHA-256, for which processors have instructions."""


def digest(*parts: bytes) -> str:
    """A hash of contents: equal for equal parts only."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()[:HEX]


def digest_of_text(text: bytes) -> str:
    """A hash of one file's text: equal for equal texts only."""
    return hashlib.sha256(text).hexdigest()[:HEX]


def folder() -> Path | None:
    """Where results are kept on this machine; None where they are not to be kept."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return None if named == "off" else Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or os.path.expanduser("~/.cache")
    return Path(base) / "billing-dsl" if os.path.isabs(base) else None


@cache
def tool() -> str:
    """Which tool this is: its version, and the sizes and dates of its own files.

    The latter so that whoever works on the tool never meets results of older code.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    schemas = os.path.join(os.path.dirname(package), "schemas")
    seen: list[str] = [__version__, str(LAYOUT), sys.version]
    for root in (package, schemas):
        for place, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                status = os.stat(os.path.join(place, name))
                seen.append(f"{place}/{name} {status.st_size} {status.st_mtime_ns}")
    return digest("\n".join(seen).encode("utf-8", "surrogateescape"))


def load(name: str) -> Any:
    """What was kept under a name, as plain values, or None."""
    return load_with_rows(name)[0]


def load_with_rows(name: str) -> tuple[Any, list[bytes]]:
    """What was kept under a name, as plain values, and its rows; None and no rows without it."""
    place = folder()
    if place is None:
        return None, []
    try:
        content = (place / name).read_bytes()
    except OSError:
        return None, []
    checksum, _, body = content.partition(b"\n")
    if checksum.decode("ascii", "replace") != digest(body):
        return None, []
    first, *rows = body.split(b"\n")
    try:
        return json.loads(first), rows
    except (ValueError, RecursionError):
        return None, []


def row(content: Any) -> bytes:
    """Plain values as a row: JSON without an end of line."""
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def rows_made(rows: Iterable[bytes]) -> list[Any]:
    """The plain values of many rows at once."""
    found: list[Any] = json.loads(b"[%b]" % b",".join(rows))
    return found


def keep(name: str, content: Any, rows: Iterable[bytes] = ()) -> None:
    """Keeps plain values under a name, and rows; where that cannot be done, nothing is kept."""
    place = folder()
    if place is None:
        return
    body = b"\n".join((row(content), *rows))
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(digest(body).encode() + b"\n")
                file.write(body)
            os.replace(unfinished, place / name)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise


# --- values as plain values ----------------------------------------------------------------------

Make = Callable[[Any, "Rows"], Any]


class Rows:
    """What many values share, written once: a shared part is kept as its row's number.

    Shared are the dataclasses inside a packed value, but for places, which differ, and tuples of
    tuples of plain values. Rows are never changed or removed, so a number means the same in every
    run that keeps them.
    """

    def __init__(self, rows: list[Any]) -> None:
        """Goes on from rows that an earlier run has kept."""
        self.rows = rows
        self._numbers: dict[tuple[type, Any], int] = {}
        self._known: dict[str, int] | None = None
        self._made: dict[tuple[int, Make], Any] = {}

    def pack(self, value: object) -> Any:
        """A dataclass as the list of its fields, whose shared parts are row numbers."""
        kind: Any = type(value)
        return [self._packed(getattr(value, name)) for name in _fields(kind)]

    def _packed(self, value: object) -> Any:
        if isinstance(value, tuple):
            if _is_plain(value):
                return list(value)
            if not all(isinstance(item, tuple) and _is_plain(item) for item in value):
                return [self._packed(item) for item in value]
        elif isinstance(value, type) or not dataclasses.is_dataclass(value):
            return plain(value)
        elif isinstance(value, Place):
            return self.pack(value)
        key = (type(value), value)
        number = self._numbers.get(key)
        if number is None:
            inner = plain(value) if isinstance(value, tuple) else self.pack(value)
            number = self._numbers[key] = self._number(inner)
        return number

    def _number(self, row: list[Any]) -> int:
        if self._known is None:
            self._known = {json.dumps(kept): number for number, kept in enumerate(self.rows)}
        text = json.dumps(row)
        number = self._known.setdefault(text, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
        return number

    def made(self, number: int, make: Make) -> Any:
        """What a row stands for, made once."""
        key = (number, make)
        if key not in self._made:
            self._made[key] = make(self.rows[number], self)
        return self._made[key]


def _is_plain(value: tuple[object, ...]) -> bool:
    return all(isinstance(item, str | int) for item in value)


NO_ROWS = Rows([])


def plain(value: object) -> Any:
    """Frozen values as lists, text and numbers, for JSON: a dataclass is the list of its fields."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind: Any = type(value)
        return [plain(getattr(value, name)) for name in _fields(kind)]
    raise TypeError(f"{type(value).__name__} is not kept")


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def made(kind: Callable[..., T], value: Any, rows: Rows = NO_ROWS) -> T:
    """The value of a class that `plain` or `pack` gave, made again. Raises where it is not one."""
    return cast("T", _maker(kind)(value, rows))


@cache
def _maker(kind: Any) -> Make:
    origin = get_origin(kind)
    if kind in (str, int, bool, type(None)):
        return lambda value, rows: value
    if origin is tuple:
        return _tuple_maker(get_args(kind))
    if origin in (Union, types.UnionType):
        return _either(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return lambda value, rows: kind(value)
    if kind is date:
        return lambda value, rows: date.fromisoformat(value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        makers = tuple(_maker(hints[name]) for name in _fields(kind))

        def make(value: Any, rows: Rows) -> Any:
            if isinstance(value, int):
                return rows.made(value, make)
            return kind(*(each(item, rows) for each, item in zip(makers, value, strict=True)))

        return make
    raise TypeError(f"{kind} is not kept")


def _tuple_maker(inner: tuple[Any, ...]) -> Make:
    every = _maker(inner[0]) if len(inner) == 2 and inner[1] is Ellipsis else None
    makers = () if every else tuple(map(_maker, inner))

    def make(value: Any, rows: Rows) -> Any:
        if isinstance(value, int):
            return rows.made(value, make)
        if every is not None:
            return tuple(every(item, rows) for item in value)
        return tuple(each(item, rows) for each, item in zip(makers, value, strict=True))

    return make


def _either(options: tuple[Any, ...]) -> Make:
    """Which of a union a plain value is: plain itself, or a dataclass told by its length."""
    classes = {
        len(_fields(option)): _maker(option)
        for option in options
        if dataclasses.is_dataclass(option) and isinstance(option, type)
    }
    others = [option for option in options if not dataclasses.is_dataclass(option)]
    if len(classes) + len(others) != len(options):
        raise TypeError(f"{options} cannot be told apart by their lengths")
    if classes and int in others:
        raise TypeError(f"{options} cannot be told apart: a whole number may be that of a row")

    def make(value: Any, rows: Rows) -> Any:
        if isinstance(value, list):
            return classes[len(value)](value, rows)
        if classes and isinstance(value, int) and not isinstance(value, bool):
            return rows.made(value, make)
        return value

    return make
