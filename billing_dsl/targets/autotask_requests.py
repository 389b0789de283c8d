"""The API lane: every request in the order in which it can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from billing_dsl.targets._lanes import BookObject, Lane, SharedLanes, lanes
from billing_dsl.targets._values import encoded, written

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

    `lookups` are the objects that requests and the checklist's dated steps refer to and that no
    request makes, each with the key by which it is looked up; `lane` says who makes it, and is
    `tenant` for what every tenant has.
    """
    return _Requests(compilation)


class _Requests(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._lanes = lanes(compilation)

    def of_family(self, views: Views) -> Iterator[Passage]:
        for client in self._lanes.of_family(views):
            name = client.short.client
            yield Passage(name, COMPANIES, _lines(map(_request, _sent(client.companies))))
            yield Passage(name, CONTRACTS, _lines(map(_request, _sent(client.objects))))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        found = self._lanes.of_all(everybody)
        yield Assembled(PATH, self._file(found, everybody), "requests")

    def _file(self, found: SharedLanes, everybody: Everybody) -> Iterator[bytes | Passages]:
        yield b'{"version": 1,\n "requests": ['
        yield from _elements(
            [_lines(map(_request, _sent(found.lists)))],
            everybody.passages(COMPANIES),
            [_lines(map(_request, _sent(found.sets)))],
            everybody.passages(CONTRACTS),
        )
        yield b'],\n "lookups": ['
        known = lookups(found, everybody)
        yield from _elements([_lines(known[object_id] for object_id in sorted(known))])
        yield b"]}\n"


def _sent(objects: Iterable[BookObject]) -> Iterator[BookObject]:
    return (each for each in objects if each.lane is Lane.API)


def _lines(objects: Iterable[str]) -> bytes:
    """JSON objects, one to a line: what changes in a review is what changed."""
    return encoded(",\n  ".join(objects))


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


def _request(found: BookObject) -> str:
    return (
        f'{{"id": {written(found.id)}, "lane": "api", "method": "POST",'
        f' "path": {written(path(found.entity, found.parent))}, "body": {written(found.body)},'
        f' "key": {written(found.key)}, "needs": {written(found.needs)}}}'
    )


def lookups(found: SharedLanes, everybody: Everybody) -> dict[str, str]:
    """What requests and dated steps refer to and no request makes, by id: what is said of each."""
    shared = (*found.lists, *found.sets)
    sent = {each.id for each in shared if each.lane is Lane.API}
    others = {each.id: each for each in shared if each.id not in sent}
    asked = {object_id for client in everybody.in_short for object_id in client.asked.wanted}
    wanted = wanted_by(_sent(shared), found.changes, asked, others) - sent
    known = {object_id: lookup(object_id, others.get(object_id)) for object_id in wanted}
    for client in everybody.in_short:
        known.update(client.lookups)
    return known
