"""What another version of this tool makes of the same catalogue.

Two versions have compiled one catalogue, so whatever differs between their outputs is the tool's
doing and nobody's edit. Compared is what their outputs say, not how they are written: a routing
table that is cut into other rows, but ends all work where it ended before, is the same one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TypeAlias

from billing_dsl.analysis.routes import EVERY
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch, day_after, pieces, runs

Row: TypeAlias = Mapping[str, str]
"""A row of a routing table, by the names of its columns."""

Ending: TypeAlias = Mapping[str, str]
"""What becomes of work, by those columns of `ENDING` that a table has."""

NAMES = ("client", "work_type", "role", "sub_issue", "valid_from", "valid_to")
"""The columns of a routing table that say of which work a row speaks, and on which days."""

ENDING = (
    "agreement",
    "outcome",
    "contract",
    "contract_type",
    "billing",
    "rate",
    "unit",
    "currency",
)
"""The columns that say what becomes of that work."""


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Work of a client that ends, is billed or is priced otherwise, on the days of `life`.

    `life` ends on the last day there is where a table leaves it open. `before` and `after` hold the
    columns that both tables have; None where a table knows no such work on those days.
    """

    client: str
    work_type: str
    roles: tuple[str, ...]
    sub_issue: str
    life: Stretch
    before: Ending | None
    after: Ending | None


@dataclass(frozen=True, slots=True)
class Other:
    """A file or a request that one version makes otherwise than the other, or alone.

    `change` is `added`, `removed` or `changed`; `kind` is what the manifest calls a file.
    """

    name: str
    change: str
    kind: str = ""


class DisorderError(ValueError):
    """A routing table that cannot be compared, with the reason in words that follow `it`."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A finding as a version tells it: where it stands, which one it is, how bad, and its words."""

    path: str
    line: int
    code: str
    severity: str
    message: str


MOST = 200
"""Reroutings that are told one by one."""


@dataclass(frozen=True, slots=True)
class Routing:
    """What is routed otherwise: the first of it, how much there is, and at how many clients."""

    told: tuple[Rerouted, ...] = ()
    count: int = 0
    clients: int = 0


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What differs between two versions of the tool, by the names that they are called.

    `routing` is None where it could not be compared, as one side has none. `fresh` and `gone` are
    findings that only the later and only the earlier version has.
    """

    before: str
    after: str
    routing: Routing | None = None
    files: tuple[Other, ...] = ()
    requests: tuple[Other, ...] = ()
    fresh: tuple[Found, ...] = ()
    gone: tuple[Found, ...] = ()

    @property
    def matters(self) -> bool:
        """Whether anything differs that somebody is billed by, or is told as a finding."""
        routed = self.routing is not None and self.routing.count > 0
        return bool(routed or self.requests or self.fresh or self.gone)

    def masked(self) -> Upgrade:
        """The same in numbers, for places where no name may stand: nothing told one by one."""
        routing = self.routing
        return replace(
            self,
            routing=replace(routing, told=()) if routing is not None else None,
            files=tuple(replace(one, name="") for one in self.files),
            requests=tuple(replace(one, name="") for one in self.requests),
            fresh=tuple(_masked(one) for one in self.fresh),
            gone=tuple(_masked(one) for one in self.gone),
        )

    def __bool__(self) -> bool:
        """Whether anything differs at all."""
        return self.matters or bool(self.files)


def _masked(found: Found) -> Found:
    return Found("", 0, found.code, found.severity, "")


# --- routing -------------------------------------------------------------------------------------


def rerouted(before: Iterable[Row], after: Iterable[Row]) -> Iterator[Rerouted]:
    """The work that two routing tables end, bill or price differently, in order of clients.

    Both are read client by client, in order of names. Columns of `ENDING` that only one of them has
    are not compared. Raises DisorderError.
    """
    for client, old, new in _by_client(before, after):
        if old != new:
            shared = _shared(old, new)
            known = [[_line(row, shared) for row in rows] for rows in (old, new)]
            for work_type in sorted({line.work_type for lines in known for line in lines}):
                one, other = (
                    [line for line in lines if line.work_type == work_type] for lines in known
                )
                for roles, sub_issue, life, ends in _of_work(one, other):
                    named = [
                        dict(zip(shared, end, strict=True)) if end is not None else None
                        for end in ends
                    ]
                    yield Rerouted(client, work_type, roles, sub_issue, life, named[0], named[1])


def counted(rows: Iterable[Rerouted], most: int = MOST) -> Routing:
    """What is routed otherwise, held in short: the first of it, and how much there is."""
    told: list[Rerouted] = []
    count, clients, last = 0, 0, ""
    for row in rows:
        count += 1
        clients += row.client != last
        last = row.client
        if count <= most:
            told.append(row)
    return Routing(tuple(told), count, clients)


def _by_client(
    before: Iterable[Row], after: Iterable[Row]
) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """The rows of each client on both sides; of each side, one client is held at a time."""
    sides = [_clients(before), _clients(after)]
    heads = [next(side, None) for side in sides]
    while waiting := [head[0] for head in heads if head is not None]:
        client = min(waiting)
        rows: list[list[Row]] = [[], []]
        for place, head in enumerate(heads):
            if head is not None and head[0] == client:
                rows[place] = head[1]
                heads[place] = next(sides[place], None)
        yield client, rows[0], rows[1]


def _clients(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    last = ""
    for client, group in groupby(_whole(rows), key=lambda row: row["client"]):
        if client <= last:
            raise DisorderError("is not in order of clients")
        last = client
        yield client, list(group)


def _whole(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, 2):
        for name in NAMES:
            if name not in row:
                raise DisorderError(f"has no column `{name}`")
        if not all(isinstance(value, str) for value in row.values()):
            raise DisorderError(f"has more or fewer values than columns in row {number}")
        yield row


def _shared(old: Sequence[Row], new: Sequence[Row]) -> tuple[str, ...]:
    """The columns that both sides have; where one has no rows at all, those of the other."""
    known = [rows[0] for rows in (old, new) if rows]
    return tuple(name for name in ENDING if all(name in row for row in known))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of one client, read; `end` is what becomes of its work, column by column."""

    work_type: str
    cell: tuple[str, str]
    life: Stretch
    end: tuple[str, ...]


