"""BD321."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import assert_never

from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.work_type import (
    Fixed,
    Flat,
    Plus,
    RateMethod,
    RoleRate,
    Times,
    WorkType,
)
from billing_dsl.rules import rule

ENOUGH_STRUCTURES = 3
"""Clients whose work is routed in so many different ways tell enough even without two tiers."""


@rule("BD321", Severity.NOTE)
def merge_candidates(portfolio: Portfolio) -> Iterator[Finding]:
    """Work types that no agreement tells apart.

    In every agreement, on every day, from every contract, they end in the same place, and nothing
    that decides an invoice differs: rate, billable or not, minimum and maximum hours, after-hours
    type, tax category, ledger, external number, billing class, first day. No declared tier or
    exclusion set tells them apart either. One work type would do for all of them; where a report
    needs them apart, a `ledger` of their own says so.

    A catalogue has to make differences before it can lack some: nothing is said before two tiers
    are in use, or clients' work is routed in three different ways.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: work_type
        name: phone-support
        title: Help by Telephone
        billing_class: core
        description: Talking a user through a problem.
        ---
        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: recurring, type: recurring_service, services: [seat]}
          - {name: hourly, type: time_and_materials}
        scope:
          remote-support: recurring
          phone-support: recurring
          onsite-support: hourly
        ---
        kind: tier
        name: ad-hoc
        version: 1
        effective: 2027-01-01
        title: Ad Hoc
        contracts: [{name: hourly, type: time_and_materials}]
        scope:
          remote-support: hourly
          phone-support: hourly
          onsite-support: hourly
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        services: {seat: 12}
        ---
        kind: agreement
        name: globex-2027
        client: globex
        start: 2027-01-01
        end: 2027-12-31
        tier: ad-hoc@1
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: recurring, type: recurring_service, services: [seat]}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: hourly}
        ---
        kind: tier
        name: ad-hoc
        version: 1
        effective: 2027-01-01
        title: Ad Hoc
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly, onsite-support: hourly}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        services: {seat: 12}
        ---
        kind: agreement
        name: globex-2027
        client: globex
        start: 2027-01-01
        end: 2027-12-31
        tier: ad-hoc@1
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    if not portfolio.complete or not _makes_differences(portfolio):
        return
    work_types = portfolio.shared.work_types
    alike = _after_hours_too(work_types, _alike(portfolio))
    groups: dict[int, list[WorkType]] = {}
    for work_type in work_types:
        groups.setdefault(alike[work_type.name], []).append(work_type)
    for first, *others in groups.values():
        if others:
            names = [member.name for member in (first, *others)]
            yield Finding(
                first.at("name"),
                f"no agreement tells work types {listed(names, most=len(names))} apart",
                label="routed and billed like the others, everywhere",
                help=f"merge them: {len(groups)} of the {len(work_types)} work types are enough; "
                "or give each a `ledger`, if your books need them apart",
                related=tuple(
                    Label(other.at("name"), "the same in all but name") for other in others
                ),
                subject=first.subject,
            )


def _makes_differences(portfolio: Portfolio) -> bool:
    """Whether enough different things are sold to expect that each work type serves to tell them
    apart.
    """
    tiers = {key.partition("@")[0] for facts in portfolio.facts for key in facts.tiers}
    if len(tiers) >= 2:
        return True
    return len({facts.signatures for facts in portfolio.facts}) >= ENOUGH_STRUCTURES


def _alike(portfolio: Portfolio) -> Mapping[str, int]:
    """The class of each work type: equal where routing and billing are, but for after hours."""
    shared = portfolio.shared
    signatures = sorted({s for facts in portfolio.facts for s in facts.signatures})
    sets = shared.catalogue.all(ExclusionSet)
    classes: dict[Hashable, int] = {}
    return {
        work_type.name: classes.setdefault(
            (
                tuple(signature[position] for signature in signatures),
                tuple(tier.scope.get(work_type.name) for tier in shared.tiers.values()),
                tuple(work_type.name in declared.work_types for declared in sets),
                _method(work_type.rate),
                work_type.billable,
                work_type.minimum_hours,
                work_type.maximum_hours,
                work_type.tax_category,
                work_type.external_number,
                work_type.ledger,
                work_type.billing_class,
                work_type.start,
            ),
            len(classes),
        )
        for position, work_type in enumerate(shared.work_types)
    }


def _method(rate: RateMethod) -> Hashable:
    """A rate method, equal where it makes equal amounts of equal rates."""
    match rate:
        case RoleRate():
            return "role"
        case Times(factor):
            return "times", factor
        case Plus(price) | Fixed(price) | Flat(price):
            steps = ((step.start, frozenset(step.amounts.items())) for step in price.steps)
            return type(rate).__name__, tuple(steps)
        case unexpected:
            assert_never(unexpected)


def _after_hours_too(
    work_types: tuple[WorkType, ...], alike: Mapping[str, int]
) -> Mapping[str, int]:
    """The classes, parted until equal ones go on alike after hours: the fewest there are."""
    while True:
        classes: dict[Hashable, int] = {}
        parted = {
            work_type.name: classes.setdefault(
                (alike[work_type.name], alike.get(work_type.after_hours)), len(classes)
            )
            for work_type in work_types
        }
        if len(classes) == len(set(alike.values())):
            return parted
        alike = parted
