"""Values become text in Markdown and HTML, and templates are only ever ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.languages.english import ENGLISH
from billing_dsl.targets import _templates
from billing_dsl.targets._scope import Glance
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
    Part,
    Written,
    html,
    line,
    markdown,
    md,
    part,
    readable,
    sheet,
    word,
)
from billing_dsl.targets._word import WIDTH, widths


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("two words", "two words"),
        (7, "7"),
        ("a | b", r"a \| b"),
        ("`x` *y* _z_ ~w~ $v$", r"\`x\` \*y\* \_z\_ \~w\~ \$v\$"),
        ("[a](javascript:b)", r"\[a\](javascript:b)"),
        ("<b> & </b>", "&lt;b&gt; & &lt;/b&gt;"),
        ("&lt; &#60; R&D", "&amp;lt; &amp;\\#60; R&amp;D"),
        ("# head", r"\# head"),
        ("C# #12", r"C# \#12"),
        ("- a", r"\- a"),
        ("+39 011", r"\+39 011"),
        ("=1+1", r"\=1+1"),
        ("1. one", r"1\. one"),
        ("12) twelve", r"12\) twelve"),
        ("85.00", "85.00"),
        ("1.", r"1\."),
        ("https://x.example", "https:&#47;&#47;x.example"),
        ("www.x.example", "www&#46;x.example"),
        ("@team and a@b.example", "&#64;team and a@b.example"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("\u202eright\u2066 to left", "right to left"),
        ("a\\b", r"a\\b"),
    ],
)
def test_a_value_in_markdown_is_text(text: object, written: str) -> None:
    assert md(text) == written


def test_what_is_written_already_stays() -> None:
    assert md(Written("**bold**")) == "**bold**"
    assert Written("<b>").__html__() == "<b>"


def test_a_line_has_nothing_that_cannot_be_seen() -> None:
    assert line("  a\x00b\u2028c\u202ed\ufeff  ") == "a b c d"
    assert line("zero\u200bwidth") == "zero\u200bwidth"
    assert line(3) == "3"


WORDS = ENGLISH.labels
MORE: dict[str, Any] = {
    "words": WORDS,
    "sheet": sheet(PRIMARY, ACCENT),
    "logo": None,
    "primary": "1F4E5F",
    "picture": "",
    "widths": widths,
}
SCOPE = Blank("scope", ["md", "html", "docx"], **MORE)
TEXTS = st.text(st.sampled_from("ab1. #*_<&>'\"@|[]+-=/:\n\u202ewé"), max_size=8)
ONES = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
SCOPES = st.fixed_dictionaries(
    {
        "about": TEXTS,
        "provider_name": TEXTS,
        "client": ONES,
        "provider": ONES,
        "facts": st.lists(st.tuples(TEXTS, ONES, TEXTS), max_size=2).map(tuple),
        "glance": TEXTS,
        "periods": st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
        "tables": st.lists(
            st.tuples(
                TEXTS,
                st.tuples(TEXTS, TEXTS),
                st.tuples(st.booleans(), st.booleans()),
                st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
        "specials": st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
        "reading": ONES,
        "stamp": TEXTS,
        "seal": TEXTS,
    }
)


@given(SCOPES)
def test_a_blank_filled_in_is_the_template_filled_in(values: dict[str, Any]) -> None:
    page = SCOPE.filled(**values)
    assert page.markdown.decode() == markdown("scope", **values, **MORE)
    assert page.html.decode() == html("scope", **values, **MORE)
    assert page.word.decode() == word("scope", **values, **MORE)


def test_a_part_stands_in_a_blank_as_it_is_written() -> None:
    values: dict[str, Any] = dict.fromkeys(("about", "provider_name", "stamp", "seal"), "<b>")
    values |= dict.fromkeys(("client", "provider", "facts", "tables", "specials", "reading"), ())
    values |= {
        "client": ("<b>",),
        "provider": ("<b>",),
        "glance": Part(b"*md*", b"<i>html</i>", b"<w>"),
    }
    page = SCOPE.filled(**values, periods=(("Heading", "", Part(b"**two**", b"<hr>", b"<w:2>")),))
    assert b"\n*md*\n" in page.markdown
    assert b"\n<i>html</i>\n" in page.html
    assert b"**two**" in page.markdown
    assert b"<hr>" in page.html
    assert b"\n<w>\n" in page.word
    assert b"\n<w:2>\n" in page.word
    assert b"<b>" not in page.markdown + page.html + page.word


def test_a_page_is_made_in_the_forms_that_are_wanted_alone() -> None:
    values: dict[str, Any] = {"facts": (), "words": WORDS, "glance": Glance((), (), False)}
    assert part("scope_glance", ["md"], **values).html == b""
    made = part("scope_glance", ["html"], **values)
    assert (made.markdown, made.word) == (b"", b"")
    assert made.html


def test_a_template_needs_every_value() -> None:
    with pytest.raises(Exception, match="is undefined"):
        markdown("scope_glance")


@pytest.mark.parametrize("name", ["../scope", "scope.md", "Scope", "none_of_ours", "/etc/passwd"])
def test_only_templates_of_ours_are_found(name: str) -> None:
    with pytest.raises(Exception, match=name):
        html(name)


def test_an_environment_is_made_once() -> None:
    assert _templates._environment("md") is _templates._environment("md")


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        ("#1f4e79", "#1f4e79"),
        ("#000000", "#000000"),
        ("red; } body { display: none", PRIMARY),
        ("", PRIMARY),
    ],
)
def test_a_colour_is_a_colour(colour: str, shown: str) -> None:
    assert readable(colour, PRIMARY) == shown


@pytest.mark.parametrize("colour", ["#ffffff", "#ffff00", "#f28c28", "#00ff00", "#7fffd4"])
def test_a_light_colour_is_darkened_until_it_can_be_read(colour: str) -> None:
    shown = readable(colour, PRIMARY)
    assert shown != colour
    parts = [int(shown[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    assert _templates._contrast_with_white(*parts) >= 4.4  # rounded to 255 steps


def test_a_sheet_holds_the_colours_and_nothing_from_elsewhere() -> None:
    made = sheet(PRIMARY, ACCENT)
    assert PRIMARY in made.css
    assert ACCENT in made.css
    assert "@primary@" not in made.css
    assert "@import" not in made.css
    assert "</" not in made.css


@given(st.lists(st.booleans(), min_size=1, max_size=7))
def test_the_columns_of_a_word_table_fill_the_page(numbers: list[bool]) -> None:
    found = widths(numbers)
    assert len(found) == len(numbers)
    assert sum(found) == WIDTH
    assert min(found) >= 700
