"""BD409."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.calendar import Stretch, day_after, gaps
from billing_dsl.rules import rule


@rule("BD409", Severity.WARNING)
def block_gap(client: ClientCoverage) -> Iterator[Finding]:
    """Days on which a block contract has no usable block.

    Work of such a day is billed as overage: at the overage rate, else at the contract's or role's
    rate. It does not go on to the exclusion contract. Days after the last block are spoken of when
    they are near, as far ahead as the settings' `renewal_notice`: blocks are bought year by year.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2028-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 20, rate: 78.00, start: 2027-01-01, end: 2027-06-30}
          - {contract: block, hours: 20, rate: 78.00, start: 2027-09-01, end: 2028-12-31}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2028-12-31
        contracts: [{name: block, type: block_hours}]
        blocks:
          - {contract: block, hours: 20, rate: 78.00, start: 2027-01-01, end: 2027-06-30}
          - {contract: block, hours: 20, rate: 78.00, start: 2027-07-01, end: 2028-06-30}
    """
    soon: date | None = None
    for contract in client.family.book.contracts.values():
        if contract.type is not ContractType.BLOCK_HOURS or contract.client != client.client.name:
            continue
        free = _free_from(contract)
        if free > contract.life.end:
            continue
        if soon is None:
            soon = client.shared.settings.renewal_notice.after(client.as_of)
        if free > soon and not any(block.life.start > free for block in contract.blocks):
            continue
        retired = (phase.life for phase in contract.phases if phase.retired)
        for needed in gaps(contract.life, retired):
            for gap in gaps(needed, (block.life for block in contract.blocks)):
                finding = _gap(client, contract, needed, gap, soon)
                if finding is not None:
                    yield finding


def _free_from(contract: Contract) -> date:
    """The first day without a block, from the contract's first day on."""
    free = contract.life.start
    for block in contract.blocks:  # in order of their first days
        life = block.life
        if life.start <= free <= life.end:
            free = day_after(life.end)
    return free


def _gap(
    client: ClientCoverage, contract: Contract, needed: Stretch, gap: Stretch, soon: date
) -> Finding | None:
    agreement = contract.agreement
    positions = {id(block): position for position, block in enumerate(agreement.blocks)}
    before = [block for block in contract.blocks if block.life.end < gap.start]
    after = [block for block in contract.blocks if gap.end < block.life.start <= needed.end]
    place, label = contract.place, "this contract has no block"
    if contract.blocks:
        place, label = agreement.at("blocks", key=True), "none of these is for those days"
    related: tuple[Label, ...] = ()
    if after:
        following = min(after, key=lambda block: block.life)
        place = agreement.at("blocks", positions[id(following)], "start")
        label = "the next block begins here"
    elif before:
        if gap.start > soon:
            return None
        last = max(before, key=lambda block: block.life.end)
        place = agreement.at("blocks", positions[id(last)], "end")
        label = "the last block ends here"
        related = (Label(agreement.place_of_end, f"the agreement ends on {agreement.life.end}"),)
    return Finding(
        place,
        f"contract `{contract.name}` has no usable block from {gap.start} to {gap.end}: "
        "its work is billed as overage",
        label=label,
        help="buy a block for these days under `blocks`",
        related=related,
        subject=agreement.subject,
        reached=client.reach(agreement),
        assumption="exhausted-block",
    )
