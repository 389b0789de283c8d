"""Tiers side by side, without a form: what becomes of each kind of work in each, and what it costs.

Every statement is worked out from the coverage of an `Offer`, by the same planning that turns
agreements into contracts. Nothing is said that the catalogue does not say: what hours of a block
cost, for one, is agreed with each client.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from billing_dsl.analysis.agreed import list_price
from billing_dsl.analysis.cells import Box
from billing_dsl.analysis.offers import Cost, Ended, Offer, offer, on_offer
from billing_dsl.analysis.pricing import Unit
from billing_dsl.analysis.situations import prices_of
from billing_dsl.analysis.views import Declared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.work_type import BillingClass, Fixed, Flat, Plus, RoleRate, Times, WorkType
from billing_dsl.languages import NOT_HERE, Language, language
from billing_dsl.model.calendar import day_after, day_before
from billing_dsl.model.money import Price
from billing_dsl.targets._called import CLASSES, Called, in_order
from billing_dsl.targets._scope import KINDS, Body, Difference, Kind, Section
from billing_dsl.targets._scope_body import KIND_OF, Bodies
from billing_dsl.targets._templates import line

SHORT = 12
"""Characters of the hash that a footer shows."""

AT_HOME = {"CHF": "CH", "USD": "US"}
"""Currencies of one country whose customs decide how their amounts are written."""


Key: TypeAlias = tuple[str, ...]
"""What something of a tier is known by, in every version of it."""


@dataclass(frozen=True, slots=True)
class Fee:
    """Something that a tier sells or asks for, and its price. By its `key` another version of the
    tier has the same.
    """

    key: Key
    what: str
    price: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A tier: what it is, and what is paid for it."""

    key: str
    title: str
    since: str
    """The day from which it is to be had, where that is still to come; otherwise empty."""
    summary: str
    fees: tuple[Fee, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a tier says of one kind of work, and the coverage that it comes from.

    `contract` is the tier's contract on which the work ends, empty for none. `cells` are the kinds
    of work that end there; `notes` number what makes a difference for others of the work type.
    """

    kind: Kind | None
    words: str
    which: str
    """The name of the contract, where the tier has two on which work is treated alike."""
    price: str
    """What it costs where that is one amount, or how it differs from the usual rate."""
    notes: tuple[int, ...]
    contract: str = field(repr=False)
    cells: tuple[Box, ...] = field(compare=False, repr=False)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(*numbers: int) -> str:
    """Numbers of notes, for forms that cannot set them higher: `² ¹⁰`."""
    return " ".join(str(number).translate(_RAISED) for number in numbers)


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of work, with a statement of each tier."""

    name: str = field(repr=False)
    title: str
    meaning: str
    counted: str
    """The shortest and the longest time of an entry that counts; empty without both."""
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The work of one class."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What makes a difference to all statements that bear its number, which are of one tier."""

    number: int
    level: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateLine:
    """What an hour costs where it is billed in one way: for each role, in some tiers.

    An amount is None where nobody states it. A role that is not here has no such work.
    """

    levels: tuple[str, ...]
    what: str
    amounts: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Change:
    """What a coming version of a tier will have otherwise than the one before it."""

    heading: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TierComparison:
    """All tiers on one day, in one language and one currency."""

    words: Language
    currency: str
    provider: str
    contact: tuple[str, ...]
    days: str
    """When all of it holds; empty where nothing ever changes."""
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[Note, ...]
    roles: Mapping[str, str]
    """The roles that some rate is for: their titles, by name."""
    rates: tuple[RateLine, ...]
    changes: tuple[Change, ...]
    rounded: str
    stamp: str

    def written(self, line: RateLine, role: str) -> str:
        """An amount of a line of rates, in words."""
        if role not in line.amounts:
            return NOT_HERE
        amount = line.amounts[role]
        return (
            self.words.labels["not_stated"]
            if amount is None
            else self.words.amount(amount, self.currency)
        )


# --- what they say -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Compares the tiers of a catalogue, in any language and currency."""

    declared: Declared
    tool_version: str
    _bodies: Bodies = field(init=False)
    _tiers: tuple[tuple[EffectiveTier, ...], ...] = field(init=False)
    _offers: dict[tuple[str, date, str], Offer] = field(init=False, default_factory=dict)
    """What was signed for nobody before: it is the same in every language."""

    def __post_init__(self) -> None:
        declared = self.declared
        object.__setattr__(self, "_bodies", Bodies(declared.shared, declared.cells))
        object.__setattr__(self, "_tiers", on_offer(declared))

    def of(self, code: str, currency: str) -> TierComparison:
        """The comparison in a language, with amounts in a currency."""
        words = language(code, AT_HOME.get(currency, ""))
        called = self._bodies.called(words)
        day = self.declared.as_of
        settings = self.declared.shared.settings
        told = [
            self._told(tier, max(day, tier.tier.effective), currency, called)
            for tier, *_ in self._tiers
        ]
        marked = tuple(_numbered(told))
        notes = tuple(note for note, _ in marked)
        groups = tuple(self._groups(told, marked, called))
        rates = tuple(_joined(told))
        roles = {
            name: title
            for name, title in called.roles.items()
            if any(name in found.amounts for found in rates)
        }
        changes = tuple(self._changes(currency, called))
        columns = tuple(one.column for one in told)
        days = words.when(*self.between())
        provider = line(settings.title)
        rounded = words.rounded(settings.hours_rounding)
        hours = [
            (found.levels, found.what, [found.amounts.get(role, NOT_HERE) for role in roles])
            for found in rates
        ]
        titles = tuple(roles.values())
        said = (provider, days, columns, groups, notes, titles, hours, changes, rounded)
        digest = hashlib.sha256(repr(said).encode()).hexdigest()[:SHORT]
        return TierComparison(
            words,
            currency,
            provider,
            tuple(
                line(settings.contact[known])
                for known in ("phone", "email", "web")
                if known in settings.contact
            ),
            days,
            columns,
            groups,
            notes,
            roles,
            rates,
            changes,
            rounded,
            words.compared([column.key for column in columns], digest, self.tool_version),
        )

    def _told(self, tier: EffectiveTier, day: date, currency: str, called: Called) -> _Told:
        key = (tier.key, day, currency)
        offered = self._offers.get(key)
        if offered is None:
            offered = self._offers[key] = offer(self.declared, tier, day, currency)
        (period,) = self._bodies.periods(offered.view, offered.agreement, called.words)
        since = called.words.since(day) if day > self.declared.as_of else ""
        column = Column(
            tier.key, called.tier(tier), since, called.summary(tier), tuple(_fees(offered, called))
        )
        return _Told(offered, period.body, called, column)

    def _groups(
        self, told: Sequence[_Told], notes: Sequence[Marked], called: Called
    ) -> Iterator[Group]:
        order = in_order(self.declared.shared.work_types)
        for heading, billing_class in zip(_headings(called.words), CLASSES, strict=True):
            rows = tuple(
                Row(
                    work_type.name,
                    called.work_types[work_type.name],
                    called.descriptions[work_type.name],
                    called.words.at_least(work_type.minimum_hours, work_type.maximum_hours),
                    tuple(
                        one.statement(work_type, _numbers(notes, position, work_type.name))
                        for position, one in enumerate(told)
                    ),
                )
                for work_type in order
                if work_type.billing_class is billing_class
            )
            known = tuple(
                row for row in rows if any(found.kind is not None for found in row.statements)
            )
            if known:
                yield Group(heading, known)

    def _changes(self, currency: str, called: Called) -> Iterator[Change]:
        """What each coming version makes of the one before it, on its first day."""
        found = []
        for versions in self._tiers:
            for before, after in pairwise(versions):
                day = after.tier.effective
                was = self._told(before, day, currency, called)
                then = self._told(after, day, currency, called)
                level = called.level(after)
                since = called.words.since(day)
                heading = called.words.period(since, level)
                lines = tuple(_otherwise(was, then))
                if lines:
                    found.append((day, Change(heading, lines)))
        return (change for _, change in sorted(found, key=lambda pair: pair[0]))

    def between(self) -> tuple[date | None, date | None]:
        """The days around the present one on which nothing of this changes."""
        shared, day = self.declared.shared, self.declared.as_of
        cuts = set(self.declared.cells.beginnings)
        prices: list[Price | None] = [role.rate for role in shared.roles]
        for work_type in shared.work_types:
            prices += prices_of(work_type)
        for versions in self._tiers:
            cuts.update(tier.tier.effective for tier in versions)
            prices += _prices(self.declared, versions[0])
            for terms in versions[0].contracts.values():
                cuts.update(day_after(bought.end) for bought in terms.retainers)
                cuts.update(day_after(pack.end) for pack in terms.tickets)
        cuts.update(start for price in prices if price is not None for start in price.changes())
        begun = [cut for cut in cuts if cut <= day]
        coming = [cut for cut in cuts if cut > day]
        return max(begun, default=None), day_before(min(coming)) if coming else None


def _headings(words: Language) -> tuple[str, ...]:
    said = words.comparison
    by_class = {
        BillingClass.CORE: said.core,
        BillingClass.EDGE: said.edge,
        BillingClass.BASELINE: said.baseline,
    }
    return tuple(by_class[billing_class] for billing_class in CLASSES)


def _prices(declared: Declared, tier: EffectiveTier) -> list[Price | None]:
    """The prices that a tier names, or that its services have."""
    found = [tier.price, *(row.rate for row in tier.rates)]
    for terms in tier.contracts.values():
        found += [terms.overage_rate, terms.setup_fee, *terms.rates.values()]
        found += [bought.rate for bought in terms.tickets]
        for name in terms.services:
            service = declared.shared.services[name]
            parts = service.services if isinstance(service, ServiceBundle) else ()
            found += [service.price, *(declared.shared.services[part].price for part in parts)]
    return found


# --- one tier ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """One tier on one day: its offer, and what a scope document would say of it."""

    offer: Offer
    body: Body
    called: Called
    column: Column
    _several: frozenset[Kind] = field(init=False)

    def __post_init__(self) -> None:
        parts = {section.part for section in self.body.sections}
        parts |= {difference.part for difference in self.body.differences}
        kinds = [part.kind for part in parts]
        several = frozenset(kind for kind in kinds if kinds.count(kind) > 1)
        object.__setattr__(self, "_several", several)

    def statement(self, work_type: WorkType, notes: tuple[int, ...]) -> Statement:
        """What the tier says of a work type."""
        mark = self.body.marks[work_type.name]
        usual = self.offer.usual(work_type)
        if mark.kind is None or usual is None:
            return Statement(None, mark.words, "", "", (), "", ())
        name = usual.contract.name if usual.contract is not None else ""
        of_type = self.offer.view.cells.by_work_type[work_type.name]
        return Statement(
            mark.kind,
            mark.words,
            self.which(mark.kind, name),
            self._price(work_type, mark.kind, usual),
            notes,
            name,
            self.offer.view.cells.boxes(usual.end.cells & of_type),
        )

    def which(self, kind: Kind, contract: str) -> str:
        """The name of a contract as clients know it, where the tier has two alike."""
        if kind not in self._several or not contract:
            return ""
        return self.called.contract(contract, self.offer.tier.contracts[contract].titles)

    def _price(self, work_type: WorkType, kind: Kind, usual: Ended) -> str:
        words, currency = self.called.words, self.offer.currency
        costs = set(self.offer.costs(work_type, usual).values())
        if len(costs) == 1:
            (cost,) = costs
            said = self._cost(cost)
            return words.beyond(said) if kind is Kind.BLOCK else said
        if not costs or kind is Kind.BLOCK:
            return ""
        match work_type.rate:
            case Plus(price):
                amount = price.amount(self.offer.day, currency)
                return words.plus(amount, currency) if amount is not None else ""
            case Times(factor):
                return words.times(factor)
            case _:
                return ""

    def _cost(self, cost: Cost) -> str:
        words, currency = self.called.words, self.offer.currency
        if cost.amount is None:
            return words.labels["not_stated"]
        if cost.unit is Unit.ENTRY:
            return f"{words.money(cost.amount, currency)} {words.labels['per_entry']}"
        return words.hourly_rate(cost.amount, currency)

    def rates(self) -> Iterator[tuple[Kind, RateLine]]:
        """What an hour costs, for each way in which hours are billed, before the work type makes
        of it what it does.
        """
        offered, words = self.offer, self.called.words
        cells = offered.view.cells
        for ended in offered.ends():
            contract = ended.contract
            kind = KIND_OF[contract.type] if contract is not None else Kind.OUTSIDE
            here = set(cells.work_types_in(ended.end.cells))
            hours = [
                replace(work_type, rate=RoleRate())
                for work_type in cells.work_types
                if work_type.name in here
                and work_type.billable
                and (kind is Kind.BLOCK or not isinstance(work_type.rate, Fixed | Flat))
            ]
            amounts: dict[str, Decimal | None] = {}
            for role in cells.roles:
                done = ended.end.cells & cells.by_role[role.name]
                for work_type in hours:
                    if done & cells.by_work_type[work_type.name]:
                        cost = offered.cost(work_type, role, ended)
                        if cost is not None:
                            amounts[role.name] = cost.amount
                        break
            if amounts:
                used_up = words.labels["used_up"]
                said = used_up if kind is Kind.BLOCK else words.treatments.of(kind.value).mark
                which = self.which(kind, contract.name if contract is not None else "")
                what = words.of_contract(said, which) if which else said
                yield kind, RateLine((self.column.title,), what, amounts)


def _fees(offered: Offer, called: Called) -> Iterator[Fee]:
    """What is paid for a tier beside the work: its list price, its services, and whatever its
    contracts ask for.
    """
    words, currency, day = called.words, offered.currency, offered.day
    tier, shared, labels = offered.tier, offered.view.shared, called.words.labels

    def fee(key: Key, what: str, price: Price, on: date) -> Fee:
        amount = price.amount(on, currency)
        return Fee(key, what, words.money(amount, currency), amount)

    if tier.price is not None:
        yield fee(("price",), words.comparison.price, tier.price, day)
    names = [name for terms in tier.contracts.values() for name in terms.services]
    for name in dict.fromkeys(names):
        amount = list_price(shared, shared.services[name], day, currency).amount
        said = words.fee(amount, currency, shared.services[name].period)
        yield Fee(("service", name), called.services[name], said, amount)
    set_up = [terms.name for terms in tier.contracts.values() if terms.setup_fee is not None]
    for terms in tier.contracts.values():
        if terms.setup_fee is not None:
            what = labels["setup"]
            if len(set_up) > 1:
                what = words.of_contract(what, called.contract(terms.name, terms.titles))
            yield fee(("setup", terms.name), what, terms.setup_fee, day)
        for number, milestone in enumerate(terms.milestones):
            key = ("milestone", terms.name, str(number))
            yield fee(key, line(milestone.title), milestone.amount, milestone.due)
        for number, purchase in enumerate(terms.retainers):
            if purchase.end >= day:
                until = words.days(purchase.start, purchase.end)
                what = f"{labels['retainers']}, {until}"
                key = ("retainer", terms.name, str(number))
                yield fee(key, what, purchase.amount, purchase.start)
        for number, pack in enumerate(terms.tickets):
            if pack.end >= day:
                until = words.days(pack.start, pack.end)
                count = words.number(Decimal(pack.tickets))
                what = f"{labels['ticket_count']}, {until}{labels['semicolon']} {count} ×"
                yield fee(("tickets", terms.name, str(number)), what, pack.rate, pack.start)


# --- side by side --------------------------------------------------------------------------------

Marked: TypeAlias = "tuple[Note, tuple[int, frozenset[str]]]"
"""A note, and the statements that bear its number: of which tier, and of which work types."""


def _numbered(told: Sequence[_Told]) -> Iterator[Marked]:
    """What makes a difference, tier by tier: one note for all that concerns the same work."""
    number = 0
    for position, one in enumerate(told):
        lines: dict[frozenset[str], list[str]] = {}
        for difference in one.body.differences:
            lines.setdefault(frozenset(_concerned(one, difference)), []).append(
                _difference(difference, one.called.words)
            )
        for section in one.body.sections:
            if section.notes:
                lines.setdefault(frozenset(_work_types(section)), []).extend(section.notes)
        for work_types, said in lines.items():
            number += 1
            yield Note(number, one.column.title, tuple(said)), (position, work_types)


def _concerned(one: _Told, difference: Difference) -> Iterator[str]:
    """The work types of which some work ends elsewhere because of a difference."""
    named = {name for box in difference.cells for name in box.work_types}
    for section in one.body.sections:
        if section.part != difference.part and section.part.kind is not Kind.FREE:
            yield from _work_types(section) & named


def _work_types(section: Section) -> set[str]:
    return {name for item in section.items for box in item.cells for name in box.work_types}


def _difference(difference: Difference, words: Language) -> str:
    return words.special(difference.subject, _which(difference, words), difference.state)


def _which(difference: Difference, words: Language) -> tuple[str, ...]:
    """Which work is meant; nothing where it is all."""
    return () if difference.work == words.labels["all_work"] else (difference.work,)


def _numbers(notes: Iterable[Marked], position: int, work_type: str) -> tuple[int, ...]:
    return tuple(
        note.number
        for note, (column, work_types) in notes
        if column == position and work_type in work_types
    )


def _joined(told: Sequence[_Told]) -> Iterator[RateLine]:
    """Rates, those that are the same in several tiers once, in the order of documents."""
    lines: dict[tuple[int, str, tuple[tuple[str, Decimal | None], ...]], list[str]] = {}
    for one in told:
        for kind, found in one.rates():
            key = (KINDS.index(kind), found.what, tuple(found.amounts.items()))
            lines.setdefault(key, []).extend(found.levels)
    for (_, what, amounts), levels in sorted(lines.items(), key=lambda entry: entry[0][0]):
        yield RateLine(tuple(dict.fromkeys(levels)), what, dict(amounts))


def _otherwise(was: _Told, then: _Told) -> Iterator[tuple[str, str, str]]:
    """All that one version says otherwise than another: of what, and what before and after."""
    before, after = dict(_all(was)), dict(_all(then))
    for key in dict.fromkeys((*after, *before)):
        what, said = after.get(key) or before[key]
        old = before[key][1] if key in before else NOT_HERE
        new = said if key in after else NOT_HERE
        if old != new:
            yield what, old, new


def _all(one: _Told) -> Iterator[tuple[Key, tuple[str, str]]]:
    """All that a tier says: what of, and what."""
    called, words = one.called, one.called.words
    for work_type in in_order(one.offer.view.shared.work_types):
        found = one.statement(work_type, ())
        if found.kind is not None:
            said = ", ".join(filter(None, (found.words, found.which, found.price)))
            yield ("work", work_type.name), (called.work_types[work_type.name], said)
    for fee in one.column.fees:
        yield ("fee", *fee.key), (fee.what, fee.price)
    for _, rates in one.rates():
        for role, amount in rates.amounts.items():
            rate = words.hourly_rate(amount, one.offer.currency)
            yield ("rate", rates.what, role), (f"{called.roles[role]} · {rates.what}", rate)
    for difference in one.body.differences:
        which = _which(difference, words)
        subject = f"{difference.subject} ({which[0]})" if which else difference.subject
        yield ("difference", subject), (subject, difference.state)
    for section in one.body.sections:
        if section.notes:
            yield ("section", section.part.contract), (section.heading, " ".join(section.notes))
