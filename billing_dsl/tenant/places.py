"""Where in the catalogue something is declared that the tenant holds otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from billing_dsl.book.book import Shared
from billing_dsl.diagnostics import Fault, Finding, Place, Reach, Span
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.declaration import Declaration
from billing_dsl.targets._book import Book
from billing_dsl.tenant.remarks import Remark

_AGREED = frozenset(
    (
        "contract",
        "exclusion_contract",
        "exclusion",
        "contract_service",
        "units",
        "block",
        "charge",
        "retainer",
        "tickets",
        "milestone",
        "rate",
        "block_factor",
        "note",
    )
)
"""The first words of what agreements bring about: the agreement's name follows."""


@dataclass(frozen=True, slots=True)
class Places:
    """The documents of a catalogue by what they declare, and the name of the snapshot's file."""

    shared: Shared
    clients: Mapping[str, Client]
    agreements: Mapping[str, Agreement]
    file: str

    @classmethod
    def of(cls, book: Book, file: str) -> Places:
        """The places of a book."""
        return cls(
            book.declared.shared,
            {view.client.name: view.client for view in book.clients},
            {one.name: one for view in book.clients for one in view.agreements},
            file,
        )

    def fault(self, remark: Remark) -> Fault:
        """A remark as a finding in its place: the document that declares what it is about.

        What is about a list of the tenant lies in the settings, and what is about the snapshot in
        its file.
        """
        if remark.code in ("BD511", "BD514"):
            place: Place | Span = Span(self.file, 1, 1, 1, 2)
            return Fault(remark.code, Finding(place, remark.message, help=remark.help))
        declared = self.declaration(remark.object)
        found = declared or self.shared.settings
        reached: tuple[Reach, ...] = ()
        if isinstance(found, Agreement):
            reached = (Reach(found.client, found.name),)
        elif isinstance(found, Client):
            reached = (Reach(found.name),)
        return Fault(
            remark.code,
            Finding(
                found.at("name"),
                remark.message,
                label="declared here" if declared is not None else "",
                help=remark.help,
                subject=found.subject,
                reached=reached,
            ),
        )

    def declaration(self, object_id: str) -> Declaration | None:
        """The document that an object comes from; None where no document alone declares it."""
        word, _, rest = object_id.partition(":")
        name = rest.partition("/")[0]
        named = self.shared.catalogue.named
        match word:
            case "company":
                return self.clients.get(name)
            case "work_type":
                return named(WorkType, name)
            case "role":
                return named(Role, name)
            case "service" | "bundle_row":
                return named(Service, name) or named(ServiceBundle, name)
            case "price":
                kind, owner, _ = rest.split("/")
                return self.declaration(f"{kind}:{owner}")
            case "exclusion_set" | "exclusion_set_row":
                return named(ExclusionSet, name) or self.tier(rest)
            case _ if word in _AGREED:
                return self.agreements.get(name)
            case _:
                return None

    def tier(self, rest: str) -> Tier | None:
        """The tier version whose set this is: `silver/v2/1/recurring`."""
        name, _, more = rest.partition("/")
        version = more.partition("/")[0].removeprefix("v")
        return self.shared.catalogue.named(Tier, f"{name}@{version}")
