"""Plain tables for a terminal: columns as wide as they must be, nothing cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from billing_dsl.report._visible import visible


def table(head: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Rows under their heads; every line ends with a line break."""
    shown = [[visible(cell) for cell in row] for row in (head, *rows)]
    widths = [max(columns(row[n]) for row in shown) for n in range(len(head))]
    rule = ["-" * width for width in widths]
    return listing([shown[0], rule, *shown[1:]], indent)


def listing(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Rows without heads, aligned likewise: what something is, and then its value."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*shown, strict=True)]
    return "".join(f"{indent}{_aligned(row, widths)}".rstrip() + "\n" for row in shown)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = zip(row, widths, strict=True)
    return "  ".join(cell + " " * (width - columns(cell)) for cell, width in cells)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
