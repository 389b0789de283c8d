"""Files taken in one after the other: their texts understood, every row counted.

A file is read twice at most. Its different texts are few: first they are gathered from its first
rows and understood, each once, as numbers; then all rows go straight into a table of these numbers.
Where a later row has a text that the first ones had not, texts are gathered from all of them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from billing_dsl.entries import kept
from billing_dsl.entries.engine import NUMBERS, Duck, EncodingError, RoomError
from billing_dsl.entries.files import Form, Laid, lay
from billing_dsl.kinds.entry_export import ISO
from billing_dsl.replay.columns import Reading
from billing_dsl.replay.names import ASSUMED
from billing_dsl.replay.side import Called
from billing_dsl.replay.told import Refused, TakenIn
from billing_dsl.replay.values import NO_START, Refusal, moment, seconds, worked

FIRST = 500_000
"""The rows from which texts are gathered first."""

YEARS = 4 * 366
"""Days before the first and after the last of the first rows that later rows are expected on."""

ENTRIES = "entries"
"""The table of a file's own database."""

SAID = ("client", "date", "start", "hours", "work_type", "role", "sub_issue")
"""What an entry says in texts of which there are few."""

MOST_KINDS = 20_000
"""Kinds of work that a file may tell apart for them to be numbered alike for all files."""

_DAY_BEFORE = "'^[0-9]+[-/.][0-9]+[-/.][0-9]+[ T]+'"
"""A day that stands before a time: of the start of an entry the time alone counts."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is taken in: its table, the number of its first entry, and what the numbers of
    its clients and kinds of work are in all files together, as expressions.
    """

    table: str
    first: int
    client: str
    kind: str


