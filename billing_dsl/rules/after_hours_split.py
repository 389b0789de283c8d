"""BD311."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule


@rule("BD311", Severity.WARNING)
def after_hours_split(client: ClientCoverage) -> Iterator[Finding]:
    """An out-of-hours promise that entries without start and stop times do not keep.

    Autotask splits off the part outside business hours only from entries with start and stop
    times. Where a contract takes any entry, out-of-hours work logged as plain hours stays with
    the work type of the day, and is billed like it. Nothing is said where both end on the same
    contract at the same rate.

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
    cells = client.cells
    by_name = {one.name: one for one in client.shared.work_types}
    pairs = [
        (one, by_name[one.after_hours])
        for one in client.shared.work_types
        if one.after_hours in by_name
    ]
    told: set[tuple[str, str]] = set()
    for covered in client.covered:
        if covered.start is None:
            continue
        segment = covered.segment
        for end in covered.routing:
            contract, phase = segment.contracts[end.contract], segment.phases[end.contract]
            if end.outcome is not Outcome.COVERED or phase.terms.start_stop:
                continue
            for by_day, after in pairs:
                stays = _people(cells, by_day, end.cells)
                kept = _people(cells, after, end.cells)
                elsewhere = stays & _people(cells, after, segment.shape.cells) & ~kept
                otherwise = stays & kept and _billed_otherwise(contract, by_day, after)
                promise = bool(elsewhere or otherwise)
                if not promise or (contract.id, by_day.name) in told:
                    continue
                told.add((contract.id, by_day.name))
                tier = phase.tier
                yield Finding(
                    (contract.agreement if tier is None else tier.contracts_from).at(
                        "contracts", contract.name, "time_entry"
                    ),
                    f"`{contract.name}` takes entries without start and stop times, of which "
                    f"`{after.name}` is never split off",
                    label=f"`{by_day.name}` after hours stays here"
                    if elsewhere
                    else f"`{by_day.name}` after hours is billed as by day",
                    help="leave `time_entry` out, so that entries need start and stop times",
                    related=(Label(by_day.at("after_hours"), f"after hours `{after.name}`"),),
                    subject=contract.agreement.subject if tier is None else tier.tier.subject,
                    reached=client.reach(covered.start.agreement),
                    assumption="decimal-entries-never-split",
                )


def _people(cells: Cells, work_type: WorkType, held: Mask) -> Mask:
    """Of some cells those of a work type, as roles and sub-issues alone: to compare two types."""
    strip = cells.by_work_type[work_type.name]
    lowest = (strip & -strip).bit_length() - 1
    return (held & strip) >> max(lowest, 0)


def _billed_otherwise(contract: Contract, by_day: WorkType, after: WorkType) -> bool:
    """Whether an hour of one work type costs something else than of the other, on one contract."""
    if contract.type in (ContractType.RECURRING_SERVICE, ContractType.FIXED_PRICE):
        return False
    if by_day.billable is not after.billable:
        return True
    by_hour = contract.type in (ContractType.TIME_AND_MATERIALS, ContractType.RETAINER)
    return by_hour and by_day.billable and by_day.rate != after.rate
