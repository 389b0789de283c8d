"""One YAML document as plain values, or the remains of a broken one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from billing_dsl.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, read: dicts, lists, text, int, Decimal, bool and None, nothing else.

    `index` counts the documents of its file from 0. Every key is text; a number is an int or a
    Decimal made from its own text, never a float; a date stays text.
    """

    path: str
    index: int
    value: dict[str, Any]

    def at(self, *route: str | int, key: bool = False) -> Place:
        """The place of a value of this document."""
        return Place(self.path, self.index, route, key)


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that could not be read; `kind` and `name` where its text still shows them.

    References to it are not reported as unknown. With an empty `name`, any reference may mean it.
    `client` is whose agreement it is; empty where that does not show, or for any other kind.
    """

    path: str
    index: int
    kind: str = ""
    name: str = ""
    client: str = ""
