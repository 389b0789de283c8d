"""Agreements written out as contracts: dated tiers, blocks, exceptions, bespoke contracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from billing_dsl.book.contract import Contract, Phase, SetUse
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Fault, Finding, Label
from billing_dsl.kinds._contract import NOWHERE, ContractTerms, ContractType, Exclusions
from billing_dsl.kinds.agreement import Agreement, Block, TierException
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.model.calendar import Stretch, day_after, pieces
from billing_dsl.model.resolve import did_you_mean

NOTHING = Exclusions()

LONGEST_SET_NAME = 100
"""Characters of an exclusion set's name (Autotask, ContractExclusionSetsEntity)."""


@dataclass(frozen=True, slots=True)
class TierPiece:
    """A stretch of an agreement's life on one tier version, with the exceptions in force."""

    life: Stretch
    tier: EffectiveTier
    exceptions: tuple[TierException, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one tier makes of one choice of blocks and exceptions: worked out once, used often."""

    first: str
    """Where work starts; empty where no contract along the way exists for the client."""
    names: tuple[str, ...]
    links: Mapping[str, str]
    on_purpose: frozenset[str]
    """The contracts after which somebody wrote that work goes nowhere."""
    sets: Mapping[str, SetUse | None]
    own: Mapping[str, Exclusions]
    excludes: Mapping[str, Exclusions]


@dataclass(frozen=True, slots=True)
class Expander:
    """Writes agreements out; remembers each tier's plan, so that clients cost next to nothing."""

    tiers: Mapping[str, EffectiveTier]
    sets: Mapping[str, ExclusionSet]
    work_types: tuple[str, ...]
    _versions: Mapping[str, tuple[EffectiveTier, ...]] = field(init=False)
    _plans: dict[tuple[object, ...], _Plan] = field(init=False, default_factory=dict)
    _shared: dict[str, SetUse] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        versions: dict[str, list[EffectiveTier]] = {}
        for tier in self.tiers.values():
            versions.setdefault(tier.tier.name, []).append(tier)
        ordered = {
            name: tuple(sorted(found, key=lambda t: (t.tier.effective, t.tier.version)))
            for name, found in sorted(versions.items())
        }
        object.__setattr__(self, "_versions", ordered)

    def pieces(self, agreement: Agreement) -> tuple[TierPiece, ...]:
        """The life of an agreement on tiers, cut where its tier or an exception changes.

        Days before any effective version of an unpinned tier belong to its first version; a rule
        reports them.
        """
        life = agreement.life
        if len(agreement.tiers) == 1 and not agreement.exceptions:
            choice = agreement.tiers[0]
            if choice.version is not None:
                return (TierPiece(life, self.tiers[choice.written], ()),)
        steps = self.steps(agreement)
        cuts = [start for start, _ in steps]
        for exception in agreement.exceptions:
            if exception.start is not None:
                cuts.append(exception.start)
            if exception.until is not None:
                cuts.append(day_after(exception.until))
        return tuple(
            TierPiece(
                stretch,
                next(tier for start, tier in reversed(steps) if start <= stretch.start),
                tuple(
                    exception
                    for exception in agreement.exceptions
                    if (exception.start is None or exception.start <= stretch.start)
                    and (exception.until is None or exception.until >= stretch.end)
                ),
            )
            for stretch in pieces(life, cuts)
        )

    def steps(self, agreement: Agreement) -> list[tuple[date, EffectiveTier]]:
        """The tier version from each day on, the first from the agreement's first day or before."""
        steps: list[tuple[date, EffectiveTier]] = []
        for position, choice in enumerate(agreement.tiers):
            start = agreement.life.start if position == 0 else choice.start
            last = agreement.tiers[position + 1 :]
            if choice.version is not None:
                steps.append((start, self.tiers[choice.written]))
                continue
            versions = self._versions[choice.tier]
            in_force = [tier for tier in versions if tier.tier.effective <= start]
            steps.append((start, in_force[-1] if in_force else versions[0]))
            for tier in versions:
                effective = tier.tier.effective
                if effective > start and (not last or effective < last[0].start):
                    steps.append((effective, tier))
        return steps

    def contracts(self, agreement: Agreement) -> tuple[tuple[Contract, ...], tuple[Fault, ...]]:
        """The contracts of an agreement in the order of its path, and the faults in its names."""
        if agreement.bespoke:
            return self._bespoke(agreement), tuple(_unknown_names(agreement, agreement.contracts))
        pieces = self.pieces(agreement)
        named = {name: terms for piece in pieces for name, terms in piece.tier.contracts.items()}
        faults = tuple(_unknown_names(agreement, named.values(), pieces))
        return self._on_tiers(agreement, pieces), faults

    def first_contracts(self, agreement: Agreement) -> tuple[tuple[Stretch, str], ...]:
        """For each stretch of an agreement's life the id of the contract at which work starts.

        Empty where the tier's contracts do not exist for this client.
        """
        if agreement.bespoke:
            return ((agreement.life, f"{agreement.name}/{agreement.contracts[0].name}"),)
        found: list[tuple[Stretch, str]] = []
        for piece in self.pieces(agreement):
            plan = self._plan(piece, agreement)
            found.append((piece.life, f"{agreement.name}/{plan.first}" if plan.first else ""))
        return tuple(found)

    def _bespoke(self, agreement: Agreement) -> tuple[Contract, ...]:
        found: list[Contract] = []
        for terms in agreement.contracts:
            use = None
            if terms.exclusion_set:
                use = self._declared_set(terms.exclusion_set)
            link = terms.falls_to
            if link is None or link == NOWHERE:
                falls_to = ""
            else:
                falls_to = link if "/" in link else f"{agreement.name}/{link}"
            in_set = use.excludes if use else NOTHING
            phase = Phase(
                agreement.life,
                terms,
                falls_to,
                link == NOWHERE,
                use,
                terms.excludes - in_set,
                terms.excludes | in_set,
                None,
            )
            found.append(
                Contract(
                    f"{agreement.name}/{terms.name}",
                    terms.name,
                    agreement.client,
                    agreement,
                    terms.type,
                    agreement.life,
                    (phase,),
                    _blocks(agreement, terms.name),
                )
            )
        return tuple(found)

    def _declared_set(self, name: str) -> SetUse:
        if name not in self._shared:
            declared = self.sets[name]
            excludes = Exclusions(declared.work_types, declared.roles, declared.sub_issues)
            self._shared[name] = SetUse(declared.title, excludes)
        return self._shared[name]

    def detours(self, agreement: Agreement) -> Iterator[tuple[str, Stretch, str]]:
        """For each contract of its tiers that does not exist for this client: id, days, and the id
        of the contract, or nothing, to which links to it go on.
        """
        for piece in self.pieces(agreement) if agreement.tiers else ():
            created = self._plan(piece, agreement).names
            for name in piece.tier.contracts:
                if name not in created:
                    link, _ = _onward(piece.tier, name, created)
                    target = "" if link == NOWHERE else f"{agreement.name}/{link}"
                    yield f"{agreement.name}/{name}", piece.life, target

    def _on_tiers(
        self, agreement: Agreement, pieces: tuple[TierPiece, ...]
    ) -> tuple[Contract, ...]:
        prefix = agreement.name
        phases: dict[str, list[Phase]] = {}
        links: dict[str, str] = {}
        for piece in pieces:
            plan = self._plan(piece, agreement)
            links = _links(plan, links)
            for name, link in links.items():
                retired = name not in plan.excludes
                known = phases.setdefault(name, [])
                phase = Phase(
                    piece.life,
                    known[-1].terms if retired else piece.tier.contracts[name],
                    f"{prefix}/{link}" if link != NOWHERE else "",
                    name in plan.on_purpose,
                    self._everything() if retired else plan.sets[name],
                    NOTHING if retired else plan.own[name],
                    self._everything().excludes if retired else plan.excludes[name],
                    piece.tier,
                    retired,
                )
                known.append(phase)
        return tuple(
            Contract(
                f"{prefix}/{name}",
                name,
                agreement.client,
                agreement,
                found[0].terms.type,
                Stretch(found[0].life.start, agreement.life.end),
                tuple(found),
                _blocks(agreement, name),
            )
            for name, found in phases.items()
        )

    def _everything(self) -> SetUse:
        if "" not in self._shared:
            self._shared[""] = SetUse("Retired: takes no work", Exclusions(self.work_types))
        return self._shared[""]

    def _plan(self, piece: TierPiece, agreement: Agreement) -> _Plan:
        tier = piece.tier
        given = frozenset(block.contract for block in agreement.blocks)
        key = (
            tier.key,
            given,
            tuple((e.dimension, e.name, e.goes_to) for e in piece.exceptions),
        )
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._planned(tier, given, piece.exceptions)
        return plan

    def _planned(
        self, tier: EffectiveTier, given: frozenset[str], exceptions: tuple[TierException, ...]
    ) -> _Plan:
        created = tuple(
            name
            for name, terms in tier.contracts.items()
            if terms.type is not ContractType.BLOCK_HOURS or name in given
        )
        first = tier.first if tier.first in created else _onward(tier, tier.first, created)[0]
        if first == NOWHERE:
            first = ""
        else:
            created = (first, *(name for name in created if name != first))
        onward = {name: _onward(tier, name, created) for name in created}
        sets: dict[str, SetUse | None] = {}
        own: dict[str, Exclusions] = {}
        excludes: dict[str, Exclusions] = {}
        for name in created:
            in_set = tier.exclusions[name]
            wanted = with_exceptions(tier, name, exceptions)
            excludes[name] = wanted
            if in_set - wanted:
                sets[name] = self._own_set(tier, name, wanted)
                own[name] = NOTHING
            else:
                sets[name] = self._tier_set(tier, name) if in_set else None
                own[name] = wanted - in_set
        return _Plan(
            first,
            created,
            {name: link for name, (link, _) in onward.items()},
            frozenset(name for name, (_, on_purpose) in onward.items() if on_purpose),
            sets,
            own,
            excludes,
        )

    def _tier_set(self, tier: EffectiveTier, contract: str) -> SetUse:
        name = f"{tier.tier.name} v{tier.tier.version} {tier.position(contract)} {contract}"
        if name not in self._shared:
            self._shared[name] = SetUse(name, tier.exclusions[contract], tier.key, contract)
        return self._shared[name]

    def _own_set(self, tier: EffectiveTier, contract: str, wanted: Exclusions) -> SetUse:
        kept = tier.exclusions[contract] - wanted
        added = wanted - tier.exclusions[contract]
        words = [f"with {', '.join((*kept.work_types, *kept.roles, *kept.sub_issues))}"]
        if added:
            lost = (*added.work_types, *added.roles, *added.sub_issues)
            words.append(f"without {', '.join(lost)}")
        base = f"{tier.tier.name} v{tier.tier.version} {tier.position(contract)} {contract}"
        return SetUse(_short(f"{base} {' '.join(words)}"), wanted, tier.key, contract, own=True)


def _short(name: str) -> str:
    """A name that Autotask takes for a set: eight letters and digits stand for what is cut off."""
    if len(name) <= LONGEST_SET_NAME:
        return name
    mark = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_SET_NAME - 9].rstrip(' ,')} {mark}"


