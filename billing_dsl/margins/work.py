"""What the work of each client brings and takes, of a replay of time entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing_dsl.kinds.role import Role
from billing_dsl.margins.recurring import posted
from billing_dsl.model.calendar import Stretch, pieces
from billing_dsl.replay.measures import HOUR, cents
from billing_dsl.replay.run import Engine
from billing_dsl.replay.side import Called, Side
from billing_dsl.replay.summary import INVOICED, PREPAID, Summary


@dataclass(slots=True)
class Hours:
    """Hours that were worked in a role while an hour of it cost the same; `cost` may be unknown."""

    role: str
    hours: Fraction
    cost: Decimal | None

    @property
    def costs(self) -> Decimal | None:
        """What they cost, rounded half up to the cent."""
        return None if self.cost is None else posted(self.cost, self.hours)


@dataclass(slots=True)
class Work:
    """The work of one client: what is invoiced for it, what it draws from what was paid before,
    how many entries nobody has said an amount for, and the hours worked.
    """

    currency: str
    invoiced: Decimal = Decimal(0)
    drawn: Decimal = Decimal(0)
    unpriced: int = 0
    hours: list[Hours] = field(default_factory=list)


def work_of_clients(
    engine: Engine,
    side: Side,
    summary: Summary,
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
    name: str = "",
) -> Mapping[str, Work]:
    """The work of each client by its name in the catalogue, of a side that has been summed up.

    `clients` and `kinds` are what the numbers of `entries` stand for, `name` is the side's.
    Entries that the catalogue does not know are in none of it.
    """
    found: dict[str, Work] = {}
    for line in summary.clients:
        if line.name not in side.clients:
            continue
        work = found.setdefault(line.name, Work(line.currency))
        work.invoiced += cents(line.of(*INVOICED).cents)
        work.drawn += cents(line.of(*PREPAID).cents)
        work.unpriced += line.of(*INVOICED, *PREPAID).unpriced_entries
    if summary.first is None or summary.last is None:
        return found
    roles = {number: known.role for number, called in kinds.items() if (known := side.kind(called))}
    cuts = {day for role in side.declared.shared.roles if role.cost for day in role.cost.changes()}
    for days in pieces(Stretch(summary.first, summary.last), cuts):
        for (client, role), parts in _worked(engine, name, days, roles).items():
            named = side.of_clients.named(clients[client])
            if isinstance(named, str) and named in found:
                work = found[named]
                work.hours.append(_hours(role, parts, days.start, work.currency))
    for work in found.values():
        work.hours.sort(key=lambda one: one.role)
    return found


def _worked(
    engine: Engine, name: str, days: Stretch, roles: Mapping[int, Role]
) -> Mapping[tuple[int, Role], int]:
    """The parts of an hour that were worked on some days, by client and role."""
    query = (
        f"SELECT client, kind, SUM(worked) FROM {name}items\n"
        f"WHERE billing <> 'unknown' AND day BETWEEN {days.start.toordinal()} "
        f"AND {days.end.toordinal()}\n"
        "GROUP BY client, kind ORDER BY client, kind"
    )
    found: dict[tuple[int, str], int] = {}
    by_name = {role.name: role for role in roles.values()}
    for client, kind, parts in engine.rows(query):
        key = int(client), roles[int(kind)].name
        found[key] = found.get(key, 0) + int(parts)
    return {(client, by_name[role]): parts for (client, role), parts in found.items()}


def _hours(role: Role, parts: int, day: date, currency: str) -> Hours:
    cost = role.cost.amount(day, currency) if role.cost is not None else None
    return Hours(role.name, Fraction(parts, HOUR), cost)
