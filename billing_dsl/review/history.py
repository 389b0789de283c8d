"""Past time entries, billed before and after a change: what of it a review tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_dsl.changes.months import Sides

LARGEST = 10
"""Entries that flip which are told one by one."""


@dataclass(frozen=True, slots=True)
class Flipped:
    """An entry that is billed otherwise, in words; `difference` is None without an amount."""

    day: date
    client: str
    work_type: str
    role: str
    ticket: str
    before: str
    after: str
    difference: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class History:
    """What entries come to. Amounts are what clients are charged for them, by client and currency,
    in all the months from the first entry's to the last one's.
    """

    entries: int
    refused: int
    unknown: int
    first: date
    last: date
    charged: tuple[tuple[str, str, Sides], ...]
    flipped: int
    largest: tuple[Flipped, ...]
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def months(self) -> int:
        """The months of the calendar in which there may be entries."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def days(self) -> str:
        """Which months these are: `2026-09 to 2026-11`."""
        first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        return first if first == last else f"{first} to {last}"
