"""Prices for people and for machines: every digit, every step, and who writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from billing_dsl.analysis.pricing import Rate
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price, Step


def price_as_json(price: Price) -> list[dict[str, Any]]:
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
    steps = (
        (
            step,
            " or ".join(
                f"{money.text(amount)} {name}" for name, amount in sorted(step.amounts.items())
            ),
        )
        for step in price.steps
    )
    return _in_steps(steps)


def price_in(currency: str, price: Price, life: Stretch) -> str:
    """What a price is in one currency during some days: `85.00 EUR, from 2028-01-01 88.00 EUR`."""
    first = price.step_on(life.start)
    later = [s for s in price.steps if s.start is not None and life.start < s.start <= life.end]
    steps = [Step(None, first.amounts)] if first is not None else []
    return _in_steps(
        (step, amount_in_words(step.amounts.get(currency), currency)) for step in (*steps, *later)
    ) or amount_in_words(None, currency)


def _in_steps(steps: Iterator[tuple[Step, str]]) -> str:
    return ", ".join(
        words if step.start is None else f"from {step.start} {words}" for step, words in steps
    )


def amount_in_words(amount: Decimal | None, currency: str) -> str:
    """`85.00 EUR`, or that there is none."""
    return f"no amount in {currency}" if amount is None else f"{money.text(amount)} {currency}"


def rate_as_json(rate: Rate, currency: str) -> dict[str, Any]:
    """An amount as text, null where there is none, and the documents that decide it."""
    amount = None if rate.amount is None else money.text(rate.amount)
    return {"rate": amount, "currency": currency, "from": list(rate.sources)}


def sources(names: Sequence[str]) -> str:
    """The documents that decide something, in one cell of a table."""
    return " and ".join(names)


def number(quantity: Decimal) -> str:
    """A quantity as somebody writes it: `45`, `1.5`, never `4.5E+1`."""
    return f"{quantity.normalize():f}"
