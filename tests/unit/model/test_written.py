"""Values written as documents write them are read back as themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.model.written import WIDTH, block, flow
from billing_dsl.source.reader import read

TEXTS = st.text("aNo -:#,[]{}'\"\\\n0917.@/~&*!|>%`?=<\u00e9\u4e2d", max_size=12) | st.sampled_from(
    ["no", "On", "null", "~", "true", "2027-01-01", "2027-1-1", "17:30", "010", "1e3", "0x1F",
     "36 months", "acme@northwind.example", "silver@2", "- a", "a: b", "a #b", "...", "---", "on"]
)  # fmt: skip
KEYS = TEXTS.filter(lambda text: bool(text) and "\n" not in text)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.decimals(-(10**9), 10**9, places=4)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    for text in (block(value), flow(value)):
        documents, broken, faults = read("a.yaml", text.encode())
        assert (broken, faults) == ((), ()), text
        assert [document.value for document in documents] == [value]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            {"country": "NO", "lines": ["Onsite Support", "2027-01-01", "17:30", None, True]},
            '{country: "NO", lines: [Onsite Support, 2027-01-01, "17:30", null, true]}',
        ),
        ({"on": "on", "null": 1}, '{on: "on", "null": 1}'),
        (Decimal("85.00"), "85.00"),
        (Decimal("0.0000001"), "0.0000001"),
        ("36 months", "36 months"),
    ],
)
def test_quotes_stand_where_they_are_needed(value: object, text: str) -> None:
    assert flow(value) == text


def test_what_does_not_fit_on_a_line_is_spread() -> None:
    names = [f"remote-support-{number}" for number in range(9)]
    value = {
        "short": {"a": [1, 2]},
        "rows": [{"a": 1}, {"a": {"b": names}, "c": []}],
        "names": names,
        "scope": dict.fromkeys(names, "recurring"),
        "empty": {},
    }
    lines = block(value).splitlines()
    assert lines[:5] == ["short: {a: [1, 2]}", "rows:", "  - {a: 1}", "  - a:", "      b:"]
    assert max(map(len, lines)) <= WIDTH
    (document,), _, _ = read("a.yaml", block(value).encode())
    assert document.value == value
