"""`billing-dsl compile`: all outputs of a catalogue."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli import Exit, checking, edge

if TYPE_CHECKING:
    from billing_dsl.cli.output import Published


@click.command("compile")
@edge.DIRECTORY
@click.option(
    "-o", "--output", "out", required=True, type=click.Path(), help="The folder to write."
)
@click.option(
    "--house-rules",
    is_flag=True,
    help="Run the catalogue's own rules as well, Python files in its folder rules/.",
)
@click.option(
    "--discard-edits",
    is_flag=True,
    help="Write the folder even if somebody has edited files in it since the last compile.",
)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    out: str,
    house_rules: bool,
    discard_edits: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Compile the catalogue in DIR: Autotask requests and files, checklists, scope documents.

    Refuses while `check` finds errors. The whole folder appears, or nothing changes.
    """
    from billing_dsl.cli.output import manifest, publish
    from billing_dsl.cli.telling import Made, lay

    found = checking.standing(directory, as_of, house_rules, quiet=quiet, stay=True)
    if found.outcome.errors:
        checking.refuse_errors(found.outcome, "compiled", color)
        return Exit.FINDINGS
    folder = found.outcome.folder
    commit = edge.commit_of(folder.directory)
    made = Made(as_of, folder.hash, commit, __version__)
    listing = partial(
        manifest,
        catalogue_hash=folder.hash,
        commit=commit,
        tool_version=__version__,
        as_of=as_of.isoformat(),
    )
    done = publish(Path(out), partial(lay, standing=found, made=made), listing, discard_edits)
    if done.unsaid:
        checking.refuse_unsaid(found.outcome, as_of, done.unsaid, color)
        return Exit.FINDINGS
    if not quiet:
        click.echo(_closing(found.outcome, out, done), nl=False)
    return Exit.FINE


def _closing(found: checking.Outcome, out: str, done: Published) -> str:
    """What was proved, and what to open first."""
    from billing_dsl.report._words import count

    summary = checking.summary(found, found.diagnostics)
    documents = (file.path for file in done.files if file.path.startswith("documents/"))
    page = next((path for path in documents if path.endswith(".html")), None)
    extent = f"{count(summary.clients, 'client')} and {count(summary.contracts, 'contract')}"
    found_too = f"{count(summary.warnings, 'warning')} and {count(summary.notes, 'note')}"
    accepted = f", {summary.accepted:,} accepted by waivers" if summary.accepted else ""
    files = f"{count(len(done.files), 'file')} to {out}"
    lines = [
        f"proved: {count(summary.cells, 'cell')} of {extent}; every one has exactly one end",
        f"{found_too}{accepted} (billing-dsl check shows them)",
        f"wrote {files}" + (f", {done.kept} of them unchanged" if done.kept else ""),
        "open first:",
        f"  {Path(out, 'autotask', 'checklist.md')}   what a person does, step by step",
    ]
    if page is not None:
        lines.append(f"  {Path(out, page)}   a scope document, as the client reads it")
    lines.append(f"  {Path(out, 'autotask', 'requests.json')}   what Autotask's API is told")
    return "\n".join(lines) + "\n"
