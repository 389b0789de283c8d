"""What a replay comes to: sums of its items, and every row of the files accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from sys import intern

from billing_dsl.analysis.walk import Outcome
from billing_dsl.replay.measures import CENT
from billing_dsl.replay.names import ASSUMED, Names, Unknown
from billing_dsl.replay.purses import Purse, purses
from billing_dsl.replay.run import Billed, Engine, Row
from billing_dsl.replay.side import Called, Ending, Side
from billing_dsl.replay.statement import Dialect, amount, priced

INVOICED = ("hourly", "overage", "standard_rate")
"""How work is billed that comes on an invoice for its hours."""

PREPAID = ("block", "retainer", "ticket")
"""How work is billed that draws on what was paid before."""

LARGEST = 10
"""How many of the largest items are told of, in each currency."""

NEAREST = 50
"""How many unknown texts are told the nearest names, those of the most entries first.

Among the names of ten thousand clients the nearest to one text take a tenth of a second.
"""

NOT_IN_USE = "not in use yet"


@dataclass(slots=True)
class Sum:
    """What several items come to. Hours are in their parts, amounts in hundredths.

    `entries` are counted where they begin: one that is split between a block and overage counts
    with the block. `unpriced` are items for which nobody has said an amount; their hours are among
    the others, and in `unpriced_hours` by themselves.
    """

    items: int = 0
    entries: int = 0
    worked: int = 0
    hours: int = 0
    debit: int = 0
    cents: int = 0
    worth: int = 0
    unpriced: int = 0
    unpriced_entries: int = 0
    unpriced_hours: int = 0

    def add(self, other: Sum) -> None:
        """Adds another to it."""
        self.items += other.items
        self.entries += other.entries
        self.worked += other.worked
        self.hours += other.hours
        self.debit += other.debit
        self.cents += other.cents
        self.worth += other.worth
        self.unpriced += other.unpriced
        self.unpriced_entries += other.unpriced_entries
        self.unpriced_hours += other.unpriced_hours


@dataclass(frozen=True, slots=True)
class Line:
    """A client, tier, work type or contract in one currency: what its work comes to, as billed."""

    name: str
    currency: str
    by_billing: Mapping[str, Sum]

    def of(self, *billings: str) -> Sum:
        """The sum over some ways to be billed, or over all."""
        total = Sum()
        for billing in billings or tuple(self.by_billing):
            if billing in self.by_billing:
                total.add(self.by_billing[billing])
        return total


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Work of a client that no contract takes: why, and what it comes to."""

    outcome: str
    client: str
    currency: str
    billing: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A text of the files that the catalogue does not know; `what` says what it should name."""

    what: str
    text: str
    near: tuple[str, ...]
    shared_by: tuple[str, ...]
    entries: int
    worked: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A block: its contract, its days, what it held, and what the entries have drawn and left.

    `begun_before` tells that it began before the first entry: what was drawn of it until then is
    in no file, and counts as nothing. Amounts of hours are in parts of an hour and a factor.
    """

    contract: str
    start: date
    end: date
    size: int
    left: int
    begun_before: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One posted item, for a person to look at."""

    entry: int
    day: date
    client: str
    work_type: str
    role: str
    ticket: str
    billing: str
    contract: str
    hours: int
    cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a replay comes to. See the classes of its parts."""

    taking_part: int
    """The rows that are entries: those read less those refused."""
    first: date | None
    last: date | None
    by_billing: tuple[Line, ...]
    """A line for each currency."""
    clients: tuple[Line, ...]
    tiers: tuple[Line, ...]
    work_types: tuple[Line, ...]
    contracts: tuple[Line, ...]
    nowhere: tuple[Nowhere, ...]
    unknown: Sum
    not_known: tuple[NotKnown, ...]
    strange_sub_issues: tuple[NotKnown, ...]
    """Sub-issues that no document declares: their entries are replayed as if they had none."""
    blocks: tuple[Balance, ...]
    purses: tuple[Purse, ...]
    """Retainers and tickets of which something was drawn."""
    tied: tuple[str, ...]
    """Contracts with usable blocks that start on one day and cost differently."""
    ticketless: int
    """Entries on per-ticket contracts that name no ticket: each counts as one."""
    largest: tuple[Item, ...]


def total_of(lines: Sequence[Line], *billings: str) -> Sum:
    """The sum over several lines."""
    total = Sum()
    for line in lines:
        total.add(line.of(*billings))
    return total


