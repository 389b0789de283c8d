"""What the pages that all clients share print of the catalogue, and what of it is missing there."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.offers import on_offer
from billing_dsl.analysis.translations import missing
from billing_dsl.analysis.views import Declared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractTerms
from billing_dsl.model.declaration import Declaration


def untranslated(declared: Declared) -> tuple[tuple[str, Declaration, frozenset[str]], ...]:
    """For each promised language but the catalogue's own, each declaration of which shared pages
    print texts that there are not in it, and which texts.
    """
    from billing_dsl.languages import of_house

    settings = declared.shared.settings
    found: list[tuple[str, Declaration, frozenset[str]]] = []
    for code in of_house(settings):
        if code == settings.written_in or code not in settings.languages:
            continue
        lacking: dict[str, set[str]] = {}
        known: dict[str, Declaration] = {}
        for declaration, what in _printed(declared, code):
            if any(text.what == what for text in missing(declaration, code)):
                known[declaration.subject] = declaration
                lacking.setdefault(declaration.subject, set()).add(what)
        found += [(code, known[key], frozenset(whats)) for key, whats in sorted(lacking.items())]
    return tuple(found)


def _printed(declared: Declared, code: str) -> Iterator[tuple[Declaration, str]]:
    """The texts that some shared page prints: the card's, and those of tiers side by side."""
    shared = declared.shared
    for work_type in shared.work_types:
        yield work_type, "title"
        yield work_type, "description"
    for sub_issue in shared.sub_issues:
        yield sub_issue, "title"
        yield sub_issue, "issue"
    tiers = [tier for versions in on_offer(declared) for tier in versions]
    for role in shared.roles if tiers else ():
        yield role, "title"
    for tier in tiers:
        yield tier.tier, "title"
        if tier.summary_in(code) is None:
            yield tier.summary_from, "summary"
        for terms in _told_apart(tier):
            yield tier.contracts_from, f"title for contract `{terms.name}`"
        for terms in tier.contracts.values():
            for name in terms.services:
                yield shared.services[name], "title"


def _told_apart(tier: EffectiveTier) -> Iterator[ContractTerms]:
    """The contracts of a tier that have others of their type beside them."""
    types = [terms.type for terms in tier.contracts.values()]
    return (terms for terms in tier.contracts.values() if types.count(terms.type) > 1)
