"""How work is billed where it ends, and at which rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import Fixed, Flat, Plus, RoleRate, Times, WorkType
from billing_dsl.model.money import Price, stored


class Billing(StrEnum):
    """What becomes of an hour of work."""

    ABSORBED = "absorbed"
    BLOCK = "block"
    OVERAGE = "overage"
    HOURLY = "hourly"
    RETAINER = "retainer"
    TICKET = "ticket"
    STANDARD_RATE = "standard_rate"
    NOT_BILLED = "not_billed"


class Unit(StrEnum):
    """What a rate is the price of."""

    HOUR = "hour"
    ENTRY = "entry"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount and where it was written.

    `amount` is None where nothing is billed, or where the amount is `missing` in the client's
    currency, or where two blocks that start together differ. `sources` are the subjects whose
    prices decide it: `agreement/acme-2027`, `role/engineer`.
    """

    amount: Decimal | None
    missing: bool = False
    sources: tuple[str, ...] = ()


UNBILLED = Rate(None)


def billing(outcome: Outcome, contract: Contract | None, work_type: WorkType, day: date) -> Billing:
    """How work is billed that ended on a day.

    Work that no contract covers is billed at the role's rate if its work type is billable
    (Autotask, TimeMoneyContracts). That a broken or cyclic path ends likewise is an assumption:
    docs/assumptions.md.
    """
    if outcome is not Outcome.COVERED or contract is None:
        return Billing.STANDARD_RATE if work_type.billable else Billing.NOT_BILLED
    match contract.type:
        case ContractType.RECURRING_SERVICE | ContractType.FIXED_PRICE:
            return Billing.ABSORBED
        case _ if not work_type.billable:
            return Billing.NOT_BILLED
        case ContractType.BLOCK_HOURS:
            return Billing.OVERAGE if contract.usable_block(day) is None else Billing.BLOCK
        case ContractType.TIME_AND_MATERIALS:
            return Billing.HOURLY
        case ContractType.RETAINER:
            return Billing.RETAINER
        case ContractType.PER_TICKET:
            return Billing.TICKET
        case unexpected:
            assert_never(unexpected)


def unit(billed: Billing, work_type: WorkType) -> Unit | None:
    """What is counted where work is billed so; None where nothing is billed.

    A flat amount is for an entry, however long; of work drawn from a block, and of overage, hours
    are counted whatever the work type.
    """
    match billed:
        case Billing.ABSORBED | Billing.NOT_BILLED:
            return None
        case Billing.TICKET:
            return Unit.TICKET
        case Billing.BLOCK | Billing.OVERAGE:
            return Unit.HOUR
        case Billing.HOURLY | Billing.RETAINER | Billing.STANDARD_RATE:
            return Unit.ENTRY if isinstance(work_type.rate, Flat) else Unit.HOUR
        case unexpected:
            assert_never(unexpected)


def rate(
    billed: Billing,
    contract: Contract | None,
    phase: Phase | None,
    work_type: WorkType,
    role: Role,
    day: date,
    currency: str,
    multiplier_on_overage: bool,
) -> Rate:
    """The rate of work that ended on a contract, or on none, on a day, in the client's currency."""
    match billed:
        case Billing.ABSORBED | Billing.NOT_BILLED:
            return UNBILLED
        case Billing.STANDARD_RATE:
            return modified(role_rate(role, day, currency), work_type, day, currency)
        case _ if contract is None or phase is None:
            raise TypeError(f"work billed as {billed} ends on a contract")
        case Billing.HOURLY | Billing.RETAINER:
            base = contract_rate(contract, phase, role, day, currency)
            return modified(base, work_type, day, currency)
        case Billing.OVERAGE:
            return _overage(contract, phase, role, day, currency, multiplier_on_overage)
        case Billing.BLOCK:
            return _block(contract, day, currency)
        case Billing.TICKET:
            return _ticket(contract, phase, day, currency)
        case unexpected:
            assert_never(unexpected)


def role_rate(role: Role, day: date, currency: str) -> Rate:
    """The role's own rate."""
    return _amount(role.rate, day, currency, role.subject) or Rate(None, True, (role.subject,))


