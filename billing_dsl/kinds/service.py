"""A recurring service: what a client pays for each period, by the unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, UserDefined, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


class Period(StrEnum):
    """How often something recurs (Autotask, EditContract: fixed once saved)."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUAL = "semi_annual"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        """The months that it has."""
        return _MONTHS[self]


_MONTHS = {Period.MONTHLY: 1, Period.QUARTERLY: 3, Period.SEMI_ANNUAL: 6, Period.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Service(Declaration):
    """An Autotask service."""

    KIND: ClassVar[str] = "service"

    titles: Mapping[str, str]
    period: Period
    price: Price
    cost: Price | None
    billing_code: str
    invoice_description: str
    review_by: date | None
    udf: UserDefined = field(default_factory=dict)


def _build(document: Document, house: House) -> Service:
    value = document.value
    return Service(
        *base(document),
        titles=value.get("titles", {}),
        period=Period(value["period"]),
        price=price(value["price"], house.currency),
        cost=price(value["cost"], house.currency) if "cost" in value else None,
        billing_code=value.get("billing_code", ""),
        invoice_description=value.get("invoice_description", ""),
        review_by=date.fromisoformat(value["review_by"]) if "review_by" in value else None,
        udf=value.get("udf", {}),
    )


SERVICE = Kind(Service, _build)
