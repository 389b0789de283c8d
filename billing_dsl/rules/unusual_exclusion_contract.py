"""BD314."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import ContractType
from billing_dsl.rules import rule

UNUSUAL = frozenset({ContractType.FIXED_PRICE, ContractType.RETAINER, ContractType.PER_TICKET})


@rule("BD314", Severity.WARNING)
def unusual_exclusion_contract(client: ClientCoverage) -> Iterator[Finding]:
    """A contract of a type that nobody is known to use as an exclusion contract.

    Recurring service, block hours and time and materials are seen as exclusion contracts in
    practice. Fixed price, retainer and per ticket are accepted here, but try it in the tenant
    before you rely on it.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: visits
          - name: visits
            type: retainer
            retainers: [{amount: 2000.00, start: 2027-01-01, end: 2027-12-31}]
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: visits
            type: retainer
            retainers: [{amount: 2000.00, start: 2027-01-01, end: 2027-12-31}]
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    contracts = client.family.book.contracts
    if not any(contract.type in UNUSUAL for contract in contracts.values()):
        return
    for contract in client.contracts:
        told: set[str] = set()
        for phase in contract.phases:
            target = contracts.get(phase.falls_to)
            if target is None or not phase.excludes or target.type not in UNUSUAL:
                continue
            if target.id in told:
                continue
            told.add(target.id)
            kind = target.type.value.replace("_", " ")
            tier = phase.tier
            yield Finding(
                contract.place_of_link(phase),
                f"`{contract.name}` falls to `{target.name}`, a {kind} contract",
                label="not seen as an exclusion contract in practice",
                help="try it in the tenant, then accept it with a waiver",
                related=(Label(target.place, f"`{target.name}` is a {kind} contract"),),
                subject=contract.agreement.subject if tier is None else tier.tier.subject,
                reached=client.reach(contract.agreement),
                assumption="unusual-exclusion-contract-types",
            )
