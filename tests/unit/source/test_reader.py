from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Label, Span
from billing_dsl.source import plain, reader
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.faults import MOST_FAULTS, judged, undecodable
from billing_dsl.source.pages import PAGES
from billing_dsl.source.reader import CODES, DEEPEST, MOST_DOCUMENTS, MOST_NODES, outlines, read
from billing_dsl.source.text import LARGEST, Undecodable, decoded, screened
from tests.unit.source.samples import AGREEMENT, FILES, faults, written

PATH = "clients/acme.yaml"


def documents(text: str | bytes) -> list[dict[str, Any]]:
    """The values of a text without faults."""
    source = text if isinstance(text, bytes) else text.encode()
    found, broken, wrong = read(PATH, source)
    assert (broken, wrong) == ((), ())
    assert [document.index for document in found] == list(range(len(found)))
    return [document.value for document in found]


def carefully(text: bytes, *, pure: bool = False) -> Any:
    """What the careful reading alone makes of a text."""
    found = decoded(text)
    if isinstance(found, Undecodable):
        return undecodable(PATH, text, found)
    whole = screened(PATH, found)
    return judged(whole, tuple(outlines(whole, pure=pure)))


# --- what is read


def test_values_are_plain() -> None:
    (value,) = documents(AGREEMENT)
    assert value["number"] == "A-00017"
    assert value["start"] == "2027-01-01"
    assert value["renewal"] == {"automatic": True, "extend_by": "12 months", "notice": "90 days"}
    assert value["services"]["silver-seat"] == 45
    assert value["services"]["mail-filter"][1] == {
        "from": "2027-07-01",
        "units": 25,
        "price": Decimal("3.10"),
    }
    assert value["rates"] == []
    assert value["exceptions"] == [
        {"work_type": "new-installation", "goes_to": "block", "until": None}
    ]
    assert value["notes"] == "The client pays within thirty days.\n\nCopies go to the parent.\n"
    assert list(value)[:3] == ["format", "kind", "name"]


def test_no_number_becomes_a_float() -> None:
    (value,) = documents("a: 1\nb: -2\nc: 0.10\nd: [1.5, 0]\n")
    assert value == {"a": 1, "b": -2, "c": Decimal("0.10"), "d": [Decimal("1.5"), 0]}
    assert str(value["c"]) == "0.10"


def test_quoted_text_is_text() -> None:
    (value,) = documents("a: 'no'\nb: \"17:30\"\nc: '010'\nd: ''\n'1': \"\\n\\u00e9\"\n\"e\": x\n")
    assert value == {"a": "no", "b": "17:30", "c": "010", "d": "", "1": "\né", "e": "x"}


def test_a_key_is_always_text() -> None:
    (value,) = documents("given: {client: acme, on: 2027-03-01}\nno: 1\ntrue: 2\n24-7: 3\n")
    assert value == {"given": {"client": "acme", "on": "2027-03-01"}, "no": 1, "true": 2, "24-7": 3}


def test_a_key_used_everywhere_is_one_object() -> None:
    one, two = documents("work_type: a\n---\nwork_type: b\n")
    assert next(iter(one)) is next(iter(two))


def test_a_file_holds_several_documents() -> None:
    assert documents("# first\n---\na: 1\n--- # second\nb: 2\n---\n{c: 3}\n...\n") == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_mark_at_the_start_change_nothing(end: str, mark: bytes) -> None:
    text = mark + AGREEMENT.replace(b"\n", end.encode())
    assert documents(text) == documents(AGREEMENT)


def test_a_long_text_does_not_depend_on_the_end_of_the_file() -> None:
    assert documents("a: |\n  x") == documents("a: |\n  x\n") == [{"a": "x\n"}]


@pytest.mark.parametrize(
    "text",
    [
        'a: "x\u00a0y"\n',
        "a: 'x\u2009y'\n",
        "a: \u0645\u06cc\u200c\u062e\u0648\n",
        'a: "\u0645\\u200c\u062e"\n',
        "a: why?\n",
        "a: [why] # &x !y\n",
        "a:\n- b # ! no tag\n",
        "a: {b: c, d: {}}\n...\n",
        "cafe\u0301: 1\n",
        '"caf\u00e9": 1\n',
        "a: x - !y\n",
        "a: b#|#\n",
        "a: 'x - &y'\n",
        "? a\n: b\n",
        "'a b': \"\\u00a0\"\n",
    ],
)
def test_odd_and_right(text: str) -> None:
    (value,) = documents(text)
    assert value == yaml.safe_load(text)


