"""Blocks beside their agreement and beside each other: BD410 and BD412."""

from __future__ import annotations

from datetime import date

from billing_dsl.diagnostics import Diagnostic
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier, work_type


def acme(*rows: str, end: str = "end: 2027-12-31") -> str:
    blocks = "".join(f"  - {{hours: 9, rate: 80, {row}}}\n" for row in rows)
    return (
        f"kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\n{end}\n"
        "contracts:\n  - {name: block, type: block_hours, falls_to: visits}\n"
        f"  - {{name: visits, type: block_hours}}\nblocks:\n{blocks}"
    )


def test_a_block_that_begins_before_and_ends_after() -> None:
    row = "contract: block, start: 2026-12-01, end: 2028-01-31"
    before, after = found("BD410", acme(row, end="term: 1 year"), ENGINEER)
    assert before.message == "the block begins on 2026-12-01, before its agreement"
    assert (before.route, before.related[0].message) == (
        "blocks.0.start",
        "`acme-2027` begins here",
    )
    assert after.message == "the block ends on 2028-01-31, after its agreement"
    assert (after.route, after.related[0].message) == (
        "blocks.0.end",
        "`acme-2027` ends on 2027-12-31",
    )


def test_a_block_of_the_agreements_own_days() -> None:
    row = "contract: block, start: 2027-01-01, end: 2027-12-31"
    assert found("BD410", acme(row), ENGINEER) == []


def moving(tiers: str, *blocks: str, as_of: str = "2027-01-15") -> list[Diagnostic]:
    """What is said of blocks of an agreement that moves between a tier with and one without."""
    rows = "".join(f"  - {{contract: block, hours: 9, rate: 80, {row}}}\n" for row in blocks)
    return found(
        "BD410",
        work_type("visit"),
        tier("silver@1", "visit: block"),
        tier(
            "gold@1", "visit: recurring", "contracts: [{name: recurring, type: recurring_service}]"
        ),
        agreement("acme", tiers, f"blocks:\n{rows}"),
        ENGINEER,
        SEAT,
        as_of=date.fromisoformat(as_of),
    )


TO_GOLD = "[{tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
TO_SILVER = "[{tier: gold@1}, {from: 2027-07-01, tier: silver@1}]"
YEAR = "start: 2027-01-01, end: 2027-12-31"


def test_a_block_that_outlasts_the_tier_with_its_contract() -> None:
    (one,) = moving(TO_GOLD, YEAR)
    assert one.message == (
        "the block holds from 2027-07-01 to 2027-12-31, when `gold@1` has no contract `block`: "
        "no work draws on it"
    )
    assert (one.route, one.severity) == ("blocks.0.end", "warning")
    assert one.help.startswith("let it end on 2027-06-30, ")
    assert moving(TO_GOLD, "start: 2027-01-01, end: 2027-06-30") == []


def test_a_block_bought_before_the_tier_with_its_contract() -> None:
    (one,) = moving(TO_SILVER, YEAR)
    assert one.message.startswith("the block holds from 2027-01-01 to 2027-06-30, when `gold@1` ")
    assert (one.route, one.help.partition(",")[0]) == (
        "blocks.0.start",
        "let it begin on 2027-07-01",
    )
    assert moving(TO_SILVER, "start: 2027-07-01, end: 2027-12-31") == []


def test_a_block_for_days_without_its_contract_alone() -> None:
    (one,) = moving(
        TO_GOLD, "start: 2027-01-01, end: 2027-06-30", "start: 2027-08-01, end: 2027-12-31"
    )
    assert (one.route, one.help.partition(",")[0]) == (
        "blocks.1.start",
        "let it hold while the agreement has `block`",
    )


def test_days_without_the_contract_that_have_gone_by() -> None:
    assert moving(TO_SILVER, YEAR, as_of="2027-06-30") != []
    assert moving(TO_SILVER, YEAR, as_of="2027-07-01") == []


def test_a_block_of_another_year_is_spoken_of_once() -> None:
    (one,) = moving(TO_GOLD, "start: 2028-01-01, end: 2028-12-31")
    assert one.message == "the block ends on 2028-12-31, after its agreement"


def test_two_blocks_that_begin_together() -> None:
    rows = [f"contract: block, start: 2027-01-01, end: 2027-{end}" for end in ("12-31", "06-30")]
    (one,) = found("BD412", acme(*rows), ENGINEER)
    assert one.message == "two blocks of contract `block` begin on 2027-01-01"
    assert (one.route, one.assumption) == ("blocks.1.start", "same-start-blocks")
    assert [note.message for note in one.related] == ["the other block"]


def test_blocks_of_two_contracts_and_blocks_that_overlap() -> None:
    one = "contract: block, start: 2027-01-01, end: 2027-12-31"
    other = "contract: visits, start: 2027-01-01, end: 2027-12-31"
    later = "contract: block, start: 2027-01-02, end: 2027-12-31"
    assert found("BD412", acme(one, other, later), ENGINEER) == []
    assert found("BD412", acme(one), ENGINEER) == []
