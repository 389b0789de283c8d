"""A client: an Autotask organization of type Customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from billing_dsl.model.declaration import (
    Declaration,
    House,
    Kind,
    Mention,
    UserDefined,
    base,
)
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Client(Declaration):
    """Who signs agreements and receives invoices."""

    KIND: ClassVar[str] = "client"

    legal_name: str
    organization: str
    """Its name in Autotask; the legal name where nothing else is written."""
    number: str
    parent: str
    currency: str
    language: str
    phone: str
    address: Mapping[str, str]
    country: str
    tax_region: str
    tax_id: str
    owner: str
    accounting: Mapping[str, str]
    notice_to: tuple[str, ...]
    udf: UserDefined = field(default_factory=dict)


def _build(document: Document, house: House) -> Client:
    value = document.value
    autotask = value.get("autotask", {})
    address = value.get("address", {})
    notice_to = value.get("notice_to", [])
    name, title, version, notes, source = base(document)
    return Client(
        name,
        title if "title" in value else value["legal_name"],
        version,
        notes,
        source,
        legal_name=value["legal_name"],
        organization=autotask.get("organization", value["legal_name"]),
        number=autotask.get("number", ""),
        parent=value.get("parent", ""),
        currency=value.get("currency", house.currency),
        language=value.get("language", ""),
        phone=value.get("phone", ""),
        address={"street": address} if isinstance(address, str) else address,
        country=value.get("country", ""),
        tax_region=value.get("tax_region", ""),
        tax_id=value.get("tax_id", ""),
        owner=value.get("owner", ""),
        accounting=value.get("accounting", {}),
        notice_to=(notice_to,) if isinstance(notice_to, str) else tuple(notice_to),
        udf=value.get("udf", {}),
    )


def _mentions(client: Client) -> Iterator[Mention]:
    if client.parent:
        yield Mention("client", client.parent, ("parent",), carries=False)


CLIENT = Kind(Client, _build, _mentions, shared=False)
