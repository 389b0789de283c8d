"""A catalogue, a tenant, and people who do what the checklist asks of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from billing_dsl.kinds.service import Service
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, Times
from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._book import Book
from billing_dsl.targets._imports import amount
from billing_dsl.targets._lanes import Lane
from billing_dsl.targets._shared import company_body, price_of, service_body
from billing_dsl.targets._values import Body, Pick, Ref, written
from billing_dsl.targets.autotask_requests import autotask_requests
from billing_dsl.tenant.reconcile import reconciled
from billing_dsl.tenant.remarks import Remark
from billing_dsl.tenant.snapshot import Snapshot, read
from tests.unit.targets.compiling import files
from tests.unit.tenant.fake import Json, Tenant, as_text

FILE = "../tenant.json"


@dataclass(frozen=True)
class Met:
    """A compilation that has met a tenant."""

    compilation: Book
    remarks: tuple[Remark, ...]

    @property
    def bundle(self) -> Json:
        return bundle(self.compilation)

    def of(self, code: str) -> list[Remark]:
        return [remark for remark in self.remarks if remark.code == code]


def bundle(compilation: Book) -> Json:
    """What `requests.json` says."""
    [text] = files(autotask_requests, compilation).values()
    found: Json = json.loads(text, parse_float=Decimal)
    return found


def snapshot(value: Json) -> Snapshot:
    """A snapshot that reads without a fault."""
    found, faults = read(FILE, as_text(value))
    assert [fault.finding.message for fault in faults] == []
    assert found is not None
    return found


def met(compilation: Book, tenant: Tenant | Json) -> Met:
    """A compilation that meets a tenant."""
    value = tenant.snapshot() if isinstance(tenant, Tenant) else tenant
    found, faults, remarks = reconciled(compilation, snapshot(value), FILE)
    assert len(faults) == len(remarks)
    return Met(replace(compilation, compilation=found), remarks)


def first_set_up(compilation: Book, tenant: Tenant | None = None) -> Tenant:
    """A tenant after people have done their part, imports included, and nothing was sent yet."""
    found = tenant or Tenant()
    by_hand(compilation, found)
    return found


def set_up(compilation: Book) -> Tenant:
    """A tenant after everybody has done everything."""
    tenant = first_set_up(compilation)
    tenant.carry_out(bundle(compilation))
    prices(compilation, tenant)
    return tenant


def by_hand(compilation: Book, tenant: Tenant) -> None:
    """What a person makes before anything is sent, as far as it is not there already.

    What is there stays as it is.
    """
    declared = compilation.declared
    shared = declared.shared
    currency = shared.settings.currency
    clients = {view.client.name: view.client for view in compilation.clients}
    people = {view.client.owner for view in compilation.clients} - {""}
    countries = {view.client.country for view in compilation.clients} - {""}
    currencies = {currency, *(view.client.currency for view in compilation.clients)}
    prices = [found.price for found in shared.services.values() if found.price is not None]
    prices += [role.rate for role in shared.roles]
    currencies |= {name for price in prices for step in price.steps for name in step.amounts}
    for entity, field, names in (
        ("Resources", "email", people),
        ("Countries", "countryCode", countries),
        ("Currencies", "name", currencies),
    ):
        for name in sorted(names):
            active = {"isActive": True} if entity == "Resources" else {}
            _once(tenant, entity, {field: name}, active)
    ids: dict[str, int] = {}
    before = {number for rows in tenant.objects.values() for number in rows}
    for each in compilation.objects:
        word, _, name = each.id.partition(":")
        if each.lane is Lane.API or (each.day is not None and word != "work_type"):
            continue
        if word in ("tax_region", "tax_category", "billing_code"):
            ids[each.id] = _once(tenant, each.entity, dict(each.key), {"isActive": True})
        elif word == "ledger":
            _label(tenant, "BillingCodes.generalLedgerAccount", name)
        elif word == "contract_category":
            _label(tenant, "Contracts.contractCategory", name)
        elif word == "work_type":
            found = next(one for one in shared.work_types if one.name == name)
            more: dict[str, Any] = {
                "isActive": True,
                "description": found.description,
                "externalNumber": found.external_number or None,
                "generalLedgerAccount": _label(
                    tenant, "BillingCodes.generalLedgerAccount", found.ledger
                ),
                "taxCategoryID": ids.get(f"tax_category:{found.tax_category}"),
            }
            ids[each.id] = _once(tenant, "BillingCodes", dict(each.key), more)
        elif word == "company":
            client = clients[name]
            body = company_body(client, clients.get(client.parent))
            ids[each.id] = _enter(tenant, "Companies", each.key, body)
        elif word == "service":
            service = shared.services[name]
            sold: Body = each.body
            if isinstance(service, Service):
                sold = service_body(service, declared.as_of, currency)
            ids[each.id] = _enter(tenant, each.entity, each.key, sold)
        elif word == "role":
            ids[each.id] = _enter(tenant, "Roles", each.key, each.body)
    for client in clients.values():
        own, parent = (ids.get(f"company:{name}") for name in (client.name, client.parent))
        if own is not None and parent is not None and own not in before:
            tenant.objects["Companies"][own]["parentCompanyID"] = parent
    for found in shared.work_types:
        own = ids.get(f"work_type:{found.name}")
        if own is not None and own not in before:
            code = tenant.objects["BillingCodes"][own]
            code["afterHoursWorkType"] = ids.get(f"work_type:{found.after_hours}")
            kind, value = 0, None
            match found.rate:
                case Times(factor):
                    kind, value = 2, factor
                case Plus(price):
                    kind, value = 1, amount(price, declared.as_of, currency)
                case Fixed(price):
                    kind, value = 3, amount(price, declared.as_of, currency)
                case Flat(price):
                    kind, value = 4, amount(price, declared.as_of, currency)
            tenant.objects["WorkTypeModifiers"][own] = {
                "id": own,
                "modifierType": kind,
                "modifierValue": value,
            }


def prices(compilation: Book, tenant: Tenant) -> None:
    """What a person does once services and roles are there: the price lists in other currencies,
    and the Bulk Service Updater.
    """
    shared = compilation.declared.shared
    roles = {f"role/{role.name}": (role.autotask_name, role.rate) for role in shared.roles}
    services = {f"service/{s.name}": (s.title, s.price) for s in shared.services.values()}
    types = {f"work_type/{w.name}": (w.title, price_of(w.rate)) for w in shared.work_types}
    for each in compilation.objects:
        word, _, rest = each.id.partition(":")
        owner, _, currency = rest.rpartition("/")
        if word != "price" or each.day is not None:
            continue
        title, price = {**roles, **services, **types}[owner]
        assert price is not None
        of, field, rate = {
            "PriceListRoles": ("Roles", "roleID", "hourlyRate"),
            "PriceListServices": ("Services", "serviceID", "unitPrice"),
            "PriceListServiceBundles": ("ServiceBundles", "serviceBundleID", "unitPrice"),
            "PriceListWorkTypeModifiers": ("BillingCodes", "workTypeModifierID", "modifierValue"),
        }[each.entity]
        key = {
            field: tenant.find(of, {"name": title}),
            "currencyID": tenant.find("Currencies", {"name": currency}),
        }
        found = amount(price, compilation.as_of, currency)
        _once(tenant, each.entity, key, {rate: found})
    tenant.update_services()


def _once(tenant: Tenant, entity: str, key: dict[str, Any], more: dict[str, Any]) -> int:
    for number, own in tenant.objects[entity].items():
        if all(own.get(name) == value for name, value in key.items()):
            return number
    return tenant.add(entity, **{**key, **more})


def _label(tenant: Tenant, where: str, label: str) -> int | None:
    """The value of a label, added to its list where it is not there yet."""
    values = tenant.labels[where]
    if label and label not in values.values():
        values[str(100 + len(values))] = label
    return int(next(value for value in values if values[value] == label)) if label else None


def _enter(tenant: Tenant, entity: str, key: Body, body: Body) -> int:
    """What an import or a person enters, with names in place of numbers."""
    row: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, Ref):
            kind, _, wanted = value.id.partition(":")
            row[name] = _named(tenant, kind, wanted)
        elif isinstance(value, Pick):
            row[name] = tenant.picked(f"{value.entity}.{value.field}", value.label)
        else:
            row[name] = json.loads(written(value), parse_float=Decimal)
    assert set(row) <= set(ENTITIES[entity].fields)
    return _once(tenant, entity, {name: row[name] for name in key}, row)


def _named(tenant: Tenant, kind: str, wanted: str) -> int | None:
    """The number of something that a person picks by its name."""
    where = {
        "currency": ("Currencies", "name"),
        "country": ("Countries", "countryCode"),
        "resource": ("Resources", "email"),
        "tax_region": ("TaxRegions", "name"),
        "billing_code": ("BillingCodes", "name"),
    }
    if kind not in where:
        return None
    entity, field = where[kind]
    return tenant.find(entity, {field: wanted.removeprefix("service/")})
