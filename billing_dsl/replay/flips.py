"""The entries that flip: those that one side bills otherwise than the other.

An entry flips if it ends on another contract, is billed otherwise, for other hours or for another
amount. Which block of a contract it is drawn from, and what absorbed work is worth, is no matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from billing_dsl.replay.measures import CENT
from billing_dsl.replay.run import Engine, Row
from billing_dsl.replay.statement import Dialect, amount
from billing_dsl.replay.summary import KEPT, SAME

SHOWN = 100
"""How many of the entries that flip are told of one by one, in each currency."""

AT_ONCE = 700_000
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

_MOVED = """\
CREATE TABLE {after}moved AS
SELECT g.*, {way_before} AS ways_before, {way_after} AS ways_after,
  CASE WHEN currency_before = currency_after OR currency_before = '' OR currency_after = ''
    THEN ABS(cents_after - cents_before)
    WHEN ABS(cents_after) > ABS(cents_before) THEN ABS(cents_after)
    ELSE ABS(cents_before) END AS amount,
  CASE WHEN currency_after = '' THEN currency_before ELSE currency_after END AS currency
FROM (
  SELECT f.*,
    COALESCE({cents_before}, 0) AS cents_before, COALESCE({cents_after}, 0) AS cents_after,
    CASE WHEN amount_before IS NULL THEN 1 ELSE 0 END AS unpriced_before,
    CASE WHEN amount_after IS NULL THEN 1 ELSE 0 END AS unpriced_after
  FROM (
    SELECT m.kind, m.{before}number AS was, m.{after}number AS now, m.worked, m.kept,
      m.items AS entries, m.{before}hours AS hours_before, m.{after}hours AS hours_after,
      COALESCE(x.billing, 'unknown') AS billing_before, COALESCE(x.currency, '') AS currency_before,
      COALESCE(y.billing, 'unknown') AS billing_after, COALESCE(y.currency, '') AS currency_after,
      {charged_before} AS amount_before, {charged_after} AS amount_after
    FROM alike m
    LEFT JOIN {before}rates x ON x.number = m.{before}number
    LEFT JOIN {after}rates y ON y.number = m.{after}number
  ) f
) g
WHERE billing_before NOT IN ('block', 'ticket') AND billing_after NOT IN ('block', 'ticket')
  AND (billing_before <> billing_after OR currency_before <> currency_after OR kept = 0
    OR hours_before <> hours_after OR cents_before <> cents_after
    OR unpriced_before <> unpriced_after)"""
"""Entries that flip, those alike together: what depends on no other entry depends on its ends and
its hours alone.
"""

_PARTS_OF_SIDE = """\
SELECT entry, worked, {place} AS side, {way} AS way, contract, currency, hours,
    COALESCE({cents}, 0) AS cents, CASE WHEN amount IS NULL THEN 1 ELSE 0 END AS unpriced,
    1 AS whole
  FROM (
    SELECT a.entry, a.worked, COALESCE(x.billing, 'unknown') AS billing,
      {plain_contract} AS contract, COALESCE(x.currency, '') AS currency, a.{side}hours AS hours,
      {charged} AS amount
    FROM drawing a{plain_joins}
    LEFT JOIN {side}rates x ON x.number = a.{side}number
    WHERE a.entry BETWEEN {first} AND {last}
  ) plain
  WHERE billing NOT IN ('block', 'ticket')
  UNION ALL
  SELECT i.entry, i.worked, {place}, {apart_way}, {apart_contract},
    i.currency, i.hours, COALESCE(i.cents, 0), CASE WHEN i.cents IS NULL THEN 1 ELSE 0 END, i.whole
  FROM {side}apart i{apart_joins}
  WHERE i.entry BETWEEN {first} AND {last}"""

_PARTS = """\
CREATE TABLE {after}parts AS
  {parts_before}
  UNION ALL
  {parts_after}"""
"""What both sides make of the entries of which one draws from blocks or tickets: these depend on
others too. Contracts go by their numbers after; of one that is not there after, the number before
stands below zero.
"""

_HELD = """\
CREATE TABLE {after}held AS
SELECT d.entry, d.worked, b.way AS ways_before, a.way AS ways_after,
  b.currency AS currency_before, a.currency AS currency_after,
  b.cents AS cents_before, a.cents AS cents_after,
  CASE WHEN b.unpriced + a.unpriced > 0 THEN 1 ELSE 0 END AS unpriced,
  CASE WHEN b.entry IS NULL OR a.entry IS NULL THEN 1 ELSE 0 END AS split
