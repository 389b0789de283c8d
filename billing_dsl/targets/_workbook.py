"""Workbooks for Excel: sheets of cells as bytes, the same bytes everywhere. The door to xlsxwriter.

A text is a text, whatever it begins with: no cell is ever a formula or a link. Amounts are numbers
with the digits that the catalogue has.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

LONGEST_NAME = 31
"""Characters of a sheet's name."""

LINE = 13.5
"""The height of a line of a table, in points."""

A4 = 9
"""The paper's number in Excel."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # a workbook names a day, and none of ours
_OF_SHEETS = re.compile(r"[\[\]:*?/\\']")
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Look(StrEnum):
    """How a cell looks: what it is, or what it says of work."""

    TITLE = "title"
    PLAIN = "plain"
    HEAD = "head"
    HEAD_OF_AMOUNTS = "head of amounts"
    NAME = "name"
    SOFT = "soft"
    AMOUNT = "amount"
    INCLUDED = "included"
    DRAWN = "drawn"
    TIMED = "timed"
    APART = "apart"


Value: TypeAlias = "str | Decimal"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, and how it looks."""

    value: Value
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: lines about it, a table with a row of heads, and lines below it.

    The heads and the first `held` columns stay in view, and the heads are printed on each page.
    """

    name: str
    above: tuple[tuple[Cell, ...], ...]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    below: tuple[Cell, ...]
    widths: tuple[int, ...]
    held: int


def workbook(sheets: Sequence[Sheet], title: str, author: str, primary: str) -> bytes:
    """A workbook of these sheets; its heads have the primary colour."""
    from xlsxwriter import Workbook

    whole = io.BytesIO()
    made = Workbook(whole, {"in_memory": True})
    made.set_properties({"title": _text(title), "author": _text(author), "created": _MADE})
    looks = {look: made.add_format(_format(look, primary)) for look in Look}
    for sheet in sheets:
        _add(made, sheet, looks)
    made.close()
    return _packed(whole.getvalue())


def _add(made: Workbook, sheet: Sheet, looks: dict[Look, Format]) -> None:
    page = made.add_worksheet(_OF_SHEETS.sub(" ", _text(sheet.name))[:LONGEST_NAME].strip())
    head = len(sheet.above)
    last = head + len(sheet.rows)
    rows = [*sheet.above, sheet.heads, *sheet.rows]
    rows += [(), *((cell,) for cell in sheet.below)] if sheet.below else []
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            look = looks[cell.look]
            if isinstance(cell.value, str):
                page.write_string(at, column, _text(cell.value), look)
            else:
                page.write(at, column, cell.value, look)
        page.set_row(
            at, max(_height(cell, sheet.widths[n]) for n, cell in enumerate(row)) if row else LINE
        )
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.freeze_panes(head + 1, sheet.held)
    page.autofilter(head, 0, last, len(sheet.heads) - 1)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.45, right=0.45, top=0.45, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_footer("&R&8&P / &N")


def _height(cell: Cell, width: int) -> float:
    """How high a cell has to be for all of its lines, which no program works out everywhere."""
    if cell.look is Look.TITLE:
        return 2 * LINE
    if cell.look is Look.SOFT or not isinstance(cell.value, str):
        return LINE
    fits = width * 7 // 6  # a width counts digits, which are wider than most letters
    return LINE * sum(max(1, -(-len(text) // fits)) for text in cell.value.split("\n")) + 1.5


def _format(look: Look, primary: str) -> dict[str, object]:
    common: dict[str, object] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    line: dict[str, object] = {"bottom": 1, "bottom_color": "#D9DFE2", "text_wrap": True}
    head: dict[str, object] = {"bold": True, "font_color": "#FFFFFF", "bg_color": primary}
    head = {**head, "text_wrap": True}
    own: dict[Look, dict[str, object]] = {
        Look.TITLE: {"bold": True, "font_size": 16, "font_color": primary},
        Look.PLAIN: line,
        Look.HEAD: head,
        Look.HEAD_OF_AMOUNTS: {**head, "align": "right"},
        Look.NAME: {**line, "bold": True},
        Look.SOFT: {"font_color": "#5B676D", "font_size": 9},
        Look.AMOUNT: {**line, "align": "right", "num_format": "#,##0.00##"},
        Look.INCLUDED: {**line, "bg_color": "#DFF0E3", "font_color": "#1D5A30"},
        Look.DRAWN: {**line, "bg_color": "#FBECD2", "font_color": "#7A4A06"},
        Look.TIMED: {**line, "bg_color": "#E3EAF6", "font_color": "#28457C"},
        Look.APART: {**line, "bg_color": "#F8DFDC", "font_color": "#8C231B"},
    }
    return {**common, **own[look]}


def _text(text: str) -> str:
    """A text without what no workbook holds."""
    return _NO_XML.sub("", text)


def _packed(content: bytes) -> bytes:
    """A workbook packed anew: how well its parts are pressed together differs by machine."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(whole, "w") as packed:
        for part in given.infolist():
            same = zipfile.ZipInfo(part.filename)
            same.create_system = 3
            packed.writestr(same, given.read(part))
    return whole.getvalue()
