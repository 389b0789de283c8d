"""A tenant carried over from one catalogue to another, against one that was set up afresh."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing_dsl.targets._book import Book
from billing_dsl.targets._lanes import BookObject, Lane
from billing_dsl.tenant.form import FORM
from tests.unit.tenant.fake import Json, Tenant
from tests.unit.tenant.trying import Met, bundle, by_hand, first_set_up, met, prices, set_up

EMPTY_MEANS_NONE = {
    "Contracts": (
        "exclusionContractID",
        "contractExclusionSetID",
        "overageBillingRate",
        "setupFee",
    ),
    "ContractServiceBundles": ("adjustedPrice",),
    "ContractBlockHourFactors": ("contractHourlyRate",),
}
NAMES = {
    "BillingCodes": "name",
    "Countries": "countryCode",
    "Currencies": "name",
    "Resources": "email",
    "TaxCategories": "name",
    "TaxRegions": "name",
}
"""What is known by its name alone."""

OWN_LIFE = {("ContractMilestones", "status"), ("ContractTicketPurchases", "isPaid")}
ON = {
    "ContractExclusionSets": {
        "ContractExclusionSetExcludedWorkTypes": "contractExclusionSetID",
        "ContractExclusionSetExcludedRoles": "contractExclusionSetID",
    },
    "ServiceBundles": {"ServiceBundleServices": "serviceBundleID"},
    "Contracts": dict.fromkeys(
        (
            "ContractExclusionBillingCodes",
            "ContractExclusionRoles",
            "ContractServices",
            "ContractServiceBundles",
            "ContractBlocks",
            "ContractRetainers",
            "ContractTicketPurchases",
            "ContractMilestones",
            "ContractRates",
            "ContractBlockHourFactors",
        ),
        "contractID",
    ),
}


@dataclass(frozen=True)
class Side:
    """A tenant, and the number in it of each object of the book."""

    tenant: Tenant
    numbers: dict[str, int]

    def row(self, each: BookObject) -> Json:
        return self.tenant.objects[each.entity][self.numbers[each.id]]

    def said(self, entity: str, name: str, value: Any) -> Any:
        """A value with the book's ids in place of the tenant's numbers."""
        known = FORM[entity].fields.get(name)
        to = known.refers_to if known is not None else ""
        if not to or value is None:
            return value
        to = "BillingCodes" if to == "WorkTypeModifiers" else to  # their numbers are the same
        if to in NAMES:
            return self.tenant.objects[to][value][NAMES[to]]
        for object_id, number in self.numbers.items():
            if number == value and number in self.tenant.objects[to]:
                return object_id
        return f"{to}#{value}"


def carry_over(first: Book, second: Book) -> tuple[Met, Side, Side]:
    """A tenant of the first catalogue brought to the second, and one of the second alone."""
    old = set_up(first)
    found = met(second, old)
    by_hand(second, old)
    made = old.carry_out(found.bundle)
    sending = found.compilation.sending
    assert sending is not None
    fresh = first_set_up(second)
    numbers = fresh.carry_out(bundle(second))
    prices(second, fresh)
    everything = met(second, fresh).compilation.sending
    assert everything is not None
    return (
        found,
        Side(old, {**made, **sending.ids}),
        Side(fresh, {**numbers, **everything.ids}),
    )


def check(first: Book, second: Book) -> Counter[str]:
    """Everything is as on a fresh tenant, or is told, each thing exactly once; nothing else is."""
    found, old, fresh = carry_over(first, second)
    told = [thing for remark in found.remarks for thing in remark.things]
    assert len(told) == len(set(told)), [thing for thing, n in Counter(told).items() if n > 1]
    sending = found.compilation.sending
    assert sending is not None
    held = set(sending.held)
    objects = [each for each in second.objects if each.day is None]
    sent = {request["id"] for request in found.bundle["requests"]}
    differing: set[str] = set()
    either: set[str] = set()
    for each in objects:
        if each.id in held:
            continue
        if each.entity.endswith("Adjustments"):
            if each.lane is Lane.API:
                differing.update(units(each, old, fresh, second))
                if over(each, first):
                    either.add(f"{each.id}.unitChange")
                if listed(each, told, second):
                    either.add(price_of(each))
                elif price(each, old) != price(each, fresh):
                    differing.add(price_of(each))
        elif each.id.startswith("price:"):
            if each.id in old.numbers:
                alike = not list(fields(each, old, fresh))
                assert alike == (each.id in sending.settled), each.id
        elif each.lane is Lane.API or each.id in sending.ids:
            differing.update(fields(each, old, fresh))
            if each.id.startswith("work_type:"):
                have, want = (rate_method(each, side) for side in (old, fresh))
                if have[0] != want[0] or want[1] not in (None, have[1]):
                    differing.add(f"{each.id}.rate")
    by_hand = {each.id.partition(":")[2] for each in objects if "exclusion_contract:" in each.id}
    differing -= {f"contract:{name}.exclusionContractID" for name in by_hand}
    numbers = {n for one in found.of("BD515") for n in re.findall(r"\d{4,}", one.message)}
    strays = {thing for thing in beyond(objects, held, old, second) if thing[-4:] not in numbers}
    about = [remark for remark in found.remarks if remark.code in ("BD516", "BD517", "BD518")]
    rest = {thing for remark in about for thing in remark.things} - differing - strays - either
    # What a person makes beside the requests is not on the fresh tenant: nothing to compare with.
    beside = {each.id for each in objects if each.id not in fresh.numbers}
    rest = {thing for thing in rest if thing.rpartition(".")[0] not in beside}
    assert differing | strays <= set(told), (differing | strays) - set(told)
    causes = {remark.object for code in ("BD515", "BD516") for remark in found.of(code)}
    for thing in rest:
        assert thing.partition(".")[0] in causes or thing in causes, thing
    assert bool(held) == bool(causes), (held, causes)
    assert not held & sent
    assert not found.of("BD511")
    assert not found.of("BD514")
    in_order(found.bundle)
    return Counter(remark.code for remark in found.remarks)


def fields(each: BookObject, old: Side, fresh: Side) -> Iterator[str]:
    """The fields in which an object differs from that of a fresh tenant."""
    assert each.id in old.numbers, each.id
    if each.id not in fresh.numbers:
        return
    before, after = old.row(each), fresh.row(each)
    names = each.body if each.lane is Lane.API else [n for n in after if after[n] is not None]
    silent = EMPTY_MEANS_NONE.get(each.entity, ()) if each.lane is Lane.API else ()
    for name in (*names, *silent):
        if (each.entity, name) in OWN_LIFE or name == "id":
            continue
        if name == "setupFee" and not before.get(name) and name not in each.body:
            continue  # no fee is none, and so is a fee of nothing
        have = old.said(each.entity, name, before.get(name))
        want = fresh.said(each.entity, name, after.get(name))
        if have != want:
            yield f"{each.id}.{name}"


def rate_method(each: BookObject, side: Side) -> tuple[Any, Any]:
    own = side.tenant.objects["WorkTypeModifiers"][side.numbers[each.id]]
    return own["modifierType"], own["modifierValue"]


def units(each: BookObject, old: Side, fresh: Side, second: Book) -> Iterator[str]:
    """Whether units, or the price of a service, differ on the days of which the book tells."""
    bundle = "Bundle" if "Bundle" in each.entity else ""
    service = each.body[f"contractService{bundle}ID"]
    entity = f"ContractService{bundle}s"
    object_id = getattr(service, "id", "")
    day = each.body["effectiveDate"]
    assert isinstance(day, date)
    numbers = old.numbers[object_id], fresh.numbers[object_id]
    later = [c.day for c in second.changes if c.object == each.id and c.method == "POST"]
    last = min(later, default=day + timedelta(days=1500))
    while day < last:
        have = old.tenant.units(entity, numbers[0], day)
        if have != fresh.tenant.units(entity, numbers[1], day):
            yield f"{each.id}.unitChange"
            break
        day += timedelta(days=1)


def over(each: BookObject, first: Book) -> bool:
    """Whether the contract as it was had ended before the days of which the book tells.

    What units it has once it is prolonged is not in what was read of it, so a person has to look.
    """
    day = each.body["effectiveDate"]
    ends = [one.body["endDate"] for one in first.objects if one.id == each.parent]
    assert isinstance(day, date)
    return any(isinstance(end, date) and end < day for end in ends)


def listed(each: BookObject, told: list[str], second: Book) -> bool:
    """Whether the price of a service follows one that a person has yet to change."""
    shared = second.declared.shared
    service = each.id.rpartition("/")[2]
    [client] = [view.client for view in second.clients if view.client.name == each.client]
    foreign = client.currency != shared.settings.currency
    other = foreign or f"service:{service}.unitPrice" in told
    return other and "adjustedUnitPrice" not in each.body


def price_of(each: BookObject) -> str:
    return f"contract_{each.id.replace('units', 'service')}.unitPrice"


def price(each: BookObject, side: Side) -> Any:
    """The price of a service on its contract, as far as it is a field there."""
    if "Bundle" in each.entity:
        return None
    number = side.numbers[price_of(each).partition(".")[0]]
    return side.tenant.objects["ContractServices"][number]["unitPrice"]


def beyond(objects: list[BookObject], held: set[str], old: Side, second: Book) -> Iterator[str]:
    """What the tenant has on objects of the book, and the book has not."""
    as_of = str(second.as_of)
    ours = {
        (each.entity, old.numbers[each.id])
        for each in second.objects
        if each.id in old.numbers and each.key
    }
    for each in objects:
        if each.id in held or each.id not in old.numbers:
            continue
        number = old.numbers[each.id]
        for entity, of in ON.get(each.entity, {}).items():
            for own, row in old.tenant.objects[entity].items():
                if row[of] != number or (entity, own) in ours:
                    continue
                ends = row.get("endDate") or row.get("dateDue")
                if ends is not None and ends[:10] < as_of:
                    continue
                if entity.startswith("ContractService"):
                    days = [day for day, _ in old.tenant.changes.get((entity, own), [])]
                    days = [second.as_of, *(day for day in days if day > second.as_of)]
                    if not any(old.tenant.units(entity, own, day) for day in days):
                        continue
                yield f"{entity}#{own}"
        if each.entity == "Companies":
            for own, row in old.tenant.objects["Contracts"].items():
                mine = row["companyID"] == number and ("Contracts", own) not in ours
                if mine and row["endDate"][:10] >= as_of:
                    yield f"Contracts#{own}"


def in_order(bundle: Json) -> None:
    """Everything comes after what it needs, an exclusion contract before what points to it."""
    made: set[str] = set()
    every = {request["id"] for request in bundle["requests"]}
    assert len(every) == len(bundle["requests"])
    for request in bundle["requests"]:
        link = request["body"].get("exclusionContractID")
        if isinstance(link, dict):
            assert link["$ref"] in made, request["id"]
        assert set(request["needs"]) & every <= made, request["id"]
        made.add(request["id"])
