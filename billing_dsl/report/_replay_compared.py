"""What `replay --base` prints: the same entries before and after, for a person and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from billing_dsl.replay import measures
from billing_dsl.replay.compared import (
    NOTHING,
    B,
    Compared,
    Difference,
    Figures,
    FlippedEntry,
    FlippedPart,
    Held,
)
from billing_dsl.replay.flips import Move
from billing_dsl.replay.purses import Purse
from billing_dsl.report import _replay
from billing_dsl.report._json import on_a_line
from billing_dsl.report._replay import (
    BILLED_AS,
    SHOWN,
    aligned,
    amount_shown,
    debit_shown,
    hours_shown,
    more,
    purse_shown,
)
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count

MOST = 10
"""Clients and entries that are shown one by one; JSON lists more."""

WAYS = {**BILLED_AS, "unknown": "not known"}


def as_text(found: Compared) -> str:
    """The comparison for a person."""
    return "".join(_text(found))


def _text(found: Compared) -> Iterator[str]:
    before, after = found.before, found.after
    account = after.account()
    summary = after.summary
    days = f", {summary.first} to {summary.last}" if summary.first is not None else ""
    names = [file.name for file in found.files]
    files = visible(names[0]) if len(names) == 1 else count(len(names), "file")
    yield f"{files}: {count(account.read, 'row')}{days}\n"
    yield f"before: {visible(before.directory)}\nafter:  {visible(after.directory)}\n"
    yield from (f"warning: {_of_side(side, one)}\n" for side, one in found.warnings())
    yield "\n" + _accounts(found)
    for total in found.totals:
        yield f"\nMoney in {total.currency}\n" + _money(found, total)
        yield from _lists(found, total.currency)
    yield from _balances(found)
    yield from _flips(found)
    yield from _replay.unread(after)
    yield "\nThese figures rest on\n"
    yield from (f"  - {_of_side(side, one)}\n" for side, one in found.assumptions())


def _of_side(side: str, sentence: str) -> str:
    return f"{side}: {visible(sentence)}" if side else visible(sentence)


def _accounts(found: Compared) -> str:
    sides = [_replay.account_rows(one.account()) for one in (found.before, found.after)]
    rows = [
        (name, f"{was:,}", f"{now:,}")
        for (name, was), (_, now) in zip(*sides, strict=True)
        if was or now
    ]
    return aligned(("Rows", "Before", "After"), rows, 1)


def _money(found: Compared, total: Difference) -> str:
    was, now = total.was, total.now
    amounts = [
        ("to be invoiced", was.invoiced, now.invoiced),
        ("drawn from prepaid", was.prepaid, now.prepaid),
        ("charged in all", was.charged, now.charged),
        ("absorbed would be worth", was.worth, now.worth),
    ]
    hours = [
        ("hours to bill", was.hours, now.hours),
        ("hours absorbed", was.absorbed, now.absorbed),
    ]
    hours += [
        ("hours with no contract", one.before, one.after)
        for one in found.no_contract
        if one.currency == total.currency
    ]
    rows = [
        (name, amount_shown(one), amount_shown(other), signed(amount_shown(other - one)))
        for name, one, other in amounts
    ]
    rows += [
        (name, hours_shown(one), hours_shown(other), signed(hours_shown(other - one)))
        for name, one, other in hours
    ]
    unpriced = was.unpriced, now.unpriced
    if any(unpriced):
        difference = signed(f"{unpriced[1] - unpriced[0]:,}")
        rows.append(("items without an amount", f"{unpriced[0]:,}", f"{unpriced[1]:,}", difference))
    return aligned(("", "Before", "After", "Difference"), rows, 1)


def signed(shown: str) -> str:
    """A difference with its sign; nothing where there is none."""
    if not any("1" <= char <= "9" for char in shown):
        return ""
    return shown if shown.startswith("-") else f"+{shown}"


def _lists(found: Compared, currency: str) -> Iterator[str]:
    for title, clients in (
        ("Clients who are charged more", found.charged_more(currency)),
        ("Clients who are charged less", found.charged_less(currency)),
    ):
        if clients:
            yield f"\n{title}, in {currency}: {len(clients):,}\n" + _lines(clients, MOST)
    for title, lines in (
        ("Tiers", found.tiers),
        ("Work types", found.work_types),
        ("Contracts", found.contracts),
    ):
        own = sorted(
            (one for one in lines if one.currency == currency and one.change),
            key=lambda one: (-abs(one.change.charged), -abs(one.change.worth), one.name),
        )
        if own:
            yield f"\n{title} that come to other figures, in {currency}\n" + _lines(own, SHOWN)


def _lines(lines: Sequence[Difference], most: int) -> str:
    rows = [
        (
            one.name or "(none)",
            amount_shown(one.was.charged),
            amount_shown(one.now.charged),
            signed(amount_shown(one.change.charged)),
            signed(amount_shown(one.change.invoiced)),
            signed(hours_shown(one.change.absorbed)),
            signed(amount_shown(one.change.worth)),
        )
        for one in lines
    ]
    head = ("", "Charged before", "After", "Difference", "Invoiced", "Absorbed h", "Worth")
    return aligned(head, rows[:most], 1) + more(rows, most)


def _balances(found: Compared) -> Iterator[str]:
    """The blocks and purses of which something else is left; one that no work could draw on, on a
    side, has nothing there.
    """
    blocks = [
        (
            one.contract,
            f"{one.either.start} to {one.either.end}",
            *_both(one, lambda block: debit_shown(block.size - block.left)),
            *_both(one, lambda block: debit_shown(block.left)),
            signed(debit_shown(one.after.left - one.before.left))
            if one.before is not None and one.after is not None
            else "",
        )
        for one in found.blocks
        if one
    ]
    ends = ("Drawn before", "After", "Left before", "After", "Difference")
    if blocks:
        yield "\nBlocks of hours of which something else is left\n"
        yield aligned(("Contract", "Days", *ends), blocks[:SHOWN], 2) + more(blocks)
    purses = [
        (
            one.contract,
            one.either.currency or "tickets",
            *_both(one, lambda purse: purse_shown(purse, purse.drawn)),
            *_both(one, lambda purse: purse_shown(purse, purse.left)),
            _purse_moved(one),
        )
        for one in found.purses
        if one
    ]
    if purses:
        yield "\nRetainers and tickets of which something else is left\n"
        yield aligned(("Contract", "In", *ends), purses[:SHOWN], 2) + more(purses)


def _both(one: Held[B], shown: Callable[[B], str]) -> tuple[str, str]:
    before, after = one.before, one.after
    return (
        shown(before) if before is not None else "–",
        shown(after) if after is not None else "–",
    )


def _purse_moved(one: Held[Purse]) -> str:
    before, after = one.before, one.after
    if before is None or after is None or before.left is None or after.left is None:
        return ""
    return signed(purse_shown(after, after.left - before.left))


def _flips(found: Compared) -> Iterator[str]:
    if not found.flipped:
        yield "\nNo entry flips: both sides bill every entry alike\n"
        return
    flip = "entry flips" if found.flipped == 1 else "entries flip"
    yield f"\n{found.flipped:,} {flip}, of {hours_shown(found.flipped_worked)} hours worked\n"
    yield _moves(found.moves)
    yield "\nThose that flip, the largest first\n"
    rows = [_flip(one) for one in largest_first(found.largest)[:MOST]]
    head = ("Day", "Client", "Work type", "Role", "Ticket", "Hours", "Before", "After")
    yield aligned((*head, "Difference"), rows, 5, 6, (8,)) + more([None] * found.flipped, MOST)


def largest_first(largest: Sequence[FlippedEntry]) -> list[FlippedEntry]:
    """Those of several currencies together; JSON has them currency by currency."""
    return sorted(largest, key=lambda one: (-_size(one), -one.worked, one.entry))


def _size(one: FlippedEntry) -> int:
    if one.difference is not None:
        return abs(one.difference)
    sides = [sum(part.cents or 0 for part in parts) for parts in (one.before, one.after)]
    return max(map(abs, sides))


def _moves(moves: Sequence[Move]) -> str:
    ordered = sorted(
        moves,
        key=lambda one: (-abs(one.cents_after - one.cents_before), one.before, one.after),
    )
    rows = [
        (
            " and ".join(WAYS[way] for way in one.before) or "nothing",
            " and ".join(WAYS[way] for way in one.after) or "nothing",
            f"{one.entries:,}",
            hours_shown(one.worked),
            _with_currency(one.cents_before, one.currency_before),
            _with_currency(one.cents_after, one.currency_after),
        )
        for one in ordered
    ]
    head = ("Before", "After", "Entries", "Hours", "Amount before", "Amount after")
    return aligned(head, rows[:MOST], 2) + more(rows, MOST)


def _with_currency(cents: int, currency: str) -> str:
    return f"{amount_shown(cents)} {currency}".rstrip()


def _flip(one: FlippedEntry) -> tuple[str, ...]:
    return (
        str(one.day),
        one.client,
        one.work_type,
        one.role,
        one.ticket,
        hours_shown(one.worked),
        parts_shown(one.before),
        parts_shown(one.after),
        "unknown" if one.difference is None else signed(amount_shown(one.difference)),
    )


def parts_shown(parts: Sequence[FlippedPart]) -> str:
    """How an entry is billed, each contract by its last name: `from blocks 82.00`."""
    return ", ".join(
        f"{WAYS[part.billing]} {_with_currency(part.cents, part.currency)}"
        if part.cents is not None and part.billing not in ("absorbed", "not_billed", "unknown")
        else WAYS[part.billing] + (" without an amount" if part.cents is None else "")
        for part in parts
    )


# --- JSON ----------------------------------------------------------------------------------------


def as_json_text(found: Compared) -> Iterator[str]:
    """The same as JSON, part by part: an object of a list on a line of its own."""
    return _replay.json_text(_as_json(found))


def as_json(found: Compared) -> dict[str, Any]:
    """The comparison for scripts; hours and amounts are text, so that none of their digits is lost.

    See docs/replay.md.
    """
    return _replay.made(_as_json(found))


def _as_json(found: Compared) -> dict[str, Any]:
    """The same; long lists are `Rows`."""
    before, after = found.before, found.after
    summary = after.summary
    return {
        "version": 1,
        "before": before.directory,
        "after": after.directory,
        "files": _replay.files_as_json(found.files),
        "rows": {
            side: _replay.account_as_json(one.account())
            for side, one in (("before", before), ("after", after))
        },
        "first": summary.first.isoformat() if summary.first is not None else None,
        "last": summary.last.isoformat() if summary.last is not None else None,
        "totals": _replay.Rows(
            f'{{"currency": "{one.currency}", {_sides(one)}}}' for one in found.totals
        ),
        "no_contract": [
            {
                "currency": one.currency,
                "before": measures.hours_written(one.before),
                "after": measures.hours_written(one.after),
                "difference": measures.hours_written(one.after - one.before),
            }
            for one in found.no_contract
        ],
        "charged_more": [
            one.name for total in found.totals for one in found.charged_more(total.currency)
        ],
        "charged_less": [
            one.name for total in found.totals for one in found.charged_less(total.currency)
        ],
        "clients": _named(found.clients, "client"),
        "tiers": _named(found.tiers, "tier"),
        "work_types": _named(found.work_types, "work_type"),
        "contracts": _named(found.contracts, "contract"),
        "blocks": [
            {
                "contract": one.contract,
                "before": None if one.before is None else _replay.block_as_json(one.before),
                "after": None if one.after is None else _replay.block_as_json(one.after),
            }
            for one in found.blocks
        ],
        "purses": [
            {
                "contract": one.contract,
                "currency": one.either.currency or None,
                "before": None if one.before is None else _replay.purse_as_json(one.before),
                "after": None if one.after is None else _replay.purse_as_json(one.after),
            }
            for one in found.purses
        ],
        "flips": {
            "entries": found.flipped,
            "worked": measures.hours_written(found.flipped_worked),
            "shown": len(found.largest),
        },
        "moves": [
            {
                "before": list(one.before),
                "after": list(one.after),
                "currency_before": one.currency_before or None,
                "currency_after": one.currency_after or None,
                "entries": one.entries,
                "worked": measures.hours_written(one.worked),
                "amount_before": measures.cents_written(one.cents_before),
                "amount_after": measures.cents_written(one.cents_after),
                "unpriced_entries": one.unpriced,
            }
            for one in found.moves
        ],
        "largest": [_flip_as_json(one) for one in found.largest],
        "unknown": {
            "before": [_replay.not_known_as_json(one) for one in before.summary.not_known],
            "after": [_replay.not_known_as_json(one) for one in summary.not_known],
        },
        "warnings": [{"side": side or "both", "says": one} for side, one in found.warnings()],
        "assumptions": [{"side": side or "both", "says": one} for side, one in found.assumptions()],
    }


def _named(lines: Sequence[Difference], key: str) -> _replay.Rows:
    return _replay.Rows(
        f'{{"{key}": {on_a_line(one.name)}, "currency": "{one.currency}", {_sides(one)}}}'
        for one in lines
    )


def _sides(one: Difference) -> str:
    """What an object of JSON holds of a difference; there are many: it is written as it stands."""
    before = after = _figures(one.was)
    change = _NOTHING
    if one.was != one.now:  # of most they are alike
        after, change = _figures(one.now), _figures(one.change)
    return f'"before": {before}, "after": {after}, "difference": {change}'


def _figures(found: Figures) -> str:
    """Figures as an object of JSON."""
    cents, hours = measures.cents_written, measures.hours_written
    return (
        f'{{"invoiced": "{cents(found.invoiced)}", "prepaid": "{cents(found.prepaid)}", '
        f'"charged": "{cents(found.charged)}", "hours": "{hours(found.hours)}", '
        f'"absorbed_hours": "{hours(found.absorbed)}", "worth": "{cents(found.worth)}", '
        f'"unpriced_items": {found.unpriced}}}'
    )


_NOTHING = _figures(NOTHING)


def _flip_as_json(one: FlippedEntry) -> dict[str, Any]:
    return {
        "entry": one.entry,
        "day": one.day.isoformat(),
        "client": one.client,
        "work_type": one.work_type,
        "role": one.role,
        "ticket": one.ticket,
        "worked": measures.hours_written(one.worked),
        "before": [_part_as_json(part) for part in one.before],
        "after": [_part_as_json(part) for part in one.after],
        "difference": None if one.difference is None else measures.cents_written(one.difference),
    }


def _part_as_json(part: FlippedPart) -> dict[str, Any]:
    return {
        "billing": part.billing,
        "contract": part.contract,
        "hours": measures.hours_written(part.hours),
        "amount": None if part.cents is None else measures.cents_written(part.cents),
        "currency": part.currency or None,
    }
