"""Every text of the documents for clients, in English: the one place a translator has to look.

Templates hold no words of their own: they get them from here, beside what the content model says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from billing_dsl.model import money

LANGUAGE = "en"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)

PERIODS = {
    "monthly": "month",
    "quarterly": "quarter",
    "semi_annual": "half-year",
    "yearly": "year",
}
"""How often a service is paid for."""

HEADINGS = {
    "included": "Included in the fee",
    "fixed": "Included in the fixed price",
    "block": "Taken from the block of hours",
    "retainer": "Drawn from the retainer",
    "ticket": "Paid by the ticket",
    "hourly": "Billed by the hour",
    "entry": "Billed by the entry",
    "mixed": "Billed by the hour or the entry",
    "outside": "Outside the agreement",
    "free": "Never billed",
}
"""What each part of the scope is called. An entry that has one price, however long it is, is billed
by the entry; `mixed` is work of which some is.
"""

LEADS = {
    "included": "Hours spent on this work are covered by the recurring fee.",
    "fixed": "Hours spent on this work are covered by the fixed price.",
    "block": (
        "Hours spent on this work are taken from the hours bought in advance. Once they are used "
        "up, and on days for which none were bought, this work is billed at the overage rate."
    ),
    "retainer": "This work is billed at the rates below and paid from the retainer.",
    "ticket": "Each completed ticket takes one of the tickets bought in advance.",
    "hourly": "Hours spent on this work are billed at the rates below.",
    "entry": "Each entry of this work is billed at the rate below, however long it is.",
    "mixed": (
        "This work is billed at the rates below: by the hour, or by the entry where that is said."
    ),
    "outside": (
        "No contract of this agreement covers this work. Where it is ordered all the same, it is "
        "billed at our standard rates."
    ),
    "free": "Nothing is billed for this work, whoever does it and whatever the cause.",
}
"""What each part of the scope means for the client."""

MARKS = {
    "included": "included",
    "fixed": "fixed price",
    "block": "from the block",
    "retainer": "from the retainer",
    "ticket": "by the ticket",
    "hourly": "by the hour",
    "entry": "by the entry",
    "outside": "standard rate",
    "free": "not billed",
}
"""The same in two words, for tables."""

NOT_YET = "not offered yet"
"""In the same tables: a kind of work that comes into use later."""

STATES = {
    "included": "included in the fee",
    "fixed": "included in the fixed price",
    "block": "taken from the block of hours",
    "retainer": "drawn from the retainer",
    "ticket": "paid by the ticket",
    "hourly": "billed by the hour",
    "entry": "billed by the entry",
    "mixed": "billed by the hour or the entry",
    "outside": "outside the agreement, billed at our standard rates",
    "free": "never billed",
}
"""The same as the end of a sentence: work that is …"""

WORDS: Mapping[str, str] = {
    "document": "Scope of service",
    "client": "Client",
    "provider": "Provider",
    "glance": "At a glance",
    "work": "Work",
    "treated": "How it is treated",
    "differs": "Otherwise for some people or causes: see “What makes a difference”.",
    "differs_mark": "*",
    "scope": "What the agreement covers",
    "differences": "What makes a difference",
    "differences_lead": (
        "The kind of work decides, unless who does it or the cause of the ticket is named here."
    ),
    "differences_free": "What is never billed stays so.",
    "rates": "Rates",
    "overage": "Overage rates",
    "rate": "Rate",
    "services": "Services and fees",
    "service": "Service",
    "from": "From",
    "to": "To",
    "units": "Units",
    "unit_price": "Price per unit",
    "ticket_price": "Price per ticket",
    "total": "Total",
    "blocks": "Hours bought in advance",
    "hours": "Hours",
    "retainers": "Retainer",
    "tickets": "Tickets bought in advance",
    "ticket_count": "Tickets",
    "milestones": "Payments of the fixed price",
    "milestone": "Payment",
    "due": "Due",
    "amount": "Amount",
    "setup": "Set-up",
    "contract": "For",
    "exceptions": "Agreed specially",
    "exception": "What is agreed",
    "reason": "Reason",
    "days": "Days",
    "reading": "How to read this document",
    "signatures": "Signatures",
    "signature": "Place, date, signature",
    "unchanged": "Unchanged:",
    "who": "Who, or which cause",
    "which": "Which work",
    "language": LANGUAGE,
}
"""Headings and labels of the templates."""


@lru_cache(maxsize=4096)
def day(of: date) -> str:
    """A day as a person writes it: `1 March 2027`."""
    return f"{of.day} {_MONTHS[of.month - 1]} {of.year}"


def days(first: date, last: date) -> str:
    """A stretch of days, both included."""
    return f"{day(first)} to {day(last)}"


def since(first: date) -> str:
    """The days from one on."""
    return f"from {day(first)}"


@lru_cache(maxsize=4096)
def amount(of: Decimal) -> str:
    """An amount without its currency: `21,000.00`."""
    whole, _, decimals = money.text(of).partition(".")
    return f"{int(whole):,}.{decimals}" if whole != "-0" else f"-0.{decimals}"


def sum_of_money(of: Decimal | None, currency: str) -> str:
    """An amount with its currency: `EUR 21,000.00`."""
    return NOT_STATED if of is None else f"{currency} {amount(of)}"


NOT_STATED = "not stated"
NOT_HERE = "–"
"""In a table of rates: this person's work of that kind does not come here."""


