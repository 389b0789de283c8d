"""What Autotask's API is told: order, bodies, keys."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from billing_dsl.targets.autotask_requests import autotask_requests
from tests.unit.targets.compiling import (
    FIRM,
    TODAY,
    compiled,
    files,
    lookups,
    requests,
    shipped,
)

BLOCKS = "blocks: [{contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}]"

TIER = f"""
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    contracts:
      - {{name: recurring, type: recurring_service, services: [seat]}}
      - {{name: block, type: block_hours, overage_rate: 99.00}}
      - {{name: hourly, type: time_and_materials}}
    scope: {{remote: recurring, onsite: block, project: hourly}}
    roles: {{architect: hourly}}
    sub_issues: {{printer: hourly}}
    ---
    kind: agreement
    name: acme-2027
    client: acme
    tier: silver@1
    start: 2027-01-01
    end: 2027-12-31
    number: AG-7
    services: {{seat: {{units: 45, price: 46.00}}}}
    {BLOCKS}
    rates: [{{contract: hourly, role: engineer, rate: 80.00}}]
"""


def bespoke(contracts: str, more: str = "", start: date = TODAY) -> str:
    return f"""
    kind: agreement
    name: acme-2027
    client: acme
    start: {start}
    end: 2027-12-31
    contracts: {contracts}
    {more}
    """


def body(sent: dict[str, dict[str, Any]], request: str) -> dict[str, Any]:
    found: dict[str, Any] = sent[request]["body"]
    return found


def test_the_file_is_one_request_to_a_line() -> None:
    [(path, text)] = files(autotask_requests, compiled(TIER)).items()
    assert path == "autotask/requests.json"
    found = json.loads(text)
    assert list(found) == ["version", "requests", "lookups"]
    assert found["version"] == 1
    lines = text.splitlines()
    assert sum(line.startswith('  {"id": ') for line in lines) == len(found["requests"]) + len(
        found["lookups"]
    )
    for request in found["requests"]:
        assert list(request) == ["id", "lane", "method", "path", "body", "key", "needs"]
        assert (request["lane"], request["method"]) == ("api", "POST")


def test_a_catalogue_without_clients_asks_for_its_roles_alone() -> None:
    sent = requests(compiled("", firm=FIRM.rpartition("---")[0]))
    assert list(sent) == ["role:architect", "role:engineer"]


def test_a_contract_is_asked_for_with_everything_it_needs() -> None:
    sent = requests(compiled(TIER))
    recurring = sent["contract:acme-2027/recurring"]
    assert recurring["path"] == "/V1.0/Contracts"
    assert recurring["body"] == {
        "companyID": {"$ref": "company:acme"},
        "contractName": "acme-2027 – recurring",
        "contractType": {"$picklist": ["Contracts", "contractType", "Recurring Service"]},
        "startDate": "2027-01-01T00:00:00Z",
        "endDate": "2027-12-31T00:00:00Z",
        "status": {"$picklist": ["Contracts", "status", "Active"]},
        "timeReportingRequiresStartAndStopTimes": 1,
        "isDefaultContract": True,
        "contractNumber": "AG-7",
        "contractPeriodType": {"$picklist": ["Contracts", "contractPeriodType", "Monthly"]},
        "exclusionContractID": {"$ref": "contract:acme-2027/block"},
        "contractExclusionSetID": {"$ref": "exclusion_set:silver/v1/1/recurring"},
    }
    assert recurring["key"] == {
        "companyID": {"$ref": "company:acme"},
        "contractName": "acme-2027 – recurring",
    }
    assert recurring["needs"] == [
        "company:acme",
        "contract:acme-2027/block",
        "exclusion_set:silver/v1/1/recurring",
    ]


def test_what_is_needed_comes_first() -> None:
    sent = list(requests(compiled(TIER)))
    wanted = [
        "role:engineer",
        "exclusion_set:silver/v1/1/recurring",
        "exclusion_set_row:silver/v1/1/recurring/work_type/onsite",
        "contract:acme-2027/hourly",
        "contract:acme-2027/block",
        "contract:acme-2027/recurring",
        "contract_service:acme-2027/recurring/seat",
        "units:acme-2027/recurring/seat",
        "block:acme-2027/block/2027-01-01",
        "charge:acme-2027/block/2027-01-01",
        "rate:acme-2027/hourly/engineer",
    ]
    assert [found for found in sent if found in wanted] == wanted


def test_a_set_and_its_rows_are_shared_by_tier_and_position() -> None:
    sent = requests(compiled(TIER))
    assert body(sent, "exclusion_set:silver/v1/1/recurring") == {
        "name": "silver v1 1 recurring",
        "isActive": True,
    }
    row = sent["exclusion_set_row:silver/v1/1/recurring/role/architect"]
    path = "/V1.0/ContractExclusionSets/{exclusion_set:silver/v1/1/recurring}/ExcludedRoles"
    assert row["path"] == path
    assert row["body"] == {
        "contractExclusionSetID": {"$ref": "exclusion_set:silver/v1/1/recurring"},
        "excludedRoleID": {"$ref": "role:architect"},
    }
    assert not any("sub_issue" in found for found in sent)


def test_units_name_the_contract_service_and_never_make_a_second_one() -> None:
    sent = requests(compiled(TIER))
    assert body(sent, "contract_service:acme-2027/recurring/seat") == {
        "contractID": {"$ref": "contract:acme-2027/recurring"},
        "serviceID": {"$ref": "service:seat"},
    }
    units = sent["units:acme-2027/recurring/seat"]
    assert units["path"] == "/V1.0/Contracts/{contract:acme-2027/recurring}/ServiceAdjustments"
    assert units["body"] == {
        "contractServiceID": {"$ref": "contract_service:acme-2027/recurring/seat"},
        "effectiveDate": "2027-01-01T00:00:00Z",
        "unitChange": 45,
        "allowRepeatService": False,
        "adjustedUnitPrice": Decimal("46.00"),
    }


RAISED = FIRM.replace("price: 48.00", "price: [{price: 48.00}, {from: 2027-04-01, price: 50.00}]")
BUNDLE = """
    kind: service_bundle
    name: workplace
    title: Workplace
    period: monthly
    services: [seat]
    ---
