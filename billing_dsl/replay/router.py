"""From the coverage of a family's clients to their routing as plain values."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from hashlib import sha256

from billing_dsl.analysis.agreed import each_once
from billing_dsl.analysis.situations import (
    Beginning,
    Cutter,
    EndKey,
    Situation,
    default_beginnings,
    list_days,
)
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractTerms, ContractType
from billing_dsl.model.calendar import Stretch, gaps, pieces
from billing_dsl.replay.routed import (
    Binding,
    BoughtTickets,
    Days,
    PaidIn,
    RoutedAgreement,
    RoutedClient,
    RoutedContract,
    RoutedFamily,
)

NONE = ""
"""The key of days on which a client has no default contract: only prices may differ there."""

_ALWAYS = Stretch(date.min, date.max)

_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Known:
    """A situation of a client, its key, and the tier of the contract at which work starts."""

    situation: Situation
    key: str
    tier: str


class Router:
    """Makes the routing of families, one after the other; remembers what they have in common."""

    def __init__(self, declared: Declared) -> None:
        """Begins without any."""
        self.prices = list_days(declared.shared)
        self._declared = declared
        self._cutter = Cutter(declared.shared)
        self._keys: dict[Hashable, str] = {}
        self._terms: dict[int, tuple[ContractTerms, str]] = {}

    def family(self, views: Sequence[ClientCoverage]) -> RoutedFamily:
        """The routing of the clients of one family."""
        contracts = _Contracts()
        clients = [self._client(view, contracts) for view in views]
        return RoutedFamily(contracts.listed, clients)

    def _client(self, view: ClientCoverage, contracts: _Contracts) -> RoutedClient:
        own = [contracts.place(contract) for contract in view.contracts]
        days: list[Days] = []
        bound: dict[Binding, None] = {}
        lives: list[Stretch] = []
        for known in self.situations(view):
            situation = known.situation
            life = situation.life
            lives.append(life)
            days.append((life.start.toordinal(), life.end.toordinal(), known.key))
            beginning = situation.beginning
            for end, key in zip(beginning.routing, situation.ends, strict=True):
                if end.outcome is Outcome.COVERED:
                    place = contracts.place(beginning.segment.contracts[end.contract])
                    bound[key.agreement, key.contract, place] = None
        cuts = (*self.prices, *self._declared.cells.beginnings)
        for gap in gaps(_ALWAYS, lives):
            days.extend(
                (life.start.toordinal(), life.end.toordinal(), NONE) for life in pieces(gap, cuts)
            )
        return RoutedClient(view.client.name, days, tuple(bound), own)

    def situations(self, view: ClientCoverage) -> Iterator[Known]:
        """The situations of a client with their keys, in order of time."""
        currency = view.client.currency
        line = self._cutter.time_line(currency, default_beginnings(view))
        for situation in line.situations:
            beginning = situation.beginning
            tier = tier_key(beginning.segment.phases[beginning.position].tier)
            alike = (situation.key, currency, tier)
            key = self._keys.get(alike)
            if key is None:
                key = self._keys[alike] = self._key(situation, currency, tier)
            yield Known(situation, key, tier)

    def _key(self, situation: Situation, currency: str, tier: str) -> str:
        """Stands for the same as `Situation.key`, but in any process and on any day."""
        beginning, shape = situation.beginning, situation.beginning.segment.shape
        masks = [f"{mask:x}" for mask in (shape.cells, *shape.excluded)]
        ends = [
            tuple(self._end(beginning, end.contract, key))
            for end, key in zip(beginning.routing, situation.ends, strict=True)
        ]
        where = (masks, shape.links, beginning.position, situation.start, situation.prices)
        return digest(repr((where, ends, currency, tier)))

    def _end(self, beginning: Beginning, contract: int, key: EndKey) -> Iterator[object]:
        """What the money of an end depends on, with the terms themselves in place of their id."""
        covered = key.outcome == Outcome.COVERED
        # 150 and 150.00 are equal, and must have one key whoever is met first.
        own = tuple((role, _plain(amount)) for role, amount in key.own)
        yield key._replace(terms=0, bought=None, own=()), own
        yield self._money(beginning.segment.phases[contract].terms) if covered else ""
        yield None if key.bought is None else sorted(map(_plain, key.bought))

    def _money(self, terms: ContractTerms) -> str:
        """Stands for what the terms of a contract say of the money of work."""
        known = self._terms.get(id(terms))
        if known is None:
            said = (terms.overage_rate, terms.rates, terms.block_factors, terms.tickets)
            # Keeping the terms keeps their id from being given to others.
            known = self._terms[id(terms)] = (terms, digest(repr(said)))
        return known[1]


def _plain(amount: Decimal | None) -> str:
    """An amount as text: the same for amounts that are equal."""
    return "" if amount is None else str(amount.normalize(_WIDE))


def tier_key(tier: EffectiveTier | None) -> str:
    """A tier with its version; empty for a bespoke agreement."""
    return "" if tier is None else tier.key


def digest(text: str) -> str:
    """Half a SHA-256 of a text."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


class _Contracts:
    """The contracts of a family, each with its place among them."""

    def __init__(self) -> None:
        self.listed: list[RoutedContract] = []
        self._places: dict[str, int] = {}
        self._agreements: dict[str, RoutedAgreement] = {}

    def place(self, contract: Contract) -> int:
        """The place of a contract, which is written down when it is met first."""
        place = self._places.get(contract.id)
        if place is None:
            place = self._places[contract.id] = len(self.listed)
            self.listed.append(self._routed(contract))
        return place

    def _routed(self, contract: Contract) -> RoutedContract:
        signed = contract.agreement
        agreement = self._agreements.get(signed.name)
        if agreement is None:
            agreement = self._agreements[signed.name] = RoutedAgreement(
                signed.name, signed.client, signed.life, signed.default
            )
        type_ = contract.type
        return RoutedContract(
            contract.name,
            agreement,
            type_,
            contract.life,
            contract.blocks if type_ is ContractType.BLOCK_HOURS else (),
            tuple(_paid_in(contract)) if type_ is ContractType.RETAINER else (),
            tuple(_bought(contract)) if type_ is ContractType.PER_TICKET else (),
        )


def _paid_in(contract: Contract) -> Iterator[PaidIn]:
    for one in each_once(contract, lambda terms: terms.retainers):
        yield PaidIn(one.amount, one.start, one.end)


def _bought(contract: Contract) -> Iterator[BoughtTickets]:
    for one in each_once(contract, lambda terms: terms.tickets):
        yield BoughtTickets(one.tickets, one.start, one.end)
