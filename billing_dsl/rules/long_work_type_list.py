"""BD324."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("BD324", Severity.NOTE)
def long_work_type_list(declared: Declared) -> Iterator[Finding]:
    """More work types than the settings allow for.

    An engineer picks one of them for every entry. A list that cannot be read at a glance is not
    read, and whatever stands at its top is picked. `work_type_budget` in the settings, 15 where
    nothing is written, says how long it may be.

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        work_type_budget: 1
        notes: "two work types: remote-support and onsite-support"

    Passes:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        work_type_budget: 2
        notes: "two work types: remote-support and onsite-support"
    """
    settings = declared.shared.settings
    count, budget = len(declared.shared.work_types), settings.work_type_budget
    if count > budget:
        yield Finding(
            settings.at("work_type_budget"),
            f"there are {count} work types, {count - budget} more than the budget of {budget}",
            label="how many an engineer is to choose from",
            help="merge work types that nobody has to tell apart, or raise `work_type_budget`",
            subject=settings.subject,
        )
