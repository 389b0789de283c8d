"""`billing-dsl compile`: all outputs of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli import Exit, checking, edge, snapshots
from billing_dsl.cli.forms import forms as forms_named

if TYPE_CHECKING:
    from billing_dsl.cli.output import Published
    from billing_dsl.cli.snapshots import Seen
    from billing_dsl.diagnostics import Severity
    from billing_dsl.targets import Compilation, Views
    from billing_dsl.targets._forms import Form


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
@click.option(
    "--tenant",
    metavar="FILE",
    type=edge.Named(dir_okay=False),
    help="A snapshot of the tenant (see `snapshot`): what it has is not made again, what differs "
    "is changed, and requests hold its own numbers.",
)
@click.option(
    "--accept-old-snapshot",
    is_flag=True,
    help="Take a snapshot that is older than the catalogue's last change.",
)
@click.option(
    "--forms",
    callback=forms_named,
    default="md,html",
    show_default=True,
    metavar="FORM,…",
    help="The forms of documents: md, html, docx (Word), pdf, xlsx (Excel).",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    help="Write nothing where there is a finding of this severity or a graver one: with `warning`, "
    "a missing translation keeps everything back.",
)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    out: str,
    house_rules: bool,
    discard_edits: bool,
    tenant: str | None,
    accept_old_snapshot: bool,
    forms: frozenset[Form],
    fail_on: str,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Compile the catalogue in DIR: Autotask requests and files, checklists, documents.

    Refuses while `check` finds errors, or what --fail-on names. The whole folder appears, or
    nothing changes.
    """
    from billing_dsl.cli import logos
    from billing_dsl.cli.output import manifest, publish
    from billing_dsl.cli.telling import lay
    from billing_dsl.diagnostics import Fault, Severity

    if accept_old_snapshot and tenant is None:
        raise click.UsageError("--accept-old-snapshot needs --tenant FILE.")
    found = checking.standing(directory, as_of, house_rules, quiet=quiet, stay=True)
    checking.tell_of_no_rules(found.folder, house_rules, quiet)
    plain = found.compilation()
    least = Severity(fail_on)
    if plain is None or any(one.severity.rank >= least.rank for one in found.outcome.diagnostics):
        checking.refuse_errors(found.outcome, "compiled", color, least)
        return Exit.FINDINGS
    logo = logos.look(found.folder.directory, plain.declared.shared.settings)
    if isinstance(logo, Fault):
        checking.refuse_unsaid(found.outcome, as_of, [(logo.code, logo.finding)], color)
        return Exit.FINDINGS
    compilation = replace(plain, forms=forms, logo=logo)
    seen, families = None, None
    if tenant is not None:
        seen = snapshots.suits(snapshots.look(tenant, directory), found, accept_old_snapshot)
        families = found.families()
        met = _met(found, compilation, families, seen, color, least)
        if met is None:
            return Exit.FINDINGS
        compilation = met
    of_tenant = None
    if seen is not None and compilation.sending is not None:
        of_tenant = snapshots.of_manifest(seen, compilation.sending)
    listing = partial(
        manifest,
        catalogue_hash=compilation.catalogue_hash,
        commit=edge.commit_of(found.folder.directory),
        tool_version=__version__,
        as_of=as_of.isoformat(),
        tenant=of_tenant,
    )
    telling = partial(lay, found=found, compilation=compilation, families=families)
    done = publish(Path(out), telling, listing, discard_edits)
    if done.unsaid:
        checking.refuse_unsaid(found.outcome, as_of, done.unsaid, color)
        return Exit.FINDINGS
    if not quiet:
        click.echo(_closing(found.outcome, out, done, _about(seen, compilation)), nl=False)
    return Exit.FINE


def _met(
    found: checking.Standing,
    compilation: Compilation,
    families: Sequence[Views],
    seen: Seen,
    color: str,
    least: Severity,
) -> Compilation | None:
    """The compilation beside its tenant, or None where nothing may be sent there, or where what
    is found there is of a severity that keeps everything back.
    """
    if seen.snapshot is None or seen.faults:
        shown = snapshots.diagnostics(found, seen.coded)
        met = None
    else:
        met = snapshots.meet(found, compilation, families, seen)
        shown = met.errors or met.diagnostics
    snapshots.tell(found, shown, seen, color)
    if met is None or met.errors:
        click.echo("nothing is compiled while nothing may be sent to the tenant", err=True)
        return None
    if any(one.severity.rank >= least.rank for one in met.diagnostics):
        checking.refuse("compiled", least)
        return None
    return met.compilation


def _about(seen: Seen | None, compilation: Compilation) -> list[str]:
    """What there is to say of a tenant, if one was looked at."""
    if seen is None or seen.snapshot is None:
        return []
    return [snapshots.told(seen.snapshot), *snapshots.what_is_left(compilation)]


def _closing(found: checking.Outcome, out: str, done: Published, about: Sequence[str]) -> str:
    """What was proved, what the tenant has, and what to open first."""
    from billing_dsl.report._words import count

    summary = checking.summary(found, found.diagnostics)
    page = _page(done, "scope")
    extent = f"{count(summary.clients, 'client')} and {count(summary.contracts, 'contract')}"
    found_too = f"{count(summary.warnings, 'warning')} and {count(summary.notes, 'note')}"
    accepted = f", {summary.accepted:,} accepted by waivers" if summary.accepted else ""
    files = f"{count(len(done.files), 'file')} to {out}"
    proved = "proved: "
    if summary.accepted_errors:
        proved = f"proved but for {count(summary.accepted_errors, 'accepted error')}: "
    ends = "" if summary.accepted_errors else "; every one has exactly one end"
    lines = [
        f"{proved}{count(summary.cells, 'cell')} of {extent}{ends}",
        f"{found_too}{accepted} (billing-dsl check shows them)",
        *about,
        f"wrote {files}" + (f", {done.kept} of them unchanged" if done.kept else ""),
        "open first:",
        f"  {Path(out, _page(done, 'checklist') or '')}   what a person does, step by step",
    ]
    if page is not None:
        lines.append(f"  {Path(out, page)}   a scope document, as the client reads it")
    lines.append(f"  {Path(out, 'autotask', 'requests.json')}   what Autotask's API is told")
    return "\n".join(lines) + "\n"


def _page(done: Published, stem: str) -> str | None:
    """The first file of a name, in the form that a browser opens if there is one."""
    found = [file.path for file in done.files if PurePath(file.path).stem == stem]
    return next((path for path in found if path.endswith(".html")), found[0] if found else None)
