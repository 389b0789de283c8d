"""What a job does for a pull request: checks, review, and another version of the tool told apart.

`billing-dsl` is a stand-in, of which these tests say what it answers to `review`; all else it
leaves to the real one, where a test is about that.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kit import review
from kit.review import MARK, Pin, UnhadError, job, joined, main, pin_at
from tests.goldens import ROOT

STARTER = ROOT / "billing_dsl" / "starter"
AUTHOR = {
    **{
        f"GIT_{role}_{what}": "a@b"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
}
HASH = ("1" * 40, "2" * 40)
SAID = f"{MARK}\n**1 client loses cover.**\n"

STUB = """\
import json, os, pathlib, subprocess, sys
arguments = sys.argv[1:]
with open({calls!r}, "a", encoding="utf-8") as file:
    file.write(json.dumps(arguments) + "\\n")
if arguments[0] == "review":
    answer = json.loads(pathlib.Path({answer!r}).read_text(encoding="utf-8"))
    out = pathlib.Path(arguments[arguments.index("-o") + 1])
    out.mkdir(exist_ok=True)
    if answer["comment"] is not None:
        (out / "comment.md").write_text(answer["comment"], encoding="utf-8", newline="")
    sys.exit(answer["code"])
if not {real!r}:
    print("checked")
    sys.exit(0)
done = subprocess.run([sys.executable, "-m", "billing_dsl", *arguments])
if {edited!r} and arguments[0] == "compile" and not done.returncode:
    out = pathlib.Path(arguments[arguments.index("-o") + 1])
    routes = out / "routing" / "routes.csv"
    text = routes.read_text(encoding="utf-8")
    assert ",80.00," in text
    routes.write_text(text.replace(",80.00,", ",81.00,"), encoding="utf-8", newline="")
    manifest = json.loads((out / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["path"] == "routing/routes.csv":
            one["sha256"] = "0"
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
sys.exit(done.returncode)
"""


@dataclass
class Firm:
    """A firm's repository with a catalogue and its jobs, and what the tool is asked in a job."""

    folder: Path
    away: Path
    base: str = ""
    head: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **AUTHOR},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str]) -> str:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8", newline="\n")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def tool(self, name: str, real: bool = False, edited: bool = False) -> Path:
        """A command `billing-dsl` in a folder of its own.

        Unless it is a `real` one, it finds nothing; with `edited`, it is of another version.
        """
        script = self.away / f"{name}.py"
        stated = STUB.format(
            calls=str(self.away / f"{name}.calls"),
            answer=str(self.away / "answer.json"),
            real=real,
            edited=edited,
        )
        script.write_text(stated, encoding="utf-8")
        path = self.away / name / "billing-dsl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n')
        path.chmod(0o755)
        return path

    def answers(self, comment: str | None = SAID, code: int = 0) -> None:
        content = json.dumps({"comment": comment, "code": code})
        (self.away / "answer.json").write_text(content, encoding="utf-8")

    def calls(self, command: str, name: str = "new") -> list[list[str]]:
        path = self.away / f"{name}.calls"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [asked for asked in map(json.loads, lines) if asked[0] == command]

    def variables(self, **changed: str) -> dict[str, str]:
        stated = {
            "BILLING_DSL_OUT": str(self.away / "out"),
            "BILLING_DSL_BASE": self.base,
            "BILLING_DSL_HEAD": self.head,
            "BILLING_DSL_AS_OF": "2027-01-15",
        }
        return {**stated, **self.more, **changed}

    @property
    def comment(self) -> str:
        return (self.away / "out" / "comment.md").read_text(encoding="utf-8")


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """A repository with a branch, and a `main` that has gone on since."""
    away = tmp_path_factory.mktemp("pattern")
    shutil.copytree(STARTER, away / "firm" / "catalogue")
    made = Firm(away / "firm", away)
    made.git("init", "-q", "-b", "main")
    made.commit({"README.md": "the catalogue\n"})
    made.git("checkout", "-q", "-b", "topic")
    made.head = made.commit({"notes.md": "a change\n"})
    made.git("checkout", "-q", "main")
    made.base = made.commit({"later.md": "main goes on\n"})
    made.git("checkout", "-q", "topic")
    return made


