"""Import templates as files: encodings, delimiters, quotes, and what is wrong where."""

from __future__ import annotations

import csv
import io
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Span
from billing_dsl.templates import Templates, shown, understand, wanted
from billing_dsl.templates.columns import Screen
from billing_dsl.templates.imports import (
    LARGEST,
    LONGEST_HEADER,
    MOST_COLUMNS,
    Encoding,
    ImportTemplate,
    header_text,
    read,
)

PATH = "templates/autotask/organizations.csv"
HEADER = '"[required] Name","[required] Phone","Città"'


def whole(content: bytes) -> ImportTemplate:
    """A template in which nothing is wrong."""
    template, faults = read(PATH, content)
    assert faults == ()
    assert template is not None
    return template


def told(content: bytes) -> tuple[str, str, int, int]:
    """The one thing that is wrong: code, message, line and column."""
    template, (fault,) = read(PATH, content)
    assert template is None
    place = fault.finding.place
    assert isinstance(place, Span)
    assert place.path == PATH
    return fault.code, fault.finding.message, place.line, place.column


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (HEADER.encode(), Encoding("utf-8")),
        (HEADER.encode("utf-8-sig"), Encoding("utf-8", b"\xef\xbb\xbf")),
        (HEADER.encode("cp1252"), Encoding("cp1252")),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), Encoding("utf-16-le", b"\xff\xfe")),
        (b"\xfe\xff" + HEADER.encode("utf-16-be"), Encoding("utf-16-be", b"\xfe\xff")),
    ],
)
def test_every_encoding_that_can_be_told(content: bytes, encoding: Encoding) -> None:
    found = whole(content)
    assert found.encoding == encoding
    assert found.header == ("[required] Name", "[required] Phone", "Città")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\r", "\r\n\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_commas_and_semicolons_with_quotes_or_without(delimiter: str, ending: str) -> None:
    for quote in ('"', ""):
        cells = [f"{quote}{cell}{quote}" for cell in ("Name", "Phone", "City")]
        found = whole((delimiter.join(cells) + ending).encode())
        assert (found.delimiter, found.header) == (delimiter, ("Name", "Phone", "City"))


def test_a_delimiter_inside_quotes_separates_nothing() -> None:
    found = whole(b'"Name","Phone","Colour, shape; size","A ""word"""')
    assert found.header == ("Name", "Phone", "Colour, shape; size", 'A "word"')
    found = whole(b"Name;Phone;Address 1;Size, in metres, roughly")
    assert found.delimiter == ";"


def test_places_of_columns() -> None:
    found = whole(b'"Name",Phone,"two\nlines",City\n')
    spans = [(s.line, s.column, s.end_line, s.end_column) for s in (c.span for c in found.columns)]
    assert spans == [(1, 1, 1, 7), (1, 8, 1, 13), (1, 14, 2, 7), (2, 8, 2, 12)]


@pytest.mark.parametrize(
    ("content", "message", "line", "column"),
    [
        (b"", "the file is empty", 1, 1),
        (b"\r\n \r\n", "the file is empty", 1, 1),
        (b'"Name","Pho', "a quote is opened here and never closed", 1, 8),
        (b'\n"Name";"Pho\nne', "a quote is opened here and never closed", 2, 8),
        (b'"Name"x,"Phone"', "text follows a closing quote", 1, 7),
        (b'"Name","Ph\none"x', "text follows a closing quote", 2, 5),
        (b"PK\x03\x04 something", "this is an Excel workbook", 1, 1),
        (b"Name\0Phone", "this is no text", 1, 1),
        (b"Name,Phone,\x81", "a byte here is neither UTF-8 nor Windows-1252", 1, 12),
        (b"Name,Phone\xe8\n,\x9d", "a byte here is neither UTF-8 nor Windows-1252", 2, 2),
        (b"\xff\xfeN\0a", "a byte here is no UTF-16-LE", 1, 2),
        (b"\xef\xbb\xbfName,\xff", "a byte here is no UTF-8", 1, 6),
        (b"\xff\xfe\0\0N\0\0\0", "its encoding is UTF-32", 1, 1),
        (b"x" * (LARGEST + 1), "the file is larger than 1 MiB", 1, 1),
        (b"Name,Phone,\x07bell", "a control character stands in its header", 1, 12),
        (b"Name,Phone" + b",x" * MOST_COLUMNS, "it has more than 500 columns here", 1, 1008),
        (b"Name,Phone," + b"x" * (LONGEST_HEADER + 1), "a header has more than 500", 1, 12),
    ],
)
def test_what_cannot_be_read_is_told_where_it_is(
    content: bytes, message: str, line: int, column: int
) -> None:
    code, found, *place = told(content)
    assert code == "BD550"
    assert message in found
    assert place == [line, column]


def test_two_columns_for_one_thing() -> None:
    code, message, line, column = told(b"Name,Phone,Notes,City,Notes")
    assert (code, line, column) == ("BD553", 1, 23)
    assert message == "the template has what stands in “Notes” twice under the same header"
    code, message, line, column = told(b"Name,Phone,Zip Code,Post Code")
    assert (code, line, column) == ("BD553", 1, 21)
    assert "“Zip Code” twice, under two headers" in message


