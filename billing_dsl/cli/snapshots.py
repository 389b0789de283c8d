"""A snapshot of a tenant from its file, and a catalogue that meets it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import checking, edge
from billing_dsl.diagnostics import Diagnostic, Fault, Severity

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Standing
    from billing_dsl.pipeline import Coded
    from billing_dsl.report import CheckReport
    from billing_dsl.targets import Compilation, Views
    from billing_dsl.targets._sending import Sending
    from billing_dsl.tenant.snapshot import Snapshot

_SHOWN = 1 << 20
"""Bytes of a file whose lines are shown; of a larger one its place has to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that somebody has named, and the snapshot in it, or what is wrong with it.

    `path` is the file as seen from the catalogue's folder, as findings name it.
    """

    path: str
    content: bytes
    snapshot: Snapshot | None
    faults: tuple[Fault, ...]

    @property
    def coded(self) -> tuple[Coded, ...]:
        """The faults as findings with codes."""
        return tuple((fault.code, fault.finding) for fault in self.faults)

    @property
    def sources(self) -> dict[str, bytes]:
        """The text that findings may show."""
        return {self.path: self.content} if len(self.content) <= _SHOWN else {}


def look(file: str, directory: str) -> Seen:
    """Reads a snapshot. Raises click.UsageError where there is no such file."""
    from billing_dsl.tenant.snapshot import ahead, read, unread

    path = _from(file, directory)
    content = _bytes(file)
    if isinstance(content, str):
        return Seen(path, b"", None, (unread(path, content),))
    snapshot, faults = read(path, content)
    if snapshot is not None:
        early = ahead(path, snapshot, edge.now())
        faults = () if early is None else (early,)
    return Seen(path, content, snapshot, faults)


def suits(seen: Seen, found: Standing, accept_old: bool) -> Seen:
    """The same, with what is wrong with it for a catalogue: another's tenant, or too old."""
    from billing_dsl.tenant.snapshot import foreign, stale

    declared, snapshot, folder = found.common.declared, seen.snapshot, found.folder
    if snapshot is None or seen.faults:
        return seen
    tenant = declared.shared.settings.tenant if declared is not None else ""
    wrong = [foreign(seen.path, snapshot, tenant)]
    if not accept_old:
        changed = edge.last_change(folder.directory, folder.texts)
        wrong.append(stale(seen.path, snapshot, changed))
    return replace(seen, faults=tuple(fault for fault in wrong if fault is not None))


def _bytes(file: str) -> bytes | str:
    """The bytes of a file, one more than are read at most; or why it is not read."""
    from billing_dsl.tenant.form import LARGEST

    try:
        descriptor = os.open(file, edge.READING)
    except FileNotFoundError:
        raise click.UsageError(
            f"there is no file `{file}`. `billing-dsl snapshot` tells how to take one."
        ) from None
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "it is not a regular file"
        return opened.read(LARGEST + 1)


def _from(file: str, directory: str) -> str:
    """A file as seen from a folder, with `/`; one that was named in full stays so."""
    if os.path.isabs(file):
        return Path(file).as_posix()
    try:
        return Path(os.path.relpath(file, directory)).as_posix()
    except ValueError:  # on another drive
        return Path(os.path.abspath(file)).as_posix()


@dataclass(frozen=True, slots=True)
class Met:
    """A catalogue that has met a tenant, and what was found."""

    compilation: Compilation
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What nothing may be sent for."""
        return tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)


def meet(found: Standing, compilation: Compilation, families: Sequence[Views], seen: Seen) -> Met:
    """The catalogue beside the tenant; what a waiver accepts is left out."""
    from billing_dsl.telling import met

    if seen.snapshot is None:
        raise ValueError("there is no snapshot to meet")
    with_tenant, coded = met(compilation, families, seen.snapshot, seen.path)
    return Met(with_tenant, diagnostics(found, coded))


def diagnostics(found: Standing, coded: Sequence[Coded]) -> tuple[Diagnostic, ...]:
    """Findings about a tenant, with their places; what waivers accept is left out."""
    from billing_dsl.tenant.pages import PAGES
    from billing_dsl.verdict import verdict

    of_tenants = {page.code for page in PAGES}
    as_of, common = found.as_of, found.common
    waivers = [
        waiver
        for waiver in common.waivers
        if waiver.code in of_tenants and (waiver.until is None or waiver.until >= as_of)
    ]
    texts = found.folder.texts
    names = common.inventory.names
    return verdict(
        coded, waivers, as_of, False, texts.__getitem__, names=names, with_tenant=True
    ).diagnostics


def tell(found: Standing, shown: Sequence[Diagnostic], seen: Seen, colour: str) -> None:
    """Prints findings about a tenant, each with its line."""
    from billing_dsl.report.text import findings

    codes = {one.code for one in shown}
    outcome = replace(found.outcome, pages=checking.page_lines(codes, ()))
    report = checking.report(outcome, tuple(shown))
    report = replace(report, sources={**report.sources, **seen.sources})
    edge.say(findings(report, checking.style(colour)), err=True)


def tell_alone(seen: Seen, colour: str) -> None:
    """Prints what is wrong with a file, without any catalogue."""
    from billing_dsl.report.text import findings
    from billing_dsl.verdict import verdict

    shown = verdict(seen.coded, (), edge.today(), True, lambda _: b"").diagnostics
    edge.say(findings(_report(seen, shown), checking.style(colour)), err=True)


def _report(seen: Seen, shown: tuple[Diagnostic, ...]) -> CheckReport:
    from billing_dsl import __version__
    from billing_dsl.report import CheckReport, Summary

    summary = Summary(len(shown), 0, 0, 0, 0, 0, 0)
    pages = checking.page_lines({one.code for one in shown}, ())
    return CheckReport(shown, summary, seen.sources, pages, ".", __version__)


def told(snapshot: Snapshot) -> str:
    """Which tenant a snapshot is of, and when it was taken, in words."""
    from billing_dsl.tenant.naming import short, visible

    name = f" ({short(visible(snapshot.name))})" if snapshot.name else ""
    return f"tenant {short(visible(snapshot.database))}{name}, as on {snapshot.moment}"


def what_is_left(compilation: Compilation) -> list[str]:
    """What is there, what requests do, and what is left open: lines to close with."""
    from billing_dsl.report._words import count

    sending = compilation.sending
    if sending is None:
        return []
    made = sum(each.method == "POST" for each in sending.requests)
    changed = len(sending.requests) - made
    held = f", {len(sending.held):,} held back" if sending.held else ""
    none = f"{count(sending.equal, 'object')} as declared"
    lines = [f"requests: {made:,} to make, {changed:,} to change{held}; {none}"]
    open_ones = zip(sending.open, ("reference", "label"), strict=True)
    left = " and ".join(count(number, what) for number, what in open_ones if number)
    if left:
        lines.append(f"left open in requests: {left} that the tenant does not have yet")
    if not compilation.declared.shared.settings.tenant:
        lines.append(
            'the settings do not say which tenant is meant: with `autotask: {tenant: "…"}` '
            "snapshots of others are refused"
        )
    return lines


def of_manifest(seen: Seen, sending: Sending) -> dict[str, str]:
    """A snapshot as the manifest names it."""
    return {
        "database": sending.database,
        "taken_at": sending.taken_at,
        "sha256": hashlib.sha256(seen.content).hexdigest(),
    }
