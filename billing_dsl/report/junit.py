"""Findings as a test report, which every CI system shows.

One suite; a test case is a rule that has something to say about a file. It fails where one of the
findings is an error; warnings and notes stand in the output of a case that passes. A catalogue
without findings is one case that passes, since some readers refuse a report without cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from billing_dsl.diagnostics import Diagnostic, Severity
from billing_dsl.report import TOOL, CheckReport, Format, Style, Summary
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count, sentences, spot

_SPECIAL = re.compile(r"""[&<>"']|[^ -~]""")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def render(report: CheckReport, style: Style) -> str:
    """The report as JUnit XML, in ASCII."""
    cases: dict[tuple[str, str], list[Diagnostic]] = {}
    for found in report.diagnostics:
        cases.setdefault((found.span.path, found.code), []).append(found)
    failures = sum(any(map(_is_error, found)) for found in cases.values())
    totals = f'tests="{max(1, len(cases))}" failures="{failures}" errors="0" skipped="0" time="0"'
    name = f'name="{TOOL} check"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {name} {totals}>",
        f"  <testsuite {name} {totals}>",
        *_properties(report.summary),
        *(line for found in cases.values() for line in _case(report, found)),
    ]
    if not cases:
        seen = attribute(visible(report.seen("")))
        lines.append(f'    <testcase classname="{seen}" name="no findings" time="0"/>')
    lines += ["  </testsuite>", "</testsuites>"]
    return "".join(f"{line}\n" for line in lines)


def _properties(summary: Summary) -> Iterator[str]:
    yield "    <properties>"
    for name in ("documents", "clients", "contracts", "cells", "partial"):
        value = str(getattr(summary, name)).lower()
        yield f'      <property name="{name}" value="{value}"/>'
    yield "    </properties>"


def _case(report: CheckReport, found: Sequence[Diagnostic]) -> Iterator[str]:
    first = found[0]
    seen = attribute(visible(report.seen(first.span.path)))
    name = attribute(visible(f"{first.code} {first.name}"))
    yield f'    <testcase classname="{seen}" name="{name}" file="{seen}" time="0">'
    errors = [each for each in found if _is_error(each)]
    others = [each for each in found if not _is_error(each)]
    if errors:
        more = f" (and {count(len(errors) - 1, 'more error')})" if len(errors) > 1 else ""
        message = attribute(visible(errors[0].message) + more)
        body = content(_prose(report, errors))
        kind = attribute(visible(first.code))
        yield f'      <failure type="{kind}" message="{message}">{body}</failure>'
    if others:
        yield f"      <system-out>{content(_prose(report, others))}</system-out>"
    yield "    </testcase>"


def _prose(report: CheckReport, found: Sequence[Diagnostic]) -> str:
    return "\n\n".join(
        f"{spot(report, each.span)}: {each.severity}: " + "\n".join(sentences(report, each))
        for each in found
    )


def _is_error(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR


def attribute(text: str) -> str:
    """A visible text as the value of an XML attribute, where a bare line break becomes a space."""
    return _SPECIAL.sub(_escape, text)


def content(text: str) -> str:
    """A text between two XML tags: as in an attribute, but with its lines as lines."""
    return attribute(text).replace("&#10;", "\n")


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _NAMED.get(char) or f"&#{ord(char)};"


JUNIT = Format("junit", render)
