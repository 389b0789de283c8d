"""BD560."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.shared_pages import untranslated
from billing_dsl.analysis.translations import missing
from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._translations import lacking


@rule("BD560", Severity.WARNING)
def untranslated_page(portfolio: Portfolio) -> Iterator[Finding]:
    """A text that pages for everybody print in a promised language, and that there is not in it.

    The comparison of service levels and the technicians' card are written in each language that
    the settings promise under `languages`, whether a client reads it yet or not. They print the
    texts of work types, sub-issues and roles, of tiers that are on offer or to come, and of the
    services that these sell. A text that is missing in a language is printed as it stands. What
    documents of clients print as well is told by BD530 alone, with the clients.

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, it]
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        titles: {it: Assistenza remota}
        billing_class: core
        description: Help from the office by telephone and remote control.

    Passes:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, it]
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        titles: {it: Assistenza remota}
        billing_class: core
        description: Help from the office by telephone and remote control.
        descriptions: {it: Aiuto dall'ufficio per telefono e da remoto.}
    """
    from billing_dsl.languages import read_where

    settings = portfolio.shared.settings
    told = {
        (read_where(facts.language, settings), key)
        for facts in portfolio.facts
        for key in facts.untranslated
    }
    for code, declaration, whats in untranslated(portfolio.declared):
        texts = tuple(
            text
            for text in missing(declaration, code)
            if text.what in whats and (code, (declaration.subject, text.what)) not in told
        )
        if texts:
            yield lacking(declaration, code, texts, ())
