"""One contract as Autotask should hold it on a day: itself and everything that hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.agreed import list_price
from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.book import FamilyBook
from billing_dsl.book.contract import Contract, Phase, SetUse
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import NOWHERE, ContractType
from billing_dsl.kinds.agreement import TierException, UnitStep
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Period
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.money import Price
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._objects import Draft
from billing_dsl.targets._values import Body, Pick, Ref, Value, days, iso, plain

TYPES: Mapping[ContractType, str] = {
    ContractType.RECURRING_SERVICE: "Recurring Service",
    ContractType.BLOCK_HOURS: "Block Hours",
    ContractType.TIME_AND_MATERIALS: "Time & Materials",
    ContractType.FIXED_PRICE: "Fixed Price",
    ContractType.RETAINER: "Retainer",
    ContractType.PER_TICKET: "Per Ticket",
}
"""Autotask's words for contract types (CONTRACTSMAIN)."""

PERIODS: Mapping[Period, str] = {
    Period.MONTHLY: "Monthly",
    Period.QUARTERLY: "Quarterly",
    Period.SEMI_ANNUAL: "Semi-Annual",
    Period.YEARLY: "Yearly",
}
"""Autotask's words for periods (Services_Import)."""

PURCHASE_CODES: Mapping[ContractType, str] = {
    ContractType.BLOCK_HOURS: "Block Purchase",
    ContractType.RETAINER: "Retainer Purchase",
    ContractType.PER_TICKET: "Incident Purchase",
}
"""The only material codes that charges of prepaid contracts may carry (ContractChargesEntity)."""

SETUP_FEE_CODE = "billing_code:setup-fee"

RATED = (ContractType.TIME_AND_MATERIALS, ContractType.FIXED_PRICE, ContractType.RETAINER)
"""The types that take rates for roles (ContractRatesEntity)."""

NO_SUB_ISSUES = "the API has no exclusions of sub-issues"

_ACTIVE = Pick("Contracts", "status", "Active")
_BLOCK_ACTIVE = Pick("ContractBlocks", "status", "Active")
_OPERATIONAL = Pick("ContractCharges", "chargeType", "Operational")
_TYPE_PICKS = {kind: Pick("Contracts", "contractType", label) for kind, label in TYPES.items()}
_PERIOD_PICKS = {
    period: Pick("Contracts", "contractPeriodType", label) for period, label in PERIODS.items()
}

T = TypeVar("T")

ALWAYS = frozenset({"unitChange", "billingCodeID", "contractServiceID", "contractServiceBundleID"})


@dataclass(frozen=True, slots=True)
class Agreed:
    """A rate somebody has agreed on; the amount is None where it is not in the currency."""

    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Account:
    """One client, and what its contracts need to know of each other.

    `default` is the id of its default contract on the day that requests describe. `carriers` tell
    for each agreement and service which contract sells it, empty where there is none.
    """

    view: ClientCoverage
    contracts: tuple[Contract, ...]
    default: str
    carriers: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    """What Autotask calls work types, roles and sub-issues, by their ids."""

    @property
    def currency(self) -> str:
        """The currency in which the client is billed."""
        return self.view.client.currency


def account(view: ClientCoverage, names: Mapping[str, str]) -> Account:
    """What the contracts of a client need to know of each other."""
    carriers: dict[tuple[str, str], str] = {}
    contracts = view.contracts
    for agreement in view.agreements:
        if not agreement.services:
            continue
        own = [contract for contract in contracts if contract.agreement is agreement]
        recurring = [c for c in own if c.type is ContractType.RECURRING_SERVICE]
        for service in agreement.services:
            sellers = [c for c in own if any(service in p.terms.services for p in c.phases)]
            first = (sellers or recurring or own)[:1]
            carriers[agreement.name, service] = first[0].id if first else ""
    day = first_day(view)
    start = view.family.book.default(view.client.name, day)
    return Account(view, contracts, start.contract if start else "", carriers, names)


def first_day(view: ClientCoverage) -> date:
    """The day whose default contract requests set: today, or the first day of what begins later."""
    if view.family.book.default(view.client.name, view.as_of) is not None:
        return view.as_of
    starts = view.family.book.starts[view.client.name]
    later = (start.life.start for start in starts if start.contract)
    return min((day for day in later if day > view.as_of), default=view.as_of)


