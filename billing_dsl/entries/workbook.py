"""Workbooks of Excel: the first sheet as rows of text, read row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

LARGEST = 4 << 30
"""Bytes of a workbook when it is unpacked: a small file can hold far more than any sheet."""


class WorkbookError(Exception):
    """A file that is no workbook, or none that can be read."""


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet, the empty ones left out; days are written YYYY-MM-DD.

    Raises WorkbookError.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise WorkbookError(f"unpacked it is larger than {LARGEST >> 30} GiB")
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield cells
        book.close()
    except WorkbookError:
        raise
    except Exception as error:  # a damaged file may make openpyxl stumble over anything
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