def with_exceptions(
    tier: EffectiveTier, contract: str, exceptions: Iterable[TierException]
) -> Exclusions:
    """What a contract of a tier excludes for a client with these exceptions.

    The contract to which an exception goes takes the thing; those before it on the path pass it
    on; those after it do as the tier says, so that they can go on sharing the tier's set. Of
    several exceptions for one thing the last decides; one that goes to no contract of the tier
    decides nothing.
    """
    shared = tier.exclusions[contract]
    lists = {
        "work_type": set(shared.work_types),
        "role": set(shared.roles),
        "sub_issue": set(shared.sub_issues),
    }
    onward = {*tier.onward(contract), NOWHERE}
    last = {(e.dimension, e.name): e for e in exceptions if decides(tier, e)}
    for exception in last.values():
        if exception.goes_to == contract:
            lists[exception.dimension].discard(exception.name)
        elif exception.goes_to in onward:
            lists[exception.dimension].add(exception.name)
    changed = Exclusions(*(tuple(sorted(names)) for names in lists.values()))
    return shared if changed == shared else changed


def decides(tier: EffectiveTier, exception: TierException) -> bool:
    """Whether an exception can decide anything on a tier: it goes to one of its contracts."""
    return exception.goes_to == NOWHERE or exception.goes_to in tier.contracts


