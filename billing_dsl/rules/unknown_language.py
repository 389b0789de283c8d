"""BD531."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Reach, Severity
from billing_dsl.rules import rule
from billing_dsl.rules._readers import place_of_language, readers


@rule("BD531", Severity.WARNING)
def unknown_language(portfolio: Portfolio) -> Iterator[Finding]:
    """A language in which no document can be written.

    A client, or the settings, name a language that this tool does not speak. Its documents are
    written in the first known language of the settings instead, or in English.

    Fails:

        kind: client
        name: acme
        legal_name: Acme Lda.
        language: pt

    Fails:

        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        languages: [en, pt]

    Passes:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        language: it
    """
    from billing_dsl.languages import languages, read_where
    from billing_dsl.languages.english import ENGLISH

    settings = portfolio.shared.settings
    read = readers(portfolio)
    known = ENGLISH.listed([f"`{code}`" for code in languages()])
    for code in dict.fromkeys((*settings.languages, *read)):
        if code in languages():
            continue
        facts = read.get(code, [])
        if code in settings.languages:
            place = settings.at("languages", settings.languages.index(code))
        else:
            place = place_of_language(facts[0])
        instead = languages()[read_where(code, settings)].name
        yield Finding(
            place,
            f"no document can be written in `{code}`",
            label=f"written in {instead} instead",
            help=f"name one of the languages that are known: {known}",
            subject=settings.subject,
            reached=tuple(Reach(one.client) for one in facts),
        )
