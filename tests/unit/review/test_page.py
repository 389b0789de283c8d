"""The page of a review: nothing in it runs, whatever names it holds; its tables can be sorted."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from billing_dsl.changes.effects import Effect
from billing_dsl.review.moves import Move
from billing_dsl.review.page import Column, Content, Table, page
from billing_dsl.review.pictures import BARS, MOVES, WIDTH, bands, bars
from tests.test_hostile import NAUGHTY
from tests.unit.review.sample import review
from tests.unit.review.test_comment import HOSTILE


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        """Reads a page."""
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.styles: list[str] = []
        self.texts: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        """Notes a text."""
        (self.styles if self._open == "style" else self.texts).append(data)


def written(texts: list[str], clients: list[str]) -> str:
    return page(review(texts, clients), {"primary": "#123456"}).decode()


def test_no_name_is_markup_style_or_program() -> None:
    texts = [text for text in (*HOSTILE, *NAUGHTY) if text.strip()]
    hostile = Tags(written(texts, ["acme"]))
    plain = Tags(written([f"name {number}" for number in range(len(texts))], ["acme"]))
    assert set(hostile.tags) == set(plain.tags)
    assert not {"script", "a", "img", "iframe", "link", "object"} & {tag for tag, _ in hostile.tags}
    assert not [name for _, names in hostile.tags for name in names if name.startswith("on")]
    rules = hostile.styles[0].split(".acme")[0]
    assert "evil" not in rules
    shown = "".join(hostile.texts)
    assert "<script>alert(1)</script>" in shown  # told, and inert


def test_the_policy_lets_the_pages_own_style_through_and_nothing_else() -> None:
    text = written(["Onsite"], ["acme"])
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    [style] = re.findall(r"(?s)<style>(.*?)</style>", text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert " style=" not in text
    assert not re.search(r"(?:src|href)=|url\(|@import", text)


# --- sorting -------------------------------------------------------------------------------------


def table(*rows: tuple[Content, ...]) -> Table:
    columns = (
        Column("Name", first=True),
        Column("Amount", number=True),
        Column("Note", sorts=False),
    )
    return Table("t", "people", "A table", "", columns, rows)


def order(rules: Iterator[str], column: int, count: int) -> list[int]:
    """The rows from top to bottom, where a heading is chosen."""
    text = "\n".join(rules)
    assert f"#t-{column}:checked~table tbody tr{{order:var(--o{column})}}" in text
    places = {}
    for row in range(count):
        [held] = re.findall(rf"\.t-r{row}\{{(.*)\}}", text)
        places[row] = int(dict(part.split(":") for part in held.split(";"))[f"--o{column}"])
    assert sorted(places.values()) == list(range(count))
    return sorted(places, key=places.__getitem__)


def test_rows_are_sorted_by_style_alone() -> None:
    found = table(
        (Content("zebra"), Content("5", Decimal(5)), Content("")),
        (Content("Ant"), Content("-7", Decimal(-7)), Content("")),
        (Content("bee"), Content("not known", Decimal("-Infinity")), Content("")),
        (Content("cat"), Content("40", Decimal(40)), Content("")),
    )
    assert order(found.rules(), 0, 4) == [0, 1, 2, 3]  # as they were given
    assert order(found.rules(), 1, 4) == [3, 0, 1, 2]  # the largest first, the unknown last
    assert "#t-2" not in "".join(found.rules())


def test_texts_are_sorted_without_regard_to_capitals() -> None:
    names = ("zebra", "Ant", "bee")
    rows = tuple((Content("x"), Content(name), Content("")) for name in names)
    assert order(table(*rows).rules(), 1, 3) == [1, 2, 0]


# --- pictures ------------------------------------------------------------------------------------


def test_bars_stand_on_both_sides_of_where_nothing_changes() -> None:
    amounts = [Decimal(100), Decimal(-50), Decimal(25)]
    drawn = bars("EUR", [(f"c{n}", amount, str(amount)) for n, amount in enumerate(amounts)])
    more, some, less = drawn.bars
    assert (more.tone, less.tone, some.tone) == ("more", "less", "more")
    assert more.x == drawn.zero == some.x
    assert less.x + less.width == pytest.approx(drawn.zero, abs=0.2)
    assert more.width == pytest.approx(2 * less.width, abs=0.3)
    assert more.width == pytest.approx(4 * some.width, abs=0.6)
    assert more.x + more.width <= WIDTH


def test_clients_without_a_bar_are_counted() -> None:
    drawn = bars("EUR", [(f"c{n}", Decimal(n + 1), "") for n in range(BARS + 7)])
    assert (len(drawn.bars), drawn.more) == (BARS, 7)
    assert drawn.bars[0].name == f"c{BARS + 6}"


def test_both_sides_have_bars() -> None:
    more = [(f"m{n}", Decimal(1000 + n), "") for n in range(2 * BARS)]
    less = [(f"l{n}", Decimal(-n), "") for n in range(1, 2 * BARS)]
    tones = [bar.tone for bar in bars("EUR", [*less, *more]).bars]
    assert tones == ["more"] * (BARS // 2) + ["less"] * (BARS // 2)
    few = [bar.name for bar in bars("EUR", [*less[:3], *more]).bars]
    assert few[-4:] == [f"m{2 * BARS - BARS + 3}", "l1", "l2", "l3"]


def test_bands_fill_their_ends_and_do_not_overlap() -> None:
    moves = [
        Move(("a", ""), ("x", ""), ("Onsite",), 3, Effect.LOSES, 30),
        Move(("a", ""), ("y", ""), ("Travel", "Training"), 1, Effect.GAINS, 5),
        Move(("b", ""), ("x", ""), ("Project",), 0, Effect.NONE, 1),
    ]
    drawn = bands(moves)
    assert [band.tone for band in drawn.bands] == ["loses", "gains", "none"]
    starts = [float(re.findall(r"M[\d.]+ ([\d.]+)", band.path)[0]) for band in drawn.bands]
    assert starts == sorted(starts)
    left = [end for end in drawn.ends if end.anchor == "end"]
    assert [end.title for end in left] == ["a", "b"]
    assert left[0].y + left[0].height <= left[1].y
    assert all(end.y + end.height <= drawn.height for end in drawn.ends)


def test_moves_without_a_band_are_counted() -> None:
    moves = [Move((f"a{n}", ""), ("x", ""), ("w",), 1, Effect.LOSES, n) for n in range(MOVES + 3)]
    drawn = bands(moves)
    assert (len(drawn.bands), drawn.more) == (MOVES, 3)
    assert "a0" not in [end.title for end in drawn.ends]  # what weighs least