def test_empty_headers_and_unknown_ones_alike_are_left_as_they_are() -> None:
    assert whole(b"Name,Phone,,,").header == ("Name", "Phone", "", "", "")
    assert whole(b"Name,Phone,UDF:1 Size,UDF:2 Size").labels == ("Size",)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"Colour,Shape", "BD551", "fit no import that the catalogue has rows for"),
        (b"Name\tPhone\tCity", "BD551", "fit no import"),
        (b"Name,Phone,Period Type", "BD551", "fit more than one import"),
        (b"First Name,Last Name", "BD552", "its columns are those of contacts"),
    ],
)
def test_columns_that_fit_no_screen_or_two(content: bytes, code: str, words: str) -> None:
    found, message, line, column = told(content)
    assert (found, line, column) == (code, 1, 1)
    assert words in message


def test_tabs_are_named_as_the_cause() -> None:
    _, (fault,) = read(PATH, b"Name\tPhone\tCity")
    assert "separated by tabs" in fault.finding.help


def test_rows_below_the_header_are_passed_over_and_never_shown() -> None:
    content = b'"Name","Phone"\r\n"Secret Ltd","007"\r\n'
    template, (fault,) = read(PATH, content)
    assert template is not None
    assert template.header == ("Name", "Phone")
    assert fault.code == "BD559"
    assert fault.finding.place == Span(PATH, 1, 1, 1, 15)
    assert shown(PATH, content) == b'"Name","Phone"'
    assert b"Secret" not in header_text(b'"Name","Pho\nSecret')


CELLS = st.text(st.sampled_from('abÈ ",;\n\r.[]:'), max_size=8)


@given(
    st.lists(CELLS, min_size=1, max_size=6),
    st.sampled_from(",;"),
    st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
def test_a_header_is_read_as_the_csv_module_reads_it(
    cells: list[str], delimiter: str, quoting: Literal[0, 1]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerow(["Name", "Phone", *cells])
    text = written.getvalue()
    [expected] = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    template, faults = read(PATH, text.encode())
    if template is not None:
        assert template.delimiter == delimiter or delimiter not in text
        assert list(template.header) == expected
        assert faults == ()
    else:
        assert {fault.code for fault in faults} <= {"BD551", "BD553"}


@given(st.binary(max_size=60))
def test_whatever_a_file_holds_it_is_a_template_or_a_finding(content: bytes) -> None:
    template, faults = read(PATH, content)
    assert template is not None or faults
    header_text(content)


# --- several files -------------------------------------------------------------------------------


def codes(found: Templates) -> list[tuple[str, str]]:
    places = [fault.finding.place for fault in found.faults]
    return [(fault.code, place.path) for fault, place in zip(found.faults, places, strict=True)]


def test_what_a_file_is_for_is_told_by_its_columns_not_by_its_name() -> None:
    found = understand(
        {
            "templates/autotask/a.csv": b"Name,Period Type",
            "templates/autotask/services.csv": b"Name,Phone",
        }
    )
    assert {screen: one.path for screen, one in found.imports.items()} == {
        Screen.SERVICES: "templates/autotask/a.csv",
        Screen.ORGANIZATIONS: "templates/autotask/services.csv",
    }
    assert found.faults == ()


def test_two_templates_for_one_import() -> None:
    found = understand(
        {"templates/autotask/a.csv": b"Name,Phone", "templates/autotask/b.csv": b"Name,Phone,City"}
    )
    assert codes(found) == [("BD553", "templates/autotask/b.csv")]
    [fault] = found.faults
    assert fault.finding.related[0].place == Span("templates/autotask/a.csv", 1, 1, 1, 11)


def test_files_that_are_no_templates_are_told_of() -> None:
    paths = {
        "templates/autotask/.DS_Store": "BD559",
        "templates/autotask/~$organizations.csv": "BD559",
        "templates/autotask/Thumbs.db": "BD559",
        "templates/autotask/organizations.xlsx": "BD552",
        "templates/organizations.csv": "BD552",
        "templates/autotask/old/organizations.csv": "BD552",
        "templates/README.md": "",
    }
    assert not any(map(wanted, paths))
    assert wanted("templates/autotask/ORGANIZATIONS.CSV")
    found = understand(dict.fromkeys(paths))
    assert codes(found) == sorted(
        ((code, path) for path, code in paths.items() if code), key=lambda one: one[1]
    )


def test_a_heap_of_files_is_told_in_few_words() -> None:
    found = understand({f"templates/old/{number:03}.csv": None for number in range(100)})
    assert len(found.faults) == 21
    assert found.faults[-1].finding.message == "80 more files among the templates are not used"


def test_a_name_that_is_no_text_is_shown_escaped() -> None:
    found = understand({"templates/autotask/\udcff.csv": b"Name,Phone", "templates/\udcff": None})
    assert found.imports[Screen.ORGANIZATIONS].path == "templates/autotask/\\udcff.csv"
    assert codes(found) == [("BD552", "templates/\\udcff")]


def test_the_key_stands_for_every_byte_and_every_name() -> None:
    keys = {
        understand(files).key
        for files in (
            {},
            {"templates/autotask/a.csv": b"Name,Phone"},
            {"templates/autotask/b.csv": b"Name,Phone"},
            {"templates/autotask/a.csv": b"Name,Phone "},
            {"templates/autotask/a.csv": None},
        )
    }
    assert len(keys) == 5
    assert understand({}).key == ""
