"""What clients ask of the tenant's lists, of what they share, and of what the tenant has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from billing_dsl.targets._changes import Change
from billing_dsl.targets._contracts import Account, set_id
from billing_dsl.targets._in_short import Asked, Carried, InShort, SetInUse
from billing_dsl.targets._objects import BookObject, Lane
from billing_dsl.targets._values import Pick, references, written


def in_short(
    account: Account,
    made: Sequence[BookObject],
    changes: Sequence[Change],
    family: Sequence[BookObject],
    as_of: date,
) -> InShort:
    """A client in short: `made` is what is made at its turn, `family` all that its family has."""
    standing = [contract for contract in account.contracts if contract.life.end >= as_of]
    phases = [phase for contract in standing for phase in contract.phases]
    requests = [each for each in made if each.lane is Lane.API]
    sent = {each.id for each in family if each.lane is Lane.API}
    others = {each.id: each for each in family if each.lane is not Lane.API}
    wanted = wanted_by(requests, changes, (), others) - sent
    picks = {value for each in requests for value in each.body.values() if type(value) is Pick}
    return InShort(
        account.view.client.name,
        Asked(
            account.view.client.tax_region,
            tuple(sorted({contract.type.value for contract in standing})),
            tuple(sorted({phase.terms.category for phase in phases} - {""})),
            any(phase.terms.setup_fee is not None for phase in phases),
            tuple(sorted((pick.entity, pick.field, pick.label) for pick in picks)),
            tuple(sorted(wanted - others.keys())),
        ),
        tuple(_carried(account, as_of)),
        len(requests),
        sum(each.lane is Lane.IMPORT for each in made),
        sum(each.lane is Lane.IMPORT and bool(each.values) for each in made),
        sum(each.lane is Lane.MANUAL for each in made),
        len(account.contracts) - len(standing),
        tuple((name, lookup(name, others[name])) for name in sorted(wanted & others.keys())),
    )


def _carried(account: Account, as_of: date) -> Iterable[Carried]:
    """The exclusion sets of a client's contracts, those of ended ones too."""
    found: dict[str, SetInUse] = {}
    carriers: dict[str, set[str]] = {}
    standing: set[str] = set()
    for contract in account.contracts:
        for phase in contract.phases:
            use = phase.set_use
            if use is None:
                continue
            name = set_id(phase, use)
            if name not in found:
                inner = use.excludes
                found[name] = SetInUse(
                    name,
                    use.name,
                    inner.work_types,
                    inner.roles,
                    inner.sub_issues,
                    use.tier,
                    use.contract,
                    use.own,
                )
            carriers.setdefault(name, set()).add(contract.id)
            if contract.life.end >= as_of and phase.life.end >= as_of:
                standing.add(name)
    return [Carried(use, len(carriers[name]), name in standing) for name, use in found.items()]


def wanted_by(
    requests: Iterable[BookObject],
    changes: Iterable[Change],
    more: Iterable[str],
    others: Mapping[str, BookObject],
) -> set[str]:
    """What requests and dated steps refer to, and `more`, with what these are looked up by.

    `others` are the objects that no request makes.
    """
    wanted = set(more)
    for each in requests:
        wanted.update(each.needs)
        wanted.update(references(each.key))
    for change in changes:
        if change.body is not None:
            wanted.update(references(change.body))
    for object_id in list(wanted):
        if object_id in others:  # what it is looked up by may have to be looked up itself
            wanted.update(references(others[object_id].key))
    return wanted


def lookup(object_id: str, found: BookObject | None) -> str:
    """An object that requests refer to and none makes; None is one that every tenant has."""
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
