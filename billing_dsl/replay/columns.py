"""Which column of a file says what: as an entry export declares it, or as its headers suggest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing_dsl.kinds.entry_export import SAID, EntryExport
from billing_dsl.replay.names import ASSUMED, folded

FIELDS = ("client", "date", "start", "hours", "work_type", "role", "sub_issue", "ticket")
"""What an entry says, in the order in which an entry export lists its columns."""

USUAL: Mapping[str, tuple[str, ...]] = {
    "client": (
        *("customer name", "customer", "organization name", "organization", "company name"),
        *("company", "account name", "account", "client name", "client"),
    ),
    "date": ("worked date", "date worked", "work date", "entry date", "date"),
    "start": ("start time", "start date/time", "start date time", "start"),
    "hours": (
        *("hours worked", "worked hours", "hours", "hours to bill", "billable hours"),
        *("hours billed", "billed hours"),
    ),
    "work_type": (
        *("work type", "work type name", "billing code name", "billing code"),
        *("allocation code name", "allocation code"),
    ),
    "role": ("role", "role name", "billing role"),
    "sub_issue": ("sub-issue", "sub-issue type", "subissue", "sub issue", "sub issue type"),
    "ticket": (
        *("ticket number", "task/ticket number", "task or ticket number", "ticket", "ticket id"),
        *("ticketnumber",),
    ),
}
"""The headers that exports are known to have, the best first: hours worked before those billed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is read: the position of each column, what is assumed, dates and decimals.

    What is assumed is written as `names.ASSUMED` says.
    """

    positions: Mapping[str, int]
    assumed: Mapping[str, str]
    date_format: str
    decimal_mark: str


def fits(export: EntryExport, header: Sequence[str]) -> bool:
    """Whether a file has every column that an entry export names."""
    there = {folded(name) for name in header}
    return all(folded(name) in there for name in export.columns.values())


def lacking(export: EntryExport, header: Sequence[str]) -> tuple[str, ...]:
    """The columns that an entry export names and a file does not have."""
    there = {folded(name) for name in header}
    return tuple(name for name in export.columns.values() if folded(name) not in there)


def twice(columns: Iterable[str], header: Sequence[str]) -> tuple[str, ...]:
    """The columns of which a file has two or more, so that nobody knows which is meant."""
    there = [folded(name) for name in header]
    return tuple(name for name in columns if there.count(folded(name)) > 1)


def reading(export: EntryExport, header: Sequence[str]) -> Reading:
    """How a file is read that has the columns of an entry export."""
    there = [folded(name) for name in header]
    return Reading(
        {field: there.index(folded(name)) for field, name in export.columns.items()},
        {field: f"{ASSUMED}{name}" for field, name in export.assumed.items()},
        export.date_format,
        export.decimal_mark,
    )


def guessed(header: Sequence[str]) -> dict[str, str]:
    """The columns that headers suggest, by what they say."""
    there: dict[str, str] = {}
    for name in header:
        there.setdefault(folded(name), name)
    found: dict[str, str] = {}
    for field in FIELDS:
        for usual in USUAL[field]:
            if usual in there:
                found[field] = there[usual]
                break
    return found


def unsaid(columns: Mapping[str, str], assumed: Mapping[str, str]) -> tuple[str, ...]:
    """What neither a column nor an assumption says, though every entry must say it."""
    return tuple(field for field in ("date", "hours", *SAID) if field not in {**columns, **assumed})


def as_yaml(
    columns: Mapping[str, str],
    assumed: Mapping[str, str],
    date_format: str,
    decimal_mark: str,
    name: str = "time-entries",
) -> str:
    """The entry export as a document, to be put into the catalogue."""
    lines = ["format: 1", "kind: entry_export", f"name: {name}", "columns:"]
    lines += [f"  {field}: {_quoted(columns[field])}" for field in FIELDS if field in columns]
    if assumed:
        lines += ["assumed:", *(f"  {field}: {_quoted(text)}" for field, text in assumed.items())]
    lines.append(f"date_format: {date_format}")
    lines.append(f"decimal_mark: {_quoted(decimal_mark)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as YAML writes it between double quotes."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown) + '"'
