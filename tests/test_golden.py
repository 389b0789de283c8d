"""Small catalogues with one thing wrong each, and what is said of it, to the letter.

Each folder of `tests/golden` is a case: a README of one line, a `catalogue`, and the `findings.txt`
that `check` prints for it. A case is checked as of 15 January 2027, with the house rules that it
has.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from billing_dsl.cli import main
from tests.goldens import Golden

CASES = Path(__file__).with_name("golden")


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_case_is_told_as_expected(
    golden: Golden,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    monkeypatch.chdir(CASES / case)
    asked = ["--house-rules"] if Path("catalogue/rules").is_dir() else []
    code = main(["check", "--as-of", "2027-01-15", *asked])
    printed = capsys.readouterr()
    assert printed.err == ""
    golden(CASES / case / "findings.txt", printed.out)
    assert code == (1 if "error[" in printed.out else 0)


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_case_says_in_one_line_what_it_shows(case: str) -> None:
    text = (CASES / case / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") == 1
    assert text.endswith(".\n")
    assert {path.name for path in (CASES / case).iterdir()} == {
        "README.md",
        "catalogue",
        "findings.txt",
    }