@dataclass(slots=True)
class Taken:
    """All entries, in the engine's view `entries`; what the numbers there stand for."""

    engine: Duck
    folder: Path
    """Where files are laid down that the engine cannot read as they are."""
    clients: dict[str, int] = field(default_factory=dict)
    kinds: dict[int, Called] = field(default_factory=dict)
    files: list[TakenIn] = field(default_factory=list)
    _laid: list[_File] = field(default_factory=list)
    _numbers: dict[Called, int] = field(default_factory=dict)
    _free: int = 0
    """From here on no kind of work has a number."""

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file.rows for file in self.files)

    @property
    def firsts(self) -> list[int]:
        """The number of the first entry of each file."""
        return [file.first for file in self._laid]

    def called(self) -> dict[int, Called]:
        """The kinds of work by their numbers."""
        return self.kinds

    def texts_of_clients(self) -> dict[int, str]:
        """What clients are called, by their numbers."""
        return {number: text for text, number in self.clients.items()}

    def take(self, name: str, path: Path, laid: Laid, reading: Reading, content: str) -> None:
        """Takes a file in, or what is kept of it. Raises files.FileError if it cannot be read.

        `content` is the hash of its bytes before it was laid down: see `kept.content_of`.
        """
        number = len(self.files)
        own, key = f"taken_{number}", kept.key_of(content, reading)
        found = kept.known(key)
        if found is not None:
            database, said = found
            self.engine.attach(own, database)
        else:
            own, said = self._read(own, key, path, laid, reading, content)
        clients = [self.clients.setdefault(text, len(self.clients)) for text in said.clients]
        numbered = _listed("client", clients), self._kinds(said.kinds)
        self._laid.append(_File(f"{own}.{ENTRIES}", self.rows, *numbered))
        assumed = [
            (what.replace("_", " "), text.removeprefix(ASSUMED))
            for what, text in reading.assumed.items()
        ]
        self.files.append(TakenIn(name, said.rows, said.refused, tuple(assumed), laid.others))
        parts = [
            f"SELECT entry + {one.first} AS entry, {one.client} AS client, {one.kind} AS kind, "
            f"day, start, hours, ticket\nFROM {one.table}"
            for one in self._laid
        ]
        self.engine.do(f"CREATE OR REPLACE VIEW entries AS\n{' UNION ALL '.join(parts)}")

    def _read(
        self, own: str, key: str, path: Path, laid: Laid, reading: Reading, content: str
    ) -> tuple[str, kept.Said]:
        """A file as a database of its own, by its name; and what the file says.

        It is kept where it can be, and lies otherwise where it goes in the end.
        """
        with kept.unfinished(key) as database:
            if database is not None:
                try:
                    said = self._written(own, database, path, laid, reading)
                except RoomError:
                    self.engine.give_up(own)
                else:
                    # Whoever wrote the file meanwhile: what was read is not what the key says.
                    same = kept.content_of(path) == content
                    place = kept.keep_as(key, database, said) if same else None
                    if place is None:
                        place = self.folder / f"{own}.duckdb"
                        shutil.move(database, place)
                    self.engine.attach(own, place)
                    return own, said
        own, place = f"{own}_here", self.folder / f"{own}.duckdb"
        said = self._written(own, place, path, laid, reading)
        self.engine.attach(own, place)
        return own, said

    def _written(
        self, own: str, database: Path, path: Path, laid: Laid, reading: Reading
    ) -> kept.Said:
        """What a file says, once it is in a database, which is complete and closed."""
        self.engine.attach(own, database, written=True)
        said = self._whole(own, path, laid, reading)
        self.engine.detach(own)
        return said

    def _whole(self, own: str, path: Path, laid: Laid, reading: Reading) -> kept.Said:
        """What a file says, once all its entries are in a table of a database."""
        table = f"rows_of_{own}"
        try:
            said, lost = self._taken(laid, reading, table)
        except EncodingError:
            laid = lay(path, self.folder, len(self.files), western=laid.form is Form.TEXT)
            said, lost = self._taken(laid, reading, table)
        refused = list(self._refused(table, said))
        if lost:
            refused.append(Refused(Refusal.LINE, f"line {min(lost):,}", len(lost)))
        rows = self.engine.count(table) + len(lost)
        self.engine.put_in_order(table, f"{own}.{ENTRIES}")
        occurring = self.engine.rows(f"SELECT DISTINCT kind FROM {own}.{ENTRIES} ORDER BY kind")
        kinds = {int(number): said.kind(int(number)) for (number,) in occurring}
        return kept.Said(rows, tuple(said.clients()), kinds, _most_first(refused))

    def _taken(self, laid: Laid, reading: Reading, table: str) -> tuple[_Said, dict[int, str]]:
        """What the texts of a file mean, and the lines that are no rows."""
        said = _Said(self.engine, laid, reading)
        lost, unseen = self.engine.take(laid, said.cells, said.texts, table, said.columns())
        if unseen:
            said = _Said(self.engine, laid, reading, said)
            lost, unseen = self.engine.take(laid, said.cells, said.texts, table, said.columns())
        if unseen:
            raise AssertionError(f"{unseen} rows say what nobody has read")
        return said, lost

    def _kinds(self, kinds: Mapping[int, Called]) -> str:
        """The number of a kind of work of a file among those of all files, as an expression.

        Alike they are numbered alike, unless a file could have so many that they are not listed.
        """
        last = max(kinds, default=-1)
        if last >= MOST_KINDS:
            free = self._free
            self.kinds.update((free + number, called) for number, called in kinds.items())
            self._free = free + last + 1
            return f"(kind + {free})"
        listed = [0] * (last + 1)
        for number, called in kinds.items():
            listed[number] = self._number(called, number)
        return _listed("kind", listed, known=kinds)

    def _number(self, called: Called, wanted: int) -> int:
        """The number of a kind of work, the same for all files; the wanted one if it is free."""
        found = self._numbers.get(called)
        if found is None:
            found = wanted if wanted not in self.kinds else self._free
            self._numbers[called] = found
            self._free = max(self._free, found + 1)
            self.kinds[found] = called
        return found

    def _refused(self, table: str, said: _Said) -> Iterator[Refused]:
        """The rows whose day or hours cannot be read, as they are written."""
        query = (
            "SELECT CASE WHEN day > 0 THEN 0 ELSE day END AS d, "
            "CASE WHEN day > 0 THEN hours ELSE 0 END AS h, COUNT(*)\n"
            f"FROM {table} WHERE day <= 0 OR hours <= 0 GROUP BY d, h ORDER BY d, h"
        )
        found: dict[tuple[Refusal, str], int] = {}
        for day, hours, count in self.engine.rows(query):
            unread = Refusal.DAY, said.day(_place(day)) if day < 0 else ""
            key = unread if day < 0 else said.hours(_place(hours))
            found[key] = found.get(key, 0) + int(count)
        for (reason, text), count in found.items():
            yield Refused(reason, text, count)


