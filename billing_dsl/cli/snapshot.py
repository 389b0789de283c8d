"""`billing-dsl snapshot`: what a tenant's snapshot is, and whether a file is a good one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, checking, edge, snapshots

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Standing
    from billing_dsl.cli.snapshots import Seen
    from billing_dsl.tenant.snapshot import Snapshot


@click.command("snapshot")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--requests", is_flag=True, help="Print the requests that read a tenant, as JSON.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a snapshot.")
@click.option(
    "--check",
    "file",
    metavar="FILE",
    type=edge.Named(dir_okay=False),
    help="Tell whether a file is whole, and for the catalogue in DIR: of the right tenant, new "
    "enough, and how much of the catalogue it knows.",
)
@edge.as_of
@edge.colouring
def command(
    directory: str | None,
    requests: bool,
    schema: bool,
    file: str | None,
    as_of: date,
    color: str,
) -> int:
    """Describe the snapshot of a tenant that `compile --tenant` takes: what to read from
    Autotask, in which form, and how to check it.
    """
    if requests + schema + (file is not None) > 1:
        raise click.UsageError("give one of --requests, --schema and --check.")
    if directory is not None and file is None:
        raise click.UsageError("a catalogue is only looked at with --check FILE.")
    from billing_dsl.tenant import asking

    if file is not None:
        return _check(file, directory, as_of, color)
    if schema:
        text = Path(asking.__file__).with_name("snapshot.schema.json").read_text(encoding="utf-8")
    elif requests:
        text = asking.requests_text()
    else:
        text = asking.description()
    edge.say(text)
    return Exit.FINE


def _check(file: str, directory: str | None, as_of: date, color: str) -> int:
    seen = snapshots.look(file, directory or ".")
    if directory is None:
        if seen.snapshot is None or seen.faults:
            snapshots.tell_alone(seen, color)
            return Exit.FINDINGS
        click.echo(_whole(file, seen.snapshot, as_of), nl=False)
        return Exit.FINE
    found = checking.standing(directory, as_of, quiet=True)
    seen = snapshots.suits(seen, found, accept_old=False)
    if seen.faults:
        snapshots.tell(found, snapshots.diagnostics(found, seen.coded), seen, color)
    if seen.snapshot is None:
        return Exit.FINDINGS
    click.echo(_whole(file, seen.snapshot, as_of), nl=False)
    return Exit.FINDINGS if seen.faults else _compared(found, seen, color)


def _compared(found: Standing, seen: Seen, color: str) -> int:
    """How much of a catalogue the tenant has, and what is found about it."""
    compilation = found.compilation()
    if compilation is None:
        checking.refuse_errors(found.outcome, "compared", color)
        return Exit.FINDINGS
    met = snapshots.meet(found, compilation, found.families(), seen)
    snapshots.tell(found, met.diagnostics, seen, color)
    click.echo("\n".join(snapshots.what_is_left(met.compilation)))
    return Exit.FINDINGS if met.errors else Exit.FINE


def _whole(file: str, snapshot: Snapshot, as_of: date) -> str:
    """What a file holds, of whom, and how old it is."""
    from billing_dsl.report._words import count
    from billing_dsl.tenant.form import READINGS

    days = (as_of - snapshot.taken_at.date()).days
    age = f"{count(days, 'day')} old" if days > 0 else "taken that day or later"
    objects = sum(len(rows) for rows in snapshot.objects.values())
    unread = [one.entity for one in READINGS if one.entity not in snapshot.objects]
    lines = [
        f"{file}: {snapshots.told(snapshot)}; on {as_of} {age}",
        f"whole: {count(objects, 'object')} of {len(snapshot.objects)} entities, as counted",
    ]
    if unread:
        lines.append(f"not read: {', '.join(unread)}")
    return "\n".join(lines) + "\n"
