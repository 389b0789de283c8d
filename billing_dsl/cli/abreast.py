"""Tasks done side by side by copies of this process, where the system copies one safely."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, TypeVar

from billing_dsl.cli import Exit
from billing_dsl.cli.spawning import copies, sendable

T = TypeVar("T")


def hands() -> int:
    """How many tasks can be done at a time: one where processes cannot be copied."""
    from billing_dsl.cli.workers import workers

    return workers() if copies() else 1


def abreast(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """What each of the tasks gives: the first is done here, each of the others by a copy.

    A copy begins with all that is in memory, so that nothing has to travel to it; what its task
    gives is pickled. What a task raises is raised here. Give no more tasks than there are `hands`.
    """
    others: list[_Copy] = []
    try:
        others.extend(_copied(task) for task in tasks[1:])
        given = [task() for task in tasks[:1]]
        return given + [other.given() for other in others]
    finally:
        for other in others:
            other.end()


@dataclass(slots=True)
class _Copy:
    """Another process at its task, and what it sends."""

    process: int
    sent: BinaryIO

    def given(self) -> Any:
        """What its task gives, once it is done. An interruption may reach the copy first."""
        answer = self.sent.read()
        if not answer:
            _, status = os.waitpid(self.process, 0)
            self.process = 0
            if os.waitstatus_to_exitcode(status) in (Exit.INTERRUPTED, -signal.SIGINT):
                raise KeyboardInterrupt
            raise RuntimeError("a copy of this process has ended before its task was done")
        done, value = pickle.loads(answer)
        if not done:
            raise value
        return value

    def end(self) -> None:
        """It is gone, whether its task is done or not."""
        self.sent.close()
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def _copied(task: Callable[[], object]) -> _Copy:
    here, there = os.pipe()
    process = os.fork()
    if process == 0:
        _work(task, there)
    os.close(there)
    return _Copy(process, os.fdopen(here, "rb"))


def _work(task: Callable[[], object], descriptor: int) -> NoReturn:
    """The life of a copy. It ends at once: nothing that this process would do at its end is its."""
    try:
        try:
            answer = pickle.dumps((True, task()), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            answer = pickle.dumps((False, sendable(error)))
        with os.fdopen(descriptor, "wb") as pipe:
            pipe.write(answer)
    except KeyboardInterrupt:
        os._exit(Exit.INTERRUPTED)
    finally:
        os._exit(0)
