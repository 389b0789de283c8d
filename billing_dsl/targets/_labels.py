"""What people call the fields of Autotask's entities, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_dsl.model.countries import COUNTRIES
from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._values import Body, Pick, Ref, Value, iso, plain, price


class Entry(NamedTuple):
    """Something that a person enters: what it is called, its value, and what there is to say of it.

    Where there is nothing to enter, it says why.
    """

    label: str
    value: str
    note: str = ""


_LABELS: Mapping[str, str] = {
    "companyID": "organization",
    "companyName": "name",
    "companyNumber": "number",
    "companyType": "type",
    "ownerResourceID": "account manager",
    "parentCompanyID": "parent organization",
    "postalCode": "zip code",
    "address1": "address, first line",
    "address2": "address, second line",
    "taxID": "tax ID",
    "hourlyFactor": "block hour multiplier",
    "contractName": "name",
    "contractNumber": "contract number",
    "contractType": "type",
    "contractCategory": "category",
    "contractPeriodType": "period type",
    "startDate": "first day",
    "endDate": "last day",
    "timeReportingRequiresStartAndStopTimes": "time entries need start and stop times",
    "isDefaultContract": "default service desk contract",
    "exclusionContractID": "exclusion contract",
    "contractExclusionSetID": "exclusion set",
    "overageBillingRate": "overage rate",
    "setupFee": "set-up fee",
    "setupFeeBillingCodeID": "billing code of the set-up fee",
    "datePurchased": "date of purchase",
    "hourlyRate": "hourly rate",
    "contractHourlyRate": "hourly rate",
    "perTicketRate": "price of a ticket",
    "ticketsPurchased": "tickets",
    "isPaid": "paid",
    "dateDue": "due",
    "isInitialPayment": "initial payment",
    "unitQuantity": "quantity",
    "isBillableToCompany": "billable",
    "unitChange": "units",
    "effectiveDate": "from",
    "adjustedUnitPrice": "unit price",
    "adjustedPrice": "unit price",
    "contractServiceID": "service",
    "contractServiceBundleID": "service",
    "serviceBundleID": "service",
    "chargeType": "type",
    "isActive": "active",
}
"""What fields are called where the words of their names are not what a person would say."""

_OF_NO_INTEREST = frozenset({"allowRepeatService", "allowRepeatServiceBundle"})
"""Fields for programs: no screen asks for them."""


_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def label(field: str) -> str:
    """What a person calls a field; where nothing better is known, `internalDescription` is the
    internal description.
    """
    known = _LABELS.get(field)
    return _CAPITAL.sub(" ", field.removesuffix("ID")).lower() if known is None else known


def fields(body: Body, parent: str) -> Iterator[tuple[str, Value]]:
    """What is to be entered on a screen: all but what the screen of the object's parent knows."""
    for field, value in body.items():
        known = value == Ref(parent) and field != "exclusionContractID"
        if field not in _OF_NO_INTEREST and not known:
            yield field, value


def said(entity: str, field: str, value: Value, currency: str, names: Mapping[str, str]) -> str:
    """A value as a person enters it: names in place of ids, amounts with their currency."""
    known = ENTITIES[entity].fields.get(field) if entity in ENTITIES else None
    match value:
        case bool():
            return "yes" if value else "no"
        case int() if known is not None and known.picklist:
            return "yes" if value else "no"  # a list of 0 and 1
        case Decimal() if known is not None and known.money:
            return price(value, currency)
        case Decimal():
            return plain(value)
        case date():
            return iso(value)
        case Ref(object_id):
            return names.get(object_id) or _tenants(object_id)
        case Pick(_, _, label):
            return label
        case _:
            return str(value)


def _tenants(object_id: str) -> str:
    """What every tenant has, as people call it."""
    kind, _, name = object_id.partition(":")
    return COUNTRIES.get(name, name) if kind == "country" else name
