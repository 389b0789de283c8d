"""`replay`: files in every form, names that nobody knows, rows that are none; all are told."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from billing_dsl.cli import edge, exports
from billing_dsl.entries import reading, workbook
from billing_dsl.replay.statement import DIALECTS
from tests.unit.cli.running import SMALL, Command, Ran, catalogue, process

HEADER = (
    "Customer",
    "Worked Date",
    "Start",
    "Hours",
    "Work Type",
    "Role",
    "Sub-Issue",
    "Ticket No",
)
EXPORT = """
    format: 1
    kind: entry_export
    name: grid
    columns: {client: Customer, date: Worked Date, start: Start, hours: Hours, work_type: Work Type,
      role: Role, sub_issue: Sub-Issue, ticket: Ticket No}
    date_format: DD/MM/YYYY
    decimal_mark: ","
"""
ROWS = (
    ("Acme S.r.l.", "01/03/2027", "09:00", "1,1", "Remote Support", "Support Engineer", "", "T1"),
    ("acme", "02/03/2027", "09:00", "1:30", "Onsite Support", "Support Engineer", "", "T2"),
    ("ACME S.R.L.", "3/3/2027", "", "2", "Project Work", "Network Architect", "Paper Jam", "T3"),
    ("Globex S.p.A.", "04/03/2027", "", "8", "onsite-support", "engineer", "", ""),
    ("Globex S.p.A.", "04/03/2028", "", "1", "Project Work", "engineer", "", ""),
)
"""Absorbed, from a block, by the hour, absorbed, and a day on which there is no agreement."""


@pytest.fixture(autouse=True)
def _a_day_in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "today", lambda: date(2027, 1, 15))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return catalogue(tmp_path / "mine", {"export.yaml": EXPORT})


def text_of(
    rows: Sequence[Sequence[str]], delimiter: str = ";", header: Sequence[str] = HEADER
) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue()


def written(
    path: Path,
    rows: Sequence[Sequence[str]] = ROWS,
    encoding: str = "utf-8",
    delimiter: str = ";",
    header: Sequence[str] = HEADER,
) -> Path:
    path.write_bytes(text_of(rows, delimiter, header).encode(encoding))
    return path


def told(run: Command, folder: Path, *files: Path, options: Sequence[str] = ()) -> dict[str, Any]:
    entries = [part for file in files for part in ("--entries", str(file))]
    done = run("replay", str(folder), *entries, "--format", "json", *options)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    assert found["rows"]["read"] == sum(
        number for name, number in found["rows"].items() if name != "read"
    )
    return found


def without_files(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != "files"}


def refused(run: Command, folder: Path, file: Path, *options: str) -> Ran:
    done = run("replay", str(folder), "--entries", str(file), *options)
    assert done.code == 2
    assert done.out == ""
    return done


# --- what is told --------------------------------------------------------------------------------


def test_every_row_ends_somewhere(run: Command, here: Path, tmp_path: Path) -> None:
    found = told(run, here, written(tmp_path / "e.csv"))
    assert found["version"] == 1
    assert found["rows"] == {
        "read": 5,
        "billed": 3,
        "absorbed": 2,
        "not_billed": 0,
        "unpriced": 0,
        "unknown": 0,
        "refused": 0,
    }
    (total,) = found["totals"]
    assert total["currency"] == "EUR"
    assert total["invoiced"] == "365.00"  # 2 × 140 and 1 × 85
    assert total["prepaid"] == "117.00"  # 1.5 × 78
    assert total["billing"]["absorbed"]["hours"] == "9.2500"  # 1.1 is rounded up to 1.25
    assert total["billing"]["absorbed"]["worth"] == "786.25"
    (block,) = found["blocks"]
    assert (block["hours"], block["drawn"], block["left"]) == ("40.0000", "1.5000", "38.5000")
    (nowhere,) = found["no_contract"]
    assert (nowhere["outcome"], nowhere["client"], nowhere["amount"]) == (
        "no_agreement",
        "globex",
        "85.00",
    )
    assert [item["amount"] for item in found["largest"]] == ["280.00", "117.00", "85.00"]
    assert {line["tier"] for line in found["tiers"]} == {"silver@1", ""}


def test_a_person_reads_the_same(run: Command, here: Path, tmp_path: Path) -> None:
    done = run("replay", str(here), "--entries", str(written(tmp_path / "e.csv")))
    assert done.code == 0
    for said in ("5 rows, 2027-03-01 to 2028-03-04", "Money in EUR", "365.00", "117.00", "786.25"):
        assert said in done.out
    assert "no agreement on the day" in done.out


def test_items_are_written_line_by_line(run: Command, here: Path, tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ("Acme S.r.l.", "05/03/2027", "", "24", "Onsite Support", "engineer", "", "=1+1"),
        ("Acme S.r.l.", "06/03/2027", "", "24", "Onsite Support", "engineer", "", "T5"),
        ("=cmd()|x", "06/03/2027", "", "24", "Onsite Support", "engineer", "", "T6"),
    ]
    out = tmp_path / "items.csv"
    told(run, here, written(tmp_path / "e.csv", rows), options=("--csv", str(out)))
    lines = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [line["row"] for line in lines] == ["1", "2", "3", "4", "5", "6", "7", "7", "8"]
    assert [line["billing"] for line in lines[5:]] == ["block", "block", "overage", "unknown"]
    assert [line["amount"] for line in lines[5:]] == ["1872.00", "1131.00", "807.50", ""]
    assert [line["hours_billed"] for line in lines[5:8]] == ["24.0000", "14.5000", "9.5000"]
    assert [line["hours_worked"] for line in lines[6:8]] == ["24.0000", ""]
    assert lines[5]["ticket"] == "'=1+1"
    assert lines[8]["client"] == "'=cmd()|x"
    assert sum(Decimal(line["hours_worked"] or 0) for line in lines) == Decimal("85.6")


def test_what_nobody_knows_is_listed(run: Command, here: Path, tmp_path: Path) -> None:
    rows = [
        ("Acme S.r.I.", "01/03/2027", "", "1", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "2", "Remote Suport", "Engineeer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "2", "", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "4", "Remote Support", "engineer", "Paper Jams", ""),
        ("Acme S.r.l.", "01/03/2027", "", "0", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "-1", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "25", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "1.5", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "03/31/2027", "", "1", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "", "", "x", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "01/03/2027", "", "1"),
        ("Acme S.r.l.", "01/03/2027", "", "1", "Remote Support", "engineer", "", "", "more"),
    ]
    found = told(run, here, written(tmp_path / "e.csv", rows))
    assert found["rows"]["unknown"] == 3
    assert found["rows"]["refused"] == 8
    assert found["rows"]["absorbed"] == 1
    assert [(one["what"], one["text"], one["nearest"]) for one in found["unknown"]] == [
        ("client", "Acme S.r.I.", ["Acme S.r.l."]),
        ("role", "Engineeer", ["Support Engineer"]),
        ("work type", "", []),
        ("work type", "Remote Suport", ["Remote Support", "Onsite Support"]),
    ]
    (strange,) = found["undeclared_sub_issues"]
    assert (strange["text"], strange["worked"], strange["nearest"]) == (
        "Paper Jams",
        "4.0000",
        ["Paper Jam"],
    )
    (file,) = found["files"]
    assert {(one["reason"], one["text"], one["rows"]) for one in file["refused"]} == {
        ("zero", "0", 1),
        ("negative", "-1", 1),
        ("longer", "25", 1),
        ("hours", "1.5", 1),
        ("day", "03/31/2027", 1),
        ("day", "", 1),
        ("line", "line 12", 2),
    }


def test_a_file_of_exactly_5000_rows_is_warned_about(
    run: Command, here: Path, tmp_path: Path
) -> None:
    whole = told(run, here, written(tmp_path / "e.csv", [ROWS[0]] * 5_000))
    assert any("exactly 5,000 rows" in warning for warning in whole["warnings"])
    less = told(run, here, written(tmp_path / "f.csv", [ROWS[0]] * 4_999))
    assert not any("5,000" in warning for warning in less["warnings"])


def test_an_empty_export_is_no_fault(run: Command, here: Path, tmp_path: Path) -> None:
    found = told(run, here, written(tmp_path / "e.csv", []))
    assert found["rows"]["read"] == 0
    assert found["first"] is None
    assert run("replay", str(here), "--entries", str(tmp_path / "e.csv")).code == 0


def test_the_nearest_names_are_told_of_the_most_frequent_texts(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing_dsl.replay.summary.NEAREST", 2)
    names = ("Acme S.r.1.", "Acme S.r.2.", "Acme S.r.2.", "Acme S.r.3.")
    rows = [(name, *ROWS[0][1:]) for name in names]
    found = told(run, here, written(tmp_path / "e.csv", rows))
    assert [(one["text"], one["entries"], one["nearest"]) for one in found["unknown"]] == [
        ("Acme S.r.2.", 2, ["Acme S.r.l."]),
        ("Acme S.r.1.", 1, ["Acme S.r.l."]),
        ("Acme S.r.3.", 1, []),
    ]


def test_hostile_texts_are_shown_and_do_nothing(run: Command, here: Path, tmp_path: Path) -> None:
    names = (
        "\u202eevil",
        "##[command]x",
        "\x1b[31m",
        "a\tb\nc",
        "x" * 5000,
        "' OR 1=1 --",
        "{{7*7}}",
    )
    rows = [(name, *ROWS[0][1:]) for name in names]
    done = run("replay", str(here), "--entries", str(written(tmp_path / "e.csv", rows)))
    assert done.code == 0
    assert "\u202e" not in done.out
    assert "\x1b" not in done.out
    assert "##[" not in done.out
    assert f"not known to the catalogue       {len(names)}" in done.out


# --- forms of files ------------------------------------------------------------------------------


SAID: dict[str, Any] = {}
"""What the plainest of those files gives, once it has been asked."""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_files_of_every_kind_say_the_same(
    run: Command, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    name = "Müßig & Söhne; “Café”, €"
    client = (
        f"\n        format: 1\n        kind: client\n        name: mu\n        legal_name: {name}\n"
    )
    here = catalogue(tmp_path / "mine", {"export.yaml": EXPORT, "clients/mu.yaml": client})
    rows = [*ROWS, (name, *ROWS[4][1:])]
    if not SAID:
        SAID.update(told(run, here, written(tmp_path / "plain.csv", rows)))
    other = told(run, here, written(tmp_path / "other.csv", rows, encoding, delimiter))
    assert SAID["rows"]["unknown"] == 0
    assert without_files(other) == without_files(SAID)


def test_a_western_letter_late_in_a_file_is_read(run: Command, here: Path, tmp_path: Path) -> None:
    rows = [*([ROWS[0]] * 3_000), ("Café", *ROWS[0][1:])]
    found = told(run, here, written(tmp_path / "e.csv", rows, "cp1252"))
    assert [one["text"] for one in found["unknown"]] == ["Café"]
    assert found["rows"]["absorbed"] == 3_000


def test_a_workbook_says_the_same(run: Command, here: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    second = datetime.combine(date(2027, 3, 2), time())
    days = [date(2027, 3, 1), second, "3/3/2027", date(2027, 3, 4), date(2028, 3, 4)]
    hours: list[Any] = ["1,1", timedelta(hours=1, minutes=30), 2, "8", 1]
    for row, day, worked in zip(ROWS, days, hours, strict=True):
        start = time(9, 0) if row[2] else None
        sheet.append([row[0], day, start, worked, *row[4:]])
        sheet.append([None] * 8)
    book.save(tmp_path / "e.xlsx")
    found = told(run, here, tmp_path / "e.xlsx")
    plain = told(run, here, written(tmp_path / "e.csv"))
    assert without_files(found) == without_files(plain)


def test_numbers_are_read_whatever_the_decimal_mark(
    run: Command, here: Path, tmp_path: Path
) -> None:
    import duckdb

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    worked = [float(row[3].replace(",", ".")) if "," in row[3] else row[3] for row in ROWS]
    assert 1.1 in worked
    for row, hours in zip(ROWS, worked, strict=True):
        sheet.append([*row[:3], hours, *row[4:]])
    book.save(tmp_path / "e.xlsx")
    plain = written(tmp_path / "e.csv")
    source = f"read_csv('{plain}', delim=';', header=true, all_varchar=true)"
    number = """CASE WHEN "Hours" LIKE '%:%' THEN 1.5
        ELSE REPLACE("Hours", ',', '.')::DOUBLE END"""
    duckdb.sql(
        f'COPY (SELECT * REPLACE ({number} AS "Hours") FROM {source}) '
        f"TO '{tmp_path / 'e.parquet'}' (FORMAT parquet)"
    )
    said = without_files(told(run, here, plain))
    assert without_files(told(run, here, tmp_path / "e.xlsx")) == said
    assert without_files(told(run, here, tmp_path / "e.parquet")) == said


def test_sheets_that_are_not_read_are_named(run: Command, here: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, ROWS[0]):
        sheet.append(list(row))
    for number in range(1, 8):
        book.create_sheet(f"Month {number}").append(list(HEADER))
    book.create_sheet("empty")
    path = tmp_path / "e.xlsx"
    book.save(path)
    [warning] = [one for one in told(run, here, path)["warnings"] if "sheet" in one]
    assert warning.startswith(f"of {path} the first sheet alone is read, and not `Month 1`, ")
    assert "`Month 5` and 2 more: save as files of their own" in warning
    sheet["A1"] = "Remarks"
    book.save(path)
    assert "on its first sheet, the only one that is read of 8" in refused(run, here, path).err


def test_parquet_says_the_same(run: Command, here: Path, tmp_path: Path) -> None:
    import duckdb

    path = written(tmp_path / "e.csv")
    source = f"read_csv('{path}', delim=';', header=true, all_varchar=true)"
    typed = (
        '* REPLACE (strptime("Worked Date", \'%d/%m/%Y\')::DATE AS "Worked Date", '
        'NULLIF("Sub-Issue", \'\') AS "Sub-Issue")'
    )
    duckdb.sql(
        f"COPY (SELECT {typed} FROM {source}) TO '{tmp_path / 'e.parquet'}' (FORMAT parquet)"
    )
    assert without_files(told(run, here, tmp_path / "e.parquet")) == without_files(
        told(run, here, path)
    )


@pytest.mark.parametrize("place", [4, 40, 200, 400, -40, -9])
def test_damaged_parquet_is_told_as_such(
    run: Command, here: Path, tmp_path: Path, place: int
) -> None:
    import duckdb

    path = tmp_path / "e.parquet"
    source = f"read_csv('{written(tmp_path / 'e.csv')}', delim=';', header=true, all_varchar=true)"
    duckdb.sql(f"COPY (SELECT * FROM {source}) TO '{path}' (FORMAT parquet)")
    content = path.read_bytes()
    cut = content[:place] + bytes([255] * 30) + content[place:][30:]
    path.write_bytes(cut)
    done = run("replay", str(here), "--entries", str(path))
    assert done.code in (0, 2), done.err
    assert done.code == 0 or f"`{path}` cannot be read" in done.err
    path.write_bytes(content[: len(content) // 2])
    assert "it is no parquet that can be read" in refused(run, here, path).err


def test_parquet_whose_texts_are_in_another_encoding(
    run: Command, here: Path, tmp_path: Path
) -> None:
    import duckdb

    path = tmp_path / "e.parquet"
    rows = [("Cafe-and-Sons", *row[1:]) for row in ROWS]
    source = f"read_csv('{written(tmp_path / 'e.csv', rows)}', delim=';', all_varchar=true)"
    options = "FORMAT parquet, COMPRESSION uncompressed"
    duckdb.sql(f"COPY (SELECT * FROM {source}) TO '{path}' ({options})")
    path.write_bytes(path.read_bytes().replace(b"Cafe-and-Sons", b"Caf\xe9-and-Sons"))
    assert "not in UTF-8" in refused(run, here, path).err


def test_several_files_are_one_history(run: Command, here: Path, tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.csv", ROWS[:2]), written(tmp_path / "b.csv", ROWS[2:])
    apart = told(run, here, first, second)
    assert [file["rows"] for file in apart["files"]] == [2, 3]
    assert without_files(apart) == without_files(told(run, here, written(tmp_path / "c.csv")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"one column\nx\n", "its first row is no header"),
        (b"PK\x03\x04nothing", "it is no workbook that can be read"),
        (b"PAR1nothing", "it is no parquet that can be read"),
        (text_of([("Acme \x81", *ROWS[0][1:])]).encode("latin-1"), "neither in UTF-8 nor"),
        (text_of(ROWS).encode("utf-16")[:-1], "it begins as UTF-16 and is damaged"),
        (text_of(ROWS).encode("utf-32")[:-1], "it begins as UTF-32 and is damaged"),
        (
            text_of(ROWS).encode() + b'"Acme;01/03/2027;;1;Remote Support;engineer;;\r\n',
            "a quotation mark that opens in line 7 never closes",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    run: Command, here: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(content)
    assert said in refused(run, here, path).err


def test_a_workbook_that_is_empty_or_damaged(run: Command, here: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "e.xlsx")
    assert "its first sheet is empty" in refused(run, here, tmp_path / "e.xlsx").err
    with (
        zipfile.ZipFile(tmp_path / "e.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "f.xlsx", "w") as cut,
    ):
        for name in whole.namelist():
            cut.writestr(name, whole.read(name)[:150])
    assert "it is no workbook" in refused(run, here, tmp_path / "f.xlsx").err


def test_a_workbook_that_grows_without_end_is_refused(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workbook().save(tmp_path / "e.xlsx")
    monkeypatch.setattr(workbook, "LARGEST", 100)
    assert "unpacked it is larger" in refused(run, here, tmp_path / "e.xlsx").err


def test_a_file_is_not_named_twice(run: Command, here: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "e.csv")
    again = ["--entries", str(tmp_path / "." / "e.csv")]
    assert "named twice" in refused(run, here, path, *again).err


def test_items_that_cannot_be_written(run: Command, here: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "e.csv")
    nowhere = str(path / "items.csv")
    done = run("replay", str(here), "--entries", str(path), "--csv", nowhere)
    assert done.code == 2
    assert "cannot be written" in done.err


def test_items_take_no_other_files_place(run: Command, here: Path, tmp_path: Path) -> None:
    path, items = written(tmp_path / "e.csv"), tmp_path / "items.csv"
    before = path.read_bytes()
    assert "name another file" in refused(run, here, path, "--csv", str(path)).err
    assert path.read_bytes() == before
    assert "directory" in refused(run, here, path, "--csv", str(tmp_path)).err
    told(run, here, path, options=("--csv", str(items)))
    first = items.read_bytes()
    told(run, here, written(path, ROWS[:2]), options=("--csv", str(items)))
    assert items.read_bytes() == first[: items.stat().st_size]
    assert len(first.splitlines()) == 6
    assert not [name for name in tmp_path.iterdir() if name.name.startswith(".")]


def test_a_file_that_is_not_there(run: Command, here: Path, tmp_path: Path) -> None:
    assert "no such file" in refused(run, here, tmp_path / "none.csv").err
    assert "directory" in refused(run, here, tmp_path).err


@pytest.mark.parametrize("first", [1, 2, 4])
@pytest.mark.parametrize("kinds", [0, 20_000])
def test_texts_that_come_late_in_a_file_are_read_alike(
    run: Command,
    here: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: int,
    kinds: int,
) -> None:
    rows = [
        *ROWS,
        (
            "Acme S.r.I.",
            "31/12/2029",
            "10:30",
            "0,7",
            "Remote Suport",
            "engineer",
            "Paper Jams",
            "",
        ),
        ("Acme S.r.l.", "soon", "?", "much", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "02/03/2027", "08:00", "-1", "Remote Support", "engineer", "", ""),
        ("Acme S.r.l.", "02/03/2027", "07:00", "much", "Remote Support", "engineer", "", ""),
    ]
    one, other = written(tmp_path / "a.csv", rows), written(tmp_path / "b.csv", rows[::-1])
    plain = told(run, here, one, other)
    assert (plain["rows"]["unknown"], plain["rows"]["refused"]) == (2, 6)
    monkeypatch.setattr(reading, "FIRST", first)
    monkeypatch.setattr(reading, "MOST_KINDS", kinds)
    assert told(run, here, one, other) == plain


@pytest.mark.parametrize("first", [2, 500_000])
def test_days_with_times_and_starts_with_days(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(reading, "FIRST", first)

    def row(day: str, start: str, ticket: str) -> tuple[str, ...]:
        return ("Acme S.r.l.", day, start, "20", "Onsite Support", "engineer", "", ticket)

    # Of 40 hours the third entry of the day gets none: the order of starts decides which that is.
    plain = [
        row("02/03/2027", "09:00", "A"),
        row("02/03/2027", "11:00", "B"),
        row("02/03/2027", "10:00", "C"),
    ]
    for rows in (
        plain,
        [row(f"02/03/2027 {start}", "", ticket) for _, _, start, *_, ticket in _spread(plain)],
        [row(f"2027-03-02T{start}:00Z", "", ticket) for _, _, start, *_, ticket in _spread(plain)],
        [
            row("02/03/2027", f"2027-03-02 {start}:00", ticket)
            for _, _, start, *_, ticket in _spread(plain)
        ],
    ):
        out = tmp_path / "items.csv"
        told(run, here, written(tmp_path / "e.csv", rows), options=("--csv", str(out)))
        lines = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
        assert [line["billing"] for line in lines] == ["block", "overage", "block"]
    strange = [row("02/03/2027 09:00", "", "A"), row("02/03/2027 at nine", "", "B")]
    found = told(run, here, written(tmp_path / "e.csv", strange))
    assert found["files"][0]["refused"] == [
        {"reason": "day", "text": "02/03/2027 at nine", "rows": 1}
    ]


def _spread(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [("", "", row[2], row[7]) for row in rows]


def test_a_text_that_looks_assumed_is_none(run: Command, here: Path, tmp_path: Path) -> None:
    hostile = ("\ue000acme", "\ue000nobody", "\ue000\ue000acme", "\ue000")
    rows = [(name, *ROWS[0][1:]) for name in hostile]
    rows.append((*ROWS[0][:4], "\ue000project-work", "\ue000architect", "\ue000printer", ""))
    found = told(run, here, written(tmp_path / "e.csv", rows))
    assert found["rows"]["unknown"] == 5
    assert {one["text"] for one in found["unknown"]} == {
        *hostile,
        "\ue000project-work",
        "\ue000architect",
    }
    out = tmp_path / "items.csv"
    told(run, here, tmp_path / "e.csv", options=("--csv", str(out)))
    lines = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [line["client"] for line in lines[:4]] == list(hostile)


# --- columns -------------------------------------------------------------------------------------


def test_columns_are_not_guessed_in_silence(run: Command, clean: Path, tmp_path: Path) -> None:
    header = ("Customer Name", "Worked Date", "Hours Worked", "Billing Code Name", "Role")
    rows = [("Acme S.r.l.", "13/03/2027", "1,5", "Remote Support", "Support Engineer")]
    path = written(tmp_path / "e.csv", rows, header=header)
    done = refused(run, clean, path)
    document = done.err.partition("into the catalogue:\n\n")[2]
    assert "date_format: DD/MM/YYYY" in document
    assert 'decimal_mark: ","' in document
    (clean / "export.yaml").write_text(document, encoding="utf-8")
    assert told(run, clean, path)["rows"]["absorbed"] == 1


def test_days_that_may_be_two_are_an_error(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ("Customer", "Date", "Hours", "Work Type", "Role")
    rows = [("Acme S.r.l.", "03/04/2027", "1", "Remote Support", "Support Engineer")]
    path = written(tmp_path / "e.csv", rows, header=header)
    assert "DD/MM/YYYY or MM/DD/YYYY" in refused(run, clean, path).err
    monkeypatch.setattr(exports, "_asks", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("MM/DD/YYYY\ny\n"))
    assert told(run, clean, path)["first"] == "2027-03-04"


def test_somebody_at_a_terminal_is_asked(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ("Customer", "Date", "Hours", "Work Type", "Role")
    rows = [("Acme S.r.l.", "13/04/2027", "1", "Remote Support", "Support Engineer")]
    path = written(tmp_path / "e.csv", rows, header=header)
    monkeypatch.setattr(exports, "_asks", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert told(run, clean, path)["rows"]["absorbed"] == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert "says it right" in run("replay", str(clean), "--entries", str(path)).err


def test_one_late_day_settles_what_all_others_mean(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    header = ("Customer", "Date", "Hours", "Work Type", "Role")
    early = ("Acme S.r.l.", "03/04/2027 09:00", "1", "Remote Support", "Support Engineer")
    late = ("Café", "04/13/2027", "1", "Remote Support", "Support Engineer")
    path = written(tmp_path / "e.csv", [early] * 101_000 + [late], "cp1252", header=header)
    assert "date_format: MM/DD/YYYY" in refused(run, clean, path).err


def test_a_role_that_no_column_says_is_assumed_aloud(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    header = ("Customer", "Date", "Hours", "Work Type")
    rows = [("Acme S.r.l.", "13/04/2027", "1", "Remote Support")]
    path = written(tmp_path / "e.csv", rows, header=header)
    said = refused(run, clean, path).err
    assert "No column says the role, so `architect` is assumed, of `architect`, `engineer`." in said
    document = said.partition("into the catalogue:\n\n")[2]
    (clean / "export.yaml").write_text(document, encoding="utf-8")
    found = told(run, clean, path)
    assert found["rows"]["billed"] == 1  # architects end at the hourly contract
    assert f"a row of {path} that says no role is taken for `architect`" in found["assumptions"]
    roles = (clean / "roles.yaml").read_text(encoding="utf-8").partition("---")[0]
    tier = (clean / "tiers" / "silver.yaml").read_text(encoding="utf-8")
    (clean / "roles.yaml").write_text(roles, encoding="utf-8")
    tier = tier.replace("roles: {architect: hourly}\n", "")
    (clean / "tiers" / "silver.yaml").write_text(tier, encoding="utf-8")
    (clean / "export.yaml").unlink()
    assert "so `engineer` is assumed." in refused(run, clean, path).err


def test_missing_and_doubled_columns(run: Command, clean: Path, tmp_path: Path) -> None:
    lacking = written(tmp_path / "e.csv", [], header=("Customer", "Date", "Thing"))
    done = refused(run, clean, lacking)
    assert "the hours and the work type" in done.err
    header = ("Customer", "Customer", "Date", "Hours", "Work Type", "Role")
    doubled = written(tmp_path / "f.csv", [], header=header)
    assert "more than one column `Customer`" in refused(run, clean, doubled).err


def test_an_export_may_be_named(run: Command, here: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "e.csv")
    assert told(run, here, path, options=("--export", "grid"))["rows"]["read"] == 5
    assert "Did you mean `grid`?" in refused(run, here, path, "--export", "gridd").err
    other = written(tmp_path / "f.csv", [], header=("Customer", "Worked Date"))
    assert "has no column `Start`" in refused(run, here, other, "--export", "grid").err


def test_two_exports_that_fit_must_be_told_apart(run: Command, tmp_path: Path) -> None:
    another = EXPORT.replace("name: grid", "name: another")
    here = catalogue(tmp_path / "mine", {"a.yaml": EXPORT, "b.yaml": another})
    path = written(tmp_path / "e.csv")
    assert "choose one with --export" in refused(run, here, path).err
    assert told(run, here, path, options=("--export", "another"))["rows"]["read"] == 5


def test_what_is_assumed_holds_where_a_row_says_nothing(run: Command, tmp_path: Path) -> None:
    export = """
        format: 1
        kind: entry_export
        name: one-client
        columns: {date: Day, hours: Hours, role: Role}
        assumed: {client: acme, work_type: project-work, role: architect}
    """
    here = catalogue(tmp_path / "mine", {"export.yaml": export})
    rows = [("2027-03-01", "1", ""), ("2027-03-01", "1", "engineer")]
    found = told(run, here, written(tmp_path / "e.csv", rows, header=("Day", "Hours", "Role")))
    assert found["totals"][0]["invoiced"] == "225.00"


def test_an_export_must_say_who_did_what_for_whom(run: Command, tmp_path: Path) -> None:
    export = """
        format: 1
        kind: entry_export
        name: bare
        columns: {date: Day, hours: Hours}
    """
    here = catalogue(tmp_path / "mine", {"export.yaml": export})
    done = run("check", str(here))
    assert done.code == 1
    for word in ("client", "work type", "role"):
        assert f"no column says the {word} of a time entry" in done.out


# --- further kinds of contracts ------------------------------------------------------------------

FURTHER = """
    format: 1
    kind: client
    name: initech
    legal_name: Initech AG
    currency: CHF
    ---
    format: 1
    kind: agreement
    name: initech-2027
    client: initech
    start: 2027-01-01
    end: 2027-12-31
    contracts:
      - name: tickets
        type: per_ticket
        excludes: {work_types: [onsite-support, project-work]}
        falls_to: retainer
        tickets: [{tickets: 10, rate: {CHF: 45.00}, start: 2027-01-01, end: 2027-12-31}]
      - name: retainer
        type: retainer
        excludes: {work_types: [project-work]}
        falls_to: block
        rates: [{role: engineer, rate: {CHF: 90.00}}, {role: architect, rate: {CHF: 150.00}}]
        retainers: [{amount: {CHF: 5000.00}, start: 2027-01-01, end: 2027-12-31}]
      - {name: block, type: block_hours, overage_rate: {CHF: 99.00}}
    blocks:
      - {contract: block, hours: 1, rate: {CHF: 80.00}, start: 2027-02-01, end: 2027-06-30}
      - {contract: block, hours: 1, rate: {CHF: 82.00}, start: 2027-02-01, end: 2027-07-31}
