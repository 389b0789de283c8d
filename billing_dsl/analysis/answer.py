"""One question, one answer: where a kind of work ends on a day, and how it is billed there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.analysis.cells import Box, Cell, Mask
from billing_dsl.analysis.coverage import ExclusionPath
from billing_dsl.analysis.pricing import Billing, Rate, Unit, billing, block_factor, rate, unit
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import WorkType

EVERY = ("*",)
"""The sub-issues of a group that serves every ticket, with a sub-issue or without."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where one kind of work ends on one day.

    `agreement` is that of the contract where it ends; where none takes it, that of the contract
    where it started. `contract` is None unless the outcome is `covered`. `sub_issue` is empty
    for a ticket that has none. `block_factor` is how many hours an hour worked takes from the
    block, where it is drawn from one.
    """

    client: Client
    agreement: Agreement
    work_type: str
    role: str
    sub_issue: str
    day: date
    outcome: Outcome
    contract: Contract | None
    billing: Billing
    rate: Rate
    currency: str
    unit: Unit | None
    block_factor: Decimal | None
    path: ExclusionPath


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is nothing to say of a day."""

    reason: str


@dataclass(frozen=True, slots=True)
class UnknownStart(NoAnswer):
    """A contract to start from that the client has on no day; `known` are those that it has."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Kinds of work that have one result: `answer` is that of the first of them.

    They are each of `roles` under each of `sub_issues`. The empty name stands for tickets without
    a sub-issue; `EVERY` for all tickets.
    """

    answer: Answer
    roles: tuple[str, ...]
    sub_issues: tuple[str, ...]


_Result: TypeAlias = tuple[
    Outcome, Billing, Decimal | None, Decimal | None, tuple[tuple[str, str, str], ...]
]
"""What makes two answers one: the path with the reason at each hop, and the money."""


def answer(view: ClientCoverage, cell: Cell, day: date, start: str = "") -> Answer | NoAnswer:
    """Where a kind of work of a client ends on a day.

    `start` is the contract that the ticket carries, by name or as AGREEMENT/CONTRACT; without it
    the work starts at the client's default contract. The cell's names must be declared.
    """
    found = beginning(view, day, start)
    if isinstance(found, NoAnswer):
        return found
    return _not_in_use(view, cell.work_type, cell.role, day) or _from(view, cell, day, found)


def answers(
    view: ClientCoverage,
    work_type: str,
    day: date,
    role: str | None = None,
    sub_issue: str | None = None,
    start: str = "",
) -> tuple[AnswerGroup, ...] | NoAnswer:
    """Where a work type of a client ends on a day: an answer for each distinct result.

    Without a role, for every role in use that day; without a sub-issue, for tickets with each of
    them and with none. In order of the first role and sub-issue that each answer serves.
    """
    found = beginning(view, day, start)
    unused = _not_in_use(view, work_type, role, day)
    if isinstance(found, NoAnswer):
        return found
    if unused:
        return unused
    cells = view.cells
    asked = cells.by_work_type[work_type] & cells.on(day)
    if role is not None:
        asked &= cells.by_role[role]
    if not asked:
        return NoAnswer(f"no role is in use on {day}")
    if sub_issue is not None:
        asked &= cells.by_sub_issue[sub_issue]
    results: dict[_Result, Mask] = {}
    for cell in cells.each(asked):
        result = _result(_from(view, cell, day, found))
        results[result] = results.get(result, 0) | cells.bit(cell)
    groups = [
        AnswerGroup(
            _for_all(_from(view, box.witness, day, found), box),
            box.roles,
            EVERY if len(box.sub_issues) == len(cells.sub_issues) + 1 else box.sub_issues,
        )
        for mask in results.values()
        for box in cells.boxes(mask)
    ]
    return tuple(sorted(groups, key=lambda group: (group.roles, group.answer.sub_issue)))


def beginning(view: ClientCoverage, day: date, start: str = "") -> Contract | NoAnswer:
    """The contract at which a client's work starts on a day.

    A name without an agreement means the default agreement's contract of that name, or else the
    only one in force.
    """
    book, client = view.family.book, view.client
    default = book.default(client.name, day)
    if not start:
        if default is None:
            return NoAnswer(f"client `{client.name}` has no default contract on {day}")
        return book.contracts[default.contract]
    own = [
        contract
        for contract in book.contracts.values()
        if contract.client in (client.name, client.parent)
    ]
    known = [contract for contract in own if start in (contract.id, contract.name)]
    in_force = [contract for contract in known if day in contract.life]
    if default is not None and f"{default.agreement.name}/{start}" in book.contracts:
        preferred = book.contracts[f"{default.agreement.name}/{start}"]
        in_force = [preferred] if preferred in in_force else in_force
    match in_force:
        case [contract]:
            return contract
        case [one, other, *_]:
            return NoAnswer(f"`{start}` may mean `{one.id}` or `{other.id}`")
    if known:
        return NoAnswer(f"contract `{known[0].id}` is in force from {known[0].life}, not on {day}")
    names = {name for contract in own for name in (contract.name, contract.id)}
    reason = f"client `{client.name}` has no contract `{start}`"
    return UnknownStart(reason, tuple(sorted(names)))


def _not_in_use(
    view: ClientCoverage, work_type: str, role: str | None, day: date
) -> NoAnswer | None:
    """What there is to say of a work type or role that comes into use only later."""
    begun = view.shared.catalogue.the(WorkType, work_type).start
    if begun is not None and begun > day:
        return NoAnswer(f"work type `{work_type}` comes into use on {begun}, after {day}")
    begun = None if role is None else view.shared.catalogue.the(Role, role).start
    if begun is not None and begun > day:
        return NoAnswer(f"role `{role}` comes into use on {begun}, after {day}")
    return None


def _from(view: ClientCoverage, cell: Cell, day: date, start: Contract) -> Answer:
    path = view.family.path(cell, day, start)
    work_type = view.shared.catalogue.the(WorkType, cell.work_type)
    role = view.shared.catalogue.the(Role, cell.role)
    billed = billing(path.outcome, path.contract, work_type, day)
    price = rate(
        billed,
        path.contract,
        path.hops[-1].phase,
        work_type,
        role,
        day,
        view.client.currency,
        view.shared.settings.multiplier_on_overage,
    )
    return Answer(
        view.client,
        (path.contract or start).agreement,
        cell.work_type,
        cell.role,
        cell.sub_issue,
        day,
        path.outcome,
        path.contract,
        billed,
        price,
        view.client.currency,
        unit(billed, work_type),
        block_factor(path.hops[-1].phase, role) if billed is Billing.BLOCK else None,
        path,
    )


def _for_all(found: Answer, box: Box) -> Answer:
    """An answer without the reasons that hold for some of a box alone.

    The first reason of a hop holds for all: see `_result`.
    """
    single = {
        "work_type": True,
        "role": len(box.roles) == 1,
        "sub_issue": len(box.sub_issues) == 1,
    }
    hops = tuple(
        replace(hop, excluded=tuple(why for why in hop.excluded if single[why[0]]))
        for hop in found.path.hops
    )
    return replace(found, path=replace(found.path, hops=hops))


def _result(found: Answer) -> _Result:
    hops = tuple((hop.contract.id, *(hop.excluded or (("", ""),))[0]) for hop in found.path.hops)
    return (found.outcome, found.billing, found.rate.amount, found.block_factor, hops)
