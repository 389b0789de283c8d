"""Every object of the book goes one way, and nothing is asked for before it is there."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.targets._autotask import ENTITIES, Entity, Type
from billing_dsl.targets._book import Book
from billing_dsl.targets._changes import Change
from billing_dsl.targets._lanes import Lane
from billing_dsl.targets._values import written
from billing_dsl.targets.autotask_import import autotask_import
from billing_dsl.targets.autotask_requests import autotask_requests
from billing_dsl.targets.checklist import checklist
from tests.oracle.strategies import FIRST, LAST, catalogues
from tests.unit.targets.compiling import (
    each_step,
    files,
    of_documents,
    own_steps,
    rows_of_steps,
    shipped,
    steps,
)

DAYS = (date(2025, 1, 1), date(2026, 6, 30), date(2027, 1, 15), date(2028, 3, 1), date(2031, 1, 1))


@pytest.mark.parametrize("lane", ["import", "api"])
@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_shipped_catalogue_keeps_the_law(as_of: date, lane: str) -> None:
    keeps_the_law(shipped(as_of, lane))


@given(catalogues(), st.dates(FIRST, LAST), st.data())
def test_any_catalogue_keeps_the_law(
    documents: list[dict[str, Any]], as_of: date, data: st.DataObject
) -> None:
    lane = st.sampled_from(("import", "api"))
    for document in documents:
        if document["kind"] == "settings":
            document["lanes"] = {"companies": data.draw(lane), "services": data.draw(lane)}
        elif document["kind"] == "client":
            document.update(data.draw(st.sampled_from(REACHED)))
    keeps_the_law(of_documents(documents, as_of))


REACHED: tuple[dict[str, str], ...] = (
    {},
    {"phone": "1"},
    {"phone": "1", "owner": "ann@firm.example"},
    {"owner": "Ann"},
)
"""What is said of a client, so that one or the other lane takes it, or none."""


def test_what_waits_for_a_person_is_completed_after_it_is_sent() -> None:
    """A subsidiary made by hand, once its parent is there: its contract can be sent only then, and
    an amount that nobody has said be added only to a contract that is there.
    """
    agreement = {
        "kind": "agreement",
        "name": "initech-1",
        "client": "initech",
        "start": "2026-01-01",
        "term": "12 months",
        "contracts": [{"name": "support", "type": "block_hours", "overage_rate": 20}],
    }
    documents: list[dict[str, Any]] = [
        {"kind": "settings", "name": "northwind-it", "title": "Northwind IT", "currency": "CHF"},
        {"kind": "role", "name": "engineer", "title": "Engineer", "rate": 20},
        {"kind": "client", "name": "acme", "legal_name": "Acme", **REACHED[2]},
        {"kind": "client", "name": "initech", "legal_name": "Initech", "parent": "acme"},
        agreement,
    ]
    documents[0] |= {"timezone": "Europe/Rome", "lanes": {"companies": "api"}}
    documents[3]["currency"] = "EUR"
    compilation = of_documents([{"format": 1, **one} for one in documents], date(2026, 1, 1))
    keeps_the_law(compilation)
    deeds = [row["deed"] for row in rows_of_steps(compilation) if not row["day"]]
    assert deeds.count("send") == 2
    assert deeds.index("complete") > max(n for n, deed in enumerate(deeds) if deed == "send")


def keeps_the_law(compilation: Book) -> None:
    found = compilation.objects
    ids = [each.id for each in found]
    assert len(set(ids)) == len(ids)

    [text] = files(autotask_requests, compilation).values()
    bundle = json.loads(text, parse_float=Decimal)
    sent = [request["id"] for request in bundle["requests"]]
    by_hand = made_by_hand(compilation)
    imported = imported_names(compilation)
    assert sent == [each.id for each in found if each.lane is Lane.API]
    assert sorted(by_hand) == sorted(each.id for each in found if each.lane is Lane.MANUAL)
    assert imported == sorted(each.name for each in found if each.lane is Lane.IMPORT)
    assert all(each.reasons or each.day for each in found if each.lane is Lane.MANUAL)

    known = {lookup["id"] for lookup in bundle["lookups"]}
    assert not known & set(sent)
    for request in bundle["requests"]:
        assert set(request["needs"]) <= known, request
        assert set(references(request)) <= known, request
        assert set(re.findall(r"\{(.*?)\}", request["path"])) <= set(request["needs"])
        fits(request)
        known.add(request["id"])
    every = {*ids, *known}
    for change in compilation.changes:
        assert change.object in every
        assert set(re.findall(r"\{(.*?)\}", change.path)) <= every
        assert set(references_of(change)) <= every
        fits_later(change)
    nothing_is_asked_for_too_early(compilation)
    speaks_to_people(compilation)
    nobody_s_own_list_leaves_out_or_adds_a_step(compilation)


def nobody_s_own_list_leaves_out_or_adds_a_step(compilation: Book) -> None:
    """What the list of everybody asks of a client, the client's own asks, and nothing else but
    that its row be imported and its requests be sent.
    """
    every, rows = each_step(steps(compilation)), rows_of_steps(compilation)
    own_lists = own_steps(compilation)
    asked: dict[str, list[str]] = {client: [] for client in own_lists}
    for step, row in zip(every, rows, strict=True):
        if row["client"]:
            asked[row["client"]].append(step)
    for client, text in own_lists.items():
        own = each_step(text)
        further = [one for one in own if one.startswith(("Send this client's", "Import the row"))]
        assert sorted([*asked[client], *further]) == sorted(own), client
        assert not {row["deed"] for row in rows}.isdisjoint({"send", "import"}) or not further
    assert {view.client.name for views in compilation.families for view in views} == asked.keys()


def made_by_hand(compilation: Book) -> list[str]:
    found = files(checklist, compilation)
    numbers = re.findall(r"(?m)^- \[ \] \*\*(\d+)\.\*\* ", found["autotask/checklist.md"])
    assert numbers == [str(n + 1) for n in range(len(numbers))]
    rows = list(csv.DictReader(io.StringIO(found["autotask/steps.csv"], newline="")))
    assert [row["step"] for row in rows] == numbers
    # The billing dashboard is no object of the book: nothing of it can be read.
    return [row["object"] for row in rows if row["deed"] == "make" and row["object"]]


def imported_names(compilation: Book) -> list[str]:
    return sorted(
        row["[required] Name"]
        for text in files(autotask_import, compilation).values()
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def references_of(change: Change) -> list[str]:
    return references(json.loads(written(change.body or {})))


def fits_later(change: Change) -> None:
    """The request of a later step holds what its entity takes on creation, or on an update."""
    if change.method == "POST":
        fits({"id": change.object, "path": change.path, "body": json_of(change)})
    elif change.method == "PATCH":
        entity = entity_of(change.path)
        assert entity.updates
        body = json_of(change)
        assert body.pop("id") == {"$ref": change.object}
        assert body
        for name, value in body.items():
            assert not entity.fields[name].fixed
            takes(entity, name, value)
    elif change.method:
        assert change.method == "DELETE"
        assert entity_of(re.sub(r"/\{[^{}]*\}$", "", change.path)).deletes
    assert bool(change.path) == bool(change.method)


def json_of(change: Change) -> dict[str, Any]:
    assert change.body is not None
    found: dict[str, Any] = json.loads(written(change.body), parse_float=Decimal)
    return found


def nothing_is_asked_for_too_early(compilation: Book) -> None:
    """Whoever goes through the checklist from top to bottom has what each step builds upon."""
    known = {each.id: each for each in compilation.objects}
    there: set[str] = set()
    for row in rows_of_steps(compilation):
        if row["deed"] == "import":
            there |= {each.id for each in known.values() if each.lane is Lane.IMPORT}
        elif row["deed"] == "send":
            for each in known.values():
                if each.lane is Lane.API and known.keys() & set(each.needs) <= there:
                    there.add(each.id)
        elif row["deed"] == "make" and row["object"]:
            each = known[row["object"]]
            assert known.keys() & set(each.needs) <= there, each.id
            there.add(each.id)
        elif row["deed"] in ("change", "complete", "look") and row["object"]:
            assert row["object"] in there
    assert there == known.keys()


def speaks_to_people(compilation: Book) -> None:
    """No step speaks of ids, of fields or of what a program sends."""
    text = steps(compilation).partition("## Later steps as requests")[0]
    assert not re.search(r"\$ref|\$picklist|/V1\.0|POST|PATCH|DELETE", text)
    assert not re.search(r"`[a-z_]+:[a-z0-9]", text)
    assert not re.search(r"\b[a-z]+(ID|[a-z]Date|Rate)\b", text)


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        if set(value) == {"$ref"}:
            return [value["$ref"]]
        return [found for inner in value.values() for found in references(inner)]
    return (
        [found for inner in value for found in references(inner)] if isinstance(value, list) else []
    )


JSON_TYPES: dict[Type, type | tuple[type, ...]] = {
    Type.INTEGER: int,
    Type.DECIMAL: (int, Decimal),
    Type.TEXT: str,
    Type.BOOLEAN: bool,
    Type.DAY: str,
}


def fits(request: dict[str, Any]) -> None:
    """The body holds what its entity takes on creation, and nothing else."""
    entity = entity_of(request["path"])
    body = request["body"]
    assert set(body) <= set(entity.fields)
    for name, field in entity.fields.items():
        if name in body:
            takes(entity, name, body[name])
        else:
            assert not field.required, (request["id"], name)


def takes(entity: Entity, name: str, value: Any) -> None:
    """A value is one that a field takes."""
    field = entity.fields[name]
    if field.refers_to:
        assert set(value) == {"$ref"}
    elif field.picklist and isinstance(value, dict):
        [(key, (owner, owned, label))] = value.items()
        assert (key, owner, owned) == ("$picklist", entity.name, name)
        assert label
    else:
        assert isinstance(value, JSON_TYPES[field.type])
        assert isinstance(value, bool) == (field.type is Type.BOOLEAN)
    if field.longest is not None:
        assert len(value) <= field.longest
    if field.type is Type.DAY:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", value)


def entity_of(path: str) -> Entity:
    parent, _, segment = path.removeprefix("/V1.0/").rpartition("/")
    parent = parent.partition("/")[0]
    [found] = [e for e in ENTITIES.values() if (e.segment, e.parent) == (segment, parent)]
    return found
