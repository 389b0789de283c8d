"""What `what-if` tells: the change as `diff` tells it, then money, margins and prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import cast

from billing_dsl.changes.told import Told
from billing_dsl.kinds.service import Period
from billing_dsl.kinds.settings import Settings
from billing_dsl.margins.compared import BreakEven, Margins, Moved, Price, PriceOfClient
from billing_dsl.margins.margin import ALIKE, COSTS, Margin, Missing, NotSaid
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch
from billing_dsl.model.supposing import Supposition
from billing_dsl.replay.compared import Compared
from billing_dsl.report import _differences, _replay_compared
from billing_dsl.report._differences import Page
from billing_dsl.report._json import Json
from billing_dsl.report._replay import aligned, amount_shown
from billing_dsl.report._replay_compared import signed
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count

MOST = 10
"""Clients that are told one by one in a table, unless all are wanted."""

UNKNOWN = "not known"

ONE_PERIOD = {
    Period.MONTHLY: "a month",
    Period.QUARTERLY: "a quarter",
    Period.SEMI_ANNUAL: "half a year",
    Period.YEARLY: "a year",
}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All there is to tell of what is supposed. `replayed` and `margins` are there where entries
    are; `margins` are None where no row of them is an entry.
    """

    suppositions: tuple[Supposition, ...]
    told: Told
    findings: tuple[str, ...] = ()
    """The errors and warnings that a check would find then, and does not find today."""
    replayed: Compared | None = None
    margins: Margins | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a heading. Columns from `first` on are numbers; `notes` follow it."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 1
    more: int = 0
    notes: tuple[str, ...] = ()


def page(found: WhatIf, every: bool = False) -> Page:
    """The change in words. What is supposed stands nowhere, so no command can show a case of it."""
    whole = _differences.page(found.told, every=every)
    sections = (
        replace(section, rows=tuple(replace(row, proof="") for row in section.rows))
        for section in whole.sections
    )
    return replace(whole, sections=tuple(sections))


def tables(found: WhatIf, every: bool = False) -> Iterator[Table]:
    """Findings that would be new; money, margins and prices, as far as there are entries."""
    if found.findings:
        yield Table("Findings that would be new", (), (), notes=found.findings)
    if found.replayed is not None:
        yield from _money(found.replayed, every)
    if found.margins is not None:
        yield from margin_tables(found.margins, every)


# --- margins -------------------------------------------------------------------------------------


def margin_tables(found: Margins, every: bool = False) -> Iterator[Table]:
    """Margins before and after, and the prices that would even them out, by currencies."""
    most = None if every else MOST
    head = ("Client", "Brings before", "After", "Costs before", "After", "Leaves before", "After")
    for currency in sorted({one.currency for one in found.reached}):
        own = sorted((one for one in found.reached if one.currency == currency), key=_worst_first)
        rows = [_margin_row(one) for one in own[:most]]
        if len(own) > 1:
            rows.append(_total_row(own))
        yield Table(
            f"Margins in {currency}, over {months(found)}",
            (*head, "Change"),
            tuple(rows),
            more=len(own[most:]) if most is not None else 0,
            notes=tuple(_not_said(missing for one in own for missing in _missing(one))),
        )
    if not found.reached:
        heading = f"Margins, over {months(found)}"
        yield Table(heading, (), (), notes=("no client leaves more or less than before",))
    for currency in sorted({one.currency for one in found.break_even}):
        yield _prices(
            [one for one in found.break_even if one.currency == currency], currency, every
        )
    if found.without:
        yield Table(
            "No price by the unit",
            (),
            (),
            notes=tuple(
                f"{tier}: no client on it buys units of a service that its contracts sell, so no "
                "price can be told at which it breaks even"
                for tier in found.without
            ),
        )


def months(found: Margins) -> str:
    """The months that are counted, in words."""
    first, last = _month(found.months[0]), _month(found.months[-1])
    if len(found.months) == 1:
        return f"the whole month {first}"
    return f"{count(len(found.months), 'whole month')}, {first} to {last}"


