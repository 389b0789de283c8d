from __future__ import annotations

import pytest

from billing_dsl.kinds.role import Role
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.model.catalogue import Catalogue, gathered
from billing_dsl.model.declaration import Declaration
from tests.unit.model.test_resolve import role


def catalogue(*declarations: Declaration) -> Catalogue:
    """A catalogue of declarations."""
    return Catalogue(gathered(declarations), unsound=frozenset({"role/broken"}))


def test_declarations_are_found_by_kind_and_name() -> None:
    first, second = role("b"), role("a")
    found = catalogue(first, second)
    assert found.all(Role) == (second, first)
    assert found.all(SubIssue) == ()
    assert found.named(Role, "a") is second
    assert found.named(Role, "c") is None
    assert found.named(SubIssue, "a") is None
    assert found.the(Role, "b") is first
    with pytest.raises(KeyError):
        found.the(Role, "c")


def test_the_first_of_two_with_one_name_counts() -> None:
    first, again = role("a"), role("a", "b.yaml")
    assert catalogue(first, again).all(Role) == (first,)


def test_what_depends_on_something_lost_is_not_sound() -> None:
    found = catalogue(role("a"), role("broken"))
    assert found.sound(found.the(Role, "a"))
    assert not found.sound(found.the(Role, "broken"))
