"""What `graph` draws, before Mermaid itself: it reads every graph, and shows what we meant."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.analysis.drawing import Drawing, Edge, Node, of_client, of_tier
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.report._graphs import mermaid
from billing_dsl.report._visible import visible
from billing_dsl.review import drawing as moved
from billing_dsl.review.moves import moves
from tests.goldens import ROOT
from tests.referee import catalogues
from tests.test_hostile import NAUGHTY
from tests.unit.review import sample
from tests.unit.targets.compiling import shipped, told

pytestmark = pytest.mark.referee

Judge = Callable[[Iterable[str]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def judge(judges: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Asks Mermaid about some graphs, all in one go."""
    script = Path(__file__).with_name("mermaid.mjs").read_text(encoding="utf-8")
    asked = tmp_path_factory.mktemp("mermaid") / "graphs.json"

    def ask(graphs: Iterable[str]) -> list[dict[str, Any]]:
        asked.write_text(json.dumps(list(graphs)), encoding="utf-8")
        done = subprocess.run(
            ["node", "--input-type=module", "--eval", script, str(asked)],
            cwd=judges,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return found

    return ask


def as_meant(drawing: Drawing, found: Mapping[str, Any]) -> None:
    """Mermaid has found what a drawing holds: no node, edge, line or tag more or less."""
    assert "error" not in found, (drawing, found["error"])
    ids = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes, 1)}
    assert found["vertices"] == list(ids.values())
    assert sorted(found["drawn"]) == sorted(ids.values())
    assert found["edges"] == [[ids[edge.source], ids[edge.target]] for edge in drawing.edges]
    assert set(found["tags"]) <= {"p", "br"}
    nodes = dict(zip(found["drawn"], found["nodeLabels"], strict=True))
    assert [nodes[ids[node.id]] for node in drawing.nodes] == [
        [shown(line) for line in node_lines(node)] for node in drawing.nodes
    ]
    assert found["edgeLabels"] == [
        [shown(line) for line in edge_lines(edge.excludes)] for edge in drawing.edges
    ]


def node_lines(node: Node) -> Iterator[str]:
    yield node.title
    if node.of:
        yield node.of
    if node.type:
        yield node.type.replace("_", " ") + (", default" if node.starts else "")
    if node.takes:
        yield f"takes {listed(node.takes)}"


def edge_lines(excludes: Exclusions) -> Iterator[str]:
    if excludes.work_types:
        yield listed(excludes.work_types)
    if excludes.roles:
        yield f"roles: {listed(excludes.roles)}"
    if excludes.sub_issues:
        yield f"sub-issues: {listed(excludes.sub_issues)}"


def listed(names: Sequence[str]) -> str:
    more = len(names) - 6
    return ", ".join(names[:6]) + (f" and {more} more" if more > 0 else "")


def shown(line: str) -> str:
    text = visible(line)
    return (text if len(text) <= 240 else f"{text[:239]}…").strip()


def of(declared: Declared | None, clients: Iterable[ClientCoverage], days: Iterable[date]) -> Any:
    """Every graph that `graph` draws of a catalogue, on some days."""
    tiers = declared.shared.tiers.values() if declared is not None else ()
    yield from (of_tier(tier) for tier in tiers)
    for view in clients:
        for day in days:
            drawing = of_client(view, day)
            if drawing is not None:
                yield drawing


def of_our_own() -> Iterator[Drawing]:
    for compilation in (shipped(), catalogues.everything()):
        yield from of(compilation.declared, compilation.clients, catalogues.DAYS)
    for path in (catalogues.STARTER, *catalogues.GOLDEN.values()):
        checked, _ = catalogues.examined(path)
        yield from of(checked.common.declared, checked.clients, catalogues.DAYS)


def of_random_ones() -> Iterator[Drawing]:
    for seed in range(8):
        compilation = catalogues.random_any(seed)
        yield from of(compilation.declared, compilation.clients, [date(2027, 6, 1)])


