"""Clients compared, family by family: what changes for each of them, and from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.situations import beginnings_at, default_beginnings, own_beginnings
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.contract import Contract
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

    def since(self, day: date) -> ClientChanges:
        """What changes on a day and on all days after it."""
        return replace(
            self,
            lines=tuple(replace(line, changes=tuple(_clipped(line, day))) for line in self.lines),
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
        names = _Families.of(before, after, pairs)
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
                self._deal(Side.BEFORE, before, pair[0], names),
                self._deal(Side.AFTER, after, pair[1], names),
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
            called = names.sides[Side.BEFORE].contracts
            earlier = {
                called.get((one.name, name), name): contract
                for name, contract in _inner(before, one).items()
            }
            later = _inner(after, other)
            for name in dict.fromkeys((*earlier, *later)):
                line = self._cover.line(
                    agreement,
                    self._half_at(Side.BEFORE, before, earlier.get(name), names),
                    self._half_at(Side.AFTER, after, later.get(name), names),
                    name,
                )
                if line.changes:
                    yield line

    def _half_at(
        self, side: Side, view: ClientCoverage, contract: Contract | None, names: _Families
    ) -> Half:
        if contract is None:
            return NOTHING
        beginnings = beginnings_at(view, contract)
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
                own = pair[side]
                if own is None or own.default:
                    return NOTHING
                beginnings = own_beginnings(view, own)
            return self._cover.half(side, beginnings, view.client.currency, names.sides[side])

        return self._cover.line(agreement, half(Side.BEFORE, before), half(Side.AFTER, after))

    def _deal(
        self, side: Side, view: ClientCoverage | None, own: Agreement | None, names: _Families
    ) -> Deal | None:
        if view is None or own is None:
            return None
        contracts = {
            contract: name
            for (agreement, contract), name in names.sides[side].contracts.items()
            if agreement == own.name
        }
        return deal(view, own, self.work.services if side is Side.BEFORE else {}, contracts)


def _inner(view: ClientCoverage, agreement: Agreement) -> Mapping[str, Contract]:
    """The contracts of an agreement by name, but for one that is its first on all its days."""
    own = [one for one in view.contracts if one.agreement.name == agreement.name]
    firsts = {contract for _, contract in view.shared.expander.first_contracts(agreement)}
    return {one.name: one for one in own if firsts != {one.id}}


_GONE = " (before)"
"""Behind the name of a contract that is gone, and whose name another one has now."""


@dataclass(frozen=True, slots=True)
class _Families:
    """What agreements and contracts of some families are called on both sides."""

    sides: tuple[Names, Names]
    terms: Mapping[tuple[str, str], ContractTerms]

    @classmethod
    def of(
        cls,
        before: Sequence[ClientCoverage],
        after: Sequence[ClientCoverage],
        clients: Mapping[str, str],
    ) -> _Families:
        """The names in families whose clients may have other names after."""
        earlier, later = _agreements(before), _agreements(after)
        pairs = same_agreements(earlier.values(), later.values(), clients)
        names = {name: pairs.get(name, name) for name in earlier}
        contracts = [_contracts(views) for views in (before, after)]
        renamed: dict[tuple[str, str], str] = {}
        terms: dict[tuple[str, str], ContractTerms] = {}
        for agreement, own in contracts[0].items():
            theirs = contracts[1].get(names[agreement], ())
            found = same_contracts(own, theirs)
            taken = {one.name for one in theirs}
            for one in own:
                name = found.get(one.name, f"{one.name}{_GONE}" if one.name in taken else one.name)
                terms[names[agreement], name] = one.phases[-1].terms
                if name != one.name:
                    renamed[agreement, one.name] = name
        for agreement, own in contracts[1].items():
            terms.update({(agreement, one.name): one.phases[-1].terms for one in own})
        return cls((Names(names, renamed), Names({name: name for name in later}, {})), terms)

    def renamed(self, agreements: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """The contracts of agreements, by their names after, that have other names after."""
        wanted = set(agreements)
        before = self.sides[Side.BEFORE]
        for (agreement, old), new in before.contracts.items():
            name = before.agreements[agreement]
            if name in wanted and not new.endswith(_GONE):
                yield name, old, new

    def of_client(
        self, before: ClientCoverage | None, after: ClientCoverage | None
    ) -> Mapping[str, tuple[Agreement | None, Agreement | None]]:
        """The agreements of a client on both sides, in order of their first days."""
        names = self.sides[Side.BEFORE].agreements
        earlier = {names[one.name]: one for one in (before.agreements if before else ())}
        later = {one.name: one for one in (after.agreements if after else ())}
        found = {name: (earlier.get(name), later.get(name)) for name in {*earlier, *later}}

        def order(name: str) -> tuple[date, str]:
            return min(one.life.start for one in found[name] if one is not None), name

        return {name: found[name] for name in sorted(found, key=order)}


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
