"""A page of HTML as a browser shows it: the text that is read, and the foot of the page apart.

It is gone through once from the first sign to the last, whatever it holds: a page from outside may
be made to be slow.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
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
        elif found.name not in _WITHIN:
            body.append("\n")
    try:
        return Shown(html.unescape("".join(body)), html.unescape("".join(below)), meta)
    except ValueError:
        raise HypertextError("holds the number of a sign that there is not") from None


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
