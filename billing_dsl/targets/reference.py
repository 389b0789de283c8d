"""The book as plain text, with every feature that it has: the first thing to test against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeAlias

from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractTerms, Exclusions
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.calendar import runs
from billing_dsl.model.money import Price, text
from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._contracts import rated_roles
from billing_dsl.targets._shared import methods
from billing_dsl.targets._values import days, iso, lines, plain

PATH = "reference.txt"


@target
def reference(compilation: Compilation) -> Teller:
    """The whole book in `reference.txt`: tiers as they work, and every client's contracts.

    One fact to a line, indented under what it belongs to, in a stated order: made for comparing two
    compiles, and for reading where a table is too wide.
    """
    return _Reference(compilation)


class _Reference(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        self._told: Told = {}

    def of_family(self, views: Views) -> Iterator[Passage]:
        for view in views:
            yield Passage(view.client.name, PATH, lines(["", *_client(view, self._told)]))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        shared = lines(_shared(self._compilation))
        yield Assembled(PATH, chain((shared,), everybody.passages(PATH)), "reference")


def _shared(compilation: Compilation) -> Iterator[str]:
    shared = compilation.declared.shared
    settings = shared.settings
    yield f"settings {settings.name}: {settings.title}, {settings.currency}, {settings.timezone}"
    for role in shared.roles:
        start = f", from {role.start}" if role.start is not None else ""
        factor = plain(role.block_factor)
        yield f"role {role.name}: {_price(role.rate)}, block factor {factor}{start}"
    for found in shared.work_types:
        billable = "billable" if found.billable else "not billable"
        steps = methods(found.rate, settings.currency)
        rate = ", then ".join(f"{words} from {day}" if day else words for day, words in steps)
        start = f", from {found.start}" if found.start is not None else ""
        after = f", after hours {found.after_hours}" if found.after_hours else ""
        yield f"work type {found.name}: {found.billing_class}, {billable}, {rate}{after}{start}"
    for sub_issue in shared.sub_issues:
        yield f"sub-issue {sub_issue.name}: {sub_issue.issue}, {sub_issue.title}"
    for service in shared.services.values():
        bundle = f" of {_names(service.services)}" if isinstance(service, ServiceBundle) else ""
        price = _price(service.price) if service.price is not None else "the sum of its services"
        yield f"service {service.name}{bundle}: {price}, {service.period}"
    for tier in shared.tiers.values():
        yield from _tier(tier)


def _tier(tier: EffectiveTier) -> Iterator[str]:
    yield f"tier {tier.key}, from {tier.tier.effective}"
    for name, terms in tier.contracts.items():
        yield f"  contract {name}: {terms.type}, falls to {tier.links[name]}"
        yield from _indented("    excludes", tier.exclusions[name])
        yield from (f"    {line}" for line in _terms(terms))
    for field, name, end in tier.ends():
        yield f"  {field} {name}: {end}"
    for row in tier.rates:
        yield f"  rate {row.contract} {row.role}: {_price(row.rate)}"


def _client(view: ClientCoverage, told: Told) -> Iterator[str]:
    client = view.client
    parent = f", parent {client.parent}" if client.parent else ""
    yield f"client {client.name}: {client.organization}, {client.currency}{parent}"
    starts = view.family.book.starts[client.name]
    for life, default in runs((start.life, start.contract) for start in starts):
        yield f"  default contract {days(life)}: {default or 'none'}"
    contracts = view.contracts
    for agreement in view.agreements:
        yield from _agreement(agreement)
        for contract in contracts:
            if contract.agreement is agreement:
                yield from _contract(contract, told)


def _agreement(agreement: Agreement) -> Iterator[str]:
    life = agreement.life
    tiers = ", ".join([f"{choice.written} from {iso(choice.start)}" for choice in agreement.tiers])
    yield f"  agreement {agreement.name}, {days(life)}: {tiers or 'bespoke'}"
    for service, steps in agreement.services.items():
        for step in steps:
            start = iso(step.start or life.start)
            own = f" at {_price(step.price)}" if step.price is not None else ""
            yield f"    service {service} from {start}: {plain(step.units)} units{own}"
    for found in agreement.exceptions:
        stretch = f"{iso(found.start or life.start)} to {iso(found.until or life.end)}"
        yield f"    exception {stretch}: {found.dimension} {found.name} goes to {found.goes_to}"
    if agreement.renewal is not None:
        kind = "automatic" if agreement.renewal.automatic else "by hand"
        yield f"    renewal: {kind}, {agreement.renewal.extend_by or 'for no stated time'}"


def _contract(contract: Contract, told: Told) -> Iterator[str]:
    yield f"    contract {contract.id}, {days(contract.life)}: {contract.type}"
    phases = ((phase.life, tuple(_in_phase(contract, phase, told))) for phase in contract.phases)
    for life, (tier, *rest) in runs(phases):
        yield f"      phase {days(life)}{tier}"
        yield from rest
    for block in contract.blocks:
        rate = _price(block.rate)
        yield f"      block {days(block.life)}: {plain(block.hours)} hours at {rate}"


def _in_phase(contract: Contract, phase: Phase, told: Told) -> Iterator[str]:
    """What holds in a phase: its tier, then a line for each of the rest."""
    yield _tier_of(phase)
    yield f"        falls to {_link(phase)}"
    if phase.tier is None:
        yield from _phase(phase)  # nobody shares what one agreement writes out
    else:
        key = id(phase.set_use), id(phase.own), id(phase.terms)
        if key not in told:
            told[key] = tuple(_phase(phase))
        yield from told[key]
    for role in sorted(rated_roles(contract, phase)):
        for price, source in contract_rates(contract, phase, role):
            yield f"        rate {role}: {_price(price)}, by {source}"


Told: TypeAlias = dict[tuple[int, int, int], tuple[str, ...]]
"""What has been told of phases alike: they share set, own exclusions and terms of a tier."""


def _phase(phase: Phase) -> Iterator[str]:
    """What a phase says that does not depend on its days: the same for all clients of a tier."""
    if phase.set_use is not None:
        own = ", of its own" if phase.set_use.own else ""
        yield from _indented(f"        set {phase.set_use.name}{own}", phase.set_use.excludes)
    yield from _indented("        individually", phase.own)
    yield from (f"        {line}" for line in _terms(phase.terms))


def _tier_of(phase: Phase) -> str:
    if phase.tier is None:
        return ""
    return f" on {phase.tier.key}{', which has it no more' if phase.retired else ''}"


def _link(phase: Phase) -> str:
    if phase.falls_to:
        return phase.falls_to
    return "none, on purpose" if phase.on_purpose else "none"


def _terms(terms: ContractTerms) -> Iterator[str]:
    """What a contract says beside its type and its exclusions."""
    if terms.services:
        yield f"services {_names(terms.services)}"
    if terms.overage_rate is not None:
        yield f"overage rate {_price(terms.overage_rate)}"
    if terms.setup_fee is not None:
        yield f"setup fee {_price(terms.setup_fee)}"
    for role, factor in terms.block_factors.items():
        yield f"block factor {role}: {plain(factor)}"
    for milestone in terms.milestones:
        yield f"milestone {milestone.due}: {_price(milestone.amount)}, {milestone.title}"
    for purchase in terms.retainers:
        yield f"retainer {purchase.start} to {purchase.end}: {_price(purchase.amount)}"
    for bought in terms.tickets:
        price = _price(bought.rate)
        yield f"tickets {bought.start} to {bought.end}: {bought.tickets} at {price}"
    if terms.category:
        yield f"category {terms.category}"
    if not terms.start_stop:
        yield "entries need no start and stop times"


def _indented(words: str, excludes: Exclusions) -> Iterator[str]:
    for what, names in (
        ("work types", excludes.work_types),
        ("roles", excludes.roles),
        ("sub-issues", excludes.sub_issues),
    ):
        if names:
            yield f"{words}: {what} {_names(names)}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _price(price: Price) -> str:
    """A price with all its steps and currencies."""
    steps = []
    for step in price.steps:
        amounts = " or ".join(
            f"{text(amount)} {currency}" for currency, amount in sorted(step.amounts.items())
        )
        steps.append(amounts if step.start is None else f"{amounts} from {step.start}")
    return ", then ".join(steps)
