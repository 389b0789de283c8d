"""The API lane: every request in the order in which it can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap

from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._autotask import path
from billing_dsl.targets._lanes import BookObject, Lane, lanes, left
from billing_dsl.targets._sending import TENANTS, Request, Sending
from billing_dsl.targets._values import encoded, joined, references, written

PATH = "autotask/requests.json"


@target
def autotask_requests(compilation: Compilation) -> Iterator[Artifact]:
    """What Autotask's API is told, in `autotask/requests.json`: one request to a line.

    A request stands after everything that it needs. Values that only the tenant knows are
    `{"$ref": id}`, the number of another object, and `{"$picklist": [entity, field, label]}`.
    `key` are the fields by which the object is found again: look before you send, because nothing
    in Autotask keeps a request from being carried out twice. An adjustment of units cannot be read
    back; its key is the row of `ContractServiceUnits` (`ContractServiceBundleUnits`) that it makes.

    With a snapshot of the tenant, what is there is not made again: what differs is changed by
    `PATCH`, and both forms above are left only where the tenant does not have such a thing.
    `tenant` then names the database that the requests are meant for.

    `lookups` are the objects that requests and the checklist's dated steps refer to and that no
    request makes, each with the key by which it is looked up; `lane` says who makes it, and is
    `tenant` for what every tenant has.
    """
    requests = _requests(compilation)
    known = lookups(compilation, requests)
    parts = (
        b'{"version": 1,\n "requests": [',
        *_one_to_a_line(map(_request, requests)),
        b'],\n "lookups": [',
        *_one_to_a_line(starmap(_lookup, known.items())),
        b"]" + _tenant(compilation.sending) + b"}\n",
    )
    yield Artifact(PATH, b"".join(parts), "requests")


def _requests(compilation: Compilation) -> Sequence[Request]:
    """What is sent, in order: without a tenant to look at, all that the API's lane holds."""
    if compilation.sending is not None:
        return compilation.sending.requests
    return [
        Request(each.id, "POST", path(each.entity, each.parent), each.body, each.key, each.needs)
        for each in lanes(compilation).of(Lane.API)
    ]


def _tenant(sending: Sending | None) -> bytes:
    """For which tenant the requests are meant, and as of when, so that no other gets them."""
    if sending is None:
        return b""
    told = written({"database": sending.database, "taken_at": sending.taken_at})
    return encoded(f',\n "tenant": {told}')


def _one_to_a_line(objects: Iterable[str]) -> Iterator[bytes]:
    """JSON objects, one to a line: what changes in a review is what changed."""
    begun = False
    for part in joined(objects, ",\n  "):
        yield part if begun else b"\n  " + part
        begun = True
    if begun:
        yield b"\n "


def _request(found: Request) -> str:
    return (
        f'{{"id": {written(found.id)}, "lane": "api", "method": {written(found.method)},'
        f' "path": {written(found.path)}, "body": {written(found.body)},'
        f' "key": {written(found.key)}, "needs": {written(found.needs)}}}'
    )


def lookups(
    compilation: Compilation, requests: Sequence[Request]
) -> Mapping[str, BookObject | None]:
    """What requests and dated steps refer to and no request makes, by id; None is the tenant's.

    What a tenant is known to have stands with its number, and is not looked up.
    """
    sent = {each.id for each in requests}
    others = {each.id: each for each in lanes(compilation).objects if each.id not in sent}
    wanted = {object_id for each in requests for object_id in each.needs}
    for each in requests:
        wanted.update(references(each.key))
    for change in left(compilation).changes:
        if change.body is not None:
            wanted.update(references(change.body))
    wanted -= sent
    known = compilation.sending.ids if compilation.sending is not None else {}
    for object_id in list(wanted):
        if object_id in others:  # what it is looked up by may have to be looked up itself
            wanted.update(references(others[object_id].key))
    return {object_id: others.get(object_id) for object_id in sorted(wanted - sent - known.keys())}


def _lookup(object_id: str, found: BookObject | None) -> str:
    if found is not None:
        lane, entity, key = found.lane.value, found.entity, found.key
    else:
        kind, _, name = object_id.partition(":")
        entity, field = TENANTS[kind]
        lane, key = "tenant", {field: name}
    return written({"id": object_id, "lane": lane, "entity": entity, "key": key})
