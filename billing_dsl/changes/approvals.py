"""Whose consent a change needs, who has given it, and whether clients are told in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.changes.cover import Fate
from billing_dsl.changes.deals import Purchase, Terms, Units
from billing_dsl.changes.differences import Difference, Differences, Reached, Who
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import Month
from billing_dsl.kinds.approval import Approval

Anyone: TypeAlias = Reached[Fate] | Reached[Units] | Reached[Purchase] | Reached[Terms]
"""A client whom a difference reaches, whatever differs."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody who is asked, and whether they have consented."""

    who: str
    given: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval that a change needs: for which differences, and which clients they reach.

    `offers` are the tier versions whose next clients would sign something else.
    `weight` is by how much the months of those clients move, in the currency of the settings; None
    where nobody knows. `first` is the first day from today on which any existing client is treated
    otherwise; `earliest` the first that keeps the notice, `short` whoever is reached before it.
    """

    approval: Approval
    differences: tuple[Difference, ...]
    clients: tuple[str, ...]
    offers: tuple[str, ...]
    weight: Decimal | None
    by: tuple[Consent, ...]
    first: date | None
    earliest: date | None
    short: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has not consented yet."""
        return tuple(one.who for one in self.by if not one.given)


def in_force(before: Iterable[Approval], after: Iterable[Approval]) -> tuple[Approval, ...]:
    """The approvals by which a change is judged, in order of their names.

    Those from before count as they were, so that no change takes away who has to consent to it;
    those that it adds or makes stricter count as well.
    """
    found = {_terms(one): one for one in (*after, *before)}
    return tuple(sorted(found.values(), key=lambda one: (one.name, repr(_terms(one)))))


def _terms(one: Approval) -> tuple[object, ...]:
    asks = frozenset(map(_plain, one.by)), frozenset(one.effects), one.above
    return one.name, *asks, frozenset(one.tiers), frozenset(one.clients), one.notice


def asked(
    approvals: Iterable[Approval],
    differences: Differences,
    months: Mapping[str, Month],
    tiers: Mapping[str, Collection[str]],
    currency: str,
    approved: Iterable[str],
    as_of: date,
    not_compared: Collection[str] = (),
) -> tuple[Asked, ...]:
    """The approvals that some differences need, in the order given.

    `tiers` are the names of those that each client has before or after, `currency` that of the
    settings. `approved` are the names and addresses of those who have consented: letters' case and
    spaces around do not count. Of clients that are `not_compared` nobody can tell that they do not
    lose.
    """
    given = {_plain(name) for name in approved}
    every = differences.all
    found = []
    for approval in approvals:
        matched = [
            (one, tuple(_matching(one, approval, tiers)), tuple(_offered(one, approval)))
            for one in every
            if one.effect.value in approval.effects
        ]
        reached = [who for _, some, _ in matched for who in some]
        offers = sorted({tier for _, _, some in matched for tier in some})
        lost = _lost(approval, tiers, not_compared)
        clients = tuple(sorted({*(who.client for who in reached), *lost}))
        weight = _weight(clients, months, currency)
        light = approval.above is not None and weight is not None and weight <= approval.above
        if light or not (clients or offers):
            continue
        found.append(
            Asked(
                approval,
                tuple(one for one, some, more in matched if some or more),
                clients,
                tuple(offers),
                weight,
                tuple(Consent(who, _plain(who) in given) for who in approval.by),
                *_notice(approval, reached, as_of),
            )
        )
    return tuple(found)


def unasked(found: Iterable[Asked], approved: Iterable[str]) -> tuple[str, ...]:
    """Whoever has consented though nobody asked them: mostly a name that is written otherwise."""
    wanted = {_plain(one.who) for each in found for one in each.by}
    said = (name for name in approved if _plain(name))
    return tuple(dict.fromkeys(name for name in said if _plain(name) not in wanted))


def _plain(name: str) -> str:
    return name.strip().casefold()


def _matching(
    difference: Difference, approval: Approval, tiers: Mapping[str, Collection[str]]
) -> Iterator[Anyone]:
    """Whom of those that a difference reaches an approval is about."""
    for who in difference.reached:
        if approval.clients and who.client not in approval.clients:
            continue
        if approval.tiers and not set(approval.tiers) & set(tiers.get(who.client, ())):
            continue
        yield who


def _lost(
    approval: Approval, tiers: Mapping[str, Collection[str]], not_compared: Collection[str]
) -> Iterator[str]:
    """Whom of those of whom nothing is known an approval may be about: their tiers are not."""
    if Effect.LOSES.value in approval.effects:
        for client in not_compared:
            known = set(tiers.get(client, approval.tiers))
            if approval.clients and client not in approval.clients:
                continue
            if not approval.tiers or known & set(approval.tiers):
                yield client


def _offered(difference: Difference, approval: Approval) -> Iterator[str]:
    """The tier versions of which a difference changes the offer, where an approval is about it."""
    if approval.clients:
        return
    for who in difference.offers:
        if not approval.tiers or who.client.partition("@")[0] in approval.tiers:
            yield who.client


def _weight(clients: Iterable[str], months: Mapping[str, Month], currency: str) -> Decimal | None:
    total = Decimal(0)
    for client in clients:
        known = months.get(client)
        if known is None or known.weight is None or known.currency != currency:
            return None
        total += known.weight
    return total


def _notice(
    approval: Approval, reached: Iterable[Anyone], as_of: date
) -> tuple[date | None, date | None, tuple[str, ...]]:
    """The first day ahead, the earliest that keeps the notice, and who is told too late."""
    starts: dict[str, date] = {}
    for who in reached:
        if who.who is Who.NEW:
            continue  # whoever was no client yet has signed what it gets
        for part in who.parts:
            if part.life.end >= as_of:
                day = max(part.life.start, as_of)
                starts[who.client] = min(day, starts.get(who.client, day))
    first = min(starts.values(), default=None)
    if approval.notice is None or first is None:
        return first, None, ()
    earliest = approval.notice.after(as_of)
    return first, earliest, tuple(sorted(one for one, day in starts.items() if day < earliest))
