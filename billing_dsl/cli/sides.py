"""A checked catalogue as one side of a replay: the routing of its families is kept.

What is not kept is made by whoever has proved the families, side by side where there are many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from billing_dsl.cli.abreast import abreast, hands
from billing_dsl.cli.workers import MANY, covered
from billing_dsl.kinds.client import Client
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import Common, build
from billing_dsl.replay.routed import RoutedFamily, customer
from billing_dsl.replay.router import Router
from billing_dsl.replay.side import Side
from billing_dsl.store.again import family_keys
from billing_dsl.store.hands import Alone, HeadsOfFamily
from billing_dsl.store.routed import (
    RoutedRow,
    families_made,
    keep_routed,
    load_routed,
    row_of,
)

if TYPE_CHECKING:
    from billing_dsl.analysis.views import ClientCoverage
    from billing_dsl.cli.checking import Standing
    from billing_dsl.targets import Views

AT_ONCE = 200
"""Families whose routing is sent at a time."""


def side_of(found: Standing, beside: Side | None = None) -> Side:
    """The catalogue as one side of a replay. Raises ValueError for one without settings.

    What clients are called is held once where it is the same `beside`.
    """
    common = found.common
    if common.declared is None:
        raise ValueError("without settings nothing is replayed")
    rows = _rows(found, common)
    reading = Alone(found.folder.texts)
    known = {one.name: one for own in rows for one in own.customers}
    by_names = [(tuple([one.name for one in own.customers]), own.row) for own in rows]
    del rows

    def routed(names: Collection[str]) -> Iterator[RoutedFamily]:
        return families_made(row for own, row in by_names if any(one in names for one in own))

    def of(names: Iterable[str]) -> Iterator[ClientCoverage]:
        for name in names:
            for views in covered(common, reading, [common.inventory.family(name)]):
                yield from (view for view in views if view.client.name == name)
            reading.documents_of.clear()  # a few of many are asked for

    heads = (head for head in common.inventory.heads if head.kind == "client")
    clients = {head.name: known[head.name] for head in heads if head.name in known}
    if beside is not None and list(clients.values()) == list(beside.clients.values()):
        return Side(common.declared, beside.clients, routed, of, beside.of_clients)
    return Side(common.declared, clients, routed, of)


def _rows(found: Standing, common: Common) -> list[RoutedRow]:
    """The clients and the routing of each family, in the order of families."""
    inventory = common.inventory
    # Where work goes does not depend on the day of the check.
    keys = family_keys(inventory, found.digests, date.min)
    known = load_routed(found.name)
    missing = [number for number, key in enumerate(keys) if key not in known]
    if not missing:
        found.let_go()
        return [known[key] for key in keys]
    families = [inventory.families[number] for number in missing]
    made: dict[int, RoutedRow] = {}
    for piece in _pieces(found, common, families):
        for own in piece:
            made[inventory.family_of[own.customers[0].name]] = own
    reading = Alone(found.folder.texts)
    rows = {
        key: known.get(key)
        or _with_all(common, reading, inventory.families[number], made.get(number))
        for number, key in enumerate(keys)
    }
    if found.name and found.keeping:
        keep_routed(found.name, rows)
    return list(rows.values())


def _pieces(
    found: Standing, common: Common, families: Sequence[HeadsOfFamily]
) -> list[list[RoutedRow]]:
    """The routing of families, made by whoever has their documents."""
    if not found.hands.holds(families):
        return found.makers.make(common, families, routings)
    # All files were known, but not what families gave: as after a change of what clients share.
    step = -(-len(families) // hands()) if len(families) >= MANY else len(families)
    parts = [families[first : first + step] for first in range(0, len(families), step)]
    several = abreast([partial(_routings, found, common, part) for part in parts])
    return [piece for pieces in several for piece in pieces]


def _routings(
    found: Standing, common: Common, families: Iterable[HeadsOfFamily]
) -> list[list[RoutedRow]]:
    return list(routings(common, covered(common, found.hands, families)))


def routings(common: Common, families: Iterable[Views]) -> Iterator[list[RoutedRow]]:
    """The routing of families of whose clients there is the coverage, some at a time."""
    if common.declared is None:
        return
    router = Router(common.declared)
    waiting = (views for views in families if views)
    while several := list(islice(waiting, AT_ONCE)):
        yield [
            RoutedRow(tuple(customer(view.client) for view in views), row_of(router.family(views)))
            for views in several
        ]


_NOBODY = RoutedRow((), row_of(RoutedFamily((), ())))


def _with_all(
    common: Common, hands: Alone, family: Iterable[Head], made: RoutedRow | None
) -> RoutedRow:
    """A family's routing with the clients that cannot be proved: entries may still name them."""
    own = made or _NOBODY
    proved = {one.name for one in own.customers}
    lost = [head for head in family if head.kind == "client" and head.name not in proved]
    built = (build(document, common.house) for document in hands.documents(lost))
    others = [customer(one) for one in built if isinstance(one, Client)]
    return RoutedRow((*own.customers, *others), own.row)
