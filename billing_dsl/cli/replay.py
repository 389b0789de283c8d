"""`billing-dsl replay`: time entries of the past through the catalogue's routing."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, checking, edge
from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.analysis.views import ClientCoverage
    from billing_dsl.entries.engine import Duck
    from billing_dsl.entries.files import Laid
    from billing_dsl.entries.reading import Taken
    from billing_dsl.kinds.entry_export import EntryExport
    from billing_dsl.replay.columns import Reading
    from billing_dsl.replay.run import Billed
    from billing_dsl.replay.side import Side
    from billing_dsl.replay.summary import Summary


@click.command("replay")
@edge.DIRECTORY
@click.option(
    "--entries",
    "files",
    multiple=True,
    metavar="FILE",
    type=edge.Named(),
    help="A file of time entries: CSV, XLSX or Parquet. May be given several times.",
)
@click.option(
    "--export", "export", metavar="NAME", help="The entry export by which the files are read."
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
@click.option("--quiet", is_flag=True, help="No progress and no notes on standard error.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    files: tuple[str, ...],
    export: str | None,
    form: str,
    lines: str | None,
    show_sql: bool,
    dialect: str,
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
    if not files:
        raise click.UsageError("name the files of time entries with --entries FILE.")
    again = next((name for n, name in enumerate(files) if _same(name, files[:n])), None)
    if again is not None:
        raise click.UsageError(f"`{visible(again)}` is named twice: its entries would count twice.")
    _needs_duckdb()
    if lines is not None:
        _may_be_written(Path(lines))
    found = checking.standing(directory, as_of, quiet=quiet)
    if found.compilation() is None:
        checking.refuse_errors(found.outcome, "replayed", color)
        return Exit.FINDINGS
    from billing_dsl.entries.engine import Duck
    from billing_dsl.replay.told import Replayed
    from billing_dsl.report import _replay

    side = _side(found)
    with tempfile.TemporaryDirectory(prefix="billing-dsl-replay-") as folder:
        engine = Duck(Path(folder))
        try:
            taken, billed, total = _replayed(engine, Path(folder), files, export, side, quiet)
            if lines is not None:
                _write(Path(lines), taken, side, billed)
        finally:
            engine.close()
    settings = side.declared.shared.settings
    replayed = Replayed(tuple(taken.files), found.folder.directory, settings, total)
    if not replayed.account().reconciles:
        raise AssertionError(f"rows are lost: {replayed.account()}")
    if form == "json":
        for part in _replay.as_json_text(replayed):
            click.echo(part, nl=False)
    else:
        click.echo(_replay.as_text(replayed), nl=False)
    return Exit.FINE


def _replayed(
    engine: Duck, folder: Path, files: Sequence[str], export: str | None, side: Side, quiet: bool
) -> tuple[Taken, Billed, Summary]:
    """The entries of all files taken in, what each is billed, and what it comes to."""
    from billing_dsl.entries.reading import Taken
    from billing_dsl.replay.run import bill
    from billing_dsl.replay.summary import summary

    taken = Taken(engine, folder)
    known = [_known(engine, folder, n, name, export, side) for n, name in enumerate(files)]
    step = _progress([*files, "billing", "summing up"], quiet)
    for name, (laid, reading) in zip(files, known, strict=True):
        next(step)
        _take(taken, name, laid, reading)
    next(step)
    clients, kinds = taken.texts_of_clients(), taken.called()
    billed = bill(engine, side, clients, kinds)
    next(step)
    total = summary(engine, side, billed, clients, kinds)
    next(step, None)
    return taken, billed, total


def _same(name: str, others: Sequence[str]) -> bool:
    """Whether a file is among others, however they are written."""
    return Path(name).resolve() in {Path(other).resolve() for other in others}


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


def _write(path: Path, taken: Taken, side: Side, billed: Billed) -> None:
    """Writes the items; the file is as it was, or whole."""
    from billing_dsl.cli.output import written_aside
    from billing_dsl.entries.lines import write

    with written_aside(path) as aside:
        write(aside, taken, side, billed)


def _needs_duckdb() -> None:
    import importlib.util

    if importlib.util.find_spec("duckdb") is None:
        raise click.UsageError(
            "replay needs DuckDB: install it with `pip install 'billing-dsl[replay]'`."
        )


def _sql(name: str) -> str:
    from billing_dsl.cli.names import unknown
    from billing_dsl.replay.statement import DIALECTS, script

    if name not in DIALECTS:
        raise unknown("dialect", name, DIALECTS)
    return script(DIALECTS[name])


def _side(found: checking.Standing) -> Side:
    """The catalogue as the one side of a replay. Families are covered when they are asked for."""
    from billing_dsl.cli.workers import covered
    from billing_dsl.kinds.client import Client
    from billing_dsl.pipeline import build
    from billing_dsl.replay.side import Side

    common = found.common
    if common.declared is None:
        raise ValueError("without settings nothing is replayed")
    heads = [head for head in common.inventory.heads if head.kind == "client"]
    clients: dict[str, Client] = {}
    for document in found.hands.documents(heads):
        client = build(document, common.house)
        if isinstance(client, Client):
            clients[client.name] = client

    def of(names: Collection[str]) -> Iterator[ClientCoverage]:
        wanted = set(names)
        families = [
            family
            for family in common.inventory.families
            if any(head.kind == "client" and head.name in wanted for head in family)
        ]
        for views in covered(common, found.hands, families):
            yield from (view for view in views if view.client.name in wanted)

    return Side(common.declared, clients, of)


def _known(
    engine: Duck, folder: Path, number: int, name: str, export: str | None, side: Side
) -> tuple[Laid, Reading]:
    """A file laid down, and how it is read; whatever has to be asked is asked now."""
    from billing_dsl.entries.files import FileError, lay

    try:
        laid = lay(Path(name), folder, number)
        return laid, _reading(engine, name, laid, export, side)
    except FileError as error:
        raise click.UsageError(f"`{visible(name)}` cannot be read: {error}.") from None


def _take(taken: Taken, name: str, laid: Laid, reading: Reading) -> None:
    """Takes one file in. Raises click.UsageError where that cannot be done."""
    from billing_dsl.entries.files import FileError

    try:
        taken.take(name, Path(name), laid, reading)
    except FileError as error:
        raise click.UsageError(f"`{visible(name)}` cannot be read: {error}.") from None


def _reading(engine: Duck, name: str, laid: Laid, wanted: str | None, side: Side) -> Reading:
    """How a file is read: by the entry export that is named, by the one that fits, or by a guess
    that somebody at a terminal has confirmed.
    """
    from billing_dsl.kinds.entry_export import EntryExport
    from billing_dsl.replay.columns import fits, reading

    header = engine.header(laid)
    declared = side.declared.shared.catalogue.all(EntryExport)
    if wanted is not None:
        export = _named(declared, wanted, name, header)
    else:
        fitting = [one for one in declared if fits(one, header)]
        if len(fitting) > 1:
            listed = " and ".join(f"`{one.name}`" for one in fitting)
            raise click.UsageError(
                f"`{visible(name)}` fits the entry exports {listed}: choose one with --export NAME."
            )
        if not fitting:
            return _guess(engine, name, laid, header, declared, side)
        export = fitting[0]
    _refuse_twice(name, export.columns.values(), header)
    return reading(export, header)


def _named(
    declared: Sequence[EntryExport], wanted: str, name: str, header: Sequence[str]
) -> EntryExport:
    from billing_dsl.cli.names import unknown
    from billing_dsl.replay.columns import lacking

    export = next((one for one in declared if one.name == wanted), None)
    if export is None:
        raise unknown("entry export", wanted, [one.name for one in declared])
    missing = lacking(export, header)
    if missing:
        listed = ", ".join(f"`{visible(column)}`" for column in missing)
        raise click.UsageError(
            f"`{visible(name)}` has no column {listed}, which entry export `{wanted}` names."
        )
    return export


def _refuse_twice(name: str, columns: Iterable[str], header: Sequence[str]) -> None:
    from billing_dsl.replay.columns import twice

    several = twice(columns, header)
    if several:
        listed = ", ".join(f"`{visible(column)}`" for column in several)
        raise click.UsageError(f"`{visible(name)}` has more than one column {listed}.")


def _guess(
    engine: Duck,
    name: str,
    laid: Laid,
    header: Sequence[str],
    declared: Sequence[EntryExport],
    side: Side,
) -> Reading:
    """A guess by the headers and by what the file says, not used before somebody confirms it."""
    from billing_dsl.kinds.entry_export import ISO
    from billing_dsl.replay.columns import Reading, as_yaml, guessed, unsaid
    from billing_dsl.replay.names import ASSUMED
    from billing_dsl.replay.values import possible_formats, possible_marks

    columns = guessed(header)
    roles = side.declared.shared.roles
    assumed = {"role": roles[0].name} if "role" not in columns and len(roles) == 1 else {}
    missing = unsaid(columns, assumed)
    listed = ", ".join(f"`{visible(column)}`" for column in header)
    if missing:
        words = " and ".join(f"the {field.replace('_', ' ')}" for field in missing)
        raise click.UsageError(
            f"nobody knows which columns of `{visible(name)}` say {words}. It has {listed}. "
            "Declare an entry export that names them: docs/language.md tells how."
        )
    _refuse_twice(name, columns.values(), header)
    positions = {field: list(header).index(column) for field, column in columns.items()}
    formats = possible_formats(engine.sample(laid, positions["date"]))
    marks = possible_marks(engine.sample(laid, positions["hours"]))
    date_format = formats[0] if len(formats) == 1 else ""
    if len(formats) > 1 and _asks():
        options = click.Choice(formats)
        date_format = click.prompt(
            f"How are days written in {visible(name)}?", type=options, err=True
        )
    mark = marks[0] if marks else "."
    document = as_yaml(columns, assumed, date_format or " or ".join(formats) or ISO, mark)
    if not date_format:
        either = (
            f"its days may be written {' or '.join(formats)}, and say which is which nowhere"
            if formats
            else "its days are written in no way that is known"
        )
        raise click.UsageError(
            f"`{visible(name)}` needs an entry export: {either}. Put this into the catalogue, with "
            f"the one right date format:\n\n{document}"
        )
    if _asks():
        click.echo(f"{visible(name)} would be read like this:\n\n{document}", err=True)
        if not click.confirm("Is that right?", default=False, err=True):
            raise click.UsageError("put an entry export into the catalogue that says it right.")
        click.echo("Put it into the catalogue, and this is not asked again.", err=True)
    else:
        raise click.UsageError(
            f"`{visible(name)}` fits no entry export of the catalogue, and columns are not guessed "
            f"in silence. If this is right, put it into the catalogue:\n\n{document}"
        )
    marked = {field: f"{ASSUMED}{text}" for field, text in assumed.items()}
    return Reading(positions, marked, date_format, mark)


def _asks() -> bool:
    """Whether somebody is there to answer."""
    return bool(sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty())


def _progress(steps: Sequence[str], quiet: bool) -> Iterator[str]:
    if quiet or not sys.stderr.isatty():
        yield from steps
        return
    with click.progressbar(steps, label="replaying", file=sys.stderr) as shown:
        yield from shown
