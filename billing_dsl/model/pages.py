"""The pages of faults in a document's shape: its kind, its fields and their values."""

from __future__ import annotations

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import Page

PAGES = (
    Page(
        "BD101",
        "unknown-kind",
        Severity.ERROR,
        """
        A kind of document that does not exist.

        `kind` says what a document declares, and so which fields it has. Nothing can be said of a
        document of an unknown kind, and what it was meant to declare is missing elsewhere.

        Fails:

            kind: worktype
            name: onsite-support
            title: Onsite Support
            billing_class: baseline
            description: Work at the client's premises.

        Passes:

            kind: work_type
            name: onsite-support
            title: Onsite Support
            billing_class: baseline
            description: Work at the client's premises.
        """,
    ),
    Page(
        "BD102",
        "missing-field",
        Severity.ERROR,
        """
        A field that every document of its kind needs.

        Every document says `format`, `kind` and `name`; which fields it needs beside them is in the
        language's page. Of some fields one is enough: an agreement has `end` or `term`.

        Fails:

            kind: role
            name: engineer
            title: Engineer

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
        """,
    ),
    Page(
        "BD103",
        "unknown-field",
        Severity.ERROR,
        """
        A field that documents of this kind do not have.

        Mostly a misspelling. Passed over in silence, it would leave out what somebody meant to say.
        Remarks belong into `notes`, or behind a `#`.

        Fails:

            kind: role
            name: engineer
            titel: Engineer
            rate: 85.00

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            notes: The rate is looked at each autumn.
        """,
    ),
    Page(
        "BD104",
        "wrong-value",
        Severity.ERROR,
        """
        A value that its field does not take.

        Text where a number belongs, a word that is not in the field's list, a number that is too
        small or too large, an empty list, a name listed twice. Nothing is ever guessed: a number
        in quotes is text, and an amount has a point, not a comma.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: "85,00"

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
        """,
    ),
    Page(
        "BD105",
        "wrong-format",
        Severity.ERROR,
        """
        Text that is not of its field's form.

        Names are small letters, digits and hyphens; dates are written `YYYY-MM-DD` and are days of
        the calendar; currencies, countries and languages have their codes; lengths of time are a
        number and `days`, `months` or `years`.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            review_by: 31.12.2027

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            review_by: 2027-12-31
        """,
    ),
    Page(
        "BD106",
        "conflicting-fields",
        Severity.ERROR,
        """
        Fields that exclude each other.

        Two fields that answer the same question may disagree: an agreement with `end` and `term`,
        with `tier` and `contracts`, an exception for a work type and a role at once. So may a field
        that means nothing beside another: a work type's rate of method `times` has no `amount`.

        Fails:

            kind: work_type
            name: emergency-callout
            title: Emergency Callout
            billing_class: baseline
            description: Work that begins within the hour.
            rate: {method: times, factor: 1.5, amount: 60.00}

        Passes:

            kind: work_type
            name: emergency-callout
            title: Emergency Callout
            billing_class: baseline
            description: Work that begins within the hour.
            rate: {method: times, factor: 1.5}
        """,
    ),
    Page(
        "BD107",
        "wrong-format-version",
        Severity.ERROR,
        """
        A document in another version of the language.

        `format: 1` is the only one so far. A document in a later one may mean other things by the
        same words, so it is not read at all.

        Fails:

            format: 2
            kind: role
            name: engineer
            title: Engineer
            rate: 85.00

        Passes:

            format: 1
            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
        """,
    ),
    Page(
        "BD504",
        "refused-by-autotask",
        Severity.ERROR,
        """
        A value that Autotask knows, but that cannot be brought into it from here.

        Umbrella contracts are made in Autotask's own screens alone; its programming interface does
        not take them. Split such an agreement into a recurring service and a time and materials
        contract, or keep it by hand and out of the catalogue.

        Fails:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - {name: everything, type: umbrella}

        Passes:

            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - {name: everything, type: time_and_materials}
        """,
    ),
)
