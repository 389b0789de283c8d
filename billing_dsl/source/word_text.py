"""A part of a Word document as a person reads it: its text, with the ends of paragraphs, cells and
rows, and which of it nobody is meant to see.

However it is cut into runs, it is the same text. One that was deleted while changes were recorded
is not in it, and one that was inserted is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from billing_dsl.source.markup import follow

CELL = "\x01"
ROW = "\x02"
"""Lines that end a cell and a row; XML has no such signs, so no text can pretend to be one."""

_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_OFF = frozenset({"0", "false", "off", "none"})
_CONCEALING = frozenset({"strike", "dstrike", "vanish", "webHidden", "specVanish", "hidden"})
_OF_TEXT = frozenset({"rPr", "pPr", "tcPr", "trPr", "tblPr", "tblPrEx"})
_OWNERS = frozenset({"r", "p", "tc", "tr", "tbl"})
_USES = frozenset({"rStyle", "pStyle", "tblStyle"})
_BROUGHT = frozenset({"altChunk", "subDoc"})
_COUNTED = re.compile(r"%\d")
_COLOUR = re.compile(r"[0-9a-fA-F]{6}")
_PALE = frozenset({"background1", "light1", "background2", "light2"})
_SMALLEST = 10
"""Half points of a letter that can be read; the smallest of ours have 14."""
_LOWEST = 100
"""Twentieths of a point of a line or row in which something can be read."""
_TIGHTEST = -100
"""Twentieths of a point that are taken out between letters."""
_FARTHEST = 40
"""Half points by which a text is raised or lowered."""
_WIDEST = 10_000
"""Twentieths of a point by which a paragraph is moved in: no more than a page is wide."""
_WHOLE = re.compile(r"-?[0-9]{1,9}")


class Told(NamedTuple):
    """What a part says, and what of it is struck out or cannot be seen."""

    text: str
    concealed: tuple[str, ...]


@dataclass(slots=True)
class _Style:
    conceals: bool = False
    based_on: str = ""


@dataclass(frozen=True, slots=True)
class Styles:
    """Which styles of a document strike out or hide what is set in them."""

    concealing: frozenset[str] = frozenset()
    everything: bool = False
    """Whether that goes for whatever has no style of its own."""


def styles(content: bytes) -> Styles:
    """The styles in a part of their own. Raises MarkupError."""
    found: dict[str, _Style] = {}
    usual: set[str] = set()
    at = ""
    path: list[str] = []

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal at
        element, known = _known(name, attributes)
        path.append(element)
        if element == "style":
            at = f"{known.get('type', '')} {known.get('styleId', '')}"
            found[at] = _Style()
            if known.get("default", "0") not in _OFF:
                usual.add(at)
        elif element == "docDefaults":
            at = "docDefaults"
            usual.add(at)
            found[at] = _Style()
        elif at and element == "basedOn":
            found[at].based_on = f"{at.partition(' ')[0]} {known.get('val', '')}"
        elif at and _conceals(element, known) and _within(path):
            found[at].conceals = True

    def ended(_: str) -> None:
        nonlocal at
        if path.pop() in ("style", "docDefaults"):
            at = ""

    follow(content, begun, ended, lambda _: None)
    concealing = set()
    for name in found:
        seen: set[str] = set()
        one = name
        while one in found and one not in seen:
            seen.add(one)
            if found[one].conceals:
                concealing.add(name)
            one = found[one].based_on
    return Styles(frozenset(concealing), bool(usual & concealing))


def marks(content: bytes) -> list[str]:
    """What stands before the lines of lists, where it is words. Raises MarkupError."""
    found: list[str] = []

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        element, known = _known(name, attributes)
        text = _COUNTED.sub("", known.get("val", "")) if element == "lvlText" else ""
        if sum(map(str.isalnum, text)) > 1:  # one letter is a sign of some font of signs
            found.append(text)

    follow(content, begun, lambda _: None, lambda _: None)
    return found


def told(content: bytes, known_styles: Styles = Styles(), *, foot: bool = False) -> Told:
    """What a part says. In the foot of a page, the numbers of pages are no text.

    Raises MarkupError where it is no XML that is read.
    """
    reading = _Reading(known_styles, foot)
    follow(content, reading.begun, reading.ended, reading.said)
    return Told("".join(reading.text), tuple(reading.concealed))


@dataclass(slots=True)
class _Reading:
    styles: Styles
    foot: bool
    text: list[str] = field(default_factory=list)
    concealed: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    owners: list[bool] = field(default_factory=list)
    """Whether each run, paragraph, cell, row and table around the place conceals what it holds."""
    fields: int = 0

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        element, known = _known(name, attributes)
        self.path.append(element)
        if element in _OWNERS:
            self.owners.append(False)
        elif element in ("tab", "br", "cr", "ptab"):
            if "pPr" not in self.path:
                self.text.append(" ")
        elif element == "noBreakHyphen":
            self.text.append("-")
        elif element == "sym":  # a letter that is given by its number in some font
            self.text.append("\ufffd")
        elif element in _BROUGHT:
            self.concealed.append("a text from another file")
        elif element == "dataBinding":
            self.concealed.append("a text that Word fills in from elsewhere")
        elif element == "fldSimple":
            self.field(1)
        elif element == "fldChar":
            self.field({"begin": 1, "end": -1}.get(known.get("fldCharType") or "", 0))
        elif self.owners and self._conceals(element, known):
            self.owners[-1] = True

    def field(self, more: int) -> None:
        """One more field around the place, or one less. Only feet of ours have any."""
        self.fields = max(0, self.fields + more)
        if more > 0 and not self.foot:
            self.concealed.append("a field, which Word works out anew")

    def _conceals(self, element: str, known: Mapping[str, str]) -> bool:
        if element in _USES:
            kind = {"rStyle": "character", "pStyle": "paragraph", "tblStyle": "table"}[element]
            return f"{kind} {known.get('val', '')}" in self.styles.concealing
        if element == "del":  # a row that was deleted while changes were recorded
            return self.path[-2:-1] == ["trPr"]
        return _conceals(element, known) and _within(self.path)

    def ended(self, _: str) -> None:
        element = self.path.pop()
        if element in _OWNERS:
            self.owners.pop()
        if element == "p":
            self.text.append("\n")
        elif element == "tc":
            self.text.append(f"\n{CELL}\n")
        elif element == "tr":
            self.text.append(f"\n{ROW}\n")
        elif element == "fldSimple":
            self.field(-1)

    def said(self, text: str) -> None:
        if not self.path or self.path[-1] != "t":
            return
        if self.foot and self.fields and text.strip().isdigit():
            return
        self.text.append(text)
        if text.strip() and (self.styles.everything or any(self.owners)):
            self.concealed.append(text.strip())


def _known(name: str, attributes: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """An element of Word's and its attributes, without its space; empty if it is none."""
    element = _plain(name)
    if not element or not attributes:
        return element, {}
    return element, {key.rpartition(" ")[2]: each for key, each in attributes.items()}


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    space = name[: name.rfind(" ") + 1]
    element = name[len(space) :]
    return element if space in _SPACES or element == "t" else ""  # formulas and shapes have texts


