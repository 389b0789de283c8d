"""BD503."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._sets import MOST_SETS, active_sets


@rule("BD503", Severity.ERROR)
def too_many_sets(portfolio: Portfolio) -> Iterator[Finding]:
    """More exclusion sets in use than Autotask takes: 100 active ones in a tenant.

    Each tier version needs one for each contract that excludes something. A client with an
    exception that widens cover needs one of its own, and so does each set declared by itself.

    Fails:

        # 101 times
        kind: sub_issue
        name: sub-issue-N
        title: Sub-issue N
        issue: Applications
        ---
        # 101 times
        kind: exclusion_set
        name: set-N
        title: Set N
        sub_issues: [sub-issue-N]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        # 101 times
        kind: agreement
        name: agreement-N
        client: acme
        default: false
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: project
            type: time_and_materials
            excludes: {set: set-N}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}

    Passes:

        # 3 times
        kind: sub_issue
        name: sub-issue-N
        title: Sub-issue N
        issue: Applications
        ---
        # 3 times
        kind: exclusion_set
        name: set-N
        title: Set N
        sub_issues: [sub-issue-N]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        # 3 times
        kind: agreement
        name: agreement-N
        client: acme
        default: false
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: project
            type: time_and_materials
            excludes: {set: set-N}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
    """
    active = active_sets(portfolio)
    if len(active) <= MOST_SETS:
        return
    own = sum(use.own for use in active.values())
    settings = portfolio.shared.settings
    yield Finding(
        settings.at("name"),
        f"{len(active)} exclusion sets are in use, and Autotask takes {MOST_SETS} active ones",
        label="in this tenant",
        help="move clients from old tier versions to one that others are on"
        + (f", and end some of the {own} sets that exceptions need" if own else ""),
        subject=settings.subject,
    )