class _Said:
    """What a file says, cell by cell: its different texts, and the numbers that they mean.

    A number below zero is where a text stands that cannot be read: see `_mark`.
    """

    def __init__(
        self, engine: Duck, laid: Laid, reading: Reading, first: _Said | None = None
    ) -> None:
        """Gathers texts from the first rows; from all of them where `first` is what those said."""
        self._engine, self._laid, self._reading = engine, laid, reading
        most = FIRST if first is None else None
        if first is None:
            self._gather(most)
            clock, short = self._clock_apart(), any(" " in text for text in self._of("start"))
            if clock or short:
                self._gather(most, clock, short)
        else:
            self._gather(most, first.clock, first.short)
            if self.clock and not self._clock_apart():
                self._gather(most, False, first.short)

    def _gather(self, most: int | None, clock: bool = False, short: bool = False) -> None:
        """The texts of each cell: with `clock` the day and the time of a day are cells of their
        own, with `short` the time alone is the start of an entry. Both keep texts few.
        """
        self.clock, self.short = clock, short
        engine, positions = self._engine, self._reading.positions
        said = [what for what in SAID if what in positions]
        self._place = {what: place for place, what in enumerate(said)}
        self.cells = [engine.cell(self._laid, positions[what]) for what in said]
        if clock:
            whole = f"TRIM({self.cells[self._place['date']]})"
            day = f"SPLIT_PART({whole}, ' ', 1)"
            self.cells[self._place["date"]] = day
            self._place["clock"] = len(self.cells)
            self.cells.append(f"SUBSTR({whole}, 1 + LENGTH({day}))")
        if short:
            start = self.cells[self._place["start"]]
            self.cells[self._place["start"]] = f"REGEXP_REPLACE({start}, {_DAY_BEFORE}, '')"
        self.texts, cut = engine.texts(self._laid, self.cells, most)
        if cut and "date" in self._place:
            days = self.texts[self._place["date"]]
            days.extend(sorted(_days_around(days, self._reading.date_format) - {*days}))

    def _clock_apart(self) -> bool:
        """Whether each day can be read apart from the time that follows it."""
        if "clock" in self._place:
            apart = [(day, "") for day in self._of("date")]
            apart += [("", time) for time in self._of("clock")]
        else:
            texts = [text.strip() for text in self._of("date")]
            if not any(" " in text for text in texts):
                return False
            apart = [(day, time) for day, _, time in (text.partition(" ") for text in texts)]
        date_format = self._reading.date_format
        return all(
            (not day or moment(day, date_format) is not None) and seconds(time) is not None
            for day, time in apart
        )

    def _of(self, what: str) -> Sequence[str]:
        """The different texts of a cell; of one that the file has not, one that says nothing."""
        return self.texts[self._place[what]] if what in self._place else ("",)

    def _meant(self, what: str) -> list[str]:
        """The same without spaces around them, and with what is assumed where they say nothing.

        A file's own text that looks like an assumed one is told apart by a second sign.
        """
        assumed = self._reading.assumed.get(what, "")
        return [
            f"{ASSUMED}{text}" if text.startswith(ASSUMED) else text or assumed
            for text in (text.strip() for text in self._of(what))
        ]

    def columns(self) -> str:
        """What a row of the file becomes, as columns of a statement."""
        moments = [moment(text, self._reading.date_format) for text in self._of("date")]
        days = [_mark(n) if found is None else found[0] for n, found in enumerate(moments)]
        clocks = [NO_START if found is None else found[1] for found in moments]
        clock = self._valued("date", clocks)
        if self.clock:
            clock = self._valued("clock", [_second(text) for text in self._of("clock")])
        start = self._valued("start", [_second(text) for text in self._of("start")])
        found = [self._worked(text) for text in self._of("hours")]
        hours = [_mark(n) if isinstance(one, Refusal) else one for n, one in enumerate(found)]
        day = self._valued("date", days)
        if self.clock:
            day = f"CASE WHEN {clock} IS NULL THEN NULL ELSE {day} END"
        if set(clocks) != {NO_START} or self.clock:
            start = f"CASE WHEN {start} < 0 THEN {clock} ELSE {start} END"
        ticket = "''"
        if "ticket" in self._reading.positions:
            ticket = self._engine.cell(self._laid, self._reading.positions["ticket"], True)
        values = (
            f"k{self._place['client']}" if "client" in self._place else "0",
            self._kinds(),
            day,
            start,
            self._valued("hours", hours),
        )
        named = [f"{value} AS {name}" for value, name in zip(values, NUMBERS, strict=True)]
        return ", ".join([*named, f"{ticket} AS ticket"])

    def _worked(self, text: str) -> int | Refusal:
        return worked(text, self._reading.decimal_mark, self._laid.numbers)

    def clients(self) -> Sequence[str]:
        """What clients are called, by their numbers in the file."""
        return self._meant("client")

    def _kinds(self) -> str:
        """The number of a row's kind of work in the file."""
        lists = [self._meant(what) for what in ("work_type", "role", "sub_issue")]
        key = "0"
        for what, texts in zip(("work_type", "role", "sub_issue"), lists, strict=True):
            code = f"k{self._place[what]}" if what in self._place else "0"
            key = f"({key} * {len(texts)}::BIGINT + {code})"
        return key

    def kind(self, key: int) -> Called:
        """The kind of work that a number of `_kinds` stands for."""
        lists = [self._meant(what) for what in ("work_type", "role", "sub_issue")]
        rest, sub_issue = divmod(key, len(lists[2]))
        work_type, role = divmod(rest, len(lists[1]))
        return Called(lists[0][work_type], lists[1][role], lists[2][sub_issue])

    def _valued(self, what: str, values: Sequence[int]) -> str:
        """The number that the text of a cell means."""
        return _listed(f"k{self._place[what]}" if what in self._place else "0", values)

    def day(self, place: int) -> str:
        """The text of a day that cannot be read."""
        return self._of("date")[place].strip()

    def hours(self, place: int) -> tuple[Refusal, str]:
        """Why hours cannot be taken, and how they are written."""
        text = self._of("hours")[place]
        reason = self._worked(text)
        if not isinstance(reason, Refusal):
            raise TypeError(f"{text} are hours")
        return reason, text.strip()


