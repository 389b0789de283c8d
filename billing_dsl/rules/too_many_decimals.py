"""BD422."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.book import Shared
from billing_dsl.diagnostics import Finding, Place, Reach, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.tier import Tier
from billing_dsl.model.declaration import Declaration
from billing_dsl.model.money import Price, Step
from billing_dsl.rules import rule
from billing_dsl.rules._prices import Quote, prices_of_agreement, quotes, shared_quotes

KEPT = 4
"""The decimals that Autotask keeps of an amount (SystemSettingsContracts)."""


@rule("BD422", Severity.ERROR)
def too_many_decimals(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """An amount, a block factor or hours with more than four decimals.

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
        yield from _numbers(_of_shared(view.shared), ())
        return
    for agreement in view.family.book.agreements:
        if agreement.client != view.client.name:
            continue
        if any(_finest(price) is not None for price in prices_of_agreement(agreement)):
            yield from _found(quotes(agreement), view.reach(agreement))
        yield from _numbers(_of_agreement(agreement), view.reach(agreement))


def _found(written: Iterable[Quote], reached: tuple[Reach, ...]) -> Iterator[Finding]:
    for quote in written:
        found = _finest(quote.price)
        if found is not None:
            step, amount = found
            yield _finding(quote.amount_of(step), quote.subject, quote.what, amount, reached)


def _finding(
    place: Place, subject: str, what: str, number: Decimal, reached: tuple[Reach, ...]
) -> Finding:
    return Finding(
        place,
        f"{what} is {number:f}, which has more than {KEPT} decimals",
        label="more is not kept",
        help=f"round it to {KEPT} decimals or fewer",
        subject=subject,
        reached=reached,
    )


def _finest(price: Price) -> tuple[Step, Decimal] | None:
    """The first amount of a price with too many decimals, with its step."""
    for step in price.steps:
        for amount in step.amounts.values():
            if _too_fine(amount):
                return step, amount
    return None


def _too_fine(number: Decimal) -> bool:
    """Whether a number has too many decimals; zeros at the end count for nothing."""
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and exponent < -KEPT and any(digits[exponent + KEPT :])


# --- factors and hours ---------------------------------------------------------------------------

Number: TypeAlias = tuple[Declaration, tuple[str | int, ...], str, Decimal]
"""A factor or hours: the document, the route to it, what a person calls it, and how much it is."""


def _numbers(written: Iterable[Number], reached: tuple[Reach, ...]) -> Iterator[Finding]:
    for declaration, route, what, number in written:
        if _too_fine(number):
            place = declaration.at(*route)
            yield _finding(place, declaration.subject, what, number, reached)


def _of_shared(shared: Shared) -> Iterator[Number]:
    for role in shared.roles:
        yield role, ("block_factor",), f"the block factor of role `{role.name}`", role.block_factor
    for one in shared.work_types:
        for word, hours in (("fewest", one.minimum_hours), ("most", one.maximum_hours)):
            if hours is not None:
                route = "minimum_hours" if word == "fewest" else "maximum_hours"
                yield one, (route,), f"the {word} hours of work type `{one.name}`", hours
    for tier in shared.catalogue.all(Tier):
        yield from _of_contracts(tier)


def _of_agreement(agreement: Agreement) -> Iterator[Number]:
    yield from _of_contracts(agreement)
    for position, block in enumerate(agreement.blocks):
        what = f"a block of contract `{block.contract}`, in hours,"
        yield agreement, ("blocks", position, "hours"), what, block.hours


def _of_contracts(declaration: Tier | Agreement) -> Iterator[Number]:
    for terms in declaration.contracts:
        for role, factor in terms.block_factors.items():
            route = ("contracts", terms.name, "block_factors", role)
            what = f"the block factor of role `{role}` on contract `{terms.name}`"
            yield declaration, route, what, factor
