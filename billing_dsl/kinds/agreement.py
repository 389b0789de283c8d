"""An agreement: what one client signed, on a tier or with its contracts written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from billing_dsl.diagnostics import Fault, Finding, Label, Place
from billing_dsl.kinds._contract import (
    NOWHERE,
    ContractTerms,
    backwards,
    contract_faults,
    contract_mentions,
    contract_terms,
)
from billing_dsl.kinds.tier import RateRow, rate_rows
from billing_dsl.model.calendar import Stretch, Term
from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class TierChoice:
    """A tier from a day on; without a version, the one effective on each day."""

    start: date
    tier: str
    version: int | None
    position: int | None
    """Its place in the dated list; None where the agreement names a single tier."""

    @property
    def written(self) -> str:
        """The choice as the document writes it: `silver@2`, `silver`."""
        return self.tier if self.version is None else f"{self.tier}@{self.version}"


@dataclass(frozen=True, slots=True)
class UnitStep:
    """How many units of a service from a day on, and at which price if not the list's."""

    start: date | None
    units: Decimal
    price: Price | None
    position: int | None
    """Its place in the dated list; None where the agreement writes a single number."""


@dataclass(frozen=True, slots=True)
class Block:
    """Hours bought in advance, for work on the days from start to end."""

    contract: str
    hours: Decimal
    rate: Price
    life: Stretch


@dataclass(frozen=True, slots=True)
class TierException:
    """What this client has otherwise than the tier: one work type, role or sub-issue."""

    dimension: str
    """`work_type`, `role` or `sub_issue`."""
    name: str
    goes_to: str
    reason: str
    owner: str
    start: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """What was agreed for the end; nothing is ever prolonged by itself."""

    automatic: bool
    extend_by: Term | None
    notice: Term | None


@dataclass(frozen=True, slots=True)
class Agreement(Declaration):
    """A signed agreement. It has `tiers`, or it is bespoke and has `contracts`."""

    KIND: ClassVar[str] = "agreement"

    client: str
    life: Stretch
    default: bool
    """Whether its first contract is the client's default service desk contract."""
    tiers: tuple[TierChoice, ...]
    contracts: tuple[ContractTerms, ...]
    services: Mapping[str, tuple[UnitStep, ...]]
    blocks: tuple[Block, ...]
    rates: tuple[RateRow, ...]
    exceptions: tuple[TierException, ...]
    renewal: Renewal | None
    number: str
    signed: Mapping[str, str]
    ends_by: str
    """The field that states its last day: `end` or `term`."""

    @property
    def bespoke(self) -> bool:
        """Whether its contracts are written out instead of following a tier."""
        return not self.tiers

    @property
    def place_of_end(self) -> Place:
        """Where its last day is written."""
        return self.at(self.ends_by)


def _last_day(value: Mapping[str, Any], start: date, house: House) -> date:
    if "end" in value:
        return date.fromisoformat(value["end"])
    term = value["term"]
    return (house.longest if term == "longest" else Term.parse(term)).last_day(start)


def _choice(written: str, start: date, position: int | None) -> TierChoice:
    tier, _, version = written.partition("@")
    return TierChoice(start, tier, int(version) if version else None, position)


def _choices(written: object, start: date) -> tuple[TierChoice, ...]:
    if isinstance(written, str):
        return (_choice(written, start, None),)
    if isinstance(written, list):
        found = [
            _choice(row["tier"], date.fromisoformat(row["from"]) if "from" in row else start, index)
            for index, row in enumerate(written)
        ]
        return tuple(sorted(found, key=lambda choice: choice.start))
    return ()


def _unit_step(row: Any, position: int | None, currency: str) -> UnitStep:
    if not isinstance(row, dict):
        return UnitStep(None, Decimal(row), None, position)
    return UnitStep(
        date.fromisoformat(row["from"]) if "from" in row else None,
        Decimal(row["units"]),
        price(row["price"], currency) if "price" in row else None,
        position,
    )


def _unit_steps(written: Any, currency: str) -> tuple[UnitStep, ...]:
    if not isinstance(written, list):
        return (_unit_step(written, None, currency),)
    steps = [_unit_step(row, position, currency) for position, row in enumerate(written)]
    return tuple(sorted(steps, key=lambda step: step.start or date.min))


