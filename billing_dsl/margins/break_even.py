"""The least price of a unit at which what is posted comes to what is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing_dsl.margins.recurring import cents_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Units that are sold over some months, what they bring now, and by how much that misses what
    is needed: `short` is below zero where it brings more.
    """

    quantities: tuple[Fraction, ...]
    brings: Decimal
    short: Decimal

    @property
    def needed(self) -> Decimal:
        """What they have to bring."""
        return self.brings + self.short

    @property
    def price(self) -> Decimal:
        """The least price at which they bring it, in whole cents; never below zero."""
        return least_price(self.quantities, self.needed)


def least_price(quantities: Iterable[Fraction], needed: Decimal) -> Decimal:
    """The least price, in whole cents and not below zero, at which the items of some quantities
    come to what is needed, each of them rounded as it is posted.

    Expects a quantity above zero, or nothing needed: else no price would do.
    """
    counted = Counter(quantities)
    goal = Fraction(needed) * 100

    def enough(price: int) -> bool:
        each = Fraction(price, 100)
        return sum(count * cents_of(each, one) for one, count in counted.items()) >= goal

    if enough(0):
        return Decimal(0).scaleb(-2)
    if not any(one > 0 for one in counted):
        raise ValueError("what is not sold brings nothing at any price")
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return Decimal(high).scaleb(-2)
