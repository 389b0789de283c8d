from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Span
from billing_dsl.source.text import (
    SUBSTITUTE,
    Undecodable,
    decoded,
    hidden_in,
    is_hidden,
    legible,
    named,
    screened,
    shown,
)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf_8_is_read_with_and_without_its_mark(mark: bytes) -> None:
    assert decoded(mark + "name: caffè\n".encode()) == "name: caffè\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32"),
        ("utf-32-be", "UTF-32"),
    ],
)
def test_other_unicode_encodings_are_named(encoding: str, name: str) -> None:
    text = "kind: role\nname: engineer\n"
    found = decoded(text.encode(encoding))
    assert isinstance(found, Undecodable)
    assert (found.before, found.message) == ("", f"expected UTF-8, found {name}")
    assert legible(text.encode(encoding)).lstrip("\ufeff") == text


def test_the_first_byte_that_is_not_utf_8_is_named() -> None:
    found = decoded("a: 1\nb: è".encode() + "città\n".encode("cp1252"))
    assert found == Undecodable(
        "a: 1\nb: ècitt",
        "expected UTF-8, found the byte 0xE0, which is `à` in Windows-1252",
        "save the file again with the encoding UTF-8",
    )


def test_a_byte_that_is_no_letter_anywhere_is_named_alone() -> None:
    found = decoded(b"a: \x81\n")
    assert isinstance(found, Undecodable)
    assert found.message == "expected UTF-8, found the byte 0x81"


def test_half_of_a_pair_is_no_character() -> None:
    found = decoded(b"a: \xed\xa0\x80\n")
    assert isinstance(found, Undecodable)
    assert found.message == "expected UTF-8, found half of a UTF-16 pair"


def test_a_byte_at_the_very_end_is_found() -> None:
    assert isinstance(decoded(b"a: \xed"), Undecodable)


def test_legible_never_gives_up() -> None:
    assert legible(b"\xef\xbb\xbfkind: r\xf4le\n") == "kind: r\ufffdle\n"


def test_a_clean_text_is_itself() -> None:
    text = screened("a.yaml", "a: 1\r\nb: è\n")
    assert text.safe is text.written
    assert text.refused == text.spaces == ()
    assert text.starts == (0, 6, 11)


def test_what_the_parser_must_not_see_is_replaced_one_for_one() -> None:
    written = "a:\t1\rb\x00\u200b\ufeff\u3164\u00a0\u2009c\r\n\r\r\n"
    text = screened("a.yaml", written)
    assert text.safe == f"a: 1\nb{SUBSTITUTE * 4}\u00a0\u2009c\r\n\n\r\n"
    assert text.refused == (2, 4, 6, 7, 8, 9, 15)
    assert text.spaces == (10, 11)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\u0645\u06cc\u200c\u062e\u0648", True),  # Persian: joined otherwise
        ("\u0915\u094d\u200d\u0937", True),  # Devanagari: a mark counts as a letter
        ("a\u200cb", False),
        ("\u0645\u200c", False),
        ("\u200d\u0645", False),
        ("\u0645\u200c1", False),
        ("\u0645\u200c\u0661", False),  # a digit of the script is no letter
        ("\U0001f468\u200d\U0001f469", False),
    ],
)
def test_joiners_stand_between_letters_that_want_them(written: str, kept: bool) -> None:
    assert (screened("", written).safe == written) is kept
    assert (hidden_in(written) == "") is kept


def test_a_value_may_hold_lines_and_spaces_of_every_width() -> None:
    assert hidden_in("a\nb\u00a0c\u2009d") == ""
    assert hidden_in("a\tb") == "\t"
    assert hidden_in("a\u202eb\u200b") == "\u202e"
    assert hidden_in("\u3164") == "\u3164"


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\t", "U+0009 (tab)"),
        ("\x00", "U+0000 (NUL)"),
        ("\x01", "U+0001"),
        ("\u202e", "U+202E (right-to-left override)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
    ],
)
def test_a_character_that_cannot_be_shown_is_named(char: str, name: str) -> None:
    assert is_hidden(char)
    assert named(char) == name


def test_a_quoted_value_fits_on_a_line() -> None:
    assert shown("a\n  b") == "`a b`"
    assert shown("x" * 60) == f"`{'x' * 60}`"
    assert shown("x" * 61) == f"`{'x' * 59}…`"


def test_spans_count_code_points_from_one() -> None:
    text = screened("a.yaml", "a: \U0001f600è\r\nbc\rd\n")
    assert text.span(3, 5) == Span("a.yaml", 1, 4, 1, 6)
    assert text.span(7, 9) == Span("a.yaml", 2, 1, 2, 3)
    assert text.span(0, 11) == Span("a.yaml", 1, 1, 3, 2)
    assert text.span(12, 99) == Span("a.yaml", 4, 1, 4, 1)
    assert text.span(8, 2) == Span("a.yaml", 2, 2, 2, 2)


def test_lines_are_found_around_a_position() -> None:
    text = screened("a.yaml", "a: 1  \n  - b: 2\n")
    assert text.line_end(0) == 4
    assert text.line_end(9) == 15
    assert text.line_end(16) == 16
    assert text.line_start(9) == 7
    assert text.line_start(9, before=1) == text.line_start(3, before=5) == 0
    assert text.begins_line(11)
    assert not text.begins_line(14)


@given(st.text(st.characters(codec="utf-8")))
def test_screening_keeps_the_length_and_is_done_once(written: str) -> None:
    text = screened("", written)
    assert len(text.safe) == len(written)
    again = screened("", text.safe)
    assert again.safe == text.safe
    assert again.refused == ()
    assert again.spaces == text.spaces
    assert again.starts == text.starts
