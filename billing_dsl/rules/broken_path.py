"""BD303."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._broken import broken_from_default, told


@rule("BD303", Severity.ERROR)
def broken_path(client: ClientCoverage) -> Iterator[Finding]:
    """Work whose path leads to a contract that has ended, or not begun.

    The exclusion contract must be in force as long as the contract that points to it. What
    Autotask does with work that falls to one that is not is not documented: it is counted as
    covered by nothing.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: acme-hourly/hourly
        ---
        kind: agreement
        name: acme-hourly
        client: acme
        start: 2027-01-01
        end: 2027-10-31
        default: false
        contracts:
          - {name: hourly, type: time_and_materials}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: acme-hourly/hourly
        ---
        kind: agreement
        name: acme-hourly
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        default: false
        contracts:
          - {name: hourly, type: time_and_materials}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    yield from told(client, broken_from_default(client))
