"""BD423."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.rules import rule


@rule("BD423", Severity.ERROR)
def backwards_hours(declared: Declared) -> Iterator[Finding]:
    """A work type whose least hours for an entry are more than its most.

    No entry could keep to both.

    Fails:

        kind: work_type
        name: onsite-support
        title: Onsite Support
        billing_class: baseline
        description: Work at the client's premises.
        minimum_hours: 4
        maximum_hours: 2

    Passes:

        kind: work_type
        name: onsite-support
        title: Onsite Support
        billing_class: baseline
        description: Work at the client's premises.
        minimum_hours: 1
        maximum_hours: 8
    """
    for work_type in declared.shared.work_types:
        least, most = work_type.minimum_hours, work_type.maximum_hours
        if least is not None and most is not None and least > most:
            yield Finding(
                work_type.at("minimum_hours"),
                f"the least hours of an entry, {least}, are more than the most, {most}",
                label="the least",
                help="exchange the two, or remove one",
                related=(Label(work_type.at("maximum_hours"), "the most"),),
                subject=work_type.subject,
            )
