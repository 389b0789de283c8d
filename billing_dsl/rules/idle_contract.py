"""BD307."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD307", Severity.WARNING)
def idle_contract(client: ClientCoverage) -> Iterator[Finding]:
    """A contract to which no work ever comes, over its whole life.

    It is not the contract at which work starts, and whatever falls towards it is taken before, or
    nothing falls to it at all. Mostly a link is missing, or something that it was made for is not
    excluded.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: everything, type: time_and_materials, falls_to: visits}
          - {name: visits, type: time_and_materials}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: everything
            type: time_and_materials
            excludes: {work_types: [onsite-support]}
            falls_to: visits
          - {name: visits, type: time_and_materials}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    if not client.cells.all or not client.complete:
        return  # what falls to it may stand in an agreement that is lost
    idle: dict[str, tuple[Contract, Segment]] = {}
    busy: set[str] = set()
    walker = client.family.walker
    for covered in client.covered:
        segment = covered.segment
        starts = _starts(client, covered.position, segment)
        resting = walker.resting(segment.shape, starts)
        for position, contract in enumerate(segment.contracts):
            passive = position in resting and position not in starts
            if not passive or _needed(client, segment.phases[position]):
                busy.add(contract.id)
            elif contract.client == client.client.name:
                idle.setdefault(contract.id, (contract, segment))
    for id_, (contract, segment) in idle.items():
        if id_ not in busy and not _link_is_missing(client, contract):
            yield _finding(client, contract, segment)


def _needed(client: ClientCoverage, phase: Phase) -> bool:
    """Whether a contract is left alone: its tier no longer has it, or lets some work end there.

    In the latter case it is this client's exceptions that keep the work away. A tier that leaves
    a work type open may mean it for this contract: BD305 asks.
    """
    tier = phase.tier
    if tier is None:
        return False
    if len(tier.scope) < len(client.shared.work_types):
        return True
    return phase.retired or any(end == phase.terms.name for _, _, end in tier.ends())


def _link_is_missing(client: ClientCoverage, contract: Contract) -> bool:
    """Whether a contract of its agreement lets work go nowhere: BD301 or BD309 asks for a link."""
    if contract.phases[0].tier is not None or not client.shared.settings.uncovered_is_error:
        return False
    return any(
        phase.excludes and not phase.falls_to and not phase.on_purpose
        for other in client.contracts
        if other.agreement is contract.agreement
        for phase in other.phases
    )


def _starts(client: ClientCoverage, default: int, segment: Segment) -> tuple[int, ...]:
    """Where work starts on purpose: the default contract, and the first of other agreements."""
    found = {default} if default >= 0 else set()
    if len(client.family.book.agreements) > 1 or default < 0:
        seen: set[str] = set()
        for position, contract in enumerate(segment.contracts):
            if contract.agreement.name not in seen:
                seen.add(contract.agreement.name)
                found.add(position)
    return tuple(sorted(found))


def _finding(client: ClientCoverage, contract: Contract, segment: Segment) -> Finding:
    position = segment.position(contract.id)
    links = segment.shape.links
    before = [one for one, link in enumerate(links) if link == position and one != position]
    path = _towards(links, before)
    names = [segment.contracts[one].name for one in path]
    if not before:
        label = "no contract falls to it"
        cure = "let a contract fall to it, or leave it out"
    else:
        verb = "takes" if len(path) == 1 else "together take"
        label = f"{listed(names)} {verb} whatever would fall here"
        cure = "exclude there what this contract is for, or leave it out"
    tier = segment.phases[position].tier
    return Finding(
        contract.place,
        f"no work ever comes to contract `{contract.name}`",
        label=label,
        help=cure,
        related=tuple(
            Label(segment.contracts[one].place, f"`{segment.contracts[one].name}` comes before it")
            for one in path
        ),
        subject=contract.agreement.subject if tier is None else tier.tier.subject,
        reached=client.reach(contract.agreement),
    )


def _towards(links: tuple[int, ...], before: list[int]) -> list[int]:
    """Every contract from which the path leads here, the nearest first."""
    found = list(before)
    for one in found:
        found.extend(
            other for other, link in enumerate(links) if link == one and other not in found
        )
    return found
