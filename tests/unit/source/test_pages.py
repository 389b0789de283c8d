from __future__ import annotations

import inspect
import re

import pytest

from billing_dsl.diagnostics import Severity
from billing_dsl.source.pages import PAGES, Page
from tests.unit.source.samples import faults

ONE = re.compile(r"Fails:\n\n((?: {4}.*\n|\n)+?)\nPasses:\n\n((?: {4}.*\n?|\n)+)\Z")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_each_page_shows_a_text_that_fails_and_one_that_passes(page: Page) -> None:
    assert re.fullmatch("[a-z]+(-[a-z]+)*", page.name)
    assert page.severity is Severity.ERROR
    text = inspect.cleandoc(page.text) + "\n"
    assert re.match(r"[A-Z][^\n]+\.\n\n[A-Z]", text)
    examples = ONE.search(text)
    assert examples is not None
    fails, passes = (re.sub("(?m)^ {4}", "", example) for example in examples.groups())
    assert {found[:5] for found in faults(fails)} == {page.code}
    assert faults(passes) == []


def test_codes_and_names_are_used_once() -> None:
    assert [page.code for page in PAGES] == sorted({page.code for page in PAGES})
    assert len({page.name for page in PAGES}) == len(PAGES)
