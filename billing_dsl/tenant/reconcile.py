"""The book against a tenant: what is still to be sent, and what no request settles.

What is there and equal is not made again. What differs is changed where Autotask lets a request
change it. All else is told: never is anything taken for equal, or for missing, that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from decimal import Decimal

from billing_dsl.diagnostics import Fault
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules._sets import MOST_SETS
from billing_dsl.targets import Compilation
from billing_dsl.targets._autotask import ENTITIES, path
from billing_dsl.targets._book import Book
from billing_dsl.targets._imports import amount
from billing_dsl.targets._lanes import BookObject, Lane
from billing_dsl.targets._sending import TENANTS, Request, Sending
from billing_dsl.targets._shared import method
from billing_dsl.targets._values import Body, Pick, Ref, Value, references
from billing_dsl.tenant import remarks as say
from billing_dsl.tenant.alike import Eyes
from billing_dsl.tenant.expected import expected, method_words, modifier
from billing_dsl.tenant.form import FORM
from billing_dsl.tenant.lists import Picked, picked
from billing_dsl.tenant.matches import Matches, Why, matched
from billing_dsl.tenant.naming import Names
from billing_dsl.tenant.places import Places
from billing_dsl.tenant.remarks import Difference, Remark
from billing_dsl.tenant.snapshot import Row, Snapshot
from billing_dsl.tenant.strays import HANGING, Strays
from billing_dsl.tenant.units import Units, next_changes, service_of, span

_STATES = ("Contracts", "ContractBlocks", "ContractRetainers", "ContractTicketPurchases")
"""Entities whose `status` says whether they are in use."""

_OWN_LIFE = {("ContractMilestones", "status"), ("ContractTicketPurchases", "isPaid")}
"""Fields that say how far something has come: set when it is made, and Autotask's from then on."""

_SILENT: Mapping[str, tuple[str, ...]] = {
    "Contracts": (
        "exclusionContractID",
        "contractExclusionSetID",
        "overageBillingRate",
        "setupFee",
    ),
    "ContractServiceBundles": ("adjustedPrice",),
    "ContractBlockHourFactors": ("contractHourlyRate",),
}
"""Fields that decide about cover and money by being empty: silent, the catalogue says none."""


def reconciled(
    book: Book, snapshot: Snapshot, file: str
) -> tuple[Compilation, tuple[Fault, ...], tuple[Remark, ...]]:
    """A compilation that knows what its tenant holds, and what no request settles.

    `file` is how findings name the snapshot. The remarks are the findings before they were put
    into their places.
    """
    desk = _desk(book, snapshot)
    desk.work()
    found = desk.remarks
    places = Places.of(book, file)
    faults = tuple(places.fault(remark) for remark in found)
    sending = Sending(
        snapshot.database,
        snapshot.taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        tuple(desk.requests),
        desk.matches.ids,
        desk.to_send,
        frozenset(desk.settled),
        tuple(desk.held),
        tuple(remark.step for remark in found if remark.step is not None),
        desk.equal,
    )
    return replace(book.compilation, sending=sending), faults, tuple(found)


def _desk(book: Book, snapshot: Snapshot) -> _Desk:
    """Everything laid out: the book's objects, and which of them the tenant has."""
    objects = list(expected(book))
    labels = book.declared.shared.settings.labels
    looked_up = list(_tenants(objects))
    lists = list(picked(_picks(objects), snapshot, labels))
    known = {found.pick: found.known for found in lists}
    values = {pick: value for pick, value in known.items() if value is not None}
    matches = matched([*looked_up, *objects], snapshot, values, book.as_of)
    names = Names({**book.names, **{each.id: each.name for each in looked_up}}, snapshot, labels)
    return _Desk(
        book,
        snapshot,
        objects,
        looked_up,
        lists,
        matches,
        names,
        Eyes(matches.ids, values, matches.doubts),
        {found.pick: _sent(found.value) for found in lists if found.value is not None},
        Units(snapshot),
        next_changes(book.changes),
    )


def _picks(objects: Iterable[BookObject]) -> Iterator[Pick]:
    """Every label that is compared or sent, each once."""
    found = (value for each in objects for value in each.body.values() if type(value) is Pick)
    yield from dict.fromkeys(found)


def _sent(value: str) -> Value:
    """A value of a list as it is sent: a whole number, or a code of letters."""
    return int(value) if value.isascii() and value.isdigit() else value


def _tenants(objects: Sequence[BookObject]) -> Iterator[BookObject]:
    """What every tenant has and nobody makes, as far as it is referred to."""
    own = {each.id for each in objects}
    referred = {found: None for each in objects for found in references(each.body)}
    for object_id in referred:
        kind, _, name = object_id.partition(":")
        if object_id not in own and kind in TENANTS:
            entity, by = TENANTS[kind]
            body: Body = {by: name, "isActive": True} if "isActive" in FORM[entity].fields else {}
            yield BookObject(
                object_id, entity, Lane.MANUAL, name, body=body or {by: name}, key={by: name}
            )


