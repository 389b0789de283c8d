"""A tier written out: its matrix, and what its contracts say of money, with all it inherits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractTerms
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price
from billing_dsl.report._prices import number, price_as_json, price_in_words
from billing_dsl.report._shown import Plain, exclusions_as_json
from billing_dsl.report._table import listing, table
from billing_dsl.report._terms import PAYMENTS, facts, payments, terms_as_json
from billing_dsl.report._visible import visible


def as_json(tier: EffectiveTier, work_types: Sequence[WorkType]) -> Plain:
    """A tier's effective matrix, and everything else that it says or inherits."""
    declared = tier.tier
    return {
        "kind": "tier",
        "name": declared.name,
        "version": declared.version,
        "title": declared.title,
        "effective": declared.effective.isoformat(),
        "extends": declared.extends or None,
        "summary": tier.summary or None,
        "rank": tier.rank,
        "price": None if tier.price is None else price_as_json(tier.price),
        "review_by": None if declared.review_by is None else declared.review_by.isoformat(),
        "notes": declared.notes or None,
        "contracts_from": tier.contracts_from.key,
        "contracts": [
            {
                "name": name,
                "type": terms.type.value,
                "falls_to": tier.links[name],
                "excludes": exclusions_as_json(tier.exclusions[name]),
                **terms_as_json(terms),
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
        "decided_by": {
            field: {name: _decided_by(tier, field, name) for name in ends}
            for field, ends in (("roles", tier.roles), ("sub_issues", tier.sub_issues))
        },
        "rates": [
            {
                "contract": row.contract,
                "role": row.role,
                "rate": price_as_json(row.rate),
                "decided_by": _rates_from(tier).key,
            }
            for row in tier.rates
        ],
    }


def as_text(tier: EffectiveTier, work_types: Sequence[WorkType]) -> str:
    """A tier's effective matrix as tables, and what its contracts say."""
    declared = tier.tier
    text = f"tier {tier.key}: {visible(declared.title)}, from {declared.effective}\n\n"
    if tier.summary:
        text += f"{visible(tier.summary)}\n\n"
    about = list(_about(tier))
    if about:
        text += f"{listing(about)}\n"
    inherited = declared.extends != ""
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
    text += table(columns, rows)
    text += "\n● ends here   → excluded, falls on   · never comes here\n\n"
    text += _contracts(tier)
    for title, field, ends in (
        ("role", "roles", tier.roles),
        ("sub-issue", "sub_issues", tier.sub_issues),
    ):
        text += _table(
            [title, "ends at", *(["decided by"] if inherited else [])],
            [
                [name, end, *([_decided_by(tier, field, name) or ""] if inherited else [])]
                for name, end in ends.items()
            ],
        )
    return text + _money(tier)


def _about(tier: EffectiveTier) -> Iterator[tuple[str, str]]:
    """What a tier says of itself beside its matrix, or inherits."""
    declared = tier.tier
    if declared.extends:
        yield "extends", declared.extends
    if tier.contracts_from is not declared:
        yield "contracts", f"those of {tier.contracts_from.key}"
    if tier.rank is not None:
        yield "rank", str(tier.rank)
    if tier.price is not None:
        yield "list price", price_in_words(tier.price)
    if declared.review_by is not None:
        yield "review by", declared.review_by.isoformat()
    for position, line in enumerate(declared.notes.splitlines()):
        yield "" if position else "notes", line


def _contracts(tier: EffectiveTier) -> str:
    """The contracts of a tier, with what else they say where they say anything."""
    said = {name: _said(terms) for name, terms in tier.contracts.items()}
    terms = any(said.values())
    return table(
        ["contract", "type", "falls to", "services", *(["terms"] if terms else [])],
        [
            [
                name,
                _words(found.type.value),
                tier.links[name],
                ", ".join(found.services),
                *([said[name]] if terms else []),
            ]
            for name, found in tier.contracts.items()
        ],
    )


def _said(terms: ContractTerms) -> str:
    found = (f"{word}: {value}" for word, value in facts(terms, _say) if word != "sells")
    return "; ".join(found)


def _say(price: Price, _days: Stretch | None) -> str:
    """A price in every currency: a tier is for clients of all of them."""
    return price_in_words(price)


def _money(tier: EffectiveTier) -> str:
    """What is paid on a tier's contracts, and what an hour costs: nothing where nothing is said."""
    paid: list[Sequence[str]] = []
    rates: list[Sequence[str]] = []
    factors: list[Sequence[str]] = []
    for name, terms in tier.contracts.items():
        source = tier.contracts_from.key
        paid += [(name, *row, source) for row in payments(terms, _say)]
        rates += [
            (name, role, price_in_words(rate), source) for role, rate in sorted(terms.rates.items())
        ]
        factors += [
            (name, role, number(found), source) for role, found in terms.block_factors.items()
        ]
    source = _rates_from(tier).key
    rates += [(row.contract, row.role, price_in_words(row.rate), source) for row in tier.rates]
    return (
        _table(["contract", *PAYMENTS, "from"], paid)
        + _table(["contract", "role", "an hour", "from"], rates)
        + _table(["contract", "role", "block hours for an hour", "from"], factors)
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table below a blank line, or nothing where it has no rows."""
    return f"\n{table(head, rows)}" if rows else ""


def _rates_from(tier: EffectiveTier) -> Tier:
    """The tier whose document writes the rates, which are inherited as a whole."""
    if tier.tier.rates is not None or tier.parent is None:
        return tier.tier
    return _rates_from(tier.parent)


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


def _words(name: str) -> str:
    return name.replace("_", " ")
