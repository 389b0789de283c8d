"""A client in short: what the files that all clients share have to know of each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetInUse:
    """An exclusion set that contracts carry: what it is called, what it excludes, and whose it is.

    `tier`, `contract` and `own` say from which tier it comes and for which contract of it; whether
    it is one agreement's own.
    """

    id: str
    name: str
    work_types: tuple[str, ...]
    roles: tuple[str, ...]
    sub_issues: tuple[str, ...]
    tier: str = ""
    contract: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """How many contracts carry a set, over all time; whether one does on the day or later."""

    set: SetInUse
    contracts: int
    standing: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client's objects ask of the tenant's lists, and of what clients share.

    `contract_types` are those of contracts that have not ended, `every_type` of all. `picks` are
    entity, field and label of each value of a list. `wanted` are the ids that requests and dated
    steps refer to and that the family does not have. `needed` are objects that clients share and
    that a person has to make before requests of the family can be sent.
    """

    tax_region: str
    contract_types: tuple[str, ...]
    every_type: tuple[str, ...]
    categories: tuple[str, ...]
    setup_fee: bool
    picks: tuple[tuple[str, str, str], ...]
    wanted: tuple[str, ...]
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InShort:
    """One client in short: small and plain, so that it can be kept.

    `requests` count those that are made at its turn, by the stage at which they can be sent; `rows`
    are those of its import file, `incomplete` the ones that cannot say all. `wanted` are the ids of
    its family's objects that requests and dated steps refer to and that no request makes. `lookups`
    are those of them that it has: the id, what is said of each, and what it is looked up by itself.
    """

    client: str
    asked: Asked
    sets: tuple[Carried, ...]
    requests: tuple[tuple[int, int], ...]
    rows: int
    incomplete: int
    ended: int
    wanted: tuple[str, ...]
    lookups: tuple[tuple[str, str, tuple[str, ...]], ...]
