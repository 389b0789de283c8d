"""What is said of a name whose document is there, but broken: not that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.running import Command

DAY = "2027-03-01"


def broken(folder: Path, path: str, word: str) -> None:
    file = folder / path
    file.write_text(file.read_text().replace(word, f"{word}s", 1))


@pytest.mark.parametrize(
    ("path", "word", "asked", "said"),
    [
        ("clients/acme.yaml", "legal_name", ["why", "acme", "project-work"], "client `acme`"),
        ("clients/acme.yaml", "legal_name", ["graph", "acme"], "client `acme`"),
        ("clients/acme.yaml", "term", ["show", "agreement", "acme-2027"], "agreement `acme-2027`"),
        ("tiers/silver.yaml", "effective", ["show", "tier", "silver"], "tier `silver`"),
        ("services.yaml", "period", ["show", "service", "seat"], "service or service bundle"),
        ("roles.yaml", "rate", ["why", "acme", "project-work", "--role", "engineer"], "`engineer`"),
        ("work-types.yaml", "title", ["why", "globex", "remote-support"], "work type"),
        (
            "sub-issues.yaml",
            "issue:",
            ["why", "globex", "project-work", "--sub-issue", "printer"],
            "sub-issue",
        ),
    ],
)
def test_a_broken_document_is_called_broken(
    run: Command, clean: Path, path: str, word: str, asked: list[str], said: str
) -> None:
    broken(clean, path, word)
    ran = run(*asked[:3], clean, *asked[3:])
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "is broken" in ran.err


@pytest.mark.parametrize(
    ("path", "word", "said"),
    [
        ("roles.yaml", "rate", "left out, because broken: role `engineer`; see"),
        ("sub-issues.yaml", "kind", "an agreement of client `globex`, perhaps; see"),
        ("clients/acme.yaml", "client:", "an agreement of client `globex`, perhaps; see"),
        ("clients/acme.yaml", "term", ""),
        ("services.yaml", "period", ""),
    ],
)
def test_an_answer_says_what_it_leaves_out(
    run: Command, clean: Path, path: str, word: str, said: str
) -> None:
    whole = run("why", "globex", "project-work", clean, "--on", DAY)
    assert (whole.code, whole.err) == (0, "")
    broken(clean, path, word)
    for question in (["why", "globex", "project-work"], ["graph", "globex"]):
        ran = run(*question, clean, "--on", DAY)
        assert ran.code == 0
        assert said in ran.err
        assert bool(ran.err) == bool(said)


def test_a_client_whose_agreement_is_broken_is_told_so(run: Command, clean: Path) -> None:
    broken(clean, "clients/acme.yaml", "term")
    ran = run("why", "acme", "project-work", clean, "--on", DAY)
    assert ran.code == 0
    assert "An agreement of it may be broken: see `billing-dsl check`." in ran.out
    assert "It has no agreement" not in ran.out
    ran = run("why", "acme", "project-work", clean, "--on", DAY, "--start", "block")
    assert ran.code == 2
    assert "An agreement of it may be broken: see `billing-dsl check`." in ran.err
