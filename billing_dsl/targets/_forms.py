"""The forms that documents are made in, and what each of them needs beside the tool itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """A form of the documents in `documents/`, called by the ending of its files."""

    MARKDOWN = "md"
    HTML = "html"
    WORD = "docx"
    PDF = "pdf"
    EXCEL = "xlsx"


USUAL = frozenset({Form.MARKDOWN, Form.HTML})
"""The forms that are made where nobody asks for others: to review, and to read and print."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a form needs: an extra of the package, known by a module that comes with it."""

    extra: str
    module: str


NEEDS: Mapping[Form, Need] = {
    Form.PDF: Need("pdf", "typst"),
    Form.EXCEL: Need("excel", "xlsxwriter"),
}
"""Forms that not everybody can make: `pip install 'billing-dsl[extra]'`."""
