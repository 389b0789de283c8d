"""What is read of a tenant: entities, their fields and their lists.

Every field that a request may write is read, and besides what tells whether it may still be
changed. `tenant/asking.py` makes requests of it, and `snapshot.schema.json` is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from billing_dsl.targets._autotask import ENTITIES, Field, Type

VERSION = 1
TOOL = "billing_dsl snapshot"
"""What a snapshot says in `tool`, so that no other file is taken for one."""

LARGEST = 256 << 20
"""Bytes of a snapshot that are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One entity as it is read. `lists` are those of its fields whose values are labels."""

    entity: str
    why: str
    fields: Mapping[str, Field]
    lists: tuple[str, ...] = ()


_TEXT, _FLAG = Field(Type.TEXT), Field(Type.BOOLEAN)
_WHOLE, _NUMBER, _DAY = Field(Type.INTEGER), Field(Type.DECIMAL), Field(Type.DAY)
_MONEY = Field(Type.DECIMAL, money=True)
_LIST = Field(Type.INTEGER, picklist=True)


def _to(entity: str) -> Field:
    return Field(Type.INTEGER, refers_to=entity)


_ONLY_READ: Mapping[str, Mapping[str, Field]] = {
    "BillingCodes": {
        "name": _TEXT,
        "useType": _WHOLE,
        "isActive": _FLAG,
        "description": _TEXT,
        "externalNumber": _TEXT,
        "afterHoursWorkType": _to("BillingCodes"),
        "taxCategoryID": _to("TaxCategories"),
        "generalLedgerAccount": _LIST,
    },
    "WorkTypeModifiers": {"modifierType": _WHOLE, "modifierValue": _NUMBER},
    "TaxRegions": {"name": _TEXT, "isActive": _FLAG},
    "TaxCategories": {"name": _TEXT, "isActive": _FLAG},
    "Countries": {"countryCode": _TEXT},
    "Currencies": {"name": _TEXT},
    "Resources": {"email": _TEXT, "isActive": _FLAG},
    "ContractServiceUnits": {
        "contractServiceID": _to("ContractServices"),
        "startDate": _DAY,
        "endDate": _DAY,
        "units": _WHOLE,
    },
    "ContractServiceBundleUnits": {
        "contractServiceBundleID": _to("ContractServiceBundles"),
        "startDate": _DAY,
        "endDate": _DAY,
        "units": _WHOLE,
    },
    "PriceListRoles": {
        "roleID": _to("Roles"),
        "currencyID": _to("Currencies"),
        "hourlyRate": _MONEY,
    },
    "PriceListServices": {
        "serviceID": _to("Services"),
        "currencyID": _to("Currencies"),
        "unitPrice": _MONEY,
    },
    "PriceListServiceBundles": {
        "serviceBundleID": _to("ServiceBundles"),
        "currencyID": _to("Currencies"),
        "unitPrice": _MONEY,
    },
    "PriceListWorkTypeModifiers": {
        "workTypeModifierID": _to("WorkTypeModifiers"),
        "currencyID": _to("Currencies"),
        "modifierValue": _NUMBER,
    },
    "ContractServices": {"unitPrice": _MONEY},
    "ContractCharges": {"isBilled": _FLAG},
}
"""Fields that no request writes, by entity."""


def _reading(entity: str, why: str, fields: str, lists: str = "") -> Reading:
    known = {**_ONLY_READ.get(entity, {})}
    if entity in ENTITIES:
        known |= ENTITIES[entity].fields
    return Reading(
        entity, why, {name: known[name] for name in fields.split()}, tuple(lists.split())
    )


_UNITS = "startDate endDate units"

READINGS: tuple[Reading, ...] = (
    _reading("Currencies", "the currencies of clients", "name"),
    _reading("Countries", "the countries of clients", "countryCode"),
    _reading("Resources", "the account managers of clients", "email isActive"),
    _reading("TaxRegions", "the tax regions of clients", "name isActive"),
    _reading("TaxCategories", "the tax categories of work types", "name isActive"),
    _reading(
        "BillingCodes",
        "work types, and the codes of services, purchases and set-up fees",
        "name useType isActive description externalNumber afterHoursWorkType taxCategoryID"
        " generalLedgerAccount",
        "generalLedgerAccount",
    ),
    _reading("WorkTypeModifiers", "the rate methods of work types", "modifierType modifierValue"),
    _reading(
        "PriceListWorkTypeModifiers",
        "amounts of rate methods in further currencies",
        "workTypeModifierID currencyID modifierValue",
    ),
    _reading("Roles", "roles", "name hourlyRate hourlyFactor isActive"),
    _reading("PriceListRoles", "role rates in further currencies", "roleID currencyID hourlyRate"),
    _reading(
        "Services",
        "services",
        "name invoiceDescription billingCodeID periodType unitPrice unitCost isActive",
        "periodType",
    ),
    _reading("PriceListServices", "prices in further currencies", "serviceID currencyID unitPrice"),
    _reading(
        "ServiceBundles",
        "service bundles",
        "name invoiceDescription billingCodeID periodType unitPrice isActive",
        "periodType",
    ),
    _reading(
        "PriceListServiceBundles",
        "prices in further currencies",
        "serviceBundleID currencyID unitPrice",
    ),
    _reading("ServiceBundleServices", "what bundles hold", "serviceBundleID serviceID"),
    _reading(
        "Companies",
        "clients",
        "companyName companyNumber companyType ownerResourceID phone parentCompanyID address1"
        " address2 city state postalCode countryID currencyID taxRegionID taxID isActive",
        "companyType",
    ),
    _reading("ContractExclusionSets", "exclusion sets", "name isActive"),
    _reading(
        "ContractExclusionSetExcludedWorkTypes",
        "work types in exclusion sets",
        "contractExclusionSetID excludedWorkTypeID",
    ),
    _reading(
        "ContractExclusionSetExcludedRoles",
        "roles in exclusion sets",
        "contractExclusionSetID excludedRoleID",
    ),
    _reading(
        "Contracts",
        "contracts",
        "companyID contractName contractNumber contractType contractCategory contractPeriodType"
        " startDate endDate status timeReportingRequiresStartAndStopTimes isDefaultContract"
        " exclusionContractID contractExclusionSetID overageBillingRate setupFee"
        " setupFeeBillingCodeID",
        "contractType contractCategory contractPeriodType status",
    ),
    _reading("ContractExclusionBillingCodes", "individual exclusions", "contractID billingCodeID"),
    _reading("ContractExclusionRoles", "individual exclusions", "contractID roleID"),
    _reading("ContractServices", "services on contracts", "contractID serviceID unitPrice"),
    _reading(
        "ContractServiceBundles",
        "service bundles on contracts",
        "contractID serviceBundleID adjustedPrice",
    ),
    _reading("ContractServiceUnits", "units of services", f"contractServiceID {_UNITS}"),
    _reading("ContractServiceBundleUnits", "units of bundles", f"contractServiceBundleID {_UNITS}"),
    _reading(
        "ContractBlocks",
        "blocks of hours",
        "contractID datePurchased startDate endDate hours hourlyRate status",
        "status",
    ),
    _reading(
        "ContractCharges",
        "charges of purchases",
        "contractID name datePurchased chargeType billingCodeID unitQuantity unitPrice"
        " isBillableToCompany isBilled",
        "chargeType",
    ),
    _reading(
        "ContractRetainers",
        "retainers",
        "contractID datePurchased startDate endDate amount status",
        "status",
    ),
    _reading(
        "ContractTicketPurchases",
        "ticket purchases",
        "contractID datePurchased startDate endDate ticketsPurchased perTicketRate isPaid status",
        "status",
    ),
    _reading(
        "ContractMilestones",
        "milestones",
        "contractID title dateDue amount status isInitialPayment",
        "status",
    ),
    _reading("ContractRates", "rates of roles", "contractID roleID contractHourlyRate"),
    _reading(
        "ContractBlockHourFactors",
        "block hour multipliers of roles",
        "contractID roleID blockHourMultiplier contractHourlyRate",
    ),
    _reading("ContractNotes", "notes of exceptions", "contractID title description"),
)
"""Everything that is read, in an order in which it can be understood."""

FORM: Mapping[str, Reading] = {reading.entity: reading for reading in READINGS}
"""The same by entity."""
