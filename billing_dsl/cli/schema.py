"""`billing-dsl schema`: the JSON Schemas, for editors and other tools."""

from __future__ import annotations

from pathlib import Path

import click

from billing_dsl.cli import Exit, edge


@click.group("schema")
def command() -> None:
    """Print or export the JSON Schemas of the language."""


@command.command("show")
@click.argument("kind")
def show(kind: str) -> int:
    """Print the schema of one kind of document."""
    from billing_dsl.model.resolve import did_you_mean
    from billing_dsl.model.validate import KINDS, schema_text
    from billing_dsl.report._visible import visible

    word = edge.kind(kind)
    if word not in KINDS:
        near = did_you_mean(word, KINDS) or f"The kinds are {', '.join(KINDS)}."
        raise click.UsageError(f"there is no kind `{visible(kind)}`. {edge.sentence(near)}")
    click.echo(schema_text(word), nl=False)
    return Exit.FINE


@command.command("export")
@click.argument("directory", type=edge.Named(file_okay=False))
def export(directory: str) -> int:
    """Write every schema into a folder, for an editor's settings."""
    from billing_dsl.cli.output import write_file
    from billing_dsl.model.validate import schema_folder

    count = 0
    for schema in sorted(schema_folder().iterdir(), key=lambda file: file.name):
        if schema.name.endswith(".schema.json"):
            write_file(Path(directory) / schema.name, schema.read_bytes())
            count += 1
    click.echo(f"wrote {count} schemas to {directory}")
    return Exit.FINE
