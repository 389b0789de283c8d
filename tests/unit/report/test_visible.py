from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.report._shown import dumped
from billing_dsl.report._visible import characters, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `name` é 技", "plain `name` é 技"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("\x00\x1b\x7f\x9b", "\\x00\\x1b\\x7f\\x9b"),
        ("\u202e\u2066\u200b\ufeff", "\\u202e\\u2066\\u200b\\ufeff"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800\udcff", "\\ud800\\udcff"),
        ("##[error]", "#\\x23[error]"),
        ("###[error]", "##\\x23[error]"),
        ("##vso[x]##teamcity[y]", "#\\x23vso[x]#\\x23teamcity[y]"),
        ("## a heading", "## a heading"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_ascii_alone() -> None:
    assert visible("é 技 😀", unicode=False) == "\\xe9 \\u6280 \\U0001f600"


@given(st.text(st.characters(codec=None)), st.booleans())
def test_every_character_is_shown_on_one_line(text: str, unicode: bool) -> None:
    shown = characters(text, unicode=unicode)
    assert len(shown) == len(text)
    assert visible(text, unicode=unicode).isprintable()
    assert visible(visible(text)) == visible(text)


def test_json_of_answers_holds_no_command_and_says_the_same() -> None:
    content = {"file": "##[error]x ##vso[a] #[b] é", "##[group]": ["##[error]"]}
    written = dumped(content)
    assert "##" not in written
    assert "é" in written
    assert json.loads(written) == content
