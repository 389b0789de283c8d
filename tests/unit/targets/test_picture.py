"""The picture of a path: every contract in it once, arrows to where they belong, in any shape."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.analysis.drawing import NO_CONTRACT, Drawing, Edge, Node
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.targets._mermaid import flowchart
from billing_dsl.targets._picture import COLUMNS, ROWS, WIDTH, Names, in_words, picture

WORK = {f"work-{n}": f"Work {n}" for n in range(12)}
NAMES = Names(WORK, {"boss": "Boss"}, {"jam": "Printing > Paper jam"})


def drawing(links: dict[str, str], start: str = "a", takes: int = 2) -> Drawing:
    """Contracts by name, each with the one to which what it excludes falls."""
    names = list(dict.fromkeys([*links, *links.values()]))
    excluded = Exclusions(tuple(WORK)[:3], ("boss",), ("jam",))
    return Drawing(
        "",
        tuple(
            Node(name, name, "" if name == NO_CONTRACT else "retainer", name == start,
                 tuple(WORK)[:takes])
            for name in names
        ),
        tuple(Edge(source, target, excluded) for source, target in links.items() if target),
    )  # fmt: skip


def boxes(svg: str) -> dict[str, tuple[float, float, float, float]]:
    """The corners of each contract's box, by its name."""
    found = {}
    for group in ET.fromstring(svg).iterfind("g"):
        if "stop" in (group.get("class") or ""):
            [name] = [text.text for text in group.iterfind("text") if text.get("class") == "name"]
            rect = group.find("rect")
            assert rect is not None
            x, y, width, height = (float(rect.get(a, "")) for a in ("x", "y", "width", "height"))
            found[name or ""] = (x, y, x + width, y + height)
    return found


def heads(svg: str) -> list[tuple[float, float]]:
    """Where arrows end."""
    found = []
    for path in ET.fromstring(svg).iterfind("g/path[@class='head']"):
        x, y = re.findall(r"^M([\d.]+) ([\d.]+)", path.get("d", ""))[0]
        found.append((float(x), float(y)))
    return found


def test_a_line_of_contracts_is_drawn_from_top_to_bottom() -> None:
    svg = picture(drawing({"a": "b", "b": "c"}), NAMES, 1)
    assert svg is not None
    found = boxes(svg)
    assert [*found] == ["a", "b", "c"]
    assert found["a"][3] < found["b"][1] < found["b"][3] < found["c"][1]
    assert len({box[0] for box in found.values()}) == 1
    assert svg.count("work starts here") == 1
    assert "Work 0, Work 1, Work 2, role Boss," in svg
    assert "sub-issue Printing &gt; Paper jam" in svg


def test_who_does_not_see_it_reads_it() -> None:
    path = drawing({"a": "b", "b": NO_CONTRACT})
    svg = picture(path, NAMES, 3)
    assert svg is not None
    told = ET.fromstring(svg).find("desc")
    assert told is not None
    assert told.get("id") == "path-3-told"
    assert told.text == "; ".join(in_words(path, NAMES))
    assert (told.text or "").startswith("a, Retainer, takes Work 0, Work 1; what it excludes falls")


def test_what_comes_from_aside_stands_beside() -> None:
    svg = picture(drawing({"a": "b", "b": "c", "x": "b", "y": "c"}), NAMES, 1)
    assert svg is not None
    found = boxes(svg)
    assert found["x"][1] == found["a"][1]
    assert found["x"][0] > found["a"][2]
    assert found["y"][0] == found["x"][0]  # its row is free there
    assert found["y"][1] == found["b"][1]


def test_a_ring_is_drawn_with_a_way_back() -> None:
    svg = picture(drawing({"a": "b", "b": "c", "c": "b"}), NAMES, 1)
    assert svg is not None
    assert len(heads(svg)) == 3
    found = boxes(svg)
    assert found["a"][1] < found["b"][1] < found["c"][1]
    assert max(box[2] for box in found.values()) < WIDTH - 8


def test_too_many_contracts_are_told_in_words_alone() -> None:
    long = {f"c{n}": f"c{n + 1}" for n in range(ROWS)}
    assert picture(drawing(long, "c0"), NAMES, 1) is None
    wide = {f"c{n}": "end" for n in range(COLUMNS + 1)}
    assert picture(drawing(wide, "c0"), NAMES, 1) is None
    assert len([*in_words(drawing(long, "c0"), NAMES)]) == ROWS + 1


def test_long_names_are_cut_and_long_lists_counted() -> None:
    many = {f"work-{n}": f"Work of the sort {n}" for n in range(40)}
    names = Names({**many, "work-0": "W" * 300}, {}, {})
    path = Drawing("", (Node("n" * 200, "n" * 200, "retainer", True, tuple(many)),), ())
    svg = picture(path, names, 1)
    assert svg is not None
    shown = [text.text or "" for text in ET.fromstring(svg).iter("text")]
    assert any(re.search(r"and \d+ more$", text) for text in shown)
    assert all(len(text) < 110 for text in shown)
    assert "W" * 300 in svg  # for whoever reads it


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefghz"), max_size=8),
    st.integers(0, 12),
)
def test_any_path_is_drawn_so_that_it_can_be_read(links: dict[str, str], takes: int) -> None:
    links = {source: target for source, target in links.items() if source != target}
    path = drawing({"a": "z", **links}, takes=takes)
    svg = picture(path, NAMES, 1)
    assert svg == picture(path, NAMES, 1)
    assert len([*in_words(path, NAMES)]) == len(path.nodes)
    assert len(flowchart(path, NAMES).splitlines()) == len(path.nodes) + len(path.edges) + 3
    if svg is None:
        return
    found = boxes(svg)
    assert set(found) == {node.id for node in path.nodes}
    for (left, top, right, bottom), (x, y, to_x, to_y) in combinations(found.values(), 2):
        assert right < x or to_x < left or bottom < y or to_y < top
    for left, _, right, bottom in found.values():
        assert 0 <= left < right <= WIDTH
        assert bottom <= float(ET.fromstring(svg).get("height", ""))
    ends = heads(svg)
    assert len(ends) == len(path.edges)
    for edge, (x, y) in zip(path.edges, ends, strict=True):
        left, top, right, bottom = found[edge.target]
        assert left - 1 <= x <= right + 10
        assert top - 9 <= y <= bottom
