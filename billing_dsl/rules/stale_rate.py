"""BD406."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.tier import Tier
from billing_dsl.rules import rule


@rule("BD406", Severity.WARNING)
def stale_rate(declared: Declared) -> Iterator[Finding]:
    """A rate, price or tier that should have been looked at again by now.

    Its `review_by` is past: nobody has said since that the amounts still hold.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        review_by: 2026-12-31

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        review_by: 2027-12-31
    """
    catalogue = declared.shared.catalogue
    reviewed: tuple[Role | Service | ServiceBundle | Tier, ...] = (
        *catalogue.all(Role),
        *catalogue.all(Service),
        *catalogue.all(ServiceBundle),
        *catalogue.all(Tier),
    )
    for declaration in reviewed:
        due = declaration.review_by
        if due is not None and due < declared.as_of:
            word = declaration.KIND.replace("_", " ")
            yield Finding(
                declaration.at("review_by"),
                f"{word} `{declaration.key}` was to be reviewed by {due}",
                label="its last day",
                help="look at its amounts again, then move the day on",
                subject=declaration.subject,
            )
