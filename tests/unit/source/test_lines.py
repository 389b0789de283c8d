"""Reading line by line says what reading by events says, or nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.source import lines, plain, reader
from billing_dsl.source.lines import DEEPEST, Lines, values
from billing_dsl.source.plain import DoubtError
from billing_dsl.source.reader import MOST_DOCUMENTS, MOST_NODES, read
from tests.unit.source.samples import AGREEMENT, FRAGMENTS, PIECES

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted(
    path
    for folder in ("catalogue", "billing_dsl/starter", "tests/golden")
    for path in (ROOT / folder).rglob("*.yaml")
)
TEXTS = [AGREEMENT.decode(), *(path.read_text(encoding="utf-8") for path in CATALOGUES)]


def by_lines(text: str) -> list[dict[str, Any]] | None:
    """What the lines say, if they say anything; the text is clean and ends with a line feed."""
    try:
        return values(text, Lines(plain.Keys(), reader._in_brackets), MOST_DOCUMENTS)
    except DoubtError:
        return None


def by_events(text: str) -> list[dict[str, Any]] | str:
    """What the events say of a clean text, without the lines."""
    found, broken, faults = read("a.yaml", text.encode(), pure=True)
    return "at fault" if broken or faults else [document.value for document in found]


def typed(value: Any) -> Any:
    """A value with the types of all that is in it: 1 is not true, and 1.0 is not 1.00."""
    if isinstance(value, dict):
        return [(key, typed(held)) for key, held in value.items()]
    return [typed(held) for held in value] if isinstance(value, list) else (type(value), str(value))


def agree(text: str) -> bool:
    """Holds the lines to the events; gives whether they said anything."""
    whole = text if text.endswith("\n") else f"{text}\n"
    if not reader._is_clean(whole) or "\r" in whole:
        return False
    said = by_lines(whole)
    if said is not None:
        assert typed(said) == typed(by_events(text)), text
    return said is not None


def test_what_is_shipped_is_read_by_its_lines() -> None:
    doubted = [
        path.relative_to(ROOT).as_posix()
        for path, text in zip(CATALOGUES, TEXTS[1:], strict=True)
        if not agree(text)
    ]
    assert doubted == [
        "tests/golden/broken-yaml-beside-good-file/catalogue/tiers/silver.yaml",
        "tests/golden/duplicate-key/catalogue/roles.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: 2.50\nc: x\n", {"a": 1, "b": Decimal("2.50"), "c": "x"}),
        ("# c\n\na: x # c\n\n  # c\nb: true\n", {"a": "x", "b": True}),
        ("a:\nb: # c\nc: ''\nd: \"\"\n", {"a": None, "b": None, "c": "", "d": ""}),
        ("a: 'no'\nb: \"17:30\" # c\nc:   x   \n", {"a": "no", "b": "17:30", "c": "x"}),
        ("a:\n  b:\n    c: 1\n  d: 2\ne: 3\n", {"a": {"b": {"c": 1}, "d": 2}, "e": 3}),
        ("a:\n- x\n- z\nb: 1\n", {"a": ["x", "z"], "b": 1}),
        ("a:\n  - x\n  - -5\n", {"a": ["x", -5]}),
        ("a:\n  - b: 1\n    c: 2\n  -   b: 3\n", {"a": [{"b": 1, "c": 2}, {"b": 3}]}),
        ("a:\n- b:\n  - x\n  c: 1\n- d: 2\n", {"a": [{"b": ["x"], "c": 1}, {"d": 2}]}),
        ("a:\n- b:\n    - x\n- c:\n", {"a": [{"b": ["x"]}, {"c": None}]}),
        ("a: {b: [1, {}]}\nc: [] # d\n", {"a": {"b": [1, {}]}, "c": []}),
        ("a: |\n  x\n\n    y\n\n\nb: 1\n", {"a": "x\n\n  y\n", "b": 1}),
        ("a: |-\n\n x: y\n # z\n# c\n", {"a": "\nx: y\n# z"}),
        ("- a\n", None),
        ("  a: 1\n", None),
        ("a: 1\n  b: 2\n", None),
        ("a:\n  b: 1\n c: 2\n", None),
        ("a: x\n  y\n", None),
        ("a: x\n\n  y\n", None),
        ("a:\n  x\n", None),
        ("a:\n  - x\n    y\n", None),
        ("a: 1\n- b\n", None),
        ("a: b: c\n", None),
        ("a: b:\n", None),
        ("a:b\n", None),
        ("a : b\n", None),
        ("a: 1\na: 2\n", None),
        ("a: 'it''s'\n", None),
        ('a: "\\n"\n', None),
        ('a: "b" c\n', None),
        ("a: >\n  x\n", None),
        ("a: |\n", None),
        ("a: |\nb: 1\n", None),
        ("a: |\n  x\n y\n", None),
        ("a: |\n   x\n  # c\n", None),
        ("a: |\n  x\n   \n", None),
        ("a: |\n   \n  x\n", None),
        ("a: |+\n  x\n", None),
        ("a:\n  - |\n    x\n", None),
        ("a:\n  -\n", None),
        ("a:\n  - # c\n", None),
        ("a:\n  - - x\n", None),
        ("a: [b\n", None),
        ("a: [b] c\n", None),
        ("a: {b: [1, 1}\n", None),
        ("a: 010\n", None),
        ("a: yes\n", None),
        ("a: why?\n", None),
        ("null: 1\n", None),
        ("'a': 1\n", None),
        ("---\n", None),
        ("a: 1\n---\n", None),
        ("---\n---\na: 1\n", None),
        ("--- # c\na: 1\n", None),
        ("a: &b 1\n", None),
        ("a: @b\n", None),
        ("", None),
    ],
)
def test_what_lines_say(text: str, value: dict[str, Any] | None) -> None:
    assert by_lines(text) == (None if value is None else [value])
    agree(text)


def test_documents_begin_at_three_dashes() -> None:
    assert by_lines("a: |\n  x\n---\nb:\n---\nc: 1\n") == [{"a": "x\n"}, {"b": None}, {"c": 1}]
    assert by_lines("# c\n---\na: 1\n") == [{"a": 1}]


def test_a_line_that_comes_again_gives_a_value_of_its_own() -> None:
    first, second = by_lines("a: {b: [1]}\n---\na: {b: [1]}\n") or []
    assert first == second
    assert first["a"] is not second["a"]
    assert first["a"]["b"] is not second["a"]["b"]


@pytest.mark.parametrize("most", [0, 1])
def test_what_is_remembered_is_bounded(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_KNOWN", most)
    known = Lines(plain.Keys(), reader._in_brackets)
    text = "a: 1\nb: 2\n" + f"c: {'x' * 100}\n" + "a2: 1\n"
    assert values(text, known, 1) == [{"a": 1, "b": 2, "c": "x" * 100, "a2": 1}]
    assert len(known) <= 1
    assert len(known._begins) <= 1


def test_many_levels_are_left_to_the_events() -> None:
    def deep(levels: int) -> str:
        return "".join("  " * level + "a:\n" for level in range(levels))

    assert by_lines(deep(DEEPEST)) is not None
    assert by_lines(deep(DEEPEST + 2)) is None
    assert by_lines(f"a: {'[' * DEEPEST}{']' * DEEPEST}\n") is not None
    assert by_lines(f"a: {'[' * (DEEPEST + 1)}{']' * (DEEPEST + 1)}\n") is None


def test_many_documents_and_values_are_left_to_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Lines(plain.Keys(), reader._in_brackets)
    assert len(values("a: 1\n---\na: 2\n", known, 2)) == 2
    with pytest.raises(DoubtError):
        values("a: 1\n---\na: 2\n---\na: 3\n", known, 2)
    monkeypatch.setattr(lines, "values", None)  # whoever asks the lines now stumbles
    assert len(read("a.yaml", b"a: 1 #" + b"x" * MOST_NODES + b"\n")[0]) == 1
    with pytest.raises(TypeError):
        read("a.yaml", b"a: 1\n")


# --- whatever comes

INSERTED = st.one_of(PIECES, st.sampled_from([":", " ", "  ", "-", "- ", "#", "\n", "\n\n", "x"]))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A file of a catalogue with one to three things changed in it."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        rows = text.splitlines(keepends=True) or [""]
        row = draw(st.integers(0, len(rows) - 1))
        line = rows[row]
        at = draw(st.integers(0, len(line)))
        match draw(st.integers(0, 6)):
            case 0:
                rows[row] = line[:at] + draw(INSERTED) + line[at:]
            case 1:
                rows[row] = line[:at] + line[at + 1 :]
            case 2:
                rows[row] = ""
            case 3:
                rows[row] = line * 2
            case 4:
                rows[row] = draw(st.sampled_from([" ", "  ", "    ", "- "])) + line
            case 5:
                rows[row] = line.removeprefix(draw(st.sampled_from([" ", "  ", "    "])))
            case _:
                other = draw(st.integers(0, len(rows) - 1))
                rows[row], rows[other] = rows[other], line
        text = "".join(rows)
    return text


@given(damaged())
def test_lines_and_events_agree_on_damaged_files(text: str) -> None:
    agree(text)


@given(FRAGMENTS)
def test_lines_and_events_agree_on_fragments(text: str) -> None:
    agree(text)


@given(st.text("abn:-#|> \n'\"[]{},1.~=", max_size=40))
def test_lines_and_events_agree_on_signs(text: str) -> None:
    agree(text)


LINE = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "  ", "    ", " "]),
    st.sampled_from(["", "", "- ", "-  "]),
    st.sampled_from(["a:", "b:", "c: ", "d: ", "", "a-b: "]),
    st.sampled_from(["", "x", "1.50", "|", "|-", "'q'", '"q"', "{a: 1}", "[x, z]", "x: z", "-1"]),
    st.sampled_from(["", "", "", " ", " # c", "#c"]),
)


@given(st.lists(st.one_of(LINE, LINE, LINE, st.just("---"), st.just("")), max_size=8))
def test_lines_and_events_agree_on_lines(rows: list[str]) -> None:
    agree("\n".join(rows))
