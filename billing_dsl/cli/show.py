"""`billing-dsl show`: one declaration with everything inherited written out."""

from __future__ import annotations

from datetime import date

import click

from billing_dsl.cli import Exit, checking, edge


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
    from billing_dsl.cli import names
    from billing_dsl.kinds import kinds

    word = kind.replace("-", "_")
    if word not in kinds():
        raise names.unknown("kind of document", kind, list(kinds()))
    found = checking.examined(directory, as_of, quiet=True)
    if word == "tier":
        return _tier(found, name, form, as_of)
    if word == "agreement":
        return _agreement(found, name, form)
    return _document(found, word, name, form)


def _tier(found: checking.Examined, name: str, form: str, as_of: date) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown

    tier = names.tier(found.checked, name, as_of)
    declared = found.checked.common.declared
    work_types = declared.shared.work_types if declared is not None else ()
    if form == "json":
        click.echo(_shown.dumped({"version": 1, **_shown.tier_as_json(tier, work_types)}), nl=False)
    else:
        click.echo(_shown.tier_as_text(tier, work_types), nl=False)
    return Exit.FINE


def _agreement(found: checking.Examined, name: str, form: str) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown

    for view in found.checked.clients:
        for agreement in view.agreements:
            if agreement.name != name:
                continue
            contracts = [c for c in view.contracts if c.agreement is agreement]
            if form == "json":
                content = {"version": 1, **_shown.agreement_as_json(agreement, contracts)}
                click.echo(_shown.dumped(content), nl=False)
            else:
                click.echo(_shown.agreement_as_text(agreement, contracts), nl=False)
            return Exit.FINE
    known = [a.name for view in found.checked.clients for a in view.agreements]
    names.refuse_broken(found.checked, "agreement", name)
    raise names.unknown("agreement", name, known)


def _document(found: checking.Examined, kind: str, name: str, form: str) -> int:
    from billing_dsl.cli import names
    from billing_dsl.report import _shown
    from billing_dsl.source.reader import read

    heads = [head for head in found.checked.common.inventory.heads if head.kind == kind]
    for head in heads:
        if head.key != name:
            continue
        documents, _, _ = read(head.path, found.folder.texts[head.path])
        (document,) = [one for one in documents if one.index == head.document]
        if form == "json":
            click.echo(_shown.dumped({"version": 1, "document": document.value}), nl=False)
        else:
            click.echo(f"# {found.folder.directory}/{head.path}")
            click.echo(_shown.document_as_text(document.value), nl=False)
        return Exit.FINE
    names.refuse_broken(found.checked, kind, name)
    raise names.unknown(kind.replace("_", " "), name, [head.key for head in heads])
