"""The terms of one agreement beside its scope: who signed, what is paid, what is special."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

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
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.settings import Settings
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch, pieces, runs
from billing_dsl.model.money import Price
from billing_dsl.targets import _english as words
from billing_dsl.targets._contracts import each_once, setup_fees
from billing_dsl.targets._countries import COUNTRIES
from billing_dsl.targets._scope import (
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

WORDS = words.WORDS
SHORT = 12
"""Characters of a hash or commit that a footer shows."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Says all that there is to say of agreements; remembers what they share."""

    bodies: Bodies
    commit: str
    tool_version: str
    _provider: tuple[str, ...] = field(init=False)
    _glances: dict[tuple[object, ...], Glance] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_provider", tuple(_provider(self.bodies.shared.settings)))

    def of(self, view: ClientCoverage, agreement: Agreement) -> ScopeDocument:
        """The scope document of an agreement."""
        shared = self.bodies.shared
        periods = _headed(self.bodies.periods(view, agreement))
        glance = self._glance(periods)
        tables = tuple(_tables(shared, view, agreement))
        specials = tuple(_specials(view, agreement, self.bodies.titles))
        client = tuple(_client(view.client))
        facts = tuple(_facts(view.client, agreement, periods))
        rounding = shared.settings.hours_rounding
        reading = words.reading(
            rounding,
            agreement.life.end,
            bool(agreement.blocks),
            glance.differs,
            any(period.body.dashes for period in periods),
        )
        about = words.for_client(_level(periods), line(view.client.legal_name))
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
            _stamp(agreement, periods, self.commit, digest, self.tool_version),
        )

    def _glance(self, periods: Sequence[Period]) -> Glance:
        columns = _glance_columns(periods)
        key = (columns, *(period.body for period in periods))
        found = self._glances.get(key)
        if found is None:
            marks = [period.body.marks for period in periods]
            rows = [
                GlanceRow(title, tuple(each[name] for each in marks))
                for name, title in self.bodies.titles.items()
            ]
            known = tuple(row for row in rows if any(mark.kind is not None for mark in row.marks))
            differs = any(mark.differs for row in known for mark in row.marks)
            found = self._glances[key] = Glance(columns, known, differs)
        return found


def _stamp(
    agreement: Agreement, periods: Sequence[Period], commit: str, digest: str, tool_version: str
) -> Stamp:
    tiers = list(dict.fromkeys(period.tier for period in periods if period.tier))
    text = words.stamp(
        agreement.name,
        agreement.version,
        tiers,
        agreement.life.start,
        _short_commit(commit),
        digest,
        tool_version,
    )
    return Stamp(text, digest)


def _short_commit(commit: str) -> str:
    head, plus, changes = commit.partition("+")
    return f"{head[:SHORT]}{plus}{changes}"


# --- the head ------------------------------------------------------------------------------------


def _client(client: Client) -> Iterator[str]:
    yield line(client.legal_name)
    address = client.address
    yield from _lines(address.get("street", ""))
    yield from _lines(address.get("street2", ""))
    place = " ".join(filter(None, (address.get("postal_code", ""), address.get("city", ""))))
    country = COUNTRIES.get(client.country, client.country)
    for further in (place, address.get("state", ""), country):
        yield from _lines(further)
    if client.number:
        yield f"{words.FACTS['number']} {line(client.number)}"
    if client.tax_id:
        yield f"{words.FACTS['tax']} {line(client.tax_id)}"


def _provider(settings: Settings) -> Iterator[str]:
    yield line(settings.title)
    yield from _lines(settings.contact.get("address", ""))
    for known in ("name", "phone", "email", "web"):
        yield from _lines(settings.contact.get(known, ""))


def _lines(written: str) -> Iterator[str]:
    return (said for part in written.splitlines() if (said := line(part)))


def _level(periods: Sequence[Period]) -> str:
    """What is sold: the first and the last service level, where it changes."""
    titles = list(dict.fromkeys(period.level.partition(",")[0] for period in periods))
    return " → ".join(titles)


def _facts(client: Client, agreement: Agreement, periods: Sequence[Period]) -> Iterator[Fact]:
    title = agreement.title if agreement.title != agreement.name else ""
    number = line(agreement.number)
    yield Fact(
        words.FACTS["agreement"],
        (words.agreement(line(title) or number or agreement.name, number if title else ""),),
    )
    if agreement.signed:
        signed = words.signed(
            agreement.signed.get("date", ""), line(agreement.signed.get("reference", ""))
        )
        yield Fact(words.FACTS["signed"], (signed,))
    levels: dict[str, date] = {}
    for period in periods:
        levels.setdefault(period.level, period.life.start)
    yield Fact(
        words.FACTS["level"],
        tuple(
            words.level_since(level, start) if position else level
            for position, (level, start) in enumerate(levels.items())
        ),
    )
    if not agreement.default:
        yield Fact(words.FACTS["applies"], (words.ASSIGNED,))
    life = agreement.life
    yield Fact(words.FACTS["term"], (words.days(life.start, life.end),))
    yield Fact(words.FACTS["renewal"], (_renewal(agreement),))
    yield Fact(words.FACTS["currency"], (words.in_currency(client.currency),))