"""
LATER = """
    format: 1
    kind: work_type
    name: remote-support
    title: Remote Support
    billing_class: core
    description: Help at a distance.
    from: 2027-01-05
    ---
    format: 1
    kind: work_type
    name: onsite-support
    title: Onsite Support
    billing_class: edge
    description: Work at the premises.
    ---
    format: 1
    kind: work_type
    name: project-work
    title: Project Work
    billing_class: baseline
    description: Planned changes.
"""


@pytest.fixture
def several(tmp_path: Path) -> Path:
    changes = {"export.yaml": EXPORT, "clients/initech.yaml": FURTHER, "work-types.yaml": LATER}
    roles = SMALL["roles.yaml"].replace("85.00", "{EUR: 85.00, CHF: 95.00}")
    return catalogue(
        tmp_path / "several",
        {**changes, "roles.yaml": roles.replace("140.00", "{EUR: 140.00, CHF: 155.00}")},
    )


def test_tickets_retainers_and_blocks_in_another_currency(
    run: Command, several: Path, tmp_path: Path
) -> None:
    def row(day: str, hours: str, work_type: str, ticket: str) -> tuple[str, ...]:
        return ("Initech AG", day, "", hours, work_type, "engineer", "", ticket)

    rows = [
        row("02/03/2027", "1", "Remote Support", "T1"),
        row("03/03/2027", "1", "Remote Support", "T1"),
        row("04/03/2027", "1", "Remote Support", ""),
        row("04/03/2027", "2", "Onsite Support", "T1"),
        row("04/03/2027", "3", "Project Work", "T2"),
        row("04/01/2027", "1", "Remote Support", "T9"),
        *ROWS,
    ]
    path = written(tmp_path / "e.csv", rows)
    found = told(run, several, path)
    assert [line["currency"] for line in found["totals"]] == ["CHF", "EUR"]
    francs = found["totals"][0]["billing"]
    assert francs["ticket"]["amount"] == "90.00"  # T1 once, and one without a number
    assert francs["ticket"]["entries"] == 3
    assert francs["retainer"]["amount"] == "180.00"
    assert francs["block"]["amount"] == "162.00"
    assert francs["overage"]["amount"] == "99.00"
    assert (francs["block"]["entries"], francs["overage"]["entries"]) == (1, 0)
    assert found["purses"] == [
        {
            "contract": "initech-2027/retainer",
            "currency": "CHF",
            "bought": "5000.00",
            "drawn": "180.00",
            "left": "4820.00",
        },
        {
            "contract": "initech-2027/tickets",
            "currency": None,
            "bought": "10",
            "drawn": "2",
            "left": "8",
        },
    ]
    assert found["rows"]["unknown"] == 1
    assert found["unknown"][0]["what"] == "not in use yet"
    said = " ".join(found["warnings"])
    assert "initech-2027/block has blocks that start on one day" in said
    assert "name no ticket count as a ticket each: 1 of them" in said
    printed = run("replay", str(several), "--entries", str(path)).out
    assert "Money in CHF" in printed
    assert "from retainers" in printed


def test_what_is_drawn_beyond_what_was_bought_is_said(
    run: Command, several: Path, tmp_path: Path
) -> None:
    rows = [
        ("Initech AG", "04/03/2027", "", "24", "Onsite Support", "engineer", "", "T")
        for _ in range(3)
    ]
    rows += [
        ("Initech AG", "04/03/2027", "", "1", "Remote Support", "engineer", "", f"T{n}")
        for n in range(11)
    ]
    found = told(run, several, written(tmp_path / "e.csv", rows))
    assert [one["left"] for one in found["purses"]] == ["-1480.00", "-1"]
    beyond = [one for one in found["warnings"] if "more was drawn than was bought" in one]
    assert len(beyond) == 2
    printed = run("replay", str(several), "--entries", str(tmp_path / "e.csv")).out
    assert "Retainers and tickets" in printed
    assert "-1,480.00" in printed


def test_more_than_a_person_reads_is_counted(run: Command, here: Path, tmp_path: Path) -> None:
    rows = [(f"Nobody {n}", *ROWS[0][1:]) for n in range(9)]
    done = run("replay", str(here), "--entries", str(written(tmp_path / "e.csv", rows)))
    assert "and 4 more: --format json lists all" in done.out


def test_refused_rows_are_told_by_how_many_they_are(
    run: Command, here: Path, tmp_path: Path
) -> None:
    def rows(hours: str, count: int) -> list[tuple[str, ...]]:
        return [(*ROWS[0][:3], hours, *ROWS[0][4:])] * count

    few = [row for n in range(2, 7) for row in rows(f"-{n}", 1)]
    one = written(tmp_path / "a.csv", [*few, *rows("0", 2)])
    other = written(tmp_path / "b.csv", [*rows("x", 9), *rows("99", 3)])
    files = [part for file in (one, other) for part in ("--entries", str(file))]
    printed = run("replay", str(here), *files).out
    table = printed.partition("Refused rows, the most frequent first\n")[2].splitlines()
    assert [line.split()[-1] for line in table[2:7]] == ["9", "3", "2", "1", "1"]
    assert table[7] == "  and 3 more, of 3 rows: --format json lists all"


def test_json_is_no_command_to_a_ci_system(run: Command, here: Path, tmp_path: Path) -> None:
    name = "##[error]x ##vso[task.complete] \u202e"
    rows = [(name, *ROWS[0][1:]), (*ROWS[0][:3], "##[error]", *ROWS[0][4:])]
    path = written(tmp_path / "e.csv", rows)
    done = run("replay", str(here), "--entries", str(path), "--format", "json")
    assert "##" not in done.out
    assert done.out.isascii()
    assert json.loads(done.out)["unknown"][0]["text"] == name
    both = ("--base", f"{here}/", "--format", "json")
    assert "##" not in run("replay", str(here), "--entries", str(path), *both).out


def test_a_name_of_two_clients_names_neither(run: Command, tmp_path: Path) -> None:
    twins = """
        format: 1
        kind: client
        name: first
        title: The Twins
        legal_name: First AG
        ---
        format: 1
        kind: client
        name: second
        title: The Twins
        legal_name: Second AG
    """
    here = catalogue(tmp_path / "mine", {"export.yaml": EXPORT, "clients/two.yaml": twins})
    rows = [("the twins", *ROWS[0][1:])]
    done = run("replay", str(here), "--entries", str(written(tmp_path / "e.csv", rows)))
    assert done.code == 0, done.err
    assert "it means first and second alike" in done.out


# --- two revisions -------------------------------------------------------------------------------


@pytest.fixture
def changed(here: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The catalogue before and after: projects cost more, visits are included, a client is named
    otherwise, and so is a kind of work.
    """
    before = tmp_path / "before"
    shutil.copytree(here, before)
    for path in sorted(here.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        text = text.replace("rate: 140.00", "rate: 150.00")
        text = text.replace("onsite-support: block", "onsite-support: recurring")
        text = text.replace("name: remote-support", "name: remote-help")
        text = text.replace("remote-support", "remote-help")
        text = text.replace("name: acme\n", "name: acme-industries\n")
        text = text.replace("client: acme\n", "client: acme-industries\n")
        text = text.replace("client: acme,", "client: acme-industries,")
        path.write_text(text, encoding="utf-8", newline="\n")
    return before, here


def differing(run: Command, changed: tuple[Path, Path], *arguments: str) -> Ran:
    before, after = changed
    done = run("replay", str(after), "--base", str(before), *arguments)
    assert done.code == 0, done.err
    return done


def test_a_change_is_told_in_money(
    run: Command, changed: tuple[Path, Path], tmp_path: Path
) -> None:
    rows = [("Acme S.r.l.", *row[1:]) if row[0] == "acme" else row for row in ROWS]
    path, out = written(tmp_path / "e.csv", rows), tmp_path / "items.csv"
    done = differing(run, changed, "--entries", str(path), "--format", "json", "--csv", str(out))
    found = json.loads(done.out)
    assert found["version"] == 1
    (total,) = found["totals"]
    assert (total["before"]["invoiced"], total["after"]["invoiced"]) == ("365.00", "385.00")
    assert (total["before"]["prepaid"], total["after"]["prepaid"]) == ("117.00", "0.00")
    assert total["difference"]["charged"] == "-97.00"
    assert total["difference"]["absorbed_hours"] == "1.5000"
    assert found["no_contract"] == [
        {"currency": "EUR", "before": "1.0000", "after": "1.0000", "difference": "0.0000"}
    ]
    assert found["charged_less"] == ["acme-industries"]
    assert found["charged_more"] == []
    assert [one["client"] for one in found["clients"]] == ["acme-industries", "globex"]
    work_types = {one["work_type"]: one["difference"]["hours"] for one in found["work_types"]}
    assert work_types == {
        "onsite-support": "0.0000",
        "project-work": "0.0000",
        "remote-help": "0.0000",
    }
    assert found["flips"] == {"entries": 2, "worked": "3.5000", "shown": 2}
    visit, project = found["largest"]
    assert (visit["difference"], project["difference"]) == ("-117.00", "20.00")
    assert visit["before"][0]["billing"] == "block"
    assert visit["after"][0]["billing"] == "absorbed"
    assert {tuple(move["before"] + move["after"]) for move in found["moves"]} == {
        ("block", "absorbed"),
        ("hourly", "hourly"),
    }
    lines = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [line["side"] for line in lines] == ["before", "after"] * 5
    assert [line["row"] for line in lines if line["flips"] == "yes"] == ["2", "2", "3", "3"]
    for side in ("before", "after"):
        own = [line for line in lines if line["side"] == side]
        charged = sum(Decimal(line["amount"] or 0) for line in own)
        assert str(charged) == total[side]["charged"]


def test_a_person_reads_the_difference(
    run: Command, changed: tuple[Path, Path], tmp_path: Path
) -> None:
    path = str(written(tmp_path / "e.csv"))
    printed = differing(run, changed, "--entries", path).out
    for said in (
        "warning: after: some entries name what the catalogue does not know",
        "Clients who are charged less, in EUR: 1",
        "2 entries flip, of 3.50 hours worked",
        "absorbed by contracts",
        "-117.00",
    ):
        assert said in printed
    before, _ = changed
    alike = run("replay", str(before), "--base", f"{before}/", "--entries", path)
    assert alike.code == 0
    assert "No entry flips" in alike.out
    assert "come to other figures" not in alike.out


def test_what_is_left_of_blocks_is_told_of_both_sides(
    run: Command, changed: tuple[Path, Path], tmp_path: Path
) -> None:
    path = str(written(tmp_path / "e.csv"))
    found = json.loads(differing(run, changed, "--entries", path, "--format", "json").out)
    [block] = found["blocks"]
    assert block["contract"] == "acme-2027/block"
    assert (block["before"]["hours"], block["before"]["drawn"]) == ("40.0000", "1.5000")
    assert block["before"]["left"] == "38.5000"
    assert block["after"] is None  # no work of the entries could draw on it any more
    assert found["purses"] == []
    printed = differing(run, changed, "--entries", path).out
    table = printed.partition("Blocks of hours of which something else is left\n")[2]
    row = table.splitlines()[2].split()
    assert row == [
        *("acme-2027/block", "2027-01-01", "to", "2027-12-31"),
        *("1.50", "–", "38.50", "–"),
    ]
    before, _ = changed
    alike = run("replay", str(before), "--base", f"{before}/", "--entries", path)
    assert "something else is left" not in alike.out


def purses(folder: Path, amount: str, rate: str, tickets: str) -> None:
    """A catalogue whose client has a retainer and tickets."""
    catalogue(
        folder,
        {
            "export.yaml": EXPORT,
            "clients/globex.yaml": f"""
                format: 1
                kind: client
                name: globex
                legal_name: Globex S.p.A.
                ---
                format: 1
                kind: agreement
                name: globex-2027
                client: globex
                start: 2027-01-01
                end: 2027-12-31
                contracts:
                  - name: paid
                    type: retainer
                    excludes: {{work_types: [onsite-support]}}
                    falls_to: tickets
                    rates: [{{role: engineer, rate: {rate}}}]
                    retainers: [{{amount: {amount}, start: 2027-01-01, end: 2027-12-31}}]
                  - name: tickets
                    type: per_ticket
                    tickets:
                      - {{tickets: {tickets}, rate: 25.00, start: 2027-01-01, end: 2027-12-31}}
            """,
        },
    )


def test_what_is_left_of_retainers_and_tickets_is_told_of_both_sides(
    run: Command, tmp_path: Path
) -> None:
    purses(tmp_path / "one", "900.00", "80.00", "20")
    purses(tmp_path / "two", "950.00", "90.00", "18")
    rows = [
        ("globex", "01/03/2027", "", "2", "remote-support", "engineer", "", "T1"),
        ("globex", "02/03/2027", "", "1", "onsite-support", "engineer", "", "T2"),
    ]
    sides = tmp_path / "one", tmp_path / "two"
    path = str(written(tmp_path / "e.csv", rows))
    found = json.loads(differing(run, sides, "--entries", path, "--format", "json").out)
    assert found["purses"] == [
        {
            "contract": "globex-2027/paid",
            "currency": "EUR",
            "before": {"bought": "900.00", "drawn": "160.00", "left": "740.00"},
            "after": {"bought": "950.00", "drawn": "180.00", "left": "770.00"},
        },
        {
            "contract": "globex-2027/tickets",
            "currency": None,
            "before": {"bought": "20", "drawn": "1", "left": "19"},
            "after": {"bought": "18", "drawn": "1", "left": "17"},
        },
    ]
    printed = differing(run, sides, "--entries", path).out
    table = printed.partition("Retainers and tickets of which something else is left\n")[2]
    assert [line.split() for line in table.splitlines()[2:4]] == [
        ["globex-2027/paid", "EUR", "160.00", "180.00", "740.00", "770.00", "+30.00"],
        ["globex-2027/tickets", "tickets", "1", "1", "19", "17", "-2"],
    ]
    assert run("replay", str(sides[1]), "--base", str(sides[0]), "--entries", path).code == 0
    only = str(written(tmp_path / "only.csv", rows[1:]))
    detailed = ("--entries", only, "--detailed-exitcode")
    # No entry flips, but fewer tickets are left.
    assert run("replay", str(sides[1]), "--base", str(sides[0]), *detailed).code == 3
    assert run("replay", str(sides[0]), "--base", f"{sides[0]}/", *detailed).code == 0


def test_the_exit_code_tells_of_a_difference_where_somebody_asks(
    run: Command, changed: tuple[Path, Path], tmp_path: Path
) -> None:
    before, after = changed
    path = str(written(tmp_path / "e.csv"))
    asked = ("--entries", path, "--detailed-exitcode")
    for form in ("text", "json"):
        assert run("replay", str(after), "--base", str(before), *asked, "--format", form).code == 3
    assert run("replay", str(before), "--base", f"{before}/", *asked).code == 0
    alone = run("replay", str(after), *asked)
    assert alone.code == 2
    assert "name the one before with --base BASE" in alone.err


def test_clients_in_another_currency_are_not_added_up(
    run: Command, here: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    shutil.copytree(here, before)
    for folder, rates in ((before, ("85.00", "140.00")), (here, ("{CHF: 95.00}", "{CHF: 155.00}"))):
        for path in sorted(folder.rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            text = text.replace("rate: 85.00", f"rate: {rates[0]}")
            text = text.replace("rate: 140.00", f"rate: {rates[1]}")
            if folder == here:
                text = text.replace("currency: EUR", "currency: CHF")
            path.write_text(text, encoding="utf-8", newline="\n")
    file = written(tmp_path / "e.csv", [ROWS[2]])
    found = json.loads(
        differing(run, (before, here), "--entries", str(file), "--format", "json").out
    )
    assert [one["currency"] for one in found["totals"]] == ["CHF", "EUR"]
    assert [one["difference"]["charged"] for one in found["totals"]] == ["310.00", "-280.00"]
    assert found["largest"][0]["difference"] is None
    printed = differing(run, (before, here), "--entries", str(file)).out
    assert "unknown" in printed


def test_a_base_with_errors_is_not_replayed(
    run: Command, here: Path, gap: Path, tmp_path: Path
) -> None:
    path = str(written(tmp_path / "e.csv"))
    done = run("replay", str(here), "--base", f"{gap}/", "--entries", path)
    assert done.code == 1
    assert "before the change" in done.err


# --- the rest ------------------------------------------------------------------------------------


def test_a_catalogue_with_errors_is_not_replayed(run: Command, gap: Path, tmp_path: Path) -> None:
    done = run("replay", str(gap), "--entries", str(written(tmp_path / "e.csv")))
    assert done.code == 1
    assert "nothing is replayed while there are errors" in done.err


def test_files_must_be_named(run: Command, here: Path) -> None:
    assert "--entries FILE" in run("replay", str(here)).err


def test_without_duckdb_the_extra_is_named(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = refused(run, here, written(tmp_path / "e.csv"))
    assert "`pip install '.[replay]'`" in done.err


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_is_in_the_open(run: Command, dialect: str) -> None:
    done = run("replay", "--show-sql", "--dialect", dialect)
    assert done.code == 0
    assert "CREATE VIEW items AS" in done.out
    assert "{" not in done.out
    assert run("replay", "--show-sql", "--dialect", "oracel").code == 2


def test_the_order_of_rows_does_not_matter(run: Command, here: Path, tmp_path: Path) -> None:
    forwards = told(run, here, written(tmp_path / "a.csv"))
    backwards = told(run, here, written(tmp_path / "b.csv", ROWS[::-1]))
    for found in (forwards, backwards):
        for item in found["largest"]:
            del item["entry"]
    assert without_files(forwards) == without_files(backwards)


def test_it_runs_as_a_process_and_leaves_nothing_behind(here: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    done = process(
        *("replay", str(here), "--entries", str(written(tmp_path / "e.csv"))),
        environment={"TMPDIR": str(aside), "TEMP": str(aside), "BILLING_DSL_CACHE": "off"},
    )
    assert done.code == 0, done.err
    assert list(aside.iterdir()) == []
