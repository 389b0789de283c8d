from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Place, Route, Span
from billing_dsl.source import reader
from billing_dsl.source.document import Document
from billing_dsl.source.places import lines, locate, locate_all
from billing_dsl.source.reader import MOST_NODES, read
from billing_dsl.source.text import LARGEST
from tests.unit.source.samples import AGREEMENT, FILES

PATH = "clients/acme.yaml"


def shown(text: bytes, *route: str | int, key: bool = False, document: int = 0) -> str:
    """What a report would underline."""
    span = locate(text, Place(PATH, document, route, key))
    assert span.path == PATH
    return part(text, span)


def part(text: bytes, span: Span) -> str:
    """The stretch of a text that a span names."""
    written = lines(text)[span.line - 1 : span.end_line]
    written[-1] = written[-1][: span.end_column - 1]
    written[0] = written[0][span.column - 1 :]
    return "\n".join(written)


@pytest.mark.parametrize(
    ("route", "value", "key"),
    [
        (("client",), "acme", "client"),
        (("tier",), "silver@2", "tier"),
        (("number",), '"A-00017"', "number"),
        (("renewal", "automatic"), "true", "automatic"),
        (("renewal",), "{automatic: true, extend_by: 12 months, notice: 90 days}", "renewal"),
        (("services", "mail-filter", 1, "price"), "3.10", "price"),
        (("services", "mail-filter", 0), "{from: 2027-01-01, units: 20}", None),
        (("blocks", 1), "contract: block\n    hours: 30", None),
        (("rates",), "[]", "rates"),
        (("exceptions", 0, "until"), "until", "until"),
        (
            ("notes",),
            "|\n  The client pays within thirty days.\n\n  Copies go to the parent.",
            "notes",
        ),
    ],
)
def test_a_route_leads_to_its_value_and_its_key(route: Route, value: str, key: str | None) -> None:
    assert shown(AGREEMENT, *route) == value
    assert shown(AGREEMENT, *route, key=True) == (value if key is None else key)


@pytest.mark.parametrize(
    ("route", "found"),
    [
        (("missing",), "acme-2027"),
        (("missing", "too"), "acme-2027"),
        (("renewal", "missing"), "renewal"),
        (("services", "mail-filter", 9), "mail-filter"),
        (("services", "mail-filter", -1), "mail-filter"),
        (("services", "mail-filter", "x"), "mail-filter"),
        (("services", "mail-filter", 1, "missing"), "from"),
        (("blocks", 1, "missing", "further"), "contract"),
        (("client", "missing"), "acme"),
        (("client", 0), "acme"),
        (("exceptions", 0, "until", "missing"), "until"),
        (("rates", 0), "rates"),
        ((), "acme-2027"),
    ],
)
def test_a_route_that_leads_too_far_ends_where_the_text_does(route: Route, found: str) -> None:
    span = locate(AGREEMENT, Place(PATH, 0, route))
    assert part(AGREEMENT, span).startswith(found)
    assert span == locate(AGREEMENT, Place(PATH, 0, route, key=True)) or route == ("client", 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"format: 1\nname: engineer\nkind: role\n", "engineer"),
        (b"format: 1\nkind: role\n", "role"),
        (b"format: 1\nname:\nkind: role\n", "role"),
        (b"format: 1\nname: [a]\n", "format"),
        (b"{}\n", "{}"),
        (b"- a\n- b\n", "- a\n- b"),
        (b"hello\n", "hello"),
        (b"*x\n", "*x"),
        (b"", ""),
        (b"# c\n", ""),
        (b"---\n", ""),
        (b"[\n", "["),
    ],
)
def test_a_document_is_shown_by_its_name(text: bytes, found: str) -> None:
    assert shown(text) == found


def test_nothing_is_shown_by_what_stands_around_it() -> None:
    text = b"a: [1, {b: , c: }]\nd:\n-\n- x\n-\n"
    assert shown(text, "a", 1, "b") == "b"
    assert shown(text, "a", 1, "c") == "c"
    assert shown(text, "d", 0) == shown(text, "d", 2) == "-"
    assert locate(text, Place(PATH, 0, ("d", 2))) == Span(PATH, 5, 1, 5, 2)
    assert shown(b"- [a]: b\n-\n", 0) == "[a]: b"


def test_a_route_may_name_an_item_of_a_list() -> None:
    text = b"contracts:\n- {name: block}\n- {type: x, role: hourly}\nroles: [a, b]\n"
    assert shown(text, "contracts", "block") == "{name: block}"
    assert shown(text, "contracts", "hourly", "type") == "x"
    assert shown(text, "contracts", "none") == "contracts"
    assert shown(text, "roles", "b") == "b"
    assert shown(text, "roles", "c") == "roles"


def test_a_document_names_its_places() -> None:
    document = Document(PATH, 1, {})
    assert document.at("a", 0, key=True) == Place(PATH, 1, ("a", 0), key=True)


def test_columns_count_code_points_after_the_mark() -> None:
    text = "\ufeff\U0001f600è: {città: x}\r\nb: 2\r\n".encode()
    assert locate(text, Place(PATH, 0, ("\U0001f600è", "città"))) == Span(PATH, 1, 13, 1, 14)
    assert locate(text, Place(PATH, 0, ("b",), key=True)) == Span(PATH, 2, 1, 2, 2)


