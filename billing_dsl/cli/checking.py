"""A catalogue checked, for every command that needs one: folder → verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli.edge import Folder, colour, progress, read_folder, shows_unicode, width
from billing_dsl.cli.reading import read_files
from billing_dsl.diagnostics import Diagnostic, Finding, Severity

if TYPE_CHECKING:
    from billing_dsl.pipeline import Checked
    from billing_dsl.report import CheckReport, Style, Summary
    from billing_dsl.rules import Rule
    from billing_dsl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Examined:
    """A catalogue's folder, what checking it found, and the rules that were asked."""

    folder: Folder
    checked: Checked
    verdict: Verdict
    rules: tuple[Rule, ...]

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(found.severity is Severity.ERROR for found in self.verdict.diagnostics)


def house_rules(folder: Folder, wanted: bool) -> tuple[Rule, ...]:
    """The catalogue's own rules, where somebody asked for them: they are code that runs."""
    if not wanted:
        return ()
    from billing_dsl.rules.house import HouseRuleError, load

    try:
        return load(folder.rules)
    except HouseRuleError as error:
        raise click.UsageError(f"{folder.directory}/{error}") from None


def examined(
    directory: str,
    as_of: date,
    with_house_rules: bool = False,
    keep: bool = False,
    quiet: bool = False,
) -> Examined:
    """A catalogue read and checked; with `keep`, the coverage of every client is kept."""
    from billing_dsl.pipeline import check
    from billing_dsl.rules import rules
    from billing_dsl.verdict import verdict

    folder = read_folder(directory)
    house = house_rules(folder, with_house_rules)
    asked = (*rules(), *house)
    show = progress(quiet)
    checked = check(read_files(folder.texts, show), as_of, asked, keep=keep, progress=show)
    if folder.unreadable:
        checked = replace(checked, found=(*folder.unreadable, *checked.found), partial=True)
    found = verdict(
        checked.found,
        checked.common.waivers,
        as_of,
        checked.partial,
        folder.texts.__getitem__,
        house,
    )
    return Examined(folder, checked, found, asked)


def summary(examined: Examined, shown: Sequence[Diagnostic]) -> Summary:
    """How many findings are shown, and in how much."""
    from billing_dsl.report import Summary

    counts = dict.fromkeys(Severity, 0)
    for diagnostic in shown:
        counts[diagnostic.severity] += 1
    facts = examined.checked.facts
    return Summary(
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        counts[Severity.NOTE],
        examined.checked.documents,
        examined.checked.client_count,
        sum(client.contracts for client in facts),
        sum(client.cells for client in facts),
        examined.checked.partial,
    )


def report(
    folder: Folder, shown: tuple[Diagnostic, ...], summary: Summary, rules: Sequence[Rule]
) -> CheckReport:
    """What a format prints: the findings, and the files that they name."""
    from billing_dsl.report import CheckReport

    named = {diagnostic.span.path for diagnostic in shown}
    named |= {note.span.path for diagnostic in shown for note in diagnostic.related}
    return CheckReport(
        shown,
        summary,
        {path: folder.texts[path] for path in sorted(named) if path in folder.texts},
        page_lines({diagnostic.code for diagnostic in shown}, rules),
        folder.directory,
        __version__,
    )


def page_lines(codes: set[str], rules: Sequence[Rule]) -> Mapping[str, tuple[str, str]]:
    """Name and first line of the page of each code."""
    from billing_dsl.rules._examples import prose
    from billing_dsl.verdict import page_of, pages

    known = {**pages(), **{rule.code: page_of(rule) for rule in rules}}
    return {
        code: (known[code].name, prose(known[code].text).split("\n")[0]) for code in sorted(codes)
    }


def style(wanted_colour: str) -> Style:
    """How text is drawn on this terminal."""
    from billing_dsl.report import Style

    return Style(colour(wanted_colour), width(), shows_unicode())


def refuse_errors(examined: Examined, doing: str, wanted_colour: str) -> None:
    """Prints the errors that keep a command from its work."""
    from billing_dsl.report.text import TEXT

    errors = tuple(
        found for found in examined.verdict.diagnostics if found.severity is Severity.ERROR
    )
    shown = report(examined.folder, errors, summary(examined, errors), examined.rules)
    click.echo(TEXT.render(shown, style(wanted_colour)), err=True, nl=False)
    click.echo(f"nothing is {doing} while there are errors", err=True)


def refuse_unsaid(
    examined: Examined, unsaid: Sequence[tuple[str, Finding]], wanted_colour: str
) -> None:
    """Prints what the targets cannot express: nothing is dropped in silence."""
    from billing_dsl.report.text import TEXT
    from billing_dsl.verdict import verdict

    found = verdict(
        unsaid, (), examined.checked.as_of, False, examined.folder.texts.__getitem__
    ).diagnostics
    shown = report(examined.folder, found, summary(examined, found), examined.rules)
    click.echo(TEXT.render(shown, style(wanted_colour)), err=True, nl=False)
    click.echo("nothing is compiled while something cannot be expressed", err=True)
