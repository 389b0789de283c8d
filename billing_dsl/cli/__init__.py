"""The command line: arguments, files, git and exit codes; nothing is decided here.

One file a command, imported when it is called, so that `--help` imports nothing heavy.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import click

from billing_dsl import __version__


class Exit(IntEnum):
    """What the exit code says; the format of the output never changes it."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    CHANGES = 3
    FAULT_OF_THE_TOOL = 70
    INTERRUPTED = 130


COMMANDS = {
    "init": ("init", "Write a starter catalogue that compiles."),
    "check": ("check", "Prove a catalogue: every finding, its place and its cure."),
    "show": ("show", "Show one declaration with everything inherited written out."),
    "why": ("why", "Tell where a client's work ends, hop by hop, and its price."),
    "compile": ("compile_", "Write Autotask requests, checklists and scope documents."),
    "diff": ("diff", "Tell what a change does, for whom, and from when."),
    "review": ("review", "Review a pull request: clients, money, approvals."),
    "letters": ("letters", "Write to each client what changes for it, from when."),
    "verify-document": ("verify_document", "Tell whether a scope document still holds."),
    "tool-changes": ("tool_changes", "Tell what another version of this tool makes otherwise."),
    "replay": ("replay", "Tell what past time entries would have been billed."),
    "what-if": ("what_if", "Tell what a change nobody has written would do, in money."),
    "snapshot": ("snapshot", "Describe and check what a tenant holds, for compile."),
    "graph": ("graph", "Draw the fall-through graph of a client or a tier."),
    "explain": ("explain", "Explain a finding by its code."),
    "schema": ("schema", "Print or export the JSON Schemas of the language."),
    "templates": ("templates", "Show or export templates of documents, to begin your own."),
}
"""Every command: its module in this package, and what `--help` says of it."""


class Commands(click.Group):
    """Commands that are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"billing_dsl.cli.{COMMANDS[name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; an unknown one is told its nearest names."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, list(COMMANDS), n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise click.UsageError(f"there is no command `{name}`.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="DIR is the folder of the catalogue, `catalogue` unless you name another. "
    "Exit codes: 0 fine, 1 findings, 2 wrong usage, 70 a fault of this tool, 130 interrupted.",
)
@click.version_option(__version__, prog_name="billing-dsl", message="%(prog)s %(version)s")
def group() -> None:
    """An MSP's billing configuration as code: proved, compiled into Autotask and documents."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line with a list of arguments, or with the process's own.

    Returns the exit code; prints what there is to say.
    """
    codecs.register_error(SHOWN, _shown)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show a character shows another
            reconfigure(errors=SHOWN)
    streams = sys.stdout, sys.stderr
    before = _ended_as_interrupted()
    collecting = gc.isenabled()
    gc.disable()  # a run makes millions of values and no rings worth looking for
    try:
        result: Any = group.main(
            args=None if arguments is None else list(arguments),
            prog_name="billing-dsl",
            standalone_mode=False,
        )
    except click.exceptions.Abort:
        _tell("interrupted")
        return Exit.INTERRUPTED
    except KeyboardInterrupt:
        _tell("interrupted")
        return Exit.INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return Exit.USAGE
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return Exit.USAGE
    except SystemExit:  # Click ends so where whoever read us has gone
        sys.stdout, sys.stderr = streams
        unread()
        return Exit.FINE
    except OSError as error:
        if error.errno not in FULL:
            return _fault(error)
        unread()
        _tell(f"no more can be printed: {error.strerror}")
        return Exit.USAGE
    except Exception as error:
        return _fault(error)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
        gc.freeze()  # nor does it look for any at its end
        if collecting:
            gc.enable()
    return int(result) if isinstance(result, int) else int(Exit.FINE)


def _ended_as_interrupted() -> Any:
    """A request to end is an interruption, after which nothing unfinished is left behind.

    Gives what was to happen before; None where that is not for this thread to say.
    """
    try:
        return signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # only the main thread may
        return None


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where what is printed goes to a file, and there is no room for it."""

SHOWN = "billing-dsl-shown"
STAND_INS = {"●": "*", "→": ">", "·": ".", "“": '"', "”": '"', "–": "-"}
"""What is printed for our own signs where the encoding has none of them: as wide as they are."""


def _shown(error: UnicodeError) -> tuple[str, int]:
    """What cannot be printed as it is: another sign, or its escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    escaped = (
        STAND_INS.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in signs
    )
    return "".join(escaped), error.end


def unread() -> None:
    """Nobody reads what is printed any more; Python must not complain about it at its own end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _fault(error: Exception) -> int:
    """A bug: short on the screen, whole in a file that can be sent."""
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="billing-dsl-fault-", suffix=".txt", delete=False, encoding="utf-8"
        ) as report:
            report.write(f"billing-dsl {__version__}, Python {sys.version}\n\n")
            traceback.print_exception(error, file=report)
        where = f"The details are in {report.name}"
    except OSError as reason:
        where = f"The details could not be written to a file: {reason.strerror}"
    _tell(f"this is a fault of billing-dsl, not yours: {type(error).__name__}. {where}")
    return Exit.FAULT_OF_THE_TOOL


def _tell(last: str) -> None:
    """The last that is said; where nobody can hear it, the exit code says it."""
    with contextlib.suppress(OSError):
        click.echo(last, err=True)
