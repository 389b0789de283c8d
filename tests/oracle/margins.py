"""What clients leave over some months, day by day with plain loops: an oracle for `margins`.

It looks at one day after the other, and at one entry after the other, and counts in fractions. It
uses nothing of the package that it judges.

Readings chosen where the semantics leave room:

- the months of the first and of the last entry are counted whole, and all between them;
- days of a month on which units, price, cost and tier are the same are one item, which is rounded;
- a month of a yearly service is a twelfth of it, whatever its days;
- hours of a role that cost the same are one amount, which is rounded.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.replaying import Entry, Replaying, posted
from tests.oracle.simulator import Document, Simulator, day_of

INVOICED = ("hourly", "overage", "standard_rate")
DRAWN = ("block", "retainer", "ticket")
MONTHS = {"monthly": 1, "quarterly": 3, "semi_annual": 6, "yearly": 12}


@dataclass
class Left:
    """What a client brings and costs, in cents, and how much of what nobody has said."""

    services: int = 0
    invoiced: int = 0
    drawn: int = 0
    due_once: int = 0
    cost_of_services: int = 0
    cost_of_work: int = 0
    not_said: dict[tuple[str, str], Fraction] = field(default_factory=dict)

    def lacks(self, what: str, name: str, quantity: Fraction) -> None:
        """Takes note of what is missing."""
        key = what, name
        self.not_said[key] = self.not_said.get(key, Fraction(0)) + quantity


@dataclass(frozen=True)
class Unit:
    """An item that is sold: on a tier, of a service, units and periods at a price."""

    client: str
    tier: str
    service: str
    quantity: Fraction
    price: Fraction | None


def months_of(entries: Sequence[Entry]) -> list[list[date]]:
    """The days of each month from that of the first entry to that of the last."""
    first, last = min(one.day for one in entries), max(one.day for one in entries)
    found: list[list[date]] = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        count = calendar.monthrange(year, month)[1]
        found.append([date(year, month, day) for day in range(1, count + 1)])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


class Reckoning:
    """A catalogue and entries, of which it is told what each client leaves."""

    def __init__(self, documents: Sequence[Document], entries: Sequence[Entry]) -> None:
        self.simulator = Simulator(documents)
        self.services = {one["name"]: one for one in documents if one["kind"] == "service"}
        self.entries = entries
        self.items = Replaying(documents).items(entries)
        self.months = months_of(entries)

    def left(self, client: str) -> Left:
        """What one client leaves."""
        found = Left()
        for unit, cost in self._sold(client):
            if unit.price is None:
                found.lacks("service_price", unit.service, unit.quantity)
            else:
                found.services += posted(unit.price * unit.quantity) or 0
            if cost is None:
                found.lacks("service_cost", unit.service, unit.quantity)
            else:
                found.cost_of_services += posted(cost * unit.quantity) or 0
        for contract, amount in self._fees(client):
            if amount is None:
                found.lacks("amount_due", contract, Fraction(1))
            else:
                found.due_once += posted(amount) or 0
        unpriced = 0
        for item in self.items:
            if self.entries[item.entry].client != client:
                continue
            if item.billing in INVOICED:
                found.invoiced += item.cents or 0
            elif item.billing in DRAWN:
                found.drawn += item.cents or 0
            unpriced += item.billing in (*INVOICED, *DRAWN) and item.cents is None
            if item.billing == "unknown":
                found.lacks("work_known", "", Fraction(self.entries[item.entry].hours))
        if unpriced:
            found.lacks("amount_of_work", "", Fraction(unpriced))
        for (role, cost), hours in self._worked(client).items():
            if cost is None:
                found.lacks("role_cost", role, hours)
            else:
                found.cost_of_work += posted(cost * hours) or 0
        return found

    def units(self, client: str) -> list[Unit]:
        """Every item that is sold to a client by the unit."""
        return [unit for unit, _ in self._sold(client)]

    def tiers(self, client: str) -> set[str]:
        """The tiers on which a client stands on any of the days."""
        own = [one for one in self.simulator.agreements.values() if one["client"] == client]
        days = [day for month in self.months for day in month]
        return {self._tier(one, day) for one in own for day in days} - {""}

    def _fees(self, client: str) -> Iterator[tuple[str, Fraction | None]]:
        """The setup fee of each contract that begins on one of the days."""
        sim = self.simulator
        for name, agreement in sim.agreements.items():
            if agreement["client"] != client:
                continue
            begins: dict[str, date] = {}
            starts = [day_of(agreement["start"])]
            starts += [piece.start for piece in sim.pieces.get(name, ())]
            for day in starts:
                for contract in sim._contract_names(name, day):
                    begins.setdefault(contract, day)
            for contract, day in begins.items():
                fee = sim._declared(name, contract, day).get("setup_fee")
                in_force = sim._begun(fee, day) is not None
                if in_force and any(day in month for month in self.months):
                    yield f"{name}/{contract}", self._amount(fee, client, day)

    def _worked(self, client: str) -> dict[tuple[str, Fraction | None], Fraction]:
        sim = self.simulator
        unknown = {item.entry for item in self.items if item.billing == "unknown"}
        found: dict[tuple[str, Fraction | None], Fraction] = {}
        for number, entry in enumerate(self.entries):
            if entry.client == client and number not in unknown:
                cost = self._amount(sim.roles[entry.role].get("cost"), client, entry.day)
                key = entry.role, cost
                found[key] = found.get(key, Fraction(0)) + Fraction(entry.hours)
        return found

    def _sold(self, client: str) -> Iterator[tuple[Unit, Fraction | None]]:
        for agreement in self.simulator.agreements.values():
            if agreement["client"] != client:
                continue
            for service, written in agreement.get("services", {}).items():
                for month in self.months:
                    yield from self._of_month(client, agreement, service, written, month)

    def _of_month(
        self, client: str, agreement: Document, service: str, written: Any, month: list[date]
    ) -> Iterator[tuple[Unit, Fraction | None]]:
        declared = self.services[service]
        share = Fraction(1, len(month) * MONTHS[declared["period"]])
        before: tuple[Any, ...] | None = None
        days = 0
        for day in [*month, None]:
            now = None if day is None else self._on(client, agreement, declared, written, day)
            if now != before and before is not None:
                units, price, cost, tier = before
                if units:
                    yield Unit(client, tier, service, units * days * share, price), cost
            days = days + 1 if now == before else 1
            before = now

    def _on(
        self, client: str, agreement: Document, service: Document, written: Any, day: date
    ) -> tuple[Fraction, Fraction | None, Fraction | None, str] | None:
        """Units, price, cost and tier on a day; nothing where none are sold."""
        if not self.simulator._in_life(agreement["name"], day):
            return None
        step = written
        if isinstance(written, list):
            begun = [one for one in written if day_of(one.get("from", "0001-01-01")) <= day]
            if not begun:
                return None
            step = begun[-1]
        units = step["units"] if isinstance(step, dict) else step
        own = step.get("price") if isinstance(step, dict) else None
        price = self._amount(own if own is not None else service["price"], client, day)
        cost = self._amount(service.get("cost"), client, day)
        return Fraction(units), price, cost, self._tier(agreement, day)

    def _tier(self, agreement: Document, day: date) -> str:
        if "tier" not in agreement or not self.simulator._in_life(agreement["name"], day):
            return ""
        tier = self.simulator._tier_on(agreement, day)
        return "" if tier is None else f"{tier['name']}@{tier['version']}"

    def _amount(self, price: Any, client: str, day: date) -> Fraction | None:
        if price is None:
            return None
        amount = self.simulator._amount(price, self.simulator._currency(client), day)
        return None if amount is None else Fraction(amount)
