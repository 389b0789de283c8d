"""The terms of one agreement beside its scope: who signed, what is paid, what is special."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from billing_dsl.analysis.agreed import each_once, setup_fees
from billing_dsl.analysis.causes import LISTS
from billing_dsl.analysis.cells import Box, Mask
from billing_dsl.analysis.coverage import Segment
from billing_dsl.analysis.situations import Beginning, own_beginnings
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import End, Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.agreement import Agreement, TierException, UnitStep
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.settings import Settings
from billing_dsl.languages import Language, Notice, Origin, read_by
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch, pieces, runs
from billing_dsl.model.money import Price
from billing_dsl.targets._called import Called
from billing_dsl.targets._scope import (
    KINDS,
    Fact,
    Glance,
    GlanceRow,
    Kind,
    Period,
    ScopeDocument,
    Special,
    Stamp,
    Table,
)
from billing_dsl.targets._scope_body import KIND_OF, Bodies, wording
from billing_dsl.targets._templates import line

SHORT = 12
"""Characters of a hash that a footer shows."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Says all that there is to say of agreements; remembers what they share."""

    bodies: Bodies
    tool_version: str
    _provider: tuple[str, ...] = field(init=False)
    _glances: dict[tuple[object, ...], Glance] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_provider", tuple(provider_lines(self.bodies.shared.settings)))

    def of(
        self, view: ClientCoverage, agreement: Agreement, words: Language | None = None
    ) -> ScopeDocument:
        """The scope document of an agreement, in the language that its client reads."""
        shared = self.bodies.shared
        words = words or read_by(view.client, shared.settings)
        called = self.bodies.called(words)
        periods = _headed(self.bodies.periods(view, agreement, words), words)
        glance = self._glance(periods, called)
        tables = tuple(_tables(view, agreement, called))
        specials = tuple(specials_of(view, agreement, called))
        client = tuple(client_lines(view.client, words))
        facts = tuple(_facts(view.client, agreement, periods, words))
        reading = tuple(_reading(shared.settings, agreement, periods, glance, words))
        about = words.for_client(_sold(periods), line(view.client.legal_name))
        said = (
            about,
            client,
            self._provider,
            [(fact.label, fact.lines) for fact in facts],
            [(table.title, table.rows) for table in tables],
            [(special.what, special.days, special.reason) for special in specials],
            reading,
        )
        scopes = [(str(period.life), period.level, period.body.digest) for period in periods]
        digest = hashlib.sha256(repr((said, scopes)).encode()).hexdigest()[:SHORT]
        return ScopeDocument(
            view.client.name,
            agreement.name,
            agreement.life.start,
            words,
            about,
            line(shared.settings.title),
            client,
            self._provider,
            facts,
            glance,
            periods,
            tables,
            specials,
            reading,
            self._stamp(agreement, periods, words, digest),
        )

    def _glance(self, periods: Sequence[Period], called: Called) -> Glance:
        columns = _glance_columns(periods, called.words)
        key = (columns, *(period.body for period in periods))
        found = self._glances.get(key)
        if found is None:
            marks = [period.body.marks for period in periods]
            rows = [
                GlanceRow(title, tuple(each[name] for each in marks))
                for name, title in called.work_types.items()
            ]
            known = tuple(row for row in rows if any(mark.kind is not None for mark in row.marks))
            differs = any(mark.differs for row in known for mark in row.marks)
            found = self._glances[key] = Glance(columns, known, differs)
        return found

    def _stamp(
        self, agreement: Agreement, periods: Sequence[Period], words: Language, digest: str
    ) -> Stamp:
        origin = Origin(
            agreement.name,
            agreement.version,
            tuple(dict.fromkeys(period.tier for period in periods if period.tier)),
            agreement.life.start,
            digest,
            self.tool_version,
        )
        return Stamp(words.stamp(origin), digest)


# --- the head ------------------------------------------------------------------------------------


