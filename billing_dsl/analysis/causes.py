"""Root causes: which line of the catalogue sends work away, and who wrote it."""

from __future__ import annotations

from billing_dsl.analysis.coverage import Hop
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.expand import decides
from billing_dsl.diagnostics import Place
from billing_dsl.kinds._contract import NOWHERE

FIELDS = {"work_type": "scope", "role": "roles", "sub_issue": "sub_issues"}
"""The field of a tier that decides where a thing ends, by dimension."""

LISTS = {"work_type": "work_types", "role": "roles", "sub_issue": "sub_issues"}
"""The list of a contract or set that excludes a thing, by dimension."""

WORDS = {"work_type": "work type", "role": "role", "sub_issue": "sub-issue"}
"""What a person calls each dimension."""


def exclusion_place(contract: Contract, phase: Phase, dimension: str, name: str) -> Place:
    """The line that makes a contract exclude a thing: a tier's end, an exception, or a list."""
    agreement = contract.agreement
    tier = phase.tier
    if tier is None:
        if name in getattr(phase.terms.excludes, LISTS[dimension]):
            return agreement.at("contracts", contract.name, "excludes", LISTS[dimension], name)
        return agreement.at("contracts", contract.name, "excludes", "set")
    position = exception_position(contract, phase, dimension, name)
    if position is not None:
        return agreement.at("exceptions", position, "goes_to")
    if phase.retired or (FIELDS[dimension], name) not in tier.origins:
        return agreement.at("tier")
    return tier.place_of_end(FIELDS[dimension], name)


def exception_position(contract: Contract, phase: Phase, dimension: str, name: str) -> int | None:
    """Which of an agreement's exceptions decides a thing in a phase, if one does: the last."""
    found = None
    for position, exception in enumerate(contract.agreement.exceptions):
        in_force = (exception.start is None or exception.start <= phase.life.start) and (
            exception.until is None or exception.until >= phase.life.end
        )
        same = (exception.dimension, exception.name) == (dimension, name)
        if in_force and same and phase.tier is not None and decides(phase.tier, exception):
            found = position
    return found


def exclusion_source(hop: Hop, dimension: str, name: str) -> str:
    """What excludes a thing at a hop: the name of the set, or empty for an individual exclusion."""
    use = hop.phase.set_use
    if use is not None and name in getattr(use.excludes, LISTS[dimension]):
        return use.name
    return ""


def meant(contract: Contract, phase: Phase, dimension: str, name: str) -> bool:
    """Whether somebody wrote that this thing goes to no contract: `none` as an end or a link."""
    if phase.on_purpose:
        return True
    tier = phase.tier
    if tier is None:
        return False
    position = exception_position(contract, phase, dimension, name)
    if position is not None:
        return contract.agreement.exceptions[position].goes_to == NOWHERE
    ends = {"work_type": tier.scope, "role": tier.roles, "sub_issue": tier.sub_issues}[dimension]
    return ends.get(name) == NOWHERE
