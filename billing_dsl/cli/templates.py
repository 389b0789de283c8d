"""`billing-dsl templates`: the templates of documents, to begin one's own from."""

from __future__ import annotations

from pathlib import Path

import click

from billing_dsl.cli import Exit, edge


@click.group("templates")
def command() -> None:
    """Show or export the templates of documents, to begin your own from."""


@command.command("show")
def show() -> int:
    """List the templates that may be your own, and every name that they may use."""
    from billing_dsl.targets._open import names_page

    click.echo(names_page(), nl=False)
    return Exit.FINE


@command.command("export")
@click.argument("name", metavar="NAME")
@edge.DIRECTORY
@click.option(
    "--whole",
    is_flag=True,
    help="The whole template, to change all of it, in place of a beginning that changes a part.",
)
def export(name: str, directory: str, whole: bool) -> int:
    """Write the template NAME into the catalogue in DIR, to be changed there.

    What is written prints documents as they are without it. NAME must not stand there yet.
    """
    from billing_dsl.cli.output import write_file
    from billing_dsl.model.resolve import did_you_mean
    from billing_dsl.report._visible import visible
    from billing_dsl.targets._open import TEMPLATES, beginning
    from billing_dsl.templates import DOCUMENTS

    if name not in TEMPLATES:
        near = did_you_mean(name, TEMPLATES) or f"The templates are {', '.join(TEMPLATES)}."
        raise click.UsageError(f"there is no template `{visible(name)}`. {edge.sentence(near)}")
    if not Path(directory).is_dir():
        raise click.UsageError(f"there is no folder `{visible(directory)}`. Nothing was changed.")
    file = Path(directory) / DOCUMENTS / name
    if file.exists() or file.is_symlink():
        raise click.UsageError(f"`{file}` is there already. Nothing was changed.")
    write_file(file, beginning(name, whole).encode())
    click.echo(f"wrote {file}")
    click.echo(f"next:  billing-dsl check {directory}")
    return Exit.FINE
