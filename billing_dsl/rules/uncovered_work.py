"""BD301."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._lost import losses_from_default, told


@rule("BD301", Severity.ERROR)
def uncovered_work(client: ClientCoverage) -> Iterator[Finding]:
    """Work that every contract on its path excludes and that ends on none.

    Autotask saves such a time entry without a contract: the agreed rates no longer apply to it,
    and what is billed depends on the role and the work type alone. Where that is meant, write
    `none` as its end, or accept it for the whole MSP with `uncovered: standard_rate` in the
    settings.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: hourly
            type: time_and_materials
            excludes: {work_types: [onsite-support]}

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: recurring_service
            services: [seat]
            excludes: {work_types: [onsite-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        services: {seat: 5}
    """
    if not client.shared.settings.uncovered_is_error:
        return
    yield from told(client, losses_from_default(client))