def _renewal(agreement: Agreement) -> str:
    found = agreement.renewal
    if found is None:
        return words.NO_RENEWAL
    notice = str(found.notice) if found.notice is not None else ""
    latest = found.notice.before(agreement.life.end) if found.notice is not None else None
    extend_by = str(found.extend_by) if found.extend_by is not None else ""
    return words.renewal(found.automatic, extend_by, notice, latest)


def _headed(periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods with their headings: with their days, where there are several.

    What a tier says in short is said once, and not again of the next days on the same tier.
    """
    if len(periods) == 1:
        return tuple(replace(period, heading=WORDS["scope"]) for period in periods)
    tiers = ["", *(period.tier for period in periods)]
    return tuple(
        replace(
            period,
            heading=words.period(days, period.level),
            summary=period.summary if period.tier != before else "",
        )
        for period, days, before in zip(periods, _days(periods), tiers[:-1], strict=True)
    )


def _days(periods: Sequence[Period]) -> Iterator[str]:
    for position, period in enumerate(periods):
        first = period.life.start if position else None
        last = period.life.end if position < len(periods) - 1 else None
        yield words.when(first, last)


def _glance_columns(periods: Sequence[Period]) -> tuple[str, ...]:
    return tuple(_days(periods)) if len(periods) > 1 else (WORDS["treated"],)


# --- what is paid --------------------------------------------------------------------------------


def _tables(shared: Shared, view: ClientCoverage, agreement: Agreement) -> Iterator[Table]:
    currency = view.client.currency
    if agreement.services:
        yield from _services(shared, agreement, currency)
    if agreement.blocks:
        yield _blocks(agreement, currency)
    contracts = [found for found in view.contracts if found.agreement.name == agreement.name]
    yield from _paid_in_advance(contracts, agreement.life, currency)


def _services(shared: Shared, agreement: Agreement, currency: str) -> Iterator[Table]:
    rows: list[tuple[str, ...]] = []
    for name, steps in agreement.services.items():
        service = shared.services[name]
        per = words.per(service.period.value)
        sold = _service_steps(shared, service, steps, agreement.life, currency)
        for life, (units, price) in runs(sold):
            if units:
                total = money.posted(units * price) if price is not None else None
                row = (
                    line(service.title),
                    words.day(life.start),
                    words.day(life.end),
                    words.number(units),
                    f"{words.sum_of_money(price, currency)} {per}",
                    f"{words.sum_of_money(total, currency)} {per}",
                )
                rows.append(row)
    if rows:
        columns = ("service", "from", "to", "units", "unit_price", "total")
        yield _table("services", columns, rows, {3, 4, 5})


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
    amounts = [_amount(price, day, currency) for price in prices]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _amount(price: Price, day: date, currency: str) -> Decimal | None:
    return (price.on(day) or {}).get(currency)


def _table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], numbers: set[int]
) -> Table:
    return Table(
        WORDS[title],
        tuple(WORDS[column] for column in columns),
        tuple(rows),
        tuple(position in numbers for position in range(len(columns))),
    )


def _blocks(agreement: Agreement, currency: str) -> Table:
    several = len({block.contract for block in agreement.blocks}) > 1
    rows: list[tuple[str, ...]] = []
    for block in sorted(agreement.blocks, key=lambda block: (block.life, block.contract)):
        rate = _amount(block.rate, block.life.start, currency)
        total = money.posted(block.hours * rate) if rate is not None else None
        row = (
            words.day(block.life.start),
            words.day(block.life.end),
            words.number(block.hours),
            f"{words.sum_of_money(rate, currency)} {words.PER_HOUR}",
            words.sum_of_money(total, currency),
        )
        rows.append((words.contract(block.contract), *row) if several else row)
    columns = [*(["contract"] if several else []), "from", "to", "hours", "rate", "total"]
    at = int(several) + 2
    return _table("blocks", columns, rows, {at, at + 1, at + 2})


def _paid_in_advance(
    contracts: Sequence[Contract], life: Stretch, currency: str
) -> Iterator[Table]:
    """Retainers, tickets, payments of a fixed price and set-up fees, as the contracts say."""
    for title, columns, dues in (
        ("retainers", ("from", "to", "amount"), _retainers),
        ("tickets", ("from", "to", "ticket_count", "ticket_price", "total"), _tickets),
        ("milestones", ("milestone", "due", "amount"), _payments),
        ("setup", ("contract", "due", "amount"), _fees),
    ):
        found = [due for contract in contracts for due in dues(contract, life, currency)]
        if found:
            yield _in_order(title, columns, found)


Due: TypeAlias = tuple[date, str, tuple[str, ...]]
"""Something to pay: its day, its contract, and its row: two cells of words, then numbers."""


def _retainers(contract: Contract, life: Stretch, currency: str) -> Iterator[Due]:
    for bought in each_once(contract, lambda terms: terms.retainers):
        if bought.start <= life.end and bought.end >= life.start:
            amount = _amount(bought.amount, bought.start, currency)
            row = (
                words.day(bought.start),
                words.day(bought.end),
                words.sum_of_money(amount, currency),
            )
            yield bought.start, words.contract(contract.name), row


def _tickets(contract: Contract, life: Stretch, currency: str) -> Iterator[Due]:
    for pack in each_once(contract, lambda terms: terms.tickets):
        if pack.start <= life.end and pack.end >= life.start:
            price = _amount(pack.rate, pack.start, currency)
            total = money.posted(pack.tickets * price) if price is not None else None
            row = (
                words.day(pack.start),
                words.day(pack.end),
                str(pack.tickets),
                words.sum_of_money(price, currency),
                words.sum_of_money(total, currency),
            )
            yield pack.start, words.contract(contract.name), row


def _payments(contract: Contract, _life: Stretch, currency: str) -> Iterator[Due]:
    for milestone in each_once(contract, lambda terms: terms.milestones):
        amount = _amount(milestone.amount, milestone.due, currency)
        day = words.day(milestone.due)
        row = (line(milestone.title), day, words.sum_of_money(amount, currency))
        yield milestone.due, words.contract(contract.name), row


def _fees(contract: Contract, _life: Stretch, currency: str) -> Iterator[Due]:
    whose = words.contract(contract.name)
    for stretch, amount in runs(setup_fees(contract, currency)):
        row = (whose, words.day(stretch.start), words.sum_of_money(amount, currency))
        yield stretch.start, "", row


def _in_order(title: str, columns: tuple[str, ...], due: Sequence[Due]) -> Table:
    """What is to pay, by its days; with its contract, where there are several."""
    ordered = sorted(due, key=lambda one: one[0])
    at = 2
    if len({whose for _, whose, _ in due}) > 1:
        columns, at = ("contract", *columns), 3
        rows = [(whose, *row) for _, whose, row in ordered]
    else:
        rows = [row for _, _, row in ordered]
    return _table(title, columns, rows, set(range(at, len(columns))))


# --- what is special -----------------------------------------------------------------------------


def _specials(
    view: ClientCoverage, agreement: Agreement, titles: Mapping[str, str]
) -> Iterator[Special]:
    """The exceptions of an agreement on the days on which they make a difference, each as the
    coverage has it.
    """
    life = agreement.life
    for exception in agreement.exceptions:
        held: list[tuple[Stretch, str]] = []
        about: dict[str, tuple[Box, ...]] = {}
        for beginning in own_beginnings(view, agreement):
            if _holds(exception, beginning.life):
                found = _reached(view, agreement, exception, beginning)
                if found is not None:
                    what = _special(view, exception, found, titles)
                    held.append((beginning.life, what))
                    if what not in about:
                        about[what] = view.cells.boxes(found.cells)
        for days, what in runs(held):
            first = days.start if days.start > life.start else None
            last = days.end if days.end < life.end else None
            told = words.exception_days(first, last)
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
    view: ClientCoverage, exception: TierException, found: _Reached, titles: Mapping[str, str]
) -> str:
    """What an exception comes to, in a sentence."""
    names = view.cells.work_types_in(found.cells)
    work = () if found.whole else [title for name, title in titles.items() if name in names]
    types = [work_type for work_type in view.shared.work_types if work_type.name in names]
    state = words.STATES[wording(found.kind, types)]
    return words.exception(exception.dimension, _thing(view.shared, exception, titles), work, state)


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


def _thing(shared: Shared, exception: TierException, titles: Mapping[str, str]) -> str:
    catalogue = shared.catalogue
    match exception.dimension:
        case "work_type":
            return titles[exception.name]
        case "role":
            return line(catalogue.the(Role, exception.name).title)
        case _:
            found = catalogue.the(SubIssue, exception.name)
            return words.cause(line(found.issue), line(found.title))
