"""A user's own document templates as files: bytes → text, or what is wrong with the file.

What a template means is found out where it is printed. Here it is text of a name that may be one.
"""

from __future__ import annotations

import re

from billing_dsl.diagnostics import Fault, Finding, Span

LARGEST = 256 << 10
"""Bytes of a template."""

STYLE = "page.css"

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}\.(?:html|md)\.j2")
_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OUT_OF_STYLE = re.compile(r"</|<!--|@import\b", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Whether a file of this name may be a template of documents, or their style."""
    return name == STYLE or _NAME.fullmatch(name) is not None


def read(path: str, content: bytes) -> tuple[str | None, tuple[Fault, ...]]:
    """The text of a template with its line ends made alike, or what is wrong with the file."""
    if len(content) > LARGEST:
        return None, (broken(path, 1, 1, f"it is larger than {LARGEST >> 10} KiB"),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        return None, (broken(path, *_at(before), "a byte here is not UTF-8", _SAVE),)
    control = _CONTROL.search(text)
    if control is not None:
        at = _at(text[: control.start()])
        return None, (broken(path, *at, "a control character stands here", _SAVE),)
    text = _BREAK.sub("\n", text)
    if not text.strip() and not path.endswith(".css"):
        reason = "it is empty"
        return None, (broken(path, 1, 1, reason, "write what it is to print, or remove it"),)
    wrong = _OUT_OF_STYLE.search(text) if path.endswith(".css") else None
    if wrong is not None:
        at = _at(text[: wrong.start()])
        reason = f"`{wrong[0]}` has no place in the style of a page that needs no other file"
        return None, (broken(path, *at, reason, "take it out", len(wrong[0])),)
    return text, ()


_SAVE = "save it as UTF-8 text"


def broken(
    path: str, line: int, column: int, reason: str, cure: str = "", length: int = 1
) -> Fault:
    """BD558: a document template that cannot be printed, at the place that stops it."""
    return Fault(
        "BD558",
        Finding(
            Span(path, line, column, line, column + length),
            f"this document template cannot be printed: {reason}",
            label="here",
            help=cure or "docs/templates.md says what a template may do, and which names there are",
        ),
    )


def _at(before: str) -> tuple[int, int]:
    lines = _BREAK.split(before)
    return len(lines), len(lines[-1]) + 1
