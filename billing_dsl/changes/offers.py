"""What the next client is offered otherwise: tiers compared as nobody has signed them yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.offers import currencies, on_offer, signed
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.changes.clients import ClientChanges, Comparison
from billing_dsl.model.calendar import Stretch, Term, Unit

A_YEAR = Term(12, Unit.MONTH)
"""For how long an offer is looked at: dated prices within a year are seen."""


@dataclass(frozen=True, slots=True)
class OfferChanges:
    """What the next client of a tier version gets otherwise than it would have got.

    `instead_of` is the version that would have been signed: the same one as it was, or the one
    that a new version takes the place of. There is one for each currency in which it is offered.
    """

    tier: str
    instead_of: str
    changes: ClientChanges


def offer_changes(
    comparison: Comparison, changed: Collection[str], names: Collection[tuple[str, str]] = ()
) -> Iterator[OfferChanges]:
    """What changes for the next client of each tier version on offer, or changed: `changed` are
    the keys of tiers that were, `names` the tiers that had another key before, with both.
    """
    before, after = comparison.before, comparison.after
    renamed = {new: old for old, new in names}
    houses = before.shared.settings.currency, after.shared.settings.currency
    others = set(currencies(before)) & set(currencies(after)) - set(houses)
    paid = [houses, *((currency, currency) for currency in sorted(others))]
    offered = {tier.key for versions in on_offer(after) for tier in versions}
    for key, tier in after.shared.tiers.items():
        if key not in offered and key not in changed:
            continue
        then = before.shared.tiers.get(renamed.get(key, key)) or _superseded(before, tier)
        if then is None:
            continue
        start = max(after.as_of, tier.tier.effective)
        life = Stretch(start, A_YEAR.last_day(start))
        for earlier, later in paid:
            sides = _signed(before, then, life, earlier), _signed(after, tier, life, later)
            for found in comparison.of_families((sides[0],), (sides[1],)):
                yield OfferChanges(key, then.key, found)


def _superseded(before: Declared, tier: EffectiveTier) -> EffectiveTier | None:
    """The version whose place a new one takes: the last before it that was there already."""
    effective: date = tier.tier.effective
    earlier = [
        one for one in before.shared.tier_versions(tier.tier.name) if one.tier.effective < effective
    ]
    return earlier[-1] if earlier else None


def _signed(
    declared: Declared, tier: EffectiveTier, life: Stretch, currency: str
) -> ClientCoverage:
    services = dict.fromkeys(name for one in tier.contracts.values() for name in one.services)
    known = [name for name in services if name in declared.shared.services]
    return signed(declared, tier, life, currency, known)[0]
