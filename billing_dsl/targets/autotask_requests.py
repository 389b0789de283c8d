"""The API lane: every request in the order in which it can be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._autotask import path
from billing_dsl.targets._lanes import BookObject, Lane, Lanes, lanes
from billing_dsl.targets._values import Json, encoded, references, written

PATH = "autotask/requests.json"


@target
def autotask_requests(compilation: Compilation) -> Iterator[Artifact]:
    """What Autotask's API is told, in `autotask/requests.json`: one request to a line.

    A request stands after everything that it needs. Values that only the tenant knows are
    `{"$ref": id}`, the number of another object, and `{"$picklist": [entity, field, label]}`.
    `key` are the fields by which the object is found again: look before you send, because nothing
    in Autotask keeps a request from being carried out twice. An adjustment of units cannot be read
    back; its key is the row of `ContractServiceUnits` (`ContractServiceBundleUnits`) that it makes.

    `lookups` are the objects that requests and the checklist's dated steps refer to and that no
    request makes, each with the key by which it is looked up; `lane` says who makes it, and is
    `tenant` for what every tenant has.
    """
    found = lanes(compilation)
    requests = found.of(Lane.API)
    yield Artifact(
        PATH,
        encoded(
            '{"version": 1,\n "requests": ['
            + _lines(_request(each) for each in requests)
            + '],\n "lookups": ['
            + _lines(_lookup(object_id, each) for object_id, each in lookups(found).items())
            + "]}\n"
        ),
        "requests",
    )


def _lines(rows: Iterator[Mapping[str, Json]]) -> str:
    """JSON objects, one to a line: what changes in a review is what changed."""
    found = [f"\n  {written(row)}" for row in rows]
    return ",".join(found) + ("\n " if found else "")


def _request(found: BookObject) -> Mapping[str, Json]:
    return {
        "id": found.id,
        "lane": found.lane.value,
        "method": "POST",
        "path": path(found.entity, found.parent),
        "body": found.body,
        "key": found.key,
        "needs": found.needs,
    }


def lookups(found: Lanes) -> Mapping[str, BookObject | None]:
    """What requests and dated steps refer to and no request makes, by id; None is the tenant's."""
    sent = {each.id for each in found.of(Lane.API)}
    others = {each.id: each for each in found.objects if each.id not in sent}
    wanted: dict[str, None] = {}
    for each in found.of(Lane.API):
        wanted.update(dict.fromkeys(each.needs))
        wanted.update(dict.fromkeys(references(each.key)))
    for change in found.changes:
        wanted.update(dict.fromkeys(references(change.body or {})))
    for object_id in list(wanted):
        if object_id in others:  # what it is looked up by may have to be looked up itself
            wanted.update(dict.fromkeys(references(others[object_id].key)))
    return {found_id: others.get(found_id) for found_id in sorted(set(wanted) - sent)}


def _lookup(object_id: str, found: BookObject | None) -> Mapping[str, Json]:
    if found is not None:
        return {"id": object_id, "lane": found.lane.value, "entity": found.entity, "key": found.key}
    kind, _, name = object_id.partition(":")
    entity, field = _TENANTS[kind]
    return {"id": object_id, "lane": "tenant", "entity": entity, "key": {field: name}}


_TENANTS = {
    "country": ("Countries", "countryCode"),
    "currency": ("Currencies", "name"),
    "resource": ("Resources", "email"),
}
"""What every tenant has, and the field by which it is found."""
