"""One side of a replay: a catalogue's routing, as far as the entries at hand ask for it.

Clients alike share their rows: a client's days point at a *situation*, and a situation says of
every kind of work that occurs where it ends and what an hour costs there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import date
from decimal import Decimal

from billing_dsl.analysis import pricing
from billing_dsl.analysis.cells import Cell, Mask
from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.situations import Situation, list_days
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import Flat, WorkType
from billing_dsl.model.money import stored
from billing_dsl.replay import names
from billing_dsl.replay.blocks import Bought, Segment, segments
from billing_dsl.replay.measures import (
    FACTOR,
    LONGEST,
    MINUTE,
    parts_of_amount,
    parts_of_factor,
    parts_of_hours,
)
from billing_dsl.replay.names import Names, Unknown
from billing_dsl.replay.routed import Customer, RoutedClient, RoutedContract, RoutedFamily
from billing_dsl.replay.router import NONE, Known, Router, tier_key

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
    """A catalogue, asked for its routing: what clients share, who they are, and where work goes.

    `routed` gives the routing of families in which some clients are, in the order of families;
    `covered` the coverage of clients by their names, one after the other, in the order asked. Those
    that cannot be proved are left out.
    """

    declared: Declared
    clients: Mapping[str, Customer]
    routed: Callable[[Collection[str]], Iterable[RoutedFamily]]
    covered: Callable[[Iterable[str]], Iterator[ClientCoverage]]
    known: InitVar[Names | None] = None
    """What the clients are called, where somebody has gathered that already."""
    of_clients: Names = field(init=False)
    of_work_types: Names = field(init=False)
    of_roles: Names = field(init=False)
    of_sub_issues: Names = field(init=False)

    def __post_init__(self, known: Names | None) -> None:
        """Gathers the names by which entries may call things."""
        shared = self.declared.shared
        set_ = object.__setattr__
        set_(self, "of_clients", known or names.of_clients(self.clients.values()))
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
        kinds_here = {number: self.kind(called) for number, called in kinds.items()}
        routing = Routing(self.declared, kinds_here, self.covered)
        numbers: dict[str, list[int]] = {}
        for number, name in sorted(known.items()):
            numbers.setdefault(name, []).append(number)
        for family in self.routed(numbers.keys()):
            for one in family.clients:
                for number in numbers.get(one.name, ()):
                    routing.add(number, self.clients[one.name].currency, one, family.contracts)
        return routing


class Routing:
    """The rows of the routing tables, and what their numbers stand for.

    `stretches` and `bound` are rows as `statement.TABLES` describes them. Contracts are numbered
    from 1, endings from 0; there is an ending for each that a row of `ends` has named so far.
    """

    def __init__(
        self,
        declared: Declared,
        kinds: Mapping[int, Kind | None],
        covered: Callable[[Iterable[str]], Iterator[ClientCoverage]],
    ) -> None:
        """Begins without clients; `kinds` are the kinds of work by their numbers.

        `covered` gives the coverage of clients, one after the other.
        """
        self.stretches: list[tuple[int, int, int, int]] = []
        self.bound: dict[tuple[int, int, int], None] = {}
        self._declared = declared
        self._kinds = {
            number: _Asked.of(declared, kind) for number, kind in kinds.items() if kind is not None
        }
        self._standard: dict[tuple[int, int, str], int | None] = {}
        self._covered = covered
        self._places: dict[tuple[int, str], int] = {}
        self._numbers: dict[str, int] = {}
        self._contracts: list[RoutedContract] = []
        self._listed: tuple[RoutedContract, ...] = ()
        self._written_out: dict[str, tuple[RoutedContract, ...]] = {}
        self._situations: dict[Hashable, int] = {}
        self._found: list[_Found] = []
        self._endings: dict[Ending, int] = {}
        self._currencies: set[str] = set()
        self._list_days = [day.toordinal() for day in list_days(declared.shared)]
        self._beginnings = [day.toordinal() for day in declared.cells.beginnings]

    @property
    def contracts(self) -> tuple[RoutedContract, ...]:
        """The contracts on which work may end, by their numbers."""
        if len(self._listed) < len(self._contracts):
            self._listed = tuple(self._contracts)
        return self._listed

    @property
    def written_out(self) -> Iterator[RoutedContract]:
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
            yield self._numbers[one.contract.id], first, last, one.number

    def add(
        self,
        number: int,
        currency: str,
        client: RoutedClient,
        contracts: Sequence[RoutedContract],
    ) -> None:
        """A client under its number: its days, and the contracts on which its work may end.

        `contracts` are those of its family.
        """
        self._currencies.add(currency)
        self._written_out[client.name] = tuple([contracts[place] for place in client.own])
        for first, last, key in client.days:
            alike: Hashable = key
            if key == NONE:
                prices = bisect_right(self._list_days, first)
                alike = (currency, prices, bisect_right(self._beginnings, first))
            situation = self._situations.get(alike)
            if situation is None:
                situation = self._situations[alike] = len(self._found)
                self._found.append(_Found(client.name, currency, first, key))
            self.stretches.append((number, first, last, situation))
        for agreement, name, at in client.bound:
            contract = contracts[at]
            place = self._places.setdefault((agreement, name), len(self._places))
            known = self._numbers.get(contract.id)
            if known is None:
                self._contracts.append(contract)
                known = self._numbers[contract.id] = len(self._contracts)
            self.bound[number, place, known] = None

    def let_go(self) -> None:
        """Forgets what only rows are made of, once these are with the engine: it is much."""
        self.stretches.clear()
        self.bound.clear()
        self._found.clear()
        self._situations.clear()

    def ends(self, wanted: Iterable[tuple[int, int]]) -> Iterator[EndRow]:
        """The rows of `ends` for pairs of a situation and a kind of work, in order of situations.

        Kinds that are unknown, or not in use yet on those days, have none.
        """
        wanted = list(wanted)
        met = self._met(dict.fromkeys(number for number, _ in wanted))
        here, what = -1, None
        for number, kind_number in wanted:
            if number != here:
                here, what = number, next(met)
            kind = self._kinds.get(kind_number)
            if kind is not None and what is not None:
                row = self._end(number, kind_number, kind, what)
                if row is not None:
                    yield row

    def _met(self, numbers: Iterable[int]) -> Iterator[_Situation]:
        """Situations as those meet them who have them first, in order of their numbers.

        Situations are numbered in the order of clients, so each of these is covered once.
        """
        found = [self._found[number] for number in numbers]
        clients = dict.fromkeys(one.client for one in found if one.key != NONE)
        views = self._covered(clients)
        router = Router(self._declared)
        client, known = "", dict[str, Known]()
        for one in found:
            if one.key == NONE:
                yield _Situation(one.currency, "", None, date.fromordinal(one.day))
                continue
            if one.client != client:
                client = one.client
                known = {}
                for each in router.situations(next(views)):
                    known.setdefault(each.key, each)
            yield _Situation(one.currency, known[one.key].tier, known[one.key].situation)

    def _end(
        self, number: int, kind_number: int, kind: _Asked, situation: _Situation
    ) -> EndRow | None:
        work_type, role, currency = kind.work_type, kind.role, situation.currency
        day = situation.day
        outcome, place, contract, phase = NO_AGREEMENT, None, None, None
        tier = situation.tier
        if situation.of is None:
            if not self._declared.cells.on(day) & kind.bit:
                return None
            billed = pricing.billing(Outcome.UNCOVERED, None, work_type, day)
        else:
            beginning = situation.of.beginning
            position = _position(beginning.routing, kind.bit)
            if position is None:
                return None
            end, key = beginning.routing[position], situation.of.ends[position]
            outcome = end.outcome.value
            if end.outcome is Outcome.COVERED:
                contract = beginning.segment.contracts[end.contract]
                phase = beginning.segment.phases[end.contract]
                place = self._places[key.agreement, key.contract]
                tier = tier_key(phase.tier)
            billed = pricing.billing(end.outcome, contract, work_type, day)
        by_factor = self._declared.shared.settings.multiplier_on_overage

        def rate(billing: Billing) -> int | None:
            if billing is Billing.STANDARD_RATE:
                return self._standard_rate(kind_number, kind, day, currency)
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
            FACTOR if factor == 1 else parts_of_factor(factor),
            overage,
            worth,
            int(self._declared.shared.settings.hours_rounding) * MINUTE,
            kind.minimum,
            kind.maximum,
        )

    def _standard_rate(self, number: int, kind: _Asked, day: date, currency: str) -> int | None:
        """The rate of a kind of work that no contract takes: its list prices alone decide it."""
        key = (number, bisect_right(self._list_days, day.toordinal()), currency)
        if key not in self._standard:
            billed, by_factor = Billing.STANDARD_RATE, False
            work_type, role = kind.work_type, kind.role
            found = pricing.rate(billed, None, None, work_type, role, day, currency, by_factor)
            self._standard[key] = _parts(found.amount)
        return self._standard[key]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A kind of work that occurs, with its bit, and the least and the most hours of an entry."""

    work_type: WorkType
    role: Role
    bit: Mask
    minimum: int
    maximum: int

    @classmethod
    def of(cls, declared: Declared, kind: Kind) -> _Asked:
        """What is asked of a kind of work."""
        work_type, role = kind.work_type, kind.role
        cell = Cell(work_type.name, role.name, kind.sub_issue)
        return cls(work_type, role, declared.cells.bit(cell), *_bounds(work_type))


@dataclass(frozen=True, slots=True)
class _Found:
    """A situation as it was met first: whose it is, since when, and its key."""

    client: str
    currency: str
    day: int
    key: str


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


def _position(routing: Sequence[End], bit: int) -> int | None:
    return next((n for n, end in enumerate(routing) if end.cells & bit), None)


def _parts(amount: Decimal | None) -> int | None:
    return None if amount is None else parts_of_amount(stored(amount))


def _bounds(work_type: WorkType) -> tuple[int, int]:
    """The fewest and the most hours that are billed; were they the wrong way round, the most."""
    least, most = work_type.minimum_hours, work_type.maximum_hours
    longest = LONGEST if most is None else parts_of_hours(most)
    return (0 if least is None else min(parts_of_hours(least), longest)), longest
