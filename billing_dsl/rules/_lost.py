"""Work that ends on no contract, told by its root cause: from the default contract or another."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.causes import WORDS, exclusion_place, meant
from billing_dsl.analysis.cells import Mask, listed
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label
from billing_dsl.kinds.agreement import Agreement


def causes(
    client: ClientCoverage,
    segment: Segment,
    start: int,
    last: int,
    cells: Mask,
    agreement: Agreement,
) -> Iterator[Finding]:
    """A finding for each thing that sends work away from the last contract of its path.

    `cells` are the lost ones. What is lost for two reasons is told once, by its work type first.
    What somebody wrote to go nowhere is left out.
    """
    masks = client.cells
    contract, phase = segment.contracts[last], segment.phases[last]
    for dimension, names, by_name in (
        ("work_type", phase.excludes.work_types, masks.by_work_type),
        ("role", phase.excludes.roles, masks.by_role),
        ("sub_issue", phase.excludes.sub_issues, masks.by_sub_issue),
    ):
        for name in names:
            lost = cells & by_name[name]
            cells &= ~by_name[name]
            if not lost or meant(contract, phase, dimension, name):
                continue
            witness = masks.boxes(lost)[0].witness
            path = client.family.path(witness, segment.life.start, segment.contracts[start])
            passed = listed([hop.contract.name for hop in path.hops])
            tier = phase.tier
            link = Label(contract.place_of_link(phase), f"`{contract.name}` falls to no contract")
            yield Finding(
                exclusion_place(contract, phase, dimension, name),
                f"{WORDS[dimension]} `{name}` is excluded and falls to no contract",
                label=f"ends on no contract after {passed}",
                help="name a contract that takes it, or write `none` if that is meant",
                related=(link,),
                subject=contract.agreement.subject if tier is None else tier.tier.subject,
                reached=client.reach(agreement),
                assumption="blank-exclusion-contract",
            )
