"""From what changes for a client to a letter: nothing is typed twice, and nothing is made up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NoReturn, TypeAlias, TypeVar

from billing_dsl.analysis.agreed import tiers
from billing_dsl.analysis.cells import Box, Mask
from billing_dsl.analysis.pricing import Unit
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.changes.clients import GONE, ClientChanges
from billing_dsl.changes.cover import Fate, Line
from billing_dsl.changes.deals import (
    DealChange,
    Purchase,
    ServiceChange,
    Terms,
    Units,
    What,
    units_on,
)
from billing_dsl.changes.pairs import Work
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.languages import NOT_HERE, Language, read_by
from billing_dsl.letters.letter import Cell, Letter, Part, Row, Table
from billing_dsl.letters.seen import (
    Beside,
    Priced,
    Seen,
    Treated,
    after_hours,
    debit,
    lengths,
    lost,
    priced,
    seen,
    treated,
)
from billing_dsl.model.calendar import Stretch
from billing_dsl.targets._called import Called, in_order
from billing_dsl.targets._scope import Fact, Kind, Special, Stamp
from billing_dsl.targets._scope_body import label
from billing_dsl.targets._scope_terms import (
    SHORT,
    client_lines,
    provider_lines,
    renewal,
    specials_of,
)
from billing_dsl.targets._templates import line as one_line

K = TypeVar("K", bound=Hashable)

RANKS = {
    Kind.FREE: 0,
    Kind.INCLUDED: 1,
    Kind.FIXED: 1,
    Kind.BLOCK: 2,
    Kind.RETAINER: 2,
    Kind.TICKET: 2,
    Kind.HOURLY: 3,
    Kind.OUTSIDE: 4,
}
"""How far work is covered: from what costs nothing to what no contract covers."""

Days: TypeAlias = "tuple[date, date | None]"
"""When something changes, and its last day where it does not last as long as the agreement."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is compared, and by what: the hashes of both catalogues, and the tool's version."""

    before: str
    after: str
    tool_version: str


@dataclass(frozen=True, slots=True)
class _Which:
    """Some work in words: its kinds, and by whom or about what if not all is meant.

    `roles` tells by whom alone; `usual` that tickets without any particular cause are meant too.
    """

    what: str
    who: str
    roles: str
    usual: bool
    count: int
    """Of how many work types."""

    def in_short(self, words: Language) -> str:
        """The same in few words: of much work of some people or causes, whose it is."""
        if self.usual and not self.roles:
            return self.what
        return self.who if self.count > 1 else words.of_work(self.what, self.who)


