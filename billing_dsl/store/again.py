"""A check that takes from an earlier one whatever no change has touched.

What a file gave depends on its bytes alone. What a family of clients gave depends on its own
documents and on those that all clients share. What rules over all clients found depends on the
clients in short. Each is kept under a hash of exactly that, so the result is the same with and
without what is kept; a property test holds it to that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap

from billing_dsl.analysis.views import ClientFacts
from billing_dsl.book.dependants import Want
from billing_dsl.diagnostics import Fault
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import (
    Checked,
    Coded,
    Common,
    FamilyResult,
    Inventory,
    Progress,
    document_count,
    is_complete,
    over_all,
    reaching,
    share,
    stray,
    take_stock,
    unknown_kinds,
)
from billing_dsl.rules import Rule
from billing_dsl.source.document import Broken
from billing_dsl.store.hands import Hands
from billing_dsl.store.kept import Rows, digest, made, plain, row, rows_made
from billing_dsl.store.state import NO_KEY, Files, Results, State, keep_state, load_state
from billing_dsl.store.stocks import (
    Stocks,
    inventory_row,
    made_inventory,
    member_rows,
    row_of,
    tells_more,
)
from billing_dsl.templates import NONE, Templates


@dataclass(frozen=True, slots=True)
class _Told:
    """What a family's row holds of findings."""

    found: tuple[Fault, ...]
    wants: tuple[Want, ...]


def check_again(
    name: str,
    digests: Mapping[str, str],
    texts: Mapping[str, bytes],
    as_of: date,
    rules: tuple[Rule, ...],
    rules_key: str,
    hands: Hands,
    progress: Progress,
    unread: Sequence[Broken] = (),
    templates: Templates = NONE,
    keeping: bool = True,
) -> Checked:
    """What `pipeline.check` gives, without the coverage of clients.

    `name` is the catalogue's in the store, or empty where nothing is kept; `digests` are those of
    `texts`; `rules_key` stands for the rules that are asked. `unread` are the files that could not
    even be read. `templates` are the user's own. Without `keeping` results of earlier runs are
    taken, and none is kept.
    """
    state = load_state(name)
    taken = _taken_stock(name, state, digests, texts, hands, unread)
    inventory = taken.inventory
    found: list[Coded] = [(f.code, f.finding) for one in taken.stocks.telling() for f in one.faults]
    found.extend(taken.faults)
    shared = hands.documents(inventory.shared)
    common, faults = share(inventory, shared, as_of, rules, templates)
    found.extend(faults)
    found.extend(stray(common, hands.documents(inventory.strays)))

    common_key = _common_key(inventory, digests, as_of, f"{rules_key}{templates.key}")
    results, missing = state.results.at(_keys(state, taken, common_key, digests))
    rows = Rows(state.shared)
    facts: dict[int, tuple[ClientFacts, ...]] = {}
    told = {
        number: made(_Told, json.loads(kept)["told"])
        for number, kept in enumerate(results.rows)
        if tells_more(kept)
    }
    wanted = [inventory.families[number] for number in missing]
    proving = hands.prove(common, wanted, rules)
    for number, proved in zip(progress(missing, "proving"), proving, strict=False):
        facts[number] = proved.facts
        told[number] = _Told(tuple(starmap(Fault, proved.found)), proved.wants)
        _put(results, number, proved, told[number], rows if name else None)
    wanting: list[Want] = []
    for number in sorted(told):
        found.extend(_coded(told[number].found))
        wanting.extend(told[number].wants)

    complete = is_complete(common, sum(results.left_out), found)
    unknown = unknown_kinds(found)
    found = list(reaching(common, found, wanting))
    gaps = repr((complete, sorted(unknown)))
    all_key = digest("\n".join((common_key, gaps, *results.facts)).encode())
    overall = state.overall
    if overall[0] != all_key or not name:
        over = over_all(common, _facts(results, facts, rows), complete, unknown, rules)
        overall = [all_key, plain(tuple(Fault(code, finding) for code, finding in over))]
    found.extend(_coded(made(tuple[Fault, ...], overall[1])))
    if name and keeping and (taken.changed or missing or overall is not state.overall):
        keep_state(
            name,
            State(
                taken.files,
                taken.row,
                taken.members,
                common_key,
                results,
                overall,
                rows.rows,
            ),
        )
    return Checked(
        common,
        as_of,
        tuple(found),
        documents=sum(taken.files.documents),
        client_count=sum(results.clients),
        contract_count=sum(results.contracts),
        cell_count=sum(results.cells),
        partial=not complete,
    )


def share_again(
    name: str,
    digests: Mapping[str, str],
    texts: Mapping[str, bytes],
    as_of: date,
    hands: Hands,
    unread: Sequence[Broken] = (),
    templates: Templates = NONE,
) -> Common:
    """What clients share, and who is of which family; no rule is asked and no client proved.

    The arguments are those of `check_again`. What files gave is kept for it, and taken from it.
    """
    state = load_state(name)
    taken = _taken_stock(name, state, digests, texts, hands, unread)
    shared = hands.documents(taken.inventory.shared)
    common, _ = share(taken.inventory, shared, as_of, (), templates)
    if name and taken.changed:
        # Without the key of what is shared, every family's key is made anew.
        keep_state(
            name,
            State(
                taken.files,
                taken.row,
                taken.members,
                "",
                state.results,
                state.overall,
                state.shared,
            ),
        )
    return common