@pytest.fixture
def firm(pattern: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """The repository, in which somebody stands on the branch."""
    folder, away = tmp_path / "firm", tmp_path / "away"
    away.mkdir()
    shutil.copytree(pattern.folder, folder, symlinks=True)
    made = Firm(folder, away, pattern.base, pattern.head)
    made.answers()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{made.tool('new').parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GIT_", "BILLING_DSL_B")) or name in (
            "GITLAB_CI",
            "TF_BUILD",
        ):
            monkeypatch.delenv(name)
    return made


# --- check and review ----------------------------------------------------------------------------


def test_a_job_checks_reviews_and_leaves_what_is_to_be_posted(firm: Firm) -> None:
    assert main(firm.variables()) == 0
    assert firm.comment == SAID
    [asked] = firm.calls("review")
    out = str(firm.away / "out" / "review")
    assert asked == [
        *("review", "--as-of", "2027-01-15", "-o", out, "--"),
        *(f"{firm.base}...{firm.head}", firm.head, "catalogue"),
    ]


def test_every_wish_is_handed_on_and_none_can_be_taken_for_an_option(firm: Firm) -> None:
    wishes = {
        "BILLING_DSL_ENTRIES": "a b.csv\n\n  --mask\n",
        "BILLING_DSL_THRESHOLD": "50",
        "BILLING_DSL_APPROVED": "owner\naccount manager",
        "BILLING_DSL_APPROVALS": "true",
        "BILLING_DSL_MASK": "True",
        "BILLING_DSL_FAIL_ON": "warning",
    }
    assert main(firm.variables(**wishes)) in (0, 1)
    [asked] = firm.calls("review")
    assert asked[3 : asked.index("-o")] == [
        *("--fail-on=warning", "--entries=a b.csv", "--entries=--mask", "--threshold=50"),
        *("--approved=owner", "--approved=account manager", "--mask", "--detailed-exitcode"),
    ]
    assert "--fail-on=warning" in firm.calls("check")[0]


def test_a_push_is_only_checked(firm: Firm) -> None:
    assert main(firm.variables(BILLING_DSL_BASE="")) == 0
    assert firm.calls("review") == []
    assert not (firm.away / "out" / "comment.md").exists()


@pytest.mark.parametrize(
    ("code", "comment", "kept"),
    [
        (0, "", ""),
        (1, SAID, SAID),
        (3, SAID, SAID),
        (2, SAID, None),
        (70, None, None),
        (0, None, None),
    ],
)
def test_what_a_review_says_is_kept_where_it_came_to_a_result(
    code: int, comment: str | None, kept: str | None, firm: Firm
) -> None:
    """An empty comment takes an old one away; none leaves it alone."""
    (firm.away / "out").mkdir()
    (firm.away / "out" / "comment.md").write_text("of an earlier run", encoding="utf-8")
    firm.answers(comment, code)
    assert main(firm.variables()) == code
    path = firm.away / "out" / "comment.md"
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == kept


def test_errors_of_the_check_decide_and_the_review_is_made_all_the_same(firm: Firm) -> None:
    firm.tool("new", real=True)
    (firm.folder / "catalogue" / "broken.yaml").write_text("format: 1\nkind: nothing\n")
    firm.answers(SAID, 3)
    assert main(firm.variables()) == 1
    assert firm.comment == SAID


@pytest.mark.parametrize(
    ("service", "files"),
    [
        ("github", {"findings.sarif"}),
        ("gitlab", {"code-quality.json", "findings.xml"}),
        ("azure", {"findings.xml"}),
        ("bitbucket", {"findings.xml", "findings.json"}),
    ],
)
def test_each_service_gets_findings_in_its_own_form(
    service: str, files: set[str], firm: Firm
) -> None:
    assert main(firm.variables(BILLING_DSL_SERVICE=service)) == 0
    assert {path.name for path in (firm.away / "out").iterdir()} == files
    assert all(path.stat().st_size for path in (firm.away / "out").iterdir())


def test_the_page_of_the_run_shows_the_comment(firm: Firm) -> None:
    summary = firm.away / "summary.md"
    assert main(firm.variables(GITHUB_STEP_SUMMARY=str(summary))) == 0
    firm.answers("")
    assert main(firm.variables(GITHUB_STEP_SUMMARY=str(summary))) == 0
    assert summary.read_text(encoding="utf-8") == f"{SAID}Nothing changes in meaning.\n"


# --- what services say ---------------------------------------------------------------------------


def test_what_services_say_of_a_pull_request(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    pull = {"number": 7, "base": {"sha": "b"}, "head": {"sha": "h"}}
    event.write_text(json.dumps({"pull_request": pull}), encoding="utf-8")
    said: dict[str, dict[str, str]] = {
        "github": {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)},
        "gitlab": {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
            "CI_COMMIT_SHA": "h",
        },
        "azure": {
            "TF_BUILD": "True",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release/b",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": "h",
        },
        "bitbucket": {
            "BITBUCKET_BUILD_NUMBER": "1",
            "BITBUCKET_PR_ID": "7",
            "BITBUCKET_PR_DESTINATION_BRANCH": "release/b",
            "BITBUCKET_COMMIT": "h",
        },
    }
    for service, variables in said.items():
        todo = job(variables)
        base = "b" if service in ("github", "gitlab") else "origin/release/b"
        assert (todo.service, todo.change) == (service, review.Change(base, "h", "7"))
        first = next(iter(variables))
        pushed = {first: variables[first], "GITHUB_EVENT_PATH": ""}
        assert job(pushed).change is None
    merged = {**said["gitlab"], "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "s"}
    assert job(merged).change == review.Change("b", "s", "7")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"BILLING_DSL_MASK": "yes"}, "BILLING_DSL_MASK is neither true nor false"),
        ({"BILLING_DSL_SERVICE": "sourceforge"}, "BILLING_DSL_SERVICE is none of"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "/nowhere"}, "leads to no event"),
        ({"BILLING_DSL_BASE": "--output=x"}, "is no revision"),
        ({"PATH": ""}, "there is no command billing-dsl"),
    ],
)
def test_variables_that_cannot_be_right_are_refused(
    changed: dict[str, str], reason: str, firm: Firm, monkeypatch: Any, capsys: Any
) -> None:
    if "PATH" in changed:
        monkeypatch.setenv("PATH", "")
    assert main(firm.variables(**changed)) == 2
    assert reason in capsys.readouterr().err


