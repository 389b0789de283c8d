"""Every code's page: its examples do what they say, and the documentation holds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from billing_dsl import pipeline
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.rules import rules
from billing_dsl.rules._examples import (
    AS_OF,
    Example,
    completed,
    examples,
    parts,
    prose,
    with_files,
)
from billing_dsl.rules._pages import file_name, index_page, rule_page
from billing_dsl.templates import understand
from billing_dsl.verdict import pages, verdict, waivable
from tests.goldens import Golden
from tests.unit.tenant import telling

DOCS = Path(__file__).parents[1] / "docs" / "rules"

NO_EXAMPLE = {"BD020", "BD540", "BD541"}
"""Codes of what no text of a catalogue can show."""


def found(example: Example) -> list[Diagnostic]:
    """What is found in an example, completed as `rules/_examples.py` says.

    Where it has a tenant, what is found about that alone.
    """
    catalogue, tenant = parts(example.text)
    if tenant:
        return telling.diagnostics(catalogue, tenant)
    catalogue, templates = with_files(example.text)
    files = completed(catalogue)
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    own = understand(templates)
    checked = pipeline.check(readings, AS_OF, rules(), templates=own)
    waivers = checked.common.waivers
    result = verdict(checked.found, waivers, AS_OF, checked.partial, files.__getitem__)
    return list(result.diagnostics)


EXAMPLES = [
    pytest.param(code, example, id=f"{code}-{'fails' if example.fails else 'passes'}-{number}")
    for code, page in pages().items()
    for number, example in enumerate(examples(page.text))
]


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_an_example_does_what_it_says(code: str, example: Example) -> None:
    codes = {f"{one.code} {one.message}" for one in found(example)}
    if example.fails:
        assert {one.split()[0] for one in codes} == {code}, codes
    else:
        assert codes == set()


@pytest.mark.parametrize("code", pages())
def test_every_page_has_examples_of_both_kinds(code: str) -> None:
    kinds = {example.fails for example in examples(pages()[code].text)}
    assert kinds == (set() if code in NO_EXAMPLE else {True, False})


def test_codes_and_names_are_one_to_one() -> None:
    found = list(pages().values())
    codes = [rule.code for rule in rules()]
    assert len(codes) == len(set(codes))
    assert len({page.name for page in found}) == len(found)
    assert all(re.fullmatch(r"BD[0-9]{3}", page.code) for page in found)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", page.name) for page in found)


def test_every_page_begins_with_a_sentence() -> None:
    for page in pages().values():
        first = prose(page.text).split("\n")[0]
        assert re.fullmatch(r"[A-Z].*\.", first), (page.code, first)


def test_the_documentation_holds_every_page(golden: Golden) -> None:
    found = {file_name(page): rule_page(page, waivable(page.code)) for page in pages().values()}
    golden.folder(DOCS, {**found, "README.md": index_page(pages().values())})
