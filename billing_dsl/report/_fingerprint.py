"""What a finding is known by from one run to the next, wherever its line has moved to."""

from __future__ import annotations

import hashlib
from collections import Counter

from billing_dsl.diagnostics import Diagnostic
from billing_dsl.report import CheckReport


def fingerprints(report: CheckReport) -> tuple[str, ...]:
    """A fingerprint for each diagnostic, no two equal: GitLab drops all but the first of equals.

    Made of code, file, route, message and occurrence, never of a line number.
    """
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in report.diagnostics:
        print_ = _hash(_identity(report, diagnostic), str(diagnostic.occurrence))
        seen[print_] += 1
        found.append(print_ if seen[print_] == 1 else _hash(print_, str(seen[print_])))
    return tuple(found)


def _identity(report: CheckReport, diagnostic: Diagnostic) -> str:
    seen = report.seen(diagnostic.span.path)
    return "\0".join((diagnostic.code, seen, diagnostic.route, diagnostic.message))


def _hash(*parts: str) -> str:
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:32]
