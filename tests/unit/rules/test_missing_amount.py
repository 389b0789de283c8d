from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from billing_dsl.analysis.pricing import Billing, billing, rate
from billing_dsl.analysis.walk import Outcome
from billing_dsl.model.calendar import ONE_DAY
from billing_dsl.pipeline import FileReading, check
from billing_dsl.rules import rules
from billing_dsl.rules._charges import all_in, charges
from billing_dsl.source.document import Document
from tests.oracle.strategies import FIRST, catalogues
from tests.unit.rules.checking import found, work_type

SWISS = "kind: client\nname: acme\nlegal_name: Acme AG\ncurrency: CHF\n"
ROLE = "kind: role\nname: engineer\ntitle: Engineer\n"
EUROS = ROLE + "rate: 85.00\n"
BOTH = ROLE + "rate: {EUR: 85.00, CHF: 99.00}\n"
REMOTE = work_type("remote-support")


def bespoke(contract: str, *fields: str) -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        f"contracts:\n  - {{name: work, {contract}}}\n{lines}"
    )


HOURLY = bespoke("type: time_and_materials")


def told(*documents: str) -> list[tuple[str, str]]:
    return [(f"{d.subject} {d.route}", d.message) for d in found("BD404", SWISS, *documents)]


def test_the_role_that_has_no_amount_is_told_once_for_all_clients() -> None:
    other = SWISS.replace("acme", "globex")
    theirs = HOURLY.replace("acme", "globex")
    (one,) = found("BD404", SWISS, other, HOURLY, theirs, EUROS, REMOTE)
    assert one.message == "the rate of role `engineer` has no amount in CHF"
    assert (one.subject, one.route) == ("role/engineer", "rate")
    assert [reach.agreement for reach in one.reached] == ["acme-2027", "globex-2027"]
    assert one.label == (
        "needed to bill `remote-support` by `engineer` on contract `work` from 2027-01-01"
    )
    assert [note.message for note in one.related] == ["`acme` is billed in CHF"]


def test_nobody_is_billed_by_it() -> None:
    absorbed = bespoke("type: recurring_service")
    free = work_type("remote-support", billable="false")
    elsewhere = SWISS.replace("CHF", "EUR")
    assert told(absorbed, EUROS, REMOTE) == []
    assert told(HOURLY, EUROS, free) == []
    assert found("BD404", elsewhere, HOURLY, EUROS, REMOTE) == []


@pytest.mark.parametrize(
    "row",
    [
        "rates: [{contract: work, role: engineer, rate: {CHF: 99.00}}]",
        "rates: [{contract: work, role: engineer, rate: [{from: 2020-01-01, rate: {CHF: 99}}]}]",
    ],
)
def test_an_agreed_rate_stands_before_the_roles(row: str) -> None:
    assert told(bespoke("type: time_and_materials", row), EUROS, REMOTE) == []


def test_an_agreed_rate_that_begins_later_leaves_the_days_before_to_the_role() -> None:
    row = "rates: [{contract: work, role: engineer, rate: [{from: 2027-07-01, rate: {CHF: 99}}]}]"
    assert told(bespoke("type: time_and_materials", row), EUROS, REMOTE) == [
        ("role/engineer rate", "the rate of role `engineer` has no amount in CHF")
    ]


def test_an_agreed_rate_without_the_currency_is_not_passed_over() -> None:
    row = "rates: [{contract: work, role: engineer, rate: 80.00}]"
    assert told(bespoke("type: time_and_materials", row), BOTH, REMOTE) == [
        (
            "agreement/acme-2027 rates.0.rate",
            "the rate of role `engineer` on contract `work` has no amount in CHF",
        )
    ]


def test_from_a_step_on_and_before_the_first() -> None:
    dated = ROLE + (
        "rate:\n"
        "  - {from: 2027-03-01, rate: {EUR: 85.00, CHF: 99.00}}\n"
        "  - {from: 2027-07-01, rate: {EUR: 88.00}}\n"
    )
    cures = {d.message: d.help for d in found("BD404", SWISS, HOURLY, dated, REMOTE)}
    assert cures == {
        "the rate of role `engineer` has no amount in CHF before 2027-03-01": (
            "add an amount in CHF without `from`, for the days before"
        ),
        "the rate of role `engineer` has no amount in CHF from 2027-07-01": (
            "write an amount in CHF beside the others, as in `{EUR: 85.00, CHF: 92.00}`"
        ),
    }


