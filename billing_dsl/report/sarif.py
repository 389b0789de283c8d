"""SARIF 2.1.0: what code scanning and editors read.

GitHub takes 25,000 results of a run and 1,000 places of a result; what is beyond is left out,
the least severe first, and a notification says so. Only rules with a result are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from billing_dsl.diagnostics import Diagnostic, Span
from billing_dsl.report import (
    PROJECT_URL,
    TOOL,
    CheckReport,
    Format,
    Style,
    has_page,
    page_url,
)
from billing_dsl.report._fingerprint import fingerprints
from billing_dsl.report._json import Json, document
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count, sentences

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 25_000
MOST_PLACES = 1_000
_DRIVE = re.compile(r"[A-Za-z]:/")


def render(report: CheckReport, style: Style) -> str:
    """The report as a SARIF log of one run."""
    found = report.diagnostics
    worst = sorted(range(len(found)), key=lambda at: -found[at].severity.rank)[:MOST_RESULTS]
    prints = fingerprints(report)
    kept = [(found[at], prints[at]) for at in sorted(worst)]
    rules = _rules(report, [diagnostic for diagnostic, _ in kept])
    index = {code: at for at, code in enumerate(rules)}
    run: Json = {
        "tool": {
            "driver": {
                "name": TOOL,
                "version": report.tool_version,
                "informationUri": PROJECT_URL,
                "rules": list(rules.values()),
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": text}} for text in _left_out(report)
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(report, diagnostic, index[diagnostic.code], fingerprint)
            for diagnostic, fingerprint in kept
        ],
    }
    return document({"version": "2.1.0", "$schema": SCHEMA, "runs": [run]})


def _left_out(report: CheckReport) -> Iterable[str]:
    """What this log does not say."""
    beyond = len(report.diagnostics) - MOST_RESULTS
    if beyond > 0:
        yield f"{count(beyond, 'more finding')} left out, the least severe of all"
    crowded = sum(len(found.related) >= MOST_PLACES for found in report.diagnostics)
    if crowded:
        yield f"related places left out beyond {MOST_PLACES:,}, in {count(crowded, 'finding')}"
    if report.summary.partial:
        yield "partial: what depends on a broken document was left out"


def _rules(report: CheckReport, found: Sequence[Diagnostic]) -> Mapping[str, Json]:
    """The rules that found something, by code; the level is that of their worst finding."""
    worst: dict[str, Diagnostic] = {}
    for diagnostic in found:
        known = worst.setdefault(diagnostic.code, diagnostic)
        if diagnostic.severity.rank > known.severity.rank:
            worst[diagnostic.code] = diagnostic
    return {code: _rule(report, worst[code]) for code in sorted(worst)}


def _rule(report: CheckReport, found: Diagnostic) -> Json:
    name, description = report.pages.get(found.code, (found.name, found.name.replace("-", " ")))
    rule: dict[str, Json] = {
        "id": found.code,
        "name": name,
        "shortDescription": {"text": description},
        "fullDescription": {"text": description},
        "help": {"text": description},
    }
    if has_page(found.code):
        url = page_url(found.code, name)
        command = f"{TOOL} explain {found.code}"
        rule["help"] = {
            "text": f"{command}\n{url}",
            "markdown": f"`{command}`, or [its page]({url})",
        }
        rule["helpUri"] = url
    return {**rule, "defaultConfiguration": {"level": found.severity.value}}


def _result(report: CheckReport, found: Diagnostic, rule: int, fingerprint: str) -> Json:
    result: dict[str, Json] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": _message("\n".join(sentences(report, found, related=False))),
        "locations": [{"physicalLocation": _place(report, found.span)}],
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1"},
    }
    related = found.related[: MOST_PLACES - 1]
    if related:
        places: list[dict[str, Json]] = [
            {"message": _message(visible(text)), "physicalLocation": _place(report, span)}
            for span, text in (
                (found.span, found.label or found.message),
                *((note.span, note.message) for note in related),
            )
        ]
        result["relatedLocations"] = [{"id": at, **each} for at, each in enumerate(places[1:], 1)]
        steps: Json = [{"location": each} for each in places]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return result


def _message(text: str) -> dict[str, Json]:
    """A message in which nothing is read as a link: `[text](place)` would be one."""
    return {"text": text.replace("](", "\\](")}


def _place(report: CheckReport, span: Span) -> dict[str, Json]:
    place: dict[str, Json] = {"artifactLocation": address(report.seen(span.path))}
    if span.path:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return place


def address(path: str) -> dict[str, Json]:
    """A path as a URI: within the repository, or of a file where the path is absolute."""
    from urllib.parse import quote

    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{quote(path[2:], errors='surrogatepass')}"}
    uri = quote(path, errors="surrogatepass")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


SARIF = Format("sarif", render)
