"""What is written of whole numbers is what their decimals are as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.replay import measures
from billing_dsl.replay.measures import FACTOR, HOUR

NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.integers(-(10**19), 10**19),
    st.integers(-(10**9), 10**9).map(lambda number: number * HOUR * FACTOR // 20_000),
)
"""Small ones, large ones, and those that lie in the middle between two texts."""


@given(NUMBERS)
def test_what_is_written_is_the_decimal_as_text(number: int) -> None:
    assert measures.cents_written(number) == str(measures.cents(number))
    assert measures.hours_written(number) == str(measures.hours(number))
    assert measures.debited_written(number) == str(measures.debited(number))


def test_what_is_written_is_rounded_half_up() -> None:
    assert measures.debited_written(15_000) == "0.0001"
    assert measures.debited_written(-15_000) == "-0.0001"
    assert measures.debited_written(14_999) == "0.0000"
    assert measures.hours_written(-HOUR - HOUR // 2) == "-1.5000"
    assert measures.cents_written(-5) == "-0.05"
