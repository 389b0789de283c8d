"""What a contract says beside its type and its path, in a tier as in an agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from billing_dsl.kinds._contract import ContractTerms, ContractType
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price
from billing_dsl.report._prices import price_as_json

Say: TypeAlias = Callable[[Price, Stretch | None], str]
"""A price in words, as it is on some days; without days, as it is at its contract's time."""


def facts(terms: ContractTerms, say: Say) -> Iterator[tuple[str, str]]:
    """What there is to say of a contract beside its payments, each under its word."""
    if terms.services:
        yield "sells", ", ".join(terms.services)
    if terms.type is ContractType.RECURRING_SERVICE:
        yield "billed", terms.period.value.replace("_", " ")
    if terms.overage_rate is not None:
        yield "overage", f"{say(terms.overage_rate, None)} an hour"
    if terms.setup_fee is not None:
        yield "set-up fee", say(terms.setup_fee, None)
    if terms.category:
        yield "category", terms.category
    if terms.number:
        yield "number", terms.number
    if not terms.start_stop:
        yield "time entries", "hours alone will do, without start and stop times"


PAYMENTS = ["paid", "amount", "when"]
"""The columns of `payments`."""


def payments(terms: ContractTerms, say: Say) -> Iterator[tuple[str, str, str]]:
    """What is paid for a contract in advance, or on a day: what, how much, and when."""
    for milestone in terms.milestones:
        due = Stretch(milestone.due, milestone.due)
        yield f"milestone “{milestone.title}”", say(milestone.amount, due), f"on {milestone.due}"
    for retainer in terms.retainers:
        life = Stretch(retainer.start, retainer.end)
        yield "retainer", say(retainer.amount, life), str(life)
    for bought in terms.tickets:
        life = Stretch(bought.start, bought.end)
        yield f"{bought.tickets} tickets", f"{say(bought.rate, life)} a ticket", str(life)


def terms_as_json(terms: ContractTerms) -> dict[str, Any]:
    """Everything that a contract says of its money and its form; prices with all their steps."""
    return {
        "period": terms.period.value,
        "services": list(terms.services),
        "overage_rate": _price(terms.overage_rate),
        "setup_fee": _price(terms.setup_fee),
        "rates": {role: price_as_json(rate) for role, rate in sorted(terms.rates.items())},
        "block_factors": {role: f"{factor:f}" for role, factor in terms.block_factors.items()},
        "milestones": [
            {
                "title": milestone.title,
                "date": milestone.due.isoformat(),
                "amount": price_as_json(milestone.amount),
            }
            for milestone in terms.milestones
        ],
        "retainers": [
            {
                "amount": price_as_json(retainer.amount),
                "start": retainer.start.isoformat(),
                "end": retainer.end.isoformat(),
            }
            for retainer in terms.retainers
        ],
        "tickets": [
            {
                "tickets": bought.tickets,
                "rate": price_as_json(bought.rate),
                "start": bought.start.isoformat(),
                "end": bought.end.isoformat(),
            }
            for bought in terms.tickets
        ],
        "category": terms.category or None,
        "number": terms.number or None,
        "time_entry": "start_stop" if terms.start_stop else "any",
    }


def _price(price: Price | None) -> list[dict[str, Any]] | None:
    return None if price is None else price_as_json(price)
