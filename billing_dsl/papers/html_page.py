"""A document as a page of HTML: what a browser shows, and the foot of the page apart."""

from __future__ import annotations

from html.parser import HTMLParser

from billing_dsl.papers._opened import Opened
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME

_UNSHOWN = frozenset({"head", "script", "style", "template", "title"})
_WITHIN = frozenset({"b", "bdi", "em", "i", "strong"})
"""Elements that stand within a line; every other sets apart what is in it."""


def read(text: str) -> Opened:
    """What it says."""
    page = _Page()
    page.feed(text)
    page.close()
    return Opened(Form.HTML, "".join(page.body), "".join(page.stamp), page.seal)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.body: list[str] = []
        self.stamp: list[str] = []
        self.seal = ""
        self._unshown = ""
        self._foot = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks for the seal, and for what is not shown."""
        known = dict(attrs)
        if tag == "meta" and known.get("name") == NAME and not self.seal:
            self.seal = known.get("content") or ""
        if not self._unshown and tag in _UNSHOWN:
            self._unshown = tag
        self._foot = self._foot or tag == "footer"
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        """What is not shown ends with its own element."""
        if tag == self._unshown:
            self._unshown = ""
        if tag == "footer":
            self._foot = False
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        """Text, if it is shown."""
        if not self._unshown:
            (self.stamp if self._foot else self.body).append(data)

    def _apart(self, tag: str) -> None:
        if tag not in _WITHIN:
            self.body.append("\n")
