"""What may be done to a catalogue so that its answers stay, or change in one known way only."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.oracle.simulator import Answer, Document
from tests.oracle.strategies import Choices

PLURALS = {"work_type": "work_types", "role": "roles", "sub_issue": "sub_issues"}


def shuffle(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """The same catalogue: documents in another order, and the keys of every map too."""
    return [_reordered(document, choices) for document in choices.order(documents)]


def _reordered(value: Any, choices: Choices) -> Any:
    if isinstance(value, dict):
        return {key: _reordered(value[key], choices) for key in choices.order(value)}
    if isinstance(value, list):
        return [_reordered(inner, choices) for inner in value]
    return value


Renaming = Mapping[tuple[str, str], str]
"""New names by kind and old name; `contract` is a kind here too, over all tiers and agreements."""

_AWKWARD = (
    *("no", "on", "y", "true", "null", "010", "1e3", "2026-01-01", "0x1f", "12-30", "nan", "0"),
    *("a", "-", "zz-9", "yes", "0o7", "1-000", "-1", "false", "off", "n", "7", "x" * 64),
)


def renaming(documents: Sequence[Document], choices: Choices) -> dict[tuple[str, str], str]:
    """New names for everything, many of which YAML must quote.

    Agreements keep their order by name: of two that start on one day, the first by name is where
    work starts.
    """
    names: dict[str, set[str]] = {}
    for document in documents:
        names.setdefault(document["kind"], set()).add(document["name"])
        if document["kind"] in ("tier", "agreement"):
            for contract in document.get("contracts", []):
                names.setdefault("contract", set()).add(contract["name"])
    found: dict[tuple[str, str], str] = {}
    for kind, olds in sorted(names.items()):
        plain = [f"{kind.replace('_', '-')}-{number}" for number in range(len(olds))]
        news = choices.order([*plain, *_AWKWARD])[: len(olds)]
        if kind == "agreement":
            news = sorted(news)
        found.update({(kind, old): new for old, new in zip(sorted(olds), news, strict=True)})
    return found


def rename(documents: Sequence[Document], names: Renaming) -> list[Document]:
    """The same catalogue under other names, wherever they are used."""
    return [_renamed(copy.deepcopy(document), names) for document in documents]


def rename_answer(answer: Answer, names: Renaming) -> Answer:
    """The same answer under other names."""
    return replace(
        answer,
        agreement=_new(names, "agreement", answer.agreement),
        contract=_new(names, "contract", answer.contract),
        path=tuple(_new_link(names, visited) for visited in answer.path),
    )


def _new(names: Renaming, kind: str, old: Any) -> Any:
    return old if old is None else names.get((kind, old), old)


def _new_link(names: Renaming, link: str) -> str:
    """A link as `falls_to` and paths write it."""
    agreement, slash, contract = link.rpartition("/")
    return f"{_new(names, 'agreement', agreement)}{slash}{_new(names, 'contract', contract)}"


def _new_tier(names: Renaming, tier: str) -> str:
    name, at, version = tier.partition("@")
    return f"{_new(names, 'tier', name)}{at}{version}"


def _rename_in(document: Document, names: Renaming, **kinds: str) -> None:
    """Rename what stands under some keys: a name, a list of names, or the keys of a map."""
    for key, kind in kinds.items():
        value = document.get(key)
        if isinstance(value, str):
            document[key] = _new(names, kind, value)
        elif isinstance(value, list):
            document[key] = [_new(names, kind, name) for name in value]
        elif isinstance(value, dict):
            document[key] = {_new(names, kind, name): inner for name, inner in value.items()}


def _renamed(document: Document, names: Renaming) -> Document:
    kind = document["kind"]
    document["name"] = _new(names, kind, document["name"])
    lists = {"work_types": "work_type", "roles": "role", "sub_issues": "sub_issue"}
    if kind == "exclusion_set":
        _rename_in(document, names, **lists)
    if kind == "service_bundle":
        _rename_in(document, names, services="service")
    _rename_in(document, names, after_hours="work_type", parent="client", client="client")
    if kind == "tier":
        if "extends" in document:
            document["extends"] = _new_tier(names, document["extends"])
        for key, thing in (("scope", "work_type"), ("roles", "role"), ("sub_issues", "sub_issue")):
            if key in document:
                document[key] = {
                    _new(names, thing, name): _new(names, "contract", end)
                    for name, end in document[key].items()
                }
    if kind == "agreement":
        _rename_in(document, names, services="service")
        if isinstance(document.get("tier"), str):
            document["tier"] = _new_tier(names, document["tier"])
        for item in document["tier"] if isinstance(document.get("tier"), list) else []:
            item["tier"] = _new_tier(names, item["tier"])
        for block in document.get("blocks", []):
            _rename_in(block, names, contract="contract")
        for exception in document.get("exceptions", []):
            _rename_in(
                exception,
                names,
                work_type="work_type",
                role="role",
                sub_issue="sub_issue",
                goes_to="contract",
            )
    if kind in ("tier", "agreement"):
        for rate in document.get("rates", []):
            _rename_in(rate, names, contract="contract", role="role")
        for contract in document.get("contracts", []):
            _rename_in(contract, names, name="contract", services="service", block_factors="role")
            if "falls_to" in contract:
                contract["falls_to"] = _new_link(names, contract["falls_to"])
            for rate in contract.get("rates", []):
                _rename_in(rate, names, role="role")
            _rename_in(contract.get("excludes", {}), names, set="exclusion_set", **lists)
    if kind == "scenario":
        given = document["given"]
        _rename_in(given, names, client="client", role="role", sub_issue="sub_issue")
        if "start" in given:
            given["start"] = _new_link(names, given["start"])
        _rename_in(document["when"], names, work_type="work_type")
        _rename_in(document["then"], names, contract="contract", agreement="agreement")
    if kind == "waiver":
        subject, _, name = document["subject"].partition("/")
        new = _new_tier(names, name) if subject == "tier" else _new(names, subject, name)
        document["subject"] = f"{subject}/{new}"
    return document


@dataclass(frozen=True, slots=True)
class Added:
    """One exclusion added: where it stands, and what it excludes."""

    place: str
    dimension: str
    thing: str


def add_exclusion(
    documents: Sequence[Document], choices: Choices
) -> tuple[list[Document], Added] | None:
    """The catalogue with one exclusion more, or None where there is nothing to add it to.

    It goes to a bespoke contract, to a shared set, or, as an exception that sends a thing to none,
    to every contract of an agreement on a tier. Each cell, from each start, then either ends as
    before or goes on from where it ended: its old path begins its new one.
    """
    things = [
        (document["kind"], document["name"])
        for document in documents
        if document["kind"] in PLURALS
    ]
    changed = copy.deepcopy(list(documents))
    places: list[tuple[str, Document]] = []
    for document in changed:
        if document["kind"] == "exclusion_set":
            places.append((document["name"], document))
        if document["kind"] == "agreement":
            bespoke = document.get("contracts", [])
            places.extend((f"{document['name']}/{each['name']}", each) for each in bespoke)
            if not bespoke:
                places.append((document["name"], document))
    if not things or not places:
        return None
    dimension, thing = choices.pick(things)
    place, target = choices.pick(places)
    if target.get("kind") == "agreement":
        target.setdefault("exceptions", []).append(
            {
                dimension: thing,
                "goes_to": "none",
                "reason": "no longer included",
                "owner": "accounts@northwind.example",
            }
        )
    else:
        lists = target if "kind" in target else target.setdefault("excludes", {})
        names = lists.setdefault(PLURALS[dimension], [])
        if thing not in names:
            names.append(thing)
    return changed, Added(place, dimension, thing)