def test_the_good_path_builds_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "outlines", None)
    assert len(documents(AGREEMENT)) == 1


@pytest.mark.parametrize("known", [0, 1])
def test_what_is_remembered_is_bounded(known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST_KNOWN", known)
    values, keys = plain.Meanings(), plain.Keys()
    for text in ("a", "b", "12", "x" * 100):
        assert str(values[text]) == text
        assert keys.get(text) is None
    assert values["12"] == 12
    assert len(values) == 1
    assert [keys[text] for text in ("a", "b", "y" * 100)] == ["a", "b", "y" * 100]
    assert list(keys) == ["b"]


# --- what is not read: each row of the threats


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", ["BD002 3:1-3:2 key `a` is written twice"]),
        ("x: {a: 1, 'a': 2}\n", ["BD002 1:11-1:14 key `a` is written twice"]),
        (
            "a: 1\na: 2\na: 3\n",
            [
                "BD002 2:1-2:2 key `a` is written twice",
                "BD002 3:1-3:2 key `a` is written twice",
            ],
        ),
        (
            "cafe\u0301: 1\ncaf\u00e9: 2\n",
            [
                (
                    "BD002 2:1-2:5 key `café` is written twice, with code points that "
                    "differ and look "
                    "alike"
                )
            ],
        ),
        (
            "format: 1\nkind: role\nname: a\nformat: 1\nkind: role\nname: b\n",
            ["BD002 4:1-4:7 keys `format`, `kind`, `name` are written twice in one document"],
        ),
        ("format: 1\nformat: 1\n", ["BD002 2:1-2:7 key `format` is written twice"]),
        ("a: no\n", ["BD003 1:4-1:6 `no` means false to some YAML readers and text to others"]),
        (
            "a: [17:30, 010]\n",
            [
                "BD003 1:5-1:10 `17:30` is a number to some YAML readers and text to others",
                "BD003 1:12-1:15 expected a number like `40` or `8.50`, found `010`",
            ],
        ),
        ("a: *b\n", ["BD004 1:4-1:6 alias `*b` stands where the value itself is expected"]),
        ("*b : 1\n", ["BD004 1:1-1:3 alias `*b` stands where the value itself is expected"]),
        ("a: &b 1\n", ["BD004 1:4-1:6 anchor `&b` stands where the value itself is expected"]),
        ("&b a: 1\n", ["BD004 1:1-1:3 anchor `&b` stands where the value itself is expected"]),
        (
            "a: &b\n  c: 1\n",
            ["BD004 1:4-1:6 anchor `&b` stands where the value itself is expected"],
        ),
        (
            "a: &b [*b]\n",
            [
                "BD004 1:4-1:6 anchor `&b` stands where the value itself is expected",
                "BD004 1:8-1:10 alias `*b` stands where the value itself is expected",
            ],
        ),
        (
            "a: {<<: {b: 1}}\n",
            ["BD004 1:5-1:7 a merge key `<<` stands where a key of the language is expected"],
        ),
        ("a: !!int 3\n", ["BD005 1:4-1:9 tag `!!int` stands where the value itself is expected"]),
        ("a: ! 3\n", ["BD005 1:4-1:5 tag `!` stands where the value itself is expected"]),
        ("a: [!!x ]\n", ["BD005 1:5-1:8 tag `!!x` stands where the value itself is expected"]),
        ("!x a: 1\n", ["BD005 1:1-1:3 tag `!x` stands where the value itself is expected"]),
        (
            "a: !!python/object/apply:os.system ['true']\n",
            [
                (
                    "BD005 1:4-1:35 tag `!!python/object/apply:os.system` stands where the value "
                    "itself is expected"
                )
            ],
        ),
        (
            "a: !<tag:yaml.org,2002:str> b\n",
            [
                (
                    "BD005 1:4-1:28 tag `!<tag:yaml.org,2002:str>` stands where the value "
                    "itself is expected"
                )
            ],
        ),
        (
            "a: &b !!set {c: 1}\n",
            [
                "BD004 1:4-1:6 anchor `&b` stands where the value itself is expected",
                "BD005 1:7-1:12 tag `!!set` stands where the value itself is expected",
            ],
        ),
        ("1: x\n", ["BD006 1:1-1:2 expected text as a key, found `1`"]),
        ("2027-01-01: x\n", ["BD006 1:1-1:11 expected text as a key, found `2027-01-01`"]),
        ("[a]: b\n", ["BD006 1:1-1:4 expected text as a key, found a list"]),
        ("? [a]\n: b\n", ["BD006 1:3-1:6 expected text as a key, found a list"]),
        ("? {a: 1}\n: b\n", ["BD006 1:3-1:9 expected text as a key, found a mapping"]),
        (
            "? [no, {on: off}]\n: b\n",
            [
                "BD006 1:3-1:18 expected text as a key, found a list",
                "BD003 1:4-1:6 `no` means false to some YAML readers and text to others",
                "BD003 1:13-1:16 `off` means false to some YAML readers and text to others",
            ],
        ),
        (
            "? |\n  a\n: b\n",
            ["BD006 1:3-2:4 expected a line of text as a key, found several lines"],
        ),
        ("'': b\n", ["BD006 1:1-1:3 expected a line of text as a key, found nothing"]),
        ("?\n: b\n", ["BD006 1:2-1:2 a key is missing before the `:`"]),
        ("a:\t1\n", ["BD007 1:3-1:4 a tab stands where only spaces are read"]),
        (
            "a:\t1\n\tb:\t2\n",
            ["BD007 1:3-1:4 a tab stands where only spaces are read; there are 3 of them"],
        ),
        ("a: 1\rb: 2\n", ["BD007 1:5-1:5 a carriage return without a line feed"]),
        ("a: x\x00y\n", ["BD007 1:5-1:6 the file holds U+0000 (NUL)"]),
        ("a: x\x7fy\n", ["BD007 1:5-1:6 the file holds U+007F (delete)"]),
        ("a: x\x85y\n", ["BD007 1:5-1:6 the file holds U+0085"]),
        ("a: 1\u2028b: 2\n", ["BD007 1:5-1:6 the file holds U+2028 (line separator)"]),
        ("a: 1\n\ufeffb: 2\n", ["BD007 2:1-2:2 the file holds U+FEFF (zero width no-break space)"]),
        ("\ufeff\ufeffa: 1\n", ["BD007 1:1-1:2 the file holds U+FEFF (zero width no-break space)"]),
        (
            b"a: caf\xe9\n",
            ["BD007 1:7-1:8 expected UTF-8, found the byte 0xE9, which is `é` in Windows-1252"],
        ),
        ("a: 1\n".encode("utf-16"), ["BD007 1:1-1:2 expected UTF-8, found UTF-16"]),
        ("a: 1\n".encode("utf-32"), ["BD007 1:1-1:2 expected UTF-8, found UTF-32"]),
        ("", ["BD009 1:1-1:1 the file is empty"]),
        (" \n\n", ["BD009 1:1-1:1 the file is empty"]),
        ("# to come\n", ["BD009 1:1-1:1 the file holds comments alone"]),
        ("a: 1\n---\n", ["BD009 2:1-2:4 nothing follows this line `---`"]),
        ("---\n---\na: 1\n", ["BD009 1:1-1:4 nothing follows this line `---`"]),
        (
            "- a\n- b\n",
            ["BD009 1:1-1:4 expected a document with keys such as `kind` and `name`, found a list"],
        ),
        (
            "kind:role\nname:a\n",
            ["BD009 1:1-1:10 expected a document with keys such as `kind` and `name`, found text"],
        ),
        (
            "a: [?]]\n",
            [
                "BD006 1:6-1:6 a key is missing before the `:`",
                "BD001 1:7-1:8 expected the end of the line, found `]` after a complete value",
            ],
        ),
        ("*a\n", ["BD004 1:1-1:3 alias `*a` stands where the value itself is expected"]),
        ("a\u00a0: 1\n", ["BD010 1:2-1:3 U+00A0 (no-break space) stands outside of quotes"]),
        (
            "a: 1\n\u00a0\u00a0b: 1\n",
            [
                (
                    "BD010 2:1-2:2 U+00A0 (no-break space) stands where a common space is needed; "
                    "there are 2 of them"
                ),
            ],
        ),
        (
            "country:\u00a0IT\nname: x\n",
            ["BD010 1:9-1:10 U+00A0 (no-break space) stands where a common space is needed"],
        ),
        (
            "name: x\ncountry:\u202f\u202fIT\n",
            [
                (
                    "BD010 2:9-2:10 U+202F (narrow no-break space) stands where a common space is "
                    "needed; there are 2 of them"
                ),
            ],
        ),
        (
            "a:\n  -\u00a0{b: 1}\nd: x\u00a0y\n",
            [
                "BD010 2:4-2:5 U+00A0 (no-break space) stands where a common space is needed",
                "BD010 3:5-3:6 U+00A0 (no-break space) stands outside of quotes",
            ],
        ),
        (
            'a: 1\nfoo "b:\u00a0c"\nb: 1\n',
            ['BD001 2:1-2:11 expected `key: value`, found `foo "b: c"`'],
        ),
        ("a: 1 #\u2003\n", ["BD010 1:7-1:8 U+2003 (em space) stands outside of quotes"]),
        (
            "a: 'x\u00a0' #\u00a0\nb: \u00a0\n",
            [
                (
                    "BD010 1:10-1:11 U+00A0 (no-break space) stands outside of quotes; "
                    "there are 2 of "
                    "them"
                )
            ],
        ),
        ("a: 'x\u00a0y\nb: 1\n", ["BD001 1:4-1:5 a text in quotes is not closed"]),
        (
            "a: x\u200by\n",
            ["BD010 1:5-1:6 a text holds U+200B (zero width space), which nobody sees"],
        ),
        (
            "a: 1 # \u202e\n",
            ["BD010 1:8-1:9 a text holds U+202E (right-to-left override), which nobody sees"],
        ),
        ("a: x\u3164\n", ["BD010 1:5-1:6 a text holds U+3164 (hangul filler), which nobody sees"]),
        ("a: \ue000\n", ["BD010 1:4-1:5 a text holds U+E000, which nobody sees"]),
        ("a: \uffff\n", ["BD010 1:4-1:5 a text holds U+FFFF, which nobody sees"]),
        (
            'a: "x\\u202ey"\n',
            ["BD010 1:4-1:14 a text holds U+202E (right-to-left override), which nobody sees"],
        ),
        ('a: "\\x00"\n', ["BD010 1:4-1:10 a text holds U+0000 (NUL), which nobody sees"]),
        ('a: "\\t"\n', ["BD010 1:4-1:8 a text holds U+0009 (tab), which nobody sees"]),
        ('a: "\\e[2J"\n', ["BD010 1:4-1:11 a text holds U+001B (escape), which nobody sees"]),
        (
            'a: "é\\u3164"\n',
            ["BD010 1:4-1:13 a text holds U+3164 (hangul filler), which nobody sees"],
        ),
        (
            '"\\u200b": 1\n',
            ["BD010 1:1-1:9 a text holds U+200B (zero width space), which nobody sees"],
        ),
        ('a: "\\ud800"\n', ["BD010 1:4-1:12 a text holds U+D800, which nobody sees"]),
    ],
)
def test_each_fault_is_found_at_its_place(text: str | bytes, found: list[str]) -> None:
    assert faults(text) == found
    path_and_more = read(PATH, text if isinstance(text, bytes) else text.encode(), pure=True)
    assert path_and_more == read(PATH, text if isinstance(text, bytes) else text.encode())


