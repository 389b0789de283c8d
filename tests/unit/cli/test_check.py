from __future__ import annotations

import json
import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.unit.cli.running import AS_OF, GAP, SMALL, Command, catalogue, process, text_of

FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit", "rdjson"]
WARNING = {
    "clients/globex.yaml": SMALL["clients/globex.yaml"].replace(
        "milestones: [{title: The year, date: 2027-01-31, amount: 1200.00}]", "category: Yearly"
    )
}
"""A change after which a contract of a fixed price lacks its milestones."""

NOTE = {
    "old.yaml": SMALL["services.yaml"]
    .replace("seat", "old seat")
    .replace("name: old seat", "name: old-seat")
}
"""A change after which a service is used nowhere."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="made of what POSIX has")


def check(run: Command, folder: Path, *more: str | Path) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the diagnostics as JSON."""
    ran = run("check", folder, "--format", "json", "--as-of", AS_OF, *more)
    return ran.code, json.loads(ran.out)["diagnostics"]


# --- exit codes ----------------------------------------------------------------------------------


def test_a_clean_catalogue_ends_with_nothing_found(run: Command, clean: Path) -> None:
    ran = run("check", clean, "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "no findings in 13 documents\nproved: 60 cells of 2 clients and 5 contracts\n"
    )


def test_a_gap_is_told_at_its_line_and_fails(run: Command, gap: Path) -> None:
    ran = run("check", gap, "--as-of", AS_OF)
    assert ran.code == 1
    assert "error[BD301]: work type `project-work`" in ran.out
    assert "clients/globex.yaml:15:29" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_never_alters_the_exit_code(
    run: Command, clean: Path, gap: Path, form: str
) -> None:
    for folder, code in ((clean, 0), (gap, 1)):
        ran = run("check", folder, "--format", form, "--as-of", AS_OF)
        assert ran.code == code
        if form == "junit":
            ET.fromstring(ran.out)
        elif form == "github":
            assert ran.out.startswith("::error file=") == (folder is gap)
        elif form != "text":
            json.loads(ran.out)


@pytest.mark.parametrize(
    ("changes", "fails"),
    [({}, set()), (WARNING, {"warning", "note"}), (GAP, {"error", "warning", "note"})],
    ids=["clean", "a warning", "an error"],
)
@pytest.mark.parametrize("fail_on", ["error", "warning", "note", "never"])
def test_findings_fail_from_the_severity_on_that_is_asked(
    run: Command,
    tmp_path: Path,
    changes: dict[str, str | None],
    fails: set[str],
    fail_on: str,
) -> None:
    folder = catalogue(tmp_path, changes)
    ran = run("check", folder, "--fail-on", fail_on, "--as-of", AS_OF)
    assert ran.code == (1 if fail_on in fails else 0)
    assert run("check", folder, "--fail-on", fail_on, "--exit-zero", "--as-of", AS_OF).code == 0


def test_a_warning_alone_is_a_warning(run: Command, tmp_path: Path) -> None:
    _, found = check(run, catalogue(tmp_path, WARNING))
    assert [one["severity"] for one in found] == ["warning"]


