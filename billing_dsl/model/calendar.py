"""Days, terms and stretches of days: every end is the last day included."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

ONE_DAY = timedelta(days=1)

T = TypeVar("T")


class Unit(StrEnum):
    """What a term counts."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time such as `36 months`."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, written: str) -> Term:
        """The term that a document writes: `36 months`, `1 year`, `90 days`."""
        count, unit = written.split()
        return cls(int(count), Unit(unit.removesuffix("s")))

    def after(self, day: date) -> date:
        """The same day that much later, clamped to the end of its month, and to the year 9999."""
        if self.unit is Unit.DAY:
            room = (date.max - day).days
            return day + timedelta(days=min(self.count, room))
        return months_after(day, self.count * (12 if self.unit is Unit.YEAR else 1))

    def before(self, day: date) -> date:
        """The same day that much earlier, clamped likewise, and to the year 1."""
        if self.unit is Unit.DAY:
            room = (day - date.min).days
            return day - timedelta(days=min(self.count, room))
        return months_after(day, -self.count * (12 if self.unit is Unit.YEAR else 1))

    def last_day(self, start: date) -> date:
        """The last day of a term that begins on `start`: the day before the same day later."""
        end = self.after(start)
        return end if end == date.max else max(start, end - ONE_DAY)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    count = day.year * 12 + day.month - 1 + months
    if count >= 10_000 * 12:
        return date.max
    if count < 12:
        return date.min
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_before(day: date) -> date:
    """The day before, or the first day there is."""
    return day if day == date.min else day - ONE_DAY


def day_after(day: date) -> date:
    """The day after, or the last day there is."""
    return day if day == date.max else day + ONE_DAY


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """The days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


def pieces(life: Stretch, cuts: Iterable[date]) -> tuple[Stretch, ...]:
    """A life cut before each of the days that fall inside it."""
    starts = sorted({life.start, *(day for day in cuts if life.start < day <= life.end)})
    ends = [day - ONE_DAY for day in starts[1:]]
    return tuple(Stretch(start, end) for start, end in zip(starts, [*ends, life.end], strict=True))


def gaps(life: Stretch, covered: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The stretches of a life that none of the others covers, in order of time."""
    found: list[Stretch] = []
    free = life.start
    for stretch in sorted(covered):
        if stretch.end < free:
            continue
        if stretch.start > life.end:
            break
        if stretch.start > free:
            found.append(Stretch(free, stretch.start - ONE_DAY))
        if stretch.end >= life.end:
            return tuple(found)
        free = stretch.end + ONE_DAY
    found.append(Stretch(free, life.end))
    return tuple(found)


def runs(held: Iterable[tuple[Stretch, T]]) -> Iterator[tuple[Stretch, T]]:
    """What holds on which days, given in order of time: equal values whose days touch are one."""
    begun: tuple[Stretch, T] | None = None
    for life, value in held:
        if begun is not None:
            days, before = begun
            if before == value and day_after(days.end) == life.start:
                begun = Stretch(days.start, life.end), value
                continue
            yield begun
        begun = life, value
    if begun is not None:
        yield begun
