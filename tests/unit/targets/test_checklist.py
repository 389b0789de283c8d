"""What only a person can do: steps with screen, exact values, box and check."""

from __future__ import annotations

import re
from datetime import date

import pytest

from billing_dsl.targets.checklist import code, plain
from tests.unit.targets.compiling import FIRM, compiled, shipped, step, steps
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
        "Client Acme S.r.l. (`acme`)",
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
    assert step(found, "makes `work_type:night`").splitlines()[1:] == [
        "  - description: `Work at night.`",
        "  - billing class: `edge (for your own order; Autotask has no field)`",
        "  - billable: `no`",
        "  - rate: `role rate plus or minus an amount: 10.00 EUR (12.00 CHF in the price list)`",
        "  - minimum hours: `1.5`",
        "  - maximum hours: `8`",
        "  - after-hours work type: `Onsite Support`",
        "  - tax category: `Standard`",
        "  - general ledger account: `4010 Labour`",
        "  - external number: `X-7`",
    ]
    text = steps(found)
    assert "Screen: Admin > Features & Settings > Finance, Accounting & Invoicing > Billing" in text
    assert "makes `tax_category:Standard`" in text
    assert "makes `ledger:4010 Labour`" in text


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("{method: role}", "use the role rate"),
        ("{method: times, factor: 1.50}", "role rate multiplied by 1.5"),
        ("{method: fixed, rate: 140.00}", "custom hourly rate of 140.00 EUR"),
        ("{method: flat, amount: {CHF: 60.00}}", "flat rate of nothing in EUR (60.00 CHF"),
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
    assert told in step(found, "makes `work_type:night`")


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
    assert "`Night Watch`, from 2027-06-01 on" in step(found, "makes `work_type:night`")
    later = step(found, "2027-09-01: work type")
    assert "rate from `custom hourly rate of 90.00 EUR` to `custom hourly rate of 95" in later
    assert "By hand: no request changes it" in later


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
        assert f"makes `{made}`" in steps(found)
    assert "contract_type:recurring_service" not in steps(found)
    assert "issue: `Printing`" in step(found, "makes `sub_issue:printer`")


def test_import_files_are_unverified_and_completed_by_hand() -> None:
    text = steps(compiled(TIER))
    assert "**default headers, unverified**" in text
    assert "Import `import/organizations.csv`, 1 row\n" in text
    assert "Billing Code `Managed Services`" in step(compiled(TIER), "Service `Managed seat`:")


def test_without_the_import_lane_there_is_no_such_part() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api, services: api}")
    assert "## Import files" not in steps(compiled(TIER, firm=firm))


def test_sub_issues_of_sets_and_contracts_are_a_person_s() -> None:
    made = "makes `exclusion_set_row:silver/v1/1/recurring/sub_issue/printer`"
    shared = step(compiled(TIER), made)
    assert "`Printing > Paper Jam`" in shared
    assert "On `silver v1 1 recurring`" in shared
    contract = "{name: all, type: recurring_service, excludes: {sub_issues: [printer]}}"
    own = step(
        compiled(bespoke(f"[{contract}]")),
        "makes `exclusion:acme-2027/all/sub_issue/printer`",
    )
    assert "On `acme-2027 – all`" in own
    assert "By hand because the API has no exclusions of sub-issues" in own
    assert "Menu > Exclusions" in own


def test_the_default_contract_is_looked_at() -> None:
    found = compiled(TIER)
    assert "Check: a new ticket" in step(found, "default service desk contract is `acme-2027 –")


def test_a_catalogue_without_anything_to_send() -> None:
    assert "There is nothing to send." in steps(compiled("", firm=FIRM.partition("---")[0]))


def test_a_client_without_anything_to_do_has_no_section() -> None:
    assert "Client Acme" not in steps(compiled(""))


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
    assert f"By hand because {reason}" in step(found, f"makes `{made}`")


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        ("type: block_hours, overage_rate: {CHF: 9}", "overage billing rate `the catalogue has no"),
        ("type: retainer, overage_rate: 9", "overage billing rate `Autotask takes overage rates"),
        ("type: retainer, setup_fee: {CHF: 9}", "setup fee `the catalogue has no amount in EUR"),
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
    unsold = step(found, "makes `units:acme-2027/seat`")
    assert "units: `45`" in unsold
    assert "By hand because the agreement has no contract to sell it on" in unsold
    assert "units:acme-2027/seat" not in steps(compiled(tier, date(2028, 1, 1)))


