"""Work that ends elsewhere after a change: from where, to where, whose, how much of it."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.changes.differences import Ending, OfWork
from billing_dsl.changes.effects import Effect, worst
from billing_dsl.report._difference_words import ending
from billing_dsl.review.review import Review

TONES = {
    Effect.LOSES: "loses",
    Effect.RATE_UP: "up",
    Effect.RATE_DOWN: "down",
    Effect.GAINS: "gains",
    Effect.NONE: "none",
}
"""What each effect looks like, by the classes of the page's style."""


@dataclass(frozen=True, slots=True)
class Move:
    """Work that ends elsewhere after than before, or is billed otherwise there.

    An end is a sentence, and the type of its contract, if any. `work` are titles of work types.
    `weight` is how many work types of how many clients move; of an offer, as if it had one client.
    """

    before: tuple[str, str]
    after: tuple[str, str]
    work: tuple[str, ...]
    clients: int
    effect: Effect
    weight: int


def moves(review: Review) -> tuple[Move, ...]:
    """All of them, each pair of ends once, in the order of the differences that tell of them."""
    differences = review.told.differences
    groups: dict[tuple[tuple[str, str], tuple[str, str]], list[OfWork]] = {}
    for one in differences.work:
        ends = _end(one, one.before, one.signed[0]), _end(one, one.after, one.signed[1])
        if ends[0] != ends[1]:
            groups.setdefault(ends, []).append(one)
    cells = differences.cells
    found = []
    for (before, after), alike in groups.items():
        assert cells is not None, "whatever moves is of some work"
        work: dict[str, None] = {}
        weight = 0
        for one in alike:
            names = cells.work_types_in(one.cells)
            work.update(dict.fromkeys(review.work.get(name, name) for name in names))
            weight += len(names) * (len({who.client for who in one.reached}) or 1)
        clients = {who.client for one in alike for who in one.reached}
        effect = worst(one.effect for one in alike)
        found.append(Move(before, after, tuple(work), len(clients), effect, weight))
    return tuple(found)


def _end(one: OfWork, end: Ending | None, signed: bool) -> tuple[str, str]:
    kind = end.type.value.replace("_", " ") if end is not None and end.type is not None else ""
    return ending(end, signed, one.contract), kind
