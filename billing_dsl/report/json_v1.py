"""Findings for scripts: version 1 of the JSON shape. Fields may be added, none may change."""

from __future__ import annotations

from billing_dsl.diagnostics import Diagnostic, Span
from billing_dsl.report import CheckReport, Format, Style, has_page, page_url
from billing_dsl.report._json import Json, document


def render(report: CheckReport, style: Style) -> str:
    """The report as JSON: paths relative to the catalogue's folder, texts exactly as they are."""
    summary = report.summary
    return document(
        {
            "version": 1,
            "diagnostics": [_diagnostic(found) for found in report.diagnostics],
            "summary": {
                "errors": summary.errors,
                "warnings": summary.warnings,
                "notes": summary.notes,
                "documents": summary.documents,
                "clients": summary.clients,
                "contracts": summary.contracts,
                "cells": summary.cells,
                "partial": summary.partial,
                "accepted": summary.accepted,
            },
            "accepted": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "message": one.message,
                    "subject": one.subject,
                    "waiver": one.waiver,
                    "reason": one.reason,
                    "owner": one.owner,
                    "until": one.until or None,
                }
                for one in report.accepted
            ],
        }
    )


def _diagnostic(found: Diagnostic) -> Json:
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "message": found.message,
        "label": found.label,
        "help": found.help,
        **_place(found.span),
        "related": [{**_place(note.span), "message": note.message} for note in found.related],
        "subject": found.subject,
        "route": found.route,
        "reached": [
            {"client": reach.client, "agreement": reach.agreement} for reach in found.reached
        ],
        "assumption": found.assumption,
        "url": page_url(found.code, found.name) if has_page(found.code) else "",
    }


def _place(span: Span) -> dict[str, Json]:
    return {
        "path": span.path,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


JSON_V1 = Format("json", render)
