"""What tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.running import GAP, Command, catalogue


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    """`run("check", folder)`: the command line in this process."""
    return Command(capsys)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The small catalogue, which has no findings."""
    return catalogue(tmp_path / "clean")


@pytest.fixture
def gap(tmp_path: Path) -> Path:
    """The small catalogue with one gap."""
    return catalogue(tmp_path / "gap", GAP)
