"""Scope documents in the client's language: the same statements and numbers, other words."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given

from billing_dsl.languages import Language, language, languages
from billing_dsl.languages.english import ENGLISH
from billing_dsl.pipeline import Checked, check
from billing_dsl.targets._scope import RateCard, ScopeDocument, Table
from tests.goldens import Golden
from tests.oracle.strategies import catalogues
from tests.test_properties import checked
from tests.unit.targets.test_scope_document import (
    HERE,
    HOSTILE,
    Page,
    assert_markdown_is_plain,
    contents,
    hostile_reading,
    pages,
    unescaped,
    written_in,
)

Plain = dict[str, Any]
VARIETIES = [language(code, country) for code, w in languages().items() for country in w.figures]


def catalogue() -> str:
    return (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")


def reading(code: str, text: str = "") -> str:
    """The small catalogue, whose clients all read one language."""
    text = text or catalogue()
    return re.sub(r"^(kind: client)$", rf"\1\nlanguage: {code}", text, flags=re.MULTILINE)


# --- only words differ ---------------------------------------------------------------------------


def skeleton(found: ScopeDocument) -> object:
    """All of a document but its words: which statements there are, and of which work."""
    return (
        len(found.client),
        len(found.provider),
        [len(fact.lines) for fact in found.facts],
        [[(mark.kind, mark.differs) for mark in row.marks] for row in found.glance.rows],
        found.glance.differs,
        [
            (
                period.life,
                period.tier,
                bool(period.summary),
                [
                    (
                        section.part,
                        [(item.cells, len(item.notes)) for item in section.items],
                        [card_of(card) for card in section.cards],
                        len(section.notes),
                    )
                    for section in period.body.sections
                ],
                [
                    (one.part, one.cells, [card_of(card) for card in one.cards], len(one.notes))
                    for one in period.body.differences
                ],
                len(period.body.remarks),
                period.body.dashes,
            )
            for period in found.periods
        ],
        [(table.numbers, len(table.rows)) for table in found.tables],
        [(special.life, special.cells) for special in found.specials],
        len(found.reading),
    )


def card_of(card: RateCard) -> object:
    rows = [(len(row.titles), len(row.notes), len(row.amounts)) for row in card.rows]
    return card.first, card.last, bool(card.days), len(card.columns), rows


def plain(text: str, words: Language) -> str:
    """A number of a language as Python writes it; other texts as they are."""
    figures = words.figures[words.country]
    thousands, points = figures.thousands, figures.decimals + figures.cents
    found = re.search(rf"-?\d[\d{thousands}]*(?:[{points}]\d+)?", text)
    if found is None:
        return text
    return re.sub(f"[{points}]", ".", found[0].replace(thousands, ""))


def day_in(text: str, words: Language) -> date | None:
    """The day that a cell of an English table holds; of other languages, by what English says."""
    try:
        return date(*time.strptime(text, "%d %B %Y")[:3])
    except ValueError:
        return None


def assert_same_cells(found: Table, english: Table, words: Language) -> None:
    for row, other in zip(found.rows, english.rows, strict=True):
        for cell, expected in zip(row, other, strict=True):
            day = day_in(expected, ENGLISH)
            if day is not None:
                assert cell == words.day(day)
            elif re.search(r"\d", expected) and not re.match("[A-Za-z]+$", expected):
                number = plain(cell, words)
                assert number == plain(expected, ENGLISH), (cell, expected)


def numbers(found: ScopeDocument, words: Language) -> Iterator[str]:
    """Every amount of the tables of rates, in their order."""
    for period in found.periods:
        cards = [card for section in period.body.sections for card in section.cards]
        cards += [card for one in period.body.differences for card in one.cards]
        for amount in (amount for card in cards for row in card.rows for amount in row.amounts):
            not_stated = amount == words.labels["not_stated"]
            yield "?" if not_stated else plain(amount, words)


def assert_only_words_differ(result: Checked, among: Sequence[Language]) -> None:
    made = contents(result)
    for view in result.clients:
        for agreement in view.agreements:
            english = made.of(view, agreement, ENGLISH)
            for words in among:
                found = made.of(view, agreement, words)
                assert found.language is words
                assert skeleton(found) == skeleton(english)
                assert list(numbers(found, words)) == list(numbers(english, ENGLISH))
                for table, other in zip(found.tables, english.tables, strict=True):
                    assert_same_cells(table, other, words)


@given(catalogues())
def test_a_document_says_the_same_in_every_language(documents: list[Plain]) -> None:
    others = [w for w in languages().values() if w is not ENGLISH]
    assert_only_words_differ(checked(documents), [*others, language("fr", "CH")])


def test_the_small_catalogue_says_the_same_as_every_country_writes_it() -> None:
    assert_only_words_differ(written_in(catalogue()), VARIETIES)


# --- whole in their language ---------------------------------------------------------------------


def in_language(code: str) -> dict[str, str]:
    return pages(written_in(reading(code)))


def test_a_document_of_each_language(golden: Golden) -> None:
    folder = HERE / "golden" / "scope_languages"
    made = {
        f"{code}/{path.rpartition('/')[0].rpartition('/')[2]}.md": text
        for code in languages()
        if code != "en"
        for path, text in in_language(code).items()
        if path.endswith(".md")
    }
    golden.folder(folder, made)


SHARED_TEXTS = ("title", "description", "summary", "issue")
BY_LANGUAGE = {"titles": "title", "descriptions": "description", "summaries": "summary"} | {
    "issues": "issue"
}
OWN = ("settings", "client", "agreement")


def marked(code: str) -> Checked:
    """The small catalogue with `PLAIN` in each text of what clients share, and `OTHER` in each
    text of a language.
    """
    one = hostile_reading(reading(code))
    for found in one.documents:
        value = found.value
        if value["kind"] in OWN:
            continue
        for field in SHARED_TEXTS:
            if field in value:
                value[field] = f"PLAIN {value['name']} {field}"
        for field, of in BY_LANGUAGE.items():
            if of in value:
                value[field] = {code: f"OTHER {value['name']} {of}"}
    return check([one], date(2027, 1, 15), (), keep=True)


@pytest.mark.parametrize("code", languages())
def test_nothing_of_the_catalogue_stays_in_its_own_language(code: str) -> None:
    for path, text in pages(marked(code)).items():
        assert "PLAIN" not in text, path
        assert "OTHER" in text, path


def test_what_is_not_translated_stands_as_it_is() -> None:
    text = re.sub(r"\n(titles|descriptions|summaries|issues):( \{.*\}|(\n  .*)+)", "", catalogue())
    made = pages(written_in(reading("it", text)))["acme/acme-2027/scope.md"]
    assert "| Onsite Support | dal pacchetto ore" in made
    assert "Ambito del servizio: Silver → Gold per Acme Industriale S.r.l." in made


def test_a_summary_is_inherited_with_its_translations_unless_the_tier_has_its_own() -> None:
    heir = """
