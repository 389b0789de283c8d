"""What installs the tool, really done: the version before an upgrade, and the container's steps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import review
from kit.review import Pin
from tests.goldens import ROOT
from tests.unit.kit import recipes
from tests.unit.kit.firms import AUTHOR, Firm

pytestmark = [pytest.mark.slow, pytest.mark.wheel]


def clone(folder: Path) -> str:
    """A clone of this repository with a version before that bills all rates one higher."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            env={**os.environ, **AUTHOR},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    git("clone", "--quiet", str(ROOT), str(folder))
    routes = folder / "billing_dsl" / "targets" / "routes.py"
    text = routes.read_text(encoding="utf-8")
    assert "money.text(landing.rate)" in text
    routes.write_text(text.replace("money.text(landing.rate)", "money.text(landing.rate + 1)"))
    git("-C", str(folder), "commit", "--quiet", "--all", "-m", "as it was before")
    return git("-C", str(folder), "rev-parse", "HEAD")


@pytest.mark.skipif(
    sys.platform == "win32", reason="the stand-in for the new one is a shell script"
)
def test_the_version_before_is_installed_and_asked(
    firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = clone(tmp_path / "tool")
    source = f"file://{tmp_path / 'tool'}"
    pins = f"export BILLING_DSL_REPOSITORY={source}\n# and\nexport BILLING_DSL_REF={{}}\n"
    firm.git("checkout", "-q", "-B", "main", firm.git("merge-base", firm.base, firm.head))
    firm.base = firm.commit({"bitbucket-pipelines.yml": pins.format(commit)})
    firm.git("checkout", "-q", "-B", "topic")
    firm.head = firm.commit({"bitbucket-pipelines.yml": pins.format("5" * 40)})
    assert review.pin_at(firm.base, {}) == Pin(source, commit)
    firm.tool("new", real=True)
    monkeypatch.delenv("PYTHONPATH")  # or the version before would be this one
    assert review.main(firm.variables()) == 0
    assert f"### The tool itself: `{commit[:12]}` → `555555555555`\n" in firm.comment
    assert "| rate 81.00 | rate 80.00 |" in firm.comment
    assert firm.git("status", "--porcelain") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="containers of this file run Linux")
def test_the_containers_steps_make_a_tool_that_runs(tmp_path: Path) -> None:
    """What builds it, in a folder that holds just what is copied."""
    steps = recipes.instructions()
    source, made = tmp_path / "src", tmp_path / "billing-dsl"
    source.mkdir()
    for copied in (rest.split() for name, rest in steps if name == "COPY" and "--" not in rest):
        for path in copied[:-1]:
            if (ROOT / path).is_dir():
                shutil.copytree(ROOT / path, source / path)
            else:
                shutil.copy(ROOT / path, source / path)
    build = next(rest for name, rest in steps if name == "RUN" and "venv" in rest)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH", raising=False)
        script = build.replace("/opt/billing-dsl", str(made))
        done = subprocess.run(
            ["bash", "-e", "-c", script.replace("python -m venv", f"{sys.executable} -m venv")],
            cwd=source,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        shutil.rmtree(source)
        asked = [
            made / "bin" / "billing-dsl",
            "compile",
            ROOT / "catalogue",
            "-o",
            tmp_path / "out",
        ]
        subprocess.run([*map(str, asked), "--quiet"], cwd=tmp_path, check=True)
    assert (tmp_path / "out" / "manifest.json").exists()
