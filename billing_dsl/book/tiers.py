"""A tier with everything inherited written out: the only place that knows inheritance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from billing_dsl.diagnostics import Fault, Finding, Label, Place
from billing_dsl.kinds._contract import NOWHERE, ContractTerms, Exclusions
from billing_dsl.kinds.tier import RateRow, Tier
from billing_dsl.model.catalogue import Catalogue
from billing_dsl.model.declaration import Source
from billing_dsl.model.money import Price
from billing_dsl.model.resolve import did_you_mean

Ends = Mapping[str, str]
"""Where each name ends: a contract of the tier, or `none`."""


@dataclass(frozen=True, slots=True)
class EffectiveTier:
    """A tier version as it works: contracts, links, ends, and what each contract excludes.

    `links` gives the contract each falls to, or `none`. `exclusions` holds an entry for every
    contract, empty where it excludes nothing. `origins` tells for each end which tier's document
    decides it: an inherited end points at the ancestor's line.
    """

    tier: Tier
    contracts: Mapping[str, ContractTerms]
    contracts_from: Tier
    scope: Ends
    roles: Ends
    sub_issues: Ends
    rates: tuple[RateRow, ...]
    links: Mapping[str, str]
    exclusions: Mapping[str, Exclusions]
    origins: Mapping[tuple[str, str], Tier]

    parent: EffectiveTier | None = None

    @property
    def key(self) -> str:
        """Name and version, `silver@2`."""
        return self.tier.key

    @property
    def summary_from(self) -> Tier:
        """The tier whose document says what this one is: its own, or the one it inherits from."""
        if self.tier.summary or self.parent is None:
            return self.tier
        return self.parent.summary_from

    @property
    def summary(self) -> str:
        """What the tier says of itself, or inherits."""
        return self.summary_from.summary

    def summary_in(self, language: str) -> str | None:
        """The same in a language, its own or inherited; None where there is none in it."""
        if language in self.tier.summaries:
            return self.tier.summaries[language]
        if self.tier.summary or self.parent is None:
            return None
        return self.parent.summary_in(language)

    @property
    def rank(self) -> int | None:
        """Its place in the order of dearness, its own or inherited."""
        if self.tier.rank is not None or self.parent is None:
            return self.tier.rank
        return self.parent.rank

    @property
    def price(self) -> Price | None:
        """Its list price, its own or inherited."""
        if self.tier.price is not None or self.parent is None:
            return self.tier.price
        return self.parent.price

    @property
    def first(self) -> str:
        """The contract at which work starts."""
        return next(iter(self.contracts))

    def position(self, contract: str) -> int:
        """Where a contract stands in the tier's list, from 1."""
        return list(self.contracts).index(contract) + 1

    def onward(self, contract: str) -> tuple[str, ...]:
        """The contracts further along the path from a contract, in order, itself left out."""
        path: list[str] = []
        here = self.links[contract]
        while here != NOWHERE and here not in path and here != contract:
            path.append(here)
            here = self.links[here]
        return tuple(path)

    def place_of_end(self, field: str, name: str) -> Place:
        """Where the end of a work type (`scope`), role (`roles`) or sub-issue is decided."""
        return self.origins[field, name].at(field, name)

    def place_of_link(self, contract: str) -> Place:
        """Where a contract says what it falls to, or would say it."""
        return self.contracts_from.at("contracts", contract, "falls_to")

    def ends(self) -> Iterator[tuple[str, str, str]]:
        """Every decision: field, name, end."""
        for field, ends in (
            ("scope", self.scope),
            ("roles", self.roles),
            ("sub_issues", self.sub_issues),
        ):
            for name, end in ends.items():
                yield field, name, end


def effective_tiers(catalogue: Catalogue) -> tuple[dict[str, EffectiveTier], list[Fault]]:
    """Every sound tier version written out, by key, and the faults that stop the others."""
    faults: list[Fault] = []
    done: dict[str, EffectiveTier | None] = {}
    for tier in catalogue.all(Tier):
        _write_out(catalogue, tier, done, (), faults)
    return {key: tier for key, tier in sorted(done.items()) if tier is not None}, faults


def _write_out(
    catalogue: Catalogue,
    tier: Tier,
    done: dict[str, EffectiveTier | None],
    heirs: tuple[Tier, ...],
    faults: list[Fault],
) -> EffectiveTier | None:
    if tier.key in done:
        return done[tier.key]
    if tier in heirs:
        ring = heirs[heirs.index(tier) :]
        for member in ring:
            done[member.key] = None
        first = min(ring, key=lambda member: member.key)
        at = ring.index(first)
        names = " → ".join(f"`{t.key}`" for t in (*ring[at:], *ring[:at], first))
        faults.append(
            Fault(
                "BD207",
                Finding(
                    first.at("extends"),
                    f"tiers extend each other in a ring: {names}",
                    label="the ring begins and ends here",
                    help="let one of them stand by itself",
                    related=tuple(
                        Label(member.at("extends"), f"`{member.key}` extends `{member.extends}`")
                        for member in (*ring[at:], *ring[:at])
                        if member is not first
                    ),
                    subject=first.subject,
                ),
            )
        )
        return None
    if not catalogue.sound(tier):
        done[tier.key] = None
        return None
    parent: EffectiveTier | None = None
    if tier.extends:
        declared = catalogue.named(Tier, tier.extends)
        if declared is not None:
            parent = _write_out(catalogue, declared, done, (*heirs, tier), faults)
        if parent is None:
            done.setdefault(tier.key, None)
            return None
    before = len(faults)
    written = _merged(tier, parent, faults)
    done[tier.key] = written if len(faults) == before else None
    return done[tier.key]


