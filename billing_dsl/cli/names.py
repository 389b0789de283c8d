"""What somebody named on the command line, looked up; the nearest names where there is none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import click

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.cli import edge
from billing_dsl.cli.asking import Asked
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.resolve import WORDS, did_you_mean
from billing_dsl.report._visible import visible

_MAY_BE_UNREADABLE = "Some document cannot be read, and may be it: see `billing-dsl check`."
_MAY_BE_BROKEN = " An agreement of it may be broken: see `billing-dsl check`."


def client(asked: Asked, name: str) -> ClientCoverage:
    """The coverage of a client. Raises click.UsageError where there is none."""
    view = asked.view(name)
    if view is None:
        raise unknown_or_broken(asked, "client", name)
    return view


def agreement(asked: Asked, name: str) -> tuple[ClientCoverage, Agreement]:
    """An agreement, and the coverage of its client. Raises click.UsageError where there is none."""
    head = asked.head("agreement", name)
    view = asked.view(head.client) if head is not None else None
    if view is None:
        raise unknown_or_broken(asked, "agreement", name)
    return view, next(found for found in view.agreements if found.name == name)


def tier(asked: Asked, name: str, day: date) -> EffectiveTier:
    """A tier version: `silver@2`, or for `silver` the one effective on a day, or the first."""
    declared = asked.common.declared
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
    raise unknown_or_broken(asked, "tier", name)


def unknown_or_broken(asked: Asked, kind: str, name: str) -> click.UsageError:
    """The error that nothing can be said of a document: it is broken, or nobody declares it."""
    inventory = asked.common.inventory
    if name in inventory.lost.get(kind, ()):
        why = "is broken"
    elif name in inventory.names.get(kind, ()):
        why = "depends on something broken"
    else:
        known = [head.key for head in inventory.heads if head.kind == kind]
        error = unknown(WORDS[kind], name, known)
        if inventory.silent:
            return click.UsageError(f"{error.message} {_MAY_BE_UNREADABLE}")
        return error
    cure = "nothing can be said of it until `billing-dsl check` is clean"
    return click.UsageError(f"{WORDS[kind]} `{visible(name)}` {why}: {cure}.")


def tell_what_is_left_out(asked: Asked, view: ClientCoverage) -> None:
    """Says on standard error what an answer about a client rests on that is broken."""
    lost = asked.common.inventory.lost
    parts = [
        f"{WORDS[kind]} `{name}`"
        for kind in ("work_type", "role", "sub_issue")
        for name in sorted(lost.get(kind, ()))
    ]
    if not view.complete:
        parts.append(f"an agreement of client `{view.client.name}`, perhaps")
    if parts:
        said = f"left out, because broken: {', '.join(parts)}; see `billing-dsl check`"
        click.echo(said, err=True)


def unknown_start(view: ClientCoverage, name: str, known: Collection[str]) -> click.UsageError:
    """The error that a client has no such contract on any day, as far as its agreements show."""
    said = unknown("contract", name, known).message
    return click.UsageError(said if view.complete else f"{said}{_MAY_BE_BROKEN}")


def unknown(word: str, name: str, known: Collection[str]) -> click.UsageError:
    """The error that tells the nearest names, or all of them if they are few."""
    near = did_you_mean(name, known) or did_you_mean(name.lower(), known)
    if not near and len(known) <= 20:
        listed = ", ".join(f"`{other}`" for other in sorted(known))
        near = f"There {'is' if len(known) == 1 else 'are'} {listed or 'none'}."
    said = f"there is no {word} `{visible(name)}`. {edge.sentence(near)}"
    return click.UsageError(said.rstrip())


def lives(view: ClientCoverage) -> str:
    """From when to when a client's agreements run, in words."""
    runs = ", ".join(f"`{a.name}` {a.life}" for a in view.agreements)
    sound = f" Its agreements: {runs}." if runs else ""
    if not view.complete:
        return f"{sound}{_MAY_BE_BROKEN}"
    return sound or " It has no agreement."
