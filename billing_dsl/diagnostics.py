"""What is wrong, where, and what to do: the values that every stage hands upwards.

This module imports nothing of ours, so that any stage may report without knowing who listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Route: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys of mappings, positions in lists."""


class Severity(StrEnum):
    """How much a finding matters; the rule states it, a finding does not know it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error: what `--fail-on` compares."""
        return ("note", "warning", "error").index(self.value)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text: lines and columns from 1, in code points, the end excluded.

    `path` is relative to the catalogue's folder and written with `/`.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a document by its route; `source.places` turns it into a `Span` when needed.

    `document` counts the documents of the file from 0. `key` points at the key instead of the
    value that it holds. A route that leads beyond what is written ends at its last existing step.
    """

    path: str
    document: int = 0
    route: Route = ()
    key: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains a finding."""

    place: Place | Span
    message: str


@dataclass(frozen=True, slots=True)
class Reach:
    """An agreement that a finding reaches; `agreement` is empty where the client as a whole is."""

    client: str
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place. The rule that found it adds its code and severity.

    `subject` is what a waiver names: `agreement/globex-2024`, `tier/silver@2`. Findings of one
    rule that differ in `reached` alone are one finding: a tier's fault that hits forty clients.
    """

    place: Place | Span
    message: str
    label: str = ""
    help: str = ""
    related: tuple[Label, ...] = ()
    subject: str = ""
    reached: tuple[Reach, ...] = ()
    assumption: str = ""
    """The name of the modelled assumption it rests on, a heading of docs/assumptions.md."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding of the stages below the rules, which states its own code."""

    code: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Note:
    """A second place of a diagnostic, located."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with code, name and severity, located: what a report prints."""

    code: str
    name: str
    severity: Severity
    span: Span
    message: str
    label: str = ""
    help: str = ""
    related: tuple[Note, ...] = ()
    subject: str = ""
    reached: tuple[Reach, ...] = ()
    assumption: str = ""
    route: str = ""
    """The route as text, `scope.onsite-support`: what stays when lines move (fingerprints)."""
    occurrence: int = 0
    """Counts diagnostics alike in code, path, route and message."""

    @property
    def order(self) -> tuple[object, ...]:
        """The stated order of diagnostics: by place, then code, then text."""
        span = self.span
        return (span.path, span.line, span.column, self.code, self.message, self.subject)
