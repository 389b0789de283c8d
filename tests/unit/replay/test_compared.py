"""Two revisions side by side equal two runs of a naive simulator, on two engines, to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.entries.engine import Duck
from billing_dsl.replay import flips as flipping
from billing_dsl.replay.compared import Compared, Half, compared
from billing_dsl.replay.flips import SHOWN, flips
from billing_dsl.replay.measures import HOUR
from billing_dsl.replay.pairing import Pairing, pairing
from billing_dsl.replay.run import Engine
from billing_dsl.replay.side import Side
from billing_dsl.replay.summary import sum_up, summary
from billing_dsl.replay.told import Replayed, TakenIn
from tests.oracle.changes import rename, renaming
from tests.oracle.editing import edited
from tests.oracle.entries import histories, history, replayable
from tests.oracle.replaying import Entry, Item, Replaying
from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices
from tests.unit.replay.running import Sqlite, numbered, replay_all, side_of

INVOICED, PREPAID = ("hourly", "overage", "standard_rate"), ("block", "retainer", "ticket")


def side_by_side(
    engine: Engine, before: Side, after: Side, entries: Sequence[Entry]
) -> tuple[Compared, Pairing]:
    clients, kinds = numbered(entries)
    sides = {"": after, "before_": before}
    billed = replay_all(engine, sides, entries)
    names = pairing(before, after, billed["before_"], billed[""])
    sum_up(engine, tuple(sides), names.same)
    halves: list[Half] = []
    for name, side in sides.items():
        total = summary(engine, side, billed[name], clients, kinds, name)
        file = TakenIn("e.csv", len(entries), ())
        settings = side.declared.shared.settings
        halves.append(Half(side, billed[name], Replayed((file,), "catalogue", settings, total)))
    now, was = halves
    found = flips(engine, "before_", "")
    return compared(was, now, names, found, clients, kinds), names


def charged(items: Sequence[Item], entries: Sequence[Entry]) -> Counter[str]:
    """What each client is charged, where anything is."""
    sums: Counter[str] = Counter()
    for item in items:
        if item.billing in (*INVOICED, *PREPAID):
            sums[entries[item.entry].client] += item.cents or 0
    return sums


def drawn_of(items: Sequence[Item], entries: Sequence[Entry]) -> dict[str, int]:
    """The hundredths that were drawn of each retainer, and the tickets of each contract."""
    found: dict[str, int] = {}
    tickets: set[tuple[str, str | int]] = set()
    for item in items:
        if item.billing == "retainer":
            found[item.contract] = found.get(item.contract, 0) + (item.cents or 0)
        elif item.billing == "ticket":
            tickets.add((item.contract, entries[item.entry].ticket or item.entry))
    for contract, _ in tickets:
        found[contract] = found.get(contract, 0) + 1
    return found


def parts(items: Sequence[Item], number: int) -> dict[tuple[str, str], tuple[int, int, Fraction]]:
    """What an entry comes to by contract and billing: cents, items without any, and hours."""
    found: dict[tuple[str, str], tuple[int, int, Fraction]] = {}
    for item in items:
        if item.entry == number:
            key = item.contract, item.billing
            cents, unpriced, hours = found.get(key, (0, 0, Fraction(0)))
            more = item.cents is None
            found[key] = cents + (item.cents or 0), unpriced + more, hours + item.hours
    return found


def expected_flips(
    before: list[Item], after: list[Item], entries: int
) -> tuple[set[int], set[int]]:
    """The entries that flip for certain, and those that may: of hours, parts are rounded."""
    certain: set[int] = set()
    perhaps: set[int] = set()
    for number in range(entries):
        one, other = parts(before, number), parts(after, number)
        if one == other:
            continue
        plain = [{key: found[:2] for key, found in side.items()} for side in (one, other)]
        far = one.keys() == other.keys() and any(
            abs(one[key][2] - other[key][2]) > Fraction(2, HOUR) for key in one
        )
        (certain if plain[0] != plain[1] or far else perhaps).add(number)
    return certain, perhaps


def agree(
    engine: Engine, before: list[Document], after: list[Document], entries: list[Entry]
) -> Compared | None:
    """Holds a comparison to what the oracle says of both sides; None where nothing is left."""
    sides = side_of(before), side_of(after)
    entries = [one for one in entries if all(one.client in side.clients for side in sides)]
    if not entries:
        return None
    found, _ = side_by_side(engine, *sides, entries)
    assert found.reconciles
    items = [Replaying(documents).items(entries) for documents in (before, after)]
    for half, own in ((found.before, items[0]), (found.after, items[1])):
        assert {one.contract: one.drawn for one in half.summary.purses} == drawn_of(own, entries)
    certain, perhaps = expected_flips(items[0], items[1], len(entries))
    flipped = [int(entry) for (entry,) in engine.rows("SELECT entry FROM flipped")]
    assert len(flipped) == len(set(flipped)) == found.flipped
    assert certain <= set(flipped) <= certain | perhaps
    told = {one.entry for one in found.largest}
    assert certain <= told <= certain | perhaps or found.flipped > SHOWN
    assert len(certain) <= found.flipped <= len(certain | perhaps)
    sums = [charged(one, entries) for one in items]
    for place, one_side in enumerate(("was", "now")):
        by_client: Counter[str] = Counter()
        for line in found.clients:
            by_client[line.name] += getattr(line, one_side).charged
        assert +by_client == +sums[place]
    more = {one.name for total in found.totals for one in found.charged_more(total.currency)}
    less = {one.name for total in found.totals for one in found.charged_less(total.currency)}
    assert more == {name for name in {*sums[0], *sums[1]} if sums[1][name] > sums[0][name]}
    assert less == {name for name in {*sums[0], *sums[1]} if sums[1][name] < sums[0][name]}
    return found


@given(histories(), st.integers(0, 2**32))
def test_an_edit_costs_what_the_oracle_says_on_sqlite(
    drawn: tuple[list[Document], list[Entry]], seed: int
) -> None:
    documents, entries = drawn
    engine = Sqlite()
    agree(engine, documents, edited(documents, Choices.seeded(seed)), entries)
    engine.close()


@pytest.mark.parametrize("seed", range(12))
def test_an_edit_costs_what_the_oracle_says_on_duckdb(seed: int, tmp_path: Path) -> None:
    choices = Choices.seeded(seed)
    documents = replayable(choices)
    entries = history(documents, choices, 120)
    engine = Duck(tmp_path)
    assert agree(engine, documents, edited(documents, choices), entries) is not None
    engine.close()


def test_entries_are_compared_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    flipped = []
    for at_once in (7, 1_000_000):
        monkeypatch.setattr(flipping, "AT_ONCE", at_once)
        for seed in range(3):
            choices = Choices.seeded(seed)
            documents = replayable(choices)
            entries = history(documents, choices, 120)
            engine = Sqlite()
            found = agree(engine, documents, edited(documents, choices), entries)
            engine.close()
            assert found is not None
            flipped.append((at_once, found.moves, found.largest))
    assert [one[1:] for one in flipped[:3]] == [one[1:] for one in flipped[3:]]
    assert any(largest for _, _, largest in flipped)


def test_some_of_those_edits_flip_entries(tmp_path: Path) -> None:
    flipped = 0
    for seed in range(12):
        choices = Choices.seeded(seed)
        documents = replayable(choices)
        entries = history(documents, choices, 120)
        engine = Sqlite()
        found = agree(engine, documents, edited(documents, choices), entries)
        flipped += found.flipped if found is not None else 0
        engine.close()
    assert flipped > 10


@pytest.mark.parametrize("seed", range(4))
def test_nothing_differs_under_other_names(seed: int) -> None:
    choices = Choices.seeded(seed)
    documents = replayable(choices)
    entries = history(documents, choices, 80)
    names = renaming(documents, choices)
    kept = {key: new for key, new in names.items() if key[0] in ("agreement", "contract", "tier")}
    sides = side_of(documents), side_of(rename(documents, kept))
    entries = [one for one in entries if all(one.client in side.clients for side in sides)]
    engine = Sqlite()
    found, _ = side_by_side(engine, *sides, entries)
    engine.close()
    assert entries
    assert found.reconciles
    alike = [
        (one["client"], one["start"], one.get("default", True))
        for one in documents
        if one["kind"] == "agreement"
    ]
    if len(alike) == len(set(alike)):
        assert found.flipped == 0
        assert not any(one.change for one in (*found.totals, *found.clients, *found.contracts))
