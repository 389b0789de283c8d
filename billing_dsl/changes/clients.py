"""Clients compared, family by family: what changes for each of them, and from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.situations import beginnings_at, default_beginnings, own_beginnings
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.contract import Contract
from billing_dsl.changes.chains import Chain, Signed, as_one, chains, deals_as_one
from billing_dsl.changes.cover import NOTHING, Changed, CoverComparison, Half, Line, Names
from billing_dsl.changes.deals import Deal, DealChange, ServiceChange, compared, deal
from billing_dsl.changes.pairs import Side, Work, same, same_agreements, same_contracts
from billing_dsl.kinds._contract import ContractTerms
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.model.calendar import Stretch


@dataclass(frozen=True, slots=True)
class ClientChanges:
    """What changes for one client. `before` or `after` is None where there is no such client.

    `agreements` are all of its own by the names that they have on both sides, `terms` the contracts
    of which the fates of its work speak, as they are called there.
    """

    before: ClientCoverage | None
    after: ClientCoverage | None
    cells: Cells
    lines: tuple[Line, ...]
    deals: tuple[DealChange, ...]
    agreements: Mapping[str, tuple[Agreement | None, Agreement | None]]
    terms: Mapping[tuple[str, str], ContractTerms]
    renamed: tuple[tuple[str, str, str], ...] = ()
    """Its contracts that have other names after: agreement, name before and name after."""
    assigned: tuple[Line, ...] = ()
    """Work that starts at other contracts of its agreements, because a ticket says so."""
    chains: tuple[Chain, ...] = ()
    """Its agreements of which one side has several, one right after the other."""

    @property
    def client(self) -> Client:
        """The client as it is after, or as it was."""
        view = self.after or self.before
        if view is None:
            raise ValueError("nobody changes")
        return view.client

    def __bool__(self) -> bool:
        every = (*self.lines, *self.assigned)
        return any(line.changes for line in every) or bool(self.deals)

    def signed(self, side: Side, agreement: str, day: date) -> Agreement | None:
        """The agreement of a side that goes by a name on both, of several the one on a day."""
        for chain in self.chains:
            if chain.name == agreement:
                return next((one for one in chain.sides[side] if day in one.life), None)
        return self.agreements.get(agreement, (None, None))[side]

    def since(self, day: date) -> ClientChanges:
        """What changes on a day and on all days after it."""
        return replace(
            self,
            lines=tuple(replace(line, changes=tuple(_clipped(line, day))) for line in self.lines),
            assigned=tuple(
                replace(line, changes=tuple(_clipped(line, day))) for line in self.assigned
            ),
            deals=tuple(filter(None, (_from(change, day) for change in self.deals))),
        )


def _clipped(line: Line, day: date) -> Iterator[Changed]:
    for change in line.changes:
        if change.life.end >= day:
            yield replace(change, life=Stretch(max(change.life.start, day), change.life.end))


def _from(change: DealChange, day: date) -> DealChange | None:
    """What changes in an agreement from a day on; None where nothing does."""
    sides = change.before, change.after
    lives = [terms.life for terms in sides if terms is not None]
    if all(life.end < day for life in lives):
        return None
    services = tuple(
        ServiceChange(
            one.service, Stretch(max(one.life.start, day), one.life.end), one.before, one.after
        )
        for one in change.services
        if one.life.end >= day
    )
    purchases = tuple(
        one
        for one in change.purchases
        if any(side is not None and side.life.end >= day for side in (one.before, one.after))
    )
    before, after = sides
    if before is not None and after is not None:
        # When it began is told no more where it has begun on both sides.
        begun = all(life.start <= day for life in lives)
        if (
            begun
            and replace(before, life=after.life) == after
            and before.life.end == after.life.end
        ):
            before = after
    found = replace(change, before=before, services=services, purchases=purchases)
    return found if found else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares the clients of two catalogues; remembers what they share."""

    before: Declared
    after: Declared
    work: Work = field(init=False)
    _cover: CoverComparison = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "work", Work(self.before, self.after))
        object.__setattr__(self, "_cover", CoverComparison(self.work))

    def of_families(
        self, before: Sequence[ClientCoverage], after: Sequence[ClientCoverage]
    ) -> Iterator[ClientChanges]:
        """What changes for each client of families that belong together, in order of names.

        Whoever is on one side only is new, or gone.
        """
        clients = [[view.client for view in views] for views in (before, after)]
        pairs = same(clients[0], clients[1], lambda one: (one.organization, one.number))
        names = _Families.of(before, after, pairs, self.work.services)
        earlier = {pairs.get(view.client.name, view.client.name): view for view in before}
        later = {view.client.name: view for view in after}
        for name in sorted({*earlier, *later}):
            yield self._of_client(earlier.get(name), later.get(name), names)

    def _of_client(
        self, before: ClientCoverage | None, after: ClientCoverage | None, names: _Families
    ) -> ClientChanges:
        paired = names.of_client(before, after)
        lines = [self._line("", before, after, None, names)]
        deals: list[DealChange] = []
        for agreement, pair in paired.items():
            if not all(one.default for one in pair if one is not None):
                lines.append(self._line(agreement, before, after, pair, names))
            halves = (
                self._deal(Side.BEFORE, before, agreement, names),
                self._deal(Side.AFTER, after, agreement, names),
            )
            change = compared(agreement, *halves)
            if change:
                deals.append(change)
        return ClientChanges(
            before,
            after,
            self.work.cells,
            tuple(lines),
            tuple(deals),
            paired,
            names.terms,
            tuple(names.renamed(name for name, pair in paired.items() if None not in pair)),
            tuple(self._assigned(before, after, paired, names)),
            tuple(chain for chain in names.chains if chain.name in paired),
        )

    def _assigned(
        self,
        before: ClientCoverage | None,
        after: ClientCoverage | None,
        paired: Mapping[str, tuple[Agreement | None, Agreement | None]],
        names: _Families,
    ) -> Iterator[Line]:
        """The work that starts at contracts which are not the first ones of their agreement."""
        if before is None or after is None:
            return
        for agreement, (one, other) in paired.items():
            if one is None or other is None:
                continue
            earlier = names.inner(Side.BEFORE, before, agreement)
            later = names.inner(Side.AFTER, after, agreement)
            for name in dict.fromkeys((*earlier, *later)):
                line = self._cover.line(
                    agreement,
                    self._half_at(Side.BEFORE, before, earlier.get(name, ()), names),
                    self._half_at(Side.AFTER, after, later.get(name, ()), names),
                    name,
                )
                if line.changes:
                    yield line

    def _half_at(
        self, side: Side, view: ClientCoverage, contracts: Sequence[Contract], names: _Families
    ) -> Half:
        if not contracts:
            return NOTHING
        beginnings = (found for one in contracts for found in beginnings_at(view, one))
        return self._cover.half(side, beginnings, view.client.currency, names.sides[side])

    def _line(
        self,
        agreement: str,
        before: ClientCoverage | None,
        after: ClientCoverage | None,
        pair: tuple[Agreement | None, Agreement | None] | None,
        names: _Families,
    ) -> Line:
        """The work that starts at an agreement, or at the default contracts without one."""

        def half(side: Side, view: ClientCoverage | None) -> Half:
            if view is None:
                return NOTHING
            beginnings = default_beginnings(view)
            if pair is not None:
                known = pair[side]
                if known is None or known.default:
                    return NOTHING
                every = names.signed(side, view, agreement)
                beginnings = (found for own in every for found in own_beginnings(view, own))
            return self._cover.half(side, beginnings, view.client.currency, names.sides[side])

        return self._cover.line(agreement, half(Side.BEFORE, before), half(Side.AFTER, after))

    def _deal(
        self, side: Side, view: ClientCoverage | None, agreement: str, names: _Families
    ) -> Deal | None:
        own = names.signed(side, view, agreement) if view is not None else ()
        if view is None or not own:
            return None
        services = self.work.services if side is Side.BEFORE else {}
        return deals_as_one([_deal(view, one, services, names.sides[side]) for one in own])


