from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.rules._titles import plain
from billing_dsl.rules.same_name_in_autotask import plain_all
from tests.unit.rules.checking import ENGINEER, SEAT, found


def client(name: str, legal_name: str, *fields: str) -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return f"kind: client\nname: {name}\nlegal_name: {legal_name}\n{lines}"


def told(*documents: str) -> list[str]:
    return [one.message for one in found("BD506", *documents)]


def test_two_organizations_of_one_name() -> None:
    (one,) = found("BD506", client("acme", "Acme S.r.l."), client("acme-2", "ACME  S.r.l."))
    assert (
        one.message == "clients `acme` and `acme-2` have the organization `ACME  S.r.l.` in common"
    )
    assert (one.subject, one.route) == ("client/acme-2", "name")
    assert [note.message for note in one.related] == ["`acme`"]


def test_an_organization_of_its_own_tells_them_apart() -> None:
    other = client("acme-2", "Acme", "autotask: {organization: Acme Milano}")
    assert told(client("acme", "Acme"), other) == []
    assert len(told(client("acme", "Acme Milano"), other)) == 1


def test_two_numbers_and_no_numbers() -> None:
    number = "autotask: {number: C-1}"
    (one,) = found("BD506", client("acme", "Acme", number), client("globex", "Globex", number))
    assert one.message == "clients `acme` and `globex` have the number `C-1` in common"
    assert (one.subject, one.route) == ("client/globex", "autotask.number")
    assert told(client("acme", "Acme"), client("globex", "Globex")) == []


def test_three_of_one_name_are_two_too_many() -> None:
    assert len(told(*(client(name, "Acme") for name in ("a", "b", "c")))) == 2


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (SEAT, SEAT.replace("name: seat", "name: desk"), "services `desk` and `seat`"),
        (
            "kind: service_bundle\nname: a\ntitle: Desk\nperiod: monthly\nservices: [seat]\n",
            "kind: service_bundle\nname: b\ntitle: desk\nperiod: monthly\nservices: [seat]\n",
            "service bundles `a` and `b`",
        ),
        (
            "kind: exclusion_set\nname: a\ntitle: Set\nwork_types: [remote-support]\n",
            "kind: exclusion_set\nname: b\ntitle: Set\nwork_types: [onsite-support]\n",
            "exclusion sets `a` and `b`",
        ),
    ],
)
def test_two_titles(first: str, second: str, words: str) -> None:
    documents = [first, second, *([] if "name: seat" in first else [SEAT])]
    (message,) = told(*documents)
    assert message.startswith(f"{words} have the title ")


def test_a_service_and_a_bundle_are_kept_apart() -> None:
    bundle = "kind: service_bundle\nname: desk\nperiod: monthly\nservices: [seat]\n"
    assert told(SEAT, bundle + "title: Managed seat\n") == []


def test_roles_by_their_name_in_autotask() -> None:
    other = ENGINEER.replace("name: engineer", "name: technician")
    assert told(ENGINEER, other) == [
        "roles `engineer` and `technician` have the name `Engineer` in common"
    ]
    renamed = other + "autotask: {name: Field Engineer}\n"
    assert told(ENGINEER, renamed) == []
    (one,) = found("BD506", ENGINEER, other.replace("Engineer", "T") + "autotask: {name: Engineer}")
    assert one.route == "autotask.name"


@given(st.lists(st.text(" \n\t\u00a0\u2028aA\u00c9\u0301e\u1e9e\u00df", max_size=4), max_size=4))
def test_many_names_at_once_are_as_plain_as_one_by_one(names: list[str]) -> None:
    assert plain_all(names) == [plain(name) for name in names]
