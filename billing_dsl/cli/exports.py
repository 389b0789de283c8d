"""How files of time entries are read: by an entry export, or by a guess that somebody confirms."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.entries.engine import Duck
    from billing_dsl.entries.files import Laid
    from billing_dsl.entries.reading import Taken
    from billing_dsl.kinds.entry_export import EntryExport
    from billing_dsl.replay.columns import Reading
    from billing_dsl.replay.side import Side


def known(
    engine: Duck, folder: Path, number: int, name: str, export: str | None, side: Side
) -> tuple[Laid, Reading, str]:
    """A file laid down, how it is read, and the hash of its bytes; whatever has to be asked is
    asked now.
    """
    from billing_dsl.entries import kept
    from billing_dsl.entries.engine import EncodingError
    from billing_dsl.entries.files import FileError, lay

    content = kept.content_of(Path(name))  # before anything is read: it may change meanwhile
    try:
        laid = lay(Path(name), folder, number)
        try:
            return laid, _reading(engine, name, laid, export, side), content
        except EncodingError:
            laid = lay(Path(name), folder, number, western=True)
            return laid, _reading(engine, name, laid, export, side), content
    except FileError as error:
        raise click.UsageError(f"`{visible(name)}` cannot be read: {error}.") from None


def take(taken: Taken, name: str, laid: Laid, reading: Reading, content: str) -> None:
    """Takes one file in. Raises click.UsageError where that cannot be done."""
    from billing_dsl.entries.files import FileError

    try:
        taken.take(name, Path(name), laid, reading, content)
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
    roles = [role.name for role in side.declared.shared.roles]
    assumed = {"role": roles[0]} if "role" not in columns and roles else {}
    missing = unsaid(columns, assumed)
    listed = ", ".join(f"`{visible(column)}`" for column in header)
    if laid.others:
        listed += f" on its first sheet, the only one that is read of {1 + len(laid.others):,}"
    if missing:
        words = " and ".join(f"the {field.replace('_', ' ')}" for field in missing)
        raise click.UsageError(
            f"nobody knows which columns of `{visible(name)}` say {words}. It has {listed}. "
            "Declare an entry export that names them: docs/language.md tells how."
        )
    told = f" {_assumed(roles)}" if assumed else ""
    _refuse_twice(name, columns.values(), header)
    positions = {field: list(header).index(column) for field, column in columns.items()}
    formats = possible_formats(engine.days(laid, positions["date"]))
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
            f"`{visible(name)}` needs an entry export: {either}.{told} Put this into the "
            f"catalogue, with the one right date format:\n\n{document}"
        )
    if _asks():
        click.echo(f"{visible(name)} would be read like this.{told}\n\n{document}", err=True)
        if not click.confirm("Is that right?", default=False, err=True):
            raise click.UsageError("put an entry export into the catalogue that says it right.")
        click.echo("Put it into the catalogue, and this is not asked again.", err=True)
    else:
        raise click.UsageError(
            f"`{visible(name)}` fits no entry export of the catalogue, and columns are not guessed "
            f"in silence.{told} If this is right, put it into the catalogue:\n\n{document}"
        )
    marked = {field: f"{ASSUMED}{text}" for field, text in assumed.items()}
    return Reading(positions, marked, date_format, mark)


def _assumed(roles: Sequence[str]) -> str:
    """Says that the first of some roles is assumed."""
    others = f", of {', '.join(f'`{role}`' for role in roles)}" if len(roles) > 1 else ""
    return f"No column says the role, so `{roles[0]}` is assumed{others}."


def _asks() -> bool:
    """Whether somebody is there to answer."""
    return bool(sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty())
