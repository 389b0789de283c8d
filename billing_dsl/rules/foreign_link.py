"""BD304."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD304", Severity.ERROR)
def foreign_link(client: ClientCoverage) -> Iterator[Finding]:
    """A contract that falls to a contract of another client.

    Whether Autotask takes an exclusion contract of another organization is not documented. For a
    parent company it may be meant: then accept it with a waiver.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: globex-2027/hourly
        ---
        kind: agreement
        name: globex-2027
        client: globex
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: hourly, type: time_and_materials}
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
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: acme-hourly/hourly
        ---
        kind: agreement
        name: acme-hourly
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        default: false
        contracts:
          - {name: hourly, type: time_and_materials}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    book = client.family.book
    if len(book.clients) == 1:
        return
    owners = {agreement.name: agreement for agreement in book.agreements}
    for agreement in client.agreements:
        for terms in agreement.contracts:
            name, slash, _ = (terms.falls_to or "").partition("/")
            other = owners.get(name) if slash else None  # without: a contract of its own
            if other is None or other.client == client.client.name:
                continue
            parent = other.client == client.client.parent
            whose = f"its parent `{other.client}`" if parent else f"client `{other.client}`"
            yield Finding(
                agreement.at("contracts", terms.name, "falls_to"),
                f"`{terms.name}` falls to `{terms.falls_to}`, a contract of {whose}",
                label="the exclusion contract of another organization",
                help="let it fall to a contract of the same client"
                + (", or accept it with a waiver" if parent else ""),
                related=(Label(other.at("client"), f"`{other.name}` is of `{other.client}`"),),
                subject=agreement.subject,
                reached=client.reach(agreement),
                assumption="foreign-exclusion-contract",
            )
