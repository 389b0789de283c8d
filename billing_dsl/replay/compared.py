"""Two replays of the same entries, side by side: what each comes to before and after a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

from billing_dsl.replay.flips import Flips, Move, Part
from billing_dsl.replay.names import Names
from billing_dsl.replay.pairing import Pairing
from billing_dsl.replay.purses import Purse
from billing_dsl.replay.run import Billed
from billing_dsl.replay.side import Called, Side
from billing_dsl.replay.summary import INVOICED, PREPAID, Balance, Line, Nowhere, Summary, called
from billing_dsl.replay.told import Replayed, TakenIn


@dataclass(frozen=True, slots=True)
class Figures:
    """What work comes to. Hours are in their parts, amounts in hundredths.

    `worth` is what absorbed work would have been worth. `unpriced` are items without an amount.
    """

    invoiced: int
    prepaid: int
    hours: int
    absorbed: int
    """Hours that contracts absorb."""
    worth: int
    unpriced: int

    @property
    def charged(self) -> int:
        """What a client is charged for work: invoiced, or drawn from what it has paid before."""
        return self.invoiced + self.prepaid

    def __sub__(self, other: Figures) -> Figures:
        return Figures(
            self.invoiced - other.invoiced,
            self.prepaid - other.prepaid,
            self.hours - other.hours,
            self.absorbed - other.absorbed,
            self.worth - other.worth,
            self.unpriced - other.unpriced,
        )

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Figures(0, 0, 0, 0, 0, 0)


def figures(line: Line) -> Figures:
    """What a line comes to, in short."""
    invoiced = prepaid = hours = absorbed = worth = unpriced = 0
    for billing, one in line.by_billing.items():
        hours += one.hours
        unpriced += one.unpriced
        if billing in INVOICED:
            invoiced += one.cents
        elif billing in PREPAID:
            prepaid += one.cents
        elif billing == "absorbed":
            absorbed += one.hours
            worth += one.worth
    return Figures(invoiced, prepaid, hours, absorbed, worth, unpriced)


@dataclass(frozen=True, slots=True)
class Difference:
    """A client, tier, work type or contract in one currency, on both sides.

    Where it has other names, `name` is the one after.
    """

    name: str
    currency: str
    before: Line
    after: Line
    was: Figures = field(init=False)
    """What it comes to before."""
    now: Figures = field(init=False)
    """What it comes to after."""

    def __post_init__(self) -> None:
        """Works out both figures, once: every report asks for them several times."""
        object.__setattr__(self, "was", figures(self.before))
        object.__setattr__(self, "now", figures(self.after))

    @property
    def change(self) -> Figures:
        """After, less before."""
        return self.now - self.was

    def __bool__(self) -> bool:
        return self.before.by_billing != self.after.by_billing


@dataclass(frozen=True, slots=True)
class NoContract:
    """Work that no contract takes, in one currency: hours in their parts, before and after."""

    currency: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class FlippedPart:
    """What one side makes of an entry, or of a part of it; the contract is AGREEMENT/CONTRACT."""

    billing: str
    contract: str
    hours: int
    cents: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class FlippedEntry:
    """An entry that one side bills otherwise than the other, by the names after."""

    entry: int
    day: date
    client: str
    work_type: str
    role: str
    ticket: str
    worked: int
    before: tuple[FlippedPart, ...]
    after: tuple[FlippedPart, ...]
    difference: int | None
    """After less before, in hundredths; None between two currencies, or without an amount."""


B = TypeVar("B", Balance, Purse)


@dataclass(frozen=True, slots=True)
class Held(Generic[B]):
    """A block, or a purse, on both sides: what is left of it. One side is None where no work of the
    entries could draw on it. `contract` is the name after.
    """

    contract: str
    before: B | None
    after: B | None

    @property
    def either(self) -> B:
        """What it is after, or what it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a balance of nothing is none")
        return found

    def __bool__(self) -> bool:
        one, other = self.before, self.after
        return one is None or other is None or replace(one, contract=other.contract) != other