def test_services_on_contracts_that_take_none() -> None:
    found = compiled(bespoke("[{name: one, type: time_and_materials}]", "services: {seat: 5}"))
    reason = "Autotask takes services on Recurring Service contracts, not on Time & Materials"
    assert reason in step(found, "makes `contract_service:acme-2027/one/seat`")
    assert reason in step(found, "makes `units:acme-2027/one/seat`")


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
    assert "By hand because name: Autotask takes 150 characters" in step(
        found, "makes `service:long`"
    )
    bundle = step(found, "makes `service:bundle`")
    assert "By hand because billing code: it is required, and the catalogue does not say" in bundle
    nested = step(found, "makes `bundle_row:bundle/inner`")
    assert "On `Bundle`" in nested
    assert "phone: the import requires it" in step(found, "makes `company:mute`")


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
    assert "its owner Ann Bloggs is no e-mail address" in step(found, "makes `company:one`")
    city = step(found, "Organization `Two`: ")
    assert "city `A town whose name is so long that it does not fit (49 characters" in city
    assert "parent `one (a ring of parents cannot be made at once)`" in city


def test_a_link_that_no_request_can_set() -> None:
    ring = "[{name: one, type: recurring_service, falls_to: one}]"
    found = step(compiled(bespoke(ring)), "makes `exclusion_contract:acme-2027/one`")
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
    assert "By hand because the exclusion contract has ended" in step(
        ended, "makes `exclusion_contract:acme-2027/one`"
    )
    assert "- `old – hourly` of client `acme`, ended on 2026-12-31\n" in steps(ended)


def test_money_paid_in_advance_is_looked_at() -> None:
    found = compiled(
        bespoke(
            "[{name: paid, type: retainer,"
            " retainers: [{amount: 2000.00, start: 2027-01-15, end: 2027-12-31}]},"
            " {name: fixed, type: fixed_price,"
            " milestones: [{title: Done, date: 2027-06-30, amount: 1}]}]"
        )
    )
    charge = step(found, "one charge for the retainer, 2027-01-15 to 2027-12-31: `2000.00`")
    assert "Whether the API makes the charge of a retainer is not known" in charge
    assert "set it to Ready to Bill" in step(found, "Milestone `Done, due 2027-06-30`")


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
    assert "Clerk: `60.00 CHF`" in step(found, "makes `price:role/clerk/CHF`")
    assert "from 2027-06-01 on — makes `price:role/clerk/USD`" in steps(found)
    assert 'Body: `{"id": {"$ref": "role:clerk"}, "hourlyRate": 55.00}`' in step(
        found, "2027-06-01: role, Clerk: hourly rate from `50.00` to `55.00`"
    )
    assert "By hand" in step(found, "Clerk: hourly rate in USD from `none` to `70.00`")
    assert "By hand" in step(found, "Clerk: hourly rate in EUR from `55.00` to `none`")
    assert "By hand" in step(found, "Clerk: hourly rate in CHF from `60.00` to `65.00`")
    assert "Request: `PATCH /V1.0/ServiceBundles`" in step(found, "Bundle: unit price from")
    assert "Request: `PATCH /V1.0/Services`" in step(found, "Cloud: unit cost from")
    assert "unit cost in CHF" not in steps(found)
    assert "Bulk Service Updater" in steps(found)


def test_markdown_says_names_as_they_are() -> None:
    assert plain("a*b_c\nd") == r"a\*b\_c d"
    assert code("a`b") == "``a`b``"
    assert code("`a") == "`` `a ``"
    assert code("a\nb") == "`a b`"


def test_the_shipped_catalogue_s_move_to_gold() -> None:
    found = shipped(date(2027, 1, 15))
    assert "2027-03-01: contract, torrente-2026 – block: contract exclusion set from" in steps(
        found
    )
    assert '"unitChange": -64' in step(found, "64 × Managed seat, Silver: units from `64` to `0`")
