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
    from billing_dsl.cli.output import Published, Share
    from billing_dsl.targets import Compilation


@click.command("compile")
@edge.DIRECTORY
@click.option(
    "-o", "--output", "out", required=True, type=edge.Named(), help="The folder to write."
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
    from billing_dsl.targets import Compilation

    found = checking.examined(directory, as_of, house_rules, quiet)
    if found.outcome.errors or found.checked.common.declared is None:
        checking.refuse_errors(found, "compiled", color)
        return Exit.FINDINGS
    folder = found.folder
    commit = edge.commit_of(folder.directory)
    compilation = Compilation(
        found.checked.common.declared,
        found.checked.clients,
        as_of,
        folder.hash,
        commit,
        __version__,
    )
    listing = partial(
        manifest,
        catalogue_hash=folder.hash,
        commit=commit,
        tool_version=__version__,
        as_of=as_of.isoformat(),
    )
    done = publish(Path(out), _shares(compilation), listing, discard_edits)
    if done.unsaid:
        checking.refuse_unsaid(found, done.unsaid, color)
        return Exit.FINDINGS
    if not quiet:
        click.echo(_closing(found, out, done), nl=False)
    return Exit.FINE


APART = ("scope-document",)
"""Targets that take as long as all others together, and share nothing with them."""


def _shares(compilation: Compilation) -> list[Share]:
    """What is written side by side: where there are many clients, their documents and the rest."""
    from billing_dsl.cli.abreast import hands
    from billing_dsl.cli.workers import MANY
    from billing_dsl.pipeline import compiled
    from billing_dsl.targets import targets

    if len(compilation.clients) < MANY or hands() < 2:
        return [compiled(compilation)]
    apart = [target for target in targets() if target.name in APART]
    rest = [target for target in targets() if target.name not in APART]
    return [compiled(compilation, rest), compiled(compilation, apart)]


def _closing(found: checking.Examined, out: str, done: Published) -> str:
    """What was proved, and what to open first."""
    from billing_dsl.report._words import count

    summary = checking.summary(found.outcome, found.outcome.diagnostics)
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
