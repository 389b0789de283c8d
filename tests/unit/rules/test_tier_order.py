from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, found, tier, work_type

BOTH = (SEAT, ENGINEER)
ARCHITECT = ENGINEER.replace("engineer", "architect")
PRINTER = "kind: sub_issue\nname: printer\ntitle: Printer\nissue: Hardware\n"


def messages(*documents: str, as_of: date = date(2027, 1, 15)) -> list[str]:
    return [one.message for one in found("BD310", *documents, *BOTH, as_of=as_of)]


def ranked(key: str, rank: int, scope: str, *fields: str, effective: str = "2027-01-01") -> str:
    return tier(key, scope, f"rank: {rank}", *fields, effective=effective)


def test_the_line_that_gives_less_and_a_witness() -> None:
    silver = ranked("silver@1", 2, "remote-support: recurring, onsite-support: block")
    gold = ranked("gold@1", 3, "remote-support: recurring, onsite-support: hourly")
    (one,) = found("BD310", silver, gold, *BOTH)
    assert one.message == (
        "in tier `gold@1` work type `onsite-support` is billed by the hour, in the cheaper "
        "`silver@1` it is drawn from a block of hours"
    )
    assert one.label == "such as `onsite-support` by `engineer`"
    assert (one.route, one.subject) == ("scope.onsite-support", "tier/gold@1")
    assert [note.message for note in one.related] == [
        "`gold@1` is of rank 3",
        "`silver@1` is of rank 2",
    ]


@pytest.mark.parametrize(
    ("cheap", "dear", "less"),
    [
        ("recurring", "recurring", False),
        ("recurring", "block", True),
        ("recurring", "hourly", True),
        ("recurring", "none", True),
        ("block", "recurring", False),
        ("block", "block", False),
        ("block", "hourly", True),
        ("block", "none", True),
        ("hourly", "block", False),
        ("hourly", "hourly", False),
        ("hourly", "none", True),
        ("none", "hourly", False),
        ("none", "none", False),
    ],
)
def test_what_gives_more(cheap: str, dear: str, less: bool) -> None:
    one = ranked("silver@1", 2, f"remote-support: {cheap}")
    other = ranked("gold@1", 3, f"remote-support: {dear}")
    assert bool(messages(one, other)) is less


def test_a_role_that_goes_further_in_the_dearer_tier() -> None:
    silver = ranked("silver@1", 1, "remote-support: recurring, onsite-support: hourly")
    gold = ranked(
        "gold@1",
        2,
        "remote-support: recurring, onsite-support: block",
        "roles: {architect: hourly}",
    )
    (one,) = found("BD310", silver, gold, ARCHITECT, *BOTH)
    assert one.message.startswith("in tier `gold@1` role `architect` is billed by the hour, ")
    assert one.label == "such as `remote-support` by `architect`"
    assert one.route == "roles.architect"


def test_a_sub_issue_that_goes_further_in_the_dearer_tier() -> None:
    silver = ranked("silver@1", 1, "remote-support: recurring")
    gold = ranked("gold@1", 2, "remote-support: recurring", "sub_issues: {printer: none}")
    (one,) = found("BD310", silver, gold, PRINTER, *BOTH)
    assert one.message == (
        "in tier `gold@1` sub-issue `printer` is on no contract, in the cheaper `silver@1` "
        "it is included"
    )
    assert one.label == "such as `remote-support` by `engineer` under `printer`"


def test_tiers_of_one_rank_and_without_rank_are_not_compared() -> None:
    more, less = "remote-support: recurring", "remote-support: hourly"
    assert messages(ranked("silver@1", 2, more), ranked("gold@1", 2, less)) == []
    assert messages(tier("silver@1", more), ranked("gold@1", 2, less)) == []


def test_a_tier_of_rank_nought() -> None:
    more, less = "remote-support: recurring", "remote-support: hourly"
    assert len(messages(ranked("silver@1", 0, more), ranked("gold@1", 1, less))) == 1


