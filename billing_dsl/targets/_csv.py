"""CSV files: for people, for other programs, and for Autotask's import screens.

All are UTF-8 without a byte order mark and end their lines with CR LF; only a tenant's own template
of an import file may have it otherwise. A mark would help Excel alone, and only where its list
separator is a comma; every other reader would take it for a part of the first header. In Excel:
Data > From Text/CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from billing_dsl.targets._values import digits, iso, lines

Cell: TypeAlias = str | int | bool | Decimal | date | None

_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
_SPECIAL = re.compile(r'[,"\r\n]')
_TELEPHONE = re.compile(r"[+\-]?[0-9 ()./\-]*")


def table(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows of a table to look at. What a spreadsheet would take for a formula becomes text."""
    # A cell is text or a value that needs no quotes; a row of one empty cell would be no row.
    return lines([",".join([_cell(cell) for cell in row]) or '""' for row in rows], "\r\n")


def filled(
    rows: Iterable[Sequence[str]], delimiter: str = ",", codec: str = "utf-8", mark: bytes = b""
) -> bytes:
    """Rows of an import file: every cell quoted, and exactly what it is to say."""
    between = f'"{delimiter}"'
    cells = (between.join([_doubled(cell) for cell in row]) for row in rows)
    return mark + "".join([f'"{row}"\r\n' for row in cells]).encode(codec, "backslashreplace")


def _cell(cell: Cell) -> str:
    if type(cell) is str:
        return _text(cell)
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return digits(cell)
        case date():
            return iso(cell)
        case _:
            return str(cell)


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """A text that no spreadsheet calculates, in quotes where something in it asks for them."""
    if not text[:1].isalnum() and _FORMULA.match(text) and not _TELEPHONE.fullmatch(text):
        text = f"'{text}"
    return f'"{_doubled(text)}"' if _SPECIAL.search(text) else text


def _doubled(text: str) -> str:
    """A text as it stands between quotes."""
    return text.replace('"', '""')
