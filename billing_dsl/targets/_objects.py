"""Objects on their way to Autotask, and the lane that takes each of them there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from billing_dsl.targets._autotask import ENTITIES, Misfit, accepted, misfits
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._values import Body, references, shown

NOTHING: Body = {}
"""A body without fields."""


class Lane(StrEnum):
    """The way an object reaches Autotask."""

    API = "api"
    IMPORT = "import"
    MANUAL = "manual"


class Draft(NamedTuple):
    """An object as Autotask would hold it, before anybody has looked which lane takes it.

    `key` are the values by which it is found again. `must` are fields without which it would mean
    nothing, though Autotask does not require them. `refused` says why the API does not take it;
    what the API does not know at all has no `entity`, and always says so. `left` is what the
    catalogue says and Autotask does not take, with the reason.
    """

    id: str
    entity: str
    name: str
    client: str
    parent: str
    body: Body
    key: Body
    must: frozenset[str] = frozenset()
    refused: str = ""
    left: tuple[Entry, ...] = ()


class BookObject(NamedTuple):
    """One object of the book, in its lane.

    `body` is what the API gets, or what a person enters in its place. `values` are what a person
    enters besides: what has no field of the API, and what the object's own lane cannot carry. `day`
    is set where it is made later.
    """

    id: str
    entity: str
    lane: Lane
    name: str
    client: str = ""
    parent: str = ""
    body: Body = NOTHING
    key: Body = NOTHING
    values: tuple[Entry, ...] = ()
    reasons: tuple[str, ...] = ()
    day: date | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of what has to be there before it, each once."""
        found = references(self.body)
        return tuple(dict.fromkeys([self.parent, *found] if self.parent else found))


def placed(draft: Draft, day: date | None = None) -> BookObject:
    """A draft in the API's lane if it fits there, otherwise in a person's.

    What is made on a later `day` is a person's affair too: requests tell the state of one day.
    """
    if draft.entity and not draft.refused and day is None:
        body = accepted(draft.entity, draft.body)
        if body is not None:
            return _object(draft, Lane.API, body, (), (), None)
    wrong = tuple(misfits(draft.entity, draft.body)) if draft.entity else ()
    stops = [misfit for misfit in wrong if misfit.required or misfit.field in draft.must]
    if not (stops or draft.refused or day is not None):
        unfit = {misfit.field for misfit in wrong}
        return _object(
            draft,
            Lane.API,
            {name: value for name, value in _typed(draft).items() if name not in unfit},
            [_left(draft, misfit) for misfit in wrong],
            (),
            None,
        )
    reasons = [draft.refused] if draft.refused else []
    reasons += [f"{label(misfit.field)}: {misfit.reason}" for misfit in stops]
    return _object(draft, Lane.MANUAL, draft.body, (), tuple(reasons), day)


def _object(
    draft: Draft,
    lane: Lane,
    body: Body,
    values: Sequence[Entry],
    reasons: tuple[str, ...],
    day: date | None,
) -> BookObject:
    return BookObject(
        draft.id,
        draft.entity,
        lane,
        draft.name,
        draft.client,
        draft.parent,
        body,
        draft.key,
        (*values, *draft.left) if values else draft.left,
        reasons,
        day,
    )


def _typed(draft: Draft) -> Body:
    """The body with whole numbers where a field takes no others."""
    whole = ENTITIES[draft.entity].whole
    if whole.isdisjoint(draft.body):
        return draft.body
    return {
        name: int(value)
        if name in whole and isinstance(value, Decimal) and value == int(value)
        else value
        for name, value in draft.body.items()
    }


def _left(draft: Draft, misfit: Misfit) -> Entry:
    return Entry(label(misfit.field), shown(draft.body[misfit.field]), misfit.reason)
