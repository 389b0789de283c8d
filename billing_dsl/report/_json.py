"""JSON as every machine format writes it: ASCII, two spaces, one line break at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from billing_dsl.report._visible import COMMAND

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | Rows | None"


@dataclass(frozen=True, slots=True)
class Rows:
    """A long list, whose items are made while somebody writes them: it can be gone through once."""

    items: Iterable[Json]


class Listing(Protocol):
    """How a long list is held: made at once (`list`), or while it is written (`Rows`)."""

    def __call__(self, items: Iterable[Json], /) -> Json:
        """The list."""


_ON_A_LINE = json.JSONEncoder(ensure_ascii=False).encode
_BEYOND_ASCII = re.compile(r"[^ -~\n]")


def document(value: Json) -> str:
    """A value as JSON text that survives any stream's encoding, and that a CI log cannot obey.

    Half a surrogate pair, which strict readers refuse, becomes the text `\\ud800`.
    """
    return _inert(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def in_parts(value: Json) -> Iterator[str]:
    """The same text part by part, for what may be long: an item of its `Rows` at a time."""
    yield from _parts(value, "\n")
    yield "\n"


def _parts(value: Json, below: str) -> Iterator[str]:
    """The text of a value; each of its lines but the first begins as `below` says.

    `json` leaves a ring of functions behind whenever it indents, which nobody takes away as long as
    a run looks for no rings.
    """
    inner = f"{below}  "
    if isinstance(value, Rows):
        before = f"[{inner}"
        for one in value.items:
            yield before
            yield from _parts(one, inner)
            before = f",{inner}"
        yield "[]" if before[0] == "[" else f"{below}]"
    elif isinstance(value, Mapping) and any(isinstance(one, Rows) for one in value.values()):
        before = f"{{{inner}"
        for key, one in value.items():
            yield f"{before}{on_a_line(key)}: "
            yield from _parts(one, inner)
            before = f",{inner}"
        yield f"{below}}}"
    else:
        yield _inert(_indented(value, below))


def _indented(value: Json, below: str) -> str:
    """The text of a value without `Rows`, likewise."""
    inner = f"{below}  "
    if isinstance(value, str) or not isinstance(value, (Mapping, Sequence)):
        return _ON_A_LINE(value)
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    if isinstance(value, Mapping):
        fields = [f"{_ON_A_LINE(key)}: {_indented(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(fields)}{below}}}"
    items = [_indented(one, inner) for one in value]
    return f"[{inner}{f',{inner}'.join(items)}{below}]"


def on_a_line(value: Json) -> str:
    """A value on one line, likewise, without a line break at the end."""
    return _inert(_ON_A_LINE(value))


def _inert(text: str) -> str:
    if text.isascii() and "\x7f" not in text and "##" not in text:
        return text  # as nearly all of it is
    return COMMAND.sub(r"#\\u0023", _BEYOND_ASCII.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if "\ud800" <= char <= "\udfff":
        return f"\\\\u{ord(char):04x}"
    pairs = char.encode("utf-16-be").hex()
    return "".join(f"\\u{pairs[place : place + 4]}" for place in range(0, len(pairs), 4))
