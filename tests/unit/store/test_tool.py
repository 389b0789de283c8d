"""Which tool keeps a result: any change of its own files makes it another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import billing_dsl
from billing_dsl.model.validate import schema_folder
from billing_dsl.store import kept

PACKAGE = Path(billing_dsl.__file__).parent


@pytest.mark.parametrize(
    "file",
    [
        PACKAGE / "rules" / "uncovered_work.py",
        PACKAGE / "book" / "expand.py",
        PACKAGE / "store" / "kept.py",
        Path(str(schema_folder())) / "tier.schema.json",
    ],
)
def test_a_change_of_any_of_its_files_makes_another_tool(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.tool.__wrapped__()
    real = os.stat

    def later(path: str, **rest: bool) -> os.stat_result:
        status = real(path, **rest)
        if str(path) == str(file):
            return os.stat_result((*status[:6], status.st_size + 1, *status[7:]))
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", later)
        after = kept.tool.__wrapped__()
    assert after != before
    assert kept.tool.__wrapped__() == before