@lru_cache(maxsize=1024)
def number(of: Decimal) -> str:
    """A number with no more decimals than it needs: `1.5`, `40`."""
    written = f"{of:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def hours(of: Decimal) -> str:
    """A length of time."""
    return "1 hour" if of == 1 else f"{number(of)} hours"


def listed(names: Sequence[str]) -> str:
    """Names one after the other: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def per(period: str) -> str:
    """How often a fee is paid."""
    return f"per {PERIODS[period]}"


# --- the agreement -------------------------------------------------------------------------------


def for_client(service_level: str, client: str) -> str:
    """What the document is about."""
    return f"{service_level} for {client}"


INDIVIDUAL = "Individual agreement"
"""The service level of an agreement that follows no tier."""

FACTS = {
    "agreement": "Agreement",
    "signed": "Signed",
    "level": "Service level",
    "term": "Term",
    "renewal": "Renewal",
    "currency": "Amounts",
    "number": "Client number",
    "tax": "Tax number",
    "applies": "Applies to",
}
"""Labels of the facts at the head of a document."""


def agreement(title: str, number: str) -> str:
    """What an agreement is called."""
    return f"{title}, no. {number}" if number else title


def signed(on: str, reference: str) -> str:
    """When an agreement was signed."""
    when = day(date.fromisoformat(on)) if on else ""
    return ", ".join(filter(None, (when, f"reference {reference}" if reference else "")))


def level(title: str, version: int) -> str:
    """A tier as clients know it."""
    return f"{title}, version {version}"


def level_since(written: str, first: date) -> str:
    """A tier that is in force from a day on."""
    return f"{written} (from {day(first)})"


def renewal(automatic: bool, extend_by: str, notice: str, latest: date | None) -> str:
    """What was agreed for the end."""
    by = f" by {extend_by}" if extend_by else ""
    until = f"{notice} before the end, at the latest on {day(latest)}" if latest else ""
    if automatic:
        return f"Renewed{by} unless notice is given{' ' + until if until else ''}."
    if until:
        return f"Not renewed by itself. Whether it goes on{by} is settled {until}."
    return f"Not renewed by itself{'; it may be extended' + by if by else ''}."


ASSIGNED = "work that is assigned to this agreement; all other work follows the main agreement"
"""What an agreement covers that is not the client's default."""

NO_RENEWAL = "None agreed: it ends on its last day."


def in_currency(currency: str) -> str:
    """Which currency the amounts are in."""
    return f"in {currency}"


# --- the scope -----------------------------------------------------------------------------------


def of_agreement(heading: str, label: str) -> str:
    """A part of the scope that another agreement of the client covers."""
    return f"{heading} under agreement {label}"


def of_client(label: str, client: str) -> str:
    """An agreement that somebody else has signed."""
    return f"{label} of {client}"


def of_contract(heading: str, contract: str) -> str:
    """A part of the scope, where two are of one kind."""
    return f"{heading}: {contract}"


def contract(name: str) -> str:
    """A contract as a person says it: `project-hours` → `Project hours`."""
    return name.replace("-", " ").strip().capitalize() or name


def after_hours(title: str, mark: str) -> str:
    """What becomes of the part of an entry outside business hours."""
    return f"outside business hours: {title}, {mark}"


def at_least(minimum: Decimal | None, maximum: Decimal | None) -> str:
    """The shortest and the longest time of an entry that is billed."""
    words = []
    if minimum is not None:
        words.append(f"at least {hours(minimum)}")
    if maximum is not None:
        words.append(f"at most {hours(maximum)}")
    return f"{' and '.join(words)} for each entry" if words else ""


def plus(more: Decimal, currency: str) -> str:
    """A rate that lies above, or below, that of the person."""
    word = "below" if more < 0 else "above"
    return f"{sum_of_money(abs(more), currency)} {word} the usual rate"


def times(factor: Decimal) -> str:
    """A rate that is a multiple of that of the person."""
    return f"{number(factor)} times the usual rate"


