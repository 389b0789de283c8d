"""The pictures of a review: bars of money by client, and where work goes before and after.

Sizes are worked out here, in pixels of a page; templates draw what they are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing_dsl.review.moves import TONES, Move
from billing_dsl.targets._templates import line

WIDTH = 880
"""How broad a picture is."""

BARS = 24
"""Clients who have a bar; the others are counted."""

MOVES = 14
"""Moves of work that have a band; the others are counted."""

_ROW = 26
_NAMES = 230
"""How broad names are, at the left of bars and on both sides of bands."""
_AMOUNTS = 104
_BAND = 24
_GAP = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A client's bar: to the right where it pays more, to the left where it pays less."""

    name: str
    tone: str
    y: float
    x: float
    width: float
    amount: str
    amount_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one currency, from those who pay most more to those who pay most less."""

    currency: str
    height: float
    zero: float
    bars: tuple[Bar, ...]
    more: int


def bars(currency: str, changes: Sequence[tuple[str, Decimal, str]]) -> Bars:
    """The bars of some clients: each by its name, what it changes by, and that amount in words.

    Those are shown who change most, and of either side half as many at least.
    """
    ordered = sorted(changes, key=lambda one: (-one[1], one[0]))
    shown = sorted({*_longest(ordered)}, key=lambda one: (-one[1], one[0]))
    less = max([-amount for _, amount, _ in shown if amount < 0], default=Decimal(0))
    more = max([amount for _, amount, _ in shown if amount > 0], default=Decimal(0))
    left = _AMOUNTS if less else 8
    right = _AMOUNTS if more else 8
    room = WIDTH - _NAMES - left - right
    whole = less + more or Decimal(1)
    zero = _NAMES + left + float(less / whole) * room
    found = []
    for place, (name, amount, text) in enumerate(shown):
        long = max(1.5, float(abs(amount) / whole) * room)
        up = amount > 0
        x = zero if up else zero - long
        end = x + long + 7 if up else x - 7
        tone = "more" if up else "less"
        anchor = "start" if up else "end"
        found.append(
            Bar(_cut(name, 30), tone, place * _ROW + 5, _r(x), _r(long), text, _r(end), anchor)
        )
    return Bars(currency, len(shown) * _ROW + 6, _r(zero), tuple(found), len(ordered) - len(shown))


def _longest(changes: Sequence[tuple[str, Decimal, str]]) -> list[tuple[str, Decimal, str]]:
    sides = [
        sorted(
            (one for one in changes if (one[1] > 0) is up), key=lambda one: (-abs(one[1]), one[0])
        )
        for up in (True, False)
    ]
    half = BARS // 2
    room = max(half, BARS - len(sides[1])), max(half, BARS - len(sides[0]))
    return [one for side, most in zip(sides, room, strict=True) for one in side[:most]]


@dataclass(frozen=True, slots=True)
class End:
    """Where work ends, on one side of the picture."""

    title: str
    what: str
    x: float
    y: float
    height: float
    text_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Band:
    """A move: a band from one end to another, with what moves written at its beginning."""

    tone: str
    path: str
    text: str
    x: float
    y: float
    hint: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Where work goes, from left to right."""

    height: float
    ends: tuple[End, ...]
    bands: tuple[Band, ...]
    more: int


def bands(moves: Sequence[Move]) -> Bands:
    """The bands of some moves, in the order given; those that weigh little are left out."""
    kept = sorted(moves, key=lambda one: -one.weight)[:MOVES]
    shown = [one for one in moves if one in kept][:MOVES]
    total = sum(one.weight for one in shown) or 1
    sizes = [max(_BAND, 260 * one.weight / total) for one in shown]
    left = _stacked([one.before for one in shown], sizes)
    right = _stacked([one.after for one in shown], sizes)
    tall = [max((top + high for top, high in side.values()), default=0) for side in (left, right)]
    height = max(tall)
    shifts = [(height - one) / 2 for one in tall]
    ends = [
        End(
            _cut(title, 28),
            _cut(what, 34),
            x,
            _r(top + shift),
            _r(high),
            x + (-8 if x < WIDTH / 2 else 18),
            "end" if x < WIDTH / 2 else "start",
        )
        for side, shift, x in (
            (left, shifts[0], float(_NAMES - 10)),
            (right, shifts[1], float(WIDTH - _NAMES)),
        )
        for (title, what), (top, high) in side.items()
    ]
    used: dict[tuple[int, tuple[str, str]], float] = {}
    drawn = []
    for one, size in zip(shown, sizes, strict=True):
        starts = []
        for number, (side, end) in enumerate(((left, one.before), (right, one.after))):
            at = used.get((number, end), 0.0)
            used[number, end] = at + size
            starts.append(side[end][0] + shifts[number] + at)
        from_x, to_x = float(_NAMES), float(WIDTH - _NAMES)
        middle = (from_x + to_x) / 2
        y, to_y = _r(starts[0] + 1), _r(starts[1] + 1)
        low, to_low = _r(y + size - 2), _r(to_y + size - 2)
        path = (
            f"M{from_x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
            f"V{to_low}C{middle} {to_low} {middle} {low} {from_x} {low}Z"
        )
        hint = f"{', '.join(map(line, one.work))}: {one.clients:,} clients"
        drawn.append(
            Band(
                TONES[one.effect],
                path,
                _some(one.work, 44),
                from_x + 10,
                _r(y + size / 2 + 3),
                hint,
            )
        )
    return Bands(_r(height + 2), tuple(ends), tuple(drawn), len(moves) - len(shown))


def _stacked(
    ends: Sequence[tuple[str, str]], sizes: Sequence[float]
) -> dict[tuple[str, str], tuple[float, float]]:
    """The top and height of each end: as high as its bands, and its name, need."""
    heights: dict[tuple[str, str], float] = {}
    for end, size in zip(ends, sizes, strict=True):
        heights[end] = heights.get(end, 0.0) + size
    found: dict[tuple[str, str], tuple[float, float]] = {}
    top = 1.0
    for end, high in heights.items():
        found[end] = top, high
        top += max(high, 34.0) + _GAP
    return found


def _some(names: Sequence[str], letters: int) -> str:
    """The first names for which there is room, and how many more there are."""

    def said(shown: int) -> str:
        more = len(names) - shown
        return ", ".join(map(line, names[:shown])) + (f" +{more}" if more else "")

    fitting = (shown for shown in range(len(names), 1, -1) if len(said(shown)) <= letters)
    return _cut(said(next(fitting, 1)), letters)


def _cut(text: str, letters: int) -> str:
    text = line(text)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _r(number: float) -> float:
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded
