"""BD507."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.rules import rule
from billing_dsl.rules._sets import MOST_SETS, active_sets

MANY = MOST_SETS // 2
"""From so many sets in use on, each that exists for an exception is spoken of."""


@rule("BD507", Severity.NOTE)
def own_set(portfolio: Portfolio) -> Iterator[Finding]:
    """An exclusion set that could be spared: the same as another, or made for one exception.

    A tenant may have 100 active sets, and two with the same content use up two of them. Autotask
    cannot take an exclusion back for one contract, so an exception that widens cover needs a set
    of its own; once half of the 100 are in use, each of those is listed.

    Fails:

        kind: exclusion_set
        name: classic
        title: Classic
        work_types: [onsite-support]
        ---
        kind: exclusion_set
        name: remote-only
        title: Remote only
        work_types: [onsite-support]

    Passes:

        kind: exclusion_set
        name: classic
        title: Classic
        work_types: [onsite-support]
        ---
        kind: exclusion_set
        name: remote-only
        title: Remote only
        work_types: [onsite-support, out-of-hours-support]
    """
    active = active_sets(portfolio)
    used = f"{len(active)} of {MOST_SETS} sets are in use"
    first: dict[Exclusions, ExclusionSet] = {}
    for declared in portfolio.shared.catalogue.all(ExclusionSet):
        excludes = Exclusions(declared.work_types, declared.roles, declared.sub_issues)
        known = first.setdefault(excludes, declared)
        if known is not declared and excludes:
            yield Finding(
                declared.at("name"),
                f"exclusion sets `{known.name}` and `{declared.name}` exclude the same",
                label="the same again",
                help=f"use one of them for both; {used}",
                related=(Label(known.at("name"), "the other set"),),
                subject=declared.subject,
            )
    if len(active) <= MANY:
        return
    for name, use in active.items():
        if use.own:
            tier = portfolio.shared.tiers[use.tier]
            yield Finding(
                tier.contracts_from.at("contracts", use.contract, "name"),
                f"exclusion set `{name}` exists for an exception",
                label="an exception widens what this contract takes",
                help=f"consider a tier that has it, for those who need it; {used}",
                subject=tier.tier.subject,
                reached=tuple(portfolio.agreements_with(name)),
            )
