from __future__ import annotations

import pytest

from tests.unit.rules.checking import found, work_type


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User Training", "user training"),
        ("User Training", "User   Training"),
        ("Straße", "STRASSE"),
        ("Re\u0301paration", "R\u00e9paration"),
    ],
)
def test_titles_that_autotask_may_take_for_one(one: str, other: str) -> None:
    (told,) = found("BD326", work_type("alpha", one), work_type("bravo", other))
    assert told.message == "work types `alpha` and `bravo` have the same title"
    assert (told.route, told.subject) == ("title", "work_type/bravo")
    assert told.assumption == "work-type-names"
    assert [note.message for note in told.related] == ["the title as it stands first"]


def test_every_further_one_is_told_beside_the_first() -> None:
    told = found("BD326", *(work_type(name, "Visit") for name in ("alpha", "bravo", "coral")))
    assert [one.message for one in told] == [
        "work types `alpha` and `bravo` have the same title",
        "work types `alpha` and `coral` have the same title",
    ]


def test_titles_that_differ() -> None:
    assert found("BD326", work_type("alpha", "Visit"), work_type("bravo", "Visits")) == []
