"""BD421."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.model.calendar import Term, Unit
from billing_dsl.rules import rule

SHORTEST = {Unit.DAY: 1, Unit.MONTH: 28, Unit.YEAR: 365}
"""The days that each unit of a term has at least."""


@rule("BD421", Severity.WARNING)
def long_term(client: ClientCoverage) -> Iterator[Finding]:
    """An agreement that runs longer than the settings' longest term.

    It is said that Autotask takes no end date more than twenty years ahead; nobody has confirmed
    it. `longest_term` in the settings says what holds for you, and `term: longest` keeps to it.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2099-12-31
        contracts: [{name: hourly, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        term: longest
        contracts: [{name: hourly, type: time_and_materials}]
    """
    longest = client.shared.settings.longest_term
    surely = _shortest_days(longest)
    for agreement in client.family.book.agreements:
        life = agreement.life
        if (life.end - life.start).days < surely or agreement.client != client.client.name:
            continue
        last = longest.last_day(life.start)
        if life.end > last:
            yield Finding(
                agreement.place_of_end,
                f"the agreement runs until {life.end}, longer than the longest term of {longest}",
                label=f"ends on {life.end}",
                help=f"end it on {last} at the latest, or write `term: longest`",
                subject=agreement.subject,
                reached=client.reach(agreement),
                assumption="longest-term",
            )


def _shortest_days(term: Term) -> int:
    return term.count * SHORTEST[term.unit]
