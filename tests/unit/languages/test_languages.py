"""Languages say the same things, each in its own way; every sentence of each is on one page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Period
from billing_dsl.kinds.settings import Settings
from billing_dsl.languages import language, languages, read_by
from billing_dsl.languages._language import NARROW, SPACE, Language, Notice, Origin
from billing_dsl.languages.english import ENGLISH
from billing_dsl.languages.french import FRENCH
from billing_dsl.languages.german import GERMAN
from billing_dsl.languages.italian import ITALIAN
from billing_dsl.languages.spanish import SPANISH
from billing_dsl.model.calendar import Term, Unit
from billing_dsl.model.countries import COUNTRIES
from tests.goldens import Golden
from tests.unit.kinds.test_kinds import built

HERE = Path(__file__).parent
MARCH = date(2027, 3, 1)
MAY = date(2027, 5, 8)
YEAR = Term(1, Unit.YEAR), Term(2, Unit.YEAR)
MONTHS = Term(1, Unit.MONTH), Term(12, Unit.MONTH)
DAYS = Term(1, Unit.DAY), Term(90, Unit.DAY)
NOTICE = Notice(DAYS[1], date(2029, 10, 2))
HASH = "849fb0de4a48"
ORIGIN = Origin("acme-2027", 3, ["silver@1", "gold@1"], MARCH, HASH, "1.0")
BARE = Origin("acme-2027", 1, [], MAY, HASH, "1.0")
KINDS = [field.name for field in fields(ENGLISH.treatments)]

SAMPLES: dict[str, Sequence[tuple[Any, ...]]] = {
    "day": [(MARCH,), (date(2027, 1, 1),), (date(2028, 2, 29),), (MAY,)],
    "days": [(MARCH, date(2027, 8, 11)), (date(2027, 1, 8), date(2027, 12, 31))],
    "since": [(MARCH,), (MAY,), (date(2027, 12, 11),)],
    "until": [(MARCH,), (MAY,), (date(2027, 12, 31),)],
    "when": [(MARCH, MAY), (MARCH, None), (None, MAY), (None, None)],
    "number": [
        (Decimal(40),),
        (Decimal("1.5"),),
        (Decimal("20.50"),),
        (Decimal(1200),),
        (Decimal(-3),),
    ],
    "amount": [
        (Decimal(0), "EUR"),
        (Decimal("0.125"), "EUR"),
        (Decimal("85"), "EUR"),
        (Decimal("21000"), "EUR"),
        (Decimal("-1234567.5"), "EUR"),
    ],
    "money": [(Decimal("21000"), "EUR"), (Decimal("46"), "CHF"), (None, "EUR")],
    "fee": [(Decimal("2160"), "EUR", period) for period in Period] + [(None, "EUR", Period.YEARLY)],
    "hourly_rate": [(Decimal("78"), "EUR"), (None, "EUR")],
    "counted": [(Decimal(3), ("a", "b"))],
    "is_one": [(Decimal(1),), (Decimal(2),)],
    "hours": [(Decimal(1),), (Decimal("1.5"),), (Decimal(8),), (Decimal("0.25"),)],
    "minutes": [(Decimal(1),), (Decimal(15),)],
    "length": [(term,) for term in (*DAYS, *MONTHS, *YEAR)],
    "listed": [([],), (["A"],), (["A", "B"],), (["A", "B", "I"],)],
    "for_client": [("Silver", "Acme S.r.l.")],
    "client_number": [("C-1042",)],
    "tax_number": [("01234567890",)],
    "numbered": [("Managed services", "A-77")],
    "signed": [(MARCH, "ACM/26"), (MAY, ""), (None, "ACM/26")],
    "level": [("Silver", 2)],
    "level_since": [("Gold, 1", MARCH)],
    "renewal": [
        (automatic, extend_by, notice)
        for automatic in (True, False)
        for extend_by in (MONTHS[1], None)
        for notice in (NOTICE, None)
    ],
    "in_currency": [("CHF",)],
    "period": [("…", "Silver, 1")],
    "of_agreement": [("…", "A-78")],
    "of_client": [("A-78", "Initech GmbH")],
    "of_contract": [("…", "Projects")],
    "after_hours": [("Night Work", "…")],
    "at_least": [(Decimal(1), Decimal(8)), (Decimal(2), None), (None, Decimal(4)), (None, None)],
    "rates": [("EUR", False), ("EUR", True)],
    "overage_rates": [("EUR",)],
    "plus": [(Decimal(25), "EUR"), (Decimal(-5), "CHF")],
    "times": [(Decimal("1.5"),), (Decimal(2),)],
    "factor": [("Architect", Decimal("1.5")), ("Trainee", Decimal(1)), ("Trainee", Decimal("0.5"))],
    "no_block": [("Silver", [(["Visits", "Training"], "hourly"), (["Travel"], "outside")])],
    "cause": [("Printing", "Paper jam")],
    "by_whom": [
        (["A"], [], []),
        (["A", "B"], [], []),
        ([], ["A"], []),
        ([], [], ["P – Q"]),
        (["A"], [], ["P – Q", "R – S"]),
    ],
    "about_what": [
        (["P – Q"], [], []),
        (["P – Q", "R – S"], [], []),
        (["P – Q"], ["A"], []),
        (["P – Q"], ["A", "B"], []),
        (["P – Q"], [], ["A", "B"]),
    ],
    "otherwise": [*(([kind],) for kind in KINDS), (["included", "block"],)],
    "special": [("Training", [], "…"), ("Training", ["Visits", "Travel"], "…")],
    "look_up": [(False,), (True,)],
    "rounded": [(Decimal(15),), (Decimal(1),)],
    "holds_until": [(date(2029, 12, 31),)],
    "stamp": [(ORIGIN,), (BARE,)],
    "then": [(MARCH, None), (MAY, date(2027, 8, 11))],
    "letter_about": [("Acme S.r.l.",)],
    "letter_opening": [("Northwind IT",)],
    "covers_less": [(MARCH, None, "Training"), (MARCH, MAY, "Training")],
    "covers_more": [(MARCH, None, "Training"), (MARCH, MAY, "Training")],
    "covers_otherwise": [(MARCH, None, "Training"), (MARCH, MAY, "Training")],
    "costs_more": [(MARCH, None, "Training"), (MARCH, MAY, "Training")],
    "costs_less": [(MARCH, None, "Training"), (MARCH, MAY, "Training")],
    "no_cover": [(MARCH, None), (MARCH, MAY)],
    "new_agreement": [("A-77", MARCH, MAY)],
    "no_agreement": [("A-77",)],
    "of_work": [("Training", "…")],
    "assigned": [("Block",)],
    "invoiced": [(period,) for period in Period],
    "questions": [(["Acme", "+39 0471 000 100", "a@b.example"],), ([],)],
    "letter_stamp": [("0123456789ab", "ba9876543210", HASH, "1.0")],
    "beyond": [("…",)],
    "compared": [(["silver@2", "gold@1"], HASH, "1.0")],
    "printed": [(HASH,)],
}
"""What every sentence of every language is called with."""

ALL = pytest.mark.parametrize("words", languages().values(), ids=languages().keys())
OTHERS = pytest.mark.parametrize("words", [w for w in languages().values() if w is not ENGLISH])


def sentences(words: Language) -> Iterator[tuple[str, str]]:
    """Every sentence, with the name of what says it."""
    for name, samples in SAMPLES.items():
        for sample in samples:
            said = getattr(words, name)(*sample)
            if isinstance(said, str):
                yield name, said


def texts(words: Language) -> Iterator[tuple[str, str]]:
    """Whatever a language says, and the place of it."""
    yield from ((name, str(text)) for name, text in words.labels.items())
    for kind in KINDS:
        treatment = words.treatments.of(kind)
        for field in fields(treatment):
            yield f"{kind}.{field.name}", getattr(treatment, field.name)
    for field in fields(words.letters):
        yield f"letters.{field.name}", getattr(words.letters, field.name)
    yield from by_themselves(words)
    yield from sentences(words)


def by_themselves(words: Language) -> Iterator[tuple[str, str]]:
    """What stands by itself on pages that all clients share."""
    for said in (words.comparison, words.card):
        for field in fields(said):
            yield f"{type(said).__name__.lower()}.{field.name}", getattr(said, field.name)


def varieties(words: Language) -> list[Language]:
    return [language(words.code, country) for country in words.figures]


# --- one page for a reader -----------------------------------------------------------------------


def page(words: Language) -> str:
    """All that a language says, for somebody who speaks it."""
    lines = [
        f"# {words.name}",
        "",
        "All that documents for clients say; `~` is a no-break space and `_` a narrow one.",
        "",
        "## Phrases",
        "",
        *(f"- `{name}`: {text}" for name, text in words.labels.items()),
    ]
    for kind in KINDS:
        treatment = words.treatments.of(kind)
        lines += ["", f"## {treatment.heading} (`{kind}`)", ""]
        lines += [f"- `{f.name}`: {getattr(treatment, f.name)}" for f in fields(treatment)]
    lines += ["", "## Letters", ""]
    lines += [f"- `{f.name}`: {getattr(words.letters, f.name)}" for f in fields(words.letters)]
    lines += ["", "## Pages that all clients share", ""]
    lines += [f"- `{name}`: {said}" for name, said in by_themselves(words)]
    lines += ["", "## Sentences", ""]
    lines += [f"- `{name}`: {said}" for name, said in sentences(words)]
    lines += ["", "## By country", ""]
    for variety in varieties(words):
        shown = [
            variety.day(date(2027, 1, 1)),
            variety.number(Decimal("1234.5")),
            variety.money(Decimal("21000"), "CHF"),
            variety.labels["differs"],
            variety.tax_number("1"),
            variety.after_hours("X", "y"),
        ]
        lines.append(f"- {words.countries.get(variety.country, 'elsewhere')}: {' | '.join(shown)}")
    return "\n".join(lines).replace(SPACE, "~").replace(NARROW, "_") + "\n"


def test_all_that_each_language_says(golden: Golden) -> None:
    golden.folder(HERE / "golden", {f"{code}.md": page(w) for code, w in languages().items()})


# --- all say the same ----------------------------------------------------------------------------


def test_they_are_found_by_their_folder() -> None:
    assert list(languages()) == ["de", "en", "es", "fr", "it"]
    assert {w.name for w in languages().values()} == {
        *("English", "French", "German", "Italian", "Spanish"),
    }


def test_every_sentence_has_a_sample() -> None:
    said = {
        name
        for name, value in vars(Language).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    assert said == set(SAMPLES)


@ALL
def test_a_language_says_all_that_the_others_say(words: Language) -> None:
    assert list(words.labels) == list(ENGLISH.labels)
    for name in SAMPLES:
        assert inspect.signature(getattr(words, name)) == inspect.signature(getattr(ENGLISH, name))
    empty = {name for name, text in texts(words) if not text}
    assert empty <= {"when", "at_least", "listed"}
    marks = [words.treatments.of(kind).mark for kind in KINDS]
    assert len(set(marks)) == len(marks)


@ALL
def test_countries_have_names(words: Language) -> None:
    assert words.countries.keys() == COUNTRIES.keys()
    assert all(name == name.strip() != "" for name in words.countries.values())
    assert len(set(words.countries.values())) >= len(COUNTRIES) - 1  # two are a Congo somewhere
    assert words.figures.keys() - {""} <= COUNTRIES.keys()


SHARED = {
    *("Client", "Service", "Total", "Tickets", "Signatures", "Signature"),
    *("Date", "Training (…)"),
    *("Printing – Paper jam", "…: Projects", "…: Silver, 1", "Training: …", "in CHF"),
    *("Silver, version 2", f"1{SPACE}minute", f"15{SPACE}minutes"),
}
"""What is the same in English and in some other language."""


@OTHERS
def test_nothing_is_left_in_english(words: Language) -> None:
    same = {text for (_, text), (_, other) in zip(texts(words), texts(ENGLISH), strict=True)
            if text == other}  # fmt: skip
    assert {text for text in same if re.search(r"[A-Za-z]{3}", text)} <= SHARED
    english = re.compile(r"\b(the|of|and|or|from|by|for|hours?|days?|rate|billed|work)\b", re.I)
    own = {"it": ("rate",), "de": (), "fr": ("or",), "es": ()}[words.code]
    for name, text in texts(words):
        known = re.sub("Night Work|Paper jam|Visits|Training|Travel|Managed services", "", text)
        found = {word for word in english.findall(known) if word.lower() not in own}
        assert not found, (name, text)


@ALL
def test_the_page_of_one_language_is_whole_sentences(words: Language) -> None:
    for name, text in texts(words):
        assert "  " not in text, (name, text)
        assert text.strip(" ") == text, (name, text)
        assert "'" not in text, (name, text)
        assert '"' not in text, (name, text)
    for phrase in ("differs", "only_where", "dashes"):
        assert words.labels["differences"] in words.labels[phrase]


@ALL
def test_what_belongs_together_stays_on_a_line(words: Language) -> None:
    for variety in varieties(words):
        length = variety.length(DAYS[1])
        for said in (variety.money(Decimal(21000), "EUR"), variety.hours(Decimal(2)), length):
            assert " " not in said
            assert SPACE in said
        for said in (
            variety.fee(Decimal(5), "EUR", Period.MONTHLY),
            variety.hourly_rate(Decimal(5), "EUR"),
        ):
            assert said.count(" ") == 1


@ALL
def test_the_hash_over_the_content_is_easily_found(words: Language) -> None:
    [part] = [part for part in words.stamp(ORIGIN).split(" · ") if "849fb0de4a48" in part]
    assert part.endswith(" 849fb0de4a48")
    assert len(words.stamp(ORIGIN).split(" · ")) == 5
    assert len(words.stamp(BARE).split(" · ")) == 4


# --- the customs of each -------------------------------------------------------------------------


def test_french_keeps_a_narrow_space_before_its_tall_marks() -> None:
    for variety in varieties(FRENCH):
        for name, text in texts(variety):
            assert not re.search(f"[^{NARROW}][:;?!»]", text), (name, text)
            assert not re.search(f"«[^{NARROW}]", text), (name, text)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN, ITALIAN, SPANISH])
def test_the_others_have_none(words: Language) -> None:
    assert not any(NARROW in text or " :" in text for _, text in texts(words))


def test_german_in_switzerland_has_its_own_quotes_and_no_sharp_s() -> None:
    for country in ("CH", "LI"):
        said = " ".join(text for _, text in texts(language("de", country)))
        assert not set("ß„“”") & set(said)
        assert {*"«»"} <= set(said)
    said = " ".join(text for _, text in texts(GERMAN))
    assert not set("«»") & set(said)
    assert {*"ß„“"} <= set(said)


@pytest.mark.parametrize(
    ("code", "country", "number", "amount"),
    [
        ("en", "", "1,234.5", "EUR 21,000.00"),
        ("en", "US", "1,234.5", "EUR 21,000.00"),
        ("en", "CH", "1’234.5", "EUR 21’000.00"),
        ("de", "", "1.234,5", "21.000,00 EUR"),
        ("de", "DE", "1.234,5", "21.000,00 EUR"),
        ("de", "AT", "1.234,5", "EUR 21.000,00"),
        ("de", "IT", "1.234,5", "21.000,00 EUR"),
        ("de", "CH", "1’234.5", "EUR 21’000.00"),
        ("de", "LI", "1’234.5", "EUR 21’000.00"),
        ("it", "", "1.234,5", "21.000,00 EUR"),
        ("it", "SM", "1.234,5", "21.000,00 EUR"),
        ("it", "CH", "1’234.5", "EUR 21’000.00"),
        ("fr", "", "1\u202f234,5", "21\u202f000,00 EUR"),
        ("fr", "BE", "1\u202f234,5", "21\u202f000,00 EUR"),
        ("fr", "CA", "1 234,5", "21 000,00 EUR"),
        ("fr", "LU", "1.234,5", "21.000,00 EUR"),
        ("fr", "CH", "1’234,5", "EUR 21’000.00"),
        ("es", "", "1.234,5", "21.000,00 EUR"),
        ("es", "MX", "1,234.5", "EUR 21,000.00"),
        ("es", "AR", "1.234,5", "EUR 21.000,00"),
        ("es", "CR", "1 234,5", "EUR 21 000,00"),
    ],
)
def test_numbers_and_amounts(code: str, country: str, number: str, amount: str) -> None:
    """As Babel 2.19 gives them for each locale with the code of the currency.

    But for a space before the currency where CLDR has none, and for Switzerland, where CLDR has
    a straight apostrophe and, in French, the currency behind.
    """
    words = language(code, country)
    assert words.number(Decimal("1234.5")) == number.replace(" ", SPACE)
    assert words.money(Decimal("21000"), "EUR") == amount.replace(" ", SPACE)


@pytest.mark.parametrize(
    ("code", "country", "first", "other"),
    [
        ("en", "", "1 January 2027", "31 March 2027"),
        ("en", "US", "January 1, 2027", "March 31, 2027"),
        ("de", "", "1. Januar 2027", "31. März 2027"),
        ("de", "AT", "1. Jänner 2027", "31. März 2027"),
        ("de", "IT", "1. Jänner 2027", "31. März 2027"),
        ("de", "CH", "1. Januar 2027", "31. März 2027"),
        ("it", "", "1° gennaio 2027", "31 marzo 2027"),
        ("it", "CH", "1° gennaio 2027", "31 marzo 2027"),
        ("fr", "", "1er janvier 2027", "31 mars 2027"),
        ("es", "", "1 de enero de 2027", "31 de marzo de 2027"),
    ],
)
def test_days(code: str, country: str, first: str, other: str) -> None:
    """As Babel 2.19 gives them in the long form, but for the ordinals of Italian and French."""
    words = language(code, country)
    assert words.day(date(2027, 1, 1)).replace(SPACE, " ") == first
    assert words.day(date(2027, 3, 31)).replace(SPACE, " ") == other


MONTH_NAMES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
"""Of CLDR 47."""


@ALL
def test_months(words: Language) -> None:
    for number, name in enumerate(MONTH_NAMES[words.code].split(), start=1):
        assert f" {name} " in words.day(date(2027, number, 2)).replace(SPACE, " ")


@ALL
def test_every_day_of_a_year_is_another(words: Language) -> None:
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    assert len({words.day(day) for day in days}) == 366


def test_italian_elides_before_eight_and_eleven() -> None:
    for number in range(1, 32):
        said = ITALIAN.since(date(2027, 1, number))
        assert said.startswith("dall’" if number in (8, 11) else "dal ")
    assert ITALIAN.until(MAY) == f"fino all’8{SPACE}maggio 2027"
    notice = Notice(DAYS[1], date(2027, 11, 11))
    assert f"entro l’11{SPACE}novembre" in ITALIAN.renewal(True, None, notice)


@pytest.mark.parametrize(
    ("last", "joined"),
    [
        ("Visitas", "A y Visitas"),
        ("Instalación", "A e Instalación"),
        ("Índices", "A e Índices"),
        ("Higiene", "A e Higiene"),
        ("hielo", "A y hielo"),
        ("iones", "A y iones"),
    ],
)
def test_spanish_joins_by_the_sound_that_follows(last: str, joined: str) -> None:
    assert SPANISH.listed(["A", last]) == joined
    quoted = re.sub(r"^(\w) (\w) (.*)$", r"«\1» \2 «\3»", joined)
    assert SPANISH.about_what(["A", last], (), ()) == f"Tickets sobre {quoted}"


@pytest.mark.parametrize(
    ("words", "half", "one", "more", "two"),
    [
        (ENGLISH, "0.5 hours", "1 hour", "1.5 hours", "2 hours"),
        (GERMAN, "0,5 Stunden", "1 Stunde", "1,5 Stunden", "2 Stunden"),
        (ITALIAN, "0,5 ore", "1 ora", "1,5 ore", "2 ore"),
        (FRENCH, "0,5 heure", "1 heure", "1,5 heure", "2 heures"),
        (SPANISH, "0,5 horas", "1 hora", "1,5 horas", "2 horas"),
    ],
)
def test_plurals(words: Language, half: str, one: str, more: str, two: str) -> None:
    said = [words.hours(Decimal(number)) for number in ("0.5", "1.0", "1.50", "2")]
    assert [text.replace(SPACE, " ") for text in said] == [half, one, more, two]


@ALL
def test_amounts_are_never_cut(words: Language) -> None:
    for variety in varieties(words):
        for text in ("0.0125", "-0.5", "999.99", "1000", "123456789.5"):
            digits = re.sub(r"[^\d-]", "", variety.amount(Decimal(text), "EUR"))
            assert Decimal(digits) == Decimal(text) * (10**4 if text == "0.0125" else 100)


# --- who reads what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "country", "promised", "tag"),
    [
        ("it", "IT", ["en"], "it"),
        ("de", "AT", ["en"], "de-AT"),
        ("de", "FR", ["en"], "de"),
        ("", "CH", ["de", "en"], "de-CH"),
        ("", "", [], "en"),
        ("pt", "PT", ["it", "en"], "it"),
        ("pt", "PT", ["pt", "fr"], "fr"),
        ("pt", "PT", ["pt"], "en"),
    ],
)
def test_a_client_reads_its_language_else_the_first_that_is_known(
    wanted: str, country: str, promised: list[str], tag: str
) -> None:
    client = built(
        "kind: client\nname: acme\nlegal_name: Acme\n"
        + (f"language: {wanted}\n" if wanted else "")
        + (f"country: {country}\n" if country else "")
    )
    settings = built(
        "kind: settings\nname: msp\ntitle: MSP\ncurrency: EUR\ntimezone: UTC\n"
        + (f"languages: [{', '.join(promised)}]\n" if promised else "")
    )
    assert isinstance(client, Client)
    assert isinstance(settings, Settings)
    words = read_by(client, settings)
    assert words.labels["language"] == tag
    assert words is read_by(client, settings)


@pytest.mark.parametrize(
    ("of", "currency", "written"),
    [
        ("15000", "JPY", "15,000"),
        ("15000.5", "JPY", "15,000.5"),
        ("0", "KRW", "0"),
        ("12.5", "KWD", "12.500"),
        ("12.5", "USD", "12.50"),
        ("0.1255", "JPY", "0.1255"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(of: str, currency: str, written: str) -> None:
    assert language("en").money(Decimal(of), currency) == f"{currency}{SPACE}{written}"
