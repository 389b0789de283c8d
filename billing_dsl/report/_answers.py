"""Answers to `why`, for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from billing_dsl.analysis.answer import EVERY, Answer, AnswerGroup
from billing_dsl.analysis.causes import (
    FIELDS,
    WORDS,
    exception_position,
    exclusion_place,
    exclusion_source,
)
from billing_dsl.analysis.coverage import Hop
from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.diagnostics import Place, Span
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model import money
from billing_dsl.report._prices import number
from billing_dsl.report._shown import Plain
from billing_dsl.report._visible import visible

ONE = {Unit.HOUR: "an hour", Unit.ENTRY: "an entry", Unit.TICKET: "a ticket"}
"""What a rate is the price of, as a billing admin says it."""

LOST_IN_WORDS = {
    Outcome.UNCOVERED: "ends on no contract",
    Outcome.BROKEN: "ends on no contract: the next one is not in force that day",
    Outcome.CYCLIC: "goes round a ring of contracts and ends nowhere",
}
"""How work is lost, as a billing admin says it."""

Locate = Callable[[Place], Span]

IN_WORDS = {
    Billing.ABSORBED: "included in the fee: nothing is billed for it",
    Billing.BLOCK: "drawn from the block",
    Billing.OVERAGE: "billed as overage: no block is usable that day",
    Billing.HOURLY: "billed by the hour",
    Billing.RETAINER: "drawn from the retainer",
    Billing.TICKET: "drawn from the tickets bought",
    Billing.STANDARD_RATE: "outside every contract: billed at the role's standard rate",
    Billing.NOT_BILLED: "not billed: the work type is not billable",
}
"""How work is billed, as a billing admin says it."""


def as_json(groups: Sequence[AnswerGroup]) -> Plain:
    """The answers in the shape that scripts rely on."""
    return {"version": 1, "answers": [_group(group) for group in groups]}


def _group(group: AnswerGroup) -> Plain:
    answer = group.answer
    amount = answer.rate.amount
    return {
        "client": answer.client.name,
        "agreement": answer.agreement.name,
        "work_type": answer.work_type,
        "roles": list(group.roles),
        "sub_issues": [name or "none" for name in group.sub_issues],
        "on": answer.day.isoformat(),
        "outcome": answer.outcome.value,
        "contract": answer.contract.name if answer.contract is not None else None,
        "contract_type": answer.contract.type.value if answer.contract is not None else None,
        "billing": answer.billing.value,
        "rate": money.text(amount) if amount is not None else None,
        "currency": answer.currency,
        "unit": answer.unit.value if answer.unit is not None else None,
        "block_factor": number(answer.block_factor) if answer.block_factor is not None else None,
        "path": [_hop(hop) for hop in answer.path.hops],
    }


def _hop(hop: Hop) -> Plain:
    excluded = [
        {
            "dimension": dimension,
            "name": name,
            "set": exclusion_source(hop, dimension, name) or None,
        }
        for dimension, name in hop.excluded
    ]
    return {
        "contract": hop.contract.name,
        "agreement": hop.contract.agreement.name,
        "excluded": excluded[0] if excluded else None,
        "excluded_also": excluded[1:],
    }


def as_text(view: ClientCoverage, groups: Sequence[AnswerGroup], locate: Locate) -> str:
    """The answers as prose, hop by hop, with the line that decides each, and what would change."""
    first = groups[0].answer
    name = visible(view.client.title)
    work_type = view.shared.catalogue.the(WorkType, first.work_type)
    text = f"{name} ({view.client.name}): {work_type.title} on {first.day}\n"
    alike = _alike(groups)
    for same in alike:
        text += "\n" + _answer_text(view, same, locate, alone=len(alike) == 1)
    return text


def _alike(groups: Sequence[AnswerGroup]) -> list[list[AnswerGroup]]:
    """Groups that differ in their roles' rates alone, told together."""
    found: dict[tuple[object, ...], list[AnswerGroup]] = {}
    for group in groups:
        answer = group.answer
        hops = tuple((hop.contract.id, hop.excluded) for hop in answer.path.hops)
        key = (answer.outcome, answer.billing, hops, group.sub_issues)
        found.setdefault(key, []).append(group)
    return list(found.values())


def _answer_text(
    view: ClientCoverage,
    same: Sequence[AnswerGroup],
    locate: Locate,
    alone: bool,
) -> str:
    answer = same[0].answer
    lines: list[str] = []
    whom = _whom(view, same)
    if whom or not alone:
        lines.append(f"{whom or 'every role'}:")
    for position, hop in enumerate(answer.path.hops, 1):
        contract = hop.contract
        kind = contract.type.value.replace("_", " ")
        lines.append(f"  {position}. {contract.id} ({kind}, {contract.life})")
        for dimension, name in hop.excluded:
            span = locate(exclusion_place(contract, hop.phase, dimension, name))
            source = exclusion_source(hop, dimension, name)
            by = f"by the set “{visible(source)}”" if source else "individually"
            word = WORDS[dimension]
            lines.append(f"     excludes {word} `{name}` {by}  {span.path}:{span.line}")
        if hop.excluded and hop is not answer.path.hops[-1]:
            span = locate(contract.place_of_link(hop.phase))
            lines.append(f"     falls to `{_link_name(hop)}`  {span.path}:{span.line}")
        elif not hop.excluded:
            lines.append("     excludes none of it: the work ends here")
    lines.extend(_end(same))
    lines.append("  what would have to change:")
    lines.extend(f"    {line}" for line in otherwise(same[0]))
    return "\n".join(lines) + "\n"