def _month(days: Stretch) -> str:
    return days.start.isoformat()[:7]


def _worst_first(one: Moved) -> tuple[object, ...]:
    return one.change is not None, one.change or Decimal(0), one.client


def _margin_row(one: Moved) -> tuple[str, ...]:
    cells = [_cell(look(side), one, side) for look in _LOOKS for side in (one.before, one.after)]
    return one.client, *cells, UNKNOWN if one.change is None else signed(_amount(one.change))


def _cell(amount: Decimal | None, one: Moved, side: Margin | None) -> str:
    """An amount, with its currency where it is another than that of the table."""
    if amount is None:
        return UNKNOWN
    if side is None or side.currency == one.currency:
        return _amount(amount)
    return f"{_amount(amount)} {side.currency}"


def _total_row(own: Sequence[Moved]) -> tuple[str, ...]:
    """What all come to; not known where one of them is not, or is in another currency."""
    sums: list[Decimal | None] = []
    for look in _LOOKS:
        for sides in ([one.before for one in own], [one.after for one in own]):
            alike = all(side is None or side.currency == own[0].currency for side in sides)
            sums.append(_sum(look(side) for side in sides) if alike else None)
    change = _sum(one.change for one in own)
    cells = [UNKNOWN if amount is None else _amount(amount) for amount in sums]
    return f"all {len(own):,}", *cells, UNKNOWN if change is None else signed(_amount(change))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where something is not."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _brings(one: Margin | None) -> Decimal | None:
    if one is None:
        return Decimal(0)
    return None if any(gap.what not in COSTS for gap in one.not_said) else one.revenue


def _costs(one: Margin | None) -> Decimal | None:
    if one is None:
        return Decimal(0)
    return None if any(gap.what in ALIKE for gap in one.not_said) else one.costs


def _left(one: Margin | None) -> Decimal | None:
    return Decimal(0) if one is None else one.left


_LOOKS = (_brings, _costs, _left)
"""What a margin is told by, each before and after."""


def _missing(one: Moved) -> Iterator[NotSaid]:
    for side in (one.before, one.after):
        yield from side.not_said if side is not None else ()
    yield from one.in_doubt


def _prices(found: Sequence[BreakEven], currency: str, every: bool) -> Table:
    rows: list[tuple[str, ...]] = []
    told: set[str] = set()
    for one in found:
        service = f"{one.service}, {ONE_PERIOD[one.period]}"
        number = len(one.clients)
        who = one.clients[0].client if number == 1 else f"all {number:,}"
        rows.append((one.tier, service, who, *_price(one.whole)))
        # Client by client the service that brings most is told: the seat that the tier is sold by.
        if number > 1 and (every or one.tier not in told):
            shown = sorted(one.clients, key=_neediest_first)[: None if every else MOST]
            rows += [("", "", price.client, *_price(price)) for price in shown]
            if number > len(shown):
                rows.append(("", "", f"and {number - len(shown):,} more", "", "", "", ""))
        told.add(one.tier)
    gaps = (gap for one in found for gap in (*one.whole.keeps.not_said, *one.whole.zero.not_said))
    return Table(
        f"Prices of a unit at which a tier breaks even, in {currency}",
        ("Tier", "Service", "Client", "Units", "Now", "As before", "No margin"),
        tuple(rows),
        first=3,
        notes=tuple(_not_said(gaps)),
    )


def _neediest_first(one: PriceOfClient) -> tuple[object, ...]:
    """Whoever needs most beyond what it brings comes first, and who is not known last."""
    if one.keeps.amount is None or one.now is None:
        return True, Decimal(0), one.client
    return False, one.now - one.keeps.amount, one.client


def _price(one: PriceOfClient) -> tuple[str, ...]:
    now = UNKNOWN if one.now is None else money.text(one.now)
    return _quantity(one.quantity), now, _needed(one.keeps), _needed(one.zero)


