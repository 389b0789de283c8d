"""BD411."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch
from billing_dsl.rules import rule

BOUGHT: Mapping[ContractType, str] = {
    ContractType.FIXED_PRICE: "milestones",
    ContractType.RETAINER: "retainers",
    ContractType.PER_TICKET: "tickets",
}
"""What a contract of each type is paid by, as the field is called."""

_BY_THE_HOUR = (ContractType.TIME_AND_MATERIALS, ContractType.BLOCK_HOURS)


@rule("BD411", Severity.WARNING)
def missing_purchase(client: ClientCoverage) -> Iterator[Finding]:
    """A contract by which nothing is ever paid.

    A recurring service contract that has no services, or of whose services the agreement buys no
    unit, a fixed price contract without milestones, a retainer without money in it, a contract for
    tickets without tickets: it takes work, and nobody sends a bill for it. Where another contract
    pays for that work too, accept the finding with a waiver that says so.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: project, type: fixed_price}]

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: project
            type: fixed_price
            milestones: [{title: Go-live, date: 2027-06-30, amount: 9000.00}]
    """
    name = client.client.name
    for contract in client.family.book.contracts.values():
        type_ = contract.type
        if type_ in _BY_THE_HOUR or contract.client != name:
            continue
        if type_ is ContractType.RECURRING_SERVICE:
            yield from _without_units(client, contract)
        else:
            field = BOUGHT[type_]
            if not any(getattr(phase.terms, field) for phase in contract.phases):
                yield _nothing_bought(client, contract, contract.phases[0], field)


def _without_units(client: ClientCoverage, contract: Contract) -> Iterator[Finding]:
    """What is said of a recurring service contract: once for each tier that gives it no services.

    A contract that its tier has left behind takes nothing.
    """
    agreement = contract.agreement
    told: set[str] = set()
    for phase in contract.phases:
        services = phase.terms.services
        if phase.retired or any(
            service in agreement.services and _sold(agreement, service, phase.life)
            for service in services
        ):
            continue
        if services:
            yield _nothing_sold(client, contract, phase)
            continue
        finding = _nothing_bought(client, contract, phase, "services")
        if finding.subject not in told:
            told.add(finding.subject)
            yield finding


def _sold(agreement: Agreement, service: str, days: Stretch) -> bool:
    """Whether an agreement has units of a service on one of some days."""
    following: date | None = None
    for step in reversed(agreement.services[service]):
        begun = step.start is None or step.start <= days.end
        if step.units and begun and (following is None or following > days.start):
            return True
        following = step.start
    return False


def _nothing_bought(
    client: ClientCoverage, contract: Contract, phase: Phase, field: str
) -> Finding:
    tier, name = phase.tier, ("contracts", contract.name, "name")
    kind = contract.type.value.replace("_", " ")
    owner = contract.agreement if tier is None else tier.contracts_from
    paid = any(phase.terms.setup_fee is not None for phase in contract.phases)
    return Finding(
        owner.at(*name),
        f"the {kind} contract `{contract.name}` has no {field}",
        label="beyond its set-up fee, nothing is ever paid by it"
        if paid
        else "nothing is ever paid by it",
        help=f"list them under `{field}`, or make it a contract of another type",
        subject=owner.subject,
        reached=client.reach(contract.agreement),
    )


def _nothing_sold(client: ClientCoverage, contract: Contract, phase: Phase) -> Finding:
    agreement, tier = contract.agreement, phase.tier
    here = ("contracts", contract.name, "services")
    if tier is None:
        place, named = agreement.at(*here), agreement.at("contracts", contract.name, "name")
    else:
        place = agreement.at("services", key=True) if agreement.services else agreement.at("tier")
        named = tier.contracts_from.at(*here)
    return Finding(
        place,
        f"the agreement has no units of {listed(phase.terms.services)} for contract "
        f"`{contract.name}` from {phase.life.start} to {phase.life.end}",
        label="no units are sold here",
        help="write how many under the agreement's `services`",
        related=(Label(named, f"contract `{contract.name}`"),),
        subject=agreement.subject,
        reached=client.reach(agreement),
    )
