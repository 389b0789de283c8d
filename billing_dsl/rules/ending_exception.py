"""BD408."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule

AHEAD = (7, 30, 90)
"""How many days before its end an exception is spoken of, the most urgent first."""


@rule("BD408", Severity.WARNING)
def ending_exception(client: ClientCoverage) -> Iterator[Finding]:
    """An exception that ends within 90 days.

    There is still time to agree a new one. Said 90, 30 and 7 days ahead; an exception that ends
    with its agreement ends as it should.

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
            until: 2027-02-14

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
        for position, exception in enumerate(agreement.exceptions):
            if exception.until is None or exception.until >= agreement.life.end:
                continue
            left = (exception.until - client.as_of).days
            within = next((days for days in AHEAD if 0 <= left <= days), None)
            if within is None:
                continue
            word = WORDS[exception.dimension]
            yield Finding(
                agreement.at("exceptions", position, "until"),
                f"the exception for {word} `{exception.name}` ends on {exception.until}, "
                f"within {within} days",
                label="its last day",
                help=f"ask {exception.owner} whether it is to go on; from the next day the work "
                "ends where the tier says",
                subject=agreement.subject,
                reached=client.reach(agreement),
            )
