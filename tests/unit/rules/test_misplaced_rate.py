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
    told = {one.route: one for one in found("BD418", bespoke, SEAT, ENGINEER)}
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
