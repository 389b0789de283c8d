"""What every entry is billed, line by line, for a spreadsheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from billing_dsl.entries.reading import Taken
from billing_dsl.replay import measures
from billing_dsl.replay.compared import Half
from billing_dsl.replay.run import Billed, Row
from billing_dsl.replay.side import Side
from billing_dsl.replay.summary import called
from billing_dsl.targets import _csv

HEADER = (
    *("file", "row", "day", "client", "work_type", "role", "sub_issue", "ticket"),
    *("hours_worked", "hours_billed", "outcome", "contract", "tier", "billing", "block_start"),
    *("hours_debited", "amount", "currency", "would_be_worth"),
)
OF_BOTH = ("side", *HEADER, "flips")
"""The header where entries went through two catalogues."""

AT_ONCE = 5_000

_ITEMS = """\
SELECT i.entry, i.day, i.client, i.kind, e.ticket, i.opens, i.worked, i.hours, i.ending, i.contract,
  i.billing, i.block, i.debit, i.cents, i.worth
FROM items i
JOIN entries e ON e.entry = i.entry
ORDER BY i.entry, i.opens DESC, i.block"""

_BOTH = """\
SELECT i.entry, i.day, i.client, i.kind, e.ticket, i.opens, i.worked, i.hours, i.ending, i.contract,
  i.billing, i.block, i.debit, i.cents, i.worth, i.side, f.entry IS NOT NULL AS flips
FROM (
  SELECT *, 0 AS side FROM {before}items
  UNION ALL
  SELECT *, 1 AS side FROM items
) i
JOIN entries e ON e.entry = i.entry
LEFT JOIN flipped f ON f.entry = i.entry
ORDER BY i.entry, i.side, i.opens DESC, i.block"""


def holds_items(path: Path) -> bool:
    """Whether a file begins as one that was written here. Raises OSError."""
    begins = [_csv.table([header]) for header in (HEADER, OF_BOTH)]
    with path.open("rb") as file:
        return file.read(max(map(len, begins))).startswith(tuple(begins))


def write(path: Path, taken: Taken, side: Side, billed: Billed) -> None:
    """Writes a line for each item, in the order of the files; an entry that is split has several.

    `row` counts the rows below a file's header.
    """
    said = _Said(taken, side, billed)
    _write(path, HEADER, (said.line(item) for item in taken.engine.rows(_ITEMS)))


def write_both(path: Path, taken: Taken, before: Half, after: Half, name: str) -> None:
    """Writes the items of two sides, those before first, entry by entry, with whether it flips.

    `name` stands before the names of the tables of the side before.
    """
    sides = [_Said(taken, half.side, half.billed) for half in (before, after)]
    lines = (
        (("before", "after")[side], *sides[side].line(item), flips)
        for *item, side, flips in taken.engine.rows(_BOTH.format(before=name))
    )
    _write(path, OF_BOTH, lines)


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[_csv.Cell]]) -> None:
    with path.open("wb") as out:
        out.write(_csv.table([header]))
        waiting = iter(lines)
        while several := list(islice(waiting, AT_ONCE)):
            out.write(_csv.table(several))


class _Said:
    """What the numbers of a side stand for, line by line."""

    def __init__(self, taken: Taken, side: Side, billed: Billed) -> None:
        texts, kinds = taken.texts_of_clients(), taken.called()
        self._taken = taken
        self._clients = {n: called(side.of_clients, text) for n, text in texts.items()}
        self._kinds = {
            n: (
                called(side.of_work_types, kind.work_type),
                called(side.of_roles, kind.role),
                called(side.of_sub_issues, kind.sub_issue) if kind.sub_issue else "",
            )
            for n, kind in kinds.items()
        }
        self._contracts = [contract.id for contract in billed.routing.contracts]
        self._endings = billed.routing.endings
        self._starts = {one.number: one.block.life.start for one in billed.blocks}

    def line(self, item: Row) -> tuple[_csv.Cell, ...]:
        """An item as the cells of a line."""
        entry, day, client, kind, ticket, opens, worked, hours, *rest = item
        ending, contract, billing, block, debit, cents, worth = rest
        firsts = self._taken.firsts
        file = bisect_right(firsts, entry) - 1
        end = None if ending is None else self._endings[ending]
        return (
            self._taken.files[file].name,
            entry - firsts[file] + 1,
            date.fromordinal(day),
            self._clients[client],
            *self._kinds[kind],
            ticket,
            measures.hours(worked) if opens else None,
            measures.hours(hours),
            "unknown" if end is None else end.outcome,
            "" if contract is None else self._contracts[contract - 1],
            "" if end is None else end.tier,
            billing,
            self._starts.get(block),
            measures.debited(debit) if block else None,
            None if cents is None or end is None else measures.cents(cents),
            "" if end is None else end.currency,
            measures.cents(worth) if billing == "absorbed" and worth is not None else None,
        )
