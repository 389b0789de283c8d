"""Tasks done by copies of the process: what they give and raise, and that none stays behind."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from billing_dsl.cli import abreast, workers
from billing_dsl.targets import _pdf
from tests.unit.cli.running import AS_OF, Command

copying = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="processes are not copied there"
)


@pytest.fixture(autouse=True)
def _no_pdf_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no test of this process had made a PDF."""
    monkeypatch.setattr(_pdf, "used", lambda: False)


def _stumble() -> NoReturn:
    raise ValueError("why")


def _wait() -> None:
    time.sleep(60)


def _interrupted() -> NoReturn:
    raise KeyboardInterrupt


def _ended() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_nothing_to_do() -> None:
    assert abreast.abreast([]) == []


def test_one_task_is_done_here() -> None:
    assert abreast.abreast([os.getpid]) == [os.getpid()]


@copying
def test_the_others_are_done_by_copies_that_know_all_that_was_known() -> None:
    known = object()
    first, second, third = abreast.abreast([os.getpid, os.getpid, lambda: known is not None])
    assert (first == os.getpid(), second == first, third) == (True, False, True)


@copying
@pytest.mark.parametrize("tasks", [[_stumble, _wait], [os.getpid, _stumble]])
def test_what_a_task_raises_is_raised_here(
    tasks: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies: list[int] = []
    fork = os.fork

    def noted() -> int:
        process = fork()
        copies.append(process)
        return process

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(ValueError, match="why"):
        abreast.abreast(tasks)
    (copy,) = copies
    with pytest.raises(ChildProcessError):  # it is not there any more, even if it had time left
        os.waitpid(copy, os.WNOHANG)


@copying
def test_a_copy_that_is_killed_is_told() -> None:
    with pytest.raises(RuntimeError, match="ended before its task was done"):
        abreast.abreast([os.getpid, _ended])


@copying
def test_an_interruption_that_reaches_a_copy_first_is_one_here() -> None:
    with pytest.raises(KeyboardInterrupt):
        abreast.abreast([os.getpid, _interrupted])


class EndedError(BaseException):
    """Stands for the end of a process."""


@pytest.mark.parametrize("task", [os.getpid, _stumble])
def test_a_copy_sends_its_answer_and_ends(
    monkeypatch: pytest.MonkeyPatch, task: Callable[[], object]
) -> None:
    def end(code: int) -> NoReturn:
        assert code == 0
        raise EndedError

    monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    monkeypatch.setattr(os, "_exit", end)
    here, there = os.pipe()
    monkeypatch.setattr(os, "pipe", lambda: (here, there))
    with pytest.raises(EndedError):
        abreast.abreast([_wait, task])
    with os.fdopen(here, "rb") as pipe:
        done, value = pickle.loads(pipe.read())
    assert (done, type(value)) == ((False, ValueError) if task is _stumble else (True, int))


def test_a_copy_that_is_interrupted_says_so_as_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []

    def end(code: int) -> NoReturn:
        codes.append(code)
        raise EndedError

    monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    monkeypatch.setattr(os, "_exit", end)
    here, there = os.pipe()
    monkeypatch.setattr(os, "pipe", lambda: (here, there))
    with pytest.raises(EndedError):
        abreast.abreast([_wait, _interrupted])
    assert codes[0] == 130
    os.close(here)
    os.close(there)


def test_there_are_as_many_hands_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "workers", lambda: 3)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    for system, count in (("linux", 3), ("darwin", 1), ("win32", 1)):
        monkeypatch.setattr(sys, "platform", system)
        assert abreast.hands() == count
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert abreast.hands() == 1


@copying
def test_two_shares_write_what_one_would(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("compile", clean, "-o", tmp_path / "alone", "--as-of", AS_OF)
    monkeypatch.setattr(workers, "MANY", 2)
    monkeypatch.setattr(abreast, "hands", lambda: 2)
    ran = run("compile", clean, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")
    assert _tree(tmp_path / "out") == _tree(tmp_path / "alone")


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_whoever_has_made_a_pdf_is_not_copied_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its threads would be missing in a copy, which would wait for them without end."""
    monkeypatch.setattr(workers, "workers", lambda: 2)
    monkeypatch.setattr(_pdf, "used", lambda: True)
    assert abreast.hands() == 1
