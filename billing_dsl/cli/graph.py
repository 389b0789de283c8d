"""`billing-dsl graph`: the fall-through graph of a client or a tier."""

from __future__ import annotations

from datetime import date

import click

from billing_dsl.cli import Exit, edge


@click.command("graph")
@click.argument("what", nargs=-1, required=True, metavar="CLIENT|tier NAME [DIR]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "graphml", "json"]),
    default="mermaid",
    help="How the graph is written.",
)
@edge.on
@edge.as_of
def command(what: tuple[str, ...], form: str, on: date | None, as_of: date) -> int:
    """Draw which contracts a client's work falls through, or a tier's: `graph acme`,
    `graph tier silver@2`.
    """
    from billing_dsl.analysis.drawing import Drawing, of_client, of_tier
    from billing_dsl.analysis.graph import as_graphml
    from billing_dsl.cli import asking, names
    from billing_dsl.report import _graphs

    of_a_tier = what[0] == "tier" and len(what) > 1
    name = what[1] if of_a_tier else what[0]
    rest = what[2:] if of_a_tier else what[1:]
    if len(rest) > 1:
        raise click.UsageError(
            "name one client or tier, as in `graph acme` or `graph tier silver@2`, and at most one "
            "folder."
        )
    asked = asking.asked(rest[0] if rest else "catalogue", as_of)
    day = on or as_of
    drawing: Drawing | None
    if of_a_tier:
        drawing = of_tier(names.tier(asked, name, day))
    else:
        client = names.client(asked, name)
        drawing = of_client(client, day)
        if drawing is None:
            raise click.UsageError(
                f"client `{name}` has no contract on {day}.{names.lives(client)} Name a day of "
                "these with --on."
            )
        names.tell_what_is_left_out(asked, client)
    writers = {
        "mermaid": _graphs.mermaid,
        "dot": _graphs.dot,
        "graphml": as_graphml,
        "json": _graphs.as_json,
    }
    click.echo(writers[form](drawing), nl=False)
    return Exit.FINE
