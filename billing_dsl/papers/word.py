"""A document as Word has it, or any program that writes Word's form: its text, paragraph by
paragraph and cell by cell, and what of it somebody has struck out or hidden.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from billing_dsl.papers._opened import Opened, UnreadableError
from billing_dsl.source.markup import MarkupError, follow
from billing_dsl.source.word_text import Styles, Told, marks, styles, told
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME, letters

_FILES = 400
_PART = 24 << 20
"""Bytes of a part of the package, however small it was packed."""

_NUMBERING = "word/numbering.xml"
_BESIDE = re.compile(r"word/(?:header\d*|footnotes|endnotes)\.xml")
_FOOT = re.compile(r"word/footer\d*\.xml")
_STYLES = "word/styles.xml"


def read(content: bytes) -> Opened:
    """What it says. Raises UnreadableError where it is none of Word's, or too much of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if len(names) > _FILES:
                raise UnreadableError("holds more files than a document of Word's")
            if "word/document.xml" not in names:
                raise UnreadableError("is a package of files, but no document of Word's")
            known = styles(_part(package, _STYLES)) if _STYLES in names else Styles()
            beside = [
                told(_part(package, name), known)
                for name in sorted(names)
                if _BESIDE.fullmatch(name)
            ]
            feet = [
                told(_part(package, name), known, foot=True)
                for name in sorted(names)
                if _FOOT.fullmatch(name)
            ]
            body = told(_part(package, "word/document.xml"), known)
            if _NUMBERING in names:
                beside.append(Told("\n".join(marks(_part(package, _NUMBERING))), ()))
            seal = _seal(package) if "docProps/custom.xml" in names else ""
    except MarkupError as reason:
        raise UnreadableError(f"holds a part that {reason}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(f"is no whole document of Word's: {error}") from None
    except (OSError, ValueError, OverflowError):
        raise UnreadableError("is no whole document of Word's") from None
    concealed = [each for one in (*beside, body, *feet) for each in one.concealed]
    said = "\n".join([*(one.text for one in beside), body.text])
    return Opened(Form.WORD, said, _stamp(feet), seal, concealed=tuple(concealed))


def _stamp(feet: list[Told]) -> str:
    """What stands at the foot of pages, without the numbers of pages; each different one once."""
    said = dict.fromkeys(re.sub(r"\s*/\s*$", "", foot.text.strip()) for foot in feet)
    return "\n".join(foot for foot in said if letters(foot))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _PART:  # no more than it says is unpacked
        raise UnreadableError("unpacks to more than any document of ours")
    return package.read(name)


def _seal(package: zipfile.ZipFile) -> str:
    """The property of the document that is our seal."""
    found: list[str] = []
    ours: list[bool] = []

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        inside = bool(ours) and ours[-1]
        ours.append(inside or attributes.get("name") == NAME)

    def said(text: str) -> None:
        if ours and ours[-1]:
            found.append(text)

    def ended(_: str) -> None:
        ours.pop()

    follow(_part(package, "docProps/custom.xml"), begun, ended, said)
    return "".join(found).strip()
