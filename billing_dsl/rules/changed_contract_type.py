"""BD417."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import ContractType
from billing_dsl.rules import rule

_TYPES = {
    ContractType.RECURRING_SERVICE: "recurring service",
    ContractType.BLOCK_HOURS: "block hours",
    ContractType.TIME_AND_MATERIALS: "time and materials",
    ContractType.FIXED_PRICE: "fixed price",
    ContractType.RETAINER: "retainer",
    ContractType.PER_TICKET: "per ticket",
}


@rule("BD417", Severity.ERROR)
def changed_contract_type(client: ClientCoverage) -> Iterator[Finding]:
    """A contract that keeps its name through a change of tier, but not its type.

    When an agreement moves to another tier, contracts of the same name go on. Autotask fixes a
    contract's type when the contract is made, so the old type would go on as well. Under another
    name the new contract is made beside the old one.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts: [{name: work, type: time_and_materials}]
        scope: {remote-support: work}
        ---
        kind: tier
        name: classic
        version: 1
        effective: 2027-01-01
        title: Classic
        contracts: [{name: work, type: recurring_service, services: [seat]}]
        scope: {remote-support: work}
        ---
        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
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
        tier:
          - {from: 2027-01-01, tier: bronze@1}
          - {from: 2027-07-01, tier: classic@1}
        services: {seat: [{from: 2027-07-01, units: 12}]}

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
        name: classic
        version: 1
        effective: 2027-01-01
        title: Classic
        contracts: [{name: recurring, type: recurring_service, services: [seat]}]
        scope: {remote-support: recurring}
        ---
        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
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
        tier:
          - {from: 2027-01-01, tier: bronze@1}
          - {from: 2027-07-01, tier: classic@1}
        services: {seat: [{from: 2027-07-01, units: 12}]}
    """
    for contract in client.contracts:
        if len(contract.phases) > 1:
            yield from _changes(client, contract)


def _changes(client: ClientCoverage, contract: Contract) -> Iterator[Finding]:
    old = contract.phases[0].tier
    for phase in contract.phases[1:]:
        new = phase.tier
        if old is None or new is None or phase.retired or phase.terms.type is contract.type:
            continue
        yield Finding(
            new.contracts_from.at("contracts", contract.name, "type"),
            f"contract `{contract.name}` is {_TYPES[contract.type]} in `{old.key}` "
            f"and would become {_TYPES[phase.terms.type]} in `{new.key}`",
            label="another type under the same name",
            help=f"give the contract another name in `{new.key}`",
            related=(
                Label(
                    old.contracts_from.at("contracts", contract.name, "type"), "made with this type"
                ),
            ),
            subject=new.tier.subject,
            reached=client.reach(contract.agreement),
        )
