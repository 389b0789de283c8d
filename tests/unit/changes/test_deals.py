"""What is bought, for what and on which days, before and after: day by day, as it is written."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.deals import DealChange, Purchase, PurchaseChange, Units, What, _either
from billing_dsl.model.calendar import Stretch
from tests.oracle.editing import edited
from tests.oracle.simulator import Document, Simulator, day_of
from tests.oracle.strategies import Choices, catalogues, interesting_days
from tests.test_properties import checked
from tests.unit.changes.test_cover import compared, comparison


def sold(oracle: Simulator, name: str, day: date) -> tuple[Any, ...] | None:
    """Units and price of the one service on a day, by the documents."""
    agreement = oracle.agreements.get(name)
    if agreement is None or not day_of(agreement["start"]) <= day <= oracle.ends[name]:
        return None
    written = agreement.get("services", {}).get("seat")
    rows = written if isinstance(written, list) else [written]
    found = None
    for row in (row if isinstance(row, dict) else {"units": row} for row in rows):
        if row["units"] is not None and day_of(row.get("from", "0001-01-01")) <= day:
            found = row
    if found is None or not found["units"]:
        return None
    currency = oracle._currency(agreement["client"])
    price = found["price"] if "price" in found else SERVICE[id(oracle)]["price"]
    return Decimal(found["units"]), oracle._amount(price, currency, day), currency


SERVICE: dict[int, Document] = {}
"""The service of each oracle's catalogue, which it does not keep itself."""


def simulated(documents: Sequence[Document]) -> Simulator:
    oracle = Simulator(documents)
    [SERVICE[id(oracle)]] = [one for one in documents if one["kind"] == "service"]
    return oracle


