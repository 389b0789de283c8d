from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

DAYS = "start: 2027-01-01, end: 2027-12-31"


def bespoke(contract: str, *fields: str) -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        f"contracts:\n  - {{name: work, {contract}}}\n{lines}"
    )


@pytest.mark.parametrize(
    ("type_", "words", "purchase"),
    [
        ("fixed_price", "milestones", "[{title: End, date: 2027-03-01, amount: 900}]"),
        ("retainer", "retainers", f"[{{amount: 900, {DAYS}}}]"),
        ("per_ticket", "tickets", f"[{{tickets: 9, rate: 58, {DAYS}}}]"),
    ],
)
def test_a_contract_that_is_never_paid(type_: str, words: str, purchase: str) -> None:
    (one,) = found("BD411", bespoke(f"type: {type_}"), ENGINEER)
    assert one.message == f"the {type_.replace('_', ' ')} contract `work` has no {words}"
    assert (one.route, one.subject) == ("contracts.work.name", "agreement/acme-2027")
    assert found("BD411", bespoke(f"type: {type_}, {words}: {purchase}"), ENGINEER) == []


def test_a_recurring_service_without_services_is_never_paid() -> None:
    free = bespoke(
        "type: recurring_service, excludes: {work_types: [onsite-support]}, falls_to: hourly}\n"
        "  - {name: hourly, type: time_and_materials"
    )
    (one,) = found("BD411", free, ENGINEER)
    assert one.message == "the recurring service contract `work` has no services"
    assert one.label == "nothing is ever paid by it"
    assert (one.route, one.subject) == ("contracts.work.name", "agreement/acme-2027")
    (one,) = found("BD411", bespoke("type: recurring_service, setup_fee: 500.00"), ENGINEER)
    assert one.label == "beyond its set-up fee, nothing is ever paid by it"


def test_a_tier_that_lists_no_services_is_told_once_for_all_its_clients() -> None:
    contracts = "contracts: [{name: recurring, type: recurring_service}]"
    free = tier("free@1", "remote-support: recurring", contracts)
    paid = tier("paid@1", "remote-support: recurring", contracts[:-2] + ", services: [seat]}]")
    both = [agreement(client, "free@1", "services: {}") for client in ("acme", "globex")]
    (one,) = found("BD411", free, *both, ENGINEER)
    assert (one.route, one.subject) == ("contracts.recurring.name", "tier/free@1")
    assert [reach.client for reach in one.reached] == ["acme", "globex"]
    moved = agreement("acme", "[{tier: paid@1}, {from: 2027-07-01, tier: free@1}]")
    (one,) = found("BD411", free, paid, moved, SEAT, ENGINEER)
    assert one.subject == "tier/free@1"


def test_a_fixed_price_in_a_tier_is_the_tiers_fault() -> None:
    fixed = tier("fix@1", "remote-support: fix", "contracts: [{name: fix, type: fixed_price}]")
    both = [agreement(client, "fix@1", "services: {}") for client in ("acme", "globex")]
    (one,) = found("BD411", fixed, *both, ENGINEER)
    assert (one.route, one.subject) == ("contracts.fix.name", "tier/fix@1")
    assert [reach.client for reach in one.reached] == ["acme", "globex"]


@pytest.mark.parametrize(
    ("sold", "route"),
    [("{mailbox: 3}", "services"), ("{seat: 0}", "services"), ("{}", "tier")],
)
def test_a_tier_of_whose_services_no_unit_is_sold(sold: str, route: str) -> None:
    silver = tier("silver@1", "remote-support: recurring")
    mailbox = SEAT.replace("seat", "mailbox").replace("seat,", "mailbox,")
    acme = agreement("acme", "silver@1", f"services: {sold}")
    (one,) = found("BD411", silver, acme, SEAT, mailbox, ENGINEER)
    assert one.message == (
        "the agreement has no units of `seat` for contract `recurring` "
        "from 2027-01-01 to 2027-12-31"
    )
    assert (one.route, one.subject) == (route, "agreement/acme-2027")
    assert [note.message for note in one.related] == ["contract `recurring`"]


@pytest.mark.parametrize(
    ("sold", "paid"),
    [
        ("{seat: 3}", True),
        ("{seat: [{from: 2027-10-01, units: 3}]}", True),
        ("{seat: [{from: 2028-01-01, units: 3}]}", False),
        ("{seat: [{units: 3}, {from: 2027-01-01, units: 0}]}", False),
        ("{seat: [{units: 0}, {from: 2027-12-31, units: 3}]}", True),
    ],
)
def test_units_on_some_day_are_enough(sold: str, paid: bool) -> None:
    work = bespoke("type: recurring_service, services: [seat]", f"services: {sold}")
    found_ = found("BD411", work, SEAT, ENGINEER)
    assert [one.route for one in found_] == ([] if paid else ["contracts.work.services"])


def test_after_a_move_the_new_tiers_services_count() -> None:
    silver = tier("silver@1", "remote-support: recurring")
    gold = tier(
        "gold@1",
        "remote-support: recurring",
        "contracts: [{name: recurring, type: recurring_service, services: [desk]}]",
    )
    desk = SEAT.replace("seat", "desk")
    move = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
    (one,) = found("BD411", silver, gold, agreement("acme", move), SEAT, desk, ENGINEER)
    assert "`desk` for contract `recurring` from 2027-07-01 to 2027-12-31" in one.message
    both = agreement("acme", move, "services: {seat: 3, desk: 3}")
    assert found("BD411", silver, gold, both, SEAT, desk, ENGINEER) == []


def test_a_contract_that_its_tier_has_retired_needs_none() -> None:
    silver = tier("silver@1", "remote-support: recurring")
    gold = tier(
        "gold@1", "remote-support: all", "contracts: [{name: all, type: time_and_materials}]"
    )
    move = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
    units = "services: {seat: [{units: 3}, {from: 2027-07-01, units: 0}]}"
    assert found("BD411", silver, gold, agreement("acme", move, units), SEAT, ENGINEER) == []


def test_hours_are_paid_otherwise() -> None:
    for type_ in ("time_and_materials", "block_hours"):
        assert found("BD411", bespoke(f"type: {type_}"), ENGINEER) == []