def _exception(row: Mapping[str, Any]) -> TierException:
    dimension = next(word for word in ("work_type", "role", "sub_issue") if word in row)
    return TierException(
        dimension,
        row[dimension],
        row["goes_to"],
        row["reason"],
        row["owner"],
        date.fromisoformat(row["from"]) if "from" in row else None,
        date.fromisoformat(row["until"]) if "until" in row else None,
    )


def _renewal(row: Mapping[str, Any] | None) -> Renewal | None:
    if row is None:
        return None
    return Renewal(
        row.get("automatic", False),
        Term.parse(row["extend_by"]) if "extend_by" in row else None,
        Term.parse(row["notice"]) if "notice" in row else None,
    )


def _build(document: Document, house: House) -> Agreement:
    value = document.value
    currency = house.currency
    start = date.fromisoformat(value["start"])
    return Agreement(
        *base(document),
        client=value["client"],
        life=Stretch(start, _last_day(value, start, house)),
        default=value.get("default", True),
        tiers=_choices(value.get("tier"), start),
        contracts=tuple(contract_terms(row, currency) for row in value.get("contracts", ())),
        services={
            name: _unit_steps(units, currency)
            for name, units in sorted(value.get("services", {}).items())
        },
        blocks=tuple(
            Block(
                row["contract"],
                Decimal(row["hours"]),
                price(row["rate"], currency),
                Stretch(date.fromisoformat(row["start"]), date.fromisoformat(row["end"])),
            )
            for row in value.get("blocks", ())
        ),
        rates=rate_rows(value.get("rates", []), currency),
        exceptions=tuple(_exception(row) for row in value.get("exceptions", ())),
        renewal=_renewal(value.get("renewal")),
        number=value.get("number", ""),
        signed=value.get("signed", {}),
        ends_by="end" if "end" in value else "term",
    )


def _mentions(agreement: Agreement) -> Iterator[Mention]:
    yield Mention("client", agreement.client, ("client",))
    for choice in agreement.tiers:
        route: tuple[str | int, ...] = ("tier",)
        if choice.position is not None:
            route = ("tier", choice.position, "tier")
        yield Mention("tier", choice.written, route)
    for contract in agreement.contracts:
        yield from contract_mentions(contract)
    for service in agreement.services:
        yield Mention("service", service, ("services", service), key=True)
    for position, row in enumerate(agreement.rates):
        yield Mention("role", row.role, ("rates", position, "role"))
    for position, exception in enumerate(agreement.exceptions):
        route = ("exceptions", position, exception.dimension)
        yield Mention(exception.dimension, exception.name, route)


def _check(document: Document) -> Iterator[Fault]:
    yield from backwards(document, document.value)
    yield from contract_faults(document)
    value = document.value
    for position, block in enumerate(value.get("blocks", ())):
        yield from backwards(document, block, "blocks", position)
    tiers = value.get("tier")
    for position, row in enumerate(tiers if isinstance(tiers, list) else ()):
        end = value.get("end")
        if end is not None and row.get("from", end) > end:
            yield Fault(
                "BD401",
                Finding(
                    document.at("tier", position, "from"),
                    f"tier `{row['tier']}` begins on {row['from']}, after the agreement's last day",
                    label="the tier's first day",
                    help="move the tier's first day into the agreement, or prolong the agreement",
                    related=(Label(document.at("end"), "the agreement's last day"),),
                ),
            )
    for position, row in enumerate(value.get("exceptions", ())):
        if "from" in row and "until" in row and row["until"] < row["from"]:
            yield Fault(
                "BD401",
                Finding(
                    document.at("exceptions", position, "until"),
                    f"the exception ends on {row['until']}, before it begins on {row['from']}",
                    label="the last day, included",
                    help="write the first day as `from` and the last day included as `until`",
                    related=(Label(document.at("exceptions", position, "from"), "the first day"),),
                ),
            )
    contracts = [contract["name"] for contract in value.get("contracts", ())]
    for position, contract in enumerate(value.get("contracts", ())):
        falls_to = contract.get("falls_to")
        if falls_to in (None, NOWHERE, *contracts) or "/" in falls_to:
            continue
        yield Fault(
            "BD201",
            Finding(
                document.at("contracts", position, "falls_to"),
                f"this agreement has no contract `{falls_to}`",
                label=f"its contracts are {', '.join(f'`{name}`' for name in contracts)}",
                help="name a contract of this agreement, AGREEMENT/CONTRACT, or `none`",
            ),
        )


AGREEMENT = Kind(Agreement, _build, _mentions, _check, shared=False)
