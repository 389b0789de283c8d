"""BD203."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.tier import Tier
from billing_dsl.rules import rule


@rule("BD203", Severity.NOTE)
def unused_declaration(portfolio: Portfolio) -> Iterator[Finding]:
    """A tier version, service or exclusion set that nothing uses.

    Whoever reads the catalogue reads it in vain, and a wrong line in it goes unseen. The newest
    version of a tier is an offer, whether anybody has taken it or not, and so are the services in
    it; an older version that no agreement is on and no tier extends has had its day. Nothing is
    said of a kind of which nothing is in use yet: then the catalogue is still being written.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service
        name: old-seat
        title: Managed seat, before 2020
        period: monthly
        price: 35.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service, services: [seat]}]
        services: {seat: 12}

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service, services: [seat]}]
        services: {seat: 12}
    """
    if not portfolio.complete:
        return  # who uses it may lie in the part that could not be read
    yield from _tiers(portfolio)
    yield from _services(portfolio)
    yield from _exclusion_sets(portfolio)


def _tiers(portfolio: Portfolio) -> Iterator[Finding]:
    used = {key for facts in portfolio.facts for key in facts.tiers}
    if not used:
        return
    tiers = portfolio.shared.catalogue.all(Tier)
    extended = {tier.extends for tier in tiers}
    as_of = portfolio.declared.as_of
    newest: dict[str, Tier] = {}
    for tier in sorted(tiers, key=lambda tier: (tier.effective, tier.version)):
        if tier.effective <= as_of:
            newest[tier.name] = tier
    for tier in tiers:
        if tier.key in used or tier.key in extended or tier.effective > as_of:
            continue
        offer = newest[tier.name]
        if offer is not tier:
            yield Finding(
                tier.at("name"),
                f"no agreement is on tier `{tier.key}`, and no tier extends it",
                label="nothing uses this version",
                help=f"remove it: new agreements are on `{offer.key}`",
                subject=tier.subject,
            )


def _services(portfolio: Portfolio) -> Iterator[Finding]:
    sold = {name for facts in portfolio.facts for name in facts.services}
    if not sold:
        return
    for tier in portfolio.shared.tiers.values():
        for terms in tier.contracts.values():
            sold.update(terms.services)
    catalogue = portfolio.shared.catalogue
    bundles = catalogue.all(ServiceBundle)
    for bundle in bundles:
        sold.update(bundle.services)
    for declared in (*catalogue.all(Service), *bundles):
        if declared.name not in sold:
            word = declared.KIND.replace("_", " ")
            yield Finding(
                declared.at("name"),
                f"{word} `{declared.name}` is in no tier and no agreement",
                label="nobody sells it",
                help="remove it, or put it into a tier or an agreement",
                subject=declared.subject,
            )


def _exclusion_sets(portfolio: Portfolio) -> Iterator[Finding]:
    declared = portfolio.shared.catalogue.all(ExclusionSet)
    carried = {use.name for facts in portfolio.facts for use, _ in facts.sets if not use.tier}
    if not any(found.title in carried for found in declared):
        return
    for found in declared:
        if found.title not in carried:
            yield Finding(
                found.at("name"),
                f"no contract carries exclusion set `{found.name}`",
                label="nothing is excluded by it",
                help="remove it, or name it in a contract: `excludes: {set: …}`",
                subject=found.subject,
            )
