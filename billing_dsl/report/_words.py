"""The words that several formats share: counts, who is reached, a finding as lines of prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billing_dsl.diagnostics import Diagnostic, Reach, Span
from billing_dsl.report import CheckReport
from billing_dsl.report._visible import visible

_NAMED = 3  # more clients than this are counted


def count(number: int, thing: str) -> str:
    """A number of things: `1 error`, `12,960 cells`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def clients(reached: Sequence[Reach]) -> str:
    """Who is reached, each client once in the order given: `acme, globex and 12 more clients`."""
    names = list(dict.fromkeys(reach.client for reach in reached))
    if len(names) <= _NAMED:
        return ", ".join(names)
    named = names[: _NAMED - 1]
    return f"{', '.join(named)} and {count(len(names) - len(named), 'more client')}"


def spot(report: CheckReport, span: Span) -> str:
    """A place as editors and terminals link it: `catalogue/roles.yaml:12:3`.

    A finding about the whole catalogue has no file, and no line.
    """
    seen = visible(report.seen(span.path))
    return f"{seen}:{span.line}:{span.column}" if span.path else seen


def sentences(
    report: CheckReport, diagnostic: Diagnostic, *, related: bool = True
) -> Iterator[str]:
    """A diagnostic as lines of prose: its message, then each further thing it says.

    Without `related`, for a format that has a field of its own for related places.
    """
    yield visible(diagnostic.message)
    if diagnostic.label:
        yield visible(diagnostic.label)
    for note in diagnostic.related if related else ():
        yield f"{spot(report, note.span)}: {visible(note.message)}"
    if diagnostic.help:
        yield f"help: {visible(diagnostic.help)}"
    if diagnostic.reached:
        yield f"reached: {visible(clients(diagnostic.reached))}"
    if diagnostic.assumption:
        yield f"assumption: {visible(diagnostic.assumption)}"
