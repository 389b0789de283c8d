"""A tier: a versioned service level, and where each kind of work ends in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from billing_dsl.diagnostics import Fault, Finding, Label
from billing_dsl.kinds._contract import (
    NOWHERE,
    ContractTerms,
    contract_faults,
    contract_mentions,
    contract_terms,
)
from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.model.money import Price, price
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class RateRow:
    """The rate of a role on a contract."""

    contract: str
    role: str
    rate: Price


@dataclass(frozen=True, slots=True)
class Tier(Declaration):
    """A tier as one document writes it; what it inherits is written out by `book.tiers`.

    In the three maps a None removes what is inherited.
    """

    KIND: ClassVar[str] = "tier"

    titles: Mapping[str, str]
    effective: date
    summary: str
    summaries: Mapping[str, str]
    """The summary by language."""
    rank: int | None
    price: Price | None
    extends: str
    contracts: tuple[ContractTerms, ...]
    scope: Mapping[str, str | None]
    roles: Mapping[str, str | None]
    sub_issues: Mapping[str, str | None]
    rates: tuple[RateRow, ...] | None
    """None where nothing is written: then they are inherited."""
    review_by: date | None

    @property
    def subject(self) -> str:
        """What a waiver and a finding call it: `tier/silver@2`."""
        return f"tier/{self.key}"

    @property
    def key(self) -> str:
        """Name and version, `silver@2`: tiers alone exist in several versions at once."""
        return f"{self.name}@{self.version}"


def rate_rows(rows: list[Mapping[str, Any]], currency: str) -> tuple[RateRow, ...]:
    """The rows of a `rates` list that names contracts."""
    return tuple(
        RateRow(row["contract"], row["role"], price(row["rate"], currency)) for row in rows
    )


def _build(document: Document, house: House) -> Tier:
    value = document.value
    return Tier(
        *base(document),
        titles=value.get("titles", {}),
        effective=date.fromisoformat(value["effective"]),
        summary=value.get("summary", ""),
        summaries=value.get("summaries", {}),
        rank=int(value["rank"]) if "rank" in value else None,
        price=price(value["price"], house.currency) if "price" in value else None,
        extends=value.get("extends", ""),
        contracts=tuple(contract_terms(row, house.currency) for row in value.get("contracts", ())),
        scope=value.get("scope", {}),
        roles=value.get("roles", {}),
        sub_issues=value.get("sub_issues", {}),
        rates=rate_rows(value["rates"], house.currency) if "rates" in value else None,
        review_by=date.fromisoformat(value["review_by"]) if "review_by" in value else None,
    )


def _mentions(tier: Tier) -> Iterator[Mention]:
    if tier.extends:
        yield Mention("tier", tier.extends, ("extends",))
    for kind, field, ends in (
        ("work_type", "scope", tier.scope),
        ("role", "roles", tier.roles),
        ("sub_issue", "sub_issues", tier.sub_issues),
    ):
        for name in ends:
            yield Mention(kind, name, (field, name), key=True)
    for contract in tier.contracts:
        yield from contract_mentions(contract)
    for position, row in enumerate(tier.rates or ()):
        yield Mention("role", row.role, ("rates", position, "role"))


def _check(document: Document) -> Iterator[Fault]:
    yield from contract_faults(document)
    value = document.value
    names = [contract["name"] for contract in value.get("contracts", ())]
    if not names:
        return  # inherited: book.tiers looks at the names once they are known
    for position, contract in enumerate(value["contracts"]):
        falls_to = contract.get("falls_to")
        if falls_to not in (None, NOWHERE, *names):
            yield Fault(
                "BD201",
                Finding(
                    document.at("contracts", position, "falls_to"),
                    f"this tier has no contract `{falls_to}`",
                    label=f"the contracts of this tier are {', '.join(f'`{n}`' for n in names)}",
                    help="name a contract of this tier, or `none`",
                    related=(Label(document.at("contracts", key=True), "the contracts"),),
                ),
            )


TIER = Kind(Tier, _build, _mentions, _check)