def with_services(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """A catalogue whose agreements buy seats."""
    found = copy.deepcopy(list(documents))
    for document in found:
        if document["kind"] == "agreement" and choices.chance(80):
            rows: list[Any] = [{"units": choices.whole(0, 50)}]
            days = choices.days(date(2026, 1, 1), date(2028, 12, 31), choices.whole(0, 2))
            rows += [{"from": day.isoformat(), "units": choices.whole(0, 50)} for day in days]
            if choices.chance(50):
                rows[-1]["price"] = choices.whole(10, 60)
            document["services"] = {"seat": rows if choices.chance(70) else rows[0]["units"]}
    return found


def plain(units: Units | None) -> tuple[Any, ...] | None:
    return None if units is None else (units.units, units.price, units.currency)


@given(catalogues(), st.integers(0, 2**32))
def test_services_are_told_as_they_are_written_day_by_day(
    documents: list[Document], seed: int
) -> None:
    choices = Choices.seeded(seed)
    before = with_services(documents, choices)
    after = edited(before, choices)
    one, other = simulated(before), simulated(after)
    days = sorted({*interesting_days(before), *interesting_days(after)})
    for changes in compared(before, after).values():
        told = {change.agreement: change for change in changes.deals}
        for name in changes.agreements:
            services = told[name].services if name in told else ()
            for day in days[:: max(1, len(days) // 12)]:
                here = [found for found in services if day in found.life]
                assert len(here) <= 1
                wanted = sold(one, name, day), sold(other, name, day)
                assert [(plain(found.before), plain(found.after)) for found in here] == (
                    [wanted] if wanted[0] != wanted[1] else []
                )


@given(catalogues(), st.integers(0, 2**32))
def test_blocks_are_told_exactly_where_they_differ(documents: list[Document], seed: int) -> None:
    after = edited(documents, Choices.seeded(seed))
    one, other = Simulator(documents), Simulator(after)
    for changes in compared(documents, after).values():
        told = {change.agreement: change for change in changes.deals}
        for name in changes.agreements:
            purchases = told[name].purchases if name in told else ()
            gone = Counter(_block(found.before) for found in purchases if _is_block(found.before))
            new = Counter(_block(found.after) for found in purchases if _is_block(found.after))
            written = Counter(_written(one, name)), Counter(_written(other, name))
            assert gone == written[0] - written[1]
            assert new == written[1] - written[0]


def _is_block(found: Purchase | None) -> bool:
    return found is not None and found.what is What.BLOCK


def _block(found: Purchase | None) -> tuple[Any, ...]:
    assert found is not None
    days = found.life.start.isoformat(), found.life.end.isoformat()
    return found.contract, found.quantity, *days, found.price, found.currency


def _written(oracle: Simulator, name: str) -> Iterable[tuple[Any, ...]]:
    agreement = oracle.agreements.get(name, {})
    for block in agreement.get("blocks", []):
        currency = oracle._currency(agreement["client"])
        rate = oracle._amount(block["rate"], currency, day_of(block["start"]))
        yield (
            *(block["contract"], Decimal(block["hours"]), block["start"], block["end"]),
            *(rate, currency),
        )


# --- terms ---------------------------------------------------------------------------------------


def small(**fields: Any) -> list[Document]:
    agreement = {
        "format": 1,
        "kind": "agreement",
        "name": "acme-1",
        "client": "acme",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "contracts": [{"name": "fixed", "type": "fixed_price"}],
        **fields,
    }
    shared: list[Document] = [
        {
            "format": 1,
            "kind": "settings",
            "name": "firm",
            "title": "Firm",
            "currency": "EUR",
            "timezone": "Europe/Rome",
        },
        {"format": 1, "kind": "role", "name": "engineer", "title": "Engineer", "rate": 80},
        {
            "format": 1,
            "kind": "work_type",
            "name": "help",
            "title": "Help",
            "billing_class": "core",
            "description": "Help.",
        },
        {"format": 1, "kind": "client", "name": "acme", "legal_name": "Acme"},
    ]
    return [*shared, agreement]


def deal(before: Sequence[Document], after: Sequence[Document]) -> DealChange:
    [changes] = compared(before, after).values()
    [found] = changes.deals
    return found


def test_the_end_and_the_renewal_of_an_agreement() -> None:
    found = deal(small(), small(end="2027-06-30", renewal={"automatic": True}))
    assert found.before is not None
    assert found.after is not None
    assert found.before.life == Stretch(date(2026, 1, 1), date(2026, 12, 31))
    assert found.after.life == Stretch(date(2026, 1, 1), date(2027, 6, 30))
    assert found.before.renewal is None
    assert found.after.renewal is not None


def payments(**amounts: int) -> list[dict[str, Any]]:
    rows = [{"title": title, "date": "2026-07-01", "amount": n} for title, n in amounts.items()]
    return [{"name": "fixed", "type": "fixed_price", "milestones": rows, "setup_fee": 100}]


def test_payments_and_set_up_fees() -> None:
    found = deal(
        small(contracts=payments(First=10, Second=20)),
        small(contracts=payments(First=10, Second=25, Third=30)),
    )
    told = [
        tuple(one and (one.title, one.price) for one in (change.before, change.after))
        for change in found.purchases
    ]
    assert told == [
        (("Second", Decimal(20)), ("Second", Decimal(25))),
        (None, ("Third", Decimal(30))),
    ]
    [fee] = deal(small(), small(contracts=payments())).purchases
    assert fee.before is None
    assert fee.after is not None
    assert (fee.after.what, fee.after.total) == (What.SETUP, Decimal(100))


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 7, 2)])
def test_what_was_due_is_no_change_afterwards(day: date) -> None:
    [changes] = compared(
        small(contracts=payments(First=10)), small(contracts=payments(First=11))
    ).values()
    assert bool(changes.since(day)) == (day == date(2026, 7, 1))


def test_a_client_of_nothing_is_no_change() -> None:
    one = checked(small())
    made = comparison(one, one)
    assert list(made.of_families((), ())) == []
    with pytest.raises(ValueError, match="nobody changes"):
        _ = ClientChanges(None, None, made.work.cells, (), (), {}, {}).client


def test_a_purchase_that_is_on_no_side_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="a change of nothing"):
        _either(PurchaseChange(None, None))
