"""The days of a runbook: what changes when about an agreement, and what there is to do then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis import agreed
from billing_dsl.analysis.agreed import each_once, setup_fees
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.model.calendar import Stretch, day_after
from billing_dsl.model.money import Price
from billing_dsl.targets._runbook import Due, Stage
from billing_dsl.targets._runbook_words import Speaker, listed, money
from billing_dsl.targets._templates import line

CHECKLIST = "Take the steps that the client's checklist has for this day."
CARRIED_OVER = (
    "Contracts that exist keep the old price until somebody carries the new one over "
    "(Bulk Service Updater): the client's checklist has the step."
)
"""What to do where a price of the list is another from a day on."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one agreement, each from what the agreement has."""

    speaker: Speaker
    view: ClientCoverage
    agreement: Agreement
    stages: Sequence[Stage]
    contracts: Sequence[Contract]
    waivers: Sequence[Waiver]

    def dues(self) -> tuple[Due, ...]:
        """All of them, in order; what falls on one day in the order of this page."""
        found = [
            *self._term(),
            *self._stages(),
            *self._units(),
            *self._blocks(),
            *self._purchases(),
            *self._payments(),
            *self._exceptions(),
            *self._reviews(),
            *self._waivers(),
        ]
        return tuple(sorted(found, key=lambda due: due.day))

    @property
    def _currency(self) -> str:
        return self.view.client.currency

    def _amount(self, price: Price, day: date) -> str:
        return money(price.amount(day, self._currency), self._currency)

    def _term(self) -> Iterator[Due]:
        agreement = self.agreement
        first, last = agreement.life.start, agreement.life.end
        yield Due(first, "The agreement begins.", "Its contracts are in force from this day on.")
        renewal = agreement.renewal
        notice = self.view.shared.settings.renewal_notice
        agreed_notice = renewal.notice if renewal is not None else None
        automatic = renewal is not None and renewal.automatic
        day = max(first, (agreed_notice or notice).before(last))
        if automatic:
            deed = "Decide with the client: without notice the agreement is prolonged."
        else:
            deed = "Agree with the client on what follows, or that nothing does."
        if agreed_notice is not None:
            said = "Last day to give notice before the agreement ends"
        else:
            said = "The end of the agreement comes near"
        yield Due(day, f"{said} ({WORDS.length(agreed_notice or notice)}).", deed)
        if automatic:
            extend_by = renewal.extend_by if renewal is not None else None
            by = f" by {WORDS.length(extend_by)}" if extend_by is not None else ""
            deed = (
                f"It was to be prolonged{by}: prolong it in the catalogue, since nothing here is "
                "prolonged by itself."
            )
        else:
            deed = "Work on later days reaches none of its contracts."
        yield Due(last, "The agreement's last day.", deed)

    def _stages(self) -> Iterator[Due]:
        for before, stage in zip(self.stages, self.stages[1:], strict=False):
            tier = f"{stage.tier} takes the place of {before.tier}. "
            said = f"{tier if stage.tier != before.tier else ''}{' '.join(stage.moved)}".strip()
            redrawn = stage.drawing != before.drawing
            deed = CHECKLIST if redrawn else "See that invoices for later days have it so."
            yield Due(stage.life.start, said or "The path changes.", deed)

    def _units(self) -> Iterator[Due]:
        shared, own = self.view.shared, self.agreement
        before: dict[str, agreed.Sold] = {}
        for days, sold in agreed.sold(shared, own, self._currency):
            name = sold.service.name
            title = line(sold.service.title)
            old = before.get(name)
            before[name] = sold
            if old is None and days.start == own.life.start:
                continue
            units, price = WORDS.number(sold.units), money(sold.price.amount, self._currency)
            if old is None:
                yield Due(days.start, f"{title}: {units} units at {price}.", CHECKLIST)
                continue
            if old.units != sold.units:
                was = WORDS.number(old.units)
                yield Due(days.start, f"{title}: {units} units instead of {was}.", CHECKLIST)
            if old.price.amount != sold.price.amount and sold.units:
                was = money(old.price.amount, self._currency)
                listed = own.subject not in (*old.price.sources, *sold.price.sources)
                deed = CARRIED_OVER if listed else CHECKLIST
                yield Due(days.start, f"{title}: {price} a unit instead of {was}.", deed)

    def _blocks(self) -> Iterator[Due]:
        for block in sorted(self.agreement.blocks, key=lambda found: (found.life, found.contract)):
            hours, rate = WORDS.hours(block.hours), self._amount(block.rate, block.life.start)
            yield Due(
                block.life.start,
                f"{block.contract}: a block of {hours} at {rate} an hour can be used until "
                f"{WORDS.day(block.life.end)}.",
                "See that it has one charge in Approve & Post, and never two.",
            )
            others = [o.life for o in self.agreement.blocks if o.contract == block.contract]
            following = day_after(block.life.end)
            alone = not any(following in other for other in others)
            if alone and block.life.end < self.agreement.life.end:
                yield Due(
                    block.life.end,
                    f"{block.contract}: last day of the block of {hours}, and none follows it.",
                    "Sell another one, or bill overage from the next day on.",
                )

    def _purchases(self) -> Iterator[Due]:
        for contract in self.contracts:
            bought: list[tuple[Stretch, str]] = [
                (
                    Stretch(one.start, one.end),
                    f"a retainer of {self._amount(one.amount, one.start)}",
                )
                for one in each_once(contract, lambda terms: terms.retainers)
            ]
            bought += [
                (
                    Stretch(one.start, one.end),
                    f"{one.tickets} tickets at {self._amount(one.rate, one.start)} each",
                )
                for one in each_once(contract, lambda terms: terms.tickets)
            ]
            for days, what in bought:
                if days.start > self.agreement.life.end or days.end < self.agreement.life.start:
                    continue
                until = f"can be used until {WORDS.day(days.end)}"
                yield Due(
                    max(days.start, self.agreement.life.start),
                    f"{contract.name}: {what} {until}.",
                    "See that it has one charge in Approve & Post, and never two.",
                )
                following = day_after(days.end)
                alone = not any(following in other for other, _ in bought)
                if alone and days.end < self.agreement.life.end:
                    yield Due(
                        days.end,
                        f"{contract.name}: last day of {what}; nothing follows it.",
                        "Sell more before, or say what is to be billed from the next day on.",
                    )

    def _payments(self) -> Iterator[Due]:
        for contract in self.contracts:
            for stretch, fee in setup_fees(contract, self._currency):
                said = f"{contract.name}: set-up fee of {money(fee, self._currency)}."
                yield Due(stretch.start, said, "See that it is posted once.")
            for milestone in each_once(contract, lambda terms: terms.milestones):
                amount = self._amount(milestone.amount, milestone.due)
                yield Due(
                    milestone.due,
                    f"{contract.name}: {line(milestone.title)} is due, {amount}.",
                    "Set the milestone to Ready to Bill once it is reached.",
                )

    def _exceptions(self) -> Iterator[Due]:
        for exception in self.agreement.exceptions:
            said = exception_said(self.speaker, exception)
            if exception.start is not None and exception.start > self.agreement.life.start:
                yield Due(
                    exception.start, f"An exception begins: {said}.", f"{line(exception.reason)}"
                )
            if exception.until is not None and exception.until < self.agreement.life.end:
                yield Due(
                    exception.until,
                    f"Last day of an exception: {said}.",
                    f"Ask {line(exception.owner)} before whether it goes on.",
                )

    def _reviews(self) -> Iterator[Due]:
        """Days by which somebody wanted to look at a price or a tier again."""
        shared, own = self.view.shared, self.agreement
        found: list[tuple[date | None, str]] = []
        for key in dict.fromkeys(
            phase.tier.key
            for contract in self.contracts
            for phase in contract.phases
            if phase.tier is not None
        ):
            tier: Tier = shared.tiers[key].tier
            found.append((tier.review_by, f"the tier {line(tier.title)}, version {tier.version}"))
        for name in own.services:
            service = shared.services[name]
            found.append((service.review_by, f"the price of {line(service.title)}"))
        for role in rated(self.stages, shared.roles):
            title = self.speaker.names.roles[role.name]
            found.append((role.review_by, f"the rate of {title}"))
        by_day: dict[date, list[str]] = {}
        for day, what in found:
            if day is not None and day in own.life:
                by_day.setdefault(day, []).append(what)
        for day, things in by_day.items():
            yield Due(day, f"To be looked at again: {listed(things)}.", "Confirm, or change.")

    def _waivers(self) -> Iterator[Due]:
        for waiver in self.waivers:
            if waiver.until is not None and waiver.until in self.agreement.life:
                yield Due(
                    waiver.until,
                    f"Last day on which {waiver.code} is accepted: {line(waiver.reason)}",
                    f"Ask {line(waiver.owner)} before whether it is still so.",
                )


def rated(stages: Iterable[Stage], roles: Iterable[Role]) -> list[Role]:
    """The roles whose own rate decides some charge of an agreement."""
    subjects = {
        source for stage in stages for landing in stage.landings for source in landing.sources
    }
    return [role for role in roles if role.subject in subjects]


def exception_said(speaker: Speaker, exception: TierException) -> str:
    """What an exception comes to: `Training goes to block`."""
    names: Mapping[str, Mapping[str, str]] = {
        "work_type": speaker.names.work_types,
        "role": speaker.names.roles,
        "sub_issue": speaker.names.sub_issues,
    }
    what = names[exception.dimension][exception.name]
    kind = {"work_type": "", "role": "work by ", "sub_issue": "tickets with "}
    to = "no contract" if exception.goes_to == NOWHERE else exception.goes_to
    return f"{kind[exception.dimension]}{what} goes to {to}"
