"""Documents that come back: opened again, whatever they have been through, and held against what
the catalogue says.

One file a form, found by what a file begins with and not by its name. All of them give the same:
the text that a person reads, the stamp at its foot, and the seal. What is opened here comes from
outside, so nothing in it is trusted: it is read within limits, and a file that is none of a form,
or that would take more than ours do, is `UnreadableError`.
"""

from __future__ import annotations

from billing_dsl.papers import html_page, markdown, pdf, word
from billing_dsl.papers._opened import LARGEST, LackingError, Opened, UnreadableError

__all__ = ["LARGEST", "LackingError", "Opened", "UnreadableError", "opened"]


def opened(content: bytes) -> Opened:
    """A document, from the bytes of its file. Raises UnreadableError, or LackingError."""
    if len(content) > LARGEST:
        raise UnreadableError(f"is larger than {LARGEST >> 20} MiB")
    if content.startswith(b"PK"):
        return word.read(content)
    if b"%PDF-" in content[:1024]:
        return pdf.read(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("is no Word document, PDF, HTML page or Markdown text") from None
    if "\0" in text:
        raise UnreadableError("is no Word document, PDF, HTML page or Markdown text")
    if text.lstrip()[:1] == "<":
        return html_page.read(text)
    return markdown.read(text)
