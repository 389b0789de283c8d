"""The book: every client's contracts, family by family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from billing_dsl.book.contract import Contract
from billing_dsl.book.expand import Expander
from billing_dsl.book.families import Family
from billing_dsl.book.tiers import EffectiveTier, effective_tiers
from billing_dsl.diagnostics import Fault, Finding
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.settings import Settings
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.catalogue import Catalogue
from billing_dsl.model.resolve import did_you_mean


@dataclass(frozen=True, slots=True)
class Shared:
    """What all clients have in common: settings, the three dimensions, tiers written out, and
    what is sold by the unit.
    """

    catalogue: Catalogue
    settings: Settings
    roles: tuple[Role, ...]
    work_types: tuple[WorkType, ...]
    sub_issues: tuple[SubIssue, ...]
    tiers: Mapping[str, EffectiveTier]
    expander: Expander
    services: Mapping[str, Service | ServiceBundle]

    def tier_versions(self, name: str) -> tuple[EffectiveTier, ...]:
        """The versions of a tier in order of the day from which they may be used."""
        found = (tier for tier in self.tiers.values() if tier.tier.name == name)
        return tuple(sorted(found, key=lambda tier: (tier.tier.effective, tier.tier.version)))


def shared(catalogue: Catalogue, settings: Settings) -> tuple[Shared, tuple[Fault, ...]]:
    """The part of the book that clients share, and the faults of tiers."""
    tiers, faults = effective_tiers(catalogue)
    work_types = catalogue.all(WorkType)
    sets = {declared.name: declared for declared in catalogue.all(ExclusionSet)}
    return (
        Shared(
            catalogue,
            settings,
            catalogue.all(Role),
            work_types,
            catalogue.all(SubIssue),
            tiers,
            Expander(tiers, sets, tuple(work_type.name for work_type in work_types)),
            _services(catalogue),
        ),
        tuple(faults),
    )


def _services(catalogue: Catalogue) -> Mapping[str, Service | ServiceBundle]:
    services: dict[str, Service | ServiceBundle] = {}
    services.update({bundle.name: bundle for bundle in catalogue.all(ServiceBundle)})
    services.update({service.name: service for service in catalogue.all(Service)})
    return services


@dataclass(frozen=True, slots=True)
class Start:
    """Days on which an agreement holds a client's default contract, and which one it is.

    `contract` is empty where no contract of the agreement's tier exists for the client.
    """

    life: Stretch
    agreement: Agreement
    contract: str


class Nowhere(Enum):
    """Where a link leads that leads to no contract in force."""

    NO_CONTRACT = "no contract"
    NOT_IN_FORCE = "not in force"


@dataclass(frozen=True, slots=True)
class FamilyBook:
    """The contracts of a family.

    `left_out` are clients of which nothing can be said, because something they depend on is
    broken. `detours` tells where links to a contract that was never made go on.
    """

    clients: tuple[Client, ...]
    agreements: tuple[Agreement, ...]
    contracts: Mapping[str, Contract]
    starts: Mapping[str, tuple[Start, ...]]
    detours: Mapping[str, tuple[tuple[Stretch, str], ...]] = field(default_factory=dict)
    left_out: tuple[Client, ...] = ()

    def of_client(self, client: str) -> tuple[Contract, ...]:
        """A client's own contracts, in order of agreements and of their paths."""
        return tuple(found for found in self.contracts.values() if found.client == client)

    def target(self, link: str, day: date) -> Contract | Nowhere:
        """Where a link leads on a day, through contracts that were never made.

        An empty link leads to no contract.
        """
        passed: set[str] = set()
        while link and link not in self.contracts:
            if link in passed:
                return Nowhere.NO_CONTRACT
            passed.add(link)
            onward = [to for life, to in self.detours.get(link, ()) if day in life]
            if not onward:
                return Nowhere.NOT_IN_FORCE
            link = onward[0]
        if not link:
            return Nowhere.NO_CONTRACT
        found = self.contracts[link]
        return found if day in found.life else Nowhere.NOT_IN_FORCE

    def default(self, client: str, day: date) -> Start | None:
        """The default contract of a client on a day: the first of its agreements in force."""
        start = next((start for start in self.starts[client] if day in start.life), None)
        return start if start is not None and start.contract else None


