"""Clients that cannot be looked at alone: parents, subsidiaries, and whoever links to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client


@dataclass(frozen=True, slots=True)
class Family:
    """Clients whose contracts may reach each other, with their agreements; mostly one client."""

    clients: tuple[Client, ...]
    agreements: tuple[Agreement, ...]


def grouped(clients: Iterable[str], ties: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Clients in families by their ties, two clients each, in order of each family's first name.

    A tie to somebody who is no client counts for nothing.
    """
    head = {name: name for name in clients}
    for one, other in ties:
        if one in head and other in head:
            first, second = sorted((_head(head, one), _head(head, other)))
            head[second] = first
    members: dict[str, list[str]] = {}
    for name in sorted(head):
        members.setdefault(_head(head, name), []).append(name)
    return tuple(tuple(found) for _, found in sorted(members.items()))


def _head(head: Mapping[str, str], name: str) -> str:
    while head[name] != name:
        name = head[name]
    return name
