"""One tree of files takes another's place: what differs is exchanged, by renaming and nothing else.

Meanwhile the tree is out of sight. Every step is written down before the first one is taken, so
that a run that fails undoes them, and the next run those of one that was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

NEW = "new"
"""The folder of a working place with the files that are not there already."""

OUT = "out"
"""The tree itself in a working place, while it is out of sight."""

OLD = "old"
"""What was there in place of the new."""

STEPS = "steps.json"

Step: TypeAlias = tuple[str, str]
"""What is renamed, and to what, in the working place."""


def steps(present: Iterable[str], wanted: Iterable[str], same: Collection[str]) -> list[Step]:
    """What has to be renamed so that a tree of the files `present` becomes one of those `wanted`.

    Files that are the `same` stay, and so do the folders that hold one of them. Of anything else
    only the outermost folder is renamed, with all that is in it.
    """
    staying = {""}
    for path in same:
        folder = os.path.dirname(path)
        while folder not in staying:
            staying.add(folder)
            folder = os.path.dirname(folder)
    leaving = {_outermost(path, staying) for path in present if path not in same}
    coming = {_outermost(path, staying) for path in wanted if path not in same}
    found: list[Step] = []
    for number, path in enumerate(sorted(leaving | coming)):
        if path in leaving:
            found.append((f"{OUT}/{path}", f"{OLD}/{number}"))
        if path in coming:
            found.append((f"{NEW}/{path}", f"{OUT}/{path}"))
    return found


def _outermost(path: str, staying: Collection[str]) -> str:
    """A file, or the outermost of its folders that does not stay."""
    while (folder := os.path.dirname(path)) not in staying:
        path = folder
    return path


def write_down(place: str, steps: Sequence[Step]) -> None:
    """Puts the steps down in a working place. The disk has to hold them before any is taken."""
    os.mkdir(f"{place}/{OLD}")
    with open(f"{place}/{STEPS}", "x", encoding="utf-8") as file:
        json.dump(steps, file)


def exchange(place: str, out: str, steps: Iterable[Step]) -> None:
    """Takes the steps. Where one cannot be taken, everything is as it was before."""
    os.replace(out, f"{place}/{OUT}")
    try:
        for source, target in steps:
            os.replace(f"{place}/{source}", f"{place}/{target}")
        os.replace(f"{place}/{OUT}", out)
    except BaseException:
        undo(place, out)
        raise


def undo(place: str, out: str) -> None:
    """Puts back a tree that is out of sight, as it was, however many steps had been taken."""
    for source, target in reversed(_written_down(place)):
        if os.path.lexists(f"{place}/{target}") and not os.path.lexists(f"{place}/{source}"):
            os.replace(f"{place}/{target}", f"{place}/{source}")
    os.replace(f"{place}/{OUT}", out)


def _written_down(place: str) -> list[Step]:
    """The steps of a working place: none where it was left before they were on the disk."""
    with contextlib.suppress(OSError, ValueError):
        with open(f"{place}/{STEPS}", encoding="utf-8") as file:
            found: Any = json.load(file)
        return [(source, target) for source, target in found]
    return []


def out_of_sight(place: str) -> bool:
    """Whether a working place holds the tree itself."""
    return os.path.lexists(f"{place}/{OUT}")
