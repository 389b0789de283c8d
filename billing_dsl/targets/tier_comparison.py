"""The comparison of tiers: what becomes of each kind of work in each, to sell by and to review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from billing_dsl.analysis.offers import currencies, on_offer
from billing_dsl.languages import of_house
from billing_dsl.targets import Assembled, Compilation, Everybody, Teller, target
from billing_dsl.targets._comparison import (
    Column,
    Comparisons,
    Group,
    TierComparison,
    raised,
)
from billing_dsl.targets._comparison_sheets import as_workbook
from billing_dsl.targets._forms import Form
from billing_dsl.targets._scope import Kind
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Sheet,
    Written,
    html,
    markdown,
    readable,
    sheet,
)
from billing_dsl.templates.documents import STYLE

T = TypeVar("T")

WIDEST = 6
"""Tiers side by side, and roles in a table of rates, that fit on a page."""

ICONS = {
    Kind.INCLUDED: ("ticked", "✓"),
    Kind.FIXED: ("ticked", "✓"),
    Kind.FREE: ("ticked", "✓"),
    Kind.BLOCK: ("drawn", "◐"),
    Kind.RETAINER: ("drawn", "◐"),
    Kind.TICKET: ("drawn", "◐"),
    Kind.HOURLY: ("timed", "◔"),
    Kind.OUTSIDE: ("apart", "✕"),
}
"""The picture that stands before a statement, and the sign in its place where there are none. The
words say it all: pictures and colours only help the eye.
"""


@target
def tier_comparison(compilation: Compilation) -> Teller:
    """
    The service levels side by side, to sell by and to review: `documents/tiers`.

    For each kind of work it says what each tier makes of it, what it costs where a tier or the
    list says so, and what makes a difference; then what an hour costs, and what coming versions
    of a tier will change. Tiers stand in order of their rank, each in the version of the day.

    There is a comparison for each language that the settings promise, and for each currency that
    the rates of all roles name. `tiers.html` is in the catalogue's own language and the house's
    currency; in others the language and the currency are named: `tiers.de.html`,
    `tiers.de.CHF.html`. A catalogue without tiers has none.
    """
    return _TierComparisons(compilation)


class _TierComparisons(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        colours = compilation.declared.shared.settings.colours
        self._primary = readable(colours.get("primary", PRIMARY), PRIMARY)
        self._style = sheet(
            colours.get("primary", PRIMARY),
            colours.get("accent", ACCENT),
            *("page", "tiers"),
            own=compilation.declared.templates.documents.get(STYLE),
        )

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        declared = self._compilation.declared
        if not on_offer(declared):
            return
        compare = Comparisons(declared, self._compilation.tool_version)
        house = declared.shared.settings.currency
        for position, code in enumerate(of_house(declared.shared.settings)):
            for currency in currencies(declared):
                found = compare.of(code, currency)
                named = (code if position else "", currency if currency != house else "")
                path = ".".join(filter(None, ("documents/tiers", *named)))
                for form, content in self._made(found):
                    yield Assembled(f"{path}.{form}", (content,), "document")

    def _made(self, found: TierComparison) -> Iterator[tuple[Form, bytes]]:
        forms = self._compilation.forms
        if Form.HTML in forms:
            yield Form.HTML, as_html(found, self._style)
        if Form.MARKDOWN in forms:
            yield Form.MARKDOWN, as_markdown(found)
        if Form.EXCEL in forms:
            signs = {kind: sign for kind, (_, sign) in ICONS.items()}
            yield Form.EXCEL, as_workbook(found, signs, self._primary)


def as_html(found: TierComparison, style: Sheet) -> bytes:
    """The comparison as one self-contained page, to print on A4 across."""
    icons = {kind.value: picture for kind, (picture, _) in ICONS.items()}
    return html("tiers", **_filled(found), icons=icons, sheet=style).encode()


def as_markdown(found: TierComparison) -> bytes:
    """The comparison as tables, for review."""
    signs = {kind.value: sign for kind, (_, sign) in ICONS.items()}
    return markdown("tiers", **_filled(found), signs=signs, raised=raised).encode()


def _filled(found: TierComparison) -> dict[str, object]:
    labels = found.words.labels
    return {
        "found": found,
        "said": found.words.comparison,
        # Written already, for whoever prints a text takes away the space at its beginning.
        "words": {**labels, "colon": Written(labels["colon"])},
        "in_currency": found.words.in_currency(found.currency),
        "rates_in": found.words.rates(found.currency, False),
        "panels": tuple(panels(found)),
        "rated": tuple(_beside(tuple(found.roles))),
    }


def panels(found: TierComparison) -> Iterator[tuple[tuple[Column, ...], tuple[Group, ...]]]:
    """Some tiers at a time, as many as fit beside each other: each table as wide as the others."""
    for some in _beside(tuple(range(len(found.columns)))):
        yield (
            tuple(found.columns[position] for position in some),
            tuple(
                replace(
                    group,
                    rows=tuple(
                        replace(row, statements=tuple(row.statements[at] for at in some))
                        for row in group.rows
                    ),
                )
                for group in found.groups
            ),
        )


def _beside(things: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    """Things in as few rows as they fit in, each row as long as the others."""
    rows = -(-len(things) // WIDEST)
    for row in range(rows):
        yield things[row * len(things) // rows : (row + 1) * len(things) // rows]
