"""The table of fields: what fits an entity, and why the rest does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing_dsl.targets._autotask import ENTITIES, Misfit, misfits, path
from billing_dsl.targets._labels import Entry, fields, label, said
from billing_dsl.targets._objects import Draft, Lane, placed
from billing_dsl.targets._values import Body, Pick, Ref, Value

ROLE: Body = {
    "name": "Engineer",
    "hourlyRate": Decimal("85.00"),
    "hourlyFactor": Decimal(1),
    "isActive": True,
}


def test_a_body_that_fits() -> None:
    assert list(misfits("Roles", ROLE)) == []


def test_every_child_has_a_parent_that_can_be_made() -> None:
    for entity in ENTITIES.values():
        assert not entity.parent or entity.parent in ENTITIES
        assert entity.fields


def test_only_what_is_made_below_a_parent_names_it_in_its_route() -> None:
    assert path("Roles", "") == "/V1.0/Roles"
    assert path("ContractRates", "contract:a/b") == "/V1.0/Contracts/{contract:a/b}/Rates"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", 5, "no such field can be written"),
        ("name", "x" * 201, "201 characters, Autotask takes 200"),
        ("name", 5, "expected a value of type text"),
        ("name", Ref("role:x"), "expected a value of type text"),
        ("hourlyRate", "85", "expected a value of type decimal"),
        ("hourlyRate", True, "expected a value of type decimal"),
        ("hourlyRate", date(2027, 1, 1), "expected a value of type decimal"),
        ("isActive", 1, "expected a value of type boolean"),
        ("isActive", Pick("Roles", "isActive", "Yes"), "expected a value of type boolean"),
        ("quoteItemDefaultTaxCategoryId", 7, "expected a value of type integer"),
    ],
)
def test_a_value_that_does_not_fit(field: str, value: Value, reason: str) -> None:
    [found] = misfits("Roles", {**ROLE, field: value})
    assert (found.field, found.reason) == (field, reason)


def test_whole_numbers_and_days() -> None:
    body: dict[str, Value] = {"effectiveDate": date(2027, 1, 1), "unitChange": Decimal("2.0")}
    assert list(misfits("ContractServiceAdjustments", body)) == []
    body["unitChange"] = Decimal("2.5")
    [found] = misfits("ContractServiceAdjustments", body)
    assert found == Misfit("unitChange", "Autotask takes whole numbers only", required=False)


def test_what_is_required_has_to_be_there() -> None:
    [found] = misfits("Roles", {name: v for name, v in ROLE.items() if name != "hourlyFactor"})
    assert found.required
    assert found.field == "hourlyFactor"


def draft(entity: str, body: Body, must: frozenset[str] = frozenset()) -> Draft:
    return Draft("role:x", entity, "X", "", "", body, {}, must)


def test_an_object_goes_by_the_api_where_it_fits() -> None:
    found = placed(draft("Roles", ROLE))
    assert (found.lane, found.body, found.values, found.needs) == (Lane.API, ROLE, (), ())


def test_what_is_optional_and_does_not_fit_is_left_to_a_person() -> None:
    found = placed(draft("Roles", {**ROLE, "description": "x" * 201}))
    assert (found.lane, found.body) == (Lane.API, ROLE)
    assert found.values == (Entry("description", "x" * 201, "201 characters, Autotask takes 200"),)


def test_what_is_required_and_does_not_fit_leaves_everything_to_a_person() -> None:
    found = placed(draft("Roles", {**ROLE, "name": "x" * 201}))
    assert found.lane is Lane.MANUAL
    assert found.reasons == ("name: 201 characters, Autotask takes 200",)
    assert found.body["hourlyRate"] == Decimal("85.00")
    assert found.values == ()


def test_what_means_nothing_without_a_field_is_left_to_a_person() -> None:
    body: Body = {"effectiveDate": date(2027, 1, 1), "unitChange": Decimal("2.5")}
    assert placed(draft("ContractServiceAdjustments", body)).lane is Lane.API
    whole = placed(draft("ContractServiceAdjustments", body, frozenset({"unitChange"})))
    assert whole.lane is Lane.MANUAL
    fits: Body = {**body, "unitChange": Decimal("2.0")}
    assert placed(draft("ContractServiceAdjustments", fits)).body["unitChange"] == 2


def test_what_is_made_later_is_left_to_a_person() -> None:
    found = placed(draft("Roles", ROLE), date(2027, 3, 1))
    assert (found.lane, found.day, found.reasons) == (Lane.MANUAL, date(2027, 3, 1), ())


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("overageBillingRate", "overage rate"),
        ("billingCodeID", "billing code"),
        ("internalDescription", "internal description"),
    ],
)
def test_fields_in_words(field: str, told: str) -> None:
    assert label(field) == told


@pytest.mark.parametrize(
    ("entity", "field", "value", "told"),
    [
        ("Roles", "hourlyRate", Decimal("85"), "85.00 CHF"),
        ("Roles", "hourlyFactor", Decimal("1.50"), "1.5"),
        ("Roles", "isActive", True, "yes"),
        ("Contracts", "timeReportingRequiresStartAndStopTimes", 0, "no"),
        ("Contracts", "startDate", date(2027, 1, 1), "2027-01-01"),
        ("Contracts", "contractType", Pick("Contracts", "contractType", "Retainer"), "Retainer"),
        ("Contracts", "exclusionContractID", Ref("contract:a/b"), "a – b"),
        ("Companies", "countryID", Ref("country:IT"), "Italy"),
        ("Companies", "currencyID", Ref("currency:EUR"), "EUR"),
        ("Companies", "ownerResourceID", Ref("resource:ann@firm.example"), "ann@firm.example"),
        ("ContractServiceAdjustments", "unitChange", 3, "3"),
        ("", "anything", "as it is", "as it is"),
    ],
)
def test_values_as_a_person_enters_them(entity: str, field: str, value: Value, told: str) -> None:
    assert said(entity, field, value, "CHF", {"contract:a/b": "a – b"}) == told


def test_what_a_screen_knows_is_not_entered_again() -> None:
    here = Ref("contract:a/b")
    body: Body = {"contractID": here, "exclusionContractID": here, "allowRepeatService": False}
    assert list(fields(body, "contract:a/b")) == [("exclusionContractID", here)]


ROUTES = {
    "Roles": "/V1.0/Roles",
    "Services": "/V1.0/Services",
    "ServiceBundles": "/V1.0/ServiceBundles",
    "ServiceBundleServices": "/V1.0/ServiceBundles/{x}/Services",
    "Companies": "/V1.0/Companies",
    "ContractExclusionSets": "/V1.0/ContractExclusionSets",
    "ContractExclusionSetExcludedWorkTypes": "/V1.0/ContractExclusionSets/{x}/ExcludedWorkTypes",
    "ContractExclusionSetExcludedRoles": "/V1.0/ContractExclusionSets/{x}/ExcludedRoles",
    "Contracts": "/V1.0/Contracts",
    "ContractExclusionBillingCodes": "/V1.0/Contracts/{x}/ExclusionBillingCodes",
    "ContractExclusionRoles": "/V1.0/Contracts/{x}/ExclusionRoles",
    "ContractServices": "/V1.0/Contracts/{x}/Services",
    "ContractServiceBundles": "/V1.0/Contracts/{x}/ServiceBundles",
    "ContractServiceAdjustments": "/V1.0/Contracts/{x}/ServiceAdjustments",
    "ContractServiceBundleAdjustments": "/V1.0/Contracts/{x}/ServiceBundleAdjustments",
    "ContractBlocks": "/V1.0/Contracts/{x}/Blocks",
    "ContractCharges": "/V1.0/Contracts/{x}/Charges",
    "ContractRetainers": "/V1.0/Contracts/{x}/Retainers",
    "ContractTicketPurchases": "/V1.0/Contracts/{x}/TicketPurchases",
    "ContractMilestones": "/V1.0/Contracts/{x}/Milestones",
    "ContractRates": "/V1.0/Contracts/{x}/Rates",
    "ContractBlockHourFactors": "/V1.0/Contracts/{x}/BlockHourFactors",
    "ContractNotes": "/V1.0/Contracts/{x}/Notes",
}
"""Where the vendor's description of the API takes each entity; elsewhere it answers 404."""

KEPT = {name for name in ROUTES if "{x}" in ROUTES[name]} - {
    *("ContractServices", "ContractServiceBundles", "ContractBlocks", "ContractCharges"),
    *("ContractRetainers", "ContractTicketPurchases", "ContractMilestones", "ContractRates"),
    *("ContractBlockHourFactors", "ContractNotes"),
}
"""What can be created and never updated."""


def test_entities_are_written_where_the_api_takes_them() -> None:
    assert {name: path(name, "x") for name in ENTITIES} == ROUTES
    assert {entity.name for entity in ENTITIES.values() if not entity.updates} == KEPT
    assert {entity.name for entity in ENTITIES.values() if entity.deletes} == {
        *("ServiceBundles", "ServiceBundleServices", "ContractExclusionSets", "ContractCharges"),
        *("ContractExclusionSetExcludedWorkTypes", "ContractExclusionSetExcludedRoles"),
        *("ContractExclusionBillingCodes", "ContractExclusionRoles"),
    }
