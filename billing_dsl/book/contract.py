"""A contract written out: one Autotask contract with everything that changes over its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Place
from billing_dsl.kinds._contract import ContractTerms, ContractType, Exclusions
from billing_dsl.kinds.agreement import Agreement, Block
from billing_dsl.model.calendar import Stretch


@dataclass(frozen=True, slots=True)
class SetUse:
    """An exclusion set as contracts carry it: its name in Autotask and what it excludes.

    `tier` and `contract` tell where it comes from; both are empty for a set declared by itself.
    `own` marks a set that exists only because an exception widens cover: Autotask cannot
    un-exclude for one contract (5Exclusions), so such a contract needs a set of its own.
    """

    name: str
    excludes: Exclusions
    tier: str = ""
    contract: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a contract's life in which its exclusions and its link stay as they are.

    `falls_to` is the id of the exclusion contract, or empty for none; `on_purpose` tells that
    somebody wrote `none`. `own` are exclusions beside the set. `excludes` is the union of both.
    """

    life: Stretch
    terms: ContractTerms
    falls_to: str
    on_purpose: bool
    set_use: SetUse | None
    own: Exclusions
    excludes: Exclusions
    tier: EffectiveTier | None
    retired: bool = False
    """Whether the client's tier no longer has this contract: all work passes it by."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One Autotask contract of a client."""

    id: str
    """`acme-2027/block`: agreement and contract, unique in the book."""
    name: str
    client: str
    agreement: Agreement
    type: ContractType
    life: Stretch
    phases: tuple[Phase, ...]
    blocks: tuple[Block, ...]

    def phase(self, day: date) -> Phase | None:
        """The phase on a day, or None while the contract is not in force."""
        for phase in self.phases:
            if phase.life.start <= day <= phase.life.end:
                return phase
        return None

    def usable_block(self, day: date) -> Block | None:
        """The block that work of a day draws on: of those in force, the one that starts first."""
        usable = [block for block in self.blocks if day in block.life]
        return min(usable, key=lambda block: block.life.start) if usable else None

    @property
    def place(self) -> Place:
        """Where it is written: in its bespoke agreement, or in its tier."""
        phase = self.phases[0]
        if phase.tier is None:
            return self.agreement.at("contracts", self.name, "name")
        return phase.tier.contracts_from.at("contracts", self.name, "name")

    def place_of_link(self, phase: Phase) -> Place:
        """Where it says, or would say, what it falls to in one of its phases.

        One that its tier no longer has falls to what the last tier that had it says.
        """
        tier = phase.tier
        for known in self.phases:
            if not known.retired:
                tier = known.tier
            if known is phase:
                break
        if tier is None:
            return self.agreement.at("contracts", self.name, "falls_to")
        return tier.place_of_link(self.name)
