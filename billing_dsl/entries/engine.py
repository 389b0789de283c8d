"""DuckDB: where entries are laid out and replayed, in a folder that goes when the work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_dsl.entries.files import FileError, Form, Laid
from billing_dsl.replay.columns import FIELDS, Reading
from billing_dsl.replay.run import Row
from billing_dsl.replay.statement import DIALECTS, Dialect

if TYPE_CHECKING:
    import duckdb

MEMORY = "160MiB"
"""What DuckDB may hold at once; the rest lies in its folder."""

MOST_THREADS = 4
"""More of them would need more memory than that."""

AT_ONCE = 50_000
"""Rows that are handed over together."""


class EncodingError(Exception):
    """A text file that is not in UTF-8 after all."""


class Duck:
    """A database that is there for one replay. It reaches no network and loads no extension."""

    dialect: Dialect = DIALECTS["duckdb"]

    def __init__(self, folder: Path, memory: str = MEMORY) -> None:
        """Begins an empty one in a folder."""
        import duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(
            str(folder / "replay.duckdb"),
            config={
                "memory_limit": memory,
                "threads": str(min(os.cpu_count() or 1, MOST_THREADS)),
                "temp_directory": str(folder / "spilled"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "true",
            },
        )

    def close(self) -> None:
        """Lets the files go."""
        self._connection.close()

    def do(self, statement: str, values: Any = None) -> None:
        """Runs a statement."""
        self._connection.execute(statement, values)

    def rows(self, query: str, values: Any = None) -> Iterator[Row]:
        """What a query finds."""
        found = self._connection.cursor().execute(query, values)
        while several := found.fetchmany(AT_ONCE):
            yield from several

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows to a table."""
        types = [kind for (kind,) in self.rows(_TYPES, [table])]
        columns = ", ".join(f"UNNEST(${n}::{kind}[])" for n, kind in enumerate(types, 1))
        waiting = iter(rows)
        while several := list(islice(waiting, AT_ONCE)):
            self.do(
                f"INSERT INTO {table} SELECT {columns}",
                [list(column) for column in zip(*several, strict=True)],
            )

    # --- files -----------------------------------------------------------------------------------

    def header(self, laid: Laid) -> tuple[str, ...]:
        """The columns of a file."""
        if laid.form is not Form.PARQUET:
            return laid.header
        return tuple(name for (name,) in self._asked(_PARQUET_COLUMNS, [str(laid.path)], laid))

    def days(self, laid: Laid, position: int) -> list[str]:
        """The different days that a column writes, without times; one late in a file may settle
        what all others mean. Raises EncodingError and FileError.
        """
        chosen = _cell(laid, self.header(laid), position)
        day = f"SPLIT_PART(SPLIT_PART({chosen}, ' ', 1), 'T', 1)"
        return self._different(laid, day, "")

    def sample(self, laid: Laid, position: int, most: int = 100_000) -> list[str]:
        """Different texts of one column of a file, from its first rows. Raises likewise."""
        return self._different(laid, _cell(laid, self.header(laid), position), f"LIMIT {most}")

    def _different(self, laid: Laid, chosen: str, limit: str) -> list[str]:
        rows = f"SELECT {chosen} AS text FROM {_source(laid, self.header(laid))} {limit}"
        query = f"SELECT DISTINCT text FROM ({rows}) ORDER BY text"
        return [text for (text,) in self._asked(query, [str(laid.path)], laid)]

    def take(self, laid: Laid, reading: Reading) -> dict[int, str]:
        """Takes a file in as `raw`; gives the lines that are no rows, with why.

        Raises EncodingError where the file is not in UTF-8, and FileError.
        """
        for table in ("raw", "rejected", "rejected_of"):
            self.do(f"DROP TABLE IF EXISTS {table}")
        columns = self.header(laid)
        cells = ", ".join(
            f"{self._said(laid, columns, reading, field)} AS {_RAW[field]}" for field in FIELDS
        )
        query = f"CREATE TABLE raw AS SELECT {cells} FROM {_source(laid, columns, keep=True)}"
        self._asked(query, [str(laid.path)], laid)
        lost: dict[int, str] = {}
        if laid.form is Form.TEXT:
            for line, kind, message in self._connection.execute(_REJECTED).fetchall():
                if "ENCODING" in kind or "UNICODE" in kind:
                    raise EncodingError
                if "QUOTE" in kind:
                    raise FileError(f"a quotation mark that opens in line {line:,} never closes")
                lost.setdefault(int(line), str(message))
        return lost

    def _said(self, laid: Laid, columns: Sequence[str], reading: Reading, field: str) -> str:
        """What a row says of one thing, or what is assumed of it."""
        assumed = f"'{reading.assumed[field]}'" if field in reading.assumed else "''"
        if field not in reading.positions:
            return assumed
        cell = _cell(laid, columns, reading.positions[field])
        return f"COALESCE(NULLIF({cell}, ''), {assumed})" if assumed != "''" else cell

    def _asked(self, query: str, values: Sequence[Any], laid: Laid) -> Sequence[Row]:
        """A query of a file that may turn out to be none."""
        import duckdb

        try:
            return self._connection.execute(query, values).fetchall()
        except duckdb.Error as e:
            said = str(e).splitlines()[0].partition(": ")[2] or "it cannot be read"
            unicode = "unicode" in str(e).lower() or "encod" in str(e).lower()
            if unicode and laid.form is not Form.PARQUET:
                raise EncodingError from None
            if unicode:
                raise FileError("some of its texts are not in UTF-8: write it again") from None
            raise FileError(f"it is no {laid.form.value} that can be read ({said})") from None

    def count(self, table: str) -> int:
        """How many rows a table has."""
        [(number,)] = self._connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall()
        return int(number)

    # --- texts to numbers ------------------------------------------------------------------------

    def texts(self, column: str) -> list[str]:
        """The different texts of a column of `raw`, in their order."""
        query = f"SELECT DISTINCT {_RAW[column]} AS text FROM raw ORDER BY text"
        return [text for (text,) in self.rows(query)]

    def kinds(self) -> list[tuple[str, str, str]]:
        """The different kinds of work as they are written: work type, role, sub-issue."""
        query = "SELECT DISTINCT work_type, role, sub_issue FROM raw ORDER BY ALL"
        return [(work_type, role, sub_issue) for work_type, role, sub_issue in self.rows(query)]

    def lay_out(
        self,
        before: int,
        clients: Mapping[str, int],
        kinds: Mapping[tuple[str, str, str], int],
        days: Mapping[str, tuple[int, int] | None],
        starts: Mapping[str, int | None],
        hours: Mapping[str, int | None],
    ) -> None:
        """Adds `raw` to `entries`, with numbers for texts, and what cannot be read to `refused`.

        `before` is how many rows were taken in before: entries are numbered on from there.
        """
        self._words("client_words", "text VARCHAR, number BIGINT", clients.items())
        self._words(
            "kind_words",
            "work_type VARCHAR, role VARCHAR, sub_issue VARCHAR, number BIGINT",
            ((*kind, number) for kind, number in kinds.items()),
        )
        found = ((text, *(moment or (None, None))) for text, moment in days.items())
        self._words("day_words", "text VARCHAR, day BIGINT, seconds BIGINT", found)
        self._words("start_words", "text VARCHAR, seconds BIGINT", starts.items())
        self._words("hour_words", "text VARCHAR, parts BIGINT", hours.items())
        self.do(_REFUSED, [before])
        self.do(_ENTRIES, [before])
        self.do("DROP TABLE raw")

    def _words(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        self.do(f"CREATE OR REPLACE TABLE {table} ({columns})")
        self.fill(table, rows)


_TYPES = "SELECT data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"

_PARQUET_COLUMNS = "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet($1))"

_REJECTED = "SELECT line, error_type, error_message FROM rejected ORDER BY line"

_RAW = {field: "day" if field == "date" else field for field in FIELDS}
"""What `raw` calls what an entry says: a day is no reserved word."""

_ENTRIES = """\
INSERT INTO entries
SELECT r.rowid + $1, c.number, k.number, d.day,
  CASE WHEN s.seconds >= 0 THEN s.seconds ELSE d.seconds END, h.parts, r.ticket
FROM raw r
JOIN client_words c ON c.text = r.client
JOIN kind_words k
  ON k.work_type = r.work_type AND k.role = r.role AND k.sub_issue = r.sub_issue
JOIN day_words d ON d.text = r.day
JOIN start_words s ON s.text = r.start
JOIN hour_words h ON h.text = r.hours
WHERE d.day IS NOT NULL AND h.parts IS NOT NULL"""

_REFUSED = """\
INSERT INTO refused
SELECT r.rowid + $1, r.day, r.hours, d.day IS NULL
FROM raw r
JOIN day_words d ON d.text = r.day
JOIN hour_words h ON h.text = r.hours
WHERE d.day IS NULL OR h.parts IS NULL"""


def _source(laid: Laid, columns: Sequence[str], keep: bool = False) -> str:
    """What stands after FROM for a file, whose path is the statement's first value.

    With `keep` the lines that are no rows are kept in `rejected`.
    """
    if laid.form is Form.PARQUET:
        return "read_parquet($1)"
    wanted = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(columns)))
    delimiter = "\\t" if laid.delimiter == "\t" else laid.delimiter
    rest = "ignore_errors = true"
    if keep:
        rest = (
            "store_rejects = true, rejects_limit = 0, rejects_table = 'rejected', "
            "rejects_scan = 'rejected_of'"
        )
    return (
        f"read_csv($1, delim = '{delimiter}', quote = '\"', escape = '\"', header = true, "
        f"auto_detect = false, columns = {{{wanted}}}, {rest})"
    )


def _cell(laid: Laid, columns: Sequence[str], position: int) -> str:
    """A column as text without anything around it; an empty cell is an empty text."""
    if laid.form is Form.TEXT:
        return f"COALESCE(TRIM(c{position}), '')"
    name = columns[position].replace('"', '""')
    return f"COALESCE(TRIM(CAST(\"{name}\" AS VARCHAR)), '')"
