"""The technicians' card: every work type, in order, and not a word about money."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from billing_dsl.languages import language, languages
from billing_dsl.languages.english import ENGLISH
from billing_dsl.model import money
from billing_dsl.rules.billing_words import SPEECH
from billing_dsl.targets._book import Book
from billing_dsl.targets._forms import Form
from billing_dsl.targets.technicians_card import (
    LONGEST,
    TechniciansCard,
    in_a_list,
    technicians_card,
    technicians_card_of,
)
from tests.goldens import Golden
from tests.oracle.strategies import catalogues
from tests.unit.targets.compiling import CATALOGUE, compiled, of_documents, shipped, told
from tests.unit.targets.test_tier_comparison import HOSTILE, Plain

HERE = Path(__file__).parent


class Text(HTMLParser):
    """What a page shows."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.shown = ""
        self.tags: list[str] = []
        self._hidden = False
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown += f"{data}\n"


def of(book: Book, code: str = "en") -> TechniciansCard:
    return technicians_card_of(book.compilation.declared, language(code))


def made(book: Book, forms: frozenset[Form] = frozenset(Form)) -> dict[str, bytes]:
    found = replace(book, compilation=replace(book.compilation, forms=forms))
    return {path: file.content for path, file in told(found, technicians_card).items()}


def test_the_shipped_catalogue(golden: Golden) -> None:
    files = made(shipped())
    assert set(files) == {
        f"documents/technicians{name}.{form}"
        for name in ("", ".de", ".it")
        for form in ("md", "html")
    }
    kept = {path: content for path, content in files.items() if path.endswith(".md")}
    kept["documents/technicians.html"] = files["documents/technicians.html"]
    golden.folder(HERE / "golden" / "technicians", kept)


def test_only_the_forms_asked_for() -> None:
    for form in Form:
        ends = {path.rpartition(".")[2] for path in made(shipped(), frozenset({form}))}
        assert ends == {form.value} & {"md", "html"}


# --- not a word about money ----------------------------------------------------------------------


def amounts_in(text: str) -> set[Decimal]:
    """The amounts that a file of the catalogue writes."""
    return {Decimal(found) for found in re.findall(r"(?<![\d.-])\d+\.\d\d(?!\d)", text)}


def test_no_amount_and_no_currency_of_the_catalogue_is_on_it() -> None:
    amounts: set[Decimal] = set()
    for file in CATALOGUE.rglob("*.yaml"):
        amounts |= amounts_in(file.read_text(encoding="utf-8"))
    assert len(amounts) > 40
    for path, content in made(shipped()).items():
        shown = Text(content).shown if path.endswith(".html") else content.decode()
        shown = re.sub(r"(content|Inhalt|contenuto) [0-9a-f]{12}", "", shown)
        for amount in amounts:
            written = money.text(amount)
            for figure in (written, written.replace(".", ","), written.partition(".")[0]):
                assert not re.search(rf"(?<!\d){re.escape(figure)}(?!\d)", shown), (path, figure)
        assert not re.search(r"\b(EUR|CHF)\b|€|\$", shown), path


@pytest.mark.parametrize("code", languages())
def test_it_has_no_word_of_billing_in_any_language(code: str) -> None:
    words = languages()[code]
    own = " ".join(getattr(words.card, field.name) for field in fields(words.card))
    own += f" {words.printed('0')}"
    spoken = {word.casefold() for word in re.findall(r"[^\W_]+", own)}
    assert spoken & {word for known in SPEECH.values() for word in known.split()} == set()


def test_its_very_source_has_none() -> None:
    for path, content in made(shipped()).items():
        text = content.decode().casefold()
        spoken = "billable|free|price|rate|cost|contract|tarif|preis|prezzo"
        assert not re.search(spoken, text), path


@given(catalogues())
def test_whatever_is_charged_changes_nothing(documents: list[Plain]) -> None:
    dearer = []
    for document in documents:
        known = dict(document)
        if known["kind"] == "work_type":
            known |= {"billable": not known.get("billable", True), "billing_class": "edge"}
            known |= {"rate": {"method": "times", "factor": Decimal(7)}}
        dearer.append(known)
    cards = [of(of_documents(found)) for found in (documents, dearer)]
    assert cards[0] == cards[1]


# --- everything that a technician picks ----------------------------------------------------------


@given(catalogues())
def test_every_work_type_and_every_pair_is_on_it(documents: list[Plain]) -> None:
    card = of(of_documents(documents))
    kinds = {d["name"]: d for d in documents if d["kind"] == "work_type"}
    assert sorted(pick.title for pick in card.picks) == sorted(d["title"] for d in kinds.values())
    assert {pick.meaning for pick in card.picks} == {d["description"] for d in kinds.values()}
    pairs = [
        (found["title"], kinds[found["after_hours"]]["title"])
        for name, found in kinds.items()
        if found.get("after_hours", name) != name
    ]
    assert sorted(card.pairs) == sorted(pairs)
    causes = [(d["issue"], d["title"]) for d in documents if d["kind"] == "sub_issue"]
    assert sorted(card.causes) == sorted(causes)


FIRM = """
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
    ---
    kind: role
    name: engineer
    title: Engineer
    rate: 85.00
"""


def work_type(name: str, title: str, more: str = "") -> str:
    return f"""
    ---
    kind: work_type
    name: {name}
    title: {title}
    billing_class: core
    description: Help at a distance.
    {more}
"""


def test_it_is_in_the_order_in_which_people_look_for_a_title() -> None:
    titles = ["Zoning", "apples", "Äpfel", "Épices", "Eggs", "Çay"]
    book = compiled("", firm=FIRM + "".join(work_type(f"w{n}", t) for n, t in enumerate(titles)))
    shown = [pick.title for pick in of(book).picks]
    assert shown == ["Äpfel", "apples", "Çay", "Eggs", "Épices", "Zoning"]
    assert in_a_list("Äpfel") < in_a_list("apples")


def test_what_is_not_to_be_picked_yet_says_from_when() -> None:
    later = work_type("later", "Later", "from: 2027-03-01")
    since = work_type("since", "Since", "from: 2027-01-15")
    card = of(compiled("", firm=FIRM + later + since))
    assert [pick.since for pick in card.picks] == ["from 1 March 2027", ""]


def test_a_work_type_that_is_its_own_after_hours_is_no_pair() -> None:
    card = of(compiled("", firm=FIRM + work_type("night", "Night", "after_hours: night")))
    assert card.pairs == ()


def test_many_work_types_stand_in_two_lists() -> None:
    few, more = (
        made(
            compiled("", firm=FIRM + "".join(work_type(f"w{n}", f"Work {n}") for n in range(count)))
        )
        for count in (LONGEST, LONGEST + 1)
    )
    pages = [Text(found["documents/technicians.html"]) for found in (few, more)]
    assert [page.tags.count("table") for page in pages] == [1, 2]
    assert [page.shown.count("Help at a distance.") for page in pages] == [LONGEST, LONGEST + 1]


def test_without_work_types_there_is_no_card() -> None:
    assert made(compiled("", firm=FIRM)) == {}


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_of_strangers_are_told_as_they_are(title: str) -> None:
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    files = made(compiled("", firm=FIRM + work_type("odd", quoted, "after_hours: even")
                          + work_type("even", quoted)))  # fmt: skip
    page = Text(files["documents/technicians.html"])
    assert page.shown.count(title) == 4
    assert "script" not in page.tags
    assert ENGLISH.card.pairs in page.shown
    markdown = files["documents/technicians.md"].decode()
    assert "<script" not in markdown
    assert "https://" not in markdown
