"""What is bought beside its agreement, and days on which nothing is: BD433 and BD434."""

from __future__ import annotations

from datetime import date

import pytest

from billing_dsl.rules._examples import AS_OF
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier


def acme(contract: str, *more: str, last_day: str = "end: 2027-12-31") -> str:
    lines = "".join(f"{line}\n" for line in more)
    return (
        f"kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\n{last_day}\n"
        f"contracts:\n  - {{name: work, {contract}}}\n{lines}"
    )


def retainers(*days: str) -> str:
    rows = ", ".join(f"{{amount: 900, start: {d[:10]}, end: {d[11:]}}}" for d in days)
    return f"type: retainer, retainers: [{rows}]"


def tickets(*days: str) -> str:
    return (
        retainers(*days)
        .replace("amount: 900", "tickets: 9, rate: 58")
        .replace("type: retainer, retainers", "type: per_ticket, tickets")
    )


def milestone(day: str) -> str:
    return f"type: fixed_price, milestones: [{{title: End, date: {day}, amount: 900}}]"


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        (milestone("2027-12-31"), []),
        (
            milestone("2026-12-31"),
            [("milestones.0.date", "milestone `End` is due on 2026-12-31, before its agreement")],
        ),
        (
            milestone("2028-01-01"),
            [("milestones.0.date", "milestone `End` is due on 2028-01-01, after its agreement")],
        ),
        (retainers("2027-01-01 2027-12-31"), []),
        (
            retainers("2027-01-01 2027-06-30", "2027-07-01 2028-06-30"),
            [("retainers.1.end", "the retainer ends on 2028-06-30, after its agreement")],
        ),
        (
            tickets("2026-12-01 2028-12-31"),
            [
                (
                    "tickets.0.start",
                    "the purchase of tickets begins on 2026-12-01, before its agreement",
                ),
                (
                    "tickets.0.end",
                    "the purchase of tickets ends on 2028-12-31, after its agreement",
                ),
            ],
        ),
    ],
)
def test_what_is_paid_on_days_outside(contract: str, told: list[tuple[str, str]]) -> None:
    diagnostics = found("BD433", acme(contract), ENGINEER)
    assert [(d.route.removeprefix("contracts.work."), d.message) for d in diagnostics] == told


def test_the_edge_of_the_agreement_is_shown() -> None:
    late = acme(milestone("2028-01-01"), last_day="term: 12 months")
    (one,) = found("BD433", late, ENGINEER)
    assert [note.message for note in one.related] == ["`acme-2027` ends on 2027-12-31"]
    (one,) = found("BD433", acme(milestone("2026-01-01")), ENGINEER)
    assert [note.message for note in one.related] == ["`acme-2027` begins on 2027-01-01"]
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]


def units(steps: str) -> list[tuple[str, str]]:
    sold = acme("type: recurring_service, services: [seat]", f"services: {{seat: {steps}}}")
    return [(one.route, one.message) for one in found("BD433", sold, SEAT, ENGINEER)]


def test_units_from_days_outside() -> None:
    assert units("3") == []
    assert units("[{from: 2027-01-01, units: 3}, {from: 2027-12-31, units: 4}]") == []
    assert units("[{from: 2026-12-31, units: 3}]") == [
        (
            "services.seat.0.from",
            "the number of units of `seat` begins on 2026-12-31, before its agreement",
        )
    ]
    assert units("[{units: 3}, {from: 2028-01-01, units: 4}]") == [
        (
            "services.seat.1.from",
            "the number of units of `seat` begins on 2028-01-01, after its agreement",
        )
    ]
    assert units("[{units: 3}, {from: 2028-01-01, units: 0}]") == []


def gaps(contract: str, as_of: date = AS_OF, last_day: str = "end: 2027-12-31") -> list[str]:
    diagnostics = found("BD434", acme(contract, last_day=last_day), ENGINEER, as_of=as_of)
    for one in diagnostics:
        assert (one.assumption, one.subject) == ("purchases-used-up", "agreement/acme-2027")
    return [f"{one.route.removeprefix('contracts.work.')} {one.message}" for one in diagnostics]


HALVES = ("2027-01-01 2027-05-31", "2027-07-01 2027-12-31")


def test_days_between_two_purchases() -> None:
    middle = "contract `work` has no {} from 2027-06-01 to 2027-06-30"
    assert gaps(tickets(*HALVES)) == [f"tickets.0.end {middle.format('tickets')}"]
    assert gaps(retainers(*HALVES[::-1])) == [f"retainers.1.end {middle.format('retainers')}"]
    assert gaps(tickets(*HALVES), date(2027, 6, 30)) != []
    assert gaps(tickets(*HALVES), date(2027, 7, 1)) == []
    assert gaps(tickets("2027-01-01 2027-06-30", "2027-04-01 2027-12-31")) == []


