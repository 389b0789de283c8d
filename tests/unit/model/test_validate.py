"""What is said of documents that do not fit: one cause each, in the clerk's words."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Fault, Place
from billing_dsl.model import validate as door
from billing_dsl.model.misfit import MOST
from billing_dsl.model.pages import PAGES
from billing_dsl.model.validate import KINDS, faults, fits, schema_folder, validate
from billing_dsl.model.written import flow
from billing_dsl.source.document import Document
from billing_dsl.source.reader import read
from tests.goldens import Golden

DESIGN = Path(__file__).with_name("design_section_3.yaml")
GOLDEN = Path(__file__).with_name("golden")

ROLE = "{format: 1, kind: role, name: engineer, title: Engineer, rate: 85.00}"
WORK_TYPE = """
format: 1
kind: work_type
name: travel
title: Travel
billing_class: edge
description: On the road.
"""
AGREEMENT = """
format: 1
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
"""
TIER = """
format: 1
kind: tier
name: silver
version: 2
effective: 2027-01-01
title: Silver
"""


def document(text: str) -> Document:
    documents, broken, found = read("a.yaml", text.encode())
    assert (broken, found) == ((), ())
    (only,) = documents
    return only


def found(text: str) -> tuple[Fault, ...]:
    return validate(document(text))


def told(text: str) -> list[str]:
    return lines(document(text))


def lines(document: Document) -> list[str]:
    """Each fault as `CODE route message (help)`; a route that ends in `:` means its key."""
    lines = []
    for fault in validate(document):
        finding = fault.finding
        assert isinstance(finding.place, Place)
        route = ".".join(str(step) for step in finding.place.route) + ":" * finding.place.key
        remedy = f" ({finding.help})" if finding.help else ""
        lines.append(f"{fault.code} {route or '-'} {finding.message}{remedy}")
    return lines


def with_field(base: str, *lines: str) -> str:
    return "\n".join([base.strip(), *lines, ""])


# --- what is said

KEY_CASES = {
    "kind: worktype": "BD101 kind there is no kind `worktype` (did you mean `work_type`?)",
    "billing_class: cor": (
        "BD104 billing_class `billing_class` is `cor`; expected `baseline`, `core` or `edge` "
        "(did you mean `core`?)"
    ),
    "descripton: x": (
        "BD103 descripton: `descripton` is not a field of work type `travel` "
        "(did you mean `description` or `descriptions`?)"
    ),
    "after_hours: Out of Hours": (
        "BD105 after_hours `after_hours` is `Out of Hours`; expected a name of small letters, "
        "digits and hyphens, at most 64 characters (did you mean `out-of-hours`?)"
    ),
    "rate: {method: times, amount: 5}": (
        "BD106 rate.amount: `amount` does not go with method `times` (write `factor` instead)"
    ),
    "rate: {method: fixed}": (
        "BD102 rate: `rate` is missing from `rate` (add `rate`, for example `rate: 140.00`)"
    ),
    "format: 3": (
        "BD107 format `format` is `3`; expected `1` (write it in format 1, or use a release of "
        "billing_dsl that knows the newer one)"
    ),
}


@pytest.mark.parametrize("line", KEY_CASES)
def test_one_fault_is_told_once(line: str) -> None:
    field = line.partition(":")[0]
    rest = [kept for kept in WORK_TYPE.strip().splitlines() if not kept.startswith(f"{field}:")]
    assert told("\n".join([*rest, line, ""])) == [KEY_CASES[line]]


def test_what_is_said_of_many_misfits(golden: Golden) -> None:
    documents, broken, faults = read("misfits.yaml", (GOLDEN / "misfits.yaml").read_bytes())
    assert (broken, faults) == ((), ())
    golden(
        GOLDEN / "misfits.txt",
        "\n".join(
            "\n".join([f"--- {flow(document.value)[:100]}", *lines(document), ""])
            for document in documents
        ),
    )


def test_a_document_that_is_empty_is_asked_for_its_kind() -> None:
    (fault,) = faults(Document("a.yaml", 0, {}))
    assert fault.code == "BD102"
    assert fault.finding.place == Place("a.yaml", 0)
    assert fault.finding.subject == ""


def test_every_field_of_a_conflict_is_shown() -> None:
    (fault,) = found(
        with_field(
            AGREEMENT,
            "term: longest",
            "tier: gold",
            "exceptions: [{work_type: a, role: b, sub_issue: c, goes_to: d, reason: e, owner: f}]",
        )
    )
    places = [fault.finding.place, *(label.place for label in fault.finding.related)]
    assert [place.route[-1] for place in places if isinstance(place, Place)] == [
        "role",
        "work_type",
        "sub_issue",
    ]


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("billing_code: 5", "the recurring service billing code in Autotask, by its name"),
        ("cost: a", "what one unit costs the MSP for one period"),
        ("cost: {EURO: 5}", "named here"),
    ],
)
def test_the_label_is_what_the_schema_says_of_the_spot(field: str, label: str) -> None:
    base = "format: 1\nkind: service\nname: a\ntitle: A\nperiod: monthly\nprice: 1"
    (fault,) = found(with_field(base, field))
    assert fault.finding.label == label


def test_a_label_keeps_the_name_of_autotask() -> None:
    (fault,) = found(with_field(TIER, "scope: {}", "contracts: [{name: a, type: block}]"))
    assert fault.finding.label == "Autotask's contract type"


def test_a_value_without_a_description_is_labelled_by_what_holds_it() -> None:
    (fault,) = found(with_field(AGREEMENT, "tier: a", "term: longest", "services: {seat: -1}"))
    assert fault.finding.label.startswith("units of each service or service bundle")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("{format: 1, kind: role, name: engineer}", "role/engineer"),
        ("{format: 1, kind: tier, name: silver, version: 2}", "tier/silver@2"),
        ("{format: 1, kind: tier, name: silver}", "tier/silver"),
        ("{format: 1, kind: tier, name: silver, version: x}", "tier/silver"),
        ("{format: 1, kind: role, name: 5}", ""),
        ("{format: 1, kind: role}", ""),
        ("{format: 1, kind: roles, name: a}", "roles/a"),
    ],
)
def test_faults_name_their_subject(text: str, subject: str) -> None:
    assert {fault.finding.subject for fault in found(text)} == {subject}


# --- what holds of every fault


FORBIDDEN = re.compile(r"\b(invalid|illegal|failed|propert(y|ies)|instance|schema|regex|null)\b")


def mutants() -> list[dict[str, Any]]:
    documents, _, _ = read("design.yaml", DESIGN.read_bytes())
    odd: list[Any] = [None, 5, "", "A b", "x" * 5000, [], {}, {"a": 1}, [1], True, Decimal("-1.5")]
    return [
        {**document.value, field: value}
        for document in documents
        for field in (*document.value, "fild", "\u202e\x1b[31m`")
        for value in odd
        if field != "kind"
    ]


def test_messages_keep_the_style_of_the_house() -> None:
    codes = set()
    for value in mutants():
        for fault in validate(Document("a.yaml", 0, value)):
            finding = fault.finding
            codes.add(fault.code)
            told = (finding.message, finding.label, finding.help)
            for text in told:
                assert len(text) <= 600, text
                assert text.isprintable(), text
                assert not text.endswith("."), text
                assert not FORBIDDEN.search(re.sub("`[^`]*`", "", text)), text
            assert finding.message[0] in "`abcdefghijklmnopqrstuvwxyz", finding.message
            assert finding.label
    assert codes <= {page.code for page in PAGES}


def test_every_fault_stands_at_a_place_of_its_document() -> None:
    for value in mutants():
        for fault in validate(Document("a.yaml", 3, value)):
            place = fault.finding.place
            assert isinstance(place, Place)
            assert (place.path, place.document) == ("a.yaml", 3)
            held: Any = value
            for step in place.route:
                held = held[step]


def test_a_spot_has_one_fault() -> None:
    for value in mutants():
        spots = [
            (fault.finding.place, fault.finding.message)
            for fault in validate(Document("a.yaml", 0, value))
            if fault.code in {"BD103", "BD104", "BD105", "BD106"}
        ]
        places = [place for place, _ in spots]
        assert len(set(places)) == len(places), spots


def test_at_most_a_thousand_faults_are_told() -> None:
    scope = {f"Work {number}": 5 for number in range(3_000)}
    found = faults(Document("a.yaml", 0, {"format": 1, "kind": "tier", "scope": scope}))
    assert len(found) == MOST == 1_000
    assert found[-1].finding.message == "this tier has more faults than the 999 that are shown"
    assert found[-1].finding.place == Place("a.yaml", 0, ("kind",))


def test_a_long_document_is_refused_in_no_time() -> None:
    names = [["a", {"b": 1}, 5, None][number % 4] for number in range(60_000)]
    text = "a" * 500_000 + "\n"
    value = {
        "format": 1,
        "kind": "exclusion_set",
        "name": text,
        "title": text,
        "notes": text,
        "work_types": names,
        "roles": ["a"] * 60_000,
    }
    found = faults(Document("a.yaml", 0, value))
    assert 0 < len(found) <= MOST
    assert sum(len(fault.finding.message) for fault in found) < 400_000


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.decimals(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    ),
    st.sampled_from(KINDS),
    st.data(),
)
def test_nothing_that_a_person_writes_raises(value: Any, kind: str, data: st.DataObject) -> None:
    fields = list(door.schemas()[f"{kind}.schema.json"]["properties"])
    field = data.draw(st.sampled_from(fields))
    document = Document("a.yaml", 0, {"format": 1, "kind": kind, "name": "a", field: value})
    assert bool(validate(document)) != fits(str(document.value["kind"]), document.value)
    validate(Document("a.yaml", 0, {"kind": value, "format": value}))


# --- the gate


def test_a_document_that_fits_is_let_through_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "faults", lambda _document: pytest.fail("explained"))
    assert found(ROLE) == ()


def test_a_kind_that_does_not_exist_fits_nothing() -> None:
    assert not fits("roles", {"format": 1})


def test_half_a_character_is_no_text() -> None:
    for value in ({"title": "\ud83d"}, {"notes": "a\udc00"}, {"\ud800": "a"}):
        role = {"format": 1, "kind": "role", "name": "a", "title": "A", "rate": 1, **value}
        assert not fits("role", role)
        found = validate(Document("a.yaml", 0, role))
        assert [fault.code for fault in found] == (["BD103"] if "\ud800" in value else ["BD105"])
        assert all(text.isprintable() for fault in found for text in (fault.finding.message,))


def test_the_gate_alone_refuses_what_the_explanation_lets_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The two are held equal elsewhere; should they ever differ, nothing passes in silence."""
    monkeypatch.setattr(door, "fits", lambda _kind, _value: False)
    (line,) = told(ROLE)
    assert line.startswith("BD105 kind role `engineer` holds text that cannot be kept in a file")


