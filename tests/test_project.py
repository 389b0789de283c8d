"""The project's own housekeeping: what is pinned, what is excused, how files end."""

from __future__ import annotations

import io
import subprocess
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.goldens import ROOT

# How often our code asks to be excused. These numbers only go down; whoever raises one says why in
# the commit.
EXCUSES = {"pragma: no cover": 0, "type: ignore": 0, "noqa": 0}
CODE = ("billing_dsl", "docs/kit", "tests", "bench")

# Compared byte by byte, so they may hold anything; see .gitattributes.
EXACT = ("tests/golden/", "tests/data/")
NO_EXTRA = {"extra": ""}
BINARY = (".png", ".ico", ".woff2", ".gz", ".zip")


def tracked() -> list[Path]:
    """The text files of the repository whose bytes are ours to choose, as git lists them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [
        path
        for name in listed.stdout.decode().split("\0")
        if name
        and not name.startswith(EXACT)
        and not name.endswith(BINARY)
        and (path := ROOT / name).is_file()
    ]


def comments(path: Path) -> list[str]:
    source = io.BytesIO(path.read_bytes())
    return [
        token.string
        for token in tokenize.tokenize(source.readline)
        if token.type == tokenize.COMMENT
    ]


def needed(requirements: Iterable[str]) -> set[str]:
    """The distributions that requirements name, and what those need, as far as installed here."""
    names: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name in names:
            continue
        names.add(name)
        with suppress(metadata.PackageNotFoundError):
            further = [Requirement(text) for text in metadata.requires(name) or ()]
            waiting += [one for one in further if not one.marker or one.marker.evaluate(NO_EXTRA)]
    return names


def test_excuses_only_become_fewer() -> None:
    asked = Counter(
        excuse
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        for comment in comments(path)
        for excuse in EXCUSES
        if excuse in comment
    )
    assert {excuse: asked[excuse] for excuse in EXCUSES} == EXCUSES


def test_everything_needed_has_a_pin() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = declared["project"]
    extras = project["optional-dependencies"].values()
    requirements = [
        *declared["build-system"]["requires"],
        *project["dependencies"],
        *(requirement for extra in extras for requirement in extra),
    ]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    names = [canonicalize_name(pin.name) for pin in pins]
    assert [str(pin) for pin in pins if not str(pin.specifier).startswith("==")] == []
    assert names == sorted(set(names))
    assert needed(requirements) - set(names) == set()


def test_text_files_are_utf8_with_unix_line_ends() -> None:
    offences = []
    for path in tracked():
        content = path.read_bytes()
        content.decode()
        if b"\r" in content or (content and not content.endswith(b"\n")):
            offences.append(path.relative_to(ROOT).as_posix())
    assert offences == []


def test_paths_differ_by_more_than_case() -> None:
    """macOS and Windows keep one of two files whose names differ by case alone."""
    folded = Counter(path.relative_to(ROOT).as_posix().casefold() for path in tracked())
    assert [name for name, count in folded.items() if count > 1] == []
