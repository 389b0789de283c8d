"""The book as text: every feature is told."""

from __future__ import annotations

from billing_dsl.targets.reference import reference
from tests.unit.targets.compiling import compiled, files
from tests.unit.targets.test_autotask_requests import TIER, bespoke
from tests.unit.targets.test_changes import MOVE


def text(documents: str) -> list[str]:
    [found] = files(reference, compiled(documents)).values()
    assert found.endswith("\n")
    return [line.strip() for line in found.splitlines()]


def test_a_client_on_a_tier() -> None:
    lines = text(
        TIER.rstrip()
        + """
    exceptions:
      - {work_type: remote, goes_to: hourly, reason: r, owner: o, until: 2027-03-31}
    renewal: {automatic: true, extend_by: 12 months}
    ---
    kind: agreement
    name: acme-later
    client: acme
    default: false
    start: 2028-01-01
    end: 2028-12-31
    contracts: [{name: hourly, type: time_and_materials}]
    ---
    kind: client
    name: daughter
    legal_name: Daughter
    parent: acme
    """
    )
    for line in (
        "settings firm: The Firm, EUR, Europe/Rome",
        "role architect: 160.00 CHF or 140.00 EUR, block factor 1.5",
        "work type onsite: edge, billable, use the role rate",
        "sub-issue printer: Printing, Paper Jam",
        "service seat: 48.00 EUR, monthly",
        "tier silver@1, from 2026-01-01",
        "contract block: block_hours, falls to hourly",
        "overage rate 99.00 EUR",
        "scope onsite: block",
        "roles architect: hourly",
        "client acme: Acme S.r.l., EUR",
        "default contract 2027-01-01 to 2027-12-31: acme-2027/recurring",
        "agreement acme-2027, 2027-01-01 to 2027-12-31: silver@1 from 2027-01-01",
        "service seat from 2027-01-01: 45 units at 46.00 EUR",
        "exception 2027-01-01 to 2027-03-31: work_type remote goes to hourly",
        "renewal: automatic, 12 months",
        "contract acme-2027/block, 2027-01-01 to 2027-12-31: block_hours",
        "falls to acme-2027/hourly",
        "individually: work types remote",
        "set silver v1 1 recurring: work types onsite, project",
        "rate engineer: 80.00 EUR, by agreement/acme-2027",
        "block 2027-01-01 to 2027-12-31: 40 hours at 78.00 EUR",
        "client daughter: Daughter, EUR, parent acme",
    ):
        assert line in lines, line


def test_a_bespoke_agreement() -> None:
    lines = text(
        """
    kind: service_bundle
    name: workplace
    title: Workplace
    period: yearly
    services: [seat]
    ---
    kind: role
    name: later
    title: Later
    rate: [{rate: 1.00}, {from: 2028-01-01, rate: 2.00}]
    from: 2027-06-01
    ---
    kind: work_type
    name: night
    title: Night
    billing_class: edge
    description: Night.
    billable: false
    after_hours: onsite
    from: 2027-06-01
    ---
    """
        + bespoke(
            """
      - name: all
        type: recurring_service
        services: [workplace]
        setup_fee: 5.00
        category: Gold
        time_entry: any
        excludes: {work_types: [night], roles: [later], sub_issues: [printer]}
        falls_to: none
      - name: paid
        type: retainer
        retainers: [{amount: 7.00, start: 2027-01-15, end: 2027-12-31}]
      - name: tickets
        type: per_ticket
        tickets: [{tickets: 3, rate: 55.00, start: 2027-01-15, end: 2027-12-31}]
      - name: fixed
        type: fixed_price
        milestones: [{title: Done, date: 2027-06-30, amount: 4000.00}]
      - name: block
        type: block_hours
        block_factors: {engineer: 2}
    """,
            "renewal: {automatic: false}",
        )
    )
    for line in (
        "service workplace of seat: the sum of its services, yearly",
        "role later: 1.00 EUR, then 2.00 EUR from 2028-01-01, block factor 1, from 2027-06-01",
        (
            "work type night: edge, not billable, use the role rate, after hours onsite,"
            " from 2027-06-01"
        ),
        "agreement acme-2027, 2027-01-15 to 2027-12-31: bespoke",
        "renewal: by hand, for no stated time",
        "services workplace",
        "setup fee 5.00 EUR",
        "category Gold",
        "entries need no start and stop times",
        "falls to none, on purpose",
        "falls to none",
        "individually: roles later",
        "individually: sub-issues printer",
        "retainer 2027-01-15 to 2027-12-31: 7.00 EUR",
        "tickets 2027-01-15 to 2027-12-31: 3 at 55.00 EUR",
        "milestone 2027-06-30: 4000.00 EUR, Done",
        "block factor engineer: 2",
    ):
        assert line in lines, line


def test_a_dated_tier() -> None:
    lines = text(MOVE)
    assert "agreement acme-2027, 2027-01-01 to 2027-12-31: silver@1 from 2027-01-01, gold@1" in (
        " ".join(line.split(" from 2027-07-01")[0] for line in lines)
    )
    assert "phase 2027-07-01 to 2027-12-31 on gold@1, which has it no more" in lines
    assert "rate hourly architect: 130.00 EUR" in lines


def test_a_set_of_its_own_says_so() -> None:
    lines = text(
        TIER.rstrip()
        + """
    exceptions: [{work_type: project, goes_to: block, reason: r, owner: o}]
    """
    )
    assert "set silver v1 2 block with project, of its own: roles architect" in lines


def test_days_alike_are_one_phase() -> None:
    exception = "{work_type: remote, goes_to: hourly, reason: r, owner: o, until: 2027-03-31}"
    lines = text(f"{TIER.rstrip()}\n    exceptions: [{exception}]\n")
    phases: dict[str, list[str]] = {}
    here: list[str] = []
    for line in lines:
        if line.startswith("contract acme-2027/"):
            here = phases.setdefault(line.partition(",")[0], [])
        elif line.startswith("phase"):
            here.append(line)
    assert phases == {
        "contract acme-2027/recurring": [
            "phase 2027-01-01 to 2027-03-31 on silver@1",
            "phase 2027-04-01 to 2027-12-31 on silver@1",
        ],
        "contract acme-2027/block": [
            "phase 2027-01-01 to 2027-03-31 on silver@1",
            "phase 2027-04-01 to 2027-12-31 on silver@1",
        ],
        "contract acme-2027/hourly": ["phase 2027-01-01 to 2027-12-31 on silver@1"],
    }


def test_a_rate_of_a_work_type_is_told_with_its_days() -> None:
    lines = text(
        """
    kind: work_type
    name: night
    title: Night
    billing_class: edge
    description: Night.
    rate: {method: flat, amount: [{rate: 60.00}, {from: 2027-06-01, rate: 65.00}]}
    """
    )
    flat = "flat rate of {} EUR per time entry"
    then = f"{flat.format('60.00')}, then {flat.format('65.00')} from 2027-06-01"
    assert f"work type night: edge, billable, {then}" in lines
