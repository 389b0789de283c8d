"""A document as PDF: the text of its pages, without what a page repeats. The only door to pypdf.

What a page repeats, its foot and the head of a table that goes on, is marked as such. It has to be
what it was on the page before, or stand in the text: nothing is shown that is not read.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from billing_dsl.papers._opened import LackingError, Opened, UnreadableError
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import letters, stands_in

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_PAGES = 120
_MARKS = 400_000
"""Of what draws on all pages together."""

_UNPACKED = 24 << 20
_LIMITS = (
    "array_based_stream_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "zlib_maximum_output_length",
)
_BEGIN = (b"BMC", b"BDC")


def read(content: bytes) -> Opened:
    """What it says. Raises UnreadableError where it is no whole PDF, or too much of one."""
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        raise LackingError("pdf") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # what is wrong, we say ourselves
    limits: dict[str, Any] = dict.fromkeys(_LIMITS, _UNPACKED)
    try:
        with pypdf.apply_configuration(**limits):
            reader = pypdf.PdfReader(io.BytesIO(content))
            if reader.is_encrypted:
                raise UnreadableError("is locked with a password")
            count = len(reader.pages)
            if count > _PAGES:
                raise UnreadableError(f"has {count} pages, more than any document of ours")
            body, repeated = _texts(reader)
            about = reader.metadata
            seal = str(about.get("/Keywords") or "") if about is not None else ""
    except (PyPdfError, *_FAULTS) as error:
        said = f": {error}" if isinstance(error, PyPdfError) else ""
        raise UnreadableError(f"is no whole PDF{said}") from None
    stamp, further = _foot(repeated, letters("".join(body)))
    return Opened(Form.PDF, "\n".join([*body, *further]), stamp, seal)


_FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError),
    *(NotImplementedError, RecursionError, TypeError, ValueError, OSError),
)
"""What pypdf stumbles with where a file is none: it comes from outside, so none is our fault."""


def _texts(reader: PdfReader) -> tuple[list[str], list[str]]:
    """What each page says, and what it repeats."""
    body: list[str] = []
    repeated: list[str] = []
    marks = 0
    for page in reader.pages:
        drawn = _operations(page, reader)
        marks += len(drawn)
        if marks > _MARKS:
            raise UnreadableError("draws more than any document of ours")
        own, again = _apart(drawn)
        body.append(_text(page, reader, own))
        body.extend(_notes(page))
        repeated.append(_text(page, reader, again))
    return body, repeated


def _operations(page: PageObject, reader: PdfReader) -> list[Any]:
    from pypdf.generic import ContentStream

    content = page.get("/Contents")
    if content is None:
        return []
    return list(ContentStream(content.get_object(), reader, "bytes").operations)


def _apart(operations: list[Any]) -> tuple[list[Any], list[Any]]:
    """What a page says, and what it repeats; each has all that sets fonts and places."""
    own: list[Any] = []
    again: list[Any] = []
    marked: list[bool] = []
    for operands, name in operations:
        operation = (operands, name)
        if name in _BEGIN:
            artifact = bool(operands) and operands[0] == "/Artifact"
            marked.append(artifact or (bool(marked) and marked[-1]))
        elif name == b"EMC":
            if marked:
                marked.pop()
        elif name in _SHOWING or name == b"Do":
            (again if marked and marked[-1] else own).append(operation)
        else:
            own.append(operation)
            again.append(operation)
    return own, again


_SHOWING = (b"Tj", b"TJ", b"'", b'"')


def _text(page: PageObject, reader: PdfReader, operations: list[Any]) -> str:
    from pypdf.generic import ContentStream, NameObject

    stream = ContentStream(None, reader)
    stream.operations = operations
    page[NameObject("/Contents")] = stream
    return page.extract_text()


def _notes(page: PageObject) -> Iterator[str]:
    """Text that was written over a page."""
    for each in page.annotations or ():
        note = each.get_object()
        if note.get("/Subtype") == "/FreeText" and note.get("/Contents"):
            yield str(note["/Contents"])


def _foot(repeated: list[str], body: str) -> tuple[str, list[str]]:
    """The stamp that every page repeats, and whatever some page repeats that nobody knows."""
    count = len(repeated)
    stamp = ""
    further: list[str] = []
    for number, text in enumerate(repeated, start=1):
        found, page = letters(text), f"{number}/{count}"
        found = found.removesuffix(page) if found.endswith(page) else f"{found}?"
        if number == 1:
            stamp = found
        elif not found.endswith(stamp) or not stands_in(found.removesuffix(stamp), body):
            further.append(text)
    return stamp, further
