"""The routing table: where every kind of work ends, on every day, for machines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from billing_dsl.analysis.routes import ClientRoutes, Pattern, Router
from billing_dsl.model import money
from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Teller,
    Views,
    target,
)

PATH = "routing/routes.csv"
HEADER = (
    "client,agreement,work_type,role,sub_issue,valid_from,valid_to,"
    "outcome,contract,contract_type,billing,rate,currency,unit"
)


@target
def routes(compilation: Compilation) -> Teller:
    """
    Where all work ends, as a table for warehouses, time trackers and dashboards.

    One row matches each client, work type, role, sub-issue (or none) and day on which the client
    has a default contract. `*` as role or sub-issue stands for every one, none included, that no
    other row of the same client, work type and dates names. `valid_to` is the last day. Work that
    no contract takes has a row without a contract; its agreement is that of the default contract.
    `rate` is what one `unit` costs: an hour, an entry however long, or a ticket; where nothing is
    billed both are empty, and a rate that nobody has said is empty too.
    """
    return _Routes(compilation)


class _Routes(Teller):
    def __init__(self, compilation: Compilation) -> None:
        declared = compilation.declared
        self._router = Router(declared.shared, declared.cells)
        self._written: dict[Pattern, str] = {}

    def of_family(self, views: Views) -> Iterator[Passage]:
        for view in views:
            found = self._router.of(view)
            template = self._written.get(found.pattern)
            if template is None:
                template = self._written[found.pattern] = _template(found.pattern)
            rows = template % _names_and_days(found)
            yield Passage(view.client.name, PATH, rows.encode())

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        header = f"{HEADER}\n".encode()
        yield Assembled(PATH, chain((header,), everybody.passages(PATH)), "routes")


def _template(pattern: Pattern) -> str:
    """The rows with gaps for names and days. No name or amount holds a `%`, a quote or a comma."""
    return "".join(
        f"%(agreement-{landing.agreement})s,{line.work_type},{line.row.role},{line.row.sub_issue},"
        f"%({line.first}-{line.last})s,{landing.outcome.value},{landing.contract},"
        f"{landing.contract_type.value if landing.contract_type is not None else ''},"
        f"{landing.billing.value},"
        f"{money.text(landing.rate) if landing.rate is not None else ''},{pattern.currency},"
        f"{landing.unit.value if landing.unit is not None else ''}\n"
        for line in pattern.lines
        for landing in (line.row.landing,)
    )


def _names_and_days(routes: ClientRoutes) -> dict[str, str]:
    """What fills the gaps of a template: client and agreement together, first and last day too."""
    filled = {
        f"agreement-{position}": f"{routes.client},{agreement}"
        for position, agreement in enumerate(routes.agreements)
    }
    stretches = routes.stretches
    for first, begun in enumerate(stretches):
        for last in range(first, len(stretches)):
            filled[f"{first}-{last}"] = f"{begun.start},{stretches[last].end}"
    return filled
