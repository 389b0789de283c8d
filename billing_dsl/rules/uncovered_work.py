"""BD301."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import WORDS, exclusion_place, meant
from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD301", Severity.ERROR)
def uncovered_work(client: ClientCoverage) -> Iterator[Finding]:
    """Work that every contract on its path excludes and that ends on none.

    Autotask saves such a time entry without a contract: the agreed rates no longer apply to it,
    and what is billed depends on the role and the work type alone. Where that is meant, write
    `none` as its end, or accept it for the whole MSP with `uncovered: standard_rate` in the
    settings.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: hourly
            type: time_and_materials
            excludes: {work_types: [onsite-support]}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: recurring_service
            excludes: {work_types: [onsite-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
    """
    if not client.shared.settings.uncovered_is_error:
        return
    cells = client.cells
    for covered in client.covered:
        if covered.start is None:
            continue
        segment = covered.segment
        for end in covered.routing:
            if end.outcome is not Outcome.UNCOVERED:
                continue
            last, phase = segment.contracts[end.contract], segment.phases[end.contract]
            left = end.cells
            for dimension, names, masks in (
                ("work_type", phase.excludes.work_types, cells.by_work_type),
                ("role", phase.excludes.roles, cells.by_role),
                ("sub_issue", phase.excludes.sub_issues, cells.by_sub_issue),
            ):
                for name in names:
                    lost = left & masks[name]
                    left &= ~masks[name]
                    if not lost or meant(last, phase, dimension, name):
                        continue
                    witness = cells.boxes(lost)[0].witness
                    path = client.family.path(
                        witness, segment.life.start, segment.contracts[covered.position]
                    )
                    passed = listed([hop.contract.name for hop in path.hops])
                    yield Finding(
                        exclusion_place(last, phase, dimension, name),
                        f"{WORDS[dimension]} `{name}` is excluded and falls to no contract",
                        label=f"ends on no contract after {passed}",
                        help="name a contract that takes it, or write `none` if that is meant",
                        related=(Label(last.place_of_link, f"`{last.name}` falls to no contract"),),
                        subject=last.agreement.subject
                        if phase.tier is None
                        else phase.tier.tier.subject,
                        reached=client.reach(covered.start.agreement),
                    )
