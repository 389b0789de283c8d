"""The SQL of a replay: from entries and routing tables to what each entry is billed.

It keeps to what engines share: joins, `UNION ALL`, `CASE`, `SUM` and `ROW_NUMBER` over a window,
whole numbers. They differ in how whole numbers are divided, which is all that a dialect says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing_dsl.replay.measures import CENT, FACTOR, GRACE, HOUR


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine divides whole numbers, and what it calls its types.

    `wide` is a whole number of more than 63 bits; empty where there is none. `small` is one of 31
    bits, where it makes a difference.
    """

    name: str
    divided: str
    long: str = "BIGINT"
    small: str = ""
    text: str = "VARCHAR"
    wide: str = ""

    def whole(self, number: str, divisor: str) -> str:
        """A whole number divided, without its rest; neither is below zero."""
        return self.divided.format(number=number, divisor=divisor)

    def half_up(self, number: str, divisor: str) -> str:
        """The quotient rounded half up, away from zero, as `money.posted` does."""
        up = self.whole(f"(2 * ({number}) + {divisor})", f"(2 * {divisor})")
        down = self.whole(f"(2 * -({number}) + {divisor})", f"(2 * {divisor})")
        return f"CASE WHEN {number} < 0 THEN -{down} ELSE {up} END"


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect("duckdb", "({number} // {divisor})", small="INTEGER", wide="HUGEINT"),
        Dialect("sqlite", "({number} / {divisor})", text="TEXT"),
        Dialect("postgres", "({number} / {divisor})", text="TEXT"),
        Dialect("trino", "({number} / {divisor})"),
        Dialect("spark", "({number} div {divisor})", text="STRING"),
        Dialect("bigquery", "DIV({number}, {divisor})", long="INT64", text="STRING"),
        Dialect(
            "snowflake",
            # Its quotients have six decimals and are rounded: the rest is taken off first.
            "(({number} - MOD({number}, {divisor})) / {divisor})",
            long="NUMBER(38, 0)",
        ),
    )
}
"""The engines for which the SQL is written out. The first is the one that `replay` brings along."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "entries": {
        "entry": "long",
        "client": "small",
        "kind": "long",
        "day": "small",
        "start": "small",
        "hours": "small",
        "ticket": "text",
    },
    "stretches": {"client": "small", "first": "small", "last": "small", "situation": "small"},
    "ends": {
        "number": "small",
        "situation": "small",
        "kind": "long",
        "ending": "small",
        "place": "small",
        "billing": "text",
        "unit": "text",
        "currency": "text",
        "rate": "amount",
        "factor": "long",
        "overage": "amount",
        "worth": "amount",
        "step": "small",
        "minimum": "small",
        "maximum": "small",
    },
    "bound": {"client": "small", "place": "small", "contract": "small"},
    "segments": {"contract": "small", "first": "small", "last": "small", "segment": "small"},
    "draws": {
        "segment": "small",
        "currency": "text",
        "block": "small",
        "low": "long",
        "high": "long",
        "rate": "amount",
    },
    "depths": {"segment": "small", "depth": "long"},
}
"""The tables from which the statements read, each column with its type. See docs/replay.md."""


SHARED = "entries"
"""The table that is there once, however many sides entries are replayed through."""


WIDEST = 1 << 62
"""Products below this, twice themselves included, fit into a whole number of 63 bits."""


def tables(dialect: Dialect, side: str = "", wide: bool = False) -> dict[str, str]:
    """The statements that create the tables of a side, by their names.

    `side` stands before every name, so that several may be joined by `entry`. With `wide` amounts
    may be so large that what they are multiplied to is longer than 63 bits.
    """
    amount = dialect.wide if wide else dialect.long
    small = dialect.small or dialect.long
    types = {"long": dialect.long, "small": small, "text": dialect.text, "amount": amount}
    return {
        name: "CREATE TABLE {} (\n  {}\n)".format(
            name if name == SHARED else f"{side}{name}",
            ",\n  ".join(f"{column} {types[kind]}" for column, kind in columns.items()),
        )
        for name, columns in TABLES.items()
    }


_LANDED = """\
CREATE VIEW landed AS
SELECT entry, client, kind, day, start, worked{ends}
FROM (
  SELECT e.entry, e.client, e.kind, e.day, e.start, e.hours AS worked{own}
  FROM entries e{joins}
) found"""

_OWN_END = """,
  {side}number, {side}contract,
  CASE WHEN {side}rounded < {side}minimum THEN {side}minimum
    WHEN {side}rounded > {side}maximum THEN {side}maximum
    ELSE {side}rounded END AS {side}hours"""

_OWN = """,
    {side}x.number AS {side}number, {side}b.contract AS {side}contract,
    {side}x.minimum AS {side}minimum, {side}x.maximum AS {side}maximum,
    CASE WHEN {side}x.step IS NULL THEN e.hours
      WHEN e.hours <= {side}x.step + {grace} THEN {side}x.step
      ELSE {steps} * {side}x.step END AS {side}rounded"""

_JOINS = """
  LEFT JOIN {side}stretches {side}s
    ON {side}s.client = e.client AND {side}s.first <= e.day AND e.day <= {side}s.last
  LEFT JOIN {side}ends {side}x ON {side}x.situation = {side}s.situation AND {side}x.kind = e.kind
  LEFT JOIN {side}bound {side}b ON {side}b.client = e.client AND {side}b.place = {side}x.place"""

_DRAWING = """\
CREATE TABLE drawing AS
SELECT l.entry, l.client, l.kind, l.day, l.start, l.worked{columns}
FROM landed l{joins}
WHERE {wanted}"""

_RATES = """\
CREATE TABLE {side}rates AS
SELECT number, ending, billing, currency,
  CASE WHEN billing = 'not_billed' OR unit <> 'entry' THEN 0
    WHEN billing = 'absorbed' THEN worth ELSE rate END AS flat,
  CASE WHEN billing = 'not_billed' OR unit = 'entry' THEN 0
    WHEN billing = 'absorbed' THEN worth ELSE rate END AS hourly
