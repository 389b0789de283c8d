"""`snapshot` and `compile --tenant`: files that are good, bad, old, foreign, or no files at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from billing_dsl.cli import edge
from billing_dsl.pipeline import read_file
from billing_dsl.targets._book import Book
from billing_dsl.tenant.snapshot import read
from tests.unit.cli.running import AS_OF, SMALL, Command, catalogue, text_of
from tests.unit.targets.compiling import of_readings
from tests.unit.tenant.fake import Json, Tenant, as_text
from tests.unit.tenant.trying import first_set_up, set_up

CHANGED = datetime(2027, 1, 10, 12, tzinfo=UTC)
"""When the small catalogue was changed last, as its files' dates say."""


@pytest.fixture(autouse=True)
def _a_day_in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "now", lambda: datetime(2027, 1, 15, 9, tzinfo=UTC))
    monkeypatch.setattr(edge, "today", lambda: date(2027, 1, 15))


def aged(folder: Path) -> Path:
    for path in folder.rglob("*.yaml"):
        os.utime(path, (CHANGED.timestamp(), CHANGED.timestamp()))
    return folder


def compiled(folder: Path) -> Book:
    readings = [
        read_file(path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*.yaml"))
    ]
    return of_readings(readings, date.fromisoformat(AS_OF))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return aged(catalogue(tmp_path / "mine"))


@pytest.fixture
def tenant(here: Path) -> Tenant:
    return set_up(compiled(here))


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a snapshot beside the catalogue."""

    def written(value: Tenant | Json | bytes, **changed: Any) -> Path:
        path = tmp_path / "tenant.json"
        if isinstance(value, Tenant):
            value = value.snapshot(**changed)
        path.write_bytes(value if isinstance(value, bytes) else as_text(value))
        return path

    return written


def bundle(out: Path) -> Json:
    found: Json = json.loads((out / "autotask/requests.json").read_text(encoding="utf-8"))
    return found


# --- compile -------------------------------------------------------------------------------------


def test_compile_sends_nothing_that_is_there(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    file = write(tenant)
    ran = run("compile", here, "-o", out, "--as-of", AS_OF, "--tenant", file)
    assert (ran.code, ran.err) == (0, "")
    assert "tenant 34567 (The Firm), as on 2027-01-14 18:05 UTC\n" in ran.out
    assert "requests: 0 to make, 0 to change; 20 objects as declared\n" in ran.out
    assert "the settings do not say which tenant is meant" in ran.out
    assert bundle(out)["requests"] == []
    assert not (out / "autotask/import").exists()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tenant"]["database"] == "34567"
    assert manifest["tenant"]["taken_at"] == "2027-01-14T18:05:00Z"
    assert len(manifest["tenant"]["sha256"]) == 64


def test_compile_without_a_tenant_is_as_before(run: Command, here: Path, tmp_path: Path) -> None:
    run("compile", here, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert "tenant" not in bundle(tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert "tenant" not in manifest


def test_the_same_snapshot_gives_the_same_bytes(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    tenant.objects["Roles"][min(tenant.objects["Roles"])]["hourlyRate"] = 1
    file = write(tenant)
    first, second = tmp_path / "first", tmp_path / "second"
    run("compile", here, "-o", first, "--as-of", AS_OF, "--tenant", file)
    value = json.loads(file.read_bytes())
    for rows in value["objects"].values():
        rows.reverse()
    file.write_text(json.dumps(value))
    run("compile", here, "-o", second, "--as-of", AS_OF, "--tenant", file)
    for path in ("autotask/requests.json", "autotask/checklist.md", "autotask/steps.csv"):
        assert (first / path).read_bytes() == (second / path).read_bytes()


def test_what_is_left_is_counted(run: Command, here: Path, write: Write, tmp_path: Path) -> None:
    file = write(Tenant())
    ran = run("compile", here, "-o", tmp_path / "out", "--as-of", AS_OF, "--tenant", file)
    assert ran.code == 0
    assert "requests: 20 to make, 0 to change; 0 objects as declared\n" in ran.out
    assert "left open in requests: 6 references that the tenant does not have yet\n" in ran.out
    assert "warning[BD520]: the tenant has no currency `EUR`" in ran.err


def test_warnings_are_told_however_quiet(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    for role in tenant.objects["Roles"].values():
        role["isActive"] = False
    file = write(tenant)
    ran = run("compile", here, "-o", tmp_path / "o", "--as-of", AS_OF, "--tenant", file, "--quiet")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("warning[BD519]") == 2
    assert "mine/roles.yaml:3:7" in ran.err


@pytest.mark.parametrize("least", ["warning", "note"])
def test_warnings_about_the_tenant_keep_all_back_where_that_is_asked(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path, least: str
) -> None:
    out = tmp_path / "o"
    asked = ("compile", here, "-o", out, "--as-of", AS_OF, "--fail-on", least, "--tenant")
    assert run(*asked, write(tenant)).code == 0
    assert out.exists()
    shutil.rmtree(out)
    for role in tenant.objects["Roles"].values():
        role["isActive"] = False
    ran = run(*asked, write(tenant))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("warning[BD519]") == 2
    what = {"warning": "errors or warnings", "note": "findings"}[least]
    assert ran.err.endswith(f"nothing is compiled while there are {what}\n")
    assert not out.exists()


def errors(tenant: Tenant) -> None:
    role = tenant.objects["Roles"][min(tenant.objects["Roles"])]
    tenant.add("Roles", **role)


WAIVER = """
    format: 1
    kind: waiver
    name: two-engineers
    code: BD515
    subject: role/architect
    reason: the old one goes in spring
    owner: desk@msp.example
"""


def test_errors_about_the_tenant_keep_everything_from_being_written(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    errors(tenant)
    out = tmp_path / "out"
    ran = run("compile", here, "-o", out, "--as-of", AS_OF, "--tenant", write(tenant))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error[BD515]: role `Network Architect` may be several objects")
    assert ran.err.endswith("nothing is compiled while nothing may be sent to the tenant\n")
    assert not out.exists()


def test_a_waiver_lets_the_rest_be_compiled(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    errors(tenant)
    aged(catalogue(here, {"waivers.yaml": WAIVER}))
    out = tmp_path / "out"
    ran = run("compile", here, "-o", out, "--as-of", AS_OF, "--tenant", write(tenant))
    assert (ran.code, ran.err) == (0, "")
    # the role, and the exclusions of it in two sets
    assert "requests: 0 to make, 0 to change, 3 held back; 17 objects as declared\n" in ran.out


def test_a_waiver_for_a_tenant_is_judged_beside_one_alone(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    aged(catalogue(here, {"waivers.yaml": WAIVER}))
    ran = run("check", here, "--as-of", AS_OF)
    assert "BD901" not in ran.out
    ran = run("compile", here, "-o", tmp_path / "o", "--as-of", AS_OF, "--tenant", write(tenant))
    assert "warning[BD901]: waiver `two-engineers` accepts nothing" in ran.err


def test_a_waiver_cannot_accept_a_file_that_cannot_be_read(run: Command, here: Path) -> None:
    catalogue(here, {"waivers.yaml": WAIVER.replace("BD515", "BD510")})
    assert "BD903" in run("check", here, "--as-of", AS_OF).out


# --- bad files -----------------------------------------------------------------------------------


def refused(run: Command, here: Path, file: Path, *more: str) -> str:
    """What is said of a file; nothing is written, and what was there stays."""
    out = here.parent / "out"
    before = out.exists()
    ran = run("compile", here, "-o", out, "--as-of", AS_OF, "--tenant", file, *more)
    assert (ran.code, ran.out, out.exists()) == (1, "", before)
    assert ran.err.endswith("nothing is compiled while nothing may be sent to the tenant\n")
    return ran.err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:900], "error[BD510]: this file ends before its JSON does"),
        (lambda content: b"", "error[BD510]: this file is empty"),
        (lambda content: b"kind: role\n", "error[BD510]: this file is not JSON"),
        (lambda content: content.replace(b'"version": 1', b'"version": 2'), "reads version 1"),
        (lambda content: content.replace(b'"Roles": 2', b'"Roles": 3'), "3 were counted, 2 are"),
        (lambda content: content.decode().encode("utf-16"), "is not UTF-8 text"),
        (lambda content: content.replace(b"2027-01-14T", b"2027-02-14T"), "and it is 2027-01-15"),
        (lambda content: content.replace(b"2027-01-14T", b"2027-01-09T"), "error[BD513]"),
    ],
)
def test_a_bad_file_is_a_finding_and_nothing_is_written(
    run: Command,
    here: Path,
    tenant: Tenant,
    write: Write,
    spoil: Callable[[bytes], bytes],
    said: str,
) -> None:
    file = write(tenant)
    file.write_bytes(spoil(file.read_bytes()))
    told = refused(run, here, file)
    assert said in told
    assert f"--> {file.as_posix()}:" in told
    run("compile", here, "-o", here.parent / "out", "--as-of", AS_OF)
    refused(run, here, file)


def test_where_json_breaks_is_shown(run: Command, here: Path, write: Write) -> None:
    file = write(b'{"version": 1,\n "tool": billing}\n')
    told = refused(run, here, file)
    assert f"--> {file.as_posix()}:2:10" in told
    assert '  2 |  "tool": billing}\n    |          ^' in told


def test_a_large_file_is_not_shown(
    run: Command, here: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing_dsl.cli import snapshots

    monkeypatch.setattr(snapshots, "_SHOWN", 10)
    assert "billing}" not in refused(run, here, write(b'{"version": 1,\n "tool": billing}\n'))


def test_a_file_of_another_tenant_is_refused(
    run: Command, here: Path, tenant: Tenant, write: Write
) -> None:
    settings = text_of(SMALL["settings.yaml"]) + 'autotask: {tenant: "99999"}\n'
    (here / "settings.yaml").write_text(settings, encoding="utf-8")
    aged(here)
    assert "error[BD512]: this snapshot is of the tenant `34567`" in refused(
        run, here, write(tenant)
    )


def test_the_tenant_of_the_settings_is_not_asked_for_again(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    settings = text_of(SMALL["settings.yaml"]) + 'autotask: {tenant: "34567"}\n'
    (here / "settings.yaml").write_text(settings, encoding="utf-8")
    aged(here)
    file = write(tenant)
    ran = run("compile", here, "-o", tmp_path / "out", "--as-of", AS_OF, "--tenant", file)
    assert ran.code == 0
    assert "the settings do not say" not in ran.out


def test_an_old_file_may_be_accepted(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    file = write(tenant, taken_at="2027-01-10T11:59:59Z")
    told = refused(run, here, file)
    assert "was taken on 2027-01-10 11:59 UTC, before the catalogue's last change" in told
    out = tmp_path / "out"
    options = ("--as-of", AS_OF, "--tenant", file, "--accept-old-snapshot")
    assert run("compile", here, "-o", out, *options).code == 0


def test_accepting_an_old_file_needs_one(run: Command, here: Path, tmp_path: Path) -> None:
    ran = run("compile", here, "-o", tmp_path / "out", "--accept-old-snapshot")
    assert ran.code == 2
    assert "--accept-old-snapshot needs --tenant FILE." in ran.err


@pytest.mark.parametrize("command", ["compile", "snapshot"])
def test_a_file_that_is_not_there_is_wrong_usage(
    run: Command, here: Path, command: str, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere.json"
    options = {"compile": ("-o", tmp_path / "out", "--tenant"), "snapshot": ("--check",)}
    ran = run(command, *options[command], nowhere, here)
    assert ran.code == 2
    assert f"there is no file `{nowhere}`" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="made of what POSIX has")
def test_what_is_no_file_is_a_finding(run: Command, here: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "this file cannot be read: it is not a regular file" in refused(run, here, pipe)


def test_what_the_machine_does_not_open_is_a_finding(
    run: Command, here: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(b"{}")
    opened = os.open

    def locked(path: Any, *rest: Any, **options: Any) -> int:
        if str(path) == str(file):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **options)

    monkeypatch.setattr(os, "open", locked)
    assert "this file cannot be read: permission denied" in refused(run, here, file)


def test_nothing_is_read_of_a_tenant_while_the_catalogue_has_errors(
    run: Command, gap: Path, write: Write, tmp_path: Path
) -> None:
    file = write(b"")
    ran = run("compile", gap, "-o", tmp_path / "out", "--as-of", AS_OF, "--tenant", file)
    assert ran.code == 1
    assert "BD301" in ran.err
    assert "BD510" not in ran.err


def test_hostile_names_of_a_tenant_reach_no_terminal(
    run: Command, here: Path, tenant: Tenant, write: Write, tmp_path: Path
) -> None:
    value = tenant.snapshot()
    evil = "\x1b[2J\n::error::x\u202e" * 9
    value["tenant"]["name"] = evil
    for row in value["objects"]["Roles"]:
        row["isActive"] = False
    for row in value["objects"]["BillingCodes"]:
        row["description"] = evil
    ran = run("compile", here, "-o", tmp_path / "out", "--as-of", AS_OF, "--tenant", write(value))
    assert ran.code == 0
    for text in (ran.out, ran.err):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n::error" not in text


# --- snapshot ------------------------------------------------------------------------------------


def test_it_is_described(run: Command) -> None:
    ran = run("snapshot")
    assert (ran.code, ran.err) == (0, "")
    assert "What is read" in ran.out


def test_its_requests_are_printed(run: Command) -> None:
    ran = run("snapshot", "--requests")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["version"] == 1


def test_its_schema_is_printed_and_a_snapshot_fits_it(run: Command, tenant: Tenant) -> None:
    ran = run("snapshot", "--schema")
    assert (ran.code, ran.err) == (0, "")
    schema = json.loads(ran.out)
    value = json.loads(as_text(tenant.snapshot()))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(value)) == []


def test_a_whole_file_is_told(run: Command, tenant: Tenant, write: Write) -> None:
    file = write(tenant)
    ran = run("snapshot", "--check", file, "--as-of", "2027-01-20")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == (
        f"{file}: tenant 34567 (The Firm), as on 2027-01-14 18:05 UTC; on 2027-01-20 6 days old"
    )
    assert "entities, as counted" in ran.out


def test_what_was_not_read_is_told(run: Command, tenant: Tenant, write: Write) -> None:
    value = tenant.snapshot()
    value["tenant"]["name"] = None
    del value["objects"]["Countries"], value["counts"]["Countries"]
    ran = run("snapshot", "--check", write(value), "--as-of", "2027-01-14")
    assert ran.code == 0
    assert "tenant 34567, as on" in ran.out
    assert "on 2027-01-14 taken that day or later\n" in ran.out
    assert ran.out.endswith("not read: Countries\n")


def test_a_bad_file_is_told_without_a_catalogue(run: Command, write: Write) -> None:
    file = write(b'{"version": 1')
    ran = run("snapshot", "--check", file)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error[BD510]")
    assert f"--> {file.as_posix()}:1:14" in ran.err


def test_a_file_from_the_future_is_told_without_a_catalogue(
    run: Command, tenant: Tenant, write: Write
) -> None:
    ran = run("snapshot", "--check", write(tenant, taken_at="2027-03-01T00:00:00Z"))
    assert ran.code == 1
    assert "and it is 2027-01-15 09:00 UTC" in ran.err


def test_a_file_is_compared_with_a_catalogue(
    run: Command, here: Path, tenant: Tenant, write: Write
) -> None:
    tenant.objects["Roles"][min(tenant.objects["Roles"])]["isActive"] = False
    ran = run("snapshot", "--check", write(tenant), here, "--as-of", AS_OF)
    assert ran.code == 0
    assert "requests: 0 to make, 0 to change; 19 objects as declared\n" in ran.out
    assert "warning[BD519]" in ran.err


def test_errors_in_the_comparison_fail(
    run: Command, here: Path, tenant: Tenant, write: Write
) -> None:
    errors(tenant)
    ran = run("snapshot", "--check", write(tenant), here, "--as-of", AS_OF)
    assert ran.code == 1
    assert "held back" in ran.out
    assert "error[BD515]" in ran.err


def test_a_file_that_does_not_suit_is_told_and_not_compared(
    run: Command, here: Path, tenant: Tenant, write: Write
) -> None:
    file = write(tenant, taken_at="2026-12-01T00:00:00Z")
    ran = run("snapshot", "--check", file, here, "--as-of", AS_OF)
    assert ran.code == 1
    assert "error[BD513]" in ran.err
    assert "45 days old" in ran.out
    assert "requests:" not in ran.out


def test_a_bad_file_is_told_beside_a_catalogue(run: Command, here: Path, write: Write) -> None:
    ran = run("snapshot", "--check", write(b""), here, "--as-of", AS_OF)
    assert (ran.code, ran.out) == (1, "")
    assert "error[BD510]: this file is empty" in ran.err


def test_a_catalogue_with_errors_is_not_compared(
    run: Command, gap: Path, tenant: Tenant, write: Write
) -> None:
    aged(gap)
    ran = run("snapshot", "--check", write(tenant), gap, "--as-of", AS_OF)
    assert ran.code == 1
    assert "tenant 34567" in ran.out
    assert ran.err.endswith("nothing is compared while there are errors\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--requests", "--schema"),
        ("--schema", "--check", "a.json"),
        ("mine",),
        ("--schema", "mine"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(run: Command, arguments: tuple[str, ...]) -> None:
    assert run("snapshot", *arguments).code == 2


# --- paths and last changes ----------------------------------------------------------------------


def test_findings_name_the_file_as_it_was_named(
    run: Command, here: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(b"")
    monkeypatch.chdir(here.parent)
    told = refused(run, Path("mine"), Path("tenant.json"))
    assert "--> tenant.json:1:1\n" in told
    monkeypatch.chdir(here)
    ran = run("snapshot", "--check", Path("../tenant.json"), Path())
    assert "--> ../tenant.json:1:1\n" in ran.err


def git(folder: Path, *arguments: str, moment: datetime = CHANGED) -> None:
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@y.example", *arguments],
        check=True,
        capture_output=True,
        env={
            **os.environ,
            "GIT_COMMITTER_DATE": moment.isoformat(),
            "GIT_AUTHOR_DATE": moment.isoformat(),
        },
    )


def test_the_last_change_is_the_last_commit_or_the_newest_file(tmp_path: Path) -> None:
    folder = aged(catalogue(tmp_path / "mine"))
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")]
    assert edge.last_change(str(folder), []) is None
    assert edge.last_change(str(folder), paths) == CHANGED
    committed = CHANGED + timedelta(days=3)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "mine")
    git(tmp_path, "commit", "-qm", "The catalogue", moment=committed)
    assert edge.last_change(str(folder), paths) == committed
    (tmp_path / "other.txt").write_text("beside it")
    git(tmp_path, "add", "other.txt")
    git(tmp_path, "commit", "-qm", "Something else", moment=committed + timedelta(days=9))
    assert edge.last_change(str(folder), paths) == committed
    edited = folder / "roles.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    later = committed + timedelta(days=1)
    os.utime(edited, (later.timestamp(), later.timestamp()))
    assert edge.last_change(str(folder), paths) == later
    os.utime(edited, (CHANGED.timestamp(), CHANGED.timestamp()))
    assert edge.last_change(str(folder), paths) == committed


def test_a_first_set_up_of_the_small_catalogue_is_whole(here: Path) -> None:
    """What the other tests rest on."""
    value = first_set_up(compiled(here)).snapshot()
    assert read("tenant.json", as_text(value))[1] == ()
