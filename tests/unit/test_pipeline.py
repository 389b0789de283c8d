"""What breaks stays where it is broken: the rest is proved, and one cause is told once."""

from __future__ import annotations

import pytest

from billing_dsl import pipeline
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.rules import rules
from billing_dsl.rules._examples import AS_OF, completed
from billing_dsl.source.text import LARGEST
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, diagnostics, tier, work_type

SCOPE = "remote-support: recurring, onsite-support: hourly"
SILVER = tier(
    "silver@1",
    SCOPE,
    "contracts:\n"
    "  - {name: recurring, type: recurring_service, services: [seat]}\n"
    "  - {name: hourly, type: time_and_materials}",
)
GAP = """
kind: agreement
name: globex-2027
client: globex
start: 2027-01-01
end: 2027-12-31
contracts: [{name: hourly, type: time_and_materials, excludes: {work_types: [onsite-support]}}]
"""
SETTINGS = """
kind: settings
name: second
title: Second
currency: CHF
timezone: Europe/Rome
"""


def told(*documents: str) -> list[tuple[str, str]]:
    """Code and message of each error."""
    found: tuple[Diagnostic, ...] = diagnostics(*documents)
    return [(one.code, one.message) for one in found if one.severity.value == "error"]


def codes(*documents: str) -> list[str]:
    """The code of each error."""
    return [code for code, _ in told(*documents)]


def test_a_sane_catalogue_has_nothing_to_tell() -> None:
    assert told(SEAT, SILVER, agreement("acme", "silver@1")) == []


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        (SILVER.replace("version: 1", "version: one"), "BD105"),
        (SILVER.replace("onsite-support: hourly", "onsite-suport: hourly"), "BD201"),
        (SILVER.replace("onsite-support: hourly", "onsite-support: hurly"), "BD201"),
        (SILVER.replace("kind: tier", "kind: tear"), "BD101"),
        (SILVER.replace("services: [seat]", "services: [seats]"), "BD201"),
    ],
)
def test_a_fault_in_a_tier_is_told_once_and_a_gap_elsewhere_too(broken: str, cause: str) -> None:
    found = codes(SEAT, broken, agreement("acme", "silver@1"), GAP)
    assert len(found) == 2, found
    assert "BD301" in found
    (other,) = set(found) - {"BD301"}
    assert other[:3] == cause[:3]


def test_what_depends_on_a_broken_tier_through_another_is_left_out_too() -> None:
    gold = "kind: tier\nname: gold\nversion: 1\neffective: 2027-01-01\ntitle: Gold\n"
    found = told(
        SEAT,
        SILVER.replace("onsite-support: hourly", "onsite-suport: hourly"),
        f"{gold}extends: silver@1\n",
        agreement("acme", "gold@1"),
    )
    assert [code for code, _ in found] == ["BD201"]


def test_tiers_that_extend_each_other_are_told_once() -> None:
    head = "version: 1\neffective: 2027-01-01\n"
    found = codes(
        f"kind: tier\nname: silver\n{head}title: Silver\nextends: gold@1\n",
        f"kind: tier\nname: gold\n{head}title: Gold\nextends: silver@1\n",
        agreement("acme", "gold@1", "services: {}"),
    )
    assert len(found) == 1


def test_a_tier_without_any_contracts_is_told() -> None:
    found = told(
        "kind: tier\nname: base\nversion: 1\neffective: 2027-01-01\ntitle: Base\n"
        "contracts: []\nscope: {}\n"
    )
    assert len(found) == 1


def test_two_settings_are_told_and_the_first_counts() -> None:
    found = told(SETTINGS, SETTINGS.replace("second", "third").replace("CHF", "EUR"), ENGINEER)
    assert [code for code, _ in found] == ["BD204"]


def test_documents_of_a_client_whom_nobody_declares_are_looked_at() -> None:
    stray = agreement("nobody", "sliver@1")
    found = told(SEAT, SILVER, stray)
    assert ("BD201", "there is no client `nobody`") in found
    assert ("BD201", "there is no tier `sliver@1`") in found


def whole(*documents: str) -> pipeline.Checked:
    """What checking the documents gives."""
    files = completed("\n---\n".join(document.strip("\n") for document in documents))
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    return pipeline.check(readings, AS_OF, rules())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sil ver", "silver@1"),
        ("Silver", "silver@1"),
        ("sil_ver", "sil-ver@1"),
        ("Sílver", "silver"),
        ("silver@1", "silver@1"),
        ("'???'", "bronze@1"),
    ],
)
def test_nobody_misses_a_name_that_is_malformed(written: str, meant: str) -> None:
    assert codes(
        SEAT,
        SILVER.replace("name: silver", f"name: {written}"),
        agreement("acme", meant),
    ) == ["BD105"]


def test_a_malformed_name_does_not_hide_others() -> None:
    assert codes(
        SEAT,
        SILVER.replace("name: silver", "name: sil ver"),
        agreement("acme", "gold@1"),
    ) == ["BD105", "BD201"]
    broken = SILVER.replace("name: silver", "name: sil-ver").replace("version: 1", "version: no")
    assert "BD201" in codes(SEAT, broken, agreement("acme", "silver@1"))


@pytest.mark.parametrize(
    "documents",
    [
        (agreement("acme", "silver@1"), agreement("acme", "silver@1")),
        (agreement("acme", "silver@1"), work_type("travel", after_hours="night-travel")),
    ],
)
def test_a_name_that_means_nothing_certain_leaves_the_proof_partial(
    documents: tuple[str, ...],
) -> None:
    sane = whole(SEAT, SILVER, agreement("acme", "silver@1"))
    assert not sane.partial
    assert whole(SEAT, SILVER, *documents).partial


def test_a_file_beyond_all_measure_counts_once() -> None:
    huge = pipeline.read_file("big.yaml", b"kind: role\nname: a\nnotes: " + b"x" * LARGEST)
    assert [remains.name for remains in huge.broken] == ["a", ""]
    checked = pipeline.check([huge], AS_OF, rules())
    assert (checked.documents, checked.partial) == (1, True)


def test_a_name_used_twice_counts_once() -> None:
    again = SEAT.replace("40.00", "41.00")
    assert codes(SEAT, again, SILVER, agreement("acme", "silver@1")) == ["BD202"]


def test_contracts_of_a_tier_that_do_not_exist_are_told_with_every_line_that_names_them() -> None:
    rates = "rates: [{contract: hurly, role: engineer, rate: 80.00}]"
    text = SILVER.replace("onsite-support: hourly", "onsite-support: hurly")
    found = diagnostics(SEAT, f"{text}{rates}\n")
    (only,) = [one for one in found if one.code == "BD201"]
    assert only.message == "tier `silver@1` has no contract `hurly`"
    assert len(only.related) == 2
