"""Other names for clients, where a review is read by people who must not know who they are.

What a client's own documents say of it is told nowhere: names, numbers, addresses, reasons, owners.
The names that take their place are drawn by the catalogue's hash, which no masked output tells, so
that neither their numbers nor their order say anything of those they stand for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from billing_dsl.model.declaration import Head
from billing_dsl.report._visible import visible

SHORTEST = 3
"""Letters of a text of a client's documents that is looked for in other texts."""

HIDDEN = "(hidden)"

# Words of the language, and what is one of a few for everybody.
_OF_THE_LANGUAGE = frozenset(
    {
        *("format", "kind", "name", "type", "period", "version", "currency", "language", "country"),
        *("tax_region", "category", "tier", "services", "work_type", "role", "sub_issue"),
        *("contract", "goes_to", "falls_to", "excludes", "start", "end", "from", "until", "term"),
        *("extend_by", "notice", "date", "services_at", "method"),
    }
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mask:
    """Gives clients, agreements and people other names, the same one each time."""

    clients: Mapping[str, str]
    agreements: Mapping[str, str]
    _texts: Mapping[str, tuple[tuple[str, str, int], ...]]
    """What identifies somebody, by its first word, in small letters: each text with what stands for
    it, and how long it is as it was written.
    """
    _people: dict[str, str] = field(default_factory=dict)

    def client(self, name: str) -> str:
        """What a client is called."""
        return self.clients.get(name, HIDDEN)

    def agreement(self, name: str) -> str:
        """What an agreement is called; nothing of none."""
        return self.agreements.get(name, HIDDEN) if name else ""

    def person(self, who: str) -> str:
        """What somebody who is asked is called."""
        return self._people.setdefault(who, f"person-{len(self._people) + 1}")

    def subject(self, subject: str) -> str:
        """A document as findings name it: only what belongs to one client has another name."""
        kind, slash, name = subject.partition("/")
        match kind:
            case "client":
                return f"{kind}/{self.client(name)}"
            case "agreement":
                return f"{kind}/{self.agreement(name)}"
            case "scenario" | "waiver":
                return f"{kind}/{HIDDEN}"
            case _:
                return self.text(f"{kind}{slash}{name}")

    def contract(self, contract: str) -> str:
        """A contract, by its name or as AGREEMENT/CONTRACT."""
        agreement, slash, name = contract.rpartition("/")
        return f"{self.agreement(agreement)}{slash}{self.text(name)}"

    def text(self, text: str) -> str:
        """A text in which somebody may be named."""
        found: list[str] = []
        place = 0
        for word in _WORD.finditer(text):
            if word.start() < place:
                continue
            for known, other, length in self._texts.get(word.group().casefold(), ()):
                end = word.start() + length
                if text[word.start() : end].casefold() == known and _ends(text, end):
                    found += (text[place : word.start()], other)
                    place = end
                    break
        return "".join((*found, text[place:])) if place else text


def _ends(text: str, place: int) -> bool:
    return place >= len(text) or not (text[place].isalnum() and text[place - 1].isalnum())


def mask(documents: Iterable[tuple[Head, Mapping[str, Any]]], key: str) -> Mask:
    """The mask for all clients that some documents are about; `key` is known to nobody else."""
    clients: set[str] = set()
    agreements: set[str] = set()
    others: set[str] = set()
    for head, value in documents:
        if head.kind == "client":
            clients.add(head.name)
        elif head.kind == "agreement":
            agreements.add(head.name)
        if head.kind in ("client", "agreement"):
            others.update(_texts(value))
    names = {name: f"client-{n}" for n, name in enumerate(_drawn(clients, key), 1)}
    signed = {name: f"agreement-{n}" for n, name in enumerate(_drawn(agreements, key), 1)}
    texts = dict.fromkeys(others - clients - agreements, HIDDEN) | signed | names
    by_word: dict[str, list[tuple[str, str, int]]] = {}
    for text, other in texts.items():
        first = _WORD.search(text)
        if first is not None and len(text) >= SHORTEST:
            known = text[first.start() :]
            held = known.casefold(), other, len(known)
            by_word.setdefault(first.group().casefold(), []).append(held)
    return Mask(
        names,
        signed,
        {word: tuple(sorted(held, key=_longest_first)) for word, held in by_word.items()},
    )


def _longest_first(held: tuple[str, str, int]) -> tuple[int, str]:
    return -held[2], held[0]


def _drawn(names: Iterable[str], key: str) -> list[str]:
    """Names in an order that nobody can tell without the key."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{key}\0{name}".encode()).digest())


def _texts(value: Any, field_: str = "") -> Iterator[str]:
    """What a document of a client says in words of its own."""
    if field_ in _OF_THE_LANGUAGE:
        return
    if isinstance(value, str):
        yield value
        yield visible(value)
    elif isinstance(value, Mapping):
        for name, held in value.items():
            yield from _texts(held, str(name))
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from _texts(held, field_)
