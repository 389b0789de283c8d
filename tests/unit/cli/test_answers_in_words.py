"""What `why` says of work that would go on, and of work that is billed by the entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.running import SMALL, Command, catalogue

GOLD = """
    format: 1
    kind: tier
    name: gold
    version: 1
    effective: 2026-01-01
    title: Gold
    contracts:
      - {name: recurring, type: recurring_service, services: [seat]}
      %s
    scope: {remote-support: recurring, onsite-support: recurring, project-work: recurring}
"""
HOURLY = "- {name: hourly, type: time_and_materials}"


def moved(folder: Path, contracts: str) -> Path:
    """A client who moves in July from Silver to a Gold that has no block."""
    client = SMALL["clients/acme.yaml"].replace(
        "tier: silver@1",
        "tier: [{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]",
    )
    return catalogue(folder, {"clients/acme.yaml": client, "tiers/gold.yaml": GOLD % contracts})


@pytest.mark.parametrize(
    ("contracts", "onward"),
    [
        (HOURLY, "to fall on to `acme-2027/hourly`: "),
        ("", "to fall on to no contract: "),
    ],
)
def test_what_the_tier_no_longer_has_is_passed_by(
    run: Command, tmp_path: Path, contracts: str, onward: str
) -> None:
    folder = moved(tmp_path, contracts)
    ran = run("why", "acme", "onsite-support", folder, "--role", "engineer", "--on", "2027-08-01")
    assert onward in ran.out
    assert "`block`" not in ran.out


def test_a_flat_amount_is_not_called_hourly(run: Command, tmp_path: Path) -> None:
    flat = SMALL["work-types.yaml"].replace(
        "description: Planned changes.",
        "description: Planned changes.\n        rate: {method: flat, amount: 60.00}",
    )
    folder = catalogue(tmp_path, {"work-types.yaml": flat})
    ran = run("why", "acme", "project-work", folder, "--role", "engineer", "--on", "2027-03-01")
    assert "; billed by the entry, 60.00 EUR an entry (from work_type/project-work)" in ran.out


def test_hours_are_drawn_from_a_block_whatever_the_work_type_costs(
    run: Command, tmp_path: Path
) -> None:
    flat = SMALL["work-types.yaml"].replace(
        "description: Work at the premises.",
        "description: Work at the premises.\n        rate: {method: flat, amount: 60.00}",
    )
    folder = catalogue(tmp_path, {"work-types.yaml": flat})
    asked = ("why", "acme", "onsite-support", folder, "--role", "engineer", "--sub-issue", "none")
    ran = run(*asked, "--on", "2027-03-01")
    assert "; drawn from the block, 78.00 EUR an hour (from agreement/acme-2027)" in ran.out
    assert "of its hours" not in ran.out


def test_a_role_that_draws_more_hours_from_the_block_says_how_many(
    run: Command, tmp_path: Path
) -> None:
    twice = SMALL["roles.yaml"].replace("rate: 85.00", "rate: 85.00\n        block_factor: 2")
    folder = catalogue(tmp_path, {"roles.yaml": twice})
    asked = ("why", "acme", "onsite-support", folder, "--role", "engineer", "--sub-issue", "none")
    ran = run(*asked, "--on", "2027-03-01")
    assert (
        "78.00 EUR an hour (from agreement/acme-2027); an hour worked takes 2 of its hours"
    ) in ran.out
    (found,) = json.loads(run(*asked, "--on", "2027-03-01", "--format", "json").out)["answers"]
    assert (found["rate"], found["block_factor"]) == ("78.00", "2")
