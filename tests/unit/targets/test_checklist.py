"""What only a person can do: steps with screen, exact values, box and check."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest

from billing_dsl.targets._book import Book
from billing_dsl.targets._forms import Form
from billing_dsl.targets._sheet_forms import code, escaped
from billing_dsl.targets.checklist import checklist
from billing_dsl.targets.reference import reference
from tests.unit.targets.compiling import (
    FIRM,
    compiled,
    each_step,
    files,
    making,
    own_steps,
    rows_of_steps,
    shipped,
    step,
    steps,
)
from tests.unit.targets.test_autotask_requests import BLOCKS, TIER, bespoke


def test_it_opens_with_what_is_to_do() -> None:
    text = steps(compiled(TIER))
    assert text.startswith("# Autotask, by hand: The Firm\n\nState of 2027-01-15. ")
    headings = re.findall(r"(?m)^## (.*)$", text)
    assert headings == [
        "Before anything is sent",
        "Import files",
        "Requests",
        "What clients share",
        "What to look at once all is made",
    ]
    assert not re.search(r"\n\n\n", text)
    assert text.endswith("\n")


def test_a_work_type_is_told_field_by_field() -> None:
    found = compiled(
        """
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    billable: false
    rate: {method: plus, amount: {EUR: 10.00, CHF: 12.00}}
    minimum_hours: 1.50
    maximum_hours: 8
    after_hours: onsite
    tax_category: Standard
    ledger: 4010 Labour
    external_number: X-7
    """
    )
    assert making(found, "work_type:night").splitlines()[1:] == [
        "  - description: `Work at night.`",
        "  - class: `edge, in the catalogue alone`",
        "  - billable: `no`",
        "  - rate: `role rate plus or minus an amount: 10.00 EUR`",
        "  - minimum hours: `1.5`",
        "  - maximum hours: `8`",
        "  - after-hours work type: `Onsite Support`",
        "  - tax category: `Standard`",
        "  - general ledger account: `4010 Labour`",
        "  - external number: `X-7`",
    ]
    text = steps(found)
    assert "Screen: Admin > Features & Settings > Finance, Accounting & Invoicing > Billing" in text
    assert "Leave the mark that excludes a work type from new contracts unset" in text
    assert "`Standard`" in making(found, "tax_category:Standard")
    assert "`4010 Labour`" in making(found, "ledger:4010 Labour")
    assert "Work type `Night Watch`: `12.00 CHF`" in making(found, "price:work_type/night/CHF")


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("{method: role}", "use the role rate"),
        ("{method: times, factor: 1.50}", "role rate multiplied by 1.5"),
        ("{method: fixed, rate: 140.00}", "custom hourly rate of 140.00 EUR"),
        ("{method: flat, amount: {CHF: 60.00}}", "flat rate of nothing in EUR per time entry"),
        ("{method: fixed, rate: [{from: 2028-01-01, rate: 9.00}]}", "custom hourly rate of 9.00"),
    ],
)
def test_rate_methods_in_autotask_s_words(rate: str, told: str) -> None:
    found = compiled(
        f"""
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    rate: {rate}
    """
    )
    assert told in making(found, "work_type:night")


def test_what_begins_later_says_so() -> None:
    found = compiled(
        """
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    from: 2027-06-01
    rate: {method: fixed, rate: [{rate: 90.00}, {from: 2027-09-01, rate: 95.00}]}
    """
    )
    assert "`Night Watch`, in use from 2027-06-01 on" in making(found, "work_type:night")
    later = step(found, "Work type `Night Watch`: rate from")
    assert "rate from `custom hourly rate of 90.00 EUR` to `custom hourly rate of 95" in later
    assert "### 2027-09-01\n" in steps(found)
    assert "## Later steps as requests" not in steps(found)


def test_a_rate_that_does_not_change_is_no_step() -> None:
    found = compiled(
        """
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    rate: {method: flat, amount: [{amount: 90.00, rate: 90.00}, {from: 2027-09-01, rate: 90.00}]}
    """.replace("amount: 90.00, ", "")
    )
    assert "2027-09-01" not in steps(found)


def test_lists_of_the_tenant() -> None:
    found = compiled(
        bespoke("[{name: hours, type: block_hours, category: Gold, setup_fee: 100.00}]")
        + """
    ---
    kind: client
    name: globex
    legal_name: Globex AG
    tax_region: Italy
    """
    )
    for made in (
        "contract_type:block_hours",
        "contract_category:Gold",
        "billing_code:service/Managed Services",
        "billing_code:purchase/block_hours",
        "billing_code:setup-fee",
        "tax_region:Italy",
        "sub_issue:printer",
    ):
        assert making(found, made)
    assert "`Recurring Service`\n" not in steps(found).partition("## Requests")[0]
    assert "`Paper Jam` of the issue `Printing`" in making(found, "sub_issue:printer")
    assert "a recurring service billing code" in making(
        found, "billing_code:service/Managed Services"
    )
    assert "for purchases on Block Hours contracts" in making(
        found, "billing_code:purchase/block_hours"
    )


def test_import_files_are_unverified_and_completed_by_hand() -> None:
    text = steps(compiled(TIER))
    assert text.count("Its headers are guesses (unverified), from") == 2
    assert "from a template file of 2017 that its owner has published" in text
    assert "from the vendor's help on importing services" in text
    assert "Import `import/organizations.csv`, 1 row\n" in text
    assert "Billing Code `Managed Services`" in step(compiled(TIER), "Service `Managed seat`:")


def test_without_the_import_lane_there_is_no_such_part() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api, services: api}")
    assert "## Import files" not in steps(compiled(TIER, firm=firm))


def test_sub_issues_of_sets_and_contracts_are_a_person_s() -> None:
    tier = compiled(TIER)
    shared = making(tier, "exclusion_set_row:silver/v1/1/recurring/sub_issue/printer")
    assert "Exclusion set `silver v1 1 recurring`: exclude `Printing > Paper Jam`" in shared
    assert "sub-issues that are excluded cannot be read through the API" in steps(tier)
    contract = "{name: all, type: recurring_service, excludes: {sub_issues: [printer]}}"
    own = making(compiled(bespoke(f"[{contract}]")), "exclusion:acme-2027/all/sub_issue/printer")
    assert "Contract `acme-2027 – all`: exclude `Printing > Paper Jam`" in own
    assert "By hand because the API has no exclusions of sub-issues" in own
    assert "Menu > Exclusions" in own


def test_the_default_contract_is_looked_at() -> None:
    found = compiled(TIER)
    assert step(found, "Acme S.r.l.: `acme-2027 – recurring`")
    assert "Check: a new ticket of the organization shows it as its contract" in steps(found)


def test_a_catalogue_without_anything_to_send() -> None:
    assert "There is nothing to send." in steps(compiled("", firm=FIRM.partition("---")[0]))


def test_a_client_without_anything_to_do_has_no_section() -> None:
    assert "Client Acme" not in steps(compiled(""))
    assert "Client Acme" not in steps(compiled(TIER))


TICKET = "{tickets: 1, rate: {CHF: 1}, start: 2027-01-15, end: 2027-12-31}"


@pytest.mark.parametrize(
    ("contract", "made", "reason"),
    [
        ("type: recurring_service, rates: [{role: engineer, rate: 1}]",
         "rate:acme-2027/one/engineer",
         "Autotask takes no rates of roles on Recurring Service contracts"),
        ("type: per_ticket, block_factors: {engineer: 2}",
         "block_factor:acme-2027/one/engineer",
         "Autotask takes block factors on Block Hours contracts, not on Per Ticket contracts"),
        ("type: retainer, milestones: [{title: Done, date: 2027-06-30, amount: 1}]",
         "milestone:acme-2027/one/2027-06-30",
         "Autotask takes milestones on Fixed Price contracts, not on Retainer contracts"),
        ("type: fixed_price, retainers: [{amount: 1, start: 2027-01-15, end: 2027-12-31}]",
         "retainer:acme-2027/one/2027-01-15",
         "Autotask takes retainers on Retainer contracts, not on Fixed Price contracts"),
        ("type: fixed_price, tickets: [{tickets: 1, rate: 1, start: 2027-01-15, end: 2027-12-31}]",
         "tickets:acme-2027/one/2027-01-15",
         "Autotask takes tickets on Per Ticket contracts, not on Fixed Price contracts"),
        ("type: fixed_price, milestones: [{title: Done, date: 2027-06-30, amount: {CHF: 1}}]",
         "milestone:acme-2027/one/2027-06-30", "the catalogue has no amount in EUR for it"),
        ("type: retainer, retainers: [{amount: {CHF: 1}, start: 2027-01-15, end: 2027-12-31}]",
         "retainer:acme-2027/one/2027-01-15", "the catalogue has no amount in EUR for it"),
        (f"type: per_ticket, tickets: [{TICKET}]",
         "tickets:acme-2027/one/2027-01-15", "the catalogue has no amount in EUR for it"),
        ("type: fixed_price, milestones: [{title: %s, date: 2027-06-30, amount: 1}]" % ("x" * 51),
         "milestone:acme-2027/one/2027-06-30", "title: 51 characters, Autotask takes 50"),
        ("type: time_and_materials, rates: [{role: engineer, rate: {CHF: 1}}]",
         "rate:acme-2027/one/engineer", "the catalogue has no amount in EUR for it"),
    ],
)  # fmt: skip
def test_what_no_request_can_say_is_said_here(contract: str, made: str, reason: str) -> None:
    found = compiled(bespoke(f"[{{name: one, {contract}}}]"))
    assert f"By hand because {reason}" in making(found, made)


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        ("type: block_hours, overage_rate: {CHF: 9}", "overage rate: the catalogue has no amount"),
        ("type: retainer, overage_rate: 9", "overage rate: Autotask takes overage rates"),
        ("type: retainer, setup_fee: {CHF: 9}", "set-up fee: the catalogue has no amount in EUR"),
    ],
)
def test_what_a_contract_cannot_say(contract: str, told: str) -> None:
    found = compiled(bespoke(f"[{{name: one, {contract}}}]"))
    assert told in step(found, "Contract `acme-2027 – one`: ")


def test_services_without_any_contract() -> None:
    tier = TIER.replace("- {name: recurring, type: recurring_service, services: [seat]}", "")
    tier = tier.replace("- {name: hourly, type: time_and_materials}", "").replace(BLOCKS, "")
    tier = tier.replace("{remote: recurring, onsite: block, project: hourly}", "{onsite: block}")
    tier = tier.replace("{architect: hourly}", "{}").replace("{printer: hourly}", "{}")
    tier = tier.replace("rates: [{contract: hourly", "rates: [{contract: block")
    found = compiled(tier)
    unsold = making(found, "units:acme-2027/seat")
    assert "units: `45`" in unsold
    assert "By hand because the agreement has no contract to sell it on" in unsold
    gone = rows_of_steps(compiled(tier, date(2028, 1, 1)))
    assert "units:acme-2027/seat" not in {row["object"] for row in gone}


def test_services_on_contracts_that_take_none() -> None:
    found = compiled(bespoke("[{name: one, type: time_and_materials}]", "services: {seat: 5}"))
    reason = "Autotask takes services on Recurring Service contracts, not on Time & Materials"
    assert reason in making(found, "contract_service:acme-2027/one/seat")
    assert reason in making(found, "units:acme-2027/one/seat")


def test_services_and_companies_that_fit_no_lane() -> None:
    found = compiled(
        f"""
    kind: service
    name: long
    title: {"s" * 151}
    period: monthly
    price: {{CHF: 1}}
    ---
    kind: service_bundle
    name: bundle
    title: Bundle
    period: monthly
    services: [seat, inner]
    ---
    kind: service_bundle
    name: inner
    title: Inner
    period: monthly
    services: [seat]
    billing_code: Managed Services
    ---
    kind: client
    name: mute
    legal_name: Mute S.r.l.
    """
    )
    assert making(found, "service:long")
    assert "By hand because name: Autotask takes 150 characters" in steps(found)
    assert making(found, "service:bundle")
    missing = "By hand because billing code: it is required, and the catalogue does not say it"
    assert missing in steps(found)
    nested = making(found, "bundle_row:bundle/inner")
    assert "Service `Bundle`: add the service `Inner`" in nested
    assert "phone: the import requires it" in making(found, "company:mute")


def test_companies_that_the_api_does_not_take() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api}")
    found = compiled(
        """
    kind: client
    name: one
    legal_name: One
    phone: "1"
    owner: Ann Bloggs
    parent: two
    ---
    kind: client
    name: two
    legal_name: Two
    phone: "2"
    owner: ann@firm.example
    parent: one
    address: {city: A town whose name is so long that it does not fit}
    """,
        firm=firm,
    )
    assert "its owner Ann Bloggs is no e-mail address" in making(found, "company:one")
    city = step(found, "Organization `Two`: ")
    assert "city `A town whose name is so long that it does not fit` (49 characters" in city
    assert "parent organization `One` (a ring of parents cannot be made at once)" in city


def test_a_link_that_no_request_can_set() -> None:
    ring = "[{name: one, type: recurring_service, falls_to: one}]"
    found = making(compiled(bespoke(ring)), "exclusion_contract:acme-2027/one")
    assert "Contract `acme-2027 – one`: set its exclusion contract" in found
    assert "exclusion contract: `acme-2027 – one`" in found
    assert "By hand because the links go round in a ring" in found
    ended = compiled(
        """
    kind: agreement
    name: old
    client: acme
    start: 2026-01-01
    end: 2026-12-31
    contracts: [{name: hourly, type: time_and_materials}]
    ---
    """
        + bespoke("[{name: one, type: recurring_service, falls_to: old/hourly}]")
    )
    link = making(ended, "exclusion_contract:acme-2027/one")
    assert "exclusion contract: `old – hourly`" in link
    assert "By hand because the exclusion contract has ended" in link
    left = "- Acme S.r.l.: `old – hourly`, Time & Materials, ended on 2026-12-31\n"
    assert left in steps(ended)


def test_money_paid_in_advance_is_looked_at() -> None:
    found = compiled(
        bespoke(
            "[{name: paid, type: retainer,"
            " retainers: [{amount: 2000.00, start: 2027-01-15, end: 2027-12-31}]},"
            " {name: fixed, type: fixed_price,"
            " milestones: [{title: Done, date: 2027-06-30, amount: 1}]}]"
        )
    )
    assert step(found, "one charge of `2000.00 EUR` for the retainer, 2027-01-15 to 2027-12-31")
    assert "Whether requests make the charge of a retainer is not known" in steps(found)
    assert step(found, "contract `acme-2027 – fixed`: Done, due 2027-06-30: `1.00 EUR`")
    assert "Set each to Ready to Bill once it is reached" in steps(found)
    [milestone] = [row for row in rows_of_steps(found) if row["object"].startswith("milestone:")]
    assert (milestone["day"], milestone["client"], milestone["deed"]) == (
        "2027-06-30",
        "acme",
        "look",
    )


def test_prices_in_further_currencies_and_their_steps() -> None:
    found = compiled(
        """
    kind: role
    name: clerk
    title: Clerk
    rate:
      - {EUR: 50.00, CHF: 60.00}
      - {from: 2027-06-01, rate: {EUR: 55.00, CHF: 60.00, USD: 70.00}}
      - {from: 2027-09-01, rate: {CHF: 65.00}}
    ---
    kind: service_bundle
    name: bundle
    title: Bundle
    period: monthly
    services: [seat]
    price: [{price: 10.00}, {from: 2027-06-01, price: 12.00}]
    billing_code: Managed Services
    ---
    kind: service
    name: cloud
    title: Cloud
    period: monthly
    price: 9.00
    cost: [{price: 5.00}, {from: 2027-06-01, price: {EUR: 6.00, CHF: 7.00}}]
    """.replace("- {EUR: 50.00, CHF: 60.00}", "- rate: {EUR: 50.00, CHF: 60.00}")
    )
    assert "Role `Clerk`: `60.00 CHF`" in making(found, "price:role/clerk/CHF")
    assert "Role `Clerk`: price from none to `70.00 USD`" in making(found, "price:role/clerk/USD")
    assert step(found, "Role `Clerk`: hourly rate from `50.00 EUR` to `55.00 EUR`")
    gone = step(found, "Role `Clerk`: hourly rate from `55.00 EUR` to none")
    assert step(found, "Role `Clerk`: price from `60.00 CHF` to `65.00 CHF`")
    assert step(found, "Service `Bundle`: unit price from `10.00 EUR` to `12.00 EUR`")
    assert step(found, "Service `Cloud`: unit cost from `5.00 EUR` to `6.00 EUR`")
    assert "unit cost in CHF" not in steps(found)
    assert "Bulk Service Updater" in steps(found)
    sent = as_requests(found)
    assert sent.count("PATCH") == 3
    assert '`PATCH /V1.0/Roles {"id": {"$ref": "role:clerk"}, "hourlyRate": 55.00}`' in sent
    assert "PATCH /V1.0/ServiceBundles" in sent
    assert "PATCH /V1.0/Services" in sent
    [number] = re.findall(r"\*\*(\d+)\.", gone)
    assert f"**{number}.**" not in sent


def as_requests(compilation: Book) -> str:
    """The end of the checklist: what can be sent in place of later steps."""
    return steps(compilation).partition("## Later steps as requests")[2]


def test_markdown_says_names_as_they_are() -> None:
    assert escaped("a*b_c\nd") == r"a\*b\_c d"
    assert escaped("R&D &amp; <b> > c") == r"R&D \&amp; \<b> > c"
    assert code("a`b") == "``a`b``"
    assert code("`a") == "`` `a ``"
    assert code("a\nb") == "`a b`"


def test_the_shipped_catalogue_s_move_to_gold() -> None:
    found = shipped(date(2027, 1, 15))
    contract = "Torrente Hotels S.p.A.: contract `torrente-2026 – block`"
    moved = step(found, f"{contract}: exclusion set from `silver v1 2 block` to `Retired: takes no")
    assert "open those that are not posted and save them again (unverified)" in moved
    assert step(found, "`Managed seat, Silver`: units from `64` to `0`")
    assert '"unitChange": -64' in as_requests(found)
    hourly = "Torrente Hotels S.p.A.: contract `torrente-2026 – hourly`"
    rate = step(found, f"{hourly}: add a rate for the role `Systems Engineer`")
    assert "Enter: hourly rate `85.00 EUR`" in rate


def test_a_charge_is_never_asked_for_twice() -> None:
    found = compiled(
        TIER.replace(
            "hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31",
            "hours: 40, rate: 78.00, start: 2027-07-01, end: 2027-12-31",
        )
    )
    charge = making(found, "charge:acme-2027/block/2027-07-01")
    assert "see that there is one charge `Block of hours, 2027-07-01 to 2027-12-31`" in charge
    assert "add one only where there is none, and never two" in charge
    assert "quantity `40`, unit price `78.00 EUR`" in charge
    block = making(found, "block:acme-2027/block/2027-07-01")
    assert "add a block of 40 hours, 2027-07-01 to 2027-12-31" in block
    assert "hours `40`, hourly rate `78.00 EUR`" in block


def test_system_settings_are_those_that_the_proof_rests_on() -> None:
    text = steps(compiled(TIER))
    assert "“apply block hour multiplier to overages” is `off`" in text
    assert "Hours worked are rounded up to `15` minutes" in text
    firm = FIRM.replace(
        "Europe/Rome", "Europe/Rome\n    multiplier_on_overage: true\n    hours_rounding: 6 minutes"
    )
    text = steps(compiled(TIER, firm=firm))
    assert "“apply block hour multiplier to overages” is `on`" in text
    assert "Hours worked are rounded up to `6` minutes" in text
    assert "multiplier to overages" not in steps(compiled(""))


def test_requests_wait_for_what_a_person_makes() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api, services: api}")
    long = "a-contract-whose-name-is-so-long-that-autotask-does-not-take-it"
    excludes = "excludes: {work_types: [onsite]}"
    found = compiled(
        f"""
    kind: client
    name: globex
    legal_name: Globex
    phone: "1"
    owner: Ann Bloggs
    ---
    kind: agreement
    name: an-agreement-with-such-a-long-name-of-its-own
    client: globex
    start: 2027-01-01
    end: 2027-12-31
    contracts:
      - {{name: {long}, type: recurring_service, falls_to: hourly, {excludes}}}
      - {{name: hourly, type: time_and_materials}}
    """,
        firm=firm,
    )
    text = steps(found)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Before anything is sent",
        "## Client Globex, before the requests",
        "## Requests",
        "## What clients share",
        "## Client Acme S.r.l.",
        "## Client Globex",
        "## Requests that had to wait",
        "## What to look at once all is made",
    ]
    assert "1 of them can be sent only after later steps by hand" in text
    assert "Send what could not be sent before: 1 request of `requests.json`" in text


SCREENS = [
    pytest.param("import", date(2026, 12, 1), id="import"),
    pytest.param("api", date(2027, 2, 1), id="api"),
    pytest.param("api", date(2025, 1, 1), id="before"),
]


@pytest.mark.parametrize(("lane", "as_of"), SCREENS)
def test_no_step_speaks_of_ids_fields_or_routes(lane: str, as_of: date) -> None:
    text = steps(shipped(as_of, lane)).partition("## Later steps as requests")[0]
    words = (
        r"company|contract|currency|country|role|service|units|block|charge|work_type|exclusion\w*"
    )
    assert not re.search(rf"\b({words}):[a-z0-9]", text)
    assert not re.search(r"\$ref|\$picklist|/V1\.0|POST|PATCH|DELETE", text)
    assert not re.search(r"`[a-z]+[A-Z]\w+`", text), "a field's name"
    assert not re.search(r"\d{4}-\d\d-\d\dT", text)


@pytest.mark.parametrize(("lane", "as_of"), SCREENS)
def test_every_step_tells_where_and_what_shows_it(lane: str, as_of: date) -> None:
    text = steps(shipped(as_of, lane)).partition("## Left out")[0]
    told = ""
    for block in re.split(r"(?m)^(?=#+ |- \[ \] )", text):
        if block.startswith("#"):
            told = block
        elif block.startswith("- [ ] ") and "requests.json" not in block:
            assert "Screen: " in told + block
            assert "Check: " in told + block


def test_what_goes_or_turns_later_is_told_so() -> None:
    tier = """
    kind: tier
    name: %s
    version: 1
    effective: 2026-01-01
    title: Tier
    contracts:
      - name: project
        type: fixed_price
        milestones: [{title: %s, date: 2027-08-01, amount: 5.00}]
      - {name: hourly, type: time_and_materials%s}
    scope: {remote: hourly, onsite: hourly, project: project}
    ---
    """
    found = compiled(
        tier % ("one", "Half", ", rates: [{role: architect, rate: 130.00}]")
        + tier % ("two", "All", "")
        + """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    tier: [{from: 2027-01-01, tier: one@1}, {from: 2027-07-01, tier: two@1}]
    """
    )
    gone = step(found, "take away a rate for the role `Architect`")
    assert "Check: open it again: it is no longer there" in gone
    assert step(found, "All, due 2027-08-01: title from `Half` to `All`")


def test_several_reasons_under_one_heading_are_told_one_by_one() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {services: api}")
    service = """
    kind: service
    name: %s
    title: %s
    period: monthly
    price: 1
    %s
    ---
    """
    found = compiled(
        service % ("bare", "Bare", "") + service % ("long", "s" * 151, "billing_code: Managed"),
        firm=firm,
    )
    assert "By hand because billing code: it is required" in making(found, "service:bare")
    assert "By hand because name: 151 characters" in making(found, "service:long")


def test_a_price_that_does_not_change_has_no_second_row_of_words() -> None:
    found = compiled(
        """
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    rate: {method: fixed, rate: [{rate: 90.00}, {from: 2027-09-01, rate: 90.00}]}
    """
    )
    assert "2027-09-01" not in steps(found)
    [reference_text] = files(reference, found).values()
    assert "night: edge, billable, custom hourly rate of 90.00 EUR\n" in reference_text


# --- pages, and each client's own list -----------------------------------------------------------


def page(text: str) -> ET.Element:
    """A page of HTML that is XML too, but for its head."""
    return ET.fromstring(re.sub(r"<!DOCTYPE html>|<meta [^>]*>|(?<=checkbox\")(?=>)", "", text))


def steps_of_page(text: str) -> list[tuple[int, str, list[str]]]:
    """The steps of a page: number, words and details."""
    found = []
    for one in page(text.replace('type="checkbox">', 'type="checkbox"/>')).iter("li"):
        if one.get("class") == "step":
            assert [box.get("type") for box in one.iter("input")] == ["checkbox"]
            words = "".join("".join(label.itertext()) for label in one.iterfind("label")).strip()
            details = ["".join(detail.itertext()) for detail in one.iterfind("ul/li")]
            found.append((int(one.get("value", "")), words, details))
    return found


def steps_of_text(text: str) -> list[tuple[int, str, list[str]]]:
    """The same of Markdown, as it is read."""
    found = []
    for number, one in enumerate(each_step(text), 1):
        words, *details = [read_as_text(line.removeprefix("  - ")) for line in one.split("\n")]
        found.append((number, words, details))
    return found


def read_as_text(line: str) -> str:
    parts = re.split(r"(?<!`)`(?!`)", line)
    return "".join(
        part if n % 2 else re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", part)
        for n, part in enumerate(parts)
    )


@pytest.mark.parametrize("as_of", [date(2026, 9, 15), date(2027, 6, 30)], ids=str)
def test_pages_and_markdown_say_the_same_steps(as_of: date) -> None:
    found = files(checklist, shipped(as_of))
    pages = [path for path in found if path.endswith(".html")]
    assert len(pages) == 19
    for path in pages:
        text = found[path.replace(".html", ".md")]
        said = steps_of_page(found[path])
        assert said == steps_of_text(text), path
        sent = [
            li.get("value")
            for li in page(found[path].replace('type="checkbox">', 'type="checkbox"/>')).iter("li")
            if li.get("class") == "sent"
        ]
        assert sent == re.findall(r"(?m)^- \*\*(\d+)\.\*\* ", text), path


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    for path, text in files(checklist, shipped()).items():
        if path.endswith(".html"):
            assert not re.search(r"<(script|a|img|link|iframe|form|object)\b", text), path
            assert "default-src 'none'; style-src 'sha256-" in text
            assert "--primary: #" in text  # the style that all pages share
            assert ".step::marker" in text
            assert " style=" not in text


def test_a_client_s_own_list_goes_from_the_organization_to_later_days() -> None:
    text = own_steps(shipped(date(2026, 9, 15)))["skischule-kristall"]
    headings = re.findall(r"(?m)^##? (.*)$", text)
    assert headings == [
        "Going live: Skischule Kristall OG",
        "What has to be there",
        "The organization",
        "What the requests do",
        "What to look at once all is made",
        "On later days",
        "Later steps as requests",
    ]
    contracts = re.findall(r"(?m)^\| `kristall-2026 – (\w+)` \| .* \| (.*) \|$", text)
    assert contracts[:3] == [
        ("hourly", "none"),
        ("block", "`kristall-2026 – hourly`"),
        ("recurring", "`kristall-2026 – block`"),
    ]
    assert "- exclusion sets: `silver v2 1 recurring`, `silver v2 2 block`\n" in text
    assert (
        "| charge | `Block of hours, 2026-11-01 to 2027-04-30` | `kristall-2026 – block` |" in text
    )


def test_sub_issues_and_what_files_cannot_say_stand_in_the_client_s_own_list() -> None:
    text = own_steps(
        compiled(
            bespoke("[{name: all, type: recurring_service, excludes: {sub_issues: [printer]}}]")
            + """
    ---
    kind: client
    name: globex
    legal_name: Globex AG
    phone: "+39 011 555 0143"
    owner: ann@firm.example
    tax_region: Italy
    """
        )
    )
    assert "## By hand, once the requests are sent\n" in text["acme"]
    assert "exclude `Printing > Paper Jam`" in text["acme"]
    assert "Import the row of `Globex AG` with `import/organizations.csv`" in text["globex"]
    assert "Acme" not in text["globex"]


def test_a_client_made_by_request_has_no_row_to_import() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api, services: api}")
    assert "Add the organization `Acme" in own_steps(compiled(TIER, firm=firm))["acme"]
    firm = firm.replace('phone: "+39', 'owner: ann@firm.example\n    phone: "+39')
    text = own_steps(compiled(TIER, firm=firm))["acme"]
    assert "No file imports it" in text
    assert "| organization | `Acme S.r.l.` |" in text


def test_a_bar_in_a_name_parts_no_cells() -> None:
    firm = FIRM.replace("title: Managed seat", 'title: "Seat | all"')
    text = own_steps(compiled(TIER, firm=firm))["acme"]
    assert "| service | `Seat \\| all` | `acme-2027 – recurring` |" in text
    assert "- services: `Seat | all`\n" in text


@pytest.mark.parametrize(
    ("forms", "whole", "own"),
    [
        ({Form.HTML}, {"html"}, {"html"}),
        ({Form.MARKDOWN}, {"md"}, {"md"}),
        (set(), {"md"}, set()),
    ],
)
def test_lists_are_made_in_the_forms_asked_for(
    forms: set[Form], whole: set[str], own: set[str]
) -> None:
    """The list of all is never left out: nobody could set the tenant up without it."""
    book = compiled(TIER)
    asked = Book(replace(book.compilation, forms=frozenset(forms)), book.families)
    found = files(checklist, asked)
    assert {path.rpartition(".")[2] for path in found if path.startswith("documents/")} == own
    assert {path for path in found if path.startswith("autotask/checklist")} == {
        f"autotask/checklist.{form}" for form in whole
    }
    assert "autotask/steps.csv" in found


# --- list prices on contracts --------------------------------------------------------------------

DEARER = FIRM.replace(
    "price: 48.00",
    "price: [{price: 48.00}, {from: 2027-03-01, price: 49.50}, {from: 2027-09-01, price: 51.00}]",
)
SELLING = "[{name: one, type: recurring_service}]"


def carried(services: str, start: date = date(2027, 1, 1)) -> list[str]:
    """What each client's own list has to be carried over, in short."""
    found = compiled(bespoke(SELLING, f"services: {{seat: {services}}}", start), firm=DEARER)
    told = [each for each in each_step(own_steps(found)["acme"]) if "new list price" in each]
    shared = [each for each in each_step(steps(found)) if "new list price" in each]
    assert len(shared) == len(told)
    return [each.splitlines()[0].partition("`: ")[2] for each in told]


