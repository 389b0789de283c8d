"""What `replay` prints: for a person to read in a minute, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from billing_dsl.replay import measures
from billing_dsl.replay.purses import Purse
from billing_dsl.replay.summary import (
    INVOICED,
    PREPAID,
    Balance,
    Line,
    NotKnown,
    Nowhere,
    Sum,
)
from billing_dsl.replay.told import Account, Replayed, TakenIn
from billing_dsl.report._json import on_a_line
from billing_dsl.report._table import columns, table
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count

SHOWN = 5
"""Lines of a table for a person; JSON lists all."""

AT_ONCE = 1_000
"""Objects of a list that are written at a time."""

BILLED_AS = {
    "hourly": "by the hour",
    "overage": "overage of blocks",
    "standard_rate": "at standard rates",
    "block": "from blocks",
    "retainer": "from retainers",
    "ticket": "from tickets",
    "absorbed": "absorbed by contracts",
    "not_billed": "not billable",
}
"""How work is billed, as a person reads it, in the order in which it is told."""

OUTCOMES = {
    "no_agreement": "no agreement on the day",
    "uncovered": "excluded, and falls to no contract",
    "broken": "falls to a contract not in force",
    "cyclic": "goes round in a ring",
}


def as_text(replayed: Replayed) -> str:
    """The replay for a person."""
    return "".join(_text(replayed))


def _text(replayed: Replayed) -> Iterator[str]:
    found = replayed.summary
    account = replayed.account()
    days = f", {found.first} to {found.last}" if found.first is not None else ""
    names = [file.name for file in replayed.files]
    files = visible(names[0]) if len(names) == 1 else count(len(names), "file")
    through = visible(replayed.directory)
    yield f"{files}: {count(account.read, 'row')}{days}, through {through}\n"
    yield from (f"warning: {visible(one)}\n" for one in replayed.warnings())
    yield "\n" + _account(account)
    for line in found.by_billing:
        yield f"\nMoney in {line.currency}\n" + _money(line)
    currencies = [line.currency for line in found.by_billing]
    for currency in currencies:
        for title, lines in (
            ("Clients", found.clients),
            ("Tiers", found.tiers),
            ("Work types", found.work_types),
            ("Contracts", found.contracts),
        ):
            own = [line for line in lines if line.currency == currency]
            if own:
                yield f"\n{title}, in {currency}\n" + _lines(own)
        items = [item for item in found.largest if item.currency == currency][:SHOWN]
        if items:
            yield f"\nLargest items, in {currency}\n" + aligned(
                ("Day", "Client", "Work type", "Role", "Ticket", "Billed", "Hours", "Amount"),
                [
                    (
                        str(item.day),
                        item.client,
                        item.work_type,
                        item.role,
                        item.ticket,
                        BILLED_AS[item.billing],
                        hours_shown(item.hours),
                        amount_shown(item.cents),
                    )
                    for item in items
                ],
                6,
            )
    yield from _rest(replayed)
    yield "\nThese figures rest on\n"
    yield from (f"  - {one}\n" for one in replayed.assumptions())


def _rest(replayed: Replayed) -> Iterator[str]:
    found = replayed.summary
    if found.nowhere:
        yield "\nWork that no contract takes\n" + _nowhere(found.nowhere)
    if found.blocks:
        yield "\nBlocks of hours\n" + _blocks(found.blocks)
    if found.purses:
        yield "\nRetainers and tickets\n" + _purses(found.purses)
    yield from unread(replayed)


def unread(replayed: Replayed) -> Iterator[str]:
    """What of the files takes no part, or not as it is written."""
    found = replayed.summary
    if found.not_known:
        yield "\nNot known to the catalogue\n" + _not_known(found.not_known)
    if found.strange_sub_issues:
        yield "\nSub-issues that no document declares, replayed as none\n"
        yield _not_known(found.strange_sub_issues)
    refused = sorted(
        ((file, one) for file in replayed.files for one in file.refused),
        key=lambda found: -found[1].rows,
    )
    if refused:
        rows = [
            (one.reason.value, one.text, file.name, f"{one.rows:,}")
            for file, one in refused[:SHOWN]
        ]
        left = sum(one.rows for _, one in refused[SHOWN:])
        head = ("Refused, because", "It says", "File", "Rows")
        yield "\nRefused rows, the most frequent first\n" + aligned(head, rows, 3)
        if left:
            number = len(refused) - SHOWN
            yield f"  and {number:,} more, of {count(left, 'row')}: --format json lists all\n"


def _nowhere(found: Sequence[Nowhere]) -> str:
    rows = [
        (
            OUTCOMES[one.outcome],
            one.client,
            BILLED_AS[one.billing],
            f"{one.sum.entries:,}",
            hours_shown(one.sum.hours),
            f"{amount_shown(one.sum.cents)} {one.currency}",
        )
        for one in found
    ]
    head = ("Why", "Client", "Billed", "Entries", "Hours", "Amount")
    return aligned(head, rows[:SHOWN], 3) + more(rows)


def _blocks(found: Sequence[Balance]) -> str:
    rows = [
        (
            block.contract,
            f"{block.start} to {block.end}",
            debit_shown(block.size),
            debit_shown(block.size - block.left),
            debit_shown(block.left),
        )
        for block in sorted(found, key=lambda block: (block.left, block.contract, block.start))
    ]
    head = ("Contract", "Days", "Hours", "Drawn", "Left")
    return aligned(head, rows[:SHOWN], 2) + more(rows)


def _purses(found: Sequence[Purse]) -> str:
    ordered = sorted(found, key=lambda one: (one.left is not None, one.left or 0, one.contract))
    rows = [
        (
            one.contract,
            one.currency or "tickets",
            purse_shown(one, one.bought),
            purse_shown(one, one.drawn),
            purse_shown(one, one.left),
        )
        for one in ordered
    ]
    head = ("Contract", "In", "Bought", "Drawn", "Left")
    return aligned(head, rows[:SHOWN], 2) + more(rows)


def purse_shown(purse: Purse, number: int | None) -> str:
    """Something of a purse as a person reads it: an amount, or a number of tickets."""
    if number is None:
        return "unknown"
    return amount_shown(number) if purse.currency else f"{number:,}"


def account_rows(account: Account) -> list[tuple[str, int]]:
    """What became of the rows, line by line, and in the end how many were read."""
    return [
        ("billed", account.billed),
        ("absorbed by contracts", account.absorbed),
        ("not billable", account.not_billed),
        ("without an amount", account.unpriced),
        ("not known to the catalogue", account.unknown),
        ("refused", account.refused),
        ("read", account.read),
    ]


def _account(account: Account) -> str:
    *rows, read = account_rows(account)
    kept = [(name, f"{number:,}") for name, number in (*filter(_any, rows), read)]
    return aligned(("Rows", "Number"), kept, 1)


def _any(row: tuple[str, int]) -> bool:
    return row[1] > 0


def _money(line: Line) -> str:
    rows: list[tuple[str, ...]] = []
    for title, billings in (("to be invoiced", INVOICED), ("drawn from prepaid", PREPAID)):
        own = [billing for billing in billings if billing in line.by_billing]
        if own:
            rows.extend(_row(BILLED_AS[billing], line.of(billing)) for billing in own)
            rows.append(_row(title, line.of(*own)))
    rows.extend(
        _row(BILLED_AS[billing], line.of(billing))
        for billing in ("absorbed", "not_billed")
        if billing in line.by_billing
    )
    return aligned(("", "Items", "Hours", "Amount", "Would be worth"), rows, 1)


def _row(name: str, total: Sum) -> tuple[str, ...]:
    worth = amount_shown(total.worth) if total.worth else ""
    return name, f"{total.items:,}", hours_shown(total.hours), amount_shown(total.cents), worth


def _lines(lines: Sequence[Line]) -> str:
    ordered = sorted(
        lines,
        key=lambda line: (-line.of(*INVOICED).cents, -line.of().worth, -line.of().hours, line.name),
    )
    rows = [
        (
            line.name or "(none)",
            f"{line.of().items:,}",
            hours_shown(line.of().hours),
            amount_shown(line.of(*INVOICED).cents),
            amount_shown(line.of(*PREPAID).cents),
            hours_shown(line.of("absorbed").hours),
            amount_shown(line.of("absorbed").worth),
        )
        for line in ordered
    ]
    head = ("", "Items", "Hours", "Invoiced", "Prepaid", "Absorbed h", "Worth")
    return aligned(head, rows[:SHOWN], 1) + more(rows)


def _not_known(texts: Sequence[NotKnown]) -> str:
    rows = [
        (one.what, one.text or "(empty)", f"{one.entries:,}", hours_shown(one.worked), _hint(one))
        for one in texts
    ]
    head = ("What", "It says", "Entries", "Hours", "Nearest")
    return aligned(head, rows[:SHOWN], 2, 4) + more(rows)


def _hint(one: NotKnown) -> str:
    if one.shared_by:
        return f"it means {' and '.join(one.shared_by)} alike"
    return ", ".join(one.near)


def more(rows: Sequence[object], most: int = SHOWN) -> str:
    """How many rows there are beyond those that are shown."""
    left = len(rows) - most
    return f"  and {left:,} more: --format json lists all\n" if left > 0 else ""


def aligned(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    first: int,
    last: int | None = None,
    others: Sequence[int] = (),
) -> str:
    """A table whose columns from `first` on, before `last`, and others stand to the right."""
    last = len(head) if last is None else last
    shown = [[visible(cell) for cell in row] for row in (head, *rows)]
    for column in (*range(first, last), *others):
        width = max(columns(row[column]) for row in shown)
        for row in shown:
            row[column] = " " * (width - columns(row[column])) + row[column]
    return table(shown[0], shown[1:], indent="  ")


def hours_shown(parts: int) -> str:
    """Hours for a person, from their parts."""
    return f"{_two(measures.hours(parts)):,}"


def debit_shown(parts: int) -> str:
    """Hours of a block as a person reads them."""
    return f"{_two(measures.debited(parts)):,}"


def _two(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"))


def amount_shown(cents: int) -> str:
    """An amount for a person, from its hundredths."""
    return f"{measures.cents(cents):,.2f}"


# --- JSON ----------------------------------------------------------------------------------------


def as_json_text(replayed: Replayed) -> Iterator[str]:
    """The same as JSON, part by part: an object of a list on a line of its own."""
    return json_text(_as_json(replayed))


@dataclass(frozen=True, slots=True)
class Rows:
    """The objects of a long list, each as a line of JSON, made while somebody goes through them."""

    lines: Iterator[str]


def json_text(found: Mapping[str, Any]) -> Iterator[str]:
    """An object part by part, each object of a list in it on a line of its own.

    No part of it is a command to a CI system that sees it in a log.
    """
    parts = list(found.items())
    yield "{\n"
    for number, (key, value) in enumerate(parts, 1):
        after = ",\n" if number < len(parts) else "\n}\n"
        if isinstance(value, Rows):
            yield from _listed(key, value.lines, after)
        elif isinstance(value, list):
            yield from _listed(key, map(on_a_line, value), after)
        else:
            yield f'  "{key}": {on_a_line(value)}{after}'


def _listed(key: str, lines: Iterator[str], after: str) -> Iterator[str]:
    before, end = f'  "{key}": [\n    ', f'  "{key}": []{after}'
    while several := list(islice(lines, AT_ONCE)):
        yield before + ",\n    ".join(several)
        before, end = ",\n    ", f"\n  ]{after}"
    yield end


def made(found: Mapping[str, Any]) -> dict[str, Any]:
    """An object whose lists are made."""
    return {
        key: list(map(json.loads, value.lines)) if isinstance(value, Rows) else value
        for key, value in found.items()
    }


def as_json(replayed: Replayed) -> dict[str, Any]:
    """The replay for scripts; hours and amounts are text, so that none of their digits is lost."""
    return made(_as_json(replayed))


def _as_json(replayed: Replayed) -> dict[str, Any]:
    """The same; long lists are `Rows`."""
    found = replayed.summary
    return {
        "version": 1,
        "files": files_as_json(replayed.files),
        "rows": account_as_json(replayed.account()),
        "first": found.first.isoformat() if found.first is not None else None,
        "last": found.last.isoformat() if found.last is not None else None,
        "totals": Rows(f"{{{_line(line)}}}" for line in found.by_billing),
        "clients": _named(found.clients, "client"),
        "tiers": _named(found.tiers, "tier"),
        "work_types": _named(found.work_types, "work_type"),
        "contracts": _named(found.contracts, "contract"),
        "no_contract": Rows(
            f'{{"outcome": "{one.outcome}", "client": {on_a_line(one.client)}, '
            f'"currency": "{one.currency}", "billing": "{one.billing}", {_sum(one.sum)}}}'
            for one in found.nowhere
        ),
        "blocks": [{"contract": block.contract, **block_as_json(block)} for block in found.blocks],
        "purses": [
            {
                "contract": one.contract,
                "currency": one.currency or None,
                **purse_as_json(one),
            }
            for one in found.purses
        ],
        "unknown": [not_known_as_json(one) for one in found.not_known],
        "undeclared_sub_issues": [not_known_as_json(one) for one in found.strange_sub_issues],
        "largest": [
            {
                "entry": item.entry,
                "day": item.day.isoformat(),
                "client": item.client,
                "work_type": item.work_type,
                "role": item.role,
                "ticket": item.ticket,
                "billing": item.billing,
                "contract": item.contract,
                "hours": measures.hours_written(item.hours),
                "amount": measures.cents_written(item.cents),
                "currency": item.currency,
            }
            for item in found.largest
        ],
        "warnings": list(replayed.warnings()),
        "assumptions": list(replayed.assumptions()),
    }


def block_as_json(block: Balance) -> dict[str, Any]:
    """What a block held, and what is left of it."""
    return {
        "start": block.start.isoformat(),
        "end": block.end.isoformat(),
        "hours": measures.debited_written(block.size),
        "drawn": measures.debited_written(block.size - block.left),
        "left": measures.debited_written(block.left),
        "began_before_first_entry": block.begun_before,
    }


def purse_as_json(one: Purse) -> dict[str, Any]:
    """What was bought in advance, and what is left of it."""
    return {
        "bought": _purse_as_json(one, one.bought),
        "drawn": _purse_as_json(one, one.drawn),
        "left": _purse_as_json(one, one.left),
    }


def _purse_as_json(purse: Purse, number: int | None) -> str | None:
    if number is None:
        return None
    return measures.cents_written(number) if purse.currency else str(number)


def files_as_json(files: Sequence[TakenIn]) -> list[dict[str, Any]]:
    """The files, with their rows that are refused."""
    return [
        {
            "name": file.name,
            "rows": file.rows,
            "refused": [
                {"reason": one.reason.name.lower(), "text": one.text, "rows": one.rows}
                for one in file.refused
            ],
        }
        for file in files
    ]


def account_as_json(account: Account) -> dict[str, int]:
    """What became of the rows."""
    return {
        "read": account.read,
        "billed": account.billed,
        "absorbed": account.absorbed,
        "not_billed": account.not_billed,
        "unpriced": account.unpriced,
        "unknown": account.unknown,
        "refused": account.refused,
    }


def _named(lines: Sequence[Line], key: str) -> Rows:
    return Rows(f'{{"{key}": {on_a_line(line.name)}, {_line(line)}}}' for line in lines)


def _line(line: Line) -> str:
    """What an object of JSON holds of a line; there are many, so it is written as it stands."""
    cents = measures.cents_written
    return (
        f'"currency": "{line.currency}", "invoiced": "{cents(line.of(*INVOICED).cents)}", '
        f'"prepaid": "{cents(line.of(*PREPAID).cents)}", "billing": {{'
        + ", ".join(
            f'"{billing}": {{{_sum(line.by_billing[billing])}}}'
            for billing in BILLED_AS
            if billing in line.by_billing
        )
        + "}"
    )


def _sum(total: Sum) -> str:
    """What an object of JSON holds of a sum."""
    cents, hours = measures.cents_written, measures.hours_written
    return (
        f'"items": {total.items}, "entries": {total.entries}, "worked": "{hours(total.worked)}", '
        f'"hours": "{hours(total.hours)}", "debited": "{measures.debited_written(total.debit)}", '
        f'"amount": "{cents(total.cents)}", "worth": "{cents(total.worth)}", '
        f'"unpriced_items": {total.unpriced}, "unpriced_hours": "{hours(total.unpriced_hours)}"'
    )


def not_known_as_json(one: NotKnown) -> dict[str, Any]:
    """A text that the catalogue does not know."""
    return {
        "what": one.what,
        "text": one.text,
        "entries": one.entries,
        "worked": measures.hours_written(one.worked),
        "nearest": list(one.near),
        "shared_by": list(one.shared_by),
    }
