"""BD430."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD430", Severity.WARNING)
def misdated_tier(client: ClientCoverage) -> Iterator[Finding]:
    """A dated list of tiers that does not begin with its agreement, or goes on after its end.

    Every day of an agreement is on some tier: the first of the list holds from the agreement's
    first day whatever its own, and one that begins earlier or too late says what never happens.

    Fails:

        kind: tier
        name: silver
        version: 1
        title: Silver
        effective: 2026-01-01
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        tier: [{from: 2027-04-01, tier: silver@1}]
        start: 2027-01-01
        end: 2027-12-31

    Passes:

        kind: tier
        name: silver
        version: 1
        title: Silver
        effective: 2026-01-01
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        tier: [{from: 2027-01-01, tier: silver@1}]
        start: 2027-01-01
        end: 2027-12-31
    """
    for agreement in client.family.book.agreements:
        if not agreement.tiers or agreement.tiers[0].position is None:
            continue
        if agreement.client != client.client.name:
            continue
        life = agreement.life
        for order, choice in enumerate(agreement.tiers):
            late = not order and choice.start > life.start
            if not late and life.start <= choice.start <= life.end:
                continue
            begins = late or choice.start < life.start
            edge = agreement.at("start") if begins else agreement.place_of_end
            if choice.start > life.end:
                message, label = f"after the agreement ends on {life.end}", "never comes"
            elif choice.start < life.start:
                message, label = f"before the agreement on {life.start}", "too early"
            else:
                message = f"after the agreement has begun on {life.start}"
                label = "holds from the agreement's first day all the same"
            yield Finding(
                agreement.at("tier", choice.position or 0, "from"),
                f"tier `{choice.written}` begins on {choice.start}, {message}",
                label=label,
                help=f"let the list begin on {life.start} and keep to the agreement's days",
                related=(Label(edge, "the agreement begins" if begins else "the agreement ends"),),
                subject=agreement.subject,
                reached=client.reach(agreement),
            )
