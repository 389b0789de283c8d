from __future__ import annotations

from tests.unit.rules.checking import diagnostics, found, work_type


def test_a_ring_is_told_once_from_its_first_work_type() -> None:
    (one,) = found(
        "BD206",
        work_type("entry", after_hours="night"),
        work_type("weekend", after_hours="night"),
        work_type("night", after_hours="weekend"),
    )
    assert one.message == (
        "work types are each other's after-hours types in a ring: `night` → `weekend` → `night`"
    )
    assert one.route == "after_hours"
    assert one.subject == "work_type/night"
    assert [note.message for note in one.related] == ["after hours `weekend` goes on here"]


def test_a_work_type_of_its_own() -> None:
    (one,) = found("BD206", work_type("night", after_hours="night"))
    assert one.message == "work type `night` is its own after-hours type"


def test_each_ring_is_told() -> None:
    rings = found(
        "BD206",
        *(work_type(one, after_hours=other) for one, other in ("ab", "ba", "cd", "dc", "ea")),
    )
    assert [one.subject for one in rings] == ["work_type/a", "work_type/c"]


def test_a_line_of_work_types() -> None:
    line = (work_type("day", after_hours="evening"), work_type("evening", after_hours="night"))
    assert found("BD206", *line, work_type("night")) == []


def test_an_unknown_type_is_another_matter() -> None:
    assert [one.code for one in diagnostics(work_type("day", after_hours="x"))] == ["BD201"]
