"""Which objects of the tenant are which objects of the book: found by their natural keys."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing_dsl.targets._lanes import BookObject
from billing_dsl.targets._values import Body, Pick, Ref, Value
from billing_dsl.tenant.alike import Eyes, folded, tidy
from billing_dsl.tenant.form import FORM
from billing_dsl.tenant.snapshot import Cell, Row, Snapshot


class Why(StrEnum):
    """Why nobody can say whether an object is there."""

    SEVERAL = "several"
    """Several objects have its key."""
    OVERLAP = "overlap"
    """Something like it, which the catalogue does not know, is in force on the same days."""
    UNREAD = "unread"
    """Its entity has not been read."""
    HANGS = "hangs"
    """It hangs on something of which nobody can say it."""


class Doubt(NamedTuple):
    """An object of which nobody can say whether it is there, and the objects that it may be."""

    why: Why
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """The tenant's objects by the ids of those of the book that they are.

    `taken` are all of them by entity and number, whoever took them; `doubted` are those that may be
    one or the other.
    """

    rows: Mapping[str, Row]
    doubts: Mapping[str, Doubt]
    taken: Mapping[tuple[str, Cell], str]
    doubted: frozenset[tuple[str, Cell]]

    @property
    def ids(self) -> dict[str, int]:
        """The numbers of the objects that are there."""
        return {object_id: int(str(row["id"])) for object_id, row in self.rows.items()}


PURCHASES = ("ContractBlocks", "ContractRetainers", "ContractTicketPurchases")
"""What is bought for some days."""


def matched(
    objects: Sequence[BookObject], snapshot: Snapshot, picks: Mapping[Pick, str], as_of: date
) -> Matches:
    """Finds each object in the tenant; keys that hold references come after what they refer to.

    What cannot be read back, adjustments of units and excluded sub-issues, is not looked for.
    """
    matcher = _Matcher(snapshot, picks)
    twins: dict[Hashable, list[BookObject]] = {}
    keyed = [each for each in objects if each.key and each.entity in FORM]
    for each in keyed:
        twins.setdefault((each.entity, tuple(each.key.items())), []).append(each)
    for group in twins.values():
        matcher.find(group)
    bought = [each for each in keyed if each.entity in PURCHASES]
    matcher.find_again(("contractID", "startDate"), bought)
    matcher.doubt_overlaps(bought, as_of)
    charges = [each for each in keyed if each.entity == "ContractCharges"]
    paid = list(matcher.paid(charges, {each.id for each in bought}))
    matcher.find_again(("contractID", "datePurchased", "billingCodeID"), paid)
    milestones = [each for each in keyed if each.entity == "ContractMilestones"]
    matcher.find_again(("contractID", "title"), milestones)
    matcher.find_again(("contractID", "dateDue"), milestones)
    doubted = frozenset(
        (each.entity, row["id"])
        for each in keyed
        if each.id in matcher.doubts
        for row in matcher.doubts[each.id].rows
    )
    return Matches(matcher.rows, matcher.doubts, matcher.taken, doubted)


@dataclass(slots=True)
class _Matcher:
    """The tenant while objects are looked for in it."""

    snapshot: Snapshot
    picks: Mapping[Pick, str]
    rows: dict[str, Row] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    taken: dict[tuple[str, Cell], str] = field(default_factory=dict)
    indexes: dict[tuple[str, tuple[str, ...]], dict[Hashable, list[Row]]] = field(
        default_factory=dict
    )

    @property
    def eyes(self) -> Eyes:
        return Eyes(self.ids, self.picks, self.doubts)

    def find(self, group: Sequence[BookObject]) -> None:
        """Finds objects that have one key."""
        first = group[0]
        key = self.resolved(first.key)
        if any(value.id in self.doubts for value in first.key.values() if type(value) is Ref):
            self.doubt(group, Doubt(Why.HANGS))
        elif key is None:
            return  # what its key refers to is not there, so neither is it
        elif first.entity not in self.snapshot.objects:
            self.doubt(group, Doubt(Why.UNREAD))
        else:
            self.pair(group, self.among(first.entity, key))

    def resolved(self, key: Body) -> dict[str, Value] | None:
        """A key in the tenant's own values; None where it has not all of them."""
        found: dict[str, Value] = {}
        for name, value in key.items():
            if type(value) is not Ref:
                found[name] = value
            elif value.id in self.ids:
                found[name] = self.ids[value.id]
            else:
                return None
        return found

    def among(self, entity: str, key: Mapping[str, Value]) -> list[Row]:
        """The objects that have a key and that nobody has taken yet."""
        names = tuple(key)
        if (entity, names) not in self.indexes:
            index: dict[Hashable, list[Row]] = {}
            for row in self.snapshot.objects[entity]:
                index.setdefault(tuple(folded(row.get(name)) for name in names), []).append(row)
            self.indexes[entity, names] = index
        wanted = tuple(folded(_plain(value)) for value in key.values())
        return self.indexes[entity, names].get(wanted, [])

    def free(self, entity: str, rows: Iterable[Row]) -> list[Row]:
        """Those of some objects that are not taken."""
        return [row for row in rows if (entity, row["id"]) not in self.taken]

    def pair(self, group: Sequence[BookObject], rows: list[Row]) -> None:
        """Gives objects of one key the rows of that key, if it is certain which is which."""
        entity = group[0].entity
        if len(rows) > len(group):
            rows = [row for row in rows if _exactly(group[0].key, row)] or rows
        left = self.free(entity, rows)
        if len(left) < len(rows) or len(rows) > len(group):
            self.doubt(group, Doubt(Why.SEVERAL, tuple(rows)))
            return
        open_ones = list(group)
        if len(group) > 1:
            for row in list(left):
                same = next((each for each in open_ones if self.equal(each, row)), None)
                if same is not None:
                    self.take(same, row)
                    open_ones.remove(same)
                    left.remove(row)
        if len(left) == len(open_ones) == 1:
            self.take(open_ones[0], left[0])
        elif left:
            self.doubt(open_ones, Doubt(Why.SEVERAL, tuple(left)))

    def equal(self, each: BookObject, row: Row) -> bool:
        """Whether a row holds all that an object should."""
        eyes = self.eyes
        return all(
            name in row and eyes.alike(value, row[name]) is not False
            for name, value in each.body.items()
        )

    def take(self, each: BookObject, row: Row) -> None:
        self.rows[each.id] = row
        self.ids[each.id] = int(str(row["id"]))
        self.taken[each.entity, row["id"]] = each.id

    def doubt(self, group: Iterable[BookObject], doubt: Doubt) -> None:
        for each in group:
            self.doubts[each.id] = doubt

    def missing(self, objects: Iterable[BookObject]) -> Iterator[BookObject]:
        """Those that are not there, and would be if they were."""
        for each in objects:
            known = each.id in self.rows or each.id in self.doubts
            if not known and self.resolved(each.key) is not None:
                yield each

    def find_again(self, names: tuple[str, ...], objects: Sequence[BookObject]) -> None:
        """Finds by looser keys what has changed in its key since it was bought: one object that is
        missing, and one row that nobody has taken. Made once more, it would be billed twice.
        """
        groups: dict[Hashable, tuple[dict[str, Value], list[BookObject]]] = {}
        for each in self.missing(objects):
            body = {name: each.body[name] for name in names if name in each.body}
            key = self.resolved(body)
            if key is not None and len(key) == len(names):
                groups.setdefault((each.entity, *key.items()), (key, []))[1].append(each)
        for key, group in groups.values():
            rows = self.free(group[0].entity, self.among(group[0].entity, key))
            if len(group) == len(rows) == 1:
                self.take(group[0], rows[0])

    def doubt_overlaps(self, bought: Iterable[BookObject], as_of: date) -> None:
        """Doubts purchases beside which the tenant has another, unknown, for the same days.

        What has ended is not asked: it is of a time of which the book does not tell.
        """
        for each in list(self.missing(bought)):
            contract = self.resolved({"contractID": each.body["contractID"]}) or {}
            rows = self.free(each.entity, self.among(each.entity, contract))
            overlapping = tuple(row for row in rows if _overlaps(each.body, row, as_of))
            if overlapping:
                self.doubt([each], Doubt(Why.OVERLAP, overlapping))

    def paid(self, charges: Iterable[BookObject], bought: Collection[str]) -> Iterator[BookObject]:
        """Charges of purchases that are there; in doubt are those of purchases in doubt."""
        for each in charges:
            rest = each.id.partition(":")[2]
            of = next((p for p in (f"block:{rest}", f"tickets:{rest}") if p in bought), "")
            if of in self.doubts and each.id not in self.rows:
                self.doubt([each], Doubt(Why.HANGS))
            elif of in self.rows:
                yield each


def _exactly(key: Body, row: Row) -> bool:
    """Whether a row has the very names of a key, capitals and spaces included."""
    return all(
        tidy(value) == tidy(str(row.get(name) or ""))
        for name, value in key.items()
        if isinstance(value, str)
    )


def _overlaps(body: Body, row: Row, as_of: date) -> bool:
    """Whether a purchase and a row have a day in common; without its days a row may have any."""
    first, last = row.get("startDate"), row.get("endDate")
    start, end = body["startDate"], body["endDate"]
    if not (isinstance(first, date) and isinstance(last, date)):
        return True
    if not (isinstance(start, date) and isinstance(end, date)):
        return True
    return last >= as_of and first <= end and start <= last


def _plain(value: Value) -> Cell:
    """A resolved value as a cell."""
    assert not isinstance(value, Ref | Pick)
    return value
