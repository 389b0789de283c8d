"""What somebody named on the command line, looked up; the nearest names where there is none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import click

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.cli import edge
from billing_dsl.model.resolve import WORDS, did_you_mean
from billing_dsl.pipeline import Checked

_MAY_BE_BROKEN = " An agreement of it may be broken: see `billing-dsl check`."


def client(checked: Checked, name: str) -> ClientCoverage:
    """The coverage of a client. Raises click.UsageError where there is none."""
    for view in checked.clients:
        if view.client.name == name:
            return view
    refuse_broken(checked, "client", name)
    raise unknown("client", name, [view.client.name for view in checked.clients])


def tier(checked: Checked, name: str, day: date) -> EffectiveTier:
    """A tier version: `silver@2`, or for `silver` the one effective on a day, or the first."""
    declared = checked.common.declared
    tiers = declared.shared.tiers if declared is not None else {}
    if name in tiers:
        return tiers[name]
    versions = sorted(
        (found for found in tiers.values() if found.tier.name == name),
        key=lambda found: (found.tier.effective, found.tier.version),
    )
    if versions:
        effective = [found for found in versions if found.tier.effective <= day]
        return effective[-1] if effective else versions[0]
    refuse_broken(checked, "tier", name)
    raise unknown("tier", name, list(tiers))


def refuse_broken(checked: Checked, kind: str, name: str) -> None:
    """Raises click.UsageError where a document of that name is there, but something is broken."""
    inventory = checked.common.inventory
    if name in inventory.lost.get(kind, ()):
        why = "is broken"
    elif name in inventory.names.get(kind, ()):
        why = "depends on something broken"
    else:
        return
    raise click.UsageError(
        f"{WORDS[kind]} `{name}` {why}: nothing can be said of it until `billing-dsl check` is "
        "clean."
    )


def unknown_start(view: ClientCoverage, name: str, known: Collection[str]) -> click.UsageError:
    """The error that a client has no such contract on any day, as far as its agreements show."""
    said = unknown("contract", name, known).message
    return click.UsageError(said if view.complete else f"{said}{_MAY_BE_BROKEN}")


def unknown(word: str, name: str, known: Collection[str]) -> click.UsageError:
    """The error that tells the nearest names, or all of them if they are few."""
    near = did_you_mean(name, known)
    if not near and 0 < len(known) <= 20:
        near = f"There are {', '.join(f'`{other}`' for other in sorted(known))}."
    return click.UsageError(f"there is no {word} `{name}`. {edge.sentence(near)}".rstrip())


def lives(view: ClientCoverage) -> str:
    """From when to when a client's agreements run, in words."""
    runs = ", ".join(f"`{a.name}` {a.life}" for a in view.agreements)
    sound = f" Its agreements: {runs}." if runs else ""
    if not view.complete:
        return f"{sound}{_MAY_BE_BROKEN}"
    return sound or " It has no agreement."
