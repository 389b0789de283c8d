"""Retainers and bought tickets beside what was drawn of them.

What Autotask does once they are used up is not known (docs/assumptions.md, purchases used up): the
amounts count as if they last, and what was drawn beyond stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.money import posted
from billing_dsl.replay.routed import RoutedContract


@dataclass(frozen=True, slots=True)
class Purse:
    """What was bought in advance of a contract for the days of the entries, and what they drew.

    In hundredths of an amount for a retainer; for tickets their number, and `currency` is empty.
    `bought` is None where a document says no amount in the client's currency.
    """

    contract: str
    currency: str
    bought: int | None
    drawn: int

    @property
    def left(self) -> int | None:
        """What is left; below zero where more was drawn than bought."""
        return None if self.bought is None else self.bought - self.drawn


def purses(
    contracts: Mapping[int, RoutedContract],
    retained: Mapping[int, tuple[str, int]],
    tickets: Mapping[int, int],
    first: date,
    last: date,
) -> Iterator[Purse]:
    """The purses of contracts, by their names.

    `retained` holds, by the number of a contract, the currency and the hundredths that were drawn
    of it; `tickets` how many tickets were.
    """
    for number, contract in sorted(contracts.items(), key=lambda one: one[1].id):
        if contract.type is ContractType.RETAINER and number in retained:
            currency, drawn = retained[number]
            yield Purse(contract.id, currency, _money(contract, currency, first, last), drawn)
        elif contract.type is ContractType.PER_TICKET and number in tickets:
            bought = sum(
                one.tickets for one in contract.tickets if one.start <= last and one.end >= first
            )
            yield Purse(contract.id, "", bought, tickets[number])


def _money(contract: RoutedContract, currency: str, first: date, last: date) -> int | None:
    """The hundredths that were paid in for the days of the entries."""
    total = Decimal(0)
    for one in contract.retainers:
        if one.start <= last and one.end >= first:
            amount = one.price.amount(one.start, currency)
            if amount is None:
                return None
            total += posted(amount)
    return int(total.scaleb(2))
