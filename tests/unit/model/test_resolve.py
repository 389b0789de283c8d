from __future__ import annotations

from collections.abc import Mapping

import pytest

from billing_dsl.diagnostics import Fault
from billing_dsl.kinds import kinds
from billing_dsl.kinds.role import Role
from billing_dsl.model.declaration import Head, House, Mention
from billing_dsl.model.resolve import (
    WORDS,
    did_you_mean,
    duplicates,
    names_by_kind,
    nearest,
    unresolved,
)
from billing_dsl.source.document import Document

KNOWN = ("onsite-support", "remote-support", "project-work")


def role(name: str, path: str = "roles.yaml") -> Role:
    """A role by its name."""
    value = {"format": 1, "kind": "role", "name": name, "title": name.title(), "rate": 85}
    found = kinds()["role"].build(Document(path, 0, value), House("EUR"))
    assert isinstance(found, Role)
    return found


def head(kind: str, name: str, key: str = "", path: str = "a.yaml", document: int = 0) -> Head:
    """The head of a document."""
    return Head(kind, name, key or name, path, document)


# --- the nearest names ---------------------------------------------------------------------------


def test_the_nearest_names_come_first() -> None:
    assert nearest("onsite-suport", KNOWN)[0] == "onsite-support"
    assert nearest("zzz", KNOWN) == []


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("zzz", ["alpha"], ""),
        ("alpa", ["alpha"], "did you mean `alpha`?"),
        ("gold1", ["gold2", "gold3", "x"], "did you mean `gold3` or `gold2`?"),
        (
            "gold1",
            ["gold2", "gold3", "gold4", "gold5"],
            "did you mean `gold5`, `gold4` or `gold3`?",
        ),
        ("any", [], ""),
    ],
)
def test_near_names_are_asked_after(name: str, known: list[str], said: str) -> None:
    assert did_you_mean(name, known) == said


def test_every_kind_has_a_word() -> None:
    assert set(WORDS) == set(kinds())


# --- names by kind -------------------------------------------------------------------------------


def test_a_tier_is_known_with_its_version_and_without() -> None:
    names = names_by_kind([head("tier", "silver", "silver@2"), head("role", "engineer")])
    assert names["tier"] == {"silver", "silver@2"}
    assert names["role"] == {"engineer"}


def test_a_bundle_may_stand_for_a_service() -> None:
    names = names_by_kind([head("service", "seat"), head("service_bundle", "office")])
    assert names["service"] == {"seat", "office"}
    assert names["service_bundle"] == {"office"}


def test_a_name_used_again_is_told_beside_the_first() -> None:
    first = head("tier", "silver", "silver@1")
    again = head("tier", "silver", "silver@1", "b.yaml")
    other = head("tier", "silver", "silver@2", "c.yaml")
    ((found, fault),) = duplicates([first, other, again])
    assert found is again
    assert fault.code == "BD202"
    assert fault.finding.message == "tier `silver@1` is declared twice"
    assert [label.place for label in fault.finding.related] == [first.place]


# --- references ----------------------------------------------------------------------------------


def resolved(
    mention: Mention,
    names: Mapping[str, set[str]],
    lost: Mapping[str, frozenset[str]] | None = None,
    silent: bool = False,
    unsound: frozenset[str] = frozenset(),
) -> tuple[bool, list[Fault]]:
    """Whether something unresolved is depended on, and what is reported."""
    faults: list[Fault] = []
    depends = unresolved(
        role("engineer"), [mention], names, lost or {}, silent, unsound, faults.append
    )
    return depends, faults


ONSITE = Mention("work_type", "onsite", ("after_hours",))


def test_a_name_that_is_declared_is_fine() -> None:
    assert resolved(ONSITE, {"work_type": {"onsite"}}) == (False, [])


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    depends, (fault,) = resolved(ONSITE, {"work_type": {"on-site", "remote"}})
    assert depends
    assert fault.code == "BD201"
    assert fault.finding.message == "there is no work type `onsite`"
    assert fault.finding.help == "did you mean `on-site`?"


def test_where_nothing_is_near_a_few_are_listed() -> None:
    _, (fault,) = resolved(ONSITE, {"work_type": {"b", "a"}})
    assert fault.finding.help == "declared are `a`, `b`"
    _, (fault,) = resolved(ONSITE, {"work_type": {f"x{number}" for number in range(13)}})
    assert fault.finding.help.startswith("declare it in a document of kind `work_type`")
    _, (fault,) = resolved(ONSITE, {})
    assert fault.finding.help.startswith("declare it in a document of kind `work_type`")


def test_what_a_broken_document_declares_is_not_called_unknown() -> None:
    assert resolved(ONSITE, {}, {"work_type": frozenset({"onsite"})}) == (True, [])
    assert resolved(ONSITE, {}, silent=True) == (True, [])


def test_what_depends_on_something_unsound_is_unsound() -> None:
    names = {"work_type": {"onsite"}}
    unsound = frozenset({"work_type/onsite"})
    assert resolved(ONSITE, names, unsound=unsound) == (True, [])
    light = Mention("work_type", "onsite", ("after_hours",), carries=False)
    assert resolved(light, names, unsound=unsound) == (False, [])
    depends, faults = resolved(light, {})
    assert (depends, len(faults)) == (False, 1)


def test_a_tier_without_its_version_may_be_the_one_that_is_lost() -> None:
    names = {"tier": {"silver", "silver@1"}}
    lost = {"tier": frozenset({"silver", "silver@2"})}
    assert resolved(Mention("tier", "silver", ("tier",)), names, lost)[0]
    assert not resolved(Mention("tier", "silver@1", ("tier",)), names, lost)[0]


def test_a_document_is_not_offered_itself() -> None:
    same = Mention("role", "enginer", ("parent",))
    _, (fault,) = resolved(same, {"role": {"engineer"}})
    assert "`engineer`" not in fault.finding.help
    _, (fault,) = resolved(same, {"role": {"engineer", "engineers"}})
    assert fault.finding.help == "did you mean `engineers`?"
