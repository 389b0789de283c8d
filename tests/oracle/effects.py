"""What it is for a client that its work is treated otherwise: naively, question by question.

Uses nothing of the package. What is asked, in this order; the first answer counts:

1. Was there no agreement before? It gains. Is there none any more? It loses.
2. Is the work unknown to one side? Then nobody can tell: it loses, unless it is new and free.
3. Is it billed in another currency? Nobody can tell: it loses.
4. Is the part outside business hours another work type? Nobody can tell: it loses.
5. Does an hour cost nothing, something that was paid before, or something to be invoiced? Going up
   that ladder is lost, going down is gained; what is drawn from one and the same block contract
   stays on its rung, if it is the client's own.
6. Did it become covered, or cease to be? Gained or lost, unless its price says worse.
7. Is what it is drawn from of another kind? Nobody can tell: it loses.
8. Have its prices moved? All one way, or else it loses.
"""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

from tests.oracle.comparing import Plain

LADDER = {
    "absorbed": "free",
    "not_billed": "free",
    "block": "paid before",
    "retainer": "paid before",
    "ticket": "paid before",
    "overage": "invoiced",
    "hourly": "invoiced",
    "standard_rate": "invoiced",
}
RUNGS = ["free", "paid before", "invoiced"]
WORST_FIRST = ["client_loses", "rate_up", "rate_down", "client_gains", "no_effect"]


def rung(work: Plain) -> int:
    return RUNGS.index(LADDER[work.billing])


def one_block(before: Plain, after: Plain, own: Container[str]) -> bool:
    blocks = {"block", "overage"}
    same = (before.agreement, before.contract) == (after.agreement, after.contract)
    return same and before.agreement in own and before.billing in blocks and after.billing in blocks


def effect(
    before: Plain | None, after: Plain | None, signed: tuple[bool, bool], own: Container[str]
) -> str:
    """The effect of one kind of work of one client on one day; `own` are its agreements."""
    if before is None and not signed[0]:
        return "client_gains"
    if after is None and not signed[1]:
        return "client_loses"
    if before is None or after is None:
        free = before is None and after is not None and rung(after) == 0
        return "client_gains" if free else "client_loses"
    if before.currency and after.currency and before.currency != after.currency:
        return "client_loses"
    if before.after_hours != after.after_hours:
        return "client_loses"
    if not one_block(before, after, own) and rung(before) != rung(after):
        return "client_loses" if rung(after) > rung(before) else "client_gains"
    covered = before.outcome == "covered", after.outcome == "covered"
    if covered[0] != covered[1]:
        found = {"client_gains" if covered[1] else "client_loses", by_price(before, after, own)}
        return next(one for one in WORST_FIRST if one in found)
    if rung(after) == 1 and before.type != after.type:
        return "client_loses"
    return by_price(before, after, own)


def by_price(before: Plain, after: Plain, own: Container[str]) -> str:
    if rung(after) == 0:
        return "no_effect"
    ups = downs = unknown = 0
    pairs: list[tuple[Decimal | None, Decimal | None]] = [
        (before.overage, after.overage),
        (before.debit, after.debit),
        (before.least or Decimal(0), after.least or Decimal(0)),
        (before.most or Decimal(10**6), after.most or Decimal(10**6)),
    ]
    if not one_block(before, after, own):
        if before.unit != after.unit:
            return "client_loses"
        pairs.append((before.rate, after.rate))
    for one, other in pairs:
        if one is None and other is None:
            continue
        if one is None or other is None:
            unknown += 1
        elif other > one:
            ups += 1
        elif other < one:
            downs += 1
    if unknown or (ups and downs):
        return "client_loses"
    return "rate_up" if ups else "rate_down" if downs else "no_effect"