"""


def selling(services: str, start: date) -> str:
    """A recurring contract that sells a seat and a bundle of one."""
    contracts = "[{name: recurring, type: recurring_service, services: [seat, workplace]}]"
    return BUNDLE + bespoke(contracts, f"services: {services}", start)


def told(services: str, start: date, as_of: date = TODAY) -> tuple[Any, Any]:
    """The prices that requests name for the seat and for the bundle."""
    sent = requests(compiled(selling(services, start), as_of, RAISED))
    return (
        body(sent, "units:acme-2027/recurring/seat").get("adjustedUnitPrice"),
        body(sent, "contract_service:acme-2027/recurring/workplace").get("adjustedPrice"),
    )


def test_a_contract_made_ahead_names_the_list_price_of_its_first_day() -> None:
    """Else it would keep the price of the day on which somebody sends the requests."""
    services, first = "{seat: 3, workplace: 2}", date(2027, 4, 1)
    assert told(services, first) == (Decimal("50.00"), Decimal("50.00"))
    assert told(services, first, as_of=first) == (None, None)
    assert told(services, date(2027, 3, 31)) == (None, None)
    assert told(services, TODAY) == (None, None)


def test_a_price_of_the_agreement_s_own_goes_before_that_of_the_list() -> None:
    own = "{seat: {units: 3, price: 41.00}, workplace: {units: 2, price: 48.00}}"
    assert told(own, date(2027, 4, 1)) == (Decimal("41.00"), Decimal("48.00"))


def test_a_contract_made_ahead_sells_more_of_it_later_at_the_same_price() -> None:
    """Units change, and no step speaks of the price; one does where the agreement has its own."""
    steps = (
        "{seat: [{units: 3}, {from: 2027-06-01, units: 5},"
        " {from: 2027-08-01, units: 6, price: 40}, {from: 2027-09-01, units: 6}]}"
    )
    compilation = compiled(selling(steps, date(2027, 4, 1)), firm=RAISED)
    found = [
        (change.day, turn.field, turn.before, turn.after)
        for change in compilation.changes
        for turn in change.turns
        if change.client
    ]
    assert found == [
        (date(2027, 6, 1), "unitChange", 3, 5),
        (date(2027, 8, 1), "unitChange", 5, 6),
        (date(2027, 8, 1), "adjustedUnitPrice", Decimal("50.00"), Decimal(40)),
        (date(2027, 9, 1), "adjustedUnitPrice", Decimal(40), None),
    ]


def test_what_is_sold_only_later_takes_the_list_price_of_then() -> None:
    services = "{seat: [{from: 2027-05-01, units: 3}], workplace: 2}"
    sent = requests(compiled(selling(services, date(2027, 4, 1)), firm=RAISED))
    assert "units:acme-2027/recurring/seat" not in sent


def test_a_block_comes_with_its_charge() -> None:
    sent = requests(compiled(TIER))
    block = body(sent, "block:acme-2027/block/2027-01-01")
    assert (block["hours"], block["hourlyRate"]) == (40, Decimal("78.00"))
    charge = sent["charge:acme-2027/block/2027-01-01"]
    assert charge["path"] == "/V1.0/Contracts/{contract:acme-2027/block}/Charges"
    assert charge["body"]["unitQuantity"] * charge["body"]["unitPrice"] == Decimal("3120.00")
    assert charge["body"]["billingCodeID"] == {"$ref": "billing_code:purchase/block_hours"}
    assert charge["body"]["isBillableToCompany"] is True


def test_amounts_are_numbers_as_they_were_written() -> None:
    [text] = files(autotask_requests, compiled(TIER)).values()
    assert '"hourlyRate": 78.00' in text
    assert '"overageBillingRate": 99.00' in text
    assert '"hours": 40,' in text


def test_blocks_that_begin_on_one_day_are_two() -> None:
    found = compiled(
        bespoke(
            "[{name: block, type: block_hours}]",
            """blocks:
      - {contract: block, hours: 10, rate: 78.00, start: 2027-01-15, end: 2027-12-31}
      - {contract: block, hours: 20, rate: 70.00, start: 2027-01-15, end: 2027-12-31}
    """,
        )
    )
    sent = requests(found)
    assert body(sent, "block:acme-2027/block/2027-01-15")["hours"] == 10
    assert body(sent, "block:acme-2027/block/2027-01-15/2")["hours"] == 20
    names = [found["body"]["name"] for name, found in sent.items() if name.startswith("charge:")]
    assert len(set(names)) == 2


def test_rates_go_where_autotask_takes_them() -> None:
    rates = "rates: [{role: engineer, rate: 80.00}]"
    found = compiled(
        bespoke(
            "[{name: hourly, type: time_and_materials, %s},"
            "{name: fixed, type: fixed_price, %s}, {name: paid, type: retainer, %s},"
            "{name: block, type: block_hours, block_factors: {architect: 2}, %s},"
            "{name: all, type: recurring_service, %s}]" % ((rates,) * 5)
        )
    )
    sent = requests(found)
    for contract in ("hourly", "fixed", "paid"):
        assert body(sent, f"rate:acme-2027/{contract}/engineer") == {
            "contractID": {"$ref": f"contract:acme-2027/{contract}"},
            "roleID": {"$ref": "role:engineer"},
            "contractHourlyRate": Decimal("80.00"),
        }
    assert body(sent, "block_factor:acme-2027/block/engineer") == {
        "contractID": {"$ref": "contract:acme-2027/block"},
        "roleID": {"$ref": "role:engineer"},
        "blockHourMultiplier": 1,
        "contractHourlyRate": Decimal("80.00"),
    }
    assert body(sent, "block_factor:acme-2027/block/architect")["blockHourMultiplier"] == 2
    assert "contractHourlyRate" not in body(sent, "block_factor:acme-2027/block/architect")
    assert "rate:acme-2027/all/engineer" not in sent


def test_retainers_tickets_and_milestones() -> None:
    found = compiled(
        bespoke(
            """
      - name: paid
        type: retainer
        retainers: [{amount: 2000.00, start: 2027-01-15, end: 2027-12-31}]
      - name: tickets
        type: per_ticket
        tickets: [{tickets: 20, rate: 55.00, start: 2027-01-15, end: 2027-12-31}]
      - name: fixed
        type: fixed_price
        setup_fee: 500.00
        milestones: [{title: Done, date: 2027-06-30, amount: 4000.00}]
    """
        )
    )
    sent = requests(found)
    assert body(sent, "retainer:acme-2027/paid/2027-01-15")["amount"] == Decimal("2000.00")
    assert "charge:acme-2027/paid/2027-01-15" not in sent
    bought = body(sent, "tickets:acme-2027/tickets/2027-01-15")
    assert (bought["ticketsPurchased"], bought["isPaid"]) == (20, False)
    charge = body(sent, "charge:acme-2027/tickets/2027-01-15")
    assert charge["billingCodeID"] == {"$ref": "billing_code:purchase/per_ticket"}
    assert (charge["unitQuantity"], charge["unitPrice"]) == (20, Decimal("55.00"))
    milestone = body(sent, "milestone:acme-2027/fixed/2027-06-30")
    assert milestone["amount"] == Decimal("4000.00")
    assert milestone["isInitialPayment"] is False
    fixed = body(sent, "contract:acme-2027/fixed")
    assert fixed["setupFee"] == Decimal("500.00")
    assert fixed["setupFeeBillingCodeID"] == {"$ref": "billing_code:setup-fee"}


def test_an_exception_is_a_note_on_the_contracts_that_it_concerns() -> None:
    reason = "=cmd() {{7*7}} " + "x" * 300
    found = compiled(
        f"""
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    contracts:
      - {{name: recurring, type: recurring_service}}
      - {{name: hourly, type: time_and_materials}}
    scope: {{remote: recurring, onsite: hourly, project: hourly}}
    ---
    kind: agreement
    name: acme-2027
    client: acme
    tier: silver@1
    start: 2027-01-01
    end: 2027-12-31
    exceptions:
      - {{work_type: remote, goes_to: hourly, reason: "{reason}", owner: Ann,
          from: 2027-02-01, until: 2027-02-28}}
      - {{work_type: remote, goes_to: hourly, reason: again, owner: Ann, from: 2027-10-01}}
      - {{role: architect, goes_to: none, reason: never, owner: Bob}}
    """
    )
    sent = requests(found)
    assert [name for name in sent if name.startswith("note:")] == [
        "note:acme-2027/recurring/role/architect",
        "note:acme-2027/hourly/work_type/remote",
        "note:acme-2027/hourly/work_type/remote/2",
        "note:acme-2027/hourly/role/architect",
    ]
    first = "note:acme-2027/hourly/work_type/remote"
    assert sent[first]["path"] == "/V1.0/Contracts/{contract:acme-2027/hourly}/Notes"
    assert body(sent, first) == {
        "contractID": {"$ref": "contract:acme-2027/hourly"},
        "title": "Exception: work type Remote Support",
        "description": "The work type Remote Support goes to this contract, from 2027-02-01 until "
        f"2027-02-28. Owner: Ann. Reason: {reason}",
    }
    again = body(sent, f"{first}/2")
    assert again["title"] == "Exception: work type Remote Support (2)"
    assert "from 2027-10-01 until the agreement's last day." in again["description"]
    said = body(sent, "note:acme-2027/recurring/role/architect")["description"]
    assert said == (
        "The role Architect goes to no contract, from the agreement's first day until "
        "its last. Owner: Bob. Reason: never"
    )


def test_own_exclusions_stand_beside_the_set() -> None:
    found = compiled(
        """
    kind: exclusion_set
    name: classic
    title: Classic
    work_types: [onsite]
    ---
    """
        + bespoke(
            "[{name: all, type: recurring_service, category: Gold, time_entry: any,"
            " excludes: {set: classic, work_types: [onsite, project], roles: [architect],"
            " sub_issues: [printer]}, falls_to: hourly},"
            " {name: hourly, type: time_and_materials}]"
        )
    )
    sent = requests(found)
    own = [name for name in sent if name.startswith("exclusion:")]
    assert own == [
        "exclusion:acme-2027/all/work_type/project",
        "exclusion:acme-2027/all/role/architect",
    ]
    assert sent[own[0]]["path"] == "/V1.0/Contracts/{contract:acme-2027/all}/ExclusionBillingCodes"
    contract = body(sent, "contract:acme-2027/all")
    assert contract["contractExclusionSetID"] == {"$ref": "exclusion_set:classic"}
    assert contract["contractCategory"] == {"$picklist": ["Contracts", "contractCategory", "Gold"]}
    assert contract["timeReportingRequiresStartAndStopTimes"] == 0


def test_a_client_in_another_currency_is_told_its_own_amounts() -> None:
    found = compiled(
        TIER.replace("80.00", "{EUR: 80.00, CHF: 90.00}").replace("78.00", "{CHF: 88.00}")
        + """
    ---
    kind: client
    name: globex
    legal_name: Globex AG
    currency: CHF
    ---
    kind: agreement
    name: globex-2027
    client: globex
    tier: silver@1
    start: 2027-01-01
    end: 2027-12-31
    rates: [{contract: hourly, role: engineer, rate: {EUR: 80.00, CHF: 90.00}}]
    """
    )
    sent = requests(found)
    assert body(sent, "rate:globex-2027/hourly/engineer")["contractHourlyRate"] == Decimal("90.00")
    # Acme's block has no amount in euros: nothing is guessed, a person is asked.
    assert "block:acme-2027/block/2027-01-01" not in sent
    assert "charge:acme-2027/block/2027-01-01" not in sent


def test_links_across_agreements_and_detours() -> None:
    """A link to a block contract that the tier agreement never makes goes on to the next."""
    found = compiled(
        TIER.replace(BLOCKS, "")
        + """
    ---
    kind: agreement
    name: acme-erp
    client: acme
    default: false
    start: 2026-12-01
    end: 2027-12-31
    contracts: [{name: project, type: fixed_price, falls_to: acme-2027/block}]
    """
    )
    sent = requests(found)
    assert "contract:acme-2027/block" not in sent
    link = {"$ref": "contract:acme-2027/hourly"}
    assert body(sent, "contract:acme-erp/project")["exclusionContractID"] == link
    assert list(sent).index("contract:acme-2027/hourly") < list(sent).index(
        "contract:acme-erp/project"
    )


def test_a_ring_is_left_open_at_one_place() -> None:
    ring = (
        "[{name: one, type: recurring_service, excludes: {work_types: [onsite]}, falls_to: two},"
        " {name: two, type: block_hours, excludes: {work_types: [onsite]}, falls_to: three},"
        " {name: three, type: time_and_materials, falls_to: one}]"
    )
    sent = requests(compiled(bespoke(ring)))
    links = {
        name: found["body"].get("exclusionContractID")
        for name, found in sent.items()
        if name.startswith("contract:")
    }
    assert links == {
        "contract:acme-2027/three": None,
        "contract:acme-2027/two": {"$ref": "contract:acme-2027/three"},
        "contract:acme-2027/one": {"$ref": "contract:acme-2027/two"},
    }


def test_ended_agreements_are_left_out_and_later_ones_are_told_on_their_first_day() -> None:
    sent = requests(
        compiled(
            """
    kind: agreement
    name: acme-2026
    client: acme
    start: 2026-01-01
    end: 2026-12-31
    contracts: [{name: hourly, type: time_and_materials}]
    ---
    kind: agreement
    name: acme-2028
    client: acme
    start: 2028-01-01
    end: 2028-12-31
    contracts:
      - name: hourly
        type: time_and_materials
        rates: [{role: engineer, rate: [{rate: 80.00}, {from: 2028-01-01, rate: 90.00}]}]
    """
        )
    )
    assert "contract:acme-2026/hourly" not in sent
    assert body(sent, "rate:acme-2028/hourly/engineer")["contractHourlyRate"] == Decimal("90.00")
    assert body(sent, "contract:acme-2028/hourly")["isDefaultContract"] is True


def test_one_contract_of_a_client_is_the_default_today() -> None:
    for as_of in (date(2026, 3, 1), date(2027, 1, 15), date(2028, 3, 1)):
        sent = requests(shipped(as_of))
        defaults: dict[str, int] = {}
        for found in sent.values():
            if found["path"] == "/V1.0/Contracts":
                client = found["body"]["companyID"]["$ref"]
                defaults[client] = defaults.get(client, 0) + found["body"]["isDefaultContract"]
        assert defaults
        assert set(defaults.values()) == {1}


def test_companies_and_services_by_the_api() -> None:
    settings = FIRM.replace(
        "timezone: Europe/Rome",
        "timezone: Europe/Rome\n    lanes: {companies: api, services: api}",
    )
    found = compiled(
        """
    kind: client
    name: a-subsidiary
    legal_name: Acme Due S.r.l.
    parent: zenith
    phone: "1"
    owner: ann@firm.example
    country: IT
    tax_region: Italy
    tax_id: IT1
    address: {street: Via Uno 1, street2: Scala B, city: Torino, state: TO, postal_code: "10143"}
    autotask: {number: C-2}
    ---
    kind: client
    name: zenith
    legal_name: Zenith S.p.A.
    phone: "2"
    owner: ann@firm.example
    ---
    kind: service_bundle
    name: workplace
    title: Workplace
    period: yearly
    services: [seat]
    price: 60.00
    billing_code: Managed Services
    invoice_description: All of it
    """,
        firm=settings,
    )
    sent = requests(found)
    ids = list(sent)
    assert ids.index("company:zenith") < ids.index("company:a-subsidiary")
    assert "company:acme" not in sent  # it has no owner, and the API requires one
    assert body(sent, "company:a-subsidiary") == {
        "companyName": "Acme Due S.r.l.",
        "companyNumber": "C-2",
        "companyType": {"$picklist": ["Companies", "companyType", "Customer"]},
        "ownerResourceID": {"$ref": "resource:ann@firm.example"},
        "phone": "1",
        "address1": "Via Uno 1",
        "address2": "Scala B",
        "city": "Torino",
        "state": "TO",
        "postalCode": "10143",
        "taxID": "IT1",
        "countryID": {"$ref": "country:IT"},
        "currencyID": {"$ref": "currency:EUR"},
        "taxRegionID": {"$ref": "tax_region:Italy"},
        "parentCompanyID": {"$ref": "company:zenith"},
        "isActive": True,
    }
    assert sent["company:a-subsidiary"]["key"] == {"companyNumber": "C-2"}
    assert sent["company:zenith"]["key"] == {"companyName": "Zenith S.p.A."}
    assert body(sent, "service:seat") == {
        "name": "Managed seat",
        "billingCodeID": {"$ref": "billing_code:service/Managed Services"},
        "periodType": {"$picklist": ["Services", "periodType", "Monthly"]},
        "unitPrice": Decimal("48.00"),
        "isActive": True,
        "unitCost": Decimal("24.00"),
    }
    assert ids.index("service:seat") < ids.index("service:workplace")
    assert (
        sent["bundle_row:workplace/seat"]["path"]
        == "/V1.0/ServiceBundles/{service:workplace}/Services"
    )
    wanted = lookups(found)
    assert wanted["country:IT"]["key"] == {"countryCode": "IT"}
    assert wanted["currency:EUR"]["key"] == {"name": "EUR"}
    assert wanted["resource:ann@firm.example"] == {
        "id": "resource:ann@firm.example",
        "lane": "tenant",
        "entity": "Resources",
        "key": {"email": "ann@firm.example"},
    }
    assert wanted["billing_code:service/Managed Services"]["lane"] == "manual"


def test_what_other_lanes_make_is_looked_up_by_its_key() -> None:
    wanted = lookups(compiled(TIER))
    assert wanted["company:acme"] == {
        "id": "company:acme",
        "lane": "import",
        "entity": "Companies",
        "key": {"companyName": "Acme S.r.l."},
    }
    assert wanted["work_type:onsite"]["key"] == {"name": "Onsite Support", "useType": 1}
    assert wanted["billing_code:purchase/block_hours"]["key"] == {"name": "Block Purchase"}


def test_what_looks_up_something_looked_up_finds_it_too() -> None:
    """A contract whose name is too long is made by hand; its key names the company."""
    title = "x" * 100
    text = bespoke("[{name: hourly, type: time_and_materials, rates: [{role: engineer, rate: 1}]}]")
    found = compiled(text.replace("client: acme", f"client: acme\n    title: {title}"))
    sent, wanted = requests(found), lookups(found)
    assert "contract:acme-2027/hourly" not in sent
    assert "rate:acme-2027/hourly/engineer" in sent
    assert wanted["contract:acme-2027/hourly"]["lane"] == "manual"
    assert "company:acme" in wanted
