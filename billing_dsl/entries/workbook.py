"""Workbooks of Excel: the first sheet as rows of text, read row by row."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

LARGEST = 4 << 30
"""Bytes of a workbook when it is unpacked: a small file can hold far more than any sheet."""


class WorkbookError(Exception):
    """A file that is no workbook, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a workbook; `others` are the names of those that hold anything too.

    Of its rows the empty ones are left out; days are written YYYY-MM-DD. Reading them raises
    WorkbookError.
    """

    rows: Iterator[list[str]]
    others: tuple[str, ...]


def first_sheet(path: Path) -> Sheet:
    """The first sheet of a workbook, to be read once. Raises WorkbookError."""
    from openpyxl import load_workbook

    with _damage():
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise WorkbookError(f"unpacked it is larger than {LARGEST >> 30} GiB")
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        first, *others = book.worksheets
        held = tuple(one.title for one in others if next(_held(one), None) is not None)
    return Sheet(_rows(book, first), held)


def _rows(book: Any, sheet: Any) -> Iterator[list[str]]:
    with _damage():
        yield from _held(sheet)
        book.close()


def _held(sheet: Any) -> Iterator[list[str]]:
    """The rows of a sheet in which anything stands."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield cells


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """Raises WorkbookError for whatever a damaged file makes openpyxl stumble over."""
    try:
        yield
    except (WorkbookError, GeneratorExit):
        raise
    except Exception as error:
        raise WorkbookError("it is no workbook that can be read") from error


def _text(cell: object) -> str:
    """A cell as a CSV file would write it."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.replace(microsecond=0).isoformat(" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            whole = round(cell.total_seconds())
            return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
        case float():
            # The shortest text that means this number, never 1e-05.
            return f"{cell:.12f}".rstrip("0").rstrip(".") if "e" in repr(cell) else repr(cell)
        case _:
            return str(cell).replace("\0", "")