PER_HOUR = "per hour"
PER_ENTRY = "per entry, however long"


def card_title(what: str, currency: str, per_entry: bool) -> str:
    """What stands above a table of rates."""
    return f"{what} in {currency} {PER_ENTRY if per_entry else PER_HOUR}"


def factor(role: str, of: Decimal) -> str:
    """How many hours an hour of somebody takes from the block."""
    return f"{role}: an hour worked takes {hours(of)} from the block."


def cause(issue: str, title: str) -> str:
    """A sub-issue as a person says it."""
    return f"{issue} – {title}"


def whoever(role_titles: Sequence[str], others: Sequence[str]) -> str:
    """Whose work is meant: some roles, or all but the others; empty where it is everybody's."""
    if not others:
        return ""
    if len(others) < len(role_titles):
        return f"everyone but {listed(others)}"
    return listed(role_titles)


def difference(who: str, causes: Sequence[str], without: Sequence[str]) -> str:
    """What makes a difference: somebody's work, a cause, or both; or all causes but some."""
    if causes:
        about = f"Tickets about {listed(causes)}"
        return f"{about}, for work by {who}" if who else about
    whose = f"Work by {who}" if who else "Work"
    return f"{whose}, but for tickets about {listed(without)}" if without else whose


ALL_WORK = "all work"


def otherwise(states: Sequence[str]) -> str:
    """All work of some kinds, where somebody or some cause makes a difference."""
    return f"what is otherwise {' or '.join(states)}"


USED_UP = "Once the block is used up"
"""The row of a table of overage rates: they are the same for all work from the block."""


ONLY_WHERE = "only where “What makes a difference” says so"
"""A row of a table of rates, for work that usually ends elsewhere."""


def when(first: date | None, last: date | None) -> str:
    """The days on which something holds, as a heading."""
    if first is not None and last is not None:
        return days(first, last)
    if last is not None:
        return f"until {day(last)}"
    return since(first) if first is not None else ""


def no_block(level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
    """What becomes of work for which a tier has a block that this agreement does not."""
    rest = "; ".join(f"{listed(titles)} – {state}" for titles, state in ends)
    return (
        f"{level} provides for a block of hours. None is part of this agreement, so that work is "
        f"treated otherwise that would be taken from it: {rest}."
    )


def period(days: str, level: str) -> str:
    """The heading of one of several periods."""
    return f"{days[0].upper()}{days[1:]}: {level}"


# --- what was agreed specially -------------------------------------------------------------------

DIMENSIONS = {"work_type": "", "role": "Work by ", "sub_issue": "Tickets about "}


def exception(dimension: str, title: str, work: Sequence[str], state: str) -> str:
    """What a client has otherwise than the tier; with the work that is meant, if not all is."""
    which = f" ({listed(work)})" if work else ""
    return f"{DIMENSIONS[dimension]}{title}{which}: {state}"


def exception_days(first: date | None, last: date | None) -> str:
    """When an exception holds: from its first day, until its last, or always."""
    return when(first, last) or "the whole term"


# --- how to read it ------------------------------------------------------------------------------


LOOK_UP = "Look up the kind of work in the table at the head."
LOOK_UP_ALSO = (
    " Where it is marked with an asterisk, also look up who does the work and the cause of the "
    "ticket."
)


DASH = (
    f"Where a table of rates has “{NOT_HERE}”, work of that kind by that person is treated "
    "otherwise: see “What makes a difference”."
)


def reading(
    rounding: Decimal, last: date, block: bool, differs: bool, dashes: bool
) -> tuple[str, ...]:
    """What a reader has to know to find an answer."""
    found = [
        LOOK_UP + (LOOK_UP_ALSO if differs else ""),
        f"Time is rounded up to {number(rounding)} minutes for each entry before it counts.",
        "Rates hold on the day on which the work is done. Every last day is included.",
    ]
    if block:
        found.append(
            "Bought hours serve work on the days from the first to the last of their period; of "
            "several that serve a day, those that begin first are used first."
        )
    if dashes:
        found.append(DASH)
    found.append(
        f"This document describes the agreement up to {day(last)}. A renewal is a new document."
    )
    return tuple(found)


def stamp(
    agreement: str,
    version: int,
    tiers: Sequence[str],
    effective: date,
    commit: str,
    digest: str,
    tool_version: str,
) -> str:
    """The footer: where the document comes from."""
    parts = [
        f"Agreement {agreement}, version {version}",
        f"tier {', '.join(tiers)}" if tiers else "",
        f"in force from {day(effective)}",
        f"catalogue commit {commit}" if commit else "",
        f"content {digest}",
        f"written by billing_dsl {tool_version}",
    ]
    return " · ".join(filter(None, parts))
