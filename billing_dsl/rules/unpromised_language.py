"""BD532."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Label, Reach, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._readers import place_of_language, readers


@rule("BD532", Severity.NOTE)
def unpromised_language(portfolio: Portfolio) -> Iterator[Finding]:
    """A client that reads a language which the settings do not promise.

    Its documents are written in that language, but with the titles and descriptions of the
    catalogue as they stand, and nothing is said of those that are missing. Promise the language
    under `languages` of the settings, and whatever is missing in it is told. Nothing is said where
    the settings name no languages at all.

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en]
        ---
        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it

    Passes:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it
    """
    from billing_dsl.languages import languages

    settings = portfolio.shared.settings
    if not settings.languages:
        return
    for code, facts in readers(portfolio).items():
        if code not in languages() or code in (*settings.languages, settings.written_in):
            continue
        name = languages()[code].name
        yield Finding(
            place_of_language(facts[0]),
            f"the settings do not promise documents in {name}",
            label="titles and descriptions are printed as they stand",
            help=f"add `{code}` to `languages` of the settings; then what is missing in it is told",
            related=(Label(settings.at("languages"), "the languages that are promised"),),
            subject=settings.subject,
            reached=tuple(Reach(one.client) for one in facts),
        )
