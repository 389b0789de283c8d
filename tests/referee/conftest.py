"""Where the judges are. `make referee` installs them; without npm nothing is judged."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.goldens import ROOT
from tests.referee.description import Description


@pytest.fixture(scope="session")
def judges() -> Path:
    """The folder into which the judges are installed."""
    folder = ROOT / ".referee-npm"
    if (folder / ".installed").is_file():
        return folder
    if shutil.which("npm") or os.environ.get("CI"):
        pytest.fail("the judges are not installed: `make referee` does it, by npm", pytrace=False)
    pytest.skip("the judges come by npm, which is not here: nothing is judged")


@pytest.fixture(scope="session")
def description(judges: Path) -> Description:
    """The vendor's description of its API."""
    return Description((judges / "autotask.net.json").read_bytes())
