"""Agreements one right after the other: no change where nothing differs, and never hiding any."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.differences import differences
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.pairs import Side
from tests.oracle.simulator import Document, Simulator
from tests.oracle.strategies import Choices, any_catalogue, interesting_days
from tests.unit.changes.test_cover import compared, expected, told
from tests.unit.changes.test_deals import small, with_services

SEAT = {
    "format": 1,
    "kind": "service",
    "name": "seat",
    "title": "Seat",
    "period": "monthly",
    "price": 48,
}

CONTRACTS: list[dict[str, Any]] = [
    {
        "name": "managed",
        "type": "recurring_service",
        "excludes": {"work_types": ["help"]},
        "falls_to": "hours",
    },
    {"name": "hours", "type": "block_hours", "overage_rate": 95},
]


def block(start: str, end: str, hours: int = 10) -> dict[str, Any]:
    return {"contract": "hours", "hours": hours, "rate": 78, "start": start, "end": end}


HALVES = [block("2026-01-01", "2026-06-30"), block("2026-07-01", "2026-12-31")]


def firm(*agreements: dict[str, Any]) -> list[Document]:
    """A firm whose only client has signed some agreements, each of some days and blocks."""
    common = {"contracts": CONTRACTS, "services": {"seat": 5}}
    signed = [small(**{**common, **one})[-1] for one in agreements]
    return [*small()[:-1], SEAT, *copy.deepcopy(signed)]


def whole(**fields: Any) -> list[Document]:
    return firm({"blocks": HALVES, **fields})


def split(
    on: str = "2026-07-01", first: dict[str, Any] | None = None, then: dict[str, Any] | None = None
) -> list[Document]:
    """The same in two agreements, each with what else is written in it."""
    end = (date.fromisoformat(on) - timedelta(days=1)).isoformat()
    return firm(
        {"end": end, "blocks": [HALVES[0]], **(first or {})},
        {"name": "acme-2", "start": on, "blocks": [HALVES[1]], **(then or {})},
    )


def of_acme(before: Sequence[Document], after: Sequence[Document]) -> ClientChanges:
    [found] = compared(before, after).values()
    return found


def test_an_agreement_that_is_split_or_put_together_is_no_change() -> None:
    for before, after in ((whole(), split()), (split(), whole())):
        found = of_acme(before, after)
        assert not found
        [chain] = found.chains
        assert sorted(map(len, chain.sides)) == [1, 2]
        assert not differences([found])


def test_it_may_have_other_names_and_three_parts() -> None:
    blocks = [block(f"2026-{month:02}-01", f"2026-{month + 3:02}-28") for month in (1, 5, 9)]
    after = firm(
        {"name": "one", "end": "2026-04-30", "blocks": blocks[:1]},
        {"name": "two", "start": "2026-05-01", "end": "2026-08-31", "blocks": blocks[1:2]},
        {"name": "three", "start": "2026-09-01", "blocks": blocks[2:]},
    )
    found = of_acme(whole(blocks=blocks), after)
    assert not found
    assert [chain.name for chain in found.chains] == ["one"]
    assert list(found.agreements) == ["one"]


SAME_RENEWAL = {"automatic": True, "extend_by": "12 months", "notice": "90 days"}


def test_the_terms_at_the_end_may_stand_in_the_last_one_alone() -> None:
    before = whole(renewal=SAME_RENEWAL)
    assert not of_acme(before, split(then={"renewal": SAME_RENEWAL}))
    assert of_acme(before, split())
    assert of_acme(before, split(first={"renewal": SAME_RENEWAL}, then={"renewal": SAME_RENEWAL}))


def fee(amount: int) -> list[dict[str, Any]]:
    return [{**CONTRACTS[0], "setup_fee": amount}, CONTRACTS[1]]


def invoiced(period: str) -> list[dict[str, Any]]:
    return [{**CONTRACTS[0], "period": period}, CONTRACTS[1]]


def paid(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    bought = [{"amount": 900, "start": start, "end": end} for start, end in rows]
    return [*CONTRACTS, {"name": "paid", "type": "retainer", "retainers": bought}]


def due(*days: str) -> list[dict[str, Any]]:
    rows = [{"title": "Stage", "date": day, "amount": 100} for day in days]
    return [*CONTRACTS, {"name": "fixed", "type": "fixed_price", "milestones": rows}]


AT_LIST_RATE = [CONTRACTS[0], {"name": "hours", "type": "block_hours"}]

YEAR = block("2026-01-01", "2026-12-31", 40)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(whole(), split("2026-07-02"), id="another-day"),
        pytest.param(whole(), split(first={"end": "2026-06-29"}), id="a-day-without-an-agreement"),
        pytest.param(whole(), split(then={"end": "2027-06-30"}), id="a-longer-one"),
        pytest.param(whole(), split(then={"end": "2026-11-30"}), id="a-shorter-one"),
        pytest.param(whole(), split(then={"default": False}), id="not-by-default"),
        pytest.param(whole(), split(then={"services": {"seat": 4}}), id="fewer-units"),
        pytest.param(
            whole(), split(then={"services": {"seat": {"units": 5, "price": 49}}}), id="a-price"
        ),
        pytest.param(whole(), split(then={"blocks": []}), id="a-block-less"),
        pytest.param(whole(), split(then={"blocks": [*HALVES[1:], HALVES[1]]}), id="a-block-more"),
        pytest.param(
            whole(blocks=[YEAR, HALVES[1]]), split(first={"blocks": [YEAR]}), id="hours-cut-short"
        ),
        pytest.param(
            whole(contracts=fee(100)),
            split(first={"contracts": fee(100)}, then={"contracts": fee(100)}),
            id="a-second-set-up-fee",
        ),
        pytest.param(
            whole(contracts=invoiced("yearly")),
            split(first={"contracts": invoiced("yearly")}, then={"contracts": invoiced("yearly")}),
            id="a-year-that-is-cut",
        ),
        pytest.param(
            whole(), split(then={"contracts": invoiced("quarterly")}), id="invoiced-otherwise"
        ),
        pytest.param(
            whole(contracts=paid(("2026-01-01", "2026-12-31"))),
            split(
                first={"contracts": paid(("2026-01-01", "2026-12-31"))},
                then={"contracts": paid(("2026-01-01", "2026-12-31"))},
            ),
            id="a-retainer-of-the-year",
        ),
        pytest.param(
            whole(contracts=due("2026-03-01", "2026-09-01")),
            split(first={"contracts": due("2026-03-01")}, then={"contracts": due("2026-10-01")}),
            id="a-payment-on-another-day",
        ),
        pytest.param(
            whole(contracts=AT_LIST_RATE),
            split(
                first={"contracts": AT_LIST_RATE},
                then={
                    "contracts": AT_LIST_RATE,
                    "rates": [{"contract": "hours", "role": "engineer", "rate": 81}],
                },
            ),
            id="an-own-rate",
        ),
        pytest.param(
            whole(),
            split(then={"contracts": [CONTRACTS[0], {**CONTRACTS[1], "overage_rate": 99}]}),
            id="another-overage-rate",
        ),
        pytest.param(
            whole(),
            split(
                then={
                    "contracts": [CONTRACTS[0], {**CONTRACTS[1], "name": "more"}],
                    "blocks": [{**HALVES[1], "contract": "more"}],
                }
            ),
            id="contracts-of-other-names",
        ),
        pytest.param(
            whole(),
            split(then={"contracts": [{**CONTRACTS[0], "excludes": {}}, CONTRACTS[1]]}),
            id="work-that-is-covered",
        ),
    ],
)
def test_whatever_differs_is_told_both_ways(before: list[Document], after: list[Document]) -> None:
    for found in (of_acme(before, after), of_acme(after, before)):
        assert found
        effects = {one.effect for one in differences([found]).all}
        assert effects - {Effect.NONE}


def test_a_ticket_may_be_worked_on_before_and_after() -> None:
    """It is debited once for each contract, so two agreements may cost twice as much."""

    def of(*halves: tuple[str, str]) -> dict[str, Any]:
        bought = [{"tickets": 5, "rate": 40, "start": start, "end": end} for start, end in halves]
        return {"contracts": [{"name": "tick", "type": "per_ticket", "tickets": bought}]}

    first, second = ("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")
    before = small(**of(first, second))
    later = small(**of(second), name="acme-2", start=second[0])[-1]
    after = [*small(**of(first), end=first[1]), later]
    for one, other in ((before, after), (after, before)):
        found = of_acme(one, other)
        assert found
        assert not found.chains


def test_payments_that_each_agreement_holds_itself_are_no_change() -> None:
    after = split(first={"contracts": due("2026-03-01")}, then={"contracts": due("2026-09-01")})
    assert not of_acme(whole(contracts=due("2026-03-01", "2026-09-01")), after)


def test_what_changes_besides_is_told_of_the_days_on_which_it_does() -> None:
    dearer = [CONTRACTS[0], {**CONTRACTS[1], "overage_rate": 99}]
    found = of_acme(whole(), split(then={"contracts": dearer}))
    assert len(found.chains) == 1
    [one] = differences([found]).all
    assert one.effect is Effect.RATE_UP
    assert one.reached[0].life.start == date(2026, 7, 1)


def beside(documents: list[Document]) -> list[Document]:
    """The same, whose agreements are none that work starts at by itself."""
    for one in documents:
        if one["kind"] == "agreement":
            one["default"] = False
    main = small(name="main", contracts=[{"name": "all", "type": "time_and_materials"}])[-1]
    return [*documents, main]


def test_agreements_beside_the_default_one() -> None:
    assert not of_acme(beside(whole()), beside(split()))
    dearer = [CONTRACTS[0], {**CONTRACTS[1], "overage_rate": 99}]
    found = of_acme(beside(whole()), beside(split(then={"contracts": dearer})))
    [one] = differences([found]).work
    [reached] = one.reached
    assert (reached.agreement, reached.start) == ("acme-1", "acme-2/managed")


def halved(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """A catalogue in which one agreement is split at the beginning of a month of its own."""
    found = copy.deepcopy(list(documents))
    agreements = [one for one in found if one["kind"] == "agreement"]
    if not agreements:
        return found
    own = choices.pick(agreements)
    start = date.fromisoformat(own["start"])
    month = choices.whole(1, 9)
    seam = date(start.year + (start.month - 1 + month) // 12, (start.month - 1 + month) % 12 + 1, 1)
    seam += timedelta(days=start.day - 1)
    ends = Simulator(documents).ends[own["name"]]
    if seam > ends:
        return found
    then = copy.deepcopy(own)
    then["name"] = f"{own['name']}-then"
    for one, life in ((own, (start, seam - timedelta(days=1))), (then, (seam, ends))):
        one.pop("term", None)
        one["start"], one["end"] = (day.isoformat() for day in life)
        one["blocks"] = [
            bought
            for bought in one.get("blocks", [])
            if bought["start"] <= one["end"]
            and bought["end"] >= one["start"]
            and (one is own or bought["start"] >= one["start"])
        ]
    own.pop("renewal", None)
    return [*found, then]


@pytest.mark.parametrize("seed", range(6))
def test_agreements_that_are_taken_for_one_differ_exactly_where_an_oracle_says(seed: int) -> None:
    choices = Choices.seeded(seed)
    held = 0
    for _ in range(12):
        before = with_services(any_catalogue(choices), choices)
        after = halved(before, choices)
        one, other = Simulator(before), Simulator(after)
        days = sorted({*interesting_days(before), *interesting_days(after)})
        for client, changes in compared(before, after).items():
            for chain in changes.chains:
                own = dict.fromkeys(chain.names(Side.AFTER), chain.name)
                [line] = [line for line in changes.lines if not line.agreement]
                for day in days[:: max(1, len(days) // 15)]:
                    wanted = {}
                    for cell, (was, then) in expected(one, other, client, "", day, {}).items():
                        name = then.agreement if then is not None else ""
                        now = then and replace(then, agreement=own.get(name, name))
                        if was != now:
                            wanted[cell] = was, now
                    assert told(changes, line, day) == wanted
                    held += 1
    assert held > 0
