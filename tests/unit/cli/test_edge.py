"""Where the world comes in: git, the clock, terminals, several processes."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import click
import pytest

from billing_dsl.cli import checking, edge, output, reading, spawning, workers
from billing_dsl.cli.checking import outcome
from billing_dsl.pipeline import silently
from tests.unit.cli.running import AS_OF, Command, catalogue
from tests.unit.cli.test_check import HOUSE_RULE

DAY = date.fromisoformat(AS_OF)


# --- git -----------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=n@x.example", *arguments],
        check=True,
        capture_output=True,
    )


def test_the_commit_is_that_of_the_catalogues_repository(clean: Path) -> None:
    assert edge.commit_of(str(clean)) == ""
    git(clean, "init", "-q")
    assert edge.commit_of(str(clean)) == ""
    git(clean, "add", ".")
    git(clean, "commit", "-q", "-m", "all")
    commit = edge.commit_of(str(clean))
    assert len(commit) == 40
    (clean / "new.yaml").write_text("# new\n")
    assert edge.commit_of(str(clean)) == f"{commit}+changes"


@pytest.mark.parametrize("trouble", [OSError(), subprocess.TimeoutExpired("git", 30)])
def test_without_git_there_is_no_commit(
    clean: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(subprocess, "run", missing)
    assert edge.commit_of(str(clean)) == ""


def test_the_environment_leads_git_nowhere_else(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(Path(__file__).parents[3] / ".git"))
    assert edge.commit_of(str(clean)) == ""


# --- the clock -----------------------------------------------------------------------------------


def test_today_is_the_day_on_this_machines_calendar() -> None:
    before = datetime.now().astimezone().date()
    assert before <= edge.today() <= datetime.now().astimezone().date()


@pytest.mark.parametrize("written", ["2027-1-1", "20270101", "2027-W01-1", "", "2027-02-30", "x"])
def test_what_is_no_day_is_told(written: str) -> None:
    with pytest.raises(click.BadParameter, match="is no day of the calendar"):
        edge.day(written)


# --- terminals -----------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Somebody does."""
        return True


def test_a_bar_shows_on_a_terminal_where_there_is_much_to_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    many = list(range(600))
    assert list(edge.progress(quiet=False)(many, "proving")) == many
    assert "proving" in terminal.getvalue()
    shown = len(terminal.getvalue())
    assert edge.progress(quiet=True)(many, "proving") is many
    assert edge.progress(quiet=False)(many[:10], "proving") == many[:10]
    assert len(terminal.getvalue()) == shown


def test_colour_and_width_are_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "77")
    assert edge.colour("auto")
    assert edge.width() == 77
    assert edge.shows_unicode()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not edge.colour("auto")
    assert edge.width() == 100
    assert not edge.shows_unicode()


def test_a_reader_who_goes_in_the_middle_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone: list[str] = []

    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(click, "echo", broken)
    monkeypatch.setattr("billing_dsl.cli.unread", lambda: gone.append("gone"))
    edge.say("anything")
    assert gone == ["gone"]


def test_a_file_that_grows_or_ends_while_it_is_read_is_read_as_it_was(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, _: read(descriptor, 7))
    assert edge.read_folder(str(clean)).texts["roles.yaml"] == (clean / "roles.yaml").read_bytes()


