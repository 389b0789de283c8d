"""BD323."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE, ContractType
from billing_dsl.kinds.work_type import BillingClass, WorkType
from billing_dsl.rules import _tiers, rule


@rule("BD323", Severity.NOTE)
def class_contradicted(declared: Declared) -> Iterator[Finding]:
    """A work type that most tiers treat against its billing class.

    `core` work is normally included and `baseline` work is almost always billed separately. Looked
    at are the newest versions of tiers with a recurring service, for others include nothing, and
    only where there are two such tiers at least. Work that is never billed is left aside.

    Fails:

        kind: tier
        name: silver
        version: 1
        effective: 2027-01-01
        title: Silver
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, out-of-hours-support: recurring}
        ---
        kind: tier
        name: gold
        version: 1
        effective: 2027-01-01
        title: Gold
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, out-of-hours-support: recurring}

    Passes:

        kind: tier
        name: silver
        version: 1
        effective: 2027-01-01
        title: Silver
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, out-of-hours-support: hourly}
        ---
        kind: tier
        name: gold
        version: 1
        effective: 2027-01-01
        title: Gold
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, out-of-hours-support: recurring}
    """
    tiers = _with_recurring_service(declared)
    if len(tiers) < 2:
        return
    for work_type in declared.shared.work_types:
        billing_class = work_type.billing_class
        if billing_class is BillingClass.EDGE or not work_type.billable:
            continue
        wanted = billing_class is BillingClass.CORE
        against = [tier for tier in tiers if _included(tier, work_type) is (not wanted)]
        if 2 * len(against) > len(tiers):
            yield _finding(work_type, against, len(tiers))


def _with_recurring_service(declared: Declared) -> tuple[EffectiveTier, ...]:
    """The newest version of each tier today, of those that include work at all."""
    return tuple(
        tier
        for tier in _tiers.newest(declared.shared, declared.as_of)
        if any(terms.type is ContractType.RECURRING_SERVICE for terms in tier.contracts.values())
    )


def _included(tier: EffectiveTier, work_type: WorkType) -> bool | None:
    """Whether a recurring service of a tier includes a work type; None where it is undecided."""
    end = tier.scope.get(work_type.name)
    if end is None:
        return None
    return end != NOWHERE and tier.contracts[end].type is ContractType.RECURRING_SERVICE


def _finding(work_type: WorkType, against: list[EffectiveTier], count: int) -> Finding:
    core = work_type.billing_class is BillingClass.CORE
    way = "not included" if core else "included"
    return Finding(
        work_type.at("billing_class"),
        f"{work_type.billing_class.value} work type `{work_type.name}` is {way} in "
        f"{len(against)} of {count} tiers",
        label="core work is normally included"
        if core
        else "baseline work is almost always billed separately",
        help="change its billing class: `edge` is what depends on the tier; or mend the tiers",
        related=tuple(
            Label(tier.place_of_end("scope", work_type.name), f"{way} in `{tier.key}`")
            for tier in against
        ),
        subject=work_type.subject,
    )
