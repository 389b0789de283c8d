from __future__ import annotations

from tests.unit.rules.checking import SEAT, found, tier, work_type

CORE = work_type("help", billing_class="core")
BASELINE = work_type("project", billing_class="baseline")
BARE = "contracts: [{name: hourly, type: time_and_materials}]"


def test_core_work_that_most_tiers_do_not_include() -> None:
    tiers = (tier(f"{name}@1", "help: hourly") for name in ("bronze", "silver"))
    (one,) = found("BD323", *tiers, tier("gold@1", "help: recurring"), CORE, SEAT)
    assert one.message == "core work type `help` is not included in 2 of 3 tiers"
    assert (one.route, one.subject) == ("billing_class", "work_type/help")
    assert one.label == "core work is normally included"
    assert [note.message for note in one.related] == [
        "not included in `bronze@1`",
        "not included in `silver@1`",
    ]


def test_baseline_work_that_most_tiers_include() -> None:
    tiers = (tier(f"{name}@1", "project: recurring") for name in ("bronze", "silver"))
    (one,) = found("BD323", *tiers, BASELINE, SEAT)
    assert one.message == "baseline work type `project` is included in 2 of 2 tiers"
    assert one.label == "baseline work is almost always billed separately"


def test_half_of_the_tiers_are_not_most() -> None:
    tiers = (tier("bronze@1", "help: none"), tier("gold@1", "help: recurring"))
    assert found("BD323", *tiers, CORE, SEAT) == []


def test_edge_work_and_work_that_is_never_billed() -> None:
    edge = work_type("travel")
    own = work_type("own-fault", billing_class="core", billable="false")
    tiers = (
        tier(f"{name}@1", "travel: hourly, own-fault: hourly") for name in ("bronze", "silver")
    )
    assert found("BD323", *tiers, edge, own, SEAT) == []


def test_tiers_without_a_recurring_service_do_not_count() -> None:
    bare = (tier(f"{name}@1", "help: hourly", BARE) for name in ("ad-hoc", "visits", "loose"))
    full = (tier(f"{name}@1", "help: recurring") for name in ("silver", "gold"))
    assert found("BD323", *bare, *full, CORE, SEAT) == []


def test_one_tier_says_nothing() -> None:
    assert found("BD323", tier("bronze@1", "help: hourly"), CORE, SEAT) == []


def test_the_newest_versions_count() -> None:
    old = (tier(f"{n}@1", "help: hourly", effective="2026-01-01") for n in ("silver", "gold"))
    new = (tier(f"{n}@2", "help: recurring") for n in ("silver", "gold"))
    later = (tier(f"{n}@3", "help: hourly", effective="2028-01-01") for n in ("silver", "gold"))
    assert found("BD323", *old, *new, *later, CORE, SEAT) == []


def test_undecided_work_contradicts_nothing() -> None:
    tiers = (tier(f"{name}@1", "remote-support: recurring") for name in ("bronze", "silver"))
    assert found("BD323", *tiers, CORE, SEAT) == []
