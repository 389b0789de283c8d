"""Limits of exclusion sets: BD502, BD503 and BD507."""

from __future__ import annotations

from datetime import date

import pytest

from billing_dsl.rules import _sets, own_set, set_limits, too_many_sets
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: hourly, travel: hourly")
TRAVEL = (
    "kind: work_type\nname: travel\ntitle: Travel\nbilling_class: edge\ndescription: A journey.\n"
)
WIDER = "exceptions:\n" + exception("work_type: travel", "recurring")


def declared(name: str, *work_types: str) -> str:
    listed = ", ".join(work_types)
    return f"kind: exclusion_set\nname: {name}\ntitle: Set {name}\nwork_types: [{listed}]\n"


def carrying(set_name: str, client: str = "acme", end: str = "2027-12-31") -> str:
    return (
        f"kind: agreement\nname: {client}-{set_name}\nclient: {client}\ndefault: false\n"
        f"start: 2027-01-01\nend: {end}\ncontracts:\n"
        f"  - {{name: work, type: recurring_service, excludes: {{set: {set_name}}}, "
        "falls_to: hourly}\n  - {name: hourly, type: time_and_materials}\n"
    )


ONE = declared("one", "onsite-support")
TWO = declared("two", "onsite-support", "travel")


def test_a_declared_set_with_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_limits, "MOST", 1)
    (one,) = found("BD502", ONE, TWO, TRAVEL)
    assert one.message == "the exclusion set has 2 work types, and Autotask takes 1"
    assert (one.subject, one.route) == ("exclusion_set/two", "work_types")


def test_a_tiers_set_with_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_limits, "MOST", 1)
    told = [(one.subject, one.route) for one in found("BD502", SILVER, TRAVEL, SEAT)]
    assert told == [
        ("tier/silver@1", "contracts.recurring.name"),
        ("tier/silver@1", "contracts.block.name"),
    ]


def test_a_set_that_an_exception_needs_with_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    acme = agreement("acme", "silver@1", WIDER)
    monkeypatch.setattr(set_limits, "MOST", 0)
    told = {one.subject: one for one in found("BD502", SILVER, TRAVEL, acme, SEAT, ENGINEER)}
    assert set(told) == {"tier/silver@1", "agreement/acme-2027"}
    own = told["agreement/acme-2027"]
    assert own.message == "the exclusion set has 1 work types, and Autotask takes 0"
    assert (own.route, [reach.client for reach in own.reached]) == ("exceptions", ["acme"])
    plain = agreement("globex", "silver@1")
    narrower = agreement(
        "acme", "silver@1", "exceptions:\n" + exception("work_type: remote-support", "hourly")
    )
    for other in (plain, narrower):
        subjects = {one.subject for one in found("BD502", SILVER, TRAVEL, other, SEAT, ENGINEER)}
        assert subjects == {"tier/silver@1"}


def test_more_sets_than_a_tenant_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(too_many_sets, "MOST_SETS", 1)
    both = (ONE, TWO, TRAVEL, carrying("one"), ENGINEER)
    assert found("BD503", *both) == []
    (one,) = found("BD503", *both, carrying("two", "globex"))
    assert one.message == "2 exclusion sets are in use, and Autotask takes 1 active ones"
    assert one.subject == "settings/msp"
    assert "exceptions need" not in one.help


def test_a_set_counts_once_and_not_after_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(too_many_sets, "MOST_SETS", 1)
    same = (ONE, carrying("one"), carrying("one", "globex"), ENGINEER)
    assert found("BD503", *same) == []
    over = carrying("two", end="2027-06-30")
    both = (ONE, TWO, TRAVEL, carrying("one"), over, ENGINEER)
    assert len(found("BD503", *both, as_of=date(2027, 6, 30))) == 1
    assert found("BD503", *both, as_of=date(2027, 7, 1)) == []


def test_sets_that_exceptions_need_are_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(too_many_sets, "MOST_SETS", 1)
    acme = agreement("acme", "silver@1", WIDER)
    globex = agreement("globex", "silver@1")
    (one,) = found("BD503", SILVER, TRAVEL, acme, globex, SEAT, ENGINEER)
    assert one.help.endswith("and end some of the 1 sets that exceptions need")


def test_two_declared_sets_with_the_same_content() -> None:
    again = declared("again", "onsite-support")
    (one,) = found("BD507", ONE, again)
    assert one.message == "exclusion sets `again` and `one` exclude the same"
    assert (one.subject, one.route) == ("exclusion_set/one", "name")
    assert one.help == "use one of them for both; 0 of 100 sets are in use"
    assert found("BD507", ONE, TWO, TRAVEL) == []
    assert found("BD507", declared("one"), declared("two")) == []


def test_sets_made_for_exceptions_once_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [agreement("acme", "silver@1", WIDER), agreement("globex", "silver@1")]
    documents = (SILVER, TRAVEL, *clients, SEAT, ENGINEER)
    assert found("BD507", *documents) == []
    assert own_set.MANY == _sets.MOST_SETS // 2
    monkeypatch.setattr(own_set, "MANY", 1)
    (one,) = found("BD507", *documents)
    assert one.message == (
        "exclusion set `silver v1 1 recurring with travel` exists for an exception"
    )
    assert (one.subject, one.route) == ("tier/silver@1", "contracts.recurring.name")
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]
    assert one.help.endswith("2 of 100 sets are in use")