def _onward(tier: EffectiveTier, contract: str, created: tuple[str, ...]) -> tuple[str, bool]:
    """Where a contract falls to among those that exist for this client, or `none`.

    Also tells whether somebody wrote that `none`. Links of contracts that do not exist go on.
    """
    last, here = contract, tier.links[contract]
    passed: set[str] = set()
    while here != NOWHERE and here not in created and here not in passed:
        passed.add(here)
        last, here = here, tier.links[here]
    if here in created:
        return here, False
    return NOWHERE, tier.contracts[last].falls_to == NOWHERE


def _links(plan: _Plan, before: Mapping[str, str]) -> dict[str, str]:
    """Each contract's link in a new piece: an old link stays wherever it still leads right.

    Autotask takes the exclusion contract only on creation, so a link that need not change is
    kept: through contracts that the new tier lacks and that pass everything on.
    """
    links = {name: before[name] for name in before if name not in plan.links}
    for name, wanted in plan.links.items():
        here = before.get(name, wanted)
        passed: set[str] = set()
        while here in links and here not in plan.links and here not in passed:
            passed.add(here)
            here = before[here]
        links[name] = before[name] if name in before and here == wanted else wanted
    order = [*before, *(name for name in plan.names if name not in before)]
    return {name: links[name] for name in order}


