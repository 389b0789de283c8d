"""`billing-dsl letters`: a letter to each client for whom something changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli import Exit, edge

if TYPE_CHECKING:
    from billing_dsl.changes.clients import ClientChanges
    from billing_dsl.cli.comparing import Checked, Compared
    from billing_dsl.cli.output import Ground, Laid
    from billing_dsl.letters.pages import Pages


@click.command("letters")
@click.argument("base")
@click.argument("head", required=False)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "-o", "--output", "out", required=True, type=edge.Named(), help="The folder to write."
)
@click.option(
    "--discard-edits",
    is_flag=True,
    help="Write the folder even if somebody has edited letters in it.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is told."
)
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 3 where some client gets a letter."
)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@edge.as_of
@edge.colouring
def command(
    base: str,
    head: str | None,
    directory: str | None,
    out: str,
    discard_edits: bool,
    form: str,
    detailed_exitcode: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Write a letter to each client whose cover, rates, prices or dates are otherwise after a
    change: what, from when, before beside after.

    BASE is the catalogue before: a branch, tag or commit of the repository, A...B, or a folder.
    HEAD is the one after; without it, the working folder DIR. A letter speaks of the days from
    today on. Refuses while `check` finds errors on either side.
    """
    from billing_dsl.cli import checking, logos
    from billing_dsl.cli.comparing import compared
    from billing_dsl.cli.output import manifest, publish
    from billing_dsl.diagnostics import Fault
    from billing_dsl.letters.pages import Pages

    found = compared(base, head, directory, as_of, "written", color, quiet)
    if found is None:
        return Exit.FINDINGS
    settings = found.comparison.after.shared.settings
    logo = logos.read(settings, found.after.side.file(settings.logo)) if settings.logo else None
    if isinstance(logo, Fault):
        unsaid = [(logo.code, logo.finding)]
        checking.refuse_unsaid(found.after.standing.outcome, as_of, unsaid, color, "written")
        return Exit.FINDINGS
    with tempfile.TemporaryFile("w+", encoding="ascii") as rows:
        told = _Told(rows if form == "json" else None)
        done = publish(
            Path(out),
            partial(_lay, found=found, as_of=as_of, told=told, pages=Pages(settings, logo)),
            partial(
                manifest,
                catalogue_hash=found.after.side.folder.hash,
                commit=found.after.side.commit,
                tool_version=__version__,
                as_of=as_of.isoformat(),
                compared_with=_origin(found.before),
            ),
            discard_edits,
            changes=True,
        )
        if form == "json":
            for part in _as_json(found, told, rows, as_of):
                edge.say(part)
        elif not quiet:
            click.echo(_closing(found, told, as_of, out, done.kept), nl=False)
    return Exit.CHANGES if detailed_exitcode and told.letters else Exit.FINE


@dataclass(slots=True)
class _Told:
    """Who gets a letter, and of whom something changes that it does not see, or that is over.

    `rows` are what changes for each of them as JSON, where somebody asks for it.
    """

    rows: IO[str] | None
    letters: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)

    def client(self, changes: ClientChanges, letter: bool, as_of: date) -> None:
        """Takes note of a client for whom something changes."""
        from billing_dsl.report._changes import as_json
        from billing_dsl.report._json import document

        name = changes.client.name
        if letter:
            why, group = None, self.letters
        elif changes.since(as_of):
            why, group = "nothing that the client sees", self.unseen
        else:
            why, group = "only days that are over", self.over
        group.append(name)
        if self.rows is None:
            return
        files = {form: f"{name}/letter.{form}" for form in ("md", "html")} if letter else None
        row = document({"client": name, "letter": files, "no_letter": why, **as_json(changes)})
        comma = "," if len(self.letters) + len(self.unseen) + len(self.over) > 1 else ""
        self.rows.write(f"{comma}\n{_indented(row)}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip("\n").split("\n"))


def _lay(ground: Ground, found: Compared, as_of: date, told: _Told, pages: Pages) -> Laid:
    """The letters of all clients, one family after the other."""
    from billing_dsl.cli.output import Laid
    from billing_dsl.letters.writer import Origin, Writer
    from billing_dsl.targets import Artifact

    hashes = [one.side.folder.hash for one in (found.before, found.after)]
    writer = Writer(found.comparison.work, as_of, Origin(hashes[0], hashes[1], __version__))
    files = []
    for changes in found.changes():
        letter = writer.of(changes)
        told.client(changes, letter is not None, as_of)
        if letter is not None:
            page = pages.of(letter)
            for form, content in (("html", page.html), ("md", page.markdown)):
                path = f"{letter.client_name}/letter.{form}"
                files.append(ground.lay(Artifact(path, content, "letter")))
    return Laid(tuple(files))


def _origin(checked: Checked) -> dict[str, str]:
    return {"sha256": checked.side.folder.hash, "commit": checked.side.commit}


def _as_json(found: Compared, told: _Told, rows: IO[str], as_of: date) -> Iterator[str]:
    """What changes for whom, part by part: it may be long."""
    from billing_dsl.report._json import document

    sides = {
        name: {"name": one.side.name, **_origin(one)}
        for name, one in (("before", found.before), ("after", found.after))
    }
    changed = len(told.letters) + len(told.unseen) + len(told.over)
    counts = {
        "letters": len(told.letters),
        "unseen": len(told.unseen),
        "over": len(told.over),
        "unchanged": found.clients - changed,
    }
    head = document({"version": 1, "as_of": as_of.isoformat(), **sides, "summary": counts})
    yield head.removesuffix("\n}\n") + ',\n  "clients": ['
    rows.seek(0)
    while part := rows.read(1 << 16):
        yield part
    yield "\n  ]\n}\n" if changed else "]\n}\n"


MOST = 40
"""Clients that are named one by one."""


def _closing(found: Compared, told: _Told, as_of: date, out: str, kept: int) -> str:
    """Who gets a letter, and who does not."""
    from billing_dsl.report._words import count

    sides = [_named(one) for one in (found.before, found.after)]
    lines = [f"compared {sides[0]} with {sides[1]}, as of {as_of}"]
    if told.letters:
        lines.append(f"wrote {count(len(told.letters), 'letter')} to {out}:")
        width = max(map(len, told.letters[:MOST]), default=0)
        lines += [
            f"  {name.ljust(width)}   {Path(out, name, 'letter.html')}"
            for name in told.letters[:MOST]
        ]
        if len(told.letters) > MOST:
            lines.append(f"  and {len(told.letters) - MOST:,} more")
        if kept:
            lines.append(f"{count(kept, 'file')} unchanged")
    else:
        lines.append("no client gets a letter")
    for names, why in (
        (told.unseen, "something changes that they do not see"),
        (told.over, f"only days before {as_of} change"),
    ):
        if names:
            more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
            who = f"{', '.join(names[:5])}{more}"
            lines.append(f"no letter to {count(len(names), 'client')}, as {why}: {who}")
    rest = found.clients - len(told.letters) - len(told.unseen) - len(told.over)
    if rest:
        lines.append(f"no letter to {count(rest, 'client')}, as nothing changes")
    return "\n".join(lines) + "\n"


def _named(checked: Checked) -> str:
    """What somebody called a side, and its commit in short."""
    from billing_dsl.report._visible import visible

    commit, plus, _ = checked.side.commit.partition("+")
    short = f" ({commit[:7]}{' with changes' if plus else ''})" if commit else ""
    return f"{visible(checked.side.name)}{short}"
