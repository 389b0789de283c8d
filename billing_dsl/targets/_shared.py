"""What clients share, as Autotask should hold it: lists, roles, work types, services, sets."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import assert_never

from billing_dsl.analysis.views import Declared
from billing_dsl.book.contract import SetUse
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, RateMethod, RoleRate, Times, WorkType
from billing_dsl.model.money import Price, starts
from billing_dsl.targets._contracts import (
    NO_SUB_ISSUES,
    PERIODS,
    PURCHASE_CODES,
    SETUP_FEE_CODE,
    TYPES,
    Account,
    set_id,
)
from billing_dsl.targets._imports import amount, organization, screens, service, user_defined
from billing_dsl.targets._in_short import Asked, SetInUse
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._objects import BookObject, Draft, Lane, placed
from billing_dsl.targets._values import Pick, Ref, Value, plain, price

NO_API = "the API can only read them"
NAME_ONLY = "the catalogue knows no more than its name"
NO_ENTITY = "the API cannot reach them"
ACTIVE_BY_DEFAULT = (ContractType.TIME_AND_MATERIALS, ContractType.RECURRING_SERVICE)


def names(declared: Declared) -> dict[str, str]:
    """What Autotask calls work types, roles and sub-issues, by their ids."""
    shared = declared.shared
    return {
        **{f"work_type:{found.name}": found.title for found in shared.work_types},
        **{f"role:{found.name}": found.autotask_name for found in shared.roles},
        **{f"sub_issue:{f.name}": f"{f.issue} > {f.title}" for f in shared.sub_issues},
    }


def declared_names(declared: Declared) -> dict[str, str]:
    """What Autotask calls whatever all clients may speak of, by its id."""
    codes = _billing_codes(declared, fees=True, types=PURCHASE_CODES)
    objects = (*work_types(declared), *roles(declared), *services(declared), *codes)
    return {
        **names(declared),
        **{each.id: each.name for each in objects},
        **{found.id: found.name for found in _declared_sets(declared)},
    }


def sets_of(account: Account) -> Iterable[SetInUse]:
    """The exclusion sets of a client's contracts, those of ended ones too, each once."""
    found: dict[str, SetInUse] = {}
    for contract in account.contracts:
        for phase in contract.phases:
            use = phase.set_use
            if use is not None:
                object_id = set_id(phase, use)
                if object_id not in found:
                    found[object_id] = in_use(object_id, use)
    return found.values()


def in_use(object_id: str, use: SetUse) -> SetInUse:
    """An exclusion set as contracts carry it."""
    inner = use.excludes
    return SetInUse(
        object_id,
        use.name,
        inner.work_types,
        inner.roles,
        inner.sub_issues,
        use.tier,
        use.contract,
        use.own,
    )


def known_sets(declared: Declared, carried: Iterable[SetInUse]) -> Mapping[str, SetInUse]:
    """The exclusion sets that must exist: those declared, and those that contracts carry now or
    later, so that a later change of tier needs nothing but a new pointer.
    """
    found: dict[str, SetInUse] = {}
    for one in (*_declared_sets(declared), *carried):
        found.setdefault(one.id, one)
    return dict(sorted(found.items()))


def _declared_sets(declared: Declared) -> Iterator[SetInUse]:
    for own in declared.shared.catalogue.all(ExclusionSet):
        yield SetInUse(
            f"exclusion_set:{own.name}", own.title, own.work_types, own.roles, own.sub_issues
        )


