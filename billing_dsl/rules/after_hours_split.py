"""BD311."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.coverage import Covered
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD311", Severity.WARNING)
def after_hours_split(client: ClientCoverage) -> Iterator[Finding]:
    """An out-of-hours promise that entries without start and stop times do not keep.

    Autotask splits off the part outside business hours only from entries with start and stop
    times. Where a contract takes any entry, out-of-hours work logged as plain hours stays with
    the work type of the day, and is billed like it.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: retainer
            time_entry: any
            retainers: [{amount: 2000.00, start: 2027-01-01, end: 2027-12-31}]
            excludes: {work_types: [out-of-hours-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.
        after_hours: out-of-hours-support
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: retainer
            retainers: [{amount: 2000.00, start: 2027-01-01, end: 2027-12-31}]
            excludes: {work_types: [out-of-hours-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.
        after_hours: out-of-hours-support
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    if all(phase.terms.start_stop for one in client.contracts for phase in one.phases):
        return
    pairs = [
        one for one in client.shared.work_types if one.after_hours in client.cells.by_work_type
    ]
    told: set[tuple[str, str]] = set()
    for covered in client.covered:
        for work_type in pairs:
            for position in _taken_by(covered, client.cells.by_work_type[work_type.name]):
                contract, phase = (
                    covered.segment.contracts[position],
                    covered.segment.phases[position],
                )
                if phase.terms.start_stop or covered.start is None:
                    continue
                after = client.cells.by_work_type[work_type.after_hours]
                if (
                    _taken_by(covered, after) == (position,)
                    or (contract.id, work_type.name) in told
                ):
                    continue
                told.add((contract.id, work_type.name))
                tier = phase.tier
                yield Finding(
                    (contract.agreement if tier is None else tier.contracts_from).at(
                        "contracts", contract.name, "time_entry"
                    ),
                    f"`{contract.name}` takes entries without start and stop times, of which "
                    f"`{work_type.after_hours}` is never split off",
                    label=f"`{work_type.name}` after hours stays here",
                    help="leave `time_entry` out, so that entries need start and stop times",
                    related=(
                        Label(
                            work_type.at("after_hours"), f"after hours `{work_type.after_hours}`"
                        ),
                    ),
                    subject=contract.agreement.subject if tier is None else tier.tier.subject,
                    reached=client.reach(covered.start.agreement),
                    assumption="decimal-entries-never-split",
                )


def _taken_by(covered: Covered, cells: Mask) -> tuple[int, ...]:
    """The contracts on which some of these cells end."""
    return tuple(
        end.contract
        for end in covered.routing
        if end.outcome is Outcome.COVERED and end.cells & cells
    )
