"""`billing-dsl why`: where a client's work ends, and how it is billed there."""

from __future__ import annotations

from datetime import date

import click

from billing_dsl.cli import Exit, edge


@click.command("why")
@click.argument("client")
@click.argument("work_type")
@edge.DIRECTORY
@click.option("--role", help="The role of the engineer; without it, for every role.")
@click.option("--sub-issue", help="The ticket's sub-issue (`none` for tickets that have none).")
@edge.on
@click.option(
    "--start",
    default="",
    metavar="CONTRACT",
    help="The contract that the ticket carries, if not the default one: CONTRACT or "
    "AGREEMENT/CONTRACT.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is told."
)
@edge.as_of
def command(
    client: str,
    work_type: str,
    directory: str,
    role: str | None,
    sub_issue: str | None,
    on: date | None,
    start: str,
    form: str,
    as_of: date,
) -> int:
    """Tell where a client's work of one type ends on a day, hop by hop, with the line that decides
    each hop, how it is billed, and what would have to change for it to end elsewhere.
    """
    from billing_dsl.analysis.answer import NoAnswer, UnknownStart, answers
    from billing_dsl.cli import asking, names
    from billing_dsl.diagnostics import Place, Span
    from billing_dsl.report import _answers, _shown
    from billing_dsl.source.places import locate

    day = on or as_of
    asked = asking.asked(directory, as_of)
    view = names.client(asked, client)
    sub_issue = "" if sub_issue == "none" else sub_issue
    asked_for = {"work_type": work_type, "role": role, "sub_issue": sub_issue or None}
    for kind, name in asked_for.items():
        if name is not None and asked.head(kind, name) is None:
            raise names.unknown_or_broken(asked, kind, name)
    groups = answers(view, work_type, day, role, sub_issue, start)
    if isinstance(groups, UnknownStart):
        raise names.unknown_start(view, start, groups.known)
    if isinstance(groups, NoAnswer):
        if form == "json":
            click.echo(
                _shown.dumped({"version": 1, "answers": [], "reason": groups.reason}), nl=False
            )
        else:
            click.echo(f"{groups.reason}.{names.lives(view)}")
        return Exit.FINE
    names.tell_what_is_left_out(asked, view)

    def place(wanted: Place) -> Span:
        span = locate(asked.folder.texts[wanted.path], wanted)
        return Span(
            f"{asked.folder.directory}/{span.path}",
            span.line,
            span.column,
            span.end_line,
            span.end_column,
        )

    if form == "json":
        click.echo(_shown.dumped(_answers.as_json(groups)), nl=False)
    else:
        click.echo(_answers.as_text(view, groups, place), nl=False)
    return Exit.FINE
