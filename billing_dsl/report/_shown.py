"""Declarations written out for people and for machines: what `show` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeAlias

from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model import money, written
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price
from billing_dsl.report._table import table
from billing_dsl.report._visible import visible

Plain: TypeAlias = dict[str, Any]
"""A JSON object; amounts are text, so that none of their digits is lost."""


def tier_as_json(tier: EffectiveTier, work_types: Sequence[WorkType]) -> Plain:
    """A tier's effective matrix."""
    return {
        "kind": "tier",
        "name": tier.tier.name,
        "version": tier.tier.version,
        "title": tier.tier.title,
        "effective": tier.tier.effective.isoformat(),
        "extends": tier.tier.extends or None,
        "contracts": [
            {
                "name": name,
                "type": terms.type.value,
                "falls_to": tier.links[name],
                "excludes": exclusions_as_json(tier.exclusions[name]),
                "services": list(terms.services),
            }
            for name, terms in tier.contracts.items()
        ],
        "scope": [
            {
                "work_type": work_type.name,
                "billing_class": work_type.billing_class.value,
                "ends_at": tier.scope.get(work_type.name),
                "decided_by": _decided_by(tier, "scope", work_type.name),
            }
            for work_type in work_types
        ],
        "roles": dict(tier.roles),
        "sub_issues": dict(tier.sub_issues),
        "rates": [
            {"contract": row.contract, "role": row.role, "rate": price_as_json(row.rate)}
            for row in tier.rates
        ],
    }


def tier_as_text(tier: EffectiveTier, work_types: Sequence[WorkType]) -> str:
    """A tier's effective matrix as tables."""
    head = f"tier {tier.key}: {visible(tier.tier.title)}, from {tier.tier.effective}"
    lines = [head, ""]
    if tier.tier.summary:
        lines += [visible(tier.tier.summary), ""]
    inherited = tier.tier.extends != ""
    columns = ["work type", "class", *tier.contracts, *(["decided by"] if inherited else [])]
    rows = [
        [
            work_type.name,
            work_type.billing_class.value,
            *_marks(tier, work_type.name),
            *([_decided_by(tier, "scope", work_type.name) or ""] if inherited else []),
        ]
        for work_type in work_types
    ]
    text = "\n".join(lines) + "\n" + table(columns, rows)
    text += "\n● ends here   → excluded, falls on   · never comes here\n\n"
    text += table(
        ["contract", "type", "falls to", "services"],
        [
            [name, _words(terms.type.value), tier.links[name], ", ".join(terms.services)]
            for name, terms in tier.contracts.items()
        ],
    )
    for title, ends in (("role", tier.roles), ("sub-issue", tier.sub_issues)):
        if ends:
            text += "\n" + table([title, "ends at"], [[n, end] for n, end in ends.items()])
    if tier.rates:
        rates = [[row.contract, row.role, price_in_words(row.rate)] for row in tier.rates]
        text += "\n" + table(["contract", "role", "rate"], rates)
    return text


def _marks(tier: EffectiveTier, work_type: str) -> list[str]:
    """How a work type passes the contracts of a tier, one mark for each."""
    passed = {tier.first, *tier.onward(tier.first)}
    marks: list[str] = []
    end = tier.scope.get(work_type)
    past = False
    for name in tier.contracts:
        if name not in passed or past:
            marks.append("·")
        elif work_type in tier.exclusions[name].work_types:
            marks.append("→")
        else:
            marks.append("●" if end == name else "● (undecided)" if end is None else "●")
            past = True
    return marks


def _decided_by(tier: EffectiveTier, field: str, name: str) -> str | None:
    origin = tier.origins.get((field, name))
    return origin.key if origin is not None else None


def agreement_as_json(agreement: Agreement, contracts: Iterable[Contract]) -> Plain:
    """An agreement with its contracts written out."""
    return {
        "kind": "agreement",
        "name": agreement.name,
        "client": agreement.client,
        "start": agreement.life.start.isoformat(),
        "end": agreement.life.end.isoformat(),
        "default": agreement.default,
        "contracts": [_contract_as_json(contract) for contract in contracts],
    }


