"""Whole numbers for hours, factors and amounts: sums of millions of entries stay exact.

An hour has 30,000 parts, so that a minute and a ten-thousandth of an hour are both whole. Factors
and amounts have four decimals, as Autotask keeps them (SystemSettingsContracts).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

HOUR = 30_000
"""Parts of an hour."""

MINUTE = HOUR // 60

FACTOR = 10_000
"""Parts of a block factor of 1: what is debited is counted in parts of an hour times these."""

AMOUNT = 10_000
"""Parts of an amount of 1."""

CENT = AMOUNT // 100

GRACE = HOUR // 200
"""Half a hundredth of an hour: ten minutes are written as 0.17 hours, and are not eleven."""

LONGEST = 24 * HOUR
"""The longest time entry that Autotask takes (TimeEntriesEntity)."""

_WIDE = Context(prec=60)
_ONE = Decimal(1)


def parts_of_hours(hours: Decimal) -> int:
    """Hours in parts of an hour; what is finer is rounded half up."""
    return _whole(hours * HOUR)


def parts_of_factor(factor: Decimal) -> int:
    """A block factor in its parts."""
    return _whole(factor * FACTOR)


def parts_of_amount(amount: Decimal) -> int:
    """An amount in ten-thousandths."""
    return _whole(amount * AMOUNT)


def cents(amount: int) -> Decimal:
    """Hundredths as an amount."""
    return Decimal(amount).scaleb(-2)


def hours(parts: int) -> Decimal:
    """Parts of an hour as hours, at four decimals."""
    return _at_four(Decimal(parts) / HOUR)


def debited(parts: int) -> Decimal:
    """What was debited of a block, in hours at four decimals."""
    return _at_four(Decimal(parts) / (HOUR * FACTOR))


def _at_four(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001"), ROUND_HALF_UP, _WIDE)


def _whole(number: Decimal) -> int:
    return int(number.quantize(_ONE, ROUND_HALF_UP, _WIDE))
