"""Landings: where the work of an agreement ends, contract by contract, and what it costs there."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.pricing import Billing, Unit, billing, block_factor, rate, unit
from billing_dsl.analysis.situations import Beginning, Cutter, EndKey, Situation, own_beginnings
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.book import Shared
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch, day_after


@dataclass(frozen=True, slots=True)
class Charge:
    """What an hour, an entry or a ticket of a role costs; no amount where nothing is billed.

    `missing` tells that something is billed and nobody has stated the amount, or that two purchases
    contradict each other. `sub_issues` are those of the tickets on which work of the role ends
    here, the empty one stands for none.
    """

    amount: Decimal | None
    missing: bool
    sub_issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Work types that end alike on a landing and cost the same there, for every role.

    `leads` tells that they lead here by themselves; otherwise a role or sub-issue sends this work
    on, from where it usually ends. `charges` belong to the roles of the landing by position, None
    for a role whose work of this kind ends elsewhere.
    """

    work_types: tuple[str, ...]
    leads: bool
    charges: tuple[Charge | None, ...]
    unit: Unit | None


_Alike: TypeAlias = tuple[bool, tuple[Charge | None, ...], Unit | None]
"""What work types have in common that share a row."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Work that ends on one contract, or on none, and is billed in one way.

    `agreement` counts the agreements of the time line; `contract` is empty unless the work is
    covered. `without` are the roles in use of which no work ends here. `factors` are the hours that
    a block is debited for an hour of a role, where that is not one. `sources` are the subjects
    whose prices decide the charges: two landings are the same where the charges are, whoever wrote
    them.
    """

    outcome: Outcome
    agreement: int
    contract: str
    type: ContractType | None
    billing: Billing
    roles: tuple[str, ...]
    without: tuple[str, ...]
    rows: tuple[Row, ...]
    factors: tuple[tuple[str, Decimal], ...]
    sources: tuple[str, ...] = field(compare=False)
    cells: Mask


@dataclass(frozen=True, slots=True)
class Landed:
    """Days of an agreement on which neither the way of work nor any charge changes."""

    life: Stretch
    beginning: Beginning
    landings: tuple[Landing, ...]


@dataclass(frozen=True, slots=True)
class Landings:
    """Works out where the work of agreements lands; remembers what clients share.

    `order` is that of work types in rows.
    """

    shared: Shared
    cells: Cells
    order: tuple[WorkType, ...]
    _cutter: Cutter = field(init=False)
    _known: dict[Hashable, tuple[Landing, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cutter", Cutter(self.shared))

    def of(
        self, view: ClientCoverage, agreement: Agreement
    ) -> tuple[tuple[Landed, ...], tuple[str, ...]]:
        """The days of an agreement in order, and the agreements that their landings count."""
        currency = view.client.currency
        time_line = self._cutter.time_line(currency, own_beginnings(view, agreement))
        found: list[Landed] = []
        for situation in time_line.situations:
            key = (situation.key, currency)
            landings = self._known.get(key)
            if landings is None:
                landings = self._known[key] = tuple(self._worked_out(situation, currency))
            found.append(Landed(situation.life, situation.beginning, landings))
        return tuple(found), time_line.agreements

    def _worked_out(self, situation: Situation, currency: str) -> Iterator[Landing]:
        passed = 0
        for end, key in zip(situation.beginning.routing, situation.ends, strict=True):
            leading = frozenset(
                name
                for name, mask in self.cells.by_work_type.items()
                if mask & end.cells and not mask & passed
            )
            yield from self._of_end(situation, end, key, currency, leading)
            passed |= end.cells

    def _of_end(
        self,
        situation: Situation,
        end: End,
        key: EndKey,
        currency: str,
        leading: frozenset[str],
    ) -> Iterator[Landing]:
        """What ends in one place: billed in one way, or in two where some of it is never billed.

        Work types that are alike share a row; those that lead here by themselves come first.
        """
        cells, segment, day = self.cells, situation.beginning.segment, situation.life.start
        contract = phase = None
        if end.outcome is Outcome.COVERED:
            contract, phase = segment.contracts[end.contract], segment.phases[end.contract]
        by_billing: dict[Billing, list[WorkType]] = {}
        for work_type in self.order:
            if end.cells & cells.by_work_type[work_type.name]:
                billed = billing(end.outcome, contract, work_type, day)
                by_billing.setdefault(billed, []).append(work_type)
        for billed, work_types in by_billing.items():
            mask = 0
            for work_type in work_types:
                mask |= end.cells & cells.by_work_type[work_type.name]
            strips = {(w, r): held for w, r, held in cells.strips(mask)}
            causes = {held: cells.sub_issues_of(held) for held in set(strips.values())}
            roles = [role for role in cells.roles if mask & cells.by_role[role.name]]
            sources: dict[str, None] = {}
            rows: dict[_Alike, list[str]] = {}
            for work_type in sorted(work_types, key=lambda one: one.name not in leading):
                counted = unit(billed, work_type)
                charges: list[Charge | None] = []
                for role in roles:
                    held = strips.get((work_type.name, role.name))
                    if held is None:
                        charges.append(None)
                        continue
                    found = rate(
                        billed,
                        contract,
                        phase,
                        work_type,
                        role,
                        day,
                        currency,
                        self.shared.settings.multiplier_on_overage,
                    )
                    sources.update(dict.fromkeys(found.sources))
                    missing = counted is not None and found.amount is None
                    charges.append(Charge(found.amount, missing, causes[held]))
                key_of_row = (work_type.name in leading, tuple(charges), counted)
                rows.setdefault(key_of_row, []).append(work_type.name)
            factors: tuple[tuple[str, Decimal], ...] = ()
            if billed is Billing.BLOCK and phase is not None:
                debited = [(role.name, block_factor(phase, role)) for role in roles]
                factors = tuple((role, factor) for role, factor in debited if factor != 1)
            here = tuple(role.name for role in roles)
            in_use = cells.roles_in(segment.shape.cells)
            yield Landing(
                end.outcome,
                key.agreement,
                key.contract,
                contract.type if contract is not None else None,
                billed,
                here,
                tuple(name for name in in_use if name not in here),
                tuple(
                    Row(tuple(titles), leads, costs, counted)
                    for (leads, costs, counted), titles in rows.items()
                ),
                factors,
                tuple(sources),
                mask,
            )


def follows(before: Landed, after: Landed) -> bool:
    """Whether days come right after others."""
    return day_after(before.life.end) == after.life.start
