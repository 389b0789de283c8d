"""Whole processes, timed in turn with others."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

TOOL = [sys.executable, "-m", "billing_dsl"]


@dataclass(slots=True)
class Timed:
    """A command, what is done before each of its runs, and what its runs took."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None
    cache: str = "off"
    exits: tuple[int, ...] = (0,)
    """Exit codes with which a run counts: a linter that finds something has done its work."""
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    """MiB."""

    def run(self, counted: bool) -> None:
        """Runs it once."""
        self.before()
        environment = {**os.environ, "BILLING_DSL_CACHE": self.cache, "PYTHONHASHSEED": "0"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        silent = os.open(os.devnull, os.O_WRONLY)
        pid = os.posix_spawn(
            self.command[0],
            self.command,
            environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1), (os.POSIX_SPAWN_DUP2, silent, 2)],
        )
        _, status, usage = os.wait4(pid, 0)
        taken = time.perf_counter() - start
        os.close(silent)
        if os.waitstatus_to_exitcode(status) not in self.exits:
            raise SystemExit(f"`{' '.join(self.command)}` went wrong: see what it says")
        if counted:
            self.wall.append(taken)
            self.cpu.append(usage.ru_utime + usage.ru_stime)
            self.peak.append(usage.ru_maxrss / 1024)


def rounds(commands: Sequence[Timed], runs: int) -> None:
    """Runs every command in turn, once to warm up and then as often as asked."""
    for number in range(runs + 1):
        for timed in commands:
            timed.run(counted=number > 0)
