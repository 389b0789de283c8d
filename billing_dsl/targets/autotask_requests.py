"""The API lane: every request in the order in which it can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Passages,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._asked import lookup, wanted_by
from billing_dsl.targets._autotask import path
from billing_dsl.targets._lanes import BookObject, Lane, Lanes, lanes
from billing_dsl.targets._sending import Request, Sending
from billing_dsl.targets._values import encoded, references, written

PATH = "autotask/requests.json"
COMPANIES = f"{PATH}#companies"
CONTRACTS = f"{PATH}#contracts"


@target
def autotask_requests(compilation: Compilation) -> Teller:
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
    return _Requests(compilation)


class _Requests(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._lanes = lanes(compilation)
        self._sending = compilation.sending

    def of_family(self, views: Views) -> Iterator[Passage]:
        if self._sending is None:  # else what is sent is known already, and in which order
            for client in self._lanes.of_family(views):
                yield Passage(client.name, COMPANIES, _lines(_all_made(client.companies)))
                yield Passage(client.name, CONTRACTS, _lines(_all_made(client.objects)))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        yield Assembled(PATH, self._file(everybody), "requests")

    def _file(self, everybody: Everybody) -> Iterator[bytes | Passages]:
        found = self._lanes.of_all(everybody)
        yield b'{"version": 1,\n "requests": ['
        if self._sending is None:
            yield from _elements(
                [_lines(_all_made(found.lists))],
                everybody.passages(COMPANIES),
                [_lines(_all_made(found.sets))],
                everybody.passages(CONTRACTS),
            )
        else:
            yield from _elements(_lines([each]) for each in self._sending.requests)
        yield b'],\n "lookups": ['
        known = lookups(self._lanes, everybody)
        yield from _elements([encoded(",\n  ".join([known[one] for one in sorted(known)]))])
        yield b"]" + _tenant(self._sending) + b"}\n"


def _all_made(objects: Iterable[BookObject]) -> Iterator[Request]:
    """What is sent where nobody has looked at a tenant: all that the API's lane holds."""
    for each in objects:
        if each.lane is Lane.API:
            route = path(each.entity, each.parent)
            yield Request(each.id, "POST", route, each.body, each.key, each.needs)


def _tenant(sending: Sending | None) -> bytes:
    """For which tenant the requests are meant, and as of when, so that no other gets them."""
    if sending is None:
        return b""
    told = written({"database": sending.database, "taken_at": sending.taken_at})
    return encoded(f',\n "tenant": {told}')


def _lines(requests: Iterable[Request]) -> bytes:
    """Requests, one to a line: what changes in a review is what changed."""
    return encoded(",\n  ".join(map(_request, requests)))


def _elements(*parts: Iterable[bytes | Passages]) -> Iterator[bytes | Passages]:
    """Lines as the elements of a list, with a comma between any two of them."""
    begun = False
    for found in chain.from_iterable(parts):
        for lines in found.each() if isinstance(found, Passages) else (found,):
            if not (lines.content if isinstance(lines, Passages) else lines):
                yield lines  # nothing is said of this client: no comma either
                continue
            yield b",\n  " if begun else b"\n  "
            yield lines
            begun = True
    if begun:
        yield b"\n "


def _request(found: Request) -> str:
    return (
        f'{{"id": {written(found.id)}, "lane": "api", "method": {written(found.method)},'
        f' "path": {written(found.path)}, "body": {written(found.body)},'
        f' "key": {written(found.key)}, "needs": {written(found.needs)}}}'
    )


def lookups(lanes: Lanes, everybody: Everybody) -> dict[str, str]:
    """What requests and dated steps refer to and no request makes, by id: what is said of each.

    What a tenant is known to have stands with its number, and is not looked up.
    """
    every, left, sending = (
        lanes.of_all(everybody),
        lanes.left_of_all(everybody),
        lanes.compilation.sending,
    )
    shared = (*every.lists, *every.sets)
    requests: Sequence[Request] = tuple(_all_made(shared)) if sending is None else sending.requests
    sent = {each.id for each in requests}
    known = {each.id: each for each in shared if each.id not in sent}
    behind = {object_id: tuple(references(each.key)) for object_id, each in known.items()}
    told = {object_id: lookup(object_id, each) for object_id, each in known.items()}
    wanted = wanted_by(requests, left.changes)
    for client in everybody.in_short:
        wanted.update(client.asked.wanted, client.wanted)
        for object_id, words, further in client.lookups:
            told[object_id], behind[object_id] = words, further
    wanted -= sent
    for object_id in list(wanted):  # what it is looked up by may have to be looked up itself
        wanted.update(behind.get(object_id, ()))
    wanted -= sent
    if sending is not None:
        wanted -= sending.ids.keys()
    return {object_id: told.get(object_id) or lookup(object_id, None) for object_id in wanted}
