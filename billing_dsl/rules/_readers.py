"""Who reads which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from billing_dsl.analysis.views import ClientFacts, Portfolio
from billing_dsl.diagnostics import Place


def readers(portfolio: Portfolio) -> Mapping[str, list[ClientFacts]]:
    """The clients that name each language, by its code, in order of codes and of clients."""
    found: dict[str, list[ClientFacts]] = {}
    for facts in portfolio.facts:
        if facts.language:
            found.setdefault(facts.language, []).append(facts)
    return dict(sorted(found.items()))


def place_of_language(facts: ClientFacts) -> Place:
    """Where a client's document names its language."""
    return replace(facts.place, route=("language",))
