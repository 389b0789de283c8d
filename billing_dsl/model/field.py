"""What the schemas say of a field, found by the way that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from billing_dsl.diagnostics import Route

Schema: TypeAlias = dict[str, Any]


def resolved(reference: str, schemas: Mapping[str, Schema]) -> Schema:
    """What `common.schema.json#/$defs/name` means; the part after `#` may be left out."""
    file, _, inner = reference.partition("#/$defs/")
    schema = schemas[file]
    return dict(schema["$defs"][inner]) if inner else schema


def layers(schema: Schema, schemas: Mapping[str, Schema]) -> Iterator[Schema]:
    """A schema, and those that it takes up: the nearest first, whose words therefore win."""
    yield schema
    if "$ref" in schema:
        yield from layers(resolved(schema["$ref"], schemas), schemas)
    for part in schema.get("allOf", ()):
        yield from layers(part, schemas)


def merged(schema: Schema, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """A schema with those that it takes up written into it."""
    found: dict[str, Any] = {}
    for layer in layers(schema, schemas):
        for key, value in layer.items():
            found.setdefault(key, value)
    return found


@dataclass(frozen=True, slots=True)
class Form:
    """The schema of one kind, with those that it refers to: what may be written where."""

    schema: Schema
    schemas: Mapping[str, Schema]

    def at(self, route: Route) -> dict[str, Any]:
        """What is said of the value at a route; nothing where there is no such field."""
        schema = self.schema
        for step in route:
            if isinstance(step, int):
                schema = merged(schema, self.schemas).get("items", {})
            else:
                others = merged(schema, self.schemas).get("additionalProperties")
                nothing: Schema = others if isinstance(others, dict) else {}
                schema = self._properties(schema).get(step, nothing)
        return merged(schema, self.schemas)

    def fields(self, route: Route) -> tuple[str, ...]:
        """The fields that the mapping at a route may have, in stated order."""
        return tuple(self._properties(self.at(route)))

    def _properties(self, schema: Schema) -> dict[str, Schema]:
        found: dict[str, Schema] = {}
        for layer in layers(schema, self.schemas):
            for name, field in layer.get("properties", {}).items():
                found.setdefault(name, field)
        return found