def test_a_rate_that_begins_with_its_role_is_never_missed() -> None:
    new = ROLE + "from: 2027-03-01\nrate: [{from: 2027-03-01, rate: {CHF: 99.00}}]\n"
    assert told(HOURLY, new, REMOTE) == []


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("{method: plus, amount: 10}", "the amount added by work type `remote-support`"),
        ("{method: fixed, rate: 10}", "the rate of work type `remote-support`"),
        ("{method: flat, amount: 10}", "the amount for each entry of work type `remote-support`"),
    ],
)
def test_the_amount_of_a_work_type(method: str, message: str) -> None:
    found = told(HOURLY, BOTH, work_type("remote-support", rate=method))
    lacks = "is not written" if message.startswith("the amount") else "has no amount"
    assert [text for _, text in found] == [f"{message} {lacks} in CHF"]


def test_work_that_reaches_no_contract_is_billed_at_the_roles_rate() -> None:
    away = bespoke(
        "type: time_and_materials, excludes: {work_types: [remote-support]}, falls_to: none"
    )
    assert [text for _, text in told(away, EUROS, REMOTE)] == [
        "the rate of role `engineer` has no amount in CHF"
    ]


def test_overage_is_billed_at_its_own_rate_or_the_roles() -> None:
    block = "blocks: [{contract: work, hours: 9, rate: {CHF: 80}, start: 2027-01-01, end: %s}]"
    all_year = bespoke("type: block_hours", block % "2027-12-31")
    half = bespoke("type: block_hours", block % "2027-06-30")
    priced = bespoke("type: block_hours, overage_rate: {CHF: 90.00}", block % "2027-06-30")
    foreign = bespoke("type: block_hours, overage_rate: 90.00", block % "2027-06-30")
    assert told(all_year, EUROS, REMOTE) == []
    assert [text for _, text in told(half, EUROS, REMOTE)] == [
        "the rate of role `engineer` has no amount in CHF"
    ]
    assert told(priced, EUROS, REMOTE) == []
    assert told(foreign, BOTH, REMOTE) == [
        (
            "agreement/acme-2027 contracts.work.overage_rate",
            "the overage rate of contract `work` has no amount in CHF",
        )
    ]


def test_overage_of_roles_that_reach_the_block() -> None:
    architect = EUROS.replace("engineer", "architect").replace("Engineer", "Architect")
    split = (
        bespoke("type: block_hours, excludes: {roles: [architect]}, falls_to: managed")
        + "  - {name: managed, type: recurring_service}\n"
    )
    assert [place for place, _ in told(split, EUROS, architect, REMOTE)] == ["role/engineer rate"]


@pytest.mark.parametrize(
    ("contract", "message"),
    [
        (
            "type: fixed_price, milestones: [{title: End, date: 2027-03-01, amount: 9000}]",
            "the amount of a milestone of contract `work`",
        ),
        (
            (
                "type: retainer, rates: [{role: engineer, rate: {CHF: 9}}], "
                "retainers: [{amount: 900, start: 2027-01-01, end: 2027-12-31}]"
            ),
            "the amount of a retainer of contract `work`",
        ),
        (
            (
                "type: per_ticket, tickets: "
                "[{tickets: 9, rate: 58, start: 2027-01-01, end: 2027-12-31}]"
            ),
            "the rate of tickets of contract `work`",
        ),
        ("type: time_and_materials, setup_fee: 300", "the setup fee of contract `work`"),
        (
            "type: time_and_materials, rates: [{role: engineer, rate: 80}]",
            "the rate of role `engineer` on contract `work`",
        ),
    ],
)
def test_what_a_contract_is_paid_by(contract: str, message: str) -> None:
    (one,) = told(bespoke(contract), BOTH, REMOTE)
    lacks = "is not written" if message.startswith("the amount") else "has no amount"
    assert one[1] == f"{message} {lacks} in CHF"


def test_the_rate_of_a_block() -> None:
    block = "blocks: [{contract: work, hours: 9, rate: 80, start: 2027-01-01, end: 2027-12-31}]"
    assert told(bespoke("type: block_hours", block), BOTH, REMOTE) == [
        (
            "agreement/acme-2027 blocks.0.rate",
            "the rate of a block of contract `work` has no amount in CHF",
        )
    ]