---
format: 1
kind: tier
name: silver
version: 2
effective: 2026-01-01
title: Silver
extends: silver@1
summaries: {it: Più di prima.}
"""
    text = catalogue().replace("{tier: silver@1}", "{tier: silver@2}") + heir
    for code, said in (("it", "\nPiù di prima.\n"), ("de", "\nFernwartung ohne Begrenzung; ")):
        assert said in pages(written_in(reading(code, text)))["acme/acme-2027/scope.md"]
    with_its_own = text.replace("summaries: {it: Più", "summary: More.\nsummaries: {it: Più")
    made = pages(written_in(reading("de", with_its_own)))["acme/acme-2027/scope.md"]
    assert "\nMore.\n" in made


def test_the_page_names_its_language() -> None:
    for code, tag in (("de", "de-IT"), ("it", "it"), ("fr", "fr"), ("es", "es"), ("en", "en")):
        html = in_language(code)["acme/acme-2027/scope.html"]
        assert ("html", "lang", tag) in Page(html).attributes


def test_clients_of_several_languages_in_one_catalogue() -> None:
    text = catalogue().replace("name: globex\nlegal", "name: globex\nlanguage: fr\nlegal")
    text = text.replace("name: initech\nlegal", "name: initech\nlanguage: de\nlegal")
    made = pages(written_in(text))
    heads = {path.partition("/")[0]: page[:30] for path, page in made.items() if ".md" in path}
    assert heads["acme"].startswith("# Scope of service: ")
    assert heads["globex"].startswith("# Périmètre des prestations")
    assert heads["initech"].startswith("# Leistungsbeschreibung: ")


def test_what_is_said_is_kept_by_language() -> None:
    made = contents(result := written_in(catalogue()))
    [view] = [view for view in result.clients if view.client.name == "acme"]
    bodies = [
        made.of(view, view.agreements[0], words).periods[0].body
        for words in (ENGLISH, language("it"), ENGLISH, language("it"))
    ]
    assert bodies[0] is bodies[2]
    assert bodies[1] is bodies[3]
    assert bodies[0] is not bodies[1]


def test_the_digest_is_over_the_words_too() -> None:
    made = contents(result := written_in(catalogue()))
    view = result.clients[0]
    digests = {
        made.of(view, view.agreements[0], words).stamp.digest for words in languages().values()
    }
    assert len(digests) == len(languages())


# --- hostile texts -------------------------------------------------------------------------------


@cache
def usual(code: str) -> dict[str, str]:
    return in_language(code)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("code", ["it", "fr"])
def test_a_title_in_another_language_is_only_ever_text(code: str, name: str) -> None:
    one = hostile_reading(reading(code))
    for found in one.documents:
        for field in BY_LANGUAGE:
            if field in found.value:
                found.value[field][code] = name
    result = check([one], date(2027, 1, 15), (), keep=True)
    said = " ".join(name.split())
    for path, page in pages(result).items():
        if path.endswith(".html"):
            assert set(Page(page).seen) == set(Page(usual(code)[path]).seen)
            if path.startswith("acme/acme-2027"):
                assert said in Page(page).said
        else:
            assert_markdown_is_plain(page)
    assert said in unescaped(pages(result)["acme/acme-2027/scope.md"])


def test_titles_from_right_to_left_stand_apart() -> None:
    text = re.sub(r"\bit: [^,}\n]+", "it: شركة الاختبار", catalogue())
    html = pages(written_in(reading("it", text)))["acme/acme-2027/scope.html"]
    assert '<th scope="row"><bdi>شركة الاختبار</bdi></th>' in html
    assert '<html lang="it">' in html
