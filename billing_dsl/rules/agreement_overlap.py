"""BD403."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.book import Start
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.model.calendar import Stretch
from billing_dsl.rules import rule


@rule("BD403", Severity.ERROR)
def agreement_overlap(client: ClientCoverage) -> Iterator[Finding]:
    """Two agreements of one client that both hold its default contract on the same day.

    Autotask has one default service desk contract for a client: on such days the work could start
    from either, and what is billed would depend on which of them somebody has set.

    Fails:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-01-01
        end: 2027-03-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2028-12-31
        contracts: [{name: hourly, type: time_and_materials}]

    Passes:

        kind: agreement
        name: acme-2026
        client: acme
        start: 2026-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]
        ---
        kind: agreement
        name: acme-move
        client: acme
        default: false
        start: 2027-01-01
        end: 2027-03-31
        contracts: [{name: project, type: time_and_materials}]
    """
    starts = client.family.book.starts[client.client.name]
    if len(starts) < 2:
        return
    shared: dict[tuple[str, str], list[Stretch]] = {}
    found: dict[tuple[str, str], tuple[Start, Start]] = {}
    for one, two in combinations([start for start in starts if start.contract], 2):
        if one.agreement is two.agreement:
            continue
        days = Stretch(max(one.life.start, two.life.start), min(one.life.end, two.life.end))
        if days.start <= days.end:
            key = (one.agreement.name, two.agreement.name)
            shared.setdefault(key, []).append(days)
            found.setdefault(key, (one, two))
    for key, (one, two) in found.items():
        first, second = one.agreement, two.agreement
        lives = sorted(shared[key])
        days = Stretch(lives[0].start, max(life.end for life in lives))
        yield Finding(
            second.at("start"),
            f"agreements `{first.name}` and `{second.name}` both hold the default contract, "
            f"the first day {days.start}, the last {days.end}",
            label=f"`{second.name}` begins here",
            help="end one before the other begins, or write `default: false` in the one that "
            "tickets do not start from",
            related=(Label(first.place_of_end, f"`{first.name}` ends on {first.life.end}"),),
            subject=second.subject,
            reached=client.reach(second),
        )