@dataclass(frozen=True, slots=True)
class Compared:
    """The same files replayed through two catalogues.

    `totals` has a difference for each currency, the others one for each thing and currency that
    occurs on either side, by name.
    """

    before: Replayed
    after: Replayed
    totals: tuple[Difference, ...]
    clients: tuple[Difference, ...]
    tiers: tuple[Difference, ...]
    work_types: tuple[Difference, ...]
    contracts: tuple[Difference, ...]
    no_contract: tuple[NoContract, ...]
    moves: tuple[Move, ...]
    largest: tuple[FlippedEntry, ...]
    flipped: int
    """How many entries flip."""
    flipped_worked: int
    """The hours worked on them, in their parts."""
    blocks: tuple[Held[Balance], ...]
    """Every block on either side, by contract and first day."""
    purses: tuple[Held[Purse], ...]
    """Every retainer, and every contract with tickets, by contract and currency."""

    @property
    def billed_otherwise(self) -> bool:
        """Whether any entry flips, or anything else is left of what was paid in advance."""
        return bool(self.flipped) or any(self.blocks) or any(self.purses)

    @property
    def files(self) -> tuple[TakenIn, ...]:
        """The files, with the rows that are refused."""
        return self.after.files

    def charged_more(self, currency: str) -> tuple[Difference, ...]:
        """The clients who are charged more for the same work, the largest difference first."""
        return self._clients(currency, lambda cents: cents > 0)

    def charged_less(self, currency: str) -> tuple[Difference, ...]:
        """The clients who are charged less, the largest difference first."""
        return self._clients(currency, lambda cents: cents < 0)

    def _clients(self, currency: str, wanted: Callable[[int], bool]) -> tuple[Difference, ...]:
        own = [one for one in self.clients if one.currency == currency]
        kept = [one for one in own if wanted(one.change.charged)]
        return tuple(sorted(kept, key=lambda one: (-abs(one.change.charged), one.name)))

    @property
    def reconciles(self) -> bool:
        """Whether every row and every amount is accounted for, on both sides.

        What clients, work types and tiers come to is the total; and the difference of the totals is
        that of the entries that flip.
        """
        return (
            self.before.account().reconciles
            and self.after.account().reconciles
            and all(
                _figures_by_currency(lines) == _figures_by_currency(self.totals)
                for lines in (self.clients, self.tiers, self.work_types)
            )
            and self._flipped_by_currency()
            == {one.currency: one.change.charged for one in self.totals if one.change.charged}
        )

    def _flipped_by_currency(self) -> Mapping[str, int]:
        sums: dict[str, int] = {}
        for move in self.moves:
            for currency, cents in (
                (move.currency_before, -move.cents_before),
                (move.currency_after, move.cents_after),
            ):
                sums[currency] = sums.get(currency, 0) + cents
        return {currency: cents for currency, cents in sums.items() if cents}

    def warnings(self) -> Iterator[tuple[str, str]]:
        """What may make the figures other than they should be: sentences, each with its side.

        The side is `before` or `after`, or empty where it holds of both.
        """
        return _of_both(tuple(self.before.warnings()), tuple(self.after.warnings()))

    def assumptions(self) -> Iterator[tuple[str, str]]:
        """What the figures rest on, likewise."""
        return _of_both(tuple(self.before.assumptions()), tuple(self.after.assumptions()))


