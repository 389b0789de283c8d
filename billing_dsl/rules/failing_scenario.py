"""BD350."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billing_dsl.analysis.answer import Answer, NoAnswer, answer
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.scenario import Scenario
from billing_dsl.model import money
from billing_dsl.rules import rule


@rule("BD350", Severity.ERROR)
def failing_scenario(client: ClientCoverage) -> Iterator[Finding]:
    """A scenario in which the work does not end as it says.

    Either what it expects is no longer agreed, then change the scenario; or a change of a tier or
    agreement does what nobody meant.

    Fails:

        kind: scenario
        name: acme-visit
        given: {client: acme, role: engineer, on: 2027-03-01}
        when: {work_type: onsite-support}
        then: {contract: hourly, rate: 80.00}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: hourly, type: time_and_materials}

    Passes:

        kind: scenario
        name: acme-visit
        given: {client: acme, role: engineer, on: 2027-03-01}
        when: {work_type: onsite-support}
        then: {contract: hourly, rate: 85.00}
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: hourly, type: time_and_materials}
    """
    for scenario in client.scenarios:
        cell = Cell(scenario.work_type, scenario.role, scenario.sub_issue)
        found = answer(client, cell, scenario.day, scenario.begins)
        if isinstance(found, NoAnswer):
            yield Finding(
                scenario.at("given"),
                f"scenario `{scenario.name}` has no answer: {found.reason}",
                label="of this nothing can be said",
                help="name a day and a contract of an agreement in force",
                subject=scenario.subject,
                reached=client.reach(),
            )
            continue
        for word, expected, given in _differences(scenario, found):
            yield Finding(
                scenario.at("then", word),
                f"scenario `{scenario.name}` expects {word} {expected}, but it is {given}",
                label=f"it is {given}",
                help="mend what the path below decides, or change what the scenario expects",
                related=tuple(
                    Label(
                        hop.contract.place if not hop.excluded else hop.contract.place_of_link,
                        f"{number}. `{hop.contract.id}` "
                        + (
                            f"excludes {' and '.join(f'`{name}`' for _, name in hop.excluded)}"
                            if hop.excluded
                            else "takes it"
                        ),
                    )
                    for number, hop in enumerate(found.path.hops, 1)
                ),
                subject=scenario.subject,
                reached=client.reach(found.agreement),
            )


def _differences(scenario: Scenario, found: Answer) -> Iterator[tuple[str, str, str]]:
    """Each word of `then` that is not so: what is expected, and what is."""
    amount = found.rate.amount
    given = {
        "outcome": found.outcome.value,
        "agreement": found.agreement.name,
        "contract": found.contract.name if found.contract is not None else NOWHERE,
        "billing": found.billing.value,
        "rate": "null" if amount is None else money.text(amount),
        "currency": found.currency,
    }
    for word, written in scenario.expected.items():
        expected = str(written)
        if word == "rate":
            expected = "null" if written is None else money.text(Decimal(written))
        if expected != given[word]:
            yield word, f"`{expected}`", f"`{given[word]}`"
