"""What entries are billed equals what a naive simulator says, on two engines, to the cent."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from billing_dsl.entries.engine import Duck
from billing_dsl.replay.measures import HOUR
from billing_dsl.replay.side import Side
from tests.oracle.entries import histories, history, replayable
from tests.oracle.replaying import Entry, Item, Replaying
from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices
from tests.unit.replay.running import Sqlite, in_order, items, replay, replay_all, side_of


def wanted(documents: list[Document], entries: list[Entry]) -> list[Item]:
    return sorted(Replaying(documents).items(entries), key=in_order)


def known(side: Side, entries: list[Entry]) -> list[Entry]:
    """The entries of clients of whom something can be said: a drawn catalogue may have faults."""
    return [entry for entry in entries if entry.client in side.clients]


def without_hours(found: list[Item]) -> list[Item]:
    """Hours of a part are whole parts of an hour: compared by themselves, with what that allows."""
    return [replace(item, hours=Fraction(0)) for item in found]


def compare(found: list[Item], expected: list[Item]) -> None:
    assert without_hours(found) == without_hours(expected)
    for one, other in zip(found, expected, strict=True):
        assert abs(one.hours - other.hours) <= Fraction(1, HOUR)
    for entry in {item.entry for item in found}:
        own = sum((item.hours for item in found if item.entry == entry), Fraction(0))
        theirs = sum((item.hours for item in expected if item.entry == entry), Fraction(0))
        assert abs(own - theirs) <= Fraction(1, 2 * HOUR)


@given(histories())
def test_items_equal_the_oracles_on_sqlite(drawn: tuple[list[Document], list[Entry]]) -> None:
    documents, entries = drawn
    side = side_of(documents)
    entries = known(side, entries)
    engine = Sqlite()
    billed = replay(engine, side, entries)
    found = items(engine, side, billed)
    engine.close()
    compare(found, wanted(documents, entries))


@pytest.mark.parametrize("seed", range(40))
def test_items_equal_the_oracles_on_duckdb(seed: int, tmp_path: Path) -> None:
    choices = Choices.seeded(seed)
    while True:
        documents = replayable(choices)
        side = side_of(documents)
        entries = known(side, history(documents, choices, 120))
        if entries:  # of some catalogues all clients or all work are broken
            break
    engine = Duck(tmp_path)
    billed = replay(engine, side, entries)
    found = items(engine, side, billed)
    engine.close()
    assert found
    compare(found, wanted(documents, entries))


@pytest.mark.parametrize("seed", [3, 8])
def test_two_sides_stand_side_by_side(seed: int) -> None:
    choices = Choices.seeded(seed)
    documents = replayable(choices)
    side = side_of(documents)
    entries = known(side, history(documents, choices, 80))
    engine = Sqlite()
    replay_all(engine, {"": side, "head_": side}, entries)
    alone = "SELECT entry, billing, block, hours, cents FROM {}items ORDER BY 1, 2, 3"
    found = list(engine.rows(alone.format("")))
    assert found
    assert found == list(engine.rows(alone.format("head_")))
    engine.close()


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_amounts_there_are_stay_exact(seed: int, tmp_path: Path) -> None:
    choices = Choices.seeded(seed)
    documents = replayable(choices)
    for document in documents:
        if document["kind"] == "role":
            document["rate"] = 99_999_999_999
            document["block_factor"] = 1000
        for contract in document.get("contracts", ()):
            contract.pop("overage_rate", None)
            contract.pop("rates", None)
    side = side_of(documents)
    entries = known(side, history(documents, choices, 80))
    engine = Duck(tmp_path)
    billed = replay(engine, side, entries)
    expected = wanted(documents, entries)
    assert expected
    compare(items(engine, side, billed), expected)
    engine.close()
    second = Sqlite()
    with contextlib.suppress(OverflowError):  # it says so, rather than being wrong
        compare(items(second, side, replay(second, side, entries)), expected)
    second.close()
