"""A check that takes from an earlier one whatever no change has touched.

What a file gave depends on its bytes alone. What a family of clients gave depends on its own
documents and on those that all clients share. What rules over all clients found depends on the
clients in short. Each is kept under a hash of exactly that, so the result is the same with and
without what is kept; a property test holds it to that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing_dsl.analysis.views import ClientFacts
from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import (
    Checked,
    Coded,
    FamilyResult,
    FileReading,
    Inventory,
    Progress,
    is_complete,
    over_all,
    prove,
    share,
    shared_heads,
    stray,
    take_stock,
)
from billing_dsl.rules import Rule
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.reader import read
from billing_dsl.store.kept import Rows, digest, keep, load, made, plain, tool

Read = Callable[[Mapping[str, bytes]], Sequence[FileReading]]
"""Reads and validates files."""


MOST_ROWS = 100_000
"""Rows that are kept before they begin anew: an ordinary catalogue has some hundreds."""


@dataclass(frozen=True, slots=True)
class _File:
    """What one file gave, without what its documents say."""

    heads: tuple[Head, ...]
    broken: tuple[Broken, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Coded findings, as they are kept."""

    found: tuple[Fault, ...]


def check_again(
    name: str,
    texts: Mapping[str, bytes],
    digests: Mapping[str, str],
    as_of: date,
    rules: Sequence[Rule],
    rules_key: str,
    read_files: Read,
    progress: Progress,
) -> Checked:
    """What `pipeline.check` gives, without the coverage of clients.

    `name` is the catalogue's in the store, `digests` are those of `texts`, `rules_key` stands for
    the rules that are asked.
    """
    state = load(f"{name}.state")
    if not isinstance(state, dict) or state.get("tool") != tool():
        state = {"tool": tool(), "files": {}, "families": {}, "all": ["", []], "rows": []}
    rows = Rows(state["rows"] if len(state["rows"]) < MOST_ROWS else [])
    if rows.rows is not state["rows"]:  # grown over many runs: numbers begin anew
        state = {**state, "families": {}, "all": ["", []]}
    known_files: Mapping[str, Any] = state["files"]
    fresh = {
        path: text
        for path, text in texts.items()
        if path not in known_files or known_files[path][0] != digests[path]
    }
    readings = {reading.path: reading for reading in read_files(fresh)}
    source = _Source(texts, readings)
    files: dict[str, Any] = {}
    kept: list[_File] = []
    for path in sorted(texts):
        if path in readings:
            file = _of_reading(readings[path])
            files[path] = [digests[path], _plain_file(file)]
        else:
            files[path] = known_files[path]
            file = _made_file(path, known_files[path][1])
        kept.append(file)

    found: list[Coded] = [(f.code, f.finding) for file in kept for f in file.faults]
    inventory, faults = take_stock(
        (head for file in kept for head in file.heads),
        (remains for file in kept for remains in file.broken),
    )
    found.extend(faults)
    common, faults = share(inventory, source.documents(shared_heads(inventory)), as_of, rules)
    found.extend(faults)
    found.extend(stray(common, source.documents(inventory.strays)))

    common_key = _common_key(inventory, digests, as_of, rules_key)
    families: dict[str, Any] = {}
    for family in progress(inventory.families, "proving"):
        key = _family_key(common_key, family, digests)
        result = state["families"].get(key)
        if result is None:
            proved, _ = prove(common, source.documents(family), rules)
            result = _plain_result(proved, rows)
            if any(code == "BD201" for code, _ in proved.found):
                found.extend(proved.found)  # it names what other clients are called: not kept
                families[f"once {key}"] = [*result[:4], "", *result[5:]]
                continue
        families[key] = result
        if result[4]:
            found.extend(_coded(made(_Found, [json.loads(result[4])])))

    results = list(families.values())
    left_out = sum(result[3] for result in results)
    complete = is_complete(common, left_out)
    all_key = digest(
        common_key.encode(), repr(complete).encode(), *(r[5].encode() for r in results)
    )
    if state["all"][0] == all_key:
        overall = state["all"]
    else:
        facts = tuple(
            made(ClientFacts, one, rows) for result in results for one in json.loads(result[5])
        )
        over = tuple(over_all(common, facts, complete, rules))
        overall = [all_key, plain(_Found(_faults(over)).found)]
    found.extend(_coded(made(_Found, [overall[1]])))
    lasting = {key: result for key, result in families.items() if not key.startswith("once ")}
    if fresh or lasting.keys() != state["families"].keys() or overall is not state["all"]:
        keep(
            f"{name}.state",
            {
                "tool": tool(),
                "files": files,
                "families": lasting,
                "all": overall,
                "rows": rows.rows,
            },
        )
    return Checked(
        common,
        as_of,
        tuple(found),
        documents=sum(len(file.heads) + len(file.broken) for file in kept),
        client_count=sum(result[0] for result in results),
        contract_count=sum(result[1] for result in results),
        cell_count=sum(result[2] for result in results),
        partial=not complete,
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """The documents behind heads: from this run's readings, or read again from their files."""

    texts: Mapping[str, bytes]
    readings: dict[str, FileReading]

    def documents(self, heads: Iterable[Head]) -> Iterator[Document]:
        """The documents that belong to heads, in their order."""
        for head in heads:
            reading = self.readings.get(head.path)
            if reading is None:
                # It fitted its schema when it was kept, and its bytes are the same.
                documents, _, _ = read(head.path, self.texts[head.path])
                reading = FileReading(head.path, documents, (), ())
                self.readings[head.path] = reading
            yield next(d for d in reading.documents if d.index == head.document)


def _of_reading(reading: FileReading) -> _File:
    return _File(reading.heads, reading.broken, reading.faults)


def _plain_file(file: _File) -> list[Any]:
    heads = [
        [head.kind, head.name, head.key, head.document, head.client, *head.ties]
        for head in file.heads
    ]
    return (
        [heads, plain(file.broken), plain(file.faults)] if file.broken or file.faults else [heads]
    )


def _made_file(path: str, kept: list[Any]) -> _File:
    heads = tuple(
        Head(kind, name, key, path, document, client, tuple(ties))
        for kind, name, key, document, client, *ties in kept[0]
    )
    if len(kept) == 1:
        return _File(heads, (), ())
    rest = made(_Rest, kept[1:])
    return _File(heads, rest.broken, rest.faults)


@dataclass(frozen=True, slots=True)
class _Rest:
    broken: tuple[Broken, ...]
    faults: tuple[Fault, ...]


def _common_key(
    inventory: Inventory, digests: Mapping[str, str], as_of: date, rules_key: str
) -> str:
    """Stands for everything but a family's own documents that its result depends on."""
    shared = [(head.path, digests[head.path], head.document) for head in shared_heads(inventory)]
    lost = [(kind, sorted(names)) for kind, names in inventory.lost.items()]
    return digest(repr((as_of, rules_key, shared, lost, inventory.silent)).encode())


def _family_key(common_key: str, family: Sequence[Head], digests: Mapping[str, str]) -> str:
    parts = [common_key]
    for head in family:
        parts += (head.path, digests[head.path], str(head.document))
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def _plain_result(result: FamilyResult, rows: Rows) -> list[Any]:
    """Clients, contracts, cells, clients left out; findings and facts as JSON, read when needed."""
    found = json.dumps(plain(_faults(result.found))) if result.found else ""
    return [
        len(result.facts) + len(result.left_out),
        sum(facts.contracts for facts in result.facts),
        sum(facts.cells for facts in result.facts),
        len(result.left_out),
        found,
        json.dumps([rows.pack(facts) for facts in result.facts], separators=(",", ":")),
    ]


def _faults(found: Iterable[Coded]) -> tuple[Fault, ...]:
    return tuple(Fault(code, finding) for code, finding in found)


def _coded(found: _Found) -> tuple[Coded, ...]:
    return tuple((fault.code, fault.finding) for fault in found.found)