def _contract_as_json(contract: Contract) -> Plain:
    return {
        "id": contract.id,
        "type": contract.type.value,
        "start": contract.life.start.isoformat(),
        "end": contract.life.end.isoformat(),
        "blocks": [
            {
                "hours": money.text(block.hours),
                "rate": price_as_json(block.rate),
                "start": block.life.start.isoformat(),
                "end": block.life.end.isoformat(),
            }
            for block in contract.blocks
        ],
        "phases": [_phase_as_json(phase) for phase in contract.phases],
    }


def _phase_as_json(phase: Phase) -> Plain:
    return {
        "start": phase.life.start.isoformat(),
        "end": phase.life.end.isoformat(),
        "tier": phase.tier.key if phase.tier is not None else None,
        "falls_to": phase.falls_to or None,
        "exclusion_set": phase.set_use.name if phase.set_use is not None else None,
        "own_exclusions": exclusions_as_json(phase.own),
        "excludes": exclusions_as_json(phase.excludes),
    }


def agreement_as_text(agreement: Agreement, contracts: Sequence[Contract]) -> str:
    """An agreement with its contracts written out, phase by phase."""
    text = f"agreement {agreement.name} of client {agreement.client}, {agreement.life}\n"
    for contract in contracts:
        text += f"\n{contract.id}: {_words(contract.type.value)}, {contract.life}\n"
        for block in contract.blocks:
            hours = money.text(block.hours)
            text += f"  block of {hours} hours at {price_in_words(block.rate)}, {block.life}\n"
        stretches = [(phase.life, *_phase_as_text(phase)) for phase in contract.phases]
        for (tier, said), alike in groupby(stretches, lambda stretch: stretch[1:]):
            lives = [life for life, _, _ in alike]
            if tier or len(lives) < len(stretches):
                text += f"  {Stretch(lives[0].start, lives[-1].end)}{tier}\n"
            text += said
    return text


def _phase_as_text(phase: Phase) -> tuple[str, str]:
    """The tier of a phase, and what holds in it."""
    text = ""
    if phase.retired:
        text += "    no longer in the tier: takes no work\n"
    if phase.set_use is not None:
        text += f"    exclusion set: {visible(phase.set_use.name)}\n"
    if phase.own:
        text += f"    excluded besides: {_excluded(phase.own)}\n"
    if phase.excludes and not phase.retired:
        text += f"    excludes: {_excluded(phase.excludes)}\n"
    text += f"    falls to: {phase.falls_to or 'no contract'}\n"
    return f" on {phase.tier.key}" if phase.tier is not None else "", text


def exclusions_as_json(exclusions: Exclusions) -> Plain:
    """Three lists of names."""
    return {
        "work_types": list(exclusions.work_types),
        "roles": list(exclusions.roles),
        "sub_issues": list(exclusions.sub_issues),
    }


def _excluded(exclusions: Exclusions) -> str:
    parts = [
        f"{word}{', '.join(names)}"
        for word, names in (
            ("", exclusions.work_types),
            ("roles ", exclusions.roles),
            ("sub-issues ", exclusions.sub_issues),
        )
        if names
    ]
    return "; ".join(parts)


def price_as_json(price: Price) -> list[Plain]:
    """The steps of a price: from when, and the amounts by currency as text."""
    return [
        {
            "from": step.start.isoformat() if step.start is not None else None,
            "amounts": {name: money.text(amount) for name, amount in sorted(step.amounts.items())},
        }
        for step in price.steps
    ]


def price_in_words(price: Price) -> str:
    """A price on one line: `85.00 EUR`, `85.00 EUR or 92.00 CHF, from 2028-01-01 88.00 EUR`."""
    steps: list[str] = []
    for step in price.steps:
        amounts = (f"{money.text(amount)} {name}" for name, amount in sorted(step.amounts.items()))
        words = " or ".join(amounts)
        steps.append(words if step.start is None else f"from {step.start} {words}")
    return ", ".join(steps)


def document_as_text(value: Mapping[str, Any]) -> str:
    """A document as it could be written, in the order in which it was."""
    return "".join(f"{visible(line)}\n" for line in written.block(dict(value)).splitlines())


def _words(name: str) -> str:
    return name.replace("_", " ")


def dumped(content: object) -> str:
    """JSON for people and scripts: indented, every character as it is, decimals as text."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} does not belong in JSON")