def lists(declared: Declared, asked: Iterable[Asked]) -> Iterator[BookObject]:
    """The lists of the tenant that everything else chooses from: a person looks after them."""
    asked = set(asked)
    types = {kind for one in asked for kind in one.contract_types}
    for kind in TYPES:
        if kind in types and kind not in ACTIVE_BY_DEFAULT:
            yield _listed(f"contract_type:{kind}", "", TYPES[kind], {}, NO_ENTITY)
    for category in sorted({category for one in asked for category in one.categories}):
        yield _listed(f"contract_category:{category}", "", category, {}, NO_ENTITY)
    yield from _billing_codes(declared, any(one.setup_fee for one in asked), types)
    for region in sorted({one.tax_region for one in asked} - {""}):
        yield _listed(f"tax_region:{region}", "TaxRegions", region, {"name": region}, NAME_ONLY)
    for category in sorted({found.tax_category for found in declared.shared.work_types} - {""}):
        yield _listed(
            f"tax_category:{category}", "TaxCategories", category, {"name": category}, NAME_ONLY
        )
    for ledger in sorted({found.ledger for found in declared.shared.work_types} - {""}):
        yield _listed(f"ledger:{ledger}", "", ledger, {}, NO_ENTITY)
    for sub_issue in declared.shared.sub_issues:
        yield BookObject(
            f"sub_issue:{sub_issue.name}",
            "",
            Lane.MANUAL,
            sub_issue.title,
            values=(Entry("issue", sub_issue.issue),),
            reasons=(NO_ENTITY,),
        )


def _billing_codes(declared: Declared, fees: bool, types: Container[str]) -> Iterator[BookObject]:
    codes = {found.billing_code for found in declared.shared.services.values()} - {""}
    for code in sorted(codes):
        key: dict[str, Value] = {"name": code, "useType": 5}
        what = (Entry("kind", "", "a recurring service billing code"),)
        yield _listed(f"billing_code:service/{code}", "BillingCodes", code, key, NO_API, what)
    called = declared.shared.settings.labels.get("BillingCodes.name", {})
    for kind, code in PURCHASE_CODES.items():
        if kind in types:
            purchases = f"a material code, for purchases on {TYPES[kind]} contracts"
            what = (Entry("kind", "", purchases),)
            object_id, own = f"billing_code:purchase/{kind}", called.get(code, code)
            yield _listed(object_id, "BillingCodes", own, {"name": own}, NO_API, what)
    if fees:
        fee = "for the set-up fees of contracts (unverified: a material code)"
        what = (Entry("kind", "", fee),)
        own = called.get("Setup Fee", "Setup Fee")
        yield _listed(SETUP_FEE_CODE, "BillingCodes", own, {"name": own}, NO_API, what)


def _listed(
    object_id: str,
    entity: str,
    name: str,
    key: Mapping[str, Value],
    reason: str,
    values: tuple[Entry, ...] = (),
) -> BookObject:
    return BookObject(
        object_id, entity, Lane.MANUAL, name, key=key, values=values, reasons=(reason,)
    )


def work_types(declared: Declared) -> Iterator[BookObject]:
    """Work types: query-only for the API, and in no import file; and their prices in further
    currencies.
    """
    by_name = {found.name: found for found in declared.shared.work_types}
    for found in declared.shared.work_types:
        after = by_name.get(found.after_hours)
        yield BookObject(
            f"work_type:{found.name}",
            "BillingCodes",
            Lane.MANUAL,
            found.title,
            key={"name": found.title, "useType": 1},
            values=tuple(_work_type_values(declared, found, after)),
            reasons=(NO_API,),
            day=found.start if found.start is not None and found.start > declared.as_of else None,
        )
        own = price_of(found.rate)
        if own is not None:
            day = max(declared.as_of, found.start or declared.as_of)
            currency = declared.shared.settings.currency
            yield from _price_list(
                "PriceListWorkTypeModifiers", "work_type", found, own, day, currency
            )


