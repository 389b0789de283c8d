"""BD533."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.tier import Tier
from billing_dsl.rules import rule

RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
"""What Windows keeps for devices: no file and no folder can be called so, in no capitals."""


@rule("BD533", Severity.ERROR)
def reserved_name(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """A client, agreement or tier with a name that Windows keeps for itself.

    The documents of a client stand in folders that are called by the client and the agreement.
    Windows makes no file and no folder called `con`, `prn`, `aux`, `nul`, `com1` to `com9` or
    `lpt1` to `lpt9`: these once were the names of devices. Titles and legal names are free.

    Fails:

        kind: client
        name: aux
        legal_name: Aux S.r.l.

    Passes:

        kind: client
        name: aux-milano
        legal_name: Aux S.r.l.
    """
    named: tuple[Client | Agreement | Tier, ...]
    if isinstance(view, Declared):
        named = view.shared.catalogue.all(Tier)
    else:
        book = view.family.book
        own = (found for found in book.agreements if found.client == view.client.name)
        named = (view.client, *own)
    for declaration in named:
        if declaration.name in RESERVED:
            yield Finding(
                declaration.at("name"),
                f"Windows has no files and folders called `{declaration.name}`",
                label=f"this {declaration.KIND} gives its name to some",
                help=f"call it otherwise, as in `{declaration.name}-1`, and mend what names it",
                subject=declaration.subject,
            )
