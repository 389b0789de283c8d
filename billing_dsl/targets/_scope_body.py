"""From the coverage to the statements of a scope document: once for all clients who are alike."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing_dsl.analysis.cells import Box, Cells, Mask
from billing_dsl.analysis.pricing import Billing, block_factor, rate
from billing_dsl.analysis.situations import Cutter, Situation, own_beginnings
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import Flat, Plus, Times, WorkType
from billing_dsl.languages import NOT_HERE, Language
from billing_dsl.model.calendar import Stretch, day_after, day_before
from billing_dsl.targets._called import Called, in_order
from billing_dsl.targets._scope import (
    KINDS,
    Body,
    Difference,
    Item,
    Kind,
    Mark,
    Part,
    Period,
    RateCard,
    RateRow,
    Section,
)
from billing_dsl.targets._templates import line

KIND_OF = {
    ContractType.RECURRING_SERVICE: Kind.INCLUDED,
    ContractType.FIXED_PRICE: Kind.FIXED,
    ContractType.BLOCK_HOURS: Kind.BLOCK,
    ContractType.RETAINER: Kind.RETAINER,
    ContractType.PER_TICKET: Kind.TICKET,
    ContractType.TIME_AND_MATERIALS: Kind.HOURLY,
}
"""What becomes of work on each type of contract."""

BILLED_AS = {
    Kind.BLOCK: Billing.OVERAGE,
    Kind.RETAINER: Billing.RETAINER,
    Kind.HOURLY: Billing.HOURLY,
    Kind.OUTSIDE: Billing.STANDARD_RATE,
}
"""The kinds of work that have rates, and how each is found."""


def wording(kind: Kind, work_types: Iterable[WorkType]) -> str:
    """The key of what is said of work: its kind, or `entry` or `mixed` where all or some of what is
    billed has one price for an entry, however long.
    """
    if kind is not Kind.HOURLY:
        return kind.value
    flat = {isinstance(work_type.rate, Flat) for work_type in work_types}
    if flat == {True}:
        return "entry"
    return "mixed" if True in flat else kind.value


WIDEST = 6
"""Columns of a table of rates that fit on a page."""


FREE = Part(KINDS.index(Kind.FREE))
OUTSIDE = Part(KINDS.index(Kind.OUTSIDE))

Amounts = Mapping[tuple[Part, str, str], Decimal | None]
"""The rate of each part, work type and role that has one; None where no amount is stated."""


@dataclass(frozen=True, slots=True)
class State:
    """Where all work ends in a situation, in order of the path, and at which rate."""

    parts: tuple[tuple[Part, Mask], ...]
    amounts: Amounts
    factors: tuple[tuple[Part, str, Decimal], ...]
    """Hours that an hour of a role takes from a block."""
    tier: EffectiveTier | None
    in_use: Mask
    titles: Mapping[Part, Mapping[str, str]]
    """What the contract of a part is called, by language."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """Makes the bodies of scope documents; remembers all that clients share."""

    shared: Shared
    cells: Cells
    _cutter: Cutter = field(init=False)
    _order: tuple[WorkType, ...] = field(init=False)
    _called: dict[Language, Called] = field(init=False, default_factory=dict)
    _states: dict[Hashable, State] = field(init=False, default_factory=dict)
    _bodies: dict[Hashable, Body] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "_cutter", Cutter(self.shared, purchases=False))
        set_(self, "_order", in_order(self.shared.work_types))

    def called(self, words: Language) -> Called:
        """What all that clients share is called in a language."""
        found = self._called.get(words)
        if found is None:
            found = self._called[words] = Called(self.shared, words)
        return found

    def periods(
        self, view: ClientCoverage, agreement: Agreement, words: Language
    ) -> tuple[Period, ...]:
        """The days of an agreement, cut where its scope changes, with what holds on them."""
        currency = view.client.currency
        time_line = self._cutter.time_line(currency, own_beginnings(view, agreement))
        known = {found.name: found for found in view.family.book.agreements}
        clients = {client.name: line(client.legal_name) for client in view.family.book.clients}
        others = tuple(
            words.of_client(label(found), clients[found.client])
            if found.client != view.client.name
            else label(found)
            for found in (known[name] for name in time_line.agreements[1:])
        )
        given = frozenset(block.contract for block in agreement.blocks)
        stretches = [
            (situation, self._state(situation, currency)) for situation in time_line.situations
        ]
        found: list[Period] = []
        run: list[tuple[Situation, State]] = []
        for stretch in [*stretches, None]:
            if run and (stretch is None or not _goes_on(run[-1], stretch)):
                found.append(self._period(run, currency, others, given, words))
                run = []
            if stretch is not None:
                run.append(stretch)
        return tuple(found)

    def _period(
        self,
        run: Sequence[tuple[Situation, State]],
        currency: str,
        others: tuple[str, ...],
        given: frozenset[str],
        words: Language,
    ) -> Period:
        states: list[tuple[Hashable, date, State]] = []
        for situation, state in run:
            if not states or states[-1][2].amounts != state.amounts:
                states.append((situation.key, situation.life.start, state))
        tier = run[0][1].tier
        called = self.called(words)
        return Period(
            Stretch(run[0][0].life.start, run[-1][0].life.end),
            "",
            tier.key if tier is not None else "",
            called.tier(tier),
            called.level(tier),
            called.summary(tier),
            self._body(states, currency, others, _missing(tier, given), called),
        )

    # --- states ------------------------------------------------------------------------------

    def _state(self, situation: Situation, currency: str) -> State:
        beginning = situation.beginning
        tier = beginning.segment.phases[beginning.position].tier
        key = (situation.key, currency, tier.key if tier is not None else "")
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = self._worked_out(situation, currency, tier)
        return found

    def _worked_out(self, situation: Situation, currency: str, tier: EffectiveTier | None) -> State:
        cells, segment = self.cells, situation.beginning.segment
        day = situation.life.start
        free = 0
        for work_type in self.shared.work_types:
            if not work_type.billable:
                free |= cells.by_work_type[work_type.name]
        parts: dict[Part, Mask] = {}
        amounts: dict[tuple[Part, str, str], Decimal | None] = {}
        factors: list[tuple[Part, str, Decimal]] = []
        titles: dict[Part, Mapping[str, str]] = {}
        for end, key in zip(situation.beginning.routing, situation.ends, strict=True):
            contract = phase = None
            part = OUTSIDE
            if end.outcome is Outcome.COVERED:
                contract, phase = segment.contracts[end.contract], segment.phases[end.contract]
                rank = KINDS.index(KIND_OF[contract.type])
                part = Part(rank, key.agreement, key.contract)
                titles[part] = phase.terms.titles
            if end.cells & free:
                parts[FREE] = parts.get(FREE, 0) | (end.cells & free)
            mask = end.cells & ~free
            if not mask:
                continue
            parts[part] = parts.get(part, 0) | mask
            done = {(work_type, role) for work_type, role, _ in cells.strips(mask)}
            busy = {role for _, role in done}
            for role in cells.roles:
                if role.name not in busy:
                    continue
                if part.kind is Kind.BLOCK and phase is not None:
                    factors.append((part, role.name, block_factor(phase, role)))
                for work_type in self._order if part.kind in BILLED_AS else ():
                    if (work_type.name, role.name) in done:
                        amounts[part, work_type.name, role.name] = self._amount(
                            part, contract, phase, work_type, role, day, currency
                        )
        in_use = segment.shape.cells
        return State(tuple(parts.items()), amounts, tuple(factors), tier, in_use, titles)

    def _amount(
        self,
        part: Part,
        contract: Contract | None,
        phase: Phase | None,
        work_type: WorkType,
        role: Role,
        day: date,
        currency: str,
    ) -> Decimal | None:
        by_factor = self.shared.settings.multiplier_on_overage
        billed = BILLED_AS[part.kind]
        return rate(billed, contract, phase, work_type, role, day, currency, by_factor).amount

    # --- bodies ------------------------------------------------------------------------------

    def _body(
        self,
        states: Sequence[tuple[Hashable, date, State]],
        currency: str,
        others: tuple[str, ...],
        missing: tuple[str, ...],
        called: Called,
    ) -> Body:
        tier = states[0][2].tier
        key = (
            called.words,
            currency,
            others,
            missing,
            tier.key if tier is not None else "",
            states[0][0],
            tuple((key, start) for key, start, _ in states[1:]),
        )
        found = self._bodies.get(key)
        if found is None:
            dated = tuple((start, state) for _, start, state in states)
            found = self._bodies[key] = _Writer(
                self, called, dated, currency, others, missing
            ).body()
        return found


def _goes_on(before: tuple[Situation, State], after: tuple[Situation, State]) -> bool:
    """Whether a period does: work ends where it did, and the same tier says so."""
    (situation, state), (following, then) = before, after
    return (
        day_after(situation.life.end) == following.life.start
        and state.parts == then.parts
        and state.tier is then.tier
    )


def _missing(tier: EffectiveTier | None, given: frozenset[str]) -> tuple[str, ...]:
    """The block contracts of a tier that an agreement gives no block to."""
    return tuple(
        name
        for name, terms in (tier.contracts.items() if tier is not None else ())
        if terms.type is ContractType.BLOCK_HOURS and name not in given
    )


def label(agreement: Agreement) -> str:
    """What a client knows an agreement by."""
    return line(agreement.number or agreement.title)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one body: the scope of one period, with the rates of each of its stretches."""

    bodies: Bodies
    called: Called
    states: tuple[tuple[date, State], ...]
    currency: str
    others: tuple[str, ...]
    missing: tuple[str, ...]
    _types: Mapping[str, WorkType] = field(init=False)
    _base: dict[str, Part] = field(init=False, default_factory=dict)
    _several: set[Kind] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        types = {work_type.name: work_type for work_type in self.bodies._order}
        object.__setattr__(self, "_types", types)
        for work_type in self.bodies._order:
            part = self._usual(work_type.name)
            if part is not None:
                self._base[work_type.name] = part
        kinds = [part.kind for part, _ in self.state.parts if part.agreement == 0]
        self._several.update(kind for kind in kinds if kinds.count(kind) > 1)

    @property
    def state(self) -> State:
        """The state at the beginning: where work ends is the same in all of them."""
        return self.states[0][1]

    @property
    def cells(self) -> Cells:
        """The bits of all kinds of work."""
        return self.bodies.cells

    @property
    def words(self) -> Language:
        """The language that is written."""
        return self.called.words

    def body(self) -> Body:
        """All that there is to say."""
        sections = tuple(self._sections())
        differences = tuple(self._differences())
        remarks = tuple(self._remarks())
        marks = {work_type.name: self._mark(work_type.name) for work_type in self.bodies._order}
        lead = self.words.labels["differences_lead"]
        if any(part == FREE for part, _ in self.state.parts):
            lead += f" {self.words.labels['differences_free']}"
        said = hashlib.sha256(repr((sections, lead, differences, remarks, marks)).encode())
        return Body(sections, lead, differences, remarks, marks, said.hexdigest())

    def _usual(self, work_type: str) -> Part | None:
        """The part to which the work type itself leads: roles and causes only send work on."""
        plain = self.cells.by_work_type[work_type] & self.cells.by_sub_issue[""]
        return next((part for part, mask in self.state.parts if mask & plain), None)

    def _unusual(self, part: Part) -> Mask:
        """The work that ends in a part though its work type usually does not."""
        mask = dict(self.state.parts)[part]
        for work_type, usual in self._base.items():
            if usual == part:
                mask &= ~self.cells.by_work_type[work_type]
        return mask

    def _mark(self, work_type: str) -> Mark:
        part = self._base.get(work_type)
        if part is None:
            return Mark(None, self.words.labels["not_yet"], False)
        of_type = self.cells.by_work_type[work_type] & self.state.in_use
        differs = bool(of_type & ~dict(self.state.parts)[part])
        return Mark(part.kind, self._marked(work_type, part), differs)

    def _marked(self, work_type: str, part: Part) -> str:
        return self.words.treatments.of(wording(part.kind, (self._types[work_type],))).mark

    # --- sections ----------------------------------------------------------------------------

    def _sections(self) -> Iterator[Section]:
        for part, mask in sorted(self.state.parts):
            own = [found for found in self.bodies._order if self._base.get(found.name) == part]
            if not own:
                continue
            said = self.words.treatments.of(wording(part.kind, own))
            items = tuple(
                Item(
                    self.called.work_types[work_type.name],
                    self.called.descriptions[work_type.name],
                    tuple(self._notes(work_type, part.kind)),
                    self.cells.boxes(mask & self.cells.by_work_type[work_type.name]),
                )
                for work_type in own
            )
            yield Section(
                part,
                self._told_apart(part, said.heading),
                said.lead,
                items,
                self._cards(part),
                self._factors(part),
            )

    def _factors(self, part: Part) -> tuple[str, ...]:
        """Whose hours take more, or less, than an hour from a block."""
        return tuple(
            self.words.factor(self.called.roles[role], factor)
            for found, role, factor in self.state.factors
            if found == part and factor != 1
        )

    def _told_apart(self, part: Part, said: str) -> str:
        """A heading or treatment that tells parts of one kind from each other."""
        if part.agreement:
            return self.words.of_agreement(said, self.others[part.agreement - 1])
        if part.kind in self._several:
            titles = self.state.titles.get(part, {})
            return self.words.of_contract(said, self.called.contract(part.contract, titles))
        return said

    def _notes(self, work_type: WorkType, kind: Kind) -> Iterator[str]:
        if counted := self._limits(work_type, kind):
            yield counted
        later = self._base.get(work_type.after_hours)
        if later is not None and work_type.after_hours != work_type.name:
            mark = self._marked(work_type.after_hours, later)
            title = self.called.work_types[work_type.after_hours]
            yield self.words.after_hours(title, mark)

    def _limits(self, work_type: WorkType, kind: Kind) -> str:
        """The shortest and longest time of an entry, where hours are counted; or else nothing."""
        if kind is Kind.BLOCK or (kind in BILLED_AS and not isinstance(work_type.rate, Flat)):
            return self.words.at_least(work_type.minimum_hours, work_type.maximum_hours)
        return ""

    def _limits_apart(self, part: Part, about: Mask, told: set[str]) -> Iterator[str]:
        """The limits of work whose hours are counted here, and not where it usually ends."""
        by_limits: dict[str, list[str]] = {}
        for name in self.cells.work_types_in(about):
            work_type, usual = self._types[name], self._base.get(name)
            limits = self._limits(work_type, part.kind)
            if limits and name not in told and not (usual and self._limits(work_type, usual.kind)):
                told.add(name)
                by_limits.setdefault(limits, []).append(self.called.work_types[name])
        colon = self.words.labels["colon"]
        for limits, titles in by_limits.items():
            yield f"{self.words.listed(titles)}{colon} {limits}."

    # --- rates -------------------------------------------------------------------------------

    def _cards(self, part: Part) -> tuple[RateCard, ...]:
        """The rates of all work that may end in a part, again for each day on which they change."""
        if part.kind not in BILLED_AS:
            return ()
        found: list[tuple[date, tuple[RateCard, ...]]] = []
        for start, state in self.states:
            cards = tuple(self._tables(part, state, start))
            if not found or found[-1][1] != cards:
                found.append((start, cards))
        shown: list[RateCard] = []
        for position, (start, cards) in enumerate(found):
            first = start if position else None
            last = day_before(found[position + 1][0]) if position + 1 < len(found) else None
            days = self.words.when(first, last)
            shown.extend(replace(card, first=first, last=last, days=days) for card in cards)
        return tuple(shown)

    def _tables(self, part: Part, state: State, day: date) -> Iterator[RateCard]:
        """One table of rates, or several where there are more roles than fit on a page."""
        here = {key[1:]: amount for key, amount in state.amounts.items() if key[0] == part}
        roles = [role for role in self.cells.roles if any(role.name == name for _, name in here)]
        rows = self._rows(part, here, roles, day)
        columns: dict[tuple[str, ...], list[str]] = {}
        for position, role in enumerate(roles):
            column = tuple(amounts[position] for amounts, _ in rows)
            columns.setdefault(column, []).append(self.called.roles[role.name])
        titles = [", ".join(found) for found in columns.values()]
        if len(titles) == 1 and len(roles) == len(self.cells.roles_in(state.in_use)):
            titles = [self.words.labels["rate"]]
        by_entry = self.words.labels["per_entry"]
        per_entry = all(by_entry in notes for _, notes in rows)
        if part.kind is Kind.BLOCK:
            title = self.words.overage_rates(self.currency)
        else:
            title = self.words.rates(self.currency, per_entry)
        for first in range(0, len(titles), WIDEST):
            shown = list(columns)[first : first + WIDEST]
            yield RateCard(
                title,
                None,
                None,
                "",
                tuple(titles[first : first + WIDEST]),
                tuple(
                    RateRow(
                        tuple(names),
                        tuple(column[number] for column in shown),
                        tuple(note for note in notes if not (per_entry and note == by_entry)),
                    )
                    for number, ((_, notes), names) in enumerate(rows.items())
                ),
            )

    def _rows(
        self,
        part: Part,
        here: Mapping[tuple[str, str], Decimal | None],
        roles: Sequence[Role],
        day: date,
    ) -> Mapping[tuple[tuple[str, ...], tuple[str, ...]], Sequence[str]]:
        """Rates by role, and what is said of them, with the work that has them."""
        if part.kind is Kind.BLOCK:  # overage is the same for all work
            overage = {role: amount for (_, role), amount in here.items()}
            amounts = tuple(self._written(overage[role.name]) for role in roles)
            return {(amounts, ()): [self.words.labels["used_up"]]}
        rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for work_type in sorted(self.bodies._order, key=lambda w: self._base.get(w.name) != part):
            if not any(work_type.name == name for name, _ in here):
                continue
            amounts = tuple(
                self._written(here[work_type.name, role.name])
                if (work_type.name, role.name) in here
                else NOT_HERE
                for role in roles
            )
            notes = [*self._modifier(work_type, day)]
            if self._base.get(work_type.name) != part:
                notes.append(self.words.labels["only_where"])
            title = self.called.work_types[work_type.name]
            rows.setdefault((amounts, tuple(notes)), []).append(title)
        return rows

    def _written(self, amount: Decimal | None) -> str:
        if amount is None:
            return self.words.labels["not_stated"]
        return self.words.amount(amount, self.currency)

    def _modifier(self, work_type: WorkType, day: date) -> Iterator[str]:
        match work_type.rate:
            case Plus(price):
                amount = price.amount(day, self.currency)
                if amount is not None:
                    yield self.words.plus(amount, self.currency)
            case Times(factor):
                yield self.words.times(factor)
            case Flat():
                yield self.words.labels["per_entry"]
            case _:
                return

    # --- differences -------------------------------------------------------------------------

    def _differences(self) -> Iterator[Difference]:
        found: list[
            tuple[tuple[bool, Part, tuple[str, ...], tuple[str, ...]], Difference, Mask]
        ] = []
        shown = set(self._base.values())
        for part, mask in sorted(self.state.parts):
            unusual = self._unusual(part)
            boxes = (self._widened(part, box) for box in self.cells.boxes(unusual))
            for wide in dict.fromkeys(boxes):
                about = self._mask(wide) & unusual
                by_cause = len(wide.sub_issues) != len(self.cells.sub_issues) + 1
                order = (by_cause, part, wide.roles, wide.sub_issues)
                difference = self._difference(part, mask, wide, about)
                if part not in shown:  # no section tells its rates
                    shown.add(part)
                    cards, notes = self._cards(part), self._factors(part)
                    difference = replace(difference, cards=cards, notes=notes)
                found.append((order, difference, about))
        found.sort(key=lambda one: one[0])
        told: set[str] = set()
        for _, difference, about in found:
            limits = self._limits_apart(difference.part, about, told)
            yield replace(difference, notes=(*difference.notes, *limits))

    def _widened(self, part: Part, box: Box) -> Box:
        """A box made as wide as it stays true: all roles, all causes, all work."""
        true = dict(self.state.parts).get(FREE, 0) | ~self.state.in_use
        true |= dict(self.state.parts)[part]
        cells = self.cells
        box = self._if_true(true, box, replace(box, roles=tuple(cells.by_role)))
        box = self._if_true(true, box, replace(box, sub_issues=tuple(cells.by_sub_issue)))
        return self._if_true(true, box, replace(box, work_types=tuple(cells.by_work_type)))

    def _if_true(self, true: Mask, box: Box, wide: Box) -> Box:
        return box if self._mask(wide) & ~true else wide

    def _mask(self, box: Box) -> Mask:
        cells = self.cells
        work_types = roles = sub_issues = 0
        for name in box.work_types:
            work_types |= cells.by_work_type[name]
        for name in box.roles:
            roles |= cells.by_role[name]
        for name in box.sub_issues:
            sub_issues |= cells.by_sub_issue[name]
        return work_types & roles & sub_issues & self.state.in_use

    def _difference(self, part: Part, mask: Mask, wide: Box, about: Mask) -> Difference:
        cells = self.cells
        in_use = cells.roles_in(self.state.in_use)
        roles = {name: title for name, title in self.called.roles.items() if name in in_use}
        by = [title for name, title in roles.items() if name in wide.roles]
        but = [title for name, title in roles.items() if name not in wide.roles]
        if len(but) < len(by):  # told in the shorter way
            by = []
        else:
            but = []
        causes = self.called.causes
        if "" in wide.sub_issues:
            without = [title for name, title in causes.items() if name not in wide.sub_issues]
            subject = self.words.by_whom(by, but, without)
        else:
            meant = [title for name, title in causes.items() if name in wide.sub_issues]
            subject = self.words.about_what(meant, by, but)
        return Difference(
            part,
            subject,
            self._which(wide, about),
            self._told_apart(part, self._state(part, cells.work_types_in(self._mask(wide) & mask))),
            (),
            (),
            cells.boxes(self._mask(wide) & mask),
        )

    def _state(self, part: Part, work_types: Iterable[str]) -> str:
        """What becomes of work of some types in a part, in a few words."""
        return self.words.treatments.of(self._kind(part, work_types)).state

    def _kind(self, part: Part, work_types: Iterable[str]) -> str:
        return wording(part.kind, [self._types[name] for name in work_types])

    def _which(self, wide: Box, about: Mask) -> str:
        """Which work is meant."""
        names = [name for name, part in self._base.items() if part != FREE]
        if set(names) <= set(wide.work_types):
            return self.words.labels["all_work"]
        meant = set(self.cells.work_types_in(about))
        parts = {self._base[name] for name in meant}
        if {name for name in names if self._base[name] in parts} == meant:
            return self.words.otherwise(
                [
                    self._kind(part, [name for name in names if self._base[name] == part])
                    for part in sorted(parts)
                ]
            )
        return self.words.listed(
            [self.called.work_types[name] for name in self._base if name in meant]
        )

    # --- remarks -----------------------------------------------------------------------------

    def _remarks(self) -> Iterator[str]:
        """Where work goes for which the tier has a block that was not bought."""
        tier = self.state.tier
        for contract in self.missing if tier is not None else ():
            ends: dict[tuple[Part, str], list[str]] = {}
            for name, part in self._base.items():
                if tier is not None and tier.scope.get(name) == contract:
                    end = part, self._kind(part, (name,))
                    ends.setdefault(end, []).append(self.called.work_types[name])
            if ends and tier is not None:
                said = [(titles, kind) for (_, kind), titles in sorted(ends.items())]
                yield self.words.no_block(self.called.tier(tier), said)
