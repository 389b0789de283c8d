"""A document as Word has it, or any program that writes Word's form: its text, paragraph by
paragraph, however it is cut into runs; a text that was deleted while changes were recorded is not
in it, and one that was inserted is.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from billing_dsl.papers._opened import Opened, UnreadableError
from billing_dsl.source.markup import MarkupError, follow
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME, letters

_FILES = 400
_PART = 24 << 20
"""Bytes of a part of the package, however small it was packed."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_BESIDE = re.compile(r"word/(?:header\d*|footnotes|endnotes)\.xml")
_FOOT = re.compile(r"word/footer\d*\.xml")


def read(content: bytes) -> Opened:
    """What it says. Raises UnreadableError where it is none of Word's, or too much of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if len(names) > _FILES:
                raise UnreadableError("holds more files than a document of Word's")
            if "word/document.xml" not in names:
                raise UnreadableError("is a package of files, but no document of Word's")
            beside = [_text(package, name) for name in sorted(names) if _BESIDE.fullmatch(name)]
            feet = [_text(package, name) for name in sorted(names) if _FOOT.fullmatch(name)]
            body = _text(package, "word/document.xml")
            seal = _seal(package) if "docProps/custom.xml" in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(f"is no whole document of Word's: {error}") from None
    except (OSError, ValueError, OverflowError):
        raise UnreadableError("is no whole document of Word's") from None
    return Opened(Form.WORD, "\n".join([*beside, body]), _stamp(feet), seal)


def _stamp(feet: list[str]) -> str:
    """What stands at the foot of pages, without the numbers of pages; each different one once."""
    said = dict.fromkeys(re.sub(r"\s*/\s*$", "", foot.strip()) for foot in feet)
    return "\n".join(foot for foot in said if letters(foot))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _PART:  # no more than it says is unpacked
        raise UnreadableError("unpacks to more than any document of ours")
    return package.read(name)


def _text(package: zipfile.ZipFile, name: str) -> str:
    """The text of a part; what fields show, such as the number of a page, is not in it."""
    return "".join(_said(_part(package, name)))


def _said(content: bytes) -> Iterator[str]:
    found: list[str] = []
    path: list[str] = []
    fields: list[bool] = []
    simple = 0

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal simple
        space = name[: name.rfind(" ") + 1]
        element = name[len(space) :] if space in (_W, _STRICT) else ""
        path.append(element)
        if element in ("tab", "br", "cr"):
            found.append(" ")
        elif element == "noBreakHyphen":
            found.append("-")
        elif element == "fldSimple":
            simple += 1
        elif element == "fldChar":
            kind = attributes.get(f"{space}fldCharType")
            if kind == "begin":
                fields.append(False)
            elif kind == "separate" and fields:
                fields[-1] = True
            elif kind == "end" and fields:
                fields.pop()

    def ended(_: str) -> None:
        nonlocal simple
        element = path.pop()
        if element == "p":
            found.append("\n")
        elif element == "fldSimple":
            simple -= 1

    def said(text: str) -> None:
        if path and path[-1] == "t" and not simple and not any(fields):
            found.append(text)

    try:
        follow(content, begun, ended, said)
    except MarkupError as reason:
        raise UnreadableError(f"holds a part that {reason}") from None
    return iter(found)


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

    try:
        follow(_part(package, "docProps/custom.xml"), begun, ended, said)
    except MarkupError as reason:
        raise UnreadableError(f"holds a part that {reason}") from None
    return "".join(found).strip()