FROM {side}ends"""
"""What each end comes to, by the entry and by the hour; of absorbed work what it would be worth."""

_COUNTED = """\
CREATE TABLE {side}counted AS
SELECT l.entry, l.client, l.kind, l.day, l.worked, x.ending, x.currency,
  x.factor, x.overage, l.{side}contract AS contract, g.segment, l.{side}hours * x.factor AS debit,
  CAST(SUM(l.{side}hours * x.factor) OVER (
    PARTITION BY g.segment ORDER BY l.day, l.start, l.entry ROWS UNBOUNDED PRECEDING
  ) AS {long}) AS after
FROM drawing l
JOIN {side}ends x ON x.number = l.{side}number
JOIN {side}segments g
  ON g.contract = l.{side}contract AND g.first <= l.day AND l.day <= g.last
WHERE x.billing = 'block'"""

_TICKETS = """\
CREATE TABLE {side}tickets AS
SELECT l.entry, l.client, l.kind, l.day, e.ticket, l.worked, l.{side}hours AS hours, x.ending,
  x.currency, x.rate, l.{side}contract AS contract,
  CASE WHEN e.ticket = '' THEN 1 ELSE ROW_NUMBER() OVER (
    PARTITION BY l.{side}contract, e.ticket ORDER BY l.day DESC, l.start DESC, l.entry DESC
  ) END AS turn
FROM drawing l
JOIN {side}ends x ON x.number = l.{side}number
JOIN entries e ON e.entry = l.entry
WHERE x.billing = 'ticket'"""

_PRICED = """\
SELECT {columns}, x.ending, COALESCE(x.billing, 'unknown') AS billing, x.currency,
  CASE WHEN x.billing = 'absorbed' THEN 0 ELSE {cents} END AS cents,
  CASE WHEN x.billing = 'absorbed' THEN {cents} ELSE 0 END AS worth
