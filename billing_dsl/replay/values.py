"""Days, times and hours as files write them, as whole numbers; or why they cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from billing_dsl.kinds.entry_export import ISO
from billing_dsl.replay.measures import HOUR, LONGEST, parts_of_hours

NO_START = -1
"""In place of seconds: an entry that does not say when it began comes first on its day."""


class Refusal(StrEnum):
    """Why an entry takes no part in a replay."""

    LINE = "the line has more or fewer cells than the header"
    DAY = "no day can be read"
    HOURS = "no hours can be read"
    NEGATIVE = "hours below zero"
    ZERO = "no hours"
    LONGER = "more than 24 hours in one entry"


FORMATS: dict[str, re.Pattern[str]] = {
    written: re.compile(
        "".join(
            {"YYYY": r"(?P<y>\d{4})", "YY": r"(?P<y>\d\d)"}.get(part)
            or {"M": r"(?P<m>\d\d?)", "D": r"(?P<d>\d\d?)"}.get(part[:1])
            or re.escape(part)
            for part in re.findall(r"Y+|M+|D+|[^YMD]", written)
        )
        + r"(?:[ T]+(?P<time>\S.*))?",
        re.ASCII,
    )
    for written in (
        ISO,
        "DD/MM/YYYY",
        "MM/DD/YYYY",
        "DD.MM.YYYY",
        "DD-MM-YYYY",
        "MM-DD-YYYY",
        "YYYY/MM/DD",
        "DD/MM/YY",
        "MM/DD/YY",
        "DD.MM.YY",
    )
}
"""The ways in which days may be written, by the names that an entry export gives them."""

_TIME = re.compile(
    r"(?P<h>\d\d?)[:.](?P<m>\d\d)(?:[:.](?P<s>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_HOURS = re.compile(r"(?P<sign>-?)(?P<h>\d{1,6}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?", re.ASCII)
_DECIMAL = {
    ".": re.compile(r"-?\d{1,9}(?:\.\d{1,30})?|-?\.\d{1,30}", re.ASCII),
    ",": re.compile(r"-?\d{1,9}(?:,\d{1,30})?|-?,\d{1,30}", re.ASCII),
}

Moment: TypeAlias = tuple[int, int]
"""A day, counted from the first day of the year 1, and seconds into it or `NO_START`."""


def moment(text: str, date_format: str) -> Moment | None:
    """The day that a text writes, and the time where one follows; None where it writes none.

    A day written YYYY-MM-DD can mean nothing else and is read under every format.
    """
    text = text.strip()
    for pattern in (FORMATS[ISO], FORMATS[date_format]):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        try:
            day = date(year, int(found["m"]), int(found["d"]))
        except ValueError:
            return None
        time = NO_START if found["time"] is None else seconds(found["time"])
        return None if time is None else (day.toordinal(), time)
    return None


def seconds(text: str) -> int | None:
    """A time of day, 24 hours or with AM and PM; a day before it is passed over."""
    text = text.strip()
    if not text:
        return NO_START
    for start in range(len(text)):
        if start and text[start - 1] not in " T":
            continue
        found = _TIME.fullmatch(text, start)
        if found is not None:
            return _of_day(found)
    return None


def _of_day(found: re.Match[str]) -> int | None:
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    half = (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


def worked(text: str, decimal_mark: str, numbers: bool = False) -> int | Refusal:
    """The hours that a text writes, in parts of an hour: `1.5`, `1,5` or `1:30`.

    Where cells can hold `numbers`, those have a point whatever the mark is; a point between
    thousands would make more hours than any entry has.
    """
    text = text.strip()
    marks = (decimal_mark, ".") if numbers else (decimal_mark,)
    clock = _HOURS.fullmatch(text)
    if clock is not None:
        parts = int(clock["h"]) * HOUR + int(clock["m"]) * HOUR // 60
        parts += int(clock["s"] or 0) * HOUR // 3600
        parts = -parts if clock["sign"] else parts
        nothing = parts == 0
    elif any(_DECIMAL[mark].fullmatch(text) for mark in marks):
        hours = Decimal(text.replace(",", "."))
        parts, nothing = parts_of_hours(hours), hours == 0
    else:
        return Refusal.HOURS
    if parts < 0:
        return Refusal.NEGATIVE
    if nothing:
        return Refusal.ZERO
    return Refusal.LONGER if parts > LONGEST else max(parts, 1)


def possible_formats(texts: Iterable[str]) -> tuple[str, ...]:
    """The formats under which most texts are days; several where these could be either.

    One text whose day is above 12 settles which of the numbers is the month. Texts that no format
    reads count for none of them: their rows are refused later.
    """
    shown = [text for text in texts if text.strip()]
    others = [text for text in shown if moment(text, ISO) is None]
    reads = {
        name: sum(moment(text, name) is not None for text in others)
        for name in FORMATS
        if name != ISO
    }
    most = max(reads.values())
    if most == 0:
        return (ISO,) if len(others) < len(shown) or not shown else ()
    return tuple(name for name, count in reads.items() if count == most)


def possible_marks(texts: Iterable[str]) -> tuple[str, ...]:
    """The decimal marks under which every text can be read as hours, right or wrong."""
    shown = [text for text in texts if text.strip()]
    return tuple(
        mark for mark in _DECIMAL if not any(worked(text, mark) is Refusal.HOURS for text in shown)
    )
