"""The entries that flip: those that one side bills otherwise than the other.

An entry flips if it ends on another contract, is billed otherwise, for other hours or for another
amount. Which block of a contract it is drawn from, and what absorbed work is worth, is no matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from billing_dsl.replay.run import Engine, Row

SHOWN = 100
"""How many of the entries that flip are told of one by one, in each currency."""

AT_ONCE = 1_000_000
"""Entries that are compared together: the engine's memory does not grow with their number."""

BILLINGS = (
    *("hourly", "standard_rate", "block", "overage", "retainer", "ticket", "absorbed"),
    *("not_billed", "unknown"),
)
"""How work may be billed, each by its place."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one side makes of an entry, or of a part of it.

    `cents` is None where nobody has said an amount, `currency` empty where the entry is unknown.
    """

    billing: str
    contract: int
    """The number of its contract on its own side; 0 for none."""
    hours: int
    cents: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Flip:
    """An entry that flips, with all its parts on both sides; numbers are those of `entries`."""

    entry: int
    day: date
    client: int
    kind: int
    ticket: str
    worked: int
    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def difference(self) -> int | None:
        """What it costs more, in hundredths; None between two currencies, or without an amount."""
        if len({part.currency for part in (*self.before, *self.after) if part.currency}) > 1:
            return None
        sums = [_total(parts) for parts in (self.before, self.after)]
        return None if sums[0] is None or sums[1] is None else sums[1] - sums[0]


def _total(parts: tuple[Part, ...]) -> int | None:
    found = 0
    for part in parts:
        if part.cents is None:
            return None
        found += part.cents
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """Entries that flip alike: how they were billed, how they are, and what that comes to.

    Currencies are empty where the entries are unknown. Amounts are of what flips alone: of an entry
    that is split, a part that stays as it is counts on neither side. `unpriced` are entries that
    have no amount on one side at least.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    currency_before: str
    currency_after: str
    entries: int
    worked: int
    cents_before: int
    cents_after: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class Flips:
    """All entries that flip: in groups, and the largest of them one by one."""

    moves: tuple[Move, ...]
    largest: tuple[Flip, ...]

    @property
    def entries(self) -> int:
        """How many there are."""
        return sum(one.entries for one in self.moves)

    @property
    def worked(self) -> int:
        """The hours worked on them, in their parts."""
        return sum(one.worked for one in self.moves)


# --- in the engine -------------------------------------------------------------------------------

_SAME = "CREATE TABLE {before}same (contract {long}, other {long})"

_MET = """\
CREATE VIEW {after}met AS
SELECT l.entry, l.worked, COALESCE(l.number, -1) AS was, COALESCE(l.other, -1) AS now,
  l.hours AS hours_before, l.other_hours AS hours_after,
  CASE WHEN COALESCE(CASE WHEN l.contract IS NULL THEN 0 ELSE o.other END, -1)
    = COALESCE(l.other_contract, 0) THEN 1 ELSE 0 END AS kept
FROM {before}landed l
LEFT JOIN {before}same o ON o.contract = l.contract"""
"""Where each entry ends on both sides, and whether that is one contract."""

_ALIKE = """\
CREATE TABLE {after}moved AS
SELECT g.*, {way_before} AS ways_before, {way_after} AS ways_after,
  CASE WHEN currency_before = currency_after OR currency_before = '' OR currency_after = ''
    THEN ABS(cents_after - cents_before)
    WHEN ABS(cents_after) > ABS(cents_before) THEN ABS(cents_after)
    ELSE ABS(cents_before) END AS amount,
  CASE WHEN currency_after = '' THEN currency_before ELSE currency_after END AS currency
