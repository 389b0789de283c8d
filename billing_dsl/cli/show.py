"""`billing-dsl show`: one declaration with everything inherited written out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, edge

if TYPE_CHECKING:
    from billing_dsl.cli.asking import Asked


@click.command("show")
@click.argument("kind")
@click.argument("name")
@edge.DIRECTORY
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown."
)
@edge.as_of
def command(kind: str, name: str, directory: str, form: str, as_of: date) -> int:
    """Show one declaration: `show tier silver@2` is its effective matrix, `show agreement
    acme-2027` its contracts written out. KIND is a kind of document.
    """
    from billing_dsl.cli import asking, names
    from billing_dsl.kinds import kinds

    word = kind.replace("-", "_")
    if word not in kinds():
        raise names.unknown("kind of document", kind, list(kinds()))
    asked = asking.asked(directory, as_of)
    if word == "tier":
        return _tier(asked, name, form, as_of)
    if word == "agreement":
        return _agreement(asked, name, form)
    return _document(asked, word, name, form)


def _tier(asked: Asked, name: str, form: str, as_of: date) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown

    tier = names.tier(asked, name, as_of)
    declared = asked.common.declared
    work_types = declared.shared.work_types if declared is not None else ()
    if form == "json":
        click.echo(_shown.dumped({"version": 1, **_shown.tier_as_json(tier, work_types)}), nl=False)
    else:
        click.echo(_shown.tier_as_text(tier, work_types), nl=False)
    return Exit.FINE


def _agreement(asked: Asked, name: str, form: str) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown

    view, agreement = names.agreement(asked, name)
    contracts = [c for c in view.contracts if c.agreement is agreement]
    if form == "json":
        content = {"version": 1, **_shown.agreement_as_json(agreement, contracts)}
        click.echo(_shown.dumped(content), nl=False)
    else:
        click.echo(_shown.agreement_as_text(agreement, contracts), nl=False)
    return Exit.FINE


def _document(asked: Asked, kind: str, name: str, form: str) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown

    head = asked.head(kind, name)
    if head is None:
        raise names.unknown_or_broken(asked, kind, name)
    (document,) = asked.documents([head])
    if form == "json":
        click.echo(_shown.dumped({"version": 1, "document": document.value}), nl=False)
    else:
        click.echo(f"# {asked.folder.directory}/{head.path}")
        click.echo(_shown.document_as_text(document.value), nl=False)
    return Exit.FINE
