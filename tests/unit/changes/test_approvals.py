"""Whose consent a change needs: by its effect, whom it reaches, its money, and in time or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_dsl.changes.approvals import Asked, asked, in_force, unasked
from billing_dsl.changes.differences import Differences, Who
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import NOTHING, Month
from billing_dsl.kinds.approval import Approval
from billing_dsl.model.calendar import Stretch, Term
from tests.unit.review.sample import TODAY, approval, cells, service, work

LOST = work(0, ["acme", "globex"], "hourly", Effect.LOSES)
DEARER = service("seat", ["acme"], Effect.RATE_UP)


def differences(*found: Any) -> Differences:
    of_work = tuple(one for one in found if hasattr(one, "cells"))
    services = tuple(one for one in found if hasattr(one, "service"))
    return Differences(of_work, services, (), (), {}, cells(["Onsite"]))


def month(client: str, fees: str, currency: str = "EUR", **more: Any) -> Month:
    return Month(client, currency, (Decimal(0), Decimal(fees)), NOTHING, False, **more)


def ask(
    approvals: Sequence[Approval],
    *found: Any,
    months: Sequence[Month] = (),
    approved: Sequence[str] = (),
    tiers: Any = None,
    not_compared: Sequence[str] = (),
) -> tuple[Asked, ...]:
    return asked(
        approvals,
        differences(*found),
        {one.client: one for one in months},
        tiers or {"acme": ["silver"], "globex": ["gold"]},
        "EUR",
        approved,
        TODAY,
        not_compared,
    )


def test_an_effect_that_no_approval_names_needs_nobody() -> None:
    assert ask([approval("a", [Effect.GAINS], ["me"])], LOST, DEARER) == ()
    assert ask([], LOST) == ()


def test_an_approval_tells_what_it_is_asked_for() -> None:
    [found] = ask([approval("a", [Effect.LOSES, Effect.RATE_UP], ["me", "you"])], LOST, DEARER)
    assert set(found.differences) == {LOST, DEARER}
    assert found.clients == ("acme", "globex")
    assert found.missing == ("me", "you")


def test_consent_is_compared_by_name_whatever_its_capitals() -> None:
    rule = approval("a", [Effect.LOSES], ["Jo@msp.example", "Max Muster"])
    [found] = ask([rule], LOST, approved=[" jo@MSP.example", "max muster ", "Nobody"])
    assert found.missing == ()
    assert unasked([found], ["jo@msp.example", "Nobody", "", " "]) == ("Nobody",)


@pytest.mark.parametrize(
    ("chosen", "clients"),
    [
        ({"tiers": ("silver",)}, ("acme",)),
        ({"tiers": ("gold", "silver")}, ("acme", "globex")),
        ({"clients": ("globex",)}, ("globex",)),
        ({"clients": ("globex",), "tiers": ("silver",)}, None),
        ({"tiers": ("bronze",)}, None),
    ],
)
def test_only_some_are_asked_about(chosen: Any, clients: tuple[str, ...] | None) -> None:
    found = ask([approval("a", [Effect.LOSES], ["me"], **chosen)], LOST)
    assert (found[0].clients if found else None) == clients


@pytest.mark.parametrize(
    ("above", "months", "needed"),
    [
        ("100", [("acme", "60"), ("globex", "40")], False),
        ("99.99", [("acme", "60"), ("globex", "40")], True),
        ("99.99", [("acme", "60"), ("globex", "-40")], True),  # up and down do not cancel out
        ("1000", [("acme", "60")], True),  # of the other nobody knows
    ],
)
def test_money_decides_where_it_is_known(above: str, months: Any, needed: bool) -> None:
    rule = approval("a", [Effect.LOSES], ["me"], above=Decimal(above))
    assert bool(ask([rule], LOST, months=[month(*one) for one in months])) is needed


@pytest.mark.parametrize(
    "unknown",
    [
        month("globex", "0", "CHF"),
        Month("globex", "EUR", None, NOTHING, False),
        Month("globex", "EUR", NOTHING, None, False),
        Month("globex", "EUR", NOTHING, NOTHING, True),  # work, and no time entries
    ],
)
def test_what_nobody_knows_counts_as_above(unknown: Month) -> None:
    rule = approval("a", [Effect.LOSES], ["me"], above=Decimal(1000))
    [found] = ask([rule], LOST, months=[month("acme", "1"), unknown])
    assert found.weight is None
    known = replace(unknown, currency="EUR", fees=NOTHING, once=NOTHING).with_work(*NOTHING)
    assert ask([rule], LOST, months=[month("acme", "1"), known]) == ()


def test_what_is_bought_once_counts_whole() -> None:
    rule = approval("a", [Effect.RATE_UP], ["me"], above=Decimal(100))
    once = replace(month("acme", "0"), once=(Decimal(3000), Decimal(3101)))
    assert ask([rule], DEARER, months=[once])
    once = replace(once, once=(Decimal(3000), Decimal(2900)))
    assert not ask([rule], DEARER, months=[once])


def days(start: date, end: date) -> Any:
    """Work that is lost on these days."""
    reached = tuple(
        replace(one, parts=tuple(replace(part, life=Stretch(start, end)) for part in one.parts))
        for one in LOST.reached
    )
    return replace(LOST, reached=reached)


@pytest.mark.parametrize(
    ("start", "first", "late"),
    [
        (date(2026, 1, 1), TODAY, ("acme", "globex")),  # it holds already
        (date(2027, 3, 15), date(2027, 3, 15), ("acme", "globex")),
        (date(2027, 3, 16), date(2027, 3, 16), ()),
    ],
)
def test_a_notice_has_to_be_kept(start: date, first: date, late: tuple[str, ...]) -> None:
    rule = approval("a", [Effect.LOSES], ["me"], notice=Term.parse("60 days"))
    [found] = ask([rule], days(start, date(2027, 12, 31)))
    assert (found.first, found.earliest, found.short) == (first, date(2027, 3, 16), late)


def test_of_days_gone_by_nobody_is_told_in_time() -> None:
    rule = approval("a", [Effect.LOSES], ["me"], notice=Term.parse("60 days"))
    [found] = ask([rule], days(date(2026, 1, 1), date(2026, 12, 31)))
    assert (found.first, found.short) == (None, ())


def test_new_clients_sign_what_they_get() -> None:
    rule = approval("a", [Effect.LOSES], ["me"], notice=Term.parse("60 days"))
    new = replace(LOST, reached=tuple(replace(one, who=Who.NEW) for one in LOST.reached))
    [found] = ask([rule], new)
    assert (found.clients, found.short) == (("acme", "globex"), ())


def test_whoever_is_not_compared_may_lose() -> None:
    lost, dearer = approval("a", [Effect.LOSES], ["me"]), approval("b", [Effect.RATE_UP], ["me"])
    [found] = ask([lost, dearer], not_compared=["acme", "zeta"])
    assert (found.approval, found.clients, found.differences) == (lost, ("acme", "zeta"), ())
    assert (found.weight, found.missing, found.short) == (None, ("me",), ())
    [found] = ask([lost], LOST, not_compared=["zeta"])
    assert found.clients == ("acme", "globex", "zeta")
    named = replace(lost, clients=("acme",))
    assert [one.clients for one in ask([named], not_compared=["acme", "zeta"])] == [("acme",)]
    gold = replace(lost, tiers=("gold",))  # nobody knows on which tier zeta is
    [found] = ask([gold], not_compared=["acme", "globex", "zeta"])
    assert found.clients == ("globex", "zeta")


def test_an_offer_needs_the_consent_that_its_tier_does() -> None:
    offered = replace(LOST, reached=(), offers=(replace(LOST.reached[0], client="gold@2"),))
    [found] = ask([approval("a", [Effect.LOSES], ["me"], tiers=("gold",))], offered)
    assert (found.clients, found.offers, found.missing) == ((), ("gold@2",), ("me",))
    assert not ask([approval("a", [Effect.LOSES], ["me"], tiers=("silver",))], offered)
    assert not ask([approval("a", [Effect.LOSES], ["me"], clients=("acme",))], offered)
    assert not ask([approval("a", [Effect.LOSES], ["me"], above=Decimal(1))], offered)


def test_approvals_count_as_they_were_and_as_they_are() -> None:
    strict, loose = (
        approval("a", [Effect.LOSES], ["me"]),
        approval("a", [Effect.LOSES], ["me"], above=Decimal(1000)),
    )
    assert in_force([strict], [loose]) == in_force([loose], [strict])
    assert len(in_force([strict], [loose])) == 2
    assert in_force([strict], [replace(strict, notes="other words")]) == (strict,)
    assert in_force([strict], []) == (strict,)
    assert in_force([], [strict]) == (strict,)
