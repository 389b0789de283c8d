"""What a language has to say, whichever it is: its words, its sentences, and how it counts.

The forms of dates, numbers and amounts are those of Unicode's CLDR, as Babel has them, but for
what is said here. Currencies stand as their codes (`21.000,00 EUR`), for a document may speak of
several. In Switzerland amounts are written alike in every language, with the typographic
apostrophe (`CHF 21’000.00`). The first of a month is an ordinal where people write it so. What
must not be torn apart by the end of a line is held together by no-break spaces: a number and its
unit, an amount and its currency; a day and its month where a language wants it so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypedDict

from billing_dsl.kinds.service import Period
from billing_dsl.model import money
from billing_dsl.model.calendar import Term

SPACE = "\u00a0"
"""Holds together what it stands between: it is no place to end a line at."""

NARROW = "\u202f"
"""The same, narrower: what French has before `:`, `;`, `?` and `!`."""

NOT_HERE = "–"
"""In a table of rates: this person's work of that kind does not come here."""


class Phrases(TypedDict):
    """Headings, labels and phrases that stand by themselves; templates read them by these names."""

    colon: str
    """What stands between a label and what it is about, without the space after it."""
    semicolon: str

    document: str
    client: str
    provider: str
    signatures: str
    signature: str

    agreement: str
    signed: str
    level: str
    individual: str
    """The service level of an agreement that follows no tier."""
    applies: str
    assigned: str
    """What an agreement covers that is not the client's default."""
    term: str
    whole_term: str
    renewal: str
    no_renewal: str
    currency: str

    glance: str
    work: str
    treated: str
    differs: str
    differs_mark: str
    not_yet: str
    """In the table at the head: a kind of work that comes into use later."""

    scope: str
    unchanged: str
    used_up: str
    """The row of a table of overage rates: they are the same for all work from the block."""
    only_where: str
    """Of work that has rates here, but usually ends elsewhere."""

    differences: str
    differences_lead: str
    differences_free: str
    who: str
    which: str
    all_work: str

    rate: str
    per_entry: str
    per_hour: str
    monthly: str
    quarterly: str
    semi_annual: str
    yearly: str
    not_stated: str
    """In place of an amount that is missing."""

    services: str
    service: str
    first: str
    last: str
    units: str
    unit_price: str
    total: str
    blocks: str
    hours: str
    retainers: str
    tickets: str
    ticket_count: str
    ticket_price: str
    milestones: str
    milestone: str
    due: str
    amount: str
    setup: str
    contract: str

    exceptions: str
    exception: str
    days: str
    reason: str

    reading: str
    rates_hold: str
    bought_hours: str
    dashes: str


