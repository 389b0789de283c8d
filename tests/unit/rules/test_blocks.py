"""Blocks beside their agreement and beside each other: BD410 and BD412."""

from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, found


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
