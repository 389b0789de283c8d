from __future__ import annotations

from billing_dsl.diagnostics import Reach
from tests.unit.rules.checking import ENGINEER, diagnostics, found


def client(name: str, parent: str = "") -> str:
    line = f"parent: {parent}\n" if parent else ""
    return f"kind: client\nname: {name}\nlegal_name: {name.title()} Ltd\n{line}"


def test_a_ring_is_told_once_from_its_first_client() -> None:
    (one,) = found("BD205", client("c", "b"), client("a", "c"), client("b", "a"))
    assert one.message == "clients are each other's parents in a ring: `a` → `c` → `b` → `a`"
    assert one.subject == "client/a"
    assert (one.span.line, one.route) == (12, "parent")
    assert [note.message for note in one.related] == [
        "the parent of `c` is `b`",
        "the parent of `b` is `a`",
    ]
    assert one.reached == (Reach("a"), Reach("b"), Reach("c"))


def test_a_client_of_its_own() -> None:
    (one,) = found("BD205", client("a", "a"))
    assert one.message == "client `a` is its own parent"


def test_who_hangs_on_a_ring_is_not_in_it() -> None:
    (one,) = found("BD205", client("a", "b"), client("b", "c"), client("c", "b"))
    assert one.message == "clients are each other's parents in a ring: `b` → `c` → `b`"


def test_parents_in_a_line() -> None:
    assert diagnostics(client("a", "b"), client("b", "c"), client("c")) == ()


def test_a_ring_through_a_client_that_cannot_be_proved() -> None:
    unknown = """
kind: agreement
name: a-2027
client: a
start: 2027-01-01
end: 2027-12-31
contracts: [{name: hourly, type: time_and_materials, excludes: {work_types: [nothing]}}]
"""
    (one,) = found("BD205", client("a", "b"), client("b", "a"), unknown, ENGINEER)
    assert one.message == "clients are each other's parents in a ring: `b` → `a` → `b`"


def test_a_parent_that_nobody_declares_is_another_matter() -> None:
    assert [one.code for one in diagnostics(client("a", "nobody"))] == ["BD201"]
