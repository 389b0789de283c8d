from __future__ import annotations

import pytest

from billing_dsl.diagnostics import Span
from billing_dsl.source.comments import glued

WRITTEN = """kind: tier # a tier
summary: 100% remote, #1 choice
scope: {a: b,
  c: The best #1
}
listed:
  - Acme #2
  - Клиент #3
  - |
    text #4
"""


def told(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for fault in glued("a.yaml", text.encode()):
        place = fault.finding.place
        assert fault.code == "BD011"
        assert isinstance(place, Span)
        found.append((place.line, place.column, fault.finding.message.partition(" is ")[0]))
    return found


def test_a_text_that_goes_on_as_a_comment_is_told() -> None:
    assert told(WRITTEN) == [
        (2, 23, "`#1 choice`"),
        (4, 15, "`#1`"),
        (7, 10, "`#2`"),
        (8, 12, "`#3`"),
    ]
    (fault,) = glued("a.yaml", b"summary: 100% remote, #1 choice\n")
    assert fault.finding.help == (
        'put the text in quotes, `"100% remote, #1 choice"`; or a space after the `#` if a '
        "comment is meant"
    )


@pytest.mark.parametrize(
    "line",
    [
        "title: Silver # the second",
        "title: Silver   ## the second",
        "title: 'Silver #1'",
        'title: "Silver" #1',
        "title: Silver#1",
        "tier: silver@2 #pinned",
        "currency: EUR #euro",
        "rate: 85.00 #old",
        "start: 2027-01-01 #signed",
        "term: 36 months #three years",
        "#commented: out",
        "notes: >\n  Silver #1",
    ],
)
def test_an_honest_comment_is_none_of_it(line: str) -> None:
    assert told(f"{line}\n") == []