# --- several processes ---------------------------------------------------------------------------


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Several processes from four files on, however many processors there are."""
    monkeypatch.setattr(workers, "MANY", 4)
    monkeypatch.setattr(workers, "workers", lambda: 2)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return iter(())


@pytest.mark.usefixtures("several")
def test_house_rules_run_in_every_process(clean: Path) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(HOUSE_RULE)
    found = outcome(str(clean), DAY, with_house_rules=True)
    assert [one.code for one in found.diagnostics] == ["NW001"]


@pytest.mark.usefixtures("several")
def test_several_processes_compile_a_catalogue_without_clients(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    shutil.rmtree(clean / "clients")
    ran = run("compile", clean, "-o", tmp_path / "out", "--quiet")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.usefixtures("several")
def test_several_processes_compile_the_same_piece_by_piece(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outs = [tmp_path / "pieces", tmp_path / "alone"]
    monkeypatch.setattr("billing_dsl.cli.telling.PIECE", 1)
    assert run("compile", clean, "-o", outs[0], "--quiet").code == 0
    monkeypatch.setattr(workers, "MANY", 10**9)
    assert run("compile", clean, "-o", outs[1], "--quiet").code == 0
    trees = [
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        for out in outs
    ]
    assert trees[0] == trees[1] != {}


@pytest.mark.usefixtures("several")
def test_a_house_rule_that_stumbles_in_another_process_is_told_as_such(
    run: Command, clean: Path
) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(HOUSE_RULE.replace('== "globex"', ".no"))
    ran = run("check", clean, "--house-rules")
    assert ran.code == 2
    assert "rule `NW001` stumbled: AttributeError" in ran.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace("Finding(client", "str((client").replace(
                'trouble")', 'trouble"))'
            ),
            "it gave str, not a Finding",
        ),
        (
            lambda text: text.replace('trouble")', 'trouble", reached=("globex",))'),
            "`reached` holds str, not Reach(client, agreement)",
        ),
        (lambda text: "", "no_trouble.py: it defines no rule. Write one function under `@rule"),
    ],
    ids=["no finding", "no reach", "no rule"],
)
def test_a_house_rule_that_gives_something_else_is_told_in_words(
    run: Command, clean: Path, change: Callable[[str], str], said: str
) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(change(HOUSE_RULE))
    ran = run("check", clean, "--house-rules")
    assert ran.code == 2
    assert "no_trouble.py" in ran.err
    assert said in ran.err


def test_a_name_that_another_house_rule_has_is_told_with_its_file(
    run: Command, clean: Path
) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/a.py").write_text(HOUSE_RULE)
    (clean / "rules/b.py").write_text(HOUSE_RULE.replace("NW001", "NW002"))
    ran = run("check", clean, "--house-rules")
    assert ran.code == 2
    assert "rules/b.py: the name `" in ran.err
    assert "` is in use already, by rules/a.py" in ran.err


def test_a_folder_that_cannot_be_looked_at_is_wrong_usage(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    ran = run("check", clean)
    assert ran.code == 2
    assert "cannot be read: permission denied" in ran.err


def test_inside_a_catalogue_one_is_told_to_write_a_dot(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clean)
    ran = run("check")
    assert ran.code == 2
    assert "there is no folder `catalogue` here. For this very folder write `.`" in ran.err


@pytest.mark.usefixtures("several")
def test_broken_files_are_told_by_several_processes_too(clean: Path) -> None:
    (clean / "clients/broken.yaml").write_text("kind: [\n")
    (clean / "roles.yaml").write_text((clean / "roles.yaml").read_text().replace("140.00", "much"))
    found = outcome(str(clean), DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "MANY", 10**9)
        assert found == outcome(str(clean), DAY)
    assert found.errors == 2


@pytest.mark.usefixtures("several")
def test_without_settings_nothing_is_asked_of_other_processes(clean: Path) -> None:
    (clean / "settings.yaml").unlink()
    found = outcome(str(clean), DAY)
    assert [one.code for one in found.diagnostics] == ["BD204"]


@pytest.mark.usefixtures("several")
def test_several_processes_read_what_one_would(clean: Path) -> None:
    texts = edge.read_folder(str(clean)).texts
    found = reading.read_files(texts, silently)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "MANY", 10**9)
        assert found == reading.read_files(texts, silently)


@pytest.mark.usefixtures("several")
def test_one_processor_reads_alone(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "workers", lambda: 1)
    assert len(reading.read_files(edge.read_folder(str(clean)).texts, silently)) == 8


def test_there_is_a_processor_at_least() -> None:
    assert 1 <= workers.workers() <= 8


class UnsendableError(Exception):
    """An error that cannot travel."""

    def __reduce__(self) -> str:
        raise TypeError


def test_an_error_travels_as_itself_or_in_words() -> None:
    error = ValueError("x")
    assert spawning.sendable(error) is error
    try:
        raise UnsendableError("why")
    except UnsendableError as unsendable:
        told = spawning.sendable(unsendable)
    assert isinstance(told, RuntimeError)
    assert "UnsendableError: why" in str(told)


class Connection:
    """A connection to another process, by what it brings."""

    def __init__(self, brings: object) -> None:
        """What is received next."""
        self.brings = brings
        self.sent: list[object] = []

    def recv(self) -> object:
        """What it brings."""
        if isinstance(self.brings, type) and issubclass(self.brings, BaseException):
            raise self.brings
        return self.brings

    def send(self, value: object) -> None:
        """Keeps what is sent."""
        self.sent.append(value)


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_a_process_that_nobody_asks_any_more_just_ends(end: type) -> None:
    connection = Connection(end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gc.disable", lambda: None)
        workers.work(cast("Any", connection), [])
    assert [type(sent) for sent in connection.sent] == [tuple]  # what it has read: nothing


class Torn(Connection):
    """A connection whose other end is gone when something is to be sent."""

    def send(self, value: object) -> None:
        """Fails, as a pipe does that nobody reads any more."""
        raise BrokenPipeError


def test_a_process_that_nobody_listens_to_any_more_just_ends() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gc.disable", lambda: None)
        workers.work(cast("Any", Torn(None)), [])


def test_a_process_that_stumbles_says_so() -> None:
    connection = Connection(None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gc.disable", lambda: None)
        workers.work(cast("Any", connection), [("a.yaml", cast("Any", 7))])
    (error,) = connection.sent
    assert isinstance(error, Exception)
    other = workers._Other(cast("Any", Connection(error)), frozenset(), cast("Any", None))
    with pytest.raises(type(error)):
        other.received()


# --- the lock ------------------------------------------------------------------------------------


def test_a_lock_that_its_holder_removed_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = output._hold
    held: list[int] = []

    def removed_meanwhile(descriptor: int, out: Path) -> None:
        hold(descriptor, out)
        held.append(descriptor)
        if len(held) == 1:
            (tmp_path / f"{output.PREFIX}out.lock").unlink()

    monkeypatch.setattr(output, "_hold", removed_meanwhile)
    with output._alone(tmp_path / "out"):
        assert len(held) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_outcome_counts_its_errors(tmp_path: Path) -> None:
    from tests.unit.cli.running import GAP

    found = outcome(str(catalogue(tmp_path, GAP)), DAY)
    assert found.errors == 1
    assert checking.summary(found, found.diagnostics).errors == 1
