"""What is said where the tenant and the catalogue differ: a finding, and a step for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from billing_dsl.targets._labels import label
from billing_dsl.targets._lanes import BookObject
from billing_dsl.targets._sending import Step, Words
from billing_dsl.targets._values import Value
from billing_dsl.tenant.lists import Picked
from billing_dsl.tenant.matches import Doubt, Why
from billing_dsl.tenant.naming import Names, short, sort, visible
from billing_dsl.tenant.snapshot import Cell, Row


class Remark(NamedTuple):
    """One thing that no request settles.

    `object` is the id of the object of the book that it is about, empty where it is about the
    tenant as a whole. `things` are the fields and rows that it tells of, each by a name of its own.
    """

    code: str
    object: str
    message: str
    help: str
    things: tuple[str, ...]
    step: Step | None = None


class Difference(NamedTuple):
    """A field in which the tenant holds something else; a wanted value of None is none at all."""

    field: str
    wanted: Value | None
    cell: Cell


class Stray(NamedTuple):
    """An object of the tenant that the catalogue does not know, and the request that deletes it."""

    entity: str
    row: Row
    what: str
    request: str = ""


def several(each: BookObject, doubt: Doubt, names: Names) -> Remark:
    """Of several objects nobody can say which one is meant."""
    numbers = ", ".join(str(row["id"]) for row in doubt.rows[:5])
    who = _named(each, names)
    if doubt.why is Why.OVERLAP:
        days = ", ".join(names.row(each.entity, row) for row in doubt.rows[:5])
        message = f"beside {who} the tenant has one for the same days: {short(days)} (id {numbers})"
        cure = (
            "let the catalogue say what was bought, or take it away in Autotask; sent as it is, "
            "it would be paid for twice"
        )
    else:
        message = f"{who} may be several objects of the tenant: id {numbers}"
        cure = "give all but one of them another name in Autotask, and take a new snapshot"
    return Remark("BD515", each.id, message, cure, (each.id,))


def fixed(each: BookObject, differences: Sequence[Difference], names: Names) -> Remark:
    """What Autotask takes on creation alone is otherwise."""
    message = f"{_named(each, names)} was made otherwise: {_turns(each, differences, names)}"
    cure = (
        "let the catalogue say what is there, or make it anew in Autotask, by hand; until then "
        "nothing about it is sent"
    )
    return Remark("BD516", each.id, message, cure, _things(each, differences))


def by_hand(
    each: BookObject, differences: Sequence[Difference], names: Names, reason: str = ""
) -> Remark:
    """What no request changes is otherwise."""
    message = f"{_named(each, names)} is otherwise: {_turns(each, differences, names)}"
    turns: list[str] = [f"{sort(each.id)} ", names.object(each.id), ": "]
    for number, found in enumerate(differences):
        turns[-1] += f"{', ' if number else ''}{label(found.field)} from "
        turns.append(names.cell(each.entity, found.field, found.cell))
        turns += [" to ", names.wanted(each.entity, found.field, found.wanted), ""]
    details: list[Words] = [(reason,)] if reason else []
    step = Step(each.id, each.client, tuple(turns), tuple(details))
    cure = "no request changes it: the checklist has the step"
    return Remark("BD517", each.id, message, cure, _things(each, differences), step)


def uneven(
    each: BookObject, units: int, have: Collection[int] | None, first: date, names: Names
) -> Remark:
    """Units that no one adjustment brings to what the catalogue says."""
    name = names.object(each.id).partition(" × ")[2]
    on = names.object(each.parent)
    if have is None:
        has = "a number that the snapshot does not tell"
    else:
        has = " and ".join(str(number) for number in sorted(have))
    message = f"service `{short(name)}` of contract `{short(on)}` has {has} in the tenant from "
    message += f"{first} on, and {units} in the catalogue"
    words = ("contract ", on, ": bring the units of ", name, f" from {first} on to ", str(units))
    step = Step(each.id, each.client, words)
    cure = "one adjustment cannot do it: the checklist has the step"
    return Remark("BD517", each.id, message, cure, (f"{each.id}.unitChange",), step)


def too_many_sets(own: int, others: int, most: int) -> Remark:
    """More exclusion sets than the tenant takes, together with those it has."""
    message = f"the tenant has {others} active exclusion sets beside the {own} of the catalogue, "
    message += f"and Autotask takes {most}"
    cure = "inactivate in Autotask those that no contract carries"
    return Remark("BD503", "", message, cure, ("ContractExclusionSets",))


def strays(each: BookObject, of: str, found: Sequence[Stray], names: Names) -> Remark:
    """What the tenant has beside what the catalogue knows, on an object of the book."""
    who = _named(each, names)
    some = ", ".join(f"`{short(one.what)}`" for one in found[:5])
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    message = f"{who} has {of} in the tenant that the catalogue does not know: {some}{more}"
    details = [_stray(one) for one in found]
    words = (
        f"{sort(each.id)} ",
        names.object(each.id),
        f": decide about {of} beyond the catalogue",
    )
    step = Step(each.id, each.client, words, tuple(details))
    cure = "take it away in Autotask, or write it into the catalogue: the checklist has the step"
    things = tuple(f"{one.entity}#{one.row['id']}" for one in found)
    return Remark("BD518", each.id, message, cure, things, step)


def _stray(found: Stray) -> Words:
    if not found.request:
        return ("", found.what, f" (id {found.row['id']})")
    return (
        "",
        found.what,
        f" (id {found.row['id']}); the request that takes it away: ",
        found.request,
    )


def inactive(each: BookObject, differences: Sequence[Difference], names: Names) -> Remark:
    """Somebody has put out of use what the catalogue uses."""
    who = _named(each, names)
    words = (
        f"{sort(each.id)} ",
        names.object(each.id),
        ": activate it, or end it in the catalogue",
    )
    step = Step(each.id, each.client, words, first=not each.client)
    cure = "activate it in Autotask, or end it in the catalogue: no request does so by itself"
    message = f"{who} is not active in the tenant"
    return Remark("BD519", each.id, message, cure, _things(each, differences), step)


def idle_label(found: Picked) -> Remark:
    """A value of a list that is out of use."""
    pick = found.pick
    where = f"{pick.entity}.{pick.field}"
    message = f"`{visible(found.label)}` of the tenant's list `{where}` is not active"
    words = ("list ", where, ": activate ", visible(found.label))
    cure = "activate it in Autotask, or use another: no request can choose it"
    thing = f"{where}={pick.label}"
    return Remark("BD519", "", message, cure, (thing,), Step("", "", words, first=True))


def no_label(found: Picked) -> Remark:
    """A value that the tenant's list has not, or not once."""
    pick = found.pick
    where = f"{pick.entity}.{pick.field}"
    own = visible(found.label)
    times = "has no" if not found.found else "has more than one"
    message = f"the tenant's list `{where}` {times} `{own}`"
    others = ", ".join(f"`{short(visible(other))}`" for other in found.others[:10])
    cure = f"say in the settings what the tenant calls it, under `autotask.labels`: `{where}`"
    if others:
        cure += f"; the list has {others}"
    words = ("list ", where, ": see what the tenant calls ", own, ", and say so in the settings")
    thing = f"{where}={pick.label}"
    return Remark("BD520", "", message, cure, (thing,), Step("", "", words, first=True))


