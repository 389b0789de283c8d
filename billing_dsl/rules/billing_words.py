"""BD325."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from billing_dsl.analysis.cells import listed
from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule

SPEECH: Mapping[str, str] = {
    "en": """
        bill billable billed billing charge chargeable charged charges contract contracts cost costs
        covered discount discounted fee fees free goodwill gratis included invoice invoiceable
        invoiced invoices invoicing nonbillable overage paid prepaid price priced prices pricing
        rate rates retainer surcharge surcharges tariff tariffs unbillable unbilled
        """,
    "it": """
        addebitabile addebitabili addebitata addebitate addebitati addebitato addebito contratti
        contratto costi costo fattura fatturabile fatturabili fatturata fatturate fatturati
        fatturato fatturazione fatture forfettario gratis gratuita gratuite gratuiti gratuito
        inclusa incluse inclusi incluso omaggio prepagata prepagato prezzi prezzo tariffa tariffe
        """,
    "de": """
        abgerechnet abrechenbar abrechenbare abrechenbarer abrechenbares abrechnung aufpreis entgelt
        entgeltlich fakturierbar gebühr gebühren gratis inbegriffen inklusive kosten kostenfrei
        kostenlos kostenlose kostenloser kostenloses kostenpflichtig kulanz pauschal pauschale preis
        preise rabatt rechnung rechnungen stundensatz tarif tarife umsonst verrechenbar verrechnet
        vertrag verträge zuschlag
        """,
    "fr": """
        contrat contrats coût coûts facturable facturables facturation facture factures facturé
        facturée facturées facturés forfait forfaitaire gratuit gratuite gratuitement gratuites
        gratuits inclus incluse incluses payant payante prix prépayé prépayée tarif tarifs
        """,
    "es": """
        cobrable cobrables contrato contratos coste costes descuento factura facturable facturables
        facturación facturada facturado facturas gratis gratuita gratuito incluida incluidas
        incluido incluidos precio precios prepago tarifa tarifas
        """,
}
"""Words of billing, price and contract by language; each as it stands in a text, for endings that
are guessed find words of other kinds.
"""

HARMLESS = re.compile(
    r"""
    \bin\ charge\b | \btak(?:e|es|ing)\ charge\b
    | \bcharge\ (?:controllers?|cycles?|levels?)\b | \b(?:battery|batteries)\ charged?\b
    | \w-free\b | \b(?:bug|dust|error|hands|interruption|jam|spam|toll|trouble|virus)\ free\b
    | \bfree[-/\ ](?:busy|disk|form|memory|space|standing|storage|text|up)\b
    | \bfree\ of\ (?:dust|errors|faults|jams|malware|spam|viruses)\b
    | \b(?:bit|clock|click|data|drop|error|failure|frame|loss|packet|refresh|sample|success
        |transfer|update)[-\ ]rates?\b
    | \brate[-\ ]limit(?:s|ing)?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Phrases in which such words speak of something else: free space, frame rates, being in charge."""

_ACTIVITIES = """
    ad backup care cloud consulting desk desktop device devices emergency field help helpdesk hoc
    hours infrastructure installation it maintenance managed management monitoring network of office
    on onsite out phone print project projects protection remote repair security server service
    services site support system systems training user visit visits work workplace
    """
ACTIVITIES = frozenset(_ACTIVITIES.split())
"""Words of the trade: a tier named by them alone names an activity too."""


@rule("BD325", Severity.WARNING)
def billing_words(declared: Declared) -> Iterator[Finding]:
    """A work type that speaks of billing, price, contract or a tier.

    An engineer picks a work type by what was done, and needs to know nothing of billing. "Onsite,
    billable" invites to think about it, and stops being true with the next client. Looked at are
    name, title and description, and the titles and descriptions in English, Italian, German,
    French and Spanish. Where the word is the activity itself, accept it with a waiver.

    Fails:

        kind: work_type
        name: onsite-visit
        title: Onsite Visit
        billing_class: edge
        description: A visit that is billed by the hour.

    Passes:

        kind: work_type
        name: onsite-visit
        title: Onsite Visit
        billing_class: edge
        description: A visit at the client's premises, by whoever is in charge of the client.
    """
    tiers = _tier_names(declared)
    for work_type in declared.shared.work_types:
        seen = [found for found in _speeches(work_type, tiers) if found.words]
        if seen:
            first, *others = seen
            yield Finding(
                first.place,
                f"{first.what} of work type `{work_type.name}` speaks of billing, not of the "
                f"activity: {listed(first.words)}",
                label="engineers pick a work type by what they do",
                help="say what is done; where it ends and what it costs is the tier's affair",
                related=tuple(Label(o.place, f"and so does {o.what}") for o in others),
                subject=work_type.subject,
            )


@dataclass(frozen=True, slots=True)
class _Speech:
    """One text of a work type, and the words in it that are not the engineer's."""

    what: str
    place: Place
    words: tuple[str, ...]


