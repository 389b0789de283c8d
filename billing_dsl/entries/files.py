"""Files of time entries in whatever form they come, laid down as the engine reads them.

A text file may be in UTF-8, with or without its mark, in UTF-16, or in Windows' western code page;
its columns may be divided by commas, semicolons or tabs. A workbook is laid down as a text file.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from billing_dsl.entries import workbook

HEAD = 1 << 16
"""Bytes of a text file by which its form is recognised."""

CHUNK = 1 << 20

DELIMITERS = (",", ";", "\t")

_NEITHER = "it is neither in UTF-8 nor in Windows-1252"


class Form(StrEnum):
    """What kind of file it is."""

    TEXT = "csv"
    WORKBOOK = "xlsx"
    PARQUET = "parquet"


class FileError(Exception):
    """Why a file cannot be read, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A file as the engine reads it: a text file in UTF-8, or Parquet.

    `header` is empty for Parquet: the engine itself knows its columns. Where cells can hold
    `numbers`, those have a point before their decimals. `others` are sheets that are not read.
    """

    path: Path
    form: Form
    header: tuple[str, ...]
    delimiter: str = ","
    numbers: bool = False
    others: tuple[str, ...] = ()


def form_of(path: Path) -> Form:
    """The kind of a file, by how it begins; a workbook and Parquet say so in four bytes."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return Form.PARQUET
    return Form.WORKBOOK if start == b"PK\x03\x04" else Form.TEXT


def lay(path: Path, folder: Path, number: int, western: bool = False) -> Laid:
    """A file laid down for the engine, where need be in a folder; `number` tells it from others.

    With `western` a text file is taken to be in Windows' western code page. Raises FileError.
    """
    try:
        form = form_of(path)
        if form is Form.PARQUET:
            return Laid(path, form, (), numbers=True)
        if form is Form.WORKBOOK:
            return _from_workbook(path, folder / f"{number}.csv")
        encoding = "cp1252" if western else encoding_of(path)
        if encoding != "utf-8":
            target = folder / f"{number}.csv"
            _recode(path, target, encoding)
            path = target
        return _text(path)
    except OSError as error:
        raise FileError((error.strerror or type(error).__name__).lower()) from None


def encoding_of(path: Path) -> str:
    """The encoding of a text file, by how it begins."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:2].count(0) == 1:  # one of two bytes is empty: UTF-16 without its mark
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _recode(path: Path, target: Path, encoding: str) -> None:
    try:
        with (
            path.open(encoding=encoding, newline="") as file,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while text := file.read(CHUNK):
                out.write(text)
    except UnicodeDecodeError:
        wide = encoding.partition("-")[2][:2]
        said = f"it begins as UTF-{wide} and is damaged" if encoding != "cp1252" else _NEITHER
        raise FileError(f"{said}: save it as CSV in UTF-8") from None


def _text(path: Path) -> Laid:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise FileError("it is empty")
    delimiter = max(DELIMITERS, key=lambda one: len(_first_row(head, one)))
    header = tuple(_first_row(head, delimiter))
    if len(header) < 2:
        raise FileError(
            "its first row is no header: it has one column, and commas, semicolons or tabs divide "
            "columns"
        )
    return Laid(path, Form.TEXT, header, delimiter)


def _first_row(head: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])


def _from_workbook(path: Path, target: Path) -> Laid:
    try:
        sheet = workbook.first_sheet(path)
        header = next(sheet.rows, None)
        if header is None:
            raise FileError("its first sheet is empty")
        while header and not header[-1]:
            header.pop()
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerow(header)
            writer.writerows(_as_wide(sheet.rows, len(header)))
    except workbook.WorkbookError as error:
        raise FileError(str(error)) from None
    return Laid(target, Form.TEXT, tuple(header), ",", True, sheet.others)


def _as_wide(rows: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """A sheet's rows end with their last cell; here all are as wide as the header."""
    for row in rows:
        yield [*row[:width], *[""] * (width - len(row))]