class Labels(Phrases):
    """The same, with the name that HTML has for the language: `it`, `de-AT`."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What becomes of work, in the ways in which documents say it."""

    heading: str
    """Above the part of the scope that is treated so."""
    lead: str
    """What that means for the client."""
    mark: str
    """In two words, for tables."""
    state: str
    """After what it is said of, as in `Training: taken from the block of hours`."""
    otherwise: str
    """In a clause of `otherwise`: what is … where nobody and no cause makes a difference."""
    invoice: str
    """How it is found on an invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatments:
    """What may become of work. An entry that has one price, however long it is, is billed by the
    entry; `mixed` is work of which some is.
    """

    included: Treatment
    fixed: Treatment
    block: Treatment
    retainer: Treatment
    ticket: Treatment
    hourly: Treatment
    entry: Treatment
    mixed: Treatment
    outside: Treatment
    free: Treatment

    def of(self, kind: str) -> Treatment:
        """The treatment of a kind, by its name here."""
        found: Treatment = getattr(self, kind)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """Headings and words of letters that tell a client what changes."""

    document: str
    date: str
    salutation: str
    in_short: str
    before: str
    """Above what holds until then."""
    after: str
    """Above what holds from then on."""
    effect: str
    """Above what a change comes to for the client."""
    less: str
    more: str
    otherwise: str
    """Neither more nor less is covered: it is paid for in another way."""
    higher: str
    lower: str
    new: str
    ended: str
    gone: str
    """In place of how work is treated: that kind of work is not offered any more."""
    rates: str
    overage: str
    counting: str
    """Above how time is counted: how long at least, how much of a block."""
    debit: str
    """Beside how many hours of a block an hour takes."""
    out_of_hours: str
    """Which kind of work the part of an entry outside business hours is."""
    rounding: str
    invoicing: str
    """Above how often services are invoiced."""
    each_month: str
    each_quarter: str
    each_half_year: str
    each_year: str
    bundle: str
    """Above the services that a bundle holds."""
    agreement: str
    """Above the terms of an agreement."""
    agreements: str
    why: str
    unchanged: str
    regards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What is counted: the word for one, and for several."""

    minute: tuple[str, str]
    hour: tuple[str, str]
    day: tuple[str, str]
    month: tuple[str, str]
    year: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What stands by itself where service levels are compared."""

    heading: str
    valid: str
    """The label of the days on which it holds."""
    price: str
    """The label of a service level's own list price."""
    group: str
    """The label of the headings that follow."""
    core: str
    edge: str
    baseline: str
    """Headings of the three classes of work: never more than the class says by itself."""
    rates: str
    coming: str
    before: str
    after: str
    meant: str
    """Above the descriptions of all work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What stands by itself on the card that tells technicians which work type to pick.

    It has no word of prices, rates, billing or contracts.
    """

    heading: str
    lead: str
    work_type: str
    meaning: str
    pairs: str
    pairs_lead: str
    inside: str
    outside: str
    causes: str
    causes_lead: str
    issue: str
    sub_issue: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How numbers are written: what stands between thousands, before decimals, and where the
    currency stands.
    """

    thousands: str
    decimals: str
    currency_first: bool = False
    cents: str = ""
    """Before the decimals of amounts, where it is another sign than in numbers."""


SWISS = Figures("’", ".", currency_first=True)
"""In Switzerland and Liechtenstein, whichever the language."""


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before the end something has to be said, and the last day on which it can be."""

    ahead: Term
    latest: date


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from."""

    agreement: str
    version: int
    tiers: Sequence[str]
    effective: date
    digest: str
    tool_version: str


class Language(ABC):
    """A language, as it is written in one country.

    Whatever is abstract here, each language says for itself. Names and titles that a sentence
    speaks of are put in as they are: a sentence must be right whichever they are, so it never
    bends them and never puts an article before them.
    """

    def __init__(self, country: str = "") -> None:
        """A language by the customs of one of its `countries`; empty are the usual ones."""
        self.country = country if country in self.figures else ""
        self._written = self.figures[self.country]
        tag = f"{self.code}-{self.country}" if self.country else self.code
        self.labels: Labels = {**self.phrases, "language": tag}
        self._periods = {
            Period.MONTHLY: self.labels["monthly"],
            Period.QUARTERLY: self.labels["quarterly"],
            Period.SEMI_ANNUAL: self.labels["semi_annual"],
            Period.YEARLY: self.labels["yearly"],
        }

    # --- what a language is ------------------------------------------------------------------

    @property
    @abstractmethod
    def code(self) -> str:
        """Its ISO 639 code, as clients and settings name it."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in English, for findings."""

    @property
    @abstractmethod
    def figures(self) -> Mapping[str, Figures]:
        """How numbers are written, by country where it differs; the usual way under no name."""

    @property
    @abstractmethod
    def phrases(self) -> Phrases:
        """All headings, labels and phrases."""

    @property
    @abstractmethod
    def treatments(self) -> Treatments:
        """What may become of work."""

    @property
    @abstractmethod
    def letters(self) -> LetterWords:
        """Headings and words of letters."""

    @property
    @abstractmethod
    def units(self) -> Units:
        """What is counted."""

    @property
    @abstractmethod
    def comparison(self) -> Comparison:
        """What stands by itself where service levels are compared."""

    @property
    @abstractmethod
    def card(self) -> Card:
        """What stands by itself on the technicians' card."""

    @property
    @abstractmethod
    def countries(self) -> Mapping[str, str]:
        """The names of countries by their codes (ISO 3166)."""

    # --- days --------------------------------------------------------------------------------

    def day(self, of: date) -> str:
        """A day as a person writes it: `1 March 2027`."""
        return _day(self, of)

    @abstractmethod
    def _day(self, of: date) -> str:
        """A day, written out."""

    @abstractmethod
    def days(self, first: date, last: date) -> str:
        """A stretch of days, both included."""

    @abstractmethod
    def since(self, first: date) -> str:
        """The days from one on."""

    @abstractmethod
    def until(self, last: date) -> str:
        """The days up to one, which is included."""

    def when(self, first: date | None, last: date | None) -> str:
        """The days on which something holds; empty where it always does."""
        if first is not None and last is not None:
            return self.days(first, last)
        if last is not None:
            return self.until(last)
        return self.since(first) if first is not None else ""

    # --- numbers -----------------------------------------------------------------------------

    def number(self, of: Decimal) -> str:
        """A number with no more decimals than it needs: `1.5`, `1,200`."""
        return _number(of, self._written.thousands, self._written.decimals)

    def amount(self, of: Decimal, currency: str) -> str:
        """An amount without its currency, in which it is written: `21,000.00` in EUR."""
        figures = self._written
        least = money.MINOR_UNITS.get(currency, 2)
        return _amount(of, figures.thousands, figures.cents or figures.decimals, least)

    def money(self, of: Decimal | None, currency: str) -> str:
        """An amount with its currency: `EUR 21,000.00`."""
        if of is None:
            return self.labels["not_stated"]
        amount = self.amount(of, currency)
        if self._written.currency_first:
            return f"{currency}{SPACE}{amount}"
        return f"{amount}{SPACE}{currency}"

    def fee(self, of: Decimal | None, currency: str, period: Period) -> str:
        """What is paid again and again: `EUR 46.00 per month`."""
        return self._for_each(of, currency, self._periods[period])

    def hourly_rate(self, of: Decimal | None, currency: str) -> str:
        """What an hour costs: `EUR 78.00 per hour`."""
        return self._for_each(of, currency, self.labels["per_hour"])

    def _for_each(self, of: Decimal | None, currency: str, what: str) -> str:
        if of is None:
            return self.labels["not_stated"]
        return f"{self.money(of, currency)} {what.replace(' ', SPACE)}"

    def counted(self, of: Decimal, words: tuple[str, str]) -> str:
        """A number of things: `1 hour`, `1.5 hours`."""
        return f"{self.number(of)}{SPACE}{words[0] if self.is_one(of) else words[1]}"

    def is_one(self, of: Decimal) -> bool:
        """Whether so many are spoken of in the singular."""
        return of == 1

    def hours(self, of: Decimal) -> str:
        """A length of working time."""
        return self.counted(of, self.units.hour)

    def minutes(self, of: Decimal) -> str:
        """A short length of working time."""
        return self.counted(of, self.units.minute)

    def length(self, of: Term) -> str:
        """A length of time by the calendar."""
        words: tuple[str, str] = getattr(self.units, of.unit.value)
        return self.counted(Decimal(of.count), words)

    # --- names one after the other -----------------------------------------------------------

    @abstractmethod
    def listed(self, names: Sequence[str]) -> str:
        """All of some names: `a, b and c`."""

    # --- the agreement -----------------------------------------------------------------------

    @abstractmethod
    def for_client(self, service_level: str, client: str) -> str:
        """What the document is about."""

    @abstractmethod
    def client_number(self, number: str) -> str:
        """The number by which the provider knows the client."""

    @abstractmethod
    def tax_number(self, number: str) -> str:
        """The number by which the tax office knows the client."""

    @abstractmethod
    def numbered(self, title: str, number: str) -> str:
        """An agreement that has a title and a number."""

    @abstractmethod
    def signed(self, on: date | None, reference: str) -> str:
        """When an agreement was signed, and its reference; the one or the other may be missing."""

    @abstractmethod
    def level(self, title: str, version: int) -> str:
        """A tier as clients know it."""

    @abstractmethod
    def level_since(self, level: str, first: date) -> str:
        """A tier that is in force from a day on."""

    @abstractmethod
    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        """What was agreed for the end."""

    @abstractmethod
    def in_currency(self, currency: str) -> str:
        """Which currency the amounts are in."""

    # --- the scope ---------------------------------------------------------------------------

    @abstractmethod
    def period(self, days: str, level: str) -> str:
        """The heading of one of several periods."""

    @abstractmethod
    def of_agreement(self, what: str, label: str) -> str:
        """A part of the scope, or a treatment, under another agreement of the client."""

    @abstractmethod
    def of_client(self, label: str, client: str) -> str:
        """An agreement that somebody else has signed."""

    def of_contract(self, what: str, contract: str) -> str:
        """A part of the scope, or a treatment, where two are of one kind."""
        return f"{what}{self.labels['colon']} {contract}"

    @abstractmethod
    def after_hours(self, title: str, mark: str) -> str:
        """What becomes of the part of an entry outside business hours."""

    @abstractmethod
    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        """The shortest and the longest time of an entry that is billed; empty without both."""

    @abstractmethod
    def rates(self, currency: str, per_entry: bool) -> str:
        """What stands above a table of rates."""

    @abstractmethod
    def overage_rates(self, currency: str) -> str:
        """What stands above a table of rates for work from a block that is used up."""

    @abstractmethod
    def plus(self, more: Decimal, currency: str) -> str:
        """A rate that lies above, or below, that of the person."""

    @abstractmethod
    def times(self, factor: Decimal) -> str:
        """A rate that is a multiple of that of the person."""

    @abstractmethod
    def factor(self, role: str, hours: Decimal) -> str:
        """How many hours an hour of somebody takes from the block."""

    @abstractmethod
    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        """What becomes of work for which a tier has a block that this agreement does not: titles,
        and the kind of their treatment.
        """

    # --- what makes a difference -------------------------------------------------------------

    def cause(self, issue: str, title: str) -> str:
        """A sub-issue as a person says it."""
        return f"{issue} – {title}"

    @abstractmethod
    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        """Work of some roles, or of all but some, or of everybody; but for tickets about some
        causes.
        """

    @abstractmethod
    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        """Tickets about some causes; by some roles, or by all but some, or by everybody."""

    @abstractmethod
    def otherwise(self, kinds: Sequence[str]) -> str:
        """All work of some kinds, where somebody or some cause makes a difference."""

    # --- what was agreed specially -----------------------------------------------------------

    @abstractmethod
    def special(self, what: str, work: Sequence[str], state: str) -> str:
        """What a client has otherwise than the tier; with the work that is meant, if not all is.

        `what` is the title of a work type, or what `by_whom` or `about_what` says.
        """

    # --- how to read it ----------------------------------------------------------------------

    @abstractmethod
    def look_up(self, differs: bool) -> str:
        """Where to find an answer; with what makes a difference, if something does."""

    @abstractmethod
    def rounded(self, minutes: Decimal) -> str:
        """How time is rounded before it counts."""

    @abstractmethod
    def holds_until(self, last: date) -> str:
        """How long the document holds."""

    @abstractmethod
    def stamp(self, origin: Origin) -> str:
        """The footer: where the document comes from. Parts are told apart by ` · `; the hash over
        the content is the last word of its own part.
        """

    # --- letters about what changes ----------------------------------------------------------

    @abstractmethod
    def then(self, first: date, last: date | None) -> str:
        """The days on which something is otherwise, at the beginning of a sentence."""

    @abstractmethod
    def letter_about(self, client: str) -> str:
        """What a letter is about."""

    @abstractmethod
    def letter_opening(self, provider: str) -> str:
        """What the letter tells, after the salutation."""

    @abstractmethod
    def covers_less(self, first: date, last: date | None, work: str) -> str:
        """Work of which less is covered than until now."""

    @abstractmethod
    def covers_more(self, first: date, last: date | None, work: str) -> str:
        """Work of which more is covered than until now."""

    @abstractmethod
    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        """Work that is paid for in another way than until now."""

    @abstractmethod
    def costs_more(self, first: date, last: date | None, what: str) -> str:
        """What has a higher price, or rate, than until now."""

    @abstractmethod
    def costs_less(self, first: date, last: date | None, what: str) -> str:
        """What has a lower price, or rate, than until now."""

    @abstractmethod
    def no_cover(self, first: date, last: date | None) -> str:
        """Days on which no agreement is in force any more."""

    @abstractmethod
    def new_agreement(self, label: str, first: date, last: date) -> str:
        """An agreement that there was not until now."""

    @abstractmethod
    def no_agreement(self, label: str) -> str:
        """An agreement that does not hold any more."""

    @abstractmethod
    def of_work(self, what: str, who: str) -> str:
        """Work of some kinds, with by whom or about what, in a list: `Training (…)`."""

    @abstractmethod
    def assigned(self, contract: str) -> str:
        """Work that gets to a contract only because a ticket says so, behind what it is."""

    def invoiced(self, period: Period) -> str:
        """How often something is invoiced: `every month`."""
        said = self.letters
        return {
            Period.MONTHLY: said.each_month,
            Period.QUARTERLY: said.each_quarter,
            Period.SEMI_ANNUAL: said.each_half_year,
            Period.YEARLY: said.each_year,
        }[period]

    @abstractmethod
    def questions(self, contact: Sequence[str]) -> str:
        """Whom to ask: names, numbers and addresses, or nobody in particular."""

    @abstractmethod
    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        """The footer of a letter: the hashes of both catalogues, that of the content, and the
        tool. Parts are told apart by ` · `.
        """

    # --- what all clients share --------------------------------------------------------------

    @abstractmethod
    def beyond(self, price: str) -> str:
        """What is paid for work from a block that is used up."""

    @abstractmethod
    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        """The footer of a comparison of tiers, in the manner of `stamp`."""

    @abstractmethod
    def printed(self, digest: str) -> str:
        """The footer of a page of which nothing is to be said but the hash over its content."""


@lru_cache(maxsize=8192)
def _day(language: Language, of: date) -> str:
    return language._day(of)


@lru_cache(maxsize=8192)
def _number(of: Decimal, thousands: str, decimals: str) -> str:
    whole, _, rest = f"{abs(of):f}".partition(".")
    return _grouped(of, whole, thousands, decimals, rest.rstrip("0"))


@lru_cache(maxsize=8192)
def _amount(of: Decimal, thousands: str, decimals: str, least: int) -> str:
    of = money.stored(of)
    whole, _, rest = money.text(abs(of), least).partition(".")
    return _grouped(of, whole, thousands, decimals, rest)


def _grouped(of: Decimal, whole: str, thousands: str, decimals: str, rest: str) -> str:
    written = f"{int(whole):,}".replace(",", thousands)
    return f"{'-' if of < 0 else ''}{written}{decimals if rest else ''}{rest}"


def parts(*found: str) -> str:
    """The parts of a footer that are not empty."""
    return " · ".join(filter(None, found))


def joined(names: Sequence[str], last: str) -> str:
    """Names one after the other, with a word before the last of several: `a, b and c`."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def capital(text: str) -> str:
    """A text that begins a line."""
    return f"{text[:1].upper()}{text[1:]}"
