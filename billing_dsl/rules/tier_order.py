"""BD310."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.cells import Cell, Mask
from billing_dsl.analysis.views import Declared
from billing_dsl.analysis.walk import NO_CONTRACT, Outcome, Shape, walk
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.rules import _tiers, rule


@rule("BD310", Severity.WARNING)
def tier_order(declared: Declared) -> Iterator[Finding]:
    """A tier that gives less than one of lower rank.

    Whoever pays for the dearer tier expects to lose nothing. Compared are the newest versions of
    tiers with a `rank`, today and on every later day on which a new version or work type comes
    into use, for every billable work type, role and sub-issue. Included work gives more than work
    paid in advance (a block, a retainer, tickets), that more than work billed by the hour, and
    that more than work on no contract. What a tier sends round in a ring or to an end out of reach
    is left to the rules that speak of it.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        rank: 1
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: recurring}
        ---
        kind: tier
        name: gold
        version: 1
        effective: 2027-01-01
        title: Gold
        rank: 3
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: hourly}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        rank: 1
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: hourly}
        ---
        kind: tier
        name: gold
        version: 1
        effective: 2027-01-01
        title: Gold
        rank: 3
        contracts:
          - {name: recurring, type: recurring_service}
          - {name: hourly, type: time_and_materials}
        scope: {remote-support: recurring, onsite-support: recurring}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    reported: set[tuple[str, str, Place]] = set()
    gifts: dict[str, _Gifts] = {}
    for day in _days(declared):
        cells = declared.cells.on(day) & _billable(declared)
        tiers = _ranked(declared, day)
        for dear in tiers:
            for cheap in reversed(tiers):
                if (cheap.tier.rank or 0) >= (dear.tier.rank or 0):
                    continue
                for tier in (dear, cheap):
                    if tier.key not in gifts:
                        gifts[tier.key] = _gifts(declared, tier)
                for less in _less(declared, gifts[dear.key], gifts[cheap.key], cells):
                    if (dear.key, cheap.key, less.place) not in reported:
                        reported.add((dear.key, cheap.key, less.place))
                        yield _finding(gifts[dear.key], gifts[cheap.key], less)


@dataclass(frozen=True, slots=True)
class _Gifts:
    """What a tier gives: the cells that end on each contract, or on `none`."""

    tier: EffectiveTier
    ends: tuple[tuple[str, Mask], ...]

    def given(self, contract: str) -> int:
        """How much work is given that ends on a contract."""
        if contract == NOWHERE:
            return _tiers.NOTHING
        return _tiers.GIVEN[self.tier.contracts[contract].type]

    def words(self, contract: str) -> str:
        """What becomes of work that ends on a contract."""
        if contract == NOWHERE:
            return _tiers.NO_CONTRACT
        return _tiers.WORDS[self.tier.contracts[contract].type]


@dataclass(frozen=True, slots=True)
class _Less:
    """One decision of a dearer tier by which it gives less, and one kind of work that shows it."""

    place: Place
    what: str
    dear_end: str
    cheap_end: str
    witness: Cell


def _days(declared: Declared) -> tuple[date, ...]:
    """Today and every later day on which there is something else to compare."""
    later = {
        *(tier.tier.effective for tier in declared.shared.tiers.values()),
        *declared.cells.beginnings,
    }
    return (declared.as_of, *sorted(day for day in later if day > declared.as_of))


def _ranked(declared: Declared, day: date) -> tuple[EffectiveTier, ...]:
    """The newest version of each tier on a day, by rank and name, of those that have a rank."""
    found = (
        tier
        for tier in _tiers.newest(declared.shared, day)
        if tier.rank is not None and not _tiers.missed_ends(tier)
    )
    return tuple(sorted(found, key=lambda tier: (tier.rank or 0, tier.tier.name)))


def _billable(declared: Declared) -> Mask:
    """The cells of billable work; other work is not billed, whatever the tier."""
    mask = declared.cells.all
    for work_type in declared.shared.work_types:
        if not work_type.billable:
            mask &= ~declared.cells.by_work_type[work_type.name]
    return mask


def _gifts(declared: Declared, tier: EffectiveTier) -> _Gifts:
    """Where all work ends in a tier, with its blocks counted as bought; not what goes in a ring."""
    cells = declared.cells
    names = list(tier.contracts)
    decided = 0
    for name in tier.scope:
        decided |= cells.by_work_type[name]
    shape = Shape(
        decided,
        tuple(cells.excluded(tier.exclusions[name]) for name in names),
        tuple(
            NO_CONTRACT if tier.links[name] == NOWHERE else names.index(tier.links[name])
            for name in names
        ),
    )
    return _Gifts(
        tier,
        tuple(
            (names[end.contract] if end.outcome is Outcome.COVERED else NOWHERE, end.cells)
            for end in walk(shape, 0)
            if end.outcome is not Outcome.CYCLIC
        ),
    )


def _less(declared: Declared, dear: _Gifts, cheap: _Gifts, cells: Mask) -> Iterator[_Less]:
    """The decisions by which the dearer of two tiers gives less."""
    for dear_end, dear_cells in dear.ends:
        for cheap_end, cheap_cells in cheap.ends:
            left = dear_cells & cheap_cells & cells
            if left and dear.given(dear_end) < cheap.given(cheap_end):
                yield from _decisions(declared, dear.tier, dear_end, cheap_end, left)


def _decisions(
    declared: Declared, tier: EffectiveTier, dear_end: str, cheap_end: str, left: Mask
) -> Iterator[_Less]:
    """Which ends of a tier bring these cells to where they end there.

    None does where an end is out of reach: that is another rule's affair.
    """
    cells = declared.cells
    for field, word, ends, masks in (
        ("scope", "work type", tier.scope, cells.by_work_type),
        ("roles", "role", tier.roles, cells.by_role),
        ("sub_issues", "sub-issue", tier.sub_issues, cells.by_sub_issue),
    ):
        for name, end in ends.items():
            caused = left & masks[name]
            if end == dear_end and caused:
                left &= ~masks[name]
                yield _Less(
                    tier.place_of_end(field, name),
                    f"{word} `{name}`",
                    dear_end,
                    cheap_end,
                    cells.boxes(caused)[0].witness,
                )


def _finding(dear: _Gifts, cheap: _Gifts, less: _Less) -> Finding:
    seen = less.witness
    under = f" under `{seen.sub_issue}`" if seen.sub_issue else ""
    return Finding(
        less.place,
        f"in tier `{dear.tier.key}` {less.what} is {dear.words(less.dear_end)}, "
        f"in the cheaper `{cheap.tier.key}` it is {cheap.words(less.cheap_end)}",
        label=f"such as `{seen.work_type}` by `{seen.role}`{under}",
        help="give no less than the cheaper tier, or mend the ranks, or accept it with a waiver",
        related=(
            Label(dear.tier.tier.at("rank"), f"`{dear.tier.key}` is of rank {dear.tier.rank}"),
            Label(
                cheap.tier.place_of_end("scope", seen.work_type),
                f"`{cheap.tier.key}` is of rank {cheap.tier.rank}",
            ),
        ),
        subject=dear.tier.tier.subject,
    )