def client_lines(client: Client, words: Language) -> Iterator[str]:
    """Who a client is, and where, line by line."""
    yield line(client.legal_name)
    address = client.address
    yield from _lines(address.get("street", ""))
    yield from _lines(address.get("street2", ""))
    place = " ".join(filter(None, (address.get("postal_code", ""), address.get("city", ""))))
    country = words.countries.get(client.country, client.country)
    for further in (place, address.get("state", ""), country):
        yield from _lines(further)
    if client.number:
        yield words.client_number(line(client.number))
    if client.tax_id:
        yield words.tax_number(line(client.tax_id))


def provider_lines(settings: Settings) -> Iterator[str]:
    """Who signs for the provider, and where it is reached, line by line."""
    yield line(settings.title)
    yield from _lines(settings.contact.get("address", ""))
    for known in ("name", "phone", "email", "web"):
        yield from _lines(settings.contact.get(known, ""))


def _lines(written: str) -> Iterator[str]:
    return (said for part in written.splitlines() if (said := line(part)))


def _sold(periods: Sequence[Period]) -> str:
    """What is sold: the first and the last service level, where it changes."""
    return " → ".join(dict.fromkeys(period.sold for period in periods))


def _facts(
    client: Client, agreement: Agreement, periods: Sequence[Period], words: Language
) -> Iterator[Fact]:
    labels = words.labels
    title = line(agreement.title) if agreement.title != agreement.name else ""
    number = line(agreement.number)
    called = words.numbered(title, number) if title and number else title or number
    yield Fact(labels["agreement"], (called or agreement.name,))
    if agreement.signed:
        written = agreement.signed.get("date", "")
        day = date.fromisoformat(written) if written else None
        signed = words.signed(day, line(agreement.signed.get("reference", "")))
        yield Fact(labels["signed"], (signed,))
    levels: dict[str, date] = {}
    for period in periods:
        levels.setdefault(period.level, period.life.start)
    yield Fact(
        labels["level"],
        tuple(
            words.level_since(level, start) if position else level
            for position, (level, start) in enumerate(levels.items())
        ),
    )
    if not agreement.default:
        yield Fact(labels["applies"], (labels["assigned"],))
    life = agreement.life
    yield Fact(labels["term"], (words.days(life.start, life.end),))
    yield Fact(labels["renewal"], (renewal(agreement, words),))
    yield Fact(labels["currency"], (words.in_currency(client.currency),))


def renewal(agreement: Agreement, words: Language) -> str:
    """What was agreed for the end of an agreement."""
    found = agreement.renewal
    if found is None:
        return words.labels["no_renewal"]
    notice = None
    if found.notice is not None:
        notice = Notice(found.notice, found.notice.before(agreement.life.end))
    return words.renewal(found.automatic, found.extend_by, notice)


def _headed(periods: Sequence[Period], words: Language) -> tuple[Period, ...]:
    """The periods with their headings: with their days, where there are several.

    What a tier says in short is said once, and not again of the next days on the same tier.
    """
    if len(periods) == 1:
        return tuple(replace(period, heading=words.labels["scope"]) for period in periods)
    tiers = ["", *(period.tier for period in periods)]
    return tuple(
        replace(
            period,
            heading=words.period(days, period.level),
            summary=period.summary if period.tier != before else "",
        )
        for period, days, before in zip(periods, _days(periods, words), tiers[:-1], strict=True)
    )


def _days(periods: Sequence[Period], words: Language) -> Iterator[str]:
    for position, period in enumerate(periods):
        first = period.life.start if position else None
        last = period.life.end if position < len(periods) - 1 else None
        yield words.when(first, last)


def _glance_columns(periods: Sequence[Period], words: Language) -> tuple[str, ...]:
    return tuple(_days(periods, words)) if len(periods) > 1 else (words.labels["treated"],)


def _reading(
    settings: Settings,
    agreement: Agreement,
    periods: Sequence[Period],
    glance: Glance,
    words: Language,
) -> Iterator[str]:
    """What a reader has to know to find an answer."""
    yield words.look_up(glance.differs)
    for kind in _kinds(periods):
        yield words.treatments.of(kind).invoice
    yield words.rounded(settings.hours_rounding)
    yield words.labels["rates_hold"]
    if agreement.blocks:
        yield words.labels["bought_hours"]
    if any(period.body.dashes for period in periods):
        yield words.labels["dashes"]
    yield words.holds_until(agreement.life.end)


