"""BD431."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch, gaps
from billing_dsl.rules import rule


@rule("BD431", Severity.WARNING)
def no_default_contract(client: ClientCoverage) -> Iterator[Finding]:
    """Days inside an agreement on which no contract is the client's default contract.

    An agreement that says `default: false` stands beside the one from which tickets start. Where
    there is no such other one, work without a contract on its ticket is covered by nothing: no
    agreed rate applies, and nothing is proved of it. Of days between two agreements that hold the
    default contract BD402 speaks; days gone by are left aside.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        default: false
        contracts: [{name: hourly, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-move
        client: acme
        start: 2027-02-01
        end: 2027-03-31
        default: false
        contracts: [{name: project, type: time_and_materials}]
    """
    beside = [agreement for agreement in client.agreements if not agreement.default]
    if not beside or not client.complete:
        return  # the agreement that holds the default contract may be the one that is lost
    held = [agreement.life for agreement in client.agreements if agreement.default]
    if held:  # the days in between are those of BD402
        held = [Stretch(min(life.start for life in held), max(life.end for life in held))]
    for agreement in sorted(beside, key=lambda agreement: (agreement.life, agreement.name)):
        free = [days for days in gaps(agreement.life, held) if days.end >= client.as_of]
        if free:
            held.append(agreement.life)
            yield _finding(client, agreement, free)


def _finding(client: ClientCoverage, agreement: Agreement, free: list[Stretch]) -> Finding:
    days = " and ".join(f"from {days.start} to {days.end}" for days in free)
    return Finding(
        agreement.at("default"),
        f"no contract is the default contract {days}",
        label="work does not start from this agreement",
        help="leave `default: false` out, or write the agreement from whose contract work starts "
        "on these days",
        subject=agreement.subject,
        reached=client.reach(agreement),
    )
