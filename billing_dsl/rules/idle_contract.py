"""BD307."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing_dsl.analysis.cells import Mask, listed
from billing_dsl.analysis.coverage import Covered, Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome, Shape
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD307", Severity.WARNING)
def idle_contract(client: ClientCoverage) -> Iterator[Finding]:
    """A contract that never takes any work, over its whole life.

    It is not the contract at which work starts, and whatever falls towards it is taken before, or
    nothing falls to it at all, or it passes on whatever comes. Mostly a link is missing, or
    something that it was made for is not excluded. The contracts that keep its work are named:
    one where it alone takes everything, or all that do so only together.

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
    if any(_all_take_work(client, covered) for covered in client.covered):
        return
    idle: dict[str, _Idle] = {}
    busy: set[str] = set()
    walker = client.family.walker
    for covered in client.covered:
        segment = covered.segment
        if not segment.shape.cells:
            continue  # no work type is in use yet: of these days nothing follows
        starts = _starts(client, covered.position, segment)
        resting = walker.resting(segment.shape, starts)
        for position, contract in enumerate(segment.contracts):
            passive = position in resting and position not in starts
            if not passive or _needed(client, segment.phases[position]):
                busy.add(contract.id)
            elif contract.client == client.client.name:
                idle.setdefault(contract.id, _Idle(contract, segment, position, starts))
    for id_, found in idle.items():
        if id_ not in busy and not _link_is_missing(client, found.contract):
            yield _finding(client, found)


def _all_take_work(client: ClientCoverage, covered: Covered) -> bool:
    """Whether of the work from the default contract some ends on every contract there is.

    Each end but the last is a contract that takes some: as many ends as contracts are all of them.
    """
    routing = covered.routing
    return (
        len(routing) == len(client.family.book.contracts) > 0
        and routing[-1].outcome is Outcome.COVERED
    )


@dataclass(frozen=True, slots=True)
class _Idle:
    """A contract that takes nothing on the days of a segment, and where work starts then."""

    contract: Contract
    segment: Segment
    position: int
    starts: tuple[int, ...]


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


def _finding(client: ClientCoverage, idle: _Idle) -> Finding:
    contract, contracts = idle.contract, idle.segment.contracts
    shape = idle.segment.shape
    message = f"no work ever comes to contract `{contract.name}`"
    paths = [found for found in (_path(shape, one, idle.position) for one in idle.starts) if found]
    before = [one for one, link in enumerate(shape.links) if link == idle.position != one]
    blockers = list(dict.fromkeys(one for path in paths for one in _blockers(shape, path)))
    cure = "exclude there what this contract is for, or leave it out"
    if any(client.family.walker.arriving(shape, one)[idle.position] for one in idle.starts):
        message = f"no work ever ends on contract `{contract.name}`"
        label = "it excludes whatever comes to it"
        cure = "exclude less, or leave it out"
        blockers = []
    elif blockers:
        verb = "takes" if len(blockers) == 1 else "together take"
        label = f"{_named(contracts, blockers)} {verb} whatever would fall here"
    elif before:
        label = f"no work comes to {_named(contracts, before)}, and nothing else falls here"
        cure = "let work come there, or leave it out"
    else:
        label = "no contract falls to it"
        cure = "let a contract fall to it, or leave it out"
    tier = idle.segment.phases[idle.position].tier
    return Finding(
        contract.place,
        message,
        label=label,
        help=cure,
        related=tuple(
            Label(contracts[one].place, f"`{contracts[one].name}` comes before it")
            for one in blockers
        ),
        subject=contract.agreement.subject if tier is None else tier.tier.subject,
        reached=client.reach(contract.agreement),
    )


def _named(contracts: tuple[Contract, ...], positions: list[int]) -> str:
    return listed([contracts[one].name for one in positions], most=len(positions))


def _path(shape: Shape, start: int, end: int) -> list[int]:
    """The contracts that links lead through from one to another, itself left out; or nothing."""
    path: list[int] = []
    here = start
    while here >= 0 and here not in path:
        if here == end:
            return path
        path.append(here)
        here = shape.links[here]
    return []


def _blockers(shape: Shape, path: list[int]) -> list[int]:
    """Those of a path that let nothing through: one that takes everything, or all that are needed.

    Without any of the latter, something would come through.
    """
    for one in path:
        if not _let_through(shape, [one]):
            return [one]
    needed = path
    for one in path:
        rest = [other for other in needed if other != one]
        if not _let_through(shape, rest):
            needed = rest
    return needed


def _let_through(shape: Shape, path: list[int]) -> Mask:
    """The cells that every contract of a path excludes."""
    cells = shape.cells
    for one in path:
        cells &= shape.excluded[one]
    return cells
