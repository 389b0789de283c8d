"""The files that people copy: what they promise is in them, and their shell does it.

Their shell is run as a job runs it, from a clone of the tool to the comment, with three stand-ins:
`python -m venv` makes an environment with the stand-in of the tool, `pip` installs nothing, and the
services are on this machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from kit import review
from kit.comment import MARK, Bitbucket
from kit.review import pin_at
from tests.goldens import ROOT
from tests.unit.kit import recipes
from tests.unit.kit.firms import SAID, Firm
from tests.unit.kit.services import NUMBER, TOKEN, World, serving

shell = pytest.mark.skipif(sys.platform == "win32", reason="runners of that system have bash")


# --- what is promised ----------------------------------------------------------------------------


def uses() -> Iterator[tuple[str, str]]:
    for path in [*recipes.ACTIONS, *recipes.WORKFLOWS, ROOT / ".github" / "workflows" / "ci.yml"]:
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"\s*(?:- )?uses: (.+)$", line)
            if found:
                yield path.name, found[1]


def test_actions_of_others_are_pinned_by_their_hash_and_say_their_version() -> None:
    found = [used for _, used in uses()]
    ours = re.compile(r"OWNER/billing_dsl/docs/kit/github/(review|comment)@COMMIT")
    theirs = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [used for used in found if not (ours.fullmatch(used) or theirs.fullmatch(used))] == []
    by_name: dict[str, set[str]] = {}
    for used in found:
        by_name.setdefault(used.split("@")[0], set()).add(used)
    assert [pins for pins in by_name.values() if len(pins) > 1] == []


@pytest.mark.parametrize("path", recipes.WORKFLOWS, ids=lambda path: path.name)
def test_a_job_may_do_no_more_than_it_has_to(path: Path) -> None:
    workflow = recipes.read(path)
    assert workflow["permissions"] == {}
    allowed = {
        "review": {"contents": "read"},
        "comment": {"actions": "read", "pull-requests": "write"},
    }
    for name, job in workflow["jobs"].items():
        assert job["permissions"] == allowed[name]
        assert job["timeout-minutes"] <= 30
    assert set(workflow["on"]) <= {"push", "pull_request", "workflow_run"}


def test_whoever_may_write_checks_nothing_out_and_runs_no_shell_of_its_own() -> None:
    for path in recipes.WORKFLOWS:
        [step] = recipes.read(path)["jobs"]["comment"]["steps"]
        assert step == {"uses": "OWNER/billing_dsl/docs/kit/github/comment@COMMIT"}
    text = recipes.ACTIONS[1].read_text(encoding="utf-8")
    assert "checkout" not in text


def test_nothing_is_written_into_a_script_before_it_runs() -> None:
    """A title or a branch's name would be shell there."""
    for place, text in recipes.scripts():
        assert "${{" not in text, place
        assert "$(System." not in text, place
        assert "$(Build." not in text, place


def test_the_token_is_out_of_reach_where_the_branch_is_read() -> None:
    review = recipes.ACTIONS[0].read_text(encoding="utf-8")
    assert "token" not in review.lower()
    for place in ("gitlab/billing-review", "bitbucket/0"):
        before, unset, after = dict(recipes.scripts())[place].partition("unset BILLING_DSL_TOKEN\n")
        assert unset
        assert "python" not in before
        assert "TOKEN" not in after
    with_token = [
        step
        for step in recipes.read(recipes.AZURE)["stages"][0]["jobs"][0]["steps"]
        if "env" in step
    ]
    assert [step["displayName"] for step in with_token] == [
        "Write, change or take away the comment"
    ]


def test_the_whole_history_is_fetched() -> None:
    checkout = recipes.read(recipes.WORKFLOWS[0])["jobs"]["review"]["steps"][0]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert recipes.read(recipes.GITLAB)[".billing"]["variables"]["GIT_DEPTH"] == "0"
    steps = recipes.read(recipes.AZURE)["stages"][0]["jobs"][0]["steps"]
    assert steps[0]["fetchDepth"] == "0"
    assert recipes.read(recipes.BITBUCKET)["clone"] == {"depth": "full"}


@pytest.mark.parametrize("path", recipes.RECIPES, ids=lambda path: path.name)
def test_the_version_of_the_tool_is_found_in_each(path: Path, firm: Firm) -> None:
    """So that an upgrade is told apart wherever the file was copied from."""
    names = {
        recipes.GITLAB: ".gitlab-ci.yml",
        recipes.AZURE: "azure-pipelines.yml",
        recipes.BITBUCKET: "bitbucket-pipelines.yml",
    }
    text = path.read_text(encoding="utf-8").replace("COMMIT", "4" * 40)
    commit = firm.commit({names.get(path, f".github/workflows/{path.name}"): text})
    pin = pin_at(commit, {})
    if path.name == "billing-comment.yml":  # it runs none
        assert pin is None
    else:
        assert pin is not None
        assert pin.ref == "4" * 40


