"""Work that ends on no contract, told by its root cause: from the default contract or another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from billing_dsl.analysis.causes import FIELDS, WORDS, exclusion_place, meant
from billing_dsl.analysis.cells import Mask, listed
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.diagnostics import Finding, Label
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.rules._work import Work, in_words


@dataclass(frozen=True, slots=True)
class Loss:
    """A thing that the last contract of a path excludes though it falls to no other.

    `lost` is the work that is lost for it, from `start` in the segment; `whole` says whether that
    is all work of the thing.
    """

    contract: Contract
    phase: Phase
    dimension: str
    name: str
    lost: Mask
    whole: bool
    segment: Segment
    start: int
    agreement: Agreement

    @property
    def line(self) -> tuple[str, str, str, str]:
        """What stands for the line that excludes the thing: alike wherever the work starts."""
        tier = self.phase.tier.key if self.phase.tier is not None else ""
        return self.contract.id, tier, self.dimension, self.name


def losses_from_default(client: ClientCoverage) -> Iterator[Loss]:
    """Each thing that sends work nowhere which starts at the client's default contract."""
    for covered in client.covered:
        if covered.start is None:
            continue
        for end in covered.routing:
            if end.outcome is Outcome.UNCOVERED:
                yield from losses(
                    client,
                    covered.segment,
                    covered.position,
                    end.contract,
                    end.cells,
                    covered.start.agreement,
                )


def losses(
    client: ClientCoverage,
    segment: Segment,
    start: int,
    last: int,
    cells: Mask,
    agreement: Agreement,
) -> Iterator[Loss]:
    """Each thing that sends work away from the last contract of its path.

    `cells` are the lost ones. What is lost for two reasons is told once, by its work type first.
    What somebody wrote to go nowhere is left out.
    """
    masks = client.cells
    left = cells
    contract, phase = segment.contracts[last], segment.phases[last]
    for dimension, names, by_name in (
        ("work_type", phase.excludes.work_types, masks.by_work_type),
        ("role", phase.excludes.roles, masks.by_role),
        ("sub_issue", phase.excludes.sub_issues, masks.by_sub_issue),
    ):
        for name in names:
            lost = left & by_name[name]
            left &= ~by_name[name]
            if lost and not meant(contract, phase, dimension, name):
                whole = not by_name[name] & segment.shape.cells & ~cells
                yield Loss(contract, phase, dimension, name, lost, whole, segment, start, agreement)


def told(client: ClientCoverage, found: Iterable[Loss]) -> Iterator[Finding]:
    """One finding for each contract that falls to none, however much it sends away.

    A contract whose tier changes is another one.
    """
    by_contract: dict[tuple[str, ...], list[Loss]] = {}
    for loss in found:
        by_contract.setdefault(loss.line[:2], []).append(loss)
    return (_finding(client, of_one) for of_one in by_contract.values())


def _finding(client: ClientCoverage, found: list[Loss]) -> Finding:
    """What is said of a contract, at the first line that sends something away."""
    agreements = {loss.agreement.name: loss.agreement for loss in found}
    things = {(loss.dimension, loss.name): loss for loss in reversed(found)}
    order = list(WORDS)
    first, *others = sorted(
        things.values(), key=lambda loss: (order.index(loss.dimension), loss.name)
    )
    contract, phase = first.contract, first.phase
    tier = phase.tier
    day = first.segment.life.start
    witness = client.cells.boxes(first.lost)[0].witness
    path = client.family.path(witness, day, first.segment.contracts[first.start])
    on_the_way = [hop.contract for hop in path.hops]
    alone = len({one.agreement.name for one in on_the_way}) == 1
    passed = listed([one.name if alone else one.id for one in on_the_way])
    place = exclusion_place(contract, phase, first.dimension, first.name)
    elsewhere = {
        exclusion_place(contract, phase, loss.dimension, loss.name): loss for loss in others
    }
    lost = _things(client, found)
    label = f"{lost.verb('ends', 'they end')} on no contract after {passed}"
    taking = f"a contract that takes {lost.verb('it', 'them')}"
    cure = f"name {taking} under `falls_to` of `{contract.name}`, or write `none` there if meant"
    if tier is not None:
        field = f"`{FIELDS[first.dimension]}` of tier `{tier.key}`"
        cure = f"let {lost.verb('it', 'them')} end in {field} on {taking}, or on `none` if meant"
    if unbought := _unbought(client, (first, *others)):
        label += f": no block is bought for {listed(unbought)}"
        cure = f"buy one under the agreement's `blocks`, or {cure}"
    return Finding(
        place,
        f"{lost} {lost.verb('is excluded and falls', 'are excluded and fall')} to no contract",
        label=label,
        help=cure,
        related=(
            *(
                Label(other, f"{WORDS[loss.dimension]} `{loss.name}` likewise")
                for other, loss in elsewhere.items()
                if other != place
            ),
            Label(contract.place_of_link(phase), f"`{contract.name}` falls to no contract"),
        ),
        subject=contract.agreement.subject if tier is None else tier.tier.subject,
        reached=tuple(
            reach for agreement in agreements.values() for reach in client.reach(agreement)
        ),
        assumption="blank-exclusion-contract",
    )


def _unbought(client: ClientCoverage, found: Iterable[Loss]) -> tuple[str, ...]:
    """The contracts on which a tier lets this work end, and that were never made: blocks."""
    ends: dict[str, None] = {}
    for loss in found:
        tier, agreement = loss.phase.tier, loss.contract.agreement
        if tier is None:
            continue
        decided = {(field, name): end for field, name, end in tier.ends()}
        end = decided.get((FIELDS[loss.dimension], loss.name), NOWHERE)
        if end != NOWHERE and f"{agreement.name}/{end}" not in client.family.book.contracts:
            ends[end] = None
    return tuple(ends)


def _things(client: ClientCoverage, found: list[Loss]) -> Work:
    """What is lost, in words: work types `a` and `b`, role `c`, and `d` by `e`."""
    whole = {(loss.dimension, loss.name) for loss in found if loss.whole}
    words: list[str] = []
    for dimension, word in WORDS.items():
        names = sorted(name for known, name in whole if known == dimension)
        if names:
            words.append(f"{word}{'s' * (len(names) > 1)} {listed(names, most=10)}")
    lost = among = 0
    for loss in found:
        among |= loss.segment.shape.cells
        if (loss.dimension, loss.name) not in whole:
            lost |= loss.lost
    part = in_words(client.cells, lost, among) if lost else Work((), 0)
    named = " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
    return Work((*filter(None, (named,)), *part.classes), len(whole) + part.count)
