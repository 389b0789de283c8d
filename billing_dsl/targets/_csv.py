"""CSV files: for people, for other programs, and for Autotask's import screens.

All are UTF-8 without a byte order mark and end their lines with CR LF. A mark would help Excel
alone, and only where its list separator is a comma; every other reader would take it for a part
of the first header. In Excel: Data > From Text/CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Cell: TypeAlias = str | int | bool | Decimal | date | None

_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
_TELEPHONE = re.compile(r"[+\-]?[0-9 ()./\-]*")


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table to look at. What a spreadsheet would take for a formula becomes text."""
    harmless = (
        [c if isinstance(c, str) and c[:1].isalnum() else _harmless(c) for c in row] for row in rows
    )
    return _written(columns, harmless, csv.QUOTE_MINIMAL)


def filled(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file for an import screen: every cell quoted, and exactly what it is to say."""
    return _written(columns, rows, csv.QUOTE_ALL)


def _written(
    columns: Sequence[str], rows: Iterable[Sequence[str]], quoting: Literal[0, 1]
) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=quoting, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return sheet.getvalue().encode("utf-8", "backslashreplace")


def _harmless(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            if _FORMULA.match(cell) and not _TELEPHONE.fullmatch(cell):
                return f"'{cell}"
            return cell
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return f"{cell:f}"
        case _:
            return str(cell)
