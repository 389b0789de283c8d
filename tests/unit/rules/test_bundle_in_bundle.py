from __future__ import annotations

from billing_dsl.pipeline import check, read_file
from billing_dsl.rules import rules
from billing_dsl.rules._examples import AS_OF, completed
from tests.unit.rules.checking import SEAT, found


def bundle(name: str, *services: str) -> str:
    return (
        f"kind: service_bundle\nname: {name}\ntitle: {name.title()}\nperiod: monthly\n"
        f"services: [{', '.join(services)}]\n"
    )


def test_a_bundle_that_holds_another() -> None:
    (one,) = found(
        "BD209", SEAT, bundle("workplace", "seat"), bundle("office", "seat", "workplace")
    )
    assert one.message == "service bundle `office` holds the bundle `workplace`"
    assert (one.severity, one.subject) == ("error", "service_bundle/office")
    assert one.route == "services.workplace"
    assert one.help == "list its services instead: `seat`"
    assert [note.message for note in one.related] == ["the bundle `workplace`"]


def test_a_bundle_that_holds_itself() -> None:
    (one,) = found("BD209", bundle("office", "office"))
    assert one.message == "service bundle `office` holds itself"
    assert one.help == "take it out"


def test_bundles_that_hold_each_other_and_are_sold() -> None:
    sold = (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        "contracts: [{name: managed, type: recurring_service, services: [one]}]\n"
        "services: {one: 3}\n"
    )
    text = "---\n".join((bundle("one", "other"), bundle("other", "one"), sold))
    readings = [read_file(path, text) for path, text in sorted(completed(text).items())]
    codes = [code for code, _ in check(readings, AS_OF, rules()).found]
    assert codes.count("BD209") == 2


def test_bundles_of_services() -> None:
    assert found("BD209", SEAT, bundle("workplace", "seat"), bundle("office", "seat")) == []