def test_a_new_list_price_has_a_box_for_each_contract_that_follows_the_list() -> None:
    assert carried("45") == [
        "new list price of the service `Managed seat`: unit price from `48.00 EUR` to `49.50 EUR`",
        "new list price of the service `Managed seat`: unit price from `49.50 EUR` to `51.00 EUR`",
    ]
    found = compiled(bespoke(SELLING, "services: {seat: 45}", date(2027, 1, 1)), firm=DEARER)
    [first, _] = [one for one in each_step(own_steps(found)["acme"]) if "new list price" in one]
    assert "Screen: Bulk Service Updater (place in the menu unverified)" in first
    assert "Check: on the contract the service costs so much from that day on" in first
    assert "Later: the first invoice from that day on still has the old price" in first
    assert own_steps(found)["acme"].count("### 2027-03-01") == 1


@pytest.mark.parametrize(
    "services",
    [
        "{units: 45, price: 46.00}",
        "[{units: 45}, {from: 2027-03-01, units: 0}]",
        "[{from: 2027-10-01, units: 45}]",
        "0",
    ],
    ids=["a-price-of-its-own", "no-longer-needed", "added-later", "never-bought"],
)
def test_a_new_list_price_that_no_contract_keeps_from_coming_has_none(services: str) -> None:
    assert carried(services) == []


def test_a_contract_of_later_begins_with_the_price_of_its_first_day() -> None:
    [only] = carried("45", date(2027, 4, 1))
    assert only.endswith("from `49.50 EUR` to `51.00 EUR`")


def test_units_that_pause_and_come_back_find_the_old_price_on_the_contract() -> None:
    paused = "[{units: 45}, {from: 2027-02-01, units: 0}, {from: 2027-06-01, units: 40}]"
    assert len(carried(paused)) == 2
