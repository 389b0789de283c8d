"""The objects of the book as the tenant should hold them, whichever way they get there.

What requests make says so itself. Of what a person or an import makes, this adds the fields that
can be read back, so that it too can be found and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from billing_dsl.book.book import Shared
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, RateMethod, RoleRate, Times, WorkType
from billing_dsl.model.money import Price, price
from billing_dsl.targets._book import Book
from billing_dsl.targets._imports import amount
from billing_dsl.targets._lanes import BookObject, Lane
from billing_dsl.targets._shared import company_body, method, price_of, service_body
from billing_dsl.targets._values import Body, Pick, Ref, Value
from billing_dsl.tenant.snapshot import Row

_MODIFIERS: Mapping[type, int] = {Plus: 1, Times: 2, Fixed: 3, Flat: 4}
"""The numbers of rate methods (WorkTypeModifiersEntity); 0 is the role's rate as it is."""


def expected(book: Book) -> Iterator[BookObject]:
    """The objects in their order, with the keys and fields by which the tenant can be read."""
    shared, as_of = book.declared.shared, book.as_of
    clients = {view.client.name: view.client for view in book.clients}
    work_types = {found.name: found for found in shared.work_types}
    owners = _owners(shared)
    for each in book.objects:
        word, _, name = each.id.partition(":")
        body: Body = each.body
        if word == "work_type":
            body = _work_type(work_types[name])
        elif word in ("tax_region", "tax_category", "billing_code"):
            body = {**each.key, "isActive": True}
        elif word == "company" and each.lane is Lane.IMPORT:
            client = clients[name]
            body = company_body(client, clients.get(client.parent))
        elif word == "service" and each.lane is Lane.IMPORT:
            service = shared.services[name]
            if isinstance(service, Service):
                body = service_body(service, as_of, shared.settings.currency)
        elif word == "price":
            yield _price(each, name, owners, as_of)
            continue
        yield each if body is each.body else each._replace(body=body)


def _work_type(found: WorkType) -> Body:
    """What can be read of a work type; the rest only its screen shows."""
    body: dict[str, Value] = {
        "name": found.title,
        "useType": 1,
        "isActive": True,
        "description": found.description,
    }
    if found.external_number:
        body["externalNumber"] = found.external_number
    if found.after_hours:
        body["afterHoursWorkType"] = Ref(f"work_type:{found.after_hours}")
    if found.tax_category:
        body["taxCategoryID"] = Ref(f"tax_category:{found.tax_category}")
    if found.ledger:
        body["generalLedgerAccount"] = Pick("BillingCodes", "generalLedgerAccount", found.ledger)
    return body


def modifier(found: WorkType, day: date, currency: str) -> Body:
    """The rate method of a work type as `WorkTypeModifiers` shows it."""
    match found.rate:
        case Times(factor):
            value: Value | None = factor
        case Plus(own) | Fixed(own) | Flat(own):
            value = amount(own, day, currency)
        case _:
            return {"modifierType": 0}
    kind: dict[str, Value] = {"modifierType": _MODIFIERS[type(found.rate)]}
    return kind if value is None else {**kind, "modifierValue": value}


def method_words(row: Row, currency: str) -> str:
    """A rate method of the tenant in the words in which the catalogue's are told."""
    kind, value = row.get("modifierType"), row.get("modifierValue")
    number = value if isinstance(value, Decimal) else Decimal(0)
    own = price(number, currency)
    match kind:
        case 1:
            rate: RateMethod = Plus(own)
        case 2:
            rate = Times(number)
        case 3:
            rate = Fixed(own)
        case 4:
            rate = Flat(own)
        case _:
            rate = RoleRate()
    return method(rate, date.min, currency)


_PRICES = {
    "PriceListRoles": ("roleID", "hourlyRate"),
    "PriceListServices": ("serviceID", "unitPrice"),
    "PriceListServiceBundles": ("serviceBundleID", "unitPrice"),
    "PriceListWorkTypeModifiers": ("workTypeModifierID", "modifierValue"),
}


def _price(each: BookObject, name: str, owners: Mapping[str, Price], as_of: date) -> BookObject:
    """A price in a further currency: a row that Autotask has made, with an amount or without."""
    word, owner, currency = name.split("/")
    to, field = _PRICES[each.entity]
    found = amount(owners[f"{word}:{owner}"], each.day or as_of, currency)
    key: Body = {to: Ref(f"{word}:{owner}"), "currencyID": Ref(f"currency:{currency}")}
    return each._replace(key=key, body=key if found is None else {**key, field: found})


def _owners(shared: Shared) -> Mapping[str, Price]:
    """Everything that has prices in several currencies, by its id."""
    roles = {f"role:{role.name}": role.rate for role in shared.roles}
    services = {
        f"service:{name}": found.price
        for name, found in shared.services.items()
        if found.price is not None
    }
    work_types = {
        f"work_type:{found.name}": own
        for found in shared.work_types
        if (own := price_of(found.rate)) is not None
    }
    return {**roles, **services, **work_types}
