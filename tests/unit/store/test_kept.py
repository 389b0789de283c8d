"""Values as plain values and back, and where they are kept."""

from __future__ import annotations

import enum
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.store import kept, state
from billing_dsl.store.kept import HEX, Rows, made, plain
from billing_dsl.store.state import Files, Results, State, keep_state, load_state


class Colour(enum.Enum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    x: int
    y: int


@dataclass(frozen=True)
class Whole:
    name: str
    day: date
    colour: Colour
    point: Point
    points: tuple[Point, ...]
    pair: tuple[int, str]
    either: Point | str
    perhaps: date | None
    names: tuple[str, ...]
    flag: bool


POINTS = st.builds(Point, st.integers(), st.integers())
WHOLES = st.builds(
    Whole,
    st.text(),
    st.dates(),
    st.just(Colour.RED),
    POINTS,
    st.lists(POINTS, max_size=4).map(tuple),
    st.tuples(st.integers(), st.text()),
    POINTS | st.text(),
    st.just(None),
    st.lists(st.text(), max_size=3).map(tuple),
    st.booleans(),
)


@given(WHOLES)
def test_plain_values_are_made_again(whole: Whole) -> None:
    assert made(Whole, json.loads(json.dumps(plain(whole)))) == whole


@given(st.lists(WHOLES, max_size=5))
def test_packed_values_are_made_again_in_this_run_and_the_next(wholes: list[Whole]) -> None:
    rows = Rows([])
    first = [rows.pack(whole) for whole in wholes]
    later = Rows(json.loads(json.dumps(rows.rows)))
    assert [made(Whole, one, later) for one in json.loads(json.dumps(first))] == wholes
    assert [later.pack(whole) for whole in wholes] == first
    assert later.rows == rows.rows, "what is known is not kept again"


def test_what_is_shared_is_kept_once() -> None:
    rows = Rows([])
    point = Point(1, 2)
    for _ in range(3):
        rows.pack(
            Whole("a", date.min, Colour.RED, point, (point,) * 4, (1, ""), "", None, (), True)
        )
    assert rows.rows.count([1, 2]) == 1


@pytest.mark.parametrize("value", [1.5, {"a": 1}, {1}, b"x", Point])
def test_what_cannot_be_kept_exactly_is_not_kept(value: object) -> None:
    with pytest.raises(TypeError, match="is not kept"):
        plain(value)


@pytest.mark.parametrize("kind", [float, dict, Point | int])
def test_what_cannot_be_made_again_is_refused(kind: type) -> None:
    with pytest.raises(TypeError):
        made(kind, [1, 2])


@dataclass(frozen=True)
class Pair:
    a: int
    b: int


def test_classes_of_one_length_cannot_be_told_apart() -> None:
    with pytest.raises(TypeError, match="cannot be told apart"):
        made(cast("Any", Point | Pair), [1, 2])


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_only_equal_parts_have_equal_hashes(one: list[bytes], other: list[bytes]) -> None:
    assert (kept.digest(*one) == kept.digest(*other)) == (one == other)


# --- where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/billing-dsl"),
        ("linux", {"XDG_CACHE_HOME": "", "HOME": "/home/a"}, "/home/a/.cache/billing-dsl"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, None),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Caches/billing-dsl"),
        ("win32", {"LOCALAPPDATA": "/AppData"}, "/AppData/billing-dsl"),
        ("win32", {"LOCALAPPDATA": ""}, None),
        ("linux", {"BILLING_DSL_CACHE": "/there"}, "/there"),
        ("linux", {"BILLING_DSL_CACHE": "off"}, None),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths are written otherwise there")
def test_results_are_kept_where_each_system_keeps_such_things(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environment: dict[str, str],
    expected: str | None,
) -> None:
    monkeypatch.delenv(kept.VARIABLE, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert kept.folder() == (None if expected is None else Path(expected))


def test_what_was_kept_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "new/folder"))
    assert kept.load("a") is None
    kept.keep("a", {"b": [1, "é\ud800"]})
    assert kept.load("a") == {"b": [1, "é\ud800"]}
    assert [path.name for path in (tmp_path / "new/folder").iterdir()] == ["a"]


def test_where_nothing_is_kept_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.VARIABLE, "off")
    kept.keep("a", 1)
    assert kept.load("a") is None


def test_rows_are_kept_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    rows = [kept.row(one) for one in (["é\n"], {"a": 1})]
    kept.keep("a", [1], rows)
    assert kept.load_with_rows("a") == ([1], rows)
    assert kept.rows_made(rows) == [["é\n"], {"a": 1}]


def test_shared_rows_begin_anew_once_they_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    files = Files(["a"], ["0" * HEX], [2], [b"[]"])
    results = Results(["1" * HEX], [1], [3], [7], [0], ["2" * HEX], [b"[[]]"])
    whole = State(files, b"[]", [b"[[0,0]]"], "common", results, ["key", []], [[0]] * 6)
    keep_state("name", whole)
    monkeypatch.setattr(state, "MOST_ROWS", 2)
    assert load_state("name") == whole
    monkeypatch.setattr(state, "MOST_ROWS", 1)
    assert load_state("name") == State(files, b"[]", [b"[[0,0]]"])
    assert load_state("other") == load_state("") == State()
