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

from billing_dsl.targets._autotask import ENTITIES, Type
from billing_dsl.targets._lanes import Lane
from billing_dsl.targets.autotask_import import autotask_import
from billing_dsl.targets.autotask_requests import autotask_requests
from billing_dsl.targets.checklist import checklist
from tests.oracle.strategies import FIRST, LAST, catalogues
from tests.unit.targets.compiling import (
    Compiled,
    every_change,
    every_object,
    files,
    of_documents,
    shipped,
)

DAYS = (date(2025, 1, 1), date(2026, 6, 30), date(2027, 1, 15), date(2028, 3, 1), date(2031, 1, 1))


@pytest.mark.parametrize("lane", ["import", "api"])
@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_shipped_catalogue_keeps_the_law(as_of: date, lane: str) -> None:
    keeps_the_law(shipped(as_of, lane))


@given(catalogues(), st.dates(FIRST, LAST))
def test_any_catalogue_keeps_the_law(documents: list[dict[str, Any]], as_of: date) -> None:
    keeps_the_law(of_documents(documents, as_of))


def keeps_the_law(compilation: Compiled) -> None:
    found = every_object(compilation)
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
    for change in every_change(compilation):
        assert change.object in every
        assert set(re.findall(r"\{(.*?)\}", change.path)) <= every


def made_by_hand(compilation: Compiled) -> list[str]:
    [text] = files(checklist, compilation).values()
    numbers = re.findall(r"(?m)^- \[ \] \*\*(\d+)\.\*\* ", text)
    assert numbers == [str(n + 1) for n in range(len(numbers))]
    return re.findall(r"(?m)^- \[ \] .* — makes `([^`]+)`$", text)


def imported_names(compilation: Compiled) -> list[str]:
    return sorted(
        row["[required] Name"]
        for text in files(autotask_import, compilation).values()
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


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
        if name not in body:
            assert not field.required, (request["id"], name)
            continue
        value = body[name]
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


def entity_of(path: str) -> Any:
    parent, _, segment = path.removeprefix("/V1.0/").rpartition("/")
    parent = parent.partition("/")[0]
    [found] = [e for e in ENTITIES.values() if (e.segment, e.parent) == (segment, parent)]
    return found
