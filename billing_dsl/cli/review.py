"""`billing-dsl review`: what a pull request does, in money, and whose consent it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli import Exit, edge
from billing_dsl.diagnostics import Severity
from billing_dsl.report._visible import visible
from billing_dsl.review import MARKER

if TYPE_CHECKING:
    from billing_dsl.changes.clients import ClientChanges
    from billing_dsl.changes.months import Month
    from billing_dsl.cli.comparing import Checked, Compared
    from billing_dsl.kinds.approval import Approval
    from billing_dsl.review.history import History
    from billing_dsl.review.masks import Mask
    from billing_dsl.review.review import Review


_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


class Amount(click.ParamType[Decimal]):
    """An amount of the settings' currency, not below 0."""

    name = "amount"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """The amount that somebody wrote."""
        text = str(value)
        if _AMOUNT.fullmatch(text) is None:
            self.fail(f"`{visible(text)}` is no amount like 100.00.", param, ctx)
        return Decimal(text)


@click.command("review")
@click.argument("base")
@click.argument("head", required=False)
@click.argument("directory", metavar="[DIR]", required=False)
@edge.entries("Time entries of the past, by which work is told in money.")
@click.option(
    "-o",
    "--output",
    "out",
    type=edge.Named(file_okay=False),
    metavar="DIR",
    help="Write comment.md, report.html and review.json into this folder.",
)
@click.option(
    "--mask", "masked", is_flag=True, help="Tell no name of a client, nor what identifies one."
)
@click.option(
    "--threshold",
    type=Amount(),
    metavar="AMOUNT",
    help="Fold what moves the months of all it reaches by less than this together, and do not "
    "count it in the verdict; else the settings' `review_threshold` holds.",
)
@click.option(
    "--approved",
    multiple=True,
    metavar="NAME",
    help="Somebody who has consented, as an approval names them. May be given several times.",
)
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 3 where somebody has yet to consent."
)
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Exit with 1 from this severity of new findings on.",
)
@click.option("--quiet", is_flag=True, help="No progress and no notes on standard error.")
@edge.as_of
@edge.colouring
def command(
    base: str,
    head: str | None,
    directory: str | None,
    files: tuple[str, ...],
    export: str | None,
    out: str | None,
    masked: bool,
    threshold: Decimal | None,
    approved: tuple[str, ...],
    detailed_exitcode: bool,
    fail_on: str,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Write the comment of a pull request: what the change does to clients, in money, which
    findings are new, and whose consent it needs.

    BASE is the catalogue before: a branch, tag or commit of the repository, or a folder; `A...B`
    is where B left A, and what a pull request is to be compared with. HEAD is the one after;
    without it B, or the working folder DIR. Nothing is written where nothing changes in meaning.

    No tenant is asked or changed, and no network is used.
    """
    from billing_dsl.cli import replaying
    from billing_dsl.cli.comparing import both
    from billing_dsl.review.comment import comment

    if out is not None:
        _may_be_written(Path(out))
    if files:
        replaying.refuse_twice(files)
        replaying.needs_duckdb()
    sides = both(base, head, directory, as_of, quiet, stay=bool(files))
    asked = _Asked(files, export, threshold, approved, as_of, quiet)
    review = _review(sides, directory, asked)
    if masked:
        from billing_dsl.review.masked import under

        review = under(_mask(sides), review)
    text = comment(review)
    if out is None:
        edge.say(text)
    else:
        declared = sides[1].common.declared
        _write(Path(out), review, text, declared.shared.settings.colours if declared else {})
        if not quiet:
            click.echo(f"wrote comment.md, report.html and review.json to {out}", err=True)
    if review.unknown or review.findings.at_least(Severity(fail_on)):
        return Exit.FINDINGS
    return Exit.CHANGES if detailed_exitcode and review.missing else Exit.FINE


@dataclass(slots=True)
class _Noted:
    """What is noted of each client while all of them are compared."""

    as_of: date
    titles: dict[str, str] = field(default_factory=dict)
    months: dict[str, Month] = field(default_factory=dict)
    tiers: dict[str, set[str]] = field(default_factory=dict)

    def client(self, changes: ClientChanges) -> None:
        """Takes note of a client."""
        from billing_dsl.analysis.agreed import tiers
        from billing_dsl.changes.months import month

        name = changes.client.name
        if not changes:
            return
        self.titles[name] = changes.client.title
        self.months[name] = month(changes, self.as_of)
        self.tiers[name] = {
            key.partition("@")[0]
            for view in (changes.before, changes.after)
            if view is not None
            for agreement in view.agreements
            for _, key, _ in tiers(view.shared, agreement)
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asks for."""

    files: tuple[str, ...]
    export: str | None
    threshold: Decimal | None
    approved: tuple[str, ...]
    as_of: date
    quiet: bool


def _review(sides: tuple[Checked, Checked], directory: str | None, asked: _Asked) -> Review:
    """The review of a change."""
    from billing_dsl.changes.approvals import asked as asked_of
    from billing_dsl.changes.approvals import in_force, unasked
    from billing_dsl.cli.comparing import of_both
    from billing_dsl.review.findings import compared
    from billing_dsl.review.review import Review, nothing_known

    before, after = (one.standing.outcome for one in sides)
    pages = {**before.pages, **after.pages}
    found = of_both(sides, directory)
    if found is None:
        broken = [
            name
            for name, one in zip(("before", "after"), sides, strict=True)
            if one.common.declared is None
        ]
        origins = sides[0].origin, sides[1].origin
        findings = compared(before.diagnostics, after.diagnostics)
        return nothing_known(origins, asked.as_of, findings, pages, tuple(broken), __version__)
    noted = _Noted(asked.as_of)
    told = found.told(noted=noted.client)
    findings = compared(before.diagnostics, after.diagnostics, told.renamed)
    settings = found.comparison.after.shared.settings
    history, not_replayed = _history(sides, asked) if asked.files else (None, "")
    months = _with_work(noted.months, history)
    approvals = asked_of(
        in_force(*map(_approvals, sides)),
        told.differences,
        months,
        noted.tiers,
        settings.currency,
        asked.approved,
        asked.as_of,
        [one.client for one in told.not_compared],
    )
    cells = told.differences.cells
    return Review(
        told,
        settings.currency,
        noted.titles,
        {one.name: one.title for one in cells.work_types} if cells is not None else {},
        months,
        history,
        findings,
        pages,
        approvals,
        unasked(approvals, asked.approved),
        asked.threshold if asked.threshold is not None else _declared(found),
        __version__,
        found.directory,
        not_replayed,
    )


def _declared(found: Compared) -> Decimal:
    """The threshold of the settings: the lower one, so that no change folds itself away.

    Between two currencies nobody can tell which that is, and nothing is folded.
    """
    sides = found.comparison.before, found.comparison.after
    one, other = (side.shared.settings for side in sides)
    if one.currency != other.currency:
        return Decimal(0)
    return min(one.review_threshold, other.review_threshold)


def _mask(sides: tuple[Checked, Checked]) -> Mask:
    """The mask for the clients of both sides."""
    from billing_dsl.review.masks import mask

    documents = (
        (written.head, written.value)
        for one in sides
        for written in one.written([head for head in one.common.inventory.heads if head.client])
    )
    return mask(documents, " ".join(one.side.folder.hash for one in sides))


def _approvals(side: Checked) -> tuple[Approval, ...]:
    from billing_dsl.kinds.approval import Approval

    declared = side.common.declared
    return declared.shared.catalogue.all(Approval) if declared is not None else ()


def _with_work(months: Mapping[str, Month], history: History | None) -> Mapping[str, Month]:
    """What months come to, with what work is charged by past entries."""
    if history is None:
        return months
    from billing_dsl.changes.months import NOTHING

    charged = {
        (client, currency): (before / history.months, after / history.months)
        for client, currency, (before, after) in history.charged
    }
    several = {
        client
        for client, currency in charged
        if client in months and months[client].currency != currency
    }
    return {
        name: one if name in several else one.with_work(*charged.get((name, one.currency), NOTHING))
        for name, one in sorted(months.items())
    }


def _history(sides: tuple[Checked, Checked], asked: _Asked) -> tuple[History | None, str]:
    """The entries before and after; or why there is nothing to tell of them."""
    from billing_dsl.cli import replaying
    from billing_dsl.review.history import history

    before, after = (one.standing for one in sides)
    if before.outcome.partial or after.outcome.partial:
        return None, "some document is broken, and nobody knows where its work ends"
    found = replaying.compared(before, after, asked.files, asked.export, quiet=asked.quiet)
    told = history(found)
    return (
        told,
        "" if told is not None else "no row of the files is an entry of known clients and work",
    )


COMMENT, REPORT, JSON = "comment.md", "report.html", "review.json"

_BEGINNINGS = {
    COMMENT: MARKER.encode(),
    REPORT: b'<!DOCTYPE html>\n<html lang="en" class="review">',
    JSON: b'{\n  "version": 1,\n  "review": {',
}
"""How our own files begin: nothing else is written over."""


def _may_be_written(folder: Path) -> None:
    """Raises click.UsageError where a file is there that is none of ours."""
    for name, beginning in _BEGINNINGS.items():
        file = folder / name
        try:
            with file.open("rb") as known:
                held = known.read(len(beginning))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            reason = edge.reason_of(error)
            raise click.UsageError(f"`{visible(str(file))}` cannot be read: {reason}.") from None
        if held and held != beginning:
            raise click.UsageError(
                f"`{visible(str(file))}` is there already and holds something else. It is as it "
                "was: name another folder."
            )


def _write(folder: Path, review: Review, text: str, colours: Mapping[str, str]) -> None:
    """Writes the three files, each of them whole."""
    from billing_dsl.cli.output import write_file
    from billing_dsl.report._replay import json_text
    from billing_dsl.review.as_json import as_json
    from billing_dsl.review.page import page

    write_file(folder / JSON, "".join(json_text(as_json(review))).encode())
    write_file(folder / REPORT, page(review, colours))
    write_file(folder / COMMENT, text.encode())