_SUMS = """\
CAST(SUM(items) AS {long}), CAST(SUM(entries) AS {long}), CAST(SUM(worked) AS {long}),
  CAST(SUM(hours) AS {long}), CAST(SUM(debit) AS {text}), CAST(SUM(cents) AS {text}),
  CAST(SUM(worth) AS {text}), CAST(SUM(unpriced) AS {long}), CAST(SUM(unpriced_entries) AS {long}),
  CAST(SUM(unpriced_hours) AS {long})"""
"""The sums of a `Sum`, in its order. Numbers and hours fit into 63 bits. What may not fit comes as
text: DuckDB hands over a wider number several times as slowly.
"""

_ALIKE = """\
CREATE TABLE alike AS
SELECT l.kind, l.worked{numbers}{hours}, COUNT(*) AS items
FROM landed l{joins}
GROUP BY l.kind, l.worked{keys}"""
"""Entries that are alike in their kind, their hours and their end on each side.

What depends on no other entry is the same for them: of ten million a third of a million differ.
"""

_SAME = "CREATE TABLE {before}same (contract {small}, other {small})"
"""The contracts of one side, with those that are the same on the other: see `pairing`."""

SAME = "\nLEFT JOIN {before}same o ON o.contract = l.{before}contract"

KEPT = """\
CASE WHEN COALESCE(CASE WHEN l.{before}contract IS NULL THEN 0 ELSE o.other END, -1)
  = COALESCE(l.{after}contract, 0) THEN 1 ELSE 0 END"""
"""Whether an entry's contract is the same on both sides, or on both there is none."""

_PRICES = """\
CREATE TABLE {side}prices AS
{priced}"""

_OF_SIDE = """\
SELECT kind, {side}number AS number, {side}hours AS hours, CAST(SUM(items) AS {long}) AS items,
    CAST(SUM(items * worked) AS {long}) AS worked
  FROM alike
  GROUP BY kind, {side}number, {side}hours"""

_CHARGED = """\
CREATE TABLE charged AS
SELECT client{keys}, COUNT(*) AS items, SUM(worked) AS worked{sums}
FROM (
  SELECT client, worked{rounded}
  FROM (
    SELECT l.client, l.worked{own}
    FROM landed l{joins}
  ) found
) priced
GROUP BY client{keys}"""
"""What plain entries come to by client, contract and ending, for all sides in one pass."""

_CHARGED_OWN = """,
      l.{side}contract, {side}r.ending AS {side}ending, l.{side}hours, {amount} AS {side}amount"""

_CHARGED_ROUNDED = """,
    {side}contract, {side}ending, {side}hours, {cents} AS {side}cents"""

_CHARGED_SUMS = """,
  SUM({side}hours) AS {side}hours, SUM(COALESCE({side}cents, 0)) AS {side}cents,
  COUNT({side}cents) AS {side}priced,
  SUM(CASE WHEN {side}cents IS NULL THEN {side}hours ELSE 0 END) AS {side}unpriced_hours"""

_BY_CLIENT = """\
SELECT client, {side}contract AS contract, {side}ending AS ending, SUM(items) AS items,
  SUM(items) AS entries, SUM(worked) AS worked, SUM({side}hours) AS hours, 0 AS debit,
  SUM({side}cents) AS amount, SUM(items - {side}priced) AS unpriced,
  SUM(items - {side}priced) AS unpriced_entries, SUM({side}unpriced_hours) AS unpriced_hours
FROM charged
WHERE {side}ending IS NOT NULL
GROUP BY client, {side}contract, {side}ending"""

_BY_KIND = """\
SELECT kind, ending, SUM(items) AS items, SUM(items) AS entries, SUM(worked) AS worked,
  SUM(hours * items) AS hours, 0 AS debit,
  SUM(COALESCE(CASE WHEN billing = 'absorbed' THEN worth ELSE cents END, 0) * items) AS amount,
  SUM(CASE WHEN cents IS NULL OR worth IS NULL THEN items ELSE 0 END) AS unpriced,
  SUM(CASE WHEN cents IS NULL OR worth IS NULL THEN items ELSE 0 END) AS unpriced_entries,
  SUM(CASE WHEN cents IS NULL OR worth IS NULL THEN hours * items ELSE 0 END) AS unpriced_hours
FROM {side}prices
WHERE ending IS NOT NULL
GROUP BY kind, ending"""

