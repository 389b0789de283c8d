"""`billing-dsl verify-document`: whether a scope document still says what the catalogue says."""

from __future__ import annotations

import os
import stat
from datetime import date
from typing import TYPE_CHECKING

import click

from billing_dsl import __version__
from billing_dsl.cli import Exit, edge

if TYPE_CHECKING:
    from billing_dsl.papers import Opened
    from billing_dsl.papers.judged import Judged
    from billing_dsl.targets._seal import Seal


@click.command("verify-document")
@click.argument("file", metavar="FILE", type=edge.Named(dir_okay=False))
@edge.DIRECTORY
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown."
)
@edge.as_of
def command(file: str, directory: str, form: str, as_of: date) -> int:
    """Tell whether a scope document (Word, PDF, HTML or Markdown) still says what the catalogue in
    DIR says: it matches, it is stale, somebody has changed it, or it is unknown.

    Exit codes: 0 it matches, 1 it does not, 2 it cannot be read.
    """
    from billing_dsl.papers.judged import NO_SEAL, Verdict
    from billing_dsl.report import _judged, _shown
    from billing_dsl.targets._seal import Seal

    found = _opened(file)
    seal = Seal.read(found.seal)
    judged = NO_SEAL if seal is None else _held_against(found, seal, directory, as_of)
    if form == "json":
        content = {"version": 1, **_judged.as_json(file, found, seal, judged)}
        click.echo(_shown.dumped(content), nl=False)
    else:
        click.echo(_judged.as_text(file, seal, judged), nl=False)
    return Exit.FINE if judged.verdict is Verdict.MATCHES else Exit.FINDINGS


def _held_against(found: Opened, seal: Seal, directory: str, as_of: date) -> Judged:
    """The verdict beside what would be made of its agreement today."""
    from billing_dsl.cli import asking, names
    from billing_dsl.papers.judged import gone, judged
    from billing_dsl.targets._scope_body import Bodies
    from billing_dsl.targets._scope_terms import Contents

    asked = asking.asked(directory, as_of, with_templates=True)
    inventory = asked.common.inventory
    lost = inventory.silent or seal.agreement in inventory.lost.get("agreement", ())
    if not lost and asked.head("agreement", seal.agreement) is None:
        return gone(seal)
    view, agreement = names.agreement(asked, seal.agreement)
    names.tell_what_is_left_out(asked, view)
    bodies = Bodies(view.shared, view.cells)
    own = asked.common.declared.templates.documents if asked.common.declared is not None else {}
    today = Contents(bodies, __version__).of(view, agreement)
    return judged(found, seal, today, own, view.shared.settings.colours)


def _opened(file: str) -> Opened:
    """The document in a file. Raises click.UsageError where there is none that can be read."""
    from billing_dsl.papers import LackingError, UnreadableError, opened
    from billing_dsl.report._visible import visible

    shown = f"`{visible(file)}`"
    try:
        return opened(_bytes(file))
    except UnreadableError as reason:
        raise click.UsageError(f"{shown} cannot be read as a document: it {reason}.") from None
    except LackingError as extra:
        raise click.UsageError(
            f"{shown} cannot be read here yet: pip install 'billing-dsl[{extra}]'."
        ) from None


def _bytes(file: str) -> bytes:
    """The bytes of a file, one more than are read at most."""
    from billing_dsl.papers import LARGEST, UnreadableError

    try:
        descriptor = os.open(file, edge.READING)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableError("is no regular file")
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {edge.reason_of(error)}") from None
