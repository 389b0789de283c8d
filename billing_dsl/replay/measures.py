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

_TENTH = HOUR // 10_000
"""Parts of a ten-thousandth of an hour."""

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


def cents_written(amount: int) -> str:
    """Hundredths as the text of an amount: what `cents` is as text, made far faster."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02}"


def hours_written(parts: int) -> str:
    """Parts of an hour as the text of hours: what `hours` is as text, made far faster."""
    whole, rest = divmod((2 * abs(parts) + _TENTH) // (2 * _TENTH), 10_000)
    return f"{'-' if parts < 0 else ''}{whole}.{rest:04}"


def debited_written(parts: int) -> str:
    """What was debited of a block as the text of hours, likewise."""
    whole, rest = divmod((abs(parts) + _TENTH * FACTOR // 2) // (_TENTH * FACTOR), 10_000)
    return f"{'-' if parts < 0 else ''}{whole}.{rest:04}"


def _at_four(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001"), ROUND_HALF_UP, _WIDE)


def _whole(number: Decimal) -> int:
    return int(number.quantize(_ONE, ROUND_HALF_UP, _WIDE))
