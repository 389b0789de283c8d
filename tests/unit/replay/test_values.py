"""Days, times and hours as files write them."""

from __future__ import annotations

from datetime import date

import pytest

from billing_dsl.replay.measures import HOUR
from billing_dsl.replay.values import (
    FORMATS,
    NO_START,
    Refusal,
    moment,
    possible_formats,
    possible_marks,
    seconds,
    worked,
)

MARCH = date(2027, 3, 4).toordinal()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2027-03-04", "DD/MM/YYYY"),
        ("2027-03-04T00:00:00", "YYYY-MM-DD"),
        ("2027-03-04 00:00:00", "MM/DD/YYYY"),
        ("04/03/2027", "DD/MM/YYYY"),
        ("4/3/2027", "DD/MM/YYYY"),
        ("03/04/2027", "MM/DD/YYYY"),
        ("3/4/2027", "MM/DD/YYYY"),
        ("04.03.2027", "DD.MM.YYYY"),
        ("04-03-2027", "DD-MM-YYYY"),
        ("03-04-2027", "MM-DD-YYYY"),
        ("2027/03/04", "YYYY/MM/DD"),
        ("04/03/27", "DD/MM/YY"),
        ("03/04/27", "MM/DD/YY"),
        (" 4.3.27 ", "DD.MM.YY"),
    ],
)
def test_a_day_is_read_as_its_format_says(text: str, written: str) -> None:
    found = moment(text, written)
    assert found is not None
    assert found[0] == MARCH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "04/03/2027",
        "31/02/2027",
        "2027-02-30",
        "2027-3",
        "soon",
        "2027-03-04 nine",
        "٠٤/٠٣/٢٠٢٧",
    ],
)
def test_what_is_no_day_of_the_format_is_none(text: str) -> None:
    assert moment(text, "DD.MM.YYYY") is None


def test_a_time_after_the_day_is_kept() -> None:
    assert moment("4/3/2027 2:30 PM", "DD/MM/YYYY") == (MARCH, 14 * 3600 + 1800)
    assert moment("2027-03-04", "DD/MM/YYYY") == (MARCH, NO_START)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", NO_START),
        ("9:05", 9 * 3600 + 300),
        ("09:05:07", 9 * 3600 + 307),
        ("09.05", 9 * 3600 + 300),
        ("12:00 AM", 0),
        ("12:00 pm", 12 * 3600),
        ("1:15 p.m.", 13 * 3600 + 900),
        ("2027-03-04 09:05", 9 * 3600 + 300),
        ("2027-03-04T09:05:00Z", 9 * 3600 + 300),
        ("04/03/2027 9:05 AM", 9 * 3600 + 300),
        ("25:00", None),
        ("13:00 PM", None),
        ("morning", None),
    ],
)
def test_a_time_of_day(text: str, found: int | None) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("1.5", ".", HOUR * 3 // 2),
        ("1,5", ",", HOUR * 3 // 2),
        (".25", ".", HOUR // 4),
        ("1:30", ".", HOUR * 3 // 2),
        ("1:30:36", ",", HOUR * 3 // 2 + HOUR // 100),
        ("24", ".", 24 * HOUR),
        ("0.00001", ".", 1),
        ("0.333333333333", ".", HOUR // 3),
        ("1,5", ".", Refusal.HOURS),
        ("1.5", ",", Refusal.HOURS),
        ("1.500,0", ",", Refusal.HOURS),
        ("", ".", Refusal.HOURS),
        ("1e3", ".", Refusal.HOURS),
        ("NaN", ".", Refusal.HOURS),
        ("=1+1", ".", Refusal.HOURS),
        ("0", ".", Refusal.ZERO),
        ("0:00", ".", Refusal.ZERO),
        ("-0.0", ".", Refusal.ZERO),
        ("-1.5", ".", Refusal.NEGATIVE),
        ("-1:30", ".", Refusal.NEGATIVE),
        ("24.01", ".", Refusal.LONGER),
        ("99999999", ".", Refusal.LONGER),
    ],
)
def test_hours(text: str, mark: str, found: int | Refusal) -> None:
    assert worked(text, mark) == found


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("1.5", ",", HOUR * 3 // 2),
        ("1,5", ",", HOUR * 3 // 2),
        ("1.5", ".", HOUR * 3 // 2),
        ("1,5", ".", Refusal.HOURS),
        ("1.500,0", ",", Refusal.HOURS),
        ("24.5", ",", Refusal.LONGER),
    ],
)
def test_numbers_have_a_point_whatever_the_mark(text: str, mark: str, found: int | Refusal) -> None:
    assert worked(text, mark, numbers=True) == found


def test_an_ambiguous_day_has_several_formats() -> None:
    assert possible_formats(["03/04/2027", "04/05/2027"]) == ("DD/MM/YYYY", "MM/DD/YYYY")
    assert possible_formats(["03/04/2027", "13/05/2027"]) == ("DD/MM/YYYY",)
    assert possible_formats(["03/04/2027", "05/13/2027"]) == ("MM/DD/YYYY",)
    assert possible_formats(["03/14/2027", "14/03/2027"]) == ("DD/MM/YYYY", "MM/DD/YYYY")
    assert possible_formats(["03/14/2027", "15/03/2027", "16/03/2027"]) == ("DD/MM/YYYY",)
    assert possible_formats(["03/04/2027", "soon", "13/05/2027"]) == ("DD/MM/YYYY",)
    assert possible_formats(["soon", ""]) == ()
    assert possible_formats(["2027-03-04", "soon"]) == ("YYYY-MM-DD",)
    assert possible_formats([]) == ("YYYY-MM-DD",)
    assert possible_formats(["2027-03-04", ""]) == ("YYYY-MM-DD",)
    assert possible_formats(["03/04/27"]) == ("DD/MM/YY", "MM/DD/YY")
    assert set(possible_formats(["3.4.2027"])) == {"DD.MM.YYYY"}
    assert next(iter(FORMATS)) == "YYYY-MM-DD"


def test_decimal_marks() -> None:
    assert possible_marks(["1", "2"]) == (".", ",")
    assert possible_marks(["1,5", "2"]) == (",",)
    assert possible_marks(["1.5", "-1"]) == (".",)
    assert possible_marks(["1.5", "1,5"]) == ()
