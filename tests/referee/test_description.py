"""The judge itself: it takes what is right, and names each thing that is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from billing_dsl.targets._autotask import ENTITIES, Field, Type, path
from tests.referee.description import ONE_OF, Description, Request, parsed

pytestmark = pytest.mark.referee

BLOCK = Request(
    "POST",
    "/V1.0/Contracts/{contract:acme/block}/Blocks",
    parsed(
        """{"contractID": {"$ref": "contract:acme/block"}, "datePurchased": "2027-01-01T00:00:00Z",
        "startDate": "2027-01-01T00:00:00Z", "endDate": "2027-12-31T00:00:00Z", "hours": 40,
        "hourlyRate": 78.00, "status": {"$picklist": ["ContractBlocks", "status", "Active"]},
        "paymentNumber": "4711"}"""
    ),
)
KNOWN = {
    "contract:acme/block": "Contracts",
    "contract:acme/hourly": "Contracts",
    "role:engineer": "Roles",
    "block:acme/block/1": "ContractBlocks",
    "exclusion:acme/block/role/engineer": "ContractExclusionRoles",
}


def block(**changed: Any) -> Request:
    """The request with some fields otherwise; None leaves one out."""
    body = {**BLOCK.body, **changed}
    return replace(BLOCK, body={name: value for name, value in body.items() if value is not None})


def picked(entity: str, field: str, label: str) -> Mapping[str, Any]:
    return {"$picklist": [entity, field, label]}


def test_a_request_that_is_right(description: Description) -> None:
    assert list(description.faults(BLOCK, KNOWN)) == []


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        (block(hourRate=78), ["Additional properties are not allowed ('hourRate' was unexpected)"]),
        (block(HourlyRate=78), ["('HourlyRate' was unexpected)"]),
        (block(soapParentPropertyId=1), ["('soapParentPropertyId' was unexpected)"]),
        (block(id=5), ["id is for Autotask to fill in"]),
        (block(hoursApproved=1), ["hoursApproved is for Autotask to fill in"]),
        (block(hours="40"), ["hours.'40' is not of type 'number'"]),
        (block(hours=True), ["hours.True is not of type 'number'"]),
        (block(paymentNumber=4711), ["paymentNumber.4711 is not of type 'string'"]),
        (block(startDate="2027-01-01"), ["startDate.'2027-01-01' is not a 'date-time'"]),
        (block(startDate="2027-01-01T00:00:00"), ["'2027-01-01T00:00:00' is not a 'date-time'"]),
        (block(startDate="2027-02-30T00:00:00Z"), ["startDate.'2027-02-30T00:00:00Z' is not a"]),
        (block(status=2**31), ["status.2147483648 is not a 'int32'"]),
        (block(contractID=2**63), ["is not a 'int32'", "contractID is a number that only"]),
        (block(hours=None), ["hours is required"]),
        (block(hours=None, endDate=None), ["endDate is required", "hours is required"]),
        (block(paymentNumber="1" * 51), ["paymentNumber takes 50 characters"]),
        (block(contractID=5), ["contractID is a number that only the tenant knows"]),
        (block(contractID={"$ref": "contract:x"}), ["is none of Contracts", "another parent"]),
        (
            block(contractID={"$ref": "role:engineer"}),
            ["contractID: `role:engineer` is none of Contracts", "another parent"],
        ),
        (
            block(contractID={"$ref": "contract:acme/hourly"}),
            ["contractID is another parent than that of the path"],
        ),
        (block(hours={"$ref": "role:engineer"}), ["hours: it refers to nothing"]),
        (block(hours=picked("ContractBlocks", "hours", "x")), ["hours: it is no picklist"]),
        (block(status=picked("Contracts", "status", "x")), ["status: the picklist is that of"]),
        (block(status=picked("ContractBlocks", "status", "")), ["status: the picklist is that of"]),
        (block(status={"label": "x"}), ["status: an object is neither a reference nor of a"]),
        (block(paymentNumber={}), ["paymentNumber: an object is neither a reference nor"]),
        (replace(BLOCK, body=[]), ["the body is no object"]),
        (replace(BLOCK, body=None), ["no body"]),
        (replace(BLOCK, path="/V1.0/ContractBlocks"), ["there is no path /V1.0/ContractBlocks"]),
        (
            replace(BLOCK, path=BLOCK.path.lower()),
            ["there is no path /v1.0/contracts/{}/blocks"],
        ),
        (
            replace(BLOCK, path="/atservicesrest" + BLOCK.path),
            ["there is no path /atservicesrest/V1.0/Contracts/{}/Blocks"],
        ),
        (replace(BLOCK, method="DELETE"), ["no DELETE on /V1.0/Contracts/{parentId}/Blocks"]),
        (
            replace(BLOCK, path="/V1.0/Contracts/{role:engineer}/Blocks"),
            ["`role:engineer` in the path is none of Contracts", "another parent"],
        ),
        (
            Request("POST", "/V1.0/TimeEntries", {}),
            ["/V1.0/TimeEntries is no route of ours"],
        ),
        (Request("POST", "/V1.0/WorkTypeModifiers", {}), ["no POST on /V1.0/WorkTypeModifiers"]),
        (Request("POST", "/V1.0/BillingCodes", {}), ["there is no path /V1.0/BillingCodes"]),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_named(
    description: Description, request_: Request, faults: list[str]
) -> None:
    found = list(description.faults(request_, KNOWN))
    assert len(found) == len(faults), found
    for fault, part in zip(found, faults, strict=True):
        assert part in fault


def test_what_is_required_of_some(description: Description) -> None:
    body = {
        name: value("ContractCharges", name, field)
        for name, field in ENTITIES["ContractCharges"].fields.items()
        if field.required
    }
    request = Request("POST", "/V1.0/Contracts/{parent}/Charges", body)
    [fault] = description.faults(request, {"parent": "Contracts"})
    assert fault == "one of [('billingCodeID',), ('productID',)] is required"
    fields = ENTITIES["Contracts"].fields.items()
    body = {name: value("Contracts", name, field) for name, field in fields if field.required}
    known = {"an Companies": "Companies"}
    assert list(description.faults(Request("POST", "/V1.0/Contracts", body), known)) == []
    body["contractType"] = picked("Contracts", "contractType", "Recurring Service")
    [fault] = description.faults(Request("POST", "/V1.0/Contracts", body), known)
    assert fault == "contractPeriodType is required of recurring services"


CONTRACT = {"id": {"$ref": "contract:acme/block"}, "isDefaultContract": False}


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        (Request("PATCH", "/V1.0/Contracts", CONTRACT), []),
        (
            Request("PATCH", "/V1.0/Contracts/{contract:acme/block}", CONTRACT),
            ["no PATCH on /V1.0/Contracts/{id}"],
        ),
        (
            Request("PATCH", "/V1.0/Contracts", {"isDefaultContract": False}),
            ["this updates nothing"],
        ),
        (Request("PATCH", "/V1.0/Contracts", {"id": CONTRACT["id"]}), ["this updates nothing"]),
        (
            Request("PATCH", "/V1.0/Contracts", {**CONTRACT, "id": {"$ref": "role:engineer"}}),
            ["id: `role:engineer` is none of Contracts"],
        ),
        (
            Request(
                "PATCH",
                "/V1.0/Contracts",
                {**CONTRACT, "exclusionContractID": {"$ref": "contract:acme/hourly"}},
            ),
            ["exclusionContractID never changes"],
        ),
        (
            Request(
                "PATCH",
                "/V1.0/Contracts/{contract:acme/block}/ExclusionRoles",
                {"id": {"$ref": "exclusion:acme/block/role/engineer"}},
            ),
            ["no PATCH on /V1.0/Contracts/{parentId}/ExclusionRoles"],
        ),
        (
            Request(
                "DELETE",
                "/V1.0/Contracts/{contract:acme/block}/ExclusionRoles"
                "/{exclusion:acme/block/role/engineer}",
            ),
            [],
        ),
        (
            Request(
                "DELETE",
                "/V1.0/Contracts/{contract:acme/block}/ExclusionRoles/{block:acme/block/1}",
            ),
            ["`block:acme/block/1` in the path is none of ContractExclusionRoles"],
        ),
        (
            Request(
                "DELETE",
                "/V1.0/Contracts/{contract:acme/block}/ExclusionRoles"
                "/{exclusion:acme/block/role/engineer}",
                {},
            ),
            ["a body where none is taken"],
        ),
        (
            Request("DELETE", "/V1.0/Contracts/{contract:acme/block}/Blocks/{block:acme/block/1}"),
            ["no DELETE on /V1.0/Contracts/{parentId}/Blocks/{id}"],
        ),
    ],
    ids=lambda value: ", ".join(value) or "right" if isinstance(value, list) else "",
)
def test_updates_and_deletes(
    description: Description, request_: Request, faults: list[str]
) -> None:
    assert list(description.faults(request_, KNOWN)) == faults


@pytest.mark.parametrize(
    ("entity", "key", "faults"),
    [
        ("ContractBlocks", {"contractID": {"$ref": "contract:x"}}, []),
        ("Roles", {"name": "Engineer"}, []),
        ("ContractServiceAdjustments", {"contractServiceID": {"$ref": "x"}}, []),
        (
            "ContractServiceAdjustments",
            {"effectiveDate": "2027-01-01T00:00:00Z"},
            ["effectiveDate"],
        ),
        ("Roles", {"Name": "Engineer"}, ["'Name' was unexpected"]),
        ("Roles", {"name": 5}, ["name.5 is not of type 'string'"]),
        ("Roles", {}, ["there is nothing to look for"]),
        ("Ledgers", {"name": "x"}, ["Ledgers cannot be queried"]),
    ],
)
def test_keys(
    description: Description, entity: str, key: Mapping[str, Any], faults: list[str]
) -> None:
    found = list(description.key_faults(entity, key))
    assert len(found) == len(faults), found
    for fault, part in zip(found, faults, strict=True):
        assert part in fault


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": Infinity}', "{'a': 1}"])
def test_what_is_no_json_or_says_a_thing_twice(text: str) -> None:
    with pytest.raises(ValueError, match=r"twice|no JSON|property name"):
        parsed(text)


def test_another_description_is_not_taken() -> None:
    with pytest.raises(ValueError, match="another description"):
        Description(b"{}")


DESCRIBED: Mapping[Type, set[tuple[str, str | None]]] = {
    Type.INTEGER: {("integer", "int32"), ("integer", "int64")},
    Type.DECIMAL: {("number", "double")},
    Type.TEXT: {("string", None)},
    Type.BOOLEAN: {("boolean", None)},
    Type.DAY: {("string", "date-time")},
}


@pytest.mark.parametrize("name", ENTITIES)
def test_our_table_holds_the_vendors_routes_fields_and_types(
    description: Description, name: str
) -> None:
    entity = ENTITIES[name]
    route = Request("POST", path(name, "")).route
    operations = description.paths[route]
    assert "post" in operations
    assert ("patch" in operations) == entity.updates
    assert ("delete" in description.paths.get(f"{route}/{{}}", {})) == entity.deletes
    fields = description.fields(operations["post"])
    for field, ours in entity.fields.items():
        theirs = fields[field]
        assert (theirs["type"], theirs.get("format")) in DESCRIBED[ours.type], field


WRONG: Mapping[Type, tuple[object, ...]] = {
    Type.INTEGER: (None, [], {}, "5", True, parsed("5.5")),
    Type.DECIMAL: (None, [], {}, "78.00", True),
    Type.TEXT: (None, [], {}, 5, True),
    Type.BOOLEAN: (None, [], {}, "true", 1),
    Type.DAY: (None, [], {}, 5, "2027-01-01", "2027-01-01T00:00:00", "1 Jan 2027", ""),
}
"""What a field of a type never takes."""


@pytest.mark.parametrize("name", ENTITIES)
def test_every_field_of_an_entity_is_judged(description: Description, name: str) -> None:
    """Whichever entity: each field misspelt, of another type or left out is refused."""
    entity = ENTITIES[name]
    route = path(name, "parent")
    entities = {"parent": entity.parent, **{f"an {each}": each for each in referred()}}
    right = {field: value(name, field, ours) for field, ours in entity.fields.items()}

    def faults(body: Mapping[str, Any]) -> list[str]:
        return list(description.faults(Request("POST", route, body), entities))

    assert faults(right) == []
    for field, ours in entity.fields.items():
        rest = {other: right[other] for other in right if other != field}
        assert faults(rest) == required_of(name, field)
        for wrong in (field[0].upper() + field[1:], f"{field}s", f"{field} "):
            assert any("unexpected" in fault for fault in faults({**right, wrong: right[field]}))
        for wrong_value in WRONG[ours.type]:
            assert faults({**right, field: wrong_value}) != [], (field, wrong_value)
        if ours.longest is not None:
            assert faults({**right, field: "x" * ours.longest}) == []
            assert faults({**right, field: "x" * (ours.longest + 1)}) == [
                f"{field} takes {ours.longest} characters"
            ]


def required_of(entity: str, field: str) -> list[str]:
    """What is said where a field is left out."""
    needed = [f"{field} is required"] if ENTITIES[entity].fields[field].required else []
    some = ONE_OF.get(entity, [()])
    has = ENTITIES[entity].fields.keys() - {field}
    return needed if any(set(each) <= has for each in some) else [f"one of {some} is required"]


def referred() -> set[str]:
    return {field.refers_to for each in ENTITIES.values() for field in each.fields.values()}


def value(entity: str, name: str, field: Field) -> object:
    """A value that a field takes."""
    if field.refers_to:
        own = field.refers_to == ENTITIES[entity].parent
        return {"$ref": "parent" if own else f"an {field.refers_to}"}
    if field.picklist:
        return picked(entity, name, "x")
    return {
        Type.INTEGER: 5,
        Type.DECIMAL: parsed("78.0025"),
        Type.TEXT: "text",
        Type.BOOLEAN: False,
        Type.DAY: "2027-01-01T00:00:00Z",
    }[field.type]
