"""What each finding of the reader means, as `explain` prints it."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a code: why it matters, an example that has it, and one that does not."""

    code: str
    name: str
    severity: Severity
    text: str


PAGES: tuple[Page, ...] = ()