# --- another version of the tool -----------------------------------------------------------------


def workflow(ref: str) -> str:
    return f"jobs:\n  a:\n    steps:\n      - uses: firm/billing_dsl/kit/github/review@{ref} # it\n"


JOBS: dict[str, Callable[[str], str]] = {
    ".github/workflows/billing.yml": workflow,
    ".gitlab-ci.yml": lambda ref: (
        f"variables:\n  BILLING_DSL_REPOSITORY: https://git/t.git\n  BILLING_DSL_REF: '{ref}'\n"
    ),
    "azure-pipelines.yml": lambda ref: (
        f"variables:\n  BILLING_DSL_REPOSITORY: https://git/t.git\n  BILLING_DSL_REF: {ref}\n"
    ),
    "bitbucket-pipelines.yml": lambda ref: (
        "pipelines:\n  default:\n    - step:\n        script:\n"
        f"          - export BILLING_DSL_REPOSITORY=https://git/t.git\n"
        f"          - export BILLING_DSL_REF={ref}\n"
    ),
}


def upgraded(firm: Firm, path: str = ".github/workflows/billing.yml") -> None:
    """Has the pull request bring another version of the tool along."""
    form = JOBS[path]
    firm.git("checkout", "-q", "-B", "main", firm.git("merge-base", firm.base, firm.head))
    firm.base = firm.commit({path: form(HASH[0])})
    firm.git("checkout", "-q", "-B", "topic")
    firm.head = firm.commit({path: form(HASH[1])})


@pytest.mark.parametrize("path", JOBS)
def test_the_version_of_the_tool_is_read_where_jobs_name_it(path: str, firm: Firm) -> None:
    upgraded(firm, path)
    source = "https://github.com/firm/billing_dsl" if "github" in path else "https://git/t.git"
    found = [pin_at(commit, {}) for commit in (firm.base, firm.head)]
    assert found == [Pin(source, HASH[0]), Pin(source, HASH[1])]


def test_jobs_that_name_several_versions_or_none_name_none(firm: Firm) -> None:
    assert pin_at(firm.head, {}) is None
    several = firm.commit({f".github/workflows/{n}.yml": workflow(HASH[n]) for n in (0, 1)})
    assert pin_at(several, {}) is None
    aside = "".join(f"# {line}\n" for line in workflow(HASH[1]).splitlines())
    same = firm.commit({".github/workflows/1.yml": workflow(HASH[0]) + aside})
    assert pin_at(same, {}) is not None


def test_a_submodule_is_a_version_too(firm: Firm, tmp_path: Path) -> None:
    tool = Firm(tmp_path / "tool", firm.away)
    tool.folder.mkdir()
    tool.git("init", "-q", "-b", "main")
    commit = tool.commit({"a": "1"})
    add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"]
    firm.git(*add, f"file://{tool.folder}", "billing-dsl")
    assert pin_at(firm.commit({}), {}) == Pin(f"file://{tool.folder}", commit)


