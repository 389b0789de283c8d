"""A comment is short, whatever a change does, and nothing that strangers wrote does anything in it.

What forges do with Markdown is written down here a second time, without looking at how it is kept
from them: what they look for in text must not be found in what the comment becomes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing_dsl.report._inert import code, inert
from billing_dsl.review import MARKER
from billing_dsl.review.comment import LIMIT, comment
from billing_dsl.review.page import page
from tests.test_hostile import NAUGHTY
from tests.unit.review.sample import review

HOSTILE = (
    *("@acme", "ping @org/team now", "owner@acme.example", "fix #12", "GH-12", "gh-7", "a/b#3"),
    *("!12 %3 ~bug $4 &5", "[vulnerability:3]", "^alert#1", "deadbeefcafe", "x" * 5000),
    *("</details>", "</summary><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--"),
    *(
        "a|b|c",
        "a\\|b",
        "\\",
        "```",
        "~~~",
        "``` \n```",
        "`",
        "| --- |",
        "![x](http://e.test/x.png)",
    ),
    *("[x](javascript:alert(1))", "www.evil.test", "https://evil.test/x", "mailto:a@b.test"),
    *("/close", "\n/merge\n", "# head", "- item", "1. one", "> quote", "---", "***", "<details>"),
    *(
        "\u202egnp.exe",
        "\x1b[31m",
        "##[error]x",
        "::error::x",
        "\u200b@acme",
        "&#64;acme",
        "&commat;x",
    ),
    *('x"] --> evil["', "%%{init: {}}%%", "end", "&lt;b&gt;", "{{ 7*7 }}", "=1+1"),
)

_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_FENCE = re.compile(r"^```mermaid\n.*?^```$", re.DOTALL | re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)


def seen(text: str) -> str:
    """What a forge's own filters look at: the text of the page without code, nothing escaped."""
    text = _CODE.sub(" ", _FENCE.sub("", text))
    text = re.sub(r"<!-- billing-dsl:review -->|</?(?:details|summary|sub|br)>", "", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return html.unescape(text)


ACTIVE = {
    "mention": r"(?<![\w`])@\w",
    "address": r"(?i)\bhttps?://|www\.\w|mailto:\w|\w@\w",
    "issue": r"(?<![\w&])#\d|(?i:\bGH-\d)|\w/\w+#\d",
    "gitlab": r'(?<!\w)[!$]\d|(?<!\w)%[\w"]|(?<!\w)~["\w]|(?<!\w)&\d|\[vulnerability:\d',
    "commit": r"(?i)(?<![\w-])[0-9a-f]{7,40}(?![\w-])",
}


def live(text: str) -> Iterator[str]:
    """Whatever in a comment would do something."""
    shown = seen(text)
    for what, pattern in ACTIVE.items():
        if found := re.search(pattern, shown):
            yield f"{what}: {shown[max(0, found.start() - 30) : found.end() + 30]!r}"
    raw = _CODE.sub(" ", _FENCE.sub("", text.replace(MARKER, "")))
    if found := re.search(r"<(?!/?(?:details|summary|sub)>)", raw):
        yield f"markup: {raw[found.start() : found.start() + 40]!r}"
    if raw.count("<details>") != raw.count("</details>"):
        yield "a fold is closed by somebody else"
    for line in text.split("\n"):
        if re.match(r"/|::|##\[|```(?!mermaid$|$)", line):
            yield f"a line that is obeyed: {line[:40]!r}"
        if not line.isprintable():
            yield f"something that cannot be seen: {line!r}"
    if re.search(r"(?<!\\)!\[", raw):
        yield "a picture"


def rows(text: str) -> Iterator[list[str]]:
    """The tables of a comment, row by row: bars that end cells are those without a backslash."""
    for line in text.split("\n"):
        if line.startswith("|"):
            yield re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]


def assert_inert(text: str) -> None:
    assert list(live(text)) == []
    width = 0
    for cells in rows(text):
        if set("".join(cells)) <= set("- :"):
            assert width == len(cells)
        width = len(cells)
    tables = re.findall(r"(?m)(?:^\|.*\n)+", text)
    for table in tables:
        assert len({len(cells) for cells in rows(table)}) == 1, table


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_strangers_write_does_nothing(text: str) -> None:
    assert_inert(comment(review([text], ["acme", "gh-12"])))


def test_what_strangers_write_does_nothing_all_at_once() -> None:
    assert_inert(comment(review([*HOSTILE, *NAUGHTY], ["acme", "deadbeef"])))


@example(["`", "0000000"])
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE)), min_size=1, max_size=3))
@settings(max_examples=25)
def test_any_text_does_nothing(texts: list[str]) -> None:
    assert_inert(comment(review(["".join(texts)], ["acme"])))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_alone_and_as_code_does_nothing(text: str) -> None:
    assert list(live(f"x {inert(text)} y")) == []
    assert "|" not in code(text)
    [(_, inner)] = _CODE.findall(f" {code(text)} ") or [("", "")]
    assert inner


def test_nothing_is_lost_of_a_harmless_name() -> None:
    assert inert("Müller & Söhne GmbH (Bozen), No. 4 – 50%") == (
        "Müller & Söhne GmbH (Bozen), No. 4 – 50%"
    )


@pytest.mark.parametrize(
    ("length", "repeated"),
    [
        (1, 1),
        (400, 30),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in ((1, 30), (40, 1), (40, 30), (400, 1))
        ),
    ],
)
def test_a_comment_is_bounded_however_many_clients_there_are(length: int, repeated: int) -> None:
    clients = [f"client-{number:05}" for number in range(10_000 if repeated == 1 else 300)]
    texts = ["@" * length, "x" * length, "|" * length]
    text = comment(review(texts, clients, repeated))
    assert len(text) <= LIMIT < 32_768
    assert text.startswith(MARKER)
    head = text.partition("\n<details>")[0]
    assert 1 <= head.count("\n- **") <= 5
    assert f"{len(clients):,} clients" in head
    assert_inert(text)


def test_whole_parts_are_given_up_first_and_that_is_said() -> None:
    text = comment(review(["@" * 150], [f"client-{n}" for n in range(50)], 60))
    [note] = re.findall("Left out here for want of room: (.*). The report has it all.", text)
    assert "Where work goes" in note or "Entries" in note
    assert "<summary>Approvals</summary>" in text  # what must not be missed stays
    assert re.search("And [0-9]+ more in the report.", text)


def test_a_page_of_ten_thousand_clients_is_no_book() -> None:
    clients = [f"client-{number:05}" for number in range(10_000)]
    written = page(review(["Onsite Support"], clients), {}).decode()
    assert len(written) < 1_000_000
    assert "And 9,500 more clients; review.json has them all." in written
