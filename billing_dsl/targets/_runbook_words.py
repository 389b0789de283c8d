"""The words of a runbook: what becomes of work, on which contract, in the sentences of a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.landings import Charge, Landing, Row
from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.languages import NOT_HERE
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.model.calendar import Stretch
from billing_dsl.targets._called import in_order
from billing_dsl.targets._picture import Names
from billing_dsl.targets._scope_body import KIND_OF
from billing_dsl.targets._templates import line

BILLED: dict[Billing, str] = {
    Billing.ABSORBED: "included: the hours are not billed",
    Billing.BLOCK: "drawn from the block of hours",
    Billing.OVERAGE: "overage: no block can be used on these days",
    Billing.HOURLY: "billed by the hour",
    Billing.RETAINER: "drawn from the retainer",
    Billing.TICKET: "drawn from the tickets bought",
    Billing.STANDARD_RATE: "no contract covers it: billed at the standard rate",
    Billing.NOT_BILLED: "never billed: the work type is not billable",
}
"""What becomes of work, beside the contract where it ends."""

SHORT: dict[Billing, str] = {
    Billing.ABSORBED: "included",
    Billing.BLOCK: "from the block",
    Billing.OVERAGE: "overage",
    Billing.HOURLY: "by the hour",
    Billing.RETAINER: "from the retainer",
    Billing.TICKET: "by the ticket",
    Billing.STANDARD_RATE: "standard rate",
    Billing.NOT_BILLED: "not billed",
}
"""The same in two words."""

_LOST = {
    Outcome.UNCOVERED: "no contract",
    Outcome.BROKEN: "no contract (the next one is not in force)",
    Outcome.CYCLIC: "no contract (it goes round a ring)",
}

_KINDS = {Billing.OVERAGE: "block", Billing.STANDARD_RATE: "outside", Billing.NOT_BILLED: "free"}

EVERYBODY = "Everybody"

SIGNS = ("¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹")

SEVERAL = 3
"""Roles in one column, from which on they are told in one word."""

WIDEST = 6
"""Columns of charges that fit on a page."""


@dataclass(frozen=True, slots=True)
class LandingTable:
    """A landing as a page shows it: some roles side by side, and the work that costs alike."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Titles of work types, on which tickets, and what each column says."""
    sent: tuple[tuple[str, str, tuple[str, ...]], ...]
    """The same of work that comes here by a role or sub-issue alone."""
    marks: tuple[tuple[str, str], ...]
    """The signs beside what some columns say, and the tickets that each of them means."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what the coverage knows; knows what Autotask calls everything."""

    shared: Shared
    cells: Cells
    order: tuple[WorkType, ...] = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        set_, shared = object.__setattr__, self.shared
        set_(self, "order", in_order(shared.work_types))
        set_(
            self,
            "names",
            Names(
                {found.name: line(found.title) for found in self.order},
                {role.name: line(role.autotask_name) for role in shared.roles},
                {
                    found.name: f"{line(found.issue)} > {line(found.title)}"
                    for found in shared.sub_issues
                },
            ),
        )

    def tier(self, tier: EffectiveTier | None) -> str:
        """A tier in its version, or what an agreement without one is."""
        if tier is None:
            return "contracts written out"
        return WORDS.level(line(tier.tier.title), tier.tier.version)

    def place(self, landing: Landing, others: Sequence[str]) -> str:
        """Where a landing is: a contract by its name, with its agreement where that is another."""
        if landing.outcome is not Outcome.COVERED:
            return _LOST[landing.outcome]
        if landing.agreement:
            return f"{others[landing.agreement - 1]}/{landing.contract}"
        return landing.contract

    def kind(self, landing: Landing) -> str:
        """The colour of a landing."""
        if landing.billing in _KINDS:
            return _KINDS[landing.billing]
        return KIND_OF[landing.type].value if landing.type is not None else "outside"

    def tables(self, landing: Landing, currency: str) -> list[LandingTable]:
        """A landing in tables: roles that cost alike share a column; several where many do not."""
        by_column: dict[tuple[Charge | None, ...], list[str]] = {}
        for position, role in enumerate(landing.roles):
            column = tuple(row.charges[position] for row in landing.rows)
            by_column.setdefault(column, []).append(self.names.roles[role])
        columns = sorted(by_column, key=lambda column: len(by_column[column]) >= SEVERAL)
        without = [self.names.roles[name] for name in landing.without]
        titles = _columns([by_column[column] for column in columns], without)
        rows = [(row.leads, self._work(row), _same_tickets(row)) for row in landing.rows]
        free = landing.billing in (Billing.ABSORBED, Billing.NOT_BILLED)
        if free and titles == [EVERYBODY]:
            columns, titles = [], []
        found = []
        for first in range(0, max(len(titles), 1), WIDEST):
            some = columns[first : first + WIDEST]
            usual: list[tuple[str, str, tuple[str, ...]]] = []
            sent: list[tuple[str, str, tuple[str, ...]]] = []
            signs: dict[str, str] = {}
            for n, (leads, work, same) in enumerate(rows):
                told = []
                for column in some:
                    charge = column[n]
                    said = _charge(charge, landing, currency)
                    about = self.tickets(charge.sub_issues) if charge and same is None else ""
                    if about:
                        said += signs.setdefault(about, SIGNS[len(signs) % len(SIGNS)])
                    told.append(said)
                tickets = self.tickets(same) if same is not None else ""
                (usual if leads else sent).append((work, tickets, tuple(told)))
            caption = "" if free else self._caption(landing, currency)
            shown = tuple(titles[first : first + WIDEST])
            marks = tuple((sign, about) for about, sign in signs.items())
            found.append(LandingTable(caption, shown, tuple(usual), tuple(sent), marks))
        return found

    def _work(self, row: Row) -> str:
        said = ", ".join(self.names.work_types[name] for name in row.work_types)
        return f"{said} ({WORDS.labels['per_entry']})" if row.unit is Unit.ENTRY else said

    def tickets(self, sub_issues: Sequence[str]) -> str:
        """On which tickets work is meant; empty where it is on all of them."""
        causes = self.names.sub_issues
        if "" in sub_issues:
            without = [title for name, title in causes.items() if name not in sub_issues]
            return f"but not on tickets with {_sub_issues(without)}" if without else ""
        return f"on tickets with {_sub_issues([causes[name] for name in sub_issues])}"

    def _caption(self, landing: Landing, currency: str) -> str:
        units = {row.unit for row in landing.rows}
        if units == {Unit.TICKET}:
            return f"{currency} per ticket"
        return f"{currency} per hour" if Unit.HOUR in units else currency

    def notes(self, landing: Landing) -> tuple[str, ...]:
        """What else counts where work is billed: hours from the block, shortest and longest."""
        said = [
            f"An hour of {self.names.roles[role]} takes {WORDS.hours(factor)} from the block."
            for role, factor in landing.factors
        ]
        if landing.billing in (Billing.ABSORBED, Billing.NOT_BILLED, Billing.TICKET):
            return tuple(said)
        here = {name for row in landing.rows for name in row.work_types}
        limits: dict[str, list[str]] = {}
        for work_type in self.order:
            counted = WORDS.at_least(work_type.minimum_hours, work_type.maximum_hours)
            if work_type.name in here and counted:
                limits.setdefault(counted, []).append(self.names.work_types[work_type.name])
        said += [f"{listed(titles)}: {counted}." for counted, titles in limits.items()]
        return tuple(said)


