"""JSON written part by part is the JSON that is written at once, byte for byte."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.report._json import Rows, document, in_parts

TEXTS = st.text() | st.sampled_from(["##[error]", "a\nb", "\ud800", "\x7f", "\u202e", "é", '"\\'])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_a_value_is_the_same_part_by_part(value: Any) -> None:
    assert "".join(in_parts(value)) == document(value)


@given(st.lists(st.dictionaries(TEXTS, VALUES | st.lists(VALUES), max_size=3)))
def test_long_lists_are_the_same_while_they_are_made(rows: list[Any]) -> None:
    value: Any = {"version": 1, "rows": rows, "none": []}
    lazy: Any = {
        "version": 1,
        "rows": Rows({key: as_flat(one) for key, one in row.items()} for row in rows),
        "none": Rows(()),
    }
    assert "".join(in_parts(lazy)) == document(value)


def as_flat(value: Any) -> Any:
    """A list as rows; what is in it as it is."""
    return Rows(value) if isinstance(value, list) else value


def test_nothing_is_made_before_it_is_written() -> None:
    made: list[int] = []

    def items() -> Any:
        for number in range(3):
            made.append(number)
            yield {"number": number}

    parts = in_parts({"rows": Rows(items())})
    assert made == []
    while not made:
        next(parts)
    assert made == [0]
