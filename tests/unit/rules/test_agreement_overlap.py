from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier


def hourly(name: str, start: str, end: str, *fields: str, client: str = "acme") -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        f"kind: agreement\nname: {name}\nclient: {client}\nstart: {start}\nend: {end}\n{lines}"
        "contracts: [{name: hourly, type: time_and_materials}]\n"
    )


FIRST = hourly("first", "2026-01-01", "2027-03-31")


def test_both_lines_and_the_days() -> None:
    (one,) = found("BD403", hourly("a-second", "2027-01-01", "2027-12-31"), FIRST, ENGINEER)
    assert one.message == (
        "agreements `first` and `a-second` both hold the default contract, "
        "the first day 2027-01-01, the last 2027-03-31"
    )
    assert (one.route, one.subject) == ("start", "agreement/a-second")
    assert [note.message for note in one.related] == ["`first` ends on 2027-03-31"]


def test_one_day_is_enough() -> None:
    second = hourly("second", "2027-03-31", "2027-12-31")
    assert len(found("BD403", FIRST, second, ENGINEER)) == 1
    assert found("BD403", FIRST, second.replace("03-31", "04-01"), ENGINEER) == []


def test_each_pair_is_told() -> None:
    others = [hourly(name, "2027-03-01", "2027-12-31") for name in ("second", "third")]
    told = {tuple(sorted(one.message.split("`")[1::2])) for one in found("BD403", FIRST, *others)}
    assert told == {("first", "second"), ("first", "third"), ("second", "third")}


def test_an_agreement_that_changes_its_tier_overlaps_once() -> None:
    moves = agreement(
        "acme", "[{from: 2027-01-01, tier: silver@1}, {from: 2027-02-01, tier: gold@1}]"
    )
    tiers = [tier(f"{name}@1", "remote-support: hourly") for name in ("silver", "gold")]
    (one,) = found("BD403", FIRST, moves, *tiers, SEAT, ENGINEER)
    assert one.message.endswith("the first day 2027-01-01, the last 2027-03-31")


def test_a_project_and_another_client_do_not_count() -> None:
    project = hourly("second", "2027-01-01", "2027-12-31", "default: false")
    stranger = hourly("third", "2027-01-01", "2027-12-31", client="globex")
    assert found("BD403", FIRST, project, stranger, ENGINEER) == []
