from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.source.scalars import (
    DASH,
    MOST_DIGITS,
    Scalar,
    Unclear,
    commas_left_out,
    meaning,
    unclear_key,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("85", 85),
        ("-12", -12),
        ("85.00", Decimal("85.00")),
        ("-0.5", Decimal("-0.5")),
        ("0.0", Decimal("0.0")),
        ("2027-01-01", "2027-01-01"),
        ("2027-02-31", "2027-02-31"),
        ("2027-1-1", "2027-1-1"),
        ("36 months", "36 months"),
        ("9:00-17:00", "9:00-17:00"),
        ("1.0.0", "1.0.0"),
        ("1,000", "1,000"),
        ("24-7", "24-7"),
        ("365-support", "365-support"),
        ("-", "-"),
        ("...", "..."),
        ("nope", "nope"),
        ("“Gold” and “Silver”", "“Gold” and “Silver”"),
        ("“Gold” plan", "“Gold” plan"),
        ("\u201890s style", "\u201890s style"),
        ("the “Gold”", "the “Gold”"),
        ("«Gold»", "«Gold»"),
        ("١٢", "١٢"),
        ("1" * MOST_DIGITS, int("1" * MOST_DIGITS)),
    ],
)
def test_text_without_quotes_means_one_thing(text: str, value: Scalar) -> None:
    meant = meaning(text)
    assert meant == value
    assert type(meant) is type(value)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("55,00", ("55.00",)),
        ("-3,5", ("-3.5",)),
        ("0,500", ("0.500",)),
        ("3,000.00", ("3000.00",)),
        ("3,000,000.00", ("3000000.00",)),
        ("1.000,50", ("1000.50",)),
        ("3,000", ("3000", "3.000")),
        ("1,000,000", ("1000000",)),
        ("1.000.000", ("1000000",)),
        ("1.000,000.50", ()),
        ("1,000.000,50", ()),
        ("1,2,3", ()),
        ("055,00", ()),
        ("12", ()),
        ("EUR 5,00", ()),
    ],
)
def test_a_comma_parts_decimals_or_groups_of_three(text: str, numbers: tuple[str, ...]) -> None:
    assert commas_left_out(text) == numbers


def test_a_number_keeps_its_digits() -> None:
    assert str(meaning("150.10")) == "150.10"


