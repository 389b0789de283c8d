"""A check that takes from an earlier one whatever no change has touched.

What a file gave depends on its bytes alone. What a family of clients gave depends on its own
documents and on those that all clients share. What rules over all clients found depends on the
clients in short. Each is kept under a hash of exactly that, so the result is the same with and
without what is kept; a property test holds it to that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    shared_heads,
    stray,
    take_stock,
    unknown_kinds,
)
from billing_dsl.rules import Rule
from billing_dsl.source.document import Broken
from billing_dsl.store.hands import Hands, Stock
from billing_dsl.store.kept import Rows, digest, keep, load, made, plain, tool
from billing_dsl.templates import NONE, Templates

MOST_ROWS = 100_000
"""Rows that are kept before they begin anew: an ordinary catalogue has some hundreds."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Coded findings, as they are kept."""

    found: tuple[Fault, ...]


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
    state = _state(name)
    rows = Rows(state["rows"])
    stocks, files, changed = _stocks(state["files"], digests, texts, hands)
    found: list[Coded] = [(f.code, f.finding) for one in stocks for f in one.faults]
    inventory, faults = _inventory(stocks, unread)
    found.extend(faults)
    shared = hands.documents(shared_heads(inventory))
    common, faults = share(inventory, shared, as_of, rules, templates)
    found.extend(faults)
    found.extend(stray(common, hands.documents(inventory.strays)))

    common_key = _common_key(inventory, digests, as_of, f"{rules_key}{templates.key}")
    keys = _family_keys(common_key, inventory, digests)
    wanted = [
        family
        for family, key in zip(inventory.families, keys, strict=True)
        if key not in state["families"]
    ]
    proving = iter(hands.prove(common, wanted, rules))
    families: dict[str, Any] = {}
    lasting: dict[str, Any] = {}
    facts: dict[str, tuple[ClientFacts, ...]] = {}
    wanting: list[Want] = []
    for key in progress(keys, "proving"):
        result = state["families"].get(key)
        if result is None:
            proved = next(proving)
            found.extend(proved.found)
            wanting.extend(proved.wants)
            facts[key] = proved.facts
            result = _plain_result(proved, rows if name else None)
            # An unknown name tells what other clients are called: not theirs alone to keep.
            if all(code != "BD201" for code, _ in proved.found):
                lasting[key] = result
        else:
            lasting[key] = result
            if result[4]:
                found.extend(_coded(made(_Found, [json.loads(result[4])])))
            if result[6]:
                wanting.extend(Want(*one) for one in json.loads(result[6]))
        families[key] = result

    results = list(families.values())
    complete = is_complete(common, sum(result[3] for result in results), found)
    unknown = unknown_kinds(found)
    found = list(reaching(common, found, wanting))
    gaps = repr((complete, sorted(unknown)))
    all_key = digest("\n".join((common_key, gaps, *(r[5] for r in results))).encode())
    overall = state["all"]
    if overall[0] != all_key or not name:
        for key, result in families.items():
            if key not in facts:
                kept = json.loads(result[5])
                facts[key] = tuple(made(ClientFacts, one, rows) for one in kept)
        every = (one for several in facts.values() for one in several)
        over = over_all(common, every, complete, unknown, rules)
        overall = [all_key, plain(tuple(Fault(code, finding) for code, finding in over))]
    found.extend(_coded(made(_Found, [overall[1]])))
    same = lasting.keys() == state["families"].keys() and overall is state["all"]
    if name and keeping and (changed or not same):
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
        documents=sum(document_count(one.heads, one.broken) for one in stocks),
        client_count=sum(result[0] for result in results),
        contract_count=sum(result[1] for result in results),
        cell_count=sum(result[2] for result in results),
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
    state = _state(name)
    stocks, files, changed = _stocks(state["files"], digests, texts, hands)
    inventory, _ = _inventory(stocks, unread)
    shared = hands.documents(shared_heads(inventory))
    common, _ = share(inventory, shared, as_of, (), templates)
    if name and changed:
        keep(f"{name}.state", {**state, "files": files})
    return common


def _stocks(
    known: Mapping[str, Any], digests: Mapping[str, str], texts: Mapping[str, bytes], hands: Hands
) -> tuple[list[Stock], dict[str, Any], bool]:
    """What each file holds, the same to be kept, and whether any file had to be read for it."""
    changed = {
        path: texts[path]
        for path, found in digests.items()
        if path not in known or known[path][0] != found
    }
    fresh = hands.read(changed)
    files: dict[str, Any] = {}
    stocks: list[Stock] = []
    for path in sorted(texts):
        if path in fresh:
            stocks.append(fresh[path])
            files[path] = [digests[path], *_plain_stock(fresh[path])]
        else:
            stocks.append(_made_stock(path, known[path]))
            files[path] = known[path]
    return stocks, files, bool(changed)


def _inventory(
    stocks: Iterable[Stock], unread: Iterable[Broken]
) -> tuple[Inventory, tuple[Coded, ...]]:
    return take_stock(
        (head for one in stocks for head in one.heads),
        (*(remains for one in stocks for remains in one.broken), *unread),
    )


def _state(name: str) -> Mapping[str, Any]:
    """What earlier runs have kept, or the beginning."""
    beginning = {"tool": tool(), "files": {}, "families": {}, "all": ["", []], "rows": []}
    state = load(f"{name}.state") if name else None
    if not isinstance(state, dict) or state.get("tool") != tool():
        return beginning
    if len(state["rows"]) > MOST_ROWS + 4 * len(state["families"]):
        return {**beginning, "files": state["files"]}
    return state


def _plain_stock(stock: Stock) -> list[Any]:
    heads = [
        [head.kind, head.name, head.key, head.document, head.client, *head.ties]
        for head in stock.heads
    ]
    if not stock.broken and not stock.faults:
        return [heads]
    return [heads, plain(stock.broken), plain(stock.faults)]


def _made_stock(path: str, kept: list[Any]) -> Stock:
    heads = tuple(
        Head(kind, name, key, path, document, client, tuple(ties))
        for kind, name, key, document, client, *ties in kept[1]
    )
    if len(kept) == 2:
        return Stock(heads, (), ())
    rest = made(_Rest, kept[2:])
    return Stock(heads, rest.broken, rest.faults)


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


def _plain_result(result: FamilyResult, rows: Rows | None) -> list[Any]:
    """Clients, contracts, cells, clients left out; findings, facts and wants as JSON for later.

    Without rows nothing is to be kept, and the JSON is left empty.
    """
    found = facts = wants = ""
    if rows is not None:
        faults = tuple(Fault(code, finding) for code, finding in result.found)
        found = json.dumps(plain(faults)) if faults else ""
        facts = json.dumps([rows.pack(one) for one in result.facts], separators=(",", ":"))
        if result.wants:
            wants = json.dumps([(one.subject, one.client, one.agreement) for one in result.wants])
    return [
        len(result.facts) + len(result.left_out),
        sum(one.contracts for one in result.facts),
        sum(one.cells for one in result.facts),
        len(result.left_out),
        found,
        facts,
        wants,
    ]


def _coded(found: _Found) -> tuple[Coded, ...]:
    return tuple((fault.code, fault.finding) for fault in found.found)
