"""What a runbook rests on: what is assumed of Autotask, and the documents that decide it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing_dsl.analysis.assumptions import ASSUMPTIONS
from billing_dsl.analysis.drawing import BROKEN, NO_CONTRACT
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Place
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.kinds.work_type import RoleRate, WorkType
from billing_dsl.model.declaration import Declaration
from billing_dsl.targets._certificate import KNOWN, quoted
from billing_dsl.targets._runbook import Ground, Stage, Writing
from billing_dsl.targets._runbook_days import exception_said, rated
from billing_dsl.targets._runbook_words import Speaker
from billing_dsl.targets._templates import line

_BILLED = frozenset({Billing.HOURLY, Billing.RETAINER, Billing.OVERAGE, Billing.STANDARD_RATE})
_UNSEEN = frozenset({ContractType.FIXED_PRICE, ContractType.RETAINER, ContractType.PER_TICKET})
_LONG = 5
"""Contracts on a path, from which on it is longer than those that have been seen."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the statements about one agreement rest on."""

    speaker: Speaker
    view: ClientCoverage
    agreement: Agreement
    stages: Sequence[Stage]
    contracts: Sequence[Contract]
    waivers: Sequence[Waiver]

    # --- what is assumed of Autotask ---------------------------------------------------------

    def grounds(self) -> tuple[Ground, ...]:
        """The assumptions that touch this agreement, in the order of their page."""
        named = set(self._assumed())
        return tuple(
            Ground(
                found.title,
                quoted(found.model),
                " in part, otherwise ".join(KNOWN[mark] for mark in found.marks.split()),
            )
            for found in ASSUMPTIONS
            if found.slug in named
        )

    def _assumed(self) -> Iterator[str]:
        yield from ("starting-contract", "days-before-and-after-a-contract", "work-type-settings")
        yield "entries-without-a-work-type"
        yield from self._of_the_path()
        yield from self._of_phases()
        yield from self._of_money()
        if any(one.after_hours for one in self.speaker.order):
            yield from ("after-hours-and-exclusions", "decimal-entries-never-split")
        types = self.speaker.order
        if any(one.start is not None and one.start in self.agreement.life for one in types):
            yield "new-work-types"
        if self.agreement.renewal is not None:
            yield "renewal"

    def _of_the_path(self) -> Iterator[str]:
        own_clients = {self.view.client.name}
        for stage in self.stages:
            types = {node.id: node.type for node in stage.drawing.nodes}
            targets = {edge.target for edge in stage.drawing.edges}
            if any(types[one] in {found.value for found in _UNSEEN} for one in targets):
                yield "unusual-exclusion-contract-types"
            if NO_CONTRACT in targets:
                yield "blank-exclusion-contract"
            if BROKEN in targets:
                yield "broken-path"
            if len(stage.drawing.nodes) >= _LONG:
                yield "longest-chain"
            for edge in stage.drawing.edges:
                known = self.view.family.book.contracts.get(edge.target)
                if known is not None and known.client not in own_clients:
                    yield "foreign-exclusion-contract"
                several = [
                    names
                    for names in (
                        edge.excludes.work_types,
                        edge.excludes.roles,
                        edge.excludes.sub_issues,
                    )
                    if names
                ]
                if len(several) > 1:
                    yield "several-reasons"
                if edge.excludes.sub_issues:
                    yield "sub-issues-by-hand"
            if any(landing.outcome is Outcome.CYCLIC for landing in stage.landings):
                yield "loops"

    def _of_phases(self) -> Iterator[str]:
        for contract in self.contracts:
            before: Phase | None = None
            for phase in contract.phases:
                if phase.excludes:
                    yield "pre-excluded-types"
                if phase.set_use is not None and phase.own:
                    yield "union-of-exclusions"
                if before is not None and before.excludes != phase.excludes:
                    yield "edited-sets"
                if before is not None and before.falls_to != phase.falls_to:
                    yield "links-after-creation"
                before = phase

    def _of_money(self) -> Iterator[str]:
        billed = {landing.billing for stage in self.stages for landing in stage.landings}
        types = {contract.type for contract in self.contracts}
        if billed & _BILLED:
            yield from ("rounding", "hours-rounding")
        if ContractType.BLOCK_HOURS in types:
            yield from ("exhausted-block", "blocks-and-charges", "multiplier-on-overage")
        if _begin_together(self.agreement):
            yield "same-start-blocks"
        if types & {ContractType.RETAINER, ContractType.PER_TICKET}:
            yield "purchases-used-up"
        if ContractType.FIXED_PRICE in types:
            yield "fixed-price-labour"

    # --- what decides it ---------------------------------------------------------------------

    def writings(self) -> tuple[Writing, ...]:
        """The documents of the catalogue that decide what the page says, each with its place."""
        shared, client, own = self.view.shared, self.view.client, self.agreement
        found: list[Writing] = []

        def add(decides: str, what: Declaration, *route: str | int) -> None:
            found.append(Writing(decides, what.subject, where(what.at(*route))))

        bought = ", blocks" if own.blocks else ""
        add(f"days, contracts, services{bought} and renewal", own)
        for position, exception in enumerate(own.exceptions):
            said = exception_said(self.speaker, exception)
            add(f"exception: {said}", own, "exceptions", position)
        if own.rates:
            add("rates agreed with this client", own, "rates")
        add("organization, number, currency", client)
        for key in dict.fromkeys(
            phase.tier.key
            for contract in self.contracts
            for phase in contract.phases
            if phase.tier is not None
        ):
            tier = shared.tiers[key]
            title = f"{line(tier.tier.title)}, version {tier.tier.version}"
            origins: dict[str, Declaration] = {tier.contracts_from.subject: tier.contracts_from}
            origins |= {one.subject: one for one in tier.origins.values()}
            for _, one in sorted(origins.items(), key=lambda item: item[0] != tier.tier.subject):
                inherited = " (inherited)" if one.subject != tier.tier.subject else ""
                add(f"where work ends on {title}{inherited}", one)
        sets = dict.fromkeys(
            phase.terms.exclusion_set
            for contract in self.contracts
            for phase in contract.phases
            if phase.tier is None and phase.terms.exclusion_set
        )
        for name in sets:
            found_set = shared.catalogue.the(ExclusionSet, name)
            add(f"what {line(found_set.title)} excludes", found_set)
        for role in rated(self.stages, shared.roles):
            add(f"the rate of {self.speaker.names.roles[role.name]}", role, "rate")
        for work_type in self._modified():
            title = self.speaker.names.work_types[work_type.name]
            add(f"how the rate changes for {title}", work_type, "rate")
        for name in own.services:
            service = shared.services[name]
            add(f"the price of {line(service.title)}", service)
        for waiver in self.waivers:
            add(f"that {waiver.code} is accepted", waiver)
        add("rounding of hours, currency, notice", shared.settings)
        return tuple(found)

    def _modified(self) -> list[WorkType]:
        here = {
            name
            for stage in self.stages
            for landing in stage.landings
            if landing.billing in (Billing.HOURLY, Billing.RETAINER, Billing.STANDARD_RATE)
            for row in landing.rows
            for name in row.work_types
        }
        return [
            one
            for one in self.speaker.order
            if one.name in here and not isinstance(one.rate, RoleRate)
        ]


def where(place: Place) -> str:
    """A place in the catalogue as a person looks it up: file, document of the file, field."""
    said = line(place.path)
    if place.document:
        said += f", document {place.document + 1}"
    if place.route:
        steps = [f"{step + 1}" if isinstance(step, int) else str(step) for step in place.route]
        said += f", {' → '.join(steps)}"
    return said


def _begin_together(agreement: Agreement) -> bool:
    firsts = [(block.contract, block.life.start) for block in agreement.blocks]
    return len(firsts) > len(set(firsts))
