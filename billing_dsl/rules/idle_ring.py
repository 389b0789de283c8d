"""BD313."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._rings import rings_of_client


@rule("BD313", Severity.NOTE)
def idle_ring(client: ClientCoverage) -> Iterator[Finding]:
    """Contracts that fall to each other in a ring which no work can go round.

    Whatever one contract of the ring excludes, another takes. One more exclusion may close it, and
    Autotask's programming interface cannot make such a ring: it has to be linked by hand.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: recurring_service
            services: [seat]
            excludes: {work_types: [onsite-support]}
            falls_to: hourly
          - name: hourly
            type: time_and_materials
            excludes: {work_types: [remote-support]}
            falls_to: managed
        services: {seat: 5}
        ---
        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
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
            type: recurring_service
            services: [seat]
            excludes: {work_types: [onsite-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        services: {seat: 5}
        ---
        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    for ring in rings_of_client(client):
        if not ring.cells:
            yield Finding(
                ring.place,
                f"contracts fall to each other in a ring that no work goes round: {ring.names}",
                label=f"the ring begins and ends here{ring.days}",
                help="let the last contract fall to `none`",
                related=ring.others,
                subject=ring.subject,
                reached=client.reach(ring.agreement_of(client.client.name)),
            )
