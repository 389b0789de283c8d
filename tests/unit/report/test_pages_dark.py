"""The pages of `diff` and `what-if` can be read by day and by night."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from billing_dsl.targets._templates import ACCENT, PRIMARY, sheet

DARK = "@media screen and (prefers-color-scheme: dark) {"

TEXT = [
    *(("ink", "paper"), ("soft", "paper"), ("primary", "paper"), ("accent", "paper")),
    *(("included-ink", "included"), ("outside-ink", "outside")),
    *(("ink", "free"), ("soft", "free"), ("free-ink", "free")),
]
"""Which colour stands as text on which: verdict, figures, headings, notes, what was and will be."""


def colours(css: str) -> Mapping[str, str]:
    """The colours that a style names."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", css))


def schemes(*names: str) -> tuple[Mapping[str, str], Mapping[str, str], str]:
    """The colours by day and by night, and the rules of the night."""
    css = str(sheet(PRIMARY, ACCENT, *names).css)
    assert css.count(DARK) == 1
    start = css.index(DARK)
    depth, end = 0, start
    for place in range(css.index("{", start), len(css)):
        depth += {"{": 1, "}": -1}.get(css[place], 0)
        if depth == 0:
            end = place + 1
            break
    night = css[start:end]
    day = colours(css[:start] + css[end:])
    return day, {**day, **colours(night)}, night


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("names", [("page", "diff"), ("page", "diff", "what_if")])
@pytest.mark.parametrize("text", TEXT, ids=" on ".join)
def test_all_text_can_be_read(names: tuple[str, ...], text: tuple[str, str]) -> None:
    day, night, _ = schemes(*names)
    for scheme in (day, night):
        assert contrast(scheme[text[0]], scheme[text[1]]) >= 4.5, (text, scheme is night)


def test_the_night_is_dark_and_paper_is_never() -> None:
    day, night, rules = schemes("page", "diff")
    assert luminance(day["paper"]) > 0.9
    assert luminance(night["paper"]) < 0.03
    [ground] = re.findall(r"html \{ background: (#[0-9a-f]{6}); \}", rules)
    assert luminance(ground) < luminance(night["paper"])
    assert "@media screen and" in rules  # a page is printed as it always was


@pytest.mark.parametrize("stripe", ["#c2554b", "#d99a3a", "#5b7fc0", "#4f9d69"])
def test_the_stripe_of_each_effect_stands_out(stripe: str) -> None:
    css = str(sheet(PRIMARY, ACCENT, "page", "diff").css)
    assert f"border-color: {stripe}" in css
    _, night, _ = schemes("page", "diff")
    assert contrast(stripe, night["paper"]) >= 3


def test_other_documents_have_no_night() -> None:
    for names in (("page",), ("page", "letter")):
        assert "prefers-color-scheme" not in str(sheet(PRIMARY, ACCENT, *names).css)
