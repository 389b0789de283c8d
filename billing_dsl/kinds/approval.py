"""An approval: whose consent a change needs that is of some effect for clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from billing_dsl.model.calendar import Term
from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Approval(Declaration):
    """Who is asked about which changes, and how long before clients have to know.

    Without `tiers` or `clients` it is asked of changes that reach anybody.
    """

    KIND: ClassVar[str] = "approval"

    effects: tuple[str, ...]
    above: Decimal | None
    """What the clients' months have to change by, in the settings' currency."""
    tiers: tuple[str, ...]
    clients: tuple[str, ...]
    by: tuple[str, ...]
    notice: Term | None


def _build(document: Document, _house: House) -> Approval:
    value = document.value
    return Approval(
        *base(document),
        effects=tuple(value["effects"]),
        above=Decimal(value["above"]) if "above" in value else None,
        tiers=tuple(value.get("tiers", ())),
        clients=tuple(value.get("clients", ())),
        by=tuple(value["by"]),
        notice=Term.parse(value["notice"]) if "notice" in value else None,
    )


def _mentions(approval: Approval) -> Iterator[Mention]:
    for kind, field, names in (
        ("tier", "tiers", approval.tiers),
        ("client", "clients", approval.clients),
    ):
        for position, name in enumerate(names):
            yield Mention(kind, name, (field, position), carries=False)


APPROVAL = Kind(Approval, _build, _mentions)
