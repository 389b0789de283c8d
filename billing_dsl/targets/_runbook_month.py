"""What to look at each month before an agreement is invoiced: what it has decides the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing_dsl.analysis import agreed
from billing_dsl.analysis.agreed import each_once
from billing_dsl.analysis.landings import Landing
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.model.calendar import Stretch
from billing_dsl.targets._runbook import Look, Stage
from billing_dsl.targets._runbook_days import exception_said
from billing_dsl.targets._runbook_words import Speaker, listed
from billing_dsl.targets._templates import line

LABOR = "Approve & Post > Labor"
SERVICES = "Approve & Post > Recurring Services"
MILESTONES = "Approve & Post > Milestones"
CONTRACT = "the contract > Menu"


@dataclass(frozen=True, slots=True)
class Month:
    """The checks of one agreement, each from something that it has."""

    speaker: Speaker
    view: ClientCoverage
    agreement: Agreement
    stages: Sequence[Stage]
    contracts: Sequence[Contract]
    others: Sequence[str]
    waivers: Sequence[Waiver]

    def looks(self) -> tuple[Look, ...]:
        """All of them: what is sold, then what is worked, then what is promised for some time."""
        return (
            *self._services(),
            *self._blocks(),
            *self._purchases(),
            *self._milestones(),
            *self._labour(),
            *self._after_hours(),
            *self._by_hand(),
            *self._elsewhere(),
            *self._exceptions(),
            *self._waivers(),
        )

    # --- what is sold ------------------------------------------------------------------------

    def _services(self) -> Iterator[Look]:
        sold: dict[str, list[Stretch]] = {}
        for days, found in agreed.sold(self.view.shared, self.agreement, self.view.client.currency):
            if found.units:
                sold.setdefault(line(found.service.title), []).append(days)
        if sold:
            titles = [
                f"{title} ({_some_days(days, self.agreement.life)})"
                if _some_days(days, self.agreement.life)
                else title
                for title, days in sold.items()
            ]
            yield Look(
                f"The units of {listed(titles)} are those that the client has this month",
                SERVICES,
                "They are billed by the unit, and the agreement says how many.",
            )

    def _blocks(self) -> Iterator[Look]:
        for contract in self._of(ContractType.BLOCK_HOURS):
            title = self._title(contract)
            if contract.blocks:
                yield Look(
                    f"Hours left in the blocks of {title}, and whether they last until the next",
                    f"{CONTRACT} (place of the blocks unverified)",
                    "Once a block is used up its work is billed as overage, and goes no further.",
                )
            days = [
                stage.life
                for stage in self.stages
                if any(
                    landing.billing is Billing.OVERAGE and landing.contract == contract.name
                    for landing in stage.landings
                )
            ]
            if days:
                when = _some_days(days, self.agreement.life) or "all days of the agreement"
                yield Look(
                    f"Work on {title} is billed as overage: {when}",
                    LABOR,
                    "No block can be used on these days.",
                )

    def _purchases(self) -> Iterator[Look]:
        for contract in self._of(ContractType.RETAINER):
            yield Look(
                f"Money left in the retainers of {self._title(contract)}",
                f"{CONTRACT} (place of the retainers unverified)",
                "Nobody knows what becomes of work once a retainer is used up.",
            )
        for contract in self._of(ContractType.PER_TICKET):
            yield Look(
                f"Tickets left of {self._title(contract)}",
                f"{CONTRACT} (place of the tickets unverified)",
                "Nobody knows what becomes of a ticket once those bought are used up.",
            )

    def _milestones(self) -> Iterator[Look]:
        for contract in self.contracts:
            if each_once(contract, lambda terms: terms.milestones):
                yield Look(
                    f"Milestones of {self._title(contract)} that were reached are Ready to Bill",
                    MILESTONES,
                    "A fixed price is billed by its milestones.",
                )

    # --- what is worked ----------------------------------------------------------------------

    def _labour(self) -> Iterator[Look]:
        billed = [
            landing
            for landing in self._landings()
            if landing.billing in (Billing.HOURLY, Billing.RETAINER, Billing.OVERAGE)
        ]
        if billed:
            titles = dict.fromkeys(self.speaker.place(landing, self.others) for landing in billed)
            yield Look(
                f"Entries on {listed(titles)} carry the rates of this page",
                LABOR,
                "Their hours are billed.",
            )
        uncovered = [one for one in self._landings() if one.outcome is not Outcome.COVERED]
        if uncovered:
            names = {name for one in uncovered for row in one.rows for name in row.work_types}
            work_types = self.speaker.names.work_types
            meant = [title for name, title in work_types.items() if name in names]
            yield Look(
                f"Entries without a contract are of {listed(meant)}",
                LABOR,
                "No contract of the agreement takes this work: what is billable of it is billed at "
                "standard rates.",
            )
        else:
            yield Look(
                "No entry of these days is without a contract",
                LABOR,
                "All work that starts here ends on a contract: one without it was logged on a "
                "ticket that has none.",
            )

    def _after_hours(self) -> Iterator[Look]:
        """Work types whose hours outside business hours become another one's."""
        types = {work_type.name: work_type for work_type in self.speaker.order}
        pairs = [
            (work_type, types[work_type.after_hours])
            for work_type in self.speaker.order
            if work_type.after_hours in types and work_type.after_hours != work_type.name
        ]
        split: dict[str, list[str]] = {}
        whole: dict[str, list[str]] = {}
        for stage in self.stages:
            for work_type, after in pairs:
                by_day, by_night = _usual(stage, work_type), _usual(stage, after)
                if by_day is None or by_night is None or by_day.outcome is not Outcome.COVERED:
                    continue
                start_stop = self._start_stop(by_day, stage)
                place = self.speaker.place(by_night, self.others)
                said = (
                    f"{self.speaker.names.work_types[work_type.name]} → "
                    f"{self.speaker.names.work_types[after.name]} on {place}"
                )
                found = split if start_stop else whole
                found.setdefault(self.speaker.place(by_day, self.others), []).append(said)
        for place, turns in split.items():
            yield Look(
                f"Entries on {place} that reach beyond business hours have start and stop times",
                LABOR,
                f"Without them they are not split: {listed(dict.fromkeys(turns))}.",
            )
        for place, turns in whole.items():
            yield Look(
                f"Entries on {place} outside business hours have the work type of that time",
                LABOR,
                "The contract takes entries without start and stop times, and those are never "
                f"split: {listed(dict.fromkeys(turns))}.",
            )

    def _start_stop(self, landing: Landing, stage: Stage) -> bool:
        """Whether the contract of a landing requires start and stop times on some day of these."""
        agreement = self.others[landing.agreement - 1] if landing.agreement else ""
        contract = self.view.family.book.contracts.get(
            f"{agreement or self.agreement.name}/{landing.contract}"
        )
        phase = contract.phase(stage.life.start) if contract is not None else None
        return phase is None or phase.terms.start_stop

    def _by_hand(self) -> Iterator[Look]:
        """Exclusions that no program can read."""
        found: dict[str, None] = {}
        for contract in self.contracts:
            for phase in contract.phases:
                for name in phase.excludes.sub_issues:
                    found[self.speaker.names.sub_issues[name]] = None
        if found:
            yield Look(
                f"Tickets with sub-issue {listed(found)} went where this page says",
                LABOR,
                "Sub-issues are excluded by hand, and nothing can read back whether they are.",
            )

    def _elsewhere(self) -> Iterator[Look]:
        places = dict.fromkeys(
            self.speaker.place(landing, self.others)
            for landing in self._landings()
            if landing.agreement and landing.outcome is Outcome.COVERED
        )
        if places:
            yield Look(
                f"Work of this agreement that ended on {listed(places)}",
                LABOR,
                "Another agreement takes it, and that one's page says what it costs.",
            )

    # --- what was promised for some time -----------------------------------------------------

    def _exceptions(self) -> Iterator[Look]:
        for exception in self.agreement.exceptions:
            until = exception.until
            ends = f"until {WORDS.day(until)}" if until is not None else "without an end"
            yield Look(
                f"The exception still holds, {ends}: {exception_said(self.speaker, exception)}",
                f"ask {line(exception.owner)}",
                line(exception.reason),
            )

    def _waivers(self) -> Iterator[Look]:
        for waiver in self.waivers:
            until = waiver.until
            ends = f"until {WORDS.day(until)}" if until is not None else "without an end"
            yield Look(
                f"What {waiver.code} says of {waiver.about} is still accepted, {ends}",
                f"ask {line(waiver.owner)}",
                line(waiver.reason),
            )

    # --- what there is -----------------------------------------------------------------------

    def _landings(self) -> Iterator[Landing]:
        return (landing for stage in self.stages for landing in stage.landings)

    def _of(self, type_: ContractType) -> Iterator[Contract]:
        return (contract for contract in self.contracts if contract.type is type_)

    def _title(self, contract: Contract) -> str:
        return line(contract_title(contract.agreement, contract.name))


def _usual(stage: Stage, work_type: WorkType) -> Landing | None:
    """Where a work type leads by itself: the first landing on the path that has some of it."""
    for landing in stage.landings:
        if any(work_type.name in row.work_types for row in landing.rows):
            return landing
    return None


def _some_days(days: Sequence[Stretch], life: Stretch) -> str:
    """Days in words; empty where they are all days of a life."""
    joined: list[Stretch] = []
    for one in days:
        if joined and one.start.toordinal() == joined[-1].end.toordinal() + 1:
            joined[-1] = Stretch(joined[-1].start, one.end)
        else:
            joined.append(one)
    if joined == [life]:
        return ""
    return listed([WORDS.days(one.start, one.end) for one in joined])
