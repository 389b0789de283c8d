"""BD418."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Place, Severity
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
    "blocks": (ContractType.BLOCK_HOURS,),
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
    "blocks": "blocks",
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
    contracts; blocks, block factors and an overage rate for block hours; milestones for fixed
    price; and so on. Elsewhere it has no place for them, and nothing is ever billed by them. Nor is
    anything billed by the rate of a role on a block hours contract with an overage rate: that one
    stands before it.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service, services: [seat]}]
        services: {seat: 5}
        rates: [{contract: managed, role: engineer, rate: 80.00}]

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        blocks:
          - {contract: hourly, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}

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
            yield from _in_contracts(tier, tier.effective)
            written = view.shared.tiers.get(tier.key)
            if written is not None and tier.rates:
                known = {name: (terms,) for name, terms in written.contracts.items()}
                yield from _in_rates(tier, tier.rates, known, tier.effective)
        return
    book = view.family.book
    for contract in book.contracts.values():
        if not contract.blocks or contract.type is ContractType.BLOCK_HOURS:
            continue
        if contract.client == view.client.name:
            yield from _blocks(view, contract)
    for agreement in book.agreements:
        if agreement.client != view.client.name or not (agreement.rates or agreement.contracts):
            continue
        terms = {
            contract.name: tuple(phase.terms for phase in contract.phases)
            for contract in book.contracts.values()
            if contract.agreement is agreement
        }
        day = agreement.life.start
        reached = view.reach(agreement)
        for finding in _in_contracts(agreement, day):
            yield replace(finding, reached=reached)
        for finding in _in_rates(agreement, agreement.rates, terms, day):
            yield replace(finding, reached=reached)


def _in_contracts(declaration: Tier | Agreement, day: date) -> Iterator[Finding]:
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
        if terms.rates and _has_overage(terms, day):
            for role in terms.rates:
                place = declaration.at("contracts", terms.name, "rates", role, "rate")
                yield _behind_overage(declaration, place, terms.name, role)


def _has(terms: ContractTerms, field: str) -> bool:
    if field == "blocks":
        return False  # an agreement lists them by themselves
    if field == "overage_rate":
        return terms.overage_rate is not None
    return bool(getattr(terms, field))


def _has_overage(terms: ContractTerms, day: date) -> bool:
    """Whether a block contract has an overage rate from a day on for good."""
    price = terms.overage_rate if terms.type is ContractType.BLOCK_HOURS else None
    return price is not None and price.on(day) is not None


def _in_rates(
    declaration: Tier | Agreement,
    rows: tuple[RateRow, ...],
    contracts: Mapping[str, Sequence[ContractTerms]],
    day: date,
) -> Iterator[Finding]:
    for position, row in enumerate(rows):
        found = contracts.get(row.contract)
        if found is None:
            continue
        type_ = found[0].type
        if type_ not in TAKES["rates"]:
            yield Finding(
                declaration.at("rates", position, "contract"),
                _takes_no(row.contract, type_, "rates"),
                label=f"the rate of role `{row.role}` is never used",
                help=_cure("rates"),
                subject=declaration.subject,
            )
        elif all(_has_overage(terms, day) for terms in found):
            place = declaration.at("rates", position, "rate")
            yield _behind_overage(declaration, place, row.contract, row.role)


def _behind_overage(
    declaration: Tier | Agreement, place: Place, contract: str, role: str
) -> Finding:
    return Finding(
        place,
        f"contract `{contract}` has an overage rate, which stands before the rate of role `{role}`",
        label="never used",
        help="remove it, or the overage rate if hours beyond the blocks cost what the role costs",
        subject=declaration.subject,
    )


def _blocks(view: ClientCoverage, contract: Contract) -> Iterator[Finding]:
    agreement = contract.agreement
    for position, block in enumerate(agreement.blocks):
        if block.contract == contract.name:
            yield Finding(
                agreement.at("blocks", position, "contract"),
                _takes_no(contract.name, contract.type, "blocks"),
                label=f"its {block.hours} hours can never be used",
                help=_cure("blocks"),
                subject=agreement.subject,
                reached=view.reach(agreement),
            )


def _takes_no(contract: str, type_: ContractType, field: str) -> str:
    return f"contract `{contract}` is of type {type_.value} and takes no {WORDS[field]}"


def _cure(field: str) -> str:
    kinds = [f"`{kind.value}`" for kind in TAKES[field]]
    listed = " or ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
    return f"remove it, or write it at a contract of type {listed}"
