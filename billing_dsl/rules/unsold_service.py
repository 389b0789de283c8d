"""BD429."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("BD429", Severity.WARNING)
def unsold_service(client: ClientCoverage) -> Iterator[Finding]:
    """A service with units that no contract of the agreement sells.

    Units are billed by a recurring service contract that names the service. Without one they are
    on paper only, and never on an invoice.

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
        carried = {
            service
            for contract in book.contracts.values()
            if contract.agreement is agreement
            for phase in contract.phases
            for service in phase.terms.services
        }
        for service, steps in agreement.services.items():
            if service not in carried and any(step.units for step in steps):
                yield Finding(
                    agreement.at("services", service, key=True),
                    f"no contract of this agreement sells service `{service}`",
                    label="its units are never billed",
                    help="name it under the `services` of a recurring service contract, or of the "
                    "tier's",
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                )