def _line(row: Row, columns: Sequence[str]) -> _Line:
    first, last = (_day(row[name]) for name in ("valid_from", "valid_to"))
    if first is None:
        raise DisorderError("has a row without a first day")
    end = tuple(_amount(row[name]) if name == "rate" else row[name] for name in columns)
    life = Stretch(first, last or date.max)
    return _Line(row["work_type"], (row["role"], row["sub_issue"]), life, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DisorderError(f"has `{text}` where a day should be") from None


def _amount(text: str) -> str:
    """An amount as it is compared: the same however many zeros it ends with."""
    try:
        return money.text(Decimal(text)) if text else ""
    except InvalidOperation:
        return text


_Ends: TypeAlias = "tuple[tuple[str, ...] | None, tuple[str, ...] | None]"


def _of_work(
    old: Sequence[_Line], new: Sequence[_Line]
) -> Iterator[tuple[tuple[str, ...], str, Stretch, _Ends]]:
    """What differs for one work type: for which roles, under which sub-issue, on which days."""
    lives = [line.life for line in (*old, *new)]
    whole = Stretch(min(life.start for life in lives), max(life.end for life in lives))
    cuts = {day for life in lives for day in (life.start, day_after(life.end))}
    days = pieces(whole, cuts - {date.max})
    held = [
        [{line.cell: line.end for line in lines if day.start in line.life} for day in days]
        for lines in (old, new)
    ]
    cells = {line.cell for line in (*old, *new)}
    roles, sub_issues = (sorted({EVERY, *(cell[place] for cell in cells)}) for place in (0, 1))
    alike: dict[tuple[str, Stretch, _Ends], list[str]] = {}
    for sub_issue in sub_issues:
        for role in roles:
            ends = (
                (day, (_end(one, role, sub_issue), _end(other, role, sub_issue)))
                for day, one, other in zip(days, *held, strict=True)
            )
            for life, pair in runs(ends):
                if pair[0] != pair[1]:
                    alike.setdefault((sub_issue, life, pair), []).append(role)
    for (sub_issue, life, pair), names in sorted(alike.items(), key=lambda one: one[0][:2]):
        yield tuple(names), sub_issue, life, pair


def _end(
    rows: Mapping[tuple[str, str], tuple[str, ...]], role: str, sub_issue: str
) -> tuple[str, ...] | None:
    """What becomes of one cell's work: by the row that names it, else by that of all others."""
    for cell in ((role, sub_issue), (role, EVERY), (EVERY, sub_issue), (EVERY, EVERY)):
        if cell in rows:
            return rows[cell]
    return None


# --- files, requests, findings -------------------------------------------------------------------


def other_files(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> tuple[Other, ...]:
    """The files that differ, in order of paths. A side tells each file's hash and kind."""
    hashes = [{path: file[0] for path, file in side.items()} for side in (before, after)]
    return tuple(
        Other(path, change, (after.get(path) or before[path])[1])
        for path, change in _differing(*hashes)
    )


def other_requests(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Other, ...]:
    """The requests to Autotask that differ, in order of their ids."""
    return tuple(Other(name, change) for name, change in _differing(before, after))


def _differing(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    for name in sorted({*before, *after}):
        if name not in before:
            yield name, "added"
        elif name not in after:
            yield name, "removed"
        elif before[name] != after[name]:
            yield name, "changed"


def other_findings(
    before: Iterable[Found], after: Iterable[Found]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """The findings that only the later version has, and those that only the earlier one has.

    They are the same if place, code and severity are: a message in other words is no other finding.
    """
    sides = [_placed(before), _placed(after)]
    return _beyond(sides[1], sides[0]), _beyond(sides[0], sides[1])


_Key: TypeAlias = tuple[str, int, str, str]


def _placed(found: Iterable[Found]) -> dict[_Key, list[Found]]:
    by_key: dict[_Key, list[Found]] = {}
    for one in sorted(found):
        by_key.setdefault((one.path, one.line, one.code, one.severity), []).append(one)
    return by_key


def _beyond(
    ones: Mapping[_Key, list[Found]], others: Mapping[_Key, list[Found]]
) -> tuple[Found, ...]:
    """What there is more of; at each place those first whose words the other side has not."""
    more: list[Found] = []
    for key, found in ones.items():
        known = others.get(key, [])
        words = Counter(one.message for one in known)
        unlike = [one for one in found if not words[one.message]]
        alike = [one for one in found if words[one.message]]
        more += (unlike + alike)[: max(0, len(found) - len(known))]
    return tuple(sorted(more))
