"""A contract as a tier or a bespoke agreement writes it: the same words in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from billing_dsl.diagnostics import Fault, Finding, Label
from billing_dsl.kinds.service import Period
from billing_dsl.model.declaration import Mention
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document

NOWHERE = "none"
"""What a document writes where work goes to no contract, on purpose."""


class ContractType(StrEnum):
    """Autotask's contract types (CONTRACTSMAIN); Umbrella cannot be written through its API."""

    RECURRING_SERVICE = "recurring_service"
    BLOCK_HOURS = "block_hours"
    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"
    RETAINER = "retainer"
    PER_TICKET = "per_ticket"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A payment of a fixed price contract."""

    title: str
    due: date
    amount: Price


@dataclass(frozen=True, slots=True)
class Purchase:
    """Money paid in advance into a retainer, for work on the days from start to end."""

    amount: Price
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class TicketPurchase:
    """Tickets paid in advance, for work on the days from start to end."""

    tickets: int
    rate: Price
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Work types, roles and sub-issues, each in order of names: what a contract does not take."""

    work_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sub_issues: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.work_types or self.roles or self.sub_issues)

    def __or__(self, other: Exclusions) -> Exclusions:
        if not other:
            return self
        return Exclusions(
            tuple(sorted({*self.work_types, *other.work_types})),
            tuple(sorted({*self.roles, *other.roles})),
            tuple(sorted({*self.sub_issues, *other.sub_issues})),
        )

    def __sub__(self, other: Exclusions) -> Exclusions:
        return Exclusions(
            tuple(name for name in self.work_types if name not in other.work_types),
            tuple(name for name in self.roles if name not in other.roles),
            tuple(name for name in self.sub_issues if name not in other.sub_issues),
        )


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract as written: its type, what it excludes and where that falls, and its money."""

    name: str
    titles: Mapping[str, str]
    type: ContractType
    services: tuple[str, ...]
    falls_to: str | None
    """A contract, `none`, or None where nothing is written."""
    exclusion_set: str
    excludes: Exclusions
    """What it excludes by itself, without its set."""
    period: Period
    overage_rate: Price | None
    rates: Mapping[str, Price]
    block_factors: Mapping[str, Decimal]
    setup_fee: Price | None
    milestones: tuple[Milestone, ...]
    retainers: tuple[Purchase, ...]
    tickets: tuple[TicketPurchase, ...]
    category: str
    number: str
    start_stop: bool
    """Whether entries need start and stop times, without which after-hours work is not split."""


_NO_EXCLUSIONS = Exclusions()


def contract_terms(value: Mapping[str, Any], currency: str) -> ContractTerms:
    """The contract that a mapping writes; expects one that fits its schema."""
    excludes = value.get("excludes")
    return ContractTerms(
        name=value["name"],
        titles=value.get("titles", {}),
        type=ContractType(value["type"]),
        services=tuple(value.get("services", ())),
        falls_to=value.get("falls_to"),
        exclusion_set=excludes.get("set", "") if excludes else "",
        excludes=exclusions(excludes) if excludes else _NO_EXCLUSIONS,
        period=Period(value.get("period", "monthly")),
        overage_rate=price(value["overage_rate"], currency) if "overage_rate" in value else None,
        rates={row["role"]: price(row["rate"], currency) for row in value.get("rates", ())},
        block_factors={
            role: Decimal(factor) for role, factor in sorted(value.get("block_factors", {}).items())
        },
        setup_fee=price(value["setup_fee"], currency) if "setup_fee" in value else None,
        milestones=tuple(
            Milestone(row["title"], date.fromisoformat(row["date"]), price(row["amount"], currency))
            for row in value.get("milestones", ())
        ),
        retainers=tuple(
            Purchase(
                price(row["amount"], currency),
                date.fromisoformat(row["start"]),
                date.fromisoformat(row["end"]),
            )
            for row in value.get("retainers", ())
        ),
        tickets=tuple(
            TicketPurchase(
                int(row["tickets"]),
                price(row["rate"], currency),
                date.fromisoformat(row["start"]),
                date.fromisoformat(row["end"]),
            )
            for row in value.get("tickets", ())
        ),
        category=value.get("category", ""),
        number=value.get("number", ""),
        start_stop=value.get("time_entry", "start_stop") == "start_stop",
    )


def exclusions(value: Mapping[str, Any]) -> Exclusions:
    """The three lists of a mapping, in order of names."""
    return Exclusions(
        tuple(sorted(value.get("work_types", ()))),
        tuple(sorted(value.get("roles", ()))),
        tuple(sorted(value.get("sub_issues", ()))),
    )


def contract_mentions(terms: ContractTerms) -> Iterator[Mention]:
    """Every reference that a contract makes to other documents."""
    here = ("contracts", terms.name)
    for service in terms.services:
        yield Mention("service", service, (*here, "services", service))
    if terms.exclusion_set:
        yield Mention("exclusion_set", terms.exclusion_set, (*here, "excludes", "set"))
    for kind, field, names in (
        ("work_type", "work_types", terms.excludes.work_types),
        ("role", "roles", terms.excludes.roles),
        ("sub_issue", "sub_issues", terms.excludes.sub_issues),
    ):
        for name in names:
            yield Mention(kind, name, (*here, "excludes", field, name))
    for role in terms.rates:
        yield Mention("role", role, (*here, "rates", role, "role"))
    for role in terms.block_factors:
        yield Mention("role", role, (*here, "block_factors", role), key=True)


def contract_faults(document: Document) -> Iterator[Fault]:
    """Faults of what a document says of contracts: a name twice, dates backwards, two rates."""
    seen: dict[str, int] = {}
    yield from _two_rates(document, document.value.get("rates", ()), "rates")
    for position, contract in enumerate(document.value.get("contracts", ())):
        name = contract["name"]
        if name in seen:
            yield Fault(
                "BD202",
                Finding(
                    document.at("contracts", position, "name"),
                    f"two contracts are named `{name}`",
                    label="named again here",
                    help="give each contract of the list a name of its own",
                    related=(
                        Label(document.at("contracts", seen[name], "name"), "first named here"),
                    ),
                ),
            )
        seen.setdefault(name, position)
        if "rates" in contract:
            yield from _two_rates(document, contract["rates"], "contracts", position, "rates")
        for rows in ("retainers", "tickets"):
            for row, purchase in enumerate(contract.get(rows, ())):
                yield from backwards(document, purchase, "contracts", position, rows, row)


def _two_rates(
    document: Document, rows: Sequence[Mapping[str, Any]], *route: str | int
) -> Iterator[Fault]:
    """BD432 for each row of a list that gives a role on a contract another rate.

    Without it a later row would count in one place and an earlier one in another.
    """
    first: dict[tuple[str | None, str], int] = {}
    for row, rate in enumerate(rows):
        contract, role = rate.get("contract"), rate["role"]
        known = first.setdefault((contract, role), row)
        if known != row:
            where = f" on contract `{contract}`" if contract is not None else ""
            yield Fault(
                "BD432",
                Finding(
                    document.at(*route, row, "rate"),
                    f"role `{role}` has two rates{where}",
                    label="its rate again",
                    help="keep one of the two rows; a rate that changes is one row with a dated "
                    "list, as in `rate: [{rate: 80.00}, {from: 2027-07-01, rate: 84.00}]`",
                    related=(Label(document.at(*route, known, "rate"), "its rate"),),
                ),
            )


def backwards(document: Document, value: Mapping[str, Any], *route: str | int) -> Iterator[Fault]:
    """BD401 where the mapping at a route ends before it starts."""
    start, end = value["start"], value.get("end")
    if end is not None and end < start:  # ISO dates compare as text
        yield Fault(
            "BD401",
            Finding(
                document.at(*route, "end"),
                f"the last day {end} comes before the first day {start}",
                label="the last day, included",
                help="write the first day as `start` and the last day included as `end`",
                related=(Label(document.at(*route, "start"), "the first day"),),
            ),
        )
