"""What a check keeps of a catalogue: of files what they hold, of families what they gave.

It stands in columns, one value for each file or family (hashes as one text), and in rows, which are
made into values where somebody asks for them: after a change of one agreement that is a few of ten
thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from billing_dsl.store.kept import HEX, keep, load_with_rows, row, tool

T = TypeVar("T")

MOST_ROWS = 100_000
"""Shared rows that are kept before they begin anew: an ordinary catalogue has some hundreds."""

NO_KEY = "-" * HEX
"""Stands for the key of a family whose result is not its own alone."""


@dataclass(slots=True)
class Files:
    """What the files of a catalogue hold, in order of paths: hashes, numbers of documents, rows.

    A file without a hash has not been read yet.
    """

    paths: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    rows: list[bytes] = field(default_factory=list)

    def at(self, paths: list[str]) -> Files:
        """The same for other paths; what is not known of a file is left open."""
        if paths == self.paths:
            return Files(paths, self.digests.copy(), self.documents.copy(), self.rows.copy())
        number = {path: number for number, path in enumerate(self.paths)}
        known = [number.get(path) for path in paths]
        return Files(
            paths,
            _taken(self.digests, known, ""),
            _taken(self.documents, known, 0),
            _taken(self.rows, known, b""),
        )


@dataclass(slots=True)
class Results:
    """What the families of a catalogue gave, in their order. Rows hold what is not always wanted.

    `facts` are the hashes of their clients in short.
    """

    keys: list[str] = field(default_factory=list)
    clients: list[int] = field(default_factory=list)
    contracts: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    rows: list[bytes] = field(default_factory=list)

    def at(self, keys: list[str]) -> tuple[Results, list[int]]:
        """The same for other keys, and the numbers of those of which nothing is known."""
        if keys == self.keys:
            known: Sequence[int | None] = range(len(keys))
            missing = []
        else:
            number = {key: number for number, key in enumerate(self.keys)}
            known = [number.get(key) for key in keys]
            missing = [number for number, found in enumerate(known) if found is None]
        return (
            Results(
                keys,
                _taken(self.clients, known, 0),
                _taken(self.contracts, known, 0),
                _taken(self.cells, known, 0),
                _taken(self.left_out, known, 0),
                _taken(self.facts, known, ""),
                _taken(self.rows, known, b""),
            ),
            missing,
        )


def _taken(column: Sequence[T], numbers: Iterable[int | None], otherwise: T) -> list[T]:
    return [otherwise if number is None else column[number] for number in numbers]


@dataclass(slots=True)
class State:
    """What is kept of a catalogue, or nothing.

    `inventory` is a row, and `members` has one for each family; both hold as long as the files do.
    `common` is the key of what families share, `overall` the key and the findings of rules over all
    clients, `shared` the rows that results have in common.
    """

    files: Files = field(default_factory=Files)
    inventory: bytes = b""
    members: list[bytes] = field(default_factory=list)
    common: str = ""
    results: Results = field(default_factory=Results)
    overall: list[Any] = field(default_factory=lambda: ["", []])
    shared: list[Any] = field(default_factory=list)


def load_state(name: str) -> State:
    """What earlier runs have kept of a catalogue, or nothing; nothing of another tool."""
    head, rows = load_with_rows(f"{name}.state") if name else (None, [])
    if not isinstance(head, dict) or head.get("tool") != tool():
        return State()
    columns = iter(rows)
    paths, documents = json.loads(next(columns)), json.loads(next(columns))
    digests, inventory = _parted(next(columns)), next(columns)
    clients, contracts, cells, left_out = [json.loads(next(columns)) for _ in range(4)]
    keys, facts = _parted(next(columns)), _parted(next(columns))
    files = Files(paths, digests, documents, _next(columns, head["files"]))
    known = State(files, inventory, _next(columns, head["members"]))
    kept = _next(columns, head["results"])
    results = Results(keys, clients, contracts, cells, left_out, facts, kept)
    if len(head["shared"]) <= MOST_ROWS + 4 * len(keys):
        known.results, known.shared = results, head["shared"]
        known.common, known.overall = head["common"], head["overall"]
    return known


def keep_state(name: str, state: State) -> None:
    """Keeps it for later runs."""
    files, results = state.files, state.results
    keep(
        f"{name}.state",
        {
            "tool": tool(),
            "files": len(files.rows),
            "members": len(state.members),
            "results": len(results.rows),
            "common": state.common,
            "overall": state.overall,
            "shared": state.shared,
        },
        (
            row(files.paths),
            row(files.documents),
            "".join(files.digests).encode(),
            state.inventory,
            row(results.clients),
            row(results.contracts),
            row(results.cells),
            row(results.left_out),
            "".join(results.keys).encode(),
            "".join(results.facts).encode(),
            *files.rows,
            *state.members,
            *results.rows,
        ),
    )


def _next(rows: Iterator[bytes], count: int) -> list[bytes]:
    return list(islice(rows, count))


def _parted(column: bytes) -> list[str]:
    text = column.decode("ascii")
    return [text[start : start + HEX] for start in range(0, len(text), HEX)]