def _merged(tier: Tier, parent: EffectiveTier | None, faults: list[Fault]) -> EffectiveTier | None:
    contracts = {terms.name: terms for terms in tier.contracts}
    owner = tier
    if not contracts and parent is not None:
        contracts, owner = dict(parent.contracts), parent.contracts_from
    if not contracts:
        faults.append(
            Fault(
                "BD102",
                Finding(
                    tier.at("name"),
                    f"tier `{tier.key}` has no contracts",
                    help="list its contracts under `contracts`, or extend a tier that has some",
                    subject=tier.subject,
                ),
            )
        )
        return None
    origins: dict[tuple[str, str], Tier] = {}
    fields: dict[str, dict[str, str]] = {}
    for field, own, inherited in (
        ("scope", tier.scope, parent.scope if parent else {}),
        ("roles", tier.roles, parent.roles if parent else {}),
        ("sub_issues", tier.sub_issues, parent.sub_issues if parent else {}),
    ):
        merged: dict[str, str] = {}
        for name in sorted({*own, *inherited}):
            if name not in own:
                merged[name] = inherited[name]
                if parent is not None:
                    origins[field, name] = parent.origins[field, name]
            elif (end := own[name]) is not None:
                merged[name] = end
                origins[field, name] = tier
        fields[field] = merged
    rates = tier.rates if tier.rates is not None else parent.rates if parent is not None else ()
    names = list(contracts)
    links = {
        name: terms.falls_to if terms.falls_to is not None else following
        for (name, terms), following in zip(contracts.items(), [*names[1:], NOWHERE], strict=True)
    }
    written = EffectiveTier(
        tier=tier,
        contracts=contracts,
        contracts_from=owner,
        scope=fields["scope"],
        roles=fields["roles"],
        sub_issues=fields["sub_issues"],
        rates=tuple(row for row in rates if row.contract in contracts or tier.rates is not None),
        links=links,
        exclusions={},
        origins=origins,
        parent=parent,
    )
    faults.extend(_unknown_contracts(written))
    exclusions = {name: _exclusions(written, name) for name in contracts}
    return replace(written, exclusions=exclusions)


def _exclusions(tier: EffectiveTier, contract: str) -> Exclusions:
    """What a contract of a tier excludes: whatever ends further along, or nowhere on purpose."""
    elsewhere = {*tier.onward(contract), NOWHERE}
    return Exclusions(
        *(
            tuple(name for name, end in ends.items() if end != contract and end in elsewhere)
            for ends in (tier.scope, tier.roles, tier.sub_issues)
        )
    )


def _unknown_contracts(tier: EffectiveTier) -> Iterator[Fault]:
    """BD201 for each name of a contract that the tier does not have, with all lines that use it."""
    used: dict[str, list[Place]] = {}
    for field, name, end in tier.ends():
        if end != NOWHERE and end not in tier.contracts:
            used.setdefault(end, []).append(tier.place_of_end(field, name))
    for position, row in enumerate(tier.tier.rates or ()):
        if row.contract not in tier.contracts:
            place = tier.tier.at("rates", position, "contract")
            used.setdefault(row.contract, []).append(place)
    contracts = tier.contracts_from.at("contracts", key=True)
    own = tier.tier.source
    for name, places in used.items():
        here = [place for place in places if (place.path, place.document) == _document(own)]
        elsewhere = [place for place in places if place not in here]
        yield Fault(
            "BD201",
            _misnamed(tier, name, here, elsewhere, contracts)
            if here
            else _left_behind(tier, name, elsewhere, contracts),
        )


def _document(source: Source) -> tuple[str, int]:
    return source.path, source.document


def _misnamed(
    tier: EffectiveTier, name: str, here: list[Place], elsewhere: list[Place], contracts: Place
) -> Finding:
    """A contract that the tier's own document names, and that it does not have."""
    first, *others = (*here, *elsewhere)
    listed = ", ".join(f"`{known}`" for known in tier.contracts)
    again = f"{len(others)} times" if len(others) > 1 else "once"
    return Finding(
        first,
        f"tier `{tier.key}` has no contract `{name}`",
        label="named here" + (f", and {again} more" if others else ""),
        help=did_you_mean(name, tier.contracts) or f"its contracts are {listed}",
        related=(
            Label(contracts, "its contracts are these"),
            *(Label(place, "named here too") for place in others),
        ),
        subject=tier.tier.subject,
    )


def _left_behind(
    tier: EffectiveTier, name: str, inherited: list[Place], contracts: Place
) -> Finding:
    """A contract on which inherited work ends, and that the tier's own contracts leave out."""
    return Finding(
        contracts,
        f"tier `{tier.key}` has no contract `{name}`, on which work that it inherits ends",
        label=f"`{name}` is not among these",
        help=f"list `{name}` too, or say in this tier where that work ends",
        related=tuple(Label(place, f"inherited: ends on `{name}`") for place in inherited),
        subject=tier.tier.subject,
    )
