"""What a job does for a pull request: checks, review, and another version of the tool told apart.

`billing-dsl` is a stand-in, of which these tests say what it answers to `review`; all else it
leaves to the real one, where a test is about that.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit import review
from kit.review import MARK, Pin, UnhadError, job, joined, main, pin_at
from tests.unit.kit.firms import SAID, Firm

HASH = ("1" * 40, "2" * 40)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


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


def test_a_catalogue_that_is_new_is_checked_and_told_to_be_new(firm: Firm) -> None:
    firm.git("mv", "catalogue", "book")
    firm.git("commit", "-qm", "moved")
    firm.base, firm.head = firm.head, firm.git("rev-parse", "HEAD")
    moved = {"BILLING_DSL_CATALOGUE": "./book/"}
    assert main(firm.variables(**moved)) == 0
    assert firm.calls("review") == []
    assert firm.comment.startswith("<!-- billing-dsl:review -->\n")
    assert "The catalogue's folder is new" in firm.comment
    # Nobody can tell whose consent is needed: moving the folder is no way round it.
    assert main(firm.variables(**moved, BILLING_DSL_APPROVALS="true")) == 3
    assert main(firm.variables(BILLING_DSL_CATALOGUE=".")) == 0
    assert len(firm.calls("review")) == 1


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
    action = "firm/billing_dsl/docs/kit/github/review"
    return f"jobs:\n  a:\n    steps:\n      - uses: {action}@{ref} # it\n"


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
    assert section.startswith(f"`{HASH[0][:12]}` → `{HASH[1][:12]}`\n")
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


def test_a_catalogue_that_was_elsewhere_before_is_told(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    monkeypatch.setattr(review, "obtained", lambda *_: ["true"])
    assert main(firm.variables(BILLING_DSL_CATALOGUE="moved")) == 0
    assert "there was no folder moved before." in firm.comment


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        ("false", "the old version does not check the catalogue as it was"),
        ("true", "the two versions cannot be compared"),
    ],
)
def test_a_version_before_that_does_not_work_is_told(
    tool: str, reason: str, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(firm)
    if tool == "true":  # it says that all is well, and writes nothing
        firm.tool("new", real=True)
    monkeypatch.setattr(review, "obtained", lambda *_: [tool])
    assert main(firm.variables()) == 0
    assert f"could not be told apart: {reason}." in firm.comment


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
