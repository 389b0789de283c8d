"""A work type: what an engineer picks when logging time (Autotask billing code of use type 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, TypeAlias

from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


class BillingClass(StrEnum):
    """The three lists an MSP builds its work types from."""

    BASELINE = "baseline"
    CORE = "core"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class RoleRate:
    """The role's rate as it is."""


@dataclass(frozen=True, slots=True)
class Plus:
    """The role's rate and an amount more, or less."""

    amount: Price


@dataclass(frozen=True, slots=True)
class Times:
    """The role's rate multiplied."""

    factor: Decimal


@dataclass(frozen=True, slots=True)
class Fixed:
    """An hourly rate of its own, whatever the role."""

    rate: Price


@dataclass(frozen=True, slots=True)
class Flat:
    """An amount for each entry, however long."""

    amount: Price


RateMethod: TypeAlias = RoleRate | Plus | Times | Fixed | Flat
"""How a work type changes the role's rate (Autotask, WorkTypeModifiersEntity)."""


@dataclass(frozen=True, slots=True)
class WorkType(Declaration):
    """An Autotask work type."""

    KIND: ClassVar[str] = "work_type"

    titles: Mapping[str, str]
    billing_class: BillingClass
    description: str
    descriptions: Mapping[str, str]
    """The description by language."""
    billable: bool
    rate: RateMethod
    minimum_hours: Decimal | None
    maximum_hours: Decimal | None
    after_hours: str
    """The work type of the part outside business hours; empty where there is none."""
    start: date | None
    """The first day on which it can be picked; None is always."""
    tax_category: str
    external_number: str
    ledger: str


def _method(written: Mapping[str, object], currency: str) -> RateMethod:
    match written["method"]:
        case "role":
            return RoleRate()
        case "plus":
            return Plus(price(written["amount"], currency))
        case "times":
            return Times(Decimal(str(written["factor"])))
        case "fixed":
            return Fixed(price(written["rate"], currency))
        case "flat":
            return Flat(price(written["amount"], currency))
        case other:
            raise TypeError(f"no rate method {other!r}: its schema lets none but these five pass")


def _hours(written: int | Decimal | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _build(document: Document, house: House) -> WorkType:
    value = document.value
    return WorkType(
        *base(document),
        titles=value.get("titles", {}),
        billing_class=BillingClass(value["billing_class"]),
        description=value["description"],
        descriptions=value.get("descriptions", {}),
        billable=value.get("billable", True),
        rate=_method(value.get("rate", {"method": "role"}), house.currency),
        minimum_hours=_hours(value.get("minimum_hours")),
        maximum_hours=_hours(value.get("maximum_hours")),
        after_hours=value.get("after_hours", ""),
        start=date.fromisoformat(value["from"]) if "from" in value else None,
        tax_category=value.get("tax_category", ""),
        external_number=value.get("external_number", ""),
        ledger=value.get("ledger", ""),
    )


def _mentions(work_type: WorkType) -> Iterator[Mention]:
    if work_type.after_hours:
        yield Mention("work_type", work_type.after_hours, ("after_hours",), carries=False)


WORK_TYPE = Kind(WorkType, _build, _mentions)
