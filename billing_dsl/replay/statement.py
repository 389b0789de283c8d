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
CREATE TABLE {side}landed AS
SELECT entry, client, kind, day, start, worked, number, contract,
  CASE WHEN rounded < minimum THEN minimum WHEN rounded > maximum THEN maximum ELSE rounded END
    AS hours{others}
FROM (
  SELECT e.entry, e.client, e.kind, e.day, e.start, e.{worked} AS worked,
    x.number, x.minimum, x.maximum, b.contract,
    CASE WHEN x.step IS NULL THEN e.{worked}
      WHEN e.{worked} <= x.step + {grace} THEN x.step
      ELSE {steps} * x.step END AS rounded{own}
  FROM {entries} e
  LEFT JOIN {side}stretches s ON s.client = e.client AND s.first <= e.day AND e.day <= s.last
  LEFT JOIN {side}ends x ON x.situation = s.situation AND x.kind = e.kind
  LEFT JOIN {side}bound b ON b.client = e.client AND b.place = x.place
) found"""

_COUNTED = """\
CREATE TABLE {side}counted AS
SELECT l.entry, l.client, l.kind, l.day, l.worked, x.ending, x.currency,
  x.factor, x.overage, l.contract, g.segment, l.hours * x.factor AS debit,
  CAST(SUM(l.hours * x.factor) OVER (
    PARTITION BY g.segment ORDER BY l.day, l.start, l.entry ROWS UNBOUNDED PRECEDING
  ) AS {long}) AS after
FROM {side}landed l
JOIN {side}ends x ON x.number = l.number
JOIN {side}segments g ON g.contract = l.contract AND g.first <= l.day AND l.day <= g.last
WHERE x.billing = 'block'"""

_TICKETS = """\
CREATE TABLE {side}tickets AS
SELECT l.entry, l.client, l.kind, l.day, e.ticket, l.worked, l.hours, x.ending, x.currency,
  x.rate, l.contract,
  CASE WHEN e.ticket = '' THEN 1 ELSE ROW_NUMBER() OVER (
    PARTITION BY l.contract, e.ticket ORDER BY l.day DESC, l.start DESC, l.entry DESC
  ) END AS turn
FROM {side}landed l
JOIN {side}ends x ON x.number = l.number
JOIN entries e ON e.entry = l.entry
WHERE x.billing = 'ticket'"""

_ALIKE = """\
CREATE TABLE {side}alike AS
SELECT kind, number, hours, COUNT(*) AS items, SUM(worked) AS worked
FROM {side}landed
GROUP BY kind, number, hours"""

_PRICED = """\
SELECT {columns}, x.ending, COALESCE(x.billing, 'unknown') AS billing, x.currency,
    {cents} AS cents, {worth_cents} AS worth
  FROM (
    SELECT {inner}, y.ending, y.billing, y.currency,
      CASE WHEN y.billing IN ('absorbed', 'not_billed') OR y.billing IS NULL THEN 0
        WHEN y.unit = 'entry' THEN y.rate
        ELSE {by_hour} END AS amount,
      CASE WHEN y.billing IS NULL OR y.billing <> 'absorbed' THEN 0
        WHEN y.unit = 'entry' THEN y.worth
        ELSE {worth_by_hour} END AS worth_amount
    FROM {side}{table} l
    LEFT JOIN {side}ends y ON y.number = l.number
    WHERE y.billing IS NULL OR y.billing NOT IN ('block', 'ticket')
  ) x"""

_PLAIN = """\
CREATE VIEW {side}plain AS
{priced}"""

_PRICES = """\
CREATE TABLE {side}prices AS
{priced}"""

_APART = """\
CREATE VIEW {side}apart AS
SELECT entry, client, kind, day, ending, currency, contract, block, billing, opens, worked,
  hours, debit, {cents} AS cents
FROM (
  SELECT entry, client, kind, day, ending, currency, contract, 0 AS block, 'ticket' AS billing,
    1 AS opens, worked, hours, 0 AS debit, CASE WHEN turn = 1 THEN rate ELSE 0 END AS amount
  FROM {side}tickets
  UNION ALL
  SELECT entry, client, kind, day, ending, currency, contract, block, 'block',
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 THEN worked ELSE 0 END,
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
    CASE WHEN since = 0 THEN 1 ELSE 0 END, CASE WHEN since = 0 THEN worked ELSE 0 END,
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


_OTHERS = ("other", "other_contract", "other_hours")
"""What `landed` says besides, where entries land beside those of another side."""


def statements(dialect: Dialect, side: str = "", beside: str | None = None) -> dict[str, str]:
    """The views and tables of a replay by their names, in the order in which they are made.

    With `beside`, the name of a side on which entries have landed, they are taken from there: then
    `landed` says of each entry where it ends on both sides.

    Between `counted` and `items` the rows of `draws` and `depths` are worked out: see `DEBITS`.
    """
    half_up = dialect.half_up

    def priced(table: str, *columns: str) -> str:
        return _PRICED.format(
            side=side,
            table=table,
            columns=", ".join(f"x.{column}" for column in columns),
            inner=", ".join(f"l.{column}" for column in columns),
            cents=half_up("x.amount", str(CENT)),
            worth_cents=half_up("x.worth_amount", str(CENT)),
            by_hour=half_up("y.rate * l.hours", str(HOUR)),
            worth_by_hour=half_up("y.worth * l.hours", str(HOUR)),
        )

    worked = "hours" if beside is None else "worked"
    others = [
        f"e.{column} AS {name}"
        for column, name in zip(("number", "contract", "hours"), _OTHERS, strict=True)
        if beside is not None
    ]
    entry = ("entry", "client", "kind", "day", "contract", "worked", "hours")
    alike = ("kind", "number", "hours", "items", "worked")
    return {
        "landed": _LANDED.format(
            side=side,
            grace=GRACE,
            steps=dialect.whole(f"(e.{worked} - {GRACE + 1} + x.step)", "x.step"),
            worked=worked,
            entries=SHARED if beside is None else f"{beside}landed",
            others="" if beside is None else ", " + ", ".join(_OTHERS),
            own="".join(f", {other}" for other in others),
        ),
        "counted": _COUNTED.format(side=side, long=dialect.long),
        "tickets": _TICKETS.format(side=side),
        "plain": _PLAIN.format(side=side, priced=priced("landed", *entry)),
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
        "alike": _ALIKE.format(side=side),
        "prices": _PRICES.format(side=side, priced=priced("alike", *alike)),
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
        *(f"{made[name]};" for name in ("plain", "apart", "items")),
    ]
    return "\n\n".join(parts) + "\n"
