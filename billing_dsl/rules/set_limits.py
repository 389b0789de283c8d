"""BD502."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Place, Severity
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.rules import rule

MOST = 500
"""The work types, and the roles, that an exclusion set holds (Autotask,
ContractExclusionSetExcludedWorkTypesEntity and …ExcludedRolesEntity)."""


@rule("BD502", Severity.ERROR)
def set_limits(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """An exclusion set with more work types or roles than Autotask takes: 500 of each.

    Fails:

        # 501 times
        kind: role
        name: role-N
        title: Role N
        rate: 85.00
        ---
        kind: exclusion_set
        name: everybody
        title: Everybody
        roles:
          - role-N  # 501 times

    Passes:

        # 20 times
        kind: role
        name: role-N
        title: Role N
        rate: 85.00
        ---
        kind: exclusion_set
        name: everybody
        title: Everybody
        roles:
          - role-N  # 20 times
    """
    if isinstance(view, ClientCoverage):
        yield from _own_sets(view)
        return
    for declared in view.shared.catalogue.all(ExclusionSet):
        excludes = Exclusions(declared.work_types, declared.roles)
        for field, message in _beyond(excludes):
            yield _finding(declared.at(field, key=True), message, declared.subject)
    for tier in view.shared.tiers.values():
        for contract, excludes in tier.exclusions.items():
            for _, message in _beyond(excludes):
                place = tier.contracts_from.at("contracts", contract, "name")
                yield _finding(place, message, tier.tier.subject)


def _own_sets(view: ClientCoverage) -> Iterator[Finding]:
    for contract in view.family.book.contracts.values():
        agreement = contract.agreement
        if not agreement.exceptions or contract.client != view.client.name:
            continue
        for phase in contract.phases:
            if phase.set_use is not None and phase.set_use.own:
                for _, message in _beyond(phase.set_use.excludes):
                    place = agreement.at("exceptions", key=True)
                    finding = _finding(place, message, agreement.subject)
                    yield replace(finding, reached=view.reach(agreement))


def _beyond(excludes: Exclusions) -> Iterator[tuple[str, str]]:
    """The fields that hold too much, each with a sentence."""
    for field, what, names in (
        ("work_types", "work types", excludes.work_types),
        ("roles", "roles", excludes.roles),
    ):
        if len(names) > MOST:
            yield field, f"the exclusion set has {len(names)} {what}, and Autotask takes {MOST}"


def _finding(place: Place, message: str, subject: str) -> Finding:
    return Finding(
        place,
        message,
        label="too many for one set",
        help="exclude fewer, or merge those that are always excluded together",
        subject=subject,
    )
