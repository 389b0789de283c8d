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
    """What a client's objects ask of the tenant's lists and of what clients share.

    `picks` are entity, field and label of each value of a list; `wanted` are the ids of objects
    that the family does not have, or that the tenant has.
    """

    tax_region: str
    contract_types: tuple[str, ...]
    categories: tuple[str, ...]
    setup_fee: bool
    picks: tuple[tuple[str, str, str], ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InShort:
    """One client in short: small and plain, so that it can be kept.

    `requests`, `rows` and `by_hand` count the objects of each lane that are made at its turn;
    `incomplete` are the rows of import files that cannot say all. `lookups` are the objects of its
    family that its requests refer to and that none makes: the id, and what is said of each.
    """

    client: str
    asked: Asked
    sets: tuple[Carried, ...]
    requests: int
    rows: int
    incomplete: int
    by_hand: int
    ended: int
    lookups: tuple[tuple[str, str], ...]