def _work_type_values(
    declared: Declared, found: WorkType, after: WorkType | None
) -> Iterator[Entry]:
    day = max(declared.as_of, found.start or declared.as_of)
    yield Entry("description", found.description)
    # No field of Autotask's: it tells whoever works down the list which sort this is.
    yield Entry("class", f"{found.billing_class}, in the catalogue alone")
    yield Entry("billable", "yes" if found.billable else "no")
    yield Entry("rate", method(found.rate, day, declared.shared.settings.currency))
    if found.minimum_hours is not None:
        yield Entry("minimum hours", plain(found.minimum_hours))
    if found.maximum_hours is not None:
        yield Entry("maximum hours", plain(found.maximum_hours))
    if after is not None:
        yield Entry("after-hours work type", after.title)
    if found.tax_category:
        yield Entry("tax category", found.tax_category)
    if found.ledger:
        yield Entry("general ledger account", found.ledger)
    if found.external_number:
        yield Entry("external number", found.external_number)


def method(rate: RateMethod, day: date, currency: str, others: bool = False) -> str:
    """A rate method in Autotask's words, with its amount; if asked for, those of further currencies
    in brackets.
    """
    match rate:
        case RoleRate():
            return "use the role rate"
        case Plus(more):
            amount = _amounts(more, day, currency, others)
            return f"role rate plus or minus an amount: {amount}"
        case Times(factor):
            return f"role rate multiplied by {plain(factor)}"
        case Fixed(own):
            return f"custom hourly rate of {_amounts(own, day, currency, others)}"
        case Flat(entry):
            return f"flat rate of {_amounts(entry, day, currency, others)} per time entry"
        case unexpected:
            assert_never(unexpected)


def methods(rate: RateMethod, currency: str) -> Iterator[tuple[date | None, str]]:
    """A rate method in words, again from each day on which the words change."""
    own = price_of(rate)
    before = ""
    for start in starts(own) or [None]:
        words = method(rate, start or date.min, currency, others=True)
        if words != before:
            yield start, words
        before = words


def price_of(rate: RateMethod) -> Price | None:
    """The price that a rate method has of its own; None where it goes by the role alone."""
    match rate:
        case Plus(price) | Fixed(price) | Flat(price):
            return price
        case _:
            return None


def _amounts(found: Price, day: date, currency: str, others: bool) -> str:
    on_day = found.on(day)
    amounts = found.steps[0].amounts if on_day is None else on_day
    own = price(amounts[currency], currency) if currency in amounts else f"nothing in {currency}"
    listed = [price(amounts[name], name) for name in sorted(amounts) if name != currency]
    return f"{own} ({', '.join(listed)} in the price list)" if others and listed else own


def roles(declared: Declared) -> Iterator[BookObject]:
    """Roles, and their prices in further currencies."""
    currency = declared.shared.settings.currency
    for role in declared.shared.roles:
        day = max(declared.as_of, role.start or declared.as_of)
        hourly = amount(role.rate, day, currency)
        body: dict[str, Value] = {"name": role.autotask_name}
        if hourly is not None:
            body["hourlyRate"] = hourly
        body |= {"hourlyFactor": role.block_factor, "isActive": True}
        key: dict[str, Value] = {"name": role.autotask_name}
        yield placed(Draft(f"role:{role.name}", "Roles", role.autotask_name, "", "", body, key))
        yield from _price_list("PriceListRoles", "role", role, role.rate, day, currency)


def _price_list(
    entity: str,
    word: str,
    owner: Role | Service | ServiceBundle | WorkType,
    prices: Price,
    day: date,
    currency: str,
) -> Iterator[BookObject]:
    """Prices in other currencies than the house's: rows that Autotask makes and a person fills."""
    title = owner.autotask_name if isinstance(owner, Role) else owner.title
    known = {currency}
    later = [None, *sorted(cut for cut in prices.changes() if cut > day)]
    for cut in later:
        amounts = prices.on(cut or day) or prices.steps[0].amounts
        for other in sorted(set(amounts) - known):
            known.add(other)
            yield BookObject(
                f"price:{word}/{owner.name}/{other}",
                entity,
                Lane.MANUAL,
                f"{title} in {other}",
                values=(Entry("price", price(amounts[other], other)),),
                reasons=("its row in the price list is made by Autotask",),
                day=cut,
            )


