"""Snapshots from bytes: what is read, and what is said of whatever is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Fault, Span
from billing_dsl.tenant import snapshot as module
from billing_dsl.tenant.snapshot import Listed, Snapshot, ahead, foreign, read, stale, unread
from tests.unit.tenant.fake import Json, Tenant, as_text

FILE = "../tenant.json"

ROLE = {"id": 11, "name": "Engineer", "hourlyRate": Decimal("85.10"), "hourlyFactor": 1}
CONTRACT = {"id": 7, "contractName": "Managed", "startDate": "2027-01-01T00:00:00", "status": 1}


def small(**changed: Any) -> Json:
    """A small snapshot; `changed` replaces its parts."""
    objects = {"Roles": [{**ROLE, "isActive": True}], "Contracts": [CONTRACT]}
    return {
        "version": 1,
        "tool": "billing_dsl snapshot",
        "tenant": {"database": "34567", "name": "The Firm"},
        "taken_at": "2027-01-14T18:05:00Z",
        "picklists": {"Contracts": {"status": [{"value": "1", "label": "Active", "active": True}]}},
        "counts": {"Roles": 1, "Contracts": 1},
        "objects": objects,
        **changed,
    }


def good(value: Json) -> Snapshot:
    found, faults = read(FILE, as_text(value))
    assert [fault.finding.message for fault in faults] == []
    assert found is not None
    return found


def bad(content: bytes) -> list[Fault]:
    found, faults = read(FILE, content)
    assert found is None
    assert faults
    for fault in faults:
        assert isinstance(fault.finding.place, Span)
        assert fault.finding.place.path == FILE
        assert fault.finding.help
    return list(faults)


def told(content: bytes) -> str:
    """What is said of a file in which one thing is wrong."""
    [fault] = bad(content)
    return f"{fault.code} {fault.finding.message}"


# --- what is read --------------------------------------------------------------------------------


def test_values_become_what_they_are() -> None:
    found = good(small())
    assert (found.database, found.name) == ("34567", "The Firm")
    assert found.taken_at == datetime(2027, 1, 14, 18, 5, tzinfo=UTC)
    assert found.moment == "2027-01-14 18:05 UTC"
    assert found.lists == {"Contracts": {"status": (Listed("1", "Active", True),)}}
    [role] = found.objects["Roles"]
    assert role == {**ROLE, "hourlyFactor": Decimal(1), "isActive": True}
    assert isinstance(role["hourlyRate"], Decimal)
    [contract] = found.objects["Contracts"]
    assert contract == {**CONTRACT, "startDate": date(2027, 1, 1), "status": "1"}


def test_amounts_keep_every_digit() -> None:
    text = as_text(small()).replace(b"85.10", b"0.1000000000000000055511151231257827")
    found, _ = read(FILE, text)
    assert found is not None
    assert str(found.objects["Roles"][0]["hourlyRate"]) == "0.1000000000000000055511151231257827"


def test_objects_stand_in_order_of_their_ids() -> None:
    rows = [{**ROLE, "id": number} for number in (30, 4, 17)]
    found = good(small(objects={"Roles": rows}, counts={"Roles": 3}))
    assert [row["id"] for row in found.objects["Roles"]] == [4, 17, 30]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-01-01", date(2027, 1, 1)),
        ("2027-01-01T00:00:00Z", date(2027, 1, 1)),
        ("2027-01-01T00:00:00.000", date(2027, 1, 1)),
        ("2027-12-31 23:59:59.9970000", date(2027, 12, 31)),
        ("2027-01-01T00:00:00+00:00", date(2027, 1, 1)),
        (None, None),
    ],
)
def test_days_are_days_however_they_are_written(written: str | None, meant: date | None) -> None:
    rows = [{"id": 7, "endDate": written}]
    found = good(small(objects={"Contracts": rows}, counts={"Contracts": 1}))
    assert found.objects["Contracts"][0]["endDate"] == meant


def test_a_field_that_is_not_there_is_not_empty() -> None:
    rows = [{"id": 7, "setupFee": None}]
    [row] = good(small(objects={"Contracts": rows}, counts={"Contracts": 1})).objects["Contracts"]
    assert row == {"id": 7, "setupFee": None}
    assert "contractName" not in row


def test_what_is_of_no_interest_may_be_anything() -> None:
    found = good(
        small(
            exported_by="a flow",
            objects={"Roles": [{**ROLE, "userDefinedFields": [{"name": "x"}]}], "Tickets": 5},
            counts={"Roles": 1, "Tickets": "many"},
            picklists={"Tickets": 7, "Roles": {}},
        )
    )
    assert list(found.objects) == ["Roles"]


@pytest.mark.parametrize("database", ["34567", 34567])
def test_the_id_of_a_database_is_text(database: object) -> None:
    assert good(small(tenant={"database": database})).database == "34567"


@pytest.mark.parametrize(
    "moment",
    [
        "2027-01-14T18:05:00Z",
        "2027-01-14T19:05:00+01:00",
        "2027-01-14T18:05:00.000000+00:00",
        "20270114T180500Z",
    ],
)
def test_a_moment_is_the_same_in_every_time_zone(moment: str) -> None:
    assert good(small(taken_at=moment)).taken_at == datetime(2027, 1, 14, 18, 5, tzinfo=UTC)


def test_a_byte_order_mark_is_let_pass() -> None:
    found, faults = read(FILE, b"\xef\xbb\xbf" + as_text(small()))
    assert (found is not None, faults) == (True, ())


def test_the_whole_fake_tenant_can_be_read() -> None:
    found = good(Tenant().snapshot())
    assert all(rows == () for rows in found.objects.values())


# --- files that are no snapshots -----------------------------------------------------------------


def test_a_file_cut_off_anywhere_is_told_with_its_place() -> None:
    text = json.dumps(json.loads(as_text(small())), indent=1).encode()
    for length in range(len(text) - 1):
        [fault] = bad(text[:length])
        assert fault.code == "BD510"
        place = fault.finding.place
        assert isinstance(place, Span)
        lines = text[:length].decode().split("\n")
        assert place.line <= len(lines)
        if length > 1 and text[:length].strip():
            assert "has lost its end" in fault.finding.message, (length, fault.finding.message)


@pytest.mark.parametrize(
    ("content", "message", "line", "column"),
    [
        (b"", "this file is empty", 1, 1),
        (b" \n\t ", "this file is empty", 1, 1),
        (b'{"a": 1,\n  "b" 2}', "this file is not JSON: expecting `:` delimiter", 2, 7),
        (b"{'a': 1}", "this file is not JSON: expecting property name", 1, 2),
        (b'{"a": 1}\n{"b": 2}', "this file is not JSON: extra data", 2, 1),
        (b'{"a": "\x01"}', "this file is not JSON: invalid control character", 1, 8),
        (b'{"a":\n "\xc3\xa9\xff"}', "this file is not UTF-8 text", 2, 4),
        ("{}".encode("utf-16"), "this file is not UTF-8 text", 1, 1),
        (b'{"a": 1, "a": 2}', "the key `a` stands twice in one object", 1, 1),
        (b"version: 1\n", "this file is not JSON: expecting value", 1, 1),
    ],
)
def test_what_is_not_json_is_told_with_line_and_column(
    content: bytes, message: str, line: int, column: int
) -> None:
    [fault] = bad(content)
    assert fault.code == "BD510"
    assert fault.finding.message.startswith(message)
    place = fault.finding.place
    assert isinstance(place, Span)
    assert (place.line, place.column) == (line, column)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[" + b"9" * 100_000 + b"]",
        b'{"a": 1e' + b"9" * 5_000 + b"}",
    ],
    ids=["brackets", "objects", "nan", "infinity", "digits", "exponent"],
)
def test_monsters_are_told_in_a_moment(content: bytes) -> None:
    assert {fault.code for fault in bad(content)} == {"BD510"}


def test_a_file_beyond_all_measure_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_text(small())
    monkeypatch.setattr(module, "LARGEST", len(content))
    assert read(FILE, content)[0] is not None
    assert "is larger than" in told(content + b" ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "this is no snapshot of a tenant"),
        (7, "this is no snapshot of a tenant"),
        ({"version": 1, "requests": []}, "this is no snapshot of a tenant"),
        (small(tool="other"), "this is no snapshot of a tenant"),
        (small(version=2), "`version` is 2: this tool reads version 1"),
        (small(version="1"), '`version` is "1": this tool reads version 1'),
        (small(version=True), "`version` is true: this tool reads version 1"),
        (small(tenant=None), "`tenant` is null: expected an object"),
        (small(tenant={"database": " "}), '`tenant.database` is " ": expected an id'),
        (small(tenant={"database": 1.5}), "`tenant.database` is 1.5: expected an id"),
        (small(tenant={"database": "1", "name": 5}), "`tenant.name` is 5: expected text"),
        (small(taken_at="yesterday"), '`taken_at` is "yesterday": expected a moment'),
        (small(taken_at="2027-01-14T18:05:00"), "`taken_at` is"),
        (small(taken_at="0001-01-01T00:00:00+14:00"), "`taken_at` is"),
        (small(picklists=[]), "`picklists` is a list: expected an object"),
        (small(picklists={"Contracts": []}), "`picklists.Contracts` is a list"),
        (small(picklists={"Contracts": {"status": {}}}), "`picklists.Contracts.status` is an obj"),
        (
            small(picklists={"Contracts": {"status": [{"value": "1", "label": "Active"}]}}),
            "`picklists.Contracts.status[0]` is an object: expected",
        ),
        (
            small(picklists={"Contracts": {"status": ["Active"]}}),
            '`picklists.Contracts.status[0]` is "Active": expected',
        ),
        (small(objects={"Roles": {}}), "`objects.Roles` is an object: expected a list"),
        (small(objects={"Roles": [5]}, counts={}), "`objects.Roles[0]` is 5: expected an object"),
    ],
)
def test_what_is_not_of_the_form_is_told(value: Any, message: str) -> None:
    assert any(f"{fault.finding.message}".startswith(message) for fault in bad(as_text(value))), [
        fault.finding.message for fault in bad(as_text(value))
    ]


@pytest.mark.parametrize("part", ["tenant", "taken_at", "picklists", "counts", "objects"])
def test_a_part_that_is_missing_is_told(part: str) -> None:
    value = small()
    del value[part]
    assert any(f"`{part}` is not there" in fault.finding.message for fault in bad(as_text(value)))


@pytest.mark.parametrize(
    ("entity", "field", "value"),
    [
        ("Roles", "id", "11"),
        ("Roles", "id", None),
        ("Roles", "id", -1),
        ("Roles", "id", True),
        ("Roles", "name", 5),
        ("Roles", "hourlyRate", "85.00"),
        ("Roles", "hourlyRate", True),
        ("Roles", "hourlyRate", Decimal("1e30")),
        ("Roles", "hourlyRate", []),
        ("Roles", "isActive", 1),
        ("Roles", "isActive", "true"),
        ("Contracts", "companyID", Decimal("1.5")),
        ("Contracts", "companyID", 10**20),
        ("Contracts", "status", True),
        ("Contracts", "status", Decimal("1.5")),
        ("Contracts", "startDate", 20270101),
        ("Contracts", "startDate", "01/02/2027"),
        ("Contracts", "startDate", "2027-02-30T00:00:00Z"),
        ("Contracts", "startDate", "2027-01-01T00:00:00Z\n"),
    ],
)
def test_a_value_of_another_type_is_told(entity: str, field: str, value: object) -> None:
    rows = {"Roles": [{**ROLE}], "Contracts": [{**CONTRACT}]}
    rows[entity][0][field] = value
    said = told(as_text(small(objects=rows)))
    assert said.startswith(f"BD510 `objects.{entity}[0].{field}` is ")
    assert ": expected " in said


def test_a_number_that_is_whole_counts_as_one_however_it_is_written() -> None:
    text = as_text(small()).replace(b'"id": 11', b'"id": 11.0')
    found, _ = read(FILE, text)
    assert found is not None
    assert found.objects["Roles"][0]["id"] == 11


def test_many_faults_are_told_up_to_a_measure() -> None:
    rows = [{**ROLE, "id": number, "name": number} for number in range(100)]
    assert len(bad(as_text(small(objects={"Roles": rows}, counts={"Roles": 100})))) == 20


# --- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"Roles": 2, "Contracts": 1}, "BD511 `Roles`: 2 were counted, 1 are here"),
        ({"Roles": 0, "Contracts": 1}, "BD511 `Roles`: 0 were counted, 1 are here"),
        ({"Contracts": 1}, "BD511 nobody has counted `Roles`: whether all are here is not known"),
        (
            {"Roles": 1, "Contracts": 1, "Companies": 3},
            "BD511 `Companies`: 3 were counted, 0 are here",
        ),
        ({"Roles": True, "Contracts": 1}, "BD510 `counts.Roles` is true: expected how many"),
        ({"Roles": -1, "Contracts": 1}, "BD510 `counts.Roles` is -1: expected how many"),
    ],
)
def test_counts_that_do_not_fit_are_told(counts: Json, message: str) -> None:
    assert told(as_text(small(counts=counts))).startswith(message)


def test_an_entity_may_be_counted_and_have_nothing() -> None:
    assert good(small(counts={"Roles": 1, "Contracts": 1, "Companies": 0})).objects.keys() == {
        "Roles",
        "Contracts",
    }


def test_an_object_that_is_there_twice_is_told() -> None:
    rows = [{**ROLE, "id": number} for number in (1, 2, 1, 3, 2)]
    said = told(as_text(small(objects={"Roles": rows}, counts={"Roles": 5})))
    assert said == "BD511 `objects.Roles` holds an object twice: id 1, 2"
    rows = [{**ROLE, "id": number % 9} for number in range(18)]
    said = told(as_text(small(objects={"Roles": rows}, counts={"Roles": 18})))
    assert said.endswith("id 0, 1, 2, 3, 4 and 4 more")


# --- whose it is, and how old --------------------------------------------------------------------


def test_a_snapshot_of_another_tenant_is_refused() -> None:
    found = good(small())
    assert foreign(FILE, found, "34567") is None
    assert foreign(FILE, found, "") is None
    fault = foreign(FILE, found, "11111")
    assert fault is not None
    assert fault.code == "BD512"
    assert "`34567`" in fault.finding.message
    assert "`11111`" in fault.finding.message


def test_a_snapshot_from_before_the_last_change_is_refused() -> None:
    found = good(small())
    moment = found.taken_at
    assert stale(FILE, found, None) is None
    assert stale(FILE, found, moment) is None
    fault = stale(FILE, found, moment + timedelta(seconds=1))
    assert fault is not None
    assert fault.code == "BD513"
    assert "--accept-old-snapshot" in fault.finding.help


def test_a_snapshot_from_the_future_is_refused() -> None:
    found = good(small())
    assert ahead(FILE, found, found.taken_at) is None
    assert ahead(FILE, found, found.taken_at - timedelta(minutes=59)) is None
    fault = ahead(FILE, found, found.taken_at - timedelta(days=1))
    assert fault is not None
    assert "2027-01-13 18:05 UTC" in fault.finding.message


def test_a_file_that_cannot_be_read_is_a_finding() -> None:
    assert unread(FILE, "permission denied").finding.message.endswith("permission denied")


# --- anything at all -----------------------------------------------------------------------------


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(content: bytes) -> None:
    read(FILE, content)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    inner = value.items() if isinstance(value, dict) else ()
    for key, held in enumerate(value) if isinstance(value, list) else inner:
        found += places(held, (*way, key))
    return found


@given(st.data())
def test_a_snapshot_with_anything_in_it_is_read_or_told(data: st.DataObject) -> None:
    value = json.loads(as_text(small()), parse_float=Decimal)
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(places(value)))
        owner: Any = value
        for key in way[:-1]:
            owner = owner[key]
        owner[way[-1]] = data.draw(JSON)
    found, faults = read(FILE, as_text(value))
    assert (found is None) == bool(faults)


@pytest.mark.parametrize("shorten", [str.strip, lambda text: text], ids=["strip", "as it is"])
def test_hostile_text_is_kept_as_it_is(shorten: Callable[[str], str]) -> None:
    name = shorten("\u202e=cmd()|'\\u0000 {{7*7}} <script> `tick`\n::error::")
    rows = [{**ROLE, "name": name}]
    found = good(small(objects={"Roles": rows}, counts={"Roles": 1}))
    assert found.objects["Roles"][0]["name"] == name
