"""The calendar months that are counted, and which part of what recurs falls into each.

Entries are exported by the month, and the first of them need not have been worked on the first
day. So the months of the first and of the last entry are counted whole. Of what recurs every month
a stretch of days in one gets as large a part as the month has days; a quarter has three months, a
half-year six and a year twelve, and each of them gets an equal part.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from billing_dsl.kinds.service import Period
from billing_dsl.model.calendar import Stretch, day_after


def whole_months(first: date, last: date) -> tuple[Stretch, ...]:
    """The months from that of one day to that of another."""
    return tuple(_months(first, last))


def _months(first: date, last: date) -> Iterator[Stretch]:
    start = first.replace(day=1)
    while start <= last:
        end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        yield Stretch(start, end)
        if end == date.max:
            return
        start = day_after(end)


def touched(months: Sequence[Stretch], life: Stretch) -> Sequence[Stretch]:
    """Those of some months, which follow one another, that have days of a life."""
    first = bisect_left(months, life.start, key=lambda month: month.end)
    last = bisect_right(months, life.end, key=lambda month: month.start)
    return months[first:last]


def within(life: Stretch, month: Stretch) -> Stretch | None:
    """The days of a life that lie in a month."""
    start, end = max(life.start, month.start), min(life.end, month.end)
    return Stretch(start, end) if start <= end else None


def part_of_period(days: Stretch, month: Stretch, period: Period) -> Fraction:
    """Which part of a period some days of a month are."""
    return Fraction(_count(days), _count(month) * period.months)


def _count(days: Stretch) -> int:
    return (days.end - days.start).days + 1
