from __future__ import annotations

from tests.unit.rules.checking import SEAT, found, tier


def test_two_versions_from_one_day() -> None:
    (one,) = found(
        "BD414",
        tier("silver@2", "remote-support: recurring"),
        tier("silver@1", "remote-support: recurring"),
        tier("gold@1", "remote-support: recurring"),
        SEAT,
    )
    assert one.message == "`silver@2` is effective from the same day as `silver@1`: 2027-01-01"
    assert (one.route, one.subject) == ("effective", "tier/silver@2")
    assert [note.message for note in one.related] == ["`silver@1` begins here"]


def test_a_broken_version_counts() -> None:
    (one,) = found(
        "BD414",
        tier("silver@2", "remote-support: recurring"),
        tier("silver@1", "nothing-known: recurring"),
        SEAT,
    )
    assert one.subject == "tier/silver@2"


def test_versions_from_different_days() -> None:
    later = tier("silver@2", "remote-support: recurring", effective="2027-07-01")
    assert found("BD414", tier("silver@1", "remote-support: recurring"), later, SEAT) == []
