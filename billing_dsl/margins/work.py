"""What the work of each client brings and takes, of a replay of time entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from billing_dsl.margins.recurring import posted
from billing_dsl.model.calendar import Stretch, pieces
from billing_dsl.replay.measures import HOUR, cents
from billing_dsl.replay.run import Engine
from billing_dsl.replay.side import Called, Side
from billing_dsl.replay.summary import INVOICED, PREPAID, Summary


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that were worked in a role at one cost, which is None where nobody has said it."""

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
    how many items nobody has said an amount for, the hours worked, and those of work that the
    catalogue does not know, which are nowhere else.
    """

    currency: str
    invoiced: Decimal = Decimal(0)
    drawn: Decimal = Decimal(0)
    unpriced: int = 0
    hours: list[Hours] = field(default_factory=list)
    unknown: Fraction = Fraction(0)


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
    """
    found: dict[str, Work] = {}
    for line in summary.clients:
        if line.name not in side.clients:
            continue
        work = found.setdefault(line.name, Work(line.currency))
        work.invoiced += cents(line.of(*INVOICED).cents)
        work.drawn += cents(line.of(*PREPAID).cents)
        work.unpriced += line.of(*INVOICED, *PREPAID).unpriced
    if summary.first is None or summary.last is None:
        return found
    known = {number: side.kind(called) for number, called in kinds.items()}
    roles = {number: kind.role for number, kind in known.items() if kind is not None}
    cuts = {day for role in roles.values() if role.cost for day in role.cost.changes()}
    hours: dict[str, dict[tuple[str, Decimal | None], int]] = {}
    for days in pieces(Stretch(summary.first, summary.last), cuts):
        for client, kind, parts in engine.rows(_WORKED.format(side=name, **_between(days))):
            named = side.of_clients.named(clients[int(client)])
            if isinstance(named, str) and named in found:
                role = roles[int(kind)]
                cost = role.cost.amount(days.start, found[named].currency) if role.cost else None
                own = hours.setdefault(named, {})
                own[role.name, cost] = own.get((role.name, cost), 0) + int(parts)
    for client, parts in engine.rows(_UNKNOWN.format(side=name)):
        named = side.of_clients.named(clients[int(client)])
        if isinstance(named, str):
            work = found.setdefault(named, Work(side.clients[named].currency))
            work.unknown += Fraction(int(parts), HOUR)
    for named, own in hours.items():
        found[named].hours.extend(
            Hours(role, Fraction(parts, HOUR), cost)
            for (role, cost), parts in sorted(own.items(), key=lambda one: (one[0][0], str(one)))
        )
    return found


_WORKED = """\
SELECT client, kind, SUM(worked) FROM {side}items
WHERE billing <> 'unknown' AND day BETWEEN {first} AND {last}
GROUP BY client, kind ORDER BY client, kind"""


_UNKNOWN = """\
SELECT client, SUM(worked) FROM {side}items
WHERE billing = 'unknown' GROUP BY client ORDER BY client"""


def _between(days: Stretch) -> dict[str, int]:
    return {"first": days.start.toordinal(), "last": days.end.toordinal()}
