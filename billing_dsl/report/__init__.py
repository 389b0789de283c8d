"""What people and machines are shown: one format a file.

To add a format, add a module that defines one `Format`; it is found by its file. Modules that
start with `_` are shared by the formats and are none themselves. A format judges nothing and
reorders nothing that it does not have to: it prints the diagnostics in the order given.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from billing_dsl.diagnostics import Diagnostic
from billing_dsl.registry import discover

TOOL = "billing-dsl"
PROJECT_URL = "https://billing-dsl.example"
"""Where the project is read on the web; the only place that says so."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text for people is drawn: colours or none, columns at hand, characters at hand."""

    colour: bool = False
    width: int = 100
    unicode: bool = True


@dataclass(frozen=True, slots=True)
class Summary:
    """How many findings there are, and in how much.

    `partial`: something that depends on a broken document was left out, so `cells` are not all.
    """

    errors: int
    warnings: int
    notes: int
    documents: int
    clients: int
    contracts: int
    cells: int
    partial: bool = False
    accepted: int = 0
    """Findings that waivers accept: they are there, but not among the others."""
    accepted_errors: int = 0
    """Errors that waivers or a baseline accept: of them nothing is proved."""


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that a waiver accepts, and who answers for it; `until` is empty without an end."""

    code: str
    severity: str
    message: str
    subject: str
    waiver: str
    reason: str
    owner: str
    until: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check` found, in its stated order, with all that a format needs to print it.

    `sources` holds the bytes of the files that a diagnostic names; a file left out is shown
    without an excerpt. `pages` gives the name and the one-line description of each code.
    `directory` is the catalogue's folder as the user typed it, written with `/`.
    """

    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    sources: Mapping[str, bytes]
    pages: Mapping[str, tuple[str, str]]
    directory: str
    tool_version: str
    accepted: tuple[AcceptedFinding, ...] = ()

    def seen(self, path: str) -> str:
        """A path of the catalogue as seen from where the user stands: `catalogue/roles.yaml`.

        An empty path is the catalogue's folder itself.
        """
        return posixpath.normpath(posixpath.join(self.directory or ".", path))


@dataclass(frozen=True, slots=True)
class Format:
    """One way to print a report: what `--format` calls it, and the function that prints it.

    The text ends with a line break, or is empty. Formats for machines ignore the style, so that
    they are the same on every machine.
    """

    name: str
    render: Callable[[CheckReport, Style], str]


def formats() -> tuple[Format, ...]:
    """Every format, by name."""
    return discover(sys.modules[__name__], Format, lambda found: found.name)


def has_page(code: str) -> bool:
    """Whether the tool has a page for a code; a house rule's is the house's own affair."""
    return code.startswith("BD")


def page_url(code: str, name: str) -> str:
    """The address of a rule's page."""
    return f"{PROJECT_URL}/docs/rules/{code}-{name}.md"
