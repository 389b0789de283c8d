"""`billing-dsl what-if`: what a change would do that nobody has written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import Exit, edge
from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Outcome
    from billing_dsl.cli.comparing import Checked, Compared
    from billing_dsl.entries.reading import Taken
    from billing_dsl.margins.compared import Margins
    from billing_dsl.margins.margin import Reckoned
    from billing_dsl.margins.work import Work
    from billing_dsl.model.calendar import Stretch
    from billing_dsl.model.supposing import Amiss, Supposition
    from billing_dsl.replay.compared import Compared as ComparedReplay
    from billing_dsl.replay.compared import Half
    from billing_dsl.report._what_if import WhatIf

SCENARIO = "BD350"
"""The code of a scenario that fails."""

AS_SUPPOSED = " as supposed"
"""What tells the catalogue that nobody has written from the one that is there."""


@click.command("what-if")
@edge.DIRECTORY
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SUBJECT:ROUTE=VALUE",
    help="Suppose that this value is another, as in tier/silver@2:onsite-support=recurring. May be "
    "given several times.",
)
@click.option(
    "--unset",
    "removals",
    multiple=True,
    metavar="SUBJECT:ROUTE",
    help="Suppose that this value is not written. May be given several times.",
)
@click.option(
    "--tier-of",
    "moves",
    multiple=True,
    metavar="CLIENT=TIER",
    help="Suppose that a client stands on this tier, as in acme=gold@1. May be given "
    "several times.",
)
@click.option(
    "--from",
    "since",
    metavar="DATE",
    callback=edge.perhaps_a_day,
    help="With --tier-of: the day from which it does, instead of all the time.",
)
@edge.entries("A file of time entries, by which money and margins are told: CSV, XLSX or Parquet.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    help="How it is told.",
)
@click.option(
    "--all", "every", is_flag=True, help="Tell all of it, not only the first of long lists."
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit with 3 where a client would be billed otherwise, or the next one of a tier.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    settings: tuple[str, ...],
    removals: tuple[str, ...],
    moves: tuple[str, ...],
    since: date | None,
    files: tuple[str, ...],
    export: str | None,
    form: str,
    every: bool,
    detailed_exitcode: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Tell what would become of the clients in DIR if a value were another, without editing
    anything: what differs and for whom, and with --entries in money, per client, with the price
    of a unit at which the tier breaks even.
    """
    from billing_dsl.cli import replaying
    from billing_dsl.cli.comparing import Compared
    from billing_dsl.report._what_if import WhatIf

    if not (settings or removals or moves):
        raise click.UsageError(
            "suppose something: --set SUBJECT:ROUTE=VALUE, as in "
            "`--set tier/silver@2:onsite-support=recurring`."
        )
    if since is not None and not moves:
        raise click.UsageError("--from says when a client moves: name the move with --tier-of.")
    if files:
        replaying.refuse_twice(files)
        replaying.needs_duckdb()
    before = _standing(directory, as_of, quiet, stay=bool(files))
    if _has_errors(before.standing.outcome, "the catalogue", color):
        return Exit.FINDINGS
    suppositions = tuple(_suppositions(before, settings, removals, moves, since))
    after = _supposed(before, suppositions, as_of, quiet, stay=bool(files))
    outcome = _without_scenarios(after.standing.outcome)
    if _has_errors(outcome, f"the catalogue{AS_SUPPOSED}", color):
        return Exit.FINDINGS
    sides = Compared.of(before, after)
    found = WhatIf(suppositions, sides.told(), _new_findings(before, after))
    if files:
        found = _in_money(found, sides, files, export, quiet)
    edge.say(_written(found, sides, form, every))
    return Exit.CHANGES if detailed_exitcode and found.told.has_effect else Exit.FINE


# --- the two catalogues --------------------------------------------------------------------------


def _standing(directory: str, as_of: date, quiet: bool, stay: bool) -> Checked:
    """The catalogue as it is."""
    from billing_dsl.cli import checking
    from billing_dsl.cli.comparing import Checked
    from billing_dsl.cli.revisions import Side

    folder = edge.read_folder(directory)
    side = Side(directory, folder, edge.commit_of(directory), directory)
    standing = checking.standing_of(folder, directory, as_of, quiet=quiet, stay=stay)
    return Checked(side, standing)


def _has_errors(outcome: Outcome, what: str, color: str) -> bool:
    """Whether there are errors, which are printed then."""
    from billing_dsl.cli import checking

    if not outcome.errors:
        return False
    click.echo(f"{what} ({visible(outcome.folder.directory)}) has errors:", err=True)
    checking.refuse_errors(outcome, "told", color)
    return True


def _without_scenarios(outcome: Outcome) -> Outcome:
    """What a check found without the scenarios that fail.

    A scenario holds the catalogue to what is meant today, so most of what is worth supposing makes
    some of them fail. That is told, and keeps nothing else from being told.
    """
    others = tuple(found for found in outcome.diagnostics if found.code != SCENARIO)
    return replace(outcome, diagnostics=others)


def _new_findings(before: Checked, after: Checked) -> tuple[str, ...]:
    """The errors and warnings that a check would find, and does not find today."""
    from billing_dsl.diagnostics import Severity

    known = {(one.code, one.message, one.subject) for one in before.standing.outcome.diagnostics}
    return tuple(
        f"{one.severity}[{one.code}]: {one.message}"
        for one in after.standing.outcome.diagnostics
        if one.severity is not Severity.NOTE and (one.code, one.message, one.subject) not in known
    )