FROM drawing d
LEFT JOIN {after}parts b ON b.entry = d.entry AND b.side = 0 AND b.whole = 1
LEFT JOIN {after}parts a ON a.entry = d.entry AND a.side = 1 AND a.whole = 1
WHERE d.entry BETWEEN {first} AND {last}
  AND (b.entry IS NULL OR a.entry IS NULL OR b.way <> a.way OR b.contract <> a.contract
    OR b.currency <> a.currency OR b.hours <> a.hours OR b.cents <> a.cents
    OR b.unpriced <> a.unpriced)"""
"""Of these the entries that flip; and those that are split on a side, which may."""

_TABLE = """\
CREATE TABLE {after}flips (
  entry {long}, worked {long}, currency_before {text}, currency_after {text},
  ways_before {long}, ways_after {long}, cents_before {long}, cents_after {long}, unpriced {long}
)"""

_WHOLE = """\
INSERT INTO {after}flips
SELECT entry, worked, currency_before, currency_after, ways_before, ways_after,
  cents_before, cents_after, unpriced
FROM {after}held
WHERE split = 0"""

_SPLIT = """\
INSERT INTO {after}flips
SELECT entry, MAX(worked),
  MAX(CASE WHEN was > 0 THEN currency ELSE '' END),
  MAX(CASE WHEN now > 0 THEN currency ELSE '' END),
  {ways_before},
  {ways_after},
  SUM(cents_before), SUM(cents_after),
  MAX(CASE WHEN unpriced_before + unpriced_after > 0 THEN 1 ELSE 0 END)
FROM (
  SELECT p.entry, p.currency, p.way, p.contract, MAX(h.worked) AS worked,
    SUM(1 - p.side) AS was, SUM(p.side) AS now,
    SUM(CASE WHEN p.side = 0 THEN p.cents ELSE 0 END) AS cents_before,
    SUM(CASE WHEN p.side = 1 THEN p.cents ELSE 0 END) AS cents_after,
    SUM(CASE WHEN p.side = 0 THEN p.unpriced ELSE 0 END) AS unpriced_before,
    SUM(CASE WHEN p.side = 1 THEN p.unpriced ELSE 0 END) AS unpriced_after
  FROM {after}parts p
  JOIN {after}held h ON h.entry = p.entry
  WHERE h.split = 1
  GROUP BY p.entry, p.currency, p.way, p.contract
  HAVING SUM(CASE WHEN p.side = 0 THEN p.hours ELSE -p.hours END) <> 0
    OR SUM(CASE WHEN p.side = 0 THEN p.cents ELSE -p.cents END) <> 0
    OR SUM(CASE WHEN p.side = 0 THEN p.unpriced ELSE -p.unpriced END) <> 0
    OR MAX(1 - p.side) <> MAX(p.side)
) posted
GROUP BY entry"""
"""Of an entry that is split, the parts that one side has and the other has not, or otherwise."""

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

_MET = """\
FROM landed l{same}
JOIN {after}moved g
  ON g.kind = l.kind AND g.worked = l.worked AND g.kept = {kept}
    AND COALESCE(g.was, -1) = COALESCE(l.{before}number, -1)
    AND COALESCE(g.now, -1) = COALESCE(l.{after}number, -1)"""

_OF_MOVED = """\
SELECT g.amount, g.worked, l.entry
{met}
WHERE l.kind IN ({kinds}) AND g.currency = '{currency}'
  AND (g.amount > {least} OR g.amount = {least} AND g.worked >= {shortest})
