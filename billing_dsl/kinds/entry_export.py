"""An entry export: how a file of time entries is read, so that nothing about it is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from billing_dsl.diagnostics import Fault, Finding
from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.source.document import Document

ISO = "YYYY-MM-DD"

SAID = ("client", "work_type", "role")
"""What every row has to say, in a column or by what is assumed; day and hours have a column."""


@dataclass(frozen=True, slots=True)
class EntryExport(Declaration):
    """The columns of a kind of file, and how it writes days and hours."""

    KIND: ClassVar[str] = "entry_export"

    columns: Mapping[str, str]
    """The header of each column, by what it says."""
    assumed: Mapping[str, str]
    """Client, work type or role of a row that says nothing of it, by the catalogue's names."""
    date_format: str
    decimal_mark: str


def _build(document: Document, _house: House) -> EntryExport:
    value = document.value
    return EntryExport(
        *base(document),
        columns=value["columns"],
        assumed=value.get("assumed", {}),
        date_format=value.get("date_format", ISO),
        decimal_mark=value.get("decimal_mark", "."),
    )


def _mentions(export: EntryExport) -> Iterator[Mention]:
    for kind, name in export.assumed.items():
        yield Mention(kind, name, ("assumed", kind), carries=False)


def _check(document: Document) -> Iterator[Fault]:
    """BD102 for each thing that no column says and nothing is assumed of."""
    value = document.value
    said = {**value["columns"], **value.get("assumed", {})}
    for field in SAID:
        if field not in said:
            yield Fault(
                "BD102",
                Finding(
                    document.at("columns", key=True),
                    f"no column says the {field.replace('_', ' ')} of a time entry",
                    label="not among these columns",
                    help=f"name its column here as `{field}`, or say under `assumed` which one it "
                    "is for all rows",
                ),
            )


ENTRY_EXPORT = Kind(EntryExport, _build, _mentions, _check)
