"""A document as it is written, value by value with its place; kept only where places matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from billing_dsl.source.syntax import Trouble


class Shape(Enum):
    """What a value looks like on paper."""

    TEXT = "text"
    LIST = "list"
    MAPPING = "mapping"
    ALIAS = "alias"


@dataclass(slots=True)
class Node:
    """One value as written; `start` and `end` are positions in the file's text, `end` excluded.

    `style` is the quote or the block's sign, empty for plain text; `flow` says that it stands in
    brackets. In a mapping `keys` and
    `values` go in pairs; where reading stopped, the last key may lack its value.
    """

    shape: Shape
    start: int
    end: int
    text: str = ""
    style: str = ""
    flow: bool = False
    anchor: str | None = None
    tag: str | None = None
    keys: Sequence[Node] = ()
    values: Sequence[Node] = ()

    def pairs(self) -> Iterator[tuple[Node, Node | None]]:
        """Keys with their values, as far as they are written."""
        for place, key in enumerate(self.keys):
            yield key, self.values[place] if place < len(self.values) else None

    @property
    def is_plain(self) -> bool:
        """Whether it is text without quotes."""
        return self.shape is Shape.TEXT and not self.style

    @property
    def is_quoted(self) -> bool:
        """Whether it is text in quotes."""
        return self.style in ("'", '"')

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written where a value could be."""
        return self.is_plain and not self.text


@dataclass(frozen=True, slots=True)
class Outline:
    """One document of a file: where it stands, its values, and why its reading stopped.

    `root` is nothing where reading stopped before a first value, or never began: `unread`.
    """

    index: int
    start: int
    end: int
    root: Node | None
    trouble: Trouble | None = None
    unread: bool = False
