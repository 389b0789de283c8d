"""Files of entries that were taken in before: read no more, and never believed wrongly."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from billing_dsl.cli import edge
from billing_dsl.entries import engine, files, kept
from billing_dsl.entries.engine import Duck
from billing_dsl.entries.files import Laid
from tests.unit.cli.running import Command, catalogue
from tests.unit.cli.test_replay import EXPORT, ROWS, told, written

DAMAGED = (
    *ROWS,
    ("Acme S.r.l.", "soon", "", "1", "Remote Support", "engineer", "", ""),
    ("Acme S.r.l.", "02/03/2027", "08:00", "-1", "Remote Support", "engineer", "", "T9"),
    ("Initech Pty", "02/03/2027", "08:00", "1", "Remote Support", "engineer", "", "T10"),
)
"""Rows that are refused, and a client that nobody knows, among others."""


@pytest.fixture(autouse=True)
def _a_day_in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "today", lambda: date(2027, 1, 15))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return catalogue(tmp_path / "mine", {"export.yaml": EXPORT})


@pytest.fixture
def keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, in which every file is worth keeping."""
    place = tmp_path / "kept"
    monkeypatch.setenv("BILLING_DSL_CACHE", str(place))
    monkeypatch.setattr(kept, "SMALLEST", 1)
    return place


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose rows are read."""
    found: list[str] = []
    take = Duck.take

    def noted(self: Duck, laid: Laid, *others: Any) -> Any:
        found.append(laid.path.name)
        return take(self, laid, *others)

    monkeypatch.setattr(Duck, "take", noted)
    return found


def test_a_file_is_read_once(
    run: Command,
    here: Path,
    tmp_path: Path,
    keeping: Path,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = written(tmp_path / "a.csv", DAMAGED), written(tmp_path / "b.csv", ROWS[::-1])
    monkeypatch.setenv("BILLING_DSL_CACHE", "off")
    expected = told(run, here, one, other)
    monkeypatch.setenv("BILLING_DSL_CACHE", str(keeping))
    read.clear()
    assert told(run, here, one, other) == expected
    assert read == ["a.csv", "b.csv"]
    assert told(run, here, one, other) == expected
    # By itself, or before the other, its numbers stand for the same.
    found = told(run, here, other, one)
    assert found["totals"] == expected["totals"]
    assert found["unknown"] == expected["unknown"]
    shutil.copy(one, tmp_path / "c.csv")
    told(run, here, tmp_path / "c.csv")
    assert read == ["a.csv", "b.csv"]
    assert not list(keeping.glob(".unfinished-*"))


def test_lines_that_are_none_are_told_again(
    run: Command, here: Path, tmp_path: Path, keeping: Path, read: list[str]
) -> None:
    file = written(tmp_path / "a.csv")
    file.write_bytes(file.read_bytes() + b"Acme;01/03/2027\r\n")
    found = told(run, here, file)
    assert found["rows"]["refused"] == 1
    assert told(run, here, file) == found
    assert read == ["a.csv"]
    assert keeping.is_dir()


def test_another_encoding_is_kept_likewise(
    run: Command, here: Path, tmp_path: Path, keeping: Path
) -> None:
    rows = [("Société", *ROWS[0][1:])]
    late = [*[ROWS[1]] * 3_000, *rows]  # beyond what its encoding is recognised by
    found = told(run, here, written(tmp_path / "a.csv", late, "cp1252"))
    assert [one["text"] for one in found["unknown"]] == ["Société"]
    assert told(run, here, tmp_path / "a.csv") == found
    assert keeping.is_dir()


def test_it_is_read_again_where_anything_differs(
    run: Command, here: Path, tmp_path: Path, keeping: Path, read: list[str]
) -> None:
    file = written(tmp_path / "a.csv")
    told(run, here, file)
    file.write_bytes(file.read_bytes().replace(b"1,1", b"2,2"))
    told(run, here, file)
    export = here / "export.yaml"
    text = export.read_text(encoding="utf-8").replace("DD/MM/YYYY", "MM/DD/YYYY")
    export.write_text(text, encoding="utf-8")
    told(run, here, file)
    assert len(read) == 3
    assert len(list(keeping.glob("entries-*.duckdb"))) == 3


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flipped, emptied, Path.unlink])
@pytest.mark.parametrize("which", ["*.duckdb", "*.head"])
def test_what_is_damaged_counts_as_none(
    run: Command,
    here: Path,
    tmp_path: Path,
    keeping: Path,
    read: list[str],
    damage: Callable[[Path], None],
    which: str,
) -> None:
    file = written(tmp_path / "a.csv", DAMAGED)
    found = told(run, here, file)
    [path] = keeping.glob(f"entries-{which}")
    damage(path)
    assert told(run, here, file) == found
    assert told(run, here, file) == found
    assert read == ["a.csv", "a.csv"]


def test_a_head_of_something_else_counts_as_none(
    run: Command, here: Path, tmp_path: Path, keeping: Path
) -> None:
    from billing_dsl.store.kept import keep

    file = written(tmp_path / "a.csv")
    found = told(run, here, file)
    [path] = keeping.glob("entries-*.head")
    keep(path.name, ["nothing"])
    assert told(run, here, file) == found


def test_small_files_are_not_kept(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SMALLEST", 4 << 20)
    told(run, here, written(tmp_path / "a.csv"))
    assert not list(keeping.glob("entries-*"))


def test_those_used_last_are_kept(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    files = [written(tmp_path / f"{n}.csv", ROWS[n:]) for n in range(3)]
    for number, file in enumerate(files[:2]):
        told(run, here, file)
        [new] = [
            path
            for path in keeping.glob("entries-*.duckdb")
            if path.stat().st_mtime > 1_000_000_000
        ]
        os.utime(new, (number, number))
    used = min(keeping.glob("entries-*.duckdb"), key=lambda path: path.stat().st_mtime)
    told(run, here, files[0])  # used again: the other one is older now
    told(run, here, files[2])
    left = {path.stem for path in keeping.glob("entries-*.duckdb")}
    assert used.stem in left
    assert len(left) == 2
    assert {path.stem for path in keeping.glob("entries-*.head")} == left


def test_a_folder_that_cannot_be_written_is_gone_without(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv")
    expected = told(run, here, file)
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("BILLING_DSL_CACHE", str(blocked))
    monkeypatch.setattr(kept, "SMALLEST", 1)
    assert told(run, here, file) == expected


def test_what_cannot_be_renamed_is_used_all_the_same(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv", DAMAGED)
    expected = told(run, here, file)
    for path in keeping.glob("entries-*"):
        path.unlink()
    replace = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if self.name == "entries.duckdb":
            raise PermissionError(13, "another program has it open")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    assert told(run, here, file) == expected
    assert not list(keeping.glob("entries-*"))
    assert not list(keeping.glob(".unfinished-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="there folders of a user are private as such")
def test_nobody_else_reads_what_is_kept(
    run: Command, here: Path, tmp_path: Path, keeping: Path
) -> None:
    told(run, here, written(tmp_path / "a.csv"))
    modes = {path.stat().st_mode & 0o777 for path in keeping.glob("entries-*")}
    assert modes == {0o600}


def test_two_revisions_read_no_file_either(
    run: Command, here: Path, tmp_path: Path, keeping: Path, read: list[str]
) -> None:
    before = tmp_path / "before"
    shutil.copytree(here, before)
    for path in here.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "kind: role" in text:
            path.write_text(text.replace("rate: ", "rate: 1"), encoding="utf-8")
    file = written(tmp_path / "a.csv", DAMAGED)
    arguments = ("replay", str(here), "--entries", str(file), "--base", f"{before}/")
    first = run(*arguments, "--format", "json")
    assert first.code == 0, first.err
    assert json.loads(first.out)["flips"]
    assert run(*arguments, "--format", "json").out == first.out
    assert read == ["a.csv"]
    assert keeping.is_dir()


def test_what_a_killed_run_has_left_is_cleared_away_the_day_after(
    run: Command, here: Path, tmp_path: Path, keeping: Path
) -> None:
    left = [keeping / f".unfinished-{name}" for name in ("old", "young")]
    for path in left:
        path.mkdir(parents=True)
        (path / "entries.duckdb").write_bytes(b"half of it")
    os.utime(left[0], (1_000_000_000, 1_000_000_000))
    told(run, here, written(tmp_path / "a.csv"))
    assert [path.exists() for path in left] == [False, True]


def test_a_file_that_is_replaced_meanwhile_is_not_kept(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv")
    old = file.read_bytes()
    take = Duck.take

    def replaced(self: Duck, laid: Laid, *others: Any) -> Any:
        file.write_bytes(old.replace(b"1,1", b"2,2"))
        return take(self, laid, *others)

    with monkeypatch.context() as patch:
        patch.setattr(Duck, "take", replaced)
        other = told(run, here, file)
    assert not list(keeping.glob("entries-*"))
    file.write_bytes(old)
    found = told(run, here, file)
    assert found != other
    monkeypatch.setenv("BILLING_DSL_CACHE", "off")
    assert told(run, here, file) == found


def test_nor_is_one_that_is_replaced_once_it_is_laid_down(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv", [("Société", *ROWS[0][1:]), *ROWS], "cp1252")
    new = file.read_bytes().replace(b"1,1", b"2,2")
    lay = files.lay

    def replaced(*others: Any, **named: Any) -> Laid:
        laid = lay(*others, **named)
        file.write_bytes(new)
        return laid

    with monkeypatch.context() as patch:
        patch.setattr(files, "lay", replaced)
        other = told(run, here, file)  # what was laid down, which is the file as it was
    assert not list(keeping.glob("entries-*"))
    found = told(run, here, file)
    assert found != other
    monkeypatch.setenv("BILLING_DSL_CACHE", "off")
    assert told(run, here, file) == found


def test_what_cannot_be_cleared_away_does_no_harm(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv")

    def held(place: Path) -> None:
        raise PermissionError(13, "another program has it open")

    monkeypatch.setattr(kept, "_forget_oldest", held)
    found = told(run, here, file)
    assert len(list(keeping.glob("entries-*"))) == 2
    assert told(run, here, file) == found


def test_whoever_interrupts_is_not_told_of_a_fault() -> None:
    with pytest.raises(KeyboardInterrupt), engine._room():
        raise RuntimeError(engine.INTERRUPTED)
    with pytest.raises(RuntimeError, match="else"), engine._room():
        raise RuntimeError("something else")


# --- no room -------------------------------------------------------------------------------------


def full(monkeypatch: pytest.MonkeyPatch, where: str) -> list[str]:
    """Has the disk be full for databases whose path holds a text; gives what was tried."""
    tried: list[str] = []
    put_in_order = Duck.put_in_order

    def refused(self: Duck, table: str, ordered: str) -> None:
        own = ordered.partition(".")[0]
        query = f"SELECT path FROM duckdb_databases() WHERE database_name = '{own}'"
        [(path,)] = self.rows(query)
        tried.append(path)
        if where in path:
            with engine._room():
                raise duckdb.IOException(f'Could not write file "{path}": No space left on device')
        put_in_order(self, table, ordered)

    monkeypatch.setattr(Duck, "put_in_order", refused)
    return tried


def test_where_nothing_can_be_kept_for_want_of_room_it_is_gone_without(
    run: Command, here: Path, tmp_path: Path, keeping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.csv", DAMAGED)
    expected = told(run, here, file)
    for path in keeping.glob("entries-*"):
        path.unlink()
    tried = full(monkeypatch, str(keeping))
    assert told(run, here, file) == expected
    assert len(tried) == 2
    assert not list(keeping.glob("entries-*"))
    assert not list(keeping.glob(".unfinished-*"))


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    full(monkeypatch, str(aside))
    done = run("replay", str(here), "--entries", str(written(tmp_path / "a.csv")))
    assert (done.code, done.out) == (2, "")
    assert f"there is no room for the entries in `{aside}`" in " ".join(done.err.split())
    assert not list(aside.iterdir())


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("There is not enough space on the disk."),
        duckdb.OutOfMemoryException("failed to offload data block"),
        duckdb.FatalException("database has been invalidated: No space left on device"),
    ],
)
def test_a_want_of_room_is_known_by_what_is_said(error: duckdb.Error) -> None:
    with pytest.raises(engine.RoomError), engine._room():
        raise error
    other = duckdb.IOException("it is gone")
    with pytest.raises(duckdb.IOException, match="gone"), engine._room():
        raise other
