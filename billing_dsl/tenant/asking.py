"""What reads a tenant: the requests, the words for people, and the form as a JSON Schema."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from billing_dsl.targets._autotask import Field, Type
from billing_dsl.tenant.form import LARGEST, READINGS, TOOL, VERSION, Reading

EVERYTHING = {"filter": [{"op": "gte", "field": "id", "value": 0}]}
"""A filter is required; this one lets every object pass."""

ZONE = "https://webservices.autotask.net/atservicesrest/v1.0/ZoneInformation"


def requests() -> Iterator[Mapping[str, Any]]:
    """Every request that reads a tenant, in order; `into` is where in the snapshot its answer goes.

    Paths are those of the vendor's description, below the address that `ZoneInformation` gives.
    """
    for reading in READINGS:
        path = f"/V1.0/{reading.entity}"
        if reading.lists:
            yield {
                "method": "GET",
                "path": f"{path}/entityInformation/fields",
                "into": f"picklists.{reading.entity}",
                "fields": list(reading.lists),
            }
        yield {
            "method": "POST",
            "path": f"{path}/query/count",
            "body": EVERYTHING,
            "into": f"counts.{reading.entity}",
        }
        yield {
            "method": "POST",
            "path": f"{path}/query",
            "body": {**EVERYTHING, "includeFields": ["id", *reading.fields], "maxRecords": 500},
            "into": f"objects.{reading.entity}",
        }


def requests_text() -> str:
    """The requests as JSON, one to a line."""
    rows = ",\n".join(f"  {json.dumps(each)}" for each in requests())
    return f'{{"version": 1,\n "requests": [\n{rows}\n ]}}\n'


def description() -> str:
    """What a snapshot is, how it is taken and how it is checked, for people."""
    entities = "\n".join(_entity(reading) for reading in READINGS)
    return f"{_HEAD}\n{entities}\n\n{_TAIL}"


_HEAD = f"""\
A snapshot is one JSON file that tells what an Autotask tenant holds: the values
of its lists, and its objects with their numbers. With it, `compile --tenant`
puts the tenant's own numbers into requests.json, does not make again what is
there, and changes what differs. This tool never talks to Autotask: take the
snapshot with whatever does, a script, n8n or Power Automate.

The form

  {{"version": {VERSION},
   "tool": "{TOOL}",
   "tenant": {{"database": "34567", "name": "Northwind IT"}},
   "taken_at": "2027-01-14T18:05:00Z",
   "picklists": {{"Contracts": {{"contractType": [
     {{"value": "7", "label": "Recurring Service", "active": true}}]}}}},
   "counts": {{"Contracts": 31}},
   "objects": {{"Contracts": [{{"id": 1187, "contractName": "Managed"}}]}}}}

  tenant.database  the `ci` that ZoneInformation gives; settings name it too,
                   as `autotask: {{tenant: "34567"}}`
  taken_at         the moment, in UTC, at which the reading began
  picklists        for each entity and list: value, label and isActive of its
                   picklistValues, as `value`, `label` and `active`
  counts           how many objects query/count says there are
  objects          the objects as they are answered: leave every field as it is,
                   null where it is null; a field that is left out is not known

How to take it

  1. Ask {ZONE}
     ?user=USER for the address and the `ci`; send the headers
     ApiIntegrationCode, UserName and Secret from then on.
  2. For each entity below: GET /V1.0/ENTITY/entityInformation/fields where
     lists are named, POST /V1.0/ENTITY/query/count, POST /V1.0/ENTITY/query.
     `billing-dsl snapshot --requests` prints them all, ready to send. Where the
     tenant refuses an entity, as price lists without several currencies, leave
     it out: what then is not known is told.
  3. A query answers 500 objects at most: follow pageDetails.nextPageUrl, on the
     same host alone, until it is null. Use a login that may see all contracts:
     what it may not see is missing, and is not counted either.
  4. Write the file in one go, as UTF-8. It may have {LARGEST >> 20} MiB at most.

What is read
"""

_TAIL = """\
How to check it

  billing-dsl snapshot --check FILE       is it whole?
  billing-dsl snapshot --check FILE DIR   of the right tenant, new enough, and
                                          how much of the catalogue is there?
  billing-dsl snapshot --schema           its JSON Schema
"""


def _entity(reading: Reading) -> str:
    lists = f" Lists: {', '.join(reading.lists)}." if reading.lists else ""
    told = f"{', '.join(['id', *reading.fields])}.{lists}"
    lines = textwrap.fill(told, 80, initial_indent="    ", subsequent_indent="    ")
    return f"  {reading.entity}: {reading.why}\n{lines}"


# --- the form as a JSON Schema -------------------------------------------------------------------

_TYPES: Mapping[Type, dict[str, Any]] = {
    Type.TEXT: {"type": ["string", "null"]},
    Type.INTEGER: {"type": ["integer", "null"]},
    Type.DECIMAL: {"type": ["number", "null"]},
    Type.BOOLEAN: {"type": ["boolean", "null"]},
    Type.DAY: {
        "type": ["string", "null"],
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,}(Z|[+-][0-9]{2}:?[0-9]{2})?)?$",
    },
}
_PICKED: dict[str, Any] = {"type": ["integer", "string", "null"]}


def schema() -> str:
    """The JSON Schema of a snapshot: what a single file can be held to."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Snapshot of an Autotask tenant",
        "description": "What `billing-dsl compile --tenant` reads. Written from the tool's own "
        "list of what is read; whether counts fit and ids are unique is beyond a schema.",
        "type": "object",
        "required": ["version", "tool", "tenant", "taken_at", "picklists", "counts", "objects"],
        "properties": {
            "version": {"const": VERSION},
            "tool": {"const": TOOL},
            "tenant": {
                "type": "object",
                "required": ["database"],
                "properties": {
                    "database": {
                        "description": "The `ci` that ZoneInformation gives.",
                        "type": ["string", "integer"],
                        "minLength": 1,
                    },
                    "name": {"type": ["string", "null"]},
                },
            },
            "taken_at": {
                "description": "The moment at which the reading began, with its time zone.",
                "type": "string",
                "format": "date-time",
            },
            "picklists": {
                "type": "object",
                "properties": {
                    reading.entity: _lists(reading) for reading in READINGS if reading.lists
                },
            },
            "counts": {
                "description": "How many objects `query/count` said there are.",
                "type": "object",
                "properties": {
                    reading.entity: {"type": "integer", "minimum": 0} for reading in READINGS
                },
            },
            "objects": {
                "type": "object",
                "properties": {reading.entity: _objects(reading) for reading in READINGS},
            },
        },
        "$defs": {
            "list": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["value", "label", "active"],
                    "properties": {
                        "value": {"type": ["string", "integer"]},
                        "label": {"type": "string"},
                        "active": {"type": "boolean"},
                    },
                },
            }
        },
    }


def _lists(reading: Reading) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"$ref": "#/$defs/list"} for name in reading.lists},
    }


def _objects(reading: Reading) -> dict[str, Any]:
    fields = {name: _field(known) for name, known in reading.fields.items()}
    return {
        "description": f"{reading.why[:1].upper()}{reading.why[1:]}.",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer", "minimum": 0}, **fields},
        },
    }


def _field(known: Field) -> dict[str, Any]:
    if known.picklist and known.type is Type.INTEGER:
        return _PICKED
    return _TYPES[known.type]
