"""The API lane: every request in the order in which it can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap

from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._autotask import path
from billing_dsl.targets._lanes import BookObject, Lane, Lanes, lanes
from billing_dsl.targets._values import joined, references, written

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
    needs = [each.needs for each in requests]
    known = lookups(found, requests, needs)
    parts = (
        b'{"version": 1,\n "requests": [',
        *_one_to_a_line(map(_request, requests, needs)),
        b'],\n "lookups": [',
        *_one_to_a_line(starmap(_lookup, known.items())),
        b"]}\n",
    )
    yield Artifact(PATH, b"".join(parts), "requests")


def _one_to_a_line(objects: Iterable[str]) -> Iterator[bytes]:
    """JSON objects, one to a line: what changes in a review is what changed."""
    begun = False
    for part in joined(objects, ",\n  "):
        yield part if begun else b"\n  " + part
        begun = True
    if begun:
        yield b"\n "


def _request(found: BookObject, needs: Sequence[str]) -> str:
    return (
        f'{{"id": {written(found.id)}, "lane": "api", "method": "POST",'
        f' "path": {written(path(found.entity, found.parent))}, "body": {written(found.body)},'
        f' "key": {written(found.key)}, "needs": {written(needs)}}}'
    )


def lookups(
    found: Lanes, requests: Sequence[BookObject], needs: Iterable[Sequence[str]]
) -> Mapping[str, BookObject | None]:
    """What requests and dated steps refer to and no request makes, by id; None is the tenant's."""
    sent = {each.id for each in requests}
    others = {each.id: each for each in found.objects if each.id not in sent}
    wanted = {object_id for needed in needs for object_id in needed}
    for each in requests:
        wanted.update(references(each.key))
    for change in found.changes:
        if change.body is not None:
            wanted.update(references(change.body))
    wanted -= sent
    for object_id in list(wanted):
        if object_id in others:  # what it is looked up by may have to be looked up itself
            wanted.update(references(others[object_id].key))
    return {object_id: others.get(object_id) for object_id in sorted(wanted - sent)}


def _lookup(object_id: str, found: BookObject | None) -> str:
    if found is not None:
        lane, entity, key = found.lane.value, found.entity, found.key
    else:
        kind, _, name = object_id.partition(":")
        entity, field = _TENANTS[kind]
        lane, key = "tenant", {field: name}
    return written({"id": object_id, "lane": lane, "entity": entity, "key": key})


_TENANTS = {
    "country": ("Countries", "countryCode"),
    "currency": ("Currencies", "name"),
    "resource": ("Resources", "email"),
}
"""What every tenant has, and the field by which it is found."""