def test_documents_count_as_the_reader_counts_them() -> None:
    text = b"# head\n---\nname: a\n---\nname: 'b\n---\n\n---\nname: d\n--- {name: e}\n...\n"
    assert [d.index for d in read(PATH, text)[0]] == [0, 3, 4]
    assert [b.index for b in read(PATH, text)[1]] == [1, 2]
    assert [shown(text, "name", document=n) for n in (0, 3, 4)] == ["a", "d", "e"]
    assert shown(text, "name", document=1) == "name"
    assert locate(text, Place(PATH, 2, ("name",))).line == 6
    assert locate(text, Place(PATH, 9)) == locate(text, Place(PATH, -7)) == Span(PATH, 1, 1, 1, 1)


def test_faults_elsewhere_do_not_matter() -> None:
    text = b"a: no\na: &x 1\nb: *x\nc: !t {d: 010}\n? [k]\n: 1\n<<: 2\ne: 5\nf: [1, {g: 2\n"
    assert shown(text, "c", "d") == "010"
    assert shown(text, "e") == "5"
    assert shown(text, "b") == "*x"
    assert shown(text, "b", "c") == "*x"
    assert shown(text, "a") == "no"  # the first of the two
    assert shown(text, "f", 1, "g") == "2"


def test_many_places_are_found_in_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a:\n" + b"".join(b"- {b: %d}\n" % n for n in range(500))
    wanted = [Place(PATH, 0, ("a", n, "b")) for n in reversed(range(500))]
    calls: list[int] = []
    follow = reader._Growth.follow

    def counted(growth: Any, parser: Any) -> Any:
        calls.append(1)
        return follow(growth, parser)

    monkeypatch.setattr(reader._Growth, "follow", counted)
    assert [part(text, span) for span in locate_all(text, wanted)] == [
        str(n) for n in reversed(range(500))
    ]
    assert calls == [1]


def test_places_of_other_paths_keep_them() -> None:
    spans = locate_all(b"a: 1\n", [Place("x.yaml", 0, ("a",)), Place("y.yaml", 0, ("a",))])
    assert [span.path for span in spans] == ["x.yaml", "y.yaml"]
    assert locate_all(b"a: 1\n", []) == ()


@pytest.mark.parametrize(
    "text", [b"a: \xe9\n", "a: 1\n".encode("utf-16"), b"a: 1\n" + b"#" * LARGEST]
)
def test_a_file_that_is_not_read_is_shown_by_its_start(text: bytes) -> None:
    assert locate(text, Place(PATH, 0, ("a",))) == Span(PATH, 1, 1, 1, 1)


def test_bombs_are_not_read_for_places_either() -> None:
    assert shown(b"[" * 100_000, 0, 0, 0)[:1] == "["
    assert locate(b"- x\n" * 200_000, Place(PATH, 0, (MOST_NODES + 5,))).line == 1
    text = b"a: 1\n---\n" * 20_000
    assert locate(text, Place(PATH, 19_000, ("a",))).line == 2 * 19_000


def test_lines_break_where_spans_count_them() -> None:
    assert lines(b"\xef\xbb\xbfa\r\nb\rc\nd\x0b\x0c\x1d\n") == ["a", "b", "c", "d\x0b\x0c\x1d", ""]
    assert lines("a\x85b\u2028c\u2029d\n".encode()) == ["a\x85b\u2028c\u2029d", ""]
    assert lines(b"\xe9\n") == ["\ufffd", ""]
    assert lines(b"") == [""]


ROUTES = st.lists(
    st.sampled_from(["a", "b", "c", "d", "f", "k", "kind", "name", "title", "", 0, 1, 2, -1]),
    max_size=4,
).map(tuple)


@given(FILES, st.lists(st.tuples(st.integers(0, 4), ROUTES, st.booleans()), max_size=6))
def test_a_place_is_always_inside_the_text(
    text: bytes, wanted: list[tuple[int, Route, bool]]
) -> None:
    asked = [Place(PATH, document, route, key) for document, route, key in wanted]
    found = locate_all(text, asked)
    assert found == locate_all(text, asked, pure=True)
    assert found == tuple(locate(text, place) for place in asked)
    for span in found:
        assert_inside(text, span)


@given(FILES)
def test_faults_are_always_inside_the_text(text: bytes) -> None:
    for fault in read(PATH, text)[2]:
        related = [label.place for label in fault.finding.related]
        for span in (fault.finding.place, *related):
            assert isinstance(span, Span)
            assert_inside(text, span)


def assert_inside(text: bytes, span: Span) -> None:
    written = lines(text)
    assert 1 <= span.line <= span.end_line <= len(written)
    assert 1 <= span.column <= len(written[span.line - 1]) + 1
    assert 1 <= span.end_column <= len(written[span.end_line - 1]) + 1
    assert (span.line, span.column) <= (span.end_line, span.end_column)


@given(FILES)
def test_every_value_of_a_document_has_its_place(text: bytes) -> None:
    for document in read(PATH, text)[0]:
        for route, value in values(document.value):
            span = locate(text, Place(PATH, document.index, route))
            again = locate(text, Place(PATH, document.index, (*route, "no such key")))
            assert_inside(text, again)
            if isinstance(value, int) and not isinstance(value, bool):
                assert part(text, span) == str(value)
            if isinstance(value, str) and value.isalpha() and value.isascii():
                assert part(text, span).strip("'\"|>-+ \r\n2") == value


def values(value: Any, route: Route = ()) -> list[tuple[Route, Any]]:
    """Every value inside a value, with its route."""
    found: list[tuple[Route, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, held in inner:
        found.append(((*route, step), held))
        if isinstance(held, dict | list):
            found += values(held, (*route, step))
    return found
