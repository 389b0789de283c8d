from __future__ import annotations

import pytest

from billing_dsl.analysis.drawing import Drawing, Edge, Node
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.report._graphs import mermaid


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("recurring", "recurring"),
        ('x"] --> evil["', "x#quot;] --#gt; evil[#quot;"),
        ("<b>&#;|`\\", "#lt;b#gt;#amp;#35;#59;#124;#96;#92;"),
        ("%%{init: {}}%%", "#37;#37;{init: {}}#37;#37;"),
        ("$$x$$", "$#8288;$x$#8288;$"),
        ("fa:fa-ban", "fa#58;#8288;fa-ban"),
        ("a\nb", "a#92;#8288;nb"),
        ("style x:#fff", "style x#58;#35;fff"),
        ("x" * 300, "x" * 239 + "…"),
    ],
)
def test_a_name_is_nothing_else_for_mermaid(text: str, label: str) -> None:
    drawing = Drawing("", (Node("a", text, "retainer", False, ()),), ())
    assert mermaid(drawing) == f'flowchart TD\n  n1["{label}<br/>retainer"]\n'


def test_an_edge_lists_what_is_excluded() -> None:
    nodes = (Node("a", "a", "retainer", True, ("x",)), Node("b", "no contract", "", False, ()))
    excludes = Exclusions(tuple("abcdefgh"), ("r",), ("s",))
    lines = mermaid(Drawing("", nodes, (Edge("a", "b", excludes),))).splitlines()
    assert lines == [
        "flowchart TD",
        '  n1["a<br/>retainer, default<br/>takes x"]',
        '  n2(["no contract"])',
        '  n1 -->|"a, b, c, d, e, f and 2 more<br/>roles: r<br/>sub-issues: s"| n2',
        "  classDef start stroke-width:3px",
        "  class n1 start",
        "  classDef lost stroke-dasharray:4",
        "  class n2 lost",
    ]