def test_both_places_of_a_key_are_told() -> None:
    (fault,) = read(PATH, b"a: 1\nb: 2\na: 3\n")[2]
    assert fault.finding.label == "written again here"
    assert fault.finding.related == (Label(Span(PATH, 1, 1, 1, 2), "first written here"),)


def test_a_missing_line_between_documents_is_one_fault() -> None:
    text = b"kind: role\nname: a\nrate: 1\nkind: role\nname: b\nrate: 2\n"
    (fault,) = read(PATH, text)[2]
    assert fault.finding.help == "put a line `---` before each document but the first"
    assert fault.finding.label == "a second document seems to begin here"


def test_a_space_that_lacks_after_each_colon_is_told() -> None:
    (fault,) = read(PATH, b"kind:role\nname:engineer\n")[2]
    assert fault.finding.help == "put a space after each `:`"
    (fault,) = read(PATH, b"hello\n")[2]
    assert fault.finding.help == "begin with `format: 1`, `kind:` and `name:`"


def test_further_places_of_a_hidden_character_are_shown() -> None:
    (fault,) = read(PATH, b"a:\t1\n" * 1 + b"\t# x\n" * 9)[2]
    assert fault.finding.message.endswith("; there are 10 of them")
    assert [label.message for label in fault.finding.related] == ["and here"] * 4
    places = [label.place for label in fault.finding.related]
    assert places == [Span(PATH, line, 1, line, 2) for line in (2, 3, 4, 5)]


