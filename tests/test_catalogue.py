"""The catalogues that the project shows: the shipped one, the starter, the design's examples."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from billing_dsl.cli import main
from billing_dsl.cli.checking import examined, outcome

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "catalogue"
MODEL = ROOT / "tests/unit/model"
AS_OF = date(2027, 1, 15)


def test_the_shipped_catalogue_has_no_findings() -> None:
    found = outcome(str(CATALOGUE), AS_OF)
    assert found.diagnostics == ()
    assert not found.partial


def test_the_shipped_catalogue_is_a_believable_provider() -> None:
    found = examined(str(CATALOGUE), AS_OF)
    declared = found.checked.common.declared
    assert declared is not None
    shared = declared.shared
    assert len(shared.work_types) >= 12
    assert {work_type.billing_class.value for work_type in shared.work_types} == {
        "baseline",
        "core",
        "edge",
    }
    assert len(shared.roles) >= 5
    assert {tier.partition("@")[0] for tier in shared.tiers} >= {"bronze", "silver", "gold"}
    clients = [view.client for view in found.checked.clients]
    assert len(clients) >= 15
    assert len({client.currency for client in clients}) >= 2
    assert any(client.parent for client in clients)
    assert {client.language for client in clients} == set(shared.settings.languages)
    assert len(shared.settings.languages) >= 3


@pytest.mark.parametrize(
    ("tier", "included", "excluded"),
    [
        ("bronze", ["remote-support"], ["onsite-support", "project-work"]),
        ("gold", ["remote-support", "onsite-support", "routine-maintenance"], []),
    ],
)
def test_the_shipped_tiers_include_what_their_names_promise(
    capsys: pytest.CaptureFixture[str], tier: str, included: list[str], excluded: list[str]
) -> None:
    options = ["--format", "json", "--as-of", AS_OF.isoformat()]
    assert main(["show", "tier", tier, str(CATALOGUE), *options]) == 0
    content = json.loads(capsys.readouterr().out)
    first = content["contracts"][0]["name"]
    ends = {row["work_type"]: row["ends_at"] for row in content["scope"]}
    for name in included:
        assert ends[name] == first
    for name in excluded:
        assert ends[name] != first


def test_the_shipped_catalogue_compiles(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = main(["compile", str(CATALOGUE), "-o", str(out), "--as-of", AS_OF.isoformat()])
    assert code == 0, capsys.readouterr().err
    assert json.loads((out / "autotask/requests.json").read_text(encoding="utf-8"))["requests"]


def test_the_catalogue_checks_clean_on_every_day_of_a_year() -> None:
    for month in range(1, 13):
        found = outcome(str(CATALOGUE), date(2027, month, 1))
        errors = [one for one in found.diagnostics if one.severity.value == "error"]
        assert errors == []


def test_the_designs_examples_completed_check_clean_but_for_two_warnings(
    tmp_path: Path,
) -> None:
    for name in ("design_section_3.yaml", "design_section_3_completed.yaml"):
        shutil.copy(MODEL / name, tmp_path)
    found = outcome(str(tmp_path), date(2026, 11, 23))
    assert [(one.code, one.subject) for one in found.diagnostics] == [
        ("BD411", "agreement/globex-2024"),  # `managed` lists no services
        ("BD901", "waiver/globex-no-block"),
    ]
    assert not found.partial
    assert found.clients == 2
