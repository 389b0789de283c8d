"""An import template as the tenant's import screen gives it: bytes → columns, or what is wrong.

What counts is its header. Rows below it are passed over: they may hold what nobody should read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from billing_dsl.diagnostics import Fault, Finding, Label, Span
from billing_dsl.templates.columns import Column, Of, Screen, fields, like, screens, understood

LARGEST = 1 << 20
"""Bytes of a template."""

MOST_COLUMNS = 500
LONGEST_HEADER = 500
"""Characters of one column's header."""


class Encoding(NamedTuple):
    """How a file's text is written: the codec, and the mark at its beginning."""

    codec: str
    mark: bytes = b""

    @property
    def name(self) -> str:
        """What people call it."""
        return {"cp1252": "Windows-1252"}.get(self.codec, self.codec.upper())

    def lacks(self, text: str) -> str:
        """The first sign of a text that it does not have, as people name it; or nothing."""
        try:
            text.encode(self.codec)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            return f"“{sign}”" if sign.isprintable() else f"sign U+{ord(sign):04X}"
        return ""


UTF_8 = Encoding("utf-8")
WINDOWS = Encoding("cp1252")

_MARKS = (
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)


@dataclass(frozen=True, slots=True)
class ImportTemplate:
    """The columns of one import file, and how it is written. One of ours has no path."""

    path: str
    screen: Screen
    columns: tuple[Column, ...]
    encoding: Encoding = UTF_8
    delimiter: str = ","
    asked: tuple[Column, ...] = field(init=False, compare=False)
    """The user-defined fields that a new row must have, and that may be written."""
    _fields: Mapping[str, tuple[int, ...]] = field(init=False, compare=False)
    _labels: Mapping[str, tuple[int, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Knows where its columns stand."""
        object.__setattr__(self, "_fields", fields(self.screen, self.columns))
        defined = [column for column in self.columns if column.user_defined and column.wanted]
        asked = [column for column in defined if column.of is Of.RECORD and not column.secret]
        object.__setattr__(self, "asked", tuple(asked))
        labels: dict[str, tuple[int, ...]] = {}
        for of in (Of.RECORD, Of.SITE):  # a record's own field goes before its site's
            found: dict[str, tuple[int, ...]] = {}
            for number, column in enumerate(self.columns):
                if column.user_defined and column.of is of:
                    label = like(column.about)
                    found[label] = (*found.get(label, ()), number)
            labels = {**found, **labels}
        object.__setattr__(self, "_labels", labels)

    @property
    def own(self) -> bool:
        """Whether it is the tenant's own."""
        return self.path != ""

    @property
    def header(self) -> tuple[str, ...]:
        """What stands at the head of its columns."""
        return tuple([column.header for column in self.columns])

    @property
    def known(self) -> frozenset[str]:
        """What its columns hold, without those of user-defined fields."""
        return frozenset(self._fields)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the user-defined fields that can be filled."""
        first = [self.columns[found[0]] for found in self._labels.values()]
        return tuple([column.about for column in first if not column.secret])

    def holding(self, about: str) -> Column | None:
        """The column that holds something; None where there is none."""
        found = self._fields.get(about)
        return self.columns[found[0]] if found else None

    def labelled(self, label: str) -> tuple[Column, ...]:
        """The columns of user-defined fields of this label."""
        return tuple([self.columns[number] for number in self._labels.get(like(label), ())])


def of_ours(screen: Screen, headers: Sequence[str]) -> ImportTemplate:
    """A template of our own making, for tenants that have not shown theirs."""
    nowhere = Span("", 1, 1, 1, 1)
    return ImportTemplate("", screen, tuple([understood(header, nowhere) for header in headers]))


def read(path: str, content: bytes) -> tuple[ImportTemplate | None, tuple[Fault, ...]]:
    """A template, and what there is to say of it. Without one, the faults say why."""
    decoded = _decoded(path, content)
    if isinstance(decoded, Fault):
        return None, (decoded,)
    encoding, text = decoded
    if not text.strip():
        return None, (_unreadable(path, 1, 1, "the file is empty"),)
    by = {delimiter: _header(path, text, delimiter) for delimiter in (",", ";")}
    readable = [delimiter for delimiter, found in by.items() if not isinstance(found, Fault)]
    if not readable:
        first = by["," if text.count(",") >= text.count(";") else ";"]
        return None, (first,) if isinstance(first, Fault) else ()
    heads = {delimiter: found for delimiter, found in by.items() if isinstance(found, _Head)}
    delimiter = max(readable, key=lambda one: _likely(heads[one].columns))
    columns, rest = heads[delimiter].columns, heads[delimiter].rest
    control = next((c for c in columns if _CONTROL.search(c.header)), None)
    if control is not None:
        return None, (Fault("BD550", _no_text(control.span)),)
    wrong = tuple(_excess(path, columns)) or tuple(_twice(columns))
    if wrong:
        return None, wrong
    found, other = screens(columns)
    if len(found) != 1:
        return None, (_no_screen(path, columns, found, other, "\t" in text[: len(text) - rest]),)
    [screen] = found
    template = ImportTemplate(path, screen, columns, encoding, delimiter)
    wrong = tuple(_alike(template))
    if wrong:
        return None, wrong
    return template, (_rows(path, columns),) if text[len(text) - rest :].strip() else ()


# --- bytes → text --------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _decoded(path: str, content: bytes) -> tuple[Encoding, str] | Fault:
    if len(content) > LARGEST:
        return _unreadable(path, 1, 1, f"the file is larger than {LARGEST >> 20} MiB")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _unreadable(path, 1, 1, "this is an Excel workbook", "save it as CSV")
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _unreadable(path, 1, 1, "its encoding is UTF-32", "save it as CSV UTF-8")
    marked = next((one for one in _MARKS if content.startswith(one.mark)), None)
    if marked is not None:
        try:
            return marked, content.removeprefix(marked.mark).decode(marked.codec)
        except UnicodeDecodeError as error:
            before = content[len(marked.mark) : len(marked.mark) + error.start]
            line, column = _at(before.decode(marked.codec, "ignore"))
            return _unreadable(path, line, column, f"a byte here is no {marked.name}")
    if b"\0" in content:
        return _unreadable(path, 1, 1, "this is no text, or text without the mark of its encoding")
    try:
        return UTF_8, content.decode(UTF_8.codec)
    except UnicodeDecodeError:
        pass
    try:
        return WINDOWS, content.decode(WINDOWS.codec)
    except UnicodeDecodeError as error:
        line, column = _at(content[: error.start].decode(WINDOWS.codec))
        return _unreadable(path, line, column, "a byte here is neither UTF-8 nor Windows-1252")


_BREAK = re.compile(r"\r\n|\r|\n")


def _at(before: str) -> tuple[int, int]:
    """The line and the column that follow a text."""
    lines = _BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


# --- text → columns ------------------------------------------------------------------------------


class _Head(NamedTuple):
    """The columns of a header, and how many characters follow them."""

    columns: tuple[Column, ...]
    rest: int


def _header(path: str, text: str, delimiter: str) -> _Head | Fault:
    """The first row of a text as CSV has it: cells in quotes may hold anything."""
    plain = re.compile(rf"[^{delimiter}\r\n]*")
    at = len(text) - len(text.lstrip("\r\n"))
    line, column = _at(text[:at])
    columns: list[Column] = []
    while True:
        begun = at
        quoted = text.startswith('"', at)
        if quoted:
            at = _closed(text, at)
            if not at:
                reason = "a quote is opened here and never closed: the file seems to be cut short"
                return _unreadable(path, line, column, reason)
            cell = text[begun + 1 : at - 1].replace('""', '"')
        else:
            found = plain.match(text, at)
            cell = found[0] if found is not None else ""
            at += len(cell)
        lines, columns_on = _at(text[begun:at])
        end = (line + lines - 1, columns_on + (column - 1 if lines == 1 else 0))
        columns.append(understood(cell, _span(path, (line, column), end)))
        line, column = end
        if at == len(text) or text[at] in "\r\n" or len(columns) > MOST_COLUMNS:
            return _Head(tuple(columns), len(text) - at)
        if text[at] != delimiter:
            return _unreadable(path, line, column, "text follows a closing quote")
        at, column = at + 1, column + 1


def _closed(text: str, at: int) -> int:
    """Where a cell that begins with a quote is over; 0 where it is never closed."""
    end = text.find('"', at + 1)
    while end >= 0 and text.startswith('""', end):
        end = text.find('"', end + 2)
    return end + 1


def _span(path: str, start: tuple[int, int], end: tuple[int, int]) -> Span:
    """A cell's stretch of text; an empty cell's is one column wide, to be seen."""
    return Span(path, *start, *((end[0], end[1] + 1) if start == end else end))


def _likely(columns: Sequence[Column]) -> tuple[int, int]:
    """How much a way of reading a header makes of it: columns that we know, then columns."""
    known = {about for screen in Screen for about in _expected(screen)}
    return sum(c.about in known or c.user_defined for c in columns), len(columns)


@cache
def _expected(screen: Screen) -> frozenset[str]:
    common = {"name", "active", "description"}
    if screen is Screen.SERVICES:
        return frozenset({*common, "period type", "unit cost", "markup percent", "unit price"})
    return frozenset({*common, "phone", "address 1", "city", "state", "postal code", "country"})


# --- what is wrong -------------------------------------------------------------------------------


def _unreadable(path: str, line: int, column: int, reason: str, cure: str = "") -> Fault:
    return Fault(
        "BD550",
        Finding(
            Span(path, line, column, line, column + 1),
            f"this import template cannot be read: {reason}",
            label="here",
            help=f"{cure or 'download the template again from the import screen'}; its header is "
            "one row, the columns separated by commas or semicolons",
        ),
    )


def _no_text(span: Span) -> Finding:
    return Finding(
        span,
        "this import template cannot be read: a control character stands in its header",
        label="this column",
        help="download the template again from the import screen",
    )


def _excess(path: str, columns: Sequence[Column]) -> Iterator[Fault]:
    if len(columns) > MOST_COLUMNS:
        span = columns[MOST_COLUMNS].span
        yield _unreadable(
            path, span.line, span.column, f"it has more than {MOST_COLUMNS} columns here"
        )
    for column in columns:
        if len(column.header) > LONGEST_HEADER:
            reason = f"a header has more than {LONGEST_HEADER} characters here"
            yield _unreadable(path, column.span.line, column.span.column, reason)
            return


def _twice(columns: Sequence[Column]) -> Iterator[Fault]:
    first: dict[str, Column] = {}
    for column in columns:
        before = first.setdefault(column.header, column)
        if before is not column and column.header.strip():
            yield _doubled(before, column, "twice under the same header")


def _alike(template: ImportTemplate) -> Iterator[Fault]:
    """Columns that hold the same: which of them is meant is known to nobody."""
    for about in sorted(template.known):
        found = [
            column
            for column in template.columns
            if (column.of, column.user_defined) == (Of.RECORD, False)
            and about in fields(template.screen, (column,))
        ]
        for column in found[1:]:
            if about in FILLED[template.screen]:
                yield _doubled(found[0], column, "twice, under two headers")


FILLED: Mapping[Screen, frozenset[str]] = {
    Screen.ORGANIZATIONS: frozenset(
        {
            *("name", "phone", "organization type", "active", "parent organization", "number"),
            *("address 1", "address 2", "city", "state", "postal code", "country", "tax id"),
            *("tax region", "organization manager", "currency"),
        }
    ),
    Screen.SERVICES: frozenset(
        {
            *("name", "period type", "invoice description", "billing code", "unit cost"),
            *("markup percent", "unit price", "active"),
        }
    ),
}
"""What the catalogue has for the columns of each screen, beside user-defined fields."""


def _doubled(first: Column, again: Column, how: str) -> Fault:
    return Fault(
        "BD553",
        Finding(
            again.span,
            f"the template has what stands in “{_short(first.header)}” {how}",
            label="here again",
            help="download the template again from the import screen; it has each column once",
            related=(Label(first.span, "first here"),),
        ),
    )


def _no_screen(
    path: str, columns: Sequence[Column], found: frozenset[Screen], other: str, tabs: bool
) -> Fault:
    span = Span(path, columns[0].span.line, columns[0].span.column, *_end(columns[-1].span))
    ours = "organizations (name and phone) and services (name and period type)"
    if other:
        return Fault(
            "BD552",
            Finding(
                span,
                f"this template is not used: its columns are those of {other}",
                label="by these columns",
                help=f"a catalogue has rows for {ours} alone; move the file elsewhere",
            ),
        )
    why = "fit more than one import" if found else "fit no import that the catalogue has rows for"
    cure = f"files are made for {ours}: download one of these two templates"
    if tabs:
        cure = "its columns are separated by tabs: save it as CSV, with commas or semicolons"
    return Fault(
        "BD551",
        Finding(span, f"the columns of this template {why}", label="these columns", help=cure),
    )


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column


def _rows(path: str, columns: Sequence[Column]) -> Fault:
    span = Span(path, columns[0].span.line, columns[0].span.column, *_end(columns[-1].span))
    return Fault(
        "BD559",
        Finding(
            span,
            "rows below the header of this template are passed over",
            label="all that is taken of it",
            help="keep the header alone: rows of a tenant do not belong into a repository",
        ),
    )


def _short(header: str) -> str:
    return header if len(header) <= 60 else f"{header[:59]}…"


def header_text(content: bytes) -> bytes:
    """The header of a template as UTF-8 text, with whatever stands above it: all that is shown."""
    decoded = _decoded("", content)
    if isinstance(decoded, Fault):
        return b""
    text = decoded[1]
    for delimiter in (",", ";"):
        head = _header("", text, delimiter)
        if isinstance(head, _Head):
            return text[: len(text) - head.rest].encode()
    return text[: LONGEST_HEADER * 4].split("\n", 1)[0].encode()
