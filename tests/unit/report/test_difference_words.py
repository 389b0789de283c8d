"""Kinds of work in short words: what is shorter to leave out is left out, nothing is blurred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest

from billing_dsl.report._difference_words import work
from tests.unit.analysis.test_cells import cells

CELLS = cells(4, 5, 3)
TYPES = [one.name for one in CELLS.work_types]
ROLES = [one.name for one in CELLS.roles]
CAUSES = ["", *(one.name for one in CELLS.sub_issues)]


def box(types: Sequence[str], roles: Sequence[str], causes: Sequence[str]) -> int:
    mask = 0
    for work_type, role, cause in product(types, roles, causes):
        mask |= CELLS.by_work_type[work_type] & CELLS.by_role[role] & CELLS.by_sub_issue[cause]
    return mask


@pytest.mark.parametrize(
    ("types", "roles", "causes", "words"),
    [
        (TYPES, ROLES, CAUSES, "all work"),
        (TYPES[:1], ROLES, CAUSES, "w000"),
        (TYPES[1:], ROLES, CAUSES, "all work but w000"),
        (TYPES[:2], ROLES, CAUSES, "w000, w001"),
        (TYPES[:1], ROLES[:4], CAUSES, "w000 by anyone but r004"),
        (TYPES[:1], ROLES[:3], CAUSES, "w000 by anyone but r003, r004"),
        (TYPES[:1], ROLES[:2], CAUSES, "w000 by r000, r001"),
        (TYPES[1:], ROLES[:4], CAUSES, "all work but w000, by anyone but r004"),
        (TYPES[1:], ROLES[:1], [""], "all work but w000, by r000, without a sub-issue"),
        (TYPES[:1], ROLES, [""], "w000, without a sub-issue"),
        (TYPES[:1], ROLES, CAUSES[:3], "w000 unless under s002"),
        (TYPES[:1], ROLES, CAUSES[:2], "w000 under s000, or without a sub-issue"),
        (TYPES[:1], ROLES, CAUSES[1:], "w000 under any sub-issue"),
        (TYPES[:1], ROLES, CAUSES[1:3], "w000 under s000, s001"),
        (TYPES[:1], ROLES[:4], CAUSES[:3], "w000 by anyone but r004, unless under s002"),
    ],
)
def test_whichever_is_shorter(
    types: Sequence[str], roles: Sequence[str], causes: Sequence[str], words: str
) -> None:
    assert work(CELLS, box(types, roles, causes)) == words


def some(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for number in range(1, len(names) + 1):
        yield from combinations(names, number)


def test_no_two_boxes_are_told_alike() -> None:
    told = [work(CELLS, box(*sides)) for sides in product(some(TYPES), some(ROLES), some(CAUSES))]
    assert len(set(told)) == len(told) == 15 * 31 * 15
