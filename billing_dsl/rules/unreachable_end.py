"""BD306."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from billing_dsl.analysis.causes import FIELDS, WORDS
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.book import Shared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._tiers import missed_ends

_WORDS = {field: WORDS[dimension] for dimension, field in FIELDS.items()}


@rule("BD306", Severity.ERROR)
def unreachable_end(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """Work of a tier that is to end on a contract that no path from the first contract reaches.

    Work starts at the first contract and follows `falls_to`. What is to end elsewhere stays where
    it starts: it would be included although the tier says otherwise.

    Fails:

        kind: tier
        name: silver
        version: 1
        effective: 2027-01-01
        title: Silver
        contracts:
          - {name: recurring, type: recurring_service, falls_to: hourly}
          - {name: block, type: block_hours}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: block}

    Passes:

        kind: tier
        name: silver
        version: 1
        effective: 2027-01-01
        title: Silver
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: block, type: block_hours}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: block}
    """
    if isinstance(view, Declared):
        for tier in view.shared.tiers.values():
            yield from _misses(tier)
        return
    if not view.family.walker.once("unreachable-end", lambda: _tiers_that_miss(view.shared)):
        return
    for agreement in view.agreements:
        pieces = view.shared.expander.pieces(agreement) if agreement.tiers else ()
        for tier in {piece.tier.key: piece.tier for piece in pieces}.values():
            for finding in _misses(tier):
                yield replace(finding, reached=view.reach(agreement))


def _tiers_that_miss(shared: Shared) -> tuple[str, ...]:
    """The tiers with work that is to end where it cannot come to: mostly none."""
    return tuple(key for key, tier in shared.tiers.items() if any(_misses(tier)))


def _misses(tier: EffectiveTier) -> Iterator[Finding]:
    for end, decisions in missed_ends(tier).items():
        yield _finding(tier, end, decisions)


def _finding(tier: EffectiveTier, end: str, decisions: list[tuple[str, str]]) -> Finding:
    """One for each end that is missed, at the last link that is written: others lead to the next.

    Its message names no work, so that versions of a tier with the same link share one finding.
    """
    path = (tier.first, *tier.onward(tier.first))
    last = [contract for contract in path if tier.contracts[contract].falls_to is not None][-1]
    return Finding(
        tier.place_of_link(last),
        f"work that is to end on `{end}` never comes there",
        label=f"`{last}` falls to `{tier.links[last]}`",
        help=f"lead the path to `{end}` with `falls_to`, or let the work end on the path; "
        "until then the first contract takes it",
        related=(
            *_contracts_elsewhere(tier, decisions),
            *(
                Label(tier.place_of_end(field, name), f"{_WORDS[field]} `{name}`")
                for field, name in decisions
            ),
        ),
        subject=tier.tier.subject,
    )


def _contracts_elsewhere(tier: EffectiveTier, decisions: list[tuple[str, str]]) -> Iterator[Label]:
    if any(tier.origins[decision] is not tier.contracts_from for decision in decisions):
        place = tier.contracts_from.at("contracts", key=True)
        yield Label(place, f"the path is that of `{tier.contracts_from.key}`")
