"""DuckDB: where entries are replayed, in a folder of its own that goes when the work is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_dsl.replay.run import Row
from billing_dsl.replay.statement import DIALECTS, TABLES, Dialect

if TYPE_CHECKING:
    import duckdb

MEMORY = "400MiB"
"""What DuckDB may hold at once; the rest lies in its folder."""

AT_ONCE = 50_000
"""Rows that are handed over together."""


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
        types = [found[0] for found in self.rows(f"SELECT data_type FROM duckdb_columns() WHERE table_name = '{table}' ORDER BY column_index")]
        columns = ", ".join(f"UNNEST(${n}::{kind}[])" for n, kind in enumerate(types, 1))
        waiting = iter(rows)
        while several := list(islice(waiting, AT_ONCE)):
            self.do(f"INSERT INTO {table} SELECT {columns}", [list(c) for c in zip(*several, strict=True)])
