"""Whom a fault of what clients share takes with it, whatever lies between."""

from __future__ import annotations

import pytest

from billing_dsl.diagnostics import Diagnostic
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, diagnostics, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: hourly")
GOLD = tier("gold@1", "onsite-support: block", "extends: silver@1")
SOUND = tier("other@1", "remote-support: recurring, onsite-support: hourly")
SIGNED = (
    agreement("acme", "silver@1"),
    agreement("globex", "gold@1"),
    agreement("acme", "other@1", start="2028-01-01", end="2028-12-31"),
    SEAT,
    ENGINEER,
)


def reached(one: Diagnostic) -> list[tuple[str, str]]:
    return [(reach.client, reach.agreement) for reach in one.reached]


BOTH = [("acme", "acme-2027"), ("globex", "globex-2027")]


@pytest.mark.parametrize(
    ("written", "broken", "code"),
    [
        ("onsite-support: hourly", "onsite-support: hourli", "BD201"),
        ("onsite-support: hourly", "onsit-support: hourly", "BD201"),
        ("title: Silver", "title:", "BD104"),
        ("title: Silver", "title: {", "BD001"),
        ("effective: 2027-01-01", "effective: 2027-13-01", "BD105"),
        ("  - {name: hourly, type: time_and_materials}\n", "", "BD201"),
        ("contracts:", "extends: brass@1\ncontracts:", "BD201"),
        ("services: [seat]", "services: [seet]", "BD201"),
    ],
)
def test_a_broken_tier_names_those_on_it_and_on_what_extends_it(
    written: str, broken: str, code: str
) -> None:
    found = diagnostics(SILVER.replace(written, broken), GOLD, SOUND, *SIGNED)
    found = tuple(one for one in found if one.reached)
    assert {one.code for one in found} == {code}
    for one in found:
        assert reached(one) == BOTH


def test_a_version_that_follows_a_broken_one_reaches_who_follows() -> None:
    silver = SILVER.replace("hourly}", "hourli}")
    (one,) = diagnostics(silver, agreement("acme", "silver"), SEAT, ENGINEER)
    assert reached(one) == [("acme", "acme-2027")]


def test_a_broken_service_is_felt_through_the_tier_that_sells_it() -> None:
    seat = SEAT.replace("price: 40.00", "price: forty")
    (one,) = diagnostics(SILVER, GOLD, seat, *SIGNED[:2], ENGINEER)
    assert one.code == "BD104"
    assert reached(one) == BOTH


def test_what_nobody_names_reaches_nobody() -> None:
    found = diagnostics(SILVER.replace("hourly}", "hourli}"), SOUND, *SIGNED[2:])
    assert [one.reached for one in found] == [()]