def _needed(price: Price) -> str:
    return UNKNOWN if price.amount is None else _amount(price.amount)


def _quantity(number: Fraction) -> str:
    """A quantity for a person, at two decimals; none where it is whole."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    return f"{_at(number, '0.01'):,}"


def _at(number: Fraction, step: str) -> Decimal:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal(step), ROUND_HALF_UP)


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def not_said(one: NotSaid) -> str:
    """What is missing, in words."""
    match one.what:
        case Missing.SERVICE_COST:
            return f"what a unit of service {one.name} costs, in {one.currency}"
        case Missing.ROLE_COST:
            return f"what an hour of role {one.name} costs, in {one.currency}"
        case Missing.SERVICE_PRICE:
            return f"the price of service {one.name}, in {one.currency}"
        case Missing.AMOUNT_DUE:
            return f"what is due on {one.name}, in {one.currency}"
        case Missing.AMOUNT_OF_WORK:
            return f"what some of the work is billed, in {one.currency}"
        case Missing.WORK_KNOWN:
            return f"what the entries come to that the catalogue does not know, in {one.currency}"
        case Missing.SAME_CURRENCY:
            return f"what {one.name} would leave in the currency it had before"


def _not_said(missing: Iterable[NotSaid]) -> Iterator[str]:
    found = sorted(set(missing))
    if found:
        yield f"{UNKNOWN}: {'; '.join(not_said(one) for one in found)}"
    if any(one.what in COSTS for one in found):
        yield "a service or role says what it costs with `cost`"


# --- money ---------------------------------------------------------------------------------------


def _money(found: Compared, every: bool) -> Iterator[Table]:
    """What `replay --base` tells, in short: totals, and the clients who are charged otherwise."""
    most = None if every else MOST
    head = ("Before", "After", "Difference")
    for total in found.totals:
        sums = [
            ("to be invoiced", total.was.invoiced, total.now.invoiced),
            ("drawn from prepaid", total.was.prepaid, total.now.prepaid),
            ("absorbed would be worth", total.was.worth, total.now.worth),
        ]
        rows = tuple(
            (name, amount_shown(was), amount_shown(now), signed(amount_shown(now - was)))
            for name, was, now in sums
        )
        yield Table(f"Work of the entries, in {total.currency}", ("", *head), rows)
        for title, clients in (
            ("Clients who are charged more for it", found.charged_more(total.currency)),
            ("Clients who are charged less for it", found.charged_less(total.currency)),
        ):
            if clients:
                lines = [
                    (
                        one.name,
                        amount_shown(one.was.charged),
                        amount_shown(one.now.charged),
                        signed(amount_shown(one.change.charged)),
                    )
                    for one in clients
                ]
                more = len(lines[most:]) if most is not None else 0
                heading = f"{title}, in {total.currency}"
                yield Table(heading, ("Client", *head), tuple(lines[:most]), more=more)


# --- text ----------------------------------------------------------------------------------------


def as_text(found: WhatIf, every: bool = False) -> str:
    """All of it for a person at a terminal."""
    return "".join(_text(found, every))


def _text(found: WhatIf, every: bool) -> Iterator[str]:
    yield "what if\n"
    yield from (f"  {visible(str(one))}\n" for one in found.suppositions)
    yield "\n" + _differences.text(page(found, every))
    if found.findings:
        yield "\nFindings that would be new\n"
        yield from (f"  {visible(one)}\n" for one in found.findings)
    if found.replayed is not None:
        yield "\n" + _replay_compared.as_text(found.replayed)
    if found.margins is not None:
        for table in margin_tables(found.margins, every):
            yield f"\n{table.heading}\n"
            if table.rows:
                yield aligned(table.head, table.rows, table.first)
            if table.more:
                yield f"  and {table.more:,} more: --all tells them\n"
            yield from (f"  {visible(note)}\n" for note in table.notes)
        yield "\nThese margins rest on\n"
        yield from (f"  - {visible(one)}\n" for one in found.margins.assumptions())


# --- pages ---------------------------------------------------------------------------------------


def written(found: WhatIf, settings: Settings, form: str, every: bool = False) -> str:
    """All of it as a page, in Markdown (`md`) or HTML, in a provider's colours."""
    from billing_dsl.report._differences_page import filled

    rest = tuple(found.margins.assumptions()) if found.margins is not None else ()
    return filled(
        "what_if",
        page(found, every),
        settings,
        ("page", "diff", "what_if"),
        supposed=tuple(visible(str(one)) for one in found.suppositions),
        tables=tuple(tables(found, every)),
        assumptions=rest,
    ).written(form)


