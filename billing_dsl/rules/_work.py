"""Work in words: which kinds of work a set of cells holds, said shortly and exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing_dsl.analysis.cells import Box, Cells, Mask, listed

_ALL = "all work"

_MOST = 6
"""Classes of work that are told apart; more are counted."""

_LEFT_OUT = 3
"""Names that are left out of all there are, where that is shorter than naming those meant."""


@dataclass(frozen=True, slots=True)
class Work:
    """Kinds of work, each class of them as a phrase: `trip` and `visit` by `senior`.

    `count` is how many kinds they name: with more than one, a verb stands in the plural.
    """

    classes: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        shown = list(self.classes[:_MOST])
        if more := len(self.classes) - len(shown):
            return f"{', '.join(shown)} and {more} more kinds of work"
        return ", and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))

    def verb(self, one: str, many: str) -> str:
        """The form of a verb that goes with them."""
        return many if self.count > 1 else one


def in_words(cells: Cells, work: Mask, among: Mask) -> Work:
    """What there is of some work `among` all that is in use: whole work types first.

    Roles and sub-issues are named only where it is not each of them.
    """
    boxes = cells.boxes(work)
    whole = [name for box in boxes if _is_whole(cells, box, among) for name in box.work_types]
    rest = [box for box in boxes if not _is_whole(cells, box, among)]
    every = cells.work_types_in(among)
    told = [(_part(cells, box, every, among), len(box.work_types)) for box in rest]
    if whole:
        told.insert(0, (_named(whole, every, _ALL, f"{_ALL} but"), len(whole)))
    count = sum(1 if phrase.startswith(_ALL) else names for phrase, names in told)
    return Work(tuple(phrase for phrase, _ in told), count)


def _is_whole(cells: Cells, box: Box, among: Mask) -> bool:
    """Whether a box holds all there is of its work types."""
    everywhere = len(box.sub_issues) == len(cells.sub_issues) + 1
    return everywhere and box.roles == cells.roles_in(_of_types(cells, box) & among)


def _of_types(cells: Cells, box: Box) -> Mask:
    held = 0
    for name in box.work_types:
        held |= cells.by_work_type[name]
    return held


def _part(cells: Cells, box: Box, every: Sequence[str], among: Mask) -> str:
    """A class of work that is not all there is of its work types."""
    words = [_named(box.work_types, every, _ALL, f"{_ALL} but")]
    roles = cells.roles_in(_of_types(cells, box) & among)
    if box.roles != roles:
        words.append(_named(box.roles, roles, "", "by all but", "by"))
    with_none = ("", *(found.name for found in cells.sub_issues))
    if len(box.sub_issues) == len(with_none):
        return " ".join(words)
    if box.sub_issues[0]:
        words.append(_named(box.sub_issues, with_none[1:], "with a sub-issue", "", "under"))
    elif len(box.sub_issues) == 1:
        words.append("without a sub-issue")
    else:
        words.append(_named(box.sub_issues, with_none, "", "unless under", "under none or"))
    return " ".join(words)


def _named(
    names: Sequence[str], every: Sequence[str], all_of_them: str, but: str, lead: str = ""
) -> str:
    """Names after a word that leads them, or those left out where they are fewer."""
    if all_of_them and len(names) == len(every) > 1:
        return all_of_them
    others = [name for name in every if name not in set(names)]
    if but and 0 < len(others) <= _LEFT_OUT and len(others) * 2 < len(names):
        return f"{but} {listed(others)}"
    return f"{lead} {listed([name for name in names if name], most=10)}".strip()