def _kinds(periods: Sequence[Period]) -> Iterator[Kind]:
    """What becomes of some work, in the order of the document."""
    bodies = [period.body for period in periods]
    found = {section.part.kind for body in bodies for section in body.sections}
    found |= {difference.part.kind for body in bodies for difference in body.differences}
    return (kind for kind in KINDS if kind in found)


# --- what is paid --------------------------------------------------------------------------------


def _tables(view: ClientCoverage, agreement: Agreement, called: Called) -> Iterator[Table]:
    currency = view.client.currency
    contracts = [found for found in view.contracts if found.agreement.name == agreement.name]
    names = {found.name: _name(found, called) for found in contracts}
    if agreement.services:
        yield from _services(view.shared, agreement, currency, called)
    if agreement.blocks:
        yield _blocks(agreement, currency, names, called.words)
    yield from _paid_in_advance(contracts, agreement.life, currency, names, called.words)


def _name(contract: Contract, called: Called) -> str:
    return called.contract(contract.name, contract.phases[0].terms.titles)


def _services(
    shared: Shared, agreement: Agreement, currency: str, called: Called
) -> Iterator[Table]:
    words = called.words
    rows: list[tuple[str, ...]] = []
    for name, steps in agreement.services.items():
        service = shared.services[name]
        sold = _service_steps(shared, service, steps, agreement.life, currency)
        for life, (units, price) in runs(sold):
            if units:
                total = money.posted(units * price) if price is not None else None
                row = (
                    called.services[name],
                    words.day(life.start),
                    words.day(life.end),
                    words.number(units),
                    words.fee(price, currency, service.period),
                    words.fee(total, currency, service.period),
                )
                rows.append(row)
    if rows:
        said = words.labels
        columns = (
            *(said["service"], said["first"], said["last"]),
            *(said["units"], said["unit_price"], said["total"]),
        )
        yield _table(said["services"], columns, rows, {3, 4, 5})


def _service_steps(
    shared: Shared,
    service: Service | ServiceBundle,
    steps: Sequence[UnitStep],
    life: Stretch,
    currency: str,
) -> Iterator[tuple[Stretch, tuple[Decimal, Decimal | None]]]:
    """How many units from when on, and the price of one."""
    listed = _list_prices(shared, service)
    prices = [*listed, *(step.price for step in steps if step.price is not None)]
    cuts = [step.start for step in steps if step.start is not None]
    cuts += [day for price in prices for day in price.changes()]
    for stretch in pieces(life, cuts):
        begun = [step for step in steps if step.start is None or step.start <= stretch.start]
        if not begun:
            continue
        own = begun[-1].price
        prices_then = listed if own is None else [own]
        yield stretch, (begun[-1].units, _sum(prices_then, stretch.start, currency))


def _list_prices(shared: Shared, service: Service | ServiceBundle) -> list[Price]:
    """The list price of a service; of a bundle without one, the prices of what is in it."""
    if service.price is not None:
        return [service.price]
    return [
        price for name in service.services for price in _list_prices(shared, shared.services[name])
    ]


def _sum(prices: Sequence[Price], day: date, currency: str) -> Decimal | None:
    """The sum of prices on a day; None where one of them has no amount in the currency."""
    amounts = [price.amount(day, currency) for price in prices]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], numbers: set[int]
) -> Table:
    marks = tuple(position in numbers for position in range(len(columns)))
    return Table(title, tuple(columns), tuple(rows), marks)