def test_a_whole_number_is_one_however_it_is_written() -> None:
    role = {"format": 1, "kind": "role", "name": "a", "title": "A", "rate": 1}
    for version in (2, Decimal("2.0"), Decimal(2)):
        assert fits("role", {**role, "version": version})
        assert faults(Document("a.yaml", 0, {**role, "version": version})) == ()
    assert not fits("role", {**role, "version": Decimal("2.5")})


# --- the folder


def test_schemas_stand_beside_the_package_or_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (schema_folder() / "role.schema.json").is_file()
    for folder in (tmp_path / "schemas", tmp_path / "billing_dsl/schemas"):
        folder.mkdir(parents=True)
        monkeypatch.setattr(door, "__file__", str(tmp_path / "billing_dsl/model/validate.py"))
        assert schema_folder() == folder


def test_importing_loads_neither_validators_nor_schemas() -> None:
    script = """
import sys
from billing_dsl.model import validate
late = {"jsonschema", "jsonschema_rs", "referencing", "difflib", "billing_dsl.model.misfit"}
assert not late & set(sys.modules)
assert validate.schemas.cache_info().currsize == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[3])


def test_pages_say_how_bad_and_show_both_ways() -> None:
    assert [page.code for page in PAGES] == [*(f"BD10{number}" for number in range(1, 8)), "BD504"]
    for page in PAGES:
        assert re.fullmatch("[a-z-]+", page.name)
        assert page.text.count("Fails:") == page.text.count("Passes:") == 1
        for heading, wrong in (("Fails", True), ("Passes", False)):
            example = page.text.split(f"{heading}:\n")[1].split("Passes:")[0]
            lines = "\n".join(line.removeprefix(" " * 12) for line in example.splitlines())
            text = lines if "format:" in lines else f"format: 1\n{lines.strip()}"
            assert {fault.code for fault in found(text)} == ({page.code} if wrong else set())


def test_what_autotask_does_not_take_is_told_as_such() -> None:
    tier = {
        "format": 1,
        "kind": "tier",
        "name": "silver",
        "version": 1,
        "effective": "2027-01-01",
        "title": "Silver",
        "contracts": [{"name": "one", "type": "Umbrella", "period": "weekly"}],
        "scope": {},
    }
    found = faults(Document("t.yaml", 0, tier))
    umbrella = "an Umbrella contract cannot be made through Autotask's API"
    weekly = "Autotask has no weekly period: a month is its shortest"
    assert [(one.code, one.finding.message) for one in found] == [
        ("BD504", f"`Umbrella` cannot be compiled: {umbrella}"),
        ("BD504", f"`weekly` cannot be compiled: {weekly}"),
    ]


@pytest.mark.parametrize(
    ("fields", "cure"),
    [
        (("term: 36",), "did you mean `36 months` or `36 days`?"),
        (('term: "36"',), "did you mean `36 months` or `36 days`?"),
        (("term: 150 years",), "write a length of time from `1 day` to `99 years`"),
        (("term: 99999 days",), "write a length of time from `1 day` to `99 years`"),
        (("term: 3 yrs",), "did you mean `3 years`?"),
        (("term:",), "write a value"),
        (("end: 2027-12-31", "notes:"), "write a value, or leave the field out"),
        (("end: 2027-12-31", "number: x", "default:"), "write a value, or leave the field out"),
    ],
)
def test_a_length_of_time_or_an_empty_field_is_told_what_fits(
    fields: tuple[str, ...], cure: str
) -> None:
    (fault,) = found(with_field(AGREEMENT, "tier: gold@1", *fields))
    assert fault.finding.help == cure


@pytest.mark.parametrize(
    ("written", "empty"),
    [
        ("title: Silver", "title:"),
        ("scope: {travel: all}", "scope: {travel: }"),
        ("contracts: [{name: all, type: block_hours}]", "contracts: [{name: all, type: }]"),
    ],
)
def test_what_has_to_be_there_is_not_to_be_left_out(written: str, empty: str) -> None:
    fields = ("scope: {travel: all}", "contracts: [{name: all, type: block_hours}]")
    whole = with_field(TIER, *fields)
    assert found(whole) == ()
    (fault,) = found(whole.replace(written, empty))
    assert (fault.code, fault.finding.help) == ("BD104", "write a value")


def test_an_empty_item_may_be_taken_out() -> None:
    listed = "name: all, type: recurring_service, services: [seat, null]"
    (fault,) = found(with_field(TIER, "scope: {}", f"contracts: [{{{listed}}}]"))
    assert fault.finding.help == "write a value, or take the empty item out"