@dataclass(slots=True)
class _Told:
    """What there is to tell, gathered by days."""

    tables: dict[Days, dict[tuple[int, str, str], list[Row]]] = field(default_factory=dict)
    """By days, the rank of a table, its title, and the heading of its first column."""
    less: dict[Days, list[str]] = field(default_factory=dict)
    more: dict[Days, list[str]] = field(default_factory=dict)
    otherwise: dict[Days, list[str]] = field(default_factory=dict)
    higher: dict[Days, list[str]] = field(default_factory=dict)
    lower: dict[Days, list[str]] = field(default_factory=dict)
    lost: list[Days] = field(default_factory=list)
    beside: Beside = field(default_factory=Beside)

    def row(self, days: Days, rank: int, title: str, about: str, row: Row) -> None:
        tables = self.tables.setdefault(days, {})
        tables.setdefault((rank, title, about), []).append(row)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters; remembers what clients share."""

    work: Work
    as_of: date
    origin: Origin
    _called: dict[Language, tuple[Called, Called]] = field(init=False, default_factory=dict)

    @property
    def after(self) -> Declared:
        """What clients share after the change: the letter speaks as of then."""
        return self.work.after

    def of(self, changes: ClientChanges) -> Letter | None:
        """The letter to a client; None where it sees nothing of what changes."""
        settings = self.after.shared.settings
        words = read_by(changes.client, settings)
        found = changes.since(self.as_of)
        parts, short = _Writing(self, found, words, self._names(words)).parts()
        if not parts:
            return None
        provider = tuple(provider_lines(settings))
        client = tuple(client_lines(changes.client, words))
        about = words.letter_about(one_line(changes.client.legal_name))
        called = self._names(words)[1]
        summaries = tuple(_summaries(found, called))
        reasons = tuple(_reasons(found, called, self.as_of))
        questions = words.questions(tuple(_reached(settings.contact)))
        facts = tuple(_facts(found, words, self.as_of))
        opening = words.letter_opening(one_line(settings.title))
        told = (about, client, provider, facts, opening, short, parts, summaries, questions)
        why = [(one.what, one.days, one.reason) for one in reasons]
        digest = hashlib.sha256(repr((told, why)).encode()).hexdigest()[:SHORT]
        origin = self.origin
        stamp = words.letter_stamp(
            origin.before[:SHORT], origin.after[:SHORT], digest, origin.tool_version
        )
        return Letter(
            changes.client.name,
            words,
            about,
            one_line(settings.title),
            client,
            provider,
            facts,
            opening,
            short,
            parts,
            summaries,
            reasons,
            words.letters.unchanged if changes.before and changes.after else "",
            questions,
            Stamp(stamp, digest),
        )

    def _names(self, words: Language) -> tuple[Called, Called]:
        """What both sides call all that clients share."""
        found = self._called.get(words)
        if found is None:
            before, after = self.work.before.shared, self.work.after.shared
            found = self._called[words] = Called(before, words), Called(after, words)
        return found


def _reached(contact: Mapping[str, str]) -> Iterator[str]:
    for known in ("name", "phone", "email", "web"):
        if one_line(contact.get(known, "")):
            yield one_line(contact[known])


def _facts(changes: ClientChanges, words: Language, as_of: date) -> Iterator[Fact]:
    yield Fact(words.letters.date, (words.day(as_of),))
    labels = [
        label(found)
        for found in (after or before for before, after in changes.agreements.values())
        if found is not None and found.life.end >= as_of
    ]
    if labels:
        several = len(labels) > 1
        heading = words.letters.agreements if several else words.labels["agreement"]
        yield Fact(heading, tuple(labels))


# --- why -----------------------------------------------------------------------------------------


def _summaries(changes: ClientChanges, called: Called) -> Iterator[tuple[str, str]]:
    """The service levels that are new to a client, as far as they say something of themselves."""
    known = _levels(changes.before)
    for key in _levels(changes.after):
        if key in known:
            continue
        tier = called.shared.tiers[key]
        summary = called.summary(tier)
        if summary:
            yield called.level(tier), summary


def _levels(view: ClientCoverage | None) -> list[str]:
    """The service levels of a client, each once, in the order in which they come."""
    if view is None:
        return []
    keys = (key for agreement in view.agreements for _, key, _ in tiers(view.shared, agreement))
    return [*dict.fromkeys(keys)]


def _reasons(changes: ClientChanges, called: Called, as_of: date) -> Iterator[Special]:
    """What was agreed specially after, and was not before."""
    view = changes.after
    for before, after in changes.agreements.values() if view is not None else ():
        if view is not None and after is not None:
            known = {_agreed(one) for one in (before.exceptions if before is not None else ())}
            new = tuple(one for one in after.exceptions if _agreed(one) not in known)
            for special in specials_of(view, replace(after, exceptions=new), called):
                if special.life.end >= as_of:
                    yield special


def _agreed(exception: TierException) -> tuple[str, str, str, str]:
    """What an exception says, whenever it holds."""
    return exception.dimension, exception.name, exception.goes_to, exception.reason


# --- what changes --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes what changes for one client."""

    writer: Writer
    changes: ClientChanges
    words: Language
    names: tuple[Called, Called]
    _told: _Told = field(init=False, default_factory=_Told)
    _types: Mapping[str, str] = field(init=False)
    _roles: Mapping[str, str] = field(init=False)
    _causes: Mapping[str, str] = field(init=False)
    _services: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        set_, (before, after) = object.__setattr__, self.names
        known = {**before.work_types, **after.work_types}
        order = in_order(self.changes.cells.work_types)
        set_(self, "_types", {found.name: known[found.name] for found in order})
        set_(self, "_roles", {**before.roles, **after.roles})
        set_(self, "_causes", {**before.causes, **after.causes})
        set_(self, "_services", {**before.services, **after.services})

    def parts(self) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        """All parts of the letter, and what they come to in short."""
        for line in self.changes.lines:
            self._cover(line)
        for deal in self.changes.deals:
            self._deal(deal)
        quiet = not (self._told.tables or self._told.lost or self.changes.deals)
        for line in self.changes.assigned:
            # A contract that begins or ends comes with what is told of it already, if anything is.
            if quiet or all(line.lives):
                self._cover(line)
        terms = [part for deal in self.changes.deals for part in self._terms(deal)]
        return (*terms, *self._dated()), tuple(self._in_short())

    def _dated(self) -> Iterator[Part]:
        told = self._told
        every = {*told.tables, *told.lost}
        for days in sorted(every, key=_by_time):
            tables = tuple(
                Table(title, about, tuple(rows))
                for (_, title, about), rows in sorted(
                    told.tables.get(days, {}).items(), key=lambda table: table[0][0]
                )
            )
            sentences = (self.words.no_cover(*days),) if days in told.lost else ()
            yield Part(self.words.then(*days), sentences, tables)

    def _in_short(self) -> Iterator[str]:
        words, told = self.words, self._told
        for change in self.changes.deals:
            before, after = self.changes.agreements[change.agreement]
            if before is None and after is not None:
                life = after.life
                yield words.new_agreement(label(after), life.start, life.end)
            elif before is not None and after is None:
                yield words.no_agreement(label(before))
        for days in told.lost:
            yield words.no_cover(*days)
        for said, say in (
            (told.less, words.covers_less),
            (told.more, words.covers_more),
            (told.otherwise, words.covers_otherwise),
            (told.higher, words.costs_more),
            (told.lower, words.costs_less),
        ):
            known: set[str] = set()
            for days in sorted(said, key=_by_time):
                named = [what for what in dict.fromkeys(said[days]) if what not in known]
                known.update(named)
                if named:
                    yield say(*days, f"{words.labels['semicolon']} ".join(named))

    # --- cover -------------------------------------------------------------------------------

    def _cover(self, line: Line) -> None:
        work, beside = self.writer.work, self._told.beside
        for stretch in lost(line, self.writer.as_of) if not line.agreement else ():
            self._told.lost.append(self._days(stretch, line))
        looks = beside.left(line, "treated", seen(line, work, treated), _covers_less)
        for life, (before, after), mask in looks:
            for which in self._work(mask, life.start):
                self._treated(line, self._days(life, line), which, before, after)
        prices = seen(line, work, priced, new_roles=True)
        for life, (old, new), mask in beside.left(line, "priced", prices, _costs_more):
            if new is not None:
                for which in self._work(mask, life.start):
                    self._priced(line, self._days(life, line), which, old, new)
        self._lengths(line)
        self._debits(line)
        self._after_hours(line)

    def _days(self, life: Stretch, line: Line) -> Days:
        """From when, and until when where what holds then does not last as long as the cover."""
        ends = [stretch.end for side in line.lives for stretch in side]
        return life.start, None if life.end in ends else life.end

    def _treated(
        self,
        line: Line,
        days: Days,
        which: _Which,
        before: Treated | None,
        after: Treated | None,
    ) -> None:
        words, told = self.words, self._told
        letters, labels = words.letters, words.labels
        apart = before is not None and after is not None and before.kind is after.kind
        cells = [
            self._treatment(line, found, apart) if found is not None else None
            for found in (before, after)
        ]
        effect = letters.otherwise
        named = self._assigned(which.in_short(words), line)
        if before is None:
            effect = letters.new
        elif after is None:
            effect = letters.ended
            told.less.setdefault(days, []).append(named)
        elif RANKS[after.kind] > RANKS[before.kind]:
            effect = letters.less
            told.less.setdefault(days, []).append(named)
        elif RANKS[after.kind] < RANKS[before.kind]:
            effect = letters.more
            told.more.setdefault(days, []).append(named)
        else:
            told.otherwise.setdefault(days, []).append(named)
        title = self._of_line(labels["scope"], line)
        old, new = cells[0] or Cell(NOT_HERE), cells[1] or Cell(letters.gone)
        row = Row(which.what, which.who, old, new, effect)
        told.row(days, 0, title, labels["work"], row)

    def _treatment(self, line: Line, found: Treated, apart: bool) -> Cell:
        said = self.words.treatments.of("entry" if found.entry else found.kind.value).mark
        if apart and found.pool is not None:
            number, contract = found.pool
            agreement = line.agreements[number]
            terms = self.changes.terms.get((agreement, contract))
            title = self.names[1].contract(contract, terms.titles if terms is not None else {})
            said = self.words.of_contract(said, title)
            if len(line.agreements) > 1:
                pair = self.changes.agreements.get(agreement, (None, None))
                known = pair[1] or pair[0]
                said = self.words.of_agreement(said, label(known) if known else agreement)
        return Cell(said, found.kind.value)

    def _priced(
        self, line: Line, days: Days, which: _Which, before: Priced | None, after: Priced
    ) -> None:
        words, told = self.words, self._told
        if before is not None and before.overage != after.overage:
            before = None  # that work is treated otherwise is told of already
        letters = words.letters
        effect = letters.new
        if before is not None:
            effect = self._effect(
                days,
                self._assigned(which.roles or which.what, line),
                (before.amount, before.unit, before.currency),
                (after.amount, after.unit, after.currency),
            )
        title = self._of_line(letters.overage if after.overage else letters.rates, line)
        old = Cell(self._amount(before) if before is not None else NOT_HERE)
        # The cause of a ticket makes no price: of usual work it goes without saying.
        who = which.roles if which.usual else which.who
        row = Row(which.what, who, old, Cell(self._amount(after)), effect)
        told.row(days, 2 if after.overage else 1, title, words.labels["work"], row)

    def _effect(
        self,
        days: Days,
        what: str,
        before: tuple[Decimal | None, object, str],
        after: tuple[Decimal | None, object, str],
    ) -> str:
        """Whether a price is higher or lower, if both are of the same thing in one currency."""
        old, new = before[0], after[0]
        if old is None or new is None or old == new or before[1:] != after[1:]:
            return ""
        up = new > old
        (self._told.higher if up else self._told.lower).setdefault(days, []).append(what)
        return self.words.letters.higher if up else self.words.letters.lower

    def _amount(self, price: Priced) -> str:
        if price.unit is Unit.ENTRY and price.amount is not None:
            amount = self.words.money(price.amount, price.currency)
            return f"{amount} {self.words.labels['per_entry']}"
        return self.words.hourly_rate(price.amount, price.currency)

    def _counts(self, line: Line, name: str, look: Callable[[Fate], K | None]) -> Iterator[Seen[K]]:
        """What is otherwise in how time is counted."""
        found = seen(line, self.writer.work, look)
        return self._told.beside.left(line, name, found, lambda _, __: 0)

    def _lengths(self, line: Line) -> None:
        say = self.words.at_least
        for life, (old, new), mask in self._counts(line, "lengths", lengths):
            if new is not None and (old is not None or any(new)):
                before, after = say(*(old or (None, None))), say(*new)
                self._counted(line, life, mask, "", before, after)

    def _debits(self, line: Line) -> None:
        say = self.words.hours
        for life, (old, new), mask in self._counts(line, "debit", debit):
            if new is not None and (old is not None or new != 1):
                before = say(old) if old is not None else ""
                self._counted(line, life, mask, self.words.letters.debit, before, say(new))

    def _after_hours(self, line: Line) -> None:
        for life, (old, new), mask in self._counts(line, "after_hours", after_hours):
            if new is not None and (old or new):
                before, after = self._types.get(old or "", ""), self._types.get(new, "")
                note = self.words.letters.out_of_hours
                self._counted(line, life, mask, note, before, after)

    def _counted(
        self, line: Line, life: Stretch, mask: Mask, note: str, before: str, after: str
    ) -> None:
        title, about = self.words.letters.counting, self.words.labels["work"]
        for which in self._work(mask, life.start):
            told = f"{self.words.labels['semicolon']} ".join(filter(None, (note, which.who)))
            old, new = Cell(before or NOT_HERE), Cell(after or NOT_HERE)
            row = Row(which.what, told, old, new, "")
            self._told.row(self._days(life, line), 3, self._of_line(title, line), about, row)

    def _of_line(self, title: str, line: Line) -> str:
        """A title that tells for which agreement it holds, where that is not the main one, and for
        which contract, where only tickets assign work to it.
        """
        title = self._assigned(title, line)
        if not line.agreement or (line.contract and len(self.changes.agreements) == 1):
            return title
        before, after = self.changes.agreements[line.agreement]
        found = after or before
        return self.words.of_agreement(title, label(found) if found is not None else line.agreement)

    def _assigned(self, what: str, line: Line) -> str:
        """What changes of work; with the contract to which only tickets assign it."""
        if not line.contract:
            return what
        terms = self.changes.terms.get((line.agreement, line.contract))
        titles = terms.titles if terms is not None else {}
        contract = self.names[1].contract(line.contract.removesuffix(GONE), titles)
        return self.words.of_work(what, self.words.assigned(contract))

    # --- which work --------------------------------------------------------------------------

    def _work(self, mask: Mask, day: date) -> Iterator[_Which]:
        """Work in the fewest words: of which kinds, and by whom or about what if not all."""
        cells = self.changes.cells
        in_use = cells.on(day)
        found: dict[tuple[str, str, bool], list[str]] = {}
        for box in cells.boxes(mask):
            found.setdefault(self._who(mask, box, in_use), []).extend(box.work_types)
        for who, names in found.items():
            titles = [title for name, title in self._types.items() if name in names]
            yield _Which(self.words.listed(titles), *who, len(titles))

    def _who(self, mask: Mask, box: Box, in_use: Mask) -> tuple[str, str, bool]:
        """By whom, or about what, some work is: wholly; by whom alone; and whether usual tickets
        are meant.
        """
        cells, words = self.changes.cells, self.words
        types = in_use & self._among(in_use, cells.by_work_type, box.work_types)
        all_roles = not self._among(types, cells.by_sub_issue, box.sub_issues) & ~mask
        roles = cells.by_role if all_roles else box.roles
        in_use_roles = cells.roles_in(types)
        by = [] if all_roles else [self._roles[name] for name in in_use_roles if name in roles]
        but = [] if all_roles else [self._roles[name] for name in in_use_roles if name not in roles]
        few = len(by) <= len(but)
        by, but = (by, []) if few else ([], but)
        whose = words.by_whom(by, (), ()) if by else ""
        usual = "" in box.sub_issues
        if not self._among(types, cells.by_role, roles) & ~mask:
            return words.by_whom(by, but, ()) if by or but else "", whose, True
        causes = {name: title for name, title in self._causes.items() if name in cells.by_sub_issue}
        if usual:
            without = [title for name, title in causes.items() if name not in box.sub_issues]
            return words.by_whom(by, but, without), whose, True
        meant = [title for name, title in causes.items() if name in box.sub_issues]
        return words.about_what(meant, by, but), whose, False

    @staticmethod
    def _among(mask: Mask, masks: Mapping[str, Mask], names: Iterable[str]) -> Mask:
        found = 0
        for name in names:
            found |= masks[name]
        return mask & found

    # --- what is paid ------------------------------------------------------------------------

    def _deal(self, change: DealChange) -> None:
        for service in self._services_seen(change):
            ends = [terms.life.end for terms in (change.before, change.after) if terms is not None]
            last = None if service.life.end in ends else service.life.end
            self._service(service, (service.life.start, last))
        for purchase in change.purchases:
            self._purchase(purchase.before, purchase.after, change.agreement)

    @staticmethod
    def _services_seen(change: DealChange) -> Iterator[ServiceChange]:
        """What changes in what is bought by the unit, or in its price. Where an agreement is
        prolonged, what counts is what is bought until then.
        """
        for service in change.services:
            begins = service.life.start
            if change.before is not None and begins > change.before.life.end:
                then = units_on(change.before.life.end, change.sold.get(service.service, ()))
                if then == service.after:
                    continue
                yield replace(service, before=then)
            else:
                yield service

    def _service(self, change: ServiceChange, days: Days) -> None:
        words, before, after = self.words, change.before, change.after
        title, told = self._services[change.service], self._told
        effect = ""
        if before is None:
            effect = words.letters.new
        elif after is None:
            effect = words.letters.ended
        elif not _sold_alike(before, after):
            price = (before.price, before.period, before.currency)
            effect = self._effect(days, title, price, (after.price, after.period, after.currency))
        about = words.labels["service"]
        if before is None or after is None or not _sold_alike(before, after):
            row = Row(title, "", Cell(self._units(before)), Cell(self._units(after)), effect)
            told.row(days, 4, words.labels["services"], about, row)
        if before is None or after is None:
            return
        if before.invoiced is not after.invoiced:
            told.otherwise.setdefault(days, []).append(title)
            old, new = (Cell(words.invoiced(one.invoiced)) for one in (before, after))
            row = Row(title, "", old, new, words.letters.otherwise)
            told.row(days, 4, words.letters.invoicing, about, row)
        if before.parts != after.parts:
            told.row(days, 4, words.letters.bundle, about, self._bundle(title, days, before, after))

    def _bundle(self, title: str, days: Days, before: Units, after: Units) -> Row:
        """The services that a bundle holds: more or fewer of them, or others."""
        letters, effect = self.words.letters, ""
        if set(before.parts) < set(after.parts):
            effect = letters.more
            self._told.more.setdefault(days, []).append(title)
        elif set(after.parts) < set(before.parts):
            effect = letters.less
            self._told.less.setdefault(days, []).append(title)
        old, new = (
            Cell(self.words.listed([self._services[name] for name in one.parts]) or NOT_HERE)
            for one in (before, after)
        )
        return Row(title, "", old, new, effect)

    def _units(self, found: Units | None) -> str:
        if found is None:
            return NOT_HERE
        price = self.words.fee(found.price, found.currency, found.period)
        if found.units == 1:
            return price
        total = self.words.fee(found.total, found.currency, found.period)
        return f"{self.words.number(found.units)} × {price} = {total}"

    def _purchase(self, before: Purchase | None, after: Purchase | None, agreement: str) -> None:
        words = self.words
        found = after or before or _none()
        what = self._bought(found, agreement)
        days = max(found.life.start, self.writer.as_of), None
        effect = ""
        if before is None:
            effect = words.letters.new
        elif after is None:
            effect = words.letters.ended
        elif before.life == after.life and before.quantity == after.quantity:
            price = (before.price, before.what, before.currency)
            named = what or words.labels[_TITLES[found.what]]
            effect = self._effect(days, named, price, (after.price, after.what, after.currency))
        prolonged = before is not None and after is not None and before.life != after.life
        cells = [
            Cell(NOT_HERE if one is None else self._costs(one, prolonged))
            for one in (before, after)
        ]
        when = words.since(found.life.start) if prolonged else self._when(found)
        about = words.labels["days"]
        if what:
            about = words.labels["milestone" if found.what is What.MILESTONE else "contract"]
        row = Row(what or when, when if what else "", cells[0], cells[1], effect)
        rank = 5 + list(What).index(found.what)
        self._told.row(days, rank, words.labels[_TITLES[found.what]], about, row)

    def _costs(self, found: Purchase, prolonged: bool) -> str:
        """What something costs; with its days, where they change."""
        cost = self._cost(found)
        return f"{self._when(found)}{self.words.labels['colon']} {cost}" if prolonged else cost

    def _bought(self, found: Purchase, agreement: str) -> str:
        """What something is bought for; empty where that goes without saying."""
        if found.title:
            return one_line(found.title)
        types = [terms.type for (name, _), terms in self.changes.terms.items() if name == agreement]
        if found.what is not What.SETUP and types.count(_TYPES[found.what]) == 1:
            return ""
        terms = self.changes.terms.get((agreement, found.contract))
        return self.names[1].contract(found.contract, terms.titles if terms is not None else {})

    def _when(self, found: Purchase) -> str:
        if found.what in (What.MILESTONE, What.SETUP):
            return self.words.day(found.life.start)
        return self.words.days(found.life.start, found.life.end)

    def _cost(self, found: Purchase) -> str:
        words, currency = self.words, found.currency

        def each(amount: Decimal | None) -> str:
            hourly = found.what is What.BLOCK
            return words.hourly_rate(amount, currency) if hourly else words.money(amount, currency)

        if found.quantity is None:
            return words.money(found.price, currency)
        hours = found.what is What.BLOCK
        quantity = words.hours(found.quantity) if hours else words.number(found.quantity)
        total = words.money(found.total, currency)
        return f"{quantity} × {each(found.price)} = {total}"

    # --- terms -------------------------------------------------------------------------------

    def _terms(self, change: DealChange) -> Iterator[Part]:
        words = self.words
        pair = self.changes.agreements[change.agreement]
        found = pair[1] or pair[0] or _none()
        rows = tuple(self._term_rows(change.before, change.after, pair))
        sentences: tuple[str, ...] = ()
        if pair[0] is None:
            sentences = (words.new_agreement(label(found), found.life.start, found.life.end),)
        elif pair[1] is None:
            sentences = (words.no_agreement(label(found)),)
        if rows or sentences:
            heading = f"{words.letters.agreement}{words.labels['colon']} {label(found)}"
            tables = (Table("", "", rows),) if rows else ()
            yield Part(heading, sentences, tables)

    def _term_rows(
        self,
        before: Terms | None,
        after: Terms | None,
        pair: tuple[Agreement | None, Agreement | None],
    ) -> Iterator[Row]:
        words = self.words
        labels = words.labels
        if after is None:
            return

        def said(terms: Terms | None, own: Agreement | None, what: str) -> str:
            if terms is None or own is None:
                return NOT_HERE
            match what:
                case "term":
                    return words.days(terms.life.start, terms.life.end)
                case "renewal":
                    return renewal(own, words)
                case "currency":
                    return words.in_currency(terms.currency)
                case _:
                    return words.minutes(terms.rounding)

        for what, title in (
            ("term", labels["term"]),
            ("renewal", labels["renewal"]),
            ("currency", labels["currency"]),
            ("rounding", words.letters.rounding),
        ):
            if before is None and what == "rounding":
                continue
            cells = Cell(said(before, pair[0], what)), Cell(said(after, pair[1], what))
            if cells[0] != cells[1]:
                yield Row(title, "", cells[0], cells[1], "")


