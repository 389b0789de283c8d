"""BD350."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billing_dsl.analysis.answer import Answer, NoAnswer, answer
from billing_dsl.analysis.causes import exclusion_place
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.coverage import Hop
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.scenario import Scenario
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.model import money
from billing_dsl.rules import rule
from billing_dsl.rules._tiers import missed_ends


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
    if not client.scenarios:
        return
    waivers = client.shared.catalogue.all(Waiver)
    lost = client.shared.catalogue.lost.get("agreement", frozenset())
    for scenario in client.scenarios:
        cell = Cell(scenario.work_type, scenario.role, scenario.sub_issue)
        found = answer(client, cell, scenario.day, scenario.begins)
        if isinstance(found, NoAnswer):
            if not client.complete or scenario.begins.rpartition("/")[0] in lost:
                continue  # the agreement that would answer is broken
            yield Finding(
                scenario.at("given"),
                f"scenario `{scenario.name}` has no answer: {found.reason}",
                label="of this nothing can be said",
                help="name a day and a contract of an agreement in force",
                subject=scenario.subject,
                reached=client.reach(),
            )
            continue
        if found.agreement.name in lost:
            continue  # of two agreements of that name either may be meant
        different = tuple(_differences(scenario, found))
        if different and not _told_elsewhere(scenario, found, waivers):
            yield _finding(client, scenario, found, different)


def _finding(
    client: ClientCoverage,
    scenario: Scenario,
    found: Answer,
    different: tuple[tuple[str, str, str], ...],
) -> Finding:
    """One finding for a scenario: its first word that is not so, and the others beside it."""
    (word, expected, given), *others = different
    label = f"it is {given}"
    for other, wanted, actual in others:
        label += f"; {other} is {actual}, not {wanted}"
    return Finding(
        scenario.at("then", word),
        f"scenario `{scenario.name}` expects {word} {expected}, but it is {given}",
        label=label,
        help="mend what the path decides, or change what the scenario expects",
        related=tuple(_step(number, hop) for number, hop in enumerate(found.path.hops, 1)),
        subject=scenario.subject,
        reached=client.reach(found.agreement),
    )


def _step(number: int, hop: Hop) -> Label:
    """A step of the path, at the line that decides it."""
    if not hop.excluded:
        return Label(hop.contract.place, f"{number}. `{hop.contract.id}` takes it")
    dimension, name = hop.excluded[0]
    names = " and ".join(f"`{name}`" for _, name in hop.excluded)
    return Label(
        exclusion_place(hop.contract, hop.phase, dimension, name),
        f"{number}. `{hop.contract.id}` excludes {names}",
    )


def _told_elsewhere(scenario: Scenario, found: Answer, waivers: tuple[Waiver, ...]) -> bool:
    """Whether the work goes round in a ring, BD302, or a tier says no end of it, or one that it
    never comes to: BD305, BD306.

    Where somebody has accepted such a finding, the scenario is all that still tells of it.
    """
    if found.outcome is Outcome.CYCLIC:
        return not any(waiver.code == "BD302" for waiver in waivers)
    if any(waiver.code in ("BD305", "BD306") for waiver in waivers):
        return False
    decisions = {
        ("scope", scenario.work_type),
        ("roles", scenario.role),
        ("sub_issues", scenario.sub_issue),
    }
    return any(
        scenario.work_type not in tier.scope
        or any(not decisions.isdisjoint(missed) for missed in missed_ends(tier).values())
        for hop in found.path.hops
        if (tier := hop.phase.tier) is not None
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
    why = ", for the work goes round in a ring" if found.outcome is Outcome.CYCLIC else ""
    for word, written in scenario.expected.items():
        expected = str(written)
        if word == "rate":
            expected = "null" if written is None else money.text(Decimal(written))
        if expected != given[word]:
            said = f"`{given[word]}`"
            yield word, f"`{expected}`", said + why if word == "contract" else said
