"""One file a target: what a catalogue is compiled into, found by this folder.

To add a target, write a module here with one function under `@target`. It takes the
`Compilation` and gives `Artifact`s, whose paths are relative to the output folder, and `Fault`s
for what it cannot express: nothing is dropped in silence. Its docstring is its page.

Modules whose names start with `_` are shared by targets and are none themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Fault
from billing_dsl.registry import discover
from billing_dsl.targets._sending import Sending


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output: its path relative to the output folder with `/`, and its bytes."""

    path: str
    content: bytes
    kind: str
    """What the manifest calls it: `requests`, `table`, `checklist`, `document`, `routes`."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """A checked catalogue, ready to be written out: every target reads this and nothing else."""

    declared: Declared
    clients: tuple[ClientCoverage, ...]
    """Every client, in order of names."""
    as_of: date
    catalogue_hash: str
    """Over the paths and bytes of all files of the catalogue."""
    commit: str
    """The commit of the catalogue, or empty outside a repository."""
    tool_version: str
    sending: Sending | None = None
    """What is sent to the tenant of a snapshot; None where nobody has looked at a tenant."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a catalogue is compiled into."""

    name: str
    page: str
    emit: Callable[[Compilation], Iterable[Artifact | Fault]]


def target(emit: Callable[[Compilation], Iterable[Artifact | Fault]]) -> Target:
    """Makes a target of a function: its name, with hyphens, is the target's."""
    return Target(emit.__name__.replace("_", "-"), emit.__doc__ or "", emit)


@cache
def targets() -> tuple[Target, ...]:
    """Every target, by name."""
    return discover(sys.modules[__name__], Target, lambda target: target.name)