FROM (
  SELECT m.was, m.now, m.worked, m.kept, m.entries,
    COALESCE(x.billing, 'unknown') AS billing_before, COALESCE(x.currency, '') AS currency_before,
    COALESCE(y.billing, 'unknown') AS billing_after, COALESCE(y.currency, '') AS currency_after,
    COALESCE(p.cents, 0) AS cents_before, COALESCE(q.cents, 0) AS cents_after,
    CASE WHEN m.was >= 0 AND p.cents IS NULL THEN 1 ELSE 0 END AS unpriced_before,
    CASE WHEN m.now >= 0 AND q.cents IS NULL THEN 1 ELSE 0 END AS unpriced_after,
    m.hours_before, m.hours_after
  FROM (
    SELECT was, now, worked, kept, COUNT(*) AS entries,
      MIN(hours_before) AS hours_before, MIN(hours_after) AS hours_after
    FROM {after}met
    GROUP BY was, now, worked, kept
  ) m
  LEFT JOIN {before}ends x ON x.number = m.was
  LEFT JOIN {after}ends y ON y.number = m.now
  LEFT JOIN {before}prices p ON p.number = m.was AND p.hours = m.hours_before
  LEFT JOIN {after}prices q ON q.number = m.now AND q.hours = m.hours_after
) g
WHERE billing_before NOT IN ('block', 'ticket') AND billing_after NOT IN ('block', 'ticket')
  AND (billing_before <> billing_after OR currency_before <> currency_after OR kept = 0
    OR hours_before <> hours_after OR cents_before <> cents_after
    OR unpriced_before <> unpriced_after)"""
"""Entries that flip, those alike together: what depends on no other entry depends on its ends and
its hours alone.
"""

_ASKED = """\
CREATE TABLE {after}asked AS
SELECT l.entry, l.worked, l.number, l.hours, l.other, l.other_hours,
  CASE WHEN l.contract IS NULL THEN 0 ELSE COALESCE(o.other, -l.contract) END AS contract,
  COALESCE(l.other_contract, 0) AS other_contract,
  COALESCE(x.billing, 'unknown') AS billing_before, COALESCE(x.currency, '') AS currency_before,
  COALESCE(y.billing, 'unknown') AS billing_after, COALESCE(y.currency, '') AS currency_after
FROM {before}landed l
LEFT JOIN {after}ends y ON y.number = l.other
LEFT JOIN {before}ends x ON x.number = l.number
LEFT JOIN {before}same o ON o.contract = l.contract
WHERE l.entry BETWEEN {first} AND {last}
  AND (x.billing IN ('block', 'ticket') OR y.billing IN ('block', 'ticket'))"""
"""The entries of which one side draws from blocks or tickets: they depend on others too."""

_POSTED = """\
CREATE TABLE {after}posted AS
SELECT entry, currency, billing, contract, MIN(worked) AS worked,
  SUM(was) AS was, SUM(cents_before) AS cents_before, SUM(unpriced_before) AS unpriced_before,
  SUM(now) AS now, SUM(cents_after) AS cents_after, SUM(unpriced_after) AS unpriced_after
FROM (
  SELECT a.entry, a.worked, a.currency_before AS currency, a.billing_before AS billing, a.contract,
    1 AS was, a.hours AS hours_before, COALESCE(p.cents, 0) AS cents_before,
    CASE WHEN a.number IS NOT NULL AND p.cents IS NULL THEN 1 ELSE 0 END AS unpriced_before,
    0 AS now, 0 AS hours_after, 0 AS cents_after, 0 AS unpriced_after
  FROM {after}asked a
  LEFT JOIN {before}prices p ON p.number = a.number AND p.hours = a.hours
  WHERE a.billing_before NOT IN ('block', 'ticket')
  UNION ALL
  SELECT a.entry, a.worked, a.currency_before, i.billing, a.contract,
    1, i.hours, COALESCE(i.cents, 0), CASE WHEN i.cents IS NULL THEN 1 ELSE 0 END,
    0, 0, 0, 0
  FROM {after}asked a
  JOIN {before}apart i ON i.entry = a.entry
  WHERE i.entry BETWEEN {first} AND {last}
  UNION ALL
  SELECT a.entry, a.worked, a.currency_after, a.billing_after, a.other_contract,
    0, 0, 0, 0,
    1, a.other_hours, COALESCE(p.cents, 0),
    CASE WHEN a.other IS NOT NULL AND p.cents IS NULL THEN 1 ELSE 0 END
  FROM {after}asked a
  LEFT JOIN {after}prices p ON p.number = a.other AND p.hours = a.other_hours
  WHERE a.billing_after NOT IN ('block', 'ticket')
  UNION ALL
  SELECT a.entry, a.worked, a.currency_after, i.billing, a.other_contract,
    0, 0, 0, 0,
    1, i.hours, COALESCE(i.cents, 0), CASE WHEN i.cents IS NULL THEN 1 ELSE 0 END
  FROM {after}asked a
  JOIN {after}apart i ON i.entry = a.entry
  WHERE i.entry BETWEEN {first} AND {last}
) sides
GROUP BY entry, currency, billing, contract
HAVING SUM(hours_before) <> SUM(hours_after) OR SUM(cents_before) <> SUM(cents_after)
  OR SUM(unpriced_before) <> SUM(unpriced_after) OR MAX(was) <> MAX(now)"""
"""The parts of entries that one side has and the other has not, or has otherwise."""

_TABLE = """\
CREATE TABLE {after}flips (
  entry {long}, worked {long}, currency_before {text}, currency_after {text},
  ways_before {long}, ways_after {long}, cents_before {long}, cents_after {long}, unpriced {long}
)"""

_FLIPS = """\
INSERT INTO {after}flips
SELECT p.entry, MIN(p.worked) AS worked,
  MAX(CASE WHEN was > 0 THEN currency ELSE '' END) AS currency_before,
  MAX(CASE WHEN now > 0 THEN currency ELSE '' END) AS currency_after,
  {ways_before} AS ways_before,
  {ways_after} AS ways_after,
  SUM(cents_before) AS cents_before, SUM(cents_after) AS cents_after,
  MAX(CASE WHEN unpriced_before + unpriced_after > 0 THEN 1 ELSE 0 END) AS unpriced
