"""BD302."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._rings import rings_of_client
from billing_dsl.rules._work import in_words


@rule("BD302", Severity.ERROR)
def exclusion_cycle(client: ClientCoverage) -> Iterator[Finding]:
    """Contracts that fall to each other in a ring, so that some work comes to no end.

    Every contract of the ring excludes that work and passes it on to the next. Autotask's
    interface may let such a ring be made, one contract at a time; its programming interface
    cannot, for there a contract can only point at an older one.

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
            excludes: {work_types: [onsite-support]}
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
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.

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
            continue
        work = in_words(client.cells, ring.cells, ring.there)
        yield Finding(
            ring.place,
            f"contracts fall to each other in a ring: {ring.names}",
            label=f"{work} {work.verb('goes', 'go')} round{ring.days}",
            help="let one contract of the ring take the work, or fall to a contract outside it",
            related=ring.others,
            subject=ring.subject,
            reached=client.reach(ring.agreement_of(client.client.name)),
            assumption="loops",
        )
