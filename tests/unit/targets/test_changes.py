"""What changes later is a dated step, with its request where one can make it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing_dsl.targets._changes import Change, Deed, Turn
from billing_dsl.targets._values import Pick, Ref
from tests.unit.targets.compiling import compiled, of_documents, requests
from tests.unit.targets.test_autotask_requests import TIER, bespoke

GOLD = """
    ---
    kind: tier
    name: gold
    version: 1
    effective: 2026-01-01
    title: Gold
    contracts:
      - {name: recurring, type: recurring_service, services: [seat], number: G-1}
      - {name: visits, type: retainer}
      - {name: hourly, type: time_and_materials}
    scope: {remote: recurring, onsite: recurring, project: visits}
    rates: [{contract: hourly, role: architect, rate: 130.00}]
    """

MOVE = TIER.replace(
    "tier: silver@1", "tier: [{tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
) + (GOLD)


def changes(documents: str, as_of: date = date(2027, 1, 15)) -> list[Change]:
    return list(compiled(documents, as_of).changes)


def of(found: list[Change], what: str) -> list[Change]:
    return [change for change in found if change.object == what]


def test_a_move_to_another_tier_swaps_the_set_and_leaves_links_to_a_person() -> None:
    found = changes(MOVE)
    assert {change.day for change in found} == {date(2027, 7, 1)}
    by_hand, sent = sorted(
        of(found, "contract:acme-2027/recurring"), key=lambda change: change.method
    )
    assert by_hand.turns == (
        Turn(
            "exclusionContractID",
            Ref("contract:acme-2027/block"),
            Ref("contract:acme-2027/visits"),
        ),
    )
    assert by_hand.reroutes
    assert sent.reroutes
    assert (sent.method, sent.path) == ("PATCH", "/V1.0/Contracts")
    assert sent.body == {
        "id": Ref("contract:acme-2027/recurring"),
        "contractNumber": "G-1",
        "contractExclusionSetID": Ref("exclusion_set:gold/v1/1/recurring"),
    }
    [retired] = of(found, "contract:acme-2027/block")
    assert retired.body == {
        "id": Ref("contract:acme-2027/block"),
        "contractExclusionSetID": Ref("exclusion_set:tiers/retired"),
    }


def test_a_contract_that_the_new_tier_brings_is_asked_for_at_once() -> None:
    sent = requests(compiled(MOVE))
    assert sent["contract:acme-2027/visits"]["body"]["startDate"] == "2027-07-01T00:00:00Z"
    assert "exclusion_set:gold/v1/1/recurring" in sent


def test_rates_come_with_a_tier_and_can_only_be_taken_away_by_hand() -> None:
    [made] = of(changes(MOVE), "rate:acme-2027/hourly/architect")
    assert (made.method, made.makes) == ("POST", True)
    assert made.path == "/V1.0/Contracts/{contract:acme-2027/hourly}/Rates"
    down = TIER.replace(
        "tier: silver@1", "tier: [{tier: gold@1}, {from: 2027-07-01, tier: silver@1}]"
    )
    [gone] = of(changes(down + GOLD), "rate:acme-2027/hourly/architect")
    assert (gone.method, gone.deed, gone.name) == ("", Deed.TAKE_AWAY, "Architect")
    assert not gone.reroutes


def test_units_change_by_their_difference() -> None:
    found = changes(
        TIER.replace(
            "{units: 45, price: 46.00}",
            "[{units: 45, price: 46.00}, {from: 2027-03-01, units: 40, price: 46.00},"
            " {from: 2027-04-01, units: 40, price: 47.00}, {from: 2027-05-01, units: 0},"
            " {from: 2027-06-01, units: 3}]",
        )
    )
    fewer, dearer, none, again = of(found, "units:acme-2027/recurring/seat")
    assert fewer.body == {
        "contractServiceID": Ref("contract_service:acme-2027/recurring/seat"),
        "effectiveDate": date(2027, 3, 1),
        "unitChange": -5,
        "allowRepeatService": False,
    }
    assert (dearer.method, dearer.turns) == (
        "",
        (Turn("adjustedUnitPrice", Decimal("46.00"), Decimal("47.00")),),
    )
    assert none.body is not None
    assert none.body["unitChange"] == -40
    assert again.body is not None
    assert (again.body["unitChange"], again.makes) == (3, False)
    assert not of(found, "contract_service:acme-2027/recurring/seat")


def test_a_bundle_s_own_price_can_be_updated() -> None:
    found = changes(
        """
    kind: service_bundle
    name: workplace
    title: Workplace
    period: monthly
    services: [seat]
    price: 60.00
    billing_code: Managed Services
    ---
    """
        + bespoke(
            "[{name: all, type: recurring_service}]",
            "services: {workplace: [{units: 5, price: 50.00}, {from: 2027-03-01, units: 5,"
            " price: [{price: 50.00}, {from: 2027-04-01, price: 51.00}]}]}",
        )
    )
    [change] = found
    assert change.day == date(2027, 4, 1)
    assert change.path == "/V1.0/Contracts/{contract:acme-2027/all}/ServiceBundles"
    assert change.body is not None
    assert list(change.body) == ["id", "adjustedPrice"]


def test_exceptions_come_and_go() -> None:
    why = "goes_to: hourly, reason: r, owner: o"
    taken = f"""
    exceptions:
      - {{work_type: remote, {why}, from: 2027-03-01, until: 2027-03-31}}
      - {{work_type: remote, {why}, from: 2027-05-01, until: 2027-12-31}}
      - {{sub_issue: printer, {why}, from: 2027-03-01, until: 2027-03-31}}
    """
    tier = TIER.replace("sub_issues: {printer: hourly}", "")
    found = changes(tier.rstrip() + taken)
    made, gone, again = of(found, "exclusion:acme-2027/recurring/work_type/remote")
    assert (made.day, made.method, made.makes) == (date(2027, 3, 1), "POST", True)
    assert (gone.day, gone.method) == (date(2027, 4, 1), "DELETE")
    assert gone.path == (
        "/V1.0/Contracts/{contract:acme-2027/recurring}/ExclusionBillingCodes"
        "/{exclusion:acme-2027/recurring/work_type/remote}"
    )
    assert (again.day, again.method, again.makes) == (date(2027, 5, 1), "POST", False)
    added, lost = of(found, "exclusion:acme-2027/recurring/sub_issue/printer")
    assert (added.method, added.makes, lost.method) == ("", True, "")
    assert added.reasons == ("the API has no exclusions of sub-issues",)
    assert added.reroutes
    assert lost.reroutes


def test_purchases_begin_on_their_day_and_end_by_themselves() -> None:
    found = changes(
        bespoke(
            """
      - name: paid
        type: retainer
        retainers:
          - {amount: 1.00, start: 2027-01-15, end: 2027-03-31}
          - {amount: 2.00, start: 2027-04-01, end: 2027-12-31}
      - name: tickets
        type: per_ticket
        tickets:
          - {tickets: 5, rate: 1.00, start: 2027-01-15, end: 2027-03-31}
          - {tickets: 6, rate: 1.00, start: 2027-04-01, end: 2027-12-31}
    """
        )
    )
    assert [(change.object, change.makes) for change in found] == [
        ("retainer:acme-2027/paid/2027-04-01", True),
        ("tickets:acme-2027/tickets/2027-04-01", True),
        ("charge:acme-2027/tickets/2027-04-01", True),
    ]


def test_prices_on_a_contract_change_on_their_day() -> None:
    found = changes(
        bespoke(
            """
      - name: block
        type: block_hours
        overage_rate: [{rate: 90.00}, {from: 2027-02-01, rate: 91.00}]
        rates: [{role: engineer, rate: [{rate: 80.00}, {from: 2027-03-01, rate: 81.00}]}]
    """,
            """rates: [{contract: block, role: engineer, rate: [{from: 2027-06-01, rate: 70.00}]}]
    blocks:
      - contract: block
        hours: 40
        rate: 78.00
        start: 2027-01-15
        end: 2027-12-31""",
        )
    )
    assert [(change.day.month, change.method, change.object) for change in found] == [
        (2, "PATCH", "contract:acme-2027/block"),
        (3, "PATCH", "block_factor:acme-2027/block/engineer"),
        (6, "PATCH", "block_factor:acme-2027/block/engineer"),
    ]


def test_a_value_that_goes_away_is_a_person_s() -> None:
    found = changes(
        TIER.replace("{name: block, type: block_hours, overage_rate: 99.00}",
                     "{name: block, type: block_hours, overage_rate: [{rate: 9.00},"
                     " {from: 2027-03-01, rate: {CHF: 9.00}}]}")
    )  # fmt: skip
    [gone] = found
    assert (gone.method, gone.turns) == (
        "",
        (Turn("overageBillingRate", Decimal("9.00"), None),),
    )


def test_another_agreement_brings_another_default_contract() -> None:
    found = changes(
        TIER
        + """
    ---
    kind: agreement
    name: acme-2028
    client: acme
    start: 2028-01-01
    end: 2028-12-31
    contracts: [{name: hourly, type: time_and_materials}]
    """
    )
    [change] = found
    assert change.day == date(2028, 1, 1)
    assert change.body == {"id": Ref("contract:acme-2028/hourly"), "isDefaultContract": True}


def test_the_default_contract_moves_while_both_are_in_force() -> None:
    found = changes(
        TIER
        + """
    ---
    kind: agreement
    name: acme-early
    client: acme
    start: 2026-06-01
    end: 2027-06-30
    contracts: [{name: hourly, type: time_and_materials}]
    """
    )
    [change] = found
    assert change.day == date(2027, 7, 1)
    assert change.body == {"id": Ref("contract:acme-2027/recurring"), "isDefaultContract": True}
    moved = changes(
        TIER.replace("tier: silver@1", "tier: [{tier: silver@1}, {from: 2027-07-01, tier: iron@1}]")
        + """
    ---
    kind: tier
    name: iron
    version: 1
    effective: 2026-01-01
    title: Iron
    contracts: [{name: hourly, type: time_and_materials}]
    scope: {remote: hourly, onsite: hourly, project: hourly}
    """
    )
    flags = [
        (change.object, change.body["isDefaultContract"])
        for change in moved
        if change.body is not None and "isDefaultContract" in change.body
    ]
    assert flags == [("contract:acme-2027/recurring", False), ("contract:acme-2027/hourly", True)]


def test_what_autotask_fixes_is_a_person_s_to_solve() -> None:
    found = changes(
        TIER.replace("tier: silver@1", "tier: [{tier: silver@1}, {from: 2027-07-01, tier: iron@1}]")
        + """
    ---
    kind: tier
    name: iron
    version: 1
    effective: 2026-01-01
    title: Iron
    contracts:
      - {name: recurring, type: recurring_service, period: yearly}
      - {name: hourly, type: time_and_materials}
    scope: {remote: recurring, onsite: hourly, project: hourly}
    """
    )
    [period] = [change for change in found if change.turns[0].field == "contractPeriodType"]
    assert (period.method, period.turns) == (
        "",
        (
            Turn(
                "contractPeriodType",
                Pick("Contracts", "contractPeriodType", "Monthly"),
                Pick("Contracts", "contractPeriodType", "Yearly"),
            ),
        ),
    )


def test_nothing_changes_after_the_last_day() -> None:
    documents: list[dict[str, Any]] = [
        {"format": 1, "kind": "settings", "name": "s", "title": "S", "currency": "EUR",
         "timezone": "UTC"},
        {"format": 1, "kind": "role", "name": "r", "title": "R", "rate": 1},
        {"format": 1, "kind": "client", "name": "c", "legal_name": "C"},
        {"format": 1, "kind": "agreement", "name": "a", "client": "c", "start": "2027-01-01",
         "end": "2027-02-28", "contracts": [{"name": "x", "type": "time_and_materials",
         "rates": [{"role": "r", "rate": [{"rate": 1}, {"from": "2027-03-01", "rate": 2}]}]}]},
    ]  # fmt: skip
    assert of_documents(documents).changes == ()


def test_later_requests_say_no_more_than_autotask_takes() -> None:
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
      - {name: hourly, type: time_and_materials, %s}
    scope: {remote: hourly, onsite: hourly, project: project}
    ---
    """
    long = "x" * 51
    found = changes(
        tier % ("one", "Short", "overage_rate: 9.00")
        + tier % ("two", long, "block_factors: {engineer: 2}")
        + """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    tier: [{from: 2027-01-01, tier: one@1}, {from: 2027-07-01, tier: two@1}]
    """
    )
    [title] = of(found, "milestone:acme-2027/project/2027-08-01")
    assert (title.method, title.turns) == ("", (Turn("title", "Short", long),))
    assert title.reasons == ("51 characters, Autotask takes 50",)
    [factor] = of(found, "block_factor:acme-2027/hourly/engineer")
    assert (factor.method, factor.makes) == ("", True)
    assert "Autotask takes block factors on Block Hours contracts" in factor.reasons[0]


