"""BD315."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._broken import Broken, told


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
        losing = walker.losing(segment.shape, Outcome.BROKEN)
        if not losing:
            continue
        known = {end.contract for end in covered.routing if end.outcome is Outcome.BROKEN}
        for start in losing:
            if segment.contracts[start].client != client.client.name:
                continue
            found.extend(
                Broken(
                    segment.contracts[end.contract],
                    segment.phases[end.contract].falls_to,
                    end.cells,
                    (segment.life,),
                )
                for end in walker.routing(segment.shape, start)
                if end.outcome is Outcome.BROKEN and end.contract not in known
            )
    yield from told(client, found)
