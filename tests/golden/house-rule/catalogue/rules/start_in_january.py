"""The house signs nothing in January."""

from collections.abc import Iterable

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("NW001", Severity.WARNING)
def start_in_january(client: ClientCoverage) -> Iterable[Finding]:
    """An agreement that begins in January.

    The desk is closed until the twentieth.
    """
    for agreement in client.agreements:
        if agreement.life.start.month == 1:
            yield Finding(
                agreement.at("start"),
                "the agreement begins in January",
                label="the desk is closed",
                help="begin in February",
                subject=agreement.subject,
                reached=client.reach(agreement),
            )