@pytest.mark.parametrize(
    ("text", "message", "cure"),
    [
        ("no", "`no` means false to some", 'quote it: `"no"`, or write `false` if that is meant'),
        ("Y", "`Y` means true to some", 'quote it: `"Y"`, or write `true` if that is meant'),
        ("oN", "`oN` means true to some", 'write `true`, or quote it: `"oN"`'),
        ("TRUE", "`TRUE` means true to some", "write `true`"),
        ("Off", "`Off` means false to some", "write `false`"),
        ("~", "`~` means nothing at all to some", "write `null` or leave the value out"),
        ("Null", "`Null` means nothing at all to some", "write `null`"),
        ("=", "`=` has a meaning of its own", 'quote it: `"="`'),
        ("<<", "`<<` has a meaning of its own", 'quote it: `"<<"`'),
        ("17:30", "`17:30` is a number to some", 'quote it: `"17:30"`'),
        ("08:00", "`08:00` is a number to some", 'quote it: `"08:00"`'),
        ("1:30:15.5", "`1:30:15.5` is a number to some", "quote it"),
        ("010", "found `010`", 'quote it: `"010"`; if it is a number, write `10`'),
        ("02079460000", "found `020794", 'quote it: `"02079460000"`; if it is a number, write `20'),
        ("-010", "found `-010`", "write `-10`;"),
        ("00", "found `00`", 'quote it: `"00"`; if it is a number, write `0`'),
        ("-00", "found `-00`", "write `0`;"),
        ("08", "found `08`", 'quote it: `"08"`; if it is a number, write `8`'),
        ("0o10", "found `0o10`", "write the number in digits;"),
        ("0x1F", "found `0x1F`", "write the number in digits;"),
        ("0B11", "found `0B11`", "write the number in digits;"),
        ("1_000", "found `1_000`", "write `1000`;"),
        ("1e3", "found `1e3`", "write the number in digits;"),
        ("1.0E+3", "found `1.0E+3`", "write the number in digits;"),
        (".5", "found `.5`", "write `0.5`;"),
        ("+.50", "found `+.50`", "write `0.50`;"),
        ("-.5", "found `-.5`", "write `-0.5`;"),
        ("5.", "found `5.`", "write `5`;"),
        ("007.50", "found `007.50`", "write `7.50`;"),
        ("+5", "found `+5`", "write `5`;"),
        ("+4412345", "found `+4412345`", 'quote it: `"+4412345"`; if it is a number, write `44'),
        ("“Gold”", "the quotes around `Gold` are curly, and so", 'write straight quotes: `"Gold"`'),
        ("\u2018it’s’", "the quotes around `it’s` are curly", 'write straight quotes: `"it’s"`'),
        ("„Gold“", "the quotes around `Gold` are curly", "write straight quotes"),
        ("„Gold”", "the quotes around `Gold` are curly", "write straight quotes"),
        ("”Gold”", "the quotes around `Gold` are curly", "write straight quotes"),
        ('“Gold"', "the quotes around `Gold` are curly", "write straight quotes"),
        ("“Gold", "a curly quote `“` begins this text, and nothing closes it", "put the whole"),
        ("„", "a curly quote `„` begins this text", "put the whole text in straight quotes"),
        (".inf", "found `.inf`", "write the number in digits;"),
        ("-.INF", "found `-.INF`", "write the number in digits;"),
        (".NaN", "found `.NaN`", "write the number in digits;"),
        ("-0", "expected `0`, found `-0`", "write `0`"),
        ("-0.00", "expected `0`, found `-0.00`", "write `0`"),
        ("1" * 41, "a number of 41 digits is longer than the 40", "shorten it"),
        ("0." + "1" * 40, "a number of 41 digits", "shorten it"),
    ],
)
def test_what_readers_of_yaml_take_for_different_things_is_unclear(
    text: str, message: str, cure: str
) -> None:
    found = meaning(text)
    assert isinstance(found, Unclear)
    assert message in found.message
    assert found.help.startswith(cure)


@pytest.mark.parametrize(
    "text", ["on", "no", "y", "true", "EUR", "onsite-support", "24-7", "a b", "1.0.0", "-"]
)
def test_a_key_is_text(text: str) -> None:
    assert unclear_key(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1", "-1", "1200", "01200", "8.50", "1e3", "0x1F", "17:30", ".inf", "~", "null", "NULL"),
        *("2027-01-01", "2027-1-1", "2027-01-01T10:00:00Z", "2027-01-01 10:00", "="),
    ],
)
def test_a_key_that_looks_like_something_else_is_quoted(text: str) -> None:
    found = unclear_key(text)
    assert found == Unclear(f"expected text as a key, found `{text}`", f'quote it: `"{text}"`')


def test_a_key_is_not_left_out() -> None:
    assert unclear_key("") == Unclear(
        "a key is missing before the `:`", "write the key, or take the line out"
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4).filter(bool))
def test_every_amount_is_read_as_written(amount: Decimal) -> None:
    text = f"{amount:f}"
    if len(text) <= MOST_DIGITS:
        assert meaning(text) == amount


@given(st.text("0123456789+-._:eExXoObBinfa ", max_size=12))
def test_what_yaml_1_1_takes_for_a_number_is_a_plain_number_or_unclear(text: str) -> None:
    resolve: Any = yaml.SafeLoader("").resolve
    kind = resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
    value = meaning(text)
    if kind in ("int", "float"):
        assert not isinstance(value, str)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        assert kind in ("int", "float")


@pytest.mark.parametrize("text", ["1" * 10**6 + "x", "1_" * 500_000 + "x", "1:" * 500_000 + "x"])
def test_long_texts_are_not_slow(text: str) -> None:
    assert meaning(text) == text


@pytest.mark.parametrize("text", ["-{contract", "-[a"])
def test_a_dash_without_its_space_is_no_key(text: str) -> None:
    assert unclear_key(text) == Unclear(*DASH, misleads=True)
