"""BD210."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.approval import Approval
from billing_dsl.rules import rule


@rule("BD210", Severity.WARNING)
def repeated_approval(declared: Declared) -> Iterator[Finding]:
    """An approval that asks nothing that another one does not ask already.

    Its effects, tiers and clients are all among those of the other, which asks at any amount that
    this one asks at, demands no shorter notice, and asks the same people. Somebody who relaxes
    this one relaxes nothing, and will not notice.

    Fails:

        kind: approval
        name: cover-taken-away
        effects: [client_loses, rate_up]
        by: [accounts@msp.example, owner@msp.example]
        ---
        kind: approval
        name: raise
        effects: [rate_up]
        above: 500.00
        by: [owner@msp.example]

    Passes:

        kind: approval
        name: cover-taken-away
        effects: [client_loses, rate_up]
        by: [accounts@msp.example]
        ---
        kind: approval
        name: raise
        effects: [rate_up]
        above: 500.00
        by: [owner@msp.example]
    """
    approvals = declared.shared.catalogue.all(Approval)
    for position, one in enumerate(approvals):
        for place, other in enumerate(approvals):
            if one is other or not _asks_all(other, one):
                continue
            if _asks_all(one, other) and position < place:
                continue  # of two that ask the same, the second is told of
            yield Finding(
                one.at("name"),
                f"approval `{one.name}` asks nothing that `{other.name}` does not ask",
                label="without it everything is asked all the same",
                help="remove it, or let it ask somebody else",
                related=(Label(other.at("name"), "this one asks it all"),),
                subject=one.subject,
            )
            break


def _asks_all(other: Approval, one: Approval) -> bool:
    """Whether whatever one approval asks is asked by another as well."""
    return (
        set(one.effects) <= set(other.effects)
        and _among(one.tiers, other.tiers)
        and _among(one.clients, other.clients)
        and (other.above is None or (one.above is not None and one.above >= other.above))
        and {who.casefold() for who in one.by} <= {who.casefold() for who in other.by}
        and (one.notice is None or one.notice == other.notice)
    )


def _among(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    """Whether a choice is within another; nothing chosen is everything."""
    return not those or (bool(these) and set(these) <= set(those))
