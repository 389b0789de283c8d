"""Plain values as a document writes them: for cures, examples and the language's page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

WIDTH = 88
"""Columns that a line of an example may take before its value is spread over several."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .;'()@/+_-]*(?<! )")
_DAY_OR_TERM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+ [a-z]+")
_AMBIGUOUS = frozenset({"y", "yes", "n", "no", "on", "off", "true", "false", "null"})


def flow(value: Any) -> str:
    """A value on one line: `{EUR: 85.00, CHF: 92.00}`, `[it, en]`, `"NO"`.

    >>> flow({"country": "NO", "lines": ["Onsite Support", "2027-01-01", "17:30", None, True]})
    '{country: "NO", lines: [Onsite Support, 2027-01-01, "17:30", null, true]}'
    """
    match value:
        case dict():
            return (
                "{" + ", ".join(f"{_key(key)}: {flow(held)}" for key, held in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(flow(held) for held in value) + "]"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return value if _reads_as_itself(value) else json.dumps(value, ensure_ascii=False)
        case Decimal():
            return f"{value:f}"  # never as 1E-7
    return str(value)


def block(value: dict[str, Any]) -> str:
    """A document, field by field, each on one line where it fits; ends with a line break."""
    return "".join(f"{line}\n" for line in _fields(value, ""))


def _key(name: str) -> str:
    """A key, which is always text: `on` and `no` need no quotes there."""
    plain = _PLAIN.fullmatch(name) and name.lower() != "null"
    return name if plain else json.dumps(name, ensure_ascii=False)


def _reads_as_itself(text: str) -> bool:
    """Whether text needs no quotes anywhere: rather too few than too many."""
    if text.lower() in _AMBIGUOUS:
        return False
    return bool(_PLAIN.fullmatch(text) or _DAY_OR_TERM.fullmatch(text))


def _fields(value: dict[str, Any], margin: str) -> Iterator[str]:
    for key, held in value.items():
        line = f"{margin}{_key(key)}: {flow(held)}"
        if _stays_on_one_line(held, line):
            yield line
            continue
        yield f"{margin}{_key(key)}:"
        if isinstance(held, dict):
            yield from _fields(held, f"{margin}  ")
        else:
            yield from _items(held, f"{margin}  ")


def _items(values: list[Any], margin: str) -> Iterator[str]:
    for held in values:
        line = f"{margin}- {flow(held)}"
        if not isinstance(held, dict) or len(line) <= WIDTH:
            yield line
            continue
        first, *rest = _fields(held, f"{margin}  ")
        yield f"{margin}- {first.lstrip()}"
        yield from rest


def _stays_on_one_line(value: Any, line: str) -> bool:
    match value:
        case [dict(), *_]:
            return False
        case dict() | list():
            return len(line) <= WIDTH
    return True
