"""Which column says what: by a declaration, or by what headers suggest."""

from __future__ import annotations

import pytest

from billing_dsl.kinds import kinds
from billing_dsl.kinds.entry_export import EntryExport
from billing_dsl.model.declaration import House
from billing_dsl.pipeline import read_file
from billing_dsl.replay.columns import as_yaml, fits, guessed, lacking, reading, twice, unsaid
from billing_dsl.replay.names import ASSUMED


def export(text: str) -> EntryExport:
    found = read_file("a.yaml", text.encode())
    assert found.faults == ()
    (document,) = found.documents
    declared = kinds()["entry_export"].build(document, House("EUR"))
    assert isinstance(declared, EntryExport)
    return declared


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            ("Customer Name", "Worked Date", "Billable Hours", "Billing Code Name", "Role"),
            {"client", "date", "hours", "work_type", "role"},
        ),
        (
            ("company", "DATE", "hours to bill", "Hours Worked", "work type", "Ticket Number"),
            {"client", "date", "hours", "work_type", "ticket"},
        ),
        (("a", "b"), set()),
    ],
)
def test_headers_suggest_columns(header: tuple[str, ...], found: set[str]) -> None:
    assert set(guessed(header)) == found


def test_hours_worked_come_before_hours_billed() -> None:
    assert guessed(("Billable Hours", "Hours Worked"))["hours"] == "Hours Worked"


@pytest.mark.parametrize(
    "column",
    ['He said "x"', "back\\slash", "Worked: Date", "日付", "#1", "=cmd()", "null", "{{7}}"],
)
def test_what_is_printed_to_be_pasted_declares_the_same(column: str) -> None:
    columns = {"client": column, "date": "Day", "hours": "Hours", "work_type": "Work"}
    declared = export(as_yaml(columns, {"role": "engineer"}, "DD/MM/YYYY", ","))
    assert declared.columns == columns
    assert declared.assumed == {"role": "engineer"}
    assert (declared.date_format, declared.decimal_mark) == ("DD/MM/YYYY", ",")


def test_a_file_fits_that_has_every_column() -> None:
    declared = export(
        as_yaml(
            {"client": "A", "date": "B", "hours": "C"}, {"work_type": "x", "role": "y"}, "", "."
        ).replace("date_format: \n", "")
    )
    assert fits(declared, ("c", " a ", "B", "more"))
    assert lacking(declared, ("a", "b")) == ("C",)
    found = reading(declared, ("more", "C", "b", "A"))
    assert found.positions == {"client": 3, "date": 2, "hours": 1}
    assert found.assumed == {"work_type": f"{ASSUMED}x", "role": f"{ASSUMED}y"}
    assert twice(("A", "B"), ("a", "A ", "b")) == ("A",)
    assert unsaid({"date": "B"}, {"role": "y"}) == ("hours", "client", "work_type")