def services(declared: Declared) -> Iterator[BookObject]:
    """Services before the bundles that hold them, and their prices in further currencies."""
    shared = declared.shared
    for found in shared.services.values():
        if isinstance(found, Service):
            yield _service(declared, found)
            yield from _price_list(
                "PriceListServices",
                "service",
                found,
                found.price,
                declared.as_of,
                shared.settings.currency,
            )
    for found in shared.services.values():
        if isinstance(found, ServiceBundle):
            yield from _bundle(declared, found)


def _service(declared: Declared, found: Service) -> BookObject:
    shared, day = declared.shared, declared.as_of
    currency = shared.settings.currency
    object_id, key = f"service:{found.name}", {"name": found.title}
    body = service_body(found, day, currency)
    draft = Draft(object_id, "Services", found.title, "", "", body, key)
    if shared.settings.lanes["services"] == "api":
        made = placed(draft)
        return made._replace(values=(*made.values, *user_defined(found.udf)))
    row = service(found, day, screens(declared))
    if row.reasons:
        made = placed(draft._replace(refused="; ".join(row.reasons)))
        values = (*made.values, *user_defined(found.udf))
        return made._replace(reasons=row.reasons, values=values)
    return BookObject(object_id, "Services", Lane.IMPORT, found.title, key=key, values=row.left)


def service_body(found: Service, day: date, currency: str) -> dict[str, Value]:
    """A service as the API would make it."""
    body = _sold(found, amount(found.price, day, currency))
    cost = amount(found.cost, day, currency) if found.cost is not None else None
    if cost is not None:
        body["unitCost"] = cost
    return body


def _sold(found: Service | ServiceBundle, unit_price: Decimal | None) -> dict[str, Value]:
    entity = "ServiceBundles" if isinstance(found, ServiceBundle) else "Services"
    body: dict[str, Value] = {"name": found.title}
    if found.invoice_description:
        body["invoiceDescription"] = found.invoice_description
    if found.billing_code:
        body["billingCodeID"] = Ref(f"billing_code:service/{found.billing_code}")
    body["periodType"] = Pick(entity, "periodType", PERIODS[found.period])
    if unit_price is not None:
        body["unitPrice"] = unit_price
    body["isActive"] = True
    return body


def _bundle(declared: Declared, found: ServiceBundle) -> Iterator[BookObject]:
    """A bundle, for which there is no import file, and the services in it."""
    shared, day = declared.shared, declared.as_of
    currency = shared.settings.currency
    object_id = f"service:{found.name}"
    own = amount(found.price, day, currency) if found.price is not None else None
    body = _sold(found, own)
    yield placed(
        Draft(object_id, "ServiceBundles", found.title, "", "", body, {"name": found.title})
    )
    for name in found.services:
        pair: dict[str, Value] = {
            "serviceBundleID": Ref(object_id),
            "serviceID": Ref(f"service:{name}"),
        }
        title = shared.services[name].title
        row = Draft(
            f"bundle_row:{found.name}/{name}",
            "ServiceBundleServices",
            title,
            "",
            object_id,
            pair,
            pair,
        )
        nested = isinstance(shared.services[name], ServiceBundle)
        refused = "Autotask takes services into a bundle, not bundles" if nested else ""
        yield placed(row._replace(refused=refused))
    if found.price is not None:
        yield from _price_list(
            "PriceListServiceBundles", "service", found, found.price, day, currency
        )


def companies(
    declared: Declared,
    clients: Mapping[str, Client],
    ordered: Iterable[str],
    ringed: frozenset[str],
) -> Iterator[BookObject]:
    """Organizations, parents before subsidiaries; in a ring of parents one goes without."""
    for name in ordered:
        client = clients[name]
        parent = clients.get(client.parent)
        yield _company(declared, client, parent, ringed=name in ringed)


