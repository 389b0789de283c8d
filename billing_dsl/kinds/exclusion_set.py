"""A shared exclusion set, as found in a tenant: bespoke agreements name it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class ExclusionSet(Declaration):
    """An Autotask contract exclusion set; its name there is its title."""

    KIND: ClassVar[str] = "exclusion_set"

    work_types: tuple[str, ...]
    roles: tuple[str, ...]
    sub_issues: tuple[str, ...]


def _build(document: Document, _house: House) -> ExclusionSet:
    value = document.value
    return ExclusionSet(
        *base(document),
        work_types=tuple(sorted(value.get("work_types", ()))),
        roles=tuple(sorted(value.get("roles", ()))),
        sub_issues=tuple(sorted(value.get("sub_issues", ()))),
    )


def _mentions(declared: ExclusionSet) -> Iterator[Mention]:
    for kind, field, names in (
        ("work_type", "work_types", declared.work_types),
        ("role", "roles", declared.roles),
        ("sub_issue", "sub_issues", declared.sub_issues),
    ):
        for name in names:
            yield Mention(kind, name, (field, name))


EXCLUSION_SET = Kind(ExclusionSet, _build, _mentions)
