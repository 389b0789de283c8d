"""BD326."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule
from billing_dsl.rules._titles import plain


@rule("BD326", Severity.ERROR)
def same_work_type_title(declared: Declared) -> Iterator[Finding]:
    """Two work types with one title.

    The title is the work type's name in Autotask: of two that are alike but for capitals and
    spaces an engineer picks either, and the work goes whichever way that one goes.

    Fails:

        kind: work_type
        name: training
        title: User Training
        billing_class: edge
        description: Teaching people a program.
        ---
        kind: work_type
        name: classes
        title: User training
        billing_class: edge
        description: Teaching people safe habits.

    Passes:

        kind: work_type
        name: training
        title: User Training
        billing_class: edge
        description: Teaching people a program.
        ---
        kind: work_type
        name: classes
        title: Security Awareness
        billing_class: edge
        description: Teaching people safe habits.
    """
    first: dict[str, WorkType] = {}
    for work_type in declared.shared.work_types:
        known = first.setdefault(plain(work_type.title), work_type)
        if known is not work_type:
            yield Finding(
                work_type.at("title"),
                f"work types `{known.name}` and `{work_type.name}` have the same title",
                label="the same title again",
                help="give one of them a title that tells the two activities apart, or merge them",
                related=(Label(known.at("title"), "the title as it stands first"),),
                subject=work_type.subject,
                assumption="work-type-names",
            )
