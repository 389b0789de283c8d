"""BD414."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.tier import Tier
from billing_dsl.rules import rule


@rule("BD414", Severity.ERROR)
def same_effective(declared: Declared) -> Iterator[Finding]:
    """Two versions of a tier that are effective from the same day.

    An agreement that follows the tier without naming a version takes the one effective on each
    day; of two it could be either.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: tier
        name: bronze
        version: 2
        effective: 2027-01-01
        title: Bronze
        extends: bronze@1

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: tier
        name: bronze
        version: 2
        effective: 2028-01-01
        title: Bronze
        extends: bronze@1
    """
    first: dict[tuple[str, date], Tier] = {}
    tiers = declared.shared.catalogue.all(Tier)
    for tier in sorted(tiers, key=lambda tier: (tier.name, tier.version)):
        known = first.setdefault((tier.name, tier.effective), tier)
        if known is not tier:
            yield Finding(
                tier.at("effective"),
                f"`{tier.key}` is effective from the same day as `{known.key}`: {tier.effective}",
                label="the first day on which this version may be used",
                help="let the later version begin on a later day",
                related=(Label(known.at("effective"), f"`{known.key}` begins here"),),
                subject=tier.subject,
            )
