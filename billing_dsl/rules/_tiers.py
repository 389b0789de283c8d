"""Tiers as rules compare them: the newest versions, and how much each contract gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from billing_dsl.analysis.views import Portfolio
from billing_dsl.book.book import Shared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Reach
from billing_dsl.kinds._contract import NOWHERE, ContractType
from billing_dsl.kinds.tier import Tier

NOTHING = 0
GIVEN: Mapping[ContractType, int] = {
    ContractType.TIME_AND_MATERIALS: 1,
    ContractType.BLOCK_HOURS: 2,
    ContractType.RETAINER: 2,
    ContractType.PER_TICKET: 2,
    ContractType.RECURRING_SERVICE: 3,
    ContractType.FIXED_PRICE: 3,
}
"""What is given: 3 included, 2 paid in advance, 1 billed by the hour; no contract gives NOTHING."""

WORDS: Mapping[ContractType, str] = {
    ContractType.TIME_AND_MATERIALS: "billed by the hour",
    ContractType.BLOCK_HOURS: "drawn from a block of hours",
    ContractType.RETAINER: "drawn from a retainer",
    ContractType.PER_TICKET: "paid by the ticket",
    ContractType.RECURRING_SERVICE: "included",
    ContractType.FIXED_PRICE: "included",
}
"""What becomes of work that ends on a contract of a type, in a client's words."""

NO_CONTRACT = "on no contract"
"""What becomes of work that no contract takes."""


def newest(shared: Shared, day: date) -> tuple[EffectiveTier, ...]:
    """The version of each tier that is the newest on a day, by name.

    A tier is left out whose newest version is broken, for what it says is not known.
    """
    found: dict[str, Tier] = {}
    lost = shared.catalogue.lost.get("tier", frozenset())
    tiers = shared.catalogue.all(Tier)
    for tier in sorted(tiers, key=lambda tier: (tier.effective, tier.version)):
        if tier.effective <= day and tier.name not in lost:
            found[tier.name] = tier
    return tuple(
        shared.tiers[tier.key] for _, tier in sorted(found.items()) if tier.key in shared.tiers
    )


def clients_on(portfolio: Portfolio, keys: Collection[str]) -> tuple[Reach, ...]:
    """The clients with an agreement that is, on some day, on one of these tier versions."""
    return tuple(
        Reach(facts.client)
        for facts in portfolio.facts
        if any(tier in keys for tier in facts.tiers)
    )


def missed_ends(tier: EffectiveTier) -> dict[str, list[tuple[str, str]]]:
    """What a tier says ends on contracts that its path never reaches: by contract, field and name.

    Such work stays where it starts, whatever the tier says: nothing else is to be made of it.
    """
    reached = {tier.first, *tier.onward(tier.first), NOWHERE}
    missed: dict[str, list[tuple[str, str]]] = {}
    for field, name, end in tier.ends():
        if end not in reached:
            missed.setdefault(end, []).append((field, name))
    return missed