SEAT = "kind: service\nname: seat\ntitle: Seat\nperiod: monthly\nprice: {EUR: 40.00}\n"
BUNDLE = (
    "kind: service_bundle\nname: desk\ntitle: Desk\nperiod: monthly\nservices: [seat, mailbox]\n"
)
MAILBOX = SEAT.replace("seat", "mailbox").replace("Seat", "Mailbox")


@pytest.mark.parametrize(
    ("sold", "messages"),
    [
        ("{seat: 5}", ["the price of service `seat` has no amount in CHF"]),
        ("{seat: 0}", []),
        ("{seat: {units: 5, price: {CHF: 50.00}}}", []),
        ("{seat: {units: 5, price: 50.00}}", ["the agreed price of `seat` has no amount in CHF"]),
        ("{seat: [{from: 2027-07-01, units: 0}, {from: 2028-07-01, units: 5}]}", []),
        (
            "{desk: 5}",
            [
                "the price of service `mailbox` has no amount in CHF",
                "the price of service `seat` has no amount in CHF",
            ],
        ),
        ("{desk: {units: 5, price: {CHF: 50.00}}}", []),
        (
            "{desk: {units: 5, price: [{from: 2027-07-01, price: {CHF: 50}}]}}",
            [
                "the price of service `mailbox` has no amount in CHF",
                "the price of service `seat` has no amount in CHF",
            ],
        ),
    ],
)
def test_services_by_the_unit(sold: str, messages: list[str]) -> None:
    agreed = bespoke("type: recurring_service, services: [seat, desk]", f"services: {sold}")
    found = told(agreed, SEAT, MAILBOX, BUNDLE, BOTH, REMOTE)
    assert sorted(text for _, text in found) == messages


def test_a_bundle_with_a_price_of_its_own() -> None:
    agreed = bespoke("type: recurring_service, services: [desk]", "services: {desk: 3}")
    priced = BUNDLE + "price: {EUR: 60, CHF: 70}\ncost: 5\n"
    assert told(agreed, SEAT, MAILBOX, priced, BOTH) == []
    assert told(agreed, SEAT, MAILBOX, BUNDLE + "price: 60\n", BOTH) == [
        ("service_bundle/desk price", "the price of service bundle `desk` has no amount in CHF")
    ]


def test_bundles_in_a_ring_have_no_price() -> None:
    agreed = bespoke("type: recurring_service, services: [desk]", "services: {desk: 3}")
    ring = BUNDLE.replace("seat, mailbox", "room")
    back = BUNDLE.replace("seat, mailbox", "desk").replace("name: desk", "name: room")
    assert told(agreed, ring, back, EUROS) == []


