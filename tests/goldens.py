"""Expected outputs under version control: compared byte by byte, rewritten only when asked to."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HINT = "if the change is meant: `make golden`, then read the diff before committing it"


@dataclass(frozen=True)
class Golden:
    """Compares what the tool gives with a file or a folder of expected outputs.

    With `update` it writes them instead. Text is compared as its UTF-8 bytes, line ends included.
    """

    update: bool

    def __call__(self, expected: Path, actual: str | bytes) -> None:
        """The file holds exactly this."""
        self._settle(expected.parent, {expected.name: actual}, {expected.name})

    def folder(self, expected: Path, actual: Mapping[str, str | bytes]) -> None:
        """The folder holds exactly these files, by their paths with `/`, and no others."""
        present = {
            path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()
        }
        self._settle(expected, actual, present | set(actual))

    def _settle(self, folder: Path, actual: Mapping[str, str | bytes], names: set[str]) -> None:
        differences = []
        for name in sorted(names):
            path = folder / name
            before = path.read_bytes() if path.is_file() else None
            given = actual.get(name)
            after = given.encode() if isinstance(given, str) else given
            if before == after:
                continue
            if self.update:
                _write(path, after)
            else:
                differences.append(_difference(_shown(path), before, after))
        if differences:
            pytest.fail("\n\n".join([*differences, HINT]), pytrace=False)


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _difference(name: str, before: bytes | None, after: bytes | None) -> str:
    if before is None:
        return f"{name} is expected nowhere: no such file"
    if after is None:
        return f"{name} is expected, but was not given"
    lines = difflib.unified_diff(
        _lines(before), _lines(after), f"{name} (expected)", f"{name} (given)", lineterm=""
    )
    return "\n".join(lines)


def _lines(content: bytes) -> list[str]:
    """The lines, with what cannot be seen made visible; a missing last line end shows too."""
    lines = content.decode(errors="backslashreplace").split("\n")
    if lines[-1]:
        lines[-1] += "\\ no line end"
    else:
        lines.pop()
    return [line.replace("\r", "\\r") for line in lines]


def _shown(path: Path) -> str:
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()
