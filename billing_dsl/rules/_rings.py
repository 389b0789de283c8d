"""The rings of a client's contracts: each once, with the days on which it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.graph import rings_of
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Label, Place
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.calendar import Stretch
from billing_dsl.rules._days import in_words, united


@dataclass(frozen=True, slots=True)
class ClientRing:
    """A ring, told from the first by name of its links that are written, wherever it is entered.

    `cells` are what goes round it, of the work that `there` is; none for a ring that nothing can
    travel. `lives` are the days on which something does, or else those on which the ring is there.
    `phases` belong to the contracts on the first of them.
    """

    contracts: tuple[Contract, ...]
    phases: tuple[Phase, ...]
    cells: Mask
    there: Mask
    lives: tuple[Stretch, ...]

    def agreement_of(self, client: str) -> Agreement:
        """The agreement of the first of its contracts that is the client's."""
        return next(one.agreement for one in self.contracts if one.client == client)

    @property
    def place(self) -> Place:
        """Where the first contract says what it falls to."""
        return self.contracts[0].place_of_link(self.phases[0])

    @property
    def names(self) -> str:
        """Every contract of the ring, the first again at its end.

        Contracts of one agreement go by their names alone, so that the clients of a tier share
        one finding.
        """
        shown = [self._name(contract) for contract in self.contracts]
        return " → ".join(f"`{name}`" for name in (*shown, shown[0]))

    def _name(self, contract: Contract) -> str:
        alone = len({one.agreement.name for one in self.contracts}) == 1
        return contract.name if alone else contract.id

    @property
    def days(self) -> str:
        """From when to when, where that is not the whole life of the contracts."""
        lives = [contract.life for contract in self.contracts]
        whole = Stretch(min(one.start for one in lives), max(one.end for one in lives))
        return "" if self.lives == (whole,) else f" {in_words(self.lives)}"

    @property
    def others(self) -> tuple[Label, ...]:
        """The links of the ring after the first, in its order."""
        following = (*self.contracts[1:], self.contracts[0])
        return tuple(
            Label(
                contract.place_of_link(phase),
                f"`{self._name(contract)}` falls to `{self._name(onward)}`",
            )
            for contract, phase, onward in zip(
                self.contracts[1:], self.phases[1:], following[1:], strict=True
            )
        )

    @property
    def subject(self) -> str:
        """What a waiver calls it: the agreement, or the tier that writes the links."""
        tier = self.phases[0].tier
        return self.contracts[0].agreement.subject if tier is None else tier.tier.subject


def _first(member: tuple[Contract, Phase]) -> tuple[bool, str]:
    """A link that is written comes before one that follows from the order of a tier."""
    contract, phase = member
    return phase.terms.falls_to is None, contract.id


def rings_of_client(client: ClientCoverage) -> Iterator[ClientRing]:
    """The rings in which a client has a contract, in order of time."""
    found: dict[tuple[str, ...], ClientRing] = {}
    for covered in client.covered:
        segment = covered.segment
        for ring in rings_of(client.family.walker, segment.shape):
            members = [(segment.contracts[one], segment.phases[one]) for one in ring.contracts]
            if all(contract.client != client.client.name for contract, _ in members):
                continue
            at = members.index(min(members, key=_first))
            around, phases = zip(*members[at:], *members[:at], strict=True)
            key = tuple(contract.id for contract in around)
            known = found.get(key)
            if known is None or (ring.cells and not known.cells):
                found[key] = ClientRing(
                    around, phases, ring.cells, segment.shape.cells, (segment.life,)
                )
            elif ring.cells or not known.cells:
                found[key] = replace(
                    known,
                    cells=known.cells | ring.cells,
                    there=known.there | segment.shape.cells,
                    lives=united((*known.lives, segment.life)),
                )
    yield from found.values()
