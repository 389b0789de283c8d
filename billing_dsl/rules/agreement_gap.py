"""BD402."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch, day_after, gaps, pieces
from billing_dsl.rules import rule


@rule("BD402", Severity.WARNING)
def agreement_gap(client: ClientCoverage) -> Iterator[Finding]:
    """Days between a client's agreements on which no contract is its default contract.

    Work done on such a day has no contract to start from: nothing is included, nothing comes from
    a block, and no agreed rate applies. Nothing is said of the days before the first agreement and
    after the last; days of an agreement that says `default: false` are those of BD431.

    Fails:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-01-01
        end: 2026-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-02-01
        end: 2028-01-31
        contracts: [{name: hourly, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-01-01
        end: 2026-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
    """
    if not client.complete:
        return  # the agreement for those days may be the one that is lost
    book, name = client.family.book, client.client.name
    starts = book.starts[name]
    if len(starts) == 1 and len(book.agreements) == 1:
        (start,) = starts
        if start.contract and start.life == start.agreement.life:
            return
    agreements = [agreement for agreement in client.agreements if agreement.default]
    if not agreements:
        return
    whole = Stretch(
        min(agreement.life.start for agreement in agreements),
        max(agreement.life.end for agreement in agreements),
    )
    cuts = {day for start in starts for day in (start.life.start, day_after(start.life.end))}
    held = [piece for piece in pieces(whole, cuts) if book.default(name, piece.start) is not None]
    for gap in gaps(whole, held):
        yield _gap(client, gap, agreements)


def _gap(client: ClientCoverage, gap: Stretch, agreements: list[Agreement]) -> Finding:
    message = f"no contract is the default contract from {gap.start} to {gap.end}"
    running = [a for a in agreements if a.life.start <= gap.end and a.life.end >= gap.start]
    if running:
        without = min(running, key=lambda agreement: (agreement.life, agreement.name))
        return Finding(
            without.at("tier"),
            message,
            label="all contracts of the tier are blocks that the agreement does not buy",
            help="buy a block under `blocks`, or choose a tier with another contract",
            subject=without.subject,
            reached=client.reach(without),
        )
    after = min(
        (agreement for agreement in agreements if agreement.life.start > gap.end),
        key=lambda agreement: (agreement.life.start, agreement.name),
    )
    before = max(
        (agreement for agreement in agreements if agreement.life.end < gap.start),
        key=lambda agreement: (agreement.life.end, agreement.name),
    )
    return Finding(
        after.at("start"),
        message,
        label="the next agreement begins here",
        help="let one agreement begin on the day after the other ends",
        related=(Label(before.place_of_end, f"`{before.name}` ends on {before.life.end}"),),
        subject=after.subject,
        reached=client.reach(after),
    )
