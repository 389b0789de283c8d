"""Values and fields in the words of the people who write them, and the nearest that would fit."""

from __future__ import annotations

import calendar
import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from billing_dsl.model.field import Schema
from billing_dsl.model.written import flow
from billing_dsl.source.scalars import commas_left_out

QUOTED = 60
"""Characters of a value that a message shows."""

_LONG = 50
"""What has room for so many characters can be shortened; a date cannot."""

_CONSIDERED = 300
"""Characters of a text from which a cure is guessed."""

_TYPES = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "names, each with its value",
}
_TRUE = frozenset({"true", "yes", "y", "on"})
_FALSE = frozenset({"false", "no", "n", "off"})
_OTHER_TYPE = re.compile(r"true|false|yes|no|on|off|null|-?[0-9]+(\.[0-9]+)?", re.IGNORECASE)
"""Texts that are not what they look like: a message shows them in their quotes."""
_CODES = {"uk": "GB", "el": "GR"}
"""Codes that people write for countries and that are not ISO's."""
_AMOUNT = re.compile(r"(?:[A-Z]{3} |€ ?)?(-?[0-9][0-9.,]{0,15})(?: ?€| [A-Z]{3})?")
_AS_IT_IS_KEPT = re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,4})?")
_STUCK = re.compile(r"-[^\s0-9.-]")
_NAME = re.compile("[a-z0-9-]{1,64}")
_HEX = re.compile("[0-9a-fA-F]{6}")
_PARTED = re.compile("[/@]")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})[-/.] ?([0-9]{4})")
_TERM = re.compile("([0-9]{1,6})[ -]*(min|mo|d|m|y)[a-z]*", re.IGNORECASE)
_LONGEST = "99 years"
"""The longest length of time that a document may write."""
_UNITS = {"min": "minutes", "mo": "months", "d": "days", "m": "months", "y": "years"}


def quoted(text: str) -> str:
    """A text between backticks, cut where it is long, with nothing in it that a terminal obeys."""
    cut = text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
    safe = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut
    )
    return "`" + safe.replace("`", "'") + "`"


def shown(value: Any) -> str:
    """What was found: a value between backticks, or what it is where it is more than one."""
    match value:
        case None | "":
            return "empty"
        case str():
            return quoted(f'"{value}"' if _OTHER_TYPE.fullmatch(value) else value)
        case dict():
            return f"a group of {len(value):,} fields" if len(value) > 1 else "a group of fields"
        case list():
            return "a list"
    return quoted(flow(value))


def listed(words: Collection[str], joint: str, most: int = 12) -> str:
    """Words between backticks: `a`, `b` and `c`; at most a dozen, then how many more."""
    first = [quoted(word) for word in list(words)[:most]]
    if len(words) > most:
        return f"{', '.join(first)} {joint} {len(words) - most} more"
    *others, last = first
    return f"{', '.join(others)} {joint} {last}" if others else last


def question(words: Collection[str]) -> str:
    """Did you mean one of these? Nothing where there are none."""
    return f"did you mean {listed(words, 'or')}?" if words else ""


def near(text: str, known: Iterable[str]) -> list[str]:
    """At most three of the known words that are close to a text, whatever its capitals."""
    words = {word.lower(): word for word in known}
    written = text.strip().lower()
    for form in (written, re.sub("[ -]+", "_", written)):
        if found := difflib.get_close_matches(form, words, n=3, cutoff=0.6):
            return [words[word] for word in found]
    return [word for word in words.values() if written == word.lower().rpartition("/")[2]][:3]


