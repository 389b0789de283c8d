"""Comments that begin in the middle of a text: `100% remote, #1 choice` ends before the `#`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from billing_dsl.diagnostics import Fault, Finding, Severity
from billing_dsl.source.outline import Node
from billing_dsl.source.pages import Page
from billing_dsl.source.reader import outlines
from billing_dsl.source.scalars import meaning
from billing_dsl.source.text import LARGEST, Undecodable, decoded, screened, shown

CODE = "BD011"

_PERHAPS = re.compile(rb"[^\s#] +#[^\s#!]")
_COMMENT = re.compile(r" +(#[^\s#!][^\r\n]*)")
_NO_PROSE = re.compile(r"[a-z0-9@/_.:-]+|[A-Z]{2,3}|[0-9]+ [a-z]+|[\W\d_]*")
"""Names, codes, days, numbers and lengths of time: what follows them is a comment."""


def glued(path: str, text: bytes) -> tuple[Fault, ...]:
    """A fault for each text without quotes that a ` #` cuts, with no space after that sign.

    Whoever writes a comment mostly leaves a space; who goes on with a text does not. Files in
    which nothing looks like it are not looked into.
    """
    if len(text) > LARGEST or _PERHAPS.search(text) is None:
        return ()
    written = decoded(text)
    if isinstance(written, Undecodable):
        return ()
    whole = screened(path, written)
    found: list[Fault] = []
    for outline in outlines(whole):
        for node in _texts(outline.root):
            cut = _COMMENT.match(whole.safe, node.end)
            prose = isinstance(meaning(node.text), str) and not _NO_PROSE.fullmatch(node.text)
            if cut is not None and prose:
                finding = Finding(
                    whole.span(cut.start(1), cut.end(1)),
                    f"{shown(cut[1])} is a comment here, and no part of the text",
                    label="the text ends before it",
                    help=f"put the text in quotes, {shown(_quoted(node.text + cut[0]))}; or a "
                    "space after the `#` if a comment is meant",
                )
                found.append(Fault(CODE, finding))
    return tuple(found)


def _texts(root: Node | None) -> Iterator[Node]:
    """The values written without quotes, in order."""
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if node.is_plain:
            yield node
        waiting.extend(reversed(node.values))


def _quoted(text: str) -> str:
    plain = text.rstrip()
    return f"'{plain}'" if '"' in plain or "\\" in plain else f'"{plain}"'


PAGES = (
    Page(
        "BD011",
        "glued-comment",
        Severity.WARNING,
        """
        A comment that may be the rest of a text.

        In a text without quotes a `#` after a space begins a comment, and all that follows is no
        part of the text. Told only where the comment follows its `#` without a space, as people
        write `#1`, and what comes before it is no name, number or code.

        Fails:

            kind: role
            name: engineer
            title: The firm's #1 engineer
            rate: 85.00

        Passes:

            kind: role
            name: engineer
            title: "The firm's #1 engineer"
            rate: 85.00   #as agreed
        """,
    ),
)
"""The page of what is said about comments."""