def _blocks(
    agreement: Agreement, currency: str, names: Mapping[str, str], words: Language
) -> Table:
    several = len({block.contract for block in agreement.blocks}) > 1
    rows: list[tuple[str, ...]] = []
    for block in sorted(agreement.blocks, key=lambda block: (block.life, block.contract)):
        rate = block.rate.amount(block.life.start, currency)
        total = money.posted(block.hours * rate) if rate is not None else None
        row = (
            words.day(block.life.start),
            words.day(block.life.end),
            words.number(block.hours),
            words.hourly_rate(rate, currency),
            words.money(total, currency),
        )
        rows.append((names[block.contract], *row) if several else row)
    said = words.labels
    columns = [said["first"], said["last"], said["hours"], said["rate"], said["total"]]
    if several:
        columns.insert(0, said["contract"])
    at = int(several) + 2
    return _table(said["blocks"], columns, rows, {at, at + 1, at + 2})


def _paid_in_advance(
    contracts: Sequence[Contract],
    life: Stretch,
    currency: str,
    names: Mapping[str, str],
    words: Language,
) -> Iterator[Table]:
    """Retainers, tickets, payments of a fixed price and set-up fees, as the contracts say."""
    said = words.labels
    tickets = said["first"], said["last"], said["ticket_count"], said["ticket_price"], said["total"]
    for title, columns, dues in (
        (said["retainers"], (said["first"], said["last"], said["amount"]), _retainers),
        (said["tickets"], tickets, _tickets),
        (said["milestones"], (said["milestone"], said["due"], said["amount"]), _payments),
    ):
        due = [
            (day, (names[contract.name], *row))
            for contract in contracts
            for day, row in dues(contract, life, currency, words)
        ]
        if due:
            yield _in_order(title, (said["contract"], *columns), due)
    fees = [
        (day, (names[contract.name], *row))
        for contract in contracts
        for day, row in _fees(contract, currency, words)
    ]
    if fees:
        columns = (said["contract"], said["due"], said["amount"])
        rows = [row for _, row in sorted(fees, key=lambda due: due[0])]
        yield _table(said["setup"], columns, rows, {2})


Due: TypeAlias = tuple[date, tuple[str, ...]]
"""Something to pay: its day and its row: two cells of words, then numbers."""


def _retainers(contract: Contract, life: Stretch, currency: str, words: Language) -> Iterator[Due]:
    for bought in each_once(contract, lambda terms: terms.retainers):
        if bought.start <= life.end and bought.end >= life.start:
            amount = bought.amount.amount(bought.start, currency)
            row = (words.day(bought.start), words.day(bought.end), words.money(amount, currency))
            yield bought.start, row


def _tickets(contract: Contract, life: Stretch, currency: str, words: Language) -> Iterator[Due]:
    for pack in each_once(contract, lambda terms: terms.tickets):
        if pack.start <= life.end and pack.end >= life.start:
            price = pack.rate.amount(pack.start, currency)
            total = money.posted(pack.tickets * price) if price is not None else None
            row = (
                words.day(pack.start),
                words.day(pack.end),
                words.number(Decimal(pack.tickets)),
                words.money(price, currency),
                words.money(total, currency),
            )
            yield pack.start, row


def _payments(contract: Contract, _life: Stretch, currency: str, words: Language) -> Iterator[Due]:
    for milestone in each_once(contract, lambda terms: terms.milestones):
        amount = milestone.amount.amount(milestone.due, currency)
        day = words.day(milestone.due)
        yield milestone.due, (line(milestone.title), day, words.money(amount, currency))


def _fees(contract: Contract, currency: str, words: Language) -> Iterator[Due]:
    for stretch, amount in runs(setup_fees(contract, currency)):
        yield stretch.start, (words.day(stretch.start), words.money(amount, currency))


def _in_order(title: str, columns: tuple[str, ...], due: Sequence[Due]) -> Table:
    """What is to pay, by its days; with its contract, where there are several."""
    rows = [row for _, row in sorted(due, key=lambda one: one[0])]
    at = 3
    if len({row[0] for row in rows}) == 1:
        columns, rows, at = columns[1:], [row[1:] for row in rows], 2
    return _table(title, columns, rows, set(range(at, len(columns))))


# --- what is special -----------------------------------------------------------------------------


