"""The same catalogue gives the same bytes, whatever machine, day or folder it is compiled on."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "catalogue"
AS_OF = "2027-01-15"
FORMS = ("--forms", "md,html,docx,pdf")

REVERSED = """
import os, sys
scan = os.scandir
class Entries:
    def __init__(self, found): self.found = sorted(found, key=lambda entry: entry.name)
    def __iter__(self): return self
    def __next__(self):
        if not self.found: raise StopIteration
        return self.found.pop()
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
os.scandir = lambda *folder: Entries(scan(*folder))
listed = os.listdir
os.listdir = lambda *folder: sorted(listed(*folder), reverse=True)
from billing_dsl.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The command on a machine whose folders are listed in reverse."""


def compiled(out: Path, program: str = "", **environment: str) -> Path:
    """The folder that is written."""
    start = ["-c", program] if program else ["-m", "billing_dsl"]
    done = subprocess.run(
        [
            sys.executable,
            *start,
            "compile",
            str(CATALOGUE),
            "-o",
            str(out),
            "--as-of",
            AS_OF,
            *FORMS,
        ],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment},
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out


def hashes(out: Path) -> dict[str, str]:
    """The hash of each file of a folder, by path."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the shipped catalogue compiles to."""
    return compiled(tmp_path_factory.mktemp("first") / "out")


FAR_AWAY = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}


def test_far_away_where_folders_are_listed_in_reverse_all_is_the_same(
    first: Path, tmp_path: Path
) -> None:
    there = compiled(tmp_path / "deeper" / "elsewhere", REVERSED, **FAR_AWAY)
    assert hashes(there) == hashes(first)


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        FAR_AWAY,
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        {"FORCE_COLOR": "1", "COLUMNS": "20", "SOURCE_DATE_EPOCH": "0"},
    ],
    ids=["far away", "Turkish", "plain letters", "a narrow terminal"],
)
def test_the_environment_changes_nothing(
    first: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    assert hashes(compiled(tmp_path / "out", **environment)) == hashes(first)


@pytest.mark.slow
def test_the_order_in_which_folders_are_listed_changes_nothing(first: Path, tmp_path: Path) -> None:
    assert hashes(compiled(tmp_path / "out", REVERSED)) == hashes(first)


@pytest.mark.slow
def test_writing_over_an_earlier_folder_changes_nothing(first: Path, tmp_path: Path) -> None:
    compiled(tmp_path / "out")
    assert hashes(compiled(tmp_path / "out")) == hashes(first)


def test_the_manifest_names_no_machine_and_no_moment(first: Path) -> None:
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == {"version", "tool", "tool_version", "as_of", "catalogue", "files"}
    for path in first.rglob("*"):
        if path.is_file():
            assert str(first.parent).encode() not in path.read_bytes()
            assert str(ROOT).encode() not in path.read_bytes()


EVERY_FORMAT = """
from billing_dsl.cli import main
for form in ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson"):
    assert main(["check", "--format", form, "--as-of", "2027-01-15"]) == 1
"""


def test_findings_are_told_alike_everywhere(tmp_path: Path) -> None:
    for path in CATALOGUE.rglob("*.yaml"):
        copy = tmp_path / "catalogue" / path.relative_to(CATALOGUE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes().replace(b": hourly", b": none"))

    def told(program: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    first = told(EVERY_FORMAT, PYTHONHASHSEED="0")
    assert first.count("BD") > 100
    program = REVERSED.replace("sys.exit(main(sys.argv[1:]))\n", "") + EVERY_FORMAT
    assert told(program, PYTHONHASHSEED="1", TZ="Pacific/Kiritimati") == first
