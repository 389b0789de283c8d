"""What people call the objects and values of a tenant, and of the book that is compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing_dsl.model import money
from billing_dsl.targets._sorts import SORTS
from billing_dsl.targets._values import Pick, Ref, Value, plain, shown
from billing_dsl.tenant.form import FORM
from billing_dsl.tenant.lists import Labels, called
from billing_dsl.tenant.snapshot import Cell, Row, Snapshot

_NAMES = {
    "Contracts": "contractName",
    "Companies": "companyName",
    "ContractMilestones": "title",
    "ContractNotes": "title",
    "Resources": "email",
    "Countries": "countryCode",
}
"""The field that holds an object's name where it is not `name`."""

CALLED_AFTER = {
    "ContractExclusionSetExcludedWorkTypes": "excludedWorkTypeID",
    "ContractExclusionSetExcludedRoles": "excludedRoleID",
    "ContractExclusionBillingCodes": "billingCodeID",
    "ContractExclusionRoles": "roleID",
    "ContractRates": "roleID",
    "ContractBlockHourFactors": "roleID",
    "ContractServices": "serviceID",
    "ContractServiceBundles": "serviceBundleID",
    "ServiceBundleServices": "serviceID",
}
"""The field by which an object that has no name is called after another."""

_LONGEST = 100


def sort(object_id: str) -> str:
    """What people call things of an object's sort: `contract`, `exclusion set`."""
    word = object_id.partition(":")[0]
    return SORTS[word].one if word in SORTS else word


@dataclass(frozen=True, slots=True)
class Names:
    """Names of both sides: `book` are those of the book, by ids."""

    book: Mapping[str, str]
    snapshot: Snapshot
    labels: Labels
    _rows: dict[str, Mapping[Cell, Row]] = field(default_factory=dict)

    def object(self, object_id: str) -> str:
        """The name of an object of the book."""
        return visible(self.book.get(object_id) or object_id.partition(":")[2])

    def wanted(self, entity: str, name: str, value: Value | None) -> str:
        """A value that the catalogue wants in a field; None is nothing."""
        match value:
            case None:
                return "none"
            case Ref(object_id):
                return self.object(object_id)
            case Pick():
                return visible(called(value, self.labels))
            case Decimal():
                return _number(value, _is_money(entity, name))
            case _:
                return visible(shown(value))

    def cell(self, entity: str, name: str, cell: Cell) -> str:
        """A value that the tenant has."""
        known = FORM[entity].fields.get(name)
        if cell is None or cell == "":
            return "none"
        if known is not None and known.refers_to and isinstance(cell, int):
            return self.row(known.refers_to, self.by_id(known.refers_to).get(cell)) or f"id {cell}"
        if isinstance(cell, bool):
            return "yes" if cell else "no"
        if isinstance(cell, Decimal):
            return _number(cell, _is_money(entity, name))
        if isinstance(cell, date):
            return cell.isoformat()
        listed = self.snapshot.lists.get(entity, {}).get(name, ())
        label = next((each.label for each in listed if each.value == cell), str(cell))
        return visible(label)

    def by_id(self, entity: str) -> Mapping[Cell, Row]:
        """The objects of an entity by their numbers."""
        if entity not in self._rows:
            rows = self.snapshot.objects.get(entity, ())
            self._rows[entity] = {row["id"]: row for row in rows}
        return self._rows[entity]

    def row(self, entity: str, row: Row | None) -> str:
        """What an object of the tenant is called; empty where it has not been read."""
        if row is None:
            return ""
        if entity in CALLED_AFTER:
            return self.cell(entity, CALLED_AFTER[entity], row.get(CALLED_AFTER[entity]))
        name = row.get(_NAMES.get(entity, "name"))
        if isinstance(name, str) and name.strip():
            return visible(name)
        days = [row.get("startDate"), row.get("endDate")]
        if all(isinstance(day, date) for day in days):
            return " to ".join(str(day) for day in days)
        return f"id {row['id']}"


def _is_money(entity: str, name: str) -> bool:
    known = FORM[entity].fields.get(name)
    return known is not None and known.money


def _number(number: Decimal, amount: bool) -> str:
    """A number: an amount with its decimals, anything else without needless zeros."""
    return money.text(number) if amount else plain(number)


def visible(text: str) -> str:
    """A text on one line in which everything can be seen.

    What a tenant holds comes from anybody: it must not forge a line of a checklist.
    """
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in line)


def short(text: str) -> str:
    """A text of no more than some length, for a sentence."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
