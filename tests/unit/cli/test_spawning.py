"""A script that calls the command line, unguarded, on a catalogue large enough for two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from billing_dsl.cli import workers
from tests.unit.cli.running import AS_OF, ROOT, catalogue

CLIENT = "format: 1\nkind: client\nname: c{0}\nlegal_name: Client {0}\n"


@pytest.mark.parametrize(
    "asked", [["check"], ["why", "acme", "project-work", "--on", "2027-03-01"]]
)
def test_a_script_is_not_run_again(tmp_path: Path, asked: list[str]) -> None:
    folder = catalogue(tmp_path / "large")
    for number in range(workers.MANY):
        (folder / f"clients/c{number}.yaml").write_text(CLIENT.format(number))
    arguments = [*asked, str(folder), "--as-of", AS_OF]
    script = tmp_path / "script.py"
    script.write_text(
        "import billing_dsl.cli\n"
        "print('begins')\n"
        f"print('ends with', int(billing_dsl.cli.main({arguments!r})))\n"
    )
    ran = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BILLING_DSL_CACHE": "off"},
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout.count("begins") == 1
    assert "ends with 0" in ran.stdout


def test_there_are_as_many_processes_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert workers.workers() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    for processors, processes in ((None, 1), (64, 8)):
        monkeypatch.setattr(os, "cpu_count", lambda known=processors: known)
        assert workers.workers() == processes