def nowhere(each: BookObject, names: Names) -> Remark:
    """Something that every tenant has, and that this one has not."""
    name = names.object(each.id)
    message = f"the tenant has no {sort(each.id)} `{short(name)}`"
    cure = f"mend it in the catalogue, or see that `{each.entity}` has it"
    words = (f"{sort(each.id)} ", name, ": see that the tenant has it, or mend the catalogue")
    return Remark("BD520", each.id, message, cure, (each.id,), Step("", "", words, first=True))


def unread_field(entity: str, name: str, count: int) -> Remark:
    """A field that has not been read."""
    message = f"the snapshot does not hold `{entity}.{name}`: whether "
    message += "one object differs" if count == 1 else f"{count:,} objects differ"
    message += " in it is not known"
    return Remark("BD514", "", message, _READ, (f"{entity}.{name}",))


def unread_entity(entity: str, why: str) -> Remark:
    """An entity that has not been read, of which the catalogue has nothing to send."""
    message = f"the snapshot holds no `{entity}`: whether there are {why} that the catalogue does "
    return Remark("BD514", "", f"{message}not know is not known", _READ, (entity,))


def unread_list(entity: str, name: str) -> Remark:
    """A list that has not been read."""
    message = f"the snapshot does not hold the list `{entity}.{name}`: its labels stay labels"
    return Remark("BD514", "", message, _READ, (f"list {entity}.{name}",))


def incomplete(entity: str, count: int) -> Remark:
    """An entity that has not been read, though what is sent depends on it."""
    return Remark("BD511", "", _not_there(entity, count), _READ, (entity,))


def unread_objects(entity: str, count: int) -> Remark:
    """An entity that has not been read, of which the catalogue has something all the same."""
    return Remark("BD514", "", _not_there(entity, count), _READ, (entity,))


def _not_there(entity: str, count: int) -> str:
    what = "one object of the catalogue is" if count == 1 else f"{count:,} of the catalogue are"
    return f"the snapshot holds no `{entity}`: whether {what} there is not known"


_READ = "read it too: `billing-dsl snapshot` lists what is read"


def _named(each: BookObject, names: Names) -> str:
    parent = f" of {sort(each.parent)} `{short(names.object(each.parent))}`" if each.parent else ""
    return f"{sort(each.id)} `{short(names.object(each.id))}`{parent}"


def _turns(each: BookObject, differences: Iterable[Difference], names: Names) -> str:
    told: list[str] = []
    for found in differences:
        has = short(names.cell(each.entity, found.field, found.cell))
        wanted = short(names.wanted(each.entity, found.field, found.wanted))
        told.append(f"{label(found.field)} is `{has}` in the tenant, `{wanted}` in the catalogue")
    return "; ".join(told)


def _things(each: BookObject, differences: Iterable[Difference]) -> tuple[str, ...]:
    return tuple(f"{each.id}.{found.field}" for found in differences)
