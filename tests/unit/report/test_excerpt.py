from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Span
from billing_dsl.report._excerpt import Excerpt, columns, excerpt, split


def drawn(line: str, start: int, end: int, width: int = 80, *, unicode: bool = True) -> list[str]:
    """The line and its underline; `start` and `end` count characters from 0."""
    found = excerpt(line, Span("a.yaml", 1, start + 1, 1, end + 1), width, unicode=unicode)
    return [found.text, " " * found.before + "^" * found.length]


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "underline"),
    [
        ("a: bcd", 3, 6, "a: bcd", "   ^^^"),
        ("a: 技術者 x", 3, 6, "a: 技術者 x", "   ^^^^^^"),
        ("a: 技術者 x", 7, 8, "a: 技術者 x", "          ^"),
        ("e\u0301te\u0301 x", 0, 5, "e\u0301te\u0301 x", "^^^"),
        ("e\u0301 x", 1, 2, "e\u0301 x", "^"),
        ("\u0301 x", 0, 1, "\u0301 x", "^"),
        ("\ta:\tb", 4, 5, "    a:    b", "          ^"),
        ("\ta: b", 0, 1, "    a: b", "^^^^"),
        ("a\u200bb: c", 1, 2, "a\\u200bb: c", " ^^^^^^"),
        ("a: \u202eevil", 4, 8, "a: \\u202eevil", "         ^^^^"),
        ("a: \x1b[31m", 3, 4, "a: \\x1b[31m", "   ^^^^"),
        ("a:\u00a0b", 3, 4, "a:\\xa0b", "      ^"),
        ("a: 😀b", 4, 5, "a: 😀b", "     ^"),
        ("a: ##[error]b", 3, 5, "a: #\\x23[error]b", "   ^^^^^"),
        ("\u1112\u1161\u11ab x", 4, 5, "\u1112\u1161\u11ab x", "   ^"),
        ("ab", 2, 2, "ab", "  ^"),
        ("ab", 9, 12, "ab", "  ^"),
        ("ab", 1, 0, "ab", " ^"),
        ("ab", -5, 1, "ab", "^"),
        ("ab", 0, 99, "ab", "^^"),
        ("", 0, 0, "", "^"),
    ],
)
def test_the_underline_stands_beneath_what_it_is_about(
    line: str, start: int, end: int, shown: str, underline: str
) -> None:
    assert drawn(line, start, end) == [shown, underline]


def test_without_unicode_everything_is_ascii() -> None:
    assert drawn("é: 技x", 3, 5, unicode=False) == ["\\xe9: \\u6280x", "      ^^^^^^^"]


ALPHABET = "".join(chr(ord("a") + number % 26) for number in range(100))


@pytest.mark.parametrize(
    ("start", "end", "shown", "underline"),
    [
        (0, 3, "abcdefghijklmnopqr…", "^^^"),
        (50, 53, "…rstuvwxyzabcdefghi…", "        ^^^"),
        (97, 100, "…efghijklmnopqrstuv", "                ^^^"),
        (99, 99, "…efghijklmnopqrstuv", "                  ^"),
        (100, 100, "…efghijklmnopqrstuv", "                   ^"),
        (10, 90, "…klmnopqrstuvwxyzab…", " ^^^^^^^^^^^^^^^^^^"),
    ],
)
def test_a_long_line_is_cut_around_the_span(
    start: int, end: int, shown: str, underline: str
) -> None:
    assert drawn(ALPHABET, start, end, 20) == [shown, underline]


def test_a_cut_is_ascii_where_characters_are() -> None:
    assert drawn(ALPHABET, 50, 53, 20, unicode=False) == ["...tuvwxyzabcdefg...", "        ^^^"]


def test_an_excerpt_is_never_narrower_than_can_be_read() -> None:
    assert drawn(ALPHABET, 50, 53, 1) == drawn(ALPHABET, 50, 53, 20)


def test_a_line_of_a_megabyte_is_shown_as_fast_as_any() -> None:
    line = "\u0301" * 1_000_000
    found = excerpt(line, Span("a.yaml", 1, 500_000, 1, 500_001), 80)
    assert len(found.text) <= 80


def test_a_span_of_several_lines_ends_with_its_first() -> None:
    assert excerpt("a: b c  ", Span("a.yaml", 1, 4, 3, 2), 80) == Excerpt("a: b c  ", 3, 3)


@given(
    st.text(st.characters(codec=None, exclude_characters="\r\n")),
    st.integers(0, 120),
    st.integers(0, 120),
    st.integers(1, 60),
    st.booleans(),
)
def test_any_line_is_drawn_within_its_room(
    line: str, column: int, end: int, width: int, unicode: bool
) -> None:
    found = excerpt(line, Span("a.yaml", 1, column, 1, end), width, unicode=unicode)
    shown = sum(columns(char) for char in found.text)
    assert shown <= max(width, 20)
    assert found.length >= 1
    assert found.before + found.length <= shown + 1
    assert all(char.isprintable() for char in found.text)
    assert unicode or found.text.isascii()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (b"", [""]),
        (b"a\nb\r\nc\rd", ["a", "b", "c", "d"]),
        ("a\u0085b\u2028c\u2029d\x0ce\x0bf".encode(), ["a\u0085b\u2028c\u2029d\x0ce\x0bf"]),
        (b"\xef\xbb\xbfa\n", ["a", ""]),
        (b"caf\xe9\n", ["caf\ufffd", ""]),
    ],
)
def test_lines_break_where_yaml_breaks_them(source: bytes, lines: list[str]) -> None:
    assert split(source) == lines