_TYPES: Mapping[What, ContractType] = {
    What.BLOCK: ContractType.BLOCK_HOURS,
    What.RETAINER: ContractType.RETAINER,
    What.TICKETS: ContractType.PER_TICKET,
    What.MILESTONE: ContractType.FIXED_PRICE,
}
"""The contracts on which something is bought in advance."""

_TITLES: Mapping[What, Literal["blocks", "retainers", "tickets", "milestones", "setup"]] = {
    What.BLOCK: "blocks",
    What.RETAINER: "retainers",
    What.TICKETS: "tickets",
    What.MILESTONE: "milestones",
    What.SETUP: "setup",
}


def _sold_alike(before: Units, after: Units) -> bool:
    """Whether only what no line of prices says is another: how often it is invoiced, and what is in
    a bundle.
    """
    return replace(before, invoiced=after.invoiced, parts=after.parts) == after


def _covers_less(before: Treated, after: Treated) -> int:
    """How much less work is covered."""
    return RANKS[after.kind] - RANKS[before.kind]


def _costs_more(before: Priced, after: Priced) -> int:
    """1 where work costs more, -1 where it costs less; 1 where nobody can tell."""
    if before.amount is None or after.amount is None or before.currency != after.currency:
        return 1
    return (after.amount > before.amount) - (after.amount < before.amount)


def _by_time(days: Days) -> tuple[date, date]:
    """The order of days: what lasts comes after what ends."""
    return days[0], days[1] or date.max


def _none() -> NoReturn:
    raise ValueError("a change has two sides, and one of them is something")
