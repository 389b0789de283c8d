"""Paths that lead to a contract which is not in force, with the days on which they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from billing_dsl.analysis.cells import Mask, listed
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Finding, Label
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.model.calendar import Stretch, day_after


@dataclass(slots=True)
class Broken:
    """Links of a contract that lead to nothing in force, and the work that takes them."""

    contract: Contract
    link: str
    cells: Mask
    lives: tuple[Stretch, ...]

    @property
    def days(self) -> str:
        """From when to when, each time that it is so."""
        told = [f"from {life}" for life in self.lives]
        return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def told(client: ClientCoverage, found: Iterable[Broken]) -> Iterator[Finding]:
    """One finding for each link, with all its days."""
    by_link: dict[tuple[str, str], Broken] = {}
    for one in found:
        known = by_link.setdefault((one.contract.id, one.link), one)
        if known is not one:
            known.cells |= one.cells
            known.lives = _united((*known.lives, *one.lives))
    for broken in by_link.values():
        if not _foreign(client, broken):
            yield _finding(client, broken)


def _united(lives: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches as few, in order of time: those that touch or overlap are one."""
    united: list[Stretch] = []
    for life in sorted(lives):
        goes_on = bool(united) and life.start <= day_after(united[-1].end)
        united.append(Stretch(united.pop().start, life.end) if goes_on else life)
    return tuple(united)


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
    contract = broken.contract
    target = client.family.book.contracts.get(broken.link)
    related: tuple[Label, ...] = ()
    if target is not None:
        late = target.life.start > broken.lives[0].start
        place = target.agreement.at("start") if late else target.agreement.place_of_end
        related = (Label(place, f"`{target.id}` is in force from {target.life}"),)
    work_types = listed(client.cells.work_types_in(broken.cells))
    return Finding(
        contract.place_of_link(contract.phases[0]),
        f"`{contract.name}` falls to `{broken.link}`, which is not in force {broken.days}",
        label=f"{work_types} would go there from {broken.lives[0].start} on",
        help="let it fall to a contract that is in force as long, or bring their dates together",
        related=related,
        subject=contract.agreement.subject,
        reached=client.reach(contract.agreement),
        assumption="broken-path",
    )