def test_the_hook_checks_the_whole_catalogue() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "catalogue/a.yml")
    assert re.search(hook["files"], "catalogue/a.yaml")
    assert not re.search(hook["files"], "catalogue/a.yaml.md")


# --- the container file --------------------------------------------------------------------------


def test_the_container_runs_the_tool_and_not_as_root() -> None:
    last = max(n for n, (name, _) in enumerate(recipes.instructions()) if name == "FROM")
    final = recipes.instructions()[last:]
    assert ("ENTRYPOINT", '["billing-dsl"]') in final
    assert ("USER", "10001") in final
    assert [name for name, _ in final].index("USER") > [name for name, _ in final].index("RUN")


def test_the_container_is_built_of_what_is_there() -> None:
    copied = [
        word
        for name, rest in recipes.instructions()
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    ]
    assert [word for word in copied if not (ROOT / word).exists()] == []
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = {"pyproject.toml", "README.md", "LICENSE", "billing_dsl", "schemas", "constraints.txt"}
    assert needed <= set(copied)
    assert 'readme = "README.md"' in project
    extras = re.search(r'"\.\[([a-z,]+)\]"', str(recipes.instructions()))
    assert extras is not None
    assert all(f"\n{extra} = [" in project for extra in extras[1].split(","))


# --- what is done --------------------------------------------------------------------------------

PYTHON = """\
#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp {tool} "$3/bin/billing-dsl"; exit 0 ;;
  "-m pip") exit 0 ;;
esac
exec {python} "$@"
"""


class Runner:
    """A machine that runs jobs for a firm's pull request."""

    def __init__(self, firm: Firm, world: World, address: str) -> None:
        self.firm, self.world = firm, world
        self.home = firm.away / "home" / "billing-dsl"
        commands = firm.away / "commands"
        commands.mkdir()
        shim = PYTHON.format(tool=firm.tool("new"), python=sys.executable)
        for name in ("python", "python3"):
            (commands / name).write_text(shim, encoding="utf-8")
            (commands / name).chmod(0o755)
        self.tool = Firm(firm.away / "billing_dsl", firm.away)
        shutil.copytree(ROOT / "docs" / "kit", self.tool.folder / "docs" / "kit")
        self.tool.git("init", "-q", "-b", "main")
        self.ref = self.tool.commit({"constraints.txt": ""})
        firm.git("remote", "add", "origin", f"file://{firm.folder}")
        firm.git("fetch", "-q", "origin")
        event = firm.away / "event.json"
        pull = {"number": NUMBER, "base": {"sha": firm.base}, "head": {"sha": firm.head}}
        event.write_text(json.dumps({"pull_request": pull}), encoding="utf-8")
        path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        self.always = {
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "HOME": str(firm.away),
            "BILLING_DSL_REPOSITORY": f"file://{self.tool.folder}",
            "BILLING_DSL_REF": self.ref,
            "BILLING_DSL_HOME": str(self.home),
            "BILLING_DSL_CATALOGUE": "catalogue",
            "RUNNER_TEMP": str(firm.away / "temp"),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "firm/book",
            "GITHUB_API_URL": f"{address}/github",
            "CI_API_V4_URL": f"{address}/gitlab",
            "CI_PROJECT_ID": "12",
            "SYSTEM_COLLECTIONURI": f"{address}/azure/",
            "SYSTEM_TEAMPROJECTID": "project",
            "BUILD_REPOSITORY_ID": "repo",
            "BILLING_DSL_BITBUCKET_API": f"{address}/bitbucket",
            "BITBUCKET_WORKSPACE": "firm",
            "BITBUCKET_REPO_SLUG": "book",
        }
        (firm.away / "temp").mkdir()
        (firm.away / "home").mkdir()

    def run(self, script: str, variables: Mapping[str, str]) -> int:
        """The exit code of a piece of shell."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.firm.folder,
            env={**self.always, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = f"{done.stdout}\n{done.stderr}"
        assert TOKEN not in self.said
        return done.returncode


@pytest.fixture
def runner(firm: Firm) -> Iterator[Runner]:
    world = World()
    with serving(world) as address:
        yield Runner(firm, world, address)


def of_action(path: Path, runner: Runner, **given: str) -> int:
    """Runs the shell of an action's steps one after the other, with what they are given."""
    action = recipes.read(path)
    inputs = {name: one.get("default", "") for name, one in action["inputs"].items()} | given
    output = runner.firm.away / "output"
    output.touch()

    def filled(text: str) -> str:
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        text = re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
        text = re.sub(
            r"\$\{\{ steps\.where\.outputs\.(\w+) \}\}", lambda found: outputs[found[1]], text
        )
        text = text.replace("${{ steps.python.outputs.python-path }}", "python")
        return re.sub(r"\$\{\{ github\..+? \}\}", "x", text)

    for step in action["runs"]["steps"]:
        if "run" not in step:
            continue
        variables = {
            "GITHUB_ACTION_PATH": str(runner.tool.folder / path.parent.relative_to(ROOT)),
            "GITHUB_OUTPUT": str(output),
            **{name: filled(text) for name, text in step["env"].items()},
        }
        code = runner.run(step["run"], variables)
        if code:
            return code
    return 0