# --- JSON ----------------------------------------------------------------------------------------


def as_json(found: WhatIf) -> dict[str, Json]:
    """All of it for machines, however long. The shape is in docs/what-if.md."""
    change = _differences.as_json(found.told)
    for difference in cast("Sequence[dict[str, Json]]", change["differences"]):
        witness = difference.get("witness")
        if isinstance(witness, dict):
            del witness["command"]  # no command shows what stands nowhere
    replayed, left = found.replayed, found.margins
    return {
        "version": 1,
        "supposed": [
            {"option": one.place, "subject": one.subject, "says": str(one)}
            for one in found.suppositions
        ],
        "change": change,
        "new_findings": found.findings,
        "replay": None if replayed is None else _replay_compared.as_json(replayed),
        "margins": None if left is None else margins_as_json(left),
    }


def margins_as_json(found: Margins) -> dict[str, Json]:
    """Margins of all clients, and prices; amounts and quantities are text."""
    return {
        "months": [_month(days) for days in found.months],
        "clients": [
            {
                "client": one.client,
                "currency": one.currency,
                "before": _margin_as_json(one.before),
                "after": _margin_as_json(one.after),
                "change": _text_of(one.change),
                "not_known": [_gap_as_json(gap) for gap in one.in_doubt],
            }
            for one in found.clients
        ],
        "break_even": [
            {
                "tier": one.tier,
                "service": one.service,
                "period": one.period.value,
                "currency": one.currency,
                **_price_as_json(one.whole),
                "clients": [
                    {"client": price.client, **_price_as_json(price)} for price in one.clients
                ],
            }
            for one in found.break_even
        ],
        "tiers_without_units": found.without,
        "assumptions": tuple(found.assumptions()),
    }


def _margin_as_json(one: Margin | None) -> Mapping[str, Json] | None:
    if one is None:
        return None
    return {
        "currency": one.currency,
        "services": _text_of(one.services),
        "invoiced": _text_of(one.invoiced),
        "drawn": _text_of(one.drawn),
        "due_once": _text_of(one.due_once),
        "revenue": _text_of(one.revenue),
        "cost_of_services": _text_of(one.cost_of_services),
        "cost_of_work": _text_of(one.cost_of_work),
        "margin": _text_of(one.left),
        "not_known": [
            {**_gap_as_json(gap), "quantity": str(_at(quantity, "0.0001"))}
            for gap, quantity in one.not_said.items()
        ],
    }


def _price_as_json(one: PriceOfClient) -> dict[str, Json]:
    return {
        "quantity": str(_at(one.quantity, "0.0001")),
        "now": _text_of(one.now),
        "as_before": _text_of(one.keeps.amount),
        "no_margin": _text_of(one.zero.amount),
        "not_known": {
            "as_before": [_gap_as_json(gap) for gap in one.keeps.not_said],
            "no_margin": [_gap_as_json(gap) for gap in one.zero.not_said],
        },
    }


def _gap_as_json(one: NotSaid) -> dict[str, Json]:
    return {"what": one.what.value, "name": one.name, "currency": one.currency}


def _text_of(amount: Decimal | None) -> str | None:
    return None if amount is None else money.text(amount)
