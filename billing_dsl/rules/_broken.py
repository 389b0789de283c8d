"""Paths that lead to a contract which is not in force, with the days on which they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from billing_dsl.analysis.cells import Mask
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.model.calendar import Stretch
from billing_dsl.rules._days import in_words, united
from billing_dsl.rules._work import in_words as work_in_words


@dataclass(slots=True)
class Broken:
    """Links of a contract that lead to nothing in force, and the work that takes them.

    It is some of the work that `there` is.
    """

    contract: Contract
    link: str
    cells: Mask
    there: Mask
    lives: tuple[Stretch, ...]

    @property
    def line(self) -> tuple[str, str]:
        """What stands for the link: alike wherever the work starts, and on whatever day."""
        return self.contract.id, self.link


def told(client: ClientCoverage, found: Iterable[Broken]) -> Iterator[Finding]:
    """One finding for each link, with all its days."""
    by_link: dict[tuple[str, str], Broken] = {}
    for one in found:
        known = by_link.setdefault(one.line, one)
        if known is not one:
            known.cells |= one.cells
            known.there |= one.there
            known.lives = united((*known.lives, *one.lives))
    for broken in by_link.values():
        if not _foreign(client, broken):
            yield _finding(client, broken)


def broken_from_default(client: ClientCoverage) -> Iterator[Broken]:
    """What leads to nothing in force from the client's default contract."""
    for covered in client.covered:
        for end in covered.routing:
            if end.outcome is Outcome.BROKEN:
                yield link_of(covered.segment, end)


def link_of(segment: Segment, end: End) -> Broken:
    """The link by which cells end on a contract that is not in force."""
    falls_to = segment.phases[end.contract].falls_to
    contract = segment.contracts[end.contract]
    return Broken(contract, falls_to, end.cells, segment.shape.cells, (segment.life,))


def _foreign(client: ClientCoverage, broken: Broken) -> bool:
    """Whether a link leads to a stranger's contract: BD304 asks for another one, whatever the days.

    Where somebody has accepted that, or may because it is a parent's, the days matter.
    """
    agreement = broken.contract.agreement
    name = broken.link.partition("/")[0]
    owners = {one.name: one.client for one in client.family.book.agreements}
    if owners[name] in (agreement.client, client.client.parent):
        return False
    subjects = (agreement.subject, client.client.subject)
    return not any(
        waiver.code == "BD304" and waiver.about in subjects
        for waiver in client.shared.catalogue.all(Waiver)
    )


def _finding(client: ClientCoverage, broken: Broken) -> Finding:
    """What is said of a broken link, at the link."""
    contract, book = broken.contract, client.family.book
    name = broken.link.partition("/")[0]
    onward = next(one for one in book.agreements if one.name == name)
    target = book.contracts.get(broken.link)  # none: a block that its agreement never gives
    known, life = (onward.name, onward.life) if target is None else (target.id, target.life)
    place = onward.at("start") if life.start > broken.lives[0].start else onward.place_of_end
    work = work_in_words(client.cells, broken.cells, broken.there)
    days = in_words(broken.lives)
    return Finding(
        contract.place_of_link(contract.phases[0]),
        f"`{contract.name}` falls to `{broken.link}`, which is not in force {days}",
        label=f"{work} would go there from {broken.lives[0].start} on",
        help="let it fall to a contract that is in force as long, or bring their dates together",
        related=(Label(place, f"`{known}` is in force from {life}"),),
        subject=contract.agreement.subject,
        reached=client.reach(contract.agreement),
        assumption="broken-path",
    )
