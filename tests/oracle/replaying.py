"""What time entries are billed, entry by entry, with plain loops: an oracle for `replay`.

It asks the simulator where each entry ends, keeps the balance of every block by itself, and
counts in fractions. It uses nothing of the package that it judges.

Readings chosen where the semantics leave room:

- entries are posted in order of day, then start (without one first), then as they stand in their
  file;
- hours are rounded up to the settings' minutes, but what is at most half a hundredth of an hour
  over a multiple counts as that multiple; then the work type's fewest and most hours hold;
- of usable blocks that start together the one that ends first is drawn on, then the smaller one,
  then the one written first;
- a ticket is debited with the last of its entries; an entry without one is a ticket of its own;
- on a day without a default contract work is billed at the standard rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.simulator import Document, Simulator, day_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One time entry as a file holds it; an empty sub-issue or ticket is none."""

    client: str
    work_type: str
    role: str
    sub_issue: str
    day: date
    start: int
    hours: Decimal
    ticket: str


@dataclass(frozen=True, slots=True)
class Item:
    """What an entry is billed: the whole of it, or the part that one block or overage pays."""

    entry: int
    billing: str
    contract: str
    block: int
    hours: Fraction
    debit: Fraction
    cents: int | None
    worth: int | None


def half_up(number: Fraction) -> int:
    """To the nearest whole number; a half goes away from zero."""
    whole = math.floor(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def posted(amount: Fraction | None) -> int | None:
    """The cents of an item: four decimals first, then two."""
    return None if amount is None else half_up(Fraction(half_up(amount * 10_000), 100))


class Replaying:
    """A catalogue through which entries are replayed."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.simulator = Simulator(documents)
        self.left: dict[tuple[str, int], Fraction] = {}

    def items(self, entries: Sequence[Entry]) -> list[Item]:
        """Every item, in the order in which they are posted."""
        order = sorted(range(len(entries)), key=lambda n: (entries[n].day, entries[n].start, n))
        last_of_ticket: dict[tuple[str, str], int] = {}
        for number in order:
            contract, billing, _, _ = self._ends(entries[number])
            if billing == "ticket" and entries[number].ticket:
                last_of_ticket[contract, entries[number].ticket] = number
        found: list[Item] = []
        for number in order:
            entry = entries[number]
            contract, billing, rate, unit = self._ends(entry)
            if billing == "unknown":
                found.append(Item(number, billing, "", 0, Fraction(entry.hours), Fraction(0), 0, 0))
                continue
            hours = self._to_bill(entry)
            if billing in ("block", "overage"):
                found.extend(self._from_blocks(number, entry, contract, hours))
                continue
            amount: Fraction | None = Fraction(0)
            worth: Fraction | None = Fraction(0)
            if billing == "ticket":
                if not entry.ticket or last_of_ticket[contract, entry.ticket] == number:
                    amount = rate
            elif billing not in ("absorbed", "not_billed"):
                amount = rate if unit == "entry" or rate is None else rate * hours
            if billing == "absorbed" and self._billable(entry):
                worth, unit = self._standard(entry)
                worth = worth if unit == "entry" or worth is None else worth * hours
            found.append(
                Item(
                    number, billing, contract, 0, hours, Fraction(0), posted(amount), posted(worth)
                )
            )
        return found

    def _ends(self, entry: Entry) -> tuple[str, str, Fraction | None, str | None]:
        """Contract, billing, rate and unit of an entry."""
        sim = self.simulator
        sub_issue = entry.sub_issue or None
        if not sim._exists(entry.work_type, entry.role, entry.day):
            return "", "unknown", None, None
        if sim.default(entry.client, entry.day) is None:
            if not self._billable(entry):
                return "", "not_billed", None, None
            rate, unit = self._standard(entry)
            return "", "standard_rate", rate, unit
        answer = sim.end_of(entry.client, entry.work_type, entry.role, sub_issue, entry.day)
        assert answer is not None
        contract = f"{answer.agreement}/{answer.contract}" if answer.contract else ""
        rate = None if answer.rate is None else Fraction(answer.rate)
        return contract, answer.billing, rate, answer.unit

    def _billable(self, entry: Entry) -> bool:
        return bool(self.simulator.work_types[entry.work_type].get("billable", True))

    def _standard(self, entry: Entry) -> tuple[Fraction | None, str]:
        """The role's rate as the work type changes it, and what it is the price of."""
        sim = self.simulator
        currency = sim._currency(entry.client)
        base = sim._amount(sim.roles[entry.role]["rate"], currency, entry.day)
        rate = sim._modified(base, entry.work_type, currency, entry.day)
        unit = sim._unit("standard_rate", entry.work_type)
        assert unit is not None
        return None if rate is None else Fraction(half_up(Fraction(rate) * 10_000), 10_000), unit

    def _to_bill(self, entry: Entry) -> Fraction:
        work_type = self.simulator.work_types[entry.work_type]
        minutes = int(self.simulator.settings.get("hours_rounding", "15 minutes").split()[0])
        step = Fraction(minutes, 60)
        steps = math.ceil((Fraction(entry.hours) - Fraction(1, 200)) / step)
        hours = max(steps, 1) * step
        hours = max(hours, Fraction(work_type.get("minimum_hours", 0)))
        return min(hours, Fraction(work_type.get("maximum_hours", 24)))

    def _from_blocks(self, number: int, entry: Entry, contract: str, hours: Fraction) -> list[Item]:
        """The parts of an entry that blocks pay, in the order of blocks, and then overage."""
        sim = self.simulator
        agreement, _, name = contract.partition("/")
        declared = sim._declared(agreement, name, entry.day)
        factors = declared.get("block_factors", {})
        factor = Fraction(factors.get(entry.role, sim.roles[entry.role].get("block_factor", 1)))
        currency = sim._currency(entry.client)
        wanted = hours * factor
        found: list[Item] = []
        own = [
            (place, block)
            for place, block in enumerate(sim.agreements[agreement].get("blocks", []), 1)
            if block["contract"] == name
        ]
        own.sort(key=lambda one: (one[1]["start"], one[1]["end"], Decimal(one[1]["hours"]), one[0]))
        for place, block in own:
            if not day_of(block["start"]) <= entry.day <= day_of(block["end"]):
                continue
            left = self.left.setdefault((agreement, place), Fraction(block["hours"]))
            taken = min(left, wanted)
            if taken > 0:
                rate = sim._amount(block["rate"], currency, entry.day)
                amount = None if rate is None else Fraction(rate) * taken
                found.append(
                    Item(number, "block", contract, place, taken / factor, taken, posted(amount), 0)
                )
                self.left[agreement, place] -= taken
                wanted -= taken
        if wanted > 0:
            rate = sim._overage(agreement, declared, entry.role, currency, entry.day)
            amount = None
            if rate is not None:
                stored = Fraction(half_up(Fraction(rate) * 10_000), 10_000)
                amount = stored * wanted / factor
            found.append(
                Item(
                    number, "overage", contract, 0, wanted / factor, Fraction(0), posted(amount), 0
                )
            )
        return found