_TOTALS = """\
CREATE TABLE {side}by_{name} AS
SELECT {own}, g.ending, items, entries, worked, hours, debit,
  CASE WHEN b.billing = 'absorbed' THEN 0 ELSE amount END AS cents,
  CASE WHEN b.billing = 'absorbed' THEN amount ELSE 0 END AS worth,
  unpriced, unpriced_entries, unpriced_hours, b.billing
FROM (
{plain}
) g
JOIN (SELECT DISTINCT ending, billing FROM {side}ends) b ON b.ending = g.ending
WHERE b.billing NOT IN ('block', 'ticket')
UNION ALL
SELECT {keys}, ending, COUNT(*), SUM(opens), SUM(worked), SUM(hours), SUM(debit),
  SUM(COALESCE(cents, 0)), 0,
  SUM(CASE WHEN cents IS NULL THEN 1 ELSE 0 END),
  SUM(CASE WHEN cents IS NULL THEN opens ELSE 0 END),
  SUM(CASE WHEN cents IS NULL THEN hours ELSE 0 END), billing
FROM {side}apart
GROUP BY {keys}, ending, billing"""
"""What items come to by some keys: an ending is billed in one way only, unless from blocks."""

_UNKNOWN = """\
CREATE TABLE {side}by_unknown AS
SELECT client, kind, COUNT(*) AS entries, SUM(worked) AS worked
FROM landed WHERE {side}number IS NULL AND kind IN ({kinds})
GROUP BY client, kind"""


def sum_up(engine: Engine, sides: Sequence[str], same: Mapping[int, int] | None = None) -> None:
    """Has the engine sum up the items of all sides, each by client and contract, by kind, and those
    that are unknown.

    Of two sides, `same` holds the numbers of contracts of the second, with those of the same
    contracts of the first.
    """
    dialect = engine.dialect
    engine.do(_alike(engine, sides, same))
    engine.do(_charged(dialect, sides))
    for side in sides:
        columns = {name: name for name in ("kind", "number", "hours", "items", "worked")}
        source = f"(\n  {_OF_SIDE.format(side=side, long=dialect.long)}\n)"
        engine.do(_PRICES.format(side=side, priced=priced(dialect, side, source, columns)))
        for name, keys, plain in (
            ("client", ("client", "contract"), _BY_CLIENT.format(side=side)),
            ("kind", ("kind",), _BY_KIND.format(side=side)),
        ):
            own = ", ".join(f"g.{key}" for key in keys)
            named = {"side": side, "name": name, "keys": ", ".join(keys), "own": own}
            engine.do(_TOTALS.format(plain=plain, **named))
        query = f"SELECT DISTINCT kind FROM {side}prices WHERE number IS NULL ORDER BY kind"
        kinds = [str(kind) for (kind,) in engine.rows(query)]
        engine.do(_UNKNOWN.format(side=side, kinds=", ".join(kinds) or "NULL"))


def _alike(engine: Engine, sides: Sequence[str], same: Mapping[int, int] | None) -> str:
    """The statement that finds entries alike; before it, which contracts are the same is told."""
    keys = [f"l.{side}number" for side in sides]
    numbers, joins = "".join(f", {key}" for key in keys), ""
    if same is not None:
        after, before = sides
        small = engine.dialect.small or engine.dialect.long
        engine.do(_SAME.format(before=before, small=small))
        engine.fill(f"{before}same", sorted(same.items()))
        kept = KEPT.format(before=before, after=after)
        numbers, joins = f"{numbers}, {kept} AS kept", SAME.format(before=before)
        keys.append(kept)
    return _ALIKE.format(
        numbers=numbers,
        joins=joins,
        hours="".join(f", MIN(l.{side}hours) AS {side}hours" for side in sides),
        keys="".join(f", {key}" for key in keys),
    )


def _charged(dialect: Dialect, sides: Sequence[str]) -> str:
    own = rounded = sums = joins = ""
    for side in sides:
        own += _CHARGED_OWN.format(side=side, amount=amount(dialect, f"{side}r", f"l.{side}hours"))
        rounded += _CHARGED_ROUNDED.format(
            side=side, cents=dialect.half_up(f"{side}amount", str(CENT))
        )
        sums += _CHARGED_SUMS.format(side=side)
        joins += f"\n    LEFT JOIN {side}rates {side}r ON {side}r.number = l.{side}number"
    keys = "".join(f", {side}contract, {side}ending" for side in sides)
    return _CHARGED.format(own=own, rounded=rounded, sums=sums, joins=joins, keys=keys)


