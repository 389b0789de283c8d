"""`tool-changes` as somebody runs it: two versions of the tool, one catalogue."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billing_dsl import __version__
from billing_dsl.cli import Exit, main
from tests.unit.cli.running import AS_OF

SHIPPED = Path(__file__).parents[3] / "catalogue"
ROUTES = "routing/routes.csv"
HOSTILE = '</details>|`x` <img src=x> @somebody ##[error]x \u202e [a](http://b) "'


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "out"
    asked = ["compile", str(SHIPPED), "-o", str(out), "--as-of", AS_OF, "--quiet"]
    assert main([*asked, "--forms", "md"]) == Exit.FINE
    return out


@pytest.fixture
def other(compiled: Path, tmp_path: Path) -> Path:
    """What another version made: the same, until a test has it differ."""
    return Path(shutil.copytree(compiled, tmp_path / "other"))


def edit(folder: Path, path: str, change: Callable[[str], str]) -> None:
    """Has a version write a file otherwise, and say so in its manifest."""
    file = folder / path
    old = file.read_text(encoding="utf-8")
    new = change(old)
    assert new != old
    file.write_text(new, encoding="utf-8", newline="")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["path"] == path:
            one["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def said(folder: Path, **values: Any) -> None:
    """Has the manifest of a folder say otherwise."""
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_bytes()), **values}), encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str]:
    code = main(["tool-changes", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_the_same_by_both_is_nothing(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = told(capsys, compiled, other, "--detailed-exitcode")
    assert code == Exit.FINE
    assert text == (
        f"the same catalogue by {__version__} (old) and by {__version__} (new):\n"
        "  nothing differs\n"
    )
    assert told(capsys, compiled, other, "--format", "markdown") == (Exit.FINE, "")


def test_rows_cut_otherwise_are_a_file_written_otherwise_and_no_routing(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, ROUTES, lambda text: re.sub(r",228\.00,", ",228.0000,", text))
    code, text = told(capsys, compiled, other, "--format", "json", "--detailed-exitcode")
    assert code == Exit.CHANGES
    summary = json.loads(text)["summary"]
    assert (summary["rerouted"], summary["files"]) == (0, 1)
    _, text = told(capsys, compiled, other, "--format", "markdown")
    assert "routes and bills the same" in text


def test_another_rate_is_told_with_client_work_roles_and_days(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, ROUTES, lambda text: text.replace(",228.00,", ",230.00,"))
    said(other, tool_version="9.9.9")
    code, text = told(capsys, compiled, other, "--format", "json")
    assert code == Exit.FINE
    content = json.loads(text)
    assert (content["version"], content["before"], content["after"]) == (1, __version__, "9.9.9")
    first = content["rerouted"][0]
    assert {"client", "work_type", "roles", "sub_issue", "from", "to"} <= set(first)
    assert (first["before"]["rate"], first["after"]["rate"]) == ("228.00", "230.00")
    _, text = told(capsys, compiled, other, "--format", "markdown", "--called", "v1", "v2")
    assert text.startswith("### The tool itself: v1 → v2\n")
    assert "| rate 228.00 | rate 230.00 |" in text
    _, text = told(capsys, compiled, other)
    assert f"by {__version__} and by 9.9.9:\n" in text
    assert "rate 228.00" in text


def test_a_request_made_otherwise_is_counted(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, "autotask/requests.json", lambda text: text.replace(" 94.00", " 95.00", 1))
    _, text = told(capsys, compiled, other)
    assert "1 request to Autotask: 1 changed" in text


def findings(path: Path, *found: tuple[str, int, str]) -> Path:
    rows = [
        {"path": where, "start": {"line": line}, "code": "BD301", "severity": "error", "message": m}
        for where, line, m in found
    ]
    path.write_text(json.dumps({"version": 1, "diagnostics": rows}), encoding="utf-8")
    return path


def test_findings_of_two_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = findings(tmp_path / "old.json", ("a.yaml", 1, "same"), ("b.yaml", 2, "only before"))
    new = findings(tmp_path / "new.json", ("a.yaml", 1, "said otherwise"), ("a.yaml", 9, "fresh"))
    code, text = told(capsys, old, new, "--detailed-exitcode")
    assert code == Exit.CHANGES
    assert "1 new finding (1 error)" in text
    assert "1 finding less (1 error)" in text
    assert re.search(r"new +a\.yaml:9 +BD301 +error +fresh", text)
    assert re.search(r"gone +b\.yaml:2 +BD301 +error +only before", text)


def test_findings_beside_folders_are_told_with_them(
    compiled: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, ROUTES, lambda text: text.replace(",228.00,", ",230.00,"))
    files = findings(tmp_path / "old.json"), findings(tmp_path / "new.json", ("a.yaml", 1, "new"))
    _, text = told(capsys, compiled, other, "--findings", *files, "--format", "markdown")
    assert text.count("### ") == 1
    assert "Work that is routed otherwise" in text
    assert "| new | a.yaml:1 | BD301 | error | new |" in text
    assert main(["tool-changes", *map(str, files), "--findings", *map(str, files)]) == Exit.USAGE


def test_hostile_texts_are_inert_and_the_section_is_bounded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [(f"{HOSTILE}.yaml", line, HOSTILE * 50) for line in range(5000)]
    old, new = findings(tmp_path / "old.json"), findings(tmp_path / "new.json", *many)
    _, text = told(capsys, old, new, "--format", "markdown", "--called", HOSTILE, "v2")
    assert "5,000 new findings" in text
    assert len(text) <= 30_000
    assert text.count("</details>") == text.count("<details>") == 1
    for bad in ("<img", " @somebody", "##[", "\u202e", " `x`", "[a](", "&#64;", "://"):
        assert bad not in text
    rows = [line for line in text.splitlines() if line.startswith("| new")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {6}


def test_a_section_that_would_be_too_long_says_what_it_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [("<" * 1000, line, "<" * 1000) for line in range(30)]
    old, new = findings(tmp_path / "old.json"), findings(tmp_path / "new.json", *many)
    _, text = told(capsys, old, new, "--format", "markdown")
    assert len(text) <= 30_000
    assert "Findings: too long to be shown here." in text


def test_what_check_prints_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SHIPPED), "--format", "json", "--as-of", AS_OF])
    printed = tmp_path / "check.json"
    printed.write_text(capsys.readouterr().out, encoding="utf-8")
    code, text = told(capsys, printed, printed)
    assert code == Exit.FINE
    assert "the version before" in text


@pytest.mark.parametrize("form", ["markdown", "text", "json"])
def test_masked_it_counts_and_names_nobody(
    form: str, compiled: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, ROUTES, lambda text: text.replace(",228.00,", ",230.00,"))
    _, text = told(capsys, compiled, other, "--format", form, "--mask")
    assert "alvra-events" not in text
    assert "3 clients" in text or '"clients": 3' in text
    old = findings(tmp_path / "old.json")
    new = findings(tmp_path / "new.json", ("clients/alvra-events.yaml", 1, "alvra-events"))
    _, text = told(capsys, old, new, "--format", form, "--mask")
    assert "alvra-events" not in text
    assert "1 new finding" in text or '"findings_new": 1' in text


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"catalogue": {"sha256": "1" * 64}}, "made of different catalogues"),
        ({"as_of": "2030-01-01"}, "made as of different days"),
        ({"tenant": {"sha256": "2"}}, "made with different snapshots"),
        ({"tool": "another"}, "no folder that `compile` wrote"),
        ({"compared_with": {}}, "no folder that `compile` wrote"),
        ({"files": 7}, "no folder that `compile` wrote"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    values: dict[str, Any], reason: str, compiled: Path, other: Path, capsys: Any
) -> None:
    said(other, **values)
    assert main(["tool-changes", str(compiled), str(other)]) == Exit.USAGE
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("manifest.json", "{", "it is damaged"),
        ("autotask/requests.json", "[]", "has no list of requests"),
        (ROUTES, "client\nacme\n", "has no column `work_type`"),
        (ROUTES, 'client\n"acme', "it is damaged"),
        (ROUTES, None, "no such file"),
    ],
)
def test_a_damaged_folder_is_told(
    path: str, content: str | None, reason: str, compiled: Path, other: Path, capsys: Any
) -> None:
    if path == ROUTES:
        edit(other, ROUTES, lambda text: f"{text}x")
    (other / path).unlink()
    if content is not None:
        (other / path).write_text(content, encoding="utf-8")
    assert main(["tool-changes", str(compiled), str(other)]) == Exit.USAGE
    assert reason in capsys.readouterr().err


def test_a_folder_and_a_file_are_not_compared(compiled: Path, capsys: Any) -> None:
    manifest = compiled / "manifest.json"
    assert main(["tool-changes", str(compiled), str(manifest)]) == Exit.USAGE
    assert "both folders" in capsys.readouterr().err
    assert main(["tool-changes", str(manifest), str(manifest)]) == Exit.USAGE
    assert "is not what `check --format json` prints" in capsys.readouterr().err


def test_what_is_not_there_is_told(compiled: Path, capsys: Any) -> None:
    assert main(["tool-changes", str(compiled), "nowhere"]) == Exit.USAGE
    assert "there is no folder or file `nowhere`" in capsys.readouterr().err


def test_days_that_only_one_version_routes_or_leaves_open_are_told(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(other, ROUTES, lambda text: text.replace(",2029-02-28,", ",,"))
    _, text = told(capsys, compiled, other)
    assert "from 2029-03-01" in text
    assert "no such work" in text
    _, text = told(capsys, compiled, other, "--format", "json")
    assert json.loads(text)["rerouted"][0]["to"] is None


def test_a_version_without_requests_has_added_all(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = json.loads((other / "manifest.json").read_bytes())["files"]
    said(other, files=[one for one in files if one["path"] != "autotask/requests.json"])
    _, text = told(capsys, other, compiled, "--format", "json")
    requests = json.loads(text)["requests"]
    assert {one["change"] for one in requests} == {"added"}


def test_a_version_without_a_routing_table_is_compared_by_its_files(
    compiled: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = json.loads((other / "manifest.json").read_bytes())["files"]
    said(other, files=[one for one in files if one["path"] != ROUTES])
    _, text = told(capsys, compiled, other, "--format", "json")
    assert json.loads(text)["summary"]["rerouted"] is None
