"""What `explain` says of a code: one page each."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one code: what is wrong, why it matters, and examples that run as tests."""

    code: str
    name: str
    severity: Severity
    text: str


PAGES: tuple[Page, ...] = ()