def test_a_hidden_character_that_breaks_a_line_is_the_only_fault() -> None:
    assert [said[:5] for said in faults("a: b\n\tc: d\n")] == ["BD007"]
    far = "a:\t1\nb: 2\nc: 3\n" + "  d: 4\n"
    assert [said[:5] for said in faults(far)] == ["BD007", "BD001"]


def test_every_fault_of_a_file_is_told_in_one_run() -> None:
    text = "a: no\nb: &x 1\nb: 010\n---\nc: [\n---\nd: !!int 1\n---\n1: on\ne: *x\n"
    assert [said[:9] for said in faults(text)] == [
        "BD003 1:4",
        "BD004 2:4",
        "BD002 3:1",
        "BD003 3:4",
        "BD001 5:4",
        "BD005 7:4",
        "BD006 9:1",
        "BD003 9:4",
        "BD004 10:",
    ]


def test_what_was_read_before_the_text_breaks_is_judged() -> None:
    assert [said[:9] for said in faults("a: no\nb: *x\nc: [1\n")] == [
        "BD003 1:4",
        "BD004 2:4",
        "BD001 3:4",
    ]
    assert [said[:9] for said in faults("a: {b: no, c: [d\n")] == ["BD003 1:8", "BD001 1:1"]


def test_after_so_many_faults_the_rest_is_counted() -> None:
    text = "a:\n" + "- no\n" * (MOST_FAULTS + 17)
    found = faults(text)
    assert len(found) == MOST_FAULTS + 1
    assert found[-2] == "BD003 101:3-101:5 `no` means false to some YAML readers and text to others"
    assert found[-1] == "BD003 102:3-102:5 17 more faults of this file are not shown"
    assert len(faults("a:\n" + "- no\n" * MOST_FAULTS)) == MOST_FAULTS


