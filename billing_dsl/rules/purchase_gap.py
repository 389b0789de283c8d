"""BD434."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds._contract import ContractType, Purchase, TicketPurchase
from billing_dsl.model.calendar import Stretch, day_after, day_before, gaps
from billing_dsl.rules import rule

MISSED: Mapping[ContractType, tuple[str, str]] = {
    ContractType.RETAINER: ("retainers", "no money is there from which its work could be paid"),
    ContractType.PER_TICKET: ("tickets", "nothing says what a ticket of these days costs"),
}
"""What a contract of a type is paid from, as the field is called, and what its lack means."""


@rule("BD434", Severity.WARNING)
def purchase_gap(client: ClientCoverage) -> Iterator[Finding]:
    """Days on which a retainer contract has no retainer, or a ticket contract no tickets.

    Its work is taken all the same: nothing of it is included, and nothing has been paid for it. Of
    blocks BD409 speaks. Days after the last purchase are spoken of when they are near, as far ahead
    as the settings' `renewal_notice`: what is used up is bought again year by year. Days gone by
    are left aside, and so is a contract without any purchase: that is BD411.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: tickets
            type: per_ticket
            tickets:
              - {tickets: 20, rate: 58.00, start: 2027-01-01, end: 2027-05-31}
              - {tickets: 20, rate: 58.00, start: 2027-07-01, end: 2027-12-31}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: tickets
            type: per_ticket
            tickets:
              - {tickets: 20, rate: 58.00, start: 2027-01-01, end: 2027-06-30}
              - {tickets: 20, rate: 58.00, start: 2027-07-01, end: 2027-12-31}
    """
    for contract in client.family.book.contracts.values():
        if contract.type in MISSED and contract.client == client.client.name:
            for phase in contract.phases:
                if not phase.retired and phase.life.end >= client.as_of:
                    yield from _in_phase(client, contract, phase)


def _in_phase(client: ClientCoverage, contract: Contract, phase: Phase) -> Iterator[Finding]:
    field, lack = MISSED[contract.type]
    terms, life = phase.terms, phase.life
    paid: Sequence[Purchase | TicketPurchase] = terms.retainers
    if contract.type is ContractType.PER_TICKET:
        paid = terms.tickets
    bought = [Stretch(one.start, one.end) for one in paid]
    if not bought:
        return
    last = max(days.end for days in bought)
    soon = client.shared.settings.renewal_notice.after(client.as_of)
    declaration = contract.agreement if phase.tier is None else phase.tier.contracts_from
    here = ("contracts", contract.name, field)
    whole = Stretch(date.min, date.max)
    for hole in gaps(whole, bought):
        start, end = max(hole.start, life.start), min(hole.end, life.end)
        if start > end or end < client.as_of or (start > last and start > soon):
            continue
        if hole.start == whole.start:
            following = day_after(hole.end)
            when = f"before {following}"
            row = next(row for row, days in enumerate(bought) if days.start == following)
            place = declaration.at(*here, row, "start")
        else:
            when = f"from {hole.start}"
            when += " on" if hole.end == whole.end else f" to {hole.end}"
            before = day_before(hole.start)
            row = next(row for row, days in enumerate(bought) if days.end == before)
            place = declaration.at(*here, row, "end")
        yield Finding(
            place,
            f"contract `{contract.name}` has no {field} {when}",
            label=lack,
            help=f"list what is bought for these days under `{field}`",
            subject=declaration.subject,
            reached=client.reach(contract.agreement),
            assumption="purchases-used-up",
        )
