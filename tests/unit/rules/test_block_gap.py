from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: block")
GOLD = tier(
    "gold@1",
    "remote-support: recurring, onsite-support: recurring",
    "contracts: [{name: recurring, type: recurring_service, services: [seat]}]",
)


def blocks(*days: tuple[str, str]) -> str:
    return "blocks:\n" + "".join(
        f"  - {{contract: block, hours: 9, rate: 80, start: {start}, end: {end}}}\n"
        for start, end in days
    )


def told(*days: tuple[str, str], as_of: str = "2027-01-15", on: str = "silver@1") -> list[str]:
    acme = agreement("acme", on, blocks(*days), end="2028-12-31")
    found_ = found("BD409", SILVER, GOLD, acme, SEAT, ENGINEER, as_of=date.fromisoformat(as_of))
    for one in found_:
        assert one.assumption == "exhausted-block"
        assert one.subject == "agreement/acme-2027"
    return [
        f"{one.route}: {one.message.split(':')[0].partition('block from ')[2]}" for one in found_
    ]


def test_days_between_blocks_and_before_the_first() -> None:
    assert told(("2027-03-01", "2027-06-30"), ("2027-09-01", "2028-12-31")) == [
        "blocks.0.start: 2027-01-01 to 2027-02-28",
        "blocks.1.start: 2027-07-01 to 2027-08-31",
    ]


@pytest.mark.parametrize(
    ("as_of", "gaps"),
    [
        ("2027-10-02", []),
        ("2027-10-03", ["blocks.0.end: 2028-01-01 to 2028-12-31"]),
        ("2028-06-01", ["blocks.0.end: 2028-01-01 to 2028-12-31"]),
    ],
)
def test_days_after_the_last_block_are_told_when_they_are_near(as_of: str, gaps: list[str]) -> None:
    assert told(("2027-01-01", "2027-12-31"), as_of=as_of) == gaps


def test_a_gap_before_and_a_quiet_end() -> None:
    assert told(("2027-03-01", "2027-12-31")) == ["blocks.0.start: 2027-01-01 to 2027-02-28"]
    later = told(("2027-01-01", "2027-06-30"), ("2027-08-01", "2027-12-31"))
    assert later == ["blocks.1.start: 2027-07-01 to 2027-07-31"]


@pytest.mark.parametrize(
    "days",
    [
        [("2027-01-01", "2028-12-31")],
        [("2027-01-01", "2027-12-31"), ("2028-01-01", "2028-12-31")],
        [("2027-01-01", "2028-06-30"), ("2027-03-01", "2027-04-30"), ("2028-06-01", "2029-12-31")],
        [("2026-01-01", "2029-12-31")],
    ],
)
def test_every_day_has_a_block(days: list[tuple[str, str]]) -> None:
    assert told(*days) == []


def test_a_tier_that_has_retired_the_contract_needs_none() -> None:
    move = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
    assert told(("2027-01-01", "2027-06-30"), on=move, as_of="2027-06-01") == []
    assert told(("2027-01-01", "2027-05-31"), on=move, as_of="2027-05-01") == [
        "blocks.0.end: 2027-06-01 to 2027-06-30"
    ]


def test_blocks_for_other_days_alone() -> None:
    assert told(("2029-01-01", "2029-12-31")) == ["blocks: 2027-01-01 to 2028-12-31"]


def test_a_bespoke_contract_without_any_block() -> None:
    bespoke = (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        "contracts: [{name: block, type: block_hours}]\n"
    )
    (one,) = found("BD409", bespoke, ENGINEER)
    assert one.message == (
        "contract `block` has no usable block from 2027-01-01 to 2027-12-31: "
        "its work is billed as overage"
    )
    assert (one.route, one.label) == ("contracts.block.name", "this contract has no block")
