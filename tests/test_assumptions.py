"""The page of assumptions is what the code says, and every finding's assumption is on it."""

from __future__ import annotations

import ast

from billing_dsl.analysis.assumptions import ASSUMPTIONS, MARKS, assumptions, page, slug
from tests.goldens import ROOT, Golden


def test_the_page_is_up_to_date(golden: Golden) -> None:
    golden(ROOT / "docs/assumptions.md", page())


def test_each_has_a_name_of_its_own() -> None:
    assert len(assumptions()) == len(ASSUMPTIONS) == 43
    for found in ASSUMPTIONS:
        assert found.slug == slug(found.title)
        assert set(found.marks.split()) <= set(MARKS)


def test_each_speaks_in_sentences() -> None:
    for found in ASSUMPTIONS:
        assert found.unknown[0].isupper()
        assert found.unknown.endswith(".")
        assert found.model[0].isupper() or found.model[0].isdigit()
        assert found.model.endswith(".")
        assert not found.shown.endswith(".")


def test_a_finding_rests_on_an_assumption_of_the_page() -> None:
    named = {
        keyword.value.value
        for path in sorted((ROOT / "billing_dsl").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "assumption" and isinstance(keyword.value, ast.Constant)
    }
    assert named
    assert named - {"", *assumptions()} == set()


def test_the_names_that_waivers_and_scripts_may_rely_on() -> None:
    promised = """broken-path blank-exclusion-contract loops foreign-exclusion-contract
    unusual-exclusion-contract-types after-hours-and-exclusions starting-contract new-work-types
    inactive-sets sub-issues-by-hand exhausted-block same-start-blocks rounding
    decimal-entries-never-split longest-term pre-excluded-types work-type-names umbrella"""
    assert set(promised.split()) <= set(assumptions())
