"""A firm whose jobs are run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.goldens import ROOT
from tests.unit.kit.firms import STARTER, Firm


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """A repository with a branch, and a `main` that has gone on since."""
    away = tmp_path_factory.mktemp("pattern")
    shutil.copytree(STARTER, away / "firm" / "catalogue")
    made = Firm(away / "firm", away)
    made.git("init", "-q", "-b", "main")
    made.commit({"README.md": "the catalogue\n"})
    made.git("checkout", "-q", "-b", "topic")
    made.head = made.commit({"notes.md": "a change\n"})
    made.git("checkout", "-q", "main")
    made.base = made.commit({"later.md": "main goes on\n"})
    made.git("checkout", "-q", "topic")
    return made


@pytest.fixture
def firm(pattern: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """The repository, in which somebody stands on the branch."""
    folder, away = tmp_path / "firm", tmp_path / "away"
    away.mkdir()
    shutil.copytree(pattern.folder, folder, symlinks=True)
    made = Firm(folder, away, pattern.base, pattern.head)
    made.answers()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{made.tool('new').parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GIT_", "BILLING_DSL_B")) or name in (
            "GITLAB_CI",
            "TF_BUILD",
        ):
            monkeypatch.delenv(name)
    return made
