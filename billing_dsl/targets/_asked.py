"""What clients ask of the tenant's lists, of what they share, and of what the tenant has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date

from billing_dsl.targets import Views
from billing_dsl.targets._changes import Change
from billing_dsl.targets._contracts import Account, set_id
from billing_dsl.targets._in_short import Asked, Carried, InShort
from billing_dsl.targets._lanes import Lanes
from billing_dsl.targets._objects import BookObject, Lane
from billing_dsl.targets._sending import TENANTS, Request
from billing_dsl.targets._shared import sets_of
from billing_dsl.targets._values import Pick, references, written


def in_short(lanes: Lanes, views: Views) -> Iterator[InShort]:
    """The clients of a family in short."""
    every = lanes.of_family(views)
    family = [each for client in every for each in (*client.companies, *client.objects)]
    sending, staged = lanes.compilation.sending, lanes.stages_of_family(views)
    if sending is None:
        sent = {each.id for each in family if each.lane is Lane.API}
    else:
        sent = {each.id for each in sending.requests}
    others = {each.id: each for each in family if each.id not in sent}
    for client in lanes.left_of_family(views):
        made = (*client.companies, *client.objects)
        requests = [each for each in made if each.lane is Lane.API]
        wanted = wanted_by(requests if sending is None else (), client.changes) - sent
        own = wanted & others.keys()
        shown = others.keys() if sending is not None else own | _behind(own, others)
        picks = {value for each in requests for value in each.body.values() if type(value) is Pick}
        rows = [each for each in made if each.lane is Lane.IMPORT]
        as_of = lanes.compilation.as_of
        standing = [one for one in client.account.contracts if one.life.end >= as_of]
        phases = [phase for contract in standing for phase in contract.phases]
        yield InShort(
            client.name,
            Asked(
                client.account.view.client.tax_region,
                tuple(sorted({contract.type.value for contract in standing})),
                tuple(sorted({contract.type.value for contract in client.account.contracts})),
                tuple(sorted({phase.terms.category for phase in phases} - {""})),
                any(phase.terms.setup_fee is not None for phase in phases),
                tuple(sorted((pick.entity, pick.field, pick.label) for pick in picks)),
                tuple(sorted(wanted - own)),
                tuple(sorted(staged.needed)),
            ),
            tuple(_carried(client.account, as_of)),
            tuple(sorted(Counter(map(staged.of, requests)).items())),
            len(rows),
            sum(bool(each.values) for each in rows),
            len(client.ended),
            tuple(sorted(own)),
            tuple((name, *_lookup(others[name], sent)) for name in sorted(shown)),
        )


def _behind(ids: Iterable[str], others: Mapping[str, BookObject]) -> set[str]:
    """What objects are looked up by, as far as the family has it."""
    return {one for name in ids for one in references(others[name].key)} & others.keys()


def _lookup(found: BookObject, sent: Container[str]) -> tuple[str, tuple[str, ...]]:
    """What is said of an object that is looked up, and what it is looked up by itself."""
    behind = [one for one in references(found.key) if one not in sent]
    return lookup(found.id, found), tuple(behind)


def _carried(account: Account, as_of: date) -> Iterator[Carried]:
    """The exclusion sets of a client's contracts, those of ended ones too."""
    carriers: dict[str, set[str]] = {}
    standing: set[str] = set()
    for contract in account.contracts:
        for phase in contract.phases:
            if phase.set_use is not None:
                name = set_id(phase, phase.set_use)
                carriers.setdefault(name, set()).add(contract.id)
                if contract.life.end >= as_of and phase.life.end >= as_of:
                    standing.add(name)
    for found in sets_of(account):
        yield Carried(found, len(carriers[found.id]), found.id in standing)


def wanted_by(requests: Iterable[BookObject | Request], changes: Iterable[Change]) -> set[str]:
    """What requests and dated steps refer to."""
    wanted: set[str] = set()
    for each in requests:
        wanted.update(each.needs)
        wanted.update(references(each.key))
    for change in changes:
        if change.body is not None:
            wanted.update(references(change.body))
    return wanted


def lookup(object_id: str, found: BookObject | None) -> str:
    """An object that requests refer to and none makes; None is one that every tenant has."""
    if found is not None:
        lane, entity, key = found.lane.value, found.entity, found.key
    else:
        kind, _, name = object_id.partition(":")
        entity, field = TENANTS[kind]
        lane, key = "tenant", {field: name}
    return written({"id": object_id, "lane": lane, "entity": entity, "key": key})