def written_out(
    shared: Shared, own: Catalogue, family: Family
) -> tuple[FamilyBook, tuple[Fault, ...]]:
    """The contracts of one family, and the faults in the names that agreements use.

    `own` is what the family's documents declare.
    """
    faults: list[Fault] = []
    contracts: dict[str, Contract] = {}
    unsound = {a.client for a in family.agreements if not own.sound(a)}
    unsound |= {client.name for client in family.clients if not own.sound(client)}
    agreements = [a for a in family.agreements if a.client not in unsound]
    for agreement in agreements:
        made, found = shared.expander.contracts(agreement)
        if found:
            faults.extend(found)
            unsound.add(agreement.client)
        for contract in made:
            contracts[contract.id] = contract
    detours: dict[str, list[tuple[Stretch, str]]] = {}
    linked = [a for a in agreements if any("/" in (c.falls_to or "") for c in a.contracts)]
    if linked:
        for agreement in agreements:
            for absent, life, target in shared.expander.detours(agreement):
                detours.setdefault(absent, []).append((life, target))
        names = {agreement.name for agreement in family.agreements}
        for fault, client in _unknown_links(linked, {*contracts, *detours}, names, unsound, own):
            unsound.add(client)
            if fault is not None:
                faults.append(fault)
        unsound |= _linked_to(linked, unsound, family.agreements)
    clients = tuple(client for client in family.clients if client.name not in unsound)
    agreements = [agreement for agreement in agreements if agreement.client not in unsound]
    return (
        FamilyBook(
            clients,
            tuple(agreements),
            {one: found for one, found in contracts.items() if found.client not in unsound},
            {client.name: _starts(shared, client, agreements) for client in clients},
            {one: tuple(found) for one, found in detours.items()},
            tuple(client for client in family.clients if client.name in unsound),
        ),
        tuple(faults),
    )


def _linked_to(
    linked: Iterable[Agreement], unsound: set[str], agreements: Iterable[Agreement]
) -> set[str]:
    """The clients whose work may fall to a contract of somebody of whom nothing can be said."""
    owner = {agreement.name: agreement.client for agreement in agreements}
    reached = set(unsound)
    while True:
        further = {
            agreement.client
            for agreement in linked
            for terms in agreement.contracts
            if owner.get((terms.falls_to or "").rpartition("/")[0]) in reached
        } - reached
        if not further:
            return reached - unsound
        reached |= further


def _starts(shared: Shared, client: Client, agreements: Iterable[Agreement]) -> tuple[Start, ...]:
    """A client's default contracts, the agreement that began first before the others."""
    found = [a for a in agreements if a.client == client.name and a.default]
    found.sort(key=lambda agreement: (agreement.life.start, agreement.name))
    return tuple(
        Start(life, agreement, contract)
        for agreement in found
        for life, contract in shared.expander.first_contracts(agreement)
    )


def _unknown_links(
    linked: Iterable[Agreement],
    known: set[str],
    agreements: set[str],
    unsound: set[str],
    own: Catalogue,
) -> Iterator[tuple[Fault | None, str]]:
    """BD201 for each link to a contract of another agreement that is not there, with the client.

    The fault is None where the link leads to something broken, whose own fault is reported.
    """
    lost = own.lost.get("agreement", frozenset())
    for agreement in linked:
        for terms in agreement.contracts:
            link = terms.falls_to or ""
            other, slash, _ = link.partition("/")
            if not slash or link in known:
                continue
            if other in lost or own.silent:
                yield None, agreement.client
                continue
            owner = own.named(Agreement, other)
            if owner is not None and (owner.client in unsound or other not in agreements):
                yield None, agreement.client
                continue
            cure = did_you_mean(link, known) or "write AGREEMENT/CONTRACT as both are named"
            yield (
                Fault(
                    "BD201",
                    Finding(
                        agreement.at("contracts", terms.name, "falls_to"),
                        f"there is no contract `{link}`",
                        label="named here",
                        help=cure,
                        subject=agreement.subject,
                    ),
                ),
                agreement.client,
            )
