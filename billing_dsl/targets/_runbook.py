"""What a runbook says, without its form: statements about one agreement, for those who bill it.

Nothing here is typed twice: where work lands comes from the coverage, days and checks from what the
agreement has. Names are those that stand in Autotask, for whoever looks there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.drawing import Drawing
from billing_dsl.analysis.landings import Landing
from billing_dsl.model.calendar import Stretch


@dataclass(frozen=True, slots=True)
class Stage:
    """Days of an agreement on which neither the path nor any charge changes.

    `moved` is told of all but the first: what ends, or costs, otherwise than on the days before.
    """

    life: Stretch
    tier: str
    drawing: Drawing
    landings: tuple[Landing, ...]
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which something happens, and what there is to do."""

    day: date
    what: str
    deed: str


@dataclass(frozen=True, slots=True)
class Look:
    """Something to look at each month: where, and why this agreement needs it."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract of the agreement as Autotask has it."""

    name: str
    in_autotask: str
    type: str
    days: str
    excludes: str
    falls_to: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that is assumed of Autotask, on which the statements rest."""

    title: str
    model: str
    known: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A document of the catalogue, and what it decides here."""

    decides: str
    subject: str
    place: str


@dataclass(frozen=True, slots=True)
class Runbook:
    """How one agreement is billed. `others` are further agreements at which its work may end."""

    client_name: str
    agreement_name: str
    about: str
    provider: str
    facts: tuple[tuple[str, str], ...]
    currency: str
    stages: tuple[Stage, ...]
    others: tuple[str, ...]
    comes: tuple[str, ...]
    """Contracts of other agreements from which work falls to this one."""
    days: tuple[Due, ...]
    looks: tuple[Look, ...]
    contracts: tuple[ContractRow, ...]
    grounds: tuple[Ground, ...]
    writings: tuple[Writing, ...]
    questions: tuple[str, ...]
    """Commands that tell more."""
