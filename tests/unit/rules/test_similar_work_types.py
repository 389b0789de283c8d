from __future__ import annotations

import pytest

from billing_dsl.rules.similar_work_types import _one_letter
from tests.unit.rules.checking import found, work_type


def how(*titles: str) -> list[str]:
    names = ("alpha", "bravo", "coral")
    documents = (work_type(name, title) for name, title in zip(names, titles, strict=False))
    return [
        one.message.partition("` ")[2][5:].partition("` ")[2] for one in found("BD320", *documents)
    ]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Onsite Support", "On-Site Support", "differ only in hyphens or spaces"),
        ("E-Mail", "Email", "differ only in hyphens or spaces"),
        ("Support Onsite", "Onsite Support", "differ only in the order of words"),
        (
            "User Training",
            "Users Training",
            "differ only in singular and plural or in the order of words",
        ),
        (
            "Installation of Servers",
            "Server Installation",
            "differ only in singular and plural or in the order of words",
        ),
        ("Batch", "Batches", "differ only in singular and plural or in the order of words"),
        ("Delivery", "Deliveries", "differ only in singular and plural or in the order of words"),
        ("Remote Support", "Remote Suport", "differ in one letter"),
        ("Remote Support", "Remote Supprot", "differ in one letter"),
        ("Remote Support", "Remote Supports", "differ only in singular and plural"),
        ("Réparation", "Reparation", "differ only in hyphens or spaces"),
    ],
)
def test_titles_that_are_nearly_the_same(one: str, other: str, why: str) -> None:
    (told,) = how(one, other)
    assert told.startswith(why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Onsite Support", "Offsite Support"),
        ("Remote Support", "Remote Installation"),
        ("Level 1 Support", "Level 2 Support"),
        ("Web Design", "Wed Design"),
        ("Process Check", "Proces Chuck"),
        ("Hours", "Out of Hours"),
        ("Windows 10000", "Windows 10001"),
        ("Server Maintenance", "Network Maintenance"),
        ("Bus", "Bu"),
        ("'!'", "'?'"),
    ],
)
def test_titles_that_are_not(one: str, other: str) -> None:
    assert how(one, other) == []


def test_names() -> None:
    (one,) = found("BD320", work_type("server-move", "Moving"), work_type("servers-move", "Haul"))
    assert one.message == (
        "work types `server-move` and `servers-move` differ only in singular and plural or in the "
        "order of words"
    )
    assert (one.route, one.subject) == ("name", "work_type/servers-move")
    assert [note.message for note in one.related] == ["the other is called this"]


def test_titles_by_language() -> None:
    (one,) = found(
        "BD320",
        work_type("alpha", titles="{it: Assistenza in sede}"),
        work_type("bravo", titles="{it: Assistenza  in Sede}"),
        work_type("coral", titles="{de: Assistenza in sede}"),
    )
    assert one.message == "work types `alpha` and `bravo` have the same title in `it`"
    assert one.route == "titles.it"


def test_a_work_type_is_told_once() -> None:
    assert how("Onsite Support", "On-Site Support", "On Site Support") == [
        "differ only in hyphens or spaces",
        "differ only in hyphens or spaces",
    ]


def test_one_title_altogether_is_another_matter() -> None:
    assert how("Onsite Support", "ONSITE  Support") == []


def test_letters_that_only_joining_words_hold() -> None:
    assert how("To", "And the") == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("support", "suport", True),
        ("support", "ssupport", True),
        ("support", "suppory", True),
        ("support", "uspport", True),
        ("support", "support", False),
        ("support", "supp", False),
        ("support", "sopprot", False),
        ("abcde", "bcdea", False),
    ],
)
def test_one_letter(one: str, other: str, near: bool) -> None:
    assert _one_letter(one, other) is near
    assert _one_letter(other, one) is near
