"""BD530."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.translations import asked_for, missing
from billing_dsl.analysis.views import ClientCoverage, Portfolio
from billing_dsl.diagnostics import Finding, Reach, Severity
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.declaration import Declaration
from billing_dsl.rules import rule
from billing_dsl.rules._translations import lacking


@rule("BD530", Severity.WARNING)
def missing_translation(view: Portfolio | ClientCoverage) -> Iterator[Finding]:
    """A text that a client's documents print, and that there is not in the client's language.

    The document is written all the same, with that text in the language of the catalogue: a
    sentence that the client may not understand, in a paper that it signs. `compile --fail-on
    warning` writes nothing then. Only languages count
    that the settings promise under `languages`; the language of the catalogue itself is
    `written_in`, or the first of them. What belongs to one client alone (an agreement's title,
    its reasons and milestones) is printed as it is written: write it in the client's language.

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, it]
        ---
        kind: role
        name: engineer
        title: Engineer
        titles: {it: Tecnico}
        rate: 85.00
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        titles: {it: Assistenza remota}
        billing_class: core
        description: Help from the office by telephone and remote control.
        ---
        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials}]

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, it]
        ---
        kind: role
        name: engineer
        title: Engineer
        titles: {it: Tecnico}
        rate: 85.00
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        titles: {it: Assistenza remota}
        billing_class: core
        description: Help from the office by telephone and remote control.
        descriptions: {it: Aiuto dall'ufficio per telefono e da remoto.}
        ---
        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts: [{name: hourly, type: time_and_materials, setup_fee: 500.00}]

    Passes:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, it]
        ---
        kind: role
        name: engineer
        title: Engineer
        titles: {it: Tecnico}
        rate: 85.00
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        titles: {it: Assistenza remota}
        billing_class: core
        description: Help from the office by telephone and remote control.
        descriptions: {it: Aiuto dall'ufficio per telefono e da remoto.}
        ---
        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: hourly, titles: {it: A ore}, type: time_and_materials, setup_fee: 500.00}
    """
    if isinstance(view, Portfolio):
        yield from _shared(view)
        return
    code = asked_for(view.client, view.shared)
    for agreement in view.agreements if code else ():
        texts = missing(agreement, code)
        if texts:
            yield lacking(agreement, code, texts, view.reach(agreement))


def _shared(portfolio: Portfolio) -> Iterator[Finding]:
    from billing_dsl.languages import read_where

    found: dict[tuple[str, str], tuple[set[str], list[Reach]]] = {}
    for facts in portfolio.facts:
        if not facts.untranslated:
            continue
        code = read_where(facts.language, portfolio.shared.settings)
        for subject, what in facts.untranslated:
            whats, reached = found.setdefault((subject, code), (set(), []))
            whats.add(what)
            if not reached or reached[-1].client != facts.client:
                reached.append(Reach(facts.client))
    if not found:
        return
    declared = {one.subject: one for one in _declared(portfolio)}
    for (subject, code), (whats, reached) in sorted(found.items()):
        declaration = declared[subject]
        texts = tuple(text for text in missing(declaration, code) if text.what in whats)
        yield lacking(declaration, code, texts, tuple(reached))


def _declared(portfolio: Portfolio) -> Iterator[Declaration]:
    catalogue = portfolio.shared.catalogue
    for kind in (WorkType, Role, SubIssue, Service, ServiceBundle, Tier):
        yield from catalogue.all(kind)
