"""A catalogue beside a tenant: what is sent, what is told, and what a person does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_dsl.targets._book import Book
from billing_dsl.targets.autotask_import import autotask_import
from billing_dsl.targets.checklist import checklist
from billing_dsl.tenant.reconcile import reconciled
from tests.unit.targets.compiling import FIRM, TODAY, compiled, files
from tests.unit.tenant.fake import DATABASE, TAKEN_AT, Json, Tenant
from tests.unit.tenant.trying import FILE, Met, bundle, first_set_up, met, set_up
from tests.unit.tenant.trying import snapshot as snapshot_of

SILVER = """
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    contracts:
      - {name: recurring, type: recurring_service, services: [seat]}
      - {name: block, type: block_hours, overage_rate: 99.00}
      - {name: hourly, type: time_and_materials}
    scope: {remote: recurring, onsite: block, project: hourly}
    roles: {architect: hourly}
"""
AGREEMENT = """
    kind: agreement
    name: acme-2027
    client: acme
    tier: silver@1
    start: 2027-01-01
    end: 2027-12-31
    number: AG-7
    services: {seat: 45}
    blocks: [{contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}]
    rates: [{contract: hourly, role: engineer, rate: 80.00}]
"""
OLD = f"{SILVER}\n    ---{AGREEMENT}"


def compilation(*changes: tuple[str, str], text: str = OLD, day: date = TODAY) -> Book:
    """The catalogue with some lines otherwise."""
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return compiled(text, day)


@pytest.fixture(scope="module")
def original() -> Book:
    return compilation()


@pytest.fixture
def tenant(original: Book) -> Tenant:
    return set_up(original)


def one(tenant: Tenant, entity: str, **wanted: Any) -> Json:
    """The one object of an entity that holds these."""
    found = [
        row
        for row in tenant.objects[entity].values()
        if all(row.get(name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1, (entity, wanted, len(found))
    return found[0]


def contract(tenant: Tenant, name: str) -> Json:
    return one(tenant, "Contracts", contractName=f"acme-2027 – {name}")


def sent(found: Met) -> dict[str, Json]:
    return {request["id"]: request for request in found.bundle["requests"]}


def told(found: Met) -> list[str]:
    return [f"{remark.code} {remark.message}" for remark in found.remarks]


def steps(found: Met) -> str:
    return files(checklist, found.compilation)["autotask/checklist.md"]


def only(found: Met, request: str) -> Json:
    """The one request, where nothing is told."""
    assert told(found) == []
    assert list(sent(found)) == [request]
    return sent(found)[request]


# --- nothing, or all of it -----------------------------------------------------------------------


def test_what_is_there_is_not_made_again(original: Book, tenant: Tenant) -> None:
    found = met(original, tenant)
    assert (sent(found), told(found)) == ({}, [])
    assert found.bundle["lookups"] == []
    assert found.bundle["tenant"] == {"database": DATABASE, "taken_at": TAKEN_AT}
    sending = found.compilation.sending
    assert sending is not None
    assert (sending.equal, sending.held, sending.open) == (
        len(bundle(original)["requests"]),
        (),
        (0, 0),
    )
    text = steps(found)
    assert "There is nothing to send." in text
    assert "Work types" not in text
    assert files(autotask_import, found.compilation) == {}


def test_a_tenant_that_is_not_set_up_gets_everything_with_its_own_numbers(
    original: Book,
) -> None:
    tenant = first_set_up(original)
    found = met(original, tenant)
    assert told(found) == []
    assert list(sent(found)) == [request["id"] for request in bundle(original)["requests"]]
    recurring = sent(found)["contract:acme-2027/recurring"]
    company = one(tenant, "Companies")["id"]
    assert recurring["body"] == {
        "companyID": company,
        "contractName": "acme-2027 – recurring",
        "contractType": 7,
        "startDate": "2027-01-01T00:00:00Z",
        "endDate": "2027-12-31T00:00:00Z",
        "status": 1,
        "timeReportingRequiresStartAndStopTimes": 1,
        "isDefaultContract": True,
        "contractNumber": "AG-7",
        "contractPeriodType": "m",
        "exclusionContractID": {"$ref": "contract:acme-2027/block"},
        "contractExclusionSetID": {"$ref": "exclusion_set:silver/v1/1/recurring"},
    }
    assert recurring["key"] == {"companyID": company, "contractName": "acme-2027 – recurring"}
    assert recurring["needs"] == [
        "contract:acme-2027/block",
        "exclusion_set:silver/v1/1/recurring",
    ]
    assert found.bundle["lookups"] == []


def test_what_nobody_has_made_yet_stays_a_reference_and_is_counted(original: Book) -> None:
    found = met(original, Tenant())
    assert [remark.things for remark in found.of("BD520")] == [("currency:CHF",), ("currency:EUR",)]
    lookups = [each["id"] for each in found.bundle["lookups"]]
    assert lookups == [
        "billing_code:purchase/block_hours",
        "company:acme",
        "service:seat",
        "work_type:onsite",
        "work_type:project",
    ]
    sending = found.compilation.sending
    assert sending is not None
    assert sending.open == (5, 0)
    assert "Remote Support" in steps(found)
    assert list(files(autotask_import, found.compilation)) == [
        "autotask/import/organizations.csv",
        "autotask/import/services.csv",
    ]


def test_what_people_have_made_leaves_the_checklist_and_the_files(original: Book) -> None:
    tenant = first_set_up(original)
    del tenant.objects["Services"][one(tenant, "Services")["id"]]
    found = met(original, tenant)
    assert list(files(autotask_import, found.compilation)) == ["autotask/import/services.csv"]
    assert "Remote Support" not in steps(found)
    assert [each["id"] for each in found.bundle["lookups"]] == ["service:seat"]


# --- what changes --------------------------------------------------------------------------------


def test_a_role_is_changed_at_its_collection(tenant: Tenant) -> None:
    one(tenant, "Roles", name="Engineer")["hourlyRate"] = Decimal("79.0000")
    request = only(met(compilation(), tenant), "role:engineer")
    assert (request["method"], request["path"]) == ("PATCH", "/V1.0/Roles")
    number = one(tenant, "Roles", name="Engineer")["id"]
    assert request["body"] == {"id": number, "hourlyRate": Decimal("85.00")}
    assert request["key"] == {"name": "Engineer"}
    assert request["needs"] == []


def test_a_child_is_changed_below_its_parent(tenant: Tenant) -> None:
    found = met(compilation(("rate: 80.00}", "rate: 82.00}")), tenant)
    request = only(found, "rate:acme-2027/hourly/engineer")
    assert request["method"] == "PATCH"
    assert request["path"] == f"/V1.0/Contracts/{contract(tenant, 'hourly')['id']}/Rates"
    number = one(tenant, "ContractRates")["id"]
    assert request["body"] == {"id": number, "contractHourlyRate": Decimal("82.00")}


EXCEPTION = """
    exceptions:
      - {work_type: project, goes_to: block, reason: signed on paper, owner: Ann, until: %s}
