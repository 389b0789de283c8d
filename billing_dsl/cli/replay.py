"""`billing-dsl replay`: time entries of the past through the catalogue's routing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, checking, edge, replaying
from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.replay.compared import Compared


@click.command("replay")
@edge.DIRECTORY
@edge.entries("A file of time entries: CSV, XLSX or Parquet.")
@click.option(
    "--base",
    metavar="BASE",
    help="Also replay them through this catalogue, and tell what differs: a branch, tag or commit "
    "of the repository, A...B, or a folder.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is told."
)
@click.option(
    "--csv",
    "lines",
    metavar="FILE",
    type=edge.Named(dir_okay=False),
    help="Also write what every entry is billed to this file, one line for each item.",
)
@click.option("--show-sql", is_flag=True, help="Print the SQL and its tables, and do nothing else.")
@click.option(
    "--dialect",
    default="duckdb",
    metavar="ENGINE",
    help="With --show-sql: duckdb, sqlite, postgres, trino, spark, bigquery or snowflake.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="With --base: exit with 3 where an entry is billed otherwise, or something else is left "
    "of a block, a retainer or tickets.",
)
@click.option("--quiet", is_flag=True, help="No progress and no notes on standard error.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    files: tuple[str, ...],
    export: str | None,
    base: str | None,
    form: str,
    lines: str | None,
    show_sql: bool,
    dialect: str,
    detailed_exitcode: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Replay time entries through the catalogue in DIR: where each ends, how it is billed and for
    which amount.
    """
    if show_sql:
        click.echo(_sql(dialect), nl=False)
        return Exit.FINE
    if detailed_exitcode and base is None:
        raise click.UsageError(
            "--detailed-exitcode tells whether two catalogues differ: name the one before with "
            "--base BASE."
        )
    if not files:
        raise click.UsageError("name the files of time entries with --entries FILE.")
    replaying.refuse_twice(files)
    replaying.needs_duckdb()
    path = None if lines is None else Path(lines)
    if path is not None:
        _may_be_written(path)
    if base is not None:
        found = _compare(base, directory, files, export, form, path, quiet, as_of, color)
        if found is None:
            return Exit.FINDINGS
        return Exit.CHANGES if detailed_exitcode and found.billed_otherwise else Exit.FINE
    standing = checking.standing(directory, as_of, quiet=quiet, stay=True)
    if standing.compilation() is None:
        checking.refuse_errors(standing.outcome, "replayed", color)
        return Exit.FINDINGS
    from billing_dsl.report import _replay

    replayed = replaying.replayed(standing, files, export, lines=path, quiet=quiet)
    if form == "json":
        for part in _replay.as_json_text(replayed):
            click.echo(part, nl=False)
    else:
        click.echo(_replay.as_text(replayed), nl=False)
    return Exit.FINE


def _compare(
    base: str,
    directory: str,
    files: Sequence[str],
    export: str | None,
    form: str,
    lines: Path | None,
    quiet: bool,
    as_of: date,
    color: str,
) -> Compared | None:
    """The same entries under two catalogues, told; None where either has errors."""
    from billing_dsl.cli import comparing
    from billing_dsl.report import _replay_compared

    sides = comparing.compared(base, None, directory, as_of, "replayed", color, quiet, stay=True)
    if sides is None:
        return None
    before, after = sides.before.standing, sides.after.standing
    found = replaying.compared(before, after, files, export, lines=lines, quiet=quiet)
    if form == "json":
        for part in _replay_compared.as_json_text(found):
            click.echo(part, nl=False)
    else:
        click.echo(_replay_compared.as_text(found), nl=False)
    return found


def _may_be_written(file: Path) -> None:
    """Raises click.UsageError for a file that is there and holds no items of a replay."""
    from billing_dsl.entries.lines import holds_items

    try:
        known = holds_items(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        shown, reason = visible(str(file)), edge.reason_of(error)
        raise click.UsageError(f"`{shown}` cannot be read: {reason}.") from None
    if not known:
        raise click.UsageError(
            f"`{visible(str(file))}` is there already and holds no items of a replay. It is as it "
            "was: name another file."
        )


def _sql(name: str) -> str:
    from billing_dsl.cli.names import unknown
    from billing_dsl.replay.statement import DIALECTS, script

    if name not in DIALECTS:
        raise unknown("dialect", name, DIALECTS)
    return script(DIALECTS[name])
