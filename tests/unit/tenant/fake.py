"""A small Autotask: it carries out requests as documented, keeps what they make, and shows it.

It knows nothing of the code that it is to try out but the fields that entities have. What it
refuses, it refuses as an error of the test. It writes things its own way: amounts with four
decimals, days as moments, text without blanks around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing_dsl.targets._autotask import ENTITIES, Entity, Type
from billing_dsl.tenant.form import READINGS

Json = dict[str, Any]

DATABASE = "34567"
TAKEN_AT = "2027-01-14T18:05:00Z"

LABELS: Mapping[str, Mapping[str, str]] = {
    "Contracts.contractType": {
        "1": "Time & Materials",
        "3": "Fixed Price",
        "4": "Block Hours",
        "6": "Retainer",
        "7": "Recurring Service",
        "8": "Per Ticket",
    },
    "Contracts.contractCategory": {"10": "Standard", "11": "Yearly"},
    "Contracts.contractPeriodType": {
        "m": "Monthly",
        "q": "Quarterly",
        "s": "Semi-Annual",
        "y": "Yearly",
    },
    "Contracts.status": {"0": "Inactive", "1": "Active"},
    "Services.periodType": {"1": "Monthly", "2": "Quarterly", "3": "Semi-Annual", "4": "Yearly"},
    "ServiceBundles.periodType": {
        "1": "Monthly",
        "2": "Quarterly",
        "3": "Semi-Annual",
        "4": "Yearly",
    },
    "Companies.companyType": {"1": "Customer", "2": "Lead"},
    "ContractBlocks.status": {"0": "Inactive", "1": "Active"},
    "ContractRetainers.status": {"0": "Inactive", "1": "Active"},
    "ContractTicketPurchases.status": {"0": "Inactive", "1": "Active"},
    "ContractCharges.chargeType": {"1": "Operational", "2": "Capitalized"},
    "ContractMilestones.status": {"0": "In Progress", "1": "Ready to Bill", "2": "Billed"},
    "BillingCodes.generalLedgerAccount": {},
}
"""The lists of an English tenant, by values."""

OWNERS = {
    "Contracts": "contractID",
    "ContractExclusionSets": "contractExclusionSetID",
    "ServiceBundles": "serviceBundleID",
}
"""The fields by which children name their parents."""


class RefusedError(AssertionError):
    """What Autotask would not have done."""


class Tenant:
    """Everything that a tenant holds: objects by entity and number."""

    def __init__(self, labels: Mapping[str, Mapping[str, str]] = LABELS) -> None:
        self.objects: dict[str, dict[int, Json]] = {reading.entity: {} for reading in READINGS}
        self.labels = {where: dict(values) for where, values in labels.items()}
        self.changes: dict[tuple[str, int], list[tuple[date, int]]] = {}
        self.last = 1000
        self.calls: list[tuple[str, str]] = []
        self.own_prices: set[int] = set()

    def copy(self) -> Tenant:
        return deepcopy(self)

    # --- what people and programs do

    def add(self, entity: str, **fields: Any) -> int:
        """An object made on a screen."""
        self.last += 1
        self.objects[entity][self.last] = {**fields, "id": self.last}
        return self.last

    def post(self, path: str, body: Json) -> int:
        entity, parent = self._entity(path)
        self._takes(entity, body)
        missing = entity.required - body.keys()
        if missing:
            raise RefusedError(f"{path} without {sorted(missing)}")
        of = OWNERS.get(entity.parent, "")
        if body.get(of, parent) != parent:
            raise RefusedError(f"{path}: {of} is {body[of]}")
        if entity.name.endswith("Adjustments"):
            return self._adjusted(entity, body)
        self._unique(entity, body)
        number = self.add(entity.name, **{name: _kept(entity, name, body[name]) for name in body})
        if entity.name == "ContractServices":
            own = self.objects["ContractServices"][number]
            own["unitPrice"] = self._list_price(own)
        if entity.name == "ContractCharges":
            self.objects["ContractCharges"][number]["isBilled"] = False
        return number

    def patch(self, path: str, body: Json) -> None:
        entity, parent = self._entity(path)
        changed = {name: value for name, value in body.items() if name != "id"}
        self._takes(entity, changed)
        own = self.objects[entity.name].get(body["id"])
        if own is None:
            raise RefusedError(f"PATCH {path} of {body['id']}, which is not there")
        if not entity.updates:
            raise RefusedError(f"PATCH {path}: nothing of it can be changed")
        for name, value in changed.items():
            if entity.fields[name].fixed:
                raise RefusedError(f"PATCH {path}: {name} is fixed")
            if value is None:
                raise RefusedError(f"PATCH {path}: {name} is null")
        if own.get("isBilled"):
            raise RefusedError(f"PATCH {path}: billed")
        of = OWNERS.get(entity.parent, "")
        if own.get(of, parent) != parent:
            raise RefusedError(f"PATCH {path}: it hangs on {own[of]}")
        own |= {name: _kept(entity, name, value) for name, value in changed.items()}

    def delete(self, path: str) -> None:
        route, _, number = path.rpartition("/")
        entity, _ = self._entity(route)
        assert entity.deletes, path
        del self.objects[entity.name][int(number)]

    def carry_out(self, bundle: Json) -> dict[str, int]:
        """Sends every request of a `requests.json`, looking up what nobody sends."""
        made: dict[str, int] = {}
        lookups = {each["id"]: each for each in bundle["lookups"]}

        def number(object_id: str) -> int:
            if object_id not in made:
                each = lookups[object_id]
                made[object_id] = self.find(each["entity"], _resolved(each["key"], value))
            return made[object_id]

        def value(given: Any) -> Any:
            if isinstance(given, dict) and "$ref" in given:
                return number(given["$ref"])
            if isinstance(given, dict):
                entity, field, label = given["$picklist"]
                return self.picked(f"{entity}.{field}", label)
            return given

        for request in bundle["requests"]:
            for need in request["needs"]:
                assert need in made or need in lookups, (request["id"], need)
            path = re.sub(r"\{(.*?)\}", lambda found: str(number(found[1])), request["path"])
            body = _resolved(request["body"], value)
            self.calls.append((request["method"], request["id"]))
            if request["method"] == "POST":
                made[request["id"]] = self.post(path, body)
            else:
                assert request["method"] == "PATCH"
                self.patch(path, body)
        return made

    def picked(self, where: str, label: str) -> int | str:
        [value] = [value for value, each in self.labels[where].items() if each == label]
        return int(value) if value.isdigit() else value

    def find(self, entity: str, key: Json) -> int:
        """The one object that has a key."""
        found = [
            number
            for number, own in self.objects[entity].items()
            if all(own.get(name) == value for name, value in key.items())
        ]
        if len(found) != 1:
            raise RefusedError(f"{len(found)} of {entity} are {key}")
        return found[0]

    # --- what is refused

    def _entity(self, path: str) -> tuple[Entity, int | None]:
        parts = path.removeprefix("/V1.0/").split("/")
        if len(parts) == 1:
            return ENTITIES[parts[0]], None
        owner, number, segment = parts
        [entity] = [e for e in ENTITIES.values() if (e.parent, e.segment) == (owner, segment)]
        if int(number) not in self.objects[owner]:
            raise RefusedError(f"{path}: no such {owner}")
        return entity, int(number)

    def _takes(self, entity: Entity, body: Json) -> None:
        for name, value in body.items():
            field = entity.fields[name]
            if field.refers_to and value not in self.objects[field.refers_to]:
                raise RefusedError(f"{entity.name}.{name} is {value}: no such {field.refers_to}")
            if field.picklist and name != "timeReportingRequiresStartAndStopTimes":
                fits = str(value) in self.labels[f"{entity.name}.{name}"]
            elif field.type is Type.DAY:
                fits = re.fullmatch(r"[0-9-]{10}T00:00:00Z", value) is not None
            else:
                fits = isinstance(value, _JSON[field.type])
            if not fits:
                raise RefusedError(f"{entity.name}.{name} is {value!r}")

    def _unique(self, entity: Entity, body: Json) -> None:
        keys = {
            "ContractExclusionSets": ["name"],
            "Services": ["name"],
            "ServiceBundles": ["name"],
            "Roles": ["name"],
            "ContractNotes": ["contractID", "title"],
            "ContractRates": ["contractID", "roleID"],
            "ContractBlockHourFactors": ["contractID", "roleID"],
            "ContractExclusionRoles": ["contractID", "roleID"],
            "ContractExclusionBillingCodes": ["contractID", "billingCodeID"],
            "ContractExclusionSetExcludedRoles": ["contractExclusionSetID", "excludedRoleID"],
            "ContractExclusionSetExcludedWorkTypes": [
                "contractExclusionSetID",
                "excludedWorkTypeID",
            ],
            "ServiceBundleServices": ["serviceBundleID", "serviceID"],
            "ContractServices": ["contractID", "serviceID"],
            "ContractServiceBundles": ["contractID", "serviceBundleID"],
        }.get(entity.name)
        if keys is None:
            return
        for own in self.objects[entity.name].values():
            if all(own.get(name) == body[name] for name in keys):
                raise RefusedError(
                    f"{entity.name}: {[body[name] for name in keys]} is there already"
                )

    # --- units and prices of services

    def _adjusted(self, entity: Entity, body: Json) -> int:
        bundle = "Bundle" if "Bundle" in entity.name else ""
        number = body[f"contractService{bundle}ID"]
        change = date.fromisoformat(body["effectiveDate"][:10]), body.get("unitChange", 0)
        self.changes.setdefault((f"ContractService{bundle}s", number), []).append(change)
        if "adjustedUnitPrice" in body:
            own = self.objects["ContractServices"][number]
            own["unitPrice"] = _amount(body["adjustedUnitPrice"])
            self.own_prices.add(number)
        self.last += 1
        return self.last

    def _list_price(self, sold: Json) -> Decimal | None:
        contract = self.objects["Contracts"][sold["contractID"]]
        currency = self.objects["Companies"][contract["companyID"]].get("currencyID")
        for row in self.objects["PriceListServices"].values():
            if (row["serviceID"], row["currencyID"]) == (sold["serviceID"], currency):
                price: Decimal | None = row["unitPrice"]
                return price
        own: Decimal | None = self.objects["Services"][sold["serviceID"]].get("unitPrice")
        return own

    def update_services(self) -> None:
        """The Bulk Service Updater: contracts get the list's price where they have none of their
        own.
        """
        for number, own in self.objects["ContractServices"].items():
            if number not in self.own_prices:
                own["unitPrice"] = self._list_price(own)

    def units(self, entity: str, number: int, day: date) -> int:
        """The units of a contract service on a day."""
        return sum(more for first, more in self.changes.get((entity, number), []) if first <= day)

    def _unit_rows(self, entity: str) -> Iterator[Json]:
        """A row for each period of a year, cut at each adjustment."""
        field = "contractServiceID" if entity == "ContractServices" else "contractServiceBundleID"
        for number, own in self.objects[entity].items():
            contract = self.objects["Contracts"][own["contractID"]]
            first, last = (_day(contract[name]) for name in ("startDate", "endDate"))
            changes = self.changes.get((entity, number), [])
            years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
            cuts = sorted({first, *years, *(day for day, _ in changes if first < day <= last)})
            for start, after in zip(cuts, [*cuts[1:], last + timedelta(days=1)], strict=True):
                yield {
                    field: number,
                    "startDate": f"{start}T00:00:00",
                    "endDate": f"{after - timedelta(days=1)}T00:00:00",
                    "units": self.units(entity, number, start),
                }

    # --- what it shows

    def snapshot(self, **changed: Any) -> Json:
        """What a flow that follows `billing-dsl snapshot` would have written."""
        objects: dict[str, list[Json]] = {}
        for reading in READINGS:
            rows = list(self.objects[reading.entity].values())
            if reading.entity in ("ContractServiceUnits", "ContractServiceBundleUnits"):
                of = reading.entity.removesuffix("Units") + "s"
                rows = [{"id": n, **row} for n, row in enumerate(self._unit_rows(of), 1)]
            names = ["id", *reading.fields]
            objects[reading.entity] = [{name: row.get(name) for name in names} for row in rows]
        lists: Json = {}
        for where, values in self.labels.items():
            entity, _, field = where.partition(".")
            lists.setdefault(entity, {})[field] = [
                {"value": value, "label": label, "active": True} for value, label in values.items()
            ]
        return {
            "version": 1,
            "tool": "billing_dsl snapshot",
            "tenant": {"database": DATABASE, "name": "The Firm"},
            "taken_at": TAKEN_AT,
            "picklists": lists,
            "counts": {entity: len(rows) for entity, rows in objects.items()},
            "objects": objects,
            **changed,
        }


_JSON: Mapping[Type, type | tuple[type, ...]] = {
    Type.TEXT: str,
    Type.BOOLEAN: bool,
    Type.INTEGER: int,
    Type.DECIMAL: (int, Decimal),
}


def as_text(value: Any) -> bytes:
    """A snapshot as a file holds it; amounts are numbers, digit by digit."""
    numbers: dict[str, str] = {}

    def marked(inner: Any) -> Any:
        if isinstance(inner, dict):
            return {key: marked(each) for key, each in inner.items()}
        if isinstance(inner, list):
            return [marked(each) for each in inner]
        if isinstance(inner, Decimal):
            mark = f"number {len(numbers)}!"
            numbers[json.dumps(mark)] = f"{inner:f}"
            return mark
        return inner

    text = json.dumps(marked(value), ensure_ascii=False)
    return re.sub(r'"number \d+!"', lambda found: numbers[found[0]], text).encode()


def _resolved(value: Any, leaf: Any) -> Any:
    """A body with every reference and label replaced."""
    return {name: leaf(each) for name, each in value.items()}


def _kept(entity: Entity, name: str, value: Any) -> Any:
    """A value as the server keeps it."""
    field = entity.fields[name]
    if field.type is Type.DECIMAL:
        return _amount(value)
    if field.type is Type.DAY:
        return value.replace("Z", ".000")
    return value.strip() if isinstance(value, str) else value


def _amount(value: int | Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("0.0001"))


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
