"""English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billing_dsl.languages._language import (
    NOT_HERE,
    SPACE,
    SWISS,
    Card,
    Comparison,
    Figures,
    Language,
    LetterWords,
    Notice,
    Origin,
    Phrases,
    Treatment,
    Treatments,
    Units,
    capital,
    joined,
    parts,
)
from billing_dsl.model.calendar import Term
from billing_dsl.model.countries import COUNTRIES

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_USUAL = Figures(",", ".", currency_first=True)
_FIGURES = {"": _USUAL, "US": _USUAL, "CH": SWISS}
_BY_ENTRY = (
    "Work billed by the hour or by the entry stands on the invoice entry by entry, at the rate of "
    "the day on which it was done."
)


class English(Language):
    """English, as it is written in Europe; in the United States dates begin with the month."""

    code = "en"
    name = "English"
    figures = _FIGURES
    countries = COUNTRIES
    units = Units(
        minute=("minute", "minutes"),
        hour=("hour", "hours"),
        day=("day", "days"),
        month=("month", "months"),
        year=("year", "years"),
    )
    phrases = Phrases(
        colon=":",
        semicolon=";",
        document="Scope of service",
        client="Client",
        provider="Provider",
        signatures="Signatures",
        signature="Place, date, signature",
        agreement="Agreement",
        signed="Signed",
        level="Service level",
        individual="Individual agreement",
        applies="Applies to",
        assigned=(
            "work that is assigned to this agreement; all other work follows the main agreement"
        ),
        term="Term",
        whole_term="the whole term",
        renewal="Renewal",
        no_renewal="None agreed: it ends on its last day.",
        currency="Amounts",
        glance="At a glance",
        work="Work",
        treated="How it is treated",
        differs="Otherwise for some people or causes: see “What makes a difference”.",
        differs_mark="*",
        not_yet="not offered yet",
        scope="What the agreement covers",
        unchanged="Unchanged:",
        used_up="Once the block is used up",
        only_where="only where “What makes a difference” says so",
        differences="What makes a difference",
        differences_lead=(
            "The kind of work decides, unless who does it or the cause of the ticket is named here."
        ),
        differences_free="What is never billed stays so.",
        who="Who, or which cause",
        which="Which work",
        all_work="all work",
        rate="Rate",
        per_entry="per entry, however long",
        per_hour="per hour",
        monthly="per month",
        quarterly="per quarter",
        semi_annual="per half-year",
        yearly="per year",
        not_stated="not stated",
        services="Services and fees",
        service="Service",
        first="From",
        last="To",
        units="Units",
        unit_price="Price per unit",
        total="Total",
        blocks="Hours bought in advance",
        hours="Hours",
        retainers="Retainer",
        tickets="Tickets bought in advance",
        ticket_count="Tickets",
        ticket_price="Price per ticket",
        milestones="Payments of the fixed price",
        milestone="Payment",
        due="Due",
        amount="Amount",
        setup="Set-up",
        contract="For",
        exceptions="Agreed specially",
        exception="What is agreed",
        days="Days",
        reason="Reason",
        reading="How to read this document",
        rates_hold=("Rates hold on the day on which the work is done. Every last day is included."),
        bought_hours=(
            "Bought hours serve work on the days from the first to the last of their period; of "
            "several that serve a day, those that begin first are used first."
        ),
        dashes=(
            f"Where a table of rates has “{NOT_HERE}”, work of that kind by that person is "
            "treated otherwise: see “What makes a difference”."
        ),
    )
    letters = LetterWords(
        document="Changes to the agreement",
        date="Date",
        salutation="Dear Sir or Madam,",
        in_short="In short",
        before="Until now",
        after="From then on",
        effect="What that means",
        less="covers less",
        more="covers more",
        otherwise="paid for in another way",
        higher="higher",
        lower="lower",
        new="new",
        ended="ends",
        gone="not offered any more",
        rates="Rates",
        overage="Overage rates, once the block is used up",
        counting="How time is counted",
        debit="An hour worked takes from the block",
        out_of_hours="The part outside business hours",
        rounding="Rounding of time",
        invoicing="How often it is invoiced",
        each_month="every month",
        each_quarter="every quarter",
        each_half_year="every half-year",
        each_year="every year",
        bundle="What a bundle contains",
        agreement="Terms of the agreement",
        agreements="Agreements",
        why="Why",
        unchanged="All other work, rates, prices and dates stay as they were agreed.",
        regards="Kind regards",
    )
    comparison = Comparison(
        heading="Service levels compared",
        valid="Valid",
        price="List price",
        group="Group",
        core="Everyday work",
        edge="Work that depends on the service level",
        baseline="Work beyond everyday service",
        rates="What an hour costs",
        coming="What will change",
        before="Until then",
        after="From then on",
        meant="What each kind of work means",
    )
    card = Card(
        heading="Which work type?",
        lead="Pick the work type by what you did, whoever the client is.",
        work_type="Work type",
        meaning="What you did",
        pairs="Inside and outside business hours",
        pairs_lead=(
            "Enter start and stop times: the part of an entry outside business hours then becomes "
            "the work type on the right."
        ),
        inside="Inside business hours",
        outside="Outside business hours",
        causes="Causes to set on the ticket",
        causes_lead="Where a ticket is about one of these, choose its issue and sub-issue.",
        issue="Issue",
        sub_issue="Sub-issue",
    )
    treatments = Treatments(
        included=Treatment(
            heading="Included in the fee",
            lead="Hours spent on this work are covered by the recurring fee.",
            mark="included",
            state="included in the fee",
            otherwise="included in the fee",
            invoice=(
                "Work included in the fee has no amount of its own on the invoice: the fee stands "
                "there."
            ),
        ),
        fixed=Treatment(
            heading="Included in the fixed price",
            lead="Hours spent on this work are covered by the fixed price.",
            mark="fixed price",
            state="included in the fixed price",
            otherwise="included in the fixed price",
            invoice=(
                "Work included in the fixed price has no amount of its own on the invoice: the "
                "price stands there, in the parts agreed."
            ),
        ),
        block=Treatment(
            heading="Taken from the block of hours",
            lead=(
                "Hours spent on this work are taken from the hours bought in advance. Once they "
                "are used up, and on days for which none were bought, this work is billed at the "
                "overage rate."
            ),
            mark="from the block",
            state="taken from the block of hours",
            otherwise="taken from the block of hours",
            invoice=(
                "Hours taken from the block have no amount on the invoice: they were charged when "
                "the block was bought. Hours beyond the block stand there entry by entry, at the "
                "overage rate."
            ),
        ),
        retainer=Treatment(
            heading="Drawn from the retainer",
            lead="This work is billed at the rates below and paid from the retainer.",
            mark="from the retainer",
            state="drawn from the retainer",
            otherwise="drawn from the retainer",
            invoice=(
                "Work drawn from the retainer is not charged a second time on the invoice: its "
                "amount is taken from what was paid in advance."
            ),
        ),
        ticket=Treatment(
            heading="Paid by the ticket",
            lead="Each completed ticket takes one of the tickets bought in advance.",
            mark="by the ticket",
            state="paid by the ticket",
            otherwise="paid by the ticket",
            invoice=(
                "Work paid by the ticket has no amount of its own on the invoice: tickets are "
                "charged when they are bought."
            ),
        ),
        hourly=Treatment(
            heading="Billed by the hour",
            lead="Hours spent on this work are billed at the rates below.",
            mark="by the hour",
            state="billed by the hour",
            otherwise="billed by the hour",
            invoice=_BY_ENTRY,
        ),
        entry=Treatment(
            heading="Billed by the entry",
            lead="Each entry of this work is billed at the rate below, however long it is.",
            mark="by the entry",
            state="billed by the entry",
            otherwise="billed by the entry",
            invoice=_BY_ENTRY,
        ),
        mixed=Treatment(
            heading="Billed by the hour or the entry",
            lead=(
                "This work is billed at the rates below: by the hour, or by the entry where that "
                "is said."
            ),
            mark="by the hour or entry",
            state="billed by the hour or the entry",
            otherwise="billed by the hour or the entry",
            invoice=_BY_ENTRY,
        ),
        outside=Treatment(
            heading="Outside the agreement",
            lead=(
                "No contract of this agreement covers this work. Where it is ordered all the "
                "same, it is billed at our standard rates."
            ),
            mark="standard rate",
            state="outside the agreement, billed at our standard rates",
            otherwise="outside the agreement",
            invoice=(
                "Work outside the agreement stands on the invoice entry by entry, at our standard "
                "rates."
            ),
        ),
        free=Treatment(
            heading="Never billed",
            lead="Nothing is billed for this work, whoever does it and whatever the cause.",
            mark="not billed",
            state="never billed",
            otherwise="never billed",
            invoice="Work that is never billed has no amount on the invoice.",
        ),
    )

    # --- days --------------------------------------------------------------------------------

    def _day(self, of: date) -> str:
        month = _MONTHS[of.month - 1]
        if self.country == "US":
            return f"{month} {of.day}, {of.year}"
        return f"{of.day} {month} {of.year}"

    def days(self, first: date, last: date) -> str:
        return f"{self.day(first)} to {self.day(last)}"

    def since(self, first: date) -> str:
        return f"from {self.day(first)}"

    def until(self, last: date) -> str:
        return f"until {self.day(last)}"

    # --- names -------------------------------------------------------------------------------

    def listed(self, names: Sequence[str]) -> str:
        return joined(names, "and")

    # --- the agreement -----------------------------------------------------------------------

    def for_client(self, service_level: str, client: str) -> str:
        return f"{service_level} for {client}"

    def client_number(self, number: str) -> str:
        return f"Client number {number}"

    def tax_number(self, number: str) -> str:
        return f"Tax number {number}"

    def numbered(self, title: str, number: str) -> str:
        return f"{title}, no. {number}"

    def signed(self, on: date | None, reference: str) -> str:
        if on is None:
            return f"reference {reference}"
        return f"{self.day(on)}, reference {reference}" if reference else self.day(on)

    def level(self, title: str, version: int) -> str:
        return f"{title}, version {version}"

    def level_since(self, level: str, first: date) -> str:
        return f"{level} (from {self.day(first)})"

    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        by = f" by {self.length(extend_by)}" if extend_by is not None else ""
        if notice is not None:
            ahead = f"{self.length(notice.ahead)} before the end"
            by_when = f"{ahead}, at the latest on {self.day(notice.latest)}"
            if automatic:
                return f"Renewed{by} unless notice is given {by_when}."
            return f"Not renewed by itself. Whether it goes on{by} is settled {by_when}."
        if automatic:
            return f"Renewed{by} unless notice is given."
        return f"Not renewed by itself{'; it may be extended' + by if by else ''}."

    def in_currency(self, currency: str) -> str:
        return f"in {currency}"

    # --- the scope ---------------------------------------------------------------------------

    def period(self, days: str, level: str) -> str:
        return f"{capital(days)}: {level}"

    def of_agreement(self, what: str, label: str) -> str:
        return f"{what} under agreement {label}"

    def of_client(self, label: str, client: str) -> str:
        return f"{label} of {client}"

    def after_hours(self, title: str, mark: str) -> str:
        return f"outside business hours: {title}, {mark}"

    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        if minimum is not None and maximum is not None:
            least, most = self.hours(minimum), self.hours(maximum)
            return f"at least {least} and at most {most} for each entry"
        if minimum is not None:
            return f"at least {self.hours(minimum)} for each entry"
        return f"at most {self.hours(maximum)} for each entry" if maximum is not None else ""

    def rates(self, currency: str, per_entry: bool) -> str:
        return f"Rates in {currency} {'per entry, however long' if per_entry else 'per hour'}"

    def overage_rates(self, currency: str) -> str:
        return f"Overage rates in {currency} per hour"

    def plus(self, more: Decimal, currency: str) -> str:
        word = "below" if more < 0 else "above"
        return f"{self.money(abs(more), currency)} {word} the usual rate"

    def times(self, factor: Decimal) -> str:
        return f"{self.number(factor)}{SPACE}times the usual rate"

    def factor(self, role: str, hours: Decimal) -> str:
        return f"{role}: an hour worked takes {self.hours(hours)} from the block."

    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        rest = "; ".join(
            f"{self.listed(titles)} – {self.treatments.of(kind).state}" for titles, kind in ends
        )
        return (
            f"{level} provides for a block of hours. None is part of this agreement, so that work "
            f"is treated otherwise that would be taken from it: {rest}."
        )

    # --- what makes a difference -------------------------------------------------------------

    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        who = self._whoever(roles, but)
        whose = f"Work by {who}" if who else "Work"
        if without_causes:
            return f"{whose}, but for tickets about {self.listed(without_causes)}"
        return whose

    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        who = self._whoever(roles, but)
        about = f"Tickets about {self.listed(causes)}"
        return f"{about}, for work by {who}" if who else about

    def _whoever(self, roles: Sequence[str], but: Sequence[str]) -> str:
        return f"everyone but {self.listed(but)}" if but else self.listed(roles)

    def otherwise(self, kinds: Sequence[str]) -> str:
        clauses = [self.treatments.of(kind).otherwise for kind in kinds]
        return f"what is otherwise {' or '.join(clauses)}"

    # --- what was agreed specially -----------------------------------------------------------

    def special(self, what: str, work: Sequence[str], state: str) -> str:
        which = f" ({self.listed(work)})" if work else ""
        return f"{what}{which}: {state}"

    # --- how to read it ----------------------------------------------------------------------

    def look_up(self, differs: bool) -> str:
        also = (
            " Where it is marked with an asterisk, also look up who does the work and the cause "
            "of the ticket."
        )
        return f"Look up the kind of work in the table at the head.{also if differs else ''}"

    def rounded(self, minutes: Decimal) -> str:
        return f"Time is rounded up to {self.minutes(minutes)} for each entry before it counts."

    def holds_until(self, last: date) -> str:
        return (
            f"This document describes the agreement up to {self.day(last)}. A renewal is a new "
            "document."
        )

    def stamp(self, origin: Origin) -> str:
        return parts(
            f"Agreement {origin.agreement}, version {origin.version}",
            f"tier {', '.join(origin.tiers)}" if origin.tiers else "",
            f"in force from {self.day(origin.effective)}",
            f"content {origin.digest}",
            f"written by billing_dsl {origin.tool_version}",
        )

    # --- letters about what changes ----------------------------------------------------------

    def then(self, first: date, last: date | None) -> str:
        if last is None:
            return f"From {self.day(first)}"
        return f"From {self.day(first)} to {self.day(last)}"

    def letter_about(self, client: str) -> str:
        return f"What changes for {client}"

    def letter_opening(self, provider: str) -> str:
        return (
            f"In this letter {provider} tells you what changes in what was agreed with you, and "
            "from when. Each table shows what holds until now beside what holds from then on."
        )

    def covers_less(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} less is covered: {work}."

    def covers_more(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} more is covered: {work}."

    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} this is paid for in another way: {work}."

    def costs_more(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} these prices are higher: {what}."

    def costs_less(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} these prices are lower: {what}."

    def no_cover(self, first: date, last: date | None) -> str:
        return f"{self.then(first, last)} no agreement covers your work."

    def new_agreement(self, label: str, first: date, last: date) -> str:
        return f"{label}: this agreement is new and runs from {self.days(first, last)}."

    def no_agreement(self, label: str) -> str:
        return f"{label}: this agreement does not hold any more."

    def of_work(self, what: str, who: str) -> str:
        return f"{what} ({who})"

    def assigned(self, contract: str) -> str:
        return f"on tickets assigned to {contract}"

    def questions(self, contact: Sequence[str]) -> str:
        if not contact:
            return "Please ask us whatever is unclear; we are glad to explain."
        return (
            "Please ask us whatever is unclear; we are glad to explain. You reach us here: "
            f"{', '.join(contact)}."
        )

    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        return parts(
            f"catalogue before {before}",
            f"catalogue after {after}",
            f"content {digest}",
            f"written by billing_dsl {tool_version}",
        )

    # --- what all clients share --------------------------------------------------------------

    def beyond(self, price: str) -> str:
        return f"then {price}"

    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        return parts(
            f"Service levels {', '.join(tiers)}",
            self.printed(digest),
            f"written by billing_dsl {tool_version}",
        )

    def printed(self, digest: str) -> str:
        return f"content {digest}"


ENGLISH = English()