@dataclass(slots=True)
class _Told:
    """What the engine is asked, and the names of what it answers with."""

    engine: Engine
    side: Side
    billed: Billed
    clients: Mapping[int, str]
    kinds: Mapping[int, Called]
    name: str
    endings: tuple[Ending, ...] = field(init=False)
    contracts: tuple[str, ...] = field(init=False)
    _called: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        """Takes the endings, contracts and clients that occur."""
        self.endings = self.billed.routing.endings
        self.contracts = tuple(contract.id for contract in self.billed.routing.contracts)
        names = self.side.of_clients
        self._called = {number: called(names, text) for number, text in self.clients.items()}

    def sums(self, by: str, *keys: str, where: str = "") -> Iterator[tuple[Row, Sum]]:
        """The sums of the items that are alike in some columns, in their order.

        `by` says of which sums: `client` or `kind`.
        """
        listed = ", ".join(keys)
        condition = f"WHERE {where}\n" if where else ""
        dialect, count = self.engine.dialect, len(keys)
        sums = _SUMS.format(long=dialect.long, text=dialect.text)
        query = (
            f"SELECT {listed}, {sums}\nFROM {self.name}by_{by}\n{condition}"
            f"GROUP BY {listed} ORDER BY {listed}"
        )
        for row in self.engine.rows(query):
            yield row[:count], Sum(*map(int, row[count:]))

    def unknown(self) -> Iterator[tuple[int, int, Sum]]:
        """Entries that are not known, by the numbers of their clients and kinds of work."""
        query = (
            f"SELECT client, kind, entries, worked FROM {self.name}by_unknown ORDER BY client, kind"
        )
        for client, kind, entries, worked in self.engine.rows(query):
            total = Sum(int(entries), int(entries), int(worked), int(worked))
            yield int(client), int(kind), total

    def client(self, number: int) -> str:
        """A client by its name in the catalogue, or as the files write it."""
        return self._called[number]

    def work_type(self, number: int) -> str:
        """A kind's work type likewise."""
        return called(self.side.of_work_types, self.kinds[number].work_type)

    def role(self, number: int) -> str:
        """A kind's role likewise."""
        return called(self.side.of_roles, self.kinds[number].role)

    def ending(self, number: int) -> Ending:
        """What a number of `endings` stands for."""
        return self.endings[number]

    def contract(self, number: int | None) -> str:
        """A contract as AGREEMENT/CONTRACT; empty where there is none."""
        return "" if number is None else self.contracts[number - 1]


def called(names: Names, text: str) -> str:
    """The catalogue's name for a text, or the text where there is none."""
    found = names.named(text)
    return found if isinstance(found, str) else text.removeprefix(ASSUMED)


def summary(
    engine: Engine,
    side: Side,
    billed: Billed,
    clients: Mapping[int, str],
    kinds: Mapping[int, Called],
    name: str = "",
) -> Summary:
    """What the items of a side come to, once they have been summed up: see `sum_up`."""
    told = _Told(engine, side, billed, clients, kinds, name)
    [(count, first, last)] = engine.rows("SELECT COUNT(*), MIN(day), MAX(day) FROM entries")
    unknown = Sum()
    for _, _, found in told.unknown():
        unknown.add(found)
    begin = date.min if first is None else date.fromordinal(first)
    return Summary(
        int(count),
        None if first is None else begin,
        None if last is None else date.fromordinal(last),
        _lines(
            (told.ending(e).currency, told.ending(e).currency, b, one)
            for (e, b), one in told.sums("kind", "ending", "billing")
        ),
        _lines(
            (told.client(c), told.ending(e).currency, b, one)
            for (c, e, b), one in told.sums("client", "client", "ending", "billing")
        ),
        _lines(
            (told.ending(e).tier, told.ending(e).currency, b, one)
            for (e, b), one in told.sums("kind", "ending", "billing")
        ),
        _lines(
            (told.work_type(k), told.ending(e).currency, b, one)
            for (k, e, b), one in told.sums("kind", "kind", "ending", "billing")
        ),
        _lines(
            (told.contract(c), told.ending(e).currency, b, one)
            for (c, e, b), one in told.sums(
                "client", "contract", "ending", "billing", where="contract IS NOT NULL"
            )
        ),
        tuple(_nowhere(told)),
        unknown,
        tuple(_not_known(told)),
        tuple(_strange_sub_issues(told)),
        tuple(_balances(billed, begin)),
        tuple(_purses(told, begin, date.min if last is None else date.fromordinal(last))),
        _tied(billed),
        _ticketless(engine, name),
        tuple(_largest(told)),
    )


