"""What was told of families into an output folder, so that only what has changed is told again.

Nothing is written twice for it. A family's own files are known by their hashes; of what a file
that all clients share says of one of them, it is kept where it stands in that very file. So what is
kept is of use only while the folder's files are what they were, which whoever asks has to look at.

What is told of a family depends on its own documents, on those that all clients share, and on what
the compilation is made by. It is kept under a hash of these, as the results of a check are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing_dsl.store.kept import Rows, keep, load, made, tool
from billing_dsl.targets._in_short import InShort


@dataclass(frozen=True, slots=True)
class ToldFamily:
    """One family: the key of what was told of it, its clients in short, and its own files.

    Of a file its path and hash.
    """

    key: str
    in_short: tuple[InShort, ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stood:
    """Where the passages of one place and order stand in the place's file: whose each of them is,
    where it begins, and how long it is. The sequences are as long as one another.
    """

    place: str
    order: str
    clients: Sequence[str]
    begins: Sequence[int]
    lengths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told into an output folder: by families, and in files that all share.

    `shared` gives the hash of each of these files by its path.
    """

    families: Sequence[ToldFamily]
    shared: Mapping[str, str]
    passages: Sequence[Stood]


def load_told(name: str, key: str) -> Told | None:
    """What was told last of a catalogue, if it was with the same key and by the same tool."""
    state = load(f"{name}.told") if name else None
    if not isinstance(state, dict) or state.get("key") != [tool(), key]:
        return None
    rows = Rows(state["rows"])
    families = [
        ToldFamily(
            family,
            tuple([made(InShort, one, rows) for one in in_short]),
            tuple([(path, sha256) for path, sha256 in files]),
        )
        for family, in_short, files in state["families"]
    ]
    names = [short.client for family in families for short in family.in_short]
    passages = [
        Stood(place, order, [names[number] for number in numbers], begins, lengths)
        for place, order, numbers, begins, lengths in state["passages"]
    ]
    return Told(families, state["shared"], passages)


def keep_told(name: str, key: str, told: Told) -> None:
    """Keeps what was told of a catalogue, in place of what was told before."""
    rows = Rows([])
    families: list[Any] = [
        [family.key, [rows.pack(one) for one in family.in_short], family.files]
        for family in told.families
    ]
    names = [short.client for family in told.families for short in family.in_short]
    numbers = {name: number for number, name in enumerate(names)}
    passages = [
        [
            one.place,
            one.order,
            [numbers[name] for name in one.clients],
            list(one.begins),
            list(one.lengths),
        ]
        for one in told.passages
    ]
    keep(
        f"{name}.told",
        {
            "key": [tool(), key],
            "families": families,
            "shared": dict(told.shared),
            "passages": passages,
            "rows": rows.rows,
        },
    )