def test_faults_come_in_the_order_of_their_places() -> None:
    text = "b: x\u200by\na: no\na: x\u200by\n"
    assert [said[:9] for said in faults(text)] == ["BD010 1:5", "BD003 2:4", "BD002 3:1"]


# --- what stays of a broken document


@pytest.mark.parametrize(
    ("text", "remains"),
    [
        ("kind: role\nname: engineer\nrate: 010\n", [("role", "engineer")]),
        ("{kind: role, name: engineer, rate: 010}\n", [("role", "engineer")]),
        ("kind: role\nrate: [\nname: engineer\n", [("role", "engineer")]),
        ("rate: [\nkind: 'role' # x\nname: \"engineer\"\r\n", [("role", "engineer")]),
        ("kind: role\n  name: engineer\nname: a\n", [("", "a")]),
        ("kind: role\nname: a\nkind: role\nname: b\n", [("role", "")]),
        ("kind: role\nname: no\n", [("role", "no")]),
        ("kind: role\nname: [a]\nrate: 010\n", [("role", "")]),
        ("kind: role\nname: en\u200bgineer\n", [("role", "")]),
        ("kind:\trole\nname: engineer\t\n", [("role", "engineer")]),
        ("kind: tier\nname: silver\nversion: 2\nscope: *x\n", [("tier", "silver@2")]),
        ("kind: tier\nname: silver\nscope: *x\n", [("tier", "silver@1")]),
        ("kind: tier\nname: silver\nversion: 2\nversion: 3\n", [("tier", "")]),
        ("version: 2\nscope: [\nkind: tier\nname: silver\n", [("tier", "silver@2")]),
        ("kind: tier\nversion: 2\nscope: *x\n", [("tier", "")]),
        ("", [("", "")]),
        ("- kind: role\n", [("", "")]),
        ("kind: role", []),
    ],
)
def test_kind_and_name_stay_where_the_text_shows_them(
    text: str, remains: list[tuple[str, str]]
) -> None:
    broken = read(PATH, text.encode())[1]
    assert [(found.kind, found.name) for found in broken] == remains


def test_a_broken_document_hides_no_other() -> None:
    text = b"a: 1\n---\nkind: role\nname: x\nb: 'open\n---\nc: 3\n---\nd: [\n---\ne: 5\n"
    found, broken, wrong = read(PATH, text)
    assert found == (
        Document(PATH, 0, {"a": 1}),
        Document(PATH, 2, {"c": 3}),
        Document(PATH, 4, {"e": 5}),
    )
    assert broken == (Broken(PATH, 1, "role", "x"), Broken(PATH, 3))
    assert [fault.code for fault in wrong] == ["BD001", "BD001"]