def test_what_was_never_sent_is_never_changed_by_request() -> None:
    found = changes(
        bespoke(
            """
      - name: one
        type: recurring_service
        rates: [{role: engineer, rate: [{rate: 80.00}, {from: 2027-03-01, rate: 81.00}]}]
      - {name: two, type: time_and_materials, services: [seat]}
    """,
            "services: {seat: [{units: 2}, {from: 2027-02-01, units: 3}]}",
        )
    )
    [rate] = of(found, "rate:acme-2027/one/engineer")
    assert rate.method == ""
    assert rate.reasons == ("Autotask takes no rates of roles on Recurring Service contracts",)
    [units] = of(found, "units:acme-2027/two/seat")
    assert (units.method, units.turns) == ("", (Turn("unitChange", Decimal(2), Decimal(3)),))
    assert "Autotask takes services on Recurring Service contracts" in units.reasons[0]


def test_a_link_through_what_was_never_made_is_looked_at_on_its_days() -> None:
    tier = """
    kind: tier
    name: %s
    version: 1
    effective: 2026-01-01
    title: Tier
    contracts:
      - {name: block, type: block_hours}
      - {name: %s, type: time_and_materials}
    scope: {remote: block, onsite: block, project: block}
    ---
    """
    found = changes(
        tier % ("one", "hourly")
        + tier % ("two", "visits")
        + """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    tier: [{from: 2027-01-01, tier: one@1}, {from: 2027-07-01, tier: two@1}]
    ---
    kind: agreement
    name: office
    client: acme
    default: false
    start: 2027-01-15
    end: 2028-02-29
    contracts: [{name: move, type: fixed_price, falls_to: acme-2027/block}]
    """
    )
    [link] = [change for change in of(found, "contract:office/move") if change.reroutes]
    assert (link.day, link.turns[0].after) == (
        date(2027, 7, 1),
        Ref("contract:acme-2027/visits"),
    )
