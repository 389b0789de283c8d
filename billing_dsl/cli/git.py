"""Git, asked and never told: nothing is checked out or written, and nothing of a repository runs.

Whoever hands over a folder may hand over a repository with it, whose settings name programs. So
hooks, watchers, pagers and helpers are off, no protocol is allowed, and the environment is our own.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

TIMEOUT = 60.0
"""Seconds in which an answer must have come."""

LONGEST = 64 << 20
"""Bytes of a list of names: a small repository may hold trees that list each other for ever."""

_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.askPass="),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)

_OURS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}

_KEPT = frozenset(
    {
        *("PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR"),
        *("HOME", "XDG_CONFIG_HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "USER", "USERNAME"),
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES"),
    }
)
"""What git needs to find itself, and the settings of the person who asks."""


class UnansweredError(Exception):
    """Git is not there, took too long, or said no: in its own words."""


def environment() -> Mapping[str, str]:
    """The environment in which git is asked."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _KEPT}
    return {**kept, **_OURS}


def ask(directory: str, *question: str) -> bytes:
    """What git prints of a folder's repository. Raises UnansweredError."""
    try:
        done = subprocess.run(
            ["git", "-C", directory, *_OPTIONS, *question],
            capture_output=True,
            timeout=TIMEOUT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise UnansweredError(_no_git(error)) from None
    except subprocess.TimeoutExpired:
        raise UnansweredError(_SLOW) from None
    if done.returncode != 0:
        raise UnansweredError(_said(done.stderr) or f"git ended with {done.returncode}")
    return done.stdout


def line(directory: str, *question: str) -> str:
    """The same as one line of text."""
    return ask(directory, *question).decode("utf-8", "surrogateescape").rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a tree: a file, a link (`120000`) or a submodule (`160000`)."""

    path: str
    mode: str
    id: str


LINK = "120000"
SUBMODULE = "160000"


def listed(directory: str, tree: str) -> list[Listed]:
    """Everything below a tree, as git has it. Raises UnansweredError."""
    found: list[Listed] = []
    with _running(directory, "ls-tree", "-r", "-z", "--full-tree", tree) as running:
        text = running.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise UnansweredError(f"its names alone are larger than {LONGEST >> 20} MiB")
        running.finish()
    for row in text.split(b"\0")[:-1]:
        about, _, path = row.partition(b"\t")
        mode, _, name = about.decode("ascii").split(" ")
        found.append(Listed(path.decode("utf-8", "surrogateescape"), mode, name))
    return found


class Contents:
    """The contents of files by their ids, while one git answers for all of them."""

    def __init__(self, running: _Running) -> None:
        self._running = running

    def of(self, name: str, most: int) -> bytes:
        """The first bytes of a file by its id, or as COMMIT:PATH, as git keeps it. Raises
        UnansweredError.
        """
        if "\n" in name:
            raise UnansweredError("no name of a file that is asked for has several lines")
        self._running.write(f"{name}\n".encode("utf-8", "surrogateescape"))
        head = self._running.line().split()
        if len(head) != 3 or head[1] != b"blob":
            raise UnansweredError(
                f"the object {name} is not there: it was never fetched, or it was lost"
            )
        left = int(head[2])
        text = self._running.read(min(left, most))
        left -= len(text)
        while left:
            left -= len(self._running.read(min(left, 1 << 20)))
        self._running.read(1)  # the line's end
        return text


@contextlib.contextmanager
def contents(directory: str) -> Iterator[Contents]:
    """Where contents of files are asked for."""
    with _running(directory, "cat-file", "--batch") as running:
        yield Contents(running)


@dataclass(slots=True)
class _Running:
    """A git that answers while it runs; whoever waits too long for it is told."""

    process: subprocess.Popen[bytes]
    into: IO[bytes]
    out: IO[bytes]
    late: list[bool] = field(default_factory=list)

    def write(self, text: bytes) -> None:
        try:
            self.into.write(text)
            self.into.flush()
        except OSError:
            raise self._gone() from None

    def line(self) -> bytes:
        """The next line. Raises UnansweredError where there is none."""
        text = self.out.readline()
        if not text:
            raise self._gone()
        return text

    def read(self, count: int) -> bytes:
        """So many bytes, or all there are where fewer come before the end."""
        text = self.out.read(count)
        if self.late or (count and not text and self.process.poll() not in (0, None)):
            raise self._gone()
        return text

    def finish(self) -> None:
        """Raises UnansweredError unless it ended well."""
        if self.process.wait() != 0:
            raise self._gone()

    def _gone(self) -> UnansweredError:
        if self.late:
            return UnansweredError(_SLOW)
        said = _said(self.process.stderr.read() if self.process.stderr is not None else b"")
        return UnansweredError(said or "git ended before it had answered")


@contextlib.contextmanager
def _running(directory: str, *question: str) -> Iterator[_Running]:
    try:
        process = subprocess.Popen(
            ["git", "-C", directory, *_OPTIONS, *question],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
    except OSError as error:
        raise UnansweredError(_no_git(error)) from None
    if process.stdin is None or process.stdout is None:
        raise TypeError("a process with pipes has them")
    running = _Running(process, process.stdin, process.stdout)

    def stop() -> None:
        running.late.append(True)
        process.kill()

    watch = threading.Timer(TIMEOUT, stop)
    watch.daemon = True
    watch.start()
    try:
        yield running
    finally:
        watch.cancel()
        process.kill()
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        if process.stderr is not None:
            process.stderr.close()
        process.wait()


_SLOW = f"git did not answer within {TIMEOUT:.0f} seconds"


def _no_git(error: OSError) -> str:
    return f"git cannot be run: {(error.strerror or type(error).__name__).lower()}"


def _said(stderr: bytes) -> str:
    """The first thing that git complains of."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    wrong = [text for text in lines if text.startswith(("fatal:", "error:"))] or lines
    return wrong[0].partition(": ")[2] or wrong[0] if wrong else ""
