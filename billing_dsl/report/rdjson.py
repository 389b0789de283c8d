"""reviewdog's diagnostic format, which carries findings to any forge.

Its columns count bytes of UTF-8, so they are worked out from the source; without the source only
lines are given, which stand for whole lines. Older readers refuse a field that they do not know,
so related places are lines of the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from billing_dsl.diagnostics import Diagnostic, Severity, Span
from billing_dsl.report import (
    PROJECT_URL,
    TOOL,
    CheckReport,
    Format,
    Style,
    has_page,
    page_url,
)
from billing_dsl.report._excerpt import split
from billing_dsl.report._json import Json, document
from billing_dsl.report._words import sentences

_SEVERITY = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: CheckReport, style: Style) -> str:
    """The report as one `DiagnosticResult`."""
    lines = {path: split(source) for path, source in report.sources.items()}
    return document(
        {
            "source": {"name": TOOL, "url": PROJECT_URL},
            "diagnostics": [_diagnostic(report, found, lines) for found in report.diagnostics],
        }
    )


def _diagnostic(report: CheckReport, found: Diagnostic, lines: Mapping[str, Sequence[str]]) -> Json:
    location: dict[str, Json] = {"path": report.seen(found.span.path)}
    if found.span.path:
        location["range"] = _range(found.span, lines.get(found.span.path, ()))
    code: dict[str, Json] = {"value": found.code}
    if has_page(found.code):
        code["url"] = page_url(found.code, found.name)
    return {
        "message": "\n".join(sentences(report, found)),
        "location": location,
        "severity": _SEVERITY[found.severity],
        "code": code,
    }


def _range(span: Span, lines: Sequence[str]) -> Json:
    if not 1 <= span.line <= span.end_line <= len(lines):
        return {"start": {"line": span.line}, "end": {"line": span.end_line}}
    return {
        "start": {"line": span.line, "column": in_bytes(lines[span.line - 1], span.column)},
        "end": {
            "line": span.end_line,
            "column": in_bytes(lines[span.end_line - 1], span.end_column),
        },
    }


def in_bytes(line: str, column: int) -> int:
    """A column counted in code points, counted in bytes of UTF-8."""
    return len(line[: column - 1].encode()) + 1


RDJSON = Format("rdjson", render)
