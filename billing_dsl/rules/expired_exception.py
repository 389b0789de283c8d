"""BD407."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("BD407", Severity.ERROR)
def expired_exception(client: ClientCoverage) -> Iterator[Finding]:
    """An exception whose last day is past while its agreement goes on.

    The work ends again where the tier says, and so does the bill; whoever agreed the exception
    should know. In Autotask the exclusions have to be set back.

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
            until: 2026-12-31

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
            if exception.until is None or exception.until >= client.as_of:
                continue
            word = WORDS[exception.dimension]
            yield Finding(
                agreement.at("exceptions", position, "until"),
                f"the exception for {word} `{exception.name}` ended on {exception.until}",
                label="its last day",
                help=f"ask {exception.owner} whether it goes on, or remove it",
                subject=agreement.subject,
                reached=client.reach(agreement),
            )