def _lines(found: Iterator[tuple[str, str, str, Sum]]) -> tuple[Line, ...]:
    """Lines by currency and name; sums that are found become theirs."""
    sums: dict[tuple[str, str], dict[str, Sum]] = {}
    for name, currency, billing, one in found:
        own = sums.setdefault((currency, name), {})
        total = own.setdefault(intern(billing), one)  # the engine gives a new text for each row
        if total is not one:
            total.add(one)
    return tuple(
        Line(name, currency, by_billing) for (currency, name), by_billing in sorted(sums.items())
    )


def _nowhere(told: _Told) -> Iterator[Nowhere]:
    lost = [n for n, one in enumerate(told.endings) if one.outcome != Outcome.COVERED]
    if not lost:
        return
    where = f"ending IN ({', '.join(map(str, lost))})"
    sums: dict[tuple[str, str, str, str], Sum] = {}
    for (client, ending, billing), one in told.sums(
        "client", "client", "ending", "billing", where=where
    ):
        end = told.ending(ending)
        key = (end.outcome, told.client(client), end.currency, intern(billing))
        total = sums.setdefault(key, one)
        if total is not one:
            total.add(one)
    for key, one in sorted(sums.items(), key=lambda found: (-found[1].hours, found[0])):
        yield Nowhere(*key, one)


def _not_known(told: _Told) -> Iterator[NotKnown]:
    """Every text that keeps entries from being replayed; an entry may have several."""
    found: dict[tuple[str, str], tuple[Unknown, Sum]] = {}
    for number, kind, one in told.unknown():
        called = told.kinds[kind]
        reasons = [
            (what, text, named)
            for what, text, named in (
                ("client", told.clients[number], told.side.of_clients.named(told.clients[number])),
                ("work type", called.work_type, told.side.of_work_types.named(called.work_type)),
                ("role", called.role, told.side.of_roles.named(called.role)),
            )
            if isinstance(named, Unknown)
        ]
        if not reasons:
            shown = f"{told.work_type(kind)}, {told.role(kind)}"
            reasons = [(NOT_IN_USE, shown, Unknown(shown))]
        for what, text, named in reasons:
            _, total = found.setdefault((what, text), (named, Sum()))
            total.add(one)
    yield from _most_first(told, found)


def _strange_sub_issues(told: _Told) -> Iterator[NotKnown]:
    if not told.side.declared.shared.sub_issues:
        return
    found: dict[tuple[str, str], tuple[Unknown, Sum]] = {}
    every = ((kind, one) for (kind,), one in told.sums("kind", "kind"))
    for number, one in (*every, *((kind, one) for _, kind, one in told.unknown())):
        text = told.kinds[number].sub_issue
        named = told.side.of_sub_issues.named(text) if text else ""
        if isinstance(named, Unknown):
            _, total = found.setdefault(("sub-issue", text), (named, Sum()))
            total.add(one)
    yield from _most_first(told, found)


def _most_first(
    told: _Told, found: Mapping[tuple[str, str], tuple[Unknown, Sum]]
) -> Iterator[NotKnown]:
    names = {
        "client": told.side.of_clients,
        "work type": told.side.of_work_types,
        "role": told.side.of_roles,
        "sub-issue": told.side.of_sub_issues,
    }
    for number, ((what, text), (named, total)) in enumerate(
        sorted(found.items(), key=lambda one: (-one[1][1].entries, one[0]))
    ):
        sought = what in names and not named.shared_by and number < NEAREST
        near = names[what].near(text) if sought else ()
        shown = text.removeprefix(ASSUMED)
        yield NotKnown(what, shown, near, named.shared_by, total.entries, total.worked)


def _balances(billed: Billed, first: date) -> Iterator[Balance]:
    used = _used(billed)
    for one in billed.blocks:
        if one.number in used:
            life = one.block.life
            left = billed.drawn.left[one.number]
            yield Balance(one.contract.id, life.start, life.end, one.size, left, life.start < first)


def _purses(told: _Told, first: date, last: date) -> Iterator[Purse]:
    contracts = dict(enumerate(told.billed.routing.contracts, 1))
    retained: dict[int, tuple[str, int]] = {}
    drawn = told.sums("client", "contract", "ending", where="billing = 'retainer'")
    for (contract, ending), one in drawn:
        currency = told.ending(ending).currency
        retained[contract] = currency, retained.get(contract, ("", 0))[1] + one.cents
    query = (
        "SELECT contract, SUM(CASE WHEN turn = 1 THEN 1 ELSE 0 END)\n"
        f"FROM {told.name}tickets GROUP BY contract ORDER BY contract"
    )
    tickets = {int(number): int(count) for number, count in told.engine.rows(query)}
    return purses(contracts, retained, tickets, first, last)