@pytest.mark.parametrize("drawn", [of_our_own, of_random_ones])
def test_mermaid_draws_every_graph_as_it_is_meant(
    judge: Judge, drawn: Callable[[], Iterator[Drawing]]
) -> None:
    graphs = {mermaid(drawing): drawing for drawing in drawn()}
    assert len(graphs) > 1
    for drawing, found in zip(graphs.values(), judge(graphs), strict=True):
        as_meant(drawing, found)


def named(texts: Sequence[str]) -> Drawing:
    """A chain of contracts with these names; what each takes and excludes has its name too."""
    types = ("recurring_service", "time_and_materials", "")
    return Drawing(
        texts[0],
        tuple(
            Node(f"{number}", text, types[number % 3], number == 0, (text, text))
            for number, text in enumerate(texts)
        ),
        tuple(
            Edge(f"{number}", f"{number + 1}", Exclusions((text, text), (text,), (text,)))
            for number, text in enumerate(texts[1:])
        ),
    )


MARKS = (
    *('x"] --> evil["', 'click a "javascript:alert(1)"', "end", "a|b", "#quot;", "&quot;", "&lt;"),
    *("`markdown *x*`", "*x* **y** _z_", "$$x^2$$", "fa:fa-ban", "%%{init: {}}%%", "%% comment"),
    *("subgraph x", "style n1 fill:#f00", "n1 --> n2", "---\ntitle: x\n---", "x;y", "a#59;b"),
    *("<br/>", "<br>", "1. one", "- one", "# one", "graph", "flowchart TD", "default", "x" * 300),
)
"""What Mermaid itself would take for something else than a name."""


def test_mermaid_takes_a_name_for_a_name(judge: Judge) -> None:
    names = [text for text in (*MARKS, *NAUGHTY) if text]  # no name is empty
    drawings = [named(names[start : start + 20]) for start in range(0, len(names), 20)]
    for drawing, found in zip(drawings, judge(map(mermaid, drawings)), strict=True):
        as_meant(drawing, found)


def test_mermaid_draws_what_a_review_moves_and_nothing_else(judge: Judge) -> None:
    names = [text for text in (*MARKS, *NAUGHTY) if text.strip()]
    drawn = {moved.mermaid(moves(sample.review([name], ["acme"]))): name for name in names}
    several = moved.mermaid(moves(sample.review(names[:30], ["acme", "globex"])))
    drawn[several] = ""
    for (graph, name), found in zip(drawn.items(), judge(drawn), strict=True):
        assert "error" not in found, (name, found)
        arrows = re.findall(r"^  (b\d+) -->\|.*\| (a\d+)$", graph, re.MULTILINE)
        ends = {end for arrow in arrows for end in arrow}
        assert found["edges"] == [list(arrow) for arrow in arrows]
        assert set(found["drawn"]) == set(found["vertices"]) == ends
        assert set(found["tags"]) <= {"p", "br", "span"}
    assert several.count("-->") == moved.MOVES


def blocks(text: str) -> list[str]:
    """The Mermaid graphs in a page of Markdown."""
    return re.findall(r"(?ms)^```mermaid\n(.*?)^```$", text)


WRONG = (
    'flowchart TD\n  n1["a] --> n2\n',
    "flowchart TD\n  n1 --> end\n",
    'flowchart TD\n  n1["x"] --> evil[""]\n',
    "flowchart\n  n1 -->|a|b| n2\n",
)


def test_mermaid_draws_the_graphs_in_our_pages_and_not_any_text(judge: Judge) -> None:
    pages = [
        *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")),
        *(path.read_text(encoding="utf-8") for path in ROOT.glob("*.md")),
        *(
            file.content.decode()
            for file in told(catalogues.everything()).values()
            if file.kind in ("document", "checklist", "runbook")
        ),
    ]
    graphs = [graph for page in pages for graph in blocks(page)]
    assert len(graphs) == sum(page.count("```mermaid") for page in pages) >= 1
    found = judge([*graphs, *WRONG])
    for graph, drawn in zip(graphs, found, strict=False):
        assert "error" not in drawn, (graph, drawn)
        assert drawn["vertices"]
        assert len(drawn["edges"]) == graph.count("-->")
    assert ["error" in refused for refused in found[len(graphs) :]] == [True] * len(WRONG)
