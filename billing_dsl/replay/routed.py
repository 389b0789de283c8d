"""The routing of a family as plain values: what is kept of it, and what other processes send.

A client's days point at *situations*, each by a key. It stands for all that the billing of work on
those days depends on, so clients alike have one key; what work comes to in a situation is worked
out of any client who has it (`router.Router.situations`), and only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Block
from billing_dsl.kinds.client import Client
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price

Days: TypeAlias = tuple[int, int, str]
"""The first day of a stretch, the last, and the key of its situation; empty without agreement."""

Binding: TypeAlias = tuple[int, str, int]
"""On what work of a client may end: which of the agreements of its time line, the name of the
contract there, and the place of that contract among those of the family.
"""


@dataclass(frozen=True, slots=True)
class Customer:
    """A client as entries may call it, and the currency in which it is billed."""

    name: str
    title: str
    legal_name: str
    organization: str
    number: str
    currency: str


def customer(client: Client) -> Customer:
    """A client as entries may call it."""
    return Customer(
        client.name,
        client.title,
        client.legal_name,
        client.organization,
        client.number,
        client.currency,
    )


@dataclass(frozen=True, slots=True)
class RoutedAgreement:
    """An agreement, as far as the same one is found again in another catalogue."""

    name: str
    client: str
    life: Stretch
    default: bool


@dataclass(frozen=True, slots=True)
class PaidIn:
    """Money paid into a retainer, for work on the days from start to end."""

    price: Price
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class BoughtTickets:
    """Tickets paid in advance, for work on the days from start to end."""

    tickets: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class RoutedContract:
    """A contract of a family, with what was paid on it in advance. See `book.contract.Contract`."""

    name: str
    agreement: RoutedAgreement
    type: ContractType
    life: Stretch
    blocks: tuple[Block, ...] = ()
    retainers: tuple[PaidIn, ...] = ()
    tickets: tuple[BoughtTickets, ...] = ()
    id: str = field(init=False)
    """`acme-2027/block`: agreement and contract."""

    def __post_init__(self) -> None:
        """Gives it its name among all contracts."""
        object.__setattr__(self, "id", f"{self.agreement.name}/{self.name}")


@dataclass(frozen=True, slots=True)
class RoutedClient:
    """A client: its days, on what its work may end, and the places of its own contracts."""

    name: str
    days: Sequence[Days]
    bound: Sequence[Binding]
    own: Sequence[int]


@dataclass(frozen=True, slots=True)
class RoutedFamily:
    """Clients who belong together, as far as they can be proved, and their contracts."""

    contracts: Sequence[RoutedContract]
    clients: Sequence[RoutedClient]
