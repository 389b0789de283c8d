"""The pages of faults in names, dates and rates: what a document's shape cannot show."""

from __future__ import annotations

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import Page

PAGES = (
    Page(
        "BD201",
        "unknown-name",
        Severity.ERROR,
        """
        A name that no document declares.

        A role, work type, service, tier, client or contract is named that the catalogue does not
        have: mostly a misspelling. What depends on it is left out of the proof until it is mended.

        Fails:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: managed
                type: time_and_materials
                excludes: {work_types: [onsite-suport]}
                falls_to: hourly
              - {name: hourly, type: time_and_materials}

        Passes:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: managed
                type: time_and_materials
                excludes: {work_types: [onsite-support]}
                falls_to: hourly
              - {name: hourly, type: time_and_materials}
        """,
    ),
    Page(
        "BD202",
        "duplicate-name",
        Severity.ERROR,
        """
        Two things of one kind with the same name.

        Which of them is meant would depend on the order of files. Tiers alone may share a name,
        with different versions.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            ---
            kind: role
            name: engineer
            title: Another Engineer
            rate: 90.00

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            ---
            kind: role
            name: senior-engineer
            title: Senior Engineer
            rate: 90.00
        """,
    ),
    Page(
        "BD204",
        "settings-count",
        Severity.ERROR,
        """
        A catalogue without settings, or with several.

        The settings hold the currency and the time zone of the whole MSP; without them no amount
        means anything. A folder that holds no document at all is probably not the one you meant.

        Fails:

            kind: settings
            name: one
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            ---
            kind: settings
            name: two
            title: The same MSP
            currency: CHF
            timezone: Europe/Zurich

        Passes:

            kind: settings
            name: one
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
        """,
    ),
    Page(
        "BD207",
        "ring-of-tiers",
        Severity.ERROR,
        """
        Tiers that extend each other in a ring.

        Each waits for the other to say what it inherits. Let one of them stand by itself.

        Fails:

            kind: tier
            name: bronze
            version: 1
            effective: 2027-01-01
            title: Bronze
            extends: silver@1
            ---
            kind: tier
            name: silver
            version: 1
            effective: 2027-01-01
            title: Silver
            extends: bronze@1

        Passes:

            kind: tier
            name: bronze
            version: 1
            effective: 2027-01-01
            title: Bronze
            contracts: [{name: hourly, type: time_and_materials}]
            scope: {remote-support: hourly}
            ---
            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            tier: bronze@1
        """,
    ),
    Page(
        "BD401",
        "backwards-dates",
        Severity.ERROR,
        """
        A last day that comes before the first.

        Ends are the last day included. What ends before it begins is in force on no day.

        Fails:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-12-31
            end: 2027-01-01
            contracts: [{name: hourly, type: time_and_materials}]

        Passes:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts: [{name: hourly, type: time_and_materials}]
        """,
    ),
    Page(
        "BD432",
        "contradicting-rates",
        Severity.ERROR,
        """
        Two rows that give one role two rates on the same contract.

        Only one of them can be billed, and nothing says which. A rate that changes on a day is one
        row with a dated list.

        Fails:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts: [{name: hourly, type: time_and_materials}]
            rates:
              - {contract: hourly, role: engineer, rate: 80.00}
              - {contract: hourly, role: engineer, rate: 95.00}

        Fails:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: hourly
                type: time_and_materials
                rates:
                  - {role: engineer, rate: 80.00}
                  - {role: engineer, rate: [{from: 2027-07-01, rate: 95.00}]}

        Passes:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts: [{name: hourly, type: time_and_materials}]
            rates:
              - contract: hourly
                role: engineer
                rate: [{rate: 80.00}, {from: 2027-07-01, rate: 95.00}]
        """,
    ),
)
"""One page for each code that reading names, dates and rates may give."""
