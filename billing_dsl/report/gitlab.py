"""GitLab's Code Quality report: what its merge requests show.

GitLab knows five severities. An error is `major`: `compile` refuses, but nothing has happened
yet, which is what `critical` and `blocker` speak of. A warning is `minor`, a note is `info`.
"""

from __future__ import annotations

from billing_dsl.diagnostics import Diagnostic, Severity
from billing_dsl.report import CheckReport, Format, Style
from billing_dsl.report._fingerprint import fingerprints
from billing_dsl.report._json import Json, document
from billing_dsl.report._visible import visible

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: CheckReport, style: Style) -> str:
    """The report as a list of issues, each with a fingerprint of its own."""
    prints = fingerprints(report)
    return document(
        [
            _issue(report, found, fingerprint)
            for found, fingerprint in zip(report.diagnostics, prints, strict=True)
        ]
    )


def _issue(report: CheckReport, found: Diagnostic, fingerprint: str) -> Json:
    cure = f" (help: {visible(found.help)})" if found.help else ""
    return {
        "description": f"{found.code}: {visible(found.message)}{cure}",
        "check_name": f"{found.code} {found.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITY[found.severity],
        "location": {
            "path": report.seen(found.span.path),
            "lines": {"begin": found.span.line, "end": found.span.end_line},
        },
    }


GITLAB = Format("gitlab", render)
