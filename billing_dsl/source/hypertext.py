"""A page of HTML as a browser shows it: the text that is read, and the foot of the page apart."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

_UNSHOWN = frozenset({"head", "script", "style", "template", "title"})
_WITHIN = frozenset({"b", "bdi", "em", "i", "strong"})
"""Elements that stand within a line; every other sets apart what is in it."""


class Shown(NamedTuple):
    """What is read above the foot of a page, and there; and the `meta` element of a name."""

    body: str
    foot: str
    meta: str


def shown(text: str, name: str) -> Shown:
    """What a page shows, and what its `meta` element of this name holds."""
    page = _Page(name)
    page.feed(text)
    page.close()
    return Shown("".join(page.body), "".join(page.foot), page.meta)


class _Page(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.body: list[str] = []
        self.foot: list[str] = []
        self.meta = ""
        self._name = name
        self._unshown = ""
        self._at_foot = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks for the element of the name, and for what is not shown."""
        known = dict(attrs)
        if tag == "meta" and known.get("name") == self._name and not self.meta:
            self.meta = known.get("content") or ""
        if not self._unshown and tag in _UNSHOWN:
            self._unshown = tag
        self._at_foot = self._at_foot or tag == "footer"
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        """What is not shown ends with its own element."""
        if tag == self._unshown:
            self._unshown = ""
        if tag == "footer":
            self._at_foot = False
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        """Text, if it is shown."""
        if not self._unshown:
            (self.foot if self._at_foot else self.body).append(data)

    def _apart(self, tag: str) -> None:
        if tag not in _WITHIN:
            self.body.append("\n")
