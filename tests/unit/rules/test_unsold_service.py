from __future__ import annotations

from datetime import date

from billing_dsl.rules._examples import AS_OF
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier

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


def test_no_units() -> None:
    none = agreement("acme", "silver@1", "services: {seat: 3, mailbox: 0}")
    assert found("BD429", SILVER, none, SEAT, MAILBOX, ENGINEER) == []


GOLD = tier(
    "gold@1",
    "remote-support: recurring",
    "contracts: [{name: recurring, type: recurring_service, services: [mailbox]}]",
)
PLUS = tier(
    "plus@1",
    "remote-support: managed",
    "contracts: [{name: managed, type: recurring_service, services: [mailbox]}]",
)
MOVE = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
MAILBOXES = "mailbox: [{from: 2027-07-01, units: 3}]"


def moved(services: str, move: str = MOVE, as_of: date = AS_OF) -> list[tuple[str, str, str]]:
    acme = agreement("acme", move, f"services: {{{services}}}")
    documents = (SILVER, GOLD, PLUS, acme, SEAT, MAILBOX, ENGINEER)
    return [(d.route, d.message, d.help) for d in found("BD429", *documents, as_of=as_of)]


GOES_ON = (
    "services.seat",
    "`gold@1` does not sell `seat` from 2027-07-01; its 3 units go on",
    "end it there, as in `- {from: 2027-07-01, units: 0}`, or let the tier sell it",
)


def test_units_that_go_on_though_the_new_tier_does_not_sell_them() -> None:
    assert moved(f"seat: 3, {MAILBOXES}") == [GOES_ON]
    assert moved(f"seat: [{{units: 9}}, {{from: 2027-07-01, units: 3}}], {MAILBOXES}") == [GOES_ON]
    assert moved(f"seat: [{{units: 3}}, {{from: 2027-07-01, units: 0}}], {MAILBOXES}") == []
    assert moved(
        f"seat: [{{units: 3}}, {{from: 2027-09-01, units: 1}}, {{from: 2028-01-01, units:"
        f" 7}}], {MAILBOXES}"
    ) == [GOES_ON]
    ((_, message, _),) = moved(f"seat: [{{units: 0}}, {{from: 2027-09-01, units: 1}}], {MAILBOXES}")
    assert message == "`gold@1` does not sell `seat` from 2027-09-01; its 1 unit goes on"


def test_a_contract_that_the_new_tier_lacks_no_longer_sells() -> None:
    to_plus = MOVE.replace("gold", "plus")
    told = tuple(word.replace("gold", "plus") for word in GOES_ON)
    assert moved(f"seat: 3, {MAILBOXES}", to_plus) == [told]


def test_units_from_before_the_tier_that_sells_them() -> None:
    ended = "seat: [{units: 3}, {from: 2027-07-01, units: 0}]"
    assert moved(f"{ended}, mailbox: 3") == [
        (
            "services.mailbox",
            (
                "`silver@1` does not sell `mailbox` before 2027-07-01; "
                "its 3 units begin on 2027-01-01"
            ),
            "let it begin there, as in `- {from: 2027-07-01, units: 3}`",
        )
    ]
    assert moved(f"{ended}, mailbox: 3", as_of=date(2027, 7, 1)) == []


def test_a_tier_that_sells_them_again() -> None:
    back = MOVE.replace("]", ", {from: 2027-10-01, tier: silver@1}]")
    assert moved(f"seat: 3, {MAILBOXES}", back) == [
        GOES_ON,
        (
            "services.mailbox",
            "`silver@1` does not sell `mailbox` from 2027-10-01; its 3 units go on",
            "end it there, as in `- {from: 2027-10-01, units: 0}`, or let the tier sell it",
        ),
    ]
    assert moved(f"seat: 3, {MAILBOXES}", back, date(2027, 12, 1))[1:] == []


def test_an_exception_that_ends_changes_nothing_of_what_is_sold() -> None:
    row = exception("work_type: onsite-support", "hourly", until="2027-03-31")
    silver = tier("silver@1", "remote-support: recurring, onsite-support: recurring")
    acme = agreement("acme", "silver@1", f"exceptions:\n{row}")
    assert found("BD429", silver, acme, SEAT, ENGINEER) == []
