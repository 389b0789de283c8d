"""A review: all there is to say of a change, before it becomes a comment, a page or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_dsl.changes.approvals import Asked
from billing_dsl.changes.differences import Difference, Differences
from billing_dsl.changes.documents import DocumentChange, How
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import Month
from billing_dsl.changes.told import Origin, Told
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.review.findings import Findings
from billing_dsl.review.history import History


@dataclass(frozen=True, slots=True)
class Review:
    """A change, with what it comes to in money, what is found, and whom it has to be shown.

    `currency` is that of the settings; `titles` are the clients' by their names, `work` those of
    work types. `months` tell of every client that is reached. `pages` give the name and first line
    of the page of each code. `history` is None without time entries. `threshold` is what a
    difference has to weigh to stand among the first. Where it is `masked`, no name is a client's.
    """

    told: Told
    currency: str
    titles: Mapping[str, str]
    work: Mapping[str, str]
    months: Mapping[str, Month]
    history: History | None
    findings: Findings
    pages: Mapping[str, tuple[str, str]]
    approvals: tuple[Asked, ...]
    unasked: tuple[str, ...]
    threshold: Decimal
    version: str
    folder: str = ""
    """The catalogue's folder as commands have to name it; empty where they need not."""
    not_replayed: str = ""
    """Why time entries that somebody named tell nothing, in words that follow `for`."""
    unknown: tuple[str, ...] = ()
    """The sides of which nothing can be known, `before` or `after`, so that nothing is compared."""
    masked: bool = False

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say: nothing changes in meaning, and no finding is new."""
        return not (
            self.unknown
            or self.told.differences
            or self.told.not_compared
            or self.findings
            or self.changed_approvals
        )

    @property
    def changed_approvals(self) -> tuple[DocumentChange, ...]:
        """The approvals that the change itself changes."""
        return tuple(
            one
            for one in self.told.documents
            if one.kind == "approval" and one.how not in (How.REWORDED, How.REWRITTEN)
        )

    @property
    def missing(self) -> tuple[Asked, ...]:
        """The approvals of which somebody has not consented."""
        return tuple(one for one in self.approvals if one.missing)

    @property
    def short(self) -> tuple[Asked, ...]:
        """The approvals whose notice is not kept."""
        return tuple(one for one in self.approvals if one.short)

    def weight(self, difference: Difference) -> Decimal | None:
        """By how much the months of those whom a difference reaches move; None where nobody knows.

        What else reaches them counts too: money cannot be told apart by differences.
        """
        total = Decimal(0)
        for client in {who.client for who in difference.reached}:
            known = self.months.get(client)
            if known is None or known.weight is None or known.currency != self.currency:
                return None
            total += known.weight
        return total

    def light(self, difference: Difference) -> bool:
        """Whether a difference weighs less than the threshold, so that it is told folded."""
        if not self.threshold or not difference.reached:
            return False
        weight = self.weight(difference)
        return weight is not None and weight < self.threshold

    @property
    def effects(self) -> Mapping[str, Effect]:
        """The worst of what reaches each client, of all differences that are not light."""
        if not self.threshold:
            return self.told.differences.effects
        order = list(Effect)
        found: dict[str, Effect] = {}
        for one in self.told.differences.all:
            if not self.light(one):
                for who in one.reached:
                    known = found.get(who.client, one.effect)
                    found[who.client] = min(known, one.effect, key=order.index)
        return {client: found[client] for client in sorted(found)}

    def line_of(self, found: Diagnostic) -> str:
        """What a finding says; where it is masked, what its rule says of all of them."""
        if self.masked:
            return self.pages.get(found.code, ("", found.name))[1]
        return found.message


def nothing_known(
    origins: tuple[Origin, Origin],
    as_of: date,
    findings: Findings,
    pages: Mapping[str, tuple[str, str]],
    unknown: tuple[str, ...],
    version: str,
) -> Review:
    """A review of what cannot be compared: only findings can be told."""
    differences = Differences((), (), (), (), {}, None)
    told = Told(*origins, as_of, (), differences, (), (), 0)
    zero = Decimal(0)
    return Review(
        *(told, "", {}, {}, {}, None, findings, pages, (), (), zero, version),
        unknown=unknown,
    )


def in_order(effects: Mapping[str, Effect]) -> Sequence[tuple[Effect, int]]:
    """How many clients have each effect as their worst one, the worst first."""
    counts = dict.fromkeys(Effect, 0)
    for effect in effects.values():
        counts[effect] += 1
    return tuple(counts.items())


def by_money(review: Review) -> list[Month]:
    """The clients whose months are known to change, or something of them: those in the house's
    currency first, in each the largest change first.
    """

    def order(one: Month) -> tuple[bool, str, Decimal, str]:
        return one.currency != review.currency, one.currency, -abs(one.known), one.client

    return sorted((one for one in review.months.values() if one.known), key=order)
