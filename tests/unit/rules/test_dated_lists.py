"""Dated lists: BD424 and BD430."""

from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

TIERS = [tier(f"{name}@1", "remote-support: hourly") for name in ("silver", "gold")]
DATED = "[{from: 2027-01-01, rate: 80}, {from: 2027-01-01, rate: 90}]"


def test_a_shared_price() -> None:
    (one,) = found("BD424", ENGINEER.replace("85.00", DATED))
    assert one.message == "the rate of role `engineer` is written twice from 2027-01-01"
    assert (one.subject, one.route, one.reached) == ("role/engineer", "rate.1.from", ())
    assert [(note.message, note.span.column) for note in one.related] == [("the other step", 15)]
    assert one.span.column > 15
    twice = ENGINEER.replace("85.00", "[{rate: 80}, {from: 2027-01-01, rate: 90}]")
    assert found("BD424", twice) == []


@pytest.mark.parametrize(
    ("fields", "route", "message"),
    [
        (
            ["services: {seat: [{from: 2027-02-01, units: 3}, {from: 2027-02-01, units: 4}]}"],
            "services.seat.1.from",
            "the number of units of `seat` is written twice from 2027-02-01",
        ),
        (
            [f"rates: [{{contract: hourly, role: engineer, rate: {DATED}}}]"],
            "rates.0.rate.1.from",
            "the rate of role `engineer` on contract `hourly` is written twice from 2027-01-01",
        ),
    ],
)
def test_an_agreements_lists(fields: list[str], route: str, message: str) -> None:
    (one,) = found("BD424", *TIERS, agreement("acme", "silver@1", *fields), SEAT, ENGINEER)
    assert (one.route, one.message) == (route, message)
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]


def test_two_steps_on_different_days() -> None:
    units = "services: {seat: [{units: 3}, {from: 2027-02-01, units: 4}]}"
    assert found("BD424", *TIERS, agreement("acme", "silver@1", units), SEAT, ENGINEER) == []


def test_the_second_step_as_written_is_the_doubled_one() -> None:
    three = (
        "[{from: 2027-03-01, rate: 80}, {from: 2027-01-01, rate: 90}, {from: 2027-03-01, rate: 1}]"
    )
    (one,) = found("BD424", ENGINEER.replace("85.00", three))
    assert one.route == "rate.2.from"
    seat = SEAT.replace("40.00", "[{price: 4}, {from: 2027-03-01, price: 1}]")
    agreed = "{units: 2, price: [{from: 2027-03-01, rate: 8}, {from: 2027-03-01, rate: 9}]}"
    acme = agreement("acme", "silver@1", f"services: {{seat: [{agreed}]}}")
    (one,) = found("BD424", *TIERS, acme, seat, ENGINEER)
    assert one.route == "services.seat.0.price.1.from"


def test_two_tiers_on_one_day() -> None:
    both = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-01-01, tier: gold@1}]"
    (one,) = found("BD424", *TIERS, agreement("acme", both), SEAT, ENGINEER)
    assert one.message == "the tier of this agreement is written twice from 2027-01-01"
    assert one.route == "tier.1"
    implied = "[{tier: silver@1}, {from: 2027-01-01, tier: gold@1}]"
    assert len(found("BD424", *TIERS, agreement("acme", implied), SEAT, ENGINEER)) == 1
    apart = "[{tier: silver@1}, {from: 2027-01-02, tier: gold@1}]"
    assert found("BD424", *TIERS, agreement("acme", apart), SEAT, ENGINEER) == []


def misdated(written: str, end: str = "end: 2027-12-31") -> list[tuple[str, str]]:
    acme = agreement("acme", written).replace("end: 2027-12-31", end)
    return [(one.route, one.message) for one in found("BD430", *TIERS, acme, SEAT, ENGINEER)]


def test_a_list_that_begins_before_its_agreement() -> None:
    assert misdated("[{from: 2026-12-01, tier: silver@1}, {from: 2027-02-01, tier: gold@1}]") == [
        ("tier.0.from", "tier `silver@1` begins on 2026-12-01, before the agreement on 2027-01-01")
    ]


def test_a_list_that_begins_after_its_agreement() -> None:
    assert misdated("[{from: 2027-02-01, tier: silver@1}]") == [
        (
            "tier.0.from",
            "tier `silver@1` begins on 2027-02-01, after the agreement has begun on 2027-01-01",
        )
    ]


def test_a_list_that_goes_on_after_the_end() -> None:
    late = "[{from: 2027-01-01, tier: silver@1}, {from: 2028-01-01, tier: gold@1}]"
    assert misdated(late, "term: 12 months") == [
        (
            "tier.1.from",
            "tier `gold@1` begins on 2028-01-01, after the agreement ends on 2027-12-31",
        )
    ]


@pytest.mark.parametrize(
    "written",
    [
        "silver@1",
        "silver",
        "[{tier: silver@1}]",
        "[{from: 2027-01-01, tier: silver@1}, {from: 2027-12-31, tier: gold@1}]",
    ],
)
def test_a_list_of_the_agreements_own_days(written: str) -> None:
    assert misdated(written) == []
