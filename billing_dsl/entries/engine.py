"""DuckDB: where entries are laid out and replayed, in a folder that goes when the work is done."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from billing_dsl.entries.files import FileError, Form, Laid
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

NUMBERS = ("client", "kind", "day", "start", "hours")
"""The columns of a file that was taken in which are numbers."""

NO_ROOM = tuple(
    said.casefold()
    for said in (
        os.strerror(errno.ENOSPC),
        os.strerror(errno.EDQUOT) if hasattr(errno, "EDQUOT") else "disk quota exceeded",
        "no space left",
        "not enough space on the disk",
    )
)
"""What systems say where a disk is full."""

INTERRUPTED = "Query interrupted"
"""What DuckDB says, of no class of its own, where somebody interrupts it."""

Cells: TypeAlias = Sequence[str]
"""What a file says, cell by cell, as expressions of SQL."""


def version() -> str:
    """Which DuckDB this is: files of another may be written otherwise."""
    import duckdb

    return str(duckdb.__version__)


class EncodingError(Exception):
    """A text file that is not in UTF-8 after all."""


class RoomError(Exception):
    """There is no room left, on the disk or where an engine holds what it works on."""


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
        # It thinks it is talking to somebody wherever Python was started with `-c`.
        self._connection.execute("SET enable_progress_bar = false")

    def close(self) -> None:
        """Lets the files go."""
        self._connection.close()

    def do(self, statement: str, values: Any = None) -> None:
        """Runs a statement. Raises RoomError, as all that follows."""
        with _room():
            self._connection.execute(statement, values)

    def rows(self, query: str, values: Any = None) -> Iterator[Row]:
        """What a query finds."""
        with _room():
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

    def attach(self, name: str, path: Path, written: bool = False) -> None:
        """Opens another database under a name: a new one to be written, or one to be read."""
        how = "" if written else " (READ_ONLY)"
        shown = str(path).replace("'", "''")
        self.do(f"ATTACH '{shown}' AS {name}{how}")

    def give_up(self, name: str) -> None:
        """Closes one that could not be written."""
        import duckdb

        with contextlib.suppress(duckdb.Error):
            self._connection.execute(f"DETACH {name}")

    def detach(self, name: str) -> None:
        """Closes it; what was written is in its file then."""
        self.do(f"CHECKPOINT {name}")
        self.do(f"DETACH {name}")

    def header(self, laid: Laid) -> tuple[str, ...]:
        """The columns of a file."""
        if laid.form is not Form.PARQUET:
            return laid.header
        return tuple(name for (name,) in self._asked(_PARQUET_COLUMNS, [str(laid.path)], laid))

    def days(self, laid: Laid, position: int) -> list[str]:
        """The different days that a column writes, without times; one late in a file may settle
        what all others mean. Raises EncodingError and FileError.
        """
        chosen = self.cell(laid, position, True)
        day = f"SPLIT_PART(SPLIT_PART({chosen}, ' ', 1), 'T', 1)"
        return self._different(laid, day, "")

    def sample(self, laid: Laid, position: int, most: int = 100_000) -> list[str]:
        """Different texts of one column of a file, from its first rows. Raises likewise."""
        return self._different(
            laid, _cell(laid, self.header(laid), position, True), f"LIMIT {most}"
        )

    def _different(self, laid: Laid, chosen: str, limit: str) -> list[str]:
        rows = f"SELECT {chosen} AS text FROM {_source(laid, self.header(laid))} {limit}"
        query = f"SELECT DISTINCT text FROM ({rows}) ORDER BY text"
        return [text for (text,) in self._asked(query, [str(laid.path)], laid)]

    def texts(
        self, laid: Laid, cells: Cells, most: int | None = None
    ) -> tuple[list[list[str]], bool]:
        """The different texts of each cell of a file, in their order, or of its first rows; and
        whether these are not all. Raises EncodingError and FileError.
        """
        named = ", ".join(f"{cell} AS k{n}" for n, cell in enumerate(cells))
        rows = f"SELECT {named} FROM {_source(laid, self.header(laid))}"
        if most is not None:
            rows += f" LIMIT {most}"
        keys = [f"k{n}" for n in range(len(cells))]
        sets = ", ".join(f"({key})" for key in keys)
        query = (
            f"SELECT COUNT(*), {', '.join(keys)} FROM ({rows}) GROUP BY GROUPING SETS ({sets}, ())"
        )
        found: list[list[str]] = [[] for _ in cells]
        cut = False
        for count, *row in self._asked(query, [str(laid.path)], laid):
            for texts, text in zip(found, row, strict=True):
                if text is not None:
                    texts.append(text)
            cut = cut or (most == count and all(text is None for text in row))
        return [sorted(texts) for texts in found], cut

    def take(
        self, laid: Laid, cells: Cells, texts: Sequence[Sequence[str]], table: str, columns: str
    ) -> tuple[dict[int, str], int]:
        """Takes a file in as a table of numbers.

        `columns` say what a row becomes; in them `k0`, `k1` … stand for where the text of each cell
        is among `texts`. Gives the lines that are no rows, with why, and how many rows have
        something in them that is not among the texts. Raises EncodingError where the file is not in
        UTF-8, and FileError.
        """
        for name in ("rejected", "rejected_of", table):
            self.do(f"DROP TABLE IF EXISTS {name}")
        codes: list[str] = []
        for n, (cell, own) in enumerate(zip(cells, texts, strict=True)):
            self.do(f"DROP TYPE IF EXISTS texts{n}")
            self.do(f"CREATE TYPE texts{n} AS ENUM (SELECT UNNEST($1::VARCHAR[]))", [list(own)])
            codes.append(f"ENUM_CODE(TRY_CAST({cell} AS texts{n}))::INTEGER AS k{n}")
        wide = f"SELECT *, {', '.join(codes)} FROM {_source(laid, self.header(laid), keep=True)}"
        self.do(_TAKEN.format(table=table))
        self._asked(f"INSERT INTO {table} SELECT {columns} FROM ({wide})", [str(laid.path)], laid)
        lost: dict[int, str] = {}
        if laid.form is Form.TEXT:
            for line, kind, message in self._connection.execute(_REJECTED).fetchall():
                if "ENCODING" in kind or "UNICODE" in kind:
                    raise EncodingError
                if "QUOTE" in kind:
                    raise FileError(f"a quotation mark that opens in line {line:,} never closes")
                lost.setdefault(int(line), str(message))
        strange = " OR ".join(f"{name} IS NULL" for name in NUMBERS)
        [(unseen,)] = self.rows(f"SELECT COUNT(*) FROM {table} WHERE {strange}")
        return lost, int(unseen)

    def put_in_order(self, table: str, ordered: str) -> None:
        """Moves the entries of a table that was taken in to another, client by client and day by
        day, each with its number; rows that are no entries stay behind and are gone.

        What is asked of entries later looks up their clients and days: in this order that takes
        half the time, and more of it is saved than the order costs.
        """
        self.do(f"DROP TABLE IF EXISTS {ordered}")
        self.do(_ORDERED.format(table=ordered))
        self.do(
            f"INSERT INTO {ordered} SELECT rowid, client, kind, day, start, hours, ticket "
            f"FROM {table} WHERE day > 0 AND hours > 0 ORDER BY client, day"
        )
        self.do(f"DROP TABLE {table}")

    def cell(self, laid: Laid, position: int, trimmed: bool = False) -> str:
        """A cell of a file as text, for a statement; an empty one is an empty text."""
        return _cell(laid, self.header(laid), position, trimmed)

    def _asked(self, query: str, values: Sequence[Any], laid: Laid) -> Sequence[Row]:
        """A query of a file that may turn out to be none."""
        import duckdb

        try:
            with _room():
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


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Tells a want of room from everything else that an engine may say."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error).casefold()
        if isinstance(error, duckdb.OutOfMemoryException) or any(one in said for one in NO_ROOM):
            raise RoomError from None
        raise
    except RuntimeError as error:
        if str(error) == INTERRUPTED:
            raise KeyboardInterrupt from None
        raise


_COLUMNS = """\
client INTEGER, kind BIGINT, day INTEGER, start INTEGER, hours INTEGER,
  ticket VARCHAR USING COMPRESSION uncompressed"""
"""Almost all tickets differ: looking for a way to write them shorter takes longest of all."""

_TAKEN = f"CREATE TABLE {{table}} (\n  {_COLUMNS}\n)"

_ORDERED = f"CREATE TABLE {{table}} (\n  entry BIGINT, {_COLUMNS}\n)"

_TYPES = "SELECT data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"

_PARQUET_COLUMNS = "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet($1))"

_REJECTED = "SELECT line, error_type, error_message FROM rejected ORDER BY line"


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


def _cell(laid: Laid, columns: Sequence[str], position: int, trimmed: bool) -> str:
    if laid.form is Form.TEXT:
        cell = f"c{position}"
    else:
        name = columns[position].replace('"', '""')
        cell = f'CAST("{name}" AS VARCHAR)'
    return f"COALESCE(TRIM({cell}), '')" if trimmed else f"COALESCE({cell}, '')"
