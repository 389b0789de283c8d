"""Templates of documents on the command line: shown, exported, changed, told of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from billing_dsl.cli import edge, workers
from billing_dsl.store import kept
from billing_dsl.targets._open import TEMPLATES, names_page
from tests.unit.cli.running import AS_OF, ROOT, Command


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """The shipped catalogue."""
    return Path(shutil.copytree(ROOT / "catalogue", tmp_path / "firm"))


def lay(firm: Path, text: str, name: str = "scope.html.j2") -> Path:
    """A template of documents laid into a catalogue."""
    file = firm / "templates/documents" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the manifest, which holds the catalogue's hash."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_names_are_shown(run: Command) -> None:
    ran = run("templates", "show")
    assert (ran.code, ran.out) == (0, names_page())


@pytest.mark.parametrize("whole", [(), ("--whole",)])
def test_what_is_exported_changes_nothing_until_it_is_changed(
    run: Command, clean: Path, tmp_path: Path, whole: tuple[str, ...]
) -> None:
    assert run("compile", clean, "-o", tmp_path / "before", "--as-of", AS_OF).code == 0
    for name in TEMPLATES:
        ran = run("templates", "export", name, clean, *whole)
        assert ran.code == 0
        assert f"next:  billing-dsl check {clean}" in ran.out
    assert run("check", clean, "--as-of", AS_OF).code == 0
    assert run("compile", clean, "-o", tmp_path / "after", "--as-of", AS_OF).code == 0
    assert tree(tmp_path / "after") == tree(tmp_path / "before")
    text = (clean / "templates/documents/scope.html.j2").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>" if whole else '{% extends "ours/scope.html.j2" %}')


def test_a_template_that_is_there_is_never_written_over(run: Command, firm: Path) -> None:
    file = lay(firm, "mine")
    ran = run("templates", "export", "scope.html.j2", firm)
    assert ran.code == 2
    assert "is there already. Nothing was changed." in ran.err
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scop.html.j2",), "there is no template `scop.html.j2`. Did you mean `scope.html.j2`"),
        (("letterhead",), "there is no template `letterhead`. The templates are scope.html.j2, "),
        (("scope.html.j2", "nowhere"), "there is no folder `nowhere`. Nothing was changed."),
    ],
)
def test_a_name_that_is_none(run: Command, arguments: tuple[str, ...], words: str) -> None:
    ran = run("templates", "export", *arguments)
    assert ran.code == 2
    assert words in ran.err


def test_a_broken_template_is_told_once_at_its_line_and_nothing_is_written(
    run: Command, firm: Path, tmp_path: Path
) -> None:
    lay(firm, "<p>\n{{ abuot }}</p>")
    ran = run("check", firm, "--format", "json", "--as-of", AS_OF)
    [found] = json.loads(ran.out)["diagnostics"]
    assert ran.code == 1
    assert (found["code"], found["path"]) == ("BD558", "templates/documents/scope.html.j2")
    assert found["start"] == {"line": 2, "column": 4}
    ran = run("compile", firm, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 1
    assert "{{ abuot }}</p>" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff"])
def test_an_empty_template_is_told_and_makes_another_catalogue(
    run: Command, firm: Path, content: str
) -> None:
    before = edge.read_folder(str(firm)).hash
    lay(firm, content)
    assert edge.read_folder(str(firm)).hash != before
    ran = run("check", firm, "--as-of", AS_OF)
    assert ran.code == 1
    assert "error[BD558]: this document template cannot be printed: it is empty" in ran.out


@pytest.mark.parametrize("several", [False, True])
def test_what_only_a_client_s_document_shows_is_told_once(
    run: Command, firm: Path, tmp_path: Path, several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(firm, "{% if periods|length > 1 %}\n{{ periods[1].hading }}{% endif %}")
    if several:
        monkeypatch.setenv(kept.VARIABLE, "off")
        monkeypatch.setattr(workers, "MANY", 4)
        monkeypatch.setattr(workers, "workers", lambda: 3)
    assert run("check", firm, "--as-of", AS_OF).code == 0
    ran = run("compile", firm, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 1
    assert ran.err.count("error[BD558]") == 1
    assert "templates/documents/scope.html.j2:2:15" in ran.err
    assert "nothing is compiled while something cannot be expressed" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_what_a_compile_took_over_is_what_one_anew_writes(
    run: Command, firm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    out = tmp_path / "out"
    states = {
        "none": {},
        "page": {"scope.html.j2": "<p>{{ about }}</p>"},
        "part": {"scope.html.j2": '{% include "a.html.j2" %}', "a.html.j2": "<b>{{ about }}</b>"},
        "other part": {"scope.html.j2": '{% include "a.html.j2" %}', "a.html.j2": "{{ stamp }}"},
        "style": {"page.css": "h1 { color: @primary@ }"},
        "none again": {},
    }
    seen = {}
    for name, texts in states.items():
        shutil.rmtree(firm / "templates", ignore_errors=True)
        for file, text in texts.items():
            lay(firm, text, file)
        assert run("compile", firm, "-o", out, "--as-of", AS_OF).code == 0
        seen[name] = tree(out)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(kept.VARIABLE, "off")
            assert run("compile", firm, "-o", tmp_path / name, "--as-of", AS_OF).code == 0
        assert seen[name] == tree(tmp_path / name), name
    assert seen["none"] == seen["none again"]
    pages = {files["documents/casa-olmo/casa-olmo-2026/scope.html"] for files in seen.values()}
    assert len(pages) == 5


def test_an_endless_template_ends(run: Command, firm: Path) -> None:
    lay(firm, "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}")
    ran = run("check", firm, "--as-of", AS_OF)
    assert ran.code == 1
    assert "printing it takes more than 200,000 steps" in ran.out


def test_a_template_under_a_name_that_is_none_is_told_of(run: Command, firm: Path) -> None:
    lay(firm, "x", "scop.html.j2")
    lay(firm, "x", "Letterhead.docx")
    ran = run("check", firm, "--format", "json", "--as-of", AS_OF)
    found = json.loads(ran.out)["diagnostics"]
    assert [(one["code"], one["path"].rpartition("/")[2]) for one in found] == [
        ("BD552", "Letterhead.docx"),
        ("BD552", "scop.html.j2"),
    ]
    assert "did you mean `scope.html.j2`" in found[1]["help"]
