"""BD501."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.contract import Contract
from billing_dsl.book.expand import LONGEST_SET_NAME
from billing_dsl.book.naming import LONGEST_CONTRACT_NAME, contract_title
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule

ORGANIZATION = 100
ROLE = 200
WORK_TYPE = 200
SERVICE = 150
MILESTONE = 50
"""The characters that Autotask takes (its entities of these names; BillingCodes, Companies)."""


@rule("BD501", Severity.ERROR)
def name_too_long(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """A name that Autotask does not take because of its length.

    It takes 100 characters for an organization, a contract and an exclusion set, 150 for a service
    or bundle, 200 for a role or work type, 50 for a milestone. A contract is called by its
    agreement's title and name and by its own name; a tier's exclusion set by tier, version,
    position and contract.

    Fails:

        kind: agreement
        name: acme-2027
        title: Everything that was agreed in the long talks of last autumn about the new offices
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: time-and-materials, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2027
        title: The new offices
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: time-and-materials, type: time_and_materials}]
    """
    if isinstance(view, Declared):
        yield from _shared(view)
        return
    client = view.client
    if len(client.organization) > ORGANIZATION:
        yield Finding(
            client.at("legal_name"),
            _message("the organization", len(client.organization), ORGANIZATION),
            label="the name of the organization",
            help="write a shorter one as `autotask: {organization: …}`",
            subject=client.subject,
            reached=view.reach(),
        )
    book = view.family.book
    for agreement in book.agreements:
        if agreement.contracts and agreement.client == client.name:
            for finding in _milestones(agreement):
                yield replace(finding, reached=view.reach(agreement))
    for contract in book.contracts.values():
        if contract.client == client.name:
            yield from _contract(view, contract)


def _shared(view: Declared) -> Iterator[Finding]:
    catalogue = view.shared.catalogue
    named: tuple[tuple[Role | WorkType | Service | ServiceBundle | ExclusionSet, int], ...] = (
        *((role, ROLE) for role in catalogue.all(Role)),
        *((work_type, WORK_TYPE) for work_type in catalogue.all(WorkType)),
        *((service, SERVICE) for service in catalogue.all(Service)),
        *((bundle, SERVICE) for bundle in catalogue.all(ServiceBundle)),
        *((declared, LONGEST_SET_NAME) for declared in catalogue.all(ExclusionSet)),
    )
    for declaration, longest in named:
        name, place = declaration.title, declaration.at("title")
        if isinstance(declaration, Role) and declaration.autotask_name != name:
            name, place = declaration.autotask_name, declaration.at("autotask", "name")
        if len(name) > longest:
            word = declaration.KIND.replace("_", " ")
            yield Finding(
                place,
                _message(f"the {word}", len(name), longest),
                label=f"the name of the {word}",
                help="shorten it",
                subject=declaration.subject,
            )
    for tier in catalogue.all(Tier):
        yield from _milestones(tier)


def _milestones(declaration: Tier | Agreement) -> Iterator[Finding]:
    for terms in declaration.contracts:
        for row, milestone in enumerate(terms.milestones):
            if len(milestone.title) > MILESTONE:
                yield Finding(
                    declaration.at("contracts", terms.name, "milestones", row, "title"),
                    _message("the milestone", len(milestone.title), MILESTONE),
                    label="the name of the milestone",
                    help="shorten it",
                    subject=declaration.subject,
                )


def _contract(view: ClientCoverage, contract: Contract) -> Iterator[Finding]:
    agreement = contract.agreement
    # Title, name and contract with what stands between them: long enough to be worth a look?
    if len(agreement.title) + len(agreement.name) + len(contract.name) + 6 > LONGEST_CONTRACT_NAME:
        title = contract_title(agreement, contract.name)
        if len(title) > LONGEST_CONTRACT_NAME:
            written = agreement.title != agreement.name
            yield Finding(
                agreement.at("title" if written else "name"),
                _message(f"contract `{contract.name}`", len(title), LONGEST_CONTRACT_NAME),
                label=f"it is called `{title}`",
                help="shorten the title of the agreement, or the name of the contract",
                related=(Label(contract.place, "the name of the contract"),),
                subject=agreement.subject,
                reached=view.reach(agreement),
            )
    for phase in contract.phases:
        use, tier = phase.set_use, phase.tier
        if use is not None and tier is not None and len(use.name) > LONGEST_SET_NAME:
            yield Finding(
                tier.contracts_from.at("contracts", contract.name, "name"),
                _message("the exclusion set of this contract", len(use.name), LONGEST_SET_NAME),
                label=f"it is called `{use.name}`",
                help="shorten the name of the tier, or of the contract",
                subject=tier.tier.subject,
                reached=view.reach(agreement),
            )


def _message(what: str, length: int, longest: int) -> str:
    return f"{what} has a name of {length} characters, and Autotask takes {longest}"
