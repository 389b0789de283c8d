"""BD428."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("BD428", Severity.WARNING)
def open_exception(client: ClientCoverage) -> Iterator[Finding]:
    """An exception without a last day.

    Nobody will be asked about it again: exceptions that never end are how every client comes to
    have a tier of its own.

    Fails:

        kind: tier
        name: silver
        version: 1
        title: Silver
        effective: 2026-01-01
        contracts:
          - {name: managed, type: recurring_service, services: [seat]}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: managed, onsite-support: hourly}
        ---
        kind: agreement
        name: acme-2026
        client: acme
        tier: silver@1
        start: 2026-01-01
        end: 2027-12-31
        services: {seat: 5}
        exceptions:
          - work_type: remote-support
            goes_to: hourly
            reason: agreed by letter
            owner: owner@msp.example

    Passes:

        kind: tier
        name: silver
        version: 1
        title: Silver
        effective: 2026-01-01
        contracts:
          - {name: managed, type: recurring_service, services: [seat]}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: managed, onsite-support: hourly}
        ---
        kind: agreement
        name: acme-2026
        client: acme
        tier: silver@1
        start: 2026-01-01
        end: 2027-12-31
        services: {seat: 5}
        exceptions:
          - work_type: remote-support
            goes_to: hourly
            reason: agreed by letter
            owner: owner@msp.example
            until: 2027-12-31
    """
    for agreement in client.family.book.agreements:
        if not agreement.exceptions or agreement.client != client.client.name:
            continue
        if agreement.life.end < client.as_of:
            continue
        for position, exception in enumerate(agreement.exceptions):
            if exception.until is None:
                word = WORDS[exception.dimension]
                yield Finding(
                    agreement.at("exceptions", position, exception.dimension),
                    f"the exception for {word} `{exception.name}` has no last day",
                    label="goes on until the agreement ends",
                    help="write its last day as `until`, at the latest "
                    f"{agreement.life.end}, the agreement's own",
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                )
