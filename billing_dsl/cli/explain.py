"""`billing-dsl explain`: the page of a finding."""

from __future__ import annotations

import click

from billing_dsl.cli import Exit, edge


@click.command("explain")
@click.argument("code", metavar="[CODE]", required=False)
def command(code: str | None) -> int:
    """Explain a finding by its code (BD301) or name (uncovered-work); without one, list all."""
    import inspect

    from billing_dsl.rules._examples import prose
    from billing_dsl.verdict import pages

    known = pages()
    if code is None:
        width = max(len(page.name) for page in known.values())
        for page in known.values():
            line = prose(page.text).split("\n")[0]
            click.echo(f"{page.code}  {page.severity:<7}  {page.name:<{width}}  {line}")
        return Exit.FINE
    wanted = code.strip()
    for page in known.values():
        if wanted.upper() == page.code or wanted.lower() == page.name:
            click.echo(f"{page.code} {page.name} ({page.severity})\n")
            click.echo(inspect.cleandoc(page.text))
            return Exit.FINE
    from billing_dsl.model.resolve import did_you_mean

    near = did_you_mean(wanted.upper(), list(known)) or did_you_mean(
        wanted.lower(), [page.name for page in known.values()]
    )
    cure = edge.sentence(near) or "List them all without CODE."
    raise click.UsageError(f"there is no finding `{code}`. {cure}")
