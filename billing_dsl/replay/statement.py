"""The SQL of a replay: from entries and routing tables to what each entry is billed.

It keeps to what engines share: joins, `UNION ALL`, `CASE`, `SUM` and `ROW_NUMBER` over a window,
whole numbers. They differ in how whole numbers are divided, which is all that a dialect says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from billing_dsl.replay.measures import CENT, FACTOR, GRACE, HOUR


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine divides whole numbers, and what it calls its types.

    `wide` is a whole number of more than 63 bits; empty where there is none.
    """

    name: str
    divided: str
    long: str = "BIGINT"
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
        Dialect("duckdb", "({number} // {divisor})", wide="HUGEINT"),
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
        "client": "long",
        "kind": "long",
        "day": "long",
        "start": "long",
        "hours": "long",
        "ticket": "text",
    },
    "stretches": {"client": "long", "first": "long", "last": "long", "situation": "long"},
    "ends": {
        "situation": "long",
        "kind": "long",
        "ending": "long",
        "place": "long",
        "billing": "text",
        "unit": "text",
        "currency": "text",
        "rate": "amount",
        "factor": "long",
        "overage": "amount",
        "worth": "amount",
        "step": "long",
        "minimum": "long",
        "maximum": "long",
    },
    "bound": {"client": "long", "place": "long", "contract": "long"},
    "segments": {"contract": "long", "first": "long", "last": "long", "segment": "long"},
    "draws": {
        "segment": "long",
        "currency": "text",
        "block": "long",
        "low": "long",
        "high": "long",
        "rate": "amount",
    },
    "depths": {"segment": "long", "depth": "long"},
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
    types = {"long": dialect.long, "text": dialect.text, "amount": amount}
    return {
        name: "CREATE TABLE {} (\n  {}\n)".format(
            name if name == SHARED else f"{side}{name}",
            ",\n  ".join(f"{column} {types[kind]}" for column, kind in columns.items()),
        )
        for name, columns in TABLES.items()
    }


_LANDED = """\
CREATE VIEW {side}landed AS
SELECT entry, client, kind, day, start, ticket, worked, ending, billing, unit, currency,
  rate, factor, overage, worth, contract,
  CASE WHEN rounded < minimum THEN minimum WHEN rounded > maximum THEN maximum ELSE rounded END
    AS hours
FROM (
  SELECT e.entry, e.client, e.kind, e.day, e.start, e.ticket, e.hours AS worked,
    x.ending, COALESCE(x.billing, 'unknown') AS billing, x.unit, x.currency,
    x.rate, x.factor, x.overage, x.worth, x.minimum, x.maximum, b.contract,
    CASE WHEN x.step IS NULL THEN e.hours
      WHEN e.hours <= x.step + {grace} THEN x.step
      ELSE {steps} * x.step END AS rounded
  FROM entries e
  LEFT JOIN {side}stretches s ON s.client = e.client AND s.first <= e.day AND e.day <= s.last
  LEFT JOIN {side}ends x ON x.situation = s.situation AND x.kind = e.kind
  LEFT JOIN {side}bound b ON b.client = e.client AND b.place = x.place
) found"""

_COUNTED = """\
CREATE TABLE {side}counted AS
SELECT l.entry, l.client, l.kind, l.day, l.ticket, l.worked, l.ending, l.currency,
  l.factor, l.overage, l.contract, g.segment, l.hours * l.factor AS debit,
  CAST(SUM(l.hours * l.factor) OVER (
    PARTITION BY g.segment ORDER BY l.day, l.start, l.entry ROWS UNBOUNDED PRECEDING
  ) AS {long}) AS after
FROM {side}landed l
JOIN {side}segments g ON g.contract = l.contract AND g.first <= l.day AND l.day <= g.last
WHERE l.billing = 'block'"""

_TICKETS = """\
CREATE TABLE {side}tickets AS
SELECT l.entry, l.client, l.kind, l.day, l.ticket, l.worked, l.hours, l.ending, l.currency,
  l.rate, l.contract,
  CASE WHEN l.ticket = '' THEN 1 ELSE ROW_NUMBER() OVER (
    PARTITION BY l.contract, l.ticket ORDER BY l.day DESC, l.start DESC, l.entry DESC
  ) END AS turn
FROM {side}landed l
WHERE l.billing = 'ticket'"""