FROM {after}posted p
GROUP BY p.entry"""

_MOVES = """\
SELECT currency_before, currency_after, ways_before, ways_after, SUM(entries), SUM(worked),
  SUM(cents_before), SUM(cents_after), SUM(unpriced)
FROM (
  SELECT currency_before, currency_after, ways_before, ways_after, 1 AS entries, worked,
    cents_before, cents_after, unpriced
  FROM {after}flips
  UNION ALL
  SELECT currency_before, currency_after, ways_before, ways_after, entries, entries * worked,
    entries * cents_before, entries * cents_after,
    CASE WHEN unpriced_before + unpriced_after > 0 THEN entries ELSE 0 END
  FROM {after}moved
) flipping
GROUP BY currency_before, currency_after, ways_before, ways_after
ORDER BY currency_before, currency_after, ways_before, ways_after"""

_CURRENCIES = """\
SELECT currency FROM {after}moved
UNION
SELECT CASE WHEN currency_after = '' THEN currency_before ELSE currency_after END FROM {after}flips
ORDER BY currency"""

_LARGEST = """\
SELECT CASE WHEN currency_before = currency_after OR currency_before = '' OR currency_after = ''
    THEN ABS(cents_after - cents_before)
    WHEN ABS(cents_after) > ABS(cents_before) THEN ABS(cents_after)
    ELSE ABS(cents_before) END AS amount, worked, entry