def _units(each: BookObject) -> int:
    """The units that an adjustment of nothing would bring."""
    wanted = each.body["unitChange"]
    return int(wanted) if isinstance(wanted, int | Decimal) else 0


@dataclass(slots=True)
class _Desk:
    """The book and the tenant side by side, while they are gone through."""

    book: Book
    snapshot: Snapshot
    objects: Sequence[BookObject]
    looked_up: Sequence[BookObject]
    lists: Sequence[Picked]
    matches: Matches
    names: Names
    eyes: Eyes
    to_send: Mapping[Pick, Value]
    units: Units
    later: Mapping[str, date]
    requests: list[Request] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    held: dict[str, None] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    equal: int = 0
    unread: dict[tuple[str, str], int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    asked: dict[Pick, None] = field(default_factory=dict)
    by_id: Mapping[str, BookObject] = field(init=False)
    currencies: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        clients = [view.client for view in self.book.clients]
        self.by_id = {each.id: each for each in self.objects}
        self.currencies = {client.name: client.currency for client in clients}

    def work(self) -> None:
        """Goes through everything, in the order in which it is made."""
        for each in (*self.looked_up, *self.objects):
            if each.lane is Lane.API:
                self.by_request(each)
            else:
                self.otherwise(each)
        self.tell_lists()
        self.tell_strays()
        self.tell_sets()
        self.tell_unread()

    # --- what requests make

    def by_request(self, each: BookObject) -> None:
        """Sends what is missing or may be changed; holds back what nobody can say."""
        row = self.matches.rows.get(each.id)
        depends = [each.parent, *references(each.key)]
        if row is None or any(one in self.held for one in depends):
            depends += references(each.body)
        if each.id in self.matches.doubts:
            self.tell_doubt(each)
            self.hold(each)
        elif any(one in self.held for one in depends):
            self.hold(each)
        elif each.entity.endswith("Adjustments"):
            self.adjust(each)
        elif row is None:
            self.send(each, "POST", each.body)
        else:
            self.change(each, row)

    def hold(self, each: BookObject) -> None:
        """Nothing about it is sent: it may be there, or be something else."""
        self.held[each.id] = None
        self.settled.add(each.id)

    def send(self, each: BookObject, method: str, body: Body) -> None:
        """One request, with the tenant's own values as far as it has them."""
        resolved = {name: self.value(value) for name, value in body.items()}
        key = {name: self.value(value) for name, value in each.key.items()}
        parent = self.matches.rows.get(each.parent)
        route = path(each.entity, each.parent)
        if parent is not None:
            route = route.replace(f"{{{each.parent}}}", str(parent["id"]))
        needs = dict.fromkeys([each.parent] if each.parent and parent is None else [])
        needs |= dict.fromkeys(references(resolved))
        self.requests.append(Request(each.id, method, route, resolved, key, tuple(needs)))
        self.asked |= {value: None for value in body.values() if type(value) is Pick}

    def value(self, value: Value) -> Value:
        """The tenant's own value, or what stands for it."""
        if type(value) is Ref:
            row = self.matches.rows.get(value.id)
            return value if row is None else int(str(row["id"]))
        if type(value) is Pick:
            return self.to_send.get(value, value)
        return value

    def change(self, each: BookObject, row: Row) -> None:
        """Sends what differs and may be changed, and tells what may not."""
        entity = ENTITIES[each.entity]
        found, idle = self.differences(each, row)
        billed = each.entity == "ContractCharges" and self.billed(row)
        sent: dict[str, Value] = {}
        fixed: list[Difference] = []
        rest: list[Difference] = []
        for one in found:
            known = entity.fields[one.field]
            if one.wanted is None or one.field == "exclusionContractID" or billed:
                rest.append(one)
            elif known.fixed or not entity.updates:
                fixed.append(one)
            else:
                sent[one.field] = one.wanted
        if idle:
            self.remarks.append(say.inactive(each, idle, self.names))
        if fixed:
            self.remarks.append(say.fixed(each, fixed, self.names))
            self.hold(each)
            return
        if rest:
            reason = "it is billed already: nothing changes it any more" if billed else ""
            self.remarks.append(say.by_hand(each, rest, self.names, reason))
        if sent:
            self.send(each, "PATCH", {"id": Ref(each.id), **sent})
        else:
            self.settled.add(each.id)
            self.equal += not (found or idle)

    def billed(self, row: Row) -> bool:
        """Whether a charge is billed, which closes it; what is not known may be."""
        if "isBilled" not in row:
            self.count("ContractCharges", "isBilled")
        return row.get("isBilled") is not False

    def differences(self, each: BookObject, row: Row) -> tuple[list[Difference], list[Difference]]:
        """The fields in which the tenant differs; apart, those that say that it is out of use."""
        found: list[Difference] = []
        idle: list[Difference] = []
        read = FORM[each.entity].fields
        for name, wanted in each.body.items():
            if name not in read or (each.entity, name) in _OWN_LIFE:
                continue
            if name not in row:
                self.count(each.entity, name)
                continue
            alike = self.eyes.alike(wanted, row[name])
            if alike is None and type(wanted) is Pick:
                self.asked[wanted] = None
            if alike is False:
                state = name == "isActive" or (name == "status" and each.entity in _STATES)
                (idle if state else found).append(Difference(name, wanted, row[name]))
        silent = _SILENT.get(each.entity, ()) if each.lane is Lane.API else ()
        for name in silent:
            if name in each.body or self.linked_by_hand(each, name):
                continue
            if name not in row:
                self.count(each.entity, name)
            elif row[name] is not None and not (name == "setupFee" and row[name] == 0):
                found.append(Difference(name, None, row[name]))
        return found, idle

    def linked_by_hand(self, each: BookObject, name: str) -> bool:
        """Whether a person links a contract, because its request could not."""
        by_hand = f"exclusion_contract:{each.id.partition(':')[2]}"
        return name == "exclusionContractID" and by_hand in self.by_id

    def count(self, entity: str, name: str) -> None:
        """One more object of which a field is not known."""
        self.unread[entity, name] = self.unread.get((entity, name), 0) + 1

    # --- units

    def adjust(self, each: BookObject) -> None:
        """Sends the difference between the units that are there and those that should be."""
        service = self.matches.rows.get(service_of(each)[1])
        if service is None:
            self.send(each, "POST", each.body)
            return
        units, have = _units(each), self.sold(each)
        if have == {units}:
            self.settled.add(each.id)
            self.equal += 1
        elif have is not None and len(have) == 1:
            [before] = have
            body = {**each.body, "unitChange": units - before}
            if before:
                body.pop("adjustedUnitPrice", None)
            self.send(each, "POST", body)
        else:
            self.settled.add(each.id)
            days = span(each, self.later)
            self.remarks.append(say.uneven(each, units, have, days.first, self.names))
        if have != {0} or "adjustedUnitPrice" not in each.body:
            self.price(each, service)

    def sold(self, each: BookObject) -> set[int] | None:
        """The units that are there for the days of which an adjustment tells; None if not known."""
        of, service = service_of(each)
        row = self.matches.rows.get(service)
        if row is None:
            return None
        return self.units.held(of, int(str(row["id"])), span(each, self.later))

    def price(self, each: BookObject, service: Row) -> None:
        """Tells where a service on a contract has another price: no request changes it."""
        if each.entity != "ContractServiceAdjustments":
            return
        wanted = each.body.get("adjustedUnitPrice")
        if wanted is None:
            wanted = self.list_price(each)
        if "unitPrice" not in service:
            self.count("ContractServices", "unitPrice")
        elif wanted is not None and self.eyes.alike(wanted, service["unitPrice"]) is False:
            different = Difference("unitPrice", wanted, service["unitPrice"])
            on = self.by_id[service_of(each)[1]]
            self.remarks.append(say.by_hand(on, [different], self.names))

    def list_price(self, each: BookObject) -> Decimal | None:
        """The price of a service that is sold at the list's, in the client's currency."""
        shared = self.book.declared.shared
        service = shared.services[each.id.rpartition("/")[2]]
        if not isinstance(service, Service):
            return None
        day = max(span(each, self.later).first, self.book.as_of)
        return amount(service.price, day, self.currencies[each.client])

    # --- what others make

    def otherwise(self, each: BookObject) -> None:
        """What a person or an import makes: whether it is there, and whether it is as it should."""
        word = each.id.partition(":")[0]
        if word in ("contract_category", "ledger"):
            self.listed(each, word)
            return
        row = self.matches.rows.get(each.id)
        if word == "exclusion_contract":
            row = self.matches.rows.get(f"contract:{each.id.partition(':')[2]}")
        doubt = self.matches.doubts.get(each.id)
        if each.parent in self.held:
            self.held[each.id] = None
        elif doubt is not None:
            self.tell_doubt(each)
            if doubt.why is not Why.UNREAD:
                self.held[each.id] = None
        elif row is None:
            if word in TENANTS:
                self.remarks.append(say.nowhere(each, self.names))
            elif each.entity.endswith("Adjustments") and self.sold(each) == {_units(each)}:
                self.settled.add(each.id)
        elif word in ("exclusion_contract", "price"):
            if all(self.eyes.alike(value, row.get(name)) for name, value in each.body.items()):
                self.settled.add(each.id)
        else:
            self.settled.add(each.id)
            self.tell_differences(each, row)

    def listed(self, each: BookObject, word: str) -> None:
        """A value of a list, which a person adds to it."""
        entity, name = {
            "contract_category": ("Contracts", "contractCategory"),
            "ledger": ("BillingCodes", "generalLedgerAccount"),
        }[word]
        if self.to_send.get(Pick(entity, name, each.id.partition(":")[2])) is not None:
            self.settled.add(each.id)

    def tell_differences(self, each: BookObject, row: Row) -> None:
        """Tells what a person has to change about something that is there."""
        if each.day is not None:
            return  # it is made later, and is there early
        found, idle = self.differences(each, row)
        if each.id.startswith("work_type:"):
            found += self.rate_method(each, row)
        if idle:
            self.remarks.append(say.inactive(each, idle, self.names))
        if found:
            self.remarks.append(say.by_hand(each, found, self.names))

    def rate_method(self, each: BookObject, row: Row) -> Iterator[Difference]:
        """How a work type changes the role's rate, if otherwise: it has an entity of its own."""
        shared, as_of = self.book.declared.shared, self.book.as_of
        currency = shared.settings.currency
        work_type = shared.catalogue.the(WorkType, each.id.partition(":")[2])
        own = self.names.by_id("WorkTypeModifiers").get(row["id"], {})
        body = modifier(work_type, as_of, currency)
        unread = [name for name in body if name not in own]
        for name in unread:
            self.count("WorkTypeModifiers", name)
        if not unread and not all(self.eyes.alike(body[name], own[name]) for name in body):
            wanted = method(work_type.rate, as_of, currency)
            yield Difference("rate", wanted, method_words(own, currency))

    # --- what is told of the whole

    def tell_doubt(self, each: BookObject) -> None:
        """Tells of several objects, or of an entity that was not read; what hangs is silent."""
        doubt = self.matches.doubts[each.id]
        if doubt.why is Why.UNREAD:
            self.missing[each.entity] = self.missing.get(each.entity, 0) + 1
        elif doubt.why is not Why.HANGS:
            self.remarks.append(say.several(each, doubt, self.names))

    def tell_lists(self) -> None:
        """Tells which labels the tenant's lists do not have, among those that were asked for."""
        by_hand = {each.name for each in self.objects if each.id.startswith("contract_category:")}
        for found in self.lists:
            pick = found.pick
            if found.value is not None or pick not in self.asked:
                continue
            if not found.read:
                self.unread.setdefault((pick.entity, pick.field), 0)
            elif found.found and not any(one.active for one in found.found):
                self.remarks.append(say.idle_label(found))
            elif not (pick.field == "contractCategory" and pick.label in by_hand):
                self.remarks.append(say.no_label(found))

    def tell_strays(self) -> None:
        """Tells what the tenant has beyond the catalogue."""
        active = self.eyes.picks.get(Pick("Contracts", "status", "Active"))
        found = Strays(self.snapshot, self.matches, self.names, self.units, self.book.as_of, active)
        known = [each for each in self.objects if each.id not in self.held]
        self.remarks.extend(found.remarks(known, self.book.ended))

    def tell_sets(self) -> None:
        """Tells where the tenant's own exclusion sets leave no room for those of the catalogue."""
        own = sum(each.entity == "ContractExclusionSets" for each in self.objects)
        others = [
            row
            for row in self.snapshot.objects.get("ContractExclusionSets", ())
            if row.get("isActive") is not False
            and ("ContractExclusionSets", row["id"]) not in self.matches.taken
        ]
        if own + len(others) > MOST_SETS >= own:
            self.remarks.append(say.too_many_sets(own, len(others), MOST_SETS))

    def tell_unread(self) -> None:
        """Tells what the snapshot leaves open."""
        for (entity, name), count in self.unread.items():
            if count:
                self.remarks.append(say.unread_field(entity, name, count))
            else:
                self.remarks.append(say.unread_list(entity, name))
        sent = [each for each in self.objects if each.lane is Lane.API]
        needed = {each.entity for each in sent}
        for each in sent:
            known = FORM[each.entity].fields if each.entity in FORM else {}
            needed.update(known[name].refers_to for name in each.key if name in known)
        for entity, count in self.missing.items():
            told = say.incomplete if entity in needed else say.unread_objects
            self.remarks.append(told(entity, count))
        here = {each.entity for each in self.objects if each.id in self.matches.rows}
        for entity in HANGING:
            parent = ENTITIES[entity].parent
            read = entity in self.snapshot.objects or entity in self.missing
            if parent in here and not read:
                self.remarks.append(say.unread_entity(entity, FORM[entity].why))
