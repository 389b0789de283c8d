"""Several services sold as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from billing_dsl.kinds.service import Period
from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class ServiceBundle(Declaration):
    """An Autotask service bundle; without a price of its own it costs what its services cost."""

    KIND: ClassVar[str] = "service_bundle"

    titles: Mapping[str, str]
    period: Period
    services: tuple[str, ...]
    price: Price | None
    cost: Price | None
    billing_code: str
    invoice_description: str
    review_by: date | None


def _build(document: Document, house: House) -> ServiceBundle:
    value = document.value
    return ServiceBundle(
        *base(document),
        titles=value.get("titles", {}),
        period=Period(value["period"]),
        services=tuple(value["services"]),
        price=price(value["price"], house.currency) if "price" in value else None,
        cost=price(value["cost"], house.currency) if "cost" in value else None,
        billing_code=value.get("billing_code", ""),
        invoice_description=value.get("invoice_description", ""),
        review_by=date.fromisoformat(value["review_by"]) if "review_by" in value else None,
    )


def _mentions(bundle: ServiceBundle) -> Iterator[Mention]:
    for name in bundle.services:
        yield Mention("service", name, ("services", name))


SERVICE_BUNDLE = Kind(ServiceBundle, _build, _mentions)
