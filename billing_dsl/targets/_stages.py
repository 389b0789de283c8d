"""When an object can be made: people and requests take turns, and each builds on the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from billing_dsl.targets._objects import BookObject, Lane

FOUNDATIONS = ("company", "role", "service", "exclusion_set", "contract", "contract_service")
"""Sorts on which requests build."""

LISTS = (
    "contract_type",
    "contract_category",
    "billing_code",
    "tax_region",
    "tax_category",
    "ledger",
    "sub_issue",
    "work_type",
)
"""Sorts that are there before anything else."""


@dataclass(frozen=True, slots=True)
class Stages:
    """When objects are made, where that is not as usual: even stages are a person's, odd ones are
    those of requests. Usual are 1 for requests and 2 for what a person adds to what they made.

    `needed` are the ids of what a person has to make before requests can be sent.
    """

    unusual: Mapping[str, int]
    needed: Collection[str]

    def of(self, each: BookObject) -> int:
        """The stage of an object."""
        return self.unusual.get(each.id, 2 if each.lane is Lane.MANUAL else 1)


USUAL = Stages({}, ())


def by_hand_first(objects: Sequence[BookObject]) -> bool:
    """Whether a person makes something on which requests may build."""
    return any(each.lane is Lane.MANUAL and each.day is None and _ground(each) for each in objects)


def stages(objects: Sequence[BookObject], needed: Collection[str] = ()) -> Stages:
    """The stages of objects, which stand in the order in which they are made.

    `needed` is what else has to be there before requests are sent. Whoever is made later has no
    stage.
    """
    known = {each.id: each for each in objects if each.day is None}
    ground = {each.id for each in known.values() if each.lane is Lane.MANUAL and _ground(each)}
    if not ground:
        return USUAL
    first = ground.intersection(needed)
    for each in reversed(list(known.values())):
        if each.lane is Lane.API or each.id in first:
            first.update(ground.intersection(each.needs))
    found: dict[str, int] = {}
    for each in known.values():
        by_hand = each.lane is Lane.MANUAL
        if _word(each) in LISTS or each.lane is Lane.IMPORT:
            found[each.id] = 0
            continue
        stage = 0 if each.id in first else 1 + by_hand
        for need in each.needs:
            if need in known:
                stage = max(stage, found.get(need, 1))
        found[each.id] = stage if stage % 2 != by_hand else stage + 1
    return Stages(found, first)


def _ground(each: BookObject) -> bool:
    return _word(each) in FOUNDATIONS


def _word(each: BookObject) -> str:
    return each.id.partition(":")[0]