def _of_both(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from (("", one) for one in before if one in after)
    yield from (("before", one) for one in before if one not in after)
    yield from (("after", one) for one in after if one not in before)


def _figures_by_currency(lines: Sequence[Difference]) -> Mapping[str, tuple[Figures, Figures]]:
    sums: dict[str, list[Figures]] = {}
    for one in lines:
        own = sums.setdefault(one.currency, [NOTHING, NOTHING])
        for place, found in enumerate((one.was, one.now)):
            own[place] = found - (NOTHING - own[place])
    return {currency: (own[0], own[1]) for currency, own in sums.items()}


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a comparison: its catalogue, what was billed, and what that comes to."""

    side: Side
    billed: Billed
    replayed: Replayed


def compared(
    before: Half,
    after: Half,
    names: Pairing,
    flips: Flips,
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
) -> Compared:
    """Two sides as one: `clients` and `kinds` are what the numbers of `entries` stand for."""
    was, now = before.replayed.summary, after.replayed.summary
    unchanged: Mapping[str, str] = {}
    return Compared(
        before.replayed,
        after.replayed,
        _differences(was.by_billing, now.by_billing, unchanged),
        _differences(was.clients, now.clients, names.clients),
        _differences(was.tiers, now.tiers, unchanged),
        _differences(was.work_types, now.work_types, names.work_types),
        _differences(was.contracts, now.contracts, names.contracts),
        tuple(_no_contract(was, now)),
        flips.moves,
        tuple(_flipped(before, after, names, flips, clients, kinds)),
        flips.entries,
        flips.worked,
        tuple(_held(was.blocks, now.blocks, names.contracts, lambda one: one.start.isoformat())),
        tuple(_held(was.purses, now.purses, names.contracts, lambda one: one.currency)),
    )


def _held(
    before: Sequence[B], after: Sequence[B], names: Mapping[str, str], apart: Callable[[B], str]
) -> Iterator[Held[B]]:
    """What is held on both sides; of one contract `apart` tells which is which, and then the order
    in which they come.
    """
    sides: tuple[dict[tuple[str, str, int], B], ...] = ({}, {})
    for side, found, now in zip(sides, (before, after), (names, {}), strict=True):
        for one in found:
            contract, number = now.get(one.contract, one.contract), 0
            while (contract, apart(one), number) in side:
                number += 1
            side[contract, apart(one), number] = one
    for key in sorted({*sides[0], *sides[1]}):
        yield Held(key[0], sides[0].get(key), sides[1].get(key))


def _differences(
    before: Sequence[Line], after: Sequence[Line], names: Mapping[str, str]
) -> tuple[Difference, ...]:
    earlier = {(line.currency, names.get(line.name, line.name)): line for line in before}
    later = {(line.currency, line.name): line for line in after}
    return tuple(
        Difference(
            name,
            currency,
            earlier.get((currency, name)) or Line(name, currency, {}),
            later.get((currency, name)) or Line(name, currency, {}),
        )
        for currency, name in sorted({*earlier, *later})
    )


def _no_contract(before: Summary, after: Summary) -> Iterator[NoContract]:
    sides = [_hours_of(one.nowhere) for one in (before, after)]
    for currency in sorted({*sides[0], *sides[1]}):
        yield NoContract(currency, sides[0].get(currency, 0), sides[1].get(currency, 0))


def _hours_of(found: Sequence[Nowhere]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in found:
        sums[one.currency] = sums.get(one.currency, 0) + one.sum.hours
    return sums


def _flipped(
    before: Half,
    after: Half,
    names: Pairing,
    flips: Flips,
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
) -> Iterator[FlippedEntry]:
    old, new = before.side, after.side
    for flip in flips.largest:
        client, kind = clients[flip.client], kinds[flip.kind]
        yield FlippedEntry(
            flip.entry,
            flip.day,
            _called(old.of_clients, new.of_clients, client, names.clients),
            _called(old.of_work_types, new.of_work_types, kind.work_type, names.work_types),
            _called(old.of_roles, new.of_roles, kind.role, {}),
            flip.ticket,
            flip.worked,
            tuple(_part(before, part) for part in flip.before),
            tuple(_part(after, part) for part in flip.after),
            flip.difference,
        )


def _called(before: Names, after: Names, text: str, names: Mapping[str, str]) -> str:
    """What the catalogue after calls a text; where it knows it no more, the one before does."""
    later = after.named(text)
    if isinstance(later, str):
        return later
    earlier = called(before, text)
    return names.get(earlier, earlier)


def _part(half: Half, part: Part) -> FlippedPart:
    contracts = half.billed.routing.contracts
    contract = contracts[part.contract - 1].id if part.contract else ""
    return FlippedPart(part.billing, contract, part.hours, part.cents, part.currency)