def _columns(columns: Sequence[Sequence[str]], without: Sequence[str]) -> list[str]:
    """What columns of roles are called: each role by its name, most of them in one word."""
    if len(columns) == 1:
        if not without:
            return [EVERYBODY]
        if len(without) < len(columns[0]):
            return [f"{EVERYBODY} but {listed(without)}"]
    titles = [", ".join(column) for column in columns]
    if not without and len(columns) > 1 and len(columns[-1]) >= SEVERAL:
        titles[-1] = f"{EVERYBODY} else"
    return titles


def _same_tickets(row: Row) -> tuple[str, ...] | None:
    """The sub-issues of a row where they are the same for all its roles."""
    found = {charge.sub_issues for charge in row.charges if charge is not None}
    return found.pop() if len(found) == 1 else None


def _charge(charge: Charge | None, landing: Landing, currency: str) -> str:
    if charge is None:
        return NOT_HERE
    if charge.missing:
        return "not stated"
    if charge.amount is None:
        return SHORT[landing.billing]
    return WORDS.amount(charge.amount, currency)


def _sub_issues(titles: Sequence[str]) -> str:
    return f"sub-issue{'' if len(titles) == 1 else 's'} {listed(titles)}"


def listed(names: Iterable[str]) -> str:
    """Names one after the other: `a, b and c`."""
    return WORDS.listed(list(names))


def money(amount: Decimal | None, currency: str) -> str:
    """An amount in a sentence."""
    return WORDS.money(amount, currency)


def life(of: Stretch) -> str:
    """A stretch of days in a sentence."""
    return WORDS.days(of.start, of.end)
