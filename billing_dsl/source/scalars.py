"""What a text without quotes means: the same thing to every reader of YAML, or a finding.

YAML 1.1 and 1.2 disagree about `no`, `17:30`, `010` and `1_000`, so a price list that uses them
means one thing in the editor and another in the tool. Here they have to be quoted. What is left:
`true`, `false`, `null`, nothing, numbers as people write them, and text; dates are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.source.text import shown

Scalar: TypeAlias = str | int | Decimal | bool | None

MOST_DIGITS = 40
"""The digits that a number may have; Autotask keeps far fewer."""

_MEANT: dict[str, bool | None] = {"": None, "null": None, "true": True, "false": False}
_TRUE = ("y", "yes", "on", "true")
_FALSE = ("n", "no", "off", "false")
_YES_OR_NO = dict.fromkeys(_TRUE, "true") | dict.fromkeys(_FALSE, "false")
_NOTHING = ("null", "~")
_NUMBER_BEGINS = frozenset("+-.0123456789")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
# Everything that YAML 1.1 or 1.2 takes for a number, and what comes close to it.
_LIKE_A_NUMBER = re.compile(
    r"""[-+]?(?:
        0x[0-9a-f_]* | 0o[0-7_]* | 0b[01_]+
      | (?:[0-9][0-9_]*(?:\.[0-9_]*)? | \.[0-9_]+) (?:e[-+]?[0-9]+)?
      | [0-9_]+(?::[0-9_]+)+(?:\.[0-9_]*)?
      | \.inf | \.nan
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text without quotes that readers of YAML take for different things; and the cure."""

    message: str
    help: str


def meaning(text: str) -> Scalar | Unclear:
    """The value of a text without quotes."""
    if text in _MEANT:
        return _MEANT[text]
    if text[0] in _NUMBER_BEGINS:
        return _number(text)
    if text in ("=", "<<"):
        return Unclear(f"`{text}` has a meaning of its own to some YAML readers", _quote(text))
    word = text.lower()
    if word in _YES_OR_NO:
        meant = _YES_OR_NO[word]
        message = f"`{text}` means {meant} to some YAML readers and text to others"
        return Unclear(message, f"write `{meant}`, or {_quote(text)}")
    if word in _NOTHING:
        message = f"`{text}` means nothing at all to some YAML readers and text to others"
        return Unclear(message, f"write `null` or leave the value out, or {_quote(text)}")
    return text


def unclear_key(text: str) -> Unclear | None:
    """Why a text without quotes cannot be a key; nothing if it can.

    A key is always text, so `on` and `no` may be keys; a number, a date or nothing may not.
    """
    if not text:
        return Unclear("a key is missing before the `:`", "write the key, or take the line out")
    if text == "=" or text.lower() in _NOTHING or looks_numeric(text) or _is_date(text):
        return Unclear(f"expected text as a key, found {shown(text)}", _quote(text))
    return None


def looks_numeric(text: str) -> bool:
    """Whether some reader of YAML takes a text without quotes for a number."""
    return text[:1] in _NUMBER_BEGINS and _LIKE_A_NUMBER.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return _LIKE_A_DATE.fullmatch(text) is not None


def _number(text: str) -> Scalar | Unclear:
    """The value of a text that begins as a number does."""
    if _NUMBER.fullmatch(text):
        digits = sum(char.isdigit() for char in text)
        if digits > MOST_DIGITS:
            message = f"a number of {digits} digits is longer than the {MOST_DIGITS} kept exactly"
            return Unclear(message, "shorten it; a code that looks like a number stands in quotes")
        if text[0] == "-" and not text.strip("-0."):
            return Unclear(f"expected `0`, found {shown(text)}", "write `0`")
        return Decimal(text) if "." in text else int(text)
    if not looks_numeric(text):
        return text
    return _odd_number(text)


def _odd_number(text: str) -> Unclear:
    """What is wrong with a number that is not written as people write it."""
    if ":" in text:
        message = f"{shown(text)} is a number to some YAML readers and text to others"
        return Unclear(message, _quote(text))
    message = f"expected a number like `40` or `8.50`, found {shown(text)}"
    sign, plain = ("-" if text[0] == "-" else ""), text.lstrip("+-").replace("_", "")
    whole, _, part = plain.partition(".")
    tidy = f"{whole.lstrip('0') or '0'}.{part}".removesuffix(".")
    if not _NUMBER.fullmatch(tidy):
        return Unclear(message, f"write the number in digits; if it is no number, {_quote(text)}")
    written = sign + tidy if tidy.strip("0.") else "0"
    return Unclear(message, f"write {shown(written)}; if it is no number, {_quote(text)}")


def _quote(text: str) -> str:
    return f"quote it: {shown(chr(34) + text + chr(34))}"
