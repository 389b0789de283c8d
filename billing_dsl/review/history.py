"""Past time entries, billed before and after a change: what of it a review tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_dsl.changes.months import Sides
from billing_dsl.replay import measures
from billing_dsl.replay.compared import Compared, FlippedEntry
from billing_dsl.report._replay_compared import largest_first, parts_shown

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
    in all the months from the first entry's to the last one's. `unknown` is how many entries each
    side does not know, before and after: they are in no amount, like the rows that are refused.
    """

    entries: int
    refused: int
    unknown: tuple[int, int]
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


def history(found: Compared) -> History | None:
    """What a review tells of a replay of both sides; None where no row was an entry of a client
    and of work that any side knows.
    """
    summary = found.after.summary
    if summary.first is None or summary.last is None:
        return None
    account = found.after.account()
    unknown = found.before.account().unknown, account.unknown
    if min(unknown) == summary.taking_part:
        return None
    return History(
        summary.taking_part,
        account.refused,
        unknown,
        summary.first,
        summary.last,
        tuple(
            (
                one.name,
                one.currency,
                (measures.cents(one.was.charged), measures.cents(one.now.charged)),
            )
            for one in found.clients
        ),
        found.flipped,
        tuple(_flipped(one) for one in largest_first(found.largest)[:LARGEST]),
        tuple(_of_side(side, one) for side, one in found.warnings()),
        tuple(_of_side(side, one) for side, one in found.assumptions()),
    )


def _of_side(side: str, sentence: str) -> str:
    return f"{side}: {sentence}" if side else sentence


def _flipped(one: FlippedEntry) -> Flipped:
    currencies = [part.currency for part in (*one.after, *one.before) if part.currency]
    return Flipped(
        one.day,
        one.client,
        one.work_type,
        one.role,
        one.ticket,
        parts_shown(one.before) or "nothing",
        parts_shown(one.after) or "nothing",
        measures.cents(one.difference) if one.difference is not None else None,
        currencies[0] if currencies else "",
    )
