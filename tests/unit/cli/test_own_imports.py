"""The tenant's own import templates on the command line: found, told of, kept apart, filled."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest

from billing_dsl.cli import workers
from billing_dsl.store import kept
from tests.unit.cli.running import AS_OF, ROOT, Command

HEADER = '"[required] Client: Name","Client: Town","[required] Client: Phone"\r\n'
WITH_FAX = HEADER.replace('"Client: Town"', '"Client: Fax","Client: Town"')


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """The shipped catalogue with a template of its tenant."""
    folder = tmp_path / "firm"
    shutil.copytree(ROOT / "catalogue", folder)
    (folder / "templates/autotask").mkdir(parents=True)
    own(folder).write_bytes(HEADER.encode())
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which results are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    return folder


def own(folder: Path) -> Path:
    """The template."""
    return folder / "templates/autotask/organizations.csv"


def findings(run: Command, folder: Path, *more: str) -> list[tuple[str, str, int]]:
    """Code, path and line of each finding of a check."""
    ran = run("check", folder, "--format", "json", "--as-of", AS_OF, *more)
    found = json.loads(ran.out)["diagnostics"]
    return [(one["code"], one["path"], one["start"]["line"]) for one in found]


def rows(out: Path) -> list[list[str]]:
    """The import file of organizations."""
    with (out / "autotask/import/organizations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_template_is_filled(run: Command, firm: Path, tmp_path: Path) -> None:
    assert findings(run, firm) == []
    assert run("compile", firm, "-o", tmp_path / "out", "--as-of", AS_OF).code == 0
    head, *clients = rows(tmp_path / "out")
    assert head == ["[required] Client: Name", "Client: Town", "[required] Client: Phone"]
    assert len(clients) == 18
    assert all(name and phone for name, _, phone in clients)


@pytest.mark.slow
def test_what_a_compile_took_over_is_what_one_anew_writes(
    run: Command, firm: Path, tmp_path: Path, cache: Path
) -> None:
    out = tmp_path / "out"

    def tree(folder: Path) -> dict[str, bytes]:
        paths = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

    states = {"mine": HEADER, "other": WITH_FAX, "none": "", "mine again": HEADER}
    seen = {}
    for name, text in states.items():
        own(firm).unlink(missing_ok=True)
        if text:
            own(firm).write_bytes(text.encode())
        assert run("compile", firm, "-o", out, "--as-of", AS_OF).code == 0
        seen[name] = tree(out)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(kept.VARIABLE, "off")
            assert run("compile", firm, "-o", tmp_path / name, "--as-of", AS_OF).code == 0
        assert seen[name] == tree(tmp_path / name), name
    assert seen["mine"] == seen["mine again"]
    hashes = {json.loads(one["manifest.json"])["catalogue"]["sha256"] for one in seen.values()}
    assert len(hashes) == 3


def test_findings_follow_the_template_though_results_are_kept(
    run: Command, firm: Path, cache: Path
) -> None:
    assert findings(run, firm) == []
    own(firm).write_bytes(HEADER.encode("cp1252").replace(b"Town", b"Town\xe9"))
    assert [code for code, _, _ in findings(run, firm)] == ["BD561"]
    own(firm).write_text(f'"[required] Client: Tax ID",{HEADER}')
    found = findings(run, firm)
    assert {code for code, _, _ in found} == {"BD554"}
    assert len(found) == 18
    assert all(path.startswith("clients/") for _, path, _ in found)
    assert findings(run, firm) == found
    own(firm).unlink()
    assert findings(run, firm) == []


def test_several_processes_find_the_same(
    run: Command, firm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept.VARIABLE, "off")
    own(firm).write_text(f'"[required] Client: Tax ID",{HEADER}')
    alone = findings(run, firm)
    monkeypatch.setattr(workers, "MANY", 4)
    monkeypatch.setattr(workers, "workers", lambda: 3)
    assert findings(run, firm) == alone
    assert len(alone) == 18


def test_nothing_is_written_while_a_template_does_not_fit(
    run: Command, firm: Path, tmp_path: Path
) -> None:
    own(firm).write_text(HEADER[:-10])
    ran = run("compile", firm, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 1
    assert "templates/autotask/organizations.csv:1:42" in ran.err
    assert "a quote is opened here and never closed" in ran.err
    assert not (tmp_path / "out").exists()


def test_only_the_header_of_a_template_is_ever_shown(run: Command, firm: Path) -> None:
    own(firm).write_text(f'{HEADER}"Secret Ltd","hunter2","1"\r\n')
    ran = run("check", firm, "--as-of", AS_OF)
    assert "BD559" in ran.out
    assert "[required] Client: Name" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_a_template_in_another_encoding_is_shown_as_text(run: Command, firm: Path) -> None:
    own(firm).write_bytes(HEADER.replace("Town", "Straße,Straße").encode("utf-16"))
    own(firm).with_name("b.csv").write_bytes(HEADER.encode("utf-16"))
    ran = run("check", firm, "--as-of", AS_OF)
    assert "BD553" in ran.out
    assert "Client: Name" in ran.out


def test_files_that_are_not_used_are_told_of(run: Command, firm: Path) -> None:
    for name in (".DS_Store", "organizations.xlsx", "README.md"):
        own(firm).with_name(name).write_bytes(b"x")
    assert findings(run, firm) == [
        ("BD559", "templates/autotask/.DS_Store", 1),
        ("BD552", "templates/autotask/organizations.xlsx", 1),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="made of what POSIX has")
def test_a_template_that_leads_out_of_the_catalogue_is_not_read(
    run: Command, firm: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.csv").write_text(HEADER)
    own(firm).unlink()
    own(firm).symlink_to(tmp_path / "elsewhere.csv")
    assert findings(run, firm) == [("BD020", "templates/autotask/organizations.csv", 1)]


def test_a_huge_template_is_a_finding(run: Command, firm: Path) -> None:
    own(firm).write_bytes(HEADER.encode() + b"x" * (1 << 20))
    assert findings(run, firm) == [("BD550", "templates/autotask/organizations.csv", 1)]


def test_questions_are_answered_beside_a_template(run: Command, firm: Path) -> None:
    own(firm).write_text('"broken')
    assert run("show", "tier", "silver", firm, "--as-of", AS_OF).code == 0


def test_a_secret_in_a_client_is_not_shown_beside_its_finding(run: Command, firm: Path) -> None:
    client = firm / "clients/casa-olmo/client.yaml"
    own(firm).write_text(HEADER.replace("\r\n", ',"UDF:7 Door PIN"\r\n'))
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("kind: client\n", "kind: client\nudf: {Door PIN: 4711}\n", 1))
    ran = run("check", firm, "--as-of", AS_OF)
    assert "Door PIN: the field is protected, and protected fields are never written" in ran.out
    assert "4711" not in ran.out + ran.err