def _days_around(days: Iterable[str], date_format: str) -> set[str]:
    """The days some years around others, as the same format writes them: a file sorted by day has
    most of its days below its first rows.
    """
    known = [found[0] for day in days if (found := moment(day, date_format)) is not None]
    if not known:
        return set()
    iso = all(moment(day, ISO) is not None for day in days)
    written = ISO if iso else date_format
    parts = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}
    pattern = re.sub("YYYY|YY|MM|DD", lambda part: parts[part[0]], written)
    first, last = max(min(known) - YEARS, 1), min(max(known) + YEARS, date.max.toordinal())
    if last - first > 20 * YEARS:
        return set()
    return {date.fromordinal(day).strftime(pattern) for day in range(first, last + 1)}


def _second(text: str) -> int:
    found = seconds(text)
    return NO_START if found is None else found


def _mark(place: int) -> int:
    """A number that is none: where the text stands that says no number."""
    return -2 - place


def _place(mark: int) -> int:
    return -2 - mark


def _listed(code: str, values: Sequence[int], known: Collection[int] | None = None) -> str:
    """The value at a place of a list, in SQL; nothing outside it. Only the places that are known
    matter, where these are given.
    """
    places = range(len(values)) if known is None else sorted(known)
    first = values[places[0]] if places else 0
    offset = first - places[0] if places else 0
    if all(values[place] == offset + place for place in places):
        return code if offset == 0 else f"({code} + {offset})"
    if all(values[place] == first for place in places):
        return f"CASE WHEN {code} IS NULL THEN NULL ELSE {first} END::INTEGER"
    small = max(map(abs, values)) < 1 << 31
    kind = "INTEGER" if small else "BIGINT"
    return f"([{', '.join(map(str, values))}]::{kind}[])[{code} + 1]"


def _most_first(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    return tuple(sorted(refused, key=lambda one: (-one.rows, one.reason, one.text)))