_BY_LANGUAGE = {language: frozenset(words.split()) for language, words in SPEECH.items()}
_EVERY = frozenset().union(*_BY_LANGUAGE.values())
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s)\W*$")


def _speeches(work_type: WorkType, tiers: Mapping[str, re.Pattern[str]]) -> Iterator[_Speech]:
    name = work_type.name.replace("-", " ")
    yield _Speech("the name", work_type.at("name"), _named(name, tiers, _EVERY))
    yield _Speech("the title", work_type.at("title"), _named(work_type.title, tiers, _EVERY))
    for language, title in sorted(work_type.titles.items()):
        words = _BY_LANGUAGE.get(language, frozenset())
        place = work_type.at("titles", language)
        yield _Speech(f"the title in `{language}`", place, _named(title, tiers, words))
    for language, text in sorted(work_type.descriptions.items()):
        words = _BY_LANGUAGE.get(language, frozenset())
        place = work_type.at("descriptions", language)
        yield _Speech(f"the description in `{language}`", place, _described(text, tiers, words))
    description = work_type.description
    spoken = _described(description, tiers, _EVERY)
    yield _Speech("the description", work_type.at("description"), spoken)


def _described(
    text: str, tiers: Mapping[str, re.Pattern[str]], words: frozenset[str]
) -> tuple[str, ...]:
    """The words of billing in a description, and the tiers it promises by their names."""
    promised = (
        tier
        for tier, pattern in tiers.items()
        for found in pattern.finditer(text)
        if found[0] == tier and not _SENTENCE_START.search(text[: found.start()])
    )
    return tuple(dict.fromkeys((*_of_billing(text, words), *promised)))


def _named(
    text: str, tiers: Mapping[str, re.Pattern[str]], words: frozenset[str]
) -> tuple[str, ...]:
    """The words of billing in a name or title, and the tiers it speaks of."""
    named = (tier for tier, pattern in tiers.items() if pattern.search(text))
    return tuple(dict.fromkeys((*_of_billing(text, words), *named)))


def _of_billing(text: str, words: frozenset[str]) -> Iterator[str]:
    """The words of a text that speak of billing, as written."""
    for word in _WORD.findall(HARMLESS.sub(" ", unicodedata.normalize("NFC", text))):
        if word.casefold() in words:
            yield word


def _tier_names(declared: Declared) -> Mapping[str, re.Pattern[str]]:
    """What finds each tier by its title or name, but for those that are named by an activity."""
    found: dict[str, re.Pattern[str]] = {}
    for tier in declared.shared.catalogue.all(Tier):
        for name in (tier.title, tier.name):
            words = _WORD.findall(name)
            known = any(pattern.fullmatch(name) for pattern in found.values())
            if known or all(word.casefold() in ACTIVITIES for word in words):
                continue
            joined = r"[\W_]+".join(re.escape(word) for word in words)
            found[name] = re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)
    return found
