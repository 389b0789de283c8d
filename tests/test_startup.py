"""What a start imports: judged by `sys.modules`, not by a clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from billing_dsl import __version__
from billing_dsl.store import kept
from tests.goldens import ROOT
from tests.test_architecture import DOORS, LAZY, MADE_OF, PACKAGE, places
from tests.unit.cli.running import AS_OF, catalogue

MODULES = [f"billing_dsl.{name}".rstrip(".") for _, name in places(PACKAGE)]

# Run as a process of its own: this one has imported everything already.
RUN = """
import json, sys
from billing_dsl.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit:
    pass
finally:
    print()
    print(json.dumps(sorted(sys.modules)))
"""
IMPORT = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def python(*arguments: str, **environment: str) -> str:
    """What a fresh interpreter prints; a warning ends it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(printed: str) -> set[str]:
    """The libraries among the modules that the last line printed lists."""
    names: list[str] = json.loads(printed.splitlines()[-1])
    return set(names) & set(DOORS)


@pytest.mark.parametrize(
    ("option", "shown"), [("--help", "Usage:"), ("--version", __version__)], ids=lambda text: text
)
def test_a_question_about_the_command_imports_no_library_but_click(option: str, shown: str) -> None:
    printed = python("-c", RUN, json.dumps([option]))
    assert shown in printed
    assert loaded(printed) == {"click"}


def test_no_module_imports_a_heavy_library_before_it_is_used() -> None:
    behind = {f"billing_dsl.{name}" for name in MADE_OF}
    names = [name for name in MODULES if name not in {"billing_dsl.__main__", *behind}]
    assert loaded(python("-c", IMPORT, json.dumps(names))) & LAZY == set()


def test_a_check_after_a_change_imports_nothing_that_makes_outputs(tmp_path: Path) -> None:
    folder = catalogue(tmp_path / "catalogue")
    environment = {kept.VARIABLE: str(tmp_path / "kept")}
    arguments = json.dumps(["check", str(folder), "--as-of", AS_OF])
    names: list[str] = []
    for _ in range(2):
        client = folder / "clients/acme.yaml"
        client.write_bytes(client.read_bytes() + b"# seen\n")
        names = json.loads(python("-c", RUN, arguments, **environment).splitlines()[-1])
    assert "billing_dsl.pipeline" in names
    units = {".".join(name.split(".")[:2]) for name in names if name.startswith("billing_dsl.")}
    assert units.isdisjoint({"billing_dsl.targets", "billing_dsl.languages", "billing_dsl.telling"})
    assert "multiprocessing.connection" not in names  # coverage imports the package itself


def test_the_package_runs_as_a_module() -> None:
    assert __version__ in python("-m", "billing_dsl", "--version")
