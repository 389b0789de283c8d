from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from billing_dsl.report import PROJECT_URL, CheckReport, Style, formats, page_url
from tests.goldens import Golden
from tests.unit.report.samples import GOLDEN, NAUGHTY, full, naughty, report

FORMATS = {found.name: found for found in formats()}
SUFFIX = {"text": "txt", "github": "txt", "junit": "xml"}
STYLE = Style()


def test_every_format_is_found_by_its_file() -> None:
    assert list(FORMATS) == ["github", "gitlab", "json", "junit", "rdjson", "sarif", "text"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("case", "given"), [("full", full(partial=True)), ("clean", report())], ids=["full", "clean"]
)
def test_output(golden: Golden, name: str, case: str, given: CheckReport) -> None:
    golden(GOLDEN / case / f"{name}.{SUFFIX.get(name, 'json')}", FORMATS[name].render(given, STYLE))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_a_persons_text_is_never_obeyed(name: str, text: str) -> None:
    out = FORMATS[name].render(naughty(text), STYLE)
    out.encode("utf-8")
    assert all(char == "\n" or char.isprintable() for char in out)
    assert out.endswith("\n")
    assert "##[" not in out
    assert "##vso[" not in out
    ours = ("::error file=", "::warning file=") if name == "github" else ("::: ",)
    for line in out.split("\n"):
        if line.strip().startswith("::"):
            assert line.strip().startswith(ours)
    commands = [line for line in out.split("\n") if line.startswith("::")]
    assert len(commands) == (2 if name == "github" else 0)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_a_persons_text_breaks_no_syntax(name: str, text: str) -> None:
    out = FORMATS[name].render(naughty(text), STYLE)
    match SUFFIX.get(name):
        case "xml":
            ElementTree.fromstring(out)
        case None:
            json.loads(out)
        case _:
            assert "BD301" in out


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text", "github"}))
def test_files_for_machines_are_ascii_whatever_a_stream_can_write(name: str) -> None:
    assert FORMATS[name].render(naughty("技術者 é \udcff"), STYLE).isascii()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text"}))
def test_formats_for_machines_ignore_the_style(name: str) -> None:
    render = FORMATS[name].render
    assert render(full(), Style(colour=True, width=20, unicode=False)) == render(full(), STYLE)


@pytest.mark.parametrize("name", FORMATS)
def test_a_text_of_any_length_is_shown(name: str) -> None:
    assert FORMATS[name].render(naughty("x" * 200_000, path=False), STYLE)


@pytest.mark.parametrize(
    ("directory", "path", "seen"),
    [
        ("catalogue", "roles.yaml", "catalogue/roles.yaml"),
        ("./catalogue/", "tiers/silver.yaml", "catalogue/tiers/silver.yaml"),
        (".", "roles.yaml", "roles.yaml"),
        ("", "roles.yaml", "roles.yaml"),
        ("../other", "roles.yaml", "../other/roles.yaml"),
        ("/srv/book", "roles.yaml", "/srv/book/roles.yaml"),
        ("C:/book", "roles.yaml", "C:/book/roles.yaml"),
        ("catalogue/", "", "catalogue"),
        ("", "", "."),
    ],
)
def test_paths_are_as_seen_from_where_the_user_stands(directory: str, path: str, seen: str) -> None:
    assert report(directory=directory).seen(path) == seen


def test_the_page_of_a_rule_is_under_the_project() -> None:
    assert page_url("BD301", "uncovered-work") == (
        f"{PROJECT_URL}/docs/rules/BD301-uncovered-work.md"
    )
