"""BD305."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import Portfolio
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.work_type import BillingClass, WorkType
from billing_dsl.rules import _tiers, rule


@rule("BD305", Severity.ERROR)
def undecided_work_type(portfolio: Portfolio) -> Iterator[Finding]:
    """A work type of which a tier does not say where it ends.

    Nothing excludes it, so Autotask lets the first contract take it: a new work type would be
    included in every tier without anybody having decided so. Every version decides every work
    type, released ones too; a tier that extends another inherits what that one decides.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly}
        ---
        kind: work_type
        name: user-training
        title: User Training
        billing_class: edge
        description: Teaching people safe habits.

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly, user-training: hourly}
        ---
        kind: work_type
        name: user-training
        title: User Training
        billing_class: edge
        description: Teaching people safe habits.
    """
    tiers = portfolio.shared.tiers
    for tier in tiers.values():
        left_out = [found for found in portfolio.shared.work_types if found.name not in tier.scope]
        base = tiers.get(tier.tier.extends)
        if base is not None:  # what the tier it extends leaves out is reported there
            left_out = [found for found in left_out if found.name in base.scope]
        if not left_out:
            continue
        names = [found.name for found in left_out]
        heirs = [heir for heir in tiers.values() if heir.tier.extends == tier.key]
        taken_out = base is not None
        yield Finding(
            tier.tier.at("scope", names[0], key=True)
            if taken_out
            else tier.tier.at("scope", key=True),
            f"tier `{tier.key}` does not say where work type{'s' * (len(names) > 1)} "
            f"{listed(names, most=10)} end{'s' * (len(names) == 1)}",
            label="taken out here" if taken_out else "not among these",
            help=f"add under `scope`, with the contract that is meant: {_lines(tier, left_out)}",
            related=tuple(
                Label(heir.tier.at("extends"), f"`{heir.key}` would inherit the decision")
                for heir in heirs
                if not all(name in heir.scope for name in names)
            ),
            subject=tier.tier.subject,
            reached=_tiers.clients_on(portfolio, {*_undecided(tiers.values(), tier, names)}),
            assumption="new-work-types",
        )


def _undecided(
    tiers: Iterable[EffectiveTier], tier: EffectiveTier, names: list[str]
) -> Iterator[str]:
    """The tier versions that leave one of these work types open because a tier does."""
    for other in tiers:
        if any(name not in other.scope for name in names) and tier.key in _ancestry(other):
            yield other.key


def _ancestry(tier: EffectiveTier | None) -> Iterator[str]:
    while tier is not None:
        yield tier.key
        tier = tier.parent


def _lines(tier: EffectiveTier, left_out: list[WorkType]) -> str:
    """What to write, as a first proposal: core work on the first contract, other on the last."""
    last = (tier.first, *tier.onward(tier.first))[-1]
    return ", ".join(
        f"`{found.name}: {tier.first if found.billing_class is BillingClass.CORE else last}`"
        for found in left_out[:10]
    )
