"""The technicians' card: which work type to pick for what was done, and nothing about money."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.views import Declared
from billing_dsl.languages import Language, language, of_house
from billing_dsl.targets import Assembled, Compilation, Everybody, Teller, target
from billing_dsl.targets._called import Called
from billing_dsl.targets._comparison import SHORT
from billing_dsl.targets._forms import Form
from billing_dsl.targets._templates import ACCENT, PRIMARY, Sheet, html, line, markdown, sheet

LONGEST = 22
"""Work types one below the other that fit on a page; more of them stand in two lists."""


@target
def technicians_card(compilation: Compilation) -> Teller:
    """
    The card for technicians: `documents/technicians`, one page to print and pin up.

    It tells for each work type what it is for, which work type takes its place outside business
    hours, and which causes are to be set on a ticket because they make a difference. All is in
    order of titles, as in the list that technicians pick from. What work costs, and whether it
    costs anything, is not theirs to think of: the card has no word about it.

    There is one for each language that the settings promise; `technicians.html` is in the
    catalogue's own, others name theirs: `technicians.de.html`. A catalogue without work types has
    none.
    """
    return _TechniciansCards(compilation)


@dataclass(frozen=True, slots=True)
class Pick:
    """A work type: its title, the day from which it is to be picked if that is still to come, and
    what it is for.
    """

    title: str
    since: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TechniciansCard:
    """What the card says in one language."""

    words: Language
    provider: str
    picks: tuple[Pick, ...]
    pairs: tuple[tuple[str, str], ...]
    """Work types inside business hours, and what takes their place outside."""
    causes: tuple[tuple[str, str], ...]
    """Issues and sub-issues."""
    stamp: str


def technicians_card_of(declared: Declared, words: Language) -> TechniciansCard:
    """The card of a catalogue, in a language."""
    shared = declared.shared
    called = Called(shared, words)
    picks = tuple(_picks(called, declared.as_of))
    pairs = tuple(_pairs(called))
    causes = tuple(_causes(called))
    provider = line(shared.settings.title)
    digest = hashlib.sha256(repr((provider, picks, pairs, causes)).encode()).hexdigest()[:SHORT]
    return TechniciansCard(words, provider, picks, pairs, causes, words.printed(digest))


def _picks(called: Called, day: date) -> Iterator[Pick]:
    found = {work_type.name: work_type for work_type in called.shared.work_types}
    for name in sorted(found, key=lambda name: (in_a_list(called.work_types[name]), name)):
        start = found[name].start
        since = called.words.since(start) if start is not None and start > day else ""
        yield Pick(called.work_types[name], since, called.descriptions[name])


def _pairs(called: Called) -> Iterator[tuple[str, str]]:
    pairs = [
        (called.work_types[work_type.name], called.work_types[work_type.after_hours])
        for work_type in called.shared.work_types
        if work_type.after_hours not in ("", work_type.name)
    ]
    return iter(sorted(pairs, key=lambda pair: (in_a_list(pair[0]), in_a_list(pair[1]))))


def _causes(called: Called) -> Iterator[tuple[str, str]]:
    code = called.words.code
    causes = [
        (line(found.issues.get(code, found.issue)), line(found.titles.get(code, found.title)))
        for found in called.shared.sub_issues
    ]
    return iter(sorted(causes, key=lambda cause: (in_a_list(cause[0]), in_a_list(cause[1]))))


def in_a_list(title: str) -> tuple[str, str]:
    """What decides where a title stands in a list: its letters, without accents or capitals."""
    plain = (sign for sign in unicodedata.normalize("NFKD", title) if not _accent(sign))
    return "".join(plain).casefold(), title


def _accent(sign: str) -> bool:
    return unicodedata.combining(sign) != 0


class _TechniciansCards(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        colours = compilation.declared.shared.settings.colours
        self._style = sheet(
            colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "technicians"
        )

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        declared = self._compilation.declared
        if not declared.shared.work_types:
            return
        for position, code in enumerate(of_house(declared.shared.settings)):
            card = technicians_card_of(declared, language(code))
            path = f"documents/technicians.{code}" if position else "documents/technicians"
            for form, content in self._made(card):
                yield Assembled(f"{path}.{form}", (content,), "document")

    def _made(self, card: TechniciansCard) -> Iterator[tuple[Form, bytes]]:
        forms = self._compilation.forms
        if Form.HTML in forms:
            yield Form.HTML, as_html(card, self._style)
        if Form.MARKDOWN in forms:
            yield Form.MARKDOWN, as_markdown(card)


def as_html(card: TechniciansCard, style: Sheet) -> bytes:
    """The card as one self-contained page."""
    return html(
        "technicians",
        card=card,
        lists=_lists(card.picks),
        words=card.words.labels,
        said=card.words.card,
        sheet=style,
    ).encode()


def _lists(picks: tuple[Pick, ...]) -> tuple[tuple[Pick, ...], ...]:
    """The work types in one list, or in two beside each other."""
    if len(picks) <= LONGEST:
        return (picks,)
    half = -(-len(picks) // 2)
    return picks[:half], picks[half:]


def as_markdown(card: TechniciansCard) -> bytes:
    """The card as tables, for review."""
    return markdown("technicians", card=card, said=card.words.card).encode()
