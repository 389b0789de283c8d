"""What rules look at: what clients share, one client, and all clients in short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.coverage import Covered, FamilyCoverage, Segment
from billing_dsl.analysis.translations import untranslated
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract, SetUse
from billing_dsl.diagnostics import Place, Reach
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.scenario import Scenario
from billing_dsl.templates import NONE, Templates


@dataclass(frozen=True, slots=True)
class Declared:
    """What clients share: settings, roles, work types, services, tiers. No client is in it.

    `templates` are the user's own, in whose form some outputs are made.
    """

    shared: Shared
    cells: Cells
    as_of: date
    templates: Templates = NONE


@dataclass(frozen=True, slots=True)
class ClientCoverage:
    """One client: its agreements, its contracts, and where its work ends on every day."""

    client: Client
    family: FamilyCoverage
    scenarios: tuple[Scenario, ...]
    as_of: date
    complete: bool
    """Whether no agreement of it is lost: what is not there may stand in a broken document."""
    agreements: tuple[Agreement, ...] = field(init=False)
    """Its agreements, by name."""
    contracts: tuple[Contract, ...] = field(init=False)
    """Its own contracts, in order of agreements and of their paths."""

    def __post_init__(self) -> None:
        """Picks the client's own out of its family's book."""
        name, book = self.client.name, self.family.book
        agreements = tuple(one for one in book.agreements if one.client == name)
        object.__setattr__(self, "agreements", agreements)
        object.__setattr__(self, "contracts", book.of_client(name))

    @property
    def shared(self) -> Shared:
        """What it has in common with all clients."""
        return self.family.shared

    @property
    def cells(self) -> Cells:
        """The bits of all kinds of work."""
        return self.family.cells

    @property
    def covered(self) -> tuple[Covered, ...]:
        """Its segments in order of time, with the routing from its default contract."""
        return self.family.of_client(self.client)

    def reach(self, agreement: Agreement | None = None) -> tuple[Reach, ...]:
        """The client, or one agreement, as what a finding reaches."""
        return (Reach(self.client.name, agreement.name if agreement else ""),)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What rules over all clients need to know of one: small, plain, and quick to keep.

    `sets` are the exclusion sets that its contracts carry, with the agreement of each.
    `signatures` hold for each shape the class of each work type, equal where the client's
    contracts route two work types alike. `landings` are the ways that work takes from a default
    contract: see `landing`. `language` is the one that its document names. `untranslated` are the
    texts that its documents print in another one: see `translations.untranslated`.
    """

    client: str
    place: Place
    organization: str
    number: str
    agreements: tuple[str, ...]
    contracts: int
    cells: int
    sets: tuple[tuple[SetUse, str], ...]
    tiers: tuple[str, ...]
    services: tuple[str, ...]
    signatures: tuple[tuple[int, ...], ...]
    landings: tuple[tuple[str, ...], ...]
    language: str
    untranslated: tuple[tuple[str, str], ...]
    active_sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All clients in short, beside what they share. Left out are those with broken documents.

    `unknown` are the kinds of which some document names one that nobody declares.
    """

    declared: Declared
    facts: tuple[ClientFacts, ...]
    complete: bool
    unknown: frozenset[str] = frozenset()

    @property
    def shared(self) -> Shared:
        """What clients share."""
        return self.declared.shared

    def agreements_with(self, set_name: str) -> Iterator[Reach]:
        """The agreements whose contracts carry an exclusion set."""
        for facts in self.facts:
            for use, agreement in facts.sets:
                if use.name == set_name:
                    yield Reach(facts.client, agreement)


def client_facts(view: ClientCoverage) -> ClientFacts:
    """A client in short."""
    family = view.family
    sets: dict[tuple[str, str], tuple[SetUse, str]] = {}
    tiers: set[str] = set()
    services: set[str] = set()
    active: set[str] = set()
    for contract in view.contracts:
        for phase in contract.phases:
            if phase.set_use is not None:
                sets[phase.set_use.name, contract.agreement.name] = (
                    phase.set_use,
                    contract.agreement.name,
                )
                if phase.life.end >= view.as_of:
                    active.add(phase.set_use.name)
            if phase.tier is not None:
                tiers.add(phase.tier.key)
            services.update(phase.terms.services)
    for agreement in view.agreements:
        services.update(agreement.services)
    signatures: set[tuple[int, ...]] = set()
    landings: set[tuple[str, ...]] = set()
    proved = 0
    for covered in view.covered:
        if covered.start is not None:
            landings.add(landing(view.cells, covered))
        starts = tuple(family.starts(view.client, covered.segment))
        signatures.update(_signatures(view, covered.segment, starts))
        proved += covered.segment.shape.cells.bit_count() * len(starts)
    return ClientFacts(
        view.client.name,
        view.client.at("name"),
        view.client.organization,
        view.client.number,
        tuple(agreement.name for agreement in view.agreements),
        len(view.contracts),
        proved,
        tuple(sets[key] for key in sorted(sets)),
        tuple(sorted(tiers)),
        tuple(sorted(services)),
        tuple(sorted(signatures)),
        tuple(sorted(landings)),
        view.client.language,
        untranslated(family, view.client, view.agreements, view.contracts),
        tuple(sorted(active)),
    )


def _signatures(
    view: ClientCoverage, segment: Segment, starts: tuple[int, ...]
) -> tuple[tuple[int, ...], ...]:
    """The signatures of a segment from each start, worked out once for each shape."""
    key = (segment.shape, starts)
    found = view.family.walker.signatures.get(key)
    if found is None:
        routings = (view.family.routing(segment, start) for start in starts)
        found = view.family.walker.signatures[key] = tuple(
            signature(view.cells, tuple(end.cells for end in routing)) for routing in routings
        )
    return found


NO_LANDING = "none"
"""What `landing` says of a work type that no contract takes."""


def landing(cells: Cells, covered: Covered) -> tuple[str, ...]:
    """For each work type the type of contract that takes it, or `none`; empty where it has not
    begun.

    Meant is where the work type itself leads: a role or sub-issue may send work further on.
    """
    ends = tuple(end.cells for end in covered.routing)
    first = cells.landings.get(ends)
    if first is None:
        first = cells.landings[ends] = tuple(
            next((position for position, end in enumerate(ends) if end & mask), None)
            for mask in cells.by_work_type.values()
        )
    types = [
        covered.segment.contracts[end.contract].type.value
        if end.outcome is Outcome.COVERED
        else NO_LANDING
        for end in covered.routing
    ]
    return tuple("" if position is None else types[position] for position in first)


def signature(cells: Cells, ends: tuple[int, ...]) -> tuple[int, ...]:
    """The class of each work type under a routing: equal numbers mean routed alike."""
    known = cells.signatures.get(ends)
    if known is None:
        classes: dict[tuple[int, ...], int] = {}
        row = len(cells.roles) * (len(cells.sub_issues) + 1)
        slab = (1 << row) - 1
        known = cells.signatures[ends] = tuple(
            classes.setdefault(tuple((end >> (w * row)) & slab for end in ends), len(classes))
            for w in range(len(cells.work_types))
        )
    return known
