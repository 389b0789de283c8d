"""A role of the engineers, with the rate and block factor that Autotask bills by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Role(Declaration):
    """An Autotask role: its hourly rate, and block hours debited for each hour worked."""

    KIND: ClassVar[str] = "role"

    titles: Mapping[str, str]
    rate: Price
    block_factor: Decimal
    autotask_name: str
    review_by: date | None
    start: date | None
    """The first day on which work is logged with it; None is always."""
    cost: Price | None = None
    """What an hour costs the MSP."""


def _build(document: Document, house: House) -> Role:
    value = document.value
    return Role(
        *base(document),
        titles=value.get("titles", {}),
        rate=price(value["rate"], house.currency),
        block_factor=Decimal(value.get("block_factor", 1)),
        autotask_name=value.get("autotask", {}).get("name", value["title"]),
        review_by=date.fromisoformat(value["review_by"]) if "review_by" in value else None,
        start=date.fromisoformat(value["from"]) if "from" in value else None,
        cost=price(value["cost"], house.currency) if "cost" in value else None,
    )


ROLE = Kind(Role, _build)
