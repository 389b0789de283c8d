"""Agreements that one side holds in several, one right after the other, and the other side in one.

Whether a client signs one agreement for a year or two for half a year each is no change where both
come to the same on every day. They are taken for one only where nothing can hide between them: all
days, the contracts, the terms at the end, and whatever is bought are the same, and no period that
is invoiced is cut in two. What becomes of work is then compared day by day, as always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from billing_dsl.book.contract import Contract
from billing_dsl.changes.deals import Deal
from billing_dsl.changes.pairs import Side
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.model.calendar import Stretch, day_after, runs


@dataclass(frozen=True, slots=True)
class Chain:
    """One agreement, and those that it is on the other side, in order of days.

    `side` is the one that holds several.
    """

    whole: Agreement
    links: tuple[Agreement, ...]
    side: Side

    @property
    def name(self) -> str:
        """What it is called on both sides: its name after, or that of the first of several."""
        return self.whole.name if self.side is Side.BEFORE else self.links[0].name

    @property
    def sides(self) -> tuple[tuple[Agreement, ...], tuple[Agreement, ...]]:
        """Its agreements before and after."""
        one = (self.whole,)
        return (self.links, one) if self.side is Side.BEFORE else (one, self.links)

    def names(self, side: Side) -> tuple[str, ...]:
        """What its agreements are called on a side, in order of days."""
        return tuple(one.name for one in self.sides[side])


def as_one(agreements: Sequence[Agreement]) -> Agreement:
    """Agreements one right after the other, as if they had been signed as one.

    It has the name of the first, the terms at the end of the last, and the exceptions of all.
    """
    first, last = agreements[0], agreements[-1]
    if first is last:
        return first
    exceptions: dict[tuple[str, ...], TierException] = {}
    for one in (one for agreement in agreements for one in agreement.exceptions):
        exceptions.setdefault((one.dimension, one.name, one.goes_to, one.reason), one)
    return replace(
        first,
        life=Stretch(first.life.start, last.life.end),
        renewal=last.renewal,
        exceptions=tuple(exceptions.values()),
    )


def deals_as_one(deals: Sequence[Deal]) -> Deal:
    """What agreements one right after the other come to, as if they were one."""
    first, last = deals[0], deals[-1]
    if first is last:
        return first
    life = Stretch(first.terms.life.start, last.terms.life.end)
    names = sorted({name for deal in deals for name in deal.services})
    return Deal(
        replace(last.terms, life=life),
        {
            name: tuple(runs(row for deal in deals for row in deal.services.get(name, ())))
            for name in names
        },
        tuple(bought for deal in deals for bought in deal.purchases),
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """One side of some families, as far as chains are looked for: what each agreement comes to, and
    its contracts.
    """

    agreements: Sequence[Agreement]
    deal: Callable[[Agreement], Deal]
    contracts: Mapping[str, Sequence[Contract]]


def chains(before: Signed, after: Signed, clients: Mapping[str, str]) -> tuple[Chain, ...]:
    """The chains of some families, by name; `clients` have other names after."""
    found = [*_of_side(Side.AFTER, before, after, clients)]
    back = {new: old for old, new in clients.items()}
    found += _of_side(Side.BEFORE, after, before, back)
    return tuple(sorted(found, key=lambda chain: chain.name))


def _of_side(
    side: Side, one: Signed, several: Signed, clients: Mapping[str, str]
) -> Iterator[Chain]:
    """The chains of which a side holds several."""
    taken = {agreement.name for agreement in one.agreements}
    for whole in one.agreements:
        client = clients.get(whole.client, whole.client)
        known = taken - {whole.name}
        own = [other for other in several.agreements if other.client == client]
        links = _links(whole, [other for other in own if other.name not in known])
        if links and _come_to_the_same(whole, links, one, several):
            yield Chain(whole, links, side)


def _links(whole: Agreement, others: Iterable[Agreement]) -> tuple[Agreement, ...]:
    """Two agreements or more that fill the days of one exactly; none where that is in doubt."""
    found: list[Agreement] = []
    alike = [one for one in others if one.default == whole.default]
    day = whole.life.start
    while True:
        next_ = [one for one in alike if one.life.start == day]
        if len(next_) != 1 or not day <= next_[0].life.end <= whole.life.end:
            return ()
        found.append(next_[0])
        if next_[0].life.end == whole.life.end:
            return tuple(found) if len(found) > 1 else ()
        day = day_after(next_[0].life.end)


def _come_to_the_same(
    whole: Agreement, links: Sequence[Agreement], one: Signed, several: Signed
) -> bool:
    if any(link.renewal is not None for link in links[:-1]):
        return False  # what was agreed for an end that one side does not have is a change
    types = _types(one.contracts.get(whole.name, ()))
    if any(type_ is ContractType.PER_TICKET for _, type_ in types):
        return False  # a ticket worked on before and after would be paid twice
    deal, deals = one.deal(whole), [several.deal(link) for link in links]
    joined = deals_as_one(deals)
    return (
        {_types(several.contracts.get(link.name, ())) for link in links} == {types}
        and all(
            bought.life.start in own.terms.life and bought.life.end in own.terms.life
            for own in deals
            for bought in own.purchases
        )
        and joined.terms == deal.terms
        and joined.services == deal.services
        and Counter(joined.purchases) == Counter(deal.purchases)
        and _no_period_is_cut(whole, links, one.contracts.get(whole.name, ()), deal)
    )


def _types(contracts: Iterable[Contract]) -> tuple[tuple[str, ContractType], ...]:
    return tuple(sorted((one.name, one.type) for one in contracts))


def _no_period_is_cut(
    whole: Agreement, links: Sequence[Agreement], contracts: Iterable[Contract], deal: Deal
) -> bool:
    """Whether each agreement begins where a period of the whole one does, for all its services."""
    periods = {
        phase.terms.period.months
        for one in contracts
        if one.type is ContractType.RECURRING_SERVICE
        for phase in one.phases
    }
    for held in deal.services.values():
        for _, units in held:
            periods |= {units.period.months, units.invoiced.months}
    if not periods:
        return True
    start, longest = whole.life.start, max(periods)  # each divides all that are longer
    return all(
        link.life.start.day == start.day
        and ((link.life.start.year - start.year) * 12 + link.life.start.month - start.month)
        % longest
        == 0
        for link in links
    )