def is_day(text: object) -> bool:
    """Whether a text is a day of the calendar, written `YYYY-MM-DD`."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


FORMATS: Mapping[str, Callable[[object], bool]] = {"date": is_day}
"""Every `format` that a schema may ask for, as jsonschema checks it; the fast gate has its own."""


def has_pattern(text: str, pattern: str) -> bool:
    """Whether a text has a pattern as JSON Schema means it.

    Python's `$` also fits before a last line break; that of JSON Schema does not.
    """
    exact = pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern
    return re.search(exact, text) is not None


def expected(keyword: str, asked: Any, schema: Schema) -> str:
    """What a keyword of a schema asks for.

    A schema that asks for a form, or lets several types pass, says so itself: a test sees to it.
    """
    match keyword:
        case "minimum":
            return f"expected a number not below {asked:,}"
        case "exclusiveMinimum":
            return f"expected a number above {asked:,}"
        case "maximum":
            return f"expected at most {asked:,}"
        case "minItems" | "minProperties":
            return "expected at least one entry"
        case "maxItems" | "maxProperties":
            return f"expected at most {asked:,} entries"
    if "errorMessage" in schema:
        return str(schema["errorMessage"])
    return f"expected {listed(asked, 'or') if keyword == 'enum' else _TYPES[asked]}"


def cure(keyword: str, asked: Any, found: Any, schema: Schema) -> str:
    """What to write instead, where that can be told; else nothing."""
    match keyword, found:
        case "enum", str():
            return question(near(_CODES.get(found.lower(), found), asked))
        case "type", str():
            return _retyped(found, [asked] if isinstance(asked, str) else asked)
        case "type", bool() | int() | Decimal() if "string" in asked and _fits(flow(found), schema):
            return f"put it in quotes: `{json.dumps(flow(found))}`"
        case "type", int() if asked == "string" and not isinstance(found, bool):
            return question([text for text in _lengths(str(found)) if _fits(text, schema)])
        case "format", str():
            return _calendar(found)
        case "pattern" | "not" | "maxLength", str():
            likely = [text for text in rewritten(found) if _fits(text, schema)][:1]
            likely = likely or [text for text in _lengths(found) if _fits(text, schema)]
            if not likely and _TERM.fullmatch(found) and _fits(_LONGEST, schema):
                return f"write a length of time from `1 day` to `{_LONGEST}`"
            if not likely and keyword == "maxLength" and asked >= _LONG:
                return f"shorten it by {len(found) - asked:,} characters"
            return question(likely)
    return ""


def rewritten(text: str) -> Iterator[str]:
    """What somebody may have meant by a text: other capitals, a name, a day, a length of time."""
    bare = " ".join(text[:_CONSIDERED].split())
    yield from (bare, bare.lower(), bare.upper())
    if _HEX.fullmatch(bare):
        yield f"#{bare}"
    if not _PARTED.search(bare):  # a link or a version is no name that has lost its hyphens
        yield slug(bare)
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = match.groups()
        yield f"{year}-{month:0>2}-{day:0>2}"
    if match := _YEAR_LAST.fullmatch(bare):
        first, divider, second, year = match.groups()
        if divider == "." or int(first) > 12:  # 3/4/2027 is a day in April, or one in March
            yield f"{year}-{second:0>2}-{first:0>2}"
        elif int(second) > 12:
            yield f"{year}-{first:0>2}-{second:0>2}"
    if match := _TERM.fullmatch(bare):
        count, unit = match.groups()
        yield f"{int(count)} {_UNITS[unit.lower()]}"


def _lengths(text: str) -> Iterator[str]:
    """The lengths of time that a bare number may stand for."""
    if text.isascii() and text.isdigit():
        yield from (f"{text} {unit}" for unit in ("months", "days", "minutes"))


def slug(text: str, hyphen: str = "-") -> str:
    """What a name may be meant to be: small letters and digits, joined where others stand."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", hyphen, ascii_only.lower()).strip("-")


def is_name(text: str) -> bool:
    """Whether a text is of the form that every name has."""
    return _NAME.fullmatch(text) is not None


def _fits(text: str, schema: Schema) -> bool:
    if not has_pattern(text, schema.get("pattern", "")) or "not" in schema:
        return False
    if len(text) > schema.get("maxLength", len(text)):
        return False
    return schema.get("format") != "date" or is_day(text)


def _retyped(text: str, types: Collection[str]) -> str:
    """How to write as another type what stands there as text."""
    if "boolean" in types:
        word = text.strip().lower()
        written = "true" if word in _TRUE else "false" if word in _FALSE else ""
        return f"write `{written}`, without quotes" if written else ""
    if "number" in types or "integer" in types:
        match = _AMOUNT.fullmatch(text.strip())
        written = "" if match is None else re.sub(r"^(-?)0+(?=[0-9])", r"\1", match[1])
        likely = [
            number
            for number in commas_left_out(written) or (written,)
            if _AS_IT_IS_KEPT.fullmatch(number) and ("number" in types or "." not in number)
        ]
        return f"write {listed(likely, 'or')}, without quotes" if likely else ""
    if "array" in types and _STUCK.match(text):
        return "put a space after the `-` that begins each list item"
    if "array" in types and text:
        return f"write a list: `{flow([text])}`" if len(text) <= QUOTED else ""
    return ""


def _calendar(text: str) -> str:
    """Why a text of the right form is no day."""
    year, month = int(text[:4]), int(text[5:7])
    if not 1 <= month <= 12:
        return "months count from 01 to 12"
    last = calendar.monthrange(year, month)[1]
    return f"that month ends on {year:04}-{month:02}-{last}"
