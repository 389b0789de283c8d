"""The comparison of tiers as sheets of a workbook: to filter, to reckon with, to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billing_dsl.languages import NOT_HERE
from billing_dsl.languages._language import capital
from billing_dsl.targets._comparison import Column, RateLine, Statement, TierComparison, raised
from billing_dsl.targets._scope import Kind
from billing_dsl.targets._workbook import Cell, Look, Sheet, workbook

LOOKS = {
    Kind.INCLUDED: Look.INCLUDED,
    Kind.FIXED: Look.INCLUDED,
    Kind.FREE: Look.INCLUDED,
    Kind.BLOCK: Look.DRAWN,
    Kind.RETAINER: Look.DRAWN,
    Kind.TICKET: Look.DRAWN,
    Kind.HOURLY: Look.TIMED,
    Kind.OUTSIDE: Look.APART,
}


def as_workbook(found: TierComparison, signs: dict[Kind, str], primary: str) -> bytes:
    """The comparison as a workbook: work by tier, what is paid, what an hour costs, notes, and
    what will change.
    """
    sheets = [_levels(found, signs), _fees(found), *_rates(found), *_notes(found), *_coming(found)]
    title = found.words.comparison.heading
    return workbook(sheets, title, found.provider, primary)


def _levels(found: TierComparison, signs: dict[Kind, str]) -> Sheet:
    labels, said = found.words.labels, found.words.comparison
    columns = ["\n".join(filter(None, (column.title, column.since))) for column in found.columns]
    return Sheet(
        said.heading,
        _above(found, said.heading),
        _heads(said.group, labels["work"], said.meant, *columns),
        tuple(
            (
                Cell(group.heading),
                Cell(row.title, Look.NAME),
                Cell(". ".join(filter(None, (row.meaning.rstrip("."), capital(row.counted))))),
                *(_statement(one, signs) for one in row.statements),
            )
            for group in found.groups
            for row in group.rows
        ),
        (Cell(found.rounded, Look.SOFT), Cell(found.stamp, Look.SOFT)),
        (18, 24, 36, *(23 for _ in columns)),
        2,
    )


def _statement(one: Statement, signs: dict[Kind, str]) -> Cell:
    if one.kind is None:
        return Cell(one.words)
    words = ", ".join(filter(None, (one.words, one.which)))
    first = " ".join(filter(None, (signs[one.kind], words, raised(*one.notes))))
    return Cell("\n".join(filter(None, (first, one.price))), LOOKS[one.kind])


def _fees(found: TierComparison) -> Sheet:
    labels = found.words.labels
    heads = _heads(labels["level"], labels["glance"], labels["service"], labels["unit_price"])
    rows = tuple(row for column in found.columns for row in _paid(column))
    return Sheet(
        labels["services"],
        _above(found, labels["services"]),
        (*heads, Cell(found.currency, Look.HEAD_OF_AMOUNTS)),
        rows,
        (),
        (22, 60, 34, 26, 14),
        1,
    )


def _paid(column: Column) -> Iterator[tuple[Cell, ...]]:
    summary = column.summary
    for fee in column.fees:
        amount = Cell("") if fee.amount is None else Cell(fee.amount, Look.AMOUNT)
        about = Cell(column.title, Look.NAME), Cell(summary)
        yield (*about, Cell(fee.what), Cell(fee.price), amount)
        summary = ""  # said once
    if not column.fees:
        yield Cell(column.title, Look.NAME), Cell(summary), Cell(NOT_HERE), Cell(""), Cell("")


def _rates(found: TierComparison) -> Iterator[Sheet]:
    labels, said = found.words.labels, found.words.comparison
    if found.rates:
        yield Sheet(
            said.rates,
            _above(found, found.words.rates(found.currency, False)),
            (
                *_heads(labels["level"], labels["treated"]),
                *(Cell(title, Look.HEAD_OF_AMOUNTS) for title in found.roles.values()),
            ),
            tuple(_rate(found, line) for line in found.rates),
            (),
            (30, 34, *(18 for _ in found.roles)),
            2,
        )


def _rate(found: TierComparison, line: RateLine) -> tuple[Cell, ...]:
    amounts = (
        Cell(found.written(line, role), Look.AMOUNT)
        if (amount := line.amounts.get(role)) is None
        else Cell(amount, Look.AMOUNT)
        for role in found.roles
    )
    return (Cell(", ".join(line.levels), Look.NAME), Cell(line.what), *amounts)


def _notes(found: TierComparison) -> Iterator[Sheet]:
    labels = found.words.labels
    if found.notes:
        yield _listed(
            found,
            labels["differences"],
            _heads("", labels["level"], labels["treated"]),
            [
                (Cell(str(note.number)), Cell(note.level, Look.NAME), Cell(said))
                for note in found.notes
                for said in note.lines
            ],
            (6, 24, 110),
        )


def _coming(found: TierComparison) -> Iterator[Sheet]:
    labels, said = found.words.labels, found.words.comparison
    if found.changes:
        yield _listed(
            found,
            said.coming,
            _heads(labels["level"], labels["work"], said.before, said.after),
            [
                (Cell(change.heading, Look.NAME), *map(Cell, line))
                for change in found.changes
                for line in change.lines
            ],
            (40, 40, 40, 40),
        )


def _listed(
    found: TierComparison,
    name: str,
    heads: tuple[Cell, ...],
    rows: Iterable[tuple[Cell, ...]],
    widths: Sequence[int],
) -> Sheet:
    return Sheet(name, _above(found, name), heads, tuple(rows), (), tuple(widths), 0)


def _above(found: TierComparison, title: str) -> tuple[tuple[Cell, ...], ...]:
    """The lines at the head of each sheet: what it is, whose, and when it holds."""
    words = found.words
    colon = words.labels["colon"]
    days = f"{words.comparison.valid}{colon} {found.days}" if found.days else ""
    amounts = f"{words.labels['currency']}{colon} {words.in_currency(found.currency)}"
    about = " · ".join(filter(None, (found.provider, days, amounts)))
    return (Cell(title, Look.TITLE),), (Cell(about, Look.SOFT),), ()


def _heads(*names: str) -> tuple[Cell, ...]:
    return tuple(Cell(name, Look.HEAD) for name in names)