def test_the_documents_of_a_file_in_another_encoding_keep_their_names() -> None:
    text = "kind: role\nname: a\n---\nkind: client\nname: b\nlegal_name: Città\n"
    for encoding in ("utf-16", "utf-16-le", "utf-32", "cp1252"):
        found, broken, wrong = read(PATH, text.encode(encoding))
        assert found == ()
        assert broken == (Broken(PATH, 0, "role", "a"), Broken(PATH, 1, "client", "b"))
        assert [fault.code for fault in wrong] == ["BD007"]


# --- limits


def nested(levels: int) -> str:
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1) + "\n"


def test_depth_has_a_limit() -> None:
    assert len(documents(nested(DEEPEST))) == 1
    assert faults(nested(DEEPEST + 1)) == [
        "BD008 1:35-1:36 lists and mappings stand inside each other more than 32 deep"
    ]
    deep = "".join("  " * level + "a:\n" for level in range(DEEPEST + 1))
    assert faults(deep) == [
        "BD008 33:65-33:66 lists and mappings stand inside each other more than 32 deep"
    ]
    assert faults(nested(99) + "---\nb: no\n")[1][:9] == "BD003 3:4"


def test_the_number_of_values_has_a_limit() -> None:
    items = "- x\n" * (MOST_NODES - 3)
    assert len(documents("a:\n" + items)) == 1
    found = faults("a:\n" + items + "- y\n---\nb: 1\n")
    line = MOST_NODES - 1
    assert found == [f"BD008 {line}:3-{line}:4 the file has more than 50,000 keys and values"]
    _, broken, _ = read(PATH, f"a:\n{items}- y\n---\nkind: role\nname: z\n".encode())
    assert broken == (Broken(PATH, 0), Broken(PATH, 1, "role", "z"))


