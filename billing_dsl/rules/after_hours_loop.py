"""BD206."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule


@rule("BD206", Severity.WARNING)
def after_hours_loop(declared: Declared) -> Iterator[Finding]:
    """Work types whose parts after hours are each other's in a ring.

    Autotask splits an entry at the end of business hours and books what lies beyond under the
    after-hours work type. That type is for the time after hours: it needs none of its own, and
    one that leads back books the night as if it were day.

    Fails:

        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.
        after_hours: night-support
        ---
        kind: work_type
        name: night-support
        title: Night Support
        billing_class: baseline
        description: Help at night.
        after_hours: remote-support

    Passes:

        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office.
        after_hours: night-support
        ---
        kind: work_type
        name: night-support
        title: Night Support
        billing_class: baseline
        description: Help at night.
    """
    work_types = {found.name: found for found in declared.shared.work_types}
    passed: set[str] = set()
    for first in declared.shared.work_types:
        path: list[WorkType] = []
        here: WorkType | None = first
        while here is not None and here.name not in passed:
            passed.add(here.name)
            path.append(here)
            here = work_types.get(here.after_hours)
        if here in path:
            yield _ring(path[path.index(here) :])


def _ring(ring: list[WorkType]) -> Finding:
    at = ring.index(min(ring, key=lambda member: member.name))
    ring = [*ring[at:], *ring[:at]]
    first = ring[0]
    names = " → ".join(f"`{member.name}`" for member in (*ring, first))
    return Finding(
        first.at("after_hours"),
        f"work types are each other's after-hours types in a ring: {names}"
        if len(ring) > 1
        else f"work type `{first.name}` is its own after-hours type",
        label="the ring begins and ends here",
        help="take `after_hours` out of the work type that is meant for the time after hours",
        related=tuple(
            Label(member.at("after_hours"), f"after hours `{member.name}` goes on here")
            for member in ring[1:]
        ),
        subject=first.subject,
    )