def specials_of(view: ClientCoverage, agreement: Agreement, called: Called) -> Iterator[Special]:
    """The exceptions of an agreement on the days on which they make a difference, each as the
    coverage has it.
    """
    words, life = called.words, agreement.life
    for exception in agreement.exceptions:
        held: list[tuple[Stretch, str]] = []
        about: dict[str, tuple[Box, ...]] = {}
        for beginning in own_beginnings(view, agreement):
            if _holds(exception, beginning.life):
                found = _reached(view, agreement, exception, beginning)
                if found is not None:
                    what = _special(view, exception, found, called)
                    held.append((beginning.life, what))
                    if what not in about:
                        about[what] = view.cells.boxes(found.cells)
        for days, what in runs(held):
            first = days.start if days.start > life.start else None
            last = days.end if days.end < life.end else None
            told = words.when(first, last) or words.labels["whole_term"]
            yield Special(what, days, told, line(exception.reason), about[what])


def _holds(exception: TierException, days: Stretch) -> bool:
    begun = exception.start is None or exception.start <= days.end
    return begun and (exception.until is None or exception.until >= days.start)


class _Reached(NamedTuple):
    """The work that an exception sends somewhere, and what becomes of it.

    `whole` tells that it goes without saying which it is: all work of the role or cause, or the one
    work type.
    """

    kind: Kind
    cells: Mask
    whole: bool


def _special(
    view: ClientCoverage, exception: TierException, found: _Reached, called: Called
) -> str:
    """What an exception comes to, in a sentence."""
    names = view.cells.work_types_in(found.cells)
    work = [title for name, title in called.work_types.items() if name in names]
    types = [work_type for work_type in view.shared.work_types if work_type.name in names]
    state = called.words.treatments.of(wording(found.kind, types)).state
    return called.words.special(_thing(exception, called), () if found.whole else work, state)


def _reached(
    view: ClientCoverage, agreement: Agreement, exception: TierException, beginning: Beginning
) -> _Reached | None:
    """What an exception comes to from a beginning; None where it makes no difference."""
    cells = view.cells
    masks: Mapping[str, Mapping[str, Mask]] = {
        "work_type": cells.by_work_type,
        "role": cells.by_role,
        "sub_issue": cells.by_sub_issue,
    }
    thing = masks[exception.dimension][exception.name]
    for work_type in view.shared.work_types:
        if not work_type.billable:
            thing &= ~cells.by_work_type[work_type.name]
    if not _matters(beginning.segment, agreement, exception):
        return None
    for end in beginning.routing:
        reached = end.cells & thing
        kind = _kind(beginning.segment, agreement, exception, end) if reached else None
        if kind is not None:
            left = thing & beginning.segment.shape.cells & ~reached
            return _Reached(kind, reached, not left or exception.dimension == "work_type")
    return None


def _matters(segment: Segment, agreement: Agreement, exception: TierException) -> bool:
    """Whether some contract of the agreement does with the thing what its tier would not."""
    for contract, phase in zip(segment.contracts, segment.phases, strict=True):
        tier = phase.tier
        if contract.agreement.name != agreement.name or tier is None or phase.retired:
            continue
        names = LISTS[exception.dimension]
        usual = getattr(tier.exclusions[contract.name], names)
        if (exception.name in usual) != (exception.name in getattr(phase.excludes, names)):
            return True
    return False


def _kind(
    segment: Segment, agreement: Agreement, exception: TierException, end: End
) -> Kind | None:
    """What becomes of work at an end, if that is where the exception sends it."""
    if end.outcome is not Outcome.COVERED:
        return Kind.OUTSIDE if exception.goes_to == NOWHERE else None
    contract = segment.contracts[end.contract]
    meant = (agreement.name, exception.goes_to)
    return KIND_OF[contract.type] if (contract.agreement.name, contract.name) == meant else None


def _thing(exception: TierException, called: Called) -> str:
    match exception.dimension:
        case "work_type":
            return called.work_types[exception.name]
        case "role":
            return called.words.by_whom([called.roles[exception.name]], (), ())
        case _:
            return called.words.about_what([called.causes[exception.name]], (), ())
