"""What reads a tenant: every field that is written is read, and the schema says what is taken."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._lanes import Lane
from billing_dsl.targets._values import Pick, references
from billing_dsl.tenant import asking
from billing_dsl.tenant.expected import expected
from billing_dsl.tenant.form import FORM, READINGS
from billing_dsl.tenant.snapshot import read
from tests.goldens import ROOT, Golden
from tests.oracle.strategies import FIRST, LAST, catalogues
from tests.unit.targets.compiling import of_documents, shipped
from tests.unit.tenant.fake import LABELS, Tenant, as_text
from tests.unit.tenant.trying import set_up

SCHEMA = ROOT / "billing_dsl/tenant/snapshot.schema.json"


def written(compilation: Any) -> None:
    """Every field and list that a request or a comparison needs is among what is read."""
    for each in expected(compilation):
        if each.entity.endswith("Adjustments") or each.entity not in FORM:
            assert not each.key or each.entity.endswith("Adjustments") or not each.entity
            continue
        reading = FORM[each.entity]
        assert set(each.key) <= {*reading.fields, "id"}, each.id
        if each.lane is Lane.API:
            assert set(each.body) <= set(reading.fields), each.id
        for value in each.body.values():
            if isinstance(value, Pick):
                assert value.field in FORM[value.entity].lists, value
                known = LABELS[f"{value.entity}.{value.field}"]
                assert value.field in ("contractCategory", "generalLedgerAccount") or (
                    value.label in known.values()
                )
        for name in each.body:
            if references({name: each.body[name]}):
                assert reading.fields[name].refers_to in FORM, (each.id, name)


@pytest.mark.parametrize("lane", ["import", "api"])
def test_what_the_shipped_catalogue_writes_is_read(lane: str) -> None:
    written(shipped(date(2027, 1, 15), lane))


@given(catalogues(), st.dates(FIRST, LAST))
def test_what_any_catalogue_writes_is_read(documents: list[dict[str, Any]], day: date) -> None:
    written(of_documents(documents, day))


def test_children_are_read_at_the_root_by_the_field_that_names_their_parent() -> None:
    for entity, reading in FORM.items():
        if entity in ENTITIES and ENTITIES[entity].parent:
            parents = {field.refers_to for field in reading.fields.values()}
            assert ENTITIES[entity].parent in parents, entity


def test_fields_and_lists_are_those_of_the_entities() -> None:
    assert len(FORM) == len(READINGS)
    for reading in READINGS:
        assert set(reading.lists) <= set(reading.fields)
        for name, field in reading.fields.items():
            assert not field.refers_to or field.refers_to in FORM, (reading.entity, name)


def test_labels_of_the_settings_are_those_that_requests_write() -> None:
    schema = json.loads((ROOT / "schemas/common.schema.json").read_text(encoding="utf-8"))
    defined = schema["$defs"]
    lists = {
        where: set(defined[listed["$ref"].rpartition("/")[2]]["properties"])
        for where, listed in defined["labels"]["properties"].items()
    }
    books = shipped(date(2027, 1, 15), "api"), shipped(date(2026, 6, 30))
    every = [each for book in books for each in book.objects]
    used: dict[str, set[str]] = {}
    for each in every:
        for value in each.body.values():
            if isinstance(value, Pick) and value.field != "contractCategory":
                used.setdefault(f"{value.entity}.{value.field}", set()).add(value.label)
    assert set(lists) - {"BillingCodes.name"} >= set(used)
    for where, labels in used.items():
        assert labels <= lists[where], where


# --- requests ------------------------------------------------------------------------------------


def test_the_requests_ask_for_everything_once() -> None:
    found = json.loads(asking.requests_text())
    assert found["version"] == 1
    into = [each["into"] for each in found["requests"]]
    assert len(set(into)) == len(into)
    assert {place for place in into if place.startswith("objects.")} == {
        f"objects.{entity}" for entity in FORM
    }
    for each in found["requests"]:
        part, _, entity = each["into"].partition(".")
        reading = FORM[entity]
        if part == "picklists":
            assert each["method"] == "GET"
            assert each["path"] == f"/V1.0/{entity}/entityInformation/fields"
            assert each["fields"] == list(reading.lists)
            continue
        assert each["method"] == "POST"
        assert each["body"]["filter"], "Autotask demands a filter"
        if part == "objects":
            assert each["body"]["includeFields"] == ["id", *reading.fields]
    counted = [each["body"]["filter"] for each in found["requests"] if "body" in each]
    assert all(one == counted[0] for one in counted), "counts would not be those of the objects"


def test_the_description_names_every_entity_field_and_list() -> None:
    text = asking.description()
    words = set(re.findall(r"\w+", text))
    for reading in READINGS:
        assert f"\n  {reading.entity}: {reading.why}\n" in text
        assert {*reading.fields, *reading.lists} <= words
    assert all(len(line) <= 80 for line in text.splitlines())


# --- the schema ----------------------------------------------------------------------------------


def test_the_schema_is_up_to_date(golden: Golden) -> None:
    golden(SCHEMA, asking.schema())


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
    return found


def test_the_schema_is_one_by_its_own_rules() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_a_snapshot_that_is_read_fits_the_schema() -> None:
    value = json.loads(as_text(set_up(shipped()).snapshot()))
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(value)) == []


ODD: list[Any] = [None, True, -1, 7, 1.5, "", "text", "2027-01-31", [], {}, [{}], {"a": 1}]


def test_the_schema_and_the_reader_agree_on_one_changed_value() -> None:
    """What the reader takes fits the schema, and what does not fit it is not taken."""
    fits = jsonschema.Draft202012Validator(schema()).is_valid
    tenant = Tenant()
    tenant.add("Roles", name="Engineer", hourlyRate=85, hourlyFactor=1, isActive=True)
    tenant.add("Contracts", contractName="a", startDate="2027-01-01", status=1)
    value = json.loads(as_text(tenant.snapshot()))
    ways = [
        ("version",),
        ("tool",),
        ("tenant",),
        ("tenant", "database"),
        ("picklists",),
        ("picklists", "Contracts", "status"),
        ("picklists", "Contracts", "status", 0),
        ("picklists", "Contracts", "status", 0, "label"),
        ("objects",),
        ("objects", "Roles", 0),
        *(("objects", "Roles", 0, name) for name in ("id", *FORM["Roles"].fields)),
        *(("objects", "Contracts", 0, name) for name in FORM["Contracts"].fields),
    ]
    for way in ways:
        for odd in ODD:
            changed = json.loads(json.dumps(value))
            owner: Any = changed
            for key in way[:-1]:
                owner = owner[key]
            owner[way[-1]] = odd
            taken = read("a.json", json.dumps(changed).encode())[0] is not None
            assert not taken or fits(changed), (way, odd)
            counted = way[-1] in ("objects", "Contracts", "Roles") or odd == "2027-01-31"
            unwhole = odd == 1.5 or (way[-1] == "id" and odd == -1)
            if fits(changed) and not counted and not unwhole:
                assert taken, (way, odd)