ORDER BY g.amount DESC, g.worked DESC, l.entry
LIMIT {most}"""

_KINDS = """\
SELECT DISTINCT kind FROM {after}moved
WHERE currency = '{currency}'
  AND (amount > {least} OR amount = {least} AND worked >= {shortest})
ORDER BY kind"""
"""The kinds of work of the largest: an engine looks at no other entries then."""

_FLIPPED = """\
CREATE VIEW {after}flipped AS
SELECT entry FROM {after}flips
UNION ALL
SELECT l.entry
{met}"""
"""All entries that flip, for those who want each."""

_ENTRIES = """\
SELECT entry, day, client, kind, ticket, hours FROM entries WHERE entry IN ({entries})"""

_SPAN = "SELECT COALESCE(MIN(entry), 0), COALESCE(MAX(entry), -1), COUNT(*) FROM drawing"

_ITEMS = """\
SELECT entry, billing, contract, hours, cents, currency
FROM {side}items WHERE entry IN ({entries})
ORDER BY entry, opens DESC, block"""


def flips(engine: Engine, before: str, after: str) -> Flips:
    """Finds the entries that flip between two sides, by the names that stand before their tables.

    Both have been billed, that after first, and summed up with the contracts that are the same.
    """
    dialect = engine.dialect
    names = {"before": before, "after": after}
    engine.do(_TABLE.format(long=dialect.wide or dialect.long, text=dialect.text, **names))
    engine.do(_moved(dialect, names))
    ways = {"ways_before": _ways("was"), "ways_after": _ways("now")}
    for first, last in _spans(engine):
        parts = _parts(dialect, before, after, first, last)
        engine.do(_PARTS.format(after=after, parts_before=parts[0], parts_after=parts[1]))
        engine.do(_HELD.format(after=after, first=first, last=last))
        engine.do(_WHOLE.format(after=after))
        engine.do(_SPLIT.format(after=after, **ways))
        for table in ("parts", "held"):
            engine.do(f"DROP TABLE {after}{table}")
    met = _MET.format(same=SAME.format(**names), kept=KEPT.format(**names), **names)
    engine.do(_FLIPPED.format(after=after, met=met))
    moves = tuple(_moves(engine.rows(_MOVES.format(after=after))))
    largest: list[int] = []
    for (currency,) in list(engine.rows(_CURRENCIES.format(after=after))):
        largest += _largest(engine, after, currency, met)
    return Flips(moves, tuple(_flips(engine, largest, before, after)))


def _spans(engine: Engine) -> Iterator[tuple[int, int]]:
    """The numbers of the entries that draw from something, from first to last, some at a time."""
    [(first, last, count)] = engine.rows(_SPAN)
    times = -(-int(count) // AT_ONCE)
    step = -(-(int(last) + 1 - int(first)) // times) if times else 1
    for start in range(int(first), int(last) + 1, step):
        yield start, start + step - 1


def _moved(dialect: Dialect, names: Mapping[str, str]) -> str:
    """The statement that finds what flips among entries that draw from nothing."""
    made = dict(names)
    for side, rates in (("before", "x"), ("after", "y")):
        made[f"way_{side}"] = _way(f"billing_{side}")
        made[f"charged_{side}"] = _charged(dialect, rates, f"m.{names[side]}hours")
        made[f"cents_{side}"] = dialect.half_up(f"amount_{side}", str(CENT))
    return _MOVED.format(**made)


def _charged(dialect: Dialect, rates: str, hours: str) -> str:
    """What is charged for work that draws from nothing: for absorbed and unknown work nothing."""
    charged = amount(dialect, rates, hours)
    return (
        f"CASE WHEN {rates}.number IS NULL OR {rates}.billing = 'absorbed' THEN 0 "
        f"ELSE {charged} END"
    )


def _parts(dialect: Dialect, before: str, after: str, first: int, last: int) -> list[str]:
    """The queries of the parts of some entries, before and after."""
    made = {
        "first": str(first),
        "last": str(last),
        "way": _way("billing"),
        "apart_way": _way("i.billing"),
        "cents": dialect.half_up("amount", str(CENT)),
    }
    found = []
    for place, side in enumerate((before, after)):
        plain = apart = ""
        contracts = f"COALESCE(a.{side}contract, 0)", "i.contract"
        if side == before:
            plain = f"\n    LEFT JOIN {before}same o ON o.contract = a.{before}contract"
            apart = f"\n  LEFT JOIN {before}same o ON o.contract = i.contract"
            contracts = (
                f"COALESCE(o.other, -a.{before}contract, 0)",
                "COALESCE(o.other, -i.contract)",
            )
        found.append(
            _PARTS_OF_SIDE.format(
                side=side,
                place=place,
                charged=_charged(dialect, "x", f"a.{side}hours"),
                plain_contract=contracts[0],
                apart_contract=contracts[1],
                plain_joins=plain,
                apart_joins=apart,
                **made,
            )
        )
    return found


def _largest(engine: Engine, after: str, currency: str, met: str) -> list[int]:
    """The entries that flip for most money in a currency, the largest first, then the longest."""
    names = {"after": after, "currency": currency, "most": SHOWN}
    found = list(engine.rows(_LARGEST.format(**names)))
    least, shortest, seen = 0, 0, 0
    for highest, worked, count in engine.rows(_HIGHEST.format(**names)):
        if seen < SHOWN:
            least, shortest, seen = int(highest), int(worked), seen + int(count)
    if seen:
        least_of = {"least": least, "shortest": shortest, **names}
        kinds = list(engine.rows(_KINDS.format(**least_of)))
        listed = ", ".join(str(kind) for (kind,) in kinds)
        found += engine.rows(_OF_MOVED.format(met=met, kinds=listed, **least_of))
    found.sort(key=lambda row: (-row[0], -row[1], row[2]))
    return [int(entry) for _, _, entry in found[:SHOWN]]


def _way(billing: str) -> str:
    """The bit of a way to be billed: see `_ways`."""
    cases = " ".join(f"WHEN '{way}' THEN {1 << place}" for place, way in enumerate(BILLINGS))
    return f"CASE {billing} {cases} END"


def _ways(there: str) -> str:
    """How an entry is billed as one number: each way that occurs is a bit of it."""
    return "\n    + ".join(
        f"MAX(CASE WHEN {there} > 0 AND way = {1 << place} THEN {1 << place} ELSE 0 END)"
        for place, _ in enumerate(BILLINGS)
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


def _flips(engine: Engine, largest: list[int], before: str, after: str) -> Iterator[Flip]:
    if not largest:
        return
    entries = ", ".join(map(str, largest))
    rows = {int(row[0]): row for row in engine.rows(_ENTRIES.format(entries=entries))}
    sides: list[dict[int, list[Part]]] = []
    for side in (before, after):
        parts: dict[int, list[Part]] = {}
        query = _ITEMS.format(side=side, entries=entries)
        for entry, billing, contract, hours, cents, currency in engine.rows(query):
            amount = None if cents is None else int(cents)
            part = Part(billing, int(contract or 0), int(hours), amount, currency or "")
            parts.setdefault(entry, []).append(part)
        sides.append(parts)
    for number in largest:
        entry, day, client, kind, ticket, worked = rows[number]
        yield Flip(
            number,
            date.fromordinal(day),
            int(client),
            int(kind),
            ticket,
            int(worked),
            tuple(sides[0].get(entry, ())),
            tuple(sides[1].get(entry, ())),
        )