def _within(path: list[str]) -> bool:
    """Whether a property is one of the text that is shown, not of how it was before a change."""
    return (
        path[-2:-1] != []
        and path[-2] in _OF_TEXT
        and not any(element.endswith("PrChange") for element in path)
    )


def _conceals(element: str, known: Mapping[str, str]) -> bool:
    """Whether a property strikes a text out, or makes it one that nobody sees."""
    value = known.get("val", "")
    if element in _CONCEALING:
        return value.lower() not in _OFF
    if element == "color":
        return known.get("themeColor") in _PALE or (_light(value) or 0) > 0.75
    if element == "shd":
        light = _light(known.get("color" if value == "solid" else "fill", ""))
        return light is not None and light < 0.3
    if element == "highlight":
        return value == "black" or value.startswith("dark")
    if element in ("sz", "szCs"):
        return value.isdecimal() and int(value) < _SMALLEST
    if element == "w":
        return value.rstrip("%").isdecimal() and int(value.rstrip("%")) < 30
    if element == "spacing":
        line = known.get("line", "")
        low = line.isdecimal() and int(line) < _LOWEST
        return (low and known.get("lineRule") == "exact") or _number(value) < _TIGHTEST
    if element == "position":
        return abs(_number(value)) > _FARTHEST
    if element == "ind":
        return any(_number(each) > _WIDEST for each in known.values())
    if element == "fitText":
        return value.isdecimal() and int(value) < _LOWEST
    if element == "trHeight":
        return value.isdecimal() and int(value) < _LOWEST and known.get("hRule") == "exact"
    return False


def _number(text: str) -> int:
    """A whole number; 0 for anything else."""
    return int(text) if _WHOLE.fullmatch(text) else 0


def _light(colour: str) -> float | None:
    """How light a colour is, from 0 to 1."""
    if not _COLOUR.fullmatch(colour):
        return None
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue
