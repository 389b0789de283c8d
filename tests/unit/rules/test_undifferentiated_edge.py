from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier, work_type

TRAVEL = work_type("travel")
ACME, GLOBEX = agreement("acme", "bronze@1"), agreement("globex", "gold@1")


def tiers(bronze: str, gold: str) -> tuple[str, str]:
    scope = "remote-support: recurring, travel: "
    return tier("bronze@1", scope + bronze), tier("gold@1", scope + gold)


def messages(*documents: str) -> list[str]:
    return [one.message for one in found("BD322", *documents, SEAT, ENGINEER)]


def test_edge_work_that_is_billed_everywhere() -> None:
    (one,) = found("BD322", *tiers("hourly", "hourly"), TRAVEL, ACME, GLOBEX, SEAT, ENGINEER)
    assert one.message == (
        "edge work type `travel` is billed by the hour in every tier and every agreement"
    )
    assert one.help == "write `billing_class: baseline`, or let the tiers differ"
    assert (one.route, one.subject) == ("billing_class", "work_type/travel")
    assert [note.message for note in one.related] == [
        "billed by the hour in `bronze@1`",
        "billed by the hour in `gold@1`",
    ]


def test_edge_work_that_is_included_everywhere() -> None:
    (one,) = found("BD322", *tiers("recurring", "recurring"), TRAVEL, ACME, GLOBEX, SEAT, ENGINEER)
    assert one.help == "write `billing_class: core`, or let the tiers differ"


def test_edge_work_that_no_contract_takes() -> None:
    (message,) = messages(*tiers("none", "none"), TRAVEL, ACME, GLOBEX)
    assert message == "edge work type `travel` is on no contract in every tier and every agreement"


def test_tiers_that_differ() -> None:
    assert messages(*tiers("hourly", "recurring"), TRAVEL, ACME, GLOBEX) == []


def test_a_declared_tier_that_nobody_has_taken_makes_a_difference() -> None:
    offer = tier("platinum@1", "remote-support: recurring, travel: recurring")
    assert messages(*tiers("hourly", "hourly"), offer, TRAVEL, ACME, GLOBEX) == []


def test_an_exception_makes_a_difference() -> None:
    acme = agreement(
        "acme", "bronze@1", "exceptions:\n" + exception("work_type: travel", "recurring")
    )
    assert messages(*tiers("hourly", "hourly"), TRAVEL, acme, GLOBEX) == []


def test_a_bespoke_agreement_makes_a_difference() -> None:
    client = "kind: client\nname: initech\nlegal_name: Initech\n"
    bespoke = """
kind: agreement
name: initech-2027
client: initech
start: 2027-01-01
end: 2027-12-31
contracts: [{name: all, type: fixed_price}]
"""
    assert messages(*tiers("hourly", "hourly"), TRAVEL, ACME, GLOBEX, client, bespoke) == []
    alike = bespoke.replace("fixed_price", "time_and_materials")
    assert len(messages(*tiers("hourly", "hourly"), TRAVEL, ACME, GLOBEX, client, alike)) == 1
    gap = alike.replace(
        "materials}", "materials, excludes: {work_types: [travel]}, falls_to: none}"
    )
    assert messages(*tiers("hourly", "hourly"), TRAVEL, ACME, GLOBEX, client, gap) == []


def test_roles_do_not_make_a_difference() -> None:
    bronze, gold = tiers("recurring", "recurring")
    gold += "roles: {architect: hourly}\n"
    assert len(messages(bronze, gold, TRAVEL, ACME, GLOBEX)) == 1


def test_work_that_has_not_begun_is_judged_by_the_tiers() -> None:
    later = work_type("travel", **{"from": "2029-01-01"})
    assert len(messages(*tiers("hourly", "hourly"), later, ACME, GLOBEX)) == 1
    assert messages(*tiers("hourly", "recurring"), later, ACME, GLOBEX) == []


def test_one_tier_in_use_says_nothing() -> None:
    assert messages(*tiers("hourly", "hourly"), TRAVEL, ACME) == []


def test_other_classes_and_work_that_is_never_billed() -> None:
    core = work_type("travel", billing_class="core")
    own = work_type("travel", billable="false")
    for other in (core, own):
        assert messages(*tiers("hourly", "hourly"), other, ACME, GLOBEX) == []


def test_work_that_nobody_has_decided() -> None:
    undecided = work_type("training", **{"from": "2029-01-01"})
    assert messages(*tiers("hourly", "recurring"), TRAVEL, undecided, ACME, GLOBEX) == []


def test_a_broken_catalogue_says_nothing() -> None:
    broken = "kind: client\nname: initech\n"
    assert messages(*tiers("hourly", "hourly"), TRAVEL, ACME, GLOBEX, broken) == []
