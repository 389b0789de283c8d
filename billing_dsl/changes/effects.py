"""What a change is for the client whom it reaches: better, worse, or neither.

What cannot be told to be better counts as worse, so that nothing is waved through by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.walk import Outcome
from billing_dsl.changes.cover import Fate
from billing_dsl.changes.deals import Purchase, Terms, Units, What
from billing_dsl.model.calendar import Stretch


class Effect(StrEnum):
    """What a change is for a client, the worst first."""

    LOSES = "client_loses"
    RATE_UP = "rate_up"
    RATE_DOWN = "rate_down"
    GAINS = "client_gains"
    NONE = "no_effect"


def worst(effects: Iterable[Effect]) -> Effect:
    """The one of several effects that comes first; none of none."""
    found = set(effects)
    return next((effect for effect in Effect if effect in found), Effect.NONE)


# --- work ----------------------------------------------------------------------------------------


def told_by_purchases(before: Fate | None, after: Fate | None) -> bool:
    """Whether work only draws on other hours of one block contract: what was bought tells that."""
    return (
        before is not None
        and after is not None
        and _of_one_block(before, after)
        and of_work(before, after, signed=(True, True)) is Effect.NONE
    )


def of_work(
    before: Fate | None, after: Fate | None, signed: tuple[bool, bool], own: bool = True
) -> Effect:
    """What it is for a client that its work is treated otherwise.

    `signed` says for both sides whether any agreement was in force there: where none was, cover
    that begins is gained and cover that ends is lost, whatever it is. A kind of work that one side
    does not know was logged as another one there, at a price that nobody can tell. Of a block that
    is not its `own` nobody tells the client what was bought.
    """
    if before is None or after is None:
        if before is None and after is not None and (not signed[0] or _dearness(after) == 0):
            return Effect.GAINS
        return Effect.LOSES
    if before.currency and after.currency and before.currency != after.currency:
        return Effect.LOSES
    block = own and _of_one_block(before, after)
    dearer = 0 if block else _dearness(after) - _dearness(before)
    if dearer > 0 or before.after_hours != after.after_hours:
        return Effect.LOSES
    if dearer < 0:
        return Effect.GAINS
    if before.outcome is not after.outcome and Outcome.COVERED in (before.outcome, after.outcome):
        covered = after.outcome is Outcome.COVERED
        return worst([Effect.GAINS if covered else Effect.LOSES, _of_rates(before, after, block)])
    if _dearness(after) == 1 and before.type is not after.type:
        return Effect.LOSES
    return _of_rates(before, after, block)


def _of_one_block(before: Fate, after: Fate) -> bool:
    """Whether work draws on one block contract on both sides, or would if hours were left."""
    drawing = (Billing.BLOCK, Billing.OVERAGE)
    return (
        before.billing in drawing
        and after.billing in drawing
        and (before.agreement, before.contract) == (after.agreement, after.contract)
    )


def _dearness(fate: Fate) -> int:
    """0 where the client pays nothing for an hour, 1 where it has paid before, 2 where it will."""
    match fate.billing:
        case Billing.ABSORBED | Billing.NOT_BILLED:
            return 0
        case Billing.BLOCK | Billing.RETAINER | Billing.TICKET:
            return 1
        case Billing.OVERAGE | Billing.HOURLY | Billing.STANDARD_RATE:
            return 2
        case unexpected:
            assert_never(unexpected)


def _of_rates(before: Fate, after: Fate, block: bool) -> Effect:
    """Whether an hour of work has become dearer, of work that is billed alike."""
    if _dearness(after) == 0:
        return Effect.NONE
    if not block and before.unit is not after.unit:
        return Effect.LOSES
    moves = [
        *(() if block else [_move(before.rate, after.rate)]),
        _move(before.overage, after.overage),
        _move(before.debit, after.debit),
        _move(before.least or Decimal(0), after.least or Decimal(0)),
        _longest(before.most, after.most),
    ]
    return _of_moves(moves)


def _of_moves(moves: Iterable[int | None]) -> Effect:
    found = set(moves)
    if None in found or {-1, 1} <= found:
        return Effect.LOSES
    if 1 in found:
        return Effect.RATE_UP
    return Effect.RATE_DOWN if -1 in found else Effect.NONE


def _move(before: Decimal | None, after: Decimal | None) -> int | None:
    """1 where a number grows, -1 where it shrinks; None where it is there on one side only."""
    if before is None or after is None:
        return 0 if before is after else None
    return (after > before) - (after < before)


def _longest(before: Decimal | None, after: Decimal | None) -> int:
    """The same of a length that an entry is cut to, where none stands for any length."""
    if before is None or after is None:
        return (before is not None) - (after is not None)
    return (after > before) - (after < before)


# --- what is bought ------------------------------------------------------------------------------


def of_units(before: Units | None, after: Units | None) -> Effect:
    """What it is for a client that other units of a service are bought, or at another price."""
    if before is None or after is None:
        return Effect.GAINS if before is None else Effect.LOSES
    if (before.currency, before.period) != (after.currency, after.period):
        return Effect.LOSES
    if before.invoiced is not after.invoiced:
        return Effect.LOSES
    return worst(
        [
            _of_parts(before.parts, after.parts),
            _of_quantity(before.units, after.units),
            _of_moves([_move(before.price, after.price)]),
        ]
    )


def _of_parts(before: Iterable[str], after: Iterable[str]) -> Effect:
    """Whether a bundle holds less; services that take the place of others cannot be weighed."""
    if set(before) - set(after):
        return Effect.LOSES
    return Effect.GAINS if set(after) - set(before) else Effect.NONE


def of_purchase(before: Purchase | None, after: Purchase | None) -> Effect:
    """What it is for a client that something else is bought, or is due, once."""
    known = after or before
    payment = known is not None and known.what in (What.MILESTONE, What.SETUP)
    if before is None or after is None:
        if payment:
            return Effect.RATE_UP if before is None else Effect.RATE_DOWN
        return Effect.GAINS if before is None else Effect.LOSES
    if before.currency != after.currency:
        return Effect.LOSES
    return worst(
        [
            _of_life(before.life, after.life),
            _of_quantity(before.quantity, after.quantity),
            _of_moves([_move(before.price, after.price)]),
        ]
    )


def of_terms(before: Terms | None, after: Terms | None) -> Effect:
    """What it is for a client that an agreement begins, ends, or has other terms."""
    if before is None or after is None:
        return Effect.GAINS if before is None else Effect.LOSES
    if before.currency != after.currency or before.renewal != after.renewal:
        return Effect.LOSES
    return worst(
        [
            _of_life(before.life, after.life),
            _of_moves([_move(before.rounding, after.rounding)]),
        ]
    )


def _of_life(before: Stretch, after: Stretch) -> Effect:
    return worst(_of_days(before, after))


def _of_days(before: Stretch, after: Stretch) -> Iterator[Effect]:
    if after.start > before.start or after.end < before.end:
        yield Effect.LOSES
    if after.start < before.start or after.end > before.end:
        yield Effect.GAINS


def _of_quantity(before: Decimal | None, after: Decimal | None) -> Effect:
    move = _move(before, after)
    if move == 0:
        return Effect.NONE
    return Effect.GAINS if move == 1 else Effect.LOSES
