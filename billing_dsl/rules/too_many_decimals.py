"""BD422."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Reach, Severity
from billing_dsl.model.money import Price, Step
from billing_dsl.rules import rule
from billing_dsl.rules._prices import Quote, prices_of_agreement, quotes, shared_quotes

KEPT = 4
"""The decimals that Autotask keeps of an amount (SystemSettingsContracts)."""


@rule("BD422", Severity.ERROR)
def too_many_decimals(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """An amount with more than four decimals.

    Autotask keeps four. What comes after them would be lost there, and the invoice would not be
    what the agreement says.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.12345

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.1234
    """
    if isinstance(view, Declared):
        yield from _found(shared_quotes(view.shared), ())
        return
    for agreement in view.family.book.agreements:
        if agreement.client == view.client.name and any(
            _finest(price) is not None for price in prices_of_agreement(agreement)
        ):
            yield from _found(quotes(agreement), view.reach(agreement))


def _found(written: Iterable[Quote], reached: tuple[Reach, ...]) -> Iterator[Finding]:
    for quote in written:
        found = _finest(quote.price)
        if found is not None:
            step, amount = found
            yield Finding(
                quote.amount_of(step),
                f"{quote.what} is {amount:f}, which has more than {KEPT} decimals",
                label="more is not kept",
                help=f"round it to {KEPT} decimals or fewer",
                subject=quote.subject,
                reached=reached,
            )


def _finest(price: Price) -> tuple[Step, Decimal] | None:
    """The first amount of a price with too many decimals, with its step.

    Zeros at the end count for nothing.
    """
    for step in price.steps:
        for amount in step.amounts.values():
            _, digits, exponent = amount.as_tuple()
            if isinstance(exponent, int) and exponent < -KEPT and any(digits[exponent + KEPT :]):
                return step, amount
    return None
