"""BD429."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Phase
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch, day_after, gaps
from billing_dsl.rules import rule
from billing_dsl.rules._charges import units_sold


@rule("BD429", Severity.WARNING)
def unsold_service(client: ClientCoverage) -> Iterator[Finding]:
    """A service with units that no contract of the agreement sells.

    Units are billed by a recurring service contract that names the service. Without one they are
    on paper only, and never on an invoice. Where the agreement moves to a tier that no longer sells
    the service, its units go on being billed until their list says `units: 0`. Days gone by are
    left aside.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service
        name: mailbox
        title: Mailbox backup
        period: monthly
        price: 4.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service, services: [seat]}]
        services: {seat: 12, mailbox: 12}

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service
        name: seat-plus
        title: Managed seat with visits
        period: monthly
        price: 65.00
        ---
        kind: tier
        name: silver
        version: 1
        effective: 2027-01-01
        title: Silver
        contracts: [{name: managed, type: recurring_service, services: [seat]}]
        scope: {remote-support: managed}
        ---
        kind: tier
        name: gold
        version: 1
        effective: 2027-01-01
        title: Gold
        contracts: [{name: managed, type: recurring_service, services: [seat-plus]}]
        scope: {remote-support: managed}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: [{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]
        services:
          seat: 12
          seat-plus: [{from: 2027-07-01, units: 12}]

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service
        name: mailbox
        title: Mailbox backup
        period: monthly
        price: 4.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: managed, type: recurring_service, services: [seat, mailbox]}]
        services: {seat: 12, mailbox: 12}
    """
    book = client.family.book
    for agreement in book.agreements:
        if not agreement.services or agreement.client != client.client.name:
            continue
        always: set[str] = set()
        phases: list[Phase] = []
        for contract in book.contracts.values():
            if contract.agreement is agreement:
                for phase in contract.phases:
                    if phase.terms.services and not phase.retired:
                        phases.append(phase)
                        if phase.life == agreement.life:
                            always.update(phase.terms.services)
        for service, steps in agreement.services.items():
            if service in always or not any(step.units for step in steps):
                continue
            sold = sorted(phase.life for phase in phases if service in phase.terms.services)
            if sold:
                yield from _on_some_days(client, agreement, service, sold)
            else:
                yield _never(client, agreement, service)


def _never(client: ClientCoverage, agreement: Agreement, service: str) -> Finding:
    return Finding(
        agreement.at("services", service, key=True),
        f"no contract of this agreement sells service `{service}`",
        label="its units are never billed",
        help="name it under the `services` of a recurring service contract, or of the tier's",
        subject=agreement.subject,
        reached=client.reach(agreement),
    )


def _on_some_days(
    client: ClientCoverage, agreement: Agreement, service: str, sold: list[Stretch]
) -> Iterator[Finding]:
    """One finding for each stretch of days on which no contract sells what has units."""
    bought = list(units_sold(agreement, agreement.services[service]))
    for free in gaps(agreement.life, sold):
        units = [
            (step.units, max(life.start, free.start))
            for step, life in bought
            if life.start <= free.end and life.end >= free.start
        ]
        if not units or free.end < client.as_of:
            continue
        count, day = units[0]
        tier = next(
            tier
            for start, tier in reversed(client.shared.expander.steps(agreement))
            if start <= day
        )
        one = count == 1
        many = f"its {count} unit{'' if one else 's'}"
        if any(life.end < free.start for life in sold):
            goes = "goes" if one else "go"
            message = f"`{tier.key}` does not sell `{service}` from {day}; {many} {goes} on"
            label = "still billed, though no contract sells it"
            cure = f"end it there, as in `- {{from: {day}, units: 0}}`, or let the tier sell it"
        else:
            begins = day_after(free.end)
            begin = f"{many} {'begins' if one else 'begin'} on {day}"
            message = f"`{tier.key}` does not sell `{service}` before {begins}; {begin}"
            label = "no contract sells it yet"
            cure = f"let it begin there, as in `- {{from: {begins}, units: {count}}}`"
        yield Finding(
            agreement.at("services", service, key=True),
            message,
            label=label,
            help=cure,
            related=(
                Label(
                    tier.contracts_from.at("contracts", key=True), f"the contracts of `{tier.key}`"
                ),
            ),
            subject=agreement.subject,
            reached=client.reach(agreement),
        )
