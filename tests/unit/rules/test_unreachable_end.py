from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, found, tier

SHORT_CUT = """contracts:
  - {name: recurring, type: recurring_service, services: [seat], falls_to: hourly}
  - {name: block, type: block_hours}
  - {name: hourly, type: time_and_materials}"""


def test_an_end_that_the_path_passes_by() -> None:
    silver = tier("silver@1", "remote-support: recurring, onsite-support: block", SHORT_CUT)
    (one,) = found("BD306", silver, SEAT)
    assert one.message == (
        "work type `onsite-support` ends on `block`, which work that starts on `recurring` "
        "cannot reach"
    )
    assert one.label == "work goes from `recurring` to `hourly`"
    assert (one.route, one.subject) == ("scope.onsite-support", "tier/silver@1")
    assert [note.message for note in one.related] == ["`recurring` falls to `hourly`"]


def test_one_finding_for_each_contract_that_is_passed_by() -> None:
    silver = tier(
        "silver@1",
        "remote-support: recurring, onsite-support: block",
        SHORT_CUT,
        "roles: {engineer: block}",
    )
    (one,) = found("BD306", silver, SEAT, ENGINEER)
    assert one.message.startswith("`onsite-support` and `engineer` end on `block`, ")
    assert [note.message for note in one.related] == [
        "ends on `block` too",
        "`recurring` falls to `hourly`",
    ]


def test_a_path_of_one_contract() -> None:
    stops = """contracts:
  - {name: a, type: time_and_materials, falls_to: none}
  - {name: b, type: time_and_materials}"""
    (one,) = found("BD306", tier("silver@1", "remote-support: b", stops))
    assert one.label == "work does not go on from `a`"
    assert [note.message for note in one.related] == ["`a` falls to `none`"]


def test_an_inherited_end_on_another_path() -> None:
    base = tier("silver@1", "remote-support: recurring, onsite-support: block")
    heir = tier("gold@1", "", "extends: silver@1", SHORT_CUT)
    (one,) = found("BD306", base, heir, SEAT)
    assert one.subject == "tier/gold@1"
    assert one.related[0].message == "the path is that of `gold@1`"
    assert one.span.line < 15  # the line is the elder tier's


def test_none_and_the_path_itself_are_reached() -> None:
    silver = tier("silver@1", "remote-support: block, onsite-support: none")
    assert found("BD306", silver, SEAT) == []