def test_a_note_fails_only_where_notes_do(run: Command, tmp_path: Path) -> None:
    folder = catalogue(tmp_path, NOTE)
    _, found = check(run, folder)
    assert [one["severity"] for one in found] == ["note"]
    assert run("check", folder, "--fail-on", "warning", "--as-of", AS_OF).code == 0
    assert run("check", folder, "--fail-on", "note", "--as-of", AS_OF).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "nowhere"],
        ["check", "--format", "xml"],
        ["check", "--fail-on", "anything"],
        ["check", "--as-of", "2027-02-30"],
        ["check", "--as-of", "20270115"],
        ["check", "--update-baseline"],
        ["check", "--certificate", "page.pdf"],
        ["check", "--such-an-option"],
        ["check", "one", "two"],
        ["chekc"],
        ["--nothing"],
        ["why", "acme"],
        ["show", "tier"],
        ["graph"],
        ["compile"],
        ["init"],
        ["schema"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_without_a_traceback(run: Command, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


def test_a_missing_folder_is_wrong_usage_and_says_what_to_do(run: Command, tmp_path: Path) -> None:
    ran = run("check", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "billing-dsl init" in ran.err


def test_a_file_in_place_of_the_folder_is_wrong_usage(run: Command, clean: Path) -> None:
    assert run("check", clean / "roles.yaml").code == 2


def test_the_folder_is_named_catalogue_where_nobody_names_another(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(tmp_path / "catalogue", GAP)
    monkeypatch.chdir(tmp_path)
    ran = run("check", "--as-of", AS_OF)
    assert ran.code == 1
    assert "--> catalogue/clients/globex.yaml:15:29" in ran.out


def test_an_empty_folder_lacks_its_settings(run: Command, tmp_path: Path) -> None:
    code, found = check(run, tmp_path)
    assert code == 1
    assert [(one["code"], one["path"]) for one in found] == [("BD204", "")]


def test_an_empty_folder_is_told_how_to_begin(run: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a catalogue")
    ran = run("check", tmp_path)
    assert ran.code == 1
    assert "the folder holds no catalogue: there is no YAML document in it" in ran.out
    assert "`billing-dsl init`" in ran.out
    assert ran.out.endswith("1 error in 0 documents\nnothing is proved\n")


def test_a_catalogue_that_begins_is_told_what_it_lacks(run: Command, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(text_of(SMALL["settings.yaml"]))
    ran = run("check", tmp_path)
    assert ran.code == 0
    assert "warning[BD208]: the catalogue has no role and no work type" in ran.out
    (tmp_path / "roles.yaml").write_text(text_of(SMALL["roles.yaml"]))
    (tmp_path / "work-types.yaml").write_text(text_of(SMALL["work-types.yaml"]))
    assert "no findings" in run("check", tmp_path).out


# --- shapes --------------------------------------------------------------------------------------


def test_json_has_the_shape_that_scripts_rely_on(run: Command, gap: Path) -> None:
    content = json.loads(run("check", gap, "--format", "json", "--as-of", AS_OF).out)
    assert content["version"] == 1
    (found,) = content["diagnostics"]
    promised = {"code", "name", "severity", "message", "label", "help", "path", "start", "end"}
    assert promised | {"related"} <= set(found)
    assert (found["code"], found["name"], found["severity"]) == ("BD301", "uncovered-work", "error")
    assert found["path"] == "clients/globex.yaml"
    assert found["start"] == {"line": 15, "column": 29}
    assert found["end"] == {"line": 15, "column": 41}
    assert {"path", "start", "end", "message"} <= set(found["related"][0])
    summary = content["summary"]
    assert {"errors", "warnings", "documents", "clients", "contracts", "cells"} <= set(summary)
    assert (summary["errors"], summary["documents"], summary["partial"]) == (1, 13, False)


def test_the_day_replaces_today(run: Command, tmp_path: Path) -> None:
    waived = {
        **GAP,
        "waivers.yaml": """
            format: 1
            kind: waiver
            name: list-price
            code: BD301
            subject: agreement/globex-2027
            reason: pays the list price
            owner: desk@northwind.example
            until: 2027-03-31
        """,
    }
    folder = catalogue(tmp_path, waived)
    assert run("check", folder, "--as-of", "2027-03-31").code == 0
    assert run("check", folder, "--as-of", "2027-04-01").code == 1


# --- baseline ------------------------------------------------------------------------------------


def test_a_baseline_accepts_todays_findings_and_no_new_ones(
    run: Command, gap: Path, tmp_path: Path
) -> None:
    file = tmp_path / "accepted.json"
    ran = run("check", gap, "--baseline", file, "--update-baseline", "--as-of", AS_OF)
    assert ran.code == 0
    assert "1 finding accepted by this baseline" in ran.err
    ran = run("check", gap, "--baseline", file, "--as-of", AS_OF)
    assert ran.code == 0
    assert "BD301" not in ran.out
    moved = gap / "clients/globex.yaml"
    moved.write_text("# a line above moves every line\n" + moved.read_text())
    assert run("check", gap, "--baseline", file, "--as-of", AS_OF).code == 0
    moved.write_text(moved.read_text().replace("[project-work]", "[project-work, remote-support]"))
    code, found = check(run, gap, "--baseline", file)
    assert code == 1
    assert ["remote-support" in str(one["message"]) for one in found] == [True]


def test_a_quiet_run_says_nothing_of_its_baseline(run: Command, gap: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.json"
    ran = run("check", gap, "--baseline", file, "--update-baseline", "--quiet", "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"version": 1}', '{"version": 2, "findings": []}', "[" * 100_000, "\xff"],
    ids=["empty", "list", "map", "no findings", "later version", "deep", "not UTF-8"],
)
def test_what_is_no_baseline_is_wrong_usage(
    run: Command, gap: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "accepted.json"
    file.write_bytes(content.encode("latin-1"))
    ran = run("check", gap, "--baseline", file, "--as-of", AS_OF)
    assert ran.code == 2
    assert "is no baseline" in ran.err


def test_only_a_baseline_is_written_over_by_a_baseline(run: Command, gap: Path) -> None:
    file = gap / "settings.yaml"
    before = file.read_bytes()
    ran = run("check", gap, "--baseline", file, "--update-baseline", "--as-of", AS_OF)
    assert ran.code == 2
    assert "is no baseline" in ran.err
    assert "It is as it was" in ran.err
    assert file.read_bytes() == before


def test_errors_that_a_baseline_accepts_are_not_proved(
    run: Command, gap: Path, tmp_path: Path
) -> None:
    file = tmp_path / "accepted.json"
    assert run("check", gap, "--as-of", AS_OF).out.splitlines()[-1].startswith("not proved while ")
    run("check", gap, "--baseline", file, "--update-baseline", "--as-of", AS_OF)
    ran = run("check", gap, "--baseline", file, "--as-of", AS_OF)
    assert ran.out.splitlines()[-1].startswith("proved but for 1 accepted error: ")


def test_errors_that_a_waiver_accepts_are_not_proved(
    run: Command, gap: Path, tmp_path: Path
) -> None:
    [one] = [found for found in check(run, gap)[1] if found["code"] == "BD301"]
    (gap / "waiver.yaml").write_text(
        "format: 1\nkind: waiver\nname: agreed\ncode: BD301\nsubject: agreement/globex-2027\n"
        "reason: agreed by telephone\nowner: Ada\n"
    )
    ran = run("check", gap, "--certificate", tmp_path / "page.md", "--as-of", AS_OF)
    assert (ran.code, one["severity"]) == (0, "error")
    assert ran.out.splitlines()[-1].startswith("proved but for 1 accepted error: ")
    page = (tmp_path / "page.md").read_text()
    assert "**Proved but for 1 error that a waiver below accepts. Apart from that: For " in page
    ran = run("compile", gap, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert "proved but for 1 accepted error: " in ran.out
    assert "exactly one end" not in ran.out


def test_a_baseline_that_cannot_be_read_is_told_in_words(
    run: Command, gap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "baseline.json"
    file.write_text("{}")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    ran = run("check", gap, "--baseline", file, "--as-of", AS_OF)
    assert ran.code == 2
    assert "baseline.json` cannot be read: permission denied." in ran.err


def test_a_missing_baseline_tells_how_to_write_it(run: Command, gap: Path, tmp_path: Path) -> None:
    ran = run("check", gap, "--baseline", tmp_path / "none.json", "--as-of", AS_OF)
    assert ran.code == 2
    assert "--update-baseline" in ran.err


# --- files that cannot be read -------------------------------------------------------------------


def broken(run: Command, folder: Path) -> dict[str, str]:
    """The files that cannot be read and why; the run must fail for them, and prove the rest."""
    ran = run("check", folder, "--format", "json", "--as-of", AS_OF)
    content = json.loads(ran.out)
    assert ran.code == 1
    assert content["summary"]["cells"] == 60
    assert content["summary"]["partial"]
    return {found["path"]: found["message"] for found in content["diagnostics"]}


@posix
def test_a_pipe_is_a_finding_and_nobody_waits_for_it(run: Command, clean: Path) -> None:
    os.mkfifo(clean / "pipe.yaml")
    assert broken(run, clean) == {"pipe.yaml": "this file cannot be read: it is not a regular file"}


@posix
def test_links_that_lead_out_or_nowhere_are_findings(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text("format: 1\n")
    (clean / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (clean / "gone.yaml").symlink_to(clean / "nothing.yaml")
    (clean / "round.yaml").symlink_to(clean / "round.yaml")
    (clean / "device.yaml").symlink_to("/dev/zero")
    found = broken(run, clean)
    assert set(found) == {"out.yaml", "gone.yaml", "round.yaml", "device.yaml"}
    assert "leads out of the catalogue's folder" in found["out.yaml"]
    assert "no such file" in found["gone.yaml"]


@posix
def test_a_link_to_a_folder_is_not_followed_and_that_is_told(run: Command, clean: Path) -> None:
    (clean / "again").symlink_to(clean / "clients", target_is_directory=True)
    assert broken(run, clean) == {"again": "this file cannot be read: it is a link to a folder"}


@posix
def test_what_an_unreadable_file_may_declare_is_not_called_missing(
    run: Command, clean: Path
) -> None:
    for path in ("settings.yaml", "roles.yaml"):
        (clean / path).unlink()
        (clean / path).symlink_to("/dev/null")
        _, found = check(run, clean)
        assert {one["code"] for one in found} == {"BD020"}


@posix
def test_a_link_within_the_catalogue_is_read_like_a_file(run: Command, tmp_path: Path) -> None:
    folder = catalogue(tmp_path, {"clients/globex.yaml": None, ".kept/globex.yaml": ""})
    (folder / ".kept/globex.yaml").write_text("# nobody\n" + _small("clients/globex.yaml"))
    (folder / "clients/globex.yaml").symlink_to("../.kept/globex.yaml")
    ran = run("check", folder, "--as-of", AS_OF)
    assert ran.code == 0
    assert "2 clients" in ran.out


def _small(path: str) -> str:
    from tests.unit.cli.running import text_of

    return text_of(SMALL[path])


@posix
@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 0)() == 0, reason="the superuser may read whatever there is"
)
def test_files_and_folders_that_may_not_be_read_are_findings(run: Command, clean: Path) -> None:
    (clean / "shut.yaml").write_text("format: 1\n")
    (clean / "shut.yaml").chmod(0)
    (clean / "locked").mkdir()
    (clean / "locked").chmod(0)
    found = broken(run, clean)
    (clean / "locked").chmod(0o755)
    assert set(found) == {"shut.yaml", "locked"}


def test_a_folder_that_cannot_be_listed_is_a_finding(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "locked").mkdir()
    scan = os.scandir

    def refusing(folder: str) -> object:
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr("billing_dsl.cli.edge.os.scandir", refusing)
    assert broken(run, clean) == {"locked": "this folder cannot be read: permission denied"}


def test_a_folder_named_like_a_file_is_a_folder(run: Command, clean: Path) -> None:
    (clean / "folder.yaml").mkdir()
    (clean / "clients/globex.yaml").rename(clean / "folder.yaml/globex.yaml")
    assert run("check", clean, "--as-of", AS_OF).code == 0


def test_a_file_of_more_than_a_mebibyte_is_a_finding(run: Command, clean: Path) -> None:
    roles = clean / "roles.yaml"
    text = roles.read_bytes()
    roles.write_bytes(text.ljust(1 << 20, b"\n"))
    assert check(run, clean) == (0, [])
    roles.write_bytes(text.ljust((1 << 20) + 1, b"\n"))
    code, found = check(run, clean)
    assert code == 1
    errors = [one["path"] for one in found if one["severity"] == "error"]
    assert errors == ["roles.yaml"]


def test_files_that_are_too_much_together_are_a_finding(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(path.stat().st_size for path in clean.rglob("*.yaml"))
    monkeypatch.setattr("billing_dsl.cli.edge.LARGEST_CATALOGUE", size - 1)
    code, found = check(run, clean)
    assert code == 1
    (only,) = found
    assert "all files together are larger" in str(only["message"])
    monkeypatch.setattr("billing_dsl.cli.edge.LARGEST_CATALOGUE", size)
    assert check(run, clean) == (0, [])


def test_hidden_files_and_files_of_other_kinds_are_passed_over(run: Command, clean: Path) -> None:
    (clean / ".hidden").mkdir()
    for path in (".hidden/bad.yaml", ".bad.yaml", "notes.txt", "README.md", "bad.yaml.orig"):
        (clean / path).write_text("{[\n")
    assert run("check", clean, "--as-of", AS_OF).code == 0


@posix
def test_a_file_name_that_is_no_text_is_shown_escaped(run: Command, clean: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(clean) + b"/a\xff.yaml")).write_text("nothing: here\n")
    except OSError:
        pytest.skip("this file system takes text only")
    for form in FORMATS:
        ran = run("check", clean, "--format", form, "--as-of", AS_OF)
        assert ran.code == 1, form
        ran.out.encode()


# --- house rules ---------------------------------------------------------------------------------

HOUSE_RULE = """
from collections.abc import Iterable

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.rules import rule


@rule("NW001", Severity.ERROR)
def no_trouble(client: ClientCoverage) -> Iterable[Finding]:
    '''Nobody is called globex.

    There was trouble.
    '''
    if client.client.name == "globex":
        yield Finding(client.client.at("name"), "there was trouble")
"""


@pytest.mark.parametrize("head", ["", "from __future__ import annotations\n"])
def test_house_rules_run_where_they_are_asked_for(run: Command, clean: Path, head: str) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(head + HOUSE_RULE)
    assert check(run, clean) == (0, [])
    code, found = check(run, clean, "--house-rules")
    assert code == 1
    assert [(one["code"], one["name"], one["url"]) for one in found] == [
        ("NW001", "no-trouble", "")
    ]
    for form in FORMATS:
        ran = run("check", clean, "--house-rules", "--format", form, "--as-of", AS_OF)
        assert ran.code == 1
        assert "NW001" in ran.out


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0\n",
        "def (\n",
        "x = 1\n",
        "raise SystemExit(3)\n",
        HOUSE_RULE.replace("NW001", "BD301"),
    ],
    ids=["raises", "is no Python", "holds no rule", "leaves", "takes a code of ours"],
)
def test_a_house_rule_that_is_none_is_wrong_usage(run: Command, clean: Path, source: str) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(source)
    ran = run("check", clean, "--house-rules")
    assert ran.code == 2
    assert "rules/no_trouble.py" in ran.err


def test_a_house_rule_that_stumbles_is_no_fault_of_the_tool(run: Command, clean: Path) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(HOUSE_RULE.replace('== "globex"', ".upper().no"))
    ran = run("check", clean, "--house-rules")
    assert ran.code == 2
    assert "NW001" in ran.err


def test_rules_that_nobody_wrote_are_not_taken_for_rules_that_found_nothing(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    told = f"no house rules: {clean}/rules/ holds none\n"
    assert run("check", clean, "--house-rules").err == told
    assert run("check", clean, "--house-rules", "--quiet").err == ""
    assert run("check", clean).err == ""
    (clean / "rules").mkdir()
    (clean / "rules/_shared.py").write_text(HOUSE_RULE)
    assert run("check", clean, "--house-rules", "--certificate", tmp_path / "c.md").err == (
        f"wrote {tmp_path / 'c.md'}\n{told}"
    )
    assert run("compile", clean, "-o", tmp_path / "out", "--house-rules").err == told
    (clean / "rules/trouble.py").write_text(HOUSE_RULE)
    assert run("check", clean, "--house-rules").err == ""


# --- the certificate -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_certificate_is_written_beside_the_findings(
    run: Command, clean: Path, gap: Path, tmp_path: Path, ending: str
) -> None:
    page = tmp_path / f"page.{ending}"
    ran = run("check", clean, "--certificate", page, "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, f"wrote {page}\n")
    assert ran.out == run("check", clean, "--as-of", AS_OF).out
    proved = page.read_text()
    assert ran.code == run("check", clean, "--certificate", page, "--as-of", AS_OF).code
    assert page.read_text() == proved
    ran = run("check", gap, "--certificate", page, "--quiet", "--as-of", AS_OF)
    assert (ran.code, ran.err) == (1, "")
    assert page.read_text() != proved


def test_nothing_is_certified_without_settings_and_the_findings_are_told(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    (clean / "settings.yaml").write_text("format: 1\nkind: settings\nname: firm\n")
    ran = run("check", clean, "--certificate", tmp_path / "page.md", "--as-of", AS_OF)
    assert ran.code == 1
    assert "nothing can be certified" in ran.err
    assert "settings.yaml" in ran.out
    assert not (tmp_path / "page.md").exists()


def test_only_a_certificate_is_written_over_by_a_certificate(
    run: Command, clean: Path, tmp_path: Path
) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Ours\n")
    ran = run("check", clean, "--certificate", page, "--as-of", AS_OF)
    assert ran.code == 2
    assert "is there already and is no certificate" in ran.err
    assert page.read_text() == "# Ours\n"


def test_a_certificate_that_cannot_be_written_is_wrong_usage(run: Command, clean: Path) -> None:
    ran = run("check", clean, "--certificate", clean / "roles.yaml/page.md", "--as-of", AS_OF)
    assert ran.code == 2
    assert "cannot be written" in ran.err


# --- colour --------------------------------------------------------------------------------------


def test_colour_is_as_the_option_says(run: Command, gap: Path) -> None:
    assert "\x1b[" in run("check", gap, "--color", "always", "--as-of", AS_OF).out
    assert "\x1b[" not in run("check", gap, "--color", "never", "--as-of", AS_OF).out
    assert "\x1b[" not in run("check", gap, "--as-of", AS_OF).out


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        ({}, "auto", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        ({"FORCE_COLOR": "", "NO_COLOR": ""}, "auto", False),
        ({"FORCE_COLOR": "1"}, "never", False),
        ({"NO_COLOR": "1"}, "always", True),
    ],
)
def test_colour_follows_the_option_then_the_environment(
    run: Command,
    gap: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    option: str,
    coloured: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ran = run("check", gap, "--color", option, "--as-of", AS_OF)
    assert ("\x1b[" in ran.out) == coloured


def test_formats_for_machines_are_never_coloured(run: Command, gap: Path) -> None:
    for form in FORMATS[1:]:
        ran = run("check", gap, "--format", form, "--color", "always", "--as-of", AS_OF)
        assert "\x1b" not in ran.out


def test_a_terminal_of_plain_letters_is_shown_plain_letters(gap: Path) -> None:
    path = gap / "clients/globex.yaml"
    path.write_text(path.read_text().replace("Globex S.p.A.", "Globéx →"), encoding="utf-8")
    ran = process(
        *("check", str(gap), "--as-of", AS_OF),
        environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert ran.code == 1
    assert ran.out.isascii()
    assert "BD301" in ran.out


def test_a_run_under_the_plain_locale_ends_as_any_other(gap: Path) -> None:
    ran = process("check", str(gap), "--as-of", AS_OF, environment={"LC_ALL": "C"})
    assert (ran.code, ran.err) == (1, "")
