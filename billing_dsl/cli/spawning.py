"""Further processes: begun so that they run nothing of the program that called us, and heard."""

from __future__ import annotations

import contextlib
import sys
import threading
import types
from collections.abc import Iterator


def copies() -> bool:
    """Whether a copy of this process can go on by itself.

    Windows cannot make one, and on macOS a copy may stand still in the system's own libraries.
    Where further threads run, a copy would have the locks that they hold, and not them; whoever
    has made a PDF has such threads, of which Python knows nothing.
    """
    from billing_dsl.targets._pdf import used

    alone = threading.active_count() == 1 and not used()
    return sys.platform not in ("win32", "darwin") and alone


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """While processes begin: a spawned one would first run the caller's own script again.

    A script that calls `billing_dsl.cli.main` in its first line, unguarded, is an ordinary one.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def sendable(error: Exception) -> Exception:
    """An error as it can travel: as itself, or else its traceback in words."""
    import pickle
    import traceback

    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error
