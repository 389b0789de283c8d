"""BD315."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._broken import Broken, broken_from_default, link_of, told


@rule("BD315", Severity.WARNING)
def broken_from_start(client: ClientCoverage) -> Iterator[Finding]:
    """Work whose path leads to a contract not in force, but only from another than the default.

    A ticket may carry any contract of the client. From the default contract the work is covered,
    or lost in another way that is reported by itself.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: hourly, type: time_and_materials}
        ---
        kind: agreement
        name: acme-2028
        client: acme
        start: 2028-01-01
        end: 2028-12-31
        contracts:
          - {name: hourly, type: time_and_materials}
        ---
        kind: agreement
        name: acme-project
        client: acme
        start: 2027-01-01
        end: 2028-03-31
        default: false
        contracts:
          - name: project
            type: time_and_materials
            excludes: {work_types: [remote-support]}
            falls_to: acme-2027/hourly
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
          - {name: hourly, type: time_and_materials}
        ---
        kind: agreement
        name: acme-project
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        default: false
        contracts:
          - name: project
            type: time_and_materials
            excludes: {work_types: [remote-support]}
            falls_to: acme-2027/hourly
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    walker = client.family.walker
    found: list[Broken] = []
    for covered in client.covered:
        segment = covered.segment
        for start in walker.losing(segment.shape, Outcome.BROKEN):
            if segment.contracts[start].client == client.client.name:
                found.extend(
                    link_of(segment, end)
                    for end in walker.routing(segment.shape, start)
                    if end.outcome is Outcome.BROKEN
                )
    if found:
        lines = {broken.line for broken in broken_from_default(client)}  # told by BD303
        yield from told(client, [broken for broken in found if broken.line not in lines])
