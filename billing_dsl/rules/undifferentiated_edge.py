"""BD322."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import NO_LANDING, Portfolio
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE, ContractType
from billing_dsl.kinds.work_type import BillingClass, WorkType
from billing_dsl.rules import _tiers, rule


@rule("BD322", Severity.NOTE)
def undifferentiated_edge(portfolio: Portfolio) -> Iterator[Finding]:
    """An `edge` work type that is billed alike everywhere.

    Edge work is what one tier contains and another does not. What every declared tier and every
    agreement includes is `core`; what all of them bill separately is `baseline`. Nothing is said
    before two tiers are in use, nor of work that is never billed.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: work_type
        name: user-training
        title: User Training
        billing_class: edge
        description: Teaching people safe habits.
        rate: {method: fixed, rate: 100.00}
        ---
        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: recurring, type: recurring_service, services: [seat]}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, user-training: hourly}
        ---
        kind: tier
        name: ad-hoc
        version: 1
        effective: 2027-01-01
        title: Ad Hoc
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly, user-training: hourly}
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
        kind: work_type
        name: user-training
        title: User Training
        billing_class: edge
        description: Teaching people safe habits.
        rate: {method: fixed, rate: 100.00}
        ---
        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: recurring, type: recurring_service, services: [seat]}]
        scope: {remote-support: recurring, user-training: recurring}
        ---
        kind: tier
        name: ad-hoc
        version: 1
        effective: 2027-01-01
        title: Ad Hoc
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly, user-training: hourly}
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
    used = {key.partition("@")[0] for facts in portfolio.facts for key in facts.tiers}
    if not portfolio.complete or len(used) < 2:
        return
    landings = {landing for facts in portfolio.facts for landing in facts.landings}
    for position, work_type in enumerate(portfolio.shared.work_types):
        if work_type.billing_class is not BillingClass.EDGE or not work_type.billable:
            continue
        ways = {_words(landing[position]) for landing in landings if landing[position]}
        ways |= set(_in_tiers(portfolio, work_type))
        if len(ways) == 1:
            yield _finding(portfolio, work_type, ways.pop())


def _in_tiers(portfolio: Portfolio, work_type: WorkType) -> Iterator[str]:
    """What becomes of a work type in each declared tier that decides it."""
    for tier in portfolio.shared.tiers.values():
        end = tier.scope.get(work_type.name, "")
        if end:
            yield _words(NO_LANDING if end == NOWHERE else tier.contracts[end].type.value)


def _words(landing: str) -> str:
    return _tiers.NO_CONTRACT if landing == NO_LANDING else _tiers.WORDS[ContractType(landing)]


def _finding(portfolio: Portfolio, work_type: WorkType, way: str) -> Finding:
    better = "core" if way == _tiers.WORDS[ContractType.RECURRING_SERVICE] else "baseline"
    tiers = portfolio.shared.tiers.values()
    return Finding(
        work_type.at("billing_class"),
        f"edge work type `{work_type.name}` is {way} in every tier and every agreement",
        label="edge work is what some tiers contain and others do not",
        help=f"write `billing_class: {better}`, or let the tiers differ",
        related=tuple(
            Label(tier.place_of_end("scope", work_type.name), f"{way} in `{tier.key}`")
            for tier in tiers
            if work_type.name in tier.scope
        ),
        subject=work_type.subject,
    )
