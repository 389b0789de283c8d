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

    word = edge.kind(kind)
    if word not in kinds():
        raise names.unknown("kind of document", kind, list(kinds()))
    asked = asking.asked(directory, as_of)
    if word == "tier":
        return _show_tier(asked, name, form, as_of)
    if word == "agreement":
        return _show_agreement(asked, name, form)
    return _show_document(asked, word, name, form, as_of)


def _show_tier(asked: Asked, name: str, form: str, as_of: date) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown, _tier

    tier = names.tier(asked, name, as_of)
    declared = asked.common.declared
    work_types = declared.shared.work_types if declared is not None else ()
    if form == "json":
        click.echo(_shown.dumped({"version": 1, **_tier.as_json(tier, work_types)}), nl=False)
    else:
        click.echo(_tier.as_text(tier, work_types), nl=False)
    return Exit.FINE


def _show_agreement(asked: Asked, name: str, form: str) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _agreement, _shown

    view, agreement = names.agreement(asked, name)
    if form == "json":
        content = {"version": 1, **_agreement.as_json(view, agreement)}
        click.echo(_shown.dumped(content), nl=False)
    else:
        click.echo(_agreement.as_text(view, agreement), nl=False)
    return Exit.FINE


def _show_document(asked: Asked, kind: str, name: str, form: str, as_of: date) -> int:
    from billing_dsl.cli import names
    from billing_dsl.pipeline import build
    from billing_dsl.report import _document, _shown

    head = asked.head(kind, name)
    if head is None and kind == "service":  # both are sold by the same word
        head = asked.head("service_bundle", name)
    if head is None:
        raise names.unknown_or_broken(asked, kind, name)
    (document,) = asked.documents([head])
    declared = asked.common.declared
    view = asked.view(head.client) if head.client else None
    if view is not None and kind == "scenario":
        sound = any(scenario.name == name for scenario in view.scenarios)
        view = view if sound else None  # what it names may be broken, or nobody's
    shown = _document.Shown(
        document.value,
        build(document, asked.common.house),
        declared.shared if declared is not None else None,
        view,
        as_of,
    )
    if view is not None:
        names.tell_what_is_left_out(asked, view)
    if form == "json":
        click.echo(_shown.dumped({"version": 1, **_document.as_json(shown)}), nl=False)
    else:
        place = f"{asked.folder.directory}/{head.path}"
        click.echo(_document.as_text(place, shown), nl=False)
    return Exit.FINE