FROM {after}flips
WHERE CASE WHEN currency_after = '' THEN currency_before ELSE currency_after END = '{currency}'
ORDER BY amount DESC, worked DESC, entry
LIMIT {most}"""

_HIGHEST = """\
SELECT amount, worked, SUM(entries)
FROM {after}moved
WHERE currency = '{currency}'
GROUP BY amount, worked
ORDER BY amount DESC, worked DESC
LIMIT {most}"""
"""For how much entries flip, and how many of them do for as much."""

_OF_MOVED = """\
SELECT g.amount, g.worked, m.entry
FROM {after}met m
JOIN (
  SELECT was, now, worked, kept, amount FROM {after}moved
  WHERE currency = '{currency}' AND (amount > {least} OR amount = {least} AND worked >= {shortest})
) g ON g.was = m.was AND g.now = m.now AND g.worked = m.worked AND g.kept = m.kept
ORDER BY g.amount DESC, g.worked DESC, m.entry
LIMIT {most}"""

_FLIPPED = """\
CREATE VIEW {after}flipped AS
SELECT entry FROM {after}flips
UNION ALL
SELECT m.entry
FROM {after}met m
JOIN {after}moved g
  ON g.was = m.was AND g.now = m.now AND g.worked = m.worked AND g.kept = m.kept"""
"""All entries that flip, for those who want each."""

_ENTRIES = """\
SELECT entry, day, client, kind, ticket, hours FROM entries WHERE entry IN ({entries})"""

_SPAN = "SELECT COALESCE(MIN(entry), 0), COALESCE(MAX(entry), -1) FROM entries"

_PARTS = """\
SELECT entry, billing, contract, hours, cents, currency
FROM {side}items WHERE entry IN ({entries})
ORDER BY entry, opens DESC, block"""


def flips(engine: Engine, before: str, after: str, same: Mapping[int, int]) -> Flips:
    """Finds the entries that flip between two sides, by the names that stand before their tables.

    The side before has been billed beside the one after, and both have been summed up. `same` holds
    the numbers of contracts before, with those of the same contracts after.
    """
    dialect = engine.dialect
    names = {"before": before, "after": after}
    engine.do(_SAME.format(long=dialect.long, **names))
    engine.fill(f"{before}same", sorted(same.items()))
    engine.do(_TABLE.format(long=dialect.wide or dialect.long, text=dialect.text, **names))
    engine.do(_MET.format(**names))
    way = {f"way_{side}": _way(f"billing_{side}") for side in names}
    engine.do(_ALIKE.format(**way, **names))
    ways = {"ways_before": _ways("was"), "ways_after": _ways("now")}
    [(least, most)] = engine.rows(_SPAN)
    for first in range(int(least), int(most) + 1, AT_ONCE):
        span = {"first": first, "last": first + AT_ONCE - 1}
        engine.do(_ASKED.format(**span, **names))
        engine.do(_POSTED.format(**span, **names))
        engine.do(_FLIPS.format(**ways, **names))
        for table in ("asked", "posted"):
            engine.do(f"DROP TABLE {after}{table}")
    engine.do(_FLIPPED.format(after=after))
    moves = tuple(_moves(engine.rows(_MOVES.format(after=after))))
    rows: list[Row] = []
    for (currency,) in list(engine.rows(_CURRENCIES.format(after=after))):
        rows += _largest(engine, after, currency)
    return Flips(moves, tuple(_flips(engine, rows, before, after)))


def _largest(engine: Engine, after: str, currency: str) -> list[Row]:
    """The entries that flip for most money in a currency, the largest first, then the longest."""
    names = {"after": after, "currency": currency, "most": SHOWN}
    found = list(engine.rows(_LARGEST.format(**names)))
    least, shortest, seen = 0, 0, 0
    for amount, worked, count in engine.rows(_HIGHEST.format(**names)):
        if seen < SHOWN:
            least, shortest, seen = int(amount), int(worked), seen + int(count)
    if seen:
        found += engine.rows(_OF_MOVED.format(least=least, shortest=shortest, **names))
    found.sort(key=lambda row: (-row[0], -row[1], row[2]))
    entries = [int(entry) for _, _, entry in found[:SHOWN]]
    listed = ", ".join(map(str, entries))
    by_entry = {int(row[0]): row for row in engine.rows(_ENTRIES.format(entries=listed))}
    return [by_entry[entry] for entry in entries]


def _way(billing: str) -> str:
    """The bit of a way to be billed: see `_ways`."""
    cases = " ".join(f"WHEN '{way}' THEN {1 << place}" for place, way in enumerate(BILLINGS))
    return f"CASE {billing} {cases} END"


def _ways(there: str) -> str:
    """How an entry is billed as one number: each way that occurs is a bit of it."""
    return "\n    + ".join(
        f"MAX(CASE WHEN {there} > 0 AND billing = '{way}' THEN {1 << place} ELSE 0 END)"
        for place, way in enumerate(BILLINGS)
    )


def _moves(rows: Iterator[Row]) -> Iterator[Move]:
    for currency_before, currency_after, before, after, *numbers in rows:
        entries, worked, cents_before, cents_after, unpriced = map(int, numbers)
        yield Move(
            _named(before),
            _named(after),
            currency_before,
            currency_after,
            entries,
            worked,
            cents_before,
            cents_after,
            unpriced,
        )


def _named(ways: object) -> tuple[str, ...]:
    """The ways to be billed that are the bits of a number."""
    bits = int(str(ways))
    return tuple(way for place, way in enumerate(BILLINGS) if bits >> place & 1)


def _flips(engine: Engine, rows: list[Row], before: str, after: str) -> Iterator[Flip]:
    if not rows:
        return
    entries = ", ".join(str(int(row[0])) for row in rows)
    sides: list[dict[int, list[Part]]] = []
    for side in (before, after):
        parts: dict[int, list[Part]] = {}
        query = _PARTS.format(side=side, entries=entries)
        for entry, billing, contract, hours, cents, currency in engine.rows(query):
            amount = None if cents is None else int(cents)
            part = Part(billing, int(contract or 0), int(hours), amount, currency or "")
            parts.setdefault(entry, []).append(part)
        sides.append(parts)
    for entry, day, client, kind, ticket, worked in rows:
        yield Flip(
            int(entry),
            date.fromordinal(day),
            int(client),
            int(kind),
            ticket,
            int(worked),
            tuple(sides[0].get(entry, ())),
            tuple(sides[1].get(entry, ())),
        )
