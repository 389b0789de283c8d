"""Offers: a tier on one day, as the next client would have it who signs it as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.coverage import family_coverage
from billing_dsl.analysis.pricing import Billing, Unit, billing, rate, unit
from billing_dsl.analysis.situations import Beginning, own_beginnings
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.analysis.walk import End, Outcome, Walker
from billing_dsl.book.book import FamilyBook, Start
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement, Block, TierChoice, UnitStep
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price

NOBODY = "nobody"
"""What the client and the agreement of an offer are named. Nobody sees it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What work costs where it is billed: an amount, which is None where nobody states it."""

    amount: Decimal | None
    unit: Unit


class Ended(NamedTuple):
    """Work that ends in one way, and the contract that takes it; None where none does."""

    end: End
    contract: Contract | None
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A tier on one day, in one currency, written out and proved like any agreement.

    The agreement is the plainest that the tier allows: it lasts that day, has no exception and no
    rates of its own, and has bought hours on every contract that takes them, at a price that is
    left open: what they cost is agreed with each client.
    """

    tier: EffectiveTier
    day: date
    currency: str
    view: ClientCoverage
    agreement: Agreement
    beginning: Beginning

    def ends(self) -> Iterator[Ended]:
        """Where all work ends, in order of the path."""
        segment = self.beginning.segment
        for end in self.beginning.routing:
            if end.outcome is Outcome.COVERED:
                yield Ended(end, segment.contracts[end.contract], segment.phases[end.contract])
            else:
                yield Ended(end, None, None)

    def usual(self, work_type: WorkType) -> Ended | None:
        """Where a work type itself leads; None before it is in use. Roles and sub-issues only
        send work on.
        """
        plain = self._plain(work_type)
        return next((found for found in self.ends() if found.end.cells & plain), None)

    def costs(self, work_type: WorkType, ended: Ended) -> dict[str, Cost]:
        """What a work type costs that ends there on tickets without a sub-issue, for each role
        that has it; empty where it is not billed.
        """
        cells = self.view.cells
        plain = ended.end.cells & self._plain(work_type)
        return {
            role.name: cost
            for role in cells.roles
            if plain & cells.by_role[role.name]
            and (cost := self.cost(work_type, role, ended)) is not None
        }

    def cost(self, work_type: WorkType, role: Role, ended: Ended) -> Cost | None:
        """What work costs that ends there; None where nothing is billed, or a ticket.

        Of work from a block that is what it costs once the block is used up.
        """
        billed = billing(ended.end.outcome, ended.contract, work_type, self.day)
        if billed is Billing.BLOCK:
            billed = Billing.OVERAGE
        counted = unit(billed, work_type)
        if counted is None or counted is Unit.TICKET:
            return None
        found = rate(
            billed,
            ended.contract,
            ended.phase,
            work_type,
            role,
            self.day,
            self.currency,
            self.view.shared.settings.multiplier_on_overage,
        )
        return Cost(found.amount, counted)

    def _plain(self, work_type: WorkType) -> Mask:
        cells = self.view.cells
        return cells.by_work_type[work_type.name] & cells.by_sub_issue[""]


def offer(declared: Declared, tier: EffectiveTier, day: date, currency: str) -> Offer:
    """A tier as it is offered on a day."""
    view, agreement = signed(declared, tier, Stretch(day, day), currency)
    (beginning,) = own_beginnings(view, agreement)
    return Offer(tier, day, currency, view, agreement, beginning)


def signed(
    declared: Declared,
    tier: EffectiveTier,
    life: Stretch,
    currency: str,
    services: Iterable[str] = (),
) -> tuple[ClientCoverage, Agreement]:
    """The next client who signs a tier as it is for some days, and what it has signed.

    It buys one unit of each of some services, at their list prices.
    """
    shared, cells = declared.shared, declared.cells
    client = _client(tier, currency)
    agreement = _agreement(tier, life, services)
    # It names no contract that the tier does not have, so there is no fault in its names.
    contracts, _ = shared.expander.contracts(agreement)
    starts = tuple(
        Start(days, agreement, contract)
        for days, contract in shared.expander.first_contracts(agreement)
    )
    book = FamilyBook(
        (client,), (agreement,), {contract.id: contract for contract in contracts}, {NOBODY: starts}
    )
    family = family_coverage(shared, cells, Walker(), book)
    return ClientCoverage(client, family, (), declared.as_of, True), agreement


def _client(tier: EffectiveTier, currency: str) -> Client:
    return Client(
        *(NOBODY, NOBODY, 1, "", tier.tier.source),
        legal_name=NOBODY,
        organization=NOBODY,
        number="",
        parent="",
        currency=currency,
        language="",
        phone="",
        address={},
        country="",
        tax_region="",
        tax_id="",
        owner="",
        accounting={},
        notice_to=(),
    )


def _agreement(tier: EffectiveTier, life: Stretch, services: Iterable[str]) -> Agreement:
    return Agreement(
        *(NOBODY, NOBODY, 1, "", tier.tier.source),
        client=NOBODY,
        life=life,
        default=True,
        tiers=(TierChoice(life.start, tier.tier.name, tier.tier.version, None),),
        contracts=(),
        services={name: (UnitStep(None, Decimal(1), None, None),) for name in services},
        blocks=tuple(
            Block(name, Decimal(1), Price(()), life)
            for name, terms in tier.contracts.items()
            if terms.type is ContractType.BLOCK_HOURS
        ),
        rates=(),
        exceptions=(),
        renewal=None,
        number="",
        signed={},
        ends_by="end",
    )


# --- what is on offer ----------------------------------------------------------------------------


def on_offer(declared: Declared) -> tuple[tuple[EffectiveTier, ...], ...]:
    """For each tier its version on the day and those that are still to come, by rank.

    A tier without a version on the day begins with its first one to come. Tiers without a rank
    come last, by title.
    """
    shared = declared.shared
    found = []
    for name in sorted({tier.tier.name for tier in shared.tiers.values()}):
        versions = shared.tier_versions(name)
        begun = [tier for tier in versions if tier.tier.effective <= declared.as_of]
        found.append((*begun[-1:], *versions[len(begun) :]))

    def order(versions: tuple[EffectiveTier, ...]) -> tuple[bool, int, str, str]:
        tier = versions[0]
        return tier.rank is None, tier.rank or 0, tier.tier.title.strip(), tier.tier.name

    return tuple(sorted(found, key=order))


def currencies(declared: Declared) -> tuple[str, ...]:
    """The currencies in which tiers are offered: the house's, and each that the rates of all roles
    name on the day, by name.
    """
    stated = [set(role.rate.on(declared.as_of) or ()) for role in declared.shared.roles]
    others = set.intersection(*stated) if stated else set[str]()
    house = declared.shared.settings.currency
    return (house, *sorted(others - {house}))
