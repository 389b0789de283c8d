"""Days, terms and stretches against plain counting, at both ends of the calendar too."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.model.calendar import (
    Stretch,
    Term,
    Unit,
    day_after,
    day_before,
    gaps,
    months_after,
    pieces,
    runs,
)

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
STRETCHES = st.tuples(DAYS, DAYS).map(lambda two: Stretch(min(two), max(two)))


def days(stretch: Stretch) -> set[date]:
    """Every day of a stretch."""
    count = (stretch.end - stretch.start).days + 1
    return {stretch.start + timedelta(days=number) for number in range(count)}


@pytest.mark.parametrize(
    ("written", "term", "shown"),
    [
        ("36 months", Term(36, Unit.MONTH), "36 months"),
        ("1 year", Term(1, Unit.YEAR), "1 year"),
        ("90 days", Term(90, Unit.DAY), "90 days"),
        ("1 days", Term(1, Unit.DAY), "1 day"),
    ],
)
def test_terms_are_read_and_shown(written: str, term: Term, shown: str) -> None:
    assert Term.parse(written) == term
    assert str(term) == shown


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        ("2027-01-01", "36 months", "2029-12-31"),
        ("2027-01-31", "1 month", "2027-02-27"),
        ("2028-01-31", "1 month", "2028-02-28"),
        ("2028-02-29", "1 year", "2029-02-27"),
        ("2027-03-31", "1 day", "2027-03-31"),
        ("2027-03-31", "0 days", "2027-03-31"),
        ("2027-12-15", "1 month", "2028-01-14"),
        ("2027-01-01", "9999 years", "9999-12-31"),
        ("2027-01-01", "99999999 months", "9999-12-31"),
        ("2027-01-01", "99999999 days", "9999-12-31"),
        ("9999-12-31", "1 day", "9999-12-31"),
    ],
)
def test_the_last_day_of_a_term_is_included(start: str, term: str, last: str) -> None:
    found = Term.parse(term).last_day(date.fromisoformat(start))
    assert found == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("day", "term", "before"),
    [
        ("2027-03-31", "1 month", "2027-02-28"),
        ("2027-03-31", "90 days", "2026-12-31"),
        ("2028-02-29", "1 year", "2027-02-28"),
        ("2027-01-01", "9999 years", "0001-01-01"),
        ("0001-01-02", "90 days", "0001-01-01"),
    ],
)
def test_a_term_is_counted_back(day: str, term: str, before: str) -> None:
    found = Term.parse(term).before(date.fromisoformat(day))
    assert found == date.fromisoformat(before)


@given(st.dates(), st.integers(-30_000, 30_000))
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    found = months_after(day, months)
    if found not in (date.min, date.max):
        assert (found.year - day.year) * 12 + found.month - day.month == months
        assert found.day == day.day or (found.day < day.day and day_after(found).day == 1)


def test_the_calendar_has_two_ends() -> None:
    assert day_before(date.min) == date.min
    assert day_after(date.max) == date.max
    assert day_before(date(2027, 1, 1)) == date(2026, 12, 31)
    assert day_after(date(2027, 12, 31)) == date(2028, 1, 1)


@given(STRETCHES, st.lists(DAYS, max_size=5))
def test_pieces_are_the_life_cut_before_each_day(life: Stretch, cuts: list[date]) -> None:
    found = pieces(life, cuts)
    assert (found[0].start, found[-1].end) == (life.start, life.end)
    for before, after in pairwise(found):
        assert after.start == day_after(before.end)
    inside = {cut for cut in cuts if cut in life} - {life.start}
    assert {piece.start for piece in found} == inside | {life.start}


@given(STRETCHES, st.lists(STRETCHES, max_size=5))
def test_gaps_are_the_days_that_nothing_covers(life: Stretch, covered: list[Stretch]) -> None:
    found = gaps(life, covered)
    expected = days(life).difference(*(days(stretch) for stretch in covered))
    assert [day for gap in found for day in sorted(days(gap))] == sorted(expected)
    assert list(found) == sorted(found)
    for before, after in pairwise(found):
        assert after.start > day_after(before.end)


@given(STRETCHES, st.lists(st.tuples(DAYS, st.sampled_from("ab")), max_size=6))
def test_runs_say_the_same_with_the_fewest_stretches(
    life: Stretch, cuts: list[tuple[date, str]]
) -> None:
    values = dict(cuts)
    held = [
        (piece, values.get(piece.start, "a")) for piece in pieces(life, [day for day, _ in cuts])
    ]
    held = [(piece, value) for piece, value in held if piece.start.day % 7]
    found = list(runs(held))
    assert [(day, value) for run, value in found for day in sorted(days(run))] == [
        (day, value) for piece, value in held for day in sorted(days(piece))
    ]
    for (before, value), (after, other) in pairwise(found):
        assert value != other or after.start > day_after(before.end)


def test_a_stretch_holds_both_its_ends() -> None:
    stretch = Stretch(date(2027, 1, 1), date(2027, 1, 31))
    assert str(stretch) == "2027-01-01 to 2027-01-31"
    assert stretch.start in stretch
    assert stretch.end in stretch
    assert date(2027, 2, 1) not in stretch
    assert date(2026, 12, 31) not in stretch
