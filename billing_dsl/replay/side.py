"""One side of a replay: a catalogue's routing, as far as the entries at hand ask for it.

Clients alike share their rows: a client's days point at a *situation*, and a situation says of
every kind of work that occurs where it ends and what an hour costs there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing_dsl.analysis import pricing
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.situations import Cutter, EndKey, Situation, default_beginnings, prices_of
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import Flat, WorkType
from billing_dsl.model.calendar import Stretch, gaps, pieces
from billing_dsl.model.money import stored
from billing_dsl.replay import names
from billing_dsl.replay.blocks import Bought, Segment, segments
from billing_dsl.replay.measures import (
    LONGEST,
    MINUTE,
    parts_of_amount,
    parts_of_factor,
    parts_of_hours,
)
from billing_dsl.replay.names import Names, Unknown

NO_AGREEMENT = "no_agreement"
"""The outcome of work on days on which its client has no default contract."""


@dataclass(frozen=True, slots=True)
class Called:
    """A kind of work as entries write it."""

    work_type: str
    role: str
    sub_issue: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work as the catalogue declares it."""

    work_type: WorkType
    role: Role
    sub_issue: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What rows of `ends` have in common that money does not depend on.

    `outcome` is that of the exclusion path, or `NO_AGREEMENT`. `tier` is empty for a bespoke
    agreement, and where there is none. `billing` is `block` for what is overage once blocks are
    used up.
    """

    outcome: str
    tier: str
    currency: str
    contract_type: ContractType | None
    billing: str


EndRow = tuple[
    int, int, int, int | None, str, str, str, int | None, int, int | None, int | None, int, int, int
]


@dataclass(frozen=True, slots=True)
class Side:
    """A catalogue, asked for its routing: what clients share, who they are, and their coverage.

    `covered` gives the coverage of clients by their names; those that cannot be proved are left
    out.
    """

    declared: Declared
    clients: Mapping[str, Client]
    covered: Callable[[Collection[str]], Iterable[ClientCoverage]]
    of_clients: Names = field(init=False)
    of_work_types: Names = field(init=False)
    of_roles: Names = field(init=False)
    of_sub_issues: Names = field(init=False)

    def __post_init__(self) -> None:
        """Gathers the names by which entries may call things."""
        shared = self.declared.shared
        set_ = object.__setattr__
        set_(self, "of_clients", names.of_clients(self.clients.values()))
        set_(self, "of_work_types", names.of_work_types(shared.work_types))
        set_(self, "of_roles", names.of_roles(shared.roles))
        set_(self, "of_sub_issues", names.of_sub_issues(shared.sub_issues))

    def kind(self, called: Called) -> Kind | None:
        """What a kind of work is in the catalogue; None where its work type or role is unknown.

        A sub-issue that the catalogue does not know is excluded by no contract: it is as none.
        """
        work_type = self.of_work_types.named(called.work_type)
        role = self.of_roles.named(called.role)
        if isinstance(work_type, Unknown) or isinstance(role, Unknown):
            return None
        sub_issue = self.of_sub_issues.named(called.sub_issue) if called.sub_issue else ""
        shared = self.declared.shared
        return Kind(
            next(one for one in shared.work_types if one.name == work_type),
            next(one for one in shared.roles if one.name == role),
            "" if isinstance(sub_issue, Unknown) else sub_issue,
        )

    def routing(self, clients: Mapping[int, str], kinds: Mapping[int, Called]) -> Routing:
        """The routing of the clients and kinds of work that occur, by their numbers."""
        known = {
            number: name
            for number, text in clients.items()
            if isinstance(name := self.of_clients.named(text), str)
        }
        routing = Routing(self.declared, {n: self.kind(called) for n, called in kinds.items()})
        numbers: dict[str, list[int]] = {}
        for number, name in sorted(known.items()):
            numbers.setdefault(name, []).append(number)
        for view in self.covered(sorted(numbers)):
            for number in numbers.get(view.client.name, ()):
                routing.add(number, view)
        return routing


class Routing:
    """The rows of the routing tables, and what their numbers stand for.

    `stretches` and `bound` are rows as `statement.TABLES` describes them. Contracts are numbered
    from 1, endings from 0; there is an ending for each that a row of `ends` has named so far.
    """

    def __init__(self, declared: Declared, kinds: Mapping[int, Kind | None]) -> None:
        """Begins without clients; `kinds` are the kinds of work by their numbers."""
        self.stretches: list[tuple[int, int, int, int]] = []
        self.bound: dict[tuple[int, int, int], None] = {}
        self._declared = declared
        self._kinds = kinds
        self._cutter = Cutter(declared.shared)
        self._places: dict[tuple[int, str], int] = {}
        self._contracts: dict[str, tuple[int, Contract]] = {}
        self._listed: tuple[Contract, ...] = ()
        self._written_out: dict[str, tuple[Contract, ...]] = {}
        self._situations: dict[Hashable, int] = {}
        self._what: list[_Situation] = []
        self._endings: dict[Ending, int] = {}
        self._currencies: set[str] = set()
        shared = declared.shared
        prices = [role.rate for role in shared.roles]
        prices.extend(price for one in shared.work_types for price in prices_of(one))
        self._list_days = sorted({day for price in prices for day in price.changes()})

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts on which work may end, by their numbers."""
        if len(self._listed) < len(self._contracts):
            self._listed = tuple(contract for _, contract in self._contracts.values())
        return self._listed

    @property
    def written_out(self) -> Iterator[Contract]:
        """All contracts of the clients, in order of clients, agreements and their paths."""
        return (one for name in sorted(self._written_out) for one in self._written_out[name])

    @property
    def endings(self) -> tuple[Ending, ...]:
        """What the numbers of endings stand for."""
        return tuple(self._endings)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which the clients are billed."""
        return tuple(sorted(self._currencies))

    def blocks(self) -> tuple[tuple[Segment, ...], tuple[Bought, ...]]:
        """The segments of block contracts, and their blocks."""
        return segments(one for one in self.contracts if one.type is ContractType.BLOCK_HOURS)

    def segment_rows(self, found: Iterable[Segment]) -> Iterator[tuple[int, int, int, int]]:
        """The rows of `segments`."""
        for one in found:
            first, last = one.life.start.toordinal(), one.life.end.toordinal()
            yield self._contracts[one.contract.id][0], first, last, one.number

    def add(self, number: int, view: ClientCoverage) -> None:
        """A client under its number: its days, and the contracts on which its work may end."""
        currency = view.client.currency
        self._currencies.add(currency)
        self._written_out[view.client.name] = view.contracts
        line = self._cutter.time_line(currency, default_beginnings(view))
        for situation in line.situations:
            segment = situation.beginning.segment
            tier = _tier(segment.phases[situation.beginning.position].tier)
            key = (situation.key, currency, tier)
            self._stretch(number, situation.life, key, _Situation(currency, tier, situation))
            for end, key_of_end in zip(situation.beginning.routing, situation.ends, strict=True):
                if end.outcome is Outcome.COVERED:
                    self._bind(number, key_of_end, segment.contracts[end.contract])
        whole = Stretch(date.min, date.max)
        for gap in gaps(whole, (situation.life for situation in line.situations)):
            for life in pieces(gap, (*self._list_days, *self._declared.cells.beginnings)):
                prices = bisect_right(self._list_days, life.start)
                begun = bisect_right(self._declared.cells.beginnings, life.start)
                nowhere = _Situation(currency, "", None, life.start)
                self._stretch(number, life, (currency, prices, begun), nowhere)

    def _stretch(self, number: int, life: Stretch, key: Hashable, what: _Situation) -> None:
        situation = self._situations.get(key)
        if situation is None:
            situation = self._situations[key] = len(self._what)
            self._what.append(what)
        self.stretches.append((number, life.start.toordinal(), life.end.toordinal(), situation))

    def _bind(self, number: int, key: EndKey, contract: Contract) -> None:
        place = self._places.setdefault((key.agreement, key.contract), len(self._places))
        known = self._contracts.setdefault(contract.id, (len(self._contracts) + 1, contract))
        self.bound[number, place, known[0]] = None

    def let_go(self) -> None:
        """Forgets what only rows are made of, once these are with the engine: it is much."""
        self.stretches.clear()
        self.bound.clear()
        self._what.clear()
        self._situations.clear()
        self._cutter = Cutter(self._declared.shared)

    def ends(self, wanted: Iterable[tuple[int, int]]) -> Iterator[EndRow]:
        """The rows of `ends` for pairs of a situation and a kind of work.

        Kinds that are unknown, or not in use yet on those days, have none.
        """
        for situation, number in wanted:
            kind = self._kinds[number]
            if kind is not None:
                row = self._end(situation, number, kind)
                if row is not None:
                    yield row

    def _end(self, number: int, kind_number: int, kind: Kind) -> EndRow | None:
        situation = self._what[number]
        work_type, role, currency = kind.work_type, kind.role, situation.currency
        day = situation.day
        outcome, place, contract, phase = NO_AGREEMENT, None, None, None
        tier = situation.tier
        cell = Cell(work_type.name, role.name, kind.sub_issue)
        bit = self._declared.cells.bit(cell)
        if situation.of is None:
            if not self._declared.cells.on(day) & bit:
                return None
            billed = pricing.billing(Outcome.UNCOVERED, None, work_type, day)
        else:
            beginning = situation.of.beginning
            position = _position(beginning.routing, bit)
            if position is None:
                return None
            end, key = beginning.routing[position], situation.of.ends[position]
            outcome = end.outcome.value
            if end.outcome is Outcome.COVERED:
                contract = beginning.segment.contracts[end.contract]
                phase = beginning.segment.phases[end.contract]
                place = self._places[key.agreement, key.contract]
                tier = _tier(phase.tier)
            billed = pricing.billing(end.outcome, contract, work_type, day)
        by_factor = self._declared.shared.settings.multiplier_on_overage

        def rate(billing: Billing) -> int | None:
            found = pricing.rate(
                billing, contract, phase, work_type, role, day, currency, by_factor
            )
            return _parts(found.amount)

        factor, overage, worth = Decimal(1), None, None
        amount = rate(billed)
        unit = pricing.unit(billed, work_type)
        if billed in (Billing.BLOCK, Billing.OVERAGE) and phase is not None:
            factor = pricing.block_factor(phase, role)
            amount, overage, billed = None, rate(Billing.OVERAGE), Billing.BLOCK
        if billed is Billing.ABSORBED:
            worth, unit = 0, Unit.HOUR
            if work_type.billable:
                worth = rate(Billing.STANDARD_RATE)
                unit = Unit.ENTRY if isinstance(work_type.rate, Flat) else unit
        type_ = contract.type if contract is not None else None
        ending = Ending(outcome, tier, currency, type_, billed.value)
        return (
            number,
            kind_number,
            self._endings.setdefault(ending, len(self._endings)),
            place,
            billed.value,
            unit.value if unit is not None else "",
            currency,
            amount,
            parts_of_factor(factor),
            overage,
            worth,
            int(self._declared.shared.settings.hours_rounding) * MINUTE,
            _least(work_type.minimum_hours),
            LONGEST if work_type.maximum_hours is None else parts_of_hours(work_type.maximum_hours),
        )


@dataclass(frozen=True, slots=True)
class _Situation:
    """Days that are alike: where work starts and ends, or that no contract takes any.

    `tier` is that of the contract at which work starts.
    """

    currency: str
    tier: str
    of: Situation | None
    nowhere: date = date.min

    @property
    def day(self) -> date:
        """One of the days."""
        return self.nowhere if self.of is None else self.of.life.start


def _tier(tier: EffectiveTier | None) -> str:
    return "" if tier is None else tier.key


def _position(routing: Sequence[End], bit: int) -> int | None:
    return next((n for n, end in enumerate(routing) if end.cells & bit), None)


def _parts(amount: Decimal | None) -> int | None:
    return None if amount is None else parts_of_amount(stored(amount))


def _least(hours: Decimal | None) -> int:
    return 0 if hours is None else parts_of_hours(hours)
