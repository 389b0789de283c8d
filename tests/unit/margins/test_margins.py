"""Margins equal what a naive reckoning says, and a price to break even is the least that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.margins.break_even import least_price
from billing_dsl.margins.compared import Margins, PriceOfClient, margins
from billing_dsl.margins.margin import Margin, Reckoned, reckoned
from billing_dsl.margins.months import whole_months
from billing_dsl.margins.work import work_of_clients
from billing_dsl.replay.side import Side
from billing_dsl.replay.summary import sum_up, summary
from tests.oracle.entries import history, replayable
from tests.oracle.margins import Left, Reckoning, Unit
from tests.oracle.replaying import Entry, posted
from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices
from tests.unit.replay.running import Sqlite, numbered, replay, side_of

PERIODS = ("monthly", "quarterly", "semi_annual", "yearly")


def priced(choices: Choices) -> list[Document]:
    """A catalogue in which services recur in any way, and costs are said or not."""
    documents = replayable(choices)
    for document in documents:
        if document["kind"] == "service":
            document["period"] = choices.pick(PERIODS)
            if choices.chance(40):
                listed = document["price"]
                dearer = {"from": choices.day(date(2026, 1, 1), date(2026, 9, 1)).isoformat()}
                document["price"] = [{"price": listed}, {**dearer, "price": cost(choices)}]
        if document["kind"] in ("service", "role") and choices.chance(75):
            document["cost"] = cost(choices)
            if choices.chance(30):
                later = choices.day(date(2026, 1, 1), date(2026, 9, 1)).isoformat()
                document["cost"] = [
                    {"price": document["cost"]},
                    {"from": later, "price": cost(choices)},
                ]
    return documents


def cost(choices: Choices) -> dict[str, Decimal]:
    """An amount, mostly in every currency."""
    currencies = ("EUR", "CHF", "USD")
    named = currencies if choices.chance(80) else choices.some(currencies, 1)
    return {currency: Decimal(choices.whole(1, 600_000)).scaleb(-4) for currency in named}


def found(side: Side, entries: Sequence[Entry]) -> dict[str, Reckoned]:
    """What is reckoned of all clients."""
    engine = Sqlite()
    billed = replay(engine, side, entries)
    clients, kinds = numbered(entries)
    sum_up(engine, ("",))
    total = summary(engine, side, billed, clients, kinds)
    work = work_of_clients(engine, side, total, clients, kinds)
    engine.close()
    assert total.first is not None
    assert total.last is not None
    months = whole_months(total.first, total.last)
    views = side.covered(sorted(side.clients))
    return {view.client.name: reckoned(view, months, work.get(view.client.name)) for view in views}


def as_left(margin: Margin) -> Left:
    """A margin in the oracle's words."""
    services, invoiced, drawn_, due, *costs = (
        int(amount * 100)
        for amount in (
            margin.services,
            margin.invoiced,
            margin.drawn,
            margin.due_once,
            margin.cost_of_services,
            margin.cost_of_work,
        )
    )
    gaps = {(one.what.value, one.name): quantity for one, quantity in margin.not_said.items()}
    return Left(services, invoiced, drawn_, due, costs[0], costs[1], gaps)


def drawn(seed: int) -> tuple[Choices, list[Document], Side, list[Entry]] | None:
    """A catalogue and entries of the clients of whom something can be said."""
    choices = Choices.seeded(seed)
    documents = priced(choices)
    side = side_of(documents)
    entries = [one for one in history(documents, choices) if one.client in side.clients]
    days = [one.day for one in entries]
    if not entries or (max(days) - min(days)).days > 900:  # day by day takes its time
        entries = [one for one in entries if one.day < date(2027, 3, 1)]
    return (choices, documents, side, entries) if entries else None


@pytest.mark.parametrize("seed", range(30))
def test_margins_are_those_of_the_oracle(seed: int) -> None:
    case = drawn(seed)
    if case is None:
        return
    _, documents, side, entries = case
    oracle = Reckoning(documents, entries)
    told = found(side, entries)
    assert sorted(told) == sorted(side.clients)
    for client, one in told.items():
        wanted = oracle.left(client)
        assert as_left(one.margin) == wanted
        assert set(one.tiers) == oracle.tiers(client)
        units = [
            Unit(
                client,
                c.tier,
                c.service,
                c.quantity,
                None if c.price is None else Fraction(c.price),
            )
            for c in one.charges
        ]
        assert sorted(units, key=str) == sorted(oracle.units(client), key=str)
        whole = not wanted.not_said
        assert (one.margin.left is not None) == whole


def test_some_of_those_margins_are_known_and_some_are_not() -> None:
    kinds: set[str] = set()
    for seed in range(20):
        case = drawn(seed)
        for one in found(*case[2:]).values() if case is not None else ():
            kinds.update(missing.what.value for missing in one.margin.not_said)
            kinds.add("known" if one.margin.left is not None else "not known")
    assert {"known", "not known", "role_cost", "service_cost", "work_known"} <= kinds


# --- two catalogues ------------------------------------------------------------------------------


