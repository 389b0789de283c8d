"""What every entry is billed, line by line, for a spreadsheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from billing_dsl.entries.reading import Taken
from billing_dsl.replay import measures
from billing_dsl.replay.run import Billed
from billing_dsl.replay.side import Side
from billing_dsl.replay.summary import called
from billing_dsl.targets import _csv

HEADER = (
    *("file", "row", "day", "client", "work_type", "role", "sub_issue", "ticket"),
    *("hours_worked", "hours_billed", "outcome", "contract", "tier", "billing", "block_start"),
    *("hours_debited", "amount", "currency", "would_be_worth"),
)
AT_ONCE = 5_000

_ITEMS = """\
SELECT i.entry, i.day, i.client, i.kind, i.ticket, i.opens, i.worked, i.hours, i.ending, i.contract,
  i.billing, i.block, i.debit, i.cents, i.worth
FROM items i ORDER BY i.entry, i.opens DESC, i.block"""


def holds_items(path: Path) -> bool:
    """Whether a file begins as one that was written here. Raises OSError."""
    begins = _csv.table([HEADER])
    with path.open("rb") as file:
        return file.read(len(begins)) == begins


def write(path: Path, taken: Taken, side: Side, billed: Billed) -> None:
    """Writes a line for each item, in the order of the files; an entry that is split has several.

    `row` counts the rows below a file's header.
    """
    with path.open("wb") as out:
        out.write(_csv.table([HEADER]))
        several: list[tuple[_csv.Cell, ...]] = []
        for line in _lines(taken, side, billed):
            several.append(line)
            if len(several) == AT_ONCE:
                out.write(_csv.table(several))
                several.clear()
        out.write(_csv.table(several))


def _lines(taken: Taken, side: Side, billed: Billed) -> Iterator[tuple[_csv.Cell, ...]]:
    clients = {n: called(side.of_clients, text) for n, text in taken.texts_of_clients().items()}
    kinds = {
        n: (
            called(side.of_work_types, kind.work_type),
            called(side.of_roles, kind.role),
            called(side.of_sub_issues, kind.sub_issue) if kind.sub_issue else "",
        )
        for n, kind in taken.called().items()
    }
    contracts, endings = billed.routing.contracts, billed.routing.endings
    starts = {one.number: one.block.life.start for one in billed.blocks}
    for item in taken.engine.rows(_ITEMS):
        entry, day, client, kind, ticket, opens, worked, hours, *rest = item
        ending, contract, billing, block, debit, cents, worth = rest
        file = bisect_right(taken.firsts, entry) - 1
        end = None if ending is None else endings[ending]
        yield (
            taken.files[file].name,
            entry - taken.firsts[file] + 1,
            date.fromordinal(day),
            clients[client],
            *kinds[kind],
            ticket,
            measures.hours(worked) if opens else None,
            measures.hours(hours),
            "unknown" if end is None else end.outcome,
            "" if contract is None else contracts[contract - 1].id,
            "" if end is None else end.tier,
            billing,
            starts.get(block),
            measures.debited(debit) if block else None,
            None if cents is None or end is None else measures.cents(cents),
            "" if end is None else end.currency,
            measures.cents(worth) if billing == "absorbed" and worth is not None else None,
        )
