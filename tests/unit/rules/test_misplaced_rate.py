from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

DAYS = "start: 2027-01-01, end: 2027-12-31"
FIELDS = {
    "services": ("[seat]", "services"),
    "rates": ("[{role: engineer, rate: 80}]", "rates of roles"),
    "overage_rate": ("90", "overage rate"),
    "block_factors": ("{engineer: 1.5}", "block factors"),
    "milestones": ("[{title: End, date: 2027-03-01, amount: 900}]", "milestones"),
    "retainers": (f"[{{amount: 900, {DAYS}}}]", "retainers"),
    "tickets": (f"[{{tickets: 9, rate: 58, {DAYS}}}]", "tickets"),
}
TAKEN = {
    "recurring_service": {"services"},
    "block_hours": {"rates", "overage_rate", "block_factors"},
    "time_and_materials": {"rates"},
    "fixed_price": {"rates", "milestones"},
    "retainer": {"rates", "retainers"},
    "per_ticket": {"tickets"},
}


@pytest.mark.parametrize("type_", TAKEN)
def test_what_each_type_of_contract_takes(type_: str) -> None:
    fields = ", ".join(f"{field}: {value}" for field, (value, _) in FIELDS.items())
    bespoke = (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        f"contracts:\n  - {{name: work, type: {type_}, {fields}}}\n"
    )
    misplaced = found("BD418", bespoke, SEAT, ENGINEER)
    told = {one.route: one for one in misplaced if " takes no " in one.message}
    assert set(told) == {f"contracts.work.{field}" for field in FIELDS if field not in TAKEN[type_]}
    for route, one in told.items():
        words = FIELDS[route.rpartition(".")[2]][1]
        assert one.message == f"contract `work` is of type {type_} and takes no {words}"
        assert [reach.agreement for reach in one.reached] == ["acme-2027"]


SILVER = tier(
    "silver@1",
    "remote-support: recurring",
    "rates: [{contract: recurring, role: engineer, rate: 80}]",
)


def test_a_tier_is_told_once_whoever_is_on_it() -> None:
    (one,) = found("BD418", SILVER, SEAT, ENGINEER)
    assert (one.route, one.subject) == ("rates.0.contract", "tier/silver@1")
    assert one.label == "the rate of role `engineer` is never used"
    assert len(found("BD418", SILVER, agreement("acme", "silver@1"), SEAT, ENGINEER)) == 1


def test_an_heir_is_not_blamed_for_what_it_inherits() -> None:
    heir = (
        "kind: tier\nname: silver\nversion: 2\ntitle: S\neffective: 2027-06-01\nextends: silver@1"
    )
    (one,) = found("BD418", SILVER, heir, SEAT, ENGINEER)
    assert one.subject == "tier/silver@1"


def test_a_tier_that_is_broken_itself_is_left_alone() -> None:
    broken = SILVER.replace("remote-support: recurring", "remote-support: nowhere")
    assert found("BD418", broken, SEAT, ENGINEER) == []


def test_a_rate_agreed_for_a_contract() -> None:
    clean = tier("silver@1", "remote-support: recurring")
    rows = (
        "rates: [{contract: hourly, role: engineer, rate: 80}, "
        "{contract: recurring, role: engineer, rate: 80}, "
        "{contract: block, role: engineer, rate: 80}]"
    )
    (one,) = found("BD418", clean, agreement("acme", "silver@1", rows), SEAT, ENGINEER)
    assert (one.route, one.subject) == ("rates.1.contract", "agreement/acme-2027")
    assert one.help == (
        "remove it, or write it at a contract of type `time_and_materials`, `fixed_price`, "
        "`retainer` or `block_hours`"
    )


BLOCK_ROW = "hours: 40, rate: 78, start: 2027-01-01, end: 2027-12-31"
BESPOKE = (
    "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
    "contracts:\n  - {name: block, type: block_hours, falls_to: hourly%s}\n"
    "  - {name: hourly, type: time_and_materials}\n%s"
)


def test_blocks_of_a_contract_that_takes_none() -> None:
    rows = f"blocks:\n  - {{contract: block, {BLOCK_ROW}}}\n  - {{contract: hourly, {BLOCK_ROW}}}\n"
    (one,) = found("BD418", BESPOKE % ("", rows), ENGINEER)
    assert one.message == "contract `hourly` is of type time_and_materials and takes no blocks"
    assert (one.route, one.label) == ("blocks.1.contract", "its 40 hours can never be used")
    assert one.help == "remove it, or write it at a contract of type `block_hours`"
    on_tier = agreement("acme", "silver@1", rows)
    (one,) = found("BD418", tier("silver@1", "remote-support: recurring"), on_tier, SEAT, ENGINEER)
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]


BEHIND = "contract `block` has an overage rate, which stands before the rate of role `engineer`"


@pytest.mark.parametrize(
    ("block", "rows", "told"),
    [
        (", overage_rate: 90, rates: [{role: engineer, rate: 80}]", "", ["contracts.block.rates."]),
        (", rates: [{role: engineer, rate: 80}]", "", []),
        (
            ", overage_rate: 90",
            "rates: [{contract: block, role: engineer, rate: 80}]\n",
            ["rates.0.rate"],
        ),
        (
            ", overage_rate: [{from: 2027-02-01, rate: 90}]",
            "rates: [{contract: block, role: engineer, rate: 80}]\n",
            [],
        ),
        ("", "rates: [{contract: block, role: engineer, rate: 80}]\n", []),
        (", overage_rate: 90", "rates: [{contract: hourly, role: engineer, rate: 80}]\n", []),
    ],
)
def test_a_rate_behind_an_overage_rate(block: str, rows: str, told: list[str]) -> None:
    diagnostics = found("BD418", BESPOKE % (block, rows), ENGINEER)
    assert [one.message for one in diagnostics] == [BEHIND] * len(told)
    for one, start in zip(diagnostics, told, strict=True):
        assert one.route.startswith(start)


def test_a_rate_behind_a_tiers_overage_rate() -> None:
    contracts = (
        "contracts:\n  - {name: recurring, type: recurring_service, services: [seat]}\n"
        "  - {name: block, type: block_hours%s}\n"
    )
    scope = "remote-support: recurring"
    gold = tier("gold@1", scope, contracts % ", overage_rate: 90")
    plain = tier("silver@1", scope, contracts % "")
    row = "rates: [{contract: block, role: engineer, rate: 80}]"
    with_row = tier("gold@1", scope, contracts % ", overage_rate: 90", row)
    (one,) = found("BD418", with_row, SEAT, ENGINEER)
    assert (one.subject, one.message) == ("tier/gold@1", BEHIND)
    bought = f"blocks:\n  - {{contract: block, {BLOCK_ROW}}}"
    (one,) = found("BD418", gold, agreement("acme", "gold@1", row, bought), SEAT, ENGINEER)
    assert (one.subject, one.route) == ("agreement/acme-2027", "rates.0.rate")
    move = "[{from: 2027-01-01, tier: gold@1}, {from: 2027-07-01, tier: silver@1}]"
    assert found("BD418", gold, plain, agreement("acme", move, row, bought), SEAT, ENGINEER) == []