# --- what files hold -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Taken:
    """What files hold now, and which families there are.

    `row` and `members` are the inventory to be kept, empty where it is not one of files alone.
    `changed` are the numbers of the files that had to be read; `alike` tells that they hold the
    same documents as before, though these may say something else.
    """

    files: Files
    stocks: Stocks
    inventory: Inventory
    faults: tuple[Coded, ...]
    row: bytes
    members: list[bytes]
    changed: list[int]
    alike: bool


def _taken_stock(
    name: str,
    state: State,
    digests: Mapping[str, str],
    texts: Mapping[str, bytes],
    hands: Hands,
    unread: Sequence[Broken],
) -> _Taken:
    """What files hold; those that are as they were are not read for it."""
    paths = sorted(texts)
    files = state.files.at(paths)
    changed = [
        number
        for number, path in enumerate(paths)
        if not files.rows[number] or digests[path] != files.digests[number]
    ]
    read = hands.read({paths[number]: texts[paths[number]] for number in changed})
    fresh = {number: read[paths[number]] for number in changed}
    alike = bool(state.inventory) and not unread and paths == state.files.paths
    for number, stock in fresh.items():
        kept = row_of(stock) if name else b""
        alike = alike and kept == files.rows[number]
        files.rows[number] = kept
        files.digests[number] = digests[paths[number]]
        files.documents[number] = document_count(stock.heads, stock.broken)
    stocks = Stocks(paths, files.rows, fresh)
    if alike:
        inventory = made_inventory(state.inventory, state.members, stocks)
        return _Taken(files, stocks, inventory, (), state.inventory, state.members, changed, alike)
    inventory, faults = take_stock(
        (head for one in stocks for head in one.heads),
        (*(remains for one in stocks for remains in one.broken), *unread),
    )
    lasting = name and not faults and not unread
    row = inventory_row(inventory) if lasting else b""
    members = member_rows(inventory, stocks) if lasting else []
    return _Taken(files, stocks, inventory, faults, row, members, changed, alike)


# --- what families gave --------------------------------------------------------------------------


def _common_key(
    inventory: Inventory, digests: Mapping[str, str], as_of: date, rules_key: str
) -> str:
    """Stands for everything but a family's own documents that its result depends on."""
    shared = [(head.path, digests[head.path], head.document) for head in inventory.shared]
    lost = [(kind, sorted(names)) for kind, names in inventory.lost.items()]
    return digest(
        repr((as_of, rules_key, shared, lost, inventory.silent, sorted(inventory.bereft))).encode()
    )


def family_keys(inventory: Inventory, digests: Mapping[str, str], as_of: date) -> list[str]:
    """Stands for all that each family's coverage depends on, in the order of families."""
    return _family_keys(_common_key(inventory, digests, as_of, ""), inventory, digests)


def _family_keys(common_key: str, inventory: Inventory, digests: Mapping[str, str]) -> list[str]:
    return [_family_key(common_key, family, digests) for family in inventory.families]


def _family_key(common_key: str, family: Sequence[Head], digests: Mapping[str, str]) -> str:
    parts = [common_key]
    for head in family:
        parts += (head.path, digests[head.path], str(head.document))
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def _keys(state: State, taken: _Taken, common_key: str, digests: Mapping[str, str]) -> list[str]:
    """The key of each family; only of changed files, where all else is as it was."""
    inventory = taken.inventory
    if not taken.alike or common_key != state.common:
        return _family_keys(common_key, inventory, digests)
    keys = state.results.keys.copy()
    touched = {number for number, key in enumerate(keys) if key == NO_KEY}
    for changed in taken.changed:
        clients = (head.client for head in taken.stocks[changed].heads)
        touched.update(inventory.family_of[one] for one in clients if one in inventory.family_of)
    for number in touched:
        keys[number] = _family_key(common_key, inventory.families[number], digests)
    return keys


def _put(
    results: Results, number: int, proved: FamilyResult, told: _Told, rows: Rows | None
) -> None:
    """Puts what a family gave into its place. Without rows nothing of it is to be kept."""
    results.clients[number] = len(proved.facts) + len(proved.left_out)
    results.contracts[number] = sum(one.contracts for one in proved.facts)
    results.cells[number] = sum(one.cells for one in proved.facts)
    results.left_out[number] = len(proved.left_out)
    if rows is None:
        return
    facts = [rows.pack(one) for one in proved.facts]
    results.facts[number] = digest(row(facts))
    quiet = not told.found and not told.wants
    results.rows[number] = row(facts if quiet else {"facts": facts, "told": plain(told)})
    # An unknown name tells what other clients are called: not theirs alone to keep.
    if any(code == "BD201" for code, _ in proved.found):
        results.keys[number] = NO_KEY


def _facts(
    results: Results, fresh: Mapping[int, tuple[ClientFacts, ...]], rows: Rows
) -> Iterator[ClientFacts]:
    """All clients in short: those that have just been proved, and those that are kept."""
    for several in fresh.values():
        yield from several
    known = [kept for number, kept in enumerate(results.rows) if number not in fresh]
    for kept in rows_made(known):
        for one in kept if isinstance(kept, list) else kept["facts"]:
            yield made(ClientFacts, one, rows)


def _coded(faults: Iterable[Fault]) -> tuple[Coded, ...]:
    return tuple((fault.code, fault.finding) for fault in faults)