def set_id(phase: Phase, use: SetUse) -> str:
    """The id of the exclusion set that a contract carries in a phase."""
    if phase.retired:
        return "exclusion_set:tiers/retired"
    if phase.tier is None:
        return f"exclusion_set:{phase.terms.exclusion_set}"
    return _set_id(use.name)


@cache
def _set_id(name: str) -> str:
    return f"exclusion_set:{name.replace(', ', '+').replace(' ', '/')}"


Part: TypeAlias = Callable[[Account, Contract, Phase, date], list[Draft]]
"""One sort of thing about a contract: the contract itself, or what hangs on it on a day."""

State: TypeAlias = Mapping[Part, list[Draft]]
"""A contract on a day, part by part; parts of which there is nothing are left out."""


def state(account: Account, contract: Contract, day: date) -> State:
    """A contract in force on a day, with everything that hangs on it that day."""
    phase = contract.phase(day) or contract.phases[-1]
    found: dict[Part, list[Draft]] = {}
    for part in PARTS:
        drafts = part(account, contract, phase, day)
        if drafts:
            found[part] = drafts
    return found


def itself(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """The contract without what hangs on it: always one draft."""
    terms = phase.terms
    number = terms.number or contract.agreement.number
    title = contract_title(contract.agreement, contract.name)
    company = Ref(f"company:{contract.client}")
    body: dict[str, Value] = {
        "companyID": company,
        "contractName": title,
        "contractType": _TYPE_PICKS[terms.type],
        "startDate": contract.life.start,
        "endDate": contract.life.end,
        "status": _ACTIVE,
        # A list in Autotask, but of 0 and 1: the labels are not known, the values are.
        "timeReportingRequiresStartAndStopTimes": int(terms.start_stop),
        "isDefaultContract": contract.id == account.default,
    }
    if number:
        body["contractNumber"] = number
    if terms.category:
        body["contractCategory"] = Pick("Contracts", "contractCategory", terms.category)
    if terms.type is ContractType.RECURRING_SERVICE:
        body["contractPeriodType"] = _PERIOD_PICKS[terms.period]
    link = linked(account.view.family.book, phase.falls_to, day)
    if link:
        body["exclusionContractID"] = Ref(f"contract:{link}")
    if phase.set_use is not None:
        body["contractExclusionSetID"] = Ref(set_id(phase, phase.set_use))
    left: list[Entry] = []
    overage = terms.overage_rate.on(day) if terms.overage_rate is not None else None
    if overage is not None:
        wrong = _only(contract, ContractType.BLOCK_HOURS, "overage rates")
        wrong = wrong or _unpriced(overage.get(account.currency), account.currency)
        if wrong:
            left.append(Entry(label("overageBillingRate"), "", wrong))
        else:
            body["overageBillingRate"] = overage[account.currency]
    fee = terms.setup_fee.on(contract.life.start) if terms.setup_fee is not None else None
    if fee is not None and account.currency in fee:
        body["setupFee"] = fee[account.currency]
        body["setupFeeBillingCodeID"] = Ref(SETUP_FEE_CODE)
    elif fee is not None:
        left.append(Entry(label("setupFee"), "", _unpriced(None, account.currency)))
    return [
        Draft(
            f"contract:{contract.id}",
            "Contracts",
            title,
            contract.client,
            "",
            body,
            {"companyID": company, "contractName": title},
            left=tuple(left),
        )
    ]


def linked(book: FamilyBook, link: str, day: date) -> str:
    """The id of the contract to which a link leads through contracts that were never made.

    Unlike the walk it does not ask whether that contract is in force: the link is there anyway.
    """
    passed: set[str] = set()
    while link and link not in book.contracts and link not in passed:
        passed.add(link)
        detours = book.detours.get(link, ())
        begun = [to for life, to in detours if life.start <= day]
        link = begun[-1] if begun else next((to for _, to in detours), "")
    return link if link in book.contracts else ""


def exclusions(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """What a contract excludes beside its set. Sub-issues have no entity: a person adds them."""
    own = phase.own
    if not (own.work_types or own.roles or own.sub_issues):
        return []
    found: list[Draft] = []
    here = Ref(f"contract:{contract.id}")
    for dimension, entity, field, names in (
        ("work_type", "ContractExclusionBillingCodes", "billingCodeID", own.work_types),
        ("role", "ContractExclusionRoles", "roleID", own.roles),
        ("sub_issue", "", "", own.sub_issues),
    ):
        for name in names:
            excluded = f"{dimension}:{name}"
            pair: dict[str, Value] = {"contractID": here}
            if field:
                pair[field] = Ref(excluded)
            found.append(
                Draft(
                    f"exclusion:{contract.id}/{dimension}/{name}",
                    entity,
                    account.names[excluded],
                    contract.client,
                    here.id,
                    pair,
                    pair,
                    refused="" if entity else NO_SUB_ISSUES,
                )
            )
    return found


def services(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """The services that a contract sells, and their units."""
    agreement = contract.agreement
    found: list[Draft] = []
    for name, steps in agreement.services.items():
        if account.carriers[agreement.name, name] != contract.id:
            continue
        step = units_on(steps, day)
        if step is not None and step.units:
            ahead = _price_ahead(account, contract, name, day)
            found += _sold(account, contract, name, step, day, ahead)
    return found


def units_on(steps: tuple[UnitStep, ...], day: date) -> UnitStep | None:
    """The units of a service on a day; None before the first of them."""
    begun = None
    for step in steps:
        if step.start is None or step.start <= day:
            begun = step
    return begun


def _price_ahead(account: Account, contract: Contract, name: str, day: date) -> Decimal | None:
    """The list price of a contract's first day, where the contract is made on an earlier day on
    which the list says otherwise; None where nothing has to be said.

    A service on a contract keeps the list price of the day on which it was added, whenever the
    contract begins (kb.datto.com 360028649811). Once the agreement has a price of its own, that is
    said instead.
    """
    first, today = contract.life.start, account.view.as_of
    steps = contract.agreement.services[name]
    begun = units_on(steps, first)
    if first <= today or begun is None or not begun.units:
        return None
    if any(step.price is not None for step in steps if step.start is None or step.start <= day):
        return None
    shared = account.view.shared
    before, after = (
        list_price(shared, shared.services[name], on, account.currency).amount
        for on in (today, first)
    )
    return None if before == after else after


def _sold(
    account: Account,
    contract: Contract,
    name: str,
    step: UnitStep,
    day: date,
    ahead: Decimal | None,
) -> tuple[Draft, Draft]:
    """A service on a contract, and its units.

    The contract service comes first and the units name it: an adjustment that names contract and
    service makes another contract service where it finds none (ContractServiceAdjustmentsEntity).
    Adjustments cannot be read back; `key` is the row of units that shows whether one was made.
    """
    service = account.view.shared.services[name]
    bundle = "Bundle" if isinstance(service, ServiceBundle) else ""
    refused = _only(contract, ContractType.RECURRING_SERVICE, "services")
    here = Ref(f"contract:{contract.id}")
    own = ahead if step.price is None else step.price.amount(day, account.currency)
    sold: dict[str, Value] = {"contractID": here, f"service{bundle}ID": Ref(f"service:{name}")}
    contract_service = Ref(f"contract_service:{contract.id}/{name}")
    effective = max(step.start or contract.life.start, contract.life.start)
    units: dict[str, Value] = {
        f"contractService{bundle}ID": contract_service,
        "effectiveDate": effective,
        "unitChange": step.units,
        f"allowRepeatService{bundle}": False,
    }
    if own is not None and not bundle:
        units["adjustedUnitPrice"] = own
    return (
        Draft(
            contract_service.id,
            f"ContractService{bundle}s",
            service.title,
            contract.client,
            here.id,
            {**sold, "adjustedPrice": own} if own is not None and bundle else sold,
            sold,
            refused=refused,
        ),
        Draft(
            f"units:{contract.id}/{name}",
            f"ContractService{bundle}Adjustments",
            f"{plain(step.units)} × {service.title}",
            contract.client,
            here.id,
            units,
            {f"contractService{bundle}ID": contract_service, "startDate": effective},
            must=ALWAYS,
            refused=refused,
        ),
    )


def blocks(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """Blocks in force, each with its charge: only the user interface makes both at once."""
    if not contract.blocks:
        return []
    found: list[Draft] = []
    for block, suffix in numbered(contract.blocks, [block.life for block in contract.blocks]):
        if day not in block.life:
            continue
        rate = block.rate.amount(day, account.currency)
        refused = _only(contract, ContractType.BLOCK_HOURS, "blocks")
        refused = refused or _unpriced(rate, account.currency)
        here = Ref(f"contract:{contract.id}")
        body: dict[str, Value] = {"contractID": here, **_bought(block.life), "hours": block.hours}
        if rate is not None:
            body["hourlyRate"] = rate
        body["status"] = _BLOCK_ACTIVE
        found.append(
            Draft(
                f"block:{contract.id}/{suffix}",
                "ContractBlocks",
                f"{plain(block.hours)} hours, {days(block.life)}",
                contract.client,
                here.id,
                body,
                {"contractID": here, "startDate": block.life.start, "endDate": block.life.end},
                refused=refused,
            )
        )
        charge = _charge(contract, suffix, "Block of hours", block.life, block.hours, rate, refused)
        found.append(charge)
    return found


def retainers(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """Retainer purchases in force. Whether Autotask makes their charge is a question for a person:
    its pages say that it does not for tickets, and nothing of retainers.
    """
    rows = phase.terms.retainers
    if not rows:
        return []
    found: list[Draft] = []
    for row, suffix in numbered(rows, [Stretch(row.start, row.end) for row in rows]):
        life = Stretch(row.start, row.end)
        if day not in life:
            continue
        amount = row.amount.amount(day, account.currency)
        here = Ref(f"contract:{contract.id}")
        body: dict[str, Value] = {"contractID": here, **_bought(life)}
        if amount is not None:
            body["amount"] = amount
        body["status"] = Pick("ContractRetainers", "status", "Active")
        found.append(
            Draft(
                f"retainer:{contract.id}/{suffix}",
                "ContractRetainers",
                f"retainer, {days(life)}",
                contract.client,
                here.id,
                body,
                {"contractID": here, "startDate": life.start, "endDate": life.end},
                refused=_only(contract, ContractType.RETAINER, "retainers")
                or _unpriced(amount, account.currency),
            )
        )
    return found


def tickets(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """Ticket purchases in force, each with its charge (ContractTicketPurchasesEntity: the API does
    not make one).
    """
    rows = phase.terms.tickets
    if not rows:
        return []
    found: list[Draft] = []
    for row, suffix in numbered(rows, [Stretch(row.start, row.end) for row in rows]):
        life = Stretch(row.start, row.end)
        if day not in life:
            continue
        rate = row.rate.amount(day, account.currency)
        refused = _only(contract, ContractType.PER_TICKET, "tickets")
        refused = refused or _unpriced(rate, account.currency)
        here = Ref(f"contract:{contract.id}")
        count = Decimal(row.tickets)
        body: dict[str, Value] = {"contractID": here, **_bought(life), "ticketsPurchased": count}
        if rate is not None:
            body["perTicketRate"] = rate
        body["isPaid"] = False
        body["status"] = Pick("ContractTicketPurchases", "status", "Active")
        found.append(
            Draft(
                f"tickets:{contract.id}/{suffix}",
                "ContractTicketPurchases",
                f"{row.tickets} tickets, {days(life)}",
                contract.client,
                here.id,
                body,
                {"contractID": here, "startDate": life.start, "endDate": life.end},
                refused=refused,
            )
        )
        found.append(_charge(contract, suffix, "Tickets", life, count, rate, refused))
    return found


def _charge(
    contract: Contract,
    suffix: str,
    what: str,
    life: Stretch,
    quantity: Decimal,
    rate: Decimal | None,
    refused: str,
) -> Draft:
    """What makes the purchase appear on an invoice."""
    here = Ref(f"contract:{contract.id}")
    again = suffix.partition("/")[2]
    name = f"{what}, {days(life)}" + (f" ({again})" if again else "")
    code = f"billing_code:purchase/{contract.type}"
    body: dict[str, Value] = {
        "contractID": here,
        "name": name,
        "datePurchased": life.start,
        "chargeType": _OPERATIONAL,
        "billingCodeID": Ref(code),
        "unitQuantity": quantity,
    }
    if rate is not None:
        body["unitPrice"] = rate
    body["isBillableToCompany"] = True
    return Draft(
        f"charge:{contract.id}/{suffix}",
        "ContractCharges",
        name,
        contract.client,
        here.id,
        body,
        {"contractID": here, "name": name, "datePurchased": life.start},
        must=ALWAYS,
        refused=refused,
    )


def milestones(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """Every milestone, due or not: together they are the price. Nobody bills one by its date alone:
    they begin as in progress (MilestoneStatuses).
    """
    rows = phase.terms.milestones
    if not rows:
        return []
    found: list[Draft] = []
    for row, suffix in numbered(rows, [Stretch(row.due, row.due) for row in rows]):
        amount = row.amount.amount(row.due, account.currency)
        here = Ref(f"contract:{contract.id}")
        body: dict[str, Value] = {"contractID": here, "title": row.title, "dateDue": row.due}
        if amount is not None:
            body["amount"] = amount
        body["status"] = Pick("ContractMilestones", "status", "In Progress")
        body["isInitialPayment"] = False
        found.append(
            Draft(
                f"milestone:{contract.id}/{suffix}",
                "ContractMilestones",
                f"{row.title}, due {iso(row.due)}",
                contract.client,
                here.id,
                body,
                {"contractID": here, "title": row.title, "dateDue": row.due},
                refused=_only(contract, ContractType.FIXED_PRICE, "milestones")
                or _unpriced(amount, account.currency),
            )
        )
    return found


def rates(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """Rates of roles, and block factors; on a block hours contract one object holds both."""
    factors = phase.terms.block_factors
    with_rates = rated_roles(contract, phase)
    if not (factors or with_rates):
        return []
    found: list[Draft] = []
    for role in account.view.shared.roles:
        rated, factor = None, factors.get(role.name)
        if role.name in with_rates:
            rated = agreed_rate(contract, phase, role.name, day, account.currency)
        if rated is None and factor is None:
            continue
        amount = rated.amount if rated is not None else None
        refused = _unpriced(amount, account.currency) if rated is not None else ""
        hourly: dict[str, Value] = {} if amount is None else {"contractHourlyRate": amount}
        if contract.type is ContractType.BLOCK_HOURS:
            factor = role.block_factor if factor is None else factor
            values: Body = {"blockHourMultiplier": factor, **hourly}
            found.append(_of_role(contract, role, values, refused))
            continue
        if factor is not None:
            lost = _only(contract, ContractType.BLOCK_HOURS, "block factors")
            found.append(_of_role(contract, role, {"blockHourMultiplier": factor}, lost))
        if rated is not None:
            if contract.type not in RATED:
                refused = f"Autotask takes no rates of roles on {_kind(contract)}"
            found.append(_of_role(contract, role, hourly, refused))
    return found


def _of_role(contract: Contract, role: Role, values: Body, refused: str) -> Draft:
    factor = "blockHourMultiplier" in values
    here = Ref(f"contract:{contract.id}")
    pair: Body = {"contractID": here, "roleID": Ref(f"role:{role.name}")}
    return Draft(
        f"{'block_factor' if factor else 'rate'}:{contract.id}/{role.name}",
        "ContractBlockHourFactors" if factor else "ContractRates",
        role.autotask_name,
        contract.client,
        here.id,
        {**pair, **values},
        pair,
        refused=refused,
    )


def rated_roles(contract: Contract, phase: Phase) -> set[str]:
    """The roles for which a contract has a rate of its own."""
    return {role for role, _ in _rate_rows(contract, phase)}


def agreed_prices(contract: Contract, phase: Phase) -> list[Price]:
    """All rates of its own that a contract has for roles."""
    return [price for _, price in _rate_rows(contract, phase)]


def _rate_rows(contract: Contract, phase: Phase) -> list[tuple[str, Price]]:
    agreement, tier, name = contract.agreement, phase.tier, contract.name
    found = list(phase.terms.rates.items())
    if agreement.rates:
        found += [(row.role, row.rate) for row in agreement.rates if row.contract == name]
    if tier is not None and tier.rates:
        found += [(row.role, row.rate) for row in tier.rates if row.contract == name]
    return found


def agreed_rate(
    contract: Contract, phase: Phase, role: str, day: date, currency: str
) -> Agreed | None:
    """The rate agreed for a role on a contract, the strongest that has begun; None if none has."""
    for rate, _ in contract_rates(contract, phase, role):
        amounts = rate.on(day)
        if amounts is not None:
            return Agreed(amounts.get(currency))
    return None


def notes(account: Account, contract: Contract, phase: Phase, day: date) -> list[Draft]:
    """A note for each exception that sends work to a contract, or away from all of an agreement's:
    Autotask has no field for who agreed to it, why and until when.

    It says the exception's days itself, so it stands there before the first of them and stays when
    the last has passed.
    """
    if not contract.agreement.exceptions:
        return []
    found: list[Draft] = []
    here = Ref(f"contract:{contract.id}")
    for row, suffix in noted(contract):
        title, description = note(row, suffix, account.names)
        found.append(
            Draft(
                f"note:{contract.id}/{suffix}",
                "ContractNotes",
                title,
                contract.client,
                here.id,
                {"contractID": here, "title": title, "description": description},
                {"contractID": here, "title": title},
            )
        )
    return found


def noted(contract: Contract) -> Iterator[tuple[TierException, str]]:
    """The exceptions that a contract has notes of; from the second for the same thing on also
    which one it is.
    """
    seen: dict[str, int] = {}
    for row in contract.agreement.exceptions:
        if row.goes_to in (contract.name, NOWHERE):
            thing = f"{row.dimension}/{row.name}"
            seen[thing] = again = seen.get(thing, 0) + 1
            yield row, thing if again == 1 else f"{thing}/{again}"


def note(row: TierException, suffix: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The title of an exception's note, by which it is found again, and what the note says."""
    thing = f"{_DIMENSIONS[row.dimension]} {names[f'{row.dimension}:{row.name}']}"
    again = suffix.removeprefix(f"{row.dimension}/{row.name}").lstrip("/")
    title = f"Exception: {thing}" + (f" ({again})" if again else "")
    where = "no contract" if row.goes_to == NOWHERE else "this contract"
    start = iso(row.start) if row.start is not None else "the agreement's first day"
    until = iso(row.until) if row.until is not None else "its last"
    if row.start is not None and row.until is None:
        until = "the agreement's last day"
    said = f"The {thing} goes to {where}, from {start} until {until}."
    reason = " ".join(row.reason.split())  # line ends would not come back as they went
    return title, f"{said} Owner: {row.owner}. Reason: {reason}"


_DIMENSIONS: Mapping[str, str] = {
    "work_type": "work type",
    "role": "role",
    "sub_issue": "sub-issue",
}


def numbered(rows: Sequence[T], lives: Sequence[Stretch]) -> list[tuple[T, str]]:
    """Each row with its first day, and from the second of a day on also which one it is."""
    seen: dict[date, int] = {}
    found: list[tuple[T, str]] = []
    for row, life in zip(rows, lives, strict=True):
        seen[life.start] = count = seen.get(life.start, 0) + 1
        day = iso(life.start)
        found.append((row, day if count == 1 else f"{day}/{count}"))
    return found


def _bought(life: Stretch) -> dict[str, Value]:
    return {"datePurchased": life.start, "startDate": life.start, "endDate": life.end}


def _unpriced(amount: Decimal | None, currency: str) -> str:
    return f"the catalogue has no amount in {currency} for it" if amount is None else ""


def _only(contract: Contract, wanted: ContractType, what: str) -> str:
    if contract.type is wanted:
        return ""
    return f"Autotask takes {what} on {TYPES[wanted]} contracts, not on {_kind(contract)}"


def _kind(contract: Contract) -> str:
    return f"{TYPES[contract.type]} contracts"


PARTS: tuple[Part, ...] = (
    itself,
    exclusions,
    services,
    blocks,
    retainers,
    tickets,
    milestones,
    rates,
    notes,
)
"""Everything about a contract, in the order in which it is made."""