@shell
def test_the_actions_review_and_comment(runner: Runner) -> None:
    review, comment = recipes.ACTIONS
    assert of_action(review, runner, mask="true", entries="a.csv\nb c.csv") == 0
    [asked] = runner.firm.calls("review")
    assert {"--mask", "--entries=a.csv", "--entries=b c.csv"} <= set(asked)
    temp = runner.firm.away / "temp"
    assert (temp / "billing-review" / "findings.sarif").exists()
    shutil.copytree(temp / "billing-review", temp / "billing-comment")  # kept, and fetched again
    assert of_action(comment, runner, token=TOKEN, author="github-actions[bot]") == 0
    assert [one.body for one in runner.world.alive] == [SAID]
    (temp / "billing-comment" / "comment.md").unlink()
    assert of_action(comment, runner, token=TOKEN, author="github-actions[bot]") == 0
    assert "left as it is" in runner.said


@shell
def test_gitlabs_jobs_review_and_comment(runner: Runner) -> None:
    firm = runner.firm
    variables = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": str(NUMBER),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": firm.base,
        "CI_COMMIT_SHA": firm.head,
        "BILLING_DSL_OUT": "billing-review",
        "BILLING_DSL_TOKEN": TOKEN,
    }
    assert runner.run(recipes.gitlab("billing-review"), variables) == 0, runner.said
    reports = recipes.read(recipes.GITLAB)["billing-review"]["artifacts"]["reports"]
    assert all((firm.folder / path).exists() for path in reports.values())
    shutil.rmtree(runner.home)
    assert runner.run(recipes.gitlab("billing-comment"), variables) == 0, runner.said
    assert [one.body for one in runner.world.alive] == [SAID]


@shell
def test_azures_steps_review_and_comment(runner: Runner) -> None:
    firm = runner.firm
    steps = recipes.read(recipes.AZURE)["stages"][0]["jobs"][0]["steps"]
    variables = {
        "TF_BUILD": "True",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": str(NUMBER),
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": firm.head,
        "BILLING_DSL_OUT": str(firm.away / "staged"),
    }
    for step in steps:
        if "script" in step:
            token = {"SYSTEM_ACCESSTOKEN": TOKEN} if "env" in step else {}
            assert runner.run(step["script"], {**variables, **token}) == 0, runner.said
    assert [one.body for one in runner.world.alive] == [SAID]


@shell
@pytest.mark.parametrize("code", [0, 1])
def test_bitbuckets_steps_review_comment_and_fail_as_the_review_did(
    code: int, runner: Runner
) -> None:
    """A step that fails ends the pipeline there, so the result comes after the comment."""
    firm = runner.firm
    firm.answers(SAID, code)
    variables = {
        "BITBUCKET_BUILD_NUMBER": "1",
        "BITBUCKET_PR_ID": str(NUMBER),
        "BITBUCKET_PR_DESTINATION_BRANCH": "main",
        "BITBUCKET_COMMIT": firm.head,
        "BILLING_DSL_TOKEN": TOKEN,
    }
    codes = []
    for place, script in recipes.scripts():
        if place.startswith("bitbucket/"):
            text = script.replace("/tmp/billing-dsl", str(runner.home))
            text = text.replace(
                "https://git.example/billing_dsl.git", f"file://{runner.tool.folder}"
            )
            codes.append(runner.run(text.replace("COMMIT\n", f"{runner.ref}\n"), variables))
    assert codes == [0, code], runner.said
    [kept] = runner.world.alive
    assert kept.body.startswith(Bitbucket.mark)
    assert (firm.folder / "billing-review" / "test-results" / "findings.xml").exists()


@shell
def test_without_a_token_bitbucket_has_no_comment_and_goes_on(runner: Runner) -> None:
    folder = runner.firm.folder / "billing-review"
    folder.mkdir()
    (folder / "comment.md").write_text(SAID, encoding="utf-8")
    (folder / "result").write_text("0\n", encoding="utf-8")
    assert runner.run(dict(recipes.scripts())["bitbucket/1"], {}) == 0
    assert runner.world.asked == []


def test_the_marks_of_both_scripts_are_one() -> None:
    assert review.MARK == MARK
    assert SAID.startswith(MARK)
