"""A catalogue checked, for every command that needs one: folder → verdict."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli.edge import (
    Folder,
    colour,
    progress,
    read_folder,
    say,
    shows_unicode,
    width,
)
from billing_dsl.cli.reading import read_files
from billing_dsl.diagnostics import Diagnostic, Finding, Severity
from billing_dsl.report import AcceptedFinding
from billing_dsl.templates import shown as shown_of_template
from billing_dsl.templates import understand

if TYPE_CHECKING:
    from billing_dsl.cli.workers import Several
    from billing_dsl.pipeline import Checked, Common
    from billing_dsl.report import CheckReport, Style, Summary
    from billing_dsl.rules import Rule
    from billing_dsl.targets import Compilation, Views
    from billing_dsl.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What checking a catalogue's folder found, and in how much; whether kept or worked out."""

    folder: Folder
    diagnostics: tuple[Diagnostic, ...]
    documents: int
    clients: int
    contracts: int
    cells: int
    partial: bool
    pages: Mapping[str, tuple[str, str]]
    """Name and first line of the page of each code."""
    accepted: tuple[AcceptedFinding, ...]

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(found.severity is Severity.ERROR for found in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Examined:
    """A catalogue checked with everything that led to the outcome, for what comes after."""

    outcome: Outcome
    checked: Checked
    verdict: Verdict

    @property
    def folder(self) -> Folder:
        """The catalogue's folder."""
        return self.outcome.folder


def house_rules(folder: Folder, wanted: bool) -> tuple[Rule, ...]:
    """The catalogue's own rules, where somebody asked for them: they are code that runs."""
    if not wanted:
        return ()
    from billing_dsl.rules._house import load

    with _house_in_order(folder):
        return load(folder.rules)


def tell_of_no_rules(folder: Folder, wanted: bool, quiet: bool) -> None:
    """Says on standard error that there are no house rules, where somebody asked for them."""
    names = (path.rpartition("/")[2] for path in folder.rules)
    if not wanted or quiet or not all(name.startswith("_") for name in names):
        return
    from billing_dsl.report._visible import visible

    click.echo(f"no house rules: {visible(folder.directory)}/rules/ holds none", err=True)


@contextlib.contextmanager
def _house_in_order(folder: Folder) -> Iterator[None]:
    """Tells of a house rule that is none, or that stumbles, as what it is: not our fault."""
    from billing_dsl.rules._house import HouseRuleError

    try:
        yield
    except HouseRuleError as error:
        raise click.UsageError(f"{folder.directory}/{error}") from None


def examined(
    directory: str, as_of: date, with_house_rules: bool = False, quiet: bool = False
) -> Examined:
    """A catalogue read and checked, with the coverage of every client."""
    from billing_dsl.pipeline import check
    from billing_dsl.rules import rules

    folder = read_folder(directory)
    house = house_rules(folder, with_house_rules)
    show = progress(quiet)
    readings = read_files(folder.texts, show)
    asked = (*rules(), *house)
    with _house_in_order(folder):
        checked = check(
            readings,
            as_of,
            asked,
            keep=True,
            progress=show,
            unread=folder.unread,
            templates=understand(folder.templates),
        )
    return _examined(folder, checked, house)


def outcome(
    directory: str,
    as_of: date,
    with_house_rules: bool = False,
    use_store: bool = True,
    quiet: bool = False,
) -> Outcome:
    """A catalogue read and checked; what an earlier run has kept is not worked out again."""
    return standing(directory, as_of, with_house_rules, use_store, quiet).outcome


@dataclass(slots=True)
class Standing:
    """A catalogue checked, and whoever holds the documents that were read for it.

    `name` is the one under which its results are kept, `digests` are the hashes of its files; both
    are empty where nothing is kept. Without `keeping` what is kept is taken, and nothing is kept.
    """

    outcome: Outcome
    as_of: date
    name: str
    digests: Mapping[str, str]
    _hands: Several | None = None
    _common: Common | None = None
    keeping: bool = True

    @property
    def folder(self) -> Folder:
        """The catalogue's folder."""
        return self.outcome.folder

    @property
    def hands(self) -> Several:
        """Who reads and holds documents."""
        from billing_dsl.cli.workers import Several

        if self._hands is None:
            self._hands = Several(self.folder.texts, {}, stay=True)
        return self._hands

    @property
    def makers(self) -> Several:
        """Who makes something of families: those who have stayed since they proved them, or others
        who begin anew.
        """
        from billing_dsl.cli.workers import Several

        if self._hands is not None and self._hands.stay:
            return self._hands
        return Several(self.folder.texts, {}, stay=True)

    def let_go(self) -> None:
        """Lets go whoever has stayed: nothing is made of what they have proved."""
        if self._hands is not None:
            self._hands.end()

    @property
    def common(self) -> Common:
        """What clients share, and who is of which family."""
        from billing_dsl.store.again import share_again

        if self._common is None:
            self._common = share_again(
                self.name,
                self.digests,
                self.folder.texts,
                self.as_of,
                self.hands,
                self.folder.unread,
                understand(self.folder.templates),
            )
        return self._common

    def compilation(self) -> Compilation | None:
        """The catalogue ready to be written out; None while there are errors."""
        from billing_dsl.targets import Compilation

        if self.outcome.errors or self.common.declared is None:
            return None
        return Compilation(
            self.common.declared,
            self.as_of,
            self.folder.hash,
            __version__,
        )

    def families(self) -> tuple[Views, ...]:
        """The coverage of all clients, family by family, for what has to see all of it at once."""
        from billing_dsl.cli.workers import covered

        return tuple(covered(self.common, self.hands, self.common.inventory.families))


def standing(
    directory: str,
    as_of: date,
    with_house_rules: bool = False,
    use_store: bool = True,
    quiet: bool = False,
    stay: bool = False,
) -> Standing:
    """A catalogue read and checked; what an earlier run has kept is not worked out again.

    With `stay` whoever proves families keeps what has been proved, for what is made of them.
    """
    kept_as = directory if use_store else ""
    return standing_of(read_folder(directory), kept_as, as_of, with_house_rules, quiet, stay)


def standing_of(
    folder: Folder,
    kept_as: str,
    as_of: date,
    with_house_rules: bool = False,
    quiet: bool = False,
    stay: bool = False,
    keeping: bool = True,
) -> Standing:
    """A catalogue that has been read, checked. `kept_as` is the folder under whose name results
    are kept; empty where nothing is. Without `keeping` they are taken, and none is kept.
    """
    from billing_dsl.store.kept import digest, keep, load, made, plain, tool

    name, digests = kept_under(folder, kept_as)
    if not name:
        return _worked_out(folder, digests, as_of, with_house_rules, "", "", quiet, stay)
    rules_key = digest(
        *(part for path in sorted(folder.rules) for part in (path.encode(), folder.rules[path])),
        repr((with_house_rules, folder.unreadable)).encode(),
        understand(folder.templates).key.encode(),
    )
    paths = "\0".join(digests).encode("utf-8", "surrogateescape")
    hashes = "".join(digests.values()).encode()
    key = digest(tool().encode(), repr((as_of, rules_key)).encode(), paths, hashes)
    result = load(f"{name}.result")
    if isinstance(result, dict) and result.get("key") == key:
        documents, clients, contracts, cells, partial = result["counts"]
        known = Outcome(
            folder,
            made(tuple[Diagnostic, ...], result["diagnostics"]),
            documents,
            clients,
            contracts,
            cells,
            partial,
            {code: (title, line) for code, (title, line) in result["pages"].items()},
            made(tuple[AcceptedFinding, ...], result["accepted"]),
        )
        return Standing(known, as_of, name, digests, keeping=keeping)
    asked = (folder, digests, as_of, with_house_rules, rules_key, name, quiet, stay)
    worked_out = _worked_out(*asked, keeping)
    if not keeping:
        return worked_out
    found = worked_out.outcome
    counts = [found.documents, found.clients, found.contracts, found.cells, found.partial]
    keep(
        f"{name}.result",
        {
            "key": key,
            "diagnostics": plain(found.diagnostics),
            "counts": counts,
            "accepted": plain(found.accepted),
            "pages": {code: list(page) for code, page in found.pages.items()},
        },
    )
    return worked_out


def kept_under(folder: Folder, directory: str) -> tuple[str, Mapping[str, str]]:
    """The name under which results of a folder are kept, and the hashes of its files, by path.

    Both are empty where nothing is to be kept.
    """
    from billing_dsl.store.kept import digest, digest_of_text
    from billing_dsl.store.kept import folder as kept_folder

    if not directory or kept_folder() is None:
        return "", dict.fromkeys(folder.texts, "")
    name = digest(os.path.abspath(directory).encode("utf-8", "surrogateescape"))
    return name, {path: digest_of_text(text) for path, text in folder.texts.items()}


def _worked_out(
    folder: Folder,
    digests: Mapping[str, str],
    as_of: date,
    with_house_rules: bool,
    rules_key: str,
    name: str,
    quiet: bool,
    stay: bool,
    keeping: bool = True,
) -> Standing:
    from billing_dsl.cli.workers import Several
    from billing_dsl.rules import rules
    from billing_dsl.store.again import check_again

    house = house_rules(folder, with_house_rules)
    hands = Several(folder.texts, folder.rules if house else {}, stay)
    with _house_in_order(folder):
        checked = check_again(
            name,
            digests,
            folder.texts,
            as_of,
            (*rules(), *house),
            rules_key,
            hands,
            progress(quiet),
            folder.unread,
            understand(folder.templates),
            keeping,
        )
    found = _examined(folder, checked, house).outcome
    return Standing(found, as_of, name, digests, hands, checked.common, keeping)


def _examined(folder: Folder, checked: Checked, house: Sequence[Rule]) -> Examined:
    from billing_dsl.verdict import verdict

    if folder.unreadable:
        checked = replace(checked, found=(*folder.unreadable, *checked.found), partial=True)
    found = verdict(
        checked.found,
        checked.common.waivers,
        checked.as_of,
        checked.partial,
        folder.texts.__getitem__,
        house,
        checked.common.inventory.names,
    )
    return Examined(
        Outcome(
            folder,
            found.diagnostics,
            checked.documents,
            checked.client_count,
            checked.contract_count,
            checked.cell_count,
            checked.partial,
            page_lines({diagnostic.code for diagnostic in found.diagnostics}, house),
            _accepted(found, house),
        ),
        checked,
        found,
    )


def _accepted(found: Verdict, house: Sequence[Rule]) -> tuple[AcceptedFinding, ...]:
    from billing_dsl.verdict import page_of, pages

    if not found.accepted:
        return ()
    known = {**pages(), **{rule.code: page_of(rule) for rule in house}}
    return tuple(
        AcceptedFinding(
            one.code,
            known[one.code].severity.value,
            one.finding.message,
            one.waiver.about,
            one.waiver.name,
            one.waiver.reason,
            one.waiver.owner,
            str(one.waiver.until or ""),
        )
        for one in found.accepted
    )


def summary(outcome: Outcome, shown: Sequence[Diagnostic]) -> Summary:
    """How many findings are shown, and in how much."""
    from billing_dsl.report import Summary

    counts = dict.fromkeys(Severity, 0)
    for diagnostic in shown:
        counts[diagnostic.severity] += 1
    accepted = sum(one.severity == Severity.ERROR for one in outcome.accepted)
    return Summary(
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        counts[Severity.NOTE],
        outcome.documents,
        outcome.clients,
        outcome.contracts,
        outcome.cells,
        outcome.partial,
        len(outcome.accepted),
        accepted + outcome.errors - counts[Severity.ERROR],
    )


def report(outcome: Outcome, shown: tuple[Diagnostic, ...]) -> CheckReport:
    """What a format prints: the findings, and the files that they name."""
    from billing_dsl.report import CheckReport

    named = {diagnostic.span.path for diagnostic in shown}
    named |= {note.span.path for diagnostic in shown for note in diagnostic.related}
    folder = outcome.folder
    sources = {path: folder.texts[path] for path in sorted(named) if path in folder.texts}
    for path in sorted(named & folder.templates.keys()):
        if text := shown_of_template(path, folder.templates[path]):
            sources[path] = text
    return CheckReport(
        shown,
        summary(outcome, shown),
        sources,
        outcome.pages,
        outcome.folder.directory,
        __version__,
        outcome.accepted,
    )


def page_lines(codes: set[str], rules: Sequence[Rule]) -> Mapping[str, tuple[str, str]]:
    """Name and first line of the page of each code."""
    if not codes:
        return {}
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


def refuse_errors(
    outcome: Outcome, doing: str, wanted_colour: str, least: Severity = Severity.ERROR
) -> None:
    """Prints the findings that keep a command from its work: errors, or lesser ones too."""
    tell_errors(outcome, wanted_colour, least)
    refuse(doing, least)


def refuse(doing: str, least: Severity) -> None:
    """Says that findings of a severity, or graver ones, keep a command from its work."""
    what = {Severity.ERROR: "errors", Severity.WARNING: "errors or warnings"}
    click.echo(f"nothing is {doing} while there are {what.get(least, 'findings')}", err=True)


def tell_errors(outcome: Outcome, wanted_colour: str, least: Severity = Severity.ERROR) -> None:
    """Prints the errors of a catalogue, or its lesser findings too."""
    from billing_dsl.report.text import TEXT

    found = tuple(one for one in outcome.diagnostics if one.severity.rank >= least.rank)
    say(TEXT.render(report(outcome, found), style(wanted_colour)), err=True)


def refuse_unsaid(
    outcome: Outcome,
    as_of: date,
    unsaid: Sequence[tuple[str, Finding]],
    wanted_colour: str,
    doing: str = "compiled",
) -> None:
    """Prints what the targets cannot express: nothing is dropped in silence."""
    from billing_dsl.report.text import TEXT
    from billing_dsl.verdict import verdict

    texts = outcome.folder.texts
    found = verdict(unsaid, (), as_of, True, texts.__getitem__).diagnostics
    told = replace(outcome, pages=page_lines({one.code for one in found}, ()))
    say(TEXT.render(report(told, found), style(wanted_colour)), err=True)
    click.echo(f"nothing is {doing} while something cannot be expressed", err=True)
