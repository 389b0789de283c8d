"""`billing-dsl diff`: what a change does, for whom, and from when."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, edge
from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.changes.told import Told
    from billing_dsl.cli.comparing import Compared


@click.command("diff")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    help="How it is told.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=edge.Named(),
    metavar="FILE",
    help="Write to a file instead of standard output.",
)
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="CLIENT",
    help="Tell of this client alone; may be given several times.",
)
@click.option(
    "--all", "every", is_flag=True, help="Tell all of it, not only the first of long lists."
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit with 3 where a client is billed otherwise, or the next one of a tier would be, or "
    "that is not known; other words, formats and names do not count.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@edge.as_of
@edge.colouring
def command(
    base: str | None,
    head: str | None,
    directory: str | None,
    form: str,
    out: str | None,
    clients: tuple[str, ...],
    every: bool,
    detailed_exitcode: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Tell what a change does: which work is covered or billed otherwise, which rates, prices and
    dates are others, from when, and for whom, directly or through what it rests on.

    BASE is the catalogue before: a branch, tag or commit of the repository, A...B, or a folder.
    HEAD is the one after; without it, the working folder DIR. Without BASE, the working folder is
    compared with the last commit (HEAD).

    Errors of either side are told, and what is known on both sides is compared nevertheless; the
    exit code is 1 where the catalogue after has errors.
    """
    from billing_dsl.cli.comparing import compared
    from billing_dsl.cli.output import written_aside

    if base and head is None and directory is None and _is_catalogue(base):
        raise click.UsageError(
            f"`{visible(base)}` is the catalogue after, too. To compare it with the last commit "
            f"write `billing-dsl diff HEAD {shlex.quote(base)}`; else name the other one."
        )
    if out is not None:
        _may_be_written(Path(out), form)
    found = compared(base or "HEAD", head, directory, as_of, "compared", color, quiet, True)
    if found is None:
        return Exit.FINDINGS
    told = found.told(clients)
    parts = _written(found, told, form, every)
    if out is None:
        for part in _by_the_block(parts):
            edge.say(part)
    else:
        with written_aside(Path(out)) as aside, aside.open("wb") as file:
            for part in parts:
                file.write(part.encode())
    if told.after.errors:
        return Exit.FINDINGS
    return Exit.CHANGES if detailed_exitcode and told.has_effect else Exit.FINE


def _is_catalogue(base: str) -> bool:
    """Whether somebody names the folder that is meant as the one after."""
    there = Path(base)
    return there.is_dir() and there.resolve() == Path(edge.CATALOGUE).resolve()


def _written(found: Compared, told: Told, form: str, every: bool) -> Iterator[str]:
    """What is told, in one form, part by part."""
    from billing_dsl.report import _differences

    match form:
        case "json":
            yield from _differences.as_json_text(told, found.directory)
        case "text":
            yield _differences.as_text(told, found.directory, every)
        case _:
            from billing_dsl.report._differences_page import pages

            settings = found.comparison.after.shared.settings
            made = pages(told, settings, found.directory, every)
            yield made.written("html" if form == "html" else "md")


def _by_the_block(parts: Iterable[str]) -> Iterator[str]:
    """The same text in parts of some length: each one that is printed is sent at once."""
    held: list[str] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length >= BLOCK:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


BLOCK = 1 << 16
"""Signs that are printed at once."""

_BEGINNINGS = {
    "text": b"compared ",
    "json": b'{\n  "version": 1,\n  "as_of": ',
    "markdown": b"# What this change does",
    "html": b'<!DOCTYPE html>\n<html lang="en" class="differences">',
}
"""How each form begins: nothing else is written over."""


def _may_be_written(file: Path, form: str) -> None:
    """Raises click.UsageError for a file that is there and is none of ours."""
    try:
        with file.open("rb") as known:
            ours = known.read(200).startswith(_BEGINNINGS[form])
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise click.UsageError(f"`{file}` cannot be read: {edge.reason_of(error)}.") from None
    if not ours:
        raise click.UsageError(
            f"`{visible(str(file))}` is there already and holds something else. It is as it was: "
            "name another file."
        )
