"""JSON as every machine format writes it: ASCII, two spaces, one line break at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from billing_dsl.report._visible import COMMAND

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

_ON_A_LINE = json.JSONEncoder(ensure_ascii=False).encode
_BEYOND_ASCII = re.compile(r"[^ -~\n]")


def document(value: Json) -> str:
    """A value as JSON text that survives any stream's encoding, and that a CI log cannot obey.

    Half a surrogate pair, which strict readers refuse, becomes the text `\\ud800`.
    """
    return _inert(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


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
