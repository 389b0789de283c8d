"""`billing-dsl init`: a starter catalogue that compiles."""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from billing_dsl.cli import Exit, edge

SCHEMAS = ".billing-dsl/schemas"
"""Where the schemas are put for the editor, below the catalogue."""


@click.command("init")
@click.argument("directory", metavar="DIR", type=edge.Named(file_okay=False))
def command(directory: str) -> int:
    """Write a starter catalogue into DIR: two tiers, one client, ready to check and compile.

    DIR must not exist, or be empty. Editors that know YAML schemas complete and explain fields.
    """
    from billing_dsl.cli.output import write_files
    from billing_dsl.model.validate import schema_folder

    root = Path(directory)
    if root.exists() and any(root.iterdir()):
        raise click.UsageError(
            f"`{directory}` is not empty. Name a new folder. Nothing was changed."
        )
    new: dict[str, bytes] = {}
    for path, content in sorted(_below(files("billing_dsl") / "starter", "")):
        line = _modeline(path) if path.endswith(".yaml") else b""
        new[path] = line + content
    for schema in sorted(schema_folder().iterdir(), key=lambda file: file.name):
        if schema.name.endswith(".schema.json"):
            new[f"{SCHEMAS}/{schema.name}"] = schema.read_bytes()
    settings = {"yaml.schemas": {f"./{SCHEMAS}/billing.schema.json": ["*.yaml", "**/*.yaml"]}}
    new[".vscode/settings.json"] = (json.dumps(settings, indent=2) + "\n").encode()
    write_files(root, new)
    click.echo(f"wrote a starter catalogue to {directory}")
    click.echo(f"next:  billing-dsl check {directory}")
    click.echo(f"       billing-dsl compile {directory} -o build")
    return Exit.FINE


def _below(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.name.startswith(("_", ".")):
            continue
        if entry.is_dir():
            found.extend(_below(entry, f"{prefix}{entry.name}/"))
        else:
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found


def _modeline(path: str) -> bytes:
    """The comment by which the YAML language server finds the schema of a file."""
    up = "../" * path.count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/billing.schema.json\n".encode()
