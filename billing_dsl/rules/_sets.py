"""The exclusion sets that all clients together have in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from billing_dsl.analysis.views import ClientFacts, Portfolio
from billing_dsl.book.contract import SetUse
from billing_dsl.diagnostics import Reach

MOST_SETS = 100
"""The active exclusion sets that a tenant may have (Autotask, Manage_Contract_Exclusion_Sets)."""


@dataclass(frozen=True, slots=True)
class ActiveSet:
    """A set that is attached or will be, and the client that was found to carry it first."""

    use: SetUse
    facts: ClientFacts
    agreement: str

    @property
    def first(self) -> Reach:
        """The agreement that was found to carry it first."""
        return Reach(self.facts.client, self.agreement)


def active_sets(portfolio: Portfolio) -> Mapping[str, ActiveSet]:
    """The sets in use by their names, in order of them."""
    found: dict[str, ActiveSet] = {}
    for facts in portfolio.facts:
        for use, agreement in facts.sets:
            if use.name not in found and use.name in facts.active_sets:
                found[use.name] = ActiveSet(use, facts, agreement)
    return dict(sorted(found.items()))
