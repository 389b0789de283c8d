"""CSV files: for people, for other programs, and for Autotask's import screens.

All are UTF-8 without a byte order mark and end their lines with CR LF. A mark would help Excel
alone, and only where its list separator is a comma; every other reader would take it for a part
of the first header. In Excel: Data > From Text/CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeAlias, cast

from billing_dsl.targets._values import digits, iso, lines

Cell: TypeAlias = str | int | bool | Decimal | date | None

_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
_SPECIAL = re.compile(r'[,"\r\n]')
_TELEPHONE = re.compile(r"[+\-]?[0-9 ()./\-]*")


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table to look at. What a spreadsheet would take for a formula becomes text."""
    return lines(_texts(columns, rows), "\r\n")


def _texts(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a table. Some hundred rows at a time are turned into columns: what is harmless
    is found so at once for all cells of a column.
    """
    yield ",".join(_where_needed(columns))
    source = iter(rows)
    while some := list(islice(source, 1024)):
        cells = [_where_needed(_harmless_column(column)) for column in zip(*some, strict=True)]
        texts = map(",".join, zip(*cells, strict=True))
        if len(columns) > 1:
            yield from texts
        else:
            yield from (text or '""' for text in texts)  # an empty line would be no row


def filled(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file for an import screen: every cell quoted, and exactly what it is to say."""
    cells = [_doubled(column) for column in zip(columns, *rows, strict=True)]
    return lines((f'"{text}"' for text in map('","'.join, zip(*cells, strict=True))), "\r\n")


def _doubled(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a column as they stand between quotes."""
    if '"' not in "".join(texts):
        return texts
    return [text.replace('"', '""') for text in texts]


def _where_needed(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a column, quoted where a comma, a quote or a line break asks for it."""
    together = "".join(texts)
    if not any(letter in together for letter in ',"\r\n'):
        return texts
    quoted = [f'"{text}"' for text in _doubled(texts)]
    return [q if _SPECIAL.search(text) else text for text, q in zip(texts, quoted, strict=True)]


def _harmless_column(cells: tuple[Cell, ...]) -> Sequence[str]:
    """The cells of a column as text. Most columns are found harmless as a whole."""
    if set(map(type, cells)) == {str}:
        texts = cast("tuple[str, ...]", cells)
        starts = {text[:1] for text in texts}
        if all(map(str.isalnum, starts - {""})):
            return texts
    return [c if type(c) is str and c[:1].isalnum() else _harmless(c) for c in cells]


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
            return digits(cell)
        case date():
            return iso(cell)
        case _:
            return str(cell)