def _company(declared: Declared, client: Client, parent: Client | None, ringed: bool) -> BookObject:
    settings = declared.shared.settings
    object_id = f"company:{client.name}"
    key: dict[str, Value] = {"companyName": client.organization}
    if client.number:
        key = {"companyNumber": client.number}
    values: tuple[Entry, ...] = ()
    if parent is not None and ringed:
        note = "a ring of parents cannot be made at once"
        values = (Entry(label("parentCompanyID"), parent.organization, note),)
        parent = None
    refused, row = "", None
    if settings.lanes["companies"] == "import":
        row = organization(client, parent.organization if parent else "", screens(declared))
        if not row.reasons:
            return BookObject(
                object_id,
                "Companies",
                Lane.IMPORT,
                client.organization,
                client.name,
                key=key,
                values=(*row.left, *values),
            )
        refused = "; ".join(row.reasons)
    elif client.owner and "@" not in client.owner:
        refused = f"its owner {client.owner} is no e-mail address, by which the API finds people"
    draft = Draft(
        object_id,
        "Companies",
        client.organization,
        client.name,
        "",
        company_body(client, parent),
        key,
        refused=refused,
    )
    made = placed(draft)
    reasons = made.reasons if row is None else row.reasons
    values = (*made.values, *user_defined(client.udf), *values)
    return made._replace(reasons=reasons, values=values)


def company_body(client: Client, parent: Client | None) -> dict[str, Value]:
    """A client as the API would make it."""
    body: dict[str, Value] = {"companyName": client.organization}
    if client.number:
        body["companyNumber"] = client.number
    body["companyType"] = Pick("Companies", "companyType", "Customer")
    if client.owner:
        body["ownerResourceID"] = Ref(f"resource:{client.owner}")
    told = {
        "phone": client.phone,
        "address1": client.address.get("street", ""),
        "address2": client.address.get("street2", ""),
        "city": client.address.get("city", ""),
        "state": client.address.get("state", ""),
        "postalCode": client.address.get("postal_code", ""),
        "taxID": client.tax_id,
    }
    body |= {field: value for field, value in told.items() if value}
    if client.country:
        body["countryID"] = Ref(f"country:{client.country}")
    body["currencyID"] = Ref(f"currency:{client.currency}")
    if client.tax_region:
        body["taxRegionID"] = Ref(f"tax_region:{client.tax_region}")
    if parent is not None:
        body["parentCompanyID"] = Ref(f"company:{parent.name}")
    body["isActive"] = True
    return body


def exclusion_set(found: SetInUse) -> BookObject:
    """An exclusion set without its rows."""
    body: dict[str, Value] = {"name": found.name, "isActive": True}
    key: dict[str, Value] = {"name": found.name}
    return placed(Draft(found.id, "ContractExclusionSets", found.name, "", "", body, key))


def exclusion_sets(sets: Mapping[str, SetInUse], known: Mapping[str, str]) -> Iterator[BookObject]:
    """Exclusion sets, each with its rows; sub-issues of a set have no entity."""
    yield from map(exclusion_set, sets.values())
    for object_id, content in sets.items():
        inner = object_id.partition(":")[2]
        for dimension, entity, field, excluded in (
            (
                "work_type",
                "ContractExclusionSetExcludedWorkTypes",
                "excludedWorkTypeID",
                content.work_types,
            ),
            ("role", "ContractExclusionSetExcludedRoles", "excludedRoleID", content.roles),
            ("sub_issue", "", "", content.sub_issues),
        ):
            for name in excluded:
                pair: dict[str, Value] = {"contractExclusionSetID": Ref(object_id)}
                if field:
                    pair[field] = Ref(f"{dimension}:{name}")
                yield placed(
                    Draft(
                        f"exclusion_set_row:{inner}/{dimension}/{name}",
                        entity,
                        known[f"{dimension}:{name}"],
                        "",
                        object_id,
                        pair,
                        pair,
                        refused="" if entity else NO_SUB_ISSUES,
                    )
                )
