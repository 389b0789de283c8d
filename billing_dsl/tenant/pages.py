"""The pages of what is found when a catalogue meets the snapshot of a tenant.

The last part of an example, after `--- # tenant.json`, is the snapshot. Where it does not say its
version, the rest of the form is added: lists as an English tenant has them, and nothing else there.
"""

from __future__ import annotations

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import Page

UNREADABLE = ("BD510", "BD511", "BD512", "BD513")
"""Codes of snapshots with which nothing can be compared; nobody can accept them."""

PAGES: tuple[Page, ...] = (
    Page(
        "BD510",
        "unreadable-snapshot",
        Severity.ERROR,
        """
        A file that is no snapshot of a tenant, or no whole one.

        It may have lost its end while it was written or copied, be of another version, or hold
        something else than its form says: `billing-dsl snapshot` describes it. A part of a tenant
        cannot stand for all of it, so nothing is compiled.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"version": 1, "tool": "billing_dsl snapshot", "tenant": {"database": "34567"}, "taken

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"version": 1, "tool": "billing_dsl snapshot", "tenant": {"database": "34567"},
             "taken_at": "2027-01-14T18:05:00Z", "picklists": {},
             "counts": {"BillingCodes": 0, "Roles": 0},
             "objects": {"BillingCodes": [], "Roles": []}}
        """,
    ),
    Page(
        "BD511",
        "incomplete-snapshot",
        Severity.ERROR,
        """
        A snapshot in which something is missing.

        Fewer objects are here than were counted, one is here twice, nobody has counted them, or an
        entity has not been read of which the catalogue has something to send. What a page that was
        lost held would be made a second time: read the tenant again.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"counts": {"Roles": 2}, "objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": true}]}}

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"objects": {"Roles": null}}

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"counts": {"Roles": 1}, "objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": true}]}}
        """,
    ),
    Page(
        "BD512",
        "foreign-snapshot",
        Severity.ERROR,
        """
        A snapshot of another tenant than the settings say.

        Its numbers mean other objects here. `autotask.tenant` in the settings is the id of the
        database that the catalogue is compiled for.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            autotask: {tenant: "34567"}
            --- # tenant.json
            {"tenant": {"database": "99999"}}

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            autotask: {tenant: "34567"}
            --- # tenant.json
            {"tenant": {"database": "34567"}}
        """,
    ),
    Page(
        "BD513",
        "stale-snapshot",
        Severity.ERROR,
        """
        A snapshot that is older than the catalogue's last change.

        What was sent after that change is not in it, and would be sent a second time. The last
        change is the last commit of the catalogue's folder, or its newest file where there is no
        repository or files differ from it. Take a new snapshot; where nothing has been sent since,
        `--accept-old-snapshot` goes ahead with the old one.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"taken_at": "2026-06-01T08:00:00Z"}

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"taken_at": "2027-01-14T18:05:00Z"}
        """,
    ),
    Page(
        "BD514",
        "unread-in-tenant",
        Severity.WARNING,
        """
        Something of the tenant that has not been read, and that the catalogue is compared with.

        Whether the tenant differs in it is not known, and it is not taken for equal: no request
        changes it. `billing-dsl snapshot` lists every entity, field and list that is read.

        Fails:

            kind: exclusion_set
            name: classic
            title: Classic
            roles: [architect]
            --- # tenant.json
            {"objects": {
              "ContractExclusionSetExcludedWorkTypes": null,
              "ContractExclusionSets": [{"id": 31, "name": "Classic", "isActive": true}]}}

        Passes:

            kind: exclusion_set
            name: classic
            title: Classic
            roles: [architect]
            --- # tenant.json
            {"objects": {
              "ContractExclusionSetExcludedWorkTypes": [],
              "ContractExclusionSets": [{"id": 31, "name": "Classic", "isActive": true}]}}
        """,
    ),
    Page(
        "BD515",
        "several-in-tenant",
        Severity.ERROR,
        """
        An object of the catalogue that may be several objects of the tenant.

        Names are all that joins the two, and here they do not tell which one is meant; a block,
        retainer or ticket purchase may also lie beside one for the same days that the catalogue
        does not know. Sent as it is, work would go to the wrong contract or be paid for twice.
        Rename one of them in Autotask, and take a new snapshot. A waiver lets everything else be
        compiled; about this object, and what hangs on it, nothing is sent.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": true},
              {"id": 12, "name": "Engineer", "hourlyRate": 78.00, "hourlyFactor": 1,
               "isActive": false}]}}

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": true},
              {"id": 12, "name": "Engineer (old)", "hourlyRate": 78.00, "hourlyFactor": 1,
               "isActive": false}]}}
        """,
    ),
    Page(
        "BD516",
        "made-otherwise",
        Severity.ERROR,
        """
        An object of the tenant that was made otherwise, in something that never changes again.

        Autotask takes the type and the period of a contract and the period of a service when they
        are made, and never after. What hangs on it would be refused, or billed by other rules. Let
        the catalogue say what is there, or make it anew under another name. A waiver lets
        everything else be compiled; about this object, and what hangs on it, nothing is sent.

        Fails:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            lanes: {services: api}
            ---
            kind: service
            name: seat
            title: Managed seat
            period: monthly
            price: 40.00
            billing_code: Managed Services
            --- # tenant.json
            {"objects": {
              "BillingCodes": [
                {"id": 7, "name": "Managed Services", "useType": 5, "isActive": true}],
              "Services": [
                {"id": 21, "name": "Managed seat", "billingCodeID": 7, "periodType": 4,
                 "unitPrice": 40.00, "isActive": true}]}}

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            lanes: {services: api}
            ---
            kind: service
            name: seat
            title: Managed seat
            period: monthly
            price: 40.00
            billing_code: Managed Services
            --- # tenant.json
            {"objects": {
              "BillingCodes": [
                {"id": 7, "name": "Managed Services", "useType": 5, "isActive": true}],
              "Services": [
                {"id": 21, "name": "Managed seat", "billingCodeID": 7, "periodType": 1,
                 "unitPrice": 38.00, "isActive": true}]}}
        """,
    ),
    Page(
        "BD517",
        "otherwise-in-tenant",
        Severity.WARNING,
        """
        An object of the tenant that differs in something that only a person changes.

        Work types are read-only for requests; the exclusion contract is taken from them on creation
        alone; a field that should be empty cannot be emptied by one; companies and services go
        through import files unless `lanes` says otherwise. The checklist has the step.

        Fails:

            kind: work_type
            name: onsite-support
            title: Onsite Support
            billing_class: edge
            description: Work at the client's premises.
            --- # tenant.json
            {"objects": {
              "BillingCodes": [
                {"id": 7, "name": "Onsite Support", "useType": 1, "isActive": true,
                 "description": "Everything away from the office."}],
              "WorkTypeModifiers": [{"id": 7, "modifierType": 0}]}}

        Passes:

            kind: work_type
            name: onsite-support
            title: Onsite Support
            billing_class: edge
            description: Work at the client's premises.
            --- # tenant.json
            {"objects": {
              "BillingCodes": [
                {"id": 7, "name": "Onsite Support", "useType": 1, "isActive": true,
                 "description": "Work at the client's premises."}],
              "WorkTypeModifiers": [{"id": 7, "modifierType": 0}]}}
        """,
    ),
    Page(
        "BD518",
        "unknown-to-catalogue",
        Severity.WARNING,
        """
        Something of the tenant that hangs on an object of the catalogue, which does not know it.

        An exclusion too many sends work away that the proof says is covered; a rate, a service or a
        block too many is billed; a contract too many is on offer for tickets. No request takes
        anything away by itself: the checklist has the step, with the request where there is one.

        Fails:

            kind: exclusion_set
            name: classic
            title: Classic
            roles: [architect]
            --- # tenant.json
            {"objects": {
              "Roles": [
                {"id": 11, "name": "Architect", "hourlyRate": 120.00, "hourlyFactor": 1,
                 "isActive": true},
                {"id": 12, "name": "Trainee", "hourlyRate": 40.00, "hourlyFactor": 1,
                 "isActive": true}],
              "ContractExclusionSets": [{"id": 31, "name": "Classic", "isActive": true}],
              "ContractExclusionSetExcludedRoles": [
                {"id": 41, "contractExclusionSetID": 31, "excludedRoleID": 11},
                {"id": 42, "contractExclusionSetID": 31, "excludedRoleID": 12}]}}

        Passes:

            kind: exclusion_set
            name: classic
            title: Classic
            roles: [architect]
            --- # tenant.json
            {"objects": {
              "Roles": [
                {"id": 11, "name": "Architect", "hourlyRate": 120.00, "hourlyFactor": 1,
                 "isActive": true}],
              "ContractExclusionSets": [{"id": 31, "name": "Classic", "isActive": true}],
              "ContractExclusionSetExcludedRoles": [
                {"id": 41, "contractExclusionSetID": 31, "excludedRoleID": 11}]}}
        """,
    ),
    Page(
        "BD519",
        "inactive-in-tenant",
        Severity.WARNING,
        """
        Something that the catalogue uses, and that somebody has put out of use in the tenant.

        An inactive billing code, role or value of a list cannot be chosen; an inactive exclusion
        set goes on excluding on the contracts that carry it, and cannot be given to another. It is
        woken by a person, never by a request: whoever put it out of use may have had a reason.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": false}]}}

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            --- # tenant.json
            {"objects": {"Roles": [
              {"id": 11, "name": "Engineer", "hourlyRate": 85.00, "hourlyFactor": 1,
               "isActive": true}]}}
        """,
    ),
    Page(
        "BD520",
        "not-in-tenant",
        Severity.WARNING,
        """
        A label, currency, country or person that the tenant does not have.

        Labels of lists differ by language and tenant. Say in the settings what this one calls them,
        under `autotask.labels`. Until then the request keeps the label in place of the value, and
        whoever sends it has to put one in.

        Fails:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            --- # tenant.json
            {"picklists": {"Companies": {
               "companyType": [{"value": "1", "label": "Kunde", "active": true}]}},
             "objects": {
               "Currencies": [{"id": 1, "name": "EUR"}],
               "Companies": [
                 {"id": 5, "companyName": "Acme S.r.l.", "companyType": 1, "currencyID": 1,
                  "isActive": true}]}}

        Passes:

            kind: settings
            name: msp
            title: The MSP
            currency: EUR
            timezone: Europe/Rome
            autotask: {labels: {Companies.companyType: {Customer: Kunde}}}
            ---
            kind: client
            name: acme
            legal_name: Acme S.r.l.
            --- # tenant.json
            {"picklists": {"Companies": {
               "companyType": [{"value": "1", "label": "Kunde", "active": true}]}},
             "objects": {
               "Currencies": [{"id": 1, "name": "EUR"}],
               "Companies": [
                 {"id": 5, "companyName": "Acme S.r.l.", "companyType": 1, "currencyID": 1,
                  "isActive": true}]}}
        """,
    ),
)
"""One page for each code that a tenant's snapshot may give, alone or beside a catalogue."""
