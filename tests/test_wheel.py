"""The package as a user gets it: built, installed somewhere clean, used outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from billing_dsl import __version__
from tests.goldens import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.wheel]


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; it must end well. Nothing of this environment leaks into it."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source archive as an installer builds it: both are whole."""
    dist = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT, cwd=dist)
    [built] = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a clean environment that holds the wheel and what it needs."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=True)
    folder = home / ("Scripts" if sys.platform == "win32" else "bin")
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run(folder / "python", *install, "-c", ROOT / "constraints.txt", wheel, cwd=home)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that has nothing to do with the repository; its name has a space."""
    folder = tmp_path / "another place"
    folder.mkdir()
    return folder


def packed(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name
        }


def test_the_wheel_holds_the_package_and_the_schemas_and_nothing_else(wheel: Path) -> None:
    package, schemas = ROOT / "billing_dsl", ROOT / "schemas"
    expected = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {
        f"billing_dsl/schemas/{path.relative_to(schemas).as_posix()}": path.read_bytes()
        for path in schemas.rglob("*")
        if path.is_file()
    }
    found = packed(wheel)
    assert sorted(found) == sorted(expected)
    assert found == expected


def test_the_wheel_holds_what_the_tool_reads_at_run_time(wheel: Path) -> None:
    names = packed(wheel)
    assert "billing_dsl/py.typed" in names
    for start, end in [("schemas/", ".schema.json"), ("targets/", ".j2"), ("starter/", ".yaml")]:
        assert any(name.startswith(f"billing_dsl/{start}") and name.endswith(end) for name in names)


def test_what_is_installed_is_what_runs(scripts: Path, elsewhere: Path) -> None:
    where = run(
        scripts / "python", "-c", "import billing_dsl as b; print(b.__file__)", cwd=elsewhere
    )
    assert Path(where.strip()).resolve().is_relative_to(scripts.parent.resolve())
    assert __version__ in run(scripts / "billing-dsl", "--version", cwd=elsewhere)
    assert __version__ in run(scripts / "python", "-m", "billing_dsl", "--version", cwd=elsewhere)


def test_a_starter_catalogue_checks_clean_and_compiles(scripts: Path, elsewhere: Path) -> None:
    tool = scripts / "billing-dsl"
    run(tool, "init", "catalogue", cwd=elsewhere)
    run(tool, "check", "--fail-on", "warning", cwd=elsewhere)
    run(tool, "compile", "-o", "out", cwd=elsewhere)
    out = elsewhere / "out"
    assert (out / "manifest.json").is_file()
    assert (out / "autotask" / "requests.json").is_file()
    assert list((out / "documents").rglob("*.md"))
