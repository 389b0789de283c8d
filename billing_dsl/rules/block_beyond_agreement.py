"""BD410."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch, day_after, day_before, gaps
from billing_dsl.rules import rule


@rule("BD410", Severity.WARNING)
def block_beyond_agreement(client: ClientCoverage) -> Iterator[Finding]:
    """A block for days on which its agreement does not run, or its tier lacks the contract.

    On such days no contract takes work that could draw on it: hours that the client has paid for
    run out unused. Where the tier changes during the agreement, so do its contracts.

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
        if not agreement.bespoke:
            yield from _without_contract(client, agreement)


def _without_contract(client: ClientCoverage, agreement: Agreement) -> Iterator[Finding]:
    """Blocks for days of the agreement on which its tier lacks their contract."""
    for position, block in enumerate(agreement.blocks):
        contract = client.family.book.contracts.get(f"{agreement.name}/{block.contract}")
        start, end = max(block.life, agreement.life).start, min(block.life.end, agreement.life.end)
        if contract is None or start > end:
            continue
        retired = (phase.life for phase in contract.phases if phase.retired)
        for hole in gaps(Stretch(start, end), gaps(contract.life, retired)):
            if hole.end < client.as_of:
                continue
            pieces = client.shared.expander.pieces(agreement)
            tier = next(piece.tier.key for piece in pieces if hole.start in piece.life)
            early = hole.start == start
            cure = (
                f"begin on {day_after(hole.end)}" if early else f"end on {day_before(hole.start)}"
            )
            if hole == Stretch(start, end):
                cure = f"hold while the agreement has `{block.contract}`"
            yield Finding(
                agreement.at("blocks", position, "start" if early else "end"),
                f"the block holds from {hole.start} to {hole.end}, when `{tier}` has no contract "
                f"`{block.contract}`: no work draws on it",
                label="its first day" if early else "its last day",
                help=f"let it {cure}, and agree with the client on what its hours are for",
                related=(Label(agreement.at("tier"), f"`{tier}` comes from here"),),
                subject=agreement.subject,
                reached=client.reach(agreement),
            )