def _suppositions(
    before: Checked,
    settings: Sequence[str],
    removals: Sequence[str],
    moves: Sequence[str],
    since: date | None,
) -> Iterator[Supposition]:
    """What is supposed, clients that move first. Raises click.UsageError."""
    from billing_dsl.model.supposing import Amiss, moved, parsed, unset

    heads, texts = before.common.inventory.heads, before.standing.folder.texts
    read: list[Supposition | Amiss] = [
        *(
            moved(f"--tier-of {number}", text, since, heads, texts)
            for number, text in enumerate(moves, 1)
        ),
        *(parsed(f"--set {number}", text) for number, text in enumerate(settings, 1)),
        *(unset(f"--unset {number}", text) for number, text in enumerate(removals, 1)),
    ]
    _refuse([one for one in read if isinstance(one, Amiss)])
    yield from (one for one in read if not isinstance(one, Amiss))


def _supposed(
    before: Checked, suppositions: Sequence[Supposition], as_of: date, quiet: bool, stay: bool
) -> Checked:
    """The catalogue as it is supposed to be: nothing of it is written, or kept.

    Raises click.UsageError.
    """
    from billing_dsl.cli import checking
    from billing_dsl.cli.comparing import Checked
    from billing_dsl.model.supposing import supposed_texts

    folder = before.side.folder
    texts, amiss = supposed_texts(folder.texts, before.common.inventory.heads, suppositions)
    _refuse(amiss)
    after = replace(folder, texts=texts)
    commit = before.side.commit.removesuffix("+changes")
    side = replace(
        before.side,
        name=f"{before.side.name}{AS_SUPPOSED}",
        folder=after,
        commit=f"{commit}+changes" if commit else "",
    )
    standing = checking.standing_of(
        after, side.kept_as, as_of, quiet=quiet, stay=stay, keeping=False
    )
    return Checked(side, standing)


def _refuse(amiss: Sequence[Amiss]) -> None:
    """Raises click.UsageError where something cannot be supposed, with all that is amiss."""
    if amiss:
        lines = [f"{one.place}: {visible(one.message)}.{_cure(one.help)}" for one in amiss]
        raise click.UsageError("\n".join(lines))


def _cure(hint: str) -> str:
    return f" {visible(edge.sentence(hint))}" if hint else ""


# --- in money ------------------------------------------------------------------------------------


def _in_money(
    found: WhatIf, sides: Compared, files: Sequence[str], export: str | None, quiet: bool
) -> WhatIf:
    """The same with what the entries of some files come to, and what clients leave."""
    from billing_dsl.cli import replaying
    from billing_dsl.margins.work import work_of_clients

    work: list[Mapping[str, Work]] = []

    def ask(taken: Taken, was: Half, now: Half) -> None:
        clients, kinds = taken.texts_of_clients(), taken.called()
        for half, name in ((was, replaying.BEFORE), (now, "")):
            total = half.replayed.summary
            work.append(work_of_clients(taken.engine, half.side, total, clients, kinds, name))

    before, after = sides.before.standing, sides.after.standing
    replayed = replaying.compared(before, after, files, export, quiet=quiet, also=ask)
    name = f"{replayed.after.directory}{AS_SUPPOSED}"
    shown = replace(replayed, after=replace(replayed.after, directory=name))
    return replace(found, replayed=shown, margins=_margins(found, sides, replayed, work))


def _margins(
    found: WhatIf, sides: Compared, replayed: ComparedReplay, work: Sequence[Mapping[str, Work]]
) -> Margins | None:
    from billing_dsl.margins.compared import margins
    from billing_dsl.margins.months import whole_months

    summary = replayed.after.summary
    if summary.first is None or summary.last is None:
        return None
    months = whole_months(summary.first, summary.last)
    tiers = sides.comparison.after.shared.tiers
    sold_on = {
        key: tuple(name for terms in tier.contracts.values() for name in terms.services)
        for key, tier in tiers.items()
    }
    named = {change.after for change in found.told.documents if change.kind == "tier"}
    before = _reckoned(sides.before, months, work[0], {})
    alike = {
        key: own
        for key, own in before.items()
        if all(work[0].get(one.client) == work[1].get(one.client) for one in own)
    }
    after = _reckoned(sides.after, months, work[1], alike)
    return margins(months, _each(before), _each(after), sold_on, sorted(named))


def _reckoned(
    checked: Checked,
    months: Sequence[Stretch],
    work: Mapping[str, Work],
    known: Mapping[str, tuple[Reckoned, ...]],
) -> dict[str, tuple[Reckoned, ...]]:
    """What each client leaves, under the keys of families; their cover is let go of again.

    A family whose key is `known` rests on nothing that is another, and its work is the same.
    """
    from billing_dsl.cli.comparing import keys
    from billing_dsl.margins.margin import reckoned

    found: dict[str, tuple[Reckoned, ...]] = {}
    for key, family in zip(keys(checked), checked.common.inventory.families, strict=True):
        found[key] = known.get(key) or tuple(
            reckoned(view, months, work.get(view.client.name)) for view in checked.views([family])
        )
    return found


def _each(families: Mapping[str, tuple[Reckoned, ...]]) -> Iterator[Reckoned]:
    return (one for family in families.values() for one in family)


def _written(found: WhatIf, sides: Compared, form: str, every: bool) -> str:
    """What is told, in one form."""
    from billing_dsl.report import _what_if

    match form:
        case "json":
            from billing_dsl.report._json import document

            return document(_what_if.as_json(found))
        case "text":
            return _what_if.as_text(found, every)
        case _:
            settings = sides.comparison.after.shared.settings
            return _what_if.written(found, settings, "html" if form == "html" else "md", every)
