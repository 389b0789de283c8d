"""The routing of a replay is the same, kept or made, in one process or several, of proved families
or read anew; and no other catalogue's, day's or damaged routing is ever taken for it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from billing_dsl.cli import sides
from billing_dsl.cli.checking import Standing, standing, standing_of
from billing_dsl.cli.edge import read_folder
from billing_dsl.cli.sides import side_of
from billing_dsl.cli.workers import Several
from billing_dsl.replay.side import Side
from billing_dsl.replay.summary import sum_up, summary
from billing_dsl.store import kept
from billing_dsl.store.routed import load_routed
from tests.oracle.editing import edited
from tests.oracle.entries import histories, history, replayable
from tests.oracle.replaying import Entry
from tests.oracle.simulator import Document
from tests.oracle.strategies import FIRST, Choices
from tests.oracle.writing import to_yaml
from tests.test_store_properties import write
from tests.unit.changes.test_deals import small
from tests.unit.cli.running import catalogue
from tests.unit.replay import running
from tests.unit.replay.running import Sqlite, numbered, replay

TABLES = ("stretches", "bound", "segments", "ends", "draws", "depths", "items")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which results are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    return folder


def told(side: Side, entries: Sequence[Entry]) -> list[Any]:
    """All that a replay takes from a side, down to the order of rows."""
    engine = Sqlite()
    billed = replay(engine, side, entries)
    found: list[Any] = [list(engine.rows(f"SELECT * FROM {name}")) for name in TABLES]
    sum_up(engine, ("",))
    found.append(summary(engine, side, billed, *numbered(entries)))
    found.append(dict(side.clients))
    found.append(billed.routing.contracts)
    found.append(list(billed.routing.written_out))
    found.append((billed.routing.endings, billed.segments, billed.blocks, billed.drawn))
    engine.close()
    return found


def by_itself(documents: Sequence[Document], entries: Sequence[Entry]) -> list[Any] | None:
    """The same of documents whose routing is made here; None where a client cannot be proved."""
    side = running.side_of(documents)
    named = {one["name"] for one in documents if one["kind"] == "client"}
    return told(side, entries) if named == side.clients.keys() else None


def found(
    folder: Path, day: date = FIRST, use_store: bool = True, stay: bool = True
) -> Side | None:
    """A folder as one side; None for a catalogue without settings."""
    checked = standing(str(folder), day, use_store=use_store, stay=stay)
    return None if checked.common.declared is None else side_of(checked)


def alike(folder: Path, documents: Sequence[Document], entries: Sequence[Entry]) -> bool:
    """However it comes about, a side says the same of a folder; whether all of it can be proved."""
    write(folder, to_yaml(documents))
    without = found(folder, use_store=False)
    if without is None:
        return False
    expected = told(without, entries)
    here = by_itself(documents, entries)
    assert here in (expected, None)
    ways = [(FIRST, True), (FIRST, False), (date(2027, 3, 1), True), (date(2027, 3, 1), False)]
    for day, stay in ways:
        side = found(folder, day, stay=stay)
        assert side is not None
        assert told(side, entries) == expected
        assert list(side.clients) == list(without.clients)
    return here is not None


in_one_folder = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@in_one_folder
@given(drawn=histories())
def test_a_side_that_was_kept_is_one_that_is_made(
    drawn: tuple[list[Document], list[Entry]], cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    documents, entries = drawn
    alike(tmp_path_factory.mktemp("catalogue"), documents, entries)


def test_a_side_after_edits_is_one_that_is_made(cache: Path, tmp_path: Path) -> None:
    whole = 0
    for seed in range(6):
        choices = Choices.seeded(seed)
        documents = first = replayable(choices)
        for _ in range(3):
            entries = history(documents, choices, 60)
            whole += alike(tmp_path / str(seed), documents, entries)
            documents = first if choices.chance(20) else edited(documents, choices)
    assert whole > 9


copying = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="processes are not copied there"
)


@pytest.mark.parametrize(
    "copied", [pytest.param(True, marks=copying, id="copied"), pytest.param(False, id="anew")]
)
def test_several_processes_make_what_one_does(
    copied: bool, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = Choices.seeded(3)
    documents = replayable(choices)
    entries = history(documents, choices, 60)
    write(tmp_path / "catalogue", to_yaml(documents))
    alone = found(tmp_path / "catalogue", use_store=False)
    assert alone is not None
    expected = told(alone, entries)
    monkeypatch.setattr("billing_dsl.cli.workers.copies", lambda: copied)
    monkeypatch.setattr("billing_dsl.cli.abreast.copies", lambda: copied)
    monkeypatch.setattr("billing_dsl.cli.sides.MANY", 1)
    monkeypatch.setattr("billing_dsl.cli.workers.MANY", 4)
    monkeypatch.setattr("billing_dsl.cli.workers.workers", lambda: 2)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    for use_store, stay in ((False, True), (False, False), (True, True)):
        side = found(tmp_path / "catalogue", use_store=use_store, stay=stay)
        assert side is not None
        assert told(side, entries) == expected
    # Where only routing is known all is read and proved; who has stayed for nothing is gone then.
    for path in [*cache.glob("*.result"), *cache.glob("*.state")]:
        path.unlink()
    checked = standing(str(tmp_path / "catalogue"), FIRST, stay=True)
    assert multiprocessing.active_children()
    assert told(side_of(checked), entries) == expected
    assert not multiprocessing.active_children()
    # What is kept was made by several too; of a catalogue that is known, nobody has stayed.
    for path in cache.glob("*.routed"):
        path.unlink()
    side = found(tmp_path / "catalogue")
    assert side is not None
    assert told(side, entries) == expected
    # After a change of what clients share one process proves all, and its copies route.
    for path in (tmp_path / "catalogue" / "settings").iterdir():
        path.write_bytes(path.read_bytes() + b"# seen again\n")
    monkeypatch.delattr(Several, "make")
    side = found(tmp_path / "catalogue")
    assert side is not None
    assert told(side, entries) == expected


# --- what is kept --------------------------------------------------------------------------------


def routings(cache: Path) -> list[Path]:
    return sorted(cache.glob("*.routed"))


def test_only_what_has_changed_is_made_again(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = catalogue(tmp_path / "mine", {})
    made: list[int] = []
    pieces = sides._pieces

    def counted(checked: Standing, common: Any, families: Sequence[Any]) -> list[Any]:
        made.append(len(families))
        return pieces(checked, common, families)

    monkeypatch.setattr(sides, "_pieces", counted)
    assert found(here) is not None
    assert found(here, date(2027, 3, 1)) is not None
    assert made == [2]
    name = routings(cache)[0].stem
    before = load_routed(name)
    client = next(path for path in sorted((here / "clients").rglob("*.yaml")))
    client.write_bytes(client.read_bytes() + b"# seen again\n")
    assert found(here) is not None
    assert made == [2, 1]
    after = load_routed(name)
    assert len(after) == len(before)
    assert len(after.keys() - before.keys()) == 1


@pytest.mark.parametrize("damage", ["cut", "other", "tool", "nothing"])
def test_what_is_damaged_or_of_another_tool_counts_as_nothing(
    damage: str, cache: Path, tmp_path: Path
) -> None:
    here = catalogue(tmp_path / "mine", {})
    side = found(here)
    assert side is not None
    (path,) = routings(cache)
    whole = path.read_bytes()
    _, _, body = whole.partition(b"\n")
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "other":
        path.write_bytes(whole.replace(b"acme", b"amce"))
    elif damage == "tool":
        head, _, rows = body.partition(b"\n")
        other = json.dumps({**json.loads(head), "tool": "0" * 32}).encode() + b"\n" + rows
        path.write_bytes(kept.digest(other).encode() + b"\n" + other)
    else:
        path.write_bytes(b"")
    assert load_routed(path.stem) == {}
    again = found(here)
    assert again is not None
    assert list(again.clients.values()) == list(side.clients.values())
    assert path.read_bytes() == whole


def test_a_supposed_catalogue_keeps_nothing(cache: Path, tmp_path: Path) -> None:
    here = catalogue(tmp_path / "mine", {})
    checked = standing_of(read_folder(str(here)), str(here), FIRST, keeping=False)
    side_of(checked)
    assert routings(cache) == []


def test_amounts_that_are_equal_are_one_however_they_are_written(tmp_path: Path) -> None:
    """Two clients on one tier with own rates of 150 and 150.00: one situation, whoever works."""
    shared = small()[:-1]
    tier = {
        "format": 1,
        "kind": "tier",
        "name": "gold",
        "version": 1,
        "title": "Gold",
        "effective": "2026-01-01",
        "scope": {"help": "tm"},
        "contracts": [{"name": "tm", "type": "time_and_materials"}],
    }
    documents: list[Document] = [*shared, tier]
    documents.append({"format": 1, "kind": "client", "name": "beta", "legal_name": "Beta"})
    for client, rate in (("acme", Decimal(150)), ("beta", Decimal("150.00"))):
        documents.append(
            {
                "format": 1,
                "kind": "agreement",
                "name": f"{client}-1",
                "client": client,
                "tier": "gold@1",
                "start": "2026-01-01",
                "end": "2026-12-31",
                "rates": [{"contract": "tm", "role": "engineer", "rate": rate}],
            }
        )
    write(tmp_path, to_yaml(documents))
    side = found(tmp_path, use_store=False)
    assert side is not None
    for clients in (["acme", "beta"], ["acme"], ["beta"]):
        engine = Sqlite()
        day = date(2026, 3, 2)
        entries = [Entry(one, "help", "engineer", "", day, -1, Decimal(1), "") for one in clients]
        replay(engine, side, entries)
        assert list(engine.rows("SELECT cents FROM items")) == [(15_000,)] * len(clients)
        engine.close()
