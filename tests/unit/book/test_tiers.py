"""Tiers that name contracts which they do not have, told at the line at fault."""

from __future__ import annotations

from billing_dsl.diagnostics import Diagnostic
from tests.unit.rules.checking import ENGINEER, SEAT, diagnostics, tier

SILVER = tier("silver@1", "remote-support: recurring, onsite-support: block")
OTHERS = "contracts:\n  - {name: recurring, type: recurring_service, services: [seat]}"


def errors(*documents: str) -> list[Diagnostic]:
    found = diagnostics(*documents, SEAT, ENGINEER)
    return [one for one in found if one.severity == "error"]


def test_a_misspelt_end_is_told_where_it_is_written() -> None:
    silver = SILVER.replace("onsite-support: block", "onsite-support: blok, out-of-hours: blok")
    night = "kind: work_type\nname: out-of-hours\ntitle: Night\nbilling_class: baseline\n"
    (one,) = errors(silver, night + "description: Help at night.\n")
    assert one.message == "tier `silver@1` has no contract `blok`"
    assert one.label == "named here, and once more"
    assert one.help == "did you mean `block`?"
    assert one.route == "scope.onsite-support"


def test_an_inherited_end_without_its_contract_is_told_at_the_contracts_that_leave_it_out() -> None:
    gold = tier("gold@1", "", "extends: silver@1", OTHERS)
    (one,) = errors(SILVER, gold)
    assert (one.route, one.subject) == ("contracts", "tier/gold@1")
    assert one.message == (
        "tier `gold@1` has no contract `block`, on which work that it inherits ends"
    )
    assert [note.message for note in one.related] == ["inherited: ends on `block`"]
    assert one.related[0].span.line < one.span.line


def test_a_tier_that_decides_anew_needs_no_contract_of_its_parent() -> None:
    gold = tier("gold@1", "onsite-support: recurring", "extends: silver@1", OTHERS)
    assert errors(SILVER, gold) == []


def test_a_version_is_proposed_for_a_version() -> None:
    (one,) = errors(SILVER, tier("gold@1", "", "extends: silver@2", OTHERS))
    assert one.help == "did you mean `silver@1`?"
