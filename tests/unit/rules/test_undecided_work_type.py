from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier, work_type

TRAVEL = work_type("travel")
HELP = work_type("phone-help", billing_class="core")
BRONZE = tier("bronze@1", "remote-support: recurring")


def test_a_tier_that_leaves_out_a_work_type() -> None:
    (one,) = found("BD305", BRONZE, TRAVEL, SEAT)
    assert one.message == "tier `bronze@1` does not say where work type `travel` ends"
    assert one.help == "add under `scope`, with the contract that is meant: `travel: hourly`"
    assert (one.route, one.subject) == ("scope", "tier/bronze@1")
    assert one.assumption == "new-work-types"
    assert (one.span.line, one.span.column) == (12, 1)


def test_several_work_types_in_one_finding() -> None:
    (one,) = found("BD305", BRONZE, TRAVEL, HELP, SEAT)
    assert (
        one.message == "tier `bronze@1` does not say where work types `phone-help` and `travel` end"
    )
    assert one.help.endswith(": `phone-help: recurring`, `travel: hourly`")


def test_every_tier_version_decides() -> None:
    other = tier("bronze@2", "remote-support: recurring", effective="2028-01-01")
    assert [one.subject for one in found("BD305", BRONZE, other, TRAVEL, SEAT)] == [
        "tier/bronze@1",
        "tier/bronze@2",
    ]


def test_what_is_inherited_undecided_is_told_at_the_tier_that_it_comes_from() -> None:
    heir = tier("silver@1", "", "extends: bronze@1")
    (one,) = found("BD305", BRONZE, heir, TRAVEL, SEAT)
    assert one.subject == "tier/bronze@1"
    assert [note.message for note in one.related] == ["`silver@1` would inherit the decision"]


def test_an_heir_that_decides_for_itself_is_not_named() -> None:
    heir = tier("silver@1", "travel: recurring", "extends: bronze@1")
    (one,) = found("BD305", BRONZE, heir, TRAVEL, SEAT)
    assert one.related == ()


def test_what_an_heir_takes_out() -> None:
    heir = tier("silver@1", "travel: null", "extends: bronze@1")
    base = tier("bronze@1", "remote-support: recurring, travel: hourly")
    (one,) = found("BD305", base, heir, TRAVEL, SEAT)
    assert (one.subject, one.route, one.label) == (
        "tier/silver@1",
        "scope.travel",
        "taken out here",
    )


def test_a_tier_that_is_broken_is_left_alone() -> None:
    broken = tier("bronze@1", "remote-support: nowhere")
    assert found("BD305", broken, TRAVEL, SEAT, agreement("acme", "bronze@1"), ENGINEER) == []


def test_none_is_a_decision() -> None:
    assert found("BD305", tier("bronze@1", "travel: none"), TRAVEL, SEAT) == []


def test_whom_it_reaches() -> None:
    """Clients on the tier, and on those that inherit the gap; not on one that decides."""
    silver = tier("silver@1", "", "extends: bronze@1")
    gold = tier("gold@1", "", "extends: silver@1")
    deciding = tier("deciding@1", "travel: recurring", "extends: silver@1")
    clients = [
        f"kind: client\nname: {name}\nlegal_name: {name.title()}\n" for name in ("a", "b", "c", "d")
    ]
    signed = [
        agreement("a", "gold@1"),
        agreement("b", "deciding@1"),
        agreement("c", "bronze@1"),
        agreement("d", "silver@1"),
    ]
    tiers = (BRONZE, silver, gold, deciding)
    (one,) = found("BD305", *tiers, TRAVEL, SEAT, ENGINEER, *clients, *signed)
    assert [reach.client for reach in one.reached] == ["a", "c", "d"]
