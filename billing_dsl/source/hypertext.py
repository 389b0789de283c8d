"""A page of HTML as a browser shows it: the text that is read, and the foot of the page apart.

It is gone through once from the first sign to the last, whatever it holds: a page from outside may
be made to be slow.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

_UNSHOWN = frozenset({"script", "style", "template", "title"})
_WITHIN = frozenset({"b", "bdi", "em", "i", "strong"})
"""Elements that stand within a line; every other sets apart what is in it."""

_MOST = 1000
"""Signs of a tag that are looked at."""

_ELEMENT = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class HypertextError(Exception):
    """Why a page is not read, in words that follow `it`."""


class Shown(NamedTuple):
    """What is read above the foot of a page, and there; and what its `meta` element holds."""

    body: str
    foot: str
    meta: str


def shown(text: str, name: str) -> Shown:
    """What a page shows, and what its first `meta` element of a name holds.

    Raises HypertextError where a sign in it is written as none that there is.
    """
    body: list[str] = []
    below: list[str] = []
    meta, foot = "", False
    for found in _pieces(text):
        if isinstance(found, str):
            (below if foot else body).append(found)
        elif found.name == "meta":
            known = {
                key: "".join(values) for key, *values in _ATTRIBUTE.findall(found.inside[:_MOST])
            }
            if known.get("name") == name and not meta:
                meta = known.get("content", "")
        elif found.name == "footer":
            foot = not found.ends
        elif found.name in ("td", "th") and found.ends:
            body.append("\n\x01\n")  # where a cell ends, also an empty one
        elif found.name not in _WITHIN:
            body.append("\n")
    try:
        return Shown(html.unescape("".join(body)), html.unescape("".join(below)), meta)
    except ValueError:
        raise HypertextError("holds the number of a sign that there is not") from None


_MARK = re.compile(r"(<[^<>]*>)")
_WRITTEN_IN_WAYS = re.compile(r"""[&<>"']""")
"""A text without these is written in one way alone."""


def skeleton(text: str, seal: str) -> str:
    """A page as a whole but for its seal: each tag and each text on a line of its own.

    White space counts as one space, and beside a tag as none. A sign may be written in any way, but
    no text is ever taken for a tag.
    """
    found = []
    for number, piece in enumerate(_MARK.split(text.replace(seal, "") if seal else text)):
        close = " ".join(piece.split())
        if number % 2 == 0 and _WRITTEN_IN_WAYS.search(close):
            with suppress(ValueError):  # it holds the number of a sign that there is not
                close = html.escape(html.unescape(close))
        if close:
            found.append(close)
    return "\n".join(found)


_LOADING = (
    (re.compile(r"<script\b", re.IGNORECASE), "holds a script"),
    (
        re.compile(r"<(?:iframe|frame|object|embed|applet|portal)\b", re.IGNORECASE),
        "holds a frame or an object",
    ),
    (re.compile(r"<(?:link|base)\b", re.IGNORECASE), "loads a style or another file"),
    (
        re.compile(r"<meta\b[^<>]*http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE),
        "goes on to another page",
    ),
    (
        re.compile(r"<[a-z][^<>]*[\s\"'/]on[a-z]+\s*=", re.IGNORECASE),
        "runs something of its own (an attribute such as `onload`)",
    ),
    (re.compile(r"<[a-z][^<>]*[\s\"'/]style\s*=", re.IGNORECASE), "sets a place in its own style"),
    (
        re.compile(r"<[a-z][^<>]*[\s\"'/](?:hidden|inert)(?=[\s=/>])", re.IGNORECASE),
        "hides a place",
    ),
    (
        re.compile(
            r"<(?:details|dialog|noscript|noframes|select|svg|math|s|strike|del)\b", re.IGNORECASE
        ),
        "strikes a place out or folds it away",
    ),
)


def foreign(text: str) -> tuple[str, ...]:
    """What in a page may show something else than its text, in words that follow `it`."""
    return tuple(
        said for pattern, said in _LOADING if any(map(pattern.search, _MARK.findall(text)))
    )


_STYLE = re.compile(r"<style\b[^<>]*>([^<]*)", re.IGNORECASE)


def style(text: str) -> str:
    """All styles that a page brings along, one after the other; white space counts as one space."""
    return " ".join(" ".join(_STYLE.findall(text)).split())


@dataclass(frozen=True, slots=True)
class _Tag:
    """The mark at which an element begins or ends."""

    name: str
    ends: bool
    inside: str


def _pieces(text: str) -> Iterator[str | _Tag]:
    """Tags, and the text between them that is shown."""
    at = 0
    while (begin := text.find("<", at)) >= 0:
        yield text[at:begin]
        if text.startswith("<!--", begin):
            end = text.find("-->", begin)
            if end < 0:  # a browser shows nothing after it
                return
            at = end + 3
            continue
        element = _ELEMENT.match(text, begin + 1)
        end = text.find(">", begin)
        if end < 0:
            yield text[begin:]
            return
        at = end + 1
        if element is None:
            if text[begin + 1] not in "!?/":
                yield "<"
                at = begin + 1
            continue
        tag = _Tag(element[2].lower(), bool(element[1]), text[element.end() : end])
        yield tag
        if tag.name in _UNSHOWN and not tag.ends:
            closed = re.compile(f"</{tag.name}", re.IGNORECASE).search(text, at)
            if closed is None:
                return
            at = closed.start()
    yield text[at:]
