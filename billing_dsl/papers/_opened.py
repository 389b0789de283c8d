"""A document that has been opened, and why one cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import digest, drawn, letters, lines, printed

LARGEST = 16 << 20
"""Bytes of a file that is opened; ours have a tenth of it at most, whatever logo they carry."""


class UnreadableError(Exception):
    """Why a file cannot be read as a document, in words that follow `it`."""


class LackingError(Exception):
    """The extra that has to be installed to read a form."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a document says, with spaces wherever it is set apart; the seal as it was found."""

    form: Form
    body: str
    stamp: str
    seal: str
    """Empty where there is none."""

    marks: str = ""
    """A page of HTML as a whole, tags, foot and all, which is what its seal is over."""
    concealed: tuple[str, ...] = ()
    """What of it is struck out, or set so that nobody sees it."""
    foreign: tuple[str, ...] = ()
    """What may show something else than the text, such as a script, in words that follow `it`."""
    style: str = ""
    """The style of a page of HTML."""

    @property
    def digest(self) -> str:
        """The hash over what it says, as its seal has it when nobody has touched it."""
        if self.marks:
            return digest(self.marks, "")
        return digest(self.said, self.spelt(letters(self.stamp)))

    @property
    def said(self) -> str:
        """What it says, in one normal form: line by line, as far as its form has lines."""
        return self.as_said(self.body)

    def as_said(self, text: str) -> str:
        """A text as this form gives it back."""
        return printed(text) if self.form is Form.PDF else lines(text)

    def spelt(self, found: str) -> str:
        """Letters as this form gives them back."""
        return drawn(found) if self.form is Form.PDF else found