def contract_rate(contract: Contract, phase: Phase, role: Role, day: date, currency: str) -> Rate:
    """The rate of a role on a contract: the agreement's, the contract's, the tier's, the role's.

    A dated rate that has not begun yet leaves the word to the next of them.
    """
    for price, subject in contract_rates(contract, phase, role.name):
        found = _amount(price, day, currency, subject)
        if found is not None:
            return found
    return role_rate(role, day, currency)


def contract_rates(contract: Contract, phase: Phase, role: str) -> Iterator[tuple[Price, str]]:
    """The rates agreed for a role on a contract, the strongest first, with their subjects."""
    agreement = contract.agreement
    for row in agreement.rates:
        if row.contract == contract.name and row.role == role:
            yield row.rate, agreement.subject
    tier = phase.tier
    if role in phase.terms.rates:
        yield phase.terms.rates[role], written_by(contract, phase)
    if tier is not None:
        for row in tier.rates:
            if row.contract == contract.name and row.role == role:
                yield row.rate, tier.tier.subject


def modified(base: Rate, work_type: WorkType, day: date, currency: str) -> Rate:
    """The rate as the work type changes it (Autotask, WorkTypeModifiersEntity)."""
    method = work_type.rate
    match method:
        case RoleRate():
            return base
        case Plus(price):
            return _combined(base, price, work_type, day, currency)
        case Times(factor):
            if base.amount is None:
                return base
            return Rate(stored(base.amount * factor), False, (*base.sources, work_type.subject))
        case Fixed(price) | Flat(price):
            found = _amount(price, day, currency, work_type.subject)
            return found or Rate(None, True, (work_type.subject,))
        case unexpected:
            assert_never(unexpected)


def _combined(base: Rate, price: Price, work_type: WorkType, day: date, currency: str) -> Rate:
    more = _amount(price, day, currency, work_type.subject)
    if more is None or more.amount is None:
        return Rate(None, True, (work_type.subject,))
    if base.amount is None:
        return base
    return Rate(stored(base.amount + more.amount), False, (*base.sources, work_type.subject))


def _overage(
    contract: Contract,
    phase: Phase,
    role: Role,
    day: date,
    currency: str,
    multiplier_on_overage: bool,
) -> Rate:
    """What is billed once a block is used up: the work type's modifier never touches it.

    Autotask, No_Blocks_Purchases_Available and SystemSettingsContracts.
    """
    found = None
    if phase.terms.overage_rate is not None:
        found = _amount(phase.terms.overage_rate, day, currency, written_by(contract, phase))
    base = found or contract_rate(contract, phase, role, day, currency)
    if not multiplier_on_overage or base.amount is None:
        return base
    return Rate(stored(base.amount * block_factor(phase, role)), False, base.sources)


def block_factor(phase: Phase, role: Role) -> Decimal:
    """How many hours of a block an hour worked by a role takes."""
    return phase.terms.block_factors.get(role.name, role.block_factor)


def _block(contract: Contract, day: date, currency: str) -> Rate:
    usable = [block for block in contract.blocks if day in block.life]
    prices = [(block.life.start, block.rate) for block in usable]
    return _earliest(prices, day, currency, contract.agreement.subject)


def _ticket(contract: Contract, phase: Phase, day: date, currency: str) -> Rate:
    in_force = [row for row in phase.terms.tickets if row.start <= day <= row.end]
    prices = [(row.start, row.rate) for row in in_force]
    return _earliest(prices, day, currency, written_by(contract, phase))


def _earliest(prices: Sequence[tuple[date, Price]], day: date, currency: str, subject: str) -> Rate:
    """The rate of the purchase that starts first.

    Autotask says nothing of two that start together (docs/assumptions.md): where they differ, no
    rate rather than a guess.
    """
    if not prices:
        return UNBILLED
    first = min(start for start, _ in prices)
    amounts = {price.amount(day, currency) for start, price in prices if start == first}
    if None in amounts:
        return Rate(None, True, (subject,))
    return Rate(amounts.pop() if len(amounts) == 1 else None, False, (subject,))


def written_by(contract: Contract, phase: Phase) -> str:
    """The subject that writes a contract's terms: its agreement, or its tier."""
    tier = phase.tier
    return contract.agreement.subject if tier is None else tier.contracts_from.subject


def _amount(price: Price, day: date, currency: str, subject: str) -> Rate | None:
    """The amount of a price on a day; None before the price begins."""
    amounts = price.on(day)
    if amounts is None:
        return None
    amount = amounts.get(currency)
    return Rate(amount, amount is None, (subject,))
