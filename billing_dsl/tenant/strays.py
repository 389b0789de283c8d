"""What the tenant has and the catalogue does not know: things that hang on objects of the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.targets._autotask import ENTITIES, path
from billing_dsl.targets._lanes import BookObject
from billing_dsl.targets._values import written
from billing_dsl.tenant.alike import folded
from billing_dsl.tenant.form import FORM
from billing_dsl.tenant.matches import PURCHASES, Matches
from billing_dsl.tenant.naming import CALLED_AFTER, Names
from billing_dsl.tenant.remarks import Remark, Stray, strays
from billing_dsl.tenant.snapshot import Cell, Row, Snapshot
from billing_dsl.tenant.units import Units

_ON: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "ContractExclusionSets": (
        ("ContractExclusionSetExcludedWorkTypes", "contractExclusionSetID", "work types"),
        ("ContractExclusionSetExcludedRoles", "contractExclusionSetID", "roles"),
    ),
    "ServiceBundles": (("ServiceBundleServices", "serviceBundleID", "services"),),
    "Contracts": (
        ("ContractExclusionBillingCodes", "contractID", "excluded work types"),
        ("ContractExclusionRoles", "contractID", "excluded roles"),
        ("ContractServices", "contractID", "services"),
        ("ContractServiceBundles", "contractID", "service bundles"),
        ("ContractBlocks", "contractID", "blocks of hours"),
        ("ContractRetainers", "contractID", "retainers"),
        ("ContractTicketPurchases", "contractID", "ticket purchases"),
        ("ContractMilestones", "contractID", "milestones"),
        ("ContractRates", "contractID", "rates of roles"),
        ("ContractBlockHourFactors", "contractID", "block hour multipliers"),
    ),
}
"""What hangs on objects of an entity, the field that says on which, and what people call it.

Charges and notes are not among them: most of a contract's are no affair of the catalogue's.
"""

HANGING = tuple(entity for of in _ON.values() for entity, _, _ in of)


@dataclass(frozen=True, slots=True)
class Strays:
    """Where strays are looked for."""

    snapshot: Snapshot
    matches: Matches
    names: Names
    units: Units
    as_of: date
    active: str | None
    """The value of an active contract's status."""

    def remarks(self, objects: Sequence[BookObject], ended: Sequence[Contract]) -> Iterator[Remark]:
        """What is told of each object of the book that is there."""
        index = {entity: self._by(entity, of) for each in _ON.values() for entity, of, _ in each}
        contracts = self._by("Contracts", "companyID")
        gone = {folded(_title(found)): found for found in ended}
        for each in objects:
            row = self.matches.rows.get(each.id)
            if row is None or not each.key:
                continue
            for entity, _, what in _ON.get(each.entity, ()):
                rows = index[entity].get(row["id"], [])
                found = [self._stray(entity, each, one) for one in rows if self._alive(entity, one)]
                if found:
                    yield strays(each, what, found, self.names)
            if each.entity == "Companies":
                yield from self._contracts(each, contracts.get(row["id"], []), gone)

    def _by(self, entity: str, of: str) -> dict[Cell, list[Row]]:
        """The objects of an entity that nobody in the book is, by what they hang on.

        Of those that may be somebody it is told already.
        """
        found: dict[Cell, list[Row]] = {}
        for row in self.snapshot.objects.get(entity, ()):
            known = (entity, row["id"]) in self.matches.taken
            if not (known or self._doubted(entity, row)):
                found.setdefault(row.get(of), []).append(row)
        return found

    def _doubted(self, entity: str, row: Row) -> bool:
        """Whether it may be an object of the book, or is about something that may be."""
        doubted = self.matches.doubted
        about = CALLED_AFTER.get(entity)
        if about is None:
            return (entity, row["id"]) in doubted
        to = FORM[entity].fields[about].refers_to
        return (entity, row["id"]) in doubted or (to, row.get(about)) in doubted

    def _alive(self, entity: str, row: Row) -> bool:
        """Whether it says anything of today or later; what was bought and has ended does not."""
        if entity in PURCHASES:
            return not _before(row.get("endDate"), self.as_of)
        if entity == "ContractMilestones":
            return not _before(row.get("dateDue"), self.as_of)
        if entity == "ContractServices":
            return self.units.sold("contractServiceID", row["id"], self.as_of)
        if entity == "ContractServiceBundles":
            return self.units.sold("contractServiceBundleID", row["id"], self.as_of)
        return True

    def _stray(self, entity: str, on: BookObject, row: Row) -> Stray:
        request = ""
        if ENTITIES[entity].deletes:
            number = str(self.matches.rows[on.id]["id"])
            route = path(entity, number).replace(f"{{{number}}}", number)
            request = f"DELETE {route}/{row['id']}"
        return Stray(entity, row, self.names.row(entity, row), request)

    def _contracts(
        self, each: BookObject, rows: Sequence[Row], gone: Mapping[object, Contract]
    ) -> Iterator[Remark]:
        """Contracts of a client that are in force, though the catalogue has ended or never had
        them: tickets may carry them. One that has ended is billed until its last day in the tenant,
        active or not.
        """
        unknown: list[Stray] = []
        past: list[Stray] = []
        for row in rows:
            if _before(row.get("endDate"), self.as_of):
                continue
            contract = gone.get(folded(row.get("contractName")))
            if contract is not None and contract.client == each.client:
                past.append(self._overdue(row, contract))
            elif self.active is None or row.get("status") in (None, self.active):
                unknown.append(Stray("Contracts", row, self.names.row("Contracts", row)))
        if unknown:
            yield strays(each, "contracts", unknown, self.names)
        if past:
            yield strays(each, "contracts beyond their end", past, self.names)

    def _overdue(self, row: Row, contract: Contract) -> Stray:
        """A contract that goes on in the tenant; only its last day stops a service from billing."""
        last = contract.life.end
        body = written({"id": int(str(row["id"])), "endDate": last})
        what = f"{self.names.row('Contracts', row)}, which ended on {last}"
        return Stray("Contracts", row, what, f"PATCH {path('Contracts', '')} {body}")


def _title(contract: Contract) -> str:
    return contract_title(contract.agreement, contract.name)


def _before(cell: Cell, day: date) -> bool:
    return isinstance(cell, date) and cell < day
