"""BD433."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label, Route, Severity
from billing_dsl.kinds._contract import ContractTerms, ContractType, Milestone
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.rules import rule


@rule("BD433", Severity.WARNING)
def purchase_outside_agreement(client: ClientCoverage) -> Iterator[Finding]:
    """A milestone, a retainer, tickets or units of a service on days outside their agreement.

    The contracts of an agreement are in force from its first day to its last. A milestone due on
    another day may never be billed; money and tickets for other days cannot be used then. So it is
    with a milestone of a tier on a day on which the client is not on that tier. Of blocks BD410
    speaks.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: project
            type: fixed_price
            milestones: [{title: Go-live, date: 2028-01-15, amount: 9000.00}]

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: project
            type: fixed_price
            milestones: [{title: Go-live, date: 2027-12-15, amount: 9000.00}]
    """
    for agreement in client.agreements:
        life = agreement.life
        for terms in agreement.contracts:
            for what, day, route in _days(terms):
                if not life.start <= day <= life.end:
                    yield _finding(client, agreement, what, day, route)
        for service, steps in agreement.services.items():
            for step in steps:
                begun = step.start
                if begun is None or life.start <= begun <= life.end:
                    continue
                if begun < life.start or step.units:  # none from then on is no mistake
                    what = f"the number of units of `{service}` begins"
                    row = ("services", service, step.position or 0, "from")
                    yield _finding(client, agreement, what, begun, row)
    for contract in client.contracts:
        if contract.type is ContractType.FIXED_PRICE:
            yield from _of_tiers(client, contract)


def _of_tiers(client: ClientCoverage, contract: Contract) -> Iterator[Finding]:
    """Milestones that a tier writes, for days on which the client has no such contract of it."""
    told: list[Milestone] = []
    by_tier = [(phase, phase.tier) for phase in contract.phases if phase.tier and not phase.retired]
    due = [
        milestone
        for phase, _ in by_tier
        for milestone in phase.terms.milestones
        if milestone.due in phase.life
    ]
    for phase, tier in by_tier:
        for row, milestone in enumerate(phase.terms.milestones):
            if milestone in due or milestone in told:
                continue
            told.append(milestone)
            written = tier.contracts_from
            yield Finding(
                written.at("contracts", contract.name, "milestones", row, "date"),
                f"milestone `{milestone.title}` is due on {milestone.due}, when the client has no "
                f"contract `{contract.name}` of this tier",
                label="on this day no such contract is in force",
                help="choose a day on which clients are on the tier, or write the agreement's "
                "contracts out",
                subject=written.subject,
                reached=client.reach(contract.agreement),
            )


def _days(terms: ContractTerms) -> Iterator[tuple[str, date, Route]]:
    """Each day on which something of a contract is paid, begins or ends."""
    here = ("contracts", terms.name)
    for row, milestone in enumerate(terms.milestones):
        route = (*here, "milestones", row, "date")
        yield f"milestone `{milestone.title}` is due", milestone.due, route
    for row, retainer in enumerate(terms.retainers):
        yield "the retainer begins", retainer.start, (*here, "retainers", row, "start")
        yield "the retainer ends", retainer.end, (*here, "retainers", row, "end")
    for row, bought in enumerate(terms.tickets):
        yield "the purchase of tickets begins", bought.start, (*here, "tickets", row, "start")
        yield "the purchase of tickets ends", bought.end, (*here, "tickets", row, "end")


def _finding(
    client: ClientCoverage, agreement: Agreement, what: str, day: date, route: Route
) -> Finding:
    life = agreement.life
    early = day < life.start
    edge = Label(agreement.at("start"), f"`{agreement.name}` begins on {life.start}")
    if not early:
        edge = Label(agreement.place_of_end, f"`{agreement.name}` ends on {life.end}")
    return Finding(
        agreement.at(*route),
        f"{what} on {day}, {'before' if early else 'after'} its agreement",
        label="on this day no contract of the agreement is in force",
        help="choose a day of the agreement, or correct the agreement's dates",
        related=(edge,),
        subject=agreement.subject,
        reached=client.reach(agreement),
    )
