"""The exclusion sets that all clients together have in use."""

from __future__ import annotations

from collections.abc import Mapping

from billing_dsl.analysis.views import Portfolio
from billing_dsl.book.contract import SetUse

MOST_SETS = 100
"""The active exclusion sets that a tenant may have (Autotask, Manage_Contract_Exclusion_Sets)."""


def active_sets(portfolio: Portfolio) -> Mapping[str, SetUse]:
    """The sets that are attached to a contract or will be, by name, in order of names."""
    found: dict[str, SetUse] = {}
    for facts in portfolio.facts:
        for use, _ in facts.sets:
            if use.name not in found and use.name in facts.active_sets:
                found[use.name] = use
    return dict(sorted(found.items()))
