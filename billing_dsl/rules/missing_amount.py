"""BD404."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._charges import (
    Charge,
    all_in,
    charges,
    quote_of,
    witness,
)


@rule("BD404", Severity.ERROR)
def missing_amount(client: ClientCoverage) -> Iterator[Finding]:
    """A price without an amount in the currency of a client that is billed by it.

    Nothing is ever converted: work, a block, a service or a milestone that has no amount in the
    client's currency could not be billed at all.

    Fails:

        kind: client
        name: acme
        legal_name: Acme AG
        currency: CHF
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: hourly
            type: time_and_materials
            rates: [{role: architect, rate: {CHF: 140.00}}]
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: {EUR: 85.00}
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office by telephone and remote control.

    Passes:

        kind: client
        name: acme
        legal_name: Acme AG
        currency: CHF
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: hourly
            type: time_and_materials
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: {EUR: 85.00, CHF: 104.00}
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office by telephone and remote control.
    """
    currency = client.client.currency
    if all_in(client, currency):
        return
    reported: set[tuple[int, str, str]] = set()
    for charge in charges(client):
        if charge.amount is not None:
            continue
        when = _days(charge)
        key = (id(charge.price), when, charge.agreement.name)
        if key not in reported:
            reported.add(key)
            yield _finding(client, charge, when)


def _days(charge: Charge) -> str:
    """Since when, or until when, the price has no amount: whoever is billed by it."""
    step = charge.price.step_on(charge.day)
    if step is None:
        return f" before {charge.price.steps[0].start}"
    return f" from {step.start}" if step.start is not None else ""


def _finding(client: ClientCoverage, charge: Charge, when: str) -> Finding:
    currency = client.client.currency
    quote = quote_of(client, charge.price)
    related: tuple[Label, ...] = ()
    if currency != client.shared.settings.currency:
        paid_in = client.client.at("currency")
        related = (Label(paid_in, f"`{client.client.name}` is billed in {currency}"),)
    step = charge.price.step_on(charge.day)
    if step is None:
        place = quote.day_of(charge.price.steps[0])
        cure = f"add an amount in {currency} without `from`, for the days before"
    else:
        place = quote.amount_of(step)
        cure = f"write an amount in {currency} beside the others, as in "
        cure += "`{EUR: 85.00, CHF: 92.00}`"
    lacks = "is not written" if quote.what.startswith("the amount") else "has no amount"
    return Finding(
        place,
        f"{quote.what} {lacks} in {currency}{when}",
        label=f"needed to bill {witness(client, charge)}",
        help=cure,
        related=related,
        subject=quote.subject,
        reached=client.reach(charge.agreement),
    )
