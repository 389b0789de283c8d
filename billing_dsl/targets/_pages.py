"""The pages of what keeps documents from being made. No text of a catalogue can show them: one
looks at a file beside it, the other at the fonts of the tool.
"""

from __future__ import annotations

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import Page

UNMADE = ("BD540", "BD541")
"""Codes of documents that cannot be made; nobody can accept them."""

PAGES: tuple[Page, ...] = (
    Page(
        "BD540",
        "unusable-logo",
        Severity.ERROR,
        """
        A logo that cannot stand at the head of documents.

        `logo` in the settings names a file inside the catalogue's folder: a PNG, a JPEG or an SVG
        of at most 256 KiB, for it is in every document. The file is not there, cannot be read, is
        damaged, too large, or too flat to be seen; or it is an SVG that holds a script, or that
        would load something from elsewhere. A document with a hole at its head is worse than none,
        so nothing is written. `compile` finds this; `check` looks at no pictures.

        Save the picture anew in one of these forms, a few hundred pixels wide, or take `logo` out.
        In an SVG, turn text into paths, and embed pictures instead of linking them.
        """,
    ),
    Page(
        "BD541",
        "unprintable-sign",
        Severity.ERROR,
        """
        A sign that no font of the tool has, in a document that is to be made as PDF.

        A PDF carries the fonts that it is set in, so that it looks the same everywhere and can be
        read aloud; only fonts that come with the tool are used, so that the same catalogue gives
        the same bytes on every machine. They have Latin, Greek, Cyrillic, Hebrew and Arabic
        script. Other scripts and pictures such as emoji are in none of them.

        Write the name in Latin letters, as an invoice to a foreign country has it, or leave PDF
        out: `billing-dsl compile --forms md,html,docx`. All other forms show every script, with
        the fonts of whoever opens them.
        """,
    ),
)
