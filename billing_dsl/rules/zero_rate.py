"""BD405."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.model.money import text
from billing_dsl.rules import rule
from billing_dsl.rules._charges import charges, price_list, quote_of, witness
from billing_dsl.rules._prices import above_zero, prices_of_agreement


@rule("BD405", Severity.WARNING)
def zero_rate(client: ClientCoverage) -> Iterator[Finding]:
    """Work that is to be billed, at a rate of nothing; or a service that is sold for nothing.

    It looks billed in every list and brings no money. What is meant to cost nothing is better
    said by a work type with `billable: false` or by a contract that includes it.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        rates: [{contract: hourly, role: engineer, rate: 0}]
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office by telephone and remote control.

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        rates: [{contract: hourly, role: engineer, rate: 80.00}]
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office by telephone and remote control.
    """
    if price_list(client).all_above_zero and all(
        above_zero(price)
        for agreement in client.family.book.agreements
        for price in prices_of_agreement(agreement)
    ):
        return
    currency = client.client.currency
    reported: set[tuple[int, str, str]] = set()
    for charge in charges(client):
        if charge.rate is None or charge.amount is None or charge.rate > 0:
            continue
        key = (id(charge.price), text(charge.amount), charge.agreement.name)
        if key in reported:
            continue
        reported.add(key)
        quote = quote_of(client, charge.price)
        amount = f"{text(charge.amount)} {currency}"
        made = "" if charge.rate == charge.amount else " and leaves nothing to bill"
        step = charge.price.step_on(charge.day)
        yield Finding(
            quote.place if step is None else quote.amount_of(step),
            f"{quote.what} is {amount}{made}",
            label=f"all that is billed for {witness(client, charge)}",
            help="write what it costs, or let the work be included or not billable",
            subject=quote.subject,
            reached=client.reach(charge.agreement),
        )
