"""A replay told: what was read, what it comes to, and what has to be kept in mind with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing_dsl.kinds.settings import Settings
from billing_dsl.replay.summary import INVOICED, PREPAID, Summary, total_of
from billing_dsl.replay.values import Refusal

CUT_OFF = 5_000
"""Rows after which a grid export of Autotask stops without a word (Contracts_Tab)."""

SHEETS = 5
"""Sheets that are named which nobody reads."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows that take no part, alike in the reason and in the text that is the reason."""

    reason: Refusal
    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file of entries: how many rows it has below its header, and those that are refused.

    `assumed` is what its entry export takes a row for that says nothing: what, and which. `others`
    are the sheets of a workbook that hold something too and are not read.
    """

    name: str
    rows: int
    refused: tuple[Refused, ...]
    assumed: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every row: `read` is the sum of the others."""

    read: int
    billed: int
    absorbed: int
    not_billed: int
    unpriced: int
    unknown: int
    refused: int

    @property
    def reconciles(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == (
            self.billed
            + self.absorbed
            + self.not_billed
            + self.unpriced
            + self.unknown
            + self.refused
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay of files through one catalogue."""

    files: tuple[TakenIn, ...]
    directory: str
    settings: Settings
    summary: Summary

    def account(self) -> Account:
        """What became of every row."""
        lines, money = self.summary.by_billing, (*INVOICED, *PREPAID)
        billed = total_of(lines, *money)
        return Account(
            sum(file.rows for file in self.files),
            billed.entries - billed.unpriced_entries,
            total_of(lines, "absorbed").entries,
            total_of(lines, "not_billed").entries,
            billed.unpriced_entries,
            self.summary.unknown.entries,
            sum(one.rows for file in self.files for one in file.refused),
        )

    def warnings(self) -> Iterator[str]:
        """What may make the figures other than they should be, in sentences."""
        found = self.summary
        for file in self.files:
            if file.rows == CUT_OFF:
                yield (
                    f"{file.name} has exactly 5,000 rows, which is where an export of Autotask "
                    "stops: export shorter periods, and name all files"
                )
            if file.others:
                names = ", ".join(f"`{one}`" for one in file.others[:SHEETS])
                more = len(file.others) - SHEETS
                names += f" and {more:,} more" if more > 0 else ""
                yield (
                    f"of {file.name} the first sheet alone is read, and not {names}: save as files "
                    "of their own what else are time entries"
                )
        if found.unknown.entries:
            yield "some entries name what the catalogue does not know: no amount holds them"
        unpriced = total_of(found.by_billing)
        if unpriced.unpriced:
            yield (
                "some items have no amount, because no document says one for their day and "
                "currency: no total holds them"
            )
        for contract in found.tied:
            yield (
                f"{contract} has blocks that start on one day and cost differently: Autotask may "
                "draw on either, and here the one that ends first was drawn on"
            )
        if any(block.begun_before for block in found.blocks):
            yield (
                "some blocks began before the first entry: what was drawn of them until then is "
                "in no file, so they count as full"
            )
        for purse in found.purses:
            if purse.left is not None and purse.left < 0:
                yield (
                    f"of {purse.contract} more was drawn than was bought for these days: what "
                    "Autotask does then is not known, and here it counts as if it lasted"
                )
        if found.ticketless:
            yield (
                "entries on per-ticket contracts that name no ticket count as a ticket each: "
                f"{found.ticketless:,} of them"
            )

    def assumptions(self) -> Iterator[str]:
        """What the figures rest on, in sentences; docs/replay.md says why."""
        found = self.summary
        minutes = int(self.settings.hours_rounding)
        used = {billing for line in found.by_billing for billing in line.by_billing}
        yield (
            f"hours are rounded up to {minutes} minutes for each entry, then the work type's "
            "fewest and most hours hold"
        )
        for file in self.files:
            for what, name in file.assumed:
                yield f"a row of {file.name} that says no {what} is taken for `{name}`"
        yield "amounts keep four decimals and are rounded half up to two for each posted item"
        yield "every ticket carries its client's default contract of the day"
        if {"block", "overage"} & used:
            on = "is" if self.settings.multiplier_on_overage else "is not"
            yield (
                "blocks are drawn on in order of day and start, the block that starts first "
                f"before others; the block factor {on} applied to overage"
            )
        if {"retainer", "ticket"} & used:
            yield "retainers and tickets count as if they last; what was bought stands beside"
        if "ticket" in used:
            yield "a ticket is debited once, with the last of its entries in the files"
        if "absorbed" in used:
            yield "absorbed work is worth what the role's rate and the work type make of it"
        if found.nowhere:
            yield "work that no contract takes is billed at the role's rate, if it is billable"
        if found.strange_sub_issues:
            yield "a sub-issue that no document declares is excluded by no contract"
