"""Values as JSON, and as people read them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from billing_dsl.targets._values import Json, Pick, Ref, encoded, plain, price, shown, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('a "b" è', '"a \\"b\\" è"'),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (Decimal("85.00"), "85.00"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.0001"), "0.0001"),
        (date(2027, 1, 1), '"2027-01-01T00:00:00Z"'),
        (Ref("role:x"), '{"$ref": "role:x"}'),
        (Pick("Contracts", "status", "Active"), '{"$picklist": ["Contracts", "status", "Active"]}'),
        ({"a": [1, Decimal("2.50")], "b": {}}, '{"a": [1, 2.50], "b": {}}'),
        ((), "[]"),
    ],
)
def test_json(value: Json, text: str) -> None:
    assert written(value) == text
    json.loads(text)


def test_half_a_surrogate_pair_is_escaped() -> None:
    assert encoded(written("\ud800")) == b'"\\ud800"'


def test_as_people_read_them() -> None:
    assert shown(True) == "yes"
    assert shown(False) == "no"
    assert shown(Decimal("46.00")) == "46.00"
    assert shown(date(2027, 1, 1)) == "2027-01-01"
    assert shown(Ref("role:x")) == "role:x"
    assert shown(Pick("Contracts", "status", "Active")) == "Active"
    assert shown(1) == "1"
    assert (plain(Decimal("40.00")), plain(Decimal("1.50")), plain(Decimal(40))) == (
        "40",
        "1.5",
        "40",
    )
    assert price(Decimal("85"), "EUR") == "85.00 EUR"
