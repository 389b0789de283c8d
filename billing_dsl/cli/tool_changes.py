"""`billing-dsl tool-changes`: what another version of this tool makes of the same catalogue."""

from __future__ import annotations

import click

from billing_dsl.cli import Exit, edge


@click.command("tool-changes")
@click.argument("old", type=edge.Named())
@click.argument("new", type=edge.Named())
@click.option(
    "--findings",
    nargs=2,
    type=edge.Named(dir_okay=False),
    metavar="OLD NEW",
    help="Beside two folders: what `check --format json` of either version printed.",
)
@click.option(
    "--called",
    nargs=2,
    metavar="OLD NEW",
    help="How the two versions are called; otherwise by their numbers.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="How it is told. Markdown is empty where nothing differs.",
)
@click.option("--mask", is_flag=True, help="Count only: no client, file or contract is named.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 3 where something differs.")
def command(
    old: str,
    new: str,
    findings: tuple[str, str] | None,
    called: tuple[str, str] | None,
    form: str,
    mask: bool,
    detailed_exitcode: bool,
) -> int:
    """Tell what another version of this tool makes otherwise of the same catalogue.

    OLD and NEW are two folders that `compile` wrote, or two files that `check --format json`
    printed, each by its own version and from one catalogue: so whatever differs is the tool's
    doing. Routing tables are compared by what they say, however they are cut into rows.
    """
    from billing_dsl.cli.upgrades import between
    from billing_dsl.report import _json, _upgrade

    upgrade = between(old, new, findings or None, called or None)
    if mask:
        upgrade = upgrade.masked()
    if form == "json":
        edge.say(_json.document({"version": 1, **_upgrade.as_json(upgrade)}))
    elif form == "markdown":
        edge.say(_upgrade.as_markdown(upgrade))
    else:
        edge.say(_upgrade.as_text(upgrade))
    return Exit.CHANGES if detailed_exitcode and upgrade else Exit.FINE
