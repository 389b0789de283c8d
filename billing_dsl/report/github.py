"""Annotations on a pull request, as GitHub's workflow commands.

GitHub shows about ten annotations of each kind for a step, so ten of each are printed, the worst
first, and then how many more there are. Escaping is a security control: the runner obeys every
line of the log that starts with `::`, and what a client is called must not become such a line.
"""

from __future__ import annotations

from billing_dsl.diagnostics import Diagnostic, Severity
from billing_dsl.report import CheckReport, Format, Style
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count, sentences

SHOWN = 10
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: CheckReport, style: Style) -> str:
    """An annotation a line: errors, then warnings, then notes, and `and N more`."""
    lines: list[str] = []
    left: list[tuple[int, str]] = []
    for severity in _COMMAND:
        found = [each for each in report.diagnostics if each.severity is severity]
        lines += [_annotation(report, each) for each in found[:SHOWN]]
        if len(found) > SHOWN:
            left.append((len(found) - SHOWN, severity.value))
    if left:
        kinds = ", ".join(count(number, kind) for number, kind in left)
        lines.append(f"and {sum(number for number, _ in left):,} more: {kinds}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(report: CheckReport, found: Diagnostic) -> str:
    span = found.span
    place = {"file": visible(report.seen(span.path))}
    if span.path:
        place |= {"line": str(span.line), "endLine": str(span.end_line)}
    if span.path and span.line == span.end_line:  # GitHub takes columns only within one line
        place |= {"col": str(span.column), "endColumn": str(span.end_column)}
    place["title"] = visible(f"{found.code} {found.name}")
    properties = ",".join(f"{name}={in_property(value)}" for name, value in place.items())
    text = in_message("\n".join(sentences(report, found)))
    return f"::{_COMMAND[found.severity]} {properties}::{text}"


def in_message(text: str) -> str:
    """A text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def in_property(text: str) -> str:
    """A text as the value of a workflow command's property."""
    return in_message(text).replace(":", "%3A").replace(",", "%2C")


GITHUB = Format("github", render)
