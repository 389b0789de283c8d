"""A tenant and a catalogue: what was carried out is not asked for again, and changes arrive."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.pipeline import read_file
from billing_dsl.targets._book import Book
from tests.oracle.strategies import (
    FIRST,
    LAST,
    Choices,
    any_catalogue,
    catalogues,
    clean_catalogues,
)
from tests.unit.targets.compiling import CATALOGUE, of_documents, of_readings, shipped
from tests.unit.tenant.carrying import check
from tests.unit.tenant.trying import Met, first_set_up, met, set_up

DAYS = (date(2026, 1, 1), date(2026, 6, 30), date(2027, 1, 15), date(2028, 3, 1))
Documents = list[dict[str, Any]]


def settled(compilation: Book) -> None:
    """Carried out once, nothing is asked for again, and nothing is told."""
    found = met(compilation, set_up(compilation))
    assert found.bundle["requests"] == []
    assert found.remarks == ()


@pytest.mark.parametrize("lane", ["import", "api"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_shipped_catalogue_is_not_asked_for_again(day: date, lane: str) -> None:
    settled(shipped(day, lane))


@given(catalogues(), st.dates(FIRST, LAST))
def test_no_catalogue_is_asked_for_again(documents: Documents, day: date) -> None:
    settled(of_documents(documents, day))


@given(catalogues(), catalogues(), st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_any_change_arrives_or_is_told(
    first: Documents, second: Documents, day: date, other: date
) -> None:
    day, later = sorted((day, other))
    check(of_documents(first, day), of_documents(second, later))


@given(clean_catalogues(), clean_catalogues(), st.dates(FIRST, LAST))
def test_any_change_of_a_day_arrives_or_is_told(
    first: Documents, second: Documents, day: date
) -> None:
    check(of_documents(first, day), of_documents(second, day))


@given(catalogues(), st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_time_that_goes_by_arrives_or_is_told(documents: Documents, day: date, other: date) -> None:
    day, later = sorted((day, other))
    check(of_documents(documents, day), of_documents(documents, later))


def test_seeds_reach_every_sort_of_difference() -> None:
    """Random changes do come to each of the findings that a change can lead to."""
    seen: Counter[str] = Counter()
    for seed in range(40):
        choices = Choices.seeded(seed)
        first, second = any_catalogue(choices), any_catalogue(choices)
        day = choices.day(FIRST, LAST)
        seen += check(of_documents(first, day), of_documents(second, day))
    assert set(seen) >= {"BD516", "BD517", "BD518", "BD520"}


@given(catalogues(), st.dates(FIRST, LAST), st.data())
def test_a_run_that_was_cut_short_goes_on_where_it_stopped(
    documents: Documents, day: date, data: st.DataObject
) -> None:
    """Whatever part of the requests got through, the rest is sent, and nothing twice."""
    compilation = of_documents(documents, day)
    tenant = first_set_up(compilation)
    found = met(compilation, tenant)
    requests = found.bundle["requests"]
    cut = data.draw(st.integers(0, len(requests)))
    tenant.carry_out({**found.bundle, "requests": requests[:cut]})
    rest = met(compilation, tenant)
    assert [each["id"] for each in rest.bundle["requests"]] == [
        each["id"] for each in requests[cut:]
    ]
    tenant.carry_out(rest.bundle)
    assert met(compilation, tenant).bundle["requests"] == []


# --- the shipped catalogue, edited ---------------------------------------------------------------

EDITS = {
    "nothing": ("", "", ""),
    "a visit is included": ("tiers/silver-2.yaml", "scope:", "scope:\n  onsite-support: recurring"),
    "a role costs more": ("roles/engineer.yaml", r"EUR: [0-9.]+", "EUR: 99.00"),
    "more seats": ("clients/ferrante-meccanica/ferrante-2026.yaml", "units: 120", "units: 140"),
    "a larger block": ("clients/ferrante-meccanica/ferrante-2026.yaml", "hours: 60", "hours: 80"),
    "an earlier end": (
        "clients/casa-olmo/casa-olmo-2026.yaml",
        "end: 2028-12-31",
        "end: 2028-06-30",
    ),
    "a sudden end": ("clients/casa-olmo/casa-olmo-2026.yaml", "end: 2028-12-31", "end: 2027-01-10"),
    "a new name": ("clients/casa-olmo/client.yaml", "Cooperativa", "Coop."),
}


def edited(path: str, before: str, after: str) -> Book:
    """The shipped catalogue with one line otherwise."""
    readings = []
    for file in sorted(Path(CATALOGUE).rglob("*.yaml")):
        name = file.relative_to(CATALOGUE).as_posix()
        text = file.read_text(encoding="utf-8")
        if name == path and before:
            text, count = re.subn(before, after, text)
            assert count, (path, before)
        readings.append(read_file(name, text.encode()))
    return of_readings(readings, date(2027, 1, 15))


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_shipped_catalogue_arrives_or_is_told(edit: str) -> None:
    check(shipped(), edited(*EDITS[edit]))


def test_an_edit_sends_no_more_than_it_says() -> None:
    tenant = set_up(shipped())
    found: Met = met(edited(*EDITS["more seats"]), tenant)
    assert [each["id"] for each in found.bundle["requests"]] == [
        "units:ferrante-2026/recurring/silver-seat"
    ]
    [request] = found.bundle["requests"]
    assert request["body"]["unitChange"] == 20
    assert found.remarks == ()