def old(firm: Firm, monkeypatch: pytest.MonkeyPatch, edited: bool) -> None:
    """Has the version before be one that bills otherwise, or the same; both are real."""
    firm.tool("new", real=True)
    command = [str(firm.tool("old", real=True, edited=edited))]
    monkeypatch.setattr(review, "obtained", lambda *_: command)


def test_what_the_tool_changes_by_itself_stands_in_a_section_of_its_own(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    old(firm, monkeypatch, edited=True)
    (firm.folder / "catalogue" / "edited.yaml").write_text("of the pull request\n")
    main(firm.variables())
    head, _, section = firm.comment.partition("### The tool itself: ")
    assert head == f"{SAID}\n"
    assert section.startswith(f"{HASH[0][:12]} → {HASH[1][:12]}\n")
    assert "| rate 81.00 | rate 80.00 |" in section
    compiled = [firm.calls("compile", name)[0] for name in ("old", "new")]
    assert compiled[0][1] == compiled[1][1] != "catalogue"  # both of the catalogue as it was
    assert compiled[0][2:4] == compiled[1][2:4] == ["--as-of", "2027-01-15"]


@pytest.mark.slow
def test_a_change_that_is_the_tools_alone_is_told_although_the_review_is_silent(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    old(firm, monkeypatch, edited=True)
    firm.answers("")
    assert main(firm.variables()) == 0
    assert firm.comment.startswith(f"{MARK}\n\n### The tool itself: ")


@pytest.mark.slow
def test_an_upgrade_that_changes_nothing_is_silent(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    old(firm, monkeypatch, edited=False)
    assert main(firm.variables()) == 0
    assert firm.comment == SAID


@pytest.mark.slow
def test_masked_or_without_room_the_section_counts_only(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    old(firm, monkeypatch, edited=True)
    assert main(firm.variables(BILLING_DSL_MASK="true")) == 0
    assert "at 1 client" in firm.comment
    assert "example-client" not in firm.comment
    firm.answers(SAID + "x" * review.ROOM)
    assert main(firm.variables()) == 0
    assert "at 1 client" in firm.comment
    assert "example-client" not in firm.comment


@pytest.mark.slow
def test_a_catalogue_that_one_version_does_not_compile_is_compared_by_its_findings(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    (firm.folder / "catalogue" / "broken.yaml").write_text("format: 1\nkind: nothing\n")
    firm.git("checkout", "-q", "main")
    firm.base = firm.commit({})
    firm.git("checkout", "-q", "-B", "topic")
    firm.head = firm.commit({".github/workflows/billing.yml": workflow(HASH[1])})
    old(firm, monkeypatch, edited=True)
    assert main(firm.variables()) == 1
    assert firm.comment == SAID  # both find the same


def test_a_version_that_cannot_be_had_is_told(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    reason = "the version before could not be fetched"

    def refuse(*_: object) -> list[str]:
        raise UnhadError(reason)

    upgraded(firm)
    monkeypatch.setattr(review, "obtained", refuse)
    assert main(firm.variables()) == 0
    assert firm.comment.startswith(SAID)
    assert f"could not be told apart: {reason}." in firm.comment
    assert reason in capsys.readouterr().out


def test_the_version_before_is_fetched_at_its_commit(
    firm: Firm, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(review, "installed", lambda folder: [str(folder)])
    first = firm.git("rev-parse", "main~1")
    source = f"file://{firm.folder}"
    firm.git("config", "uploadpack.allowAnySHA1InWant", "true")
    [folder] = review.obtained(Pin(source, first), tmp_path / "tool")
    assert (Path(folder) / "README.md").exists()
    assert not (Path(folder) / "later.md").exists()
    for pin, reason in (
        (Pin(source, "3" * 40), "could not be fetched"),
        (Pin("ext::sh -c touch% x", first), "where the tool comes from"),
        (Pin("", first), "where the tool comes from"),
        (Pin("--upload-pack=touch", first), "where the tool comes from"),
    ):
        with pytest.raises(UnhadError, match=reason):
            review.obtained(pin, tmp_path / f"not-{pin.ref[:3]}-{len(pin.repository)}")


@pytest.mark.slow
def test_a_version_that_does_not_install_is_told(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").touch()
    with pytest.raises(UnhadError, match="could not be installed"):
        review.installed(tmp_path)


def test_sections_are_joined_below_the_mark() -> None:
    assert joined("", "") == ""
    assert joined(SAID, "") == SAID
    assert joined("", "### x\n") == f"{MARK}\n\n### x\n"
