"""The pages of what is found in a user's own templates, or between them and the catalogue.

The last part of an example, after `--- # templates/…`, is the file of that name. Where it is
another file than the page is about, the rest of the example is a catalogue as on any page.
"""

from __future__ import annotations

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import Page

PAGES: tuple[Page, ...] = (
    Page(
        "BD550",
        "unreadable-template",
        Severity.ERROR,
        """
        A template of an import screen that cannot be read.

        It is cut short, an Excel workbook, larger than 1 MiB, or in an encoding that is neither
        UTF-8, UTF-16 with its mark, nor Windows-1252. A file filled after half a header would put
        cells under wrong columns, so nothing is written. Download the template again, and lay it
        into `templates/autotask/` without opening it in between.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Pho

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone"
        """,
    ),
    Page(
        "BD551",
        "unknown-template",
        Severity.ERROR,
        """
        A template whose columns fit no import that files are made for, or more than one.

        What a file is for is found by its columns, not by its name: organizations have a name and a
        phone, services a name and a period type, whatever the tenant calls organizations.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "Colour","Shape"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/services.csv
            "[required] Name","[required] Period Type","Unit Cost"
        """,
    ),
    Page(
        "BD552",
        "unused-template",
        Severity.WARNING,
        """
        A file among the templates that nothing is made of.

        It has a name or stands in a folder where no template is looked for, is the template of an
        import for which a catalogue has no rows (contacts, devices, tickets), or the settings send
        its rows another way. Outputs look as if it were not there.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/contacts.csv
            "[required] Company Name","[required] First Name","[required] Last Name"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/companies.csv
            "Company ID [updates only]","[required] Name","[required] Phone"
        """,
    ),
    Page(
        "BD553",
        "ambiguous-template",
        Severity.ERROR,
        """
        The same twice: two templates for one import, or two columns for one thing.

        Which of them is meant is known to nobody. An import screen gives each column once; where a
        tenant's words have changed, keep the template that was downloaded last.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","County","State"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","County","Country"
        """,
    ),
    Page(
        "BD554",
        "missing-import-value",
        Severity.ERROR,
        """
        A column that the import template requires, and for which the catalogue has no value.

        Autotask refuses a row without it. Where a client or a service can say it, say it there; a
        user-defined field stands under `udf`, by its label. Accepted with a waiver, the whole
        object is a step of the checklist instead of a row.

        Fails:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone"

        Passes:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            phone: "+39 011 555 0142"
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone"
        """,
    ),
    Page(
        "BD555",
        "unfit-import-value",
        Severity.ERROR,
        """
        A value that its column in the import template does not take.

        It is longer than Autotask's field, its letters do not exist in the template's encoding, it
        is a date or has decimals and the settings do not say how the screen reads them, or its
        column is protected. Nothing is cut to fit. Accepted with a waiver, the row goes without it,
        and entering it is a step of the checklist.

        Fails:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            phone: "+39 011 555 0142"
            udf: {Signed: 2027-01-01}
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Client UDF:29682817 Signed"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            autotask: {import: {dates: DD/MM/YYYY}}
            ---
            kind: client
            name: acme
            legal_name: Acme S.r.l.
            phone: "+39 011 555 0142"
            udf: {Signed: 2027-01-01}
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Client UDF:29682817 Signed"
        """,
    ),
    Page(
        "BD556",
        "required-contact",
        Severity.WARNING,
        """
        An import template of organizations that requires a contact with each.

        The catalogue knows no contacts, so these columns stay empty, and Autotask may refuse the
        rows. There is another template, of organizations alone.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Account: Name","[required] Account: Phone","[required] Contact: First Name"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Account: Name","[required] Account: Phone","Contact: First Name"
        """,
    ),
    Page(
        "BD557",
        "unknown-user-defined-field",
        Severity.WARNING,
        """
        A user-defined field that the import template does not have.

        Mostly its label is misspelt. Capitals and spaces make no difference; the word in front of
        `UDF:` and the number behind it are left away. As long as it is so, entering the value is a
        step of the checklist.

        Fails:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            phone: "+39 011 555 0142"
            udf: {Number of User: 12}
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Client UDF:29682812 Number of Users"

        Passes:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            phone: "+39 011 555 0142"
            udf: {Number of Users: 12}
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Client UDF:29682812 Number of Users"
        """,
    ),
    Page(
        "BD558",
        "broken-document-template",
        Severity.ERROR,
        """
        A document template of your own that cannot be printed.

        Its syntax is wrong, it names something that there is not, does what templates may not do,
        or goes on without an end. It is told once, with its line, and nothing is written.
        `docs/templates.md` says what templates may do, and `docs/template-names.md` which names
        there are.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/documents/scope.md.j2
            # {{ titel }}

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/documents/scope.md.j2
            # {{ about }}
        """,
    ),
    Page(
        "BD559",
        "passed-over-in-templates",
        Severity.NOTE,
        """
        Something among the templates that is passed over on purpose.

        A hidden file, or rows below the header of an import template: what they say of a tenant is
        neither read nor shown.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone"
            "Example Ltd","+44 20 7946 0000"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone"
        """,
    ),
    Page(
        "BD561",
        "unknown-column",
        Severity.WARNING,
        """
        A column of an import template of which nobody knows what it holds.

        It stays in the file, where the import expects it, and is left empty in every row. Columns
        of user-defined fields that no client has, of contacts, of sites, and those of the usual
        templates are no finding.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Nickname"

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            --- # templates/autotask/organizations.csv
            "[required] Name","[required] Phone","Number","Client UDF:29682812 Number of Users"
        """,
    ),
)
