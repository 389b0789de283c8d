"""BD205."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Reach, Severity
from billing_dsl.kinds.client import Client
from billing_dsl.rules import rule


@rule("BD205", Severity.ERROR)
def ring_of_parents(client: ClientCoverage) -> Iterator[Finding]:
    """Clients that are each other's parents in a ring.

    A parent's contracts stand open to its subsidiaries. In a ring nobody is at the top, and
    whose agreement comes first cannot be told. Autotask knows one parent organization for each.

    Fails:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        parent: globex
        ---
        kind: client
        name: globex
        legal_name: Globex GmbH
        parent: acme

    Passes:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        ---
        kind: client
        name: globex
        legal_name: Globex GmbH
        parent: acme
    """
    if not client.client.parent:
        return
    ring = _ring(client)
    if ring:
        names = " → ".join(f"`{member.name}`" for member in (*ring, ring[0]))
        yield Finding(
            ring[0].at("parent"),
            f"clients are each other's parents in a ring: {names}"
            if len(ring) > 1
            else f"client `{ring[0].name}` is its own parent",
            label="the ring begins and ends here",
            help="take out the `parent` of the client at the top",
            related=tuple(
                Label(member.at("parent"), f"the parent of `{member.name}` is `{member.parent}`")
                for member in ring[1:]
            ),
            subject=ring[0].subject,
            reached=tuple(sorted((Reach(m.name) for m in ring), key=lambda reach: reach.client)),
        )


def _ring(client: ClientCoverage) -> tuple[Client, ...]:
    """The ring of parents that begins with this client, unless another of it reports the ring."""
    book = client.family.book
    sound = {found.name: found for found in book.clients}
    known = {**sound, **{found.name: found for found in book.left_out}}
    ring: list[Client] = []
    here: Client | None = client.client
    while here is not None and here not in ring:
        ring.append(here)
        here = known.get(here.parent)
    if here is not ring[0] or client.client.name != min(m.name for m in ring if m.name in sound):
        return ()
    return tuple(ring)
