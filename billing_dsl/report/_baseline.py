"""Findings accepted as they are today: a file that lists them, and what is left beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from billing_dsl.diagnostics import Diagnostic


class BaselineError(ValueError):
    """A file that is not a baseline; says why."""


def key(diagnostic: Diagnostic) -> str:
    """What stays of a finding when lines move: code, file, route, message and whom it reaches."""
    reached = [f"{reach.client}/{reach.agreement}" for reach in diagnostic.reached]
    parts = (
        diagnostic.code,
        diagnostic.span.path,
        diagnostic.route,
        diagnostic.message,
        str(diagnostic.occurrence),
        *reached,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def baseline(diagnostics: Sequence[Diagnostic]) -> str:
    """The file that accepts these findings: one row each, readable in a review."""
    rows = [
        {
            "key": key(diagnostic),
            "code": diagnostic.code,
            "path": diagnostic.span.path,
            "message": diagnostic.message,
        }
        for diagnostic in diagnostics
    ]
    return json.dumps({"version": 1, "findings": rows}, indent=1) + "\n"


def without(diagnostics: Sequence[Diagnostic], text: bytes) -> tuple[Diagnostic, ...]:
    """The findings that a baseline does not list. Raises BaselineError where it is none."""
    try:
        read: Any = json.loads(text)
        version, accepted = read["version"], {row["key"] for row in read["findings"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BaselineError("it was not written by `check --update-baseline`") from None
    if version != 1:
        raise BaselineError(f"its version is {version}, this tool knows version 1")
    return tuple(found for found in diagnostics if key(found) not in accepted)