TIER = """
kind: tier
name: gold
version: 1
title: Gold
effective: 2026-01-01
contracts: [{name: hourly, type: time_and_materials}]
scope: {remote-support: hourly}
rates: [{contract: hourly, role: engineer, rate: 80.00}]
"""
ON_TIER = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
tier: gold@1
"""


@pytest.mark.parametrize("choice", ["gold@1", "gold"])
def test_the_rate_of_a_tier_points_at_the_tier(choice: str) -> None:
    on_tier = ON_TIER.replace("gold@1", choice)
    assert told(TIER, on_tier, BOTH, REMOTE) == [
        (
            "tier/gold@1 rates.0.rate",
            "the rate of role `engineer` on contract `hourly` has no amount in CHF",
        )
    ]


def test_an_inherited_rate_points_at_the_ancestor() -> None:
    heir = (
        "kind: tier\nname: gold\nversion: 2\ntitle: Gold\neffective: 2026-06-01\nextends: gold@1\n"
    )
    (one,) = told(TIER, heir, ON_TIER.replace("@1", "@2"), BOTH, REMOTE)
    assert one[0] == "tier/gold@1 rates.0.rate"


def test_the_price_of_a_tier_is_for_comparing_only() -> None:
    priced = TIER.replace("rate: 80.00", "rate: {CHF: 80.00}") + "price: 900.00\n"
    assert told(priced, ON_TIER, BOTH, REMOTE) == []


def test_a_project_beside_the_default_contract_starts_at_its_own() -> None:
    absorbed = bespoke("type: recurring_service")
    project = HOURLY.replace("acme-2027", "acme-move") + "default: false\n"
    (one,) = found("BD404", SWISS, absorbed, project, EUROS, REMOTE)
    assert [reach.agreement for reach in one.reached] == ["acme-move"]


def test_a_sub_issue_may_be_what_leads_to_the_price() -> None:
    trap = "kind: sub_issue\nname: legacy\ntitle: Legacy\nissue: Applications\n"
    away = (
        bespoke("type: recurring_service, excludes: {sub_issues: [legacy]}, falls_to: hourly")
        + "  - {name: hourly, type: time_and_materials}\n"
    )
    (one,) = found("BD404", SWISS, trap, away, EUROS, REMOTE)
    assert "`remote-support` by `engineer` under `legacy` on contract `hourly`" in one.label


@given(catalogues())
def test_the_charges_know_every_kind_of_work_without_a_rate(documents: list[Any]) -> None:
    readings = [
        FileReading(f"{number:04}.yaml", (Document(f"{number:04}.yaml", 0, document),), (), ())
        for number, document in enumerate(documents)
    ]
    for view in check(readings, FIRST, rules(), keep=True).clients:
        currency = view.client.currency
        roles = {role.name: role for role in view.shared.roles}
        work_types = {work_type.name: work_type for work_type in view.shared.work_types}
        found = list(charges(view))
        told, bought = set(), set()
        for charge in found:
            if charge.amount is None and charge.cells:
                last = charge.contract.id if charge.contract else ""
                told |= {
                    (last, cell.work_type, cell.role) for cell in view.cells.each(charge.cells)
                }
            elif charge.amount is None and charge.contract:
                bought.add(charge.contract.id)
        cuts = {change for charge in found for change in charge.price.changes()}
        cuts |= {charge.day for charge in found}
        cuts |= {
            day
            for contract in view.family.book.contracts.values()
            for block in contract.blocks
            for day in (block.life.start, block.life.end + ONE_DAY)
        }
        missing = set()
        for covered in view.covered:
            life = covered.segment.life
            for day in sorted({life.start, *(day for day in cuts if day in life)}):
                for end in covered.routing:
                    contract, phase = None, None
                    if end.outcome is Outcome.COVERED:
                        contract = covered.segment.contracts[end.contract]
                        phase = covered.segment.phases[end.contract]
                    for cell in view.cells.each(end.cells):
                        work_type = work_types[cell.work_type]
                        billed = billing(end.outcome, contract, work_type, day)
                        asked = (contract, phase, work_type, roles[cell.role], day, currency)
                        if not rate(billed, *asked, False).missing:
                            continue
                        last = contract.id if contract else ""
                        if billed in (Billing.BLOCK, Billing.TICKET):
                            assert last in bought
                        else:
                            missing.add((last, cell.work_type, cell.role))
        assert missing <= told
        if all(agreement.default for agreement in view.agreements):
            assert told == missing
        if missing or bought:
            assert not all_in(view, currency)


def test_the_step_that_lacks_the_currency_is_shown() -> None:
    later = "{EUR: 90}"
    steps = f"rate: [{{rate: {{EUR: 80, CHF: 90}}}}, {{from: 2027-07-01, rate: {later}}}]\n"
    (one,) = found("BD404", SWISS, HOURLY, ROLE + steps, REMOTE)
    assert one.message == "the rate of role `engineer` has no amount in CHF from 2027-07-01"
    assert one.route == "rate.1.rate"
    assert one.span.end_column - one.span.column == len(later)
    unsorted = (
        f"rate: [{{from: 2027-07-01, rate: {later}}}, {{from: 2020-01-01, rate: {{CHF: 9}}}}]\n"
    )
    (one,) = found("BD404", SWISS, HOURLY, ROLE + unsorted, REMOTE)
    assert one.route == "rate.0.rate"
    sold = "kind: service\nname: seat\ntitle: Seat\nperiod: monthly\nprice: {CHF: 4}\n"
    units = f"[{{units: 2}}, {{from: 2027-03-01, units: 3, price: [{{price: {later}}}]}}]"
    bought = bespoke("type: recurring_service, services: [seat]", f"services: {{seat: {units}}}")
    (one,) = found("BD404", SWISS, bought, sold, REMOTE)
    assert one.route == "services.seat.1.price.0.price"


def test_a_list_that_begins_too_late_is_shown_at_its_first_day() -> None:
    steps = "rate: [{from: 2027-07-01, rate: {CHF: 90}}, {from: 2028-07-01, rate: {CHF: 91}}]\n"
    (one,) = found("BD404", SWISS, HOURLY, ROLE + steps, REMOTE)
    assert (one.route, one.help) == (
        "rate.0.from",
        "add an amount in CHF without `from`, for the days before",
    )
