"""Clients that cannot be looked at alone: parents, subsidiaries, and whoever links to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client


@dataclass(frozen=True, slots=True)
class Family:
    """Clients whose contracts may reach each other, with their agreements; mostly one client."""

    clients: tuple[Client, ...]
    agreements: tuple[Agreement, ...]


def families(clients: Sequence[Client], agreements: Sequence[Agreement]) -> tuple[Family, ...]:
    """All clients in families, in order of each family's first client by name.

    Agreements of clients that nobody declares belong to no family.
    """
    known = {client.name for client in clients}
    signed: dict[str, list[Agreement]] = {}
    owner: dict[str, str] = {}
    for agreement in agreements:
        signed.setdefault(agreement.client, []).append(agreement)
        owner[agreement.name] = agreement.client
    head = {name: name for name in known}
    for first, second in (*_parents(clients), *_links(agreements, owner)):
        if first in known and second in known:
            one, other = sorted((_head(head, first), _head(head, second)))
            head[other] = one
    members: dict[str, list[Client]] = {}
    for client in sorted(clients, key=lambda client: client.name):
        members.setdefault(_head(head, client.name), []).append(client)
    return tuple(
        Family(
            tuple(found),
            tuple(
                agreement
                for client in found
                for agreement in sorted(signed.get(client.name, ()), key=lambda a: a.name)
            ),
        )
        for _, found in sorted(members.items())
    )


def _head(head: Mapping[str, str], name: str) -> str:
    while head[name] != name:
        name = head[name]
    return name


def _parents(clients: Iterable[Client]) -> Iterable[tuple[str, str]]:
    return ((client.name, client.parent) for client in clients if client.parent)


def _links(agreements: Iterable[Agreement], owner: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for agreement in agreements:
        for contract in agreement.contracts:
            other, slash, _ = (contract.falls_to or "").partition("/")
            if slash and owner.get(other, agreement.client) != agreement.client:
                yield agreement.client, owner[other]