def _used(billed: Billed) -> set[int]:
    """The blocks on which some work of the entries could be drawn."""
    return {
        one.number
        for segment in billed.segments
        if billed.debits.get(segment.number)
        for one in segment.usable
    }


def _tied(billed: Billed) -> tuple[str, ...]:
    found = {
        segment.contract.id
        for segment in billed.segments
        if segment.tied and billed.debits.get(segment.number)
    }
    return tuple(sorted(found))


def _ticketless(engine: Engine, name: str) -> int:
    [(count,)] = engine.rows(f"SELECT COUNT(*) FROM {name}tickets WHERE ticket = ''")
    return int(count)


_HIGHEST = """\
SELECT ABS(cents) AS amount, SUM(items) FROM {side}prices
WHERE currency = '{currency}' AND cents <> 0
GROUP BY amount ORDER BY amount DESC LIMIT {most}"""
"""The largest amounts that there are, and how often each occurs."""

_LARGE = """\
SELECT l.entry, l.day, l.client, l.kind, p.billing, l.{side}contract, l.{side}hours, p.cents
FROM landed l
JOIN (
  SELECT number, hours, billing, cents FROM {side}prices
  WHERE currency = '{currency}' AND cents <> 0 AND ABS(cents) >= {least}
) p ON p.number = l.{side}number AND p.hours = l.{side}hours
WHERE l.kind IN ({kinds}) AND l.worked BETWEEN {shortest} AND {longest}
ORDER BY ABS(p.cents) DESC, l.entry LIMIT {most}"""

_LIKE_THEM = """\
SELECT a.kind, MIN(a.worked), MAX(a.worked)
FROM alike a
JOIN {side}prices p ON p.number = a.{side}number AND p.hours = a.{side}hours AND p.kind = a.kind
WHERE p.currency = '{currency}' AND p.cents <> 0 AND ABS(p.cents) >= {least}
GROUP BY a.kind ORDER BY a.kind"""
"""The kinds of work, and the hours, that come to such amounts: no other entry is looked at."""

_LARGE_APART = """\
SELECT entry, day, client, kind, billing, contract, hours, cents
FROM {side}apart
WHERE currency = '{currency}' AND cents <> 0
ORDER BY ABS(cents) DESC, entry, hours DESC LIMIT {most}"""


def _largest(told: _Told) -> Iterator[Item]:
    found: list[tuple[str, Row]] = []
    for currency in sorted({one.currency for one in told.endings}):
        names = {"side": told.name, "currency": currency, "most": LARGEST}
        least, seen = 0, 0
        for highest, count in list(told.engine.rows(_HIGHEST.format(**names))):
            if seen < LARGEST:
                least, seen = int(highest), seen + int(count)
        rows = list(told.engine.rows(_LARGE_APART.format(**names)))
        if seen:
            like_them = list(told.engine.rows(_LIKE_THEM.format(least=least, **names)))
            those = {
                "kinds": ", ".join(str(kind) for kind, _, _ in like_them),
                "shortest": min(shortest for _, shortest, _ in like_them),
                "longest": max(longest for _, _, longest in like_them),
            }
            rows += told.engine.rows(_LARGE.format(least=least, **those, **names))
        rows.sort(key=lambda row: (-abs(row[7]), row[0], -row[6]))
        found.extend((currency, row) for row in rows[:LARGEST])
    tickets = _tickets(told.engine, [row for _, row in found])
    for currency, (entry, day, client, kind, billing, contract, hours, cents) in found:
        yield Item(
            int(entry),
            date.fromordinal(day),
            told.client(client),
            told.work_type(kind),
            told.role(kind),
            tickets[int(entry)],
            billing,
            told.contract(contract),
            int(hours),
            int(cents),
            currency,
        )


def _tickets(engine: Engine, rows: Sequence[Row]) -> Mapping[int, str]:
    """The tickets of the entries with which rows begin; of an engine's table only the parts are
    looked at in which their clients are.
    """
    if not rows:
        return {}
    entries = ", ".join(str(row[0]) for row in rows)
    clients = ", ".join(sorted({str(row[2]) for row in rows}))
    found = engine.rows(
        "SELECT entry, ticket FROM entries "
        f"WHERE client IN ({clients}) AND entry IN ({entries}) ORDER BY entry"
    )
    return {int(entry): ticket for entry, ticket in found}