FROM (
  SELECT {inner}, y.ending, y.billing, y.currency,
    CASE WHEN y.number IS NULL THEN 0 ELSE {amount} END AS amount
  FROM {source} l
  LEFT JOIN {side}rates y ON y.number = l.{number}
  WHERE y.billing IS NULL OR y.billing NOT IN ('block', 'ticket')
) x"""

_PLAIN = """\
CREATE VIEW {side}plain AS
{priced}"""

_APART = """\
CREATE VIEW {side}apart AS
SELECT entry, client, kind, day, ending, currency, contract, block, billing, opens, whole, worked,
  hours, debit, {cents} AS cents
FROM (
  SELECT entry, client, kind, day, ending, currency, contract, 0 AS block, 'ticket' AS billing,
    1 AS opens, 1 AS whole, worked, hours, 0 AS debit,
    CASE WHEN turn = 1 THEN rate ELSE 0 END AS amount
  FROM {side}tickets
  UNION ALL
  SELECT entry, client, kind, day, ending, currency, contract, block, 'block',
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 AND until = debit THEN 1 ELSE 0 END,
    CASE WHEN since = 0 THEN worked ELSE 0 END,
    {hours_until} - {hours_since}, until - since, {by_debit}
  FROM (
    SELECT c.*, d.block, d.rate,
      CASE WHEN d.low > c.after - c.debit THEN d.low - c.after + c.debit ELSE 0 END AS since,
      CASE WHEN d.high < c.after THEN d.high - c.after + c.debit ELSE c.debit END AS until
    FROM {side}counted c
    JOIN {side}draws d ON d.segment = c.segment AND d.currency = c.currency
      AND d.low < c.after AND d.high > c.after - c.debit
  ) drawn
  UNION ALL
  SELECT entry, client, kind, day, ending, currency, contract, 0, 'overage',
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 THEN 1 ELSE 0 END,
    CASE WHEN since = 0 THEN worked ELSE 0 END,
    {hours_debit} - {hours_since}, 0, {by_overage}
  FROM (
    SELECT c.*,
      CASE WHEN h.depth > c.after - c.debit THEN h.depth - c.after + c.debit ELSE 0 END AS since
    FROM {side}counted c
    JOIN {side}depths h ON h.segment = c.segment AND h.depth < c.after
  ) beyond
) counted"""

_ITEMS = """\
CREATE VIEW {side}items AS
SELECT entry, client, kind, day, ending, currency, contract, 0 AS block, billing, 1 AS opens,
  worked, hours, 0 AS debit, cents, worth
FROM {side}plain
UNION ALL
SELECT entry, client, kind, day, ending, currency, contract, block, billing, opens,
  worked, hours, debit, cents, 0
