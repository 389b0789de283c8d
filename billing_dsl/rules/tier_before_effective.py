"""BD413."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement, TierChoice
from billing_dsl.model.calendar import day_before
from billing_dsl.rules import rule


@rule("BD413", Severity.ERROR)
def tier_before_effective(client: ClientCoverage) -> Iterator[Finding]:
    """An agreement on a tier version before the version's first day.

    `effective` is the first day on which a version may be used: before it the tier was sold on
    other terms, or not at all.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-02-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
    """
    tiers = client.shared.tiers
    for agreement in client.agreements:
        choices = agreement.tiers
        if len(choices) == 1 and choices[0].version is not None:
            tier = tiers[choices[0].written]
            if tier.tier.effective > agreement.life.start:
                yield _finding(client, agreement, choices[0], tier, agreement.life.start)
        elif choices:
            yield from _stepwise(client, agreement)


def _stepwise(client: ClientCoverage, agreement: Agreement) -> Iterator[Finding]:
    """The same for an agreement that changes its tier, or follows a tier's versions."""
    life = agreement.life
    steps = client.shared.expander.steps(agreement)
    ends = [day_before(start) for start, _ in steps[1:]]
    for (start, tier), end in zip(steps, [*ends, life.end], strict=True):
        first = max(start, life.start)
        if first > min(end, life.end) or tier.tier.effective <= first:
            continue
        choice = next(
            (found for found in reversed(agreement.tiers) if found.start <= first),
            agreement.tiers[0],  # it holds from the agreement's first day, whatever it writes
        )
        yield _finding(client, agreement, choice, tier, first)


def _finding(
    client: ClientCoverage,
    agreement: Agreement,
    choice: TierChoice,
    tier: EffectiveTier,
    first: date,
) -> Finding:
    place = agreement.at("tier")
    if choice.position is not None:
        place = agreement.at("tier", choice.position, "tier")
    effective = tier.tier.effective
    return Finding(
        place,
        f"the agreement is on `{choice.written}` from {first}, but "
        + (
            f"`{tier.key}` may be used from {effective} on"
            if choice.version is not None
            else f"its first version `{tier.key}` may be used from {effective} on"
        ),
        label=f"in use from {first}",
        help="name an earlier version, or let the version be effective earlier",
        related=(Label(tier.tier.at("effective"), f"`{tier.key}` begins here"),),
        subject=agreement.subject,
        reached=client.reach(agreement),
    )
