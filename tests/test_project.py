"""The project's own housekeeping: what is pinned, what is excused, how files end."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.golden import ROOT

# How often our code asks to be excused. These numbers only go down; whoever raises one says why in
# the commit.
EXCUSES = {"pragma: no cover": 0, "type: ignore": 0, "noqa": 0}
CODE = ("billing_dsl", "tests", "bench")

# Compared byte by byte, so they may hold anything; see .gitattributes.
EXACT = ("tests/golden/", "tests/data/")
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


def requirement_name(requirement: str) -> str:
    """The distribution that a requirement names, spelt the one way that registries compare."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


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


def test_every_declared_dependency_has_a_pin() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = declared["project"]
    requirements = [
        *declared["build-system"]["requires"],
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [requirement_name(line) for line in pins if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", pin) for pin in pins if not pin.startswith("#"))
    assert sorted(set(pinned)) == pinned
    assert {requirement_name(requirement) for requirement in requirements} <= set(pinned)


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("PyYAML>=6", "pyyaml"), ("tzdata; sys_platform == 'win32'", "tzdata"), ("a_b.c", "a-b-c")],
)
def test_a_requirement_names_its_distribution(requirement: str, name: str) -> None:
    assert requirement_name(requirement) == name


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