def test_each_cheaper_tier_is_compared() -> None:
    bronze = ranked("bronze@1", 1, "remote-support: recurring")
    silver = ranked("silver@1", 2, "remote-support: recurring")
    gold = ranked("gold@1", 3, "remote-support: hourly")
    assert [message[-25:] for message in messages(bronze, silver, gold)] == [
        "r `bronze@1` it is included"[-25:],
        "r `silver@1` it is included"[-25:],
    ]


def test_work_that_is_never_billed_is_left_aside() -> None:
    fix = work_type("own-fault", billable="false")
    silver = ranked("silver@1", 1, "own-fault: recurring")
    assert messages(silver, ranked("gold@1", 2, "own-fault: hourly"), fix) == []


def test_work_that_a_tier_leaves_undecided_is_left_aside() -> None:
    silver = ranked("silver@1", 1, "remote-support: recurring, onsite-support: recurring")
    gold = ranked("gold@1", 2, "remote-support: recurring")
    assert messages(silver, gold) == []


def test_the_newest_versions_are_compared_once() -> None:
    old = ranked("gold@1", 2, "remote-support: hourly", effective="2026-01-01")
    new = ranked("gold@2", 2, "remote-support: recurring", effective="2027-01-01")
    silver = ranked("silver@1", 1, "remote-support: recurring", effective="2026-01-01")
    assert messages(old, new, silver) == []
    assert len(messages(old, new, silver, as_of=date(2026, 12, 31))) == 1


def test_what_stays_so_is_told_once() -> None:
    silver = ranked("silver@1", 1, "remote-support: recurring")
    gold = ranked("gold@1", 2, "remote-support: hourly")
    other = ranked("bronze@1", 0, "remote-support: hourly", effective="2028-01-01")
    assert len(messages(silver, gold, other)) == 1


def test_versions_of_the_future_are_compared() -> None:
    gold = ranked("gold@1", 2, "remote-support: recurring")
    less = ranked("gold@2", 2, "remote-support: hourly", effective="2028-01-01")
    silver = ranked("silver@1", 1, "remote-support: recurring")
    (message,) = messages(gold, less, silver)
    assert message.startswith("in tier `gold@2` ")


def test_work_types_of_the_future_are_compared() -> None:
    later = work_type("travel", **{"from": "2028-01-01"})
    silver = ranked("silver@1", 1, "travel: recurring")
    gold = ranked("gold@1", 2, "travel: hourly")
    assert len(messages(silver, gold, later)) == 1


def test_a_work_type_that_begins_after_the_version_that_gave_less() -> None:
    later = work_type("travel", **{"from": "2028-06-01"})
    silver = ranked("silver@1", 1, "travel: recurring")
    gold = ranked("gold@1", 2, "travel: hourly")
    better = ranked("gold@2", 2, "travel: recurring", effective="2028-01-01")
    assert messages(silver, gold, better, later) == []


def test_a_tier_whose_newest_version_is_broken_is_left_out() -> None:
    silver = ranked("silver@1", 1, "remote-support: recurring", effective="2026-01-01")
    gold = ranked("gold@1", 2, "remote-support: hourly", effective="2026-01-01")
    broken = ranked("gold@2", 2, "no-such-work: recurring")
    assert len(messages(silver, gold)) == 1
    assert messages(silver, gold, broken) == []
    assert messages(silver, gold, ranked("gold@2", 2, "", "surprise: true")) == []


def test_a_path_with_its_own_links() -> None:
    ring = """contracts:
  - {name: recurring, type: recurring_service, services: [seat], falls_to: none}
  - {name: hourly, type: time_and_materials, falls_to: recurring}"""
    silver = ranked("silver@1", 1, "remote-support: recurring")
    assert messages(silver, ranked("gold@1", 2, "remote-support: recurring", ring)) == []
    stays = ranked("gold@1", 2, "remote-support: hourly", ring)  # an end out of reach
    assert messages(silver, stays) == []
