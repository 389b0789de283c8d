from __future__ import annotations

import pytest

from billing_dsl.source.split import documents, first_line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a: 1\n", ["a: 1\n"]),
        ("a: 1\n---\nb: 2\n", ["a: 1\n", "---\nb: 2\n"]),
        ("---\na: 1\n--- # two\nb: 2", ["---\na: 1\n", "--- # two\nb: 2"]),
        ("# head\n\n  # more\n---\na: 1\n", ["# head\n\n  # more\n---\na: 1\n"]),
        ("%YAML 1.2\n---\na: 1\n", ["%YAML 1.2\n---\na: 1\n"]),
        (" %a\n---\nb\n", [" %a\n", "---\nb\n"]),
        ("a: 1\n---", ["a: 1\n", "---"]),
        ("---\n---\n", ["---\n", "---\n"]),
        ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "---\r\nb: 2\r\n"]),
        ("a: '\n---\n'\n", ["a: '\n", "---\n'\n"]),
        ("a: |\n  ---\n----\n---a\n ---\n", ["a: |\n  ---\n----\n---a\n ---\n"]),
    ],
)
def test_a_file_falls_into_documents(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in documents(text)] == parts


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("# a\n\n", ""),
        ("---", ""),
        ("--- # a\n  # b\n  c: 1\n", "  c: 1\n"),
        ("---\n%a\n", "%a\n"),
        ("a: 1\n", "a: 1\n"),
        ("--- a\n", " a\n"),
    ],
)
def test_the_first_line_that_says_something_is_found(text: str, line: str) -> None:
    assert text[first_line(text, 0, len(text)) :] == line
