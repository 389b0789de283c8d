"""Text that cannot trick a terminal, a log or a reader: what cannot be seen is written out.

Names and prices come from people outside. A direction mark reorders what a reviewer sees, an
escape sequence repaints a terminal, a line break forges a log line, and CI systems obey commands
(`##[…]`, `##vso[…]`) wherever they find them in what a job prints.
"""

from __future__ import annotations

import re

COMMAND = re.compile(r"##(?=\w*\[)")
"""The start of a CI system's command, which may stand anywhere in a line."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, *, unicode: bool = True) -> str:
    """A text on one line, with everything that cannot be seen written as an escape: `\\u202e`."""
    return "".join(characters(text, unicode=unicode))


def characters(text: str, *, unicode: bool = True) -> list[str]:
    """What each code point of a text is shown as; without `unicode` all of it is ASCII."""
    shown = [
        char if char.isprintable() and (unicode or char.isascii()) else escape(char)
        for char in text
    ]
    for command in COMMAND.finditer(text):
        shown[command.start() + 1] = escape("#")
    return shown


def escape(char: str) -> str:
    """A code point as Python and YAML write it between double quotes: `\\x1b`, `\\u202e`."""
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
