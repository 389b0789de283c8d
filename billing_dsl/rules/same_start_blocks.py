"""BD412."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD412", Severity.WARNING)
def same_start_blocks(client: ClientCoverage) -> Iterator[Finding]:
    """Two blocks of one contract that begin on the same day.

    Autotask draws on the block that begins first and does not say which of two that begin
    together: what is left in each, and at which rate an hour was bought, would be chance.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
          - {contract: block, hours: 10, rate: 74.00, start: 2027-01-01, end: 2027-06-30}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
          - {contract: block, hours: 10, rate: 74.00, start: 2027-01-02, end: 2027-06-30}
    """
    for agreement in client.family.book.agreements:
        if len(agreement.blocks) < 2 or agreement.client != client.client.name:
            continue
        first: dict[tuple[str, date], int] = {}
        for position, block in enumerate(agreement.blocks):
            known = first.setdefault((block.contract, block.life.start), position)
            if known != position:
                yield Finding(
                    agreement.at("blocks", position, "start"),
                    f"two blocks of contract `{block.contract}` begin on {block.life.start}",
                    label="begins on the same day",
                    help="make one block of both, or let them begin on different days",
                    related=(Label(agreement.at("blocks", known, "start"), "the other block"),),
                    subject=agreement.subject,
                    reached=client.reach(agreement),
                    assumption="same-start-blocks",
                )