def test_days_before_the_first_purchase() -> None:
    assert gaps(tickets("2027-02-01 2027-12-31")) == [
        "tickets.0.start contract `work` has no tickets before 2027-02-01"
    ]


def test_days_after_the_last_purchase_once_they_are_near() -> None:
    first_year = tickets("2027-01-01 2027-12-31")
    told = ["tickets.0.end contract `work` has no tickets from 2028-01-01 on"]
    assert gaps(first_year, date(2027, 10, 2), "term: 2 years") == []
    assert gaps(first_year, date(2027, 10, 3), "term: 2 years") == told
    assert gaps(first_year, date(2027, 12, 31)) == []


def test_a_contract_without_any_purchase_is_told_otherwise() -> None:
    assert gaps("type: per_ticket") == []
    assert len(found("BD411", acme("type: per_ticket"), ENGINEER)) == 1


def test_a_tier_is_told_once_for_all_agreements_on_it() -> None:
    contracts = (
        "contracts:\n  - name: tickets\n    type: per_ticket\n"
        "    tickets: [{tickets: 9, rate: 58, start: 2027-03-01, end: 2027-12-31}]\n"
    )
    silver = tier("silver@1", "remote-support: tickets", contracts)
    ours = agreement("acme", "silver@1", "services: {}")
    theirs = agreement("globex", "silver@1", "services: {}", start="2027-02-01")
    (one,) = found("BD434", silver, ours, theirs, ENGINEER)
    assert (one.subject, one.route) == ("tier/silver@1", "contracts.tickets.tickets.0.start")
    assert [reach.agreement for reach in one.reached] == ["acme-2027", "globex-2027"]
    gold = tier("gold@1", "remote-support: recurring")
    move = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-03-01, tier: gold@1}]"
    moved = agreement("acme", move)
    (one,) = found("BD434", silver, gold, moved, SEAT, ENGINEER)
    assert one.message == "contract `tickets` has no tickets before 2027-03-01"
    assert found("BD434", silver, gold, moved, SEAT, ENGINEER, as_of=date(2027, 3, 1)) == []


def project(*days: str) -> str:
    """A tier whose project is paid on these days."""
    rows = ", ".join(f"{{title: End, date: {day}, amount: 900}}" for day in days)
    return tier(
        "fitting@1",
        "",
        "contracts:\n"
        "  - {name: recurring, type: recurring_service, services: [seat]}\n"
        f"  - {{name: project, type: fixed_price, milestones: [{rows}]}}\n"
        "scope: {}",
    )


def on_days(tiers: str, *days: str) -> list[tuple[str, str]]:
    """What is said of milestones of a tier on which an agreement is for part of its days."""
    told = found(
        "BD433",
        project(*days),
        tier("gold@1", "", "scope: {}"),
        agreement("acme", tiers),
        ENGINEER,
        SEAT,
    )
    assert {one.subject for one in told} <= {"tier/fitting@1"}
    return [(one.route, one.message) for one in told]


BEFORE = "[{tier: gold@1}, {from: 2027-07-01, tier: fitting@1}]"
AFTER = "[{tier: fitting@1}, {from: 2027-07-01, tier: gold@1}]"
TWICE = "[{tier: fitting@1}, {from: 2027-03-01, tier: gold@1}, {from: 2027-07-01, tier: fitting@1}]"


@pytest.mark.parametrize(
    ("tiers", "day", "told"),
    [
        ("fitting@1", "2027-12-31", False),
        ("fitting@1", "2028-01-01", True),
        (BEFORE, "2027-06-30", True),
        (BEFORE, "2027-07-01", False),
        (AFTER, "2027-06-30", False),
        (AFTER, "2027-07-01", True),
        (TWICE, "2027-05-01", True),
        (TWICE, "2027-02-01", False),
    ],
)
def test_milestones_of_a_tier_on_days_without_it(tiers: str, day: str, told: bool) -> None:
    said = (
        f"milestone `End` is due on {day}, when the client has no contract `project` of this tier"
    )
    route = "contracts.project.milestones.{}.date"
    assert on_days(tiers, day) == ([(route.format(0), said)] if told else [])
    assert on_days(tiers, "2027-12-31" if tiers is not AFTER else "2027-01-01", day) == (
        [(route.format(1), said)] if told else []
    )
