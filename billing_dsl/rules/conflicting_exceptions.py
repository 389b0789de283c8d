"""BD416."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.causes import WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.rules import rule


@rule("BD416", Severity.ERROR)
def conflicting_exceptions(client: ClientCoverage) -> Iterator[Finding]:
    """Two exceptions of one thing that hold on the same day.

    Work ends in one place. Which of the two was meant cannot be told; until that is mended the
    later of the list counts.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: remote, type: time_and_materials}
          - {name: hourly, type: time_and_materials}
          - {name: visits, type: time_and_materials}
        scope:
          remote-support: remote
          onsite-support: visits
          out-of-hours-support: hourly
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        exceptions:
          - work_type: onsite-support
            goes_to: hourly
            reason: agreed at the signing
            owner: billing@msp.example
            until: 2027-12-31
          - work_type: onsite-support
            goes_to: remote
            reason: agreed by telephone
            owner: billing@msp.example
            from: 2027-11-01
            until: 2027-12-31

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: remote, type: time_and_materials}
          - {name: hourly, type: time_and_materials}
          - {name: visits, type: time_and_materials}
        scope:
          remote-support: remote
          onsite-support: visits
          out-of-hours-support: hourly
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        exceptions:
          - work_type: onsite-support
            goes_to: hourly
            reason: agreed at the signing
            owner: billing@msp.example
            until: 2027-10-31
          - work_type: onsite-support
            goes_to: remote
            reason: agreed by telephone
            owner: billing@msp.example
            from: 2027-11-01
            until: 2027-12-31
    """
    for agreement in client.agreements:
        if len(agreement.exceptions) > 1 and not agreement.bespoke:
            yield from _conflicts(client, agreement)


def _conflicts(client: ClientCoverage, agreement: Agreement) -> Iterator[Finding]:
    earlier: dict[tuple[str, str], list[tuple[int, TierException]]] = {}
    for position, exception in enumerate(agreement.exceptions):
        thing = (exception.dimension, exception.name)
        start, end = _days(agreement, exception)
        for other_position, other in earlier.setdefault(thing, []):
            first = max(start, _days(agreement, other)[0])
            if first <= min(end, _days(agreement, other)[1]):
                yield Finding(
                    agreement.at("exceptions", position, exception.dimension),
                    f"two exceptions for {WORDS[exception.dimension]} `{exception.name}` "
                    f"hold on {first}",
                    label=f"goes to `{exception.goes_to}`",
                    help="let one end with `until` before the other begins, or remove one",
                    related=(
                        Label(
                            agreement.at("exceptions", other_position, other.dimension),
                            f"goes to `{other.goes_to}`",
                        ),
                    ),
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                )
                break
        earlier[thing].append((position, exception))


def _days(agreement: Agreement, exception: TierException) -> tuple[date, date]:
    """The first and the last day of an exception."""
    return exception.start or agreement.life.start, exception.until or agreement.life.end
