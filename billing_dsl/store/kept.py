"""Results of earlier runs, kept by the hash of what they were made from; disposable at any time.

Two files for each catalogue: the last run's whole result, which answers at once when nothing has
changed, and what each file and each family of clients gave, from which a run after a change takes
whatever the change does not touch. Keys are hashes of contents, never dates of files, so a kept
result is the result. A file that is damaged, of another version or of another tool is no file.

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
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from billing_dsl import __version__

T = TypeVar("T")

LAYOUT = 1
"""Raised whenever what is kept changes its meaning."""

VARIABLE = "BILLING_DSL_CACHE"
"""The environment variable that names the folder for kept results, or says `off`."""


def digest(*parts: bytes) -> str:
    """A hash of contents: equal for equal parts only."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


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
    here = os.path.dirname(os.path.abspath(__file__))
    schemas = os.path.join(os.path.dirname(here), "schemas")
    seen: list[str] = [__version__, str(LAYOUT), sys.version]
    for root in (here, schemas):
        for place, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                status = os.stat(os.path.join(place, name))
                seen.append(f"{place}/{name} {status.st_size} {status.st_mtime_ns}")
    return digest("\n".join(seen).encode("utf-8", "surrogateescape"))


def load(name: str) -> Any:
    """What was kept under a name, as plain values, or None."""
    place = folder()
    if place is None:
        return None
    try:
        content = (place / name).read_bytes()
    except OSError:
        return None
    checksum, _, body = content.partition(b"\n")
    if checksum.decode("ascii", "replace") != digest(body):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def keep(name: str, content: Any) -> None:
    """Keeps plain values under a name; where that cannot be done, nothing is kept."""
    place = folder()
    if place is None:
        return
    body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(digest(body).encode() + b"\n" + body)
            os.replace(unfinished, place / name)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise


# --- values as plain values ----------------------------------------------------------------------


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
        return [plain(getattr(value, name)) for name in _fields(value.__class__)]
    raise TypeError(f"{type(value).__name__} is not kept")


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def made(kind: Callable[..., T], value: Any) -> T:
    """The value of a class that `plain` gave, made again. Raises where it is not one."""
    return _maker(kind)(value)  # type: ignore[no-any-return]


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if kind in (str, int, bool, type(None)):
        return lambda value: value
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            each = _maker(inner[0])
            return lambda value: tuple(map(each, value))
        makers = tuple(map(_maker, inner))
        return lambda value: tuple(maker(item) for maker, item in zip(makers, value, strict=True))
    if origin in (Union, types.UnionType):
        return _either(tuple(option for option in get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind
    if kind is date:
        return date.fromisoformat
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        makers = tuple(_maker(hints[name]) for name in _fields(kind))
        return lambda value: kind(*(maker(item) for maker, item in zip(makers, value, strict=True)))
    raise TypeError(f"{kind} is not kept")


def _either(options: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Which of a union a plain value is: by its being null, by being plain, or by its length."""
    classes = {
        len(_fields(option)): _maker(option)
        for option in options
        if dataclasses.is_dataclass(option) and isinstance(option, type)
    }
    others = [option for option in options if not dataclasses.is_dataclass(option)]
    if len(classes) + len(others) != len(options):
        raise TypeError(f"{options} cannot be told apart by their lengths")

    def make(value: Any) -> Any:
        return classes[len(value)](value) if isinstance(value, list) else value

    return make