def _blocks(agreement: Agreement, contract: str) -> tuple[Block, ...]:
    if not agreement.blocks:
        return ()
    return tuple(
        sorted(
            (block for block in agreement.blocks if block.contract == contract),
            key=lambda block: (block.life, block.hours),
        )
    )


def _unknown_names(
    agreement: Agreement, contracts: Iterable[ContractTerms], pieces: tuple[TierPiece, ...] = ()
) -> Iterator[Fault]:
    """BD201 for each row of an agreement that names a contract it does not have."""
    if not (agreement.blocks or agreement.rates or agreement.exceptions):
        return
    known = {terms.name for terms in contracts}
    rows: list[tuple[str, int, str, str]] = []
    for position, block in enumerate(agreement.blocks):
        rows.append(("blocks", position, "contract", block.contract))
    for position, rate in enumerate(agreement.rates):
        rows.append(("rates", position, "contract", rate.contract))
    for position, exception in enumerate(agreement.exceptions):
        if exception.goes_to != NOWHERE:
            rows.append(("exceptions", position, "goes_to", exception.goes_to))
    whose = "this agreement"
    related: tuple[Label, ...] = ()
    if pieces:
        tiers = list({piece.tier.key: piece.tier for piece in pieces}.values())
        whose = " or ".join(f"tier `{tier.key}`" for tier in tiers)
        related = tuple(
            Label(tier.contracts_from.at("contracts", key=True), f"the contracts of `{tier.key}`")
            for tier in tiers
        )
    for field_name, position, word, name in rows:
        if name in known:
            continue
        listed = ", ".join(f"`{contract}`" for contract in sorted(known))
        yield Fault(
            "BD201",
            Finding(
                agreement.at(field_name, position, word),
                f"{whose} has no contract `{name}`",
                label="named here",
                help=did_you_mean(name, known) or f"its contracts are {listed}",
                related=related,
                subject=agreement.subject,
            ),
        )
