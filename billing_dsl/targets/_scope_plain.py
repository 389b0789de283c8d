"""A scope document as plain values, in the order in which it is printed: what is made a PDF of it.

Every text that a page prints is in there once, where it stands on the page, and nothing else is a
text: what decides how it looks is a number or true and false. So the texts one after the other
are what HTML, Word and PDF say alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeAlias

from billing_dsl.languages import Language
from billing_dsl.targets._scope import (
    KINDS,
    Body,
    Difference,
    Glance,
    RateCard,
    ScopeDocument,
    Section,
)
from billing_dsl.targets._templates import line

Plain: TypeAlias = "str | int | tuple[Plain, ...] | dict[str, Plain]"
"""A text, a number or a truth, several of them, or some by name."""


def texts(plain: Plain) -> Iterator[str]:
    """Every text of plain values, in order."""
    if isinstance(plain, str):
        yield plain
    elif not isinstance(plain, int):
        for value in plain.values() if isinstance(plain, dict) else plain:
            yield from texts(value)


class Plainly:
    """Scope documents in one language as plain values; what clients share is made once."""

    def __init__(self, language: Language) -> None:
        self._words = language.labels
        self._shared: dict[Hashable, Plain] = {}

    def _share(self, key: Hashable, made: dict[str, Plain]) -> dict[str, Plain]:
        """Remembers what several documents print."""
        self._shared[key] = made
        return made

    def of(self, document: ScopeDocument) -> dict[str, Plain]:
        """What a document prints, from its first text to its last; the stamp is apart."""
        words = self._words
        exceptions = (words["exception"], words["days"], words["reason"])
        specials = tuple(_cells(each.what, each.days, each.reason) for each in document.specials)
        tables = [
            _table(table.title, table.columns, table.numbers, map(_texts, table.rows))
            for table in document.tables
        ]
        if specials:
            tables.append(_table(words["exceptions"], exceptions, (False,) * 3, specials))
        return {
            "head": _cells(document.provider_name, words["document"], document.about),
            "parties": (
                (words["client"], _texts(document.client)),
                (words["provider"], _texts(document.provider)),
            ),
            "facts": tuple((line(fact.label), _texts(fact.lines)) for fact in document.facts),
            "glance": (words["glance"], self._glance(document.glance)),
            "periods": tuple(self._periods(document)),
            "tables": tuple(tables),
            "reading": (words["reading"], _texts(document.reading)),
            "signatures": (
                words["signatures"],
                (
                    _cells(document.client[0], words["signature"]),
                    _cells(document.provider_name, words["signature"]),
                ),
            ),
        }

    def _glance(self, glance: Glance) -> Plain:
        found = self._shared.get(glance)
        if found is None:
            words = self._words
            made: dict[str, Plain] = {
                "columns": _cells(words["work"], *glance.columns),
                "rows": tuple(
                    (
                        line(row.title),
                        tuple(
                            (
                                KINDS.index(mark.kind) if mark.kind is not None else -1,
                                line(mark.words),
                                words["differs_mark"] if mark.differs else "",
                            )
                            for mark in row.marks
                        ),
                    )
                    for row in glance.rows
                ),
                "note": _cells(words["differs_mark"], words["differs"]) if glance.differs else (),
            }
            found = self._share(glance, made)
        return found

    def _periods(self, document: ScopeDocument) -> Iterator[Plain]:
        """Heading, summary and body of each period; what has not changed is told in a line."""
        before: Body | None = None
        for period in document.periods:
            key = (before, period.body)
            body = self._shared.get(key)
            if body is None:
                unchanged = before.sections if before is not None else ()
                body = self._share(key, self._body(period.body, unchanged))
            yield {"heading": line(period.heading), "summary": line(period.summary), "body": body}
            before = period.body

    def _body(self, body: Body, before: Sequence[Section]) -> dict[str, Plain]:
        words = self._words
        differences: Plain = ()
        if body.differences:
            differences = {
                "heading": words["differences"],
                "lead": line(body.lead),
                "columns": _cells(words["who"], words["which"], words["treated"]),
                "rows": tuple(
                    (line(each.subject), line(each.work), each.part.rank, line(each.state))
                    for each in body.differences
                ),
                "further": tuple(self._further(each) for each in body.differences),
            }
        return {
            "remarks": _texts(body.remarks),
            "sections": tuple(self._section(each, each in before) for each in body.sections),
            "differences": differences,
        }

    def _section(self, section: Section, unchanged: bool) -> Plain:
        head: dict[str, Plain] = {"rank": section.part.rank, "heading": line(section.heading)}
        if unchanged:
            titles = ", ".join(item.title for item in section.items)
            said = line(f"{self._words['unchanged']} {titles}")
            return {**head, "lead": said, "items": (), "notes": (), "cards": ()}
        return {
            **head,
            "lead": line(section.lead),
            "items": tuple(
                (line(item.title), line(item.description), _texts(item.notes))
                for item in section.items
            ),
            "notes": _texts(section.notes),
            "cards": tuple(self._card(card, "") for card in section.cards),
        }

    def _further(self, difference: Difference) -> Plain:
        cards = tuple(self._card(card, difference.state) for card in difference.cards)
        return {"cards": cards, "notes": _texts(difference.notes)}

    def _card(self, card: RateCard, about: str) -> Plain:
        title = f"{line(card.title)}," if card.days else line(card.title)
        return {
            "caption": _cells(f"{line(about)}." if about else "", title, card.days),
            "columns": _cells(self._words["work"], *card.columns),
            "rows": tuple(
                (line(", ".join(row.titles)), _texts(row.notes), _texts(row.amounts))
                for row in card.rows
            ),
        }


def _cells(*found: str) -> tuple[str, ...]:
    return tuple(map(line, found))


def _texts(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(line, found))


def _table(
    title: str, columns: Iterable[str], numbers: Iterable[bool], rows: Iterable[tuple[str, ...]]
) -> Plain:
    return {
        "title": line(title),
        "columns": _texts(columns),
        "numbers": tuple(numbers),
        "rows": tuple(rows),
    }
