"""BD306."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import FIELDS, WORDS
from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import Declared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.rules import rule

_WORDS = {field: WORDS[dimension] for dimension, field in FIELDS.items()}


@rule("BD306", Severity.ERROR)
def unreachable_end(declared: Declared) -> Iterator[Finding]:
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
    for tier in declared.shared.tiers.values():
        reached = {tier.first, *tier.onward(tier.first), NOWHERE}
        missed: dict[str, list[tuple[str, str]]] = {}
        for field, name, end in tier.ends():
            if end not in reached:
                missed.setdefault(end, []).append((field, name))
        for end, decisions in missed.items():
            yield _finding(tier, end, decisions)


def _finding(tier: EffectiveTier, end: str, decisions: list[tuple[str, str]]) -> Finding:
    (field, name), *others = decisions
    path = (tier.first, *tier.onward(tier.first))
    what = f"{_WORDS[field]} `{name}` ends on `{end}`"
    if others:
        what = f"{listed([name for _, name in decisions])} end on `{end}`"
    return Finding(
        tier.place_of_end(field, name),
        f"{what}, which work that starts on `{tier.first}` cannot reach",
        label=f"work goes from {' to '.join(f'`{contract}`' for contract in path)}"
        if len(path) > 1
        else f"work does not go on from `{tier.first}`",
        help=f"let it end on the path, or lead the path to `{end}` with `falls_to`",
        related=(
            *_contracts_elsewhere(tier, field, name),
            *(Label(tier.place_of_end(*other), f"ends on `{end}` too") for other in others),
            *(
                Label(
                    tier.place_of_link(contract), f"`{contract}` falls to `{tier.links[contract]}`"
                )
                for contract in path
                if tier.contracts[contract].falls_to is not None
            ),
        ),
        subject=tier.tier.subject,
    )


def _contracts_elsewhere(tier: EffectiveTier, field: str, name: str) -> Iterator[Label]:
    if tier.origins[field, name] is not tier.contracts_from:
        place = tier.contracts_from.at("contracts", key=True)
        yield Label(place, f"the path is that of `{tier.contracts_from.key}`")
