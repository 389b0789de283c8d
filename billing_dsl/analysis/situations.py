"""Situations: days on which neither the way of work nor any price of a client changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome, Routing
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.kinds._contract import ContractTerms, ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, WorkType
from billing_dsl.model.calendar import Stretch, day_after, pieces
from billing_dsl.model.money import Price


@dataclass(frozen=True, slots=True)
class Beginning:
    """Days of one segment, the contract at which work starts, and where all of it ends."""

    life: Stretch
    segment: Segment
    position: int
    routing: Routing
    agreement: str
    """The agreement that holds the contract at which work starts."""


class EndKey(NamedTuple):
    """What the money of an end depends on: equal keys mean equal billing and rates.

    `agreement` counts the agreements of the time line; for work that no contract takes it is the
    one where that work started. `contract` is empty then.
    """

    outcome: str
    agreement: int
    contract: str = ""
    type: str = ""
    terms: int = 0
    tier: str = ""
    prices: int = 0
    """Which of the prices in its terms and its tier are in force, counted from the first."""
    own: tuple[tuple[str, Decimal | None], ...] = ()
    """The agreement's own rates by role; None for one without an amount in the currency."""
    bought: frozenset[Decimal | None] | None = None
    """The prices of the hours that work may draw on; None without any."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Days on which nothing changes, neither where work ends nor at which rate.

    `ends` belong to the ends of the routing, by position. Two situations with one `key` and one
    currency are alike in everything but days and the names of clients and agreements.
    """

    life: Stretch
    beginning: Beginning
    ends: tuple[EndKey, ...]
    prices: int
    """Which of the list prices of roles and work types are in force, counted from the first."""
    start: int
    """The agreement that holds the contract at which work starts, as `EndKey` counts them."""
    key: Hashable


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Situations in order of time, and the agreements that they speak of.

    Keys name an agreement by its position in `agreements`, so that clients alike are alike.
    """

    situations: tuple[Situation, ...]
    agreements: tuple[str, ...]


def default_beginnings(view: ClientCoverage) -> Iterator[Beginning]:
    """The days on which a client has a default contract, and where its work ends from there."""
    for covered in view.covered:
        if covered.start is not None:
            yield Beginning(
                covered.segment.life,
                covered.segment,
                covered.position,
                covered.routing,
                covered.start.agreement.name,
            )


def own_beginnings(view: ClientCoverage, agreement: Agreement) -> Iterator[Beginning]:
    """The days of an agreement, and where work ends that starts at its own first contract."""
    firsts = view.shared.expander.first_contracts(agreement)
    for segment in view.family.segments:
        if segment.life.end < agreement.life.start or segment.life.start > agreement.life.end:
            continue
        for life, contract in firsts:
            if segment.life.start in life and contract:
                position = segment.position(contract)
                routing = view.family.routing(segment, position)
                yield Beginning(segment.life, segment, position, routing, agreement.name)


def beginnings_at(view: ClientCoverage, contract: Contract) -> Iterator[Beginning]:
    """The days of a contract, and where work ends that is assigned to it."""
    for segment in view.family.segments:
        if contract in segment.contracts:
            position = segment.position(contract.id)
            routing = view.family.routing(segment, position)
            yield Beginning(segment.life, segment, position, routing, contract.agreement.name)


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts the time lines of clients where a price changes; remembers what they share.

    Without `purchases` nothing is cut where bought hours or tickets begin or end: then a
    situation says what was agreed, not what happens to be paid for on a day.
    """

    shared: Shared
    purchases: bool = True
    _list_days: tuple[date, ...] = field(init=False)
    _terms: dict[tuple[int, str], tuple[ContractTerms, tuple[date, ...]]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_list_days", list_days(self.shared))

    def time_line(self, currency: str, beginnings: Iterable[Beginning]) -> TimeLine:
        """The situations of a client, in order of time."""
        agreements: dict[str, int] = {}
        found: list[Situation] = []
        for beginning in beginnings:
            start = agreements.setdefault(beginning.agreement, len(agreements))
            for life in self._lives(beginning):
                ends = tuple(self._end_keys(beginning, life.start, currency, agreements, start))
                prices = bisect_right(self._list_days, life.start)
                segment = beginning.segment
                key = (segment.shape, beginning.position, start, prices, ends)
                found.append(Situation(life, beginning, ends, prices, start, key))
        return TimeLine(tuple(found), tuple(agreements))

    def _lives(self, beginning: Beginning) -> Sequence[Stretch]:
        life = beginning.life
        cuts: list[date] = [*self._list_days]
        for end in beginning.routing:
            if end.outcome is not Outcome.COVERED:
                continue
            contract = beginning.segment.contracts[end.contract]
            cuts.extend(self._days_of(beginning.segment.phases[end.contract]))
            for row in contract.agreement.rates:
                if row.contract == contract.name:
                    cuts.extend(row.rate.changes())
            if self.purchases:
                for block in contract.blocks:
                    cuts.extend((block.life.start, day_after(block.life.end)))
                    cuts.extend(block.rate.changes())
        return pieces(life, cuts) if cuts else (life,)

    def _days_of(self, phase: Phase) -> tuple[date, ...]:
        """The days on which a price changes that a contract's terms, or its tier, name."""
        terms, tier = phase.terms, phase.tier
        key = (id(terms), tier.key if tier is not None else "")
        known = self._terms.get(key)
        if known is None:
            prices = [*terms.rates.values()]
            if terms.overage_rate is not None:
                prices.append(terms.overage_rate)
            if tier is not None:
                prices.extend(row.rate for row in tier.rates if row.contract == terms.name)
            days = {day for price in prices for day in price.changes()}
            for row in terms.tickets if self.purchases else ():
                days.update((row.start, day_after(row.end), *row.rate.changes()))
            # Keeping the terms keeps their id from being given to others.
            known = self._terms[key] = (terms, tuple(sorted(days)))
        return known[1]

    def _end_keys(
        self,
        beginning: Beginning,
        day: date,
        currency: str,
        agreements: dict[str, int],
        start: int,
    ) -> Iterator[EndKey]:
        for end in beginning.routing:
            if end.outcome is not Outcome.COVERED:
                yield EndKey(end.outcome.value, start)
                continue
            contract = beginning.segment.contracts[end.contract]
            phase = beginning.segment.phases[end.contract]
            agreement = contract.agreement
            own = tuple(
                (row.role, amounts.get(currency))
                for row in agreement.rates
                if row.contract == contract.name and (amounts := row.rate.on(day)) is not None
            )
            yield EndKey(
                end.outcome.value,
                agreements.setdefault(agreement.name, len(agreements)),
                contract.name,
                contract.type.value,
                id(phase.terms),
                phase.tier.key if phase.tier is not None else "",
                bisect_right(self._days_of(phase), day),
                own,
                self._bought(contract, day, currency),
            )

    def _bought(
        self, contract: Contract, day: date, currency: str
    ) -> frozenset[Decimal | None] | None:
        """The prices of the hours that work of a day may draw on: those of the earliest block."""
        if not self.purchases or contract.type is not ContractType.BLOCK_HOURS:
            return None
        usable = [block for block in contract.blocks if day in block.life]
        if not usable:
            return None
        first = min(block.life.start for block in usable)
        return frozenset(
            block.rate.amount(day, currency) for block in usable if block.life.start == first
        )


def list_days(shared: Shared) -> tuple[date, ...]:
    """The days on which a list price of a role or a work type becomes another."""
    prices = [role.rate for role in shared.roles]
    for work_type in shared.work_types:
        prices.extend(prices_of(work_type))
    return tuple(sorted({day for price in prices for day in price.changes()}))


def prices_of(work_type: WorkType) -> tuple[Price, ...]:
    """The prices that a work type's own rate names."""
    match work_type.rate:
        case Plus(price) | Fixed(price) | Flat(price):
            return (price,)
        case _:
            return ()
