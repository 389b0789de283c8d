"""One file a rule: what is wrong with a catalogue, found by this folder.

To add a rule, write a module here with one function under `@rule(code, severity)`. What it looks
at is the type of its only parameter:

- `Declared`: what clients share. Runs once, however many clients there are.
- `ClientCoverage`: one client. Runs for each; equal findings of several clients become one.
- `Portfolio`: all clients in short.

A rule that looks at two of them, each when its turn comes, joins them: `Declared | ClientCoverage`.

Its docstring is its page: the first line says what is wrong, then why it matters; `Fails:` and
`Passes:` hold examples that run as tests. A *Fails* example must yield this rule's code and no
other, a *Passes* example nothing. An example leaves out what `rules/_examples.py` completes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.views import ClientCoverage, Declared, Portfolio
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.registry import discover

View: TypeAlias = Declared | ClientCoverage | Portfolio
V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule: its stable code and name, how much it matters, and what it looks at."""

    code: str
    name: str
    severity: Severity
    looks_at: str
    """The names of its views: `Declared`, `ClientCoverage`, `Portfolio`, joined by `|`."""
    page: str
    find: Callable[..., Iterable[Finding]]
    """Called with each view that the rule looks at."""


def rule(code: str, severity: Severity) -> Callable[[Callable[[V], Iterable[Finding]]], Rule]:
    """Makes a rule of a function: its name, with hyphens, is the rule's."""

    def make(find: Callable[[V], Iterable[Finding]]) -> Rule:
        (looks_at,) = [
            annotation.__name__ if isinstance(annotation, type) else str(annotation)
            for parameter, annotation in find.__annotations__.items()
            if parameter != "return"
        ]

        return Rule(
            code, find.__name__.replace("_", "-"), severity, looks_at, find.__doc__ or "", find
        )

    return make


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the tool, by code."""
    return discover(sys.modules[__name__], Rule, lambda rule: rule.code)


@cache
def looking_at(view: str, among: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that look at one view, by the name of its class."""
    return tuple(rule for rule in among if view in _views(rule.looks_at))


@cache
def _views(looks_at: str) -> frozenset[str]:
    return frozenset(name.strip().rpartition(".")[2] for name in looks_at.split("|"))


def findings(among: tuple[Rule, ...], view: View) -> Iterator[tuple[Rule, Finding]]:
    """What rules find in a view, in order of rules."""
    for rule in looking_at(type(view).__name__, among):
        for finding in rule.find(view):
            yield rule, finding
