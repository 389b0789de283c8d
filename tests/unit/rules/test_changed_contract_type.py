from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

WORK = "contracts: [{{name: work, type: {}}}]"
HOURLY = tier("silver@1", "remote-support: work", WORK.format("time_and_materials"))
FIXED = tier("gold@1", "remote-support: work", WORK.format("fixed_price"))
MOVE = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}"


def test_a_contract_of_another_type() -> None:
    (one,) = found("BD417", HOURLY, FIXED, agreement("acme", MOVE + "]"), SEAT, ENGINEER)
    assert one.message == (
        "contract `work` is time and materials in `silver@1` and would become fixed price in "
        "`gold@1`"
    )
    assert (one.route, one.subject) == ("contracts.work.type", "tier/gold@1")
    assert [note.message for note in one.related] == ["made with this type"]


def test_all_clients_that_move_are_one_finding() -> None:
    moves = (agreement("acme", MOVE + "]"), agreement("globex", MOVE + "]"))
    (one,) = found("BD417", HOURLY, FIXED, *moves, SEAT, ENGINEER)
    assert [reach.client for reach in one.reached] == ["acme", "globex"]


def test_a_tier_that_is_not_pinned() -> None:
    later = tier(
        "silver@2", "remote-support: work", WORK.format("retainer"), effective="2027-05-01"
    )
    (one,) = found("BD417", HOURLY, later, agreement("acme", "silver"), SEAT, ENGINEER)
    assert one.message.endswith("and would become retainer in `silver@2`")


def test_there_and_back() -> None:
    back = agreement("acme", MOVE + ", {from: 2027-10-01, tier: silver@1}]")
    assert len(found("BD417", HOURLY, FIXED, back, SEAT, ENGINEER)) == 1


def test_a_contract_that_the_new_tier_lacks() -> None:
    other = tier("gold@1", "remote-support: all", "contracts: [{name: all, type: fixed_price}]")
    assert found("BD417", HOURLY, other, agreement("acme", MOVE + "]"), SEAT, ENGINEER) == []


def test_a_contract_of_the_same_type() -> None:
    same = HOURLY.replace("silver", "gold")
    assert found("BD417", HOURLY, same, agreement("acme", MOVE + "]"), SEAT, ENGINEER) == []
