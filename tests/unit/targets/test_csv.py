"""CSV for people, who open it in a spreadsheet, and for import screens, which take it as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing_dsl.targets._csv import Cell, filled, table


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (Decimal("-5.00"), "-5.00"),
        (7, "7"),
        (date(2027, 1, 1), "2027-01-01"),
        ("plain", "plain"),
        ("a,b", '"a,b"'),
        ("+39 (0)11 555-0142", "+39 (0)11 555-0142"),
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-1+cmd", "'-1+cmd"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\u200b=1", "'\u200b=1"),
    ],
)
def test_a_cell_is_never_a_formula(cell: Cell, text: str) -> None:
    assert table([["x"], [cell]]).decode() == f"x\r\n{text}\r\n"


def test_an_empty_cell_alone_is_still_a_row() -> None:
    assert table([["x"], [None]]) == b'x\r\n""\r\n'


def test_a_table_has_no_byte_order_mark() -> None:
    assert table([["é", "b"], ["è", "\ud800"]]) == "é,b\r\nè,\\ud800\r\n".encode()


def test_an_import_file_is_quoted_and_says_exactly_what_it_is_to_say() -> None:
    assert filled([["a", "b"], ["=1", ""]]) == b'"a","b"\r\n"=1",""\r\n'
