"""A catalogue in which somebody has changed one or two things."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices


def edited(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """A catalogue in which somebody has changed one or two things."""
    changed = copy.deepcopy(list(documents))
    for _ in range(choices.whole(1, 2)):
        places = list(_places(changed))
        container, key = choices.pick(places)
        value = container[key]
        if isinstance(value, bool):
            container[key] = not value
        elif value is None or isinstance(value, str):  # where a kind of work ends
            container[key] = choices.pick(_ends(changed, container, value))
        else:
            container[key] = value + choices.whole(1, 9)
    return changed


def _places(value: Any, above: str = "") -> Iterator[tuple[Any, Any]]:
    """Amounts, hours and ends of kinds of work, wherever they stand."""
    keys = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(keys):
        if key in ("format", "version"):
            continue
        if isinstance(inner, (dict, list)):
            yield from _places(inner, str(key))
        elif not isinstance(inner, (str, type(None))) or above == "scope":
            yield value, key


def _ends(documents: Sequence[Document], scope: Any, old: str | None) -> list[str | None]:
    for document in documents:
        if document.get("scope") is scope and "contracts" in document:
            return [contract["name"] for contract in document["contracts"]]
    return [old]