def changed(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """The catalogue with one thing otherwise."""
    place = choices.pick(
        [n for n, one in enumerate(documents) if one["kind"] in ("service", "role", "tier")]
    )
    before = documents[place]
    after = dict(before)
    if before["kind"] == "tier":
        ends = [contract["name"] for contract in before.get("contracts", ())]
        if not ends or not before.get("scope"):
            return list(documents)
        after["scope"] = {
            **before["scope"],
            choices.pick(list(before["scope"])): choices.pick(ends),
        }
    else:
        field = "price" if before["kind"] == "service" else "rate"
        after[field] = {name: choices.whole(10, 200) for name in ("EUR", "CHF", "USD")}
    return [*documents[:place], after, *documents[place + 1 :]]


def by_the_oracle(
    before: Reckoning, after: Reckoning, clients: Sequence[str], tier: str, service: str
) -> tuple[list[Unit], int | None, int | None]:
    """The units of a service on a tier, by how many cents the margins of some clients have grown,
    and what they are after; None where that is not known.
    """
    units = [
        unit
        for client in clients
        for unit in after.units(client)
        if (unit.tier, unit.service) == (tier, service)
    ]
    grown: int | None = 0
    left: int | None = 0
    for client in clients:
        one, other = before.left(client), after.left(client)
        doubt = {
            key
            for key in {*one.not_said, *other.not_said}
            if key[0] not in ALIKE or one.not_said.get(key) != other.not_said.get(key)
        }
        grown = None if doubt or grown is None else grown + total(other) - total(one)
        left = None if other.not_said or left is None else left + total(other)
    return units, grown, left


ALIKE = ("service_cost", "role_cost", "work_known")


def total(left: Left) -> int:
    brought = left.services + left.invoiced + left.drawn + left.due_once
    return brought - left.cost_of_services - left.cost_of_work


def brings(units: Sequence[Unit], price: Decimal) -> int:
    return sum(posted(Fraction(price) * unit.quantity) or 0 for unit in units)


def is_the_least(units: Sequence[Unit], price: Decimal, needed: int) -> bool:
    """Whether a price brings what is needed, and a cent less would not."""
    cent = Decimal("0.01")
    enough = brings(units, price) >= needed
    return enough and (price == 0 or brings(units, price - cent) < needed)


def check_price(
    price: PriceOfClient, units: Sequence[Unit], grown: int | None, left: int | None
) -> None:
    now = sum(posted(unit.price * unit.quantity) or 0 for unit in units if unit.price is not None)
    assert (price.keeps.amount is None) == (grown is None)
    assert (price.zero.amount is None) == (left is None)
    if price.keeps.amount is not None and grown is not None:
        assert is_the_least(units, price.keeps.amount, now - grown)
    if price.zero.amount is not None and left is not None:
        assert is_the_least(units, price.zero.amount, now - left)
    assert price.quantity == sum(unit.quantity for unit in units)


@pytest.mark.parametrize("seed", range(30))
def test_prices_to_break_even_are_the_least_that_do(seed: int) -> None:
    case = drawn(seed)
    if case is None:
        return
    choices, documents, side, entries = case
    others = changed(documents, choices)
    other = side_of(others)
    entries = [one for one in entries if one.client in other.clients]
    if not entries:
        return
    told = compared_sides(side, other, entries)
    before, after = Reckoning(documents, entries), Reckoning(others, entries)
    currency = {view.client.name: view.client.currency for view in other.covered(other.clients)}
    for moved in told.clients:
        if moved.before is not None and moved.after is not None:
            _, grown, _ = by_the_oracle(before, after, [moved.client], "", "")
            change = moved.change
            assert (None if change is None else int(change * 100)) == grown
    for even in told.break_even:
        on_it = sorted(
            client
            for client in currency
            if currency[client] == even.currency and even.tier in after.tiers(client)
        )
        check_price(even.whole, *by_the_oracle(before, after, on_it, even.tier, even.service))
        for one in even.clients:
            check_price(one, *by_the_oracle(before, after, [one.client], even.tier, even.service))


def compared_sides(side: Side, other: Side, entries: Sequence[Entry]) -> Margins:
    """The margins of two catalogues."""
    days = [one.day for one in entries]
    tiers = other.declared.shared.tiers
    sold: Mapping[str, Sequence[str]] = {
        key: [name for contract in tier.contracts.values() for name in contract.services]
        for key, tier in tiers.items()
    }
    return margins(
        whole_months(min(days), max(days)),
        found(side, entries).values(),
        found(other, entries).values(),
        sold,
        sorted(tiers),
    )


def test_some_of_those_prices_are_known() -> None:
    known: set[object] = set()
    for seed in range(40):
        case = drawn(seed)
        if case is not None:
            choices, documents, side, entries = case
            other = side_of(changed(documents, choices))
            entries = [one for one in entries if one.client in other.clients]
            for even in compared_sides(side, other, entries).break_even if entries else ():
                known.add(even.whole.keeps.amount is not None)
                known.add(("zero", even.whole.zero.amount is not None))
    assert known == {True, False, ("zero", True), ("zero", False)}


@given(
    st.lists(
        st.fractions(Fraction(1, 372), Fraction(60), max_denominator=372), min_size=1, max_size=5
    ),
    st.integers(-5_000, 3_000_000),
)
def test_the_least_price_is_the_first_that_is_enough(
    quantities: list[Fraction], needed: int
) -> None:
    units = [Unit("", "", "", quantity, None) for quantity in quantities]
    price = least_price(quantities, Decimal(needed).scaleb(-2))
    assert is_the_least(units, price, needed)


def test_what_is_not_sold_has_no_price_that_would_do() -> None:
    assert least_price([], Decimal(0)) == 0
    with pytest.raises(ValueError, match="not sold"):
        least_price([Fraction(0)], Decimal("0.01"))
