"""BD309."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._lost import Loss, losses, losses_from_default, told


@rule("BD309", Severity.WARNING)
def uncovered_from_start(client: ClientCoverage) -> Iterator[Finding]:
    """Work that ends on no contract only because its ticket carries another contract.

    From the default contract it is covered. But a ticket may carry any contract of the client,
    from its device or by somebody's choice, and from there it falls to none.

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
        name: acme-project
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        default: false
        contracts:
          - name: project
            type: time_and_materials
            excludes: {work_types: [remote-support]}
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
    if not client.shared.settings.uncovered_is_error:
        return
    walker = client.family.walker
    found: list[Loss] = []
    for covered in client.covered:
        segment = covered.segment
        losing = walker.losing(segment.shape, Outcome.UNCOVERED)
        if not losing:
            continue
        known = 0
        for end in covered.routing:
            if end.outcome is Outcome.UNCOVERED:
                known |= end.cells
        for start in losing:
            contract = segment.contracts[start]
            if start == covered.position or contract.client != client.client.name:
                continue
            if segment.phases[start].retired:
                continue  # its tier has left it behind: what it passes on is not news
            for end in walker.routing(segment.shape, start):
                if end.outcome is Outcome.UNCOVERED and end.cells & ~known:
                    cells = end.cells & ~known
                    found.extend(
                        losses(client, segment, start, end.contract, cells, contract.agreement)
                    )
    if found:
        lines = {loss.line for loss in losses_from_default(client)}  # told by BD301
        yield from told(client, [loss for loss in found if loss.line not in lines])