"""


def test_the_note_of_an_exception_is_made_once_and_changed_when_it_says_otherwise() -> None:
    before = compilation(text=OLD.rstrip() + EXCEPTION % "2027-06-30")
    tenant = set_up(before)
    [note] = tenant.objects["ContractNotes"].values()
    assert (sent(met(before, tenant)), told(met(before, tenant))) == ({}, [])
    tenant.objects["ContractNotes"][9001] = {**note, "id": 9001, "title": "Call Ann first"}
    found = met(compilation(text=OLD.rstrip() + EXCEPTION % "2027-09-30"), tenant)
    request = only(found, "note:acme-2027/block/work_type/project")
    assert request["method"] == "PATCH"
    assert request["path"] == f"/V1.0/Contracts/{contract(tenant, 'block')['id']}/Notes"
    assert request["body"] == {
        "id": note["id"],
        "description": "The work type Project Work goes to this contract, from the agreement's "
        "first day until 2027-09-30. Owner: Ann. Reason: signed on paper",
    }


def test_a_client_s_own_list_counts_what_is_changed(tenant: Tenant) -> None:
    found = met(compilation(("overage_rate: 99.00", "overage_rate: 95.00")), tenant)
    only(found, "contract:acme-2027/block")
    own = files(checklist, found.compilation)["documents/acme/checklist.md"]
    assert "Send this client's 1 request of `autotask/requests.json`" in own
    changed = own.partition("### What stands there already, and is changed\n")[2]
    assert changed.startswith(
        "\n| What | Name | Where |\n|---|---|---|\n| contract | `acme-2027 – "
    )
    assert "Contracts, in the order" not in own


def test_only_what_differs_is_in_the_body(tenant: Tenant) -> None:
    found = met(compilation(("overage_rate: 99.00", "overage_rate: 95.00")), tenant)
    request = only(found, "contract:acme-2027/block")
    assert set(request["body"]) == {"id", "overageBillingRate"}


def test_another_set_is_one_pointer(tenant: Tenant) -> None:
    """A tier in a new version: its sets are made, and contracts point at them."""
    second = SILVER.replace("version: 1", "version: 2").replace("project: hourly", "project: block")
    found = met(
        compilation(("tier: silver@1", "tier: silver@2"), text=f"{OLD}\n    ---{second}"), tenant
    )
    assert told(found) == []
    changed = {
        each: request["body"]
        for each, request in sent(found).items()
        if request["method"] == "PATCH"
    }
    new_set = {"$ref": "exclusion_set:silver/v2/1/recurring"}
    number = contract(tenant, "recurring")["id"]
    assert changed["contract:acme-2027/recurring"] == {
        "id": number,
        "contractExclusionSetID": new_set,
    }
    order = list(sent(found))
    made = order.index("exclusion_set:silver/v2/1/recurring")
    assert made < order.index("contract:acme-2027/recurring")


def test_rows_are_added_to_a_set_that_is_there(tenant: Tenant) -> None:
    found = met(compilation(("onsite: block", "onsite: hourly")), tenant)
    rows = sent(found)
    number = one(tenant, "ContractExclusionSets", name="silver v1 2 block")["id"]
    assert list(rows) == ["exclusion_set_row:silver/v1/2/block/work_type/onsite"]
    [row] = rows.values()
    assert row["path"] == f"/V1.0/ContractExclusionSets/{number}/ExcludedWorkTypes"


def test_a_contract_goes_on_by_its_last_day(tenant: Tenant) -> None:
    found = met(compilation(("    end: 2027-12-31", "    end: 2028-12-31")), tenant)
    assert told(found) == []
    assert {each: request["body"]["endDate"] for each, request in sent(found).items()} == {
        f"contract:acme-2027/{name}": "2028-12-31T00:00:00Z"
        for name in ("hourly", "block", "recurring")
    }


# --- units and prices of services ----------------------------------------------------------------


def test_units_are_changed_by_their_difference(tenant: Tenant) -> None:
    found = met(compilation(("seat: 45", "seat: 50")), tenant)
    request = only(found, "units:acme-2027/recurring/seat")
    assert request["method"] == "POST"
    assert request["body"] == {
        "contractServiceID": one(tenant, "ContractServices")["id"],
        "effectiveDate": "2027-01-01T00:00:00Z",
        "unitChange": 5,
        "allowRepeatService": False,
    }


def test_fewer_units_are_a_difference_too(tenant: Tenant) -> None:
    request = only(
        met(compilation(("seat: 45", "seat: 40")), tenant), "units:acme-2027/recurring/seat"
    )
    assert request["body"]["unitChange"] == -5


def test_units_from_a_day_on_are_compared_from_that_day_on(tenant: Tenant) -> None:
    steps_of = "seat: [{units: 45}, {from: 2027-03-01, units: 52}]"
    now = met(compilation(("seat: 45", steps_of)), tenant)
    assert (sent(now), told(now)) == ({}, [])
    assert "2027-03-01" in steps(now)
    later = met(compilation(("seat: 45", steps_of), day=date(2027, 4, 1)), tenant)
    request = only(later, "units:acme-2027/recurring/seat")
    assert request["body"]["unitChange"] == 7
    assert request["body"]["effectiveDate"] == "2027-03-01T00:00:00Z"


def test_units_that_somebody_has_changed_meanwhile_are_told(tenant: Tenant) -> None:
    number = one(tenant, "ContractServices")["id"]
    tenant.changes["ContractServices", number].append((date(2027, 6, 1), 3))
    found = met(compilation(), tenant)
    assert sent(found) == {}
    [said] = told(found)
    assert said == (
        "BD517 service `Managed seat` of contract `acme-2027 – recurring` has 45 and 48 in the "
        "tenant from 2027-01-01 on, and 45 in the catalogue"
    )
    assert "bring the units of `Managed seat` from 2027-01-01 on to `45`" in steps(found)


def test_units_of_a_service_without_rows_are_none(tenant: Tenant) -> None:
    value = tenant.snapshot()
    value["objects"]["ContractServiceUnits"] = []
    value["counts"]["ContractServiceUnits"] = 0
    request = only(met(compilation(), value), "units:acme-2027/recurring/seat")
    assert request["body"]["unitChange"] == 45


def test_units_of_which_rows_do_not_tell_are_not_known(tenant: Tenant) -> None:
    value = tenant.snapshot()
    for row in value["objects"]["ContractServiceUnits"]:
        row["units"] = None
    found = met(compilation(), value)
    assert sent(found) == {}
    assert "a number that the snapshot does not tell" in told(found)[0]


def test_an_own_price_that_differs_is_told(tenant: Tenant) -> None:
    found = met(compilation(("seat: 45", "seat: {units: 45, price: 46.00}")), tenant)
    assert sent(found) == {}
    [said] = told(found)
    assert said == (
        "BD517 service `Managed seat` of contract `acme-2027 – recurring` is otherwise: unit price "
        "is `48.00` in the tenant, `46.00` in the catalogue"
    )


def test_a_new_price_in_the_list_does_not_reach_contracts_by_itself(tenant: Tenant) -> None:
    one(tenant, "Services")["unitPrice"] = Decimal("50.0000")
    one(tenant, "ContractServices")["unitPrice"] = Decimal("46.0000")
    found = met(compilation(), tenant)
    assert [message.partition(" is otherwise")[0] for message in told(found)] == [
        "BD517 service `Managed seat`",
        "BD517 service `Managed seat` of contract `acme-2027 – recurring`",
    ]


# --- what was bought -----------------------------------------------------------------------------


def test_a_block_that_ends_earlier_is_the_same_block(tenant: Tenant) -> None:
    found = met(
        compilation(("start: 2027-01-01, end: 2027-12-31}", "start: 2027-01-01, end: 2027-11-30}")),
        tenant,
    )
    assert told(found) == []
    assert {each: request["method"] for each, request in sent(found).items()} == {
        "block:acme-2027/block/2027-01-01": "PATCH",
        "charge:acme-2027/block/2027-01-01": "PATCH",
    }
    block, charge = sent(found).values()
    assert block["body"]["endDate"] == "2027-11-30T00:00:00Z"
    assert charge["body"]["name"] == "Block of hours, 2027-01-01 to 2027-11-30"


def test_a_block_beside_an_unknown_one_is_held_back_with_its_charge(tenant: Tenant) -> None:
    block = one(tenant, "ContractBlocks")
    block["startDate"], block["endDate"] = "2027-01-10T00:00:00", "2028-01-09T00:00:00"
    found = met(compilation(), tenant)
    [said] = told(found)
    assert said == (
        "BD515 beside block of hours `40 hours, 2027-01-01 to 2027-12-31` of contract "
        "`acme-2027 – block` the tenant has one for the same days: 2027-01-10 to 2028-01-09 "
        f"(id {block['id']})"
    )
    sending = found.compilation.sending
    assert sending is not None
    assert sending.held == ("block:acme-2027/block/2027-01-01",)


def test_a_charge_that_is_billed_is_not_changed(tenant: Tenant) -> None:
    one(tenant, "ContractCharges")["isBilled"] = True
    found = met(compilation(("rate: 78.00", "rate: 75.00")), tenant)
    assert list(sent(found)) == ["block:acme-2027/block/2027-01-01"]
    assert [remark.code for remark in found.remarks] == ["BD517"]
    assert "unit price is `78.00` in the tenant, `75.00` in the catalogue" in told(found)[0]
    assert "it is billed already" in steps(found)


def test_a_charge_of_which_nobody_knows_whether_it_is_billed_is_not_changed(
    tenant: Tenant,
) -> None:
    value = tenant.snapshot()
    for row in value["objects"]["ContractCharges"]:
        del row["isBilled"]
    found = met(compilation(("rate: 78.00", "rate: 75.00")), value)
    assert list(sent(found)) == ["block:acme-2027/block/2027-01-01"]
    assert {remark.code for remark in found.remarks} == {"BD514", "BD517"}


def test_a_block_without_its_charge_gets_one(tenant: Tenant) -> None:
    tenant.objects["ContractCharges"].clear()
    assert list(sent(met(compilation(), tenant))) == ["charge:acme-2027/block/2027-01-01"]


TWINS = AGREEMENT.replace(
    "blocks: [{contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}]",
    """blocks:
      - {contract: block, hours: 10, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
      - {contract: block, hours: 20, rate: 70.00, start: 2027-01-01, end: 2027-12-31}""",
)


def test_two_blocks_of_one_day_are_told_apart_by_what_they_hold() -> None:
    twins = compilation(text=f"{SILVER}\n    ---{TWINS}")
    tenant = set_up(twins)
    assert sent(met(twins, tenant)) == {}
    changed = compilation(("hours: 20", "hours: 25"), text=f"{SILVER}\n    ---{TWINS}")
    request = sent(met(changed, tenant))["block:acme-2027/block/2027-01-01/2"]
    assert request["body"] == {
        "id": one(tenant, "ContractBlocks", hours=Decimal(20))["id"],
        "hours": 25,
    }
    both = compilation(
        ("hours: 20", "hours: 25"),
        ("hours: 10", "hours: 15"),
        text=f"{SILVER}\n    ---{TWINS}",
    )
    found = met(both, tenant)
    assert [remark.code for remark in found.remarks] == ["BD515", "BD515"]
    held = {"block:acme-2027/block/2027-01-01", "block:acme-2027/block/2027-01-01/2"}
    assert not held & set(sent(found))


FIXED = """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    contracts:
      - name: project
        type: fixed_price
        milestones:
          - {title: Plan, date: 2027-02-01, amount: 500.00}
          - {title: Done, date: 2027-06-01, amount: 1500.00}
"""


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("title: Done", "title: Finished", "title"),
        ("date: 2027-06-01", "date: 2027-07-01", "dateDue"),
        ("amount: 1500.00", "amount: 1600.00", "amount"),
    ],
)
def test_a_milestone_is_never_made_twice(before: str, after: str, field: str) -> None:
    tenant = set_up(compilation(text=FIXED))
    found = met(compilation((before, after), text=FIXED), tenant)
    assert told(found) == []
    [request] = sent(found).values()
    assert request["method"] == "PATCH"
    assert set(request["body"]) == {"id", field}


def test_how_far_a_milestone_has_come_is_not_undone() -> None:
    original = compilation(text=FIXED)
    tenant = set_up(original)
    one(tenant, "ContractMilestones", title="Plan")["status"] = 2
    found = met(original, tenant)
    assert (sent(found), told(found)) == ({}, [])


# --- what no request changes ---------------------------------------------------------------------


def test_another_exclusion_contract_is_a_step(tenant: Tenant) -> None:
    contract(tenant, "recurring")["exclusionContractID"] = contract(tenant, "hourly")["id"]
    found = met(compilation(), tenant)
    assert sent(found) == {}
    [said] = told(found)
    assert said == (
        "BD517 contract `acme-2027 – recurring` is otherwise: exclusion contract is `acme-2027 – "
        "hourly` in the tenant, `acme-2027 – block` in the catalogue"
    )
    assert (
        "Contract `acme-2027 – recurring`: exclusion contract from `acme-2027 – hourly` to "
        "`acme-2027 – block`"
    ) in steps(found)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("exclusionContractID", "hourly"),
        ("contractExclusionSetID", "set"),
        ("overageBillingRate", Decimal("90.0000")),
        ("setupFee", Decimal("150.0000")),
    ],
)
def test_what_should_be_empty_is_a_step(tenant: Tenant, field: str, value: object) -> None:
    where = contract(tenant, "hourly")
    if value == "hourly":
        value = contract(tenant, "recurring")["id"]
    if value == "set":
        value = one(tenant, "ContractExclusionSets", name="silver v1 2 block")["id"]
    where[field] = value
    found = met(compilation(), tenant)
    assert sent(found) == {}
    assert len(told(found)) == 1
    assert told(found)[0].endswith("`none` in the catalogue")


def test_no_fee_and_a_fee_of_nothing_are_the_same(tenant: Tenant) -> None:
    contract(tenant, "hourly")["setupFee"] = Decimal("0.0000")
    assert told(met(compilation(), tenant)) == []


@pytest.mark.parametrize("name", ["block", "hourly"])
def test_another_type_holds_back_the_contract_and_what_hangs_on_it(
    tenant: Tenant, name: str
) -> None:
    contract(tenant, name)["contractType"] = 3
    found = met(compilation(("rate: 78.00", "rate: 75.00"), ("rate: 80.00", "rate: 81.00")), tenant)
    codes = [remark.code for remark in found.remarks]
    assert codes.count("BD516") == 1
    sending = found.compilation.sending
    assert sending is not None
    hanging = {
        "block": {"block:acme-2027/block/2027-01-01", "charge:acme-2027/block/2027-01-01"},
        "hourly": {"rate:acme-2027/hourly/engineer"},
    }
    assert set(sending.held) == {f"contract:acme-2027/{name}"} | hanging[name]
    assert not set(sending.held) & set(sent(found))


def test_a_contract_that_does_not_exist_waits_for_one_in_doubt(tenant: Tenant) -> None:
    """Made without its exclusion contract it could never be linked again."""
    contract(tenant, "block")["contractType"] = 3
    contract(tenant, "recurring")["contractName"] = "Under another name"
    found = met(compilation(), tenant)
    sending = found.compilation.sending
    assert sending is not None
    assert "contract:acme-2027/recurring" in sending.held


def test_what_is_out_of_use_is_not_woken(tenant: Tenant) -> None:
    one(tenant, "ContractExclusionSets", name="silver v1 2 block")["isActive"] = False
    one(tenant, "BillingCodes", name="Remote Support")["isActive"] = False
    one(tenant, "Roles", name="Engineer")["isActive"] = False
    contract(tenant, "hourly")["status"] = 0
    found = met(compilation(), tenant)
    assert sent(found) == {}
    assert told(found) == [
        "BD519 work type `Remote Support` is not active in the tenant",
        "BD519 role `Engineer` is not active in the tenant",
        "BD519 exclusion set `silver v1 2 block` is not active in the tenant",
        "BD519 contract `acme-2027 – hourly` is not active in the tenant",
    ]
    before, _, after = steps(found).partition("## Requests")
    assert "Work type `Remote Support`: activate it" in before
    assert "Contract `acme-2027 – hourly`: activate it" in after


def test_what_differs_beside_being_out_of_use_is_changed(tenant: Tenant) -> None:
    role = one(tenant, "Roles", name="Engineer")
    role["isActive"], role["hourlyRate"] = False, Decimal(1)
    found = met(compilation(), tenant)
    assert sent(found)["role:engineer"]["body"] == {
        "id": role["id"],
        "hourlyRate": Decimal("85.00"),
    }


def test_a_work_type_is_compared_with_all_that_shows_of_it(tenant: Tenant) -> None:
    code = one(tenant, "BillingCodes", name="Onsite Support")
    code["description"] = "Help on the spot."
    tenant.objects["WorkTypeModifiers"][code["id"]] |= {
        "modifierType": 2,
        "modifierValue": Decimal("1.5"),
    }
    found = met(compilation(), tenant)
    [said] = told(found)
    assert said == (
        "BD517 work type `Onsite Support` is otherwise: description is `Help on the spot.` in the "
        "tenant, `Help at the client's premises.` in the catalogue; rate is `role rate multiplied "
        "by 1.5` in the tenant, `use the role rate` in the catalogue"
    )


def test_what_an_import_has_made_is_mended_by_a_person(tenant: Tenant) -> None:
    one(tenant, "Companies")["phone"] = "112"
    found = met(compilation(), tenant)
    assert sent(found) == {}
    assert "phone is `112` in the tenant, `+39 011 555 0142` in the catalogue" in told(found)[0]


def test_a_company_in_the_lane_of_requests_is_changed_by_one() -> None:
    firm = FIRM.replace(
        "timezone: Europe/Rome", "timezone: Europe/Rome\n    lanes: {companies: api}"
    )
    firm += "    owner: ann@firm.example\n"
    original = compiled(OLD, firm=firm)
    tenant = set_up(original)
    one(tenant, "Companies")["phone"] = "112"
    request = only(met(original, tenant), "company:acme")
    assert request["body"] == {"id": one(tenant, "Companies")["id"], "phone": "+39 011 555 0142"}


# --- what the catalogue does not know ------------------------------------------------------------


def strange(tenant: Tenant, entity: str) -> int:
    """Something on one of our contracts that nobody has declared."""
    on = {"contractID": contract(tenant, "hourly")["id"]}
    role = one(tenant, "Roles", name="Architect")["id"]
    code = one(tenant, "BillingCodes", name="Remote Support")["id"]
    fields: dict[str, Json] = {
        "ContractRates": {**on, "roleID": role, "contractHourlyRate": Decimal(1)},
        "ContractExclusionRoles": {**on, "roleID": role},
        "ContractExclusionBillingCodes": {**on, "billingCodeID": code},
        "ContractMilestones": {**on, "title": "Bonus", "dateDue": "2027-05-01T00:00:00"},
        "ContractRetainers": {
            **on,
            "startDate": "2027-01-01T00:00:00",
            "endDate": "2027-12-31T00:00:00",
        },
        "ContractExclusionSetExcludedWorkTypes": {
            "contractExclusionSetID": one(
                tenant, "ContractExclusionSets", name="silver v1 2 block"
            )["id"],
            "excludedWorkTypeID": code,
        },
    }
    return tenant.add(entity, **fields[entity])


@pytest.mark.parametrize(
    ("entity", "told_as", "deleted"),
    [
        ("ContractRates", "`Architect`", False),
        ("ContractExclusionRoles", "`Architect`", True),
        ("ContractExclusionBillingCodes", "`Remote Support`", True),
        ("ContractMilestones", "`Bonus`", False),
        ("ContractRetainers", "`2027-01-01 to 2027-12-31`", False),
        ("ContractExclusionSetExcludedWorkTypes", "`Remote Support`", True),
    ],
)
def test_what_hangs_on_our_objects_is_told_once(
    tenant: Tenant, entity: str, told_as: str, deleted: bool
) -> None:
    number = strange(tenant, entity)
    found = met(compilation(), tenant)
    assert sent(found) == {}
    [remark] = found.remarks
    assert (remark.code, remark.things) == ("BD518", (f"{entity}#{number}",))
    assert remark.message.endswith(told_as)
    request = re.search(r"DELETE (\S+)`", steps(found))
    assert (request is not None) == deleted
    if request is not None:
        tenant.delete(request[1])
        assert told(met(compilation(), tenant)) == []


def test_what_has_ended_is_history() -> None:
    early = AGREEMENT.replace("start: 2027-01-01\n", "start: 2026-01-01\n").replace(
        "blocks: [",
        "blocks: [{contract: block, hours: 5, rate: 70.00, start: 2026-01-01, end: 2026-12-31}, ",
    )
    text = f"{SILVER}\n    ---{early}"
    tenant = set_up(compilation(text=text, day=date(2026, 6, 1)))
    found = met(compilation(text=text, day=TODAY), tenant)
    assert told(found) == []
    assert list(sent(found)) == [
        "block:acme-2027/block/2027-01-01",
        "charge:acme-2027/block/2027-01-01",
    ]


def test_a_service_without_units_bills_nothing(tenant: Tenant) -> None:
    other = tenant.add("Services", name="Old seat", unitPrice=Decimal(9), isActive=True)
    on = contract(tenant, "recurring")["id"]
    sold = tenant.add("ContractServices", contractID=on, serviceID=other, unitPrice=Decimal(9))
    assert told(met(compilation(), tenant)) == []
    tenant.changes["ContractServices", sold] = [(date(2027, 1, 1), 2)]
    [remark] = met(compilation(), tenant).remarks
    assert remark.things == (f"ContractServices#{sold}",)


def test_contracts_that_the_catalogue_does_not_know_are_told(tenant: Tenant) -> None:
    company = one(tenant, "Companies")["id"]
    days = {"startDate": "2026-01-01T00:00:00", "endDate": "2027-06-30T00:00:00"}
    unknown = tenant.add("Contracts", companyID=company, contractName="By hand", status=1, **days)
    tenant.add("Contracts", companyID=company, contractName="Dead", status=0, **days)
    tenant.add("Contracts", companyID=1, contractName="Another's", status=1, **days)
    over = {**days, "endDate": "2026-12-31T00:00:00"}
    tenant.add("Contracts", companyID=company, contractName="Over", status=1, **over)
    [remark] = met(compilation(), tenant).remarks
    assert remark.things == (f"Contracts#{unknown}",)
    assert remark.message.endswith("that the catalogue does not know: `By hand`")


def test_a_contract_that_goes_on_beyond_its_end_is_told_with_its_last_day(
    tenant: Tenant,
) -> None:
    ended = compilation(
        ("    end: 2027-12-31", "    end: 2027-01-10"),
        ("start: 2027-01-01, end: 2027-12-31}", "start: 2027-01-01, end: 2027-01-10}"),
    )
    for row in tenant.objects["Contracts"].values():
        row["status"] = 0  # which does not keep a service from being billed
    found = met(ended, tenant)
    [remark] = found.remarks
    assert len(remark.things) == 3
    number = contract(tenant, "recurring")["id"]
    body = f'{{"id": {number}, "endDate": "2027-01-10T00:00:00Z"}}'
    assert f"PATCH /V1.0/Contracts {body}" in steps(found)


def test_sets_that_nobody_knows_use_up_the_tenants_room(tenant: Tenant) -> None:
    for number in range(98):
        tenant.add("ContractExclusionSets", name=f"Set {number}", isActive=True)
    assert told(met(compilation(), tenant)) == []
    tenant.add("ContractExclusionSets", name="Asleep", isActive=False)
    assert told(met(compilation(), tenant)) == []
    tenant.add("ContractExclusionSets", name="One more", isActive=True)
    [remark] = met(compilation(), tenant).remarks
    assert remark.code == "BD503"
    assert "99 active exclusion sets beside the 2 of the catalogue" in remark.message


# --- which is which ------------------------------------------------------------------------------


def test_one_name_for_two_objects_holds_back_all_that_depends_on_it(tenant: Tenant) -> None:
    company = one(tenant, "Companies")
    tenant.add("Companies", **{**company, "phone": "1"})
    found = met(compilation(), tenant)
    assert [remark.code for remark in found.remarks] == ["BD515"]
    sending = found.compilation.sending
    assert sending is not None
    assert sent(found) == {}
    contracts = [one_id for one_id in sending.held if one_id.startswith("contract:")]
    assert len(contracts) == 3


def test_a_name_is_the_same_in_capitals_and_with_wider_spaces(tenant: Tenant) -> None:
    one(tenant, "Roles", name="Engineer")["name"] = "ENGINEER"
    one(tenant, "BillingCodes", name="Onsite Support")["name"] = "Onsite  support"
    found = met(compilation(), tenant)
    assert sent(found)["role:engineer"]["body"]["name"] == "Engineer"
    [said] = told(found)
    assert said == (
        "BD517 work type `Onsite Support` is otherwise: name is `Onsite support` in the tenant, "
        "`Onsite Support` in the catalogue"
    )


def test_of_two_that_differ_in_capitals_the_exact_one_is_meant(tenant: Tenant) -> None:
    role = one(tenant, "Roles", name="Engineer")
    tenant.add("Roles", **{**role, "name": "engineer", "hourlyRate": Decimal(1)})
    found = met(compilation(), tenant)
    assert (sent(found), told(found)) == ({}, [])


def test_one_object_is_not_two_of_the_catalogue() -> None:
    firm = (
        FIRM
        + """
    autotask: {organization: Acme, number: C-1}
    ---
    kind: client
    name: other
    legal_name: Other
    autotask: {organization: acme, number: c-1}
    phone: "1"
    """
    )
    original = compiled(OLD, firm=firm)
    tenant = first_set_up(original)
    del tenant.objects["Companies"][one(tenant, "Companies", companyNumber="c-1")["id"]]
    found = met(original, tenant)
    assert [(remark.code, remark.object) for remark in found.of("BD515")] == [
        ("BD515", "company:other")
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda text: f"  {text} ", "contractNumber"),
        (lambda text: text.replace("é", "é"), "contractNumber"),
    ],
)
def test_what_the_server_normalises_is_no_difference(
    change: Callable[[str], str], field: str
) -> None:
    original = compilation(("number: AG-7", "number: Avançé"))
    tenant = set_up(original)
    for row in tenant.objects["Contracts"].values():
        row[field] = change(row[field])
    assert sent(met(original, tenant)) == {}


# --- lists and labels ----------------------------------------------------------------------------

GERMAN = {
    "Contracts.contractType": {"Time & Materials": "Individual", "Block Hours": "Kontingent"},
    "Contracts.status": {"Active": "Aktiv"},
    "BillingCodes.name": {"Block Purchase": "Kontingentkauf"},
}


def german(tenant: Tenant) -> Tenant:
    for where, labels in GERMAN.items():
        if where == "BillingCodes.name":
            one(tenant, "BillingCodes", name="Block Purchase")["name"] = "Kontingentkauf"
            continue
        values = tenant.labels[where]
        for value, label in values.items():
            values[value] = labels.get(label, label)
    return tenant


def test_labels_of_the_settings_find_the_values_of_another_language(tenant: Tenant) -> None:
    lines = "".join(
        f"        {where}: {{{', '.join(f'{a}: {b}' for a, b in labels.items())}}}\n"
        for where, labels in GERMAN.items()
    )
    told_so = f"timezone: Europe/Rome\n    autotask:\n      labels:\n{lines}"
    firm = FIRM.replace("timezone: Europe/Rome\n", told_so)
    found = met(compiled(OLD, firm=firm), german(tenant))
    assert (sent(found), told(found)) == ({}, [])


def test_a_label_that_the_tenant_calls_otherwise_is_told_with_what_it_has(
    tenant: Tenant,
) -> None:
    found = met(compilation(), german(tenant))
    labels = found.of("BD520")
    assert [remark.things for remark in labels] == [
        ("Contracts.contractType=Time & Materials",),
        ("Contracts.status=Active",),
        ("Contracts.contractType=Block Hours",),
    ]
    assert "`autotask.labels`" in labels[0].help
    assert "`Individual`" in labels[0].help


def test_a_label_that_is_not_there_stays_a_label_in_what_is_sent(original: Book) -> None:
    tenant = german(first_set_up(original))
    found = met(original, tenant)
    hourly = sent(found)["contract:acme-2027/hourly"]
    assert hourly["body"]["contractType"] == {
        "$picklist": ["Contracts", "contractType", "Time & Materials"]
    }
    sending = found.compilation.sending
    assert sending is not None
    assert sending.open == (1, 3)


def test_a_value_that_is_out_of_use_is_compared_but_not_sent(original: Book) -> None:
    tenant = set_up(original)
    value = tenant.snapshot()
    for each in value["picklists"]["Contracts"]["contractPeriodType"]:
        each["active"] = False
    assert told(met(original, value)) == []
    value = first_set_up(original).snapshot()
    for each in value["picklists"]["Contracts"]["contractPeriodType"]:
        each["active"] = False
    found = met(original, value)
    assert told(found) == [
        "BD519 `Monthly` of the tenant's list `Contracts.contractPeriodType` is not active"
    ]
    body = sent(found)["contract:acme-2027/recurring"]["body"]
    assert body["contractPeriodType"] == {
        "$picklist": ["Contracts", "contractPeriodType", "Monthly"]
    }


def test_of_two_values_with_one_label_none_is_taken(original: Book) -> None:
    value = first_set_up(original).snapshot()
    status = value["picklists"]["Contracts"]["status"]
    status.append({"value": "7", "label": "Active", "active": True})
    found = met(original, value)
    assert told(found) == ["BD520 the tenant's list `Contracts.status` has more than one `Active`"]


def test_a_category_that_a_person_has_yet_to_add_is_no_finding() -> None:
    text = OLD.replace("type: time_and_materials}", "type: time_and_materials, category: Gold}")
    original = compilation(text=text)
    tenant = first_set_up(original)
    del tenant.labels["Contracts.contractCategory"]["102"]
    found = met(original, tenant)
    assert told(found) == []
    assert "`Gold`" in steps(found)


# --- what has not been read ----------------------------------------------------------------------


def without(tenant: Tenant, *entities: str) -> Json:
    value = tenant.snapshot()
    for entity in entities:
        del value["objects"][entity], value["counts"][entity]
    return value


def test_a_field_that_was_not_read_is_told_and_not_changed(tenant: Tenant) -> None:
    value = tenant.snapshot()
    for row in value["objects"]["Contracts"]:
        del row["overageBillingRate"]
    found = met(compilation(("overage_rate: 99.00", "overage_rate: 95.00")), value)
    assert sent(found) == {}
    [said] = told(found)
    assert said == (
        "BD514 the snapshot does not hold `Contracts.overageBillingRate`: whether 3 objects differ "
        "in it is not known"
    )


def test_an_entity_that_was_not_read_keeps_everything_from_being_sent(tenant: Tenant) -> None:
    found = met(compilation(), without(tenant, "ContractBlocks"))
    [said] = told(found)
    assert said == (
        "BD511 the snapshot holds no `ContractBlocks`: whether one object of the catalogue is "
        "there is not known"
    )
    found = met(compilation(), without(tenant, "Companies"))
    assert [remark.code for remark in found.remarks] == ["BD511"]


def test_an_entity_that_nothing_depends_on_may_be_left_out(tenant: Tenant) -> None:
    found = met(compilation(), without(tenant, "ContractExclusionRoles", "TaxRegions"))
    [said] = told(found)
    assert said == (
        "BD514 the snapshot holds no `ContractExclusionRoles`: whether there are individual "
        "exclusions that the catalogue does not know is not known"
    )


def test_what_is_looked_up_by_nobody_but_the_tenant_may_be_left_out(tenant: Tenant) -> None:
    found = met(compilation(), without(tenant, "Currencies"))
    [said] = told(found)
    assert said == (
        "BD514 the snapshot holds no `Currencies`: whether 2 of the catalogue are there is not "
        "known"
    )
    assert sent(found) == {}


def test_a_list_that_was_not_read_leaves_its_labels(original: Book) -> None:
    value = first_set_up(original).snapshot()
    del value["picklists"]["Contracts"]["status"]
    found = met(original, value)
    assert told(found) == [
        "BD514 the snapshot does not hold the list `Contracts.status`: its labels stay labels"
    ]
    hourly = sent(found)["contract:acme-2027/hourly"]["body"]
    assert hourly["status"] == {"$picklist": ["Contracts", "status", "Active"]}


def test_rate_methods_that_were_not_read_are_told_once(tenant: Tenant) -> None:
    found = met(compilation(), without(tenant, "WorkTypeModifiers"))
    [said] = told(found)
    assert said == (
        "BD514 the snapshot does not hold `WorkTypeModifiers.modifierType`: whether 3 objects "
        "differ in it is not known"
    )


# --- places --------------------------------------------------------------------------------------


def test_a_finding_lies_where_the_thing_is_declared(tenant: Tenant) -> None:
    contract(tenant, "hourly")["setupFee"] = Decimal(5)
    one(tenant, "ContractExclusionSets", name="silver v1 2 block")["isActive"] = False
    one(tenant, "Services")["unitPrice"] = Decimal(1)
    one(tenant, "Companies")["phone"] = "1"
    one(tenant, "Roles", name="Engineer")["isActive"] = False
    one(tenant, "BillingCodes", name="Remote Support")["isActive"] = False
    one(tenant, "BillingCodes", name="Managed Services")["isActive"] = False
    _, faults, remarks = reconciled(compilation(), snapshot_of(tenant.snapshot()), FILE)
    subjects = {
        remark.object: fault.finding.subject for remark, fault in zip(remarks, faults, strict=True)
    }
    assert subjects == {
        "contract:acme-2027/hourly": "agreement/acme-2027",
        "exclusion_set:silver/v1/2/block": "tier/silver@1",
        "service:seat": "service/seat",
        "company:acme": "client/acme",
        "role:engineer": "role/engineer",
        "work_type:remote": "work_type/remote",
        "billing_code:service/Managed Services": "settings/firm",
    }
    reached = {fault.finding.subject: fault.finding.reached for fault in faults}
    assert [one.agreement for one in reached["agreement/acme-2027"]] == ["acme-2027"]
    assert [one.client for one in reached["client/acme"]] == ["acme"]


# --- what comes later ----------------------------------------------------------------------------


def test_what_was_entered_early_is_no_later_step(tenant: Tenant) -> None:
    more = (
        "blocks: [{contract: block, hours: 30, rate: 79.00, start: 2027-07-01, end: 2027-12-31}, "
    )
    later = compilation(("blocks: [", more))
    assert "30 hours, 2027-07-01 to 2027-12-31" in steps(met(later, tenant))
    tenant.carry_out(
        {
            "requests": [
                request
                for request in bundle(compilation(("blocks: [", more), day=date(2027, 7, 1)))[
                    "requests"
                ]
                if "2027-07-01" in request["id"]
            ],
            "lookups": [
                {
                    "id": "contract:acme-2027/block",
                    "entity": "Contracts",
                    "key": {"contractName": "acme-2027 – block"},
                },
                {
                    "id": "billing_code:purchase/block_hours",
                    "entity": "BillingCodes",
                    "key": {"name": "Block Purchase"},
                },
            ],
        }
    )
    found = met(later, tenant)
    assert (sent(found), told(found)) == ({}, [])
    assert "30 hours, 2027-07-01 to 2027-12-31" not in steps(found)


def test_later_steps_hold_the_tenants_numbers(tenant: Tenant) -> None:
    later = compilation(("rate: 80.00}", "rate: [{rate: 80.00}, {from: 2027-05-01, rate: 84.00}]}"))
    text = steps(met(later, tenant))
    number, rate = contract(tenant, "hourly")["id"], one(tenant, "ContractRates")["id"]
    assert (
        f'PATCH /V1.0/Contracts/{number}/Rates {{"id": {rate}, "contractHourlyRate": 84.00}}'
    ) in text


def test_what_a_tenant_calls_things_forges_no_step(tenant: Tenant) -> None:
    role = one(tenant, "Roles", name="Architect")
    evil = "x`\n- [ ] **99.** Pay `me` \x1b[2J\u202e"
    other = tenant.add("Roles", **{**role, "name": evil})
    tenant.add(
        "ContractRates",
        contractID=contract(tenant, "hourly")["id"],
        roleID=other,
        contractHourlyRate=Decimal(1),
    )
    found = met(compilation(), tenant)
    text = steps(found)
    numbers = [int(n) for n in re.findall(r"(?m)^- \[ \] \*\*(\d+)\.\*\* ", text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n- [ ] **99.**" not in text