def test_the_values_of_all_documents_count() -> None:
    half = "a:\n" + "- x\n" * (MOST_NODES // 2)
    found, broken, wrong = read(PATH, f"{half}---\n{half}---\nname: z\n---\n".encode())
    assert [document.index for document in found] == [0]
    assert [remains.index for remains in broken] == [1, 2, 3]
    assert [fault.code for fault in wrong] == ["BD008"]


def test_the_number_of_documents_has_a_limit() -> None:
    text = "---\na: 1\n" * MOST_DOCUMENTS
    assert len(documents(text)) == MOST_DOCUMENTS
    found, broken, wrong = read(PATH, (text + "---\na: 1\n---\na: no\n").encode())
    assert len(found) == MOST_DOCUMENTS
    assert [remains.index for remains in broken] == [MOST_DOCUMENTS, MOST_DOCUMENTS + 1]
    assert [fault.finding.message for fault in wrong] == ["the file has more than 5,000 documents"]


def test_size_has_a_limit() -> None:
    text = b"kind: role\nname: a\n---\nkind: client\nname: b\nnotes: '"
    text += b"x" * (LARGEST - len(text) - 2) + b"'\n"
    assert len(text) == LARGEST
    assert len(documents(text)) == 2
    found, broken, wrong = read(PATH, text + b"\n")
    assert found == ()
    assert broken == (Broken(PATH, 0, "role", "a"), Broken(PATH, 1, "client", "b"), Broken(PATH, 1))
    (fault,) = wrong
    assert fault.code == "BD008"
    assert fault.finding.place == Span(PATH, 1, 1, 1, 1)
    assert fault.finding.message == "the file has more than 1,048,576 bytes, which no file may have"


BOMBS = {
    "aliases": "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)),
    "merge keys": "a: &a0 {x: 1}\n"
    + "".join(f"b{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 30)),
    "an anchor inside itself": "a: &a [*a]\n",
    "25,000 brackets": "[" * 25_000,
    "25,000 braces": "{a: " * 25_000,
    "25,000 dashes": "- " * 25_000,
    "brackets on lines": "[\n" * 500_000,
    "a scalar of 1 MiB": "a: " + "x" * (LARGEST - 3),
    "quotes of 1 MiB": "a: '" + "x\n" * (LARGEST // 2 - 2),
    "escapes of 1 MiB": 'a: "' + "\\n" * (LARGEST // 2 - 3) + '"',
    "digits of 1 MiB": "a: " + "1" * (LARGEST - 3),
    "tabs of 1 MiB": "\t" * LARGEST,
    "NULs of 1 MiB": "\0" * LARGEST,
    "100,000 keys": "".join(f"k{n}: 1\n" for n in range(100_000)),
    "one key 100,000 times": "k: 1\n" * 100_000,
    "100,000 tags": "- !!int 1\n" * 100_000,
    "170,000 broken documents": "]\n---\n" * (LARGEST // 6),
    "260,000 empty documents": "---\n" * (LARGEST // 4),
}
DEFUSE = """
import sys
from billing_dsl.diagnostics import Place
from billing_dsl.source.places import locate
from billing_dsl.source.reader import read
text = sys.stdin.buffer.read()
found = [read("a.yaml", text, pure=pure) for pure in (False, True)]
assert found[0] == found[1]
locate(text, Place("a.yaml", 0, ("a", 0)))
print(",".join(sorted({fault.code for fault in found[0][2]})))
if sys.platform == "linux":  # what getrusage tells begins with the memory of whoever began us
    status = open("/proc/self/status").read().split("VmHWM:")[1]
    assert int(status.split()[0]) < 400 << 10, status
"""


def large(bomb: str, codes: str) -> Any:
    """A bomb that takes seconds, because all of it has to be looked at."""
    return pytest.param(bomb, codes, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("bomb", "codes"),
    [
        ("aliases", "BD004"),
        ("merge keys", "BD004"),
        ("an anchor inside itself", "BD004"),
        ("25,000 brackets", "BD008"),
        ("25,000 braces", "BD008"),
        ("25,000 dashes", "BD008"),
        ("brackets on lines", "BD008"),
        ("a scalar of 1 MiB", ""),
        large("100,000 keys", "BD008"),
        large("quotes of 1 MiB", "BD001"),
        large("escapes of 1 MiB", ""),
        large("digits of 1 MiB", "BD003"),
        large("tabs of 1 MiB", "BD007"),
        large("NULs of 1 MiB", "BD007"),
        large("one key 100,000 times", "BD002"),
        large("100,000 tags", "BD005"),
        large("170,000 broken documents", "BD001"),
        large("260,000 empty documents", "BD009"),
    ],
)
def test_bombs_are_defused(bomb: str, codes: str) -> None:
    # In a process of its own: what takes down the interpreter would take pytest with it.
    ran = subprocess.run(
        [sys.executable, "-c", DEFUSE],
        input=BOMBS[bomb].encode(),
        capture_output=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert (ran.returncode, ran.stderr.decode()) == (0, "")
    assert ran.stdout.decode().strip() == codes


# --- both loaders, always, whatever comes


def test_without_libyaml_all_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader._parser(False) is yaml.CSafeLoader
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    reader._parser.cache_clear()
    try:
        assert reader._parser(False) is yaml.SafeLoader
        assert len(documents(AGREEMENT)) == 1
    finally:
        monkeypatch.undo()
        reader._parser.cache_clear()


@given(FILES)
def test_nothing_raises_and_both_loaders_agree(text: bytes) -> None:
    found = read(PATH, text)
    assert found == read(PATH, text, pure=True)
    read_in_order, broken, wrong = found
    assert sorted([d.index for d in read_in_order] + [b.index for b in broken]) == list(
        range(len(read_in_order) + len(broken))
    )
    assert bool(broken) == bool(wrong)
    assert {fault.code for fault in wrong} <= set(CODES)


@given(FILES)
def test_both_readings_agree(text: bytes) -> None:
    assert read(PATH, text) == carefully(text) == carefully(text, pure=True)


def test_the_result_does_not_depend_on_hashing() -> None:
    script = (
        "import sys; from billing_dsl.source.reader import read; "
        "print(read('a', sys.argv[1].encode()))"
    )
    text = "kind: a\nname: b\nname: c\na:\tb\u200b\n---\nx: [\nkind: y\n---\nd: 1\n"
    printed = {
        subprocess.run(
            [sys.executable, "-c", script, text],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1


@given(FILES)
def test_reading_twice_gives_the_same(text: bytes) -> None:
    assert repr(read(PATH, text)) == repr(read(PATH, text))


def is_plain(value: Any) -> bool:
    """Whether a value is made of plain things alone, without a character that nobody sees."""
    match value:
        case dict():
            return all(type(key) is str and key and is_plain(held) for key, held in value.items())
        case list():
            return all(map(is_plain, value))
        case str():
            return not any(ord(char) < 32 and char != "\n" for char in value)
        case _:
            return value is None or type(value) in (bool, int, Decimal)


@given(FILES)
def test_values_are_plain_whatever_comes(text: bytes) -> None:
    for document in read(PATH, text)[0]:
        assert type(document.value) is dict
        assert is_plain(document.value)


KEYS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.booleans())
def test_what_is_written_out_is_read_back_or_refused(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow).encode()
    found, _, wrong = read(PATH, text)
    assert [document.value for document in found] == ([] if wrong else [value])


def test_the_codes_are_those_of_the_pages() -> None:
    assert tuple(page.code for page in PAGES) == CODES
    assert [f"BD{number:03}" for number in range(1, 11)] == list(CODES)


COMMA = "between brackets a comma begins the next field"


@pytest.mark.parametrize(
    ("text", "found", "cure"),
    [
        ("a: {b: x, rate: 55,00, c: d}\n", "1:17-1:22 ~ `55,00`", "write `55.00`"),
        ("a: {b: 3,000.00}\n", "1:8-1:16 ~ `3,000.00`", "write `3000.00`"),
        ("a: {b: 3,000,000.00}\n", "1:8-1:20 ~ `3,000,000.00`", "write `3000000.00`"),
        ("a: {b: 1.000,50}\n", "1:8-1:16 ~ `1.000,50`", "write `1000.50`"),
        ("a: {b: -3,000}\n", "1:8-1:14 ~ `-3,000`", "write `-3000` or `-3.000`"),
        ("a: {b: 55, 00}\n", "1:8-1:14 ~ `55, 00`", "write `55.00`"),
        ("a: {b: 55,00 EUR}\n", "1:8-1:17 ~ `55,00 EUR`", "write `55.00`"),
        ("a: {b: €55,00, c: d}\n", "1:8-1:14 ~ `€55,00`", "write `55.00`"),
        ("a: {b: CHF 55,00}\n", "1:8-1:17 ~ `CHF 55,00`", "write `55.00`"),
        ("a: {b: 1,2,3}\n", "1:8-1:13 ~ `1,2,3`", "write the number without commas"),
    ],
)
def test_a_number_with_a_comma_between_brackets_is_one_fault(
    text: str, found: str, cure: str
) -> None:
    (fault,) = read("a.yaml", text.encode())[2]
    expected = "expected a number like `40` or `8.50`, found"
    assert written(fault) == f"BD003 {found.replace('~', expected)}"
    assert (fault.finding.help, fault.finding.label) == (cure, COMMA)


def test_two_such_numbers_are_two_faults_and_the_keys_beside_them_are_read() -> None:
    assert faults("a: {b: 1,5, c: 2,5, c: 3, d}\n") == [
        "BD003 1:8-1:11 expected a number like `40` or `8.50`, found `1,5`",
        "BD003 1:16-1:19 expected a number like `40` or `8.50`, found `2,5`",
        "BD002 1:21-1:22 key `c` is written twice",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: x, 00}\n",  # after a text
        "a: {00, b: 1}\n",  # after nothing
        "a: {b: '55',00}\n",  # after a number in quotes
        "a: {b: 55,\n  00}\n",  # on another line
        "a: {b: 55,00: 1}\n",  # with a value of its own
        "a: {b: 55,'00'}\n",  # in quotes
    ],
)
def test_other_numbers_are_keys(text: str) -> None:
    assert all(not said.startswith("BD003") for said in faults(text))


def test_a_key_that_ends_like_an_amount_is_read_carefully_and_kept() -> None:
    (document,), _, found = read("a.yaml", b"a: {b: x, 00 EUR: 1}\n")
    assert (document.value, found) == ({"a": {"b": "x", "00 EUR": 1}}, ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "a: “x”\n",
            "BD003 1:4-1:7 the quotes around `x` are curly, and so would become part of it",
        ),
        (
            "a: “x: y”\n",
            "BD003 1:4-1:6 a curly quote `“` begins this text, and nothing closes it",
        ),
        (
            "a: {b: “x, y”}\n",
            "BD003 1:8-1:10 a curly quote `“` begins this text, and nothing closes it",
        ),
        (
            "a: {b: “x: y”}\n",
            "BD003 1:8-1:10 a curly quote `“` begins this text, and nothing closes it",
        ),
    ],
)
def test_curly_quotes_are_one_fault(text: str, found: str) -> None:
    assert faults(text) == [found]


def test_curly_quotes_in_straight_ones_are_kept() -> None:
    assert read("a.yaml", 'a: "“x”"\n'.encode())[0][0].value == {"a": "“x”"}