def _link_name(hop: Hop) -> str:
    return hop.phase.falls_to or "no contract"


def _whom(view: ClientCoverage, same: Sequence[AnswerGroup]) -> str:
    words: list[str] = []
    roles = sorted(role for group in same for role in group.roles)
    if len(roles) < len(view.cells.roles):
        words.append(", ".join(roles))
    sub_issues = same[0].sub_issues
    if sub_issues != EVERY:
        named = ", ".join(name or "no sub-issue" for name in sub_issues)
        words.append(f"tickets with {named}")
    return "; ".join(words)


def _end(same: Sequence[AnswerGroup]) -> list[str]:
    """Where the work ends, how it is billed, and at which rate: for each role, if they differ."""
    answer = same[0].answer
    where = LOST_IN_WORDS.get(answer.outcome, "")
    if answer.contract is not None:
        where = f"ends on `{answer.contract.id}`"
    how = IN_WORDS[answer.billing]
    if answer.billing is Billing.HOURLY and answer.unit is Unit.ENTRY:
        how = "billed by the entry"
    if len(same) == 1:
        rate = _rate(same[0])
        return [f"  → {where}; {how}{', ' if rate else ''}{rate}"]
    lines = [f"  → {where}; {how}:"]
    lines.extend(f"      {', '.join(group.roles)}: {_rate(group)}" for group in same)
    return lines


def _rate(group: AnswerGroup) -> str:
    answer, rate = group.answer, group.answer.rate
    if rate.missing:
        return f"but there is no amount in {answer.currency}"
    if rate.amount is None or answer.unit is None:
        return ""
    source = f" (from {' and '.join(rate.sources)})" if rate.sources else ""
    factor = answer.block_factor
    takes = (
        ""
        if factor is None or factor == 1
        else f"; an hour worked takes {number(factor)} of its hours"
    )
    return f"{money.text(rate.amount)} {answer.currency} {ONE[answer.unit]}{source}{takes}"


def _onward(hop: Hop) -> str:
    """Where work would go on to from a contract: past what its tier no longer has."""
    tier, link = hop.phase.tier, hop.phase.falls_to
    agreement, _, name = link.partition("/")
    if tier is None or not link or name in tier.contracts:
        return link
    following = tier.links[hop.contract.name]
    return f"{agreement}/{following}" if following != NOWHERE else ""


def otherwise(group: AnswerGroup) -> list[str]:
    """What would have to change for the work to end elsewhere: one line for each way."""
    answer = group.answer
    path = answer.path
    lines: list[str] = []
    for hop in path.hops:
        if hop.excluded:
            name = hop.contract.name
            if hop.phase.retired:
                how = f"use a tier that still has `{name}`"
            else:
                how = "; and ".join(
                    _lifted(hop, dimension, thing) for dimension, thing in hop.excluded
                )
            lines.append(f"to end on `{name}`: {how}")
    last = path.hops[-1]
    if answer.outcome is Outcome.COVERED and (last.phase.falls_to or not lines):
        lines.append(_passed_on(answer, last))
    if answer.outcome is Outcome.UNCOVERED:
        lines.append(f"to end on a contract: let `{last.contract.name}` fall to one that takes it")
    elif answer.outcome is Outcome.BROKEN:
        lines.append(
            f"to end on a contract: let `{last.phase.falls_to}` be in force on {answer.day}"
        )
    elif answer.outcome is Outcome.CYCLIC:
        lines.append(f"to end on a contract: let one of the ring take `{answer.work_type}`")
    return lines


def _lifted(hop: Hop, dimension: str, thing: str) -> str:
    """How a contract comes to take a thing that it excludes."""
    contract, phase = hop.contract, hop.phase
    tier = phase.tier
    if tier is None:
        source = exclusion_source(hop, dimension, thing)
        return f"take `{thing}` out of " + (
            f"the set “{visible(source)}”" if source else f"what `{contract.name}` excludes"
        )
    position = exception_position(contract, phase, dimension, thing)
    if position is not None:
        goal = contract.agreement.exceptions[position].goes_to
        return (
            f"change the exception of `{contract.agreement.name}` that sends `{thing}` to `{goal}`"
        )
    return (
        f"an exception of `{contract.agreement.name}` for `{thing}` with `goes_to: "
        f"{contract.name}`, or `{thing}: {contract.name}` under `{FIELDS[dimension]}` of tier "
        f"`{tier.key}`"
    )


def _passed_on(answer: Answer, last: Hop) -> str:
    """How the last contract comes to pass its work on."""
    phase, contract, work_type = last.phase, last.contract, answer.work_type
    onward = _onward(last)
    where = f"`{onward}`" if onward else "no contract"
    goal = onward.partition("/")[2] if onward else NOWHERE
    tier = phase.tier
    position = exception_position(contract, phase, "work_type", work_type)
    if tier is None:
        how = f"exclude `{work_type}` on `{contract.name}`"
    elif position is not None:
        how = f"let the exception of `{contract.agreement.name}` for `{work_type}` go to `{goal}`"
    else:
        how = (
            f"an exception of `{contract.agreement.name}` for `{work_type}` with `goes_to: "
            f"{goal}`, or `{work_type}: {goal}` under `scope` of tier `{tier.key}`"
        )
    return f"to fall on to {where}: {how}"
