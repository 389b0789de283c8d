"""BD418."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds._contract import ContractTerms, ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.tier import RateRow, Tier
from billing_dsl.rules import rule

TAKES: Mapping[str, tuple[ContractType, ...]] = {
    "services": (ContractType.RECURRING_SERVICE,),
    "rates": (
        ContractType.TIME_AND_MATERIALS,
        ContractType.FIXED_PRICE,
        ContractType.RETAINER,
        ContractType.BLOCK_HOURS,
    ),
    "overage_rate": (ContractType.BLOCK_HOURS,),
    "block_factors": (ContractType.BLOCK_HOURS,),
    "milestones": (ContractType.FIXED_PRICE,),
    "retainers": (ContractType.RETAINER,),
    "tickets": (ContractType.PER_TICKET,),
}
"""The types of contract that take each field (Autotask: ContractRatesEntity,
ContractBlockHourFactorsEntity and the entities of the purchases). The rate of a role on a block
contract goes beside its factor."""

WORDS = {
    "services": "services",
    "rates": "rates of roles",
    "overage_rate": "overage rate",
    "block_factors": "block factors",
    "milestones": "milestones",
    "retainers": "retainers",
    "tickets": "tickets",
}


@rule("BD418", Severity.WARNING)
def misplaced_rate(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """A rate, factor or purchase on a contract of a type that takes none.

    Autotask keeps rates of roles for time and materials, fixed price, retainer and block hours
    contracts; block factors and an overage rate for block hours; milestones for fixed price; and
    so on. Elsewhere it has no place for them, and nothing is ever billed by them.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service}]
        rates: [{contract: managed, role: engineer, rate: 80.00}]

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        rates: [{contract: hourly, role: engineer, rate: 80.00}]
    """
    if isinstance(view, Declared):
        for tier in view.shared.catalogue.all(Tier):
            yield from _in_contracts(tier)
            written = view.shared.tiers.get(tier.key)
            if written is not None:
                types = {name: terms.type for name, terms in written.contracts.items()}
                yield from _in_rates(tier, tier.rates or (), types)
        return
    book = view.family.book
    for agreement in book.agreements:
        if agreement.client != view.client.name or not (agreement.rates or agreement.contracts):
            continue
        types = {
            contract.name: contract.type
            for contract in book.contracts.values()
            if contract.agreement is agreement
        }
        reached = view.reach(agreement)
        for finding in _in_contracts(agreement):
            yield replace(finding, reached=reached)
        for finding in _in_rates(agreement, agreement.rates, types):
            yield replace(finding, reached=reached)


def _in_contracts(declaration: Tier | Agreement) -> Iterator[Finding]:
    for terms in declaration.contracts:
        for field, types in TAKES.items():
            if terms.type not in types and _has(terms, field):
                yield Finding(
                    declaration.at("contracts", terms.name, field, key=True),
                    _takes_no(terms.name, terms.type, field),
                    label="never used",
                    help=_cure(field),
                    subject=declaration.subject,
                )


def _has(terms: ContractTerms, field: str) -> bool:
    if field == "overage_rate":
        return terms.overage_rate is not None
    return bool(getattr(terms, field))


def _in_rates(
    declaration: Tier | Agreement, rows: tuple[RateRow, ...], types: Mapping[str, ContractType]
) -> Iterator[Finding]:
    for position, row in enumerate(rows):
        found = types.get(row.contract)
        if found is not None and found not in TAKES["rates"]:
            yield Finding(
                declaration.at("rates", position, "contract"),
                _takes_no(row.contract, found, "rates"),
                label=f"the rate of role `{row.role}` is never used",
                help=_cure("rates"),
                subject=declaration.subject,
            )


def _takes_no(contract: str, type_: ContractType, field: str) -> str:
    return f"contract `{contract}` is of type {type_.value} and takes no {WORDS[field]}"


def _cure(field: str) -> str:
    kinds = [f"`{kind.value}`" for kind in TAKES[field]]
    listed = " or ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
    return f"remove it, or write it at a contract of type {listed}"
