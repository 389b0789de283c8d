"""BD410."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD410", Severity.WARNING)
def block_beyond_agreement(client: ClientCoverage) -> Iterator[Finding]:
    """A block that begins before its agreement or ends after it.

    On the days outside, no contract is in force that could draw on it: hours that the client has
    paid for run out unused.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2028-03-31}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
    """
    for agreement in client.family.book.agreements:
        if not agreement.blocks or agreement.client != client.client.name:
            continue
        life = agreement.life
        for position, block in enumerate(agreement.blocks):
            if block.life.start < life.start:
                yield Finding(
                    agreement.at("blocks", position, "start"),
                    f"the block begins on {block.life.start}, before its agreement",
                    label="its first day",
                    help=f"let it begin on {life.start}, or correct the agreement's start",
                    related=(Label(agreement.at("start"), f"`{agreement.name}` begins here"),),
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                )
            if block.life.end > life.end:
                yield Finding(
                    agreement.at("blocks", position, "end"),
                    f"the block ends on {block.life.end}, after its agreement",
                    label="its last day",
                    help=f"let it end on {life.end}, or prolong the agreement",
                    related=(
                        Label(agreement.place_of_end, f"`{agreement.name}` ends on {life.end}"),
                    ),
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                )