_ITEMS = """\
CREATE VIEW {side}items AS
SELECT entry, client, kind, day, ticket, ending, currency, contract, block, billing, opens, worked,
  hours, debit, amount, {cents} AS cents, worth
FROM (
  SELECT entry, client, kind, day, ticket, ending, currency, contract, 0 AS block, billing,
    1 AS opens, worked, hours, 0 AS debit,
    CASE WHEN billing IN ('absorbed', 'not_billed', 'unknown') THEN 0
      WHEN unit = 'entry' THEN rate
      ELSE {by_hour} END AS amount,
    CASE WHEN billing <> 'absorbed' THEN 0 ELSE {worth_cents} END AS worth
  FROM (
    SELECT l.*, CASE WHEN unit = 'entry' THEN worth ELSE {worth_by_hour} END AS worth_amount
    FROM {side}landed l
    WHERE billing NOT IN ('block', 'ticket')
  ) plain
  UNION ALL
  SELECT entry, client, kind, day, ticket, ending, currency, contract, 0, 'ticket',
    1, worked, hours, 0, CASE WHEN turn = 1 THEN rate ELSE 0 END, 0
  FROM {side}tickets
  UNION ALL
  SELECT entry, client, kind, day, ticket, ending, currency, contract, block, 'block',
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 THEN worked ELSE 0 END,
    {hours_until} - {hours_since}, until - since, {by_debit}, 0
  FROM (
    SELECT c.*, d.block, d.rate,
      CASE WHEN d.low > c.after - c.debit THEN d.low - c.after + c.debit ELSE 0 END AS since,
      CASE WHEN d.high < c.after THEN d.high - c.after + c.debit ELSE c.debit END AS until
    FROM {side}counted c
    JOIN {side}draws d ON d.segment = c.segment AND d.currency = c.currency
      AND d.low < c.after AND d.high > c.after - c.debit
  ) drawn
  UNION ALL
  SELECT entry, client, kind, day, ticket, ending, currency, contract, 0, 'overage',
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 THEN worked ELSE 0 END,
    {hours_debit} - {hours_since}, 0, {by_overage}, 0
  FROM (
    SELECT c.*,
      CASE WHEN h.depth > c.after - c.debit THEN h.depth - c.after + c.debit ELSE 0 END AS since
    FROM {side}counted c
    JOIN {side}depths h ON h.segment = c.segment AND h.depth < c.after
  ) beyond
) priced"""

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


def statements(dialect: Dialect, side: str = "") -> dict[str, str]:
    """The views and tables of a replay by their names, in the order in which they are made.

    Between `counted` and `items` the rows of `draws` and `depths` are worked out: see `DEBITS`.
    """
    half_up = dialect.half_up
    return {
        "landed": _LANDED.format(
            side=side,
            grace=GRACE,
            steps=dialect.whole(f"(e.hours - {GRACE + 1} + x.step)", "x.step"),
        ),
        "counted": _COUNTED.format(side=side, long=dialect.long),
        "tickets": _TICKETS.format(side=side),
        "items": _ITEMS.format(
            side=side,
            cents=half_up("amount", str(CENT)),
            by_hour=half_up("rate * hours", str(HOUR)),
            worth_by_hour=half_up("worth * hours", str(HOUR)),
            worth_cents=half_up("worth_amount", str(CENT)),
            hours_until=f"({half_up('until', 'factor')})",
            hours_since=f"({half_up('since', 'factor')})",
            hours_debit=f"({half_up('debit', 'factor')})",
            by_debit=half_up("rate * (until - since)", str(HOUR * FACTOR)),
            by_overage=half_up("overage * (debit - since)", f"(factor * {HOUR})"),
        ),
    }


def script(dialect: Dialect) -> str:
    """All of it as a script to read, or to run where the entries are: see docs/replay.md."""
    made = statements(dialect)
    parts = [
        f"-- A replay in SQL, for {dialect.name}. What the tables hold: docs/replay.md.",
        *(f"{statement};" for statement in tables(dialect).values()),
        "-- Fill entries, stretches, ends, bound and segments.",
        *(f"{made[name]};" for name in ("landed", "counted", "tickets")),
        "-- What this finds decides the rows of draws and depths.",
        f"{DEBITS.format(side='')};",
        f"{made['items']};",
    ]
    return "\n\n".join(parts) + "\n"
