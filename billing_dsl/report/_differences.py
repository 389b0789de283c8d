"""What `diff` tells: a page of sections for every format for people, and JSON for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, assert_never

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.changes.cover import Fate
from billing_dsl.changes.differences import (
    Difference,
    Differences,
    Ending,
    OfPurchase,
    OfService,
    OfTerms,
    OfWork,
    Part,
    Reached,
)
from billing_dsl.changes.documents import DocumentChange
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.told import Origin, Told
from billing_dsl.model.resolve import WORDS
from billing_dsl.report._changes import (
    days_as_json,
    fate_as_json,
    purchase_as_json,
    terms_as_json,
    units_as_json,
)
from billing_dsl.report._difference_words import HEADINGS, Row, command, listed, row
from billing_dsl.report._json import Json, Listing, Rows, in_parts
from billing_dsl.report._table import listing
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count

T = TypeVar("T")

MOST = 20
"""Differences of one effect, documents and renames that are told one by one."""

ONE_AFTER_ANOTHER = "Agreements one right after the other, compared as one"
"""What heads agreements that are split or put together."""

NAMED = 5
"""Clients that a difference names."""

IN_SHORT = {
    Effect.LOSES: ("loses", "lose"),
    Effect.RATE_UP: ("pays more", "pay more"),
    Effect.RATE_DOWN: ("pays less", "pay less"),
    Effect.GAINS: ("gains", "gain"),
    Effect.NONE: ("is billed alike, by another way", "are billed alike, by another way"),
}
"""What becomes of clients, of one and of several."""


@dataclass(frozen=True, slots=True)
class Section:
    """Differences of one effect; `more` of them are not told."""

    effect: Effect
    heading: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What is told in a table of its own; `more` rows of it are not told."""

    rows: tuple[tuple[str, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Page:
    """A change in words. `folded` are kinds of work that the days of an agreement tell already."""

    before: str
    after: str
    as_of: str
    verdict: str
    effect: Effect
    figures: tuple[tuple[str, int], ...]
    sections: tuple[Section, ...]
    folded: int
    documents: Listed
    renamed: Listed
    one_after_another: Listed
    not_compared: Listed


def page(told: Told, folder: str = "", every: bool = False) -> Page:
    """A change in words; with `every` all of it, else the first of what is long."""
    most = None if every else MOST
    shown = list(told.differences.all)
    folded = 0
    if not every:
        kept = [one for one in shown if not told_by_terms(one, told.differences)]
        folded = len(shown) - len(kept)
        shown = kept
    return Page(
        origin(told.before),
        origin(told.after),
        told.as_of.isoformat(),
        verdict(told),
        told.effect,
        tuple(_figures(told)),
        tuple(_sections(told, shown, folder, most)),
        folded,
        _listed([_document(one) for one in told.documents], most),
        _listed(
            [
                (
                    WORDS.get(one.kind, one.kind),
                    one.before,
                    one.after,
                    f"in {listed(one.agreements)}" if one.agreements else "",
                )
                for one in told.renamed
            ],
            most,
        ),
        _listed(
            [
                (one.client, ", ".join(one.before), ", ".join(one.after))
                for one in told.one_after_another
            ],
            most,
        ),
        _listed(
            [(one.client, f"not known {' and '.join(one.sides)}") for one in told.not_compared],
            most,
        ),
    )


def origin(one: Origin) -> str:
    """What somebody called a side, and its commit in short."""
    commit, plus, _ = one.commit.partition("+")
    short = f" ({commit[:7]}{' with changes' if plus else ''})" if commit else ""
    return f"{one.name}{short}"


def _listed(rows: Sequence[tuple[str, ...]], most: int | None) -> Listed:
    return Listed(tuple(rows[:most]), len(rows[most:]) if most is not None else 0)


def _sections(
    told: Told, shown: Sequence[Difference], folder: str, most: int | None
) -> Iterator[Section]:
    cells = told.differences.cells
    for effect in Effect:
        own = [one for one in shown if one.effect is effect]
        if own:
            rows = tuple(row(one, cells, told.as_of, folder) for one in own[:most])
            yield Section(effect, HEADINGS[effect], rows, len(own) - len(rows))


def told_by_terms(one: Difference, found: Differences) -> bool:
    """Whether work is told on days only on which an agreement begins or ends that is told too."""
    if not isinstance(one, OfWork) or all(one.signed):
        return False
    known = {reached.client for terms in found.terms for reached in terms.reached}
    return all(reached.client in known for reached in one.reached)


def _document(one: DocumentChange) -> tuple[str, ...]:
    name = one.subject
    if one.renamed:
        name = f"{one.kind}/{one.before} → {one.after}"
    return one.how.value, name, ", ".join(one.fields)


def verdict(told: Told) -> str:
    """What a change comes to, in one sentence."""
    found = told.differences
    parts = [
        f"{count(number, 'client')} {IN_SHORT[effect][number != 1]}"
        for effect in Effect
        if (number := sum(one is effect for one in found.effects.values()))
    ]
    parts += _besides(found)
    unknown = len(told.not_compared)
    if unknown:
        parts.append(f"{count(unknown, 'client')} could not be compared")
    offers = {reached.client for one in found.all for reached in one.offers}
    if told.has_effect and offers:
        parts.append(f"whoever signs {listed(sorted(offers))} next gets something else")
    if not told.has_effect:
        documents = count(len(told.documents), "document")
        if not told.documents:
            return "nothing differs"
        alike = f": {'; '.join(parts)}" if parts else ""
        return f"no billing effect, though {documents} changed{alike}"
    rest = told.clients - len(found.effects) - unknown
    if rest:
        parts.append(
            f"{count(rest, 'client')} {'is as it was' if rest == 1 else 'are as they were'}"
        )
    return "; ".join(parts)


def _besides(found: Differences) -> Iterator[str]:
    """How many are reached by something better, too, than the worst of it."""
    for effect in (Effect.RATE_DOWN, Effect.GAINS):
        reached = {
            one.client for each in found.all if each.effect is effect for one in each.reached
        }
        number = sum(found.effects[client] is not effect for client in reached)
        if number:
            yield f"{number:,} also {IN_SHORT[effect][number != 1]}"


def _figures(told: Told) -> Iterator[tuple[str, int]]:
    """How many clients there are of each effect."""
    effects = told.differences.effects
    for effect in Effect:
        number = sum(one is effect for one in effects.values())
        if number or effect is not Effect.NONE:
            yield _FIGURES[effect], number
    if told.not_compared:
        yield "not compared", len(told.not_compared)
    yield "as they were", told.clients - len(effects) - len(told.not_compared)


_FIGURES = {
    Effect.LOSES: "clients lose",
    Effect.RATE_UP: "pay more",
    Effect.RATE_DOWN: "pay less",
    Effect.GAINS: "clients gain",
    Effect.NONE: "billed alike",
}


# --- text ----------------------------------------------------------------------------------------


def as_text(told: Told, folder: str = "", every: bool = False) -> str:
    """A change for a person at a terminal."""
    return text(page(told, folder, every))


def text(found: Page) -> str:
    """A page of a change for a person at a terminal."""
    return "".join(_text(found))


def _text(found: Page) -> Iterator[str]:
    yield f"compared {visible(found.before)} with {visible(found.after)}, as of {found.as_of}\n"
    yield f"{visible(found.verdict)}\n"
    for section in found.sections:
        yield f"\n{section.heading}\n"
        for one in section.rows:
            yield f"  {visible(one.what)}\n"
            yield listing(list(_lines(one)), indent="    ")
        yield _more(section.more)
    if found.folded:
        folded = count(found.folded, "kind")
        yield f"\n{folded} of work begin or end with agreements that are told: --all tells them\n"
    for heading, rows in (
        ("Renamed", found.renamed),
        (ONE_AFTER_ANOTHER, found.one_after_another),
        ("Not compared, because something it rests on has errors", found.not_compared),
        ("Documents changed", found.documents),
    ):
        if rows.rows:
            yield f"\n{heading}\n"
            arrowed = heading in ("Renamed", ONE_AFTER_ANOTHER)
            yield listing(_arrowed(rows.rows) if arrowed else rows.rows, indent="  ")
            yield _more(rows.more)


def _arrowed(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(what, f"{before} → {after}", *where) for what, before, after, *where in rows]


def _more(number: int) -> str:
    return f"  and {number:,} more: --all tells them\n" if number > 0 else ""


def _lines(one: Row) -> Iterator[tuple[str, str]]:
    yield "before", one.before
    yield "after", one.after
    yield "when", f"{one.days}; {one.timing}"
    yield "who", who(one)
    if one.documents:
        yield "through", listed(one.documents)
    if one.proof:
        yield "see", one.proof


def who(one: Row, named: int = NAMED) -> str:
    """Whom a difference reaches: how many, and the first of them by name."""
    names = f": {listed(one.names, named)}" if one.names else ""
    reached = ", ".join(words for words in one.who if words != one.offered)
    return "; ".join(filter(None, (f"{reached}{names}", one.offered)))


# --- JSON ----------------------------------------------------------------------------------------


def as_json_text(told: Told, folder: str = "") -> Iterator[str]:
    """A change as JSON, part by part: it may be long."""
    return in_parts(as_json(told, folder, Rows))


def as_json(told: Told, folder: str = "", held_as: Listing = list) -> dict[str, Json]:
    """A change for machines: all of it, however long. The shape is in docs/diff.md.

    `held_as` tells how long lists are held.
    """
    found = told.differences
    counts = {
        effect.value: sum(one is effect for one in found.effects.values()) for effect in Effect
    }
    unknown = len(told.not_compared)
    return {
        "version": 1,
        "as_of": told.as_of.isoformat(),
        "before": _origin(told.before),
        "after": _origin(told.after),
        "summary": {
            "effect": told.effect.value,
            "billing_effect": told.has_effect,
            "clients": {
                **counts,
                "not_compared": unknown,
                "unchanged": told.clients - len(found.effects) - unknown,
            },
            "differences": len(found.all),
            "documents": len(told.documents),
        },
        "clients": held_as(
            {"client": name, "effect": effect.value} for name, effect in found.effects.items()
        ),
        "not_compared": [{"client": one.client, "sides": one.sides} for one in told.not_compared],
        "documents": [
            {
                "kind": one.kind,
                "before": one.before or None,
                "after": one.after or None,
                "how": one.how.value,
                "client": one.client or None,
                "fields": one.fields,
            }
            for one in told.documents
        ],
        "renamed": [
            {
                "kind": one.kind,
                "before": one.before,
                "after": one.after,
                "agreements": one.agreements,
            }
            for one in told.renamed
        ],
        "one_after_another": [
            {"client": one.client, "before": one.before, "after": one.after}
            for one in told.one_after_another
        ],
        "differences": held_as(
            difference_as_json(one, found.cells, told.as_of, folder, held_as) for one in found.all
        ),
    }


def _origin(one: Origin) -> dict[str, Json]:
    return {"name": one.name, "sha256": one.sha256, "commit": one.commit, "errors": one.errors}


def difference_as_json(
    one: Difference,
    cells: Cells | None,
    day: date,
    folder: str = "",
    held_as: Listing = list,
) -> dict[str, Json]:
    """One difference with every client whom it reaches, as seen on a day."""
    words = row(one, cells, day, folder)
    shown: dict[str, Json] = {"about": "", "effect": one.effect.value, "words": words.what}
    match one:
        case OfWork():
            assert cells is not None, "whatever differs was compared cell by cell"
            shown |= {
                "about": "work",
                "cells": _boxes(cells, one.cells),
                "before": _ending(one, one.before, one.signed[0]),
                "after": _ending(one, one.after, one.signed[1]),
                "reached": held_as(_of_work(found, cells, day) for found in one.reached),
                "offers": held_as(_of_work(found, cells, day) for found in one.offers),
                "witness": _witness(one, cells, day, folder),
            }
        case OfService():
            shown |= {"about": "service", "service": one.service}
            shown |= _bought(one.reached, one.offers, units_as_json, day, held_as)
        case OfPurchase():
            shown |= {"about": "purchase", "what": one.what.value, "contract": one.contract}
            shown |= _bought(one.reached, one.offers, purchase_as_json, day, held_as)
        case OfTerms():
            shown |= {"about": "agreement"}
            shown |= _bought(one.reached, one.offers, terms_as_json, day, held_as)
        case unexpected:
            assert_never(unexpected)
    return shown


def _boxes(cells: Cells, mask: Mask) -> list[dict[str, Json]]:
    return [
        {"work_types": box.work_types, "roles": box.roles, "sub_issues": box.sub_issues}
        for box in cells.boxes(mask)
    ]


def _ending(one: OfWork, end: Ending | None, signed: bool) -> dict[str, Json]:
    if end is None:
        missing = "no_such_contract" if one.contract else "no_agreement"
        return {"outcome": "no_such_work" if signed else missing}
    return {
        "outcome": end.outcome.value,
        "contract": end.contract or None,
        "contract_type": end.type.value if end.type is not None else None,
        "billing": end.billing.value,
    }


def _reached(found: Reached[T], day: date) -> dict[str, Json]:
    return {
        "client": found.client,
        "agreement": found.agreement or None,
        "start": found.start or None,
        "who": found.who.value,
        "when": found.when(day).value,
        **days_as_json(found.life),
        "direct": found.direct,
        "through": [*found.reach.own, *found.reach.others],
    }


def _of_work(found: Reached[Fate], cells: Cells, day: date) -> dict[str, Json]:
    return {
        **_reached(found, day),
        "parts": [
            {
                **days_as_json(part.life),
                "cells": _boxes(cells, part.cells),
                "before": fate_as_json(part.before, found.agreements),
                "after": fate_as_json(part.after, found.agreements),
            }
            for part in found.parts
        ],
    }


def _bought(
    reached: Sequence[Reached[T]],
    offers: Sequence[Reached[T]],
    shown: Callable[[T | None], dict[str, Json] | None],
    day: date,
    held_as: Listing,
) -> dict[str, Json]:
    def told(found: Reached[T]) -> dict[str, Json]:
        return {**_reached(found, day), "parts": [part_as_json(part) for part in found.parts]}

    def part_as_json(part: Part[T]) -> dict[str, Json]:
        return {
            **days_as_json(part.life),
            "before": shown(part.before),
            "after": shown(part.after),
        }

    return {
        "reached": held_as(told(one) for one in reached),
        "offers": held_as(told(one) for one in offers),
    }


def _witness(one: OfWork, cells: Cells, day: date, folder: str) -> dict[str, Json] | None:
    found = one.witness(cells, day)
    if found is None:
        return None
    agreements = found.reached.agreements
    return {
        "client": found.reached.client,
        "work_type": found.cell.work_type,
        "role": found.cell.role,
        "sub_issue": found.cell.sub_issue or None,
        "on": found.day.isoformat(),
        "before": fate_as_json(found.part.before, agreements),
        "after": fate_as_json(found.part.after, agreements),
        "command": command(found, folder) or None,
    }
