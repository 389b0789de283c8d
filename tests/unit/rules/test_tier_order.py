from __future__ import annotations

import itertools
from datetime import date

import pytest

from billing_dsl.pipeline import FileReading, check
from billing_dsl.rules import rules
from billing_dsl.source import document as read
from tests.oracle import strategies
from tests.oracle.simulator import Document, Simulator
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


GIVEN = {
    None: 0,
    "time_and_materials": 1,
    "block_hours": 2,
    "retainer": 2,
    "per_ticket": 2,
    "recurring_service": 3,
    "fixed_price": 3,
}


@pytest.mark.parametrize("seed", range(12))
def test_an_independent_simulator_agrees(seed: int) -> None:
    drawn = strategies.any_catalogue(strategies.Choices.seeded(seed))
    day, year = "2029-12-31", {"start": "2029-01-01", "end": "2029-12-31"}
    shared = [document for document in drawn if document["kind"] in SHARED]
    tiers = [document for document in shared if document["kind"] == "tier"]
    for rank, document in enumerate(sorted(tiers, key=lambda t: (t["name"], t["version"]))):
        document["rank"] = rank
    agreements: list[Document] = []
    written = Simulator(shared).tiers
    for key, effective in written.items():
        name = key.replace("@", "-")
        blocks = [
            {"contract": contract["name"], "hours": 1, "rate": 1, **year}
            for contract in effective["contracts"]
            if contract["type"] == "block_hours"
        ]
        agreement = {"kind": "agreement", "name": name, "client": name, "tier": key, **year}
        agreements.append({"format": 1, **agreement, **({"blocks": blocks} if blocks else {})})
        agreements.append({"format": 1, "kind": "client", "name": name, "legal_name": name})
    oracle = Simulator([*shared, *agreements])
    newest = {t["name"]: t for t in sorted(tiers, key=lambda t: str(t["effective"]))}
    expected: set[tuple[str, str]] = set()
    for dear, cheap in itertools.permutations(newest.values(), 2):
        keys = [f"{tier['name']}@{tier['version']}" for tier in (dear, cheap)]
        if dear["rank"] < cheap["rank"]:
            continue
        if any(out_of_reach(written[key]) for key in keys):
            continue  # BD306 says so; what such a tier gives is not what it means
        for work, role, issue in oracle.cells(date.fromisoformat(day)):
            if not oracle.work_types[work].get("billable", True):
                continue
            if not all(work in written[key]["scope"] for key in keys):
                continue
            ends = [
                oracle.end_of(key.replace("@", "-"), work, role, issue, date.fromisoformat(day))
                for key in keys
            ]
            dear_end, cheap_end = ends
            assert dear_end is not None
            assert cheap_end is not None
            tier = written[keys[0]]
            meant = {
                tier["scope"][work],
                tier.get("roles", {}).get(role),
                tier.get("sub_issues", {}).get(issue),
            }
            if (dear_end.contract or "none") not in meant or dear_end.outcome == "cyclic":
                continue  # an end out of reach, or a ring
            if GIVEN[dear_end.contract_type] < GIVEN[cheap_end.contract_type]:
                expected.add((keys[0], keys[1]))
    assert compared([*shared, *agreements], date.fromisoformat(day)) == expected


def out_of_reach(tier: Document) -> bool:
    """Whether something is to end where the path from the first contract never comes."""
    names = [contract["name"] for contract in tier["contracts"]]
    links = {
        contract["name"]: contract.get("falls_to", following)
        for contract, following in zip(tier["contracts"], [*names[1:], "none"], strict=True)
    }
    reached, here = {"none"}, names[0]
    while here not in reached:
        reached.add(here)
        here = links[here]
    ends = [*tier["scope"].values()]
    ends += [*tier.get("roles", {}).values(), *tier.get("sub_issues", {}).values()]
    return any(end not in reached for end in ends)


SHARED = ("settings", "role", "work_type", "sub_issue", "service", "service_bundle", "tier")


def compared(documents: list[Document], as_of: date) -> set[tuple[str, str]]:
    """The dearer and the cheaper tier of each finding."""
    readings = [
        FileReading(path, (read.Document(path, 0, document),), (), ())
        for path, document in ((f"{n:04}.yaml", document) for n, document in enumerate(documents))
    ]
    findings = (f for code, f in check(readings, as_of, rules()).found if code == "BD310")
    return {
        (one.subject.removeprefix("tier/"), one.message.partition("cheaper `")[2].partition("`")[0])
        for one in findings
    }
