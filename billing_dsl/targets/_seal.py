"""What a scope document carries to be known again by: whose it is, and a hash over what it says.

The hash is over what is said, not over bytes: much may change when Word goes over a document, and
it still says the same. White space counts as one space, and the ends of paragraphs and cells count.
A PDF tells neither for certain: there it is letters, and where each number begins and ends.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

NAME = "billing-dsl-seal"
"""What the seal is called in each form: a property, a tag or a comment."""

_SEAL = re.compile(
    r"scope 1 ([a-z0-9-]{1,64})/([a-z0-9-]{1,64}) ([a-z]{2}(?:-[A-Z]{2})?) ([0-9a-f]{64})"
)
_UNSEEN = re.compile(r"[•\u00ad\u200b-\u200f\u2060-\u2065\ufeff]+")
"""The dot before a line of a list, and what has no width: forms set both as they need. Signs that
turn the order of letters round are in no document of ours, and do count.
"""


def letters(text: str) -> str:
    """A text without all that a form may set otherwise: spaces and what cannot be seen."""
    close = "".join(text.split())
    if close.isascii():
        return close
    if "•" in close or not close.isprintable():
        close = _UNSEEN.sub("", close)
    if unicodedata.is_normalized("NFKC", close):
        return close
    normal = "".join(unicodedata.normalize("NFKC", close).split())
    return unicodedata.normalize("NFC", normal)  # a mark joins what a space kept it apart from


def lines(text: str) -> str:
    """A text line by line, in one normal form: white space is one space, empty lines are none."""
    return "\n".join(found for line in text.split("\n") if (found := _line(line)))


@lru_cache(maxsize=4096)
def _line(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return " ".join(text.split())


_SHAPED = re.compile(r"[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefe]")
"""Letters that are drawn from right to left, or as one with their neighbours."""


def in_order(spelt: str) -> str:
    """Letters as far as a PDF gives them back in their order.

    A PDF holds what is drawn. Where there is script from right to left, signs beside it may come
    in another order, and letters that are drawn as one may come twice.
    """
    return _plain(spelt) if _SHAPED.search(spelt) else spelt


def _plain(spelt: str) -> str:
    return "".join(sign for sign in _SHAPED.sub("", spelt) if sign.isalnum())


def stands_in(part: str, whole: str) -> bool:
    """Whether letters stand in others, as far as a PDF gives both back in their order."""
    if not _SHAPED.search(whole):
        return part in whole
    shaped = set(_SHAPED.findall(part)) <= set(_SHAPED.findall(whole))
    return shaped and _plain(part) in _plain(whole)


def drawn(spelt: str) -> str:
    """Letters as a PDF gives them back: those in order, and which others there are at all."""
    return f"{in_order(spelt)}{''.join(sorted(set(_SHAPED.findall(spelt))))}"


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def printed(text: str) -> str:
    """A text as a PDF gives it back: its letters, and where each of its numbers ends.

    Beside script from right to left a PDF does not tell that.
    """
    spelt = letters(text)
    if _SHAPED.search(spelt):
        return drawn(spelt)
    normal = text if text.isascii() else unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return f"{spelt}\n{' '.join(_NUMBER.findall(normal))}"


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose document it is, in which language, and the hash of what it says."""

    client: str
    agreement: str
    language: str
    digest: str

    @property
    def text(self) -> str:
        """The seal as a document carries it."""
        return f"scope 1 {self.client}/{self.agreement} {self.language} {self.digest}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The seal in a text; None where it is none of ours."""
        found = _SEAL.fullmatch(text.strip())
        return cls(*found.groups()) if found is not None else None


def digest(body: str, stamp: str) -> str:
    """The hash over what a document says and over its stamp, which stands at its foot."""
    return hashlib.sha256(f"{body}\n{stamp}".encode()).hexdigest()
