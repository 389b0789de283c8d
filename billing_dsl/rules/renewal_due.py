"""BD419."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import day_after
from billing_dsl.rules import rule


@rule("BD419", Severity.WARNING)
def renewal_due(client: ClientCoverage) -> Iterator[Finding]:
    """An agreement that is about to end, and no other that follows it.

    Said from the day of notice on: the agreement's own `renewal` tells how long before the end
    that is, else the settings do. Automatic renewal prolongs nothing by itself: until somebody
    writes the new last day, all work after the old one is on no contract.

    Fails:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-03-01
        end: 2027-02-28
        contracts: [{name: hourly, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-03-01
        end: 2027-02-28
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-03-01
        end: 2028-02-29
        contracts: [{name: hourly, type: time_and_materials}]
    """
    as_of = client.as_of
    for agreement in client.family.book.agreements:
        life, renewal = agreement.life, agreement.renewal
        if not life.start <= as_of <= life.end or agreement.client != client.client.name:
            continue
        if not agreement.default and renewal is None:
            continue  # a project ends when it is done
        notice = client.shared.settings.renewal_notice
        if renewal is not None and renewal.notice is not None:
            notice = renewal.notice
        notice_day = notice.before(life.end)
        if notice_day > as_of or any(_follows(other, agreement) for other in client.agreements):
            continue
        if not client.complete:
            return  # what follows it may be the agreement that is lost
        cure = f"write a new last day, or an agreement that begins on {day_after(life.end)}"
        if renewal is not None and renewal.automatic:
            cure += "; automatic renewal prolongs nothing by itself"
        yield Finding(
            agreement.place_of_end,
            f"the agreement ends on {life.end}, and notice is due by {notice_day}",
            label=f"ends on {life.end}",
            help=cure,
            subject=agreement.subject,
            reached=client.reach(agreement),
        )


def _follows(other: Agreement, agreement: Agreement) -> bool:
    return (
        other.default == agreement.default
        and other.life.start > agreement.life.start
        and other.life.end > agreement.life.end
    )
