"""BD308."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from billing_dsl.analysis.causes import LISTS, WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import Exclusions
from billing_dsl.rules import rule


@rule("BD308", Severity.NOTE)
def exclusion_without_effect(client: ClientCoverage) -> Iterator[Finding]:
    """An exclusion that changes nothing: without it, the contract excludes exactly the same.

    The contract's set excludes it already, or other exclusions do. Whoever reads it believes that
    it matters, and whoever lifts it will be surprised.

    Fails:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {set: classic, work_types: [onsite-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        ---
        kind: exclusion_set
        name: classic
        title: Classic managed service
        work_types: [onsite-support]
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - name: managed
            type: time_and_materials
            excludes: {set: classic, work_types: [out-of-hours-support]}
            falls_to: hourly
          - {name: hourly, type: time_and_materials}
        ---
        kind: exclusion_set
        name: classic
        title: Classic managed service
        work_types: [onsite-support]
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
    """
    cells = client.cells
    for contract in client.contracts:
        phase = contract.phases[0]
        written = phase.terms.excludes
        if phase.tier is not None or not written:
            continue
        in_set = phase.set_use.excludes if phase.set_use is not None else Exclusions()
        whole = cells.excluded(phase.excludes)
        for dimension, field in LISTS.items():
            for name in getattr(written, field):
                others = tuple(one for one in getattr(written, field) if one != name)
                rest = replace(written, **{field: others}) | in_set
                if cells.excluded(rest) != whole:
                    continue
                place = contract.agreement.at("contracts", contract.name, "excludes", field, name)
                same = name in getattr(in_set, field)
                set_place = contract.agreement.at("contracts", contract.name, "excludes", "set")
                yield Finding(
                    place,
                    f"excluding {WORDS[dimension]} `{name}` from `{contract.name}` changes nothing",
                    label="the contract excludes the same without it",
                    help="leave it out",
                    related=(Label(set_place, "the set excludes it already"),) if same else (),
                    subject=contract.agreement.subject,
                    reached=client.reach(contract.agreement),
                )
