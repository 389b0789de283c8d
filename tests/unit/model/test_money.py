"""Amounts and prices against plain fractions: nothing is lost, nothing rounded twice by chance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.model.money import Price, posted, price, starts, stored, text

AMOUNTS = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=8)


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded as an invoice is: a half goes away from zero."""
    unit = Fraction(10) ** places
    size = abs(value) * unit
    rounded = size.__floor__() + (size - size.__floor__() >= Fraction(1, 2))
    return Fraction(rounded) / unit * (1 if value >= 0 else -1)


@given(AMOUNTS)
def test_four_decimals_are_kept_half_up(amount: Decimal) -> None:
    assert Fraction(stored(amount)) == half_up(Fraction(amount), 4)


@given(AMOUNTS)
def test_two_decimals_are_posted_from_the_four_that_are_kept(amount: Decimal) -> None:
    assert Fraction(posted(amount)) == half_up(half_up(Fraction(amount), 4), 2)


@given(AMOUNTS)
def test_the_text_is_the_stored_amount_with_two_to_four_decimals(amount: Decimal) -> None:
    written = text(amount)
    assert Decimal(written) == stored(amount)
    assert 2 <= len(written.partition(".")[2]) <= 4
    assert "E" not in written


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("80", "80.00"), ("21.5", "21.50"), ("0.125", "0.125"), ("1.23455", "1.2346"),
     ("-0.5", "-0.50"), ("1E+3", "1000.00"), ("2.675", "2.675")],
)  # fmt: skip
def test_amounts_are_written_plainly(amount: str, shown: str) -> None:
    assert text(Decimal(amount)) == shown


def test_halves_are_posted_up() -> None:
    assert [str(posted(Decimal(one))) for one in ("2.665", "2.675", "-2.665", "2.66445")] == [
        "2.67",
        "2.68",
        "-2.67",
        "2.66",
    ]
    assert posted(Decimal("2.66495")) == Decimal("2.67"), "four decimals first, then two"


def test_a_plain_number_is_an_amount_in_the_house_currency() -> None:
    assert price(85, "EUR").on(date.min) == {"EUR": Decimal(85)}
    assert price(Decimal("85.50"), "CHF").on(date.max) == {"CHF": Decimal("85.50")}


def test_a_map_gives_each_currency_its_own() -> None:
    found = price({"EUR": 85, "CHF": Decimal("92.00")}, "EUR").on(date(2027, 1, 1))
    assert found == {"EUR": Decimal(85), "CHF": Decimal(92)}


def test_dated_steps_hold_from_their_day_in_whatever_order_they_are_written() -> None:
    steps = [
        {"from": "2028-01-01", "rate": 90},
        {"price": 80},
        {"from": "2027-01-01", "rate": {"CHF": 88}},
    ]
    found = price(steps, "EUR")
    assert found.on(date(2026, 12, 31)) == {"EUR": Decimal(80)}
    assert found.on(date(2027, 1, 1)) == {"CHF": Decimal(88)}
    assert found.on(date(2028, 1, 1)) == {"EUR": Decimal(90)}
    assert list(found.changes()) == [date(2027, 1, 1), date(2028, 1, 1)]


def test_before_the_first_day_there_is_no_amount() -> None:
    found = price([{"from": "2027-01-01", "rate": 88}], "EUR")
    assert found.on(date(2026, 12, 31)) is None
    assert Price(()).on(date(2027, 1, 1)) is None


def test_prices_together_become_others_on_the_days_of_each() -> None:
    one = price([{"rate": 80}, {"from": "2027-06-01", "rate": 88}], "EUR")
    other = price([{"from": "2027-01-01", "rate": 4}, {"from": "2027-06-01", "rate": 5}], "EUR")
    assert starts(one, None, other) == [None, date(2027, 1, 1), date(2027, 6, 1)]
    assert starts(None) == []


@pytest.mark.parametrize("written", ["85", None, 85.0])
def test_what_is_no_price_is_no_price(written: object) -> None:
    with pytest.raises(TypeError, match="does not read"):
        price(written, "EUR")
