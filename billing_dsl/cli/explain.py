"""`billing-dsl explain`: the page of a finding."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, checking, edge

if TYPE_CHECKING:
    from billing_dsl.source.pages import Page


@click.command("explain")
@click.argument("code", metavar="[CODE]", required=False)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "--house-rules",
    is_flag=True,
    help="Explain the catalogue's own rules too, Python files in its folder rules/. They are code "
    "and are loaded: only for catalogues that you trust.",
)
def command(code: str | None, directory: str | None, house_rules: bool) -> int:
    """Explain a finding by its code (BD301) or name (uncovered-work); without one, list all.

    DIR matters only with --house-rules: the folder of the catalogue whose own rules are meant.
    """
    import inspect

    from billing_dsl.report._visible import visible
    from billing_dsl.verdict import page_of, pages

    wanted = code
    known = dict(pages())
    if house_rules:
        if code is not None and _found(code, known) is None and os.path.isdir(code):
            wanted, directory = None, code
        folder = edge.read_folder("catalogue" if directory is None else directory)
        own = checking.house_rules(folder, wanted=True)
        if not own:
            raise click.UsageError(
                f"the catalogue in `{visible(folder.directory)}` has no rules of its own: they are "
                "Python files in its folder rules/."
            )
        known.update({rule.code: page_of(rule) for rule in own})
    if wanted is None:
        for line in _listed(list(known.values())):
            click.echo(line)
        return Exit.FINE
    page = _found(wanted, known)
    if page is None:
        cure = _cure(wanted, known, house_rules)
        raise click.UsageError(f"there is no finding `{visible(wanted)}`. {cure}")
    if directory is not None and not house_rules:
        raise click.UsageError(
            f"`{visible(directory)}` would be a catalogue's folder, which matters only with "
            "--house-rules."
        )
    click.echo(f"{page.code} {page.name} ({page.severity})\n")
    click.echo(inspect.cleandoc(page.text))
    return Exit.FINE


def _listed(pages: Sequence[Page]) -> Iterator[str]:
    """A line for each page, aligned: the first of its text."""
    from billing_dsl.rules._examples import prose

    digits = max(len(page.code) for page in pages)
    width = max(len(page.name) for page in pages)
    for page in pages:
        first = prose(page.text).split("\n")[0]
        yield f"{page.code:<{digits}}  {page.severity:<7}  {page.name:<{width}}  {first}".rstrip()


def _found(code: str, known: Mapping[str, Page]) -> Page | None:
    wanted = code.strip()
    pages = (p for p in known.values() if wanted.upper() == p.code or wanted.lower() == p.name)
    return next(pages, None)


def _cure(code: str, known: Mapping[str, Page], house_rules: bool) -> str:
    """The nearest code or name, or how to ask for what only a catalogue knows."""
    from billing_dsl.model.resolve import did_you_mean
    from billing_dsl.rules._house import CODE

    wanted = code.strip()
    near = did_you_mean(wanted.upper(), list(known)) or did_you_mean(
        wanted.lower(), [page.name for page in known.values()]
    )
    cure = edge.sentence(near) or "List them all without CODE."
    of_a_house = CODE.match(wanted.upper()) is not None
    if house_rules or (near and not of_a_house):
        return cure
    shown = wanted.upper() if of_a_house else "CODE"
    return (
        f"{cure} A catalogue's own rule is explained with its folder and --house-rules: "
        f"`billing-dsl explain {shown} DIR --house-rules`."
    )