def _deal(
    view: ClientCoverage, own: Agreement, services: Mapping[str, str], names: Names | None = None
) -> Deal:
    """What an agreement comes to, its contracts by the `names` that they have on both sides."""
    contracts = {
        contract: name
        for (agreement, contract), name in (names.contracts.items() if names is not None else ())
        if agreement == own.name
    }
    return deal(view, own, services, contracts)


def _inner(view: ClientCoverage, agreement: Agreement) -> Mapping[str, Contract]:
    """The contracts of an agreement by name, but for one that is its first on all its days."""
    own = [one for one in view.contracts if one.agreement.name == agreement.name]
    firsts = {contract for _, contract in view.shared.expander.first_contracts(agreement)}
    return {one.name: one for one in own if firsts != {one.id}}


GONE = " (before)"
"""Behind the name of a contract that is gone, and whose name another one has now."""


@dataclass(frozen=True, slots=True)
class _Families:
    """What agreements and contracts of some families are called on both sides."""

    sides: tuple[Names, Names]
    terms: Mapping[tuple[str, str], ContractTerms]
    chains: tuple[Chain, ...] = ()

    @classmethod
    def of(
        cls,
        before: Sequence[ClientCoverage],
        after: Sequence[ClientCoverage],
        clients: Mapping[str, str],
        services: Mapping[str, str],
    ) -> _Families:
        """The names in families whose `clients` and `services` may have other names after."""
        earlier, later = _agreements(before), _agreements(after)
        pairs = same_agreements(earlier.values(), later.values(), clients)
        names = {name: pairs.get(name, name) for name in earlier}
        names_then = {name: name for name in later}
        contracts = [_contracts(views) for views in (before, after)]
        found_chains: tuple[Chain, ...] = ()
        lives = [sorted(one.life for one in side.values()) for side in (earlier, later)]
        if lives[0] != lives[1]:  # as they are wherever one is several
            found_chains = chains(
                _signed(before, services, contracts[0]), _signed(after, {}, contracts[1]), clients
            )
        for chain in found_chains:
            names.update(dict.fromkeys(chain.names(Side.BEFORE), chain.name))
            names_then.update(dict.fromkeys(chain.names(Side.AFTER), chain.name))
        renamed: dict[tuple[str, str], str] = {}
        terms: dict[tuple[str, str], ContractTerms] = {}
        for agreement, own in contracts[0].items():
            theirs = contracts[1].get(names[agreement], ())
            found = same_contracts(own, theirs)
            taken = {one.name for one in theirs}
            for one in own:
                name = found.get(one.name, f"{one.name}{GONE}" if one.name in taken else one.name)
                terms[names[agreement], name] = one.phases[-1].terms
                if name != one.name:
                    renamed[agreement, one.name] = name
        for agreement, own in contracts[1].items():
            terms.update({(agreement, one.name): one.phases[-1].terms for one in own})
        return cls((Names(names, renamed), Names(names_then, {})), terms, found_chains)

    def signed(self, side: Side, view: ClientCoverage, agreement: str) -> tuple[Agreement, ...]:
        """The agreements of a client on a side that go by one name on both, in order of days."""
        called = self.sides[side].agreements
        own = (one for one in view.agreements if called[one.name] == agreement)
        return tuple(sorted(own, key=lambda one: (one.life.start, one.name)))

    def inner(
        self, side: Side, view: ClientCoverage, agreement: str
    ) -> Mapping[str, Sequence[Contract]]:
        """The contracts of such agreements by their names on both sides, but for first ones."""
        called = self.sides[side].contracts
        found: dict[str, list[Contract]] = {}
        for own in self.signed(side, view, agreement):
            for name, contract in _inner(view, own).items():
                found.setdefault(called.get((own.name, name), name), []).append(contract)
        return found

    def renamed(self, agreements: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """The contracts of agreements, by their names after, that have other names after."""
        wanted = set(agreements)
        before = self.sides[Side.BEFORE]
        for (agreement, old), new in before.contracts.items():
            name = before.agreements[agreement]
            if name in wanted and not new.endswith(GONE):
                yield name, old, new

    def of_client(
        self, before: ClientCoverage | None, after: ClientCoverage | None
    ) -> Mapping[str, tuple[Agreement | None, Agreement | None]]:
        """The agreements of a client on both sides, in order of their first days."""
        sides = (
            {
                name: as_one(self.signed(side, view, name))
                for name in (self.sides[side].agreements[one.name] for one in view.agreements)
            }
            if view is not None
            else {}
            for side, view in zip(Side, (before, after), strict=True)
        )
        earlier, later = sides
        found = {name: (earlier.get(name), later.get(name)) for name in {*earlier, *later}}

        def order(name: str) -> tuple[date, str]:
            return min(one.life.start for one in found[name] if one is not None), name

        return {name: found[name] for name in sorted(found, key=order)}


def _signed(
    views: Sequence[ClientCoverage],
    services: Mapping[str, str],
    contracts: Mapping[str, Sequence[Contract]],
) -> Signed:
    """One side of some families, as chains are looked for in it."""
    whose = {one.name: view for view in views for one in view.agreements}

    def of(agreement: Agreement) -> Deal:
        return _deal(whose[agreement.name], agreement, services)

    every = [one for view in views for one in view.agreements]
    return Signed(sorted(every, key=lambda one: (one.life, one.name)), of, contracts)


def _agreements(views: Iterable[ClientCoverage]) -> Mapping[str, Agreement]:
    """All agreements of some families, whoever signed them."""
    return {one.name: one for view in views for one in view.family.book.agreements}


def _contracts(views: Iterable[ClientCoverage]) -> Mapping[str, Sequence[Contract]]:
    """All contracts of some families, by agreement."""
    found: dict[str, dict[str, Contract]] = {}
    for view in views:
        for contract in view.family.book.contracts.values():
            found.setdefault(contract.agreement.name, {})[contract.name] = contract
    return {agreement: tuple(own.values()) for agreement, own in found.items()}
