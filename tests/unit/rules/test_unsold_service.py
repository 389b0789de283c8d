from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

SILVER = tier("silver@1", "remote-support: recurring")
MAILBOX = SEAT.replace("seat", "mailbox")


def test_units_that_no_contract_carries() -> None:
    acme = agreement("acme", "silver@1", "services: {seat: 3, mailbox: 3}")
    (one,) = found("BD429", SILVER, acme, SEAT, MAILBOX, ENGINEER)
    assert one.message == "no contract of this agreement sells service `mailbox`"
    assert (one.route, one.subject) == ("services.mailbox", "agreement/acme-2027")


def test_another_agreements_contract_does_not_carry_them() -> None:
    acme = agreement("acme", "silver@1", "services: {seat: 3}")
    project = (
        "kind: agreement\nname: acme-move\nclient: acme\ndefault: false\nstart: 2027-01-01\n"
        "end: 2027-12-31\ncontracts: [{name: work, type: time_and_materials}]\nservices: {seat: 1}"
    )
    (one,) = found("BD429", SILVER, acme, project, SEAT, ENGINEER)
    assert one.subject == "agreement/acme-move"


def test_no_units_and_a_tier_of_some_days_only() -> None:
    none = agreement("acme", "silver@1", "services: {seat: 3, mailbox: 0}")
    assert found("BD429", SILVER, none, SEAT, MAILBOX, ENGINEER) == []
    gold = tier(
        "gold@1",
        "remote-support: recurring",
        "contracts: [{name: recurring, type: recurring_service, services: [mailbox]}]",
    )
    move = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
    both = agreement("acme", move, "services: {seat: 3, mailbox: 3}")
    assert found("BD429", SILVER, gold, both, SEAT, MAILBOX, ENGINEER) == []
