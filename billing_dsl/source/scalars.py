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
_LIKE_TEXT = ("y", "yes", "n", "no")
"""Names and answers begin so: a country, an initial. Mostly the text itself is meant."""
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
_GROUPS = re.compile(r"-?[0-9]{1,3}([.,][0-9]{3})+")
_PARTED = re.compile(r"-?[0-9]+(?:[.,][0-9]+)+")
# The quotes that word processors write, each with those that may end what it begins.
_CURLY = {
    "“": '”“"',
    "”": '”"',
    "„": '“”"',
    "\u2018": "’'",
    "’": "’'",
    "\u201a": "\u2018’'",
}
_OPENING = "“„"
_LIKE_A_CODE = re.compile(r"0[0-9]+|\+[0-9]{5,}")  # a telephone number, a postal code
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", re.DOTALL)


DASH = ("a space is missing after the `-` that begins a list item", "write `- ` before the item")
"""Message and help about a dash to which its list item sticks."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text without quotes that readers of YAML take for different things; and the cure."""

    message: str
    help: str
    misleads: bool = False
    """Whether the rest of its line is likely to be misread for the same reason."""


def meaning(text: str) -> Scalar | Unclear:
    """The value of a text without quotes."""
    if text in _MEANT:
        return _MEANT[text]
    if text[0] in _NUMBER_BEGINS:
        return _number(text)
    if text[0] in _CURLY and (curly := _curly(text)):
        return curly
    if text in ("=", "<<"):
        return Unclear(f"`{text}` has a meaning of its own to some YAML readers", _quote(text))
    word = text.lower()
    if word in _YES_OR_NO:
        meant = _YES_OR_NO[word]
        message = f"`{text}` means {meant} to some YAML readers and text to others"
        if word in _LIKE_TEXT:
            return Unclear(message, f"{_quote(text)}, or write `{meant}` if that is meant")
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
    if text[0] == "-" and text[1:2] in ("{", "["):
        return Unclear(*DASH, misleads=True)
    if text == "=" or text.lower() in _NOTHING or looks_numeric(text) or _is_date(text):
        return Unclear(f"expected text as a key, found {shown(text)}", _quote(text))
    return None


def looks_numeric(text: str) -> bool:
    """Whether some reader of YAML takes a text without quotes for a number."""
    return text[:1] in _NUMBER_BEGINS and _LIKE_A_NUMBER.fullmatch(text) is not None


def commas_left_out(text: str) -> tuple[str, ...]:
    """What a number with a comma may mean, written with a point alone: `3,000.00` is `3000.00`.

    Two numbers where the comma may part decimals or groups of three digits; none where the text
    is nothing like a number.
    """
    if not _PARTED.fullmatch(text):
        return ()
    signs = [char for char in text if char in ",."]
    likely: tuple[str, ...] = ()
    if len(set(signs)) > 1:  # the last sign parts the decimals; the others part groups
        whole, _, decimals = text.rpartition(signs[-1])
        plain = re.sub("[.,]", "", whole)
        if signs.count(signs[-1]) == 1:
            likely = (f"{plain}.{decimals}",)
    elif _GROUPS.fullmatch(text):
        likely = (re.sub("[.,]", "", text),)
        if len(signs) == 1:
            likely += (text.replace(",", "."),)
    elif len(signs) == 1:
        likely = (text.replace(",", "."),)
    return tuple(number for number in likely if _NUMBER.fullmatch(number))


def _curly(text: str) -> Unclear | None:
    """What is wrong with a text in the quotes of a word processor; nothing if it is no such."""
    inner = text[1:-1]
    if len(text) > 1 and text[-1] in _CURLY[text[0]]:
        if any(sign in _CURLY for sign in inner.replace("’", "")):
            return None  # “this” and “that”
        message = f"the quotes around {shown(inner)} are curly, and so would become part of it"
        return Unclear(message, f"write straight quotes: {shown(chr(34) + inner + chr(34))}")
    if text[0] in _OPENING and not any(sign in text[1:] for sign in _CURLY[text[0]]):
        message = f"a curly quote `{text[0]}` begins this text, and nothing closes it"
        return Unclear(message, 'put the whole text in straight quotes: `"…"`', misleads=True)
    return None


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
    if _LIKE_A_CODE.fullmatch(text):
        return Unclear(message, f"{_quote(text)}; if it is a number, write {shown(written)}")
    return Unclear(message, f"write {shown(written)}; if it is no number, {_quote(text)}")


def _quote(text: str) -> str:
    return f"quote it: {shown(chr(34) + text + chr(34))}"
