"""A document that has been opened, and why one cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import digest, drawn, letters

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

    @property
    def digest(self) -> str:
        """The hash over what it says, as its seal has it when nobody has touched it."""
        return digest(self.spelt(letters(self.body)), self.spelt(letters(self.stamp)))

    def spelt(self, found: str) -> str:
        """Letters as this form gives them back."""
        return drawn(found) if self.form is Form.PDF else found
