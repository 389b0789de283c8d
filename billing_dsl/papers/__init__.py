"""Documents that come back: opened again, whatever they have been through, and held against what
the catalogue says.

One file a form, found by what a file begins with and not by its name. All of them give the same:
the text that a person reads, the stamp at its foot, and the seal. What is opened here comes from
outside, so nothing in it is trusted: it is read within limits, and a file that is none of a form,
or that would take more than ours do, is `Unreadable`.
"""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import digest, drawn, letters

LARGEST = 16 << 20
"""Bytes of a file that is opened; ours have a tenth of it at most, whatever logo they carry."""


class Unreadable(Exception):
    """Why a file cannot be read as a document, in words that follow `it`."""


class Lacking(Exception):
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


def opened(content: bytes) -> Opened:
    """A document, from the bytes of its file. Raises Unreadable, or Lacking."""
    from billing_dsl.papers import html_page, markdown, pdf, word

    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST >> 20} MiB")
    if content.startswith(b"PK"):
        return word.read(content)
    if b"%PDF-" in content[:1024]:
        return pdf.read(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("is no Word document, PDF, HTML page or Markdown text") from None
    if "\0" in text:
        raise Unreadable("is no Word document, PDF, HTML page or Markdown text")
    if text.lstrip()[:1] == "<":
        return html_page.read(text)
    return markdown.read(text)