FROM {side}apart"""

DEBITS = "SELECT segment, MAX(after) FROM {side}counted GROUP BY segment ORDER BY segment"
"""How much work of each stretch wants to be drawn from blocks: `blocks.drawn` answers with the
rows of `draws` and `depths`, on which `items` rests.
"""

PAIRS = """\
SELECT DISTINCT s.situation, e.kind
FROM entries e
JOIN {side}stretches s ON s.client = e.client AND s.first <= e.day AND e.day <= s.last
ORDER BY s.situation, e.kind"""
"""Which kinds of work occur in which situations: `ends` needs rows for these alone."""


def landing(dialect: Dialect, sides: Sequence[str] = ("",)) -> dict[str, str]:
    """Where each entry ends, on all sides at once: `landed`, a view, and `drawing`, a table of the
    entries that draw from blocks or tickets on some side.

    A side's columns `number` of its end, `contract` and `hours` begin with its name.
    """

    def of_each(written: str) -> str:
        return "".join(
            written.format(
                side=side,
                grace=GRACE,
                steps=dialect.whole(f"(e.hours - {GRACE + 1} + {side}x.step)", f"{side}x.step"),
            )
            for side in sides
        )

    columns = ", l.{side}number, l.{side}contract, l.{side}hours"
    joins = "\nLEFT JOIN {side}ends {side}x ON {side}x.number = l.{side}number"
    return {
        "landed": _LANDED.format(ends=of_each(_OWN_END), own=of_each(_OWN), joins=of_each(_JOINS)),
        "drawing": _DRAWING.format(
            columns=of_each(columns),
            joins=of_each(joins),
            wanted=" OR ".join(f"{side}x.billing IN ('block', 'ticket')" for side in sides),
        ),
    }


def amount(dialect: Dialect, rates: str, hours: str) -> str:
    """What work that draws on nothing comes to, in parts of an amount: `rates` and `hours` are what
    a row of `rates` and the hours are called there.
    """
    return f"{rates}.flat + {dialect.half_up(f'{rates}.hourly * {hours}', str(HOUR))}"


def statements(dialect: Dialect, side: str = "") -> dict[str, str]:
    """The views and tables of one side, once entries have landed, in the order of their making.

    Between `counted` and `items` the rows of `draws` and `depths` are worked out: see `DEBITS`.
    """
    half_up = dialect.half_up
    plain = ("entry", "client", "kind", "day", "worked")
    own = ("contract", "hours")
    return {
        "rates": _RATES.format(side=side),
        "counted": _COUNTED.format(side=side, long=dialect.long),
        "tickets": _TICKETS.format(side=side),
        "plain": _PLAIN.format(
            side=side,
            priced=priced(
                dialect,
                side,
                "landed",
                {**{name: name for name in plain}, **{name: f"{side}{name}" for name in own}},
                f"{side}number",
            ),
        ),
        "apart": _APART.format(
            side=side,
            cents=half_up("amount", str(CENT)),
            hours_until=f"({half_up('until', 'factor')})",
            hours_since=f"({half_up('since', 'factor')})",
            hours_debit=f"({half_up('debit', 'factor')})",
            by_debit=half_up("rate * (until - since)", str(HOUR * FACTOR)),
            by_overage=half_up("overage * (debit - since)", f"(factor * {HOUR})"),
        ),
        "items": _ITEMS.format(side=side),
    }


def priced(
    dialect: Dialect, side: str, source: str, columns: Mapping[str, str], number: str = "number"
) -> str:
    """A query of what rows of a source come to on a side, but for those that draw from blocks or
    tickets.

    `columns` are those to be kept, with what they are called there, `hours` among them; `number` is
    what the number of their end is called.
    """
    return _PRICED.format(
        side=side,
        source=source,
        number=number,
        columns=", ".join(f"x.{column}" for column in columns),
        inner=", ".join(
            f"l.{own}" if own == column else f"l.{own} AS {column}"
            for column, own in columns.items()
        ),
        amount=amount(dialect, "y", f"l.{columns['hours']}"),
        cents=dialect.half_up("x.amount", str(CENT)),
    )


def script(dialect: Dialect) -> str:
    """All of it as a script to read, or to run where the entries are: see docs/replay.md."""
    made = {**landing(dialect), **statements(dialect)}
    parts = [
        f"-- A replay in SQL, for {dialect.name}. What the tables hold: docs/replay.md.",
        *(f"{statement};" for statement in tables(dialect).values()),
        "-- Fill entries, stretches, ends, bound and segments.",
        *(f"{made[name]};" for name in ("landed", "drawing", "rates", "counted", "tickets")),
        "-- What this finds decides the rows of draws and depths.",
        f"{DEBITS.format(side='')};",
        *(f"{made[name]};" for name in ("plain", "apart", "items")),
    ]
    return "\n\n".join(parts) + "\n"
