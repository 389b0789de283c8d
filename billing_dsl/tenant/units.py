"""Units of services: requests change them by differences that nobody can read back.

`ContractServiceUnits` and `ContractServiceBundleUnits` show what they have come to: a row for each
period, cut at each adjustment. Only where they are one number over all days from the catalogue's
first day on does one more adjustment bring them to what the catalogue says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from billing_dsl.targets._changes import Change
from billing_dsl.targets._lanes import BookObject
from billing_dsl.targets._values import Ref
from billing_dsl.tenant.snapshot import Cell, Row, Snapshot


class Span(NamedTuple):
    """Days on which the catalogue wants one number of units; without a last day they are open."""

    first: date
    last: date | None


class Units:
    """The rows of units of each contract service."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._rows: dict[tuple[str, Cell], list[Row]] = {}
        for entity, of in (
            ("ContractServiceUnits", "contractServiceID"),
            ("ContractServiceBundleUnits", "contractServiceBundleID"),
        ):
            for row in snapshot.objects.get(entity, ()):
                self._rows.setdefault((of, row.get(of)), []).append(row)

    def held(self, of: str, number: int, span: Span) -> set[int] | None:
        """The numbers of units over the days of a span; None where rows do not tell them.

        A service of which there are no rows at all has none.
        """
        rows = self._rows.get((of, number), [])
        if not rows:
            return {0}
        if not all(isinstance(row.get(name), int | date) for row in rows for name in _FIELDS):
            return None
        found: set[int] = set()
        known = span.first
        for first, last, units in sorted(_days(rows)):
            if last < span.first or (span.last is not None and first > span.last):
                continue
            if first > known:
                found.add(0)  # before the first row, or between two
            found.add(units)
            known = max(known, last + timedelta(days=1))
        return found or None

    def sold(self, of: str, number: Cell, day: date) -> bool:
        """Whether a contract service has units on a day or later.

        Where the rows end before, the last of them goes on as soon as the contract does.
        """
        rows = sorted(_days(self._rows.get((of, number), [])))
        to_come = [units for _, last, units in rows if last >= day]
        return any(to_come) if to_come else bool(rows) and rows[-1][2] > 0


_FIELDS = ("startDate", "endDate", "units")


def _days(rows: Iterable[Row]) -> Iterator[tuple[date, date, int]]:
    for row in rows:
        first, last, units = (row.get(name) for name in _FIELDS)
        if isinstance(first, date) and isinstance(last, date) and isinstance(units, int):
            yield first, last, units


def service_of(each: BookObject) -> tuple[str, str]:
    """The field by which an adjustment names its contract service, and the id that it names."""
    for field in ("contractServiceID", "contractServiceBundleID"):
        value = each.body.get(field)
        if isinstance(value, Ref):
            return field, value.id
    return "", ""


def span(each: BookObject, changes: Mapping[str, date]) -> Span:
    """The days for which an adjustment says the units: until the next change of them."""
    first = each.body["effectiveDate"]
    assert isinstance(first, date)
    after = changes.get(each.id)
    return Span(first, None if after is None else after - timedelta(days=1))


def next_changes(changes: Iterable[Change]) -> Mapping[str, date]:
    """When the units of each service change next, by the id of its units."""
    found: dict[str, date] = {}
    for change in changes:
        if change.object.startswith("units:") and change.method == "POST":
            found.setdefault(change.object, change.day)
    return found
